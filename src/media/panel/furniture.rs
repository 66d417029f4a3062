//! Motifs that stand in a room.

use crate::color::Rgb;
use crate::pen::{Paint, Pen, fill, line};

use super::setting::Stage;

pub(super) const WOOD: Rgb = Rgb(0x8c, 0x66, 0x45);
pub(super) const LINEN: Rgb = Rgb(0xf0, 0xea, 0xde);
pub(super) const STEEL: Rgb = Rgb(0xb4, 0xba, 0xc0);

/// Room measures: left and right end of the back wall, its top and the floor line.
pub(super) fn wall(stage: &Stage) -> (f32, f32, f32, f32) {
    let floor = stage.horizon.clamp(200.0, 930.0);
    (
        stage.width * 0.15,
        stage.width * 0.85,
        (floor * 0.2).min(150.0),
        floor,
    )
}

pub(super) fn wood(stage: &Stage) -> Paint {
    let color = stage.tint(WOOD);
    fill(color).outlined(color.dark(560), 3.0)
}

pub(super) fn solid(stage: &Stage, color: Rgb) -> Paint {
    let color = stage.tint(color);
    fill(color).outlined(color.dark(560), 3.0)
}

pub(super) fn kitchen(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let run = (right - left) * 0.56;
    let cupboard = solid(stage, Rgb(0xd6, 0xcb, 0xb4));
    for step in 0u8..3 {
        let width = run / 3.0;
        let x = left + 150.0 + (width - 46.0) * f32::from(step);
        pen.rect(x, top + 20.0, width - 50.0, 150.0, cupboard);
        pen.circle(x + width - 72.0, top + 140.0, 6.0, solid(stage, STEEL));
    }
    let fridge = (left + 14.0, floor - 400.0);
    pen.round_rect(
        fridge.0,
        fridge.1,
        130.0,
        400.0,
        12.0,
        solid(stage, Rgb(0xe4, 0xe6, 0xe6)),
    );
    pen.polyline(
        &[
            (fridge.0, fridge.1 + 130.0),
            (fridge.0 + 130.0, fridge.1 + 130.0),
        ],
        stage.edge(3.0),
    );
    pen.rect(
        fridge.0 + 108.0,
        fridge.1 + 60.0,
        9.0,
        50.0,
        solid(stage, STEEL),
    );
    pen.rect(
        fridge.0 + 108.0,
        fridge.1 + 160.0,
        9.0,
        80.0,
        solid(stage, STEEL),
    );
    let counter = left + 150.0;
    pen.rect(
        counter,
        floor - 190.0,
        run,
        20.0,
        solid(stage, Rgb(0x8a, 0x80, 0x78)),
    );
    pen.rect(counter + 8.0, floor - 170.0, run - 16.0, 170.0, cupboard);
    for step in 1u8..4 {
        let x = counter + run * f32::from(step) / 4.0;
        pen.polyline(&[(x, floor - 166.0), (x, floor - 6.0)], stage.edge(3.0));
    }
    pen.rect(
        counter + run * 0.55,
        floor - 170.0,
        run * 0.24,
        170.0,
        solid(stage, Rgb(0x55, 0x5a, 0x60)),
    );
    pen.rect(
        counter + run * 0.58,
        floor - 126.0,
        run * 0.18,
        86.0,
        solid(stage, Rgb(0x25, 0x28, 0x2d)),
    );
    pen.polyline(
        &[
            (counter + 110.0, floor - 190.0),
            (counter + 110.0, floor - 250.0),
            (counter + 146.0, floor - 250.0),
            (counter + 146.0, floor - 232.0),
        ],
        line(stage.tint(STEEL).dark(250), 9.0),
    );
    pen.rect(
        counter + run * 0.62,
        floor - 230.0,
        80.0,
        40.0,
        solid(stage, STEEL),
    );
}

pub(super) fn bathroom(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let porcelain = solid(stage, Rgb(0xf0, 0xf1, 0xee));
    let tile = line(stage.wall().dark(180), 2.0);
    for step in 1u8..12 {
        let x = left + (right - left) * f32::from(step) / 12.0;
        pen.polyline(&[(x, top), (x, floor)], tile);
    }
    for step in 1u8..6 {
        let y = top + (floor - top) * f32::from(step) / 6.0;
        pen.polyline(&[(left, y), (right, y)], tile);
    }
    pen.round_rect(
        left + 110.0,
        top + 60.0,
        190.0,
        220.0,
        20.0,
        solid(stage, Rgb(0xcc, 0xe0, 0xe6)),
    );
    pen.path(
        (left + 205.0, floor - 190.0),
        (1.0, 1.0),
        &[
            ('M', &[-110.0, 0.0]),
            ('L', &[110.0, 0.0]),
            ('Q', &[100.0, 70.0, 30.0, 74.0]),
            ('L', &[24.0, 190.0]),
            ('L', &[-24.0, 190.0]),
            ('L', &[-30.0, 74.0]),
            ('Q', &[-100.0, 70.0, -110.0, 0.0]),
            ('Z', &[]),
        ],
        porcelain,
    );
    pen.round_rect(right - 420.0, floor - 130.0, 440.0, 150.0, 46.0, porcelain);
    pen.rect(right - 440.0, floor - 142.0, 480.0, 24.0, porcelain);
}

pub(super) fn stairs(pen: &mut Pen, stage: &Stage) {
    let (left, _, _, floor) = wall(stage);
    let steps = 9u8;
    let (run, rise) = (58.0, 54.0);
    for step in (0..steps).rev() {
        let n = f32::from(step);
        let x = left - 40.0 + run * n;
        let top = floor + 90.0 - rise * (f32::from(steps) - n);
        pen.rect(x, top, run, floor + 90.0 - top, wood(stage));
    }
    let at = |n: f32| {
        (
            left - 40.0 + run * n + run / 2.0,
            floor + 90.0 - rise * (f32::from(steps) - n),
        )
    };
    for step in (0..steps).step_by(2) {
        let (x, y) = at(f32::from(step));
        pen.polyline(
            &[(x, y), (x, y - 130.0)],
            line(stage.tint(WOOD).dark(350), 8.0),
        );
    }
    let ((x0, y0), (x1, y1)) = (at(0.0), at(f32::from(steps) - 1.0));
    pen.polyline(
        &[(x0, y0 - 130.0), (x1, y1 - 130.0)],
        line(stage.tint(WOOD).dark(450), 15.0),
    );
}

pub(super) fn bed(pen: &mut Pen, stage: &Stage) {
    let (left, _, _, floor) = wall(stage);
    let x = left + 60.0;
    pen.round_rect(x, floor - 230.0, 430.0, 240.0, 24.0, wood(stage));
    pen.polygon(
        &[
            (x + 16.0, floor - 60.0),
            (x + 414.0, floor - 60.0),
            (x + 400.0, floor + 170.0),
            (x - 60.0, floor + 170.0),
        ],
        solid(stage, LINEN),
    );
    for pillow in [34.0, 224.0] {
        pen.round_rect(
            x + pillow,
            floor - 124.0,
            170.0,
            84.0,
            34.0,
            solid(stage, Rgb(0xfb, 0xf8, 0xf2)),
        );
    }
    pen.polygon(
        &[
            (x + 4.0, floor + 10.0),
            (x + 410.0, floor + 10.0),
            (x + 400.0, floor + 170.0),
            (x - 60.0, floor + 170.0),
        ],
        fill(stage.accent()).outlined(stage.accent().dark(520), 3.0),
    );
    pen.rect(x - 62.0, floor + 168.0, 464.0, 46.0, wood(stage));
}

pub(super) fn sofa(pen: &mut Pen, stage: &Stage) {
    let (left, _, top, floor) = wall(stage);
    let cloth = stage.accent();
    let paint = fill(cloth).outlined(cloth.dark(560), 3.0);
    let x = left + 70.0;
    pen.rect(x + 110.0, top + 60.0, 210.0, 140.0, wood(stage));
    pen.rect(
        x + 124.0,
        top + 74.0,
        182.0,
        112.0,
        solid(stage, Rgb(0xa8, 0xbc, 0xb4)),
    );
    pen.polyline(
        &[
            (x + 150.0, top + 180.0),
            (x + 205.0, top + 110.0),
            (x + 250.0, top + 150.0),
            (x + 290.0, top + 120.0),
        ],
        line(stage.tint(Rgb(0x55, 0x70, 0x68)), 7.0),
    );
    pen.round_rect(x, floor - 170.0, 450.0, 180.0, 40.0, paint);
    pen.round_rect(
        x + 24.0,
        floor - 60.0,
        402.0,
        90.0,
        22.0,
        fill(cloth.light(120)).outlined(cloth.dark(560), 3.0),
    );
    for arm in [-26.0, 404.0] {
        pen.round_rect(x + arm, floor - 100.0, 72.0, 150.0, 30.0, paint);
    }
    let lamp = x + 540.0;
    if stage.lamps() {
        pen.glow(lamp, floor - 330.0, 240.0, Rgb(0xff, 0xd8, 0x8a), 550);
    }
    pen.polyline(
        &[(lamp, floor + 20.0), (lamp, floor - 290.0)],
        line(stage.tint(STEEL).dark(450), 8.0),
    );
    pen.polygon(
        &[
            (lamp - 66.0, floor - 280.0),
            (lamp - 38.0, floor - 372.0),
            (lamp + 38.0, floor - 372.0),
            (lamp + 66.0, floor - 280.0),
        ],
        solid(stage, Rgb(0xf0, 0xdc, 0xae)),
    );
}

pub(super) fn desk(pen: &mut Pen, stage: &Stage) {
    let (left, _, _, floor) = wall(stage);
    let x = left + 70.0;
    pen.round_rect(
        x + 120.0,
        floor - 260.0,
        170.0,
        112.0,
        8.0,
        solid(stage, Rgb(0x2c, 0x30, 0x38)),
    );
    pen.rect(x + 132.0, floor - 248.0, 146.0, 88.0, fill(stage.pane()));
    pen.rect(
        x + 192.0,
        floor - 150.0,
        26.0,
        34.0,
        solid(stage, Rgb(0x2c, 0x30, 0x38)),
    );
    pen.rect(x, floor - 120.0, 480.0, 24.0, solid(stage, WOOD.light(100)));
    pen.rect(x + 14.0, floor - 96.0, 150.0, 150.0, wood(stage));
    pen.rect(x + 440.0, floor - 96.0, 26.0, 150.0, wood(stage));
    for y in [-84.0, -36.0] {
        pen.rect(
            x + 30.0,
            floor + y,
            118.0,
            38.0,
            solid(stage, WOOD.light(80)),
        );
    }
    pen.rect(x + 340.0, floor - 136.0, 90.0, 16.0, solid(stage, LINEN));
    pen.polyline(
        &[
            (x + 60.0, floor - 120.0),
            (x + 70.0, floor - 210.0),
            (x + 116.0, floor - 236.0),
        ],
        line(stage.tint(STEEL).dark(350), 8.0),
    );
    pen.polygon(
        &[
            (x + 100.0, floor - 262.0),
            (x + 142.0, floor - 232.0),
            (x + 118.0, floor - 206.0),
        ],
        fill(stage.accent()).outlined(stage.accent().dark(520), 3.0),
    );
}

pub(super) fn table(pen: &mut Pen, stage: &Stage) {
    let (w, floor) = (stage.width, stage.horizon.clamp(200.0, 930.0));
    let (x, y) = (w * 0.3, floor + 30.0);
    for leg in [-180.0, 160.0] {
        pen.rect(x + leg, y, 22.0, 130.0, wood(stage));
    }
    pen.polygon(
        &[
            (x - 180.0, y - 46.0),
            (x + 180.0, y - 46.0),
            (x + 236.0, y + 20.0),
            (x - 236.0, y + 20.0),
        ],
        solid(stage, WOOD.light(140)),
    );
    pen.rect(x - 236.0, y + 20.0, 472.0, 20.0, wood(stage));
    for (cx, rx) in [(-90.0, 46.0), (90.0, 46.0)] {
        pen.ellipse(x + cx, y - 14.0, rx, 12.0, solid(stage, LINEN));
    }
    pen.rect(
        x - 10.0,
        y - 66.0,
        22.0,
        44.0,
        fill(stage.accent()).outlined(stage.accent().dark(520), 2.0),
    );
}

pub(super) fn door(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let height = (floor - top) * 0.78;
    let (x, width) = (left + (right - left) * 0.36, height * 0.46);
    pen.rect(
        x - 12.0,
        floor - height - 12.0,
        width + 24.0,
        height + 12.0,
        solid(stage, Rgb(0xe6, 0xde, 0xce)),
    );
    pen.rect(x, floor - height, width, height, wood(stage));
    for (y, tall) in [(0.08, 0.36), (0.54, 0.36)] {
        pen.rect(
            x + width * 0.16,
            floor - height * (1.0 - y),
            width * 0.68,
            height * tall,
            solid(stage, WOOD.light(90)),
        );
    }
    pen.circle(
        x + width * 0.9,
        floor - height * 0.48,
        9.0,
        solid(stage, Rgb(0xe0, 0xc0, 0x60)),
    );
}
