//! The camera move: arrows on the picture, a word on the slate.

use crate::color::{INK, PAPER, Rgb};
use crate::motion::{PUSH, ZOOM};
use crate::pen::{Pen, fill, line};
use aiut_film::words::Movement;

const SIGNAL: Rgb = Rgb(0xff, 0xc8, 0x2e);

/// An arrow from `from` to `to`, readable on anything.
fn arrow(pen: &mut Pen, from: (f32, f32), to: (f32, f32), width: f32) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).sqrt().max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    let head = width * 3.2;
    let neck = (to.0 - ux * head, to.1 - uy * head);
    let side = |at: (f32, f32), by: f32| (at.0 - uy * by, at.1 + ux * by);
    pen.polygon(
        &[
            side(from, width * 0.5),
            side(neck, width * 0.5),
            side(neck, width * 1.55),
            to,
            side(neck, -width * 1.55),
            side(neck, -width * 0.5),
            side(from, -width * 0.5),
        ],
        fill(SIGNAL).outlined(INK, 4.0),
    );
}

/// Dashes that show on light and dark.
fn dashed_frame(pen: &mut Pen, (x, y, w, h): (f32, f32, f32, f32)) {
    pen.rect(x, y, w, h, line(INK, 8.0).veil(600));
    pen.rect(x, y, w, h, line(PAPER, 4.0).dashed(26.0));
}

/// Two rails with sleepers, for a camera on tracks.
fn rails(pen: &mut Pen, from: f32, to: f32, y: f32) {
    let mut x = from + 20.0;
    while x < to {
        pen.polyline(&[(x, y - 6.0), (x, y + 34.0)], line(INK, 12.0));
        pen.polyline(&[(x, y - 6.0), (x, y + 34.0)], line(PAPER, 5.0));
        x += 46.0;
    }
    for rail in [y, y + 28.0] {
        pen.polyline(&[(from, rail), (to, rail)], line(INK, 10.0));
        pen.polyline(&[(from, rail), (to, rail)], line(PAPER, 4.0));
    }
}

/// Draws a move over a picture `w` wide and 1000 high. `focus` are the middles of the nearest and
/// the farthest figure, which a rack focus joins.
pub(super) fn draw(pen: &mut Pen, w: f32, movement: Movement, focus: Option<[(f32, f32); 2]>) {
    let middle = (w / 2.0, 500.0);
    let reach = (w * 0.2).min(300.0);
    let inner = |share: f32| {
        (
            w * (1.0 - share) / 2.0,
            500.0 * (1.0 - share),
            w * share,
            1000.0 * share,
        )
    };
    let corners = |from: f32, to: f32| {
        [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)].map(|(x, y): (f32, f32)| {
            let at = |share: f32| (middle.0 + x * w * 0.5 * share, middle.1 + y * 500.0 * share);
            (at(from), at(to))
        })
    };
    match movement {
        Movement::Static => {}
        Movement::PanLeft => arrow(
            pen,
            (middle.0 + reach, 64.0),
            (middle.0 - reach, 64.0),
            22.0,
        ),
        Movement::PanRight => arrow(
            pen,
            (middle.0 - reach, 64.0),
            (middle.0 + reach, 64.0),
            22.0,
        ),
        Movement::TiltUp => arrow(pen, (w - 66.0, 680.0), (w - 66.0, 300.0), 22.0),
        Movement::TiltDown => arrow(pen, (w - 66.0, 300.0), (w - 66.0, 680.0), 22.0),
        Movement::PushIn | Movement::Dolly => {
            dashed_frame(pen, inner(PUSH));
            for (from, to) in corners(0.985, PUSH + 0.02) {
                arrow(pen, from, to, 17.0);
            }
            if movement == Movement::Dolly {
                rails(pen, middle.0 - reach, middle.0 + reach, 944.0);
            }
        }
        Movement::PullOut => {
            dashed_frame(pen, inner(PUSH));
            for (from, to) in corners(PUSH + 0.02, 0.985) {
                arrow(pen, from, to, 17.0);
            }
        }
        Movement::ZoomIn => {
            for share in [ZOOM, (1.0 + ZOOM) / 2.0] {
                dashed_frame(pen, inner(share));
            }
            for (from, to) in corners(0.985, ZOOM + 0.02) {
                arrow(pen, from, to, 12.0);
            }
        }
        Movement::TrackLeft | Movement::TrackRight => {
            rails(pen, middle.0 - reach, middle.0 + reach, 944.0);
            let (from, to) = if movement == Movement::TrackLeft {
                (reach, -reach)
            } else {
                (-reach, reach)
            };
            arrow(pen, (middle.0 + from, 902.0), (middle.0 + to, 902.0), 22.0);
        }
        Movement::CraneUp | Movement::CraneDown => {
            let (from, to) = if movement == Movement::CraneUp {
                (720.0, 250.0)
            } else {
                (250.0, 720.0)
            };
            let x = w - 74.0;
            // The arm of the crane, so that it is not taken for a tilt.
            for (color, width) in [(INK, 18.0), (PAPER, 9.0)] {
                pen.polyline(
                    &[
                        (w - 10.0, 780.0),
                        (x, to + if from > to { 90.0 } else { -90.0 }),
                    ],
                    line(color, width),
                );
            }
            arrow(pen, (x, from), (x, to), 24.0);
            pen.rect(w - 40.0, 770.0, 40.0, 40.0, fill(PAPER).outlined(INK, 4.0));
        }
        Movement::Handheld => {
            for (color, width) in [(INK, 10.0), (SIGNAL, 5.0)] {
                for (y, bend) in [(30.0, 22.0), (970.0, -22.0)] {
                    let waves = 8u8;
                    let points: Vec<(f32, f32)> = (0..=waves)
                        .map(|n| {
                            (
                                w * (0.04 + 0.92 * f32::from(n) / f32::from(waves)),
                                y + if n % 2 == 0 { 0.0 } else { bend },
                            )
                        })
                        .collect();
                    pen.polyline(&points, line(color, width));
                }
            }
        }
        Movement::RackFocus => {
            let [near, far] = focus.unwrap_or([(w * 0.36, 600.0), (w * 0.66, 420.0)]);
            for (at, r) in [(near, 74.0), (far, 48.0)] {
                pen.circle(at.0, at.1, r, line(INK, 12.0).veil(800));
                pen.circle(at.0, at.1, r, line(SIGNAL, 6.0).dashed(18.0));
            }
            arrow(
                pen,
                (
                    near.0 + (far.0 - near.0) * 0.25,
                    near.1 + (far.1 - near.1) * 0.25,
                ),
                (
                    near.0 + (far.0 - near.0) * 0.75,
                    near.1 + (far.1 - near.1) * 0.75,
                ),
                12.0,
            );
        }
    }
}
