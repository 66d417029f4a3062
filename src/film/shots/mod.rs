//! The shot engine: a scene becomes a shot list in five passes, each a file and a table of rules.
//!
//! V1 `decompose` → V2 `size` → V3 `camera` → V4 `pacing` → V5 `transition`; V6, the prompts, are a
//! stage of their own (`film::prompts`). Every pass leaves its reason with each shot, so that a shot
//! list can be explained; reasons are recomputed, never stored.
//!
//! Use: `plan` a scene, give its `fingerprints` ids, `finish` the list.

mod action;
mod beat;
mod camera;
mod decompose;
mod model;
mod mood;
mod pacing;
mod paragraph;
mod rules;
mod size;
mod speech;
mod talk;
mod transition;

use crate::film::breakdown::{SceneText, eighths_in_frames};
use crate::film::cast::{Cast, Names};
use crate::film::scenes::Heading;

pub use beat::Reason;
pub(crate) use model::pretty;
pub use model::{
    Blocking, Heard, Shot, ShotList, ShotListError, ShotSize, Source, Trigger, VisualIntent,
};
pub use rules::{Phrase, Rules, RulesError};

use beat::Beat;

/// What of the project the engine reads besides the scene.
#[derive(Debug, Clone)]
pub struct Setup<'a> {
    /// The cast of the script.
    pub cast: &'a Cast,
    /// Its names, prepared.
    pub names: &'a Names,
    /// The rules with the project's own.
    pub rules: &'a Rules,
    /// The style's focal lengths in millimetres; empty: any.
    pub lens_kit: &'a [u32],
    /// Frames a second.
    pub fps: u32,
    /// `16:9`
    pub aspect_ratio: &'a str,
}

/// A scene's shots before they have ids.
#[derive(Debug, Clone)]
pub struct Plan {
    beats: Vec<Beat>,
    list: ShotList,
}

/// What tells a shot from others across edits of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// BLAKE3 over trigger, content, speaker and line, and which of equal ones it is.
    pub digest: [u8; 32],
    /// Its words, to find it again when some of them changed.
    pub text: String,
}

/// Runs V1 to V5 over a scene.
pub fn plan(scene: &SceneText<'_>, setup: &Setup<'_>) -> Plan {
    let rules = setup.rules;
    let mut beats = decompose::decompose(scene, setup.cast, setup.names, rules);
    size::assign(&mut beats, scene.interior(), setup.cast, rules);
    camera::assign(&mut beats, scene, rules, setup.lens_kit);
    let kind = mood::scene_kind(&beats);
    let wanted = eighths_in_frames(scene.eighths, setup.fps);
    let target = pacing::assign(&mut beats, wanted, kind, rules, setup.fps);
    let (transition_in, crossfade_in) = transition::assign(&mut beats, scene, rules, setup.fps);
    let mood = mood::read(&beats, setup.cast, rules);
    let sides = camera::sides(&beats);
    let location = scene.location();
    let shots = beats
        .iter()
        .map(|beat| shot(beat, &sides, &location, setup))
        .collect();
    let list = ShotList {
        scene: scene.number.to_owned(),
        slugline: scene.heading.raw.clone(),
        time: scene.time.to_owned(),
        place: decompose::place(scene, setup.names),
        beat: kind.to_owned(),
        act: scene.act,
        emotional_polarity: mood.polarity,
        visual_intent: mood.intent,
        fps: setup.fps,
        target_duration: if beats.is_empty() { 0 } else { target },
        pacing_curve: rules
            .pacing
            .curve
            .get(kind)
            .map_or("moderate", |curve| &curve.name)
            .to_owned(),
        transition_in,
        crossfade_in,
        shots,
    };
    Plan { beats, list }
}

fn shot(beat: &Beat, sides: &camera::Sides, location: &str, setup: &Setup<'_>) -> Shot {
    let frame = beat.in_frame();
    let character = |one: &usize| &setup.cast.characters[*one];
    Shot {
        shot_id: String::new(),
        trigger: beat.trigger,
        content: beat.content.clone(),
        source: Source {
            from: beat.from,
            to: beat.to,
        },
        dialogue_text: beat.line.clone(),
        dialogue_speaker: beat.line.as_ref().and(beat.speaker.clone()),
        dialogue_source: beat.line.as_ref().and(beat.heard),
        characters_in_frame: frame
            .iter()
            .map(|one| character(one).name.clone())
            .collect(),
        shot_type: beat.size,
        camera_movement: beat.movement.clone(),
        lens_mm: beat.lens,
        camera_height: beat.height.clone(),
        distance_band: setup
            .rules
            .camera
            .band
            .get(&beat.size)
            .cloned()
            .unwrap_or_else(|| "medium".to_owned()),
        blocking: camera::blocking(beat, sides, setup.cast),
        intensity: beat.intensity,
        duration: beat.frames,
        transition_to_next: beat.transition.clone(),
        crossfade: beat.crossfade,
        setting_ref: location.to_owned(),
        character_refs: frame
            .iter()
            .map(|one| character(one).slug.clone())
            .collect(),
        prop: beat.prop.clone(),
        frame_prompt: None,
        video_prompt: None,
        negative_prompt: None,
        ambient: None,
        init_image: if beat.trigger == Trigger::Title {
            "generated"
        } else {
            "reference"
        }
        .to_owned(),
        aspect_ratio: setup.aspect_ratio.to_owned(),
        notes: String::new(),
        locked: false,
    }
}

impl Plan {
    /// One for each shot, in order, none equal to another of the scene.
    pub fn fingerprints(&self) -> Vec<Fingerprint> {
        let mut seen = std::collections::HashMap::<[u8; 32], u64>::new();
        self.list
            .shots
            .iter()
            .map(|shot| {
                let mut hasher = blake3::Hasher::new_derive_key("aiut shot fingerprint 1");
                let line = shot.dialogue_text.as_deref().unwrap_or_default();
                let speaker = shot.dialogue_speaker.as_deref().unwrap_or_default();
                for part in [
                    decompose::name(shot.trigger).as_str(),
                    &shot.content,
                    speaker,
                    line,
                ] {
                    hasher.update(part.as_bytes()).update(&[0]);
                }
                let plain = *hasher.finalize().as_bytes();
                let which = seen.entry(plain).or_default();
                hasher.update(&which.to_le_bytes());
                *which += 1;
                Fingerprint {
                    digest: *hasher.finalize().as_bytes(),
                    text: format!("{} {line}", shot.content),
                }
            })
            .collect()
    }

    /// The list with these ids, one for each shot in order.
    ///
    /// # Panics
    /// If there are not as many ids as shots.
    pub fn finish(self, ids: &[String]) -> ShotList {
        assert_eq!(ids.len(), self.list.shots.len(), "one id for each shot");
        let mut list = self.list;
        for (shot, id) in list.shots.iter_mut().zip(ids) {
            shot.shot_id.clone_from(id);
        }
        list
    }

    /// The shots in order, without ids.
    pub fn shots(&self) -> &[Shot] {
        &self.list.shots
    }

    /// Why the shot at that place is as it is: what each pass decided, by which rule.
    pub fn explain(&self, at: usize) -> &[Reason] {
        self.beats
            .get(at)
            .map_or(&[], |beat| beat.reasons.as_slice())
    }
}

/// `012_003`: ids for the shots of a scene that never had any.
pub fn first_ids(scene: &str, count: usize) -> Vec<String> {
    (1..=count).map(|n| format!("{scene}_{n:03}")).collect()
}

/// A time of day as a phrase: `at night`; empty for `none`.
pub fn time_words(time: &str) -> &'static str {
    match time {
        "day" => "in daylight",
        "night" => "at night",
        "dawn" => "at dawn",
        "dusk" => "at dusk",
        "morning" => "in the morning",
        "afternoon" => "in the afternoon",
        "evening" => "in the evening",
        _ => "",
    }
}

/// What a heading says of the time: `day night dawn dusk morning afternoon evening`, or `none`.
pub fn time_of_day(heading: &Heading) -> &'static str {
    /// The first that a heading's time contains.
    const TIMES: &[(&str, &str)] = &[
        ("pre-dawn", "dawn"),
        ("predawn", "dawn"),
        ("midnight", "night"),
        ("nightfall", "dusk"),
        ("daybreak", "dawn"),
        ("sunrise", "dawn"),
        ("sunup", "dawn"),
        ("dawn", "dawn"),
        ("sunset", "dusk"),
        ("sundown", "dusk"),
        ("dusk", "dusk"),
        ("twilight", "dusk"),
        ("magic hour", "dusk"),
        ("golden hour", "dusk"),
        ("blue hour", "dusk"),
        ("afternoon", "afternoon"),
        ("morning", "morning"),
        ("noon", "day"),
        ("midday", "day"),
        ("evening", "evening"),
        ("night", "night"),
        ("day", "day"),
    ];
    let said = heading.time.as_deref().unwrap_or_default().to_lowercase();
    TIMES
        .iter()
        .find(|(word, _)| said.contains(word))
        .map_or("none", |(_, time)| time)
}
