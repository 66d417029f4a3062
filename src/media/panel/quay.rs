//! Ships seen from outside, and the quays that they lie at.

use crate::color::Rgb;
use crate::pen::{Pen, fill, line};

use super::furniture::STEEL;
use super::setting::Stage;
use super::vessel::{SEA, WHITE};

/// A ferry or another ship, seen from its side.
pub(super) fn ship(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    hull(
        pen,
        stage,
        (w * 0.3, h + (1000.0 - h) * 0.14),
        (w * 0.26).min(430.0),
    );
}

/// A ship whose waterline has its middle at (`x`, `y`), `half` its length.
fn hull(pen: &mut Pen, stage: &Stage, (x, y): (f32, f32), half: f32) {
    let white = stage.tint(WHITE);
    let paint = stage.accent();
    let edge = white.dark(560);
    let at = |dx: f32, dy: f32| (x + dx * half, y - dy * half);
    for (from, to, low, high) in [(-0.74, 0.5, 0.3, 0.46), (-0.6, 0.3, 0.46, 0.6)] {
        let (left, top) = at(from, high);
        let (right, bottom) = at(to, low);
        pen.rect(
            left,
            top,
            right - left,
            bottom - top,
            fill(white).outlined(edge, 3.0),
        );
        let count = 9u8;
        for step in 0..count {
            let step_x = (right - left) * (f32::from(step) + 0.3) / f32::from(count);
            let (wide, tall) = (half * 0.06, half * 0.07);
            pen.rect(
                left + step_x,
                top + half * 0.04,
                wide,
                tall,
                fill(stage.pane()),
            );
        }
    }
    // The bridge, and the funnel.
    let (left, top) = at(0.08, 0.76);
    pen.rect(
        left,
        top,
        half * 0.26,
        half * 0.16,
        fill(white).outlined(edge, 3.0),
    );
    pen.rect(
        left + 6.0,
        top + half * 0.04,
        half * 0.26 - 12.0,
        half * 0.06,
        fill(stage.pane()),
    );
    pen.polygon(
        &[
            at(-0.4, 0.6),
            at(-0.37, 0.9),
            at(-0.18, 0.9),
            at(-0.15, 0.6),
        ],
        fill(paint).outlined(edge, 3.0),
    );
    pen.polygon(
        &[
            at(-0.38, 0.8),
            at(-0.37, 0.9),
            at(-0.18, 0.9),
            at(-0.17, 0.8),
        ],
        fill(Rgb(0x24, 0x26, 0x2b)),
    );
    pen.path(
        (x, y),
        (half, -half),
        &[
            ('M', &[-0.92, 0.34]),
            ('L', &[0.98, 0.34]),
            ('Q', &[0.94, 0.1, 0.8, -0.06]),
            ('L', &[-0.84, -0.06]),
            ('Q', &[-0.92, 0.06, -0.92, 0.34]),
            ('Z', &[]),
        ],
        fill(paint.dark(200)).outlined(edge, 4.0),
    );
    let (left, top) = at(-0.9, 0.27);
    pen.rect(left, top, half * 1.86, half * 0.035, fill(white));
    // Rust runs down from the hawse.
    let rust = stage.tint(Rgb(0x9a, 0x52, 0x2c));
    for (dx, long) in [(0.72, 0.16), (0.3, 0.1), (-0.4, 0.13)] {
        pen.polyline(
            &[at(dx, 0.2), at(dx, 0.2 - long)],
            line(rust, half * 0.02).veil(700),
        );
    }
}

/// A quay: stone, bollards, lamps, and a ship that lies against it.
pub(super) fn quay(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let depth = 1000.0 - h;
    let water = stage.tint(SEA);
    pen.shaded((0.0, h, w, depth * 0.36), water.light(260), water.dark(120));
    hull(
        pen,
        stage,
        (w * 0.36, h + depth * 0.2),
        (w * 0.36).min(620.0),
    );
    let stone = stage.tint(Rgb(0x98, 0x94, 0x8a));
    let rim = h + depth * 0.34;
    pen.shaded(
        (0.0, rim, w, 1000.0 - rim),
        stone.light(60),
        stone.dark(200),
    );
    pen.rect(
        0.0,
        rim - 12.0,
        w,
        26.0,
        fill(stone.light(260)).outlined(stone.dark(460), 3.0),
    );
    let joint = line(stone.dark(300), 3.0).veil(700);
    for share in [0.16, 0.4, 0.74] {
        let y = rim + (1000.0 - rim) * share;
        pen.polyline(&[(0.0, y), (w, y)], joint);
    }
    for step in -6i8..=6 {
        let x = f32::from(step);
        pen.polyline(
            &[
                (w / 2.0 + x * w * 0.1, rim),
                (w / 2.0 + x * w * 0.2, 1000.0),
            ],
            joint,
        );
    }
    let iron = fill(stage.tint(Rgb(0x2e, 0x31, 0x36))).outlined(Rgb(0x14, 0x15, 0x18), 3.0);
    for x in [0.12, 0.5, 0.88] {
        pen.round_rect(w * x - 20.0, rim - 64.0, 40.0, 76.0, 8.0, iron);
        pen.round_rect(w * x - 30.0, rim - 74.0, 60.0, 20.0, 8.0, iron);
    }
    let rope = line(stage.tint(Rgb(0xc8, 0xb2, 0x84)), 7.0);
    pen.path(
        (w * 0.12, rim - 54.0),
        (w, 100.0),
        &[('M', &[0.0, 0.0]), ('Q', &[0.02, 0.3, 0.08, -1.4])],
        rope,
    );
    for x in [0.66, 0.93] {
        let post = fill(stage.tint(STEEL).dark(500));
        pen.rect(w * x - 6.0, rim - 350.0, 12.0, 350.0, post);
        if stage.lamps() {
            pen.glow(w * x, rim - 362.0, 170.0, Rgb(0xff, 0xdc, 0x94), 600);
        }
        let lamp = if stage.lamps() {
            Rgb(0xff, 0xe9, 0xb8)
        } else {
            stage.tint(WHITE)
        };
        pen.circle(w * x, rim - 362.0, 20.0, fill(lamp));
    }
}
