//! Things that are read or looked at.

use crate::color::{INK, PAPER, Rgb};
use crate::pen::{Pen, fill, line};

use super::{EDGE, GOLD, SHEET, STEEL};

pub(super) fn sheet(pen: &mut Pen, _: Rgb) {
    pen.group(format_args!("transform=\"rotate(-6)\""), |pen| {
        pen.polygon(
            &[
                (-170.0, -240.0),
                (110.0, -240.0),
                (170.0, -180.0),
                (170.0, 240.0),
                (-170.0, 240.0),
            ],
            fill(SHEET).outlined(INK, EDGE),
        );
        pen.polygon(
            &[(110.0, -240.0), (110.0, -180.0), (170.0, -180.0)],
            fill(SHEET.dark(150)).outlined(INK, EDGE),
        );
        for (row, length) in [0.9, 1.0, 0.8, 0.95, 0.6, 1.0, 0.85, 0.5]
            .into_iter()
            .enumerate()
        {
            let y = -130.0 + 42.0 * row as f32;
            pen.polyline(
                &[(-130.0, y), (-130.0 + 260.0 * length, y)],
                line(INK.light(420), 7.0),
            );
        }
    });
}

pub(super) fn phone(pen: &mut Pen, accent: Rgb) {
    pen.group(format_args!("transform=\"rotate(5)\""), |pen| {
        pen.round_rect(
            -125.0,
            -245.0,
            250.0,
            490.0,
            36.0,
            fill(Rgb(0x22, 0x25, 0x2b)).outlined(INK, EDGE),
        );
        pen.round_rect(
            -106.0,
            -205.0,
            212.0,
            400.0,
            12.0,
            fill(Rgb(0xd6, 0xe8, 0xf0)),
        );
        for (x, y, w, color) in [
            (-90.0, -180.0, 130.0, PAPER),
            (-50.0, -110.0, 140.0, accent.light(300)),
            (-90.0, -40.0, 110.0, PAPER),
            (-20.0, 30.0, 110.0, accent.light(300)),
        ] {
            pen.round_rect(x, y, w, 50.0, 22.0, fill(color));
        }
        pen.round_rect(-40.0, 210.0, 80.0, 12.0, 6.0, fill(STEEL));
    });
}

pub(super) fn photo(pen: &mut Pen, accent: Rgb) {
    pen.group(format_args!("transform=\"rotate(-5)\""), |pen| {
        pen.rect(
            -200.0,
            -240.0,
            400.0,
            470.0,
            fill(Rgb(0xfd, 0xfb, 0xf5)).outlined(INK, EDGE),
        );
        pen.shaded(
            (-168.0, -208.0, 336.0, 330.0),
            Rgb(0xa8, 0xc4, 0xd6),
            Rgb(0xdc, 0xcf, 0xb4),
        );
        for (x, color) in [(-66.0, accent), (72.0, accent.mix(STEEL, 700))] {
            pen.path(
                (x, 122.0),
                (1.0, 1.0),
                &[
                    ('M', &[-84.0, 0.0]),
                    ('Q', &[-80.0, -110.0, 0.0, -112.0]),
                    ('Q', &[80.0, -110.0, 84.0, 0.0]),
                    ('Z', &[]),
                ],
                fill(color).outlined(INK, 4.0),
            );
            pen.circle(
                x,
                -44.0,
                52.0,
                fill(Rgb(0xee, 0xdf, 0xcc)).outlined(INK, 4.0),
            );
        }
        pen.rect(-168.0, -208.0, 336.0, 330.0, line(INK, 4.0));
    });
}

pub(super) fn book(pen: &mut Pen, accent: Rgb) {
    pen.polygon(
        &[
            (-280.0, -150.0),
            (0.0, -110.0),
            (280.0, -150.0),
            (280.0, 190.0),
            (0.0, 230.0),
            (-280.0, 190.0),
        ],
        fill(accent.dark(150)).outlined(INK, EDGE),
    );
    for side in [-1.0, 1.0] {
        pen.path(
            (0.0, 0.0),
            (side, 1.0),
            &[
                ('M', &[0.0, -110.0]),
                ('Q', &[120.0, -200.0, 260.0, -166.0]),
                ('L', &[260.0, 166.0]),
                ('Q', &[120.0, 130.0, 0.0, 216.0]),
                ('Z', &[]),
            ],
            fill(SHEET).outlined(INK, EDGE),
        );
        for row in 0u8..6 {
            let y = -110.0 + 42.0 * f32::from(row);
            pen.path(
                (0.0, y),
                (side, 1.0),
                &[('M', &[36.0, 14.0]), ('Q', &[120.0, -32.0, 224.0, -14.0])],
                line(INK.light(450), 6.0),
            );
        }
    }
}

pub(super) fn envelope(pen: &mut Pen, accent: Rgb) {
    pen.group(format_args!("transform=\"rotate(-4)\""), |pen| {
        pen.rect(
            -270.0,
            -160.0,
            540.0,
            320.0,
            fill(SHEET).outlined(INK, EDGE),
        );
        pen.rect(-246.0, -136.0, 492.0, 272.0, line(accent, 6.0));
        pen.circle(
            -150.0,
            0.0,
            76.0,
            fill(accent.light(350)).outlined(INK, 4.0),
        );
        for (y, end) in [(-60.0, 210.0), (0.0, 170.0), (60.0, 200.0)] {
            pen.polyline(&[(-30.0, y), (end, y)], line(INK.light(300), 12.0));
        }
    });
}

pub(super) fn map(pen: &mut Pen, accent: Rgb) {
    for (index, x) in [-300.0, -100.0, 100.0].into_iter().enumerate() {
        let (a, b) = if index % 2 == 0 {
            (-190.0, -150.0)
        } else {
            (-150.0, -190.0)
        };
        let shade = if index % 2 == 0 {
            SHEET
        } else {
            SHEET.dark(90)
        };
        pen.polygon(
            &[
                (x, a),
                (x + 200.0, b),
                (x + 200.0, b + 350.0),
                (x, a + 350.0),
            ],
            fill(shade).outlined(INK, EDGE),
        );
    }
    pen.path(
        (0.0, 0.0),
        (1.0, 1.0),
        &[
            ('M', &[-280.0, 60.0]),
            ('C', &[-120.0, -40.0, -60.0, 140.0, 80.0, 20.0]),
            ('Q', &[180.0, -60.0, 280.0, -20.0]),
        ],
        line(Rgb(0x5a, 0x8f, 0xa8), 16.0),
    );
    pen.path(
        (0.0, 0.0),
        (1.0, 1.0),
        &[
            ('M', &[-240.0, -110.0]),
            ('Q', &[-60.0, -160.0, 30.0, -30.0]),
            ('L', &[200.0, 100.0]),
        ],
        line(accent, 8.0).dashed(22.0),
    );
    for turn in [-1.0, 1.0] {
        pen.polyline(
            &[(176.0, 100.0 - 26.0 * turn), (228.0, 100.0 + 26.0 * turn)],
            line(Rgb(0xc0, 0x30, 0x28), 14.0),
        );
    }
}

pub(super) fn screen(pen: &mut Pen, accent: Rgb) {
    pen.round_rect(
        -300.0,
        -220.0,
        600.0,
        370.0,
        20.0,
        fill(Rgb(0x2a, 0x2e, 0x36)).outlined(INK, EDGE),
    );
    pen.rect(-272.0, -192.0, 544.0, 300.0, fill(Rgb(0x36, 0x5c, 0x70)));
    pen.polyline(
        &[
            (-240.0, 40.0),
            (-140.0, -40.0),
            (-60.0, 20.0),
            (60.0, -120.0),
            (140.0, -60.0),
            (240.0, -140.0),
        ],
        line(accent.light(450), 12.0),
    );
    pen.polygon(
        &[(-60.0, 150.0), (60.0, 150.0), (90.0, 220.0), (-90.0, 220.0)],
        fill(STEEL).outlined(INK, EDGE),
    );
    pen.round_rect(
        -170.0,
        214.0,
        340.0,
        24.0,
        10.0,
        fill(STEEL.dark(150)).outlined(INK, EDGE),
    );
}

pub(super) fn clock(pen: &mut Pen, accent: Rgb) {
    pen.circle(0.0, 0.0, 240.0, fill(accent.dark(200)).outlined(INK, EDGE));
    pen.circle(0.0, 0.0, 204.0, fill(SHEET).outlined(INK, EDGE));
    for (x, y) in [
        (0.0, -1.0),
        (0.5, -0.866),
        (0.866, -0.5),
        (1.0, 0.0),
        (0.866, 0.5),
        (0.5, 0.866),
        (0.0, 1.0),
        (-0.5, 0.866),
        (-0.866, 0.5),
        (-1.0, 0.0),
        (-0.866, -0.5),
        (-0.5, -0.866),
    ] {
        pen.polyline(
            &[(x * 164.0, y * 164.0), (x * 186.0, y * 186.0)],
            line(INK, 9.0),
        );
    }
    pen.polyline(&[(0.0, 0.0), (-74.0, -66.0)], line(INK, 17.0));
    pen.polyline(&[(0.0, 0.0), (84.0, -126.0)], line(INK, 11.0));
    pen.circle(0.0, 0.0, 15.0, fill(INK));
}

pub(super) fn lock(pen: &mut Pen, accent: Rgb) {
    pen.rect(
        -220.0,
        -300.0,
        440.0,
        600.0,
        fill(Rgb(0x8c, 0x66, 0x45)).outlined(INK, EDGE),
    );
    pen.round_rect(
        -90.0,
        -180.0,
        180.0,
        370.0,
        30.0,
        fill(accent.mix(GOLD, 650)).outlined(INK, EDGE),
    );
    pen.circle(0.0, -70.0, 74.0, fill(GOLD).outlined(INK, EDGE));
    pen.circle(-20.0, -92.0, 22.0, fill(GOLD.light(500)));
    pen.circle(0.0, 80.0, 26.0, fill(INK));
    pen.polygon(
        &[(-12.0, 84.0), (12.0, 84.0), (22.0, 150.0), (-22.0, 150.0)],
        fill(INK),
    );
}
