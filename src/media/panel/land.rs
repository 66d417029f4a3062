//! Motifs of the open land.

use crate::color::Rgb;
use crate::pen::{Pen, fill, line};

use super::setting::Stage;

const LEAF: Rgb = Rgb(0x4f, 0x74, 0x48);
const BARK: Rgb = Rgb(0x5b, 0x45, 0x34);
const STONE: Rgb = Rgb(0x94, 0x93, 0x90);
const WATER: Rgb = Rgb(0x5a, 0x8f, 0xa8);

pub(super) fn mountains(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let rock = stage.tint(Rgb(0x7d, 0x86, 0x95));
    for (x, half, up, shade) in [
        (0.2, 0.26, 0.62, 120),
        (0.78, 0.3, 0.7, 160),
        (0.5, 0.28, 0.5, 40),
    ] {
        let (x, half, top) = (x * w, half * w, h - up * h);
        pen.polygon(
            &[(x - half, h), (x, top), (x + half, h)],
            fill(rock.dark(shade)),
        );
        let snow = (h - top) * 0.24;
        let slope = half * 0.24;
        pen.polygon(
            &[
                (x, top),
                (x + slope, top + snow),
                (x + slope * 0.3, top + snow * 0.8),
                (x, top + snow * 1.15),
                (x - slope * 0.4, top + snow * 0.8),
                (x - slope, top + snow),
            ],
            fill(stage.tint(Rgb(0xf2, 0xf3, 0xf5))),
        );
    }
}

pub(super) fn water(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let depth = 1000.0 - h;
    let water = stage.tint(WATER);
    let (top, bottom) = (h + depth * 0.03, h + depth * 0.5);
    pen.shaded(
        (0.0, top, w, bottom - top),
        water.light(320),
        water.dark(80),
    );
    pen.path(
        (0.0, bottom),
        (w, depth),
        &[
            ('M', &[0.0, -0.02]),
            ('C', &[0.25, 0.09, 0.45, -0.05, 0.7, 0.03]),
            ('Q', &[0.88, 0.08, 1.0, 0.0]),
            ('L', &[1.0, 0.6]),
            ('L', &[0.0, 0.6]),
            ('Z', &[]),
        ],
        fill(stage.ground()).outlined(water.light(600), 5.0),
    );
    for (x, y, half) in [
        (0.12, 0.12, 0.05),
        (0.34, 0.2, 0.07),
        (0.62, 0.1, 0.05),
        (0.82, 0.22, 0.08),
        (0.5, 0.34, 0.09),
        (0.16, 0.36, 0.08),
    ] {
        let y = h + depth * y;
        pen.path(
            (w * x, y),
            (w * half, 7.0),
            &[
                ('M', &[-1.0, 0.0]),
                ('Q', &[-0.5, -1.4, 0.0, 0.0]),
                ('Q', &[0.5, 1.4, 1.0, 0.0]),
            ],
            line(water.light(550), 3.0),
        );
    }
}

pub(super) fn desert(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let depth = 1000.0 - h;
    let sand = stage.tint(Rgb(0xdd, 0xba, 0x84));
    for (index, (y, bend)) in [(0.0, -0.3), (0.22, 0.24), (0.52, -0.2)]
        .into_iter()
        .enumerate()
    {
        pen.path(
            (0.0, h + depth * y),
            (w, depth),
            &[
                ('M', &[0.0, 0.0]),
                ('Q', &[0.3, bend, 0.58, 0.02]),
                ('Q', &[0.8, -bend * 0.6, 1.0, 0.02]),
                ('L', &[1.0, 1.2]),
                ('L', &[0.0, 1.2]),
                ('Z', &[]),
            ],
            fill(sand.dark(70 * index as u32)).outlined(sand.dark(300), 2.0),
        );
    }
    let cactus = stage.tint(Rgb(0x5d, 0x80, 0x55));
    let x = w * 0.13;
    for points in [
        [(x, h + 90.0), (x, h - 130.0), (x, h - 130.0)],
        [(x, h - 10.0), (x - 52.0, h - 10.0), (x - 52.0, h - 76.0)],
        [(x, h - 44.0), (x + 50.0, h - 44.0), (x + 50.0, h - 106.0)],
    ] {
        pen.polyline(&points, line(cactus.dark(500), 38.0));
        pen.polyline(&points, line(cactus, 31.0));
    }
}

pub(super) fn field(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let depth = 1000.0 - h;
    let crop = stage.ground().mix(stage.tint(Rgb(0xc2, 0xa8, 0x50)), 550);
    for (row, share) in [0.05, 0.14, 0.28, 0.5, 0.8].into_iter().enumerate() {
        let y = h + depth * share;
        let tall = 14.0 + 50.0 * share;
        let count = 46u8;
        for step in 0..count {
            let x = w * (f32::from(step) + 0.5 * (row % 2) as f32) / f32::from(count);
            let lean = if (step as usize + row).is_multiple_of(3) {
                8.0
            } else {
                -5.0
            };
            pen.polyline(
                &[(x, y), (x + lean * share * 2.0, y - tall)],
                line(crop.dark(60 * row as u32), 3.0 + 4.0 * share),
            );
        }
    }
}

pub(super) fn graves(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let stone = stage.tint(STONE);
    for (x, down, size) in [
        (0.1, 0.06, 0.55),
        (0.3, 0.04, 0.5),
        (0.68, 0.06, 0.55),
        (0.9, 0.05, 0.5),
        (0.17, 0.3, 1.0),
        (0.82, 0.34, 1.05),
    ] {
        let at = (w * x, h + (1000.0 - h) * down);
        pen.path(
            at,
            (size, size),
            &[
                ('M', &[-52.0, 40.0]),
                ('L', &[-52.0, -80.0]),
                ('Q', &[0.0, -160.0, 52.0, -80.0]),
                ('L', &[52.0, 40.0]),
                ('Z', &[]),
            ],
            fill(stone).outlined(stone.dark(500), 3.0),
        );
        pen.polyline(
            &[(at.0, at.1 - 78.0 * size), (at.0, at.1 - 10.0 * size)],
            line(stone.dark(380), 6.0 * size),
        );
        pen.polyline(
            &[
                (at.0 - 22.0 * size, at.1 - 56.0 * size),
                (at.0 + 22.0 * size, at.1 - 56.0 * size),
            ],
            line(stone.dark(380), 6.0 * size),
        );
    }
}

pub(super) fn fence(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let paint = stage.tint(Rgb(0xea, 0xe4, 0xd6));
    let edge = paint.dark(480);
    let base = h + (1000.0 - h) * 0.09;
    for y in [base - 84.0, base - 36.0] {
        pen.rect(0.0, y, w, 14.0, fill(paint.dark(100)).outlined(edge, 2.0));
    }
    for step in 0u8..28 {
        let x = w * f32::from(step) / 27.0;
        pen.polygon(
            &[
                (x - 13.0, base),
                (x - 13.0, base - 104.0),
                (x, base - 126.0),
                (x + 13.0, base - 104.0),
                (x + 13.0, base),
            ],
            fill(paint).outlined(edge, 2.0),
        );
    }
}

pub(super) fn trees(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let (leaf, bark) = (stage.tint(LEAF), stage.tint(BARK));
    for (index, (x, down, size)) in [
        (0.19, 0.02, 0.6),
        (0.35, 0.01, 0.5),
        (0.61, 0.02, 0.52),
        (0.78, 0.02, 0.62),
        (0.05, 0.12, 1.0),
        (0.94, 0.14, 1.06),
    ]
    .into_iter()
    .enumerate()
    {
        let (x, base) = (w * x, h + (1000.0 - h) * down);
        let crown = leaf.mix(stage.ground(), 120).dark(index as u32 % 3 * 70);
        let edge = leaf.dark(520);
        pen.polygon(
            &[
                (x - 22.0 * size, base),
                (x - 12.0 * size, base - 230.0 * size),
                (x + 12.0 * size, base - 230.0 * size),
                (x + 24.0 * size, base),
            ],
            fill(bark).outlined(edge, 2.5),
        );
        if index % 3 == 1 {
            for (up, half) in [(110.0, 120.0), (210.0, 96.0), (310.0, 70.0)] {
                pen.polygon(
                    &[
                        (x - half * size, base - up * size),
                        (x, base - (up + 190.0) * size),
                        (x + half * size, base - up * size),
                    ],
                    fill(crown).outlined(edge, 2.5),
                );
            }
        } else {
            pen.path(
                (x, base - 340.0 * size),
                (size, size),
                &[
                    ('M', &[-60.0, 130.0]),
                    ('C', &[-150.0, 150.0, -190.0, 50.0, -128.0, -8.0]),
                    ('C', &[-150.0, -110.0, -50.0, -170.0, 0.0, -120.0]),
                    ('C', &[70.0, -170.0, 160.0, -90.0, 124.0, -6.0]),
                    ('C', &[190.0, 40.0, 150.0, 150.0, 60.0, 128.0]),
                    ('Q', &[0.0, 160.0, -60.0, 130.0]),
                    ('Z', &[]),
                ],
                fill(crown).outlined(edge, 2.5),
            );
            pen.path(
                (x, base - 340.0 * size),
                (size, size),
                &[('M', &[-70.0, -20.0]), ('Q', &[-30.0, -90.0, 30.0, -70.0])],
                line(crown.light(220), 5.0 * size),
            );
        }
    }
}

pub(super) fn hills(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let grass = stage.ground();
    for (x, half, up, shade) in [(0.78, 0.5, 0.34, 60), (0.2, 0.55, 0.46, 0)] {
        let (x, half, up) = (x * w, half * w, up * h);
        pen.path(
            (x, h + 4.0),
            (half, up),
            &[
                ('M', &[-1.0, 0.0]),
                ('C', &[-0.5, -0.35, -0.35, -1.0, 0.0, -1.0]),
                ('C', &[0.35, -1.0, 0.5, -0.35, 1.0, 0.0]),
                ('Z', &[]),
            ],
            fill(grass.light(60).dark(shade)).outlined(grass.dark(420), 2.5),
        );
        for (dx, dy) in [(-0.2, -0.55), (0.16, -0.62), (0.3, -0.3), (-0.42, -0.2)] {
            let (tx, ty) = (x + dx * half, h + dy * up);
            pen.polyline(
                &[(tx, ty), (tx + 12.0, ty - 12.0)],
                line(grass.dark(300), 3.0),
            );
            pen.polyline(
                &[(tx, ty), (tx - 8.0, ty - 14.0)],
                line(grass.dark(300), 3.0),
            );
        }
    }
}

pub(super) fn campfire(pen: &mut Pen, stage: &Stage) {
    let (x, y) = (
        stage.width * 0.5,
        stage.horizon + (1000.0 - stage.horizon) * 0.42,
    );
    pen.glow(x, y - 40.0, 330.0, Rgb(0xff, 0xa8, 0x48), 700);
    let log = stage.tint(BARK);
    for (from, to) in [
        ((-70.0, 10.0), (60.0, -14.0)),
        ((70.0, 10.0), (-60.0, -14.0)),
    ] {
        let points = [(x + from.0, y + from.1), (x + to.0, y + to.1)];
        pen.polyline(&points, line(log.dark(600), 30.0));
        pen.polyline(&points, line(log, 24.0));
    }
    for (size, color) in [
        (1.0, Rgb(0xe8, 0x6a, 0x28)),
        (0.66, Rgb(0xf8, 0xb0, 0x3c)),
        (0.36, Rgb(0xff, 0xec, 0xa8)),
    ] {
        pen.path(
            (x, y),
            (70.0 * size, 150.0 * size),
            &[
                ('M', &[-0.8, -0.1]),
                ('C', &[-1.1, -0.6, -0.3, -0.6, -0.1, -1.1]),
                ('C', &[0.3, -0.8, 0.2, -0.6, 0.4, -0.5]),
                ('C', &[0.6, -0.6, 0.5, -0.8, 0.6, -0.85]),
                ('C', &[1.1, -0.3, 0.9, 0.05, 0.0, 0.05]),
                ('Q', &[-0.6, 0.05, -0.8, -0.1]),
                ('Z', &[]),
            ],
            fill(color),
        );
    }
}
