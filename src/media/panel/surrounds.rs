//! Places that are the whole of what is around: vehicles, tunnels, corridors.

use crate::color::Rgb;
use crate::pen::{Pen, fill, line};

use super::setting::Stage;

use super::furniture::WOOD;

/// The inside of a car as seen through its windscreen: back window, side windows, seats.
pub(super) fn car(pen: &mut Pen, stage: &Stage) {
    let w = stage.width;
    let trim = stage.tint(Rgb(0x57, 0x51, 0x4e));
    let edge = trim.dark(500);
    pen.shaded((0.0, 0.0, w, 1000.0), trim.dark(150), trim.dark(350));
    for (x, width) in [(-0.04, 0.17), (0.25, 0.5), (0.87, 0.17)] {
        let (x, width) = (w * x, w * width);
        stage.sky(pen, (x, 150.0, width, 330.0));
        pen.rect(
            x,
            415.0,
            width,
            65.0,
            fill(stage.tint(Rgb(0x6d, 0x78, 0x58))),
        );
        pen.round_rect(x, 150.0, width, 330.0, 44.0, line(trim.dark(250), 46.0));
        pen.round_rect(x + 12.0, 162.0, width - 24.0, 306.0, 30.0, line(edge, 4.0));
    }
    pen.polygon(
        &[
            (w * 0.47, 415.0),
            (w * 0.53, 415.0),
            (w * 0.58, 466.0),
            (w * 0.42, 466.0),
        ],
        fill(stage.tint(Rgb(0x63, 0x65, 0x6a))),
    );
    pen.rect(0.0, 0.0, w, 110.0, fill(trim.light(60)).outlined(edge, 3.0));
    pen.round_rect(
        w * 0.44,
        60.0,
        w * 0.12,
        66.0,
        22.0,
        fill(trim.dark(450)).outlined(edge, 3.0),
    );
    let seat = stage.accent().mix(trim, 600);
    for middle in [0.3, 0.7] {
        let x = w * middle;
        pen.round_rect(
            x - 84.0,
            330.0,
            168.0,
            120.0,
            34.0,
            fill(seat.light(60)).outlined(edge, 3.0),
        );
        pen.round_rect(
            x - w * 0.14,
            460.0,
            w * 0.28,
            600.0,
            60.0,
            fill(seat).outlined(edge, 3.0),
        );
        pen.round_rect(
            x - w * 0.09,
            520.0,
            w * 0.18,
            500.0,
            40.0,
            line(seat.dark(250), 4.0),
        );
    }
}

pub(super) fn carriage(pen: &mut Pen, stage: &Stage) {
    let w = stage.width;
    let shell = stage.wall().mix(stage.tint(Rgb(0xc4, 0xc8, 0xcc)), 500);
    pen.shaded((0.0, 0.0, w, 1000.0), shell.light(200), shell.dark(160));
    for step in 0u8..4 {
        let x = w * (0.05 + 0.24 * f32::from(step));
        pen.round_rect(
            x - 12.0,
            208.0,
            w * 0.18 + 24.0,
            304.0,
            60.0,
            fill(shell.light(350)).outlined(shell.dark(450), 3.0),
        );
        stage.sky(pen, (x, 220.0, w * 0.18, 280.0));
        pen.round_rect(
            x - 4.0,
            216.0,
            w * 0.18 + 8.0,
            288.0,
            46.0,
            line(shell.light(350), 14.0),
        );
    }
    pen.rect(
        0.0,
        60.0,
        w,
        90.0,
        fill(shell.dark(120)).outlined(shell.dark(420), 3.0),
    );
    pen.rect(0.0, 640.0, w, 360.0, fill(stage.ground()));
    for step in 0u8..5 {
        let x = w * (0.03 + 0.21 * f32::from(step));
        pen.round_rect(
            x,
            560.0,
            150.0,
            240.0,
            36.0,
            fill(stage.accent()).outlined(stage.accent().dark(520), 3.0),
        );
        pen.round_rect(
            x - 12.0,
            770.0,
            220.0,
            74.0,
            26.0,
            fill(stage.accent().dark(140)).outlined(stage.accent().dark(520), 3.0),
        );
    }
}

pub(super) fn cave(pen: &mut Pen, stage: &Stage) {
    let w = stage.width;
    let rock = stage.tint(Rgb(0x6a, 0x62, 0x5c));
    pen.shaded((0.0, 0.0, w, 1000.0), rock.dark(350), rock);
    for (grow, shade) in [(1.0, 350), (0.74, 520), (0.5, 690), (0.3, 820)] {
        pen.path(
            (w / 2.0, 640.0),
            (w * 0.42 * grow, 520.0 * grow),
            &[
                ('M', &[-1.0, 0.72]),
                ('C', &[-1.12, -0.2, -0.6, -1.0, -0.1, -0.94]),
                ('C', &[0.55, -1.06, 1.1, -0.25, 1.0, 0.72]),
                ('Z', &[]),
            ],
            fill(rock.dark(shade)).outlined(rock.dark(800), 3.0),
        );
    }
    for (x, down) in [(0.12, 150.0), (0.26, 90.0), (0.72, 110.0), (0.88, 170.0)] {
        pen.polygon(
            &[(w * x - 40.0, 0.0), (w * x, down), (w * x + 34.0, 0.0)],
            fill(rock.dark(250)).outlined(rock.dark(650), 3.0),
        );
    }
    pen.polygon(
        &[
            (0.0, 1000.0),
            (w * 0.22, 820.0),
            (w * 0.78, 820.0),
            (w, 1000.0),
        ],
        fill(rock.dark(200)),
    );
}

pub(super) fn corridor(pen: &mut Pen, stage: &Stage) {
    let (w, floor) = (stage.width, stage.horizon.clamp(300.0, 900.0));
    let tone = stage.wall();
    let (cx, cy) = (w / 2.0, floor * 0.7);
    let end = |share: f32, x: f32, y: f32| (cx + (x - cx) * share, cy + (y - cy) * share);
    pen.polygon(
        &[(0.0, 0.0), (w, 0.0), end(0.2, w, 0.0), end(0.2, 0.0, 0.0)],
        fill(tone.light(250)),
    );
    pen.polygon(
        &[
            (0.0, 1000.0),
            (w, 1000.0),
            end(0.2, w, 1000.0),
            end(0.2, 0.0, 1000.0),
        ],
        fill(stage.ground()),
    );
    for side in [0.0, w] {
        pen.polygon(
            &[
                (side, 0.0),
                end(0.2, side, 0.0),
                end(0.2, side, 1000.0),
                (side, 1000.0),
            ],
            fill(tone.dark(120)).outlined(tone.dark(450), 3.0),
        );
        for (near, far) in [(0.86, 0.7), (0.56, 0.45), (0.35, 0.29)] {
            let head = |share: f32| end(share, side, 260.0);
            pen.polygon(
                &[
                    head(near),
                    head(far),
                    end(far, side, 1000.0),
                    end(near, side, 1000.0),
                ],
                fill(stage.tint(WOOD)).outlined(tone.dark(600), 3.0),
            );
        }
    }
    for share in [0.9, 0.6, 0.38] {
        let (x0, y) = end(share, w * 0.42, 20.0);
        let (x1, _) = end(share, w * 0.58, 20.0);
        pen.rect(x0, y, x1 - x0, 16.0 * share, fill(Rgb(0xff, 0xf6, 0xd8)));
    }
    let ((x0, y0), (x1, y1)) = (end(0.2, 0.0, 0.0), end(0.2, w, 1000.0));
    pen.rect(
        x0,
        y0,
        x1 - x0,
        y1 - y0,
        fill(tone.light(100)).outlined(tone.dark(450), 3.0),
    );
    pen.rect(
        cx - 34.0,
        y1 - 140.0,
        68.0,
        140.0,
        fill(stage.pane()).outlined(tone.dark(550), 3.0),
    );
}
