//! Motifs of towns: houses of every kind.

use crate::color::Rgb;
use crate::pen::{Pen, fill, line};

use super::setting::Stage;

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

/// Small houses and shops along both sides of the view.
pub(super) fn row(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let paints = [
        stage.accent().light(380),
        stage.tint(Rgb(0xd8, 0xd2, 0xc0)),
        stage.tint(Rgb(0xb4, 0xc0, 0xc4)),
        stage.accent().light(150),
    ];
    let houses = [
        (0.0, 0.15, 0.42),
        (0.15, 0.12, 0.34),
        (0.27, 0.1, 0.27),
        (0.63, 0.1, 0.28),
        (0.73, 0.12, 0.36),
        (0.85, 0.16, 0.44),
    ];
    for (index, (x, width, up)) in houses.into_iter().enumerate() {
        let (x, width, up) = (x * w, width * w, up * h);
        let wall = paints[index % paints.len()];
        let edge = wall.dark(540);
        let (base, top) = (h + 14.0, h + 14.0 - up);
        if index % 2 == 0 {
            pen.polygon(
                &[
                    (x - 6.0, top),
                    (x + width / 2.0, top - up * 0.42),
                    (x + width + 6.0, top),
                ],
                fill(stage.accent().dark(280)).outlined(edge, 2.5),
            );
        } else {
            pen.rect(
                x - 4.0,
                top - 26.0,
                width + 8.0,
                28.0,
                fill(wall.dark(220)).outlined(edge, 2.5),
            );
        }
        pen.rect(x, top, width, up, fill(wall).outlined(edge, 2.5));
        for place in [0.14, 0.58] {
            pen.rect(
                x + width * place,
                top + up * 0.16,
                width * 0.26,
                up * 0.24,
                fill(stage.pane()).outlined(edge, 2.0),
            );
        }
        pen.rect(
            x + width * 0.4,
            base - up * 0.36,
            width * 0.22,
            up * 0.36,
            fill(wall.dark(420)).outlined(edge, 2.0),
        );
        if index % 2 == 1 {
            pen.polygon(
                &[
                    (x, base - up * 0.46),
                    (x + width, base - up * 0.46),
                    (x + width + 14.0, base - up * 0.36),
                    (x - 14.0, base - up * 0.36),
                ],
                fill(stage.accent()).outlined(edge, 2.0),
            );
        }
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

/// A public building with columns.
pub(super) fn hall(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let stone = stage.tint(Rgb(0xd2, 0xcc, 0xbe));
    let edge = stone.dark(520);
    let (x, width, up) = (w * 0.12, w * 0.42, h * 0.4);
    let base = h + 24.0;
    let top = base - up;
    pen.rect(
        x - 60.0,
        top + up * 0.2,
        width + 120.0,
        up * 0.8,
        fill(stone.dark(120)).outlined(edge, 3.0),
    );
    for step in 0u8..9 {
        let px = x - 40.0 + (width + 80.0) * f32::from(step) / 9.0;
        pen.rect(
            px,
            top + up * 0.34,
            26.0,
            up * 0.3,
            fill(stage.pane()).outlined(edge, 2.0),
        );
    }
    pen.rect(x, top, width, up, fill(stone.dark(60)).outlined(edge, 3.0));
    pen.polygon(
        &[
            (x - 20.0, top),
            (x + width / 2.0, top - up * 0.36),
            (x + width + 20.0, top),
        ],
        fill(stone.light(120)).outlined(edge, 3.0),
    );
    pen.rect(
        x + width * 0.42,
        base - up * 0.56,
        width * 0.16,
        up * 0.56,
        fill(stage.accent().dark(350)).outlined(edge, 3.0),
    );
    for step in 0u8..6 {
        let px = x + 14.0 + (width - 62.0) * f32::from(step) / 5.0;
        pen.rect(
            px,
            top + 8.0,
            34.0,
            up - 8.0,
            fill(stone.light(220)).outlined(edge, 2.5),
        );
    }
    for step in 0u8..3 {
        let out = 14.0 * f32::from(step + 1);
        pen.rect(
            x - out,
            base + 12.0 * f32::from(step),
            width + out * 2.0,
            12.0,
            fill(stone.light(100)).outlined(edge, 2.0),
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
