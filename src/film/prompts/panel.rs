//! The storyboard panel of a shot, as data.

use super::Inputs;
use super::action::short;
use super::dress::color;
use super::hands::hands;
use crate::color::{hsl, is_color};
use crate::prose;
use crate::request::{Figure, Panel, Setting, SpokenLine};
use crate::words::{CameraHeight, Heard, Place, Pronoun, ShotSize, TimeOfDay, Trigger};

pub(super) fn panel(inputs: &Inputs<'_>, action: &[String]) -> Panel {
    let shot = inputs.shot;
    let speaks = |name: &str| {
        shot.dialogue_source == Some(Heard::OnScreen)
            && shot.dialogue_speaker.as_deref().is_some_and(|speaker| {
                speaker == name || crate::cast::speakers_of(speaker).any(|part| part == name)
            })
    };
    let slugs: Vec<(&String, &String)> = shot
        .characters_in_frame
        .iter()
        .zip(&shot.character_refs)
        .collect();
    let slug_of = |name: &str| {
        slugs
            .iter()
            .find(|(other, _)| *other == name)
            .map_or("", |(_, slug)| slug.as_str())
    };
    let people: Vec<String> = shot
        .blocking
        .iter()
        .map(|place| inputs.display(slug_of(&place.character), &place.character))
        .collect();
    let hands = hands(&people, action);
    let figures = shot
        .blocking
        .iter()
        .zip(people.into_iter().zip(hands))
        .map(|(place, (name, hands))| {
            let slug = slug_of(&place.character);
            Figure {
                color: color(inputs, slug, &place.character),
                pronouns: inputs
                    .people
                    .get(slug)
                    .map_or(Pronoun::They, |asset| asset.pronouns),
                name,
                x: place.x.min(1000),
                depth: place.depth,
                facing: place.facing,
                posture: place.posture,
                hands,
                speaking: speaks(&place.character),
                shoulder: place.shoulder,
            }
        })
        .collect();
    let insert = (shot.shot_type == ShotSize::Insert)
        .then(|| shot.prop.clone().unwrap_or_else(|| "detail".to_owned()));
    Panel {
        slate: shot.shot_id.slate(),
        frames: shot.duration,
        fps: inputs.scene.fps,
        size: shot.shot_type,
        movement: shot.camera_movement,
        height: shot.camera_height,
        lens_mm: shot.lens_mm,
        figures,
        insert,
        title: title(inputs),
        setting: setting(inputs),
        action: caption(inputs, action),
        dialogue: shot.dialogue_text.as_ref().map(|text| SpokenLine {
            speaker: inputs.speaker(),
            text: text.clone(),
        }),
    }
}

/// The lines of a title card.
fn title(inputs: &Inputs<'_>) -> Vec<String> {
    let shot = inputs.shot;
    if shot.trigger != Trigger::Title {
        return Vec::new();
    }
    let words = shot.content.split('"').nth(1).unwrap_or(&shot.content);
    words
        .split(" / ")
        .map(|line| line.trim().to_owned())
        .collect()
}

/// One line of whole words: the first whole sentence, or as many of its clauses as fit.
fn caption(inputs: &Inputs<'_>, sentences: &[String]) -> String {
    const WIDEST: usize = 110;
    if inputs.shot.trigger == Trigger::Title {
        return short(&inputs.shot.content, WIDEST);
    }
    let mut caption = String::new();
    for sentence in sentences {
        if !caption.is_empty() && caption.chars().count() + 1 + sentence.chars().count() > WIDEST {
            break;
        }
        if !caption.is_empty() {
            caption.push(' ');
        }
        caption.push_str(sentence);
    }
    short(&caption, WIDEST)
}

fn setting(inputs: &Inputs<'_>) -> Setting {
    let name = inputs.scene.place_name();
    let time = inputs.scene.time;
    let place = inputs.scene.int_ext;
    let own: Vec<String> = inputs
        .location
        .map(|record| {
            record
                .palette
                .iter()
                .filter(|color| is_color(color))
                .take(5)
                .cloned()
                .collect()
        })
        .unwrap_or_default();
    let palette = if own.len() >= 3 {
        own
    } else {
        palette(&inputs.shot.setting_ref, place, time)
    };
    let horizon = match (inputs.shot.camera_height, place) {
        (CameraHeight::Low, _) => 760,
        (CameraHeight::Ground, _) => 860,
        (CameraHeight::High, _) => 330,
        (CameraHeight::Overhead, _) => 80,
        (CameraHeight::Eye, Place::Exterior | Place::Unsaid) => 560,
        (CameraHeight::Eye, Place::Interior | Place::Both) => 640,
    };
    Setting {
        name,
        place,
        time,
        palette,
        horizon,
    }
}

/// Sky or wall, ground, two accents: the location gives the hue, the time of day the light.
fn palette(location: &str, place: Place, time: TimeOfDay) -> Vec<String> {
    let hash = blake3::derive_key("aiut location palette 1", location.as_bytes());
    let hue = u32::from(hash[0]) * 360 / 256;
    // Sky by the hour: hue, saturation, lightness; and how bright the rest is.
    let (sky, light) = match time {
        TimeOfDay::Night => ((228, 420, 170), 260),
        TimeOfDay::Dawn => ((24, 480, 700), 520),
        TimeOfDay::Dusk | TimeOfDay::Evening => ((16, 520, 520), 420),
        TimeOfDay::Morning => ((200, 440, 800), 620),
        TimeOfDay::Afternoon => ((42, 400, 780), 600),
        TimeOfDay::Day | TimeOfDay::Unsaid => ((206, 480, 780), 620),
    };
    let (wall, ground) = if place == Place::Interior {
        let tint = if matches!(time, TimeOfDay::Night | TimeOfDay::Evening) {
            300
        } else {
            740
        };
        (
            hsl(hue, 220, tint),
            hsl((hue + 20) % 360, 240, light / 2 + 60),
        )
    } else {
        (
            hsl(sky.0, sky.1, sky.2),
            hsl(60 + hue % 80, 260, light / 2 + 60),
        )
    };
    vec![
        wall,
        ground,
        hsl((hue + 150) % 360, 380, light),
        hsl((hue + 210) % 360, 300, light / 2 + 200),
    ]
}

/// The display name of a shot's prop.
pub(super) fn prop(inputs: &Inputs<'_>) -> Option<String> {
    inputs
        .shot
        .prop
        .as_ref()
        .map(|prop| prose::plain(prop).to_lowercase())
        .filter(|prop| !prop.is_empty())
}
