//! Images, clips and sounds: what can be said of them without looking, and how far apart two
//! pictures look. The facts are read elsewhere; here they are put side by side.

use serde::Serialize;

/// What a media file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A still.
    Image,
    /// Moving pictures, with or without sound.
    Video,
    /// Sound alone.
    Audio,
}

/// What is in a media file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaFacts {
    /// What it is.
    pub kind: MediaKind,
    /// Pixels; none for sound.
    pub width: Option<u32>,
    /// Pixels; none for sound.
    pub height: Option<u32>,
    /// Milliseconds; none for a still.
    pub duration_ms: Option<u64>,
    /// Frames a second as a fraction, `24/1`.
    pub frame_rate: Option<(u32, u32)>,
    /// `png`, `h264`, `pcm_s16le`; the picture's before the sound's.
    pub codecs: Vec<String>,
}

/// Two versions of a media file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaDiff {
    /// Before; none where it was absent or could not be read.
    pub old: Option<MediaFacts>,
    /// After; none where it is absent or cannot be read.
    pub new: Option<MediaFacts>,
    /// How far apart two stills or two clips look, in permille: 0 for the same picture, 1000 for
    /// nothing in common; under 20, people see no difference at a glance. None for sounds, and
    /// where one of them cannot be decoded.
    pub distance_permille: Option<u32>,
}
