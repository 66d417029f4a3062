//! More rooms: hospital wards, cafés; and the sand of a beach.

use crate::color::Rgb;
use crate::pen::{Pen, fill, line};

use super::furniture::{LINEN, STEEL, WOOD, solid, wall, wood};
use super::setting::Stage;

/// A hospital bed with its rails, a drip, a monitor, a curtain.
pub(super) fn ward(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let wide = right - left;
    let cloth = stage.tint(Rgb(0x8f, 0xc2, 0xbc));
    pen.rect(left, top + 20.0, wide * 0.6, 12.0, solid(stage, STEEL));
    for step in 0u8..5 {
        let x = left + wide * 0.025 * f32::from(step);
        let shade = cloth.dark(if step % 2 == 0 { 0 } else { 150 });
        pen.rect(x, top + 32.0, wide * 0.026, floor - top - 60.0, fill(shade));
    }
    let steel = line(stage.tint(STEEL).dark(160), 10.0);
    let (head, foot) = (left + wide * 0.2, left + wide * 0.6);
    // The frame, the mattress with its raised head, the pillow.
    for x in [head + 14.0, foot - 14.0] {
        pen.polyline(&[(x, floor - 60.0), (x, floor + 40.0)], steel);
        pen.circle(x, floor + 44.0, 13.0, fill(Rgb(0x2a, 0x2d, 0x32)));
    }
    pen.round_rect(
        head - 20.0,
        floor - 250.0,
        26.0,
        230.0,
        12.0,
        solid(stage, STEEL),
    );
    pen.round_rect(
        foot - 6.0,
        floor - 180.0,
        22.0,
        160.0,
        10.0,
        solid(stage, STEEL),
    );
    pen.polygon(
        &[
            (head + 6.0, floor - 200.0),
            (head + wide * 0.12, floor - 118.0),
            (foot, floor - 118.0),
            (foot, floor - 50.0),
            (head + 6.0, floor - 50.0),
        ],
        solid(stage, LINEN),
    );
    pen.polygon(
        &[
            (head + 2.0, floor - 216.0),
            (head + wide * 0.08, floor - 166.0),
            (head + wide * 0.07, floor - 130.0),
            (head + 2.0, floor - 170.0),
        ],
        solid(stage, Rgb(0xfc, 0xfb, 0xf6)),
    );
    let sheet = fill(cloth.light(300)).outlined(cloth.dark(480), 3.0);
    pen.rect(
        head + wide * 0.14,
        floor - 124.0,
        foot - head - wide * 0.14,
        60.0,
        sheet,
    );
    for y in [-150.0, -110.0] {
        pen.polyline(
            &[
                (head + wide * 0.1, floor + y),
                (foot - wide * 0.08, floor + y),
            ],
            steel,
        );
    }
    // The drip.
    let pole = left + wide * 0.15;
    pen.polyline(
        &[
            (pole, floor + 40.0),
            (pole, top + 110.0),
            (pole + 44.0, top + 110.0),
        ],
        steel,
    );
    pen.round_rect(
        pole + 22.0,
        top + 116.0,
        44.0,
        80.0,
        12.0,
        solid(stage, Rgb(0xd8, 0xee, 0xf2)),
    );
    pen.path(
        (pole + 44.0, top + 196.0),
        (1.0, 1.0),
        &[('M', &[0.0, 0.0]), ('Q', &[10.0, 120.0, 80.0, 150.0])],
        line(stage.tint(Rgb(0xd8, 0xee, 0xf2)), 4.0),
    );
    // The monitor with its line.
    let (mx, my) = (left + wide * 0.3, top + (floor - top) * 0.3);
    pen.round_rect(
        mx,
        my,
        180.0,
        120.0,
        10.0,
        solid(stage, Rgb(0x2a, 0x30, 0x36)),
    );
    pen.rect(
        mx + 14.0,
        my + 14.0,
        152.0,
        84.0,
        fill(Rgb(0x10, 0x24, 0x22)),
    );
    let beat = [
        (0.0, 0.0),
        (44.0, 0.0),
        (58.0, -32.0),
        (72.0, 26.0),
        (84.0, 0.0),
        (136.0, 0.0),
    ];
    let beat = beat.map(|(x, y)| (mx + 22.0 + x, my + 58.0 + y));
    pen.polyline(&beat, line(Rgb(0x6a, 0xf0, 0x9a), 4.0));
}

/// A counter with its machine under a board, and small tables.
pub(super) fn cafe(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let wide = right - left;
    pen.rect(
        left + wide * 0.06,
        top + 40.0,
        wide * 0.34,
        (floor - top) * 0.3,
        solid(stage, Rgb(0x2c, 0x36, 0x34)),
    );
    for (row, long) in [0.26, 0.2, 0.28, 0.16].into_iter().enumerate() {
        let y = top + 66.0 + (floor - top) * 0.062 * row as f32;
        let text = line(Rgb(0xe6, 0xe2, 0xd2), 6.0);
        pen.polyline(
            &[(left + wide * 0.09, y), (left + wide * (0.09 + long), y)],
            text,
        );
    }
    let tall = (floor - top) * 0.5;
    stage.window(
        pen,
        (
            left + wide * 0.58,
            top + (floor - top) * 0.14,
            wide * 0.34,
            tall,
        ),
    );
    let counter = floor - 170.0;
    let run = wide * 0.5;
    pen.round_rect(
        left + run * 0.16,
        counter - 130.0,
        run * 0.34,
        130.0,
        12.0,
        solid(stage, STEEL),
    );
    pen.rect(
        left + run * 0.2,
        counter - 100.0,
        run * 0.26,
        26.0,
        solid(stage, Rgb(0x3a, 0x3f, 0x45)),
    );
    for x in [0.26, 0.38] {
        pen.rect(
            left + run * x,
            counter - 60.0,
            26.0,
            26.0,
            solid(stage, Rgb(0x3a, 0x3f, 0x45)),
        );
        pen.round_rect(
            left + run * x,
            counter - 26.0,
            28.0,
            26.0,
            6.0,
            solid(stage, LINEN),
        );
        pen.path(
            (left + run * x + 14.0, counter - 140.0),
            (1.0, 1.0),
            &[
                ('M', &[0.0, 0.0]),
                ('C', &[-30.0, -40.0, 30.0, -60.0, 0.0, -110.0]),
            ],
            line(stage.wall().light(700), 9.0).veil(500),
        );
    }
    let dome = solid(stage, Rgb(0xd6, 0xe6, 0xe8));
    pen.ellipse(left + run * 0.74, counter - 4.0, run * 0.12, 54.0, dome);
    pen.rect(
        left - 30.0,
        counter,
        run + 60.0,
        24.0,
        solid(stage, WOOD.light(140)),
    );
    pen.rect(left - 10.0, counter + 24.0, run + 20.0, 190.0, wood(stage));
    for (x, y, grow) in [(0.72, 0.06, 0.8), (0.9, 0.3, 1.15)] {
        let (x, y) = (left + wide * x, floor + (1000.0 - floor) * y);
        for side in [-1.0, 1.0] {
            let seat = x + side * 130.0 * grow;
            pen.rect(
                seat - 8.0 + side * 40.0 * grow,
                y - 150.0 * grow,
                16.0 * grow,
                210.0 * grow,
                wood(stage),
            );
            pen.rect(
                seat - 50.0 * grow,
                y - 30.0 * grow,
                100.0 * grow,
                16.0 * grow,
                wood(stage),
            );
            pen.rect(
                seat - side * 44.0 * grow,
                y - 14.0 * grow,
                12.0 * grow,
                80.0 * grow,
                wood(stage),
            );
        }
        pen.rect(
            x - 8.0 * grow,
            y - 80.0 * grow,
            16.0 * grow,
            140.0 * grow,
            solid(stage, STEEL.dark(400)),
        );
        let cloth = fill(stage.accent()).outlined(stage.accent().dark(520), 3.0);
        pen.ellipse(x, y - 84.0 * grow, 96.0 * grow, 20.0 * grow, cloth);
        pen.round_rect(
            x - 14.0,
            y - 108.0 * grow,
            28.0,
            22.0,
            6.0,
            solid(stage, LINEN),
        );
    }
}

/// Sand, surf, a parasol.
pub(super) fn beach(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let depth = 1000.0 - h;
    let (water, sand) = (
        stage.tint(Rgb(0x4f, 0x93, 0xad)),
        stage.tint(Rgb(0xe2, 0xc8, 0x94)),
    );
    let shore = h + depth * 0.3;
    pen.shaded(
        (0.0, h, w, shore - h + 30.0),
        water.dark(100),
        water.light(220),
    );
    let line_of_surf: &[(char, &[f32])] = &[
        ('M', &[0.0, 0.0]),
        ('C', &[0.2, 0.09, 0.38, -0.07, 0.58, 0.02]),
        ('Q', &[0.82, 0.1, 1.0, -0.02]),
    ];
    for (up, width) in [(0.72, 5.0), (0.4, 9.0)] {
        let y = shore - (shore - h) * up;
        pen.path(
            (0.0, y),
            (w, depth * 0.3),
            line_of_surf,
            line(water.light(760), width),
        );
    }
    let ground: Vec<(char, &[f32])> = line_of_surf
        .iter()
        .copied()
        .chain([
            ('L', &[1.0, 2.0][..]),
            ('L', &[0.0, 2.0][..]),
            ('Z', &[][..]),
        ])
        .collect();
    pen.path(
        (0.0, shore),
        (w, depth),
        &ground,
        fill(sand).outlined(water.light(820), 16.0),
    );
    for (x, y, half) in [
        (0.2, 0.6, 0.06),
        (0.55, 0.52, 0.05),
        (0.8, 0.75, 0.08),
        (0.4, 0.85, 0.07),
    ] {
        let y = h + depth * y;
        pen.polyline(
            &[(w * (x - half), y), (w * (x + half), y + 6.0)],
            line(sand.dark(160), 4.0),
        );
    }
    let (x, y) = (w * 0.2, h + depth * 0.56);
    let paint = stage.accent();
    let edge = paint.dark(560);
    pen.polyline(
        &[(x, y), (x - 40.0, y - 330.0)],
        line(stage.tint(WOOD), 12.0),
    );
    for (index, (from, to)) in [(-1.0, -0.4), (-0.4, 0.2), (0.2, 0.8)]
        .into_iter()
        .enumerate()
    {
        let color = if index % 2 == 0 {
            paint
        } else {
            stage.tint(LINEN)
        };
        let top = (x - 46.0, y - 350.0);
        pen.polygon(
            &[
                top,
                (x - 20.0 + from * 190.0, y - 230.0 + from.abs() * 20.0),
                (x - 20.0 + to * 190.0, y - 230.0 + to.abs() * 20.0),
            ],
            fill(color).outlined(edge, 3.0),
        );
    }
    pen.polygon(
        &[
            (x + 60.0, y + 6.0),
            (x + 300.0, y + 6.0),
            (x + 340.0, y + 56.0),
            (x + 70.0, y + 56.0),
        ],
        fill(paint.light(200)).outlined(edge, 3.0),
    );
}
