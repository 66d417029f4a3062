//! Motifs that people have built out of doors.

use crate::media::color::Rgb;
use crate::media::pen::{Pen, fill, line};

use super::setting::Stage;

const STONE: Rgb = Rgb(0x94, 0x93, 0x90);

pub(super) fn skyline(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let base = stage.wall().mix(stage.tint(Rgb(0x5a, 0x62, 0x70)), 700);
    let far = base.light(220);
    for (x, width, up) in [
        (0.02, 0.09, 0.5),
        (0.2, 0.08, 0.62),
        (0.36, 0.1, 0.42),
        (0.56, 0.08, 0.68),
        (0.72, 0.1, 0.46),
        (0.9, 0.1, 0.6),
    ] {
        pen.rect(x * w, h - up * h, width * w, up * h, fill(far));
    }
    for (index, (x, width, up)) in [
        (-0.02, 0.15, 0.62),
        (0.15, 0.11, 0.4),
        (0.66, 0.11, 0.44),
        (0.79, 0.13, 0.74),
        (0.93, 0.1, 0.5),
    ]
    .into_iter()
    .enumerate()
    {
        let (x, width, up) = (x * w, width * w, up * h);
        let front = base.dark(80 + 60 * (index as u32 % 2));
        pen.rect(
            x,
            h - up,
            width,
            up + 6.0,
            fill(front).outlined(base.dark(420), 2.5),
        );
        let (columns, rows) = (4u8, (up / 62.0) as u8);
        for row in 0..rows {
            for column in 0..columns {
                // Some are dark, the same ones each time.
                if (usize::from(row) * 7 + usize::from(column) * 3 + index) % 5 == 0 {
                    continue;
                }
                let step = width / f32::from(columns);
                pen.rect(
                    x + step * (f32::from(column) + 0.26),
                    h - up + 22.0 + 62.0 * f32::from(row),
                    step * 0.48,
                    34.0,
                    fill(stage.pane()),
                );
            }
        }
    }
}

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

pub(super) fn house(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let (x, width, up) = (w * 0.09, w * 0.31, h * 0.44);
    let wall = stage.accent().light(330);
    let edge = wall.dark(520);
    let base = h + (1000.0 - h) * 0.12;
    let top = base - up;
    pen.rect(
        x + width * 0.72,
        top - up * 0.5,
        width * 0.09,
        up * 0.42,
        fill(stage.accent().dark(240)).outlined(edge, 3.0),
    );
    pen.rect(x, top, width, up, fill(wall).outlined(edge, 3.0));
    pen.polygon(
        &[
            (x - width * 0.09, top),
            (x + width / 2.0, top - up * 0.58),
            (x + width * 1.09, top),
        ],
        fill(stage.accent().dark(300)).outlined(edge, 3.0),
    );
    pen.rect(
        x + width * 0.42,
        base - up * 0.6,
        width * 0.17,
        up * 0.6,
        fill(stage.accent().dark(120)).outlined(edge, 3.0),
    );
    pen.circle(
        x + width * 0.56,
        base - up * 0.28,
        5.0,
        fill(stage.tint(Rgb(0xe8, 0xcf, 0x7a))),
    );
    for place in [0.11, 0.7] {
        let (wx, wy, ww, wh) = (x + width * place, base - up * 0.68, width * 0.2, up * 0.34);
        if stage.lamps() {
            pen.glow(
                wx + ww / 2.0,
                wy + wh / 2.0,
                ww * 1.1,
                Rgb(0xff, 0xd8, 0x8a),
                420,
            );
        }
        pen.rect(wx, wy, ww, wh, fill(stage.pane()).outlined(edge, 3.0));
        pen.polyline(
            &[(wx + ww / 2.0, wy), (wx + ww / 2.0, wy + wh)],
            line(edge, 3.0),
        );
        pen.polyline(
            &[(wx, wy + wh / 2.0), (wx + ww, wy + wh / 2.0)],
            line(edge, 3.0),
        );
    }
}

pub(super) fn church(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let wall = stage.tint(Rgb(0xc9, 0xc2, 0xb4));
    let edge = wall.dark(520);
    let (x, base) = (w * 0.14, h + 30.0);
    pen.rect(
        x + 90.0,
        base - 230.0,
        330.0,
        230.0,
        fill(wall).outlined(edge, 3.0),
    );
    pen.polygon(
        &[
            (x + 80.0, base - 230.0),
            (x + 130.0, base - 340.0),
            (x + 400.0, base - 340.0),
            (x + 440.0, base - 230.0),
        ],
        fill(stage.accent().dark(250)).outlined(edge, 3.0),
    );
    pen.rect(
        x,
        base - 360.0,
        110.0,
        360.0,
        fill(wall.light(120)).outlined(edge, 3.0),
    );
    pen.polygon(
        &[
            (x - 12.0, base - 360.0),
            (x + 55.0, base - 540.0),
            (x + 122.0, base - 360.0),
        ],
        fill(stage.accent().dark(300)).outlined(edge, 3.0),
    );
    pen.polyline(
        &[(x + 55.0, base - 600.0), (x + 55.0, base - 536.0)],
        line(edge, 6.0),
    );
    pen.polyline(
        &[(x + 34.0, base - 580.0), (x + 76.0, base - 580.0)],
        line(edge, 6.0),
    );
    for wx in [150.0, 235.0, 320.0] {
        pen.path(
            (x + wx, base - 70.0),
            (1.0, 1.0),
            &[
                ('M', &[0.0, 0.0]),
                ('L', &[0.0, -70.0]),
                ('Q', &[22.0, -120.0, 44.0, -70.0]),
                ('L', &[44.0, 0.0]),
                ('Z', &[]),
            ],
            fill(stage.pane()).outlined(edge, 3.0),
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
