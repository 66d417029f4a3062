//! What people sit and lie on.

use crate::color::{INK, Rgb};
use crate::pen::{Pen, fill};
use aiut_film::words::Facing;

use super::head::{Look, side, turned};

/// What one who sits is given to sit on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    /// Nothing: the place has seats of its own.
    OfThePlace,
    Chair,
    /// Out of doors.
    Stone,
}

/// Draws what one who sits on the ground sits on; `k` is the standing height.
pub(super) fn draw_seat(pen: &mut Pen, k: f32, look: &Look, facing: Facing, seat: Seat) {
    match seat {
        Seat::OfThePlace => {}
        Seat::Chair => chair(pen, k, look, facing),
        Seat::Stone => {
            let steps: &[(char, &[f32])] = &[
                ('M', &[-0.22, 0.01]),
                ('C', &[-0.24, -0.16, -0.18, -0.25, -0.06, -0.25]),
                ('C', &[0.05, -0.26, 0.12, -0.2, 0.14, 0.01]),
                ('Z', &[]),
            ];
            let edge = (k * 0.004).clamp(1.4, 6.0);
            let stone = fill(Rgb(0x8a, 0x87, 0x80)).outlined(look.ink, edge);
            pen.path((0.0, 0.0), (k * side(facing), k), steps, stone);
        }
    }
}

fn chair(pen: &mut Pen, k: f32, look: &Look, facing: Facing) {
    let wood = fill(Rgb(0x6b, 0x55, 0x43)).outlined(look.ink, (k * 0.004).clamp(1.4, 6.0));
    if turned(facing) {
        let s = side(facing);
        let bar = |pen: &mut Pen, x0: f32, y0: f32, x1: f32, y1: f32| {
            let (a, b) = (x0 * s, x1 * s);
            pen.round_rect(
                a.min(b) * k,
                y0 * k,
                (a - b).abs() * k,
                (y1 - y0) * k,
                0.008 * k,
                wood,
            );
        };
        bar(pen, -0.19, -0.54, -0.16, 0.0);
        bar(pen, 0.06, -0.24, 0.085, 0.0);
        bar(pen, -0.19, -0.25, 0.09, -0.215);
    } else {
        for x in [-0.115, 0.09] {
            pen.rect(x * k, -0.25 * k, 0.025 * k, 0.25 * k, wood);
        }
        pen.round_rect(-0.125 * k, -0.53 * k, 0.25 * k, 0.3 * k, 0.03 * k, wood);
    }
}

/// How much higher than the ground one lies on a bed, of the standing height.
pub(super) const BED: f32 = 0.2;

/// A bed for somebody who lies with the body's middle over `x`; `head` is -1 where the head is left.
pub(super) fn bed(
    pen: &mut Pen,
    (x, ground): (f32, f32),
    stature: f32,
    head: f32,
    linen: Rgb,
    wood: Rgb,
) {
    let edge = (stature * 0.005).clamp(2.0, 6.0);
    let top = ground - stature * BED;
    let half = stature * 0.58;
    for side in [-1.0, 1.0] {
        pen.rect(
            x + side * half * 0.94 - stature * 0.02,
            top,
            stature * 0.04,
            stature * BED,
            fill(wood).outlined(INK, edge),
        );
    }
    let post = x + head * half - stature * 0.03;
    pen.round_rect(
        post,
        top - stature * 0.2,
        stature * 0.06,
        stature * (0.2 + BED),
        stature * 0.02,
        fill(wood).outlined(INK, edge),
    );
    pen.round_rect(
        x - half,
        top - stature * 0.015,
        half * 2.0,
        stature * 0.11,
        stature * 0.03,
        fill(linen).outlined(INK, edge),
    );
    pen.round_rect(
        x + head * half * 0.78 - stature * 0.11,
        top - stature * 0.06,
        stature * 0.22,
        stature * 0.07,
        stature * 0.03,
        fill(linen.light(450)).outlined(INK, edge),
    );
}
