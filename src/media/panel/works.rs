//! Where machines are: engine rooms, boiler rooms, workshops, garages.

use crate::color::Rgb;
use crate::pen::{Pen, fill, line};

use super::furniture::{STEEL, WOOD, solid, wall, wood};
use super::setting::Stage;

pub(super) const IRON: Rgb = Rgb(0x54, 0x5c, 0x62);
const ENGINE: Rgb = Rgb(0x4f, 0x78, 0x66);
const RED: Rgb = Rgb(0xc2, 0x3c, 0x2c);
const FIRE: Rgb = Rgb(0xff, 0xa0, 0x3c);

/// A pipe through points.
fn pipe(pen: &mut Pen, stage: &Stage, points: &[(f32, f32)], width: f32, color: Rgb) {
    let color = stage.tint(color);
    pen.polyline(points, line(color.dark(620), width + 6.0));
    pen.polyline(points, line(color, width));
    let light: Vec<(f32, f32)> = points
        .iter()
        .map(|(x, y)| (x - width * 0.2, y - width * 0.2))
        .collect();
    pen.polyline(&light, line(color.light(320), width * 0.18));
}

/// The wheel of a valve.
fn valve(pen: &mut Pen, stage: &Stage, (x, y): (f32, f32), r: f32) {
    let red = stage.tint(RED);
    for (dx, dy) in [(1.0, 0.0), (0.0, 1.0)] {
        let ends = [(x - dx * r, y - dy * r), (x + dx * r, y + dy * r)];
        pen.polyline(&ends, line(red.dark(200), r * 0.2));
    }
    pen.circle(x, y, r, line(red.dark(600), r * 0.46));
    pen.circle(x, y, r, line(red, r * 0.3));
    pen.circle(x, y, r * 0.24, fill(red.dark(300)));
}

fn gauge(pen: &mut Pen, stage: &Stage, (x, y): (f32, f32), r: f32, needle: (f32, f32)) {
    pen.circle(x, y, r, solid(stage, Rgb(0xf0, 0xea, 0xd6)));
    pen.circle(x, y, r, line(stage.tint(Rgb(0xb0, 0x8e, 0x44)), r * 0.24));
    let tip = (x + needle.0 * r * 0.7, y + needle.1 * r * 0.7);
    pen.polyline(&[(x, y), tip], line(Rgb(0x20, 0x20, 0x22), r * 0.1));
}

/// A bulb in a cage, that is lit at any hour: there are no windows.
fn caged_bulb(pen: &mut Pen, (x, y): (f32, f32)) {
    pen.polyline(&[(x, 0.0), (x, y - 34.0)], line(Rgb(0x1c, 0x1e, 0x22), 6.0));
    pen.glow(x, y, 460.0, Rgb(0xff, 0xd8, 0x8a), 560);
    pen.ellipse(x, y, 24.0, 32.0, fill(Rgb(0xff, 0xee, 0xc0)));
    let wire = line(Rgb(0x1c, 0x1e, 0x22), 4.0);
    for dx in [-30.0, -11.0, 11.0, 30.0] {
        pen.polyline(
            &[
                (x + dx * 0.5, y - 36.0),
                (x + dx, y),
                (x + dx * 0.5, y + 38.0),
            ],
            wire,
        );
    }
    for (dy, half) in [(-16.0, 26.0), (16.0, 26.0)] {
        pen.polyline(&[(x - half, y + dy), (x + half, y + dy)], wire);
    }
    pen.round_rect(
        x - 20.0,
        y - 50.0,
        40.0,
        18.0,
        6.0,
        fill(Rgb(0x1c, 0x1e, 0x22)),
    );
}

/// Dark walls of plate and a floor of gratings.
fn hold(pen: &mut Pen, stage: &Stage) -> f32 {
    let (w, floor) = (stage.width, stage.horizon.clamp(420.0, 860.0));
    let iron = stage.tint(IRON).mix(stage.wall(), 250);
    pen.shaded((0.0, 0.0, w, floor + 2.0), iron.dark(420), iron.dark(120));
    for step in 1u8..7 {
        let x = w * f32::from(step) / 7.0;
        pen.polyline(&[(x, 0.0), (x, floor)], line(iron.dark(460), 4.0));
        for row in 0u8..6 {
            pen.circle(
                x - 12.0,
                40.0 + 110.0 * f32::from(row),
                4.0,
                fill(iron.dark(520)),
            );
        }
    }
    let grate = iron.dark(300);
    pen.rect(0.0, floor, w, 1000.0 - floor, fill(grate));
    let bar = line(grate.light(220), 3.0).veil(700);
    for step in -12i8..=12 {
        let (far, near) = (f32::from(step) * w * 0.06, f32::from(step) * w * 0.15);
        pen.polyline(&[(w / 2.0 + far, floor), (w / 2.0 + near, 1000.0)], bar);
    }
    for share in [0.05, 0.13, 0.24, 0.4, 0.62, 0.88] {
        let y = floor + (1000.0 - floor) * share;
        pen.polyline(&[(0.0, y), (w, y)], bar);
    }
    floor
}

fn ladder(pen: &mut Pen, stage: &Stage, x: f32, floor: f32) {
    let steel = stage.tint(STEEL);
    for rung in 0u8..14 {
        let y = floor - 20.0 - 62.0 * f32::from(rung);
        pen.polyline(&[(x - 44.0, y), (x + 44.0, y)], line(steel.dark(260), 9.0));
    }
    for side in [-44.0, 44.0] {
        let rail = [(x + side, 0.0), (x + side, floor + 16.0)];
        pen.polyline(&rail, line(steel.dark(600), 18.0));
        pen.polyline(&rail, line(steel.dark(120), 12.0));
    }
}

/// The engine room of a ship, or of a factory.
pub(super) fn engine_room(pen: &mut Pen, stage: &Stage) {
    let w = stage.width;
    let floor = hold(pen, stage);
    let copper = Rgb(0xb0, 0x6f, 0x46);
    let grey = Rgb(0x8a, 0x92, 0x98);
    pipe(pen, stage, &[(0.0, 96.0), (w, 96.0)], 42.0, grey);
    pipe(
        pen,
        stage,
        &[(0.0, 158.0), (w * 0.7, 158.0), (w * 0.7, 0.0)],
        26.0,
        copper,
    );
    pipe(
        pen,
        stage,
        &[(w * 0.09, 96.0), (w * 0.09, floor)],
        32.0,
        grey,
    );
    pipe(
        pen,
        stage,
        &[
            (w * 0.92, 96.0),
            (w * 0.92, floor - 60.0),
            (w, floor - 60.0),
        ],
        30.0,
        copper,
    );
    ladder(pen, stage, w * 0.83, floor);
    caged_bulb(pen, (w * 0.4, 190.0));

    // The engine: a block, its cylinders in a row, the flywheel.
    let green = stage.tint(ENGINE);
    let edge = green.dark(620);
    let (left, wide) = (w * 0.17, w * 0.5);
    let block = floor - 210.0;
    let cylinders = 6u8;
    let each = wide / f32::from(cylinders);
    for step in 0..cylinders {
        let x = left + each * f32::from(step);
        pen.round_rect(
            x + each * 0.14,
            block - 150.0,
            each * 0.72,
            170.0,
            18.0,
            fill(green.light(70)).outlined(edge, 4.0),
        );
        for fin in 0u8..3 {
            let y = block - 120.0 + 34.0 * f32::from(fin);
            let ends = [(x + each * 0.2, y), (x + each * 0.8, y)];
            pen.polyline(&ends, line(green.dark(320), 5.0));
        }
        let middle = x + each / 2.0;
        pipe(
            pen,
            stage,
            &[(middle, block - 150.0), (middle, block - 206.0)],
            15.0,
            grey,
        );
    }
    pipe(
        pen,
        stage,
        &[(left, block - 210.0), (left + wide, block - 210.0)],
        34.0,
        grey,
    );
    let body = fill(green).outlined(edge, 4.0);
    pen.round_rect(
        left - 24.0,
        block,
        wide + 48.0,
        floor + 60.0 - block,
        16.0,
        body,
    );
    for step in 0..cylinders {
        let x = left + each * (f32::from(step) + 0.5);
        let cover = fill(green.dark(160)).outlined(edge, 3.0);
        pen.round_rect(
            x - each * 0.34,
            block + 50.0,
            each * 0.68,
            110.0,
            12.0,
            cover,
        );
    }
    let wheel = (left + wide + 30.0, floor - 40.0);
    pen.circle(
        wheel.0,
        wheel.1,
        116.0,
        fill(stage.tint(IRON).dark(250)).outlined(edge, 5.0),
    );
    pen.circle(
        wheel.0,
        wheel.1,
        30.0,
        fill(stage.tint(STEEL)).outlined(edge, 4.0),
    );
    for (x, needle) in [
        (0.2, (-0.6, -0.6)),
        (0.27, (0.2, -0.9)),
        (0.34, (0.7, -0.5)),
    ] {
        gauge(pen, stage, (w * x, block + 4.0), 26.0, needle);
    }
    valve(pen, stage, (w * 0.09, floor - 250.0), 46.0);
    valve(pen, stage, (w * 0.7, floor - 330.0), 40.0);
    valve(pen, stage, (w * 0.92, floor - 210.0), 36.0);
    // A handrail before it.
    for y in [floor + 10.0, floor + 58.0] {
        pipe(pen, stage, &[(0.0, y), (w, y)], 10.0, Rgb(0xd8, 0xb4, 0x3c));
    }
}

/// A boiler with its fire.
pub(super) fn boiler_room(pen: &mut Pen, stage: &Stage) {
    let w = stage.width;
    let floor = hold(pen, stage);
    let grey = Rgb(0x8a, 0x92, 0x98);
    pipe(pen, stage, &[(0.0, 90.0), (w, 90.0)], 36.0, grey);
    pipe(
        pen,
        stage,
        &[(w * 0.4, 90.0), (w * 0.4, floor - 400.0)],
        60.0,
        grey,
    );
    caged_bulb(pen, (w * 0.78, 200.0));
    let iron = stage.tint(IRON);
    let edge = iron.dark(640);
    let (x, half, top) = (w * 0.4, (w * 0.2).min(300.0), floor - 430.0);
    let shell = fill(iron.light(60)).outlined(edge, 5.0);
    pen.round_rect(x - half, top, half * 2.0, 480.0, half * 0.6, shell);
    for y in [top + 130.0, floor - 40.0] {
        pen.rect(x - half, y, half * 2.0, 18.0, fill(iron.dark(260)));
    }
    pen.glow(x, floor - 140.0, half * 1.7, FIRE, 620);
    pen.circle(
        x,
        floor - 140.0,
        half * 0.46,
        fill(iron.dark(480)).outlined(edge, 5.0),
    );
    pen.circle(x, floor - 140.0, half * 0.32, fill(FIRE));
    for dx in [-0.18, 0.0, 0.18] {
        let bar = [
            (x + dx * half, floor - 140.0 - half * 0.3),
            (x + dx * half, floor - 140.0 + half * 0.3),
        ];
        pen.polyline(&bar, line(iron.dark(560), 9.0));
    }
    gauge(pen, stage, (x - half * 0.4, top + 90.0), 34.0, (-0.5, -0.7));
    gauge(pen, stage, (x + half * 0.4, top + 90.0), 34.0, (0.6, -0.6));
    pipe(
        pen,
        stage,
        &[(w * 0.68, 90.0), (w * 0.68, floor), (x + half, floor)],
        26.0,
        Rgb(0xb0, 0x6f, 0x46),
    );
    valve(pen, stage, (w * 0.68, floor - 260.0), 44.0);
    // Coal.
    pen.polygon(
        &[
            (w * 0.74, floor + 50.0),
            (w * 0.8, floor - 60.0),
            (w * 0.88, floor - 30.0),
            (w * 0.96, floor + 50.0),
        ],
        fill(Rgb(0x1c, 0x1d, 0x21)).outlined(Rgb(0, 0, 0), 3.0),
    );
}

/// A bench with a vice under a board of tools.
pub(super) fn workshop(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let wide = right - left;
    let board = solid(stage, Rgb(0xb8, 0x98, 0x68));
    pen.rect(
        left + wide * 0.04,
        top + 40.0,
        wide * 0.62,
        (floor - top) * 0.4,
        board,
    );
    tools(pen, stage, (left + wide * 0.04, top + 70.0), wide * 0.62);
    let bench = floor - 170.0;
    pen.rect(
        left + wide * 0.02,
        bench,
        wide * 0.68,
        34.0,
        solid(stage, WOOD.light(120)),
    );
    for x in [0.05, 0.34, 0.64] {
        pen.rect(left + wide * x, bench + 34.0, 34.0, 180.0, wood(stage));
    }
    pen.rect(
        left + wide * 0.1,
        bench + 50.0,
        wide * 0.2,
        90.0,
        wood(stage),
    );
    let iron = solid(stage, IRON);
    pen.rect(left + wide * 0.52, bench - 60.0, 90.0, 60.0, iron);
    pen.rect(left + wide * 0.52 + 30.0, bench - 92.0, 70.0, 34.0, iron);
    for (x, color) in [(0.12, RED), (0.2, ENGINE), (0.26, Rgb(0xd8, 0xb4, 0x3c))] {
        pen.round_rect(
            left + wide * x,
            bench - 70.0,
            54.0,
            70.0,
            8.0,
            solid(stage, color),
        );
    }
    lamp(pen, stage, left + wide * 0.34);
}

/// Tools that hang in a row of so much width.
fn tools(pen: &mut Pen, stage: &Stage, (x, y): (f32, f32), wide: f32) {
    let steel = line(stage.tint(STEEL).dark(120), 15.0);
    let handle = line(stage.tint(WOOD), 17.0);
    let at = |share: f32| x + wide * share;
    // Hammer, saw, spanners, screwdrivers.
    pen.polyline(&[(at(0.1), y + 36.0), (at(0.1), y + 150.0)], handle);
    pen.polyline(
        &[(at(0.1) - 42.0, y + 30.0), (at(0.1) + 42.0, y + 30.0)],
        line(stage.tint(IRON), 32.0),
    );
    pen.polygon(
        &[
            (at(0.22), y + 20.0),
            (at(0.42), y + 70.0),
            (at(0.42), y + 92.0),
            (at(0.22), y + 100.0),
        ],
        solid(stage, STEEL),
    );
    pen.round_rect(
        at(0.2) - 20.0,
        y + 8.0,
        56.0,
        104.0,
        20.0,
        line(stage.tint(WOOD), 16.0),
    );
    for (index, share) in [0.52, 0.6, 0.68].into_iter().enumerate() {
        let long = 170.0 - 32.0 * index as f32;
        pen.polyline(&[(at(share), y + 20.0), (at(share), y + long)], steel);
        pen.circle(
            at(share),
            y + 16.0,
            20.0,
            line(stage.tint(STEEL).dark(120), 12.0),
        );
    }
    for share in [0.78, 0.84, 0.9, 0.96] {
        pen.polyline(
            &[(at(share), y + 60.0), (at(share), y + 140.0)],
            line(stage.tint(STEEL), 8.0),
        );
        pen.polyline(
            &[(at(share), y + 14.0), (at(share), y + 60.0)],
            line(stage.tint(RED), 20.0),
        );
    }
}

/// A work lamp under the ceiling.
fn lamp(pen: &mut Pen, stage: &Stage, x: f32) {
    pen.polyline(&[(x, 0.0), (x, 110.0)], line(stage.wall().dark(560), 6.0));
    pen.glow(x, 150.0, 300.0, Rgb(0xff, 0xe6, 0xb0), 420);
    pen.polygon(
        &[
            (x - 70.0, 150.0),
            (x - 22.0, 106.0),
            (x + 22.0, 106.0),
            (x + 70.0, 150.0),
        ],
        solid(stage, ENGINE),
    );
}

/// A garage: the door that rolls up, tools, tyres, a car.
pub(super) fn garage(pen: &mut Pen, stage: &Stage) {
    let (left, right, top, floor) = wall(stage);
    let wide = right - left;
    let door = (
        left + wide * 0.36,
        wide * 0.56,
        floor - (floor - top) * 0.82,
    );
    let slat = solid(stage, Rgb(0xb6, 0xba, 0xba));
    let tall = (floor - door.2) / 7.0;
    for row in 0u8..7 {
        pen.rect(door.0, door.2 + tall * f32::from(row), door.1, tall, slat);
    }
    for step in 0u8..4 {
        let x = door.0 + door.1 * (0.06 + 0.235 * f32::from(step));
        pen.rect(
            x,
            door.2 + tall * 1.15,
            door.1 * 0.18,
            tall * 0.7,
            fill(stage.pane()),
        );
    }
    pen.rect(
        left + wide * 0.03,
        top + 50.0,
        wide * 0.28,
        (floor - top) * 0.42,
        solid(stage, Rgb(0xb8, 0x98, 0x68)),
    );
    tools(pen, stage, (left + wide * 0.03, top + 80.0), wide * 0.28);
    let tyre = fill(Rgb(0x22, 0x24, 0x28)).outlined(Rgb(0x0c, 0x0d, 0x10), 3.0);
    for step in 0u8..4 {
        let y = floor - 40.0 * f32::from(step) - 36.0;
        pen.round_rect(
            left + wide * 0.02,
            y,
            (wide * 0.14).min(170.0),
            38.0,
            18.0,
            tyre,
        );
    }
    super::built::car(pen, stage);
    lamp(pen, stage, left + wide * 0.6);
}
