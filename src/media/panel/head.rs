//! Heads: a clay mannequin's face under hair that is the character's own, so that two people in a
//! frame can be told apart and each face shows where it looks.

use crate::color::Rgb;
use crate::pen::{Pen, fill, line};
use aiut_film::words::Facing;

/// -1 where a drawing made for the right is mirrored.
pub(super) fn side(facing: Facing) -> f32 {
    if facing == Facing::Left { -1.0 } else { 1.0 }
}

/// Whether the body is seen from the side.
pub(super) fn turned(facing: Facing) -> bool {
    matches!(facing, Facing::Left | Facing::Right)
}

/// How somebody is painted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) skin: Rgb,
    pub(super) hair: Rgb,
    pub(super) cloth: Rgb,
    pub(super) trousers: Rgb,
    pub(super) ink: Rgb,
    /// Which of the hair styles.
    pub(super) style: u32,
}

type Steps<'a> = &'a [(char, &'a [f32])];

// The hair styles.
pub(super) const SHORT: u32 = 0;
pub(super) const LONG: u32 = 1;
pub(super) const BOB: u32 = 2;
pub(super) const BUN: u32 = 3;
pub(super) const CURLS: u32 = 4;
pub(super) const BALD: u32 = 5;

/// Hair that hangs behind the neck, a style each.
const BACK_HAIR: [Option<Steps<'static>>; 6] = [
    None,
    Some(&[
        ('M', &[-0.8, -0.4]),
        ('C', &[-1.15, 0.5, -1.0, 1.2, -1.0, 1.6]),
        ('Q', &[0.0, 1.85, 1.0, 1.6]),
        ('C', &[1.0, 1.2, 1.15, 0.5, 0.8, -0.4]),
        ('Z', &[]),
    ]),
    Some(&[
        ('M', &[-0.8, -0.5]),
        ('C', &[-1.1, 0.1, -1.05, 0.6, -0.95, 0.85]),
        ('Q', &[0.0, 1.0, 0.95, 0.85]),
        ('C', &[1.05, 0.6, 1.1, 0.1, 0.8, -0.5]),
        ('Z', &[]),
    ]),
    None,
    None,
    None,
];

const FACE_FRONT: Steps<'static> = &[
    ('M', &[-0.74, -0.25]),
    ('C', &[-0.8, -1.04, 0.8, -1.04, 0.74, -0.25]),
    ('C', &[0.74, 0.4, 0.46, 0.98, 0.0, 1.0]),
    ('C', &[-0.46, 0.98, -0.74, 0.4, -0.74, -0.25]),
    ('Z', &[]),
];

const FACE_TURNED: Steps<'static> = &[
    ('M', &[-0.74, -0.2]),
    ('C', &[-0.84, -1.04, 0.7, -1.1, 0.76, -0.38]),
    ('Q', &[0.72, -0.24, 0.7, -0.16]),
    ('Q', &[0.86, 0.2, 0.74, 0.4]),
    ('C', &[0.66, 0.86, 0.5, 1.02, 0.26, 1.0]),
    ('C', &[-0.2, 0.98, -0.72, 0.5, -0.74, -0.2]),
    ('Z', &[]),
];

const CAP_FRONT: Steps<'static> = &[
    ('M', &[-0.78, 0.02]),
    ('C', &[-1.0, -1.32, 1.0, -1.32, 0.78, 0.02]),
    ('L', &[0.68, -0.16]),
    ('Q', &[0.62, -0.56, 0.2, -0.6]),
    ('Q', &[-0.5, -0.58, -0.66, -0.2]),
    ('Z', &[]),
];

const CAP_TURNED: Steps<'static> = &[
    ('M', &[-0.72, 0.36]),
    ('C', &[-1.3, -1.3, 0.86, -1.5, 0.79, -0.4]),
    ('Q', &[0.5, -0.66, 0.16, -0.6]),
    ('Q', &[-0.16, -0.46, -0.24, -0.06]),
    ('L', &[-0.3, -0.06]),
    ('Q', &[-0.5, -0.16, -0.56, 0.1]),
    ('Q', &[-0.56, 0.3, -0.5, 0.46]),
    ('Z', &[]),
];

const BACK_OF_HEAD: Steps<'static> = &[
    ('M', &[-0.78, 0.1]),
    ('C', &[-1.0, -1.32, 1.0, -1.32, 0.78, 0.1]),
    ('Q', &[0.66, 0.74, 0.3, 0.8]),
    ('L', &[-0.3, 0.8]),
    ('Q', &[-0.66, 0.74, -0.78, 0.1]),
    ('Z', &[]),
];

/// Hair at the sides only.
const FRINGE_OF_THE_BALD: Steps<'static> = &[
    ('M', &[-0.7, 0.3]),
    ('C', &[-0.98, -0.1, -0.9, -0.5, -0.7, -0.62]),
    ('Q', &[-0.62, -0.2, -0.6, 0.2]),
    ('Z', &[]),
];

/// The hair behind; drawn before the neck, but after everything when seen from behind.
pub(super) fn back_hair(pen: &mut Pen, at: (f32, f32), r: f32, look: &Look, facing: Facing) {
    if let Some(steps) = BACK_HAIR[look.style as usize % BACK_HAIR.len()] {
        let shift = if turned(facing) {
            -0.16 * r * side(facing)
        } else {
            0.0
        };
        pen.path(
            (at.0 + shift, at.1),
            (r * 0.97 * side(facing), r),
            steps,
            fill(look.hair.dark(140)).outlined(look.ink, outline(r)),
        );
    }
}

/// How thick a line is on a head of half-height `r`.
pub(super) fn outline(r: f32) -> f32 {
    (r * 0.045).clamp(2.2, 9.0)
}

/// A head with its middle at `at`, `r` from there to the chin.
pub(super) fn head(
    pen: &mut Pen,
    at: (f32, f32),
    r: f32,
    look: &Look,
    facing: Facing,
    speaking: bool,
) {
    let k = (r * side(facing), r);
    let edge = outline(r);
    let skin = fill(look.skin).outlined(look.ink, edge);
    let hair = fill(look.hair).outlined(look.ink, edge);
    let dot = |x: f32, y: f32| (at.0 + x * k.0, at.1 + y * k.1);
    if look.style == BUN {
        let (x, y) = dot(if turned(facing) { -0.5 } else { 0.0 }, -1.08);
        pen.circle(x, y, r * 0.34, hair);
    }
    if look.style == CURLS {
        for (x, y) in [
            (-0.72, -0.3),
            (0.66, -0.5),
            (-0.62, -0.72),
            (-0.2, -1.0),
            (0.3, -0.98),
        ] {
            let (x, y) = dot(x, y);
            pen.circle(x, y, r * 0.36, hair);
        }
    }
    match facing {
        Facing::Away => {
            for side in [-1.0, 1.0] {
                let (x, y) = dot(0.78 * side, 0.12);
                pen.ellipse(x, y, r * 0.13, r * 0.22, skin);
            }
            if look.style == BALD {
                pen.path(at, k, FACE_FRONT, skin);
                pen.path(at, k, FRINGE_OF_THE_BALD, hair);
                pen.path(at, (-k.0, k.1), FRINGE_OF_THE_BALD, hair);
            } else {
                pen.path(at, k, BACK_OF_HEAD, hair);
                back_hair(pen, at, r, look, facing);
            }
        }
        Facing::Camera => {
            for side in [-1.0, 1.0] {
                let (x, y) = dot(0.76 * side, 0.1);
                pen.ellipse(x, y, r * 0.13, r * 0.22, skin);
            }
            pen.path(at, k, FACE_FRONT, skin);
            face(pen, at, k, look, &FRONT, speaking);
            if look.style == BALD {
                pen.path(at, k, FRINGE_OF_THE_BALD, hair);
                pen.path(at, (-k.0, k.1), FRINGE_OF_THE_BALD, hair);
            } else {
                let parted = if look.style.is_multiple_of(2) {
                    k
                } else {
                    (-k.0, k.1)
                };
                pen.path(at, parted, CAP_FRONT, hair);
            }
        }
        Facing::Left | Facing::Right => {
            pen.path(at, k, FACE_TURNED, skin);
            face(pen, at, k, look, &TURNED, speaking);
            if look.style == BALD {
                pen.path(at, k, FRINGE_OF_THE_BALD, hair);
            } else {
                pen.path(at, k, CAP_TURNED, hair);
            }
            let (x, y) = dot(-0.38, 0.14);
            pen.ellipse(x, y, r * 0.14, r * 0.21, skin);
        }
    }
}

/// Where the features of a face lie: (x, half-width) of each eye, the nose, (x, half-width) of the
/// mouth.
struct Features {
    eyes: [(f32, f32); 2],
    /// Where the pupils look, beside the middle of the eye.
    gaze: f32,
    nose: Steps<'static>,
    mouth: (f32, f32),
}

const FRONT: Features = Features {
    eyes: [(-0.32, 0.16), (0.32, 0.16)],
    gaze: 0.0,
    nose: &[
        ('M', &[-0.02, 0.0]),
        ('L', &[-0.13, 0.3]),
        ('Q', &[0.0, 0.4, 0.12, 0.31]),
    ],
    mouth: (0.0, 0.24),
};

const TURNED: Features = Features {
    eyes: [(0.04, 0.16), (0.56, 0.11)],
    gaze: 0.045,
    nose: &[
        ('M', &[0.42, -0.06]),
        ('Q', &[0.56, 0.12, 0.66, 0.28]),
        ('Q', &[0.62, 0.4, 0.42, 0.34]),
    ],
    mouth: (0.4, 0.2),
};

fn face(
    pen: &mut Pen,
    at: (f32, f32),
    k: (f32, f32),
    look: &Look,
    features: &Features,
    speaking: bool,
) {
    let r = k.1;
    if r < 13.0 {
        return;
    }
    let stroke = (r * 0.05).max(1.6);
    let dot = |x: f32, y: f32| (at.0 + x * k.0, at.1 + y * k.1);
    for (x, half) in features.eyes {
        let (ex, ey) = dot(x, -0.06);
        if r > 30.0 {
            pen.ellipse(
                ex,
                ey,
                half * r,
                0.1 * r,
                fill(Rgb(0xfd, 0xfb, 0xf6)).outlined(look.ink, stroke * 0.6),
            );
            let (px, py) = dot(x + features.gaze, -0.055);
            pen.circle(
                px,
                py,
                0.088 * r,
                fill(look.hair.mix(Rgb(0x4a, 0x6a, 0x7a), 450)),
            );
            pen.circle(px, py, 0.048 * r, fill(look.ink));
            pen.circle(
                px - 0.025 * r,
                py - 0.03 * r,
                0.02 * r,
                fill(Rgb(255, 255, 255)),
            );
            // The lid gives the eye its weight.
            pen.path(
                (ex, ey),
                (half * r, r),
                &[('M', &[-1.06, 0.0]), ('Q', &[0.0, -0.19, 1.06, -0.01])],
                line(look.ink, stroke),
            );
        } else {
            pen.ellipse(ex, ey, 0.08 * r, 0.1 * r, fill(look.ink));
        }
        pen.path(
            dot(x, -0.3),
            (half * k.0, r),
            &[('M', &[-1.2, 0.03]), ('Q', &[0.1, -0.1, 1.2, 0.0])],
            line(look.hair.mix(look.ink, 300), stroke * 1.35),
        );
    }
    pen.path(
        at,
        k,
        features.nose,
        line(look.skin.mix(look.ink, 620), stroke * 0.9),
    );
    let (x, half) = features.mouth;
    let (mx, my) = dot(x, 0.6);
    let lip = look.skin.mix(Rgb(0x8c, 0x2f, 0x2f), 650);
    if speaking {
        pen.ellipse(
            mx,
            my,
            half * r * 0.8,
            0.13 * r,
            fill(Rgb(0x4a, 0x17, 0x1c)).outlined(lip, stroke),
        );
        pen.rect(
            mx - half * r * 0.5,
            my - 0.105 * r,
            half * r,
            0.055 * r,
            fill(Rgb(0xfd, 0xfb, 0xf6)),
        );
    } else {
        pen.path(
            (mx, my),
            (half * r, r),
            &[('M', &[-1.0, 0.0]), ('Q', &[0.0, 0.09, 1.0, -0.01])],
            line(lip, stroke * 1.15),
        );
        pen.path(
            (mx, my),
            (half * r * 0.4, r),
            &[('M', &[-1.0, 0.13]), ('Q', &[0.0, 0.17, 1.0, 0.13])],
            line(look.skin.mix(look.ink, 300), stroke * 0.7),
        );
    }
}
