//! The shot engine: a scene becomes a shot list in five passes, each a file and a table of rules.
//!
//! V1 `decompose` → V2 `size` → V3 `camera` → V4 `pacing` → V5 `transition`; V6, the prompts, are a
//! stage of their own (`film::prompts`). Every pass leaves its reason with each shot, so that a shot
//! list can be explained; reasons are recomputed, never stored.
//!
//! Use: `plan` a scene, give its `fingerprints` ids, `finish` the list.

mod action;
mod aim;
mod beat;
mod called;
mod camera;
mod check;
mod decompose;
mod doing;
mod elsewhere;
mod explain;
mod holding;
mod hours;
mod inside;
mod manners;
mod meanwhile;
mod model;
mod mood;
mod moves;
mod pacing;
mod paragraph;
mod plan;
mod posture;
mod rooms;
mod rules;
mod seen;
mod size;
mod slug;
mod speech;
mod talk;
mod telling;
mod told;
mod transition;
mod verbs;

use serde::Deserialize;

use crate::breakdown::{self, SceneText};
use crate::cast::{Cast, Extra, Gender, Names};
use crate::ids::ShotId;
use crate::rate::FrameRate;
use crate::scenes::eighths_in_frames;
use crate::words::{DistanceBand, InitImage, Trigger};

pub use beat::Reason;
pub use check::{LONGEST_SHOT, check_list, list_words};
pub use explain::{Passage, Why, why};
pub use model::{Blocking, Elsewhere, ExtraInFrame, Shot, ShotList, Source, VisualIntent, Words};
pub use rules::{Phrase, Rules, RulesError};
pub use seen::looks_out;
pub use telling::{Telling, comes_through, telling};

use beat::Beat;
use rooms::Rooms;

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
    pub fps: FrameRate,
    /// `16:9`
    pub aspect_ratio: &'a str,
}

/// A scene's shots before they have ids.
#[derive(Debug, Clone)]
pub struct Plan {
    beats: Vec<Beat>,
    list: ShotList,
}

/// A shot that people locked: the others of its scene are made around it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Locked {
    /// `012_003`
    pub shot_id: ShotId,
    /// Why there is a shot.
    pub trigger: Trigger,
    /// What is seen.
    pub content: String,
    /// The words spoken.
    #[serde(default)]
    pub dialogue_text: Option<String>,
    /// Who speaks them.
    #[serde(default)]
    pub dialogue_speaker: Option<String>,
    /// Frames.
    pub duration: u32,
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
    let rooms = Rooms::of(scene, setup.cast, setup.names);
    let mut beats = decompose::decompose(scene, setup.cast, setup.names, &rooms, rules);
    size::assign(&mut beats, scene, setup.cast, &rooms, rules);
    meanwhile::assign(&mut beats, setup.cast, rules);
    holding::assign(&mut beats, setup.cast);
    let kind = mood::scene_kind(&beats);
    camera::assign(&mut beats, scene, kind, rules, setup.lens_kit);
    let wanted = eighths_in_frames(scene.eighths, setup.fps);
    let target = pacing::assign(&mut beats, wanted, kind, rules, setup.fps);
    let (transition_in, crossfade_in) = transition::assign(&mut beats, scene, rules, setup.fps);
    let mood = mood::read(&beats, setup.cast, rules);
    let sides = camera::sides(&beats);
    let location = scene.location();
    let ids = ShotId::first(&scene.number.stem(), beats.len());
    let shots = beats
        .iter()
        .zip(ids)
        .map(|(beat, id)| shot(id, beat, &sides, &location, setup))
        .collect();
    let list = ShotList {
        scene: scene.number.clone(),
        slugline: scene.heading.raw.clone(),
        time: scene.time,
        place: decompose::place(scene, setup.names),
        int_ext: scene.heading.place,
        within: breakdown::location_within(scene.heading),
        period: scene.heading.year.clone().unwrap_or_default(),
        beat: kind,
        act: scene.act,
        emotional_polarity: mood.polarity,
        visual_intent: mood.intent,
        fps: setup.fps,
        target_duration: if beats.is_empty() { 0 } else { target },
        pacing_curve: rules
            .pacing
            .curve
            .get(&kind)
            .map_or("moderate", |curve| &curve.name)
            .to_owned(),
        transition_in,
        crossfade_in,
        shots,
    };
    Plan { beats, list }
}

fn shot(
    shot_id: ShotId,
    beat: &Beat,
    sides: &camera::Sides,
    location: &str,
    setup: &Setup<'_>,
) -> Shot {
    let frame = beat.in_frame();
    let character = |one: &usize| &setup.cast.characters[*one];
    Shot {
        shot_id,
        trigger: beat.trigger,
        content: beat.content.clone(),
        source: Source {
            from: beat.from,
            to: beat.to,
        },
        dialogue_text: beat.line.clone(),
        dialogue_speaker: beat.line.as_ref().and(beat.speaker.clone()),
        dialogue_source: beat.line.as_ref().and(beat.heard),
        dialogue_together: beat
            .together
            .iter()
            .map(|(speaker, text)| Words {
                speaker: speaker.clone(),
                text: text.clone(),
            })
            .collect(),
        dialogue_tone: beat.tone.clone(),
        meanwhile: beat.meanwhile.clone(),
        characters_in_frame: frame
            .iter()
            .map(|one| character(one).name.clone())
            .collect(),
        extras_in_frame: beat.extras.iter().map(extra).collect(),
        shot_type: beat.size,
        camera_movement: beat.movement,
        lens_mm: beat.lens,
        camera_height: beat.height,
        distance_band: setup
            .rules
            .camera
            .band
            .get(&beat.size)
            .copied()
            .unwrap_or(DistanceBand::Medium),
        blocking: camera::blocking(beat, sides, setup.cast),
        intensity: beat.intensity,
        duration: beat.frames,
        transition_to_next: beat.transition,
        crossfade: beat.crossfade,
        setting_ref: match &beat.elsewhere {
            Some(elsewhere) => elsewhere.location.clone(),
            None => location.to_owned(),
        },
        elsewhere: beat
            .elsewhere
            .as_ref()
            .map(|elsewhere| elsewhere.shown.clone()),
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
            InitImage::Generated
        } else {
            InitImage::Reference
        },
        aspect_ratio: setup.aspect_ratio.to_owned(),
        notes: beat.notes.clone(),
        locked: false,
    }
}

fn extra(one: &Extra) -> ExtraInFrame {
    ExtraInFrame {
        shown: one.shown.clone(),
        again: one.again.clone(),
        pronouns: one.gender.pronoun(),
        several: one.gender == Gender::Plural,
    }
}

impl Plan {
    /// The plan around locked shots; `ids` are those of its shots, in order. The others share out
    /// what the locked ones leave of the scene's length. A shot that is locked stands in the plan as
    /// the engine alone would make it: what people hold is theirs, not the engine's.
    #[must_use]
    pub fn around(
        mut self,
        locked: &[Locked],
        ids: &[ShotId],
        scene: &SceneText<'_>,
        rules: &Rules,
    ) -> Self {
        if locked.is_empty() {
            return self;
        }
        let fps = self.list.fps;
        let held = |id: &ShotId| locked.iter().find(|shot| shot.shot_id == *id);
        for (beat, id) in self.beats.iter_mut().zip(ids) {
            beat.held = held(id).map(|shot| shot.duration);
            let again = |reason: &Reason| ![pacing::PASS, transition::PASS].contains(&reason.pass);
            beat.reasons.retain(again);
        }
        // Shots whose lines are gone, or that people added, take their time too.
        let others = locked.iter().filter(|shot| !ids.contains(&shot.shot_id));
        let besides = others.fold(0u32, |sum, shot| sum.saturating_add(shot.duration));
        let rest = self.list.target_duration.saturating_sub(besides);
        let kind = self.list.beat;
        let target = pacing::assign(&mut self.beats, rest, kind, rules, fps);
        let (transition_in, crossfade_in) = transition::assign(&mut self.beats, scene, rules, fps);
        for (shot, beat) in self.list.shots.iter_mut().zip(&self.beats) {
            if beat.held.is_none() {
                shot.duration = beat.frames;
                shot.transition_to_next.clone_from(&beat.transition);
                shot.crossfade = beat.crossfade;
            }
        }
        self.list.target_duration = target.saturating_add(besides);
        self.list.transition_in = transition_in;
        self.list.crossfade_in = crossfade_in;
        self
    }

    /// The ids of its shots, where locked shots are found again by what they show: one of `locked`
    /// whose id none of `ids` is, as its lines moved within the scene or came back, takes the place
    /// of the shot that is its like.
    #[must_use]
    pub fn with_moved(&self, mut ids: Vec<ShotId>, locked: &[&Locked]) -> Vec<ShotId> {
        for lost in locked {
            if ids.contains(&lost.shot_id) {
                continue;
            }
            let line = |shot: &Shot| {
                shot.dialogue_text == lost.dialogue_text
                    && shot.dialogue_speaker == lost.dialogue_speaker
            };
            let same = |shot: &Shot| {
                line(shot) && shot.trigger == lost.trigger && shot.content == lost.content
            };
            let says = |shot: &Shot| line(shot) && lost.dialogue_text.is_some();
            let free = |at: &usize| locked.iter().all(|shot| shot.shot_id != ids[*at]);
            let shots = &self.list.shots;
            let places = || (0..shots.len()).filter(free);
            let at = places().find(|at| same(&shots[*at]));
            if let Some(at) = at.or_else(|| places().find(|at| says(&shots[*at]))) {
                ids[at].clone_from(&lost.shot_id);
            }
        }
        ids
    }

    /// What the scene lasts, in frames.
    #[must_use]
    pub fn length(&self) -> u32 {
        self.list.target_duration
    }

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
                for part in [shot.trigger.code(), &shot.content, speaker, line] {
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
    pub fn finish(self, ids: &[ShotId]) -> ShotList {
        assert_eq!(ids.len(), self.list.shots.len(), "one id for each shot");
        let mut list = self.list;
        for (shot, id) in list.shots.iter_mut().zip(ids) {
            shot.shot_id.clone_from(id);
        }
        list
    }

    /// The shots in order, with the ids of a scene that never had any.
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
