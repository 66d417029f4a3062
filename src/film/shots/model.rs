//! The files `shots/012.json`. What they may hold beside these fields, and what the fields may hold,
//! is in `check`.

use serde::{Deserialize, Serialize};

use crate::ids::{SceneNumber, ShotId};
use crate::json::pretty;
use crate::rate::FrameRate;
use crate::words::{
    CameraHeight, Depth, DistanceBand, Facing, Heard, InitImage, Movement, Place, Posture, Pronoun,
    SceneKind, ShotSize, TimeOfDay, Transition, Trigger,
};

/// The shot list of one scene. Times are whole frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShotList {
    /// Production number.
    pub scene: SceneNumber,
    /// The heading as written, without number.
    pub slugline: String,
    /// The time of day.
    pub time: TimeOfDay,
    /// The place as people write it: `Reggie's hotel room`; `scene` where no heading says it.
    pub place: String,
    /// Inside or outside; `none` if the heading does not say.
    #[serde(default = "unsaid")]
    pub int_ext: Place,
    /// Slugs of the places that it lies in, the nearest first: their looks are its own where it has
    /// none.
    #[serde(default)]
    pub within: Vec<String>,
    /// The year that the heading names: `1973`; empty if none.
    #[serde(default)]
    pub period: String,
    /// What kind of scene it is.
    pub beat: SceneKind,
    /// The act, if the script says.
    pub act: Option<u32>,
    /// `positive`, `negative`, `mixed` or `neutral`.
    pub emotional_polarity: String,
    /// What the pictures should tell.
    pub visual_intent: VisualIntent,
    /// Frames a second.
    pub fps: FrameRate,
    /// The sum of all durations, in frames.
    pub target_duration: u32,
    /// `moderate slow rapid accelerating decelerating`.
    pub pacing_curve: String,
    /// How the scene is entered when the scene before ends on a plain cut.
    pub transition_in: Transition,
    /// Frames of that transition.
    pub crossfade_in: u32,
    /// In order.
    pub shots: Vec<Shot>,
}

/// Lists that were made before they said it.
fn unsaid() -> Place {
    Place::Unsaid
}

/// What a scene's pictures should tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisualIntent {
    /// `calm`, `warm`, `tense` …
    pub emotional_start: String,
    /// As `emotional_start`.
    pub emotional_end: String,
    /// `EDWARD against WILL`; empty where nobody faces anybody.
    pub conflict_axis: String,
}

/// One shot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shot {
    /// `012_003`
    pub shot_id: ShotId,
    /// Why there is a shot.
    pub trigger: Trigger,
    /// What is seen, in whole sentences.
    pub content: String,
    /// Where it stands in the script.
    pub source: Source,
    /// The words spoken; none: silence.
    pub dialogue_text: Option<String>,
    /// Who speaks them.
    pub dialogue_speaker: Option<String>,
    /// How the speaker is heard; none without dialogue.
    pub dialogue_source: Option<Heard>,
    /// Of two who speak at once: who says what. Empty everywhere else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dialogue_together: Vec<Words>,
    /// How they are said: `quietly`; none where the script does not show it.
    #[serde(default)]
    pub dialogue_tone: Option<String>,
    /// What goes on while they are said, in whole sentences.
    #[serde(default)]
    pub meanwhile: Option<String>,
    /// Names from the cast, the one acting first.
    pub characters_in_frame: Vec<String>,
    /// Who else is in it, without a name: animals, crowds, a gunman.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extras_in_frame: Vec<ExtraInFrame>,
    /// Framing.
    pub shot_type: ShotSize,
    /// How the camera moves.
    pub camera_movement: Movement,
    /// Millimetres, full-frame equivalent.
    pub lens_mm: u32,
    /// From where it looks.
    pub camera_height: CameraHeight,
    /// How far what is filmed is away.
    pub distance_band: DistanceBand,
    /// Where everybody in the frame is.
    pub blocking: Vec<Blocking>,
    /// How strongly the moment moves, 0 to 1000.
    pub intensity: u32,
    /// Frames.
    pub duration: u32,
    /// How it gives way to the next shot.
    pub transition_to_next: Transition,
    /// Frames that overlap with the next shot, or in which the picture fades.
    pub crossfade: u32,
    /// Slug of the location: `bible/locations/SLUG.toml`. Empty for a scene without heading.
    pub setting_ref: String,
    /// Where it plays if not where its scene does: in a flashback, on the other side of an intercut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Elsewhere>,
    /// Slugs of the characters: `bible/characters/SLUG.toml`, as `characters_in_frame`.
    pub character_refs: Vec<String>,
    /// The prop that an insert shows.
    pub prop: Option<String>,
    /// Written by a person: takes the place of the prompt made for the start frame.
    pub frame_prompt: Option<String>,
    /// Written by a person: takes the place of the prompt made for the clip.
    pub video_prompt: Option<String>,
    /// Written by a person: added to what the style forbids.
    pub negative_prompt: Option<String>,
    /// Written by a person: the sound of the place in this shot.
    pub ambient: Option<String>,
    /// What the frame starts from.
    pub init_image: InitImage,
    /// `16:9`
    pub aspect_ratio: String,
    /// What the script remarks on it and no picture shows, and a person's notes.
    #[serde(default)]
    pub notes: String,
    /// Kept as it is when the scene's shots are made again.
    #[serde(default)]
    pub locked: bool,
}

/// Where and when a shot plays that leaves the place of its scene. `setting_ref` is of this place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The place as people write it.
    pub place: String,
    /// Inside or outside.
    pub int_ext: Place,
    /// Slugs of the places that it lies in, the nearest first.
    pub within: Vec<String>,
    /// The time of day.
    pub time: TimeOfDay,
    /// The year, if one is named.
    pub period: String,
}

/// One of those in a frame who have no name, or several of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraInFrame {
    /// As a picture of them is described: `a massive black dog`.
    pub shown: String,
    /// As a sentence calls them that goes on about them: `the dog`.
    pub again: String,
    /// Pronouns.
    pub pronouns: Pronoun,
    /// Whether they are several.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several: bool,
}

/// What one of several says who speak at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Name from the cast.
    pub speaker: String,
    /// The words.
    pub text: String,
}

/// A range of the elements of the scene that are filmed or cut by, counted from 0 after the heading; notes, synopses,
/// sections and page breaks do not count, so that none of them changes a shot list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// First element.
    pub from: usize,
    /// End, exclusive.
    pub to: usize,
}

/// Where a character is in the frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocking {
    /// Name from the cast.
    pub character: String,
    /// Across the frame: 0 left, 1000 right.
    pub x: u32,
    /// How near they are.
    pub depth: Depth,
    /// Where they look.
    pub facing: Facing,
    /// How they hold themselves.
    pub posture: Posture,
    /// What they have in hand since a shot before: `a lantern`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holding: Option<String>,
    /// Seen from behind at the edge, as in an over-the-shoulder.
    pub shoulder: bool,
}

impl ShotList {
    /// Pretty JSON in the order of the fields, with a newline at the end.
    pub fn to_json(&self) -> String {
        pretty(self)
    }
}
