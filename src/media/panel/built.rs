//! Motifs that people have built out of doors.

use crate::color::Rgb;
use crate::pen::{Pen, fill, line};

use super::setting::Stage;

const STONE: Rgb = Rgb(0x94, 0x93, 0x90);

pub(super) fn road(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let tar = stage.tint(Rgb(0x5c, 0x5e, 0x63));
    pen.polygon(
        &[
            (w * 0.47, h),
            (w * 0.53, h),
            (w * 0.98, 1000.0),
            (w * 0.02, 1000.0),
        ],
        fill(tar).outlined(tar.light(450), 4.0),
    );
    let depth = 1000.0 - h;
    for (from, to) in [(0.06, 0.14), (0.22, 0.36), (0.5, 0.74), (0.9, 1.0)] {
        let half = |share: f32| 1.5 + 9.0 * share;
        let middle = w / 2.0;
        pen.polygon(
            &[
                (middle - half(from), h + depth * from),
                (middle + half(from), h + depth * from),
                (middle + half(to), h + depth * to),
                (middle - half(to), h + depth * to),
            ],
            fill(stage.tint(Rgb(0xea, 0xdf, 0xb0))),
        );
    }
    for side in [-1.0, 1.0] {
        let x = w / 2.0 + side * w * 0.37;
        let post = fill(stage.tint(Rgb(0x3c, 0x40, 0x48)));
        pen.rect(x - 6.0, h - 300.0, 12.0, 330.0 + depth * 0.2, post);
        pen.rect(x.min(x - side * 90.0), h - 304.0, 90.0, 10.0, post);
        let lamp = x - side * 84.0;
        if stage.lamps() {
            pen.glow(lamp, h - 282.0, 190.0, Rgb(0xff, 0xdc, 0x94), 650);
        }
        pen.ellipse(
            lamp,
            h - 288.0,
            22.0,
            11.0,
            fill(if stage.lamps() {
                Rgb(0xff, 0xe9, 0xb8)
            } else {
                stage.tint(STONE)
            }),
        );
    }
}

pub(super) fn boat(pen: &mut Pen, stage: &Stage) {
    let (x, y) = (
        stage.width * 0.2,
        stage.horizon + (1000.0 - stage.horizon) * 0.2,
    );
    let edge = stage
        .edge(3.0)
        .stroke
        .map_or(Rgb(40, 40, 40), |(color, _)| color);
    pen.path(
        (x, y),
        (1.0, 1.0),
        &[
            ('M', &[-150.0, -40.0]),
            ('L', &[170.0, -40.0]),
            ('Q', &[140.0, 30.0, 90.0, 34.0]),
            ('L', &[-90.0, 34.0]),
            ('Q', &[-135.0, 20.0, -150.0, -40.0]),
            ('Z', &[]),
        ],
        fill(stage.accent()).outlined(edge, 3.0),
    );
    pen.polyline(&[(x, y - 40.0), (x, y - 330.0)], line(edge, 8.0));
    let sail = stage.tint(Rgb(0xf2, 0xec, 0xdc));
    pen.polygon(
        &[
            (x + 10.0, y - 318.0),
            (x + 142.0, y - 70.0),
            (x + 10.0, y - 70.0),
        ],
        fill(sail).outlined(edge, 3.0),
    );
    pen.polygon(
        &[
            (x - 12.0, y - 280.0),
            (x - 98.0, y - 70.0),
            (x - 12.0, y - 70.0),
        ],
        fill(sail.dark(80)).outlined(edge, 3.0),
    );
}

pub(super) fn bridge(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let steel = stage.tint(STONE).dark(250);
    let deck = h - 70.0;
    for tower in [0.22, 0.78] {
        pen.rect(w * tower - 14.0, deck - 300.0, 28.0, 400.0, fill(steel));
    }
    pen.path(
        (0.0, deck),
        (w, 300.0),
        &[
            ('M', &[0.0, -0.28]),
            ('Q', &[0.14, -0.5, 0.22, -0.97]),
            ('Q', &[0.5, 0.78, 0.78, -0.97]),
            ('Q', &[0.86, -0.5, 1.0, -0.28]),
        ],
        line(steel, 7.0),
    );
    for step in 1u8..20 {
        let x = w * f32::from(step) / 20.0;
        pen.polyline(&[(x, deck - 44.0), (x, deck)], line(steel, 3.0));
    }
    pen.rect(
        0.0,
        deck,
        w,
        24.0,
        fill(steel.light(100)).outlined(steel.dark(400), 3.0),
    );
}

pub(super) fn tent(pen: &mut Pen, stage: &Stage) {
    let (x, base) = (stage.width * 0.23, stage.horizon + 50.0);
    let cloth = stage.accent();
    let pale = stage.tint(Rgb(0xf3, 0xea, 0xd6));
    let edge = cloth.dark(550);
    let half = 260.0;
    for (index, (from, to)) in [
        (-1.0, -0.6),
        (-0.6, -0.2),
        (-0.2, 0.2),
        (0.2, 0.6),
        (0.6, 1.0),
    ]
    .into_iter()
    .enumerate()
    {
        let color = if index % 2 == 0 { cloth } else { pale };
        pen.rect(
            x + half * from,
            base - 140.0,
            half * (to - from),
            140.0,
            fill(color).outlined(edge, 2.0),
        );
        pen.polygon(
            &[
                (x, base - 380.0),
                (x + half * from * 1.12, base - 140.0),
                (x + half * to * 1.12, base - 140.0),
            ],
            fill(color).outlined(edge, 2.0),
        );
    }
    pen.polygon(
        &[(x - 46.0, base), (x, base - 130.0), (x + 46.0, base)],
        fill(edge),
    );
    pen.polyline(&[(x, base - 380.0), (x, base - 440.0)], line(edge, 6.0));
    pen.polygon(
        &[
            (x, base - 440.0),
            (x + 66.0, base - 420.0),
            (x, base - 400.0),
        ],
        fill(cloth).outlined(edge, 2.0),
    );
}

pub(super) fn car(pen: &mut Pen, stage: &Stage) {
    let (x, y) = (
        stage.width * 0.8,
        stage.horizon + (1000.0 - stage.horizon) * 0.26,
    );
    let paint = stage.accent();
    let edge = paint.dark(600);
    pen.ellipse(x, y + 44.0, 235.0, 16.0, fill(Rgb(0, 0, 0)).veil(300));
    pen.path(
        (x, y),
        (1.0, 1.0),
        &[
            ('M', &[-230.0, 30.0]),
            ('L', &[-230.0, -20.0]),
            ('Q', &[-224.0, -52.0, -160.0, -56.0]),
            ('L', &[-104.0, -120.0]),
            ('Q', &[-90.0, -132.0, -70.0, -132.0]),
            ('L', &[62.0, -132.0]),
            ('Q', &[84.0, -132.0, 98.0, -118.0]),
            ('L', &[152.0, -56.0]),
            ('Q', &[226.0, -48.0, 230.0, -10.0]),
            ('L', &[230.0, 30.0]),
            ('Z', &[]),
        ],
        fill(paint).outlined(edge, 4.0),
    );
    for glass in [
        [
            (-92.0, -60.0),
            (-66.0, -112.0),
            (-14.0, -112.0),
            (-14.0, -60.0),
        ],
        [(6.0, -60.0), (6.0, -112.0), (66.0, -112.0), (112.0, -60.0)],
    ] {
        pen.polygon(
            &glass.map(|(px, py)| (x + px, y + py)),
            fill(stage.tint(Rgb(0xb4, 0xd0, 0xdc))).outlined(edge, 3.0),
        );
    }
    for wheel in [-140.0, 140.0] {
        pen.circle(
            x + wheel,
            y + 26.0,
            42.0,
            fill(Rgb(0x22, 0x24, 0x28)).outlined(edge, 3.0),
        );
        pen.circle(
            x + wheel,
            y + 26.0,
            19.0,
            fill(stage.tint(Rgb(0xb8, 0xbc, 0xc2))),
        );
    }
    pen.ellipse(x - 222.0, y - 14.0, 9.0, 14.0, fill(Rgb(0xff, 0xee, 0xb8)));
}

/// A platform under a painted arch with lamps.
pub(super) fn stage(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let cloth = stage.accent();
    let edge = cloth.dark(580);
    let (x, width) = (w * 0.22, w * 0.56);
    let (top, floor) = (h - 330.0, h + 40.0);
    pen.rect(
        x,
        top,
        width,
        floor - top,
        fill(cloth.dark(420)).outlined(edge, 3.0),
    );
    for step in 0u8..4 {
        let fold = width * 0.045;
        let shade = cloth.dark(if step % 2 == 0 { 40 } else { 200 });
        pen.rect(
            x + fold * f32::from(step),
            top,
            fold,
            floor - top,
            fill(shade),
        );
        pen.rect(
            x + width - fold * f32::from(step + 1),
            top,
            fold,
            floor - top,
            fill(shade),
        );
    }
    pen.rect(
        x - 26.0,
        top - 56.0,
        width + 52.0,
        60.0,
        fill(cloth).outlined(edge, 3.0),
    );
    for step in 0u8..12 {
        let px = x + width * (f32::from(step) + 0.5) / 12.0;
        if stage.lamps() {
            pen.glow(px, top - 26.0, 46.0, Rgb(0xff, 0xe2, 0x9a), 700);
        }
        pen.circle(
            px,
            top - 26.0,
            11.0,
            fill(Rgb(0xff, 0xee, 0xc0)).outlined(edge, 2.0),
        );
    }
    pen.rect(
        x - 40.0,
        floor,
        width + 80.0,
        70.0,
        fill(stage.tint(Rgb(0x8c, 0x66, 0x45))).outlined(edge, 3.0),
    );
}
