//! The camera move as a small diagram for the slate. It is no part of the picture: a clip moves the
//! camera over the picture, and what is drawn into it would travel along.

use crate::color::{INK, PAPER, Rgb};
use crate::motion::{PUSH, ZOOM};
use crate::pen::{Pen, fill, line};
use aiut_film::words::Movement;

use super::layout::Area;

const SIGNAL: Rgb = Rgb(0xff, 0xc8, 0x2e);

/// Width of the diagram's frame for a height of 100.
const WIDTH: f32 = 178.0;

/// A diagram at its place: its own units are hundredths of its height.
struct Diagram<'a> {
    pen: &'a mut Pen,
    area: Area,
}

impl Diagram<'_> {
    fn unit(&self) -> f32 {
        self.area.h / 100.0
    }

    fn at(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let unit = self.unit();
        (self.area.x + x * unit, self.area.y + y * unit)
    }

    fn line(&mut self, points: &[(f32, f32)], color: Rgb, width: f32) {
        let points: Vec<(f32, f32)> = points.iter().map(|point| self.at(*point)).collect();
        let width = width * self.unit();
        self.pen.polyline(&points, line(color, width));
    }

    /// A frame around the middle that is `share` of the whole.
    fn frame(&mut self, share: f32, dashed: bool) {
        let (x, y) = self.at((WIDTH * (1.0 - share) / 2.0, 50.0 * (1.0 - share)));
        let unit = self.unit();
        let (w, h) = (WIDTH * share * unit, 100.0 * share * unit);
        let mut edge = line(PAPER, 3.0 * unit);
        if dashed {
            edge = edge.dashed(9.0 * unit);
        }
        self.pen.rect(x, y, w, h, edge);
    }

    fn arrow(&mut self, from: (f32, f32), to: (f32, f32), width: f32) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt().max(1.0);
        let (ux, uy) = (dx / length, dy / length);
        let head = (width * 2.4).min(length);
        let neck = (to.0 - ux * head, to.1 - uy * head);
        let side = |at: (f32, f32), by: f32| (at.0 - uy * by, at.1 + ux * by);
        let points = [
            side(from, width * 0.5),
            side(neck, width * 0.5),
            side(neck, width * 1.4),
            to,
            side(neck, -width * 1.4),
            side(neck, -width * 0.5),
            side(from, -width * 0.5),
        ]
        .map(|point| self.at(point));
        self.pen.polygon(&points, fill(SIGNAL).outlined(INK, 1.0));
    }

    /// Arrows from the corners of one frame to those of another.
    fn corners(&mut self, from: f32, to: f32) {
        for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
            let at = |share: f32| (WIDTH / 2.0 * (1.0 + x * share), 50.0 * (1.0 + y * share));
            self.arrow(at(from), at(to), 7.0);
        }
    }

    /// Two rails with sleepers, for a camera on tracks.
    fn rails(&mut self) {
        for step in 0u8..9 {
            let x = 25.0 + 16.0 * f32::from(step);
            self.line(&[(x, 76.0), (x, 92.0)], PAPER, 3.0);
        }
        for y in [79.0, 89.0] {
            self.line(&[(18.0, y), (160.0, y)], PAPER, 3.0);
        }
    }
}

/// How wide the diagram of a move is that is `height` high.
pub(super) fn width(height: f32) -> f32 {
    height * WIDTH / 100.0
}

/// Draws a move with its upper left corner at (`x`, `y`); nothing of a camera that stands still.
pub(super) fn diagram(pen: &mut Pen, (x, y): (f32, f32), height: f32, movement: Movement) {
    if movement == Movement::Static {
        return;
    }
    let area = Area {
        x,
        y,
        w: width(height),
        h: height,
    };
    pen.rect(x, y, area.w, area.h, fill(INK));
    let mut it = Diagram { pen, area };
    it.frame(0.97, false);
    let (left, middle, right) = (38.0, WIDTH / 2.0, WIDTH - 38.0);
    match movement {
        Movement::Static => {}
        Movement::PanLeft => it.arrow((right, 50.0), (left, 50.0), 13.0),
        Movement::PanRight => it.arrow((left, 50.0), (right, 50.0), 13.0),
        Movement::TiltUp => it.arrow((middle, 84.0), (middle, 16.0), 13.0),
        Movement::TiltDown => it.arrow((middle, 16.0), (middle, 84.0), 13.0),
        Movement::PushIn | Movement::Dolly => {
            // What the clip ends on is drawn smaller here, so that it can be seen.
            it.frame(PUSH * 0.5, true);
            it.corners(0.92, PUSH * 0.5 + 0.06);
            if movement == Movement::Dolly {
                it.rails();
            }
        }
        Movement::PullOut => {
            it.frame(PUSH * 0.5, true);
            it.corners(PUSH * 0.5 + 0.06, 0.92);
        }
        Movement::ZoomIn => {
            it.frame(ZOOM * 0.75, true);
            it.frame(ZOOM * 0.4, true);
            it.corners(0.92, ZOOM * 0.4 + 0.06);
        }
        Movement::TrackLeft | Movement::TrackRight => {
            it.rails();
            let (from, to) = if movement == Movement::TrackLeft {
                (right, left)
            } else {
                (left, right)
            };
            it.arrow((from, 46.0), (to, 46.0), 13.0);
        }
        Movement::CraneUp | Movement::CraneDown => {
            let (from, to) = if movement == Movement::CraneUp {
                (82.0, 18.0)
            } else {
                (18.0, 82.0)
            };
            // The arm of the crane, so that it is not taken for a tilt.
            it.line(&[(168.0, 86.0), (middle + 16.0, to)], PAPER, 5.0);
            it.arrow((middle, from), (middle, to), 13.0);
        }
        Movement::Handheld => {
            let waves: Vec<(f32, f32)> = (0u8..=6)
                .map(|n| {
                    let y = if n % 2 == 0 { 36.0 } else { 64.0 };
                    (26.0 + 21.0 * f32::from(n), y)
                })
                .collect();
            it.line(&waves, SIGNAL, 7.0);
        }
        Movement::RackFocus => {
            let unit = it.unit();
            for (at, r, color) in [((58.0, 58.0), 25.0, PAPER), ((136.0, 40.0), 15.0, SIGNAL)] {
                let (cx, cy) = it.at(at);
                it.pen.circle(cx, cy, r * unit, line(color, 4.0 * unit));
            }
            it.arrow((86.0, 52.0), (118.0, 44.0), 7.0);
        }
    }
}
