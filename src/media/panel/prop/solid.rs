//! Things that are held.

use crate::color::{INK, PAPER, Rgb};
use crate::pen::{Pen, fill, line};

use super::{EDGE, GLASS, GOLD, SHEET, STEEL};

pub(super) fn gun(pen: &mut Pen, _: Rgb) {
    let steel = fill(Rgb(0x55, 0x5b, 0x64)).outlined(INK, EDGE);
    pen.path(
        (-20.0, 0.0),
        (1.0, 1.0),
        &[
            ('M', &[60.0, -40.0]),
            ('L', &[140.0, -40.0]),
            ('L', &[190.0, 190.0]),
            ('Q', &[150.0, 216.0, 96.0, 200.0]),
            ('Z', &[]),
        ],
        fill(Rgb(0x6b, 0x48, 0x30)).outlined(INK, EDGE),
    );
    pen.path(
        (-20.0, 0.0),
        (1.0, 1.0),
        &[('M', &[64.0, 40.0]), ('Q', &[-30.0, 110.0, -46.0, -20.0])],
        line(INK, 20.0),
    );
    pen.round_rect(-250.0, -130.0, 420.0, 106.0, 12.0, steel);
    pen.rect(
        -250.0,
        -56.0,
        300.0,
        24.0,
        fill(Rgb(0x3c, 0x41, 0x49)).outlined(INK, EDGE),
    );
    pen.rect(-236.0, -148.0, 20.0, 20.0, steel);
    pen.rect(126.0, -148.0, 30.0, 20.0, steel);
}

pub(super) fn knife(pen: &mut Pen, _: Rgb) {
    pen.group(format_args!("transform=\"rotate(-28)\""), |pen| {
        pen.path(
            (0.0, 0.0),
            (1.0, 1.0),
            &[
                ('M', &[-280.0, 20.0]),
                ('Q', &[-180.0, -56.0, 60.0, -44.0]),
                ('L', &[60.0, 40.0]),
                ('L', &[-200.0, 40.0]),
                ('Q', &[-250.0, 36.0, -280.0, 20.0]),
                ('Z', &[]),
            ],
            fill(STEEL.light(350)).outlined(INK, EDGE),
        );
        pen.polyline(&[(-210.0, 18.0), (50.0, 14.0)], line(STEEL.dark(150), 5.0));
        pen.round_rect(
            60.0,
            -60.0,
            26.0,
            116.0,
            8.0,
            fill(GOLD).outlined(INK, EDGE),
        );
        pen.round_rect(
            86.0,
            -34.0,
            190.0,
            64.0,
            26.0,
            fill(Rgb(0x5a, 0x3d, 0x2a)).outlined(INK, EDGE),
        );
        for x in [128.0, 180.0, 232.0] {
            pen.circle(x, -2.0, 9.0, fill(GOLD));
        }
    });
}

pub(super) fn key(pen: &mut Pen, _: Rgb) {
    pen.group(format_args!("transform=\"rotate(-24)\""), |pen| {
        for (extra, color) in [(EDGE * 2.0, INK), (0.0, GOLD)] {
            pen.circle(-160.0, 0.0, 78.0, line(color, 42.0 + extra));
            pen.polyline(&[(-80.0, 0.0), (230.0, 0.0)], line(color, 34.0 + extra));
            pen.polyline(&[(150.0, 0.0), (150.0, 74.0)], line(color, 30.0 + extra));
            pen.polyline(&[(212.0, 0.0), (212.0, 92.0)], line(color, 30.0 + extra));
        }
    });
}

pub(super) fn ring(pen: &mut Pen, accent: Rgb) {
    pen.ellipse(0.0, 60.0, 150.0, 160.0, line(INK, 54.0));
    pen.ellipse(0.0, 60.0, 150.0, 160.0, line(GOLD, 42.0));
    pen.polygon(
        &[
            (-78.0, -160.0),
            (-40.0, -216.0),
            (40.0, -216.0),
            (78.0, -160.0),
            (0.0, -64.0),
        ],
        fill(accent.light(400)).outlined(INK, EDGE),
    );
    pen.polyline(&[(-78.0, -160.0), (78.0, -160.0)], line(INK, 4.0));
    pen.polyline(
        &[(-30.0, -160.0), (0.0, -70.0), (30.0, -160.0)],
        line(INK, 4.0),
    );
}

pub(super) fn bottle(pen: &mut Pen, accent: Rgb) {
    pen.path(
        (0.0, 0.0),
        (1.0, 1.0),
        &[
            ('M', &[-34.0, -250.0]),
            ('L', &[34.0, -250.0]),
            ('L', &[34.0, -120.0]),
            ('Q', &[104.0, -80.0, 104.0, -10.0]),
            ('L', &[104.0, 250.0]),
            ('L', &[-104.0, 250.0]),
            ('L', &[-104.0, -10.0]),
            ('Q', &[-104.0, -80.0, -34.0, -120.0]),
            ('Z', &[]),
        ],
        fill(Rgb(0x4f, 0x7d, 0x62)).outlined(INK, EDGE),
    );
    pen.rect(-104.0, 20.0, 208.0, 150.0, fill(SHEET).outlined(INK, EDGE));
    pen.rect(-84.0, 60.0, 168.0, 26.0, fill(accent));
    pen.rect(-40.0, -268.0, 80.0, 34.0, fill(GOLD).outlined(INK, EDGE));
    pen.polyline(
        &[(-74.0, -30.0), (-74.0, 6.0)],
        line(Rgb(0xd8, 0xec, 0xde), 12.0),
    );
}

pub(super) fn cup(pen: &mut Pen, accent: Rgb) {
    pen.ellipse(176.0, 10.0, 78.0, 96.0, line(INK, 46.0));
    pen.ellipse(176.0, 10.0, 78.0, 96.0, line(accent, 34.0));
    pen.path(
        (0.0, 0.0),
        (1.0, 1.0),
        &[
            ('M', &[-170.0, -150.0]),
            ('L', &[-150.0, 150.0]),
            ('Q', &[-140.0, 220.0, 0.0, 220.0]),
            ('Q', &[140.0, 220.0, 150.0, 150.0]),
            ('L', &[170.0, -150.0]),
            ('Z', &[]),
        ],
        fill(accent).outlined(INK, EDGE),
    );
    pen.ellipse(
        0.0,
        -150.0,
        170.0,
        46.0,
        fill(accent.light(300)).outlined(INK, EDGE),
    );
    pen.ellipse(0.0, -142.0, 140.0, 32.0, fill(Rgb(0x5a, 0x3b, 0x28)));
    for x in [-60.0, 20.0, 90.0] {
        pen.path(
            (x, -210.0),
            (1.0, 1.0),
            &[
                ('M', &[0.0, 0.0]),
                ('Q', &[-30.0, -30.0, 0.0, -56.0]),
                ('Q', &[30.0, -84.0, 0.0, -112.0]),
            ],
            line(PAPER, 10.0),
        );
    }
}

pub(super) fn lantern(pen: &mut Pen, _: Rgb) {
    pen.glow(0.0, 20.0, 330.0, Rgb(0xff, 0xd0, 0x70), 800);
    pen.path(
        (0.0, -150.0),
        (1.0, 1.0),
        &[('M', &[-110.0, 0.0]), ('Q', &[0.0, -200.0, 110.0, 0.0])],
        line(INK, 14.0),
    );
    pen.polygon(
        &[
            (-90.0, -90.0),
            (-50.0, -160.0),
            (50.0, -160.0),
            (90.0, -90.0),
        ],
        fill(STEEL).outlined(INK, EDGE),
    );
    pen.rect(
        -110.0,
        -92.0,
        220.0,
        250.0,
        fill(GLASS.mix(Rgb(0xff, 0xe6, 0xa0), 600)).outlined(INK, EDGE),
    );
    pen.path(
        (0.0, 120.0),
        (1.0, 1.0),
        &[
            ('M', &[0.0, -150.0]),
            ('C', &[70.0, -60.0, 60.0, 0.0, 0.0, 10.0]),
            ('C', &[-60.0, 0.0, -70.0, -60.0, 0.0, -150.0]),
            ('Z', &[]),
        ],
        fill(Rgb(0xf2, 0x9a, 0x3a)).outlined(INK, 4.0),
    );
    for x in [-110.0, -4.0, 102.0] {
        pen.rect(x, -92.0, 8.0, 250.0, fill(INK));
    }
    pen.rect(-136.0, 156.0, 272.0, 60.0, fill(STEEL).outlined(INK, EDGE));
}

pub(super) fn case(pen: &mut Pen, accent: Rgb) {
    let leather = accent.mix(Rgb(0x7a, 0x52, 0x38), 550);
    pen.round_rect(-76.0, -226.0, 152.0, 120.0, 36.0, line(INK, 42.0));
    pen.round_rect(
        -76.0,
        -226.0,
        152.0,
        120.0,
        36.0,
        line(leather.dark(300), 30.0),
    );
    pen.round_rect(
        -270.0,
        -160.0,
        540.0,
        380.0,
        34.0,
        fill(leather).outlined(INK, EDGE),
    );
    pen.rect(-270.0, -20.0, 540.0, 20.0, fill(leather.dark(350)));
    for x in [-160.0, 110.0] {
        pen.rect(x, -50.0, 50.0, 80.0, fill(GOLD).outlined(INK, EDGE));
    }
}

pub(super) fn carton(pen: &mut Pen, accent: Rgb) {
    let wood = accent.mix(Rgb(0x9a, 0x72, 0x4c), 600);
    pen.polygon(
        &[
            (-230.0, -60.0),
            (-150.0, -170.0),
            (270.0, -170.0),
            (230.0, -60.0),
        ],
        fill(wood.dark(400)).outlined(INK, EDGE),
    );
    pen.polygon(
        &[
            (-150.0, -170.0),
            (-130.0, -260.0),
            (280.0, -260.0),
            (270.0, -170.0),
        ],
        fill(wood.light(150)).outlined(INK, EDGE),
    );
    pen.polygon(
        &[
            (230.0, -60.0),
            (270.0, -170.0),
            (270.0, 90.0),
            (230.0, 220.0),
        ],
        fill(wood.dark(250)).outlined(INK, EDGE),
    );
    pen.rect(-230.0, -60.0, 460.0, 280.0, fill(wood).outlined(INK, EDGE));
    pen.rect(-230.0, 0.0, 460.0, 16.0, fill(wood.dark(220)));
    pen.round_rect(
        -36.0,
        -40.0,
        72.0,
        90.0,
        10.0,
        fill(GOLD).outlined(INK, EDGE),
    );
    pen.circle(0.0, 6.0, 12.0, fill(INK));
}

pub(super) fn fish(pen: &mut Pen, accent: Rgb) {
    let scale = accent.mix(Rgb(0x7f, 0xa2, 0xb0), 600);
    pen.polygon(
        &[(150.0, 0.0), (300.0, -120.0), (260.0, 0.0), (300.0, 120.0)],
        fill(scale.dark(200)).outlined(INK, EDGE),
    );
    pen.polygon(
        &[(-60.0, -130.0), (40.0, -210.0), (80.0, -100.0)],
        fill(scale.dark(200)).outlined(INK, EDGE),
    );
    pen.path(
        (0.0, 0.0),
        (1.0, 1.0),
        &[
            ('M', &[-290.0, 10.0]),
            ('Q', &[-80.0, -210.0, 190.0, 0.0]),
            ('Q', &[-80.0, 200.0, -290.0, 10.0]),
            ('Z', &[]),
        ],
        fill(scale).outlined(INK, EDGE),
    );
    pen.path(
        (0.0, 0.0),
        (1.0, 1.0),
        &[('M', &[-150.0, -94.0]), ('Q', &[-100.0, 0.0, -150.0, 96.0])],
        line(INK, 6.0),
    );
    pen.circle(-206.0, -22.0, 24.0, fill(PAPER).outlined(INK, 4.0));
    pen.circle(-208.0, -20.0, 11.0, fill(INK));
}
