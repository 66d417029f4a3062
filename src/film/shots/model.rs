//! The files `shots/012.json`. What they may hold beside these fields, and what the fields may hold,
//! is in `check`.

use serde::{Deserialize, Serialize};

use crate::rate::FrameRate;

/// The shot list of one scene. Times are whole frames.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShotList {
    /// Production number: `12A`.
    pub scene: String,
    /// The heading as written, without number.
    pub slugline: String,
    /// The time of day: `day night dawn dusk morning afternoon evening`, or `none`.
    pub time: String,
    /// The place in words, without the names of people: `hill outside Ashton`.
    pub place: String,
    /// What kind of scene it is: `dialogue confrontation action montage reveal quiet`.
    pub beat: String,
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
    /// How the scene is entered when the scene before ends on a plain cut: `cut`, `dissolve`,
    /// `fade_in`.
    pub transition_in: String,
    /// Frames of that transition.
    pub crossfade_in: u32,
    /// In order.
    pub shots: Vec<Shot>,
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
    pub shot_id: String,
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
    /// How the speaker is heard: `on_screen`, `off_screen`, `voice_over`; none without dialogue.
    pub dialogue_source: Option<Heard>,
    /// Names from the cast, the one acting first.
    pub characters_in_frame: Vec<String>,
    /// Framing.
    pub shot_type: ShotSize,
    /// As `Panel::movement` in the request.
    pub camera_movement: String,
    /// Millimetres, full-frame equivalent.
    pub lens_mm: u32,
    /// `eye high low overhead ground`.
    pub camera_height: String,
    /// `extreme_far far medium close extreme_close`.
    pub distance_band: String,
    /// Where everybody in the frame is.
    pub blocking: Vec<Blocking>,
    /// How strongly the moment moves, 0 to 1000.
    pub intensity: u32,
    /// Frames.
    pub duration: u32,
    /// `cut smash_cut match_cut jump_cut dissolve wipe fade_to_black fade_to_white`.
    pub transition_to_next: String,
    /// Frames that overlap with the next shot, or in which the picture fades.
    pub crossfade: u32,
    /// Slug of the location: `bible/locations/SLUG.toml`. Empty for a scene without heading.
    pub setting_ref: String,
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
    /// What the frame starts from: `reference`, `previous_frame` or `generated`.
    pub init_image: String,
    /// `16:9`
    pub aspect_ratio: String,
    /// A person's notes.
    #[serde(default)]
    pub notes: String,
    /// Kept as it is when the scene's shots are made again.
    #[serde(default)]
    pub locked: bool,
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
    /// `near`, `mid` or `far`.
    pub depth: String,
    /// `left`, `right`, `camera` or `away`.
    pub facing: String,
    /// `standing sitting lying kneeling running walking`.
    pub posture: String,
    /// Seen from behind at the edge, as in an over-the-shoulder.
    pub shoulder: bool,
}

/// Why there is a shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words of film.md")]
pub enum Trigger {
    Establishing,
    Action,
    Dialogue,
    VoiceOver,
    OffScreen,
    Reaction,
    Insert,
    Entrance,
    Exit,
    Reveal,
    Disaster,
    Pov,
    Montage,
    Title,
}

/// How a speaker is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words of the script: (O.S.), (V.O.)")]
pub enum Heard {
    OnScreen,
    OffScreen,
    VoiceOver,
}

/// Framing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the trade's own words, see `words`")]
pub enum ShotSize {
    Ews,
    Ws,
    Fs,
    Mws,
    Ms,
    Mcu,
    Cu,
    Ecu,
    Insert,
    Ots,
    TwoShot,
    Pov,
}

impl ShotSize {
    /// As in files: `TWO_SHOT`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ews => "EWS",
            Self::Ws => "WS",
            Self::Fs => "FS",
            Self::Mws => "MWS",
            Self::Ms => "MS",
            Self::Mcu => "MCU",
            Self::Cu => "CU",
            Self::Ecu => "ECU",
            Self::Insert => "INSERT",
            Self::Ots => "OTS",
            Self::TwoShot => "TWO_SHOT",
            Self::Pov => "POV",
        }
    }

    /// In words: `medium close-up`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Ews => "extreme wide shot",
            Self::Ws => "wide shot",
            Self::Fs => "full shot",
            Self::Mws => "medium wide shot",
            Self::Ms => "medium shot",
            Self::Mcu => "medium close-up",
            Self::Cu => "close-up",
            Self::Ecu => "extreme close-up",
            Self::Insert => "insert shot",
            Self::Ots => "over-the-shoulder shot",
            Self::TwoShot => "two-shot",
            Self::Pov => "point-of-view shot",
        }
    }
}

impl ShotList {
    /// Pretty JSON in the order of the fields, with a newline at the end.
    pub fn to_json(&self) -> String {
        pretty(self)
    }
}

/// Pretty JSON with a newline at the end.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("plain structs have no failing keys");
    text.push('\n');
    text
}
