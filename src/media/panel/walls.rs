//! Motifs that stand against the back wall of a room, where a window would be.

use crate::color::Rgb;
use crate::pen::{Pen, fill, line};

use super::furniture::{LINEN, STEEL, WOOD, solid, wall, wood};
use super::setting::Stage;

pub(super) fn shelves(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let bays = 5u8;
    let width = (right - left) / f32::from(bays);
    let colors = [
        stage.accent(),
        stage.tint(Rgb(0x5b, 0x7a, 0x8c)),
        stage.tint(Rgb(0xb8, 0x92, 0x4e)),
        stage.tint(Rgb(0x6f, 0x86, 0x5c)),
        stage.tint(Rgb(0x86, 0x5a, 0x6e)),
    ];
    for bay in 0..bays {
        let x = left + width * f32::from(bay);
        pen.rect(
            x + 6.0,
            top + 30.0,
            width - 12.0,
            floor - top - 30.0,
            wood(stage),
        );
        let rows = 4u8;
        let height = (floor - top - 50.0) / f32::from(rows);
        for row in 0..rows {
            let y = top + 40.0 + height * f32::from(row);
            pen.rect(
                x + 16.0,
                y,
                width - 32.0,
                height - 14.0,
                fill(stage.tint(WOOD).dark(450)),
            );
            let mut at = x + 20.0;
            let mut index = usize::from(bay) * 3 + usize::from(row) * 5;
            while at < x + width - 44.0 {
                let thick = 14.0 + (index * 7 % 13) as f32;
                let tall = height * (0.56 + (index * 5 % 4) as f32 * 0.07);
                pen.rect(
                    at,
                    y + height - 14.0 - tall,
                    thick,
                    tall,
                    fill(colors[index % colors.len()]),
                );
                at += thick + 3.0;
                index += 1;
            }
        }
    }
}

pub(super) fn nave(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let middle = (left + right) / 2.0;
    let glass = [
        stage.accent(),
        stage.tint(Rgb(0x4f, 0x7f, 0xb0)),
        stage.tint(Rgb(0xd8, 0xb0, 0x4a)),
    ];
    for (index, x) in [middle - 300.0, middle, middle + 300.0]
        .into_iter()
        .enumerate()
    {
        let grow = if index == 1 { 1.25 } else { 0.9 };
        let up = (floor - top) * 0.3 * grow;
        pen.path(
            (x, floor - 130.0),
            (62.0 * grow, up),
            &[
                ('M', &[-1.0, 0.0]),
                ('L', &[-1.0, -1.1]),
                ('Q', &[-0.9, -1.7, 0.0, -2.0]),
                ('Q', &[0.9, -1.7, 1.0, -1.1]),
                ('L', &[1.0, 0.0]),
                ('Z', &[]),
            ],
            fill(glass[index]).outlined(stage.wall().dark(560), 7.0),
        );
        pen.polyline(
            &[(x, floor - 130.0), (x, floor - 130.0 - up * 1.95)],
            line(stage.wall().dark(560), 5.0),
        );
        pen.polyline(
            &[
                (x - 62.0 * grow, floor - 130.0 - up * 0.8),
                (x + 62.0 * grow, floor - 130.0 - up * 0.8),
            ],
            line(stage.wall().dark(560), 5.0),
        );
    }
    pen.rect(
        middle - 120.0,
        floor - 90.0,
        240.0,
        90.0,
        solid(stage, LINEN),
    );
    for side in [-1.0, 1.0] {
        for (row, share) in [0.25, 0.6, 1.0].into_iter().enumerate() {
            let y = floor + (1000.0 - floor) * share;
            let (near, far) = (
                middle + side * (120.0 + 60.0 * row as f32),
                middle + side * stage.width * (0.36 + 0.08 * row as f32),
            );
            pen.rect(
                near.min(far),
                y - 110.0 - 30.0 * row as f32,
                (near - far).abs(),
                100.0 + 30.0 * row as f32,
                wood(stage),
            );
        }
    }
}

pub(super) fn curtains(pen: &mut Pen, stage: &Stage) {
    let (w, floor) = (stage.width, stage.horizon.clamp(200.0, 930.0));
    let cloth = stage.accent();
    pen.rect(0.0, 0.0, w, floor, fill(cloth.dark(620)));
    pen.polygon(
        &[
            (w * 0.46, 0.0),
            (w * 0.54, 0.0),
            (w * 0.74, floor + 60.0),
            (w * 0.26, floor + 60.0),
        ],
        fill(Rgb(0xff, 0xf0, 0xc0)).veil(190),
    );
    for step in 0u8..7 {
        let width = w * 0.034;
        let shade = cloth.dark(if step % 2 == 0 { 60 } else { 240 });
        for x in [width * f32::from(step), w - width * f32::from(step + 1)] {
            pen.rect(x, 0.0, width, floor, fill(shade));
        }
    }
    for step in 0u8..12 {
        let x = w * (f32::from(step) + 0.5) / 12.0;
        pen.ellipse(
            x,
            20.0,
            w / 22.0,
            92.0,
            fill(cloth.dark(120)).outlined(cloth.dark(520), 3.0),
        );
    }
    pen.rect(0.0, floor, w, 30.0, wood(stage));
}

pub(super) fn bars(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    pen.rect(
        left,
        top,
        right - left,
        floor - top,
        fill(stage.wall().dark(450)),
    );
    let steel = stage.tint(STEEL);
    for y in [top + 70.0, floor - 70.0] {
        pen.rect(left, y, right - left, 16.0, fill(steel.dark(200)));
    }
    for step in 0u8..17 {
        let x = left + (right - left) * (f32::from(step) + 0.5) / 17.0;
        pen.rect(
            x - 8.0,
            top,
            16.0,
            floor - top,
            fill(steel).outlined(steel.dark(600), 2.0),
        );
    }
}

pub(super) fn bar(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let glass = [
        stage.tint(Rgb(0x4e, 0x7d, 0x5a)),
        stage.tint(Rgb(0xb0, 0x6d, 0x36)),
        stage.tint(Rgb(0x9f, 0xb8, 0xc4)),
        stage.accent(),
    ];
    for row in 0u8..2 {
        let y = top + 120.0 + 130.0 * f32::from(row);
        pen.rect(left + 60.0, y, right - left - 120.0, 12.0, wood(stage));
        for step in 0u8..16 {
            let x = left + 84.0 + (right - left - 160.0) * f32::from(step) / 16.0;
            let color = glass[usize::from(step * 3 + row) % glass.len()];
            pen.rect(x, y - 62.0, 24.0, 62.0, fill(color));
            pen.rect(x + 8.0, y - 88.0, 8.0, 28.0, fill(color));
        }
    }
    pen.rect(
        left - 40.0,
        floor - 150.0,
        right - left + 80.0,
        26.0,
        solid(stage, WOOD.light(120)),
    );
    pen.rect(
        left - 20.0,
        floor - 124.0,
        right - left + 40.0,
        160.0,
        wood(stage),
    );
    for step in 0u8..5 {
        let x = left + 60.0 + (right - left - 120.0) * f32::from(step) / 4.0;
        pen.polyline(
            &[(x, floor - 30.0), (x, floor + 110.0)],
            line(stage.tint(STEEL).dark(300), 9.0),
        );
        pen.ellipse(
            x,
            floor - 34.0,
            46.0,
            15.0,
            fill(stage.accent()).outlined(stage.accent().dark(520), 3.0),
        );
    }
}

pub(super) fn blackboard(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    pen.rect(
        left + 160.0,
        top + 60.0,
        right - left - 320.0,
        (floor - top) * 0.5,
        solid(stage, Rgb(0x2f, 0x4a, 0x40)),
    );
    for (y, length) in [(0.2, 0.5), (0.4, 0.36), (0.6, 0.44)] {
        let y = top + 60.0 + (floor - top) * 0.5 * y;
        pen.polyline(
            &[
                (left + 210.0, y),
                (left + 210.0 + (right - left - 420.0) * length, y),
            ],
            line(Rgb(0xd8, 0xdc, 0xd2), 6.0),
        );
    }
    for (row, share) in [0.1, 0.5].into_iter().enumerate() {
        for step in 0u8..4 {
            let grow = 1.0 + 0.5 * row as f32;
            let x = stage.width * (0.2 + 0.2 * f32::from(step));
            let y = floor + (1000.0 - floor) * share;
            pen.rect(
                x - 75.0 * grow,
                y - 20.0 * grow,
                150.0 * grow,
                18.0 * grow,
                wood(stage),
            );
            for leg in [-64.0, 54.0] {
                pen.rect(x + leg * grow, y, 10.0 * grow, 80.0 * grow, wood(stage));
            }
        }
    }
}

pub(super) fn screens(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let width = (right - left) / 5.0;
    for row in 0u8..2 {
        for step in 0u8..5 {
            let (x, y) = (
                left + width * f32::from(step) + 14.0,
                top + 50.0 + 150.0 * f32::from(row),
            );
            pen.round_rect(
                x,
                y,
                width - 28.0,
                126.0,
                10.0,
                solid(stage, Rgb(0x24, 0x2a, 0x33)),
            );
            pen.rect(
                x + 12.0,
                y + 12.0,
                width - 52.0,
                102.0,
                fill(Rgb(0x3d, 0x6f, 0x84)),
            );
            let high = |n: u8| y + 90.0 - f32::from((step * 5 + row * 3 + n * 7) % 6) * 12.0;
            let points: Vec<(f32, f32)> = (0u8..6)
                .map(|n| (x + 20.0 + (width - 68.0) * f32::from(n) / 5.0, high(n)))
                .collect();
            pen.polyline(&points, line(Rgb(0x9b, 0xe8, 0xc8), 4.0));
        }
    }
    pen.polygon(
        &[
            (left, floor - 110.0),
            (right, floor - 110.0),
            (right + 60.0, floor + 10.0),
            (left - 60.0, floor + 10.0),
        ],
        solid(stage, Rgb(0x70, 0x78, 0x82)),
    );
    for step in 0u8..14 {
        let x = left + (right - left) * (f32::from(step) + 0.5) / 14.0;
        pen.circle(
            x,
            floor - 52.0,
            11.0,
            fill(
                [
                    Rgb(0xe8, 0x5a, 0x4a),
                    Rgb(0x6a, 0xd0, 0x8a),
                    Rgb(0xf0, 0xc8, 0x55),
                ][usize::from(step) % 3],
            ),
        );
    }
}
