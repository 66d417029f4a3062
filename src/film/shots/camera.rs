//! V3: camera. Movement, lens and height by script, trigger, verbs and intensity; everybody keeps
//! to one side of the line of action for the whole scene.

use std::collections::HashMap;

use super::beat::Beat;
use super::model::Blocking;
use super::rules::{Phrase, Rules};
use super::{plan, posture};
use crate::breakdown::SceneText;
use crate::cast::Cast;
use crate::prose;
use crate::words::{CameraHeight, Depth, Facing, Posture, SceneKind, ShotSize, Trigger};

pub(super) const PASS: &str = "V3 camera";

/// Sets movement, lens and height of every beat. `kit` are the focal lengths the style allows;
/// none: any.
pub(super) fn assign(
    beats: &mut [Beat],
    scene: &SceneText<'_>,
    kind: SceneKind,
    rules: &Rules,
    kit: &[u32],
) {
    posture::assign(beats);
    let sides = sides(beats);
    plan::movements(beats, scene, kind, &sides, rules);
    for beat in beats.iter_mut() {
        let words = prose::tokens(&beat.content);
        let wanted = rules.camera.lens.get(&beat.size).copied().unwrap_or(50);
        beat.lens = kit
            .iter()
            .copied()
            .min_by_key(|mm| (mm.abs_diff(wanted), *mm))
            .unwrap_or(wanted);
        let kit_note = if kit.is_empty() {
            ""
        } else {
            ", nearest in the style's lens kit"
        };
        beat.because(
            PASS,
            format!("camera.lens.{}", beat.size.code()),
            format!("{} mm for this size{kit_note}", beat.lens),
        );
        beat.height = height(beat, &words, rules);
    }
}

fn height(beat: &mut Beat, words: &[String], rules: &Rules) -> CameraHeight {
    let camera = &rules.camera;
    if let Some((direction, height)) = beat
        .directions
        .iter()
        .rev()
        .map(|&rule| &camera.direction[rule])
        .find_map(|direction| Some((direction, direction.height?)))
    {
        beat.because(
            PASS,
            "camera.direction",
            format!("the script says {:?}", direction.phrase.text),
        );
        return height;
    }
    if beat.trigger != Trigger::Dialogue {
        for rule in &camera.height {
            if let Some(phrase) = found(&rule.phrases, words) {
                beat.because(
                    PASS,
                    "camera.height",
                    format!("{:?} sets a {} camera", phrase.text, rule.height),
                );
                return rule.height;
            }
        }
    }
    let lies = |posture: &(usize, Posture)| posture.1 == Posture::Lying;
    if beat.postures.iter().any(lies) && beat.in_frame().len() == 1 {
        beat.because(PASS, "camera.height", "somebody lies: seen from above");
        return CameraHeight::High;
    }
    CameraHeight::Eye
}

pub(super) fn found<'a>(phrases: &'a [Phrase], words: &[String]) -> Option<&'a Phrase> {
    phrases.iter().find(|phrase| phrase.found_in(words))
}

/// Where each character stands, by their place in the cast.
pub(super) type Sides = HashMap<usize, u32>;

/// Where each character stands across the set, 0 left to 1000 right, by order of appearance. The
/// places hold for the whole scene, so that the camera never crosses the line.
pub(super) fn sides(beats: &[Beat]) -> Sides {
    const PLACES: [u32; 7] = [300, 700, 500, 150, 850, 400, 600];
    let mut sides = Sides::new();
    // Those who talk come first: the line of action runs between them.
    let talkers = beats
        .iter()
        .filter(|beat| beat.trigger == Trigger::Dialogue)
        .flat_map(|beat| beat.speakers.iter().chain(&beat.listener));
    for &one in talkers.chain(beats.iter().flat_map(|beat| beat.who.iter())) {
        let at = sides.len();
        let row = u32::try_from(at / PLACES.len()).unwrap_or(6).min(6);
        let place = PLACES[at % PLACES.len()] + row * 7;
        sides.entry(one).or_insert(place);
    }
    sides
}

pub(super) fn side(sides: &Sides, who: usize) -> u32 {
    sides.get(&who).copied().unwrap_or(500)
}

/// Where everybody in the frame of a beat is.
pub(super) fn blocking(beat: &Beat, sides: &Sides, cast: &Cast) -> Vec<Blocking> {
    let frame = beat.in_frame();
    let speaker = if beat.speaks_on_screen() {
        beat.speakers.first().copied()
    } else {
        None
    };
    let partner = beat.listener.or_else(|| {
        frame
            .iter()
            .copied()
            .find(|one| Some(*one) != frame.first().copied())
    });
    let mut order: Vec<usize> = frame.clone();
    order.sort_by_key(|&one| side(sides, one));
    let count = order.len();
    let mut out: Vec<Blocking> = frame
        .iter()
        .map(|&one| {
            let own = side(sides, one);
            let rank = order.iter().position(|other| *other == one).unwrap_or(0);
            let shoulder =
                beat.size == ShotSize::Ots && Some(one) == beat.listener && Some(one) != speaker;
            let toward = if Some(one) == frame.first().copied() {
                partner.filter(|other| *other != one)
            } else {
                speaker
                    .or(frame.first().copied())
                    .filter(|other| *other != one)
            };
            let right = match toward {
                Some(other) => {
                    side(sides, other) >= own && (side(sides, other) > own || one < other)
                }
                None => own < 500,
            };
            let x = place(beat.size, own, rank, count, shoulder, right);
            let depth = match (beat.size, shoulder) {
                (_, true) => Depth::Near,
                (ShotSize::Ews, _) => Depth::Far,
                (ShotSize::Ws | ShotSize::Fs, _) => {
                    if Some(one) == frame.first().copied() || count < 3 {
                        Depth::Mid
                    } else {
                        Depth::Far
                    }
                }
                (ShotSize::Ots, _) => Depth::Mid,
                _ => {
                    if Some(one) == frame.first().copied() || count < 3 {
                        Depth::Near
                    } else {
                        Depth::Mid
                    }
                }
            };
            let facing = match beat.trigger {
                Trigger::Exit if Some(one) == frame.first().copied() => Facing::Away,
                Trigger::Title => Facing::Camera,
                _ if toward.is_none() && beat.trigger == Trigger::Reveal => Facing::Camera,
                _ if right => Facing::Right,
                _ => Facing::Left,
            };
            Blocking {
                character: cast.characters[one].name.clone(),
                x,
                depth,
                facing,
                posture: beat
                    .postures
                    .iter()
                    .find(|(who, _)| *who == one)
                    .map_or(Posture::Standing, |(_, posture)| *posture),
                holding: beat
                    .holding
                    .iter()
                    .find(|(who, _)| *who == one)
                    .map(|(_, thing)| thing.clone()),
                shoulder,
            }
        })
        .collect();
    out.sort_by_key(|figure| std::cmp::Reverse(figure.depth));
    out
}

/// Across the frame: a single keeps looking room before it; several spread by their sides.
fn place(size: ShotSize, own: u32, rank: usize, count: usize, shoulder: bool, right: bool) -> u32 {
    if size == ShotSize::Ots {
        return match (shoulder, right) {
            (true, true) => 130,
            (true, false) => 870,
            (false, true) => 370,
            (false, false) => 630,
        };
    }
    if count <= 1 {
        return match size {
            ShotSize::Cu | ShotSize::Ecu | ShotSize::Insert => {
                if right {
                    440
                } else {
                    560
                }
            }
            ShotSize::Ews | ShotSize::Ws => own,
            _ => {
                if right {
                    400
                } else {
                    600
                }
            }
        };
    }
    let (rank, count) = (
        u32::try_from(rank).unwrap_or(0),
        u32::try_from(count).unwrap_or(1),
    );
    let margin = if count == 2 { 320 } else { 150 };
    margin + rank * (1000 - 2 * margin) / (count - 1).max(1)
}
