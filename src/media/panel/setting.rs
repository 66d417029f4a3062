//! The place behind the people: sky or room, ground, light by the time of day.
//!
//! Drawn in picture units: the picture is 1000 high and `width` wide. Colours pass through
//! [`Stage::tint`], which is what makes a night of a day.

use crate::color::Rgb;
use crate::pen::{Fine, N, Pen, fill, line};
use aiut_film::request::Setting;
use aiut_film::words::{Place, TimeOfDay};

use super::motif;

/// What the hour does to colours and sky.
struct Light {
    /// Sky at the zenith and at the horizon, and how much of them is in the place's own sky.
    sky: (Rgb, Rgb, u32),
    /// What all colours are mixed with, and by how much.
    shade: (Rgb, u32),
    /// Sun or moon: across, height over the horizon (thousandths), radius, colour.
    body: Option<(u32, u32, f32, Rgb)>,
    stars: bool,
    /// Whether lamps are lit indoors.
    lamps: bool,
}

/// Brightness of wall and ground together under which a palette is one of the night.
const DARK_PALETTE: u32 = 640;

const NIGHT_BLUE: Rgb = Rgb(0x10, 0x1a, 0x38);

fn light(time: TimeOfDay) -> Light {
    let day = Light {
        sky: (Rgb(0x6f, 0xa8, 0xdc), Rgb(0xdc, 0xec, 0xf5), 550),
        shade: (Rgb(0xff, 0xff, 0xff), 0),
        body: Some((780, 760, 42.0, Rgb(0xff, 0xf4, 0xc8))),
        stars: false,
        lamps: false,
    };
    match time {
        TimeOfDay::Night => Light {
            sky: (Rgb(0x0a, 0x10, 0x26), Rgb(0x2a, 0x3a, 0x66), 860),
            shade: (NIGHT_BLUE, 560),
            body: Some((790, 780, 40.0, Rgb(0xf2, 0xf0, 0xdc))),
            stars: true,
            lamps: true,
        },
        TimeOfDay::Evening => Light {
            sky: (Rgb(0x24, 0x2c, 0x55), Rgb(0xb8, 0x6a, 0x6a), 800),
            shade: (Rgb(0x2c, 0x24, 0x48), 360),
            body: None,
            stars: true,
            lamps: true,
        },
        TimeOfDay::Dusk => Light {
            sky: (Rgb(0x4a, 0x3f, 0x78), Rgb(0xf2, 0x8a, 0x55), 850),
            shade: (Rgb(0x4a, 0x2c, 0x4a), 270),
            body: Some((270, 60, 62.0, Rgb(0xff, 0xc0, 0x70))),
            stars: false,
            lamps: true,
        },
        TimeOfDay::Dawn => Light {
            sky: (Rgb(0x6a, 0x88, 0xb8), Rgb(0xf9, 0xc3, 0xb0), 850),
            shade: (Rgb(0x58, 0x50, 0x78), 200),
            body: Some((720, 50, 56.0, Rgb(0xff, 0xe2, 0xb4))),
            stars: false,
            lamps: false,
        },
        TimeOfDay::Morning => Light {
            body: Some((210, 420, 46.0, Rgb(0xff, 0xee, 0xb4))),
            ..day
        },
        TimeOfDay::Afternoon => Light {
            sky: (Rgb(0x7a, 0xa6, 0xcc), Rgb(0xf6, 0xe6, 0xc4), 600),
            shade: (Rgb(0xf0, 0xb8, 0x60), 70),
            body: Some((800, 430, 48.0, Rgb(0xff, 0xe6, 0xa0))),
            ..day
        },
        TimeOfDay::Day | TimeOfDay::Unsaid => day,
    }
}

/// The room or landscape of a picture.
pub(super) struct Stage {
    /// Width of the picture where its height is 1000.
    pub(super) width: f32,
    /// Where ground meets sky, or floor meets wall.
    pub(super) horizon: f32,
    pub(super) interior: bool,
    /// An open wall between in and out.
    pub(super) both: bool,
    wall: Rgb,
    ground: Rgb,
    accent: Rgb,
    light: Light,
}

impl Stage {
    /// Reads a setting for a picture `width` wide whose horizon the camera has put at `horizon`.
    pub(super) fn new(setting: &Setting, width: f32, horizon: f32) -> Self {
        let interior = setting.place != Place::Exterior && !motif::in_the_open(&setting.name);
        let fallback = if interior {
            [
                Rgb(0xc9, 0xbf, 0xae),
                Rgb(0x8a, 0x6f, 0x55),
                Rgb(0xa8, 0x4f, 0x3c),
            ]
        } else {
            [
                Rgb(0xa9, 0xc8, 0xe0),
                Rgb(0x7f, 0x8f, 0x62),
                Rgb(0x9c, 0x6b, 0x4a),
            ]
        };
        let color = |index: usize| {
            setting
                .palette
                .get(index)
                .and_then(|text| Rgb::parse(text))
                .unwrap_or(fallback[index])
        };
        let (wall, ground, mut light) = (color(0), color(1), light(setting.time));
        // A palette that is dark already was mixed for this hour, and gets dark only once.
        if wall.luma() + ground.luma() < DARK_PALETTE {
            light.shade.1 /= 4;
        }
        Self {
            width,
            horizon,
            interior,
            both: setting.place == Place::Both,
            wall,
            ground,
            accent: color(2),
            light,
        }
    }

    /// A colour as the hour shows it.
    pub(super) fn tint(&self, color: Rgb) -> Rgb {
        color.mix(self.light.shade.0, self.light.shade.1)
    }

    /// The same on people, who must stay readable in any light.
    pub(super) fn tint_people(&self, color: Rgb) -> Rgb {
        color.mix(self.light.shade.0, self.light.shade.1 * 28 / 100)
    }

    pub(super) fn wall(&self) -> Rgb {
        self.tint(self.wall)
    }

    pub(super) fn ground(&self) -> Rgb {
        self.tint(self.ground)
    }

    pub(super) fn accent(&self) -> Rgb {
        self.tint(self.accent)
    }

    /// What people are seen against.
    pub(super) fn backdrop(&self) -> Rgb {
        self.wall().mix(self.ground(), 500)
    }

    pub(super) fn lamps(&self) -> bool {
        self.light.lamps
    }

    /// Window panes: lit rooms at night, sky by day.
    pub(super) fn pane(&self) -> Rgb {
        if self.light.lamps {
            Rgb(0xf4, 0xcf, 0x7c)
        } else {
            self.tint(Rgb(0xbf, 0xdc, 0xea))
        }
    }

    /// Outlines of the place, softer than those of the people.
    pub(super) fn edge(&self, width: f32) -> crate::pen::Paint {
        line(self.wall().mix(self.ground(), 500).dark(480), width)
    }

    fn sky_colors(&self) -> (Rgb, Rgb) {
        let (top, low, share) = self.light.sky;
        let own = if self.interior {
            Rgb(0xa9, 0xc8, 0xe0)
        } else {
            self.wall
        };
        (own.dark(80).mix(top, share), own.light(300).mix(low, share))
    }

    /// Sky with its sun, moon, stars or clouds in a window of the picture.
    pub(super) fn sky(&self, pen: &mut Pen, (x, y, w, h): (f32, f32, f32, f32)) {
        let (top, low) = self.sky_colors();
        pen.shaded((x, y, w, h), top, low);
        if self.light.stars {
            let mut seed = 0x2545_f491_u32;
            for _ in 0..46 {
                let mut next = || {
                    seed ^= seed << 13;
                    seed ^= seed >> 17;
                    seed ^= seed << 5;
                    (seed % 1000) as f32 / 1000.0
                };
                let (sx, sy, r) = (next(), next(), next());
                pen.circle(
                    x + sx * w,
                    y + sy * h * 0.8,
                    (1.2 + r * 2.0) * (h / 620.0).clamp(0.5, 1.2),
                    fill(Rgb(0xf4, 0xf2, 0xe4)).veil(450 + (r * 500.0) as u32),
                );
            }
        }
        if let Some((across, up, radius, color)) = self.light.body {
            let scale = (h / 620.0).clamp(0.45, 1.1);
            let (bx, by) = (
                x + w * across as f32 / 1000.0,
                y + h * (1.0 - up as f32 / 1000.0),
            );
            pen.glow(bx, by, radius * 4.2 * scale, color, 550);
            pen.circle(bx, by, radius * scale, fill(color));
            if self.light.shade.0 == NIGHT_BLUE {
                for (dx, dy, r) in [(-0.3, -0.2, 0.2), (0.25, 0.25, 0.26), (0.2, -0.4, 0.13)] {
                    let r0 = radius * scale;
                    pen.circle(bx + dx * r0, by + dy * r0, r * r0, fill(color.dark(120)));
                }
            }
        }
        if !self.light.stars {
            let cloud = low.light(450);
            for (cx, cy, s) in [(0.16, 0.26, 1.0), (0.5, 0.14, 0.75), (0.92, 0.34, 0.85)] {
                let (cx, cy, s) = (x + cx * w, y + cy * h, s * h / 620.0);
                for (dx, dy, rx, ry) in [
                    (0.0, 0.0, 95.0, 20.0),
                    (-30.0, -16.0, 44.0, 24.0),
                    (28.0, -20.0, 52.0, 30.0),
                ] {
                    pen.ellipse(
                        cx + dx * s,
                        cy + dy * s,
                        rx * s,
                        ry * s,
                        fill(cloud).veil(700),
                    );
                }
            }
        }
    }

    /// The whole place, `zoom` times nearer around the point of sight and hazed by `haze`
    /// thousandths, as the ground out of focus behind somebody close.
    pub(super) fn draw(&self, pen: &mut Pen, name: &str, zoom: f32, haze: u32) {
        let (cx, cy) = (self.width / 2.0, self.horizon);
        pen.group(
            format_args!(
                "transform=\"translate({} {}) scale({}) translate({} {})\"",
                N(cx),
                N(cy),
                Fine(zoom),
                N(-cx),
                N(-cy)
            ),
            |pen| {
                let motifs = motif::of(name, self.interior);
                if motifs.iter().any(|motif| motif.encloses) {
                    // A vehicle or a cave is a place of its own; there is no room around it.
                } else if self.interior {
                    self.room(pen, !motifs.iter().any(|motif| motif.fills_wall));
                } else {
                    self.land(pen);
                }
                for motif in motifs {
                    (motif.draw)(pen, self);
                }
            },
        );
        if haze > 0 {
            let tone = if self.interior {
                self.wall()
            } else {
                self.sky_colors().1.mix(self.ground(), 300)
            };
            pen.rect(0.0, 0.0, self.width, 1000.0, fill(tone).veil(haze));
        }
    }

    fn land(&self, pen: &mut Pen) {
        let (w, h) = (self.width, self.horizon);
        self.sky(pen, (0.0, 0.0, w, h + 2.0));
        let (_, low) = self.sky_colors();
        let far = self.ground().mix(low, 600);
        let at = |x: f32, y: f32| (x * w, h - y);
        pen.polygon(
            &[
                at(0.0, 0.0),
                at(0.0, 44.0),
                at(0.14, 74.0),
                at(0.3, 36.0),
                at(0.46, 62.0),
                at(0.63, 28.0),
                at(0.8, 70.0),
                at(1.0, 40.0),
                at(1.0, 0.0),
            ],
            fill(far),
        );
        pen.shaded(
            (0.0, h, w, 1000.0 - h),
            self.ground().light(130),
            self.ground().dark(220),
        );
        // Lines that run to the point of sight, and a few across that thicken towards us.
        let soft = line(self.ground().dark(300), 2.0).veil(300);
        for step in -5i8..=5 {
            let x = f32::from(step);
            pen.polyline(
                &[
                    (w / 2.0 + x * w * 0.035, h + 4.0),
                    (w / 2.0 + x * w * 0.34, 1000.0),
                ],
                soft,
            );
        }
        let depth = 1000.0 - h;
        for share in [0.06, 0.17, 0.36, 0.66] {
            pen.polyline(&[(0.0, h + depth * share), (w, h + depth * share)], soft);
        }
    }

    fn room(&self, pen: &mut Pen, window: bool) {
        let (w, floor) = (self.width, self.horizon.clamp(200.0, 930.0));
        let (left, right) = (w * 0.15, w * 0.85);
        let top = (floor * 0.2).min(150.0);
        let wall = self.wall();
        let below = 1000.0 - floor;
        let edge = self.edge(3.0);
        pen.shaded((0.0, 0.0, w, 1000.0), wall.light(70), wall.dark(60));
        pen.polygon(
            &[(0.0, 0.0), (w, 0.0), (right, top), (left, top)],
            fill(wall.light(260)),
        );
        for (a, b) in [(0.0, left), (w, right)] {
            let side = if a < b {
                wall.dark(170)
            } else {
                wall.dark(110)
            };
            pen.polygon(&[(a, 0.0), (b, top), (b, floor), (a, 1000.0)], fill(side));
        }
        pen.polygon(
            &[(0.0, 1000.0), (left, floor), (right, floor), (w, 1000.0)],
            fill(self.ground()),
        );
        let board = line(self.ground().dark(260), 2.0).veil(600);
        for step in 0u8..=8 {
            let share = f32::from(step) / 8.0;
            pen.polyline(
                &[
                    (left + (right - left) * share, floor),
                    (w * (share * 1.0), 1000.0),
                ],
                board,
            );
        }
        for share in [0.12, 0.32, 0.62] {
            let inset = left * (1.0 - share);
            pen.polyline(
                &[
                    (inset, floor + below * share),
                    (w - inset, floor + below * share),
                ],
                board,
            );
        }
        for (a, b) in [
            ((0.0, 0.0), (left, top)),
            ((w, 0.0), (right, top)),
            ((0.0, 1000.0), (left, floor)),
            ((w, 1000.0), (right, floor)),
        ] {
            pen.polyline(&[a, b], edge);
        }
        pen.rect(left, top, right - left, floor - top, edge);
        pen.rect(
            left,
            floor - 16.0,
            right - left,
            16.0,
            fill(wall.light(330)).outlined(wall.dark(400), 2.0),
        );
        if self.both {
            self.window(
                pen,
                (
                    left + 30.0,
                    top + 30.0,
                    right - left - 60.0,
                    floor - top - 60.0,
                ),
            );
        } else if window {
            let height = (floor - top) * 0.46;
            self.window(
                pen,
                (w * 0.62, top + (floor - top) * 0.17, height * 0.95, height),
            );
        }
        if self.lamps() {
            pen.polyline(
                &[(w * 0.4, 0.0), (w * 0.4, top + 60.0)],
                line(wall.dark(550), 5.0),
            );
            pen.glow(w * 0.4, top + 90.0, 420.0, Rgb(0xff, 0xd8, 0x8a), 480);
            pen.polygon(
                &[
                    (w * 0.4 - 46.0, top + 96.0),
                    (w * 0.4 - 18.0, top + 56.0),
                    (w * 0.4 + 18.0, top + 56.0),
                    (w * 0.4 + 46.0, top + 96.0),
                ],
                fill(Rgb(0xf6, 0xd9, 0x98)).outlined(wall.dark(550), 3.0),
            );
        }
    }

    /// A window onto the hour.
    pub(super) fn window(&self, pen: &mut Pen, (x, y, w, h): (f32, f32, f32, f32)) {
        let frame = self.wall().light(420);
        let ink = self.wall().dark(480);
        pen.rect(
            x - 14.0,
            y - 14.0,
            w + 28.0,
            h + 28.0,
            fill(frame).outlined(ink, 3.0),
        );
        pen.group(
            format_args!("transform=\"translate({} {})\"", N(x), N(y)),
            |pen| {
                let (top, low) = self.sky_colors();
                pen.shaded((0.0, 0.0, w, h), top, low);
                if let Some((_, _, radius, color)) = self.light.body {
                    pen.circle(w * 0.74, h * 0.3, (radius * 0.7).min(w * 0.12), fill(color));
                }
                if self.light.stars {
                    for (sx, sy) in [
                        (0.2, 0.2),
                        (0.4, 0.45),
                        (0.14, 0.62),
                        (0.86, 0.66),
                        (0.34, 0.12),
                    ] {
                        pen.circle(w * sx, h * sy, 2.4, fill(Rgb(0xf4, 0xf2, 0xe4)));
                    }
                }
            },
        );
        pen.rect(x, y, w, h, line(ink, 3.0));
        pen.polyline(&[(x + w / 2.0, y), (x + w / 2.0, y + h)], line(frame, 9.0));
        pen.polyline(
            &[(x, y + h * 0.48), (x + w, y + h * 0.48)],
            line(frame, 9.0),
        );
        pen.rect(
            x - 26.0,
            y + h + 12.0,
            w + 52.0,
            16.0,
            fill(frame).outlined(ink, 3.0),
        );
    }
}
