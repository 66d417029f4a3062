//! People: jointed mannequins in a few postures, measured in their own standing height.
//!
//! The origin is the ground between the feet, y grows downwards, the head's top is at -1. Drawings
//! are made facing right (or the lens) and mirrored for the left.

use crate::color::{CLAY, INK, Rgb};
use crate::pen::{N, Pen, fill, line};
use aiut_film::request::Figure;

use super::head::{BALD, BOB, BUN, CURLS, LONG, Look, SHORT, back_hair, head, side, turned};
use super::pose::{Joint, Pose, STANDING_SIDE, pose};
use super::seat::{Seat, draw_seat};
use aiut_film::words::{Facing, Hands, Posture, Pronoun};

/// From the middle of the head to the chin, of the standing height.
pub(super) const HEAD: f32 = 0.069;

/// Words of those who are neither grey nor bald.
#[rustfmt::skip]
const YOUNG: &[&str] = &[
    "girl", "boy", "young", "kid", "child", "teen", "teenager", "baby", "toddler", "student", "junge", "junger", "mädchen", "kind",
    "fille", "garçon", "jeune", "enfant", "niño", "niña", "joven", "ragazzo", "ragazza", "мальчик", "девочка",
];

/// How a character is painted: its own colour, clay skin and hair by a digest of its name, tinted
/// by the light of the place, and light enough to stand out from `behind`.
pub(super) fn look(figure: &Figure, behind: Rgb, tint: impl Fn(Rgb) -> Rgb) -> Look {
    const HAIR: [Rgb; 5] = [
        Rgb(0x2b, 0x24, 0x22),
        Rgb(0x5a, 0x3d, 0x28),
        Rgb(0x8a, 0x5a, 0x34),
        Rgb(0x7d, 0x7a, 0x78),
        Rgb(0xb8, 0x8d, 0x50),
    ];
    let cloth = Rgb::parse(&figure.color).unwrap_or(Rgb(0x7a, 0x86, 0x94));
    // FNV-1a: any spread of names over styles will do, as long as it never changes.
    let digest = figure.name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let apart = |color: Rgb| {
        (0..8)
            .map(|step| color.light(step * 90))
            .find(|color| color.luma() > 170 && color.luma().abs_diff(behind.luma()) > 60)
            .unwrap_or(color)
    };
    // Everybody has any hair, but for what would be taken for the other sex or age.
    let styles: &[u32] = match figure.pronouns {
        Pronoun::He => &[SHORT, CURLS, BALD],
        Pronoun::She => &[LONG, BOB, BUN, CURLS],
        Pronoun::They | Pronoun::It => &[SHORT, LONG, BOB, BUN, CURLS, BALD],
    };
    let lower = figure.name.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    let is_young = words.any(|word| YOUNG.contains(&word));
    let style = styles[(digest >> 16) as usize % styles.len()];
    let style = if is_young && style == BALD {
        SHORT
    } else {
        style
    };
    let shades = if is_young { 3 } else { HAIR.len() };
    Look {
        skin: tint(CLAY.mix(cloth, 60)),
        hair: tint(HAIR[(digest >> 8) as usize % shades]),
        cloth: apart(tint(cloth)),
        trousers: apart(tint(cloth.mix(Rgb(0x30, 0x34, 0x40), 650))),
        ink: INK,
        style,
    }
}

/// Draws somebody on (`x`, `ground`) who would stand `stature` tall.
pub(super) fn figure(
    pen: &mut Pen,
    (x, ground): (f32, f32),
    stature: f32,
    look: &Look,
    figure: &Figure,
    seat: Seat,
) {
    let facing = figure.facing;
    if figure.posture == Posture::Lying {
        // On the back, the face up, the head to the side that the face of a standing one would show.
        let side = if facing == Facing::Right { -1 } else { 1 };
        let lift = stature * 0.1;
        pen.group(
            format_args!(
                "transform=\"translate({} {}) scale({side} 1) rotate(-90) translate(0 {})\"",
                N(x),
                N(ground - lift),
                N(stature * 0.5)
            ),
            |pen| {
                body(
                    pen,
                    stature,
                    look,
                    &STANDING_SIDE,
                    Facing::Right,
                    (figure.speaking, None),
                    Seat::OfThePlace,
                )
            },
        );
        return;
    }
    let pose = pose(figure.posture, turned(facing));
    pen.group(
        format_args!("transform=\"translate({} {})\"", N(x), N(ground)),
        |pen| {
            body(
                pen,
                stature,
                look,
                pose,
                facing,
                (figure.speaking, Some(figure.hands)),
                if pose.chair { seat } else { Seat::OfThePlace },
            );
        },
    );
}

fn body(
    pen: &mut Pen,
    k: f32,
    look: &Look,
    pose: &Pose,
    facing: Facing,
    (speaking, hands): (bool, Option<Hands>),
    seat: Seat,
) {
    let at = |(x, y): Joint| (x * k * side(facing), y * k);
    let edge = (k * 0.0045).clamp(1.6, 8.0);
    let limb = |pen: &mut Pen, joints: [Joint; 3], width: f32, color: Rgb| {
        let joints = joints.map(at);
        pen.polyline(&joints, line(look.ink, width * k + edge * 2.0));
        pen.polyline(&joints, line(color, width * k));
    };
    let foot = |pen: &mut Pen, ankle: Joint, color: Rgb| {
        let toe = if turned(facing) {
            (ankle.0 + 0.06, ankle.1 + 0.012)
        } else {
            (ankle.0 * 1.25, ankle.1 + 0.018)
        };
        pen.polyline(
            &[at(ankle), at(toe)],
            line(look.ink, 0.042 * k + edge * 2.0),
        );
        pen.polyline(&[at(ankle), at(toe)], line(color, 0.042 * k));
    };
    let arm = |pen: &mut Pen, joints: [Joint; 3], color: Rgb| {
        let [_, elbow, wrist] = joints;
        // A hand's length further on.
        let (dx, dy) = (wrist.0 - elbow.0, wrist.1 - elbow.1);
        let far = 0.042 / (dx * dx + dy * dy).sqrt().max(0.05);
        let hand = [wrist, (wrist.0 + dx * far, wrist.1 + dy * far)].map(at);
        pen.polyline(&hand, line(look.ink, 0.036 * k + edge * 2.0));
        pen.polyline(&hand, line(look.skin, 0.036 * k));
        limb(pen, joints, 0.05, color);
    };
    let head_at = at(pose.head);
    let shoe = look.trousers.dark(450);
    let mut arms = pose.arms;
    if let Some(hands) = hands.filter(|_| facing != Facing::Away) {
        let hands = match hands {
            // A hand that moves with the words.
            Hands::Free if speaking && !pose.chair && k < 2000.0 => SPEAKING,
            other => reach(other),
        };
        for (arm, reach) in arms.iter_mut().zip(hands) {
            let Some([elbow, hand]) = reach else { continue };
            let shoulder = arm[0];
            // Seen from the front, each arm goes its own way out.
            let out = if turned(facing) || shoulder.0 > 0.0 {
                1.0
            } else {
                -1.0
            };
            let at = |(x, y): Joint| (shoulder.0 + x * out, shoulder.1 + y);
            *arm = [shoulder, at(elbow), at(hand)];
        }
    }

    if facing != Facing::Away {
        draw_seat(pen, k, look, facing, seat);
    }
    if facing != Facing::Away {
        back_hair(pen, head_at, HEAD * k, look, facing);
    }
    for (index, leg) in pose.legs.into_iter().enumerate() {
        let shade = if index == 0 {
            look.trousers.dark(180)
        } else {
            look.trousers
        };
        foot(pen, leg[2], shoe);
        limb(pen, leg, 0.072, shade);
        if index == 0 && turned(facing) {
            arm(pen, arms[0], look.cloth.dark(220));
        }
    }
    let neck = [
        (pose.chest.0, pose.chest.1 + 0.01),
        (pose.head.0 - 0.005, pose.head.1 + 0.03),
    ]
    .map(at);
    pen.polyline(&neck, line(look.ink, 0.056 * k + edge * 2.0));
    pen.polyline(&neck, line(look.skin.dark(100), 0.056 * k));
    torso(pen, k, look, pose, facing, edge);
    if turned(facing) {
        arm(pen, arms[1], look.cloth.light(70));
    } else {
        arms.into_iter()
            .for_each(|joints| arm(pen, joints, look.cloth.dark(60)));
    }
    if facing == Facing::Away {
        draw_seat(pen, k, look, facing, seat);
    }
    head(pen, head_at, HEAD * k, look, facing, speaking);
}

/// Elbow and hand of each arm from its shoulder, where it does something: the far arm, then the near.
type Reach = [Option<[Joint; 2]>; 2];

const SPEAKING: Reach = [Some([(0.06, 0.14), (0.15, 0.03)]), None];

fn reach(hands: Hands) -> Reach {
    match hands {
        Hands::Free => [None, None],
        Hands::Reaching => [Some([(0.1, 0.11), (0.23, 0.08)]), None],
        Hands::Holding => [
            Some([(0.02, 0.16), (0.12, 0.13)]),
            Some([(0.03, 0.17), (0.17, 0.14)]),
        ],
        Hands::Pointing => [Some([(0.13, 0.02), (0.27, -0.01)]), None],
        Hands::Raised => [
            Some([(0.13, -0.03), (0.15, -0.19)]),
            Some([(0.1, -0.05), (0.09, -0.21)]),
        ],
    }
}

fn torso(pen: &mut Pen, k: f32, look: &Look, pose: &Pose, facing: Facing, edge: f32) {
    let (shoulder, hip) = if turned(facing) {
        (0.095, 0.072)
    } else {
        (0.122, 0.082)
    };
    let (c, p) = (pose.chest, pose.pelvis);
    let waist = ((c.0 + p.0) / 2.0, (c.1 + p.1 * 1.4) / 2.4);
    pen.path(
        (0.0, 0.0),
        (k * side(facing), k),
        &[
            ('M', &[c.0 - shoulder, c.1 + 0.045]),
            (
                'Q',
                &[c.0 - shoulder, c.1 - 0.008, c.0 - 0.032, c.1 - 0.028],
            ),
            ('L', &[c.0 + 0.032, c.1 - 0.028]),
            (
                'Q',
                &[c.0 + shoulder, c.1 - 0.008, c.0 + shoulder, c.1 + 0.045],
            ),
            ('Q', &[waist.0 + hip * 0.95, waist.1, p.0 + hip, p.1 + 0.03]),
            ('L', &[p.0 - hip, p.1 + 0.03]),
            (
                'Q',
                &[waist.0 - hip * 0.95, waist.1, c.0 - shoulder, c.1 + 0.045],
            ),
            ('Z', &[]),
        ],
        fill(look.cloth).outlined(look.ink, edge * 1.6),
    );
    if facing != Facing::Away {
        let lean = if turned(facing) { 0.022 } else { 0.0 };
        pen.path(
            (0.0, 0.0),
            (k * side(facing), k),
            &[
                ('M', &[c.0 - 0.034, c.1 - 0.03]),
                ('L', &[c.0 + lean, c.1 + 0.035]),
                ('L', &[c.0 + 0.036, c.1 - 0.03]),
                ('Z', &[]),
            ],
            fill(look.skin.dark(60)).outlined(look.ink, edge),
        );
        let (x, y) = ((c.0 + lean) * k * side(facing), (c.1 + 0.035) * k);
        pen.polyline(
            &[
                (x, y),
                (
                    p.0 * k * side(facing) + lean * k * 0.5 * side(facing),
                    (p.1 + 0.02) * k,
                ),
            ],
            line(look.cloth.dark(350), edge),
        );
    }
}

/// Somebody from behind, large at the edge of the frame: the back of a head with its radius, and a
/// shoulder.
pub(super) fn shoulder(pen: &mut Pen, (cx, cy): (f32, f32), r: f32, look: &Look) {
    let edge = (r * 0.05).clamp(2.0, 9.0);
    pen.polyline(
        &[(cx, cy + r * 0.7), (cx, cy + r * 1.35)],
        line(look.ink, r * 0.9 + edge * 2.0),
    );
    pen.polyline(
        &[(cx, cy + r * 0.7), (cx, cy + r * 1.35)],
        line(look.skin.dark(200), r * 0.9),
    );
    pen.path(
        (cx, cy),
        (r, r),
        &[
            ('M', &[-2.1, 3.0]),
            ('C', &[-2.1, 1.6, -1.6, 1.35, -0.5, 1.1]),
            ('Q', &[0.0, 1.3, 0.5, 1.1]),
            ('C', &[1.6, 1.35, 2.1, 1.6, 2.1, 3.0]),
            ('Z', &[]),
        ],
        fill(look.cloth).outlined(look.ink, edge),
    );
    head(pen, (cx, cy), r, look, Facing::Away, false);
}

/// Somebody from straight above: shoulders, the top of a head, and a nose that shows where it points.
pub(super) fn from_above(
    pen: &mut Pen,
    (x, y): (f32, f32),
    size: f32,
    look: &Look,
    figure: &Figure,
) {
    let turn = match figure.facing {
        Facing::Camera => 0,
        Facing::Left => 90,
        Facing::Away => 180,
        Facing::Right => 270,
    };
    let edge = (size * 0.02).clamp(2.0, 6.0);
    pen.ellipse(
        x + size * 0.12,
        y + size * 0.14,
        size * 0.56,
        size * 0.4,
        fill(INK).veil(250),
    );
    pen.group(
        format_args!("transform=\"translate({} {}) rotate({turn})\"", N(x), N(y)),
        |pen| {
            if figure.posture == Posture::Lying {
                pen.round_rect(
                    -size * 0.3,
                    -size * 0.1,
                    size * 0.6,
                    size * 1.9,
                    size * 0.25,
                    fill(look.trousers).outlined(look.ink, edge),
                );
            } else if figure.posture != Posture::Standing {
                for side in [-1.0, 1.0] {
                    pen.ellipse(
                        side * size * 0.2,
                        size * 0.34,
                        size * 0.12,
                        size * 0.3,
                        fill(look.trousers).outlined(look.ink, edge),
                    );
                }
            }
            pen.ellipse(
                0.0,
                0.0,
                size * 0.55,
                size * 0.24,
                fill(look.cloth).outlined(look.ink, edge),
            );
            pen.polygon(
                &[
                    (-size * 0.06, size * 0.2),
                    (0.0, size * 0.34),
                    (size * 0.06, size * 0.2),
                ],
                fill(look.skin).outlined(look.ink, edge),
            );
            pen.circle(
                0.0,
                size * 0.04,
                size * 0.21,
                fill(look.skin).outlined(look.ink, edge),
            );
            pen.circle(
                0.0,
                0.0,
                size * 0.2,
                fill(look.hair).outlined(look.ink, edge),
            );
        },
    );
}
