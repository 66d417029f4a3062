//! The finished request of a shot, `prompts/SCENE_SHOT.json`: all that the generators of its
//! frame, voice and clip are told. They read this and nothing else, so a change that leaves it as
//! it was costs nothing downstream.

use serde::{Deserialize, Serialize};

use crate::ids::ShotId;
use crate::rate::FrameRate;
use crate::words::{
    CameraHeight, Depth, Facing, Hands, InitImage, Movement, Place, Posture, Pronoun, ShotSize,
    TimeOfDay,
};

/// One file of `prompts/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShotRequest {
    /// Its id.
    pub shot: ShotId,
    /// For the start frame.
    pub frame: FrameRequest,
    /// For the clip.
    pub video: VideoRequest,
    /// For its sound.
    pub audio: AudioRequest,
}

/// What the frame shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameRequest {
    /// The template that the prompt was written by, with its version: `sentences 1`.
    #[serde(default)]
    pub template: String,
    /// Whole phrases: who, where in frame, doing what, framing, location, time, style.
    pub prompt: String,
    /// What must not be seen; empty when the bible forbids nothing.
    pub negative_prompt: String,
    /// `16:9`
    pub aspect_ratio: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// What the frame starts from.
    pub init_image: InitImage,
    /// Files of reference images that the bible names, in order.
    pub references: Vec<String>,
    /// The storyboard panel of the same frame, for the offline generator.
    pub panel: Panel,
}

/// A storyboard panel as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// The shot as a slate prints it: `12-3`.
    pub slate: String,
    /// Length in frames, for the slate.
    pub frames: u32,
    /// Frames a second, for the slate.
    pub fps: FrameRate,
    /// Framing.
    pub size: ShotSize,
    /// How the camera moves.
    pub movement: Movement,
    /// From where it looks.
    pub height: CameraHeight,
    /// Millimetres, full-frame equivalent.
    pub lens_mm: u32,
    /// Who is in the frame, back to front.
    pub figures: Vec<Figure>,
    /// A prop that an insert shows, if any.
    pub insert: Option<String>,
    /// The words of a title card, a line each, where the shot is one: it shows nothing else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<String>,
    /// The place.
    pub setting: Setting,
    /// What happens, one line of whole words, for the caption.
    pub action: String,
    /// The line that is spoken, if any.
    pub dialogue: Option<SpokenLine>,
}

/// A person in the panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Display name.
    pub name: String,
    /// What a text says for the name, by which hair is drawn.
    #[serde(default = "they")]
    pub pronouns: Pronoun,
    /// Middle of the figure across the frame, 0 (left) to 1000 (right).
    pub x: u32,
    /// How near they are.
    pub depth: Depth,
    /// Where they look.
    pub facing: Facing,
    /// How they hold themselves.
    pub posture: Posture,
    /// What their hands do; free in requests that were written before it was told.
    #[serde(default = "free")]
    pub hands: Hands,
    /// Whether this one speaks.
    pub speaking: bool,
    /// Seen from behind at the edge of the frame, as in an over-the-shoulder.
    pub shoulder: bool,
    /// `#rrggbb`, of the clothes: as the words tell it, else the character's own.
    pub color: String,
}

fn they() -> Pronoun {
    Pronoun::They
}

fn free() -> Hands {
    Hands::Free
}

/// Where the panel plays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// `KITCHEN`
    pub name: String,
    /// Inside or outside.
    pub place: Place,
    /// The time of day.
    pub time: TimeOfDay,
    /// Three to five colours `#rrggbb`: sky or wall, ground, accents.
    pub palette: Vec<String>,
    /// Height of the horizon or floor line, 0 (top) to 1000 (bottom).
    pub horizon: u32,
}

/// A line of dialogue with its speaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpokenLine {
    /// Display name of the speaker.
    pub speaker: String,
    /// The words, no parentheticals, no emphasis marks.
    pub text: String,
}

/// How the frame moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VideoRequest {
    /// As in the frame.
    #[serde(default)]
    pub template: String,
    /// Camera move and motion as complete clauses.
    pub prompt: String,
    /// What must not be seen.
    pub negative_prompt: String,
    /// How the camera moves.
    pub movement: Movement,
    /// Length in frames.
    pub frames: u32,
    /// Frames a second.
    pub fps: FrameRate,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// What is heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AudioRequest {
    /// The spoken line, if there is one.
    pub dialogue: Option<VoicedLine>,
    /// The sound of the place in words: `night crickets, distant traffic`.
    pub ambient: String,
}

/// A spoken line and the voice that speaks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoicedLine {
    /// Display name of the speaker.
    pub speaker: String,
    /// The words to be spoken.
    pub text: String,
    /// How: `quietly`; none where the script does not say.
    #[serde(default)]
    pub tone: Option<String>,
    /// The speaker's voice.
    pub voice: Voice,
}

/// A scratch voice, in espeak-ng's terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// espeak-ng voice with its variant: `en-us+f3`.
    pub name: String,
    /// 0 to 99.
    pub pitch: u32,
    /// Words a minute, 80 to 450.
    pub speed: u32,
}
