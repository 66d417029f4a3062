//! Railway platforms.

use crate::color::Rgb;
use crate::pen::{Pen, fill, line};

use super::furniture::{LINEN, STEEL, WOOD, solid, wood};
use super::setting::Stage;
use super::works::IRON;

/// A railway platform: the track, a train at it, a roof on posts, a clock.
pub(super) fn platform(pen: &mut Pen, stage: &Stage) {
    let (w, h) = (stage.width, stage.horizon);
    let (steel, stone) = (stage.tint(IRON), stage.tint(Rgb(0xa6, 0xa2, 0x98)));
    if stage.interior {
        let tile = stage.wall().mix(stage.tint(LINEN), 400);
        pen.shaded((0.0, 0.0, w, h + 40.0), tile.dark(260), tile);
    } else {
        stage.sky(pen, (0.0, 0.0, w, h + 2.0));
    }
    let meet = (w * 0.44, h + 10.0);
    let to = |x: f32, y: f32, share: f32| (x + (meet.0 - x) * share, y + (meet.1 - y) * share);
    // The bed of the track and its rails.
    pen.polygon(
        &[(0.0, 1000.0), (0.0, h + 10.0), meet, (w * 0.4, 1000.0)],
        fill(stage.tint(Rgb(0x4c, 0x48, 0x46))),
    );
    for step in [0.0, 0.22, 0.4, 0.54, 0.65, 0.74, 0.81, 0.87] {
        let ends = [to(-w * 0.06, 1000.0, step), to(w * 0.27, 1000.0, step)];
        pen.polyline(
            &ends,
            line(stage.tint(WOOD).dark(300), 22.0 * (1.0 - step) + 2.0),
        );
    }
    for x in [-0.0, 0.21] {
        pen.polyline(&[(w * x, 1000.0), meet], line(stage.tint(STEEL), 9.0));
    }
    // The train stands to the left.
    let side = stage.accent();
    let edge = side.dark(600);
    let hull = [
        (-w * 0.1, h - 420.0),
        to(-w * 0.1, h - 420.0, 0.82),
        to(-w * 0.1, h + 250.0, 0.82),
        (-w * 0.1, h + 250.0),
    ];
    pen.polygon(&hull, fill(side).outlined(edge, 4.0));
    let quad = |from: f32, until: f32, up: f32, down: f32| {
        [
            to(-w * 0.1, h + up, from),
            to(-w * 0.1, h + up, until),
            to(-w * 0.1, h + down, until),
            to(-w * 0.1, h + down, from),
        ]
    };
    pen.polygon(&quad(0.0, 0.82, 60.0, 90.0), fill(stage.tint(LINEN)));
    for (from, until) in [
        (0.2, 0.3),
        (0.34, 0.43),
        (0.47, 0.54),
        (0.6, 0.65),
        (0.68, 0.73),
        (0.76, 0.79),
    ] {
        pen.polygon(
            &quad(from, until, -260.0, -60.0),
            fill(stage.pane()).outlined(edge, 3.0),
        );
    }
    pen.polygon(
        &quad(0.56, 0.585, -270.0, 220.0),
        fill(side.dark(260)).outlined(edge, 3.0),
    );
    // The platform with its white edge.
    pen.polygon(
        &[(w * 0.4, 1000.0), meet, (w, h + 60.0), (w, 1000.0)],
        fill(stone),
    );
    pen.polygon(
        &[(w * 0.4, 1000.0), meet, (w * 0.47, 1000.0)],
        fill(stage.tint(LINEN)),
    );
    for x in [0.62, 0.8, 1.0, 1.3] {
        pen.polyline(
            &[(w * x, 1000.0), meet],
            line(stone.dark(220), 3.0).veil(600),
        );
    }
    // Roof, posts, lamps.
    pen.polygon(
        &[
            (w * 0.3, 0.0),
            to(w * 0.3, 0.0, 0.86),
            to(w * 1.1, 0.0, 0.86),
            (w * 1.1, 0.0),
        ],
        fill(steel.dark(300)).outlined(steel.dark(600), 3.0),
    );
    for (share, thick) in [(0.0, 34.0), (0.42, 22.0), (0.66, 14.0), (0.8, 9.0)] {
        let (x, foot) = to(w * 0.88, 1000.0, share);
        let (_, head) = to(w * 0.88, -60.0, share);
        pen.rect(
            x - thick / 2.0,
            head,
            thick,
            foot - head,
            fill(steel).outlined(steel.dark(560), 2.0),
        );
        let (lx, ly) = to(w * 0.7, 60.0, share);
        pen.glow(
            lx,
            ly + 10.0,
            120.0 * (1.0 - share) + 30.0,
            Rgb(0xff, 0xe9, 0xb8),
            if stage.lamps() { 650 } else { 200 },
        );
        pen.ellipse(
            lx,
            ly,
            26.0 * (1.0 - share) + 4.0,
            9.0 * (1.0 - share) + 3.0,
            fill(Rgb(0xff, 0xf4, 0xd8)),
        );
    }
    let (cx, cy) = to(w * 0.7, 150.0, 0.42);
    pen.circle(
        cx,
        cy,
        52.0,
        fill(Rgb(0xfb, 0xf8, 0xee)).outlined(steel.dark(600), 8.0),
    );
    pen.polyline(
        &[(cx, cy - 36.0), (cx, cy), (cx + 24.0, cy + 12.0)],
        line(Rgb(0x20, 0x20, 0x22), 6.0),
    );
    let (bx, by) = to(w * 0.98, 820.0, 0.46);
    pen.rect(bx - 110.0, by - 20.0, 220.0, 20.0, wood(stage));
    pen.rect(bx - 110.0, by - 84.0, 220.0, 34.0, wood(stage));
    for dx in [-90.0, 80.0] {
        pen.rect(bx + dx, by - 84.0, 12.0, 120.0, solid(stage, IRON));
    }
}
