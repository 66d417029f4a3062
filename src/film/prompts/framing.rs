//! The first sentence of a prompt: how the picture is framed and where everybody is.

use super::compose::Composer;
use super::{Inputs, panel};
use crate::breakdown::in_sentence;
use crate::prose;
use crate::shots::Blocking;
use crate::words::{CameraHeight, Facing, Movement, Posture, PromptPart, ShotSize, Trigger};

/// "Medium close-up of Edward, on the left, facing right."
pub(super) fn framing(inputs: &Inputs<'_>, prompt: &mut Composer) {
    let shot = inputs.shot;
    let size = capital(shot.shot_type.words());
    let people: Vec<(String, &Blocking)> = inputs
        .frame()
        .into_iter()
        .zip(&shot.characters_in_frame)
        .filter_map(|((_, shown), name)| {
            shot.blocking
                .iter()
                .find(|place| place.character == *name)
                .map(|place| (shown, place))
        })
        .collect();
    let first = match (shot.shot_type, people.as_slice()) {
        (ShotSize::Insert, _) => match panel::prop(inputs) {
            Some(prop) => format!("{size} of the {prop}."),
            None => format!("{size}."),
        },
        (ShotSize::Pov, [_, ..]) => {
            let names: Vec<&str> = people.iter().map(|(name, _)| name.as_str()).collect();
            format!("{size} of {}.", list(&names))
        }
        (ShotSize::Pov, []) => format!("{size}{}.", beside(inputs, " of")),
        (ShotSize::Ews, []) => {
            let place = in_sentence(&inputs.scene.place, "of");
            format!("{size} {place}{}.", beside(inputs, ", with"))
        }
        (_, []) if shot.trigger != Trigger::Establishing && !shot.extras_in_frame.is_empty() => {
            format!("{size}{}.", beside(inputs, " of"))
        }
        (_, []) => {
            let place = in_sentence(&inputs.scene.place, "of");
            format!("{size} {place}{}.", beside(inputs, ", with"))
        }
        (ShotSize::Ots, [(name, place), rest @ ..]) => {
            let past = rest.iter().find(|(_, other)| other.shoulder);
            match past {
                Some((other, _)) => format!(
                    "{size} of {name}{}, {}, seen past {} shoulder.",
                    posture(place),
                    side(place),
                    owner(other)
                ),
                None => format!("{size} of {name}, {}.", side(place)),
            }
        }
        (wide, [(name, place)]) => format!(
            "{size} of {name}{}, {}{}{}.",
            posture(place),
            side(place),
            facing(place),
            // Nobody else fits beside a face.
            match wide {
                ShotSize::Cu | ShotSize::Ecu | ShotSize::Mcu => String::new(),
                _ => beside(inputs, ", with"),
            }
        ),
        (_, several) => {
            let names: Vec<&str> = several.iter().map(|(name, _)| name.as_str()).collect();
            format!("{size} of {}{}.", list(&names), beside(inputs, ", with"))
        }
    };
    prompt.about(PromptPart::Framing);
    // Whoever it is, it is told: MR. RIGHT, "right of centre", stammers and no more.
    match prose::dangling(&first, prose::Ending::Whole) {
        true => prompt.add(&first),
        false => prompt.tell(&first),
    };
    if people.len() >= 2
        && !matches!(
            shot.shot_type,
            ShotSize::Ots | ShotSize::Insert | ShotSize::Pov
        )
    {
        let mut order: Vec<&(String, &Blocking)> = people.iter().collect();
        order.sort_by_key(|(_, place)| place.x);
        let names: Vec<String> = order
            .iter()
            .map(|(name, place)| format!("{name}{}", aside(posture(place))))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        prompt.about(PromptPart::Placing);
        prompt.add(&format!("From left to right are {}.", list(&names)));
    }
    if shot.trigger != Trigger::Title {
        let height = match shot.camera_height {
            CameraHeight::High => "from a high angle ",
            CameraHeight::Low => "from a low angle ",
            CameraHeight::Overhead => "from straight above ",
            CameraHeight::Ground => "from the ground ",
            CameraHeight::Eye => "at eye level ",
        };
        let lens = shot.lens_mm;
        let bare = height.trim_start_matches("from ").trim_start_matches("at ");
        let bare = bare.trim_start_matches("a ").trim_end();
        prompt.about(PromptPart::Lens);
        prompt.add_with_tags(
            &format!("Seen {height}through {} {lens} mm lens.", article(lens)),
            &format!("{bare}, {lens} mm lens"),
        );
    }
}

/// Those in the frame who have no name, behind a word that joins them: `, with two gunmen and a dog`.
fn beside(inputs: &Inputs<'_>, joint: &str) -> String {
    let names: Vec<&str> = inputs
        .shot
        .extras_in_frame
        .iter()
        .map(|one| one.shown.as_str())
        .collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("{joint} {}", list(&names)),
    }
}

/// "an 18 mm lens", "a 50 mm lens"
fn article(number: u32) -> &'static str {
    let digits = number.to_string();
    if digits.starts_with('8') || matches!(number, 11 | 18) {
        "an"
    } else {
        "a"
    }
}

/// How somebody holds themselves, if not simply standing.
fn posture(place: &Blocking) -> &'static str {
    match place.posture {
        Posture::Sitting => ", seated",
        Posture::Lying => ", lying down",
        Posture::Kneeling => ", kneeling",
        Posture::Standing | Posture::Running | Posture::Walking => "",
    }
}

/// `, seated` → ` (seated)`
fn aside(posture: &str) -> String {
    posture
        .strip_prefix(", ")
        .map(|words| format!(" ({words})"))
        .unwrap_or_default()
}

fn side(place: &Blocking) -> &'static str {
    match place.x {
        0..=339 => "on the left of the frame",
        340..=449 => "left of centre",
        450..=550 => "in the centre",
        551..=660 => "right of centre",
        _ => "on the right of the frame",
    }
}

fn facing(place: &Blocking) -> &'static str {
    match place.facing {
        Facing::Left => ", facing left",
        Facing::Right => ", facing right",
        Facing::Away => ", seen from behind",
        Facing::Camera => ", facing the camera",
    }
}

fn owner(name: &str) -> String {
    if name.ends_with('s') {
        format!("{name}'")
    } else {
        format!("{name}'s")
    }
}

fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// The camera's move as a complete clause.
pub(super) fn camera_clause(movement: Movement, subject: Option<&str>) -> String {
    let on = subject
        .map(|name| format!(" on {name}"))
        .unwrap_or_default();
    let beside = subject
        .map(|name| format!(" beside {name}"))
        .unwrap_or_default();
    match movement {
        Movement::PanLeft => "The camera pans slowly from right to left.".to_owned(),
        Movement::PanRight => "The camera pans slowly from left to right.".to_owned(),
        Movement::TiltUp => "The camera tilts up.".to_owned(),
        Movement::TiltDown => "The camera tilts down.".to_owned(),
        Movement::PushIn => format!("The camera pushes in slowly{on}."),
        Movement::PullOut => "The camera pulls back slowly.".to_owned(),
        Movement::Dolly => "The camera glides forward.".to_owned(),
        Movement::TrackLeft => format!("The camera tracks to the left{beside}."),
        Movement::TrackRight => format!("The camera tracks to the right{beside}."),
        Movement::CraneUp => "The camera rises on a crane.".to_owned(),
        Movement::CraneDown => "The camera descends on a crane.".to_owned(),
        Movement::Handheld => "The camera is handheld and restless.".to_owned(),
        Movement::ZoomIn => format!("The lens zooms in{on}."),
        Movement::RackFocus => "The focus racks from near to far.".to_owned(),
        Movement::Static => "The camera holds still.".to_owned(),
    }
}
