//! Aboard: car decks, open decks, wheelhouses, cabins.

use crate::color::Rgb;
use crate::pen::{Pen, fill, line};

use super::furniture::{LINEN, WOOD, solid, wall, wood};
use super::setting::Stage;

pub(super) const SEA: Rgb = Rgb(0x4a, 0x7a, 0x92);
const PLATE: Rgb = Rgb(0x5d, 0x6d, 0x69);
pub(super) const WHITE: Rgb = Rgb(0xe8, 0xe6, 0xdc);
const BUOY: Rgb = Rgb(0xe2, 0x62, 0x2c);
const GLASS: Rgb = Rgb(0x9d, 0xc0, 0xcc);

/// Sky above the horizon and the sea below it, down to `bottom`.
fn sea(pen: &mut Pen, stage: &Stage, bottom: f32) {
    let (w, h) = (stage.width, stage.horizon);
    stage.sky(pen, (0.0, 0.0, w, h + 2.0));
    let water = stage.tint(SEA);
    pen.shaded((0.0, h, w, bottom - h), water.light(260), water.dark(160));
    for (x, y, half) in [
        (0.1, 0.2, 0.05),
        (0.34, 0.5, 0.06),
        (0.62, 0.3, 0.05),
        (0.86, 0.6, 0.07),
    ] {
        let at = h + (bottom - h) * y;
        let ripple = line(water.light(480), 3.0);
        pen.polyline(&[(w * (x - half), at), (w * (x + half), at)], ripple);
    }
}

fn buoy(pen: &mut Pen, stage: &Stage, (x, y): (f32, f32), r: f32) {
    pen.circle(x, y, r, line(stage.tint(WHITE), r * 0.52));
    for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
        let side = r * 0.5;
        let (cx, cy) = (x + dx * r, y + dy * r);
        let band = solid(stage, BUOY);
        pen.rect(cx - side / 2.0, cy - side / 2.0, side, side, band);
    }
}

/// A car as one sees it from behind, standing on (`x`, `ground`) and `wide`.
fn parked(pen: &mut Pen, stage: &Stage, (x, ground): (f32, f32), wide: f32, paint: Rgb) {
    let paint = stage.tint(paint);
    let edge = paint.dark(600);
    let at = |dx: f32, dy: f32| (x + dx * wide, ground - dy * wide);
    for side in [-0.36, 0.36] {
        let (cx, cy) = at(side, 0.1);
        let tyre = fill(Rgb(0x1d, 0x1f, 0x23));
        pen.round_rect(cx - wide * 0.09, cy, wide * 0.18, wide * 0.12, 4.0, tyre);
    }
    pen.polygon(
        &[
            at(-0.36, 0.46),
            at(-0.27, 0.78),
            at(0.27, 0.78),
            at(0.36, 0.46),
        ],
        fill(paint.dark(120)).outlined(edge, 3.0),
    );
    pen.polygon(
        &[
            at(-0.29, 0.48),
            at(-0.22, 0.73),
            at(0.22, 0.73),
            at(0.29, 0.48),
        ],
        fill(stage.tint(GLASS)).outlined(edge, 2.0),
    );
    let (left, top) = at(-0.5, 0.5);
    let body = fill(paint).outlined(edge, 3.0);
    pen.round_rect(left, top, wide, wide * 0.42, wide * 0.07, body);
    for side in [-0.4, 0.4] {
        let (cx, cy) = at(side, 0.38);
        pen.ellipse(
            cx,
            cy,
            wide * 0.06,
            wide * 0.045,
            fill(Rgb(0xd8, 0x3a, 0x30)),
        );
    }
    let (px, py) = at(-0.13, 0.3);
    pen.rect(px, py, wide * 0.26, wide * 0.09, fill(stage.tint(LINEN)));
}

/// The car deck of a ferry: steel plates with lanes, cars on both sides, the house with its windows
/// ahead; sky above where it is open, beams where it is closed.
pub(super) fn car_deck(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let (steel, white) = (stage.tint(PLATE), stage.tint(WHITE));
    let edge = line(steel.dark(480), 3.0);
    let end = (w * 0.33, w * 0.67, h + 24.0);
    if stage.interior {
        pen.shaded((0.0, 0.0, w, 1000.0), steel.dark(350), steel.dark(150));
    } else {
        sea(pen, stage, h + 60.0);
    }
    // The deck, its plates and lanes run to the point of sight.
    pen.polygon(
        &[
            (end.0, end.2),
            (end.1, end.2),
            (w * 1.3, 1000.0),
            (-w * 0.3, 1000.0),
        ],
        fill(steel),
    );
    let seam = line(steel.dark(260), 3.0).veil(700);
    for share in [0.05, 0.14, 0.28, 0.5, 0.8] {
        let y = end.2 + (1000.0 - end.2) * share;
        pen.polyline(&[(0.0, y), (w, y)], seam);
    }
    for step in -4i8..=4 {
        let x = w / 2.0 + f32::from(step) * w * 0.038;
        let near = w / 2.0 + f32::from(step) * w * 0.2;
        pen.polyline(&[(x, end.2), (near, 1000.0)], seam);
    }
    for side in [-1.0, 1.0] {
        let at = |far: f32, near: f32| {
            let (x0, x1) = (w / 2.0 + side * w * far, w / 2.0 + side * w * near);
            [(x0, end.2), (x1, 1000.0)]
        };
        let [[a, b], [d, c]] = [at(0.062, 0.3), at(0.068, 0.34)];
        pen.polygon(&[a, b, c, d], fill(stage.tint(Rgb(0xe6, 0xc2, 0x4a))));
    }
    // The sides of the ship with their ribs.
    for (near, far) in [(0.0, end.0), (w, end.1)] {
        let top = if stage.interior { 40.0 } else { h - 150.0 };
        let high = if stage.interior { h - 190.0 } else { h - 44.0 };
        pen.polygon(
            &[(near, top), (far, high), (far, end.2), (near, 1000.0)],
            fill(white.dark(if stage.interior { 260 } else { 90 })).outlined(steel.dark(500), 3.0),
        );
        for share in [0.2, 0.45, 0.66, 0.84] {
            let x = near + (far - near) * share;
            let y = |a: f32, b: f32| a + (b - a) * share;
            pen.polyline(&[(x, y(top, high)), (x, y(1000.0, end.2))], edge);
        }
    }
    if stage.interior {
        let beam = fill(steel.dark(420)).outlined(steel.dark(640), 3.0);
        for (y, tall, inset) in [(0.0, 46.0, 0.0), (96.0, 34.0, 0.1), (170.0, 24.0, 0.2)] {
            pen.rect(w * inset, y, w * (1.0 - 2.0 * inset), tall, beam);
        }
        for x in [0.3, 0.5, 0.7] {
            pen.glow(w * x, 150.0, 170.0, Rgb(0xff, 0xf0, 0xc8), 500);
            pen.rect(w * x - 44.0, 140.0, 88.0, 14.0, fill(Rgb(0xff, 0xf6, 0xdc)));
        }
    }
    // The house ahead: the door to the cars, windows of the saloon, the bridge on top.
    let house = fill(white).outlined(white.dark(560), 3.0);
    let up = if stage.interior { 210.0 } else { 300.0 };
    pen.rect(end.0, end.2 - up, end.1 - end.0, up, house);
    if !stage.interior {
        let bridge = end.2 - up - 76.0;
        pen.rect(w * 0.39, bridge, w * 0.22, 78.0, house);
        pen.rect(w * 0.4, bridge + 18.0, w * 0.2, 32.0, fill(stage.pane()));
        pen.polyline(&[(w * 0.5, bridge), (w * 0.5, bridge - 90.0)], edge);
    }
    for row in 0u8..2 {
        for step in 0u8..6 {
            let x = w * (0.35 + 0.053 * f32::from(step));
            let y = end.2 - up + 24.0 + 62.0 * f32::from(row);
            let window = fill(stage.pane()).outlined(white.dark(560), 2.0);
            pen.round_rect(x, y, w * 0.034, 36.0, 8.0, window);
        }
    }
    pen.rect(
        w * 0.42,
        end.2 - 96.0,
        w * 0.16,
        96.0,
        solid(stage, Rgb(0x2b, 0x33, 0x36)),
    );
    buoy(pen, stage, (w * 0.37, end.2 - 46.0), 20.0);
    buoy(pen, stage, (w * 0.63, end.2 - 46.0), 20.0);
    for (x, y, wide, paint) in [
        (0.27, 0.1, 0.085, Rgb(0x8c, 0x96, 0xa0)),
        (0.74, 0.12, 0.09, Rgb(0x3f, 0x63, 0x8c)),
        (0.13, 0.34, 0.15, Rgb(0xa8, 0x43, 0x38)),
        (0.88, 0.38, 0.16, Rgb(0xd2, 0xcc, 0xbc)),
    ] {
        let ground = end.2 + (1000.0 - end.2) * y;
        parked(pen, stage, (w * x, ground), w * wide, paint);
    }
    // Bulbs along the rails.
    if stage.lamps() && !stage.interior {
        for side in [-1.0, 1.0] {
            for step in 0u8..7 {
                let share = f32::from(step) / 6.0;
                let x = w / 2.0 + side * w * (0.17 + 0.33 * share);
                let y = h - 74.0 - 110.0 * share + 30.0 * (share * (1.0 - share));
                pen.glow(x, y, 30.0 + 26.0 * share, Rgb(0xff, 0xdc, 0x94), 700);
                pen.circle(x, y, 5.0 + 4.0 * share, fill(Rgb(0xff, 0xf0, 0xc4)));
            }
        }
    }
}

/// An open deck: planks, a rail, the sea behind it.
pub(super) fn open_deck(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let foot = h + (1000.0 - h) * 0.3;
    sea(pen, stage, foot);
    let plank = stage.tint(Rgb(0xb8, 0x92, 0x64));
    pen.shaded(
        (0.0, foot, w, 1000.0 - foot),
        plank.light(80),
        plank.dark(180),
    );
    for step in -9i8..=9 {
        let (far, near) = (f32::from(step) * w * 0.06, f32::from(step) * w * 0.16);
        let seam = line(plank.dark(380), 3.0);
        pen.polyline(&[(w / 2.0 + far, foot), (w / 2.0 + near, 1000.0)], seam);
    }
    let white = stage.tint(WHITE);
    let edge = white.dark(520);
    for step in 0u8..=8 {
        let x = w * f32::from(step) / 8.0;
        let post = fill(white).outlined(edge, 2.0);
        pen.rect(x - 7.0, h - 30.0, 14.0, foot - h + 44.0, post);
    }
    for (y, tall) in [(-40.0, 18.0), (14.0, 8.0), (58.0, 8.0)] {
        pen.rect(0.0, h + y, w, tall, fill(white).outlined(edge, 2.0));
    }
    buoy(pen, stage, (w * 0.62, h + 36.0), 40.0);
    // The house with a door, and a boat in its davits.
    let house = fill(white.dark(70)).outlined(edge, 3.0);
    pen.polygon(
        &[
            (0.0, h - 400.0),
            (w * 0.17, h - 320.0),
            (w * 0.17, foot + 40.0),
            (0.0, foot + 170.0),
        ],
        house,
    );
    for y in [-270.0, -120.0] {
        let window = fill(stage.pane()).outlined(edge, 3.0);
        pen.ellipse(w * 0.09, h + y, w * 0.024, 40.0, window);
    }
    pen.path(
        (w * 0.82, h - 170.0),
        (w * 0.11, 60.0),
        &[
            ('M', &[-1.0, -0.5]),
            ('L', &[1.0, -0.5]),
            ('Q', &[0.8, 0.7, 0.4, 0.8]),
            ('L', &[-0.4, 0.8]),
            ('Q', &[-0.8, 0.7, -1.0, -0.5]),
            ('Z', &[]),
        ],
        solid(stage, BUOY),
    );
    for x in [0.75, 0.89] {
        let arm = line(edge, 9.0);
        pen.polyline(
            &[(w * x, h - 200.0), (w * x, h - 250.0), (w, h - 290.0)],
            arm,
        );
    }
}

/// The bridge of a ship: windows over the sea, the wheel, dials and levers.
pub(super) fn wheelhouse(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon.clamp(420.0, 860.0));
    let shell = stage.wall().mix(stage.tint(Rgb(0xb9, 0xb2, 0xa0)), 500);
    let edge = shell.dark(560);
    pen.shaded((0.0, 0.0, w, 1000.0), shell.dark(60), shell.dark(260));
    let (top, sill) = (120.0, h - 70.0);
    // What the windows show is one view.
    stage.sky(pen, (0.0, top, w, sill - top));
    let water = stage.tint(SEA);
    let line_of_sea = top + (sill - top) * 0.66;
    pen.shaded(
        (0.0, line_of_sea, w, sill - line_of_sea),
        water.light(220),
        water.dark(120),
    );
    pen.polygon(
        &[
            (w * 0.3, sill),
            (w * 0.47, line_of_sea + 26.0),
            (w * 0.53, line_of_sea + 26.0),
            (w * 0.7, sill),
        ],
        fill(stage.tint(WHITE).dark(200)).outlined(edge, 3.0),
    );
    let frame = fill(shell).outlined(edge, 3.0);
    for step in 0u8..=5 {
        // The front leans outwards, so posts are wider apart above.
        let share = f32::from(step) / 5.0 - 0.5;
        let (up, down) = (w / 2.0 + share * w * 1.06, w / 2.0 + share * w * 0.98);
        let half = 15.0;
        pen.polygon(
            &[
                (up - half, top - 8.0),
                (up + half, top - 8.0),
                (down + half, sill + 8.0),
                (down - half, sill + 8.0),
            ],
            frame,
        );
    }
    pen.rect(-10.0, -10.0, w + 20.0, top + 10.0, frame);
    pen.rect(-10.0, sill, w + 20.0, 26.0, frame);
    for x in [0.2, 0.8] {
        // Instruments under the roof.
        pen.round_rect(
            w * x - 70.0,
            46.0,
            140.0,
            56.0,
            10.0,
            solid(stage, Rgb(0x2c, 0x33, 0x38)),
        );
        pen.rect(w * x - 52.0, 58.0, 104.0, 30.0, fill(Rgb(0x8f, 0xd0, 0xb0)));
    }
    // The desk.
    let desk = stage.tint(Rgb(0x4f, 0x58, 0x5c));
    let front = (h + 130.0).min(1000.0);
    pen.polygon(
        &[
            (w * 0.06, sill + 26.0),
            (w * 0.94, sill + 26.0),
            (w, h + 40.0),
            (0.0, h + 40.0),
        ],
        fill(desk.light(120)).outlined(edge, 3.0),
    );
    pen.rect(
        0.0,
        h + 40.0,
        w,
        front - h - 40.0,
        fill(desk).outlined(edge, 3.0),
    );
    pen.rect(0.0, front, w, 1000.0 - front, fill(stage.ground()));
    for (index, x) in [0.14, 0.24, 0.34, 0.66, 0.76, 0.86].into_iter().enumerate() {
        let (cx, cy) = (w * x, h - 4.0);
        let dial = fill(Rgb(0xf0, 0xec, 0xdc)).outlined(edge, 3.0);
        pen.ellipse(cx, cy, (w * 0.034).min(40.0), 26.0, dial);
        let turn = [-14.0, 8.0, 18.0][index % 3];
        pen.polyline(
            &[(cx, cy + 8.0), (cx + turn, cy - 16.0)],
            line(Rgb(0xb0, 0x2c, 0x20), 4.0),
        );
    }
    // The wheel.
    let (cx, cy, r) = (w * 0.5, h + 10.0, 110.0);
    let spoke = stage.tint(WOOD);
    for (dx, dy) in [(1.0, 0.0), (0.0, 1.0), (0.71, 0.71), (0.71, -0.71)] {
        let (x, y) = (dx * r * 1.3, dy * r * 1.3);
        let ends = [(cx - x, cy - y), (cx + x, cy + y)];
        pen.polyline(&ends, line(spoke.dark(560), 20.0));
        pen.polyline(&ends, line(spoke, 13.0));
    }
    pen.circle(cx, cy, r, line(spoke.dark(560), 30.0));
    pen.circle(cx, cy, r, line(spoke.light(60), 22.0));
    pen.circle(cx, cy, 26.0, solid(stage, Rgb(0xc8, 0xa2, 0x4a)));
}

/// Portholes and a bunk.
pub(super) fn cabin(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let wide = right - left;
    for step in 1u8..7 {
        let x = left + wide * f32::from(step) / 7.0;
        pen.polyline(&[(x, top), (x, floor)], line(stage.wall().dark(240), 3.0));
    }
    for x in [0.58, 0.82] {
        let (cx, cy) = (left + wide * x, top + (floor - top) * 0.36);
        let r = (wide * 0.08).min(84.0);
        pen.circle(cx, cy, r, fill(stage.tint(SEA).light(200)));
        let half = [(cx - r, cy), (cx + r, cy)];
        pen.polyline(&half, line(stage.tint(SEA), 6.0));
        pen.circle(cx, cy, r, line(stage.tint(Rgb(0x9a, 0x84, 0x4c)), 20.0));
    }
    let bunk = wide * 0.44;
    for up in [60.0, 300.0] {
        let y = floor - up;
        pen.rect(left + 14.0, y, bunk, 54.0, wood(stage));
        pen.round_rect(
            left + 22.0,
            y - 34.0,
            bunk - 16.0,
            42.0,
            14.0,
            solid(stage, LINEN),
        );
        let blanket = fill(stage.accent()).outlined(stage.accent().dark(520), 3.0);
        pen.round_rect(left + bunk * 0.4, y - 36.0, bunk * 0.6, 46.0, 12.0, blanket);
    }
    pen.rect(left + 8.0, floor - 430.0, 18.0, 430.0, wood(stage));
    pen.rect(left + bunk, floor - 430.0, 18.0, 430.0, wood(stage));
}
