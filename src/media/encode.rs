//! How every clip and cut is encoded: H.264 and PCM in a QuickTime file, whose lengths are exact,
//! with nothing in it that depends on the machine. AAC is made once, for the film.

use std::ffi::OsString;
use std::time::Duration;

use super::error::MediaError;
use super::still::MAX_SIDE;
use aiut_film::rate::FrameRate;

/// Size and rate of a film's pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// Pixels, even.
    pub width: u32,
    /// Pixels, even.
    pub height: u32,
    /// Frames a second.
    pub fps: FrameRate,
}

impl Format {
    /// Refuses what H.264 in 4:2:0 cannot hold.
    pub(crate) fn check(self) -> Result<Self, MediaError> {
        let side = |side: u32| (16..=MAX_SIDE).contains(&side) && side.is_multiple_of(2);
        if !side(self.width) || !side(self.height) {
            let reason = format!(
                "video of {}x{} pixels cannot be made: each side must be even and 16 to {MAX_SIDE}",
                self.width, self.height
            );
            return Err(MediaError::unusable("width, height", reason));
        }
        Ok(self)
    }
}

/// One frame at a time, threads fixed: with more, x264 writes other bytes.
const VIDEO: [&str; 20] = [
    "-c:v",
    "libx264",
    "-preset",
    "veryfast",
    "-crf",
    "20",
    "-pix_fmt",
    "yuv420p",
    "-threads",
    "1",
    "-x264-params",
    "threads=1:lookahead-threads=1",
    "-g",
    "48",
    "-color_primaries",
    "bt709",
    "-color_trc",
    "bt709",
    "-colorspace",
    "bt709",
];

/// Nothing of the machine or the time in the file.
pub(crate) const EXACT: [&str; 6] = [
    "-fflags",
    "+bitexact",
    "-flags:v",
    "+bitexact",
    "-flags:a",
    "+bitexact",
];

/// Arguments that encode a clip. Its length is for the filters to end: ffmpeg's `-frames:v` closes
/// all streams of a file at once, and the sound of a short one would be lost.
pub(crate) fn clip_arguments(format: Format) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = VIDEO.iter().map(OsString::from).collect();
    arguments.extend(
        [
            "-color_range",
            "tv",
            "-c:a",
            "pcm_s16le",
            "-ar",
            "48000",
            "-ac",
            "2",
        ]
        .map(OsString::from),
    );
    arguments.extend(container_arguments(format));
    arguments
}

/// Arguments that write a QuickTime file with a time scale that every clip shares.
pub(crate) fn container_arguments(format: Format) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = EXACT.iter().map(OsString::from).collect();
    arguments.extend(
        [
            "-map_metadata",
            "-1",
            "-map_chapters",
            "-1",
            "-video_track_timescale",
        ]
        .map(OsString::from),
    );
    arguments.push(format.fps.time_scale().to_string().into());
    arguments.extend(["-f", "mov"].map(OsString::from));
    arguments
}

/// How long encoding `frames` frames may take: many times what the slowest machine seen needs.
pub(crate) fn time_for(format: Format, frames: u32) -> Duration {
    let pixels = u64::from(format.width) * u64::from(format.height);
    // A second for each eight frames of 1280x720; and for small pictures the time of their sound.
    let picture = u64::from(frames) * pixels / (8 * 1280 * 720);
    let sound = format.fps.whole_units_of(u64::from(frames), 1);
    Duration::from_secs(60 + picture.max(sound))
}
