//! What is in a media file.
//!
//! The kind is known from the first bytes, never from the name, and ffprobe is told which reader to
//! use: a playlist that calls itself a clip would make it open other files.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::MediaError;
use super::still::MAX_SIDE;
use super::tools::{Program, Tools, file_url};

/// What a file holds. Numbers are exact; a field that a kind does not have is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaInfo {
    /// `png jpeg mov wav matroska mp3 flac ogg`
    pub container: String,
    /// Bytes.
    pub size: u64,
    /// Pixels across.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub width: Option<u32>,
    /// Pixels down.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub height: Option<u32>,
    /// Milliseconds, rounded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duration_ms: Option<u64>,
    /// Frames, where the file says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub frames: Option<u32>,
    /// Frames a second as numerator and denominator.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rate: Option<(u32, u32)>,
    /// `h264`
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub video_codec: Option<String>,
    /// `pcm_s16le`
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub audio_codec: Option<String>,
    /// Samples a second.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sample_rate: Option<u32>,
    /// Channels of sound.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub channels: Option<u32>,
}

impl MediaInfo {
    fn of(container: &str, size: u64) -> Self {
        Self {
            container: container.to_owned(),
            size,
            width: None,
            height: None,
            duration_ms: None,
            frames: None,
            rate: None,
            video_codec: None,
            audio_codec: None,
            sample_rate: None,
            channels: None,
        }
    }
}

/// A kind of media file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// A still image.
    Image(&'static str),
    /// What ffmpeg reads, with the reader's name.
    Stream(&'static str),
}

/// First bytes: where they stand, what they are, and the kind they mean.
const MARKS: [(usize, &[u8], MediaKind); 12] = [
    (0, b"\x89PNG\r\n\x1a\n", MediaKind::Image("png")),
    (0, b"\xff\xd8\xff", MediaKind::Image("jpeg")),
    (4, b"ftyp", MediaKind::Stream("mov")),
    (4, b"moov", MediaKind::Stream("mov")),
    (4, b"wide", MediaKind::Stream("mov")),
    (8, b"WAVE", MediaKind::Stream("wav")),
    (0, b"\x1a\x45\xdf\xa3", MediaKind::Stream("matroska")),
    (0, b"fLaC", MediaKind::Stream("flac")),
    (0, b"OggS", MediaKind::Stream("ogg")),
    (0, b"ID3", MediaKind::Stream("mp3")),
    (0, b"\xff\xfb", MediaKind::Stream("mp3")),
    (0, b"\xff\xf3", MediaKind::Stream("mp3")),
];

/// The kind of a file by its first bytes.
#[must_use]
pub fn kind(head: &[u8]) -> Option<MediaKind> {
    MARKS
        .iter()
        .find(|(at, mark, _)| head.get(*at..).is_some_and(|rest| rest.starts_with(mark)))
        .map(|(_, _, kind)| *kind)
}

/// Reads what a file holds. Images and WAVs need no external program.
///
/// # Errors
/// When the file cannot be read, is no media that is known, or ffprobe is needed and missing or
/// fails.
pub fn probe(tools: &Tools, path: &Path) -> Result<MediaInfo, MediaError> {
    let (kind, size) = kind_of(path)?;
    match kind {
        MediaKind::Image(container) => image_info(path, container, size),
        MediaKind::Stream("wav") => wav_info(path, size),
        MediaKind::Stream(container) => stream_info(tools, path, container, size),
    }
}

/// The kind and size of a file.
pub(crate) fn kind_of(path: &Path) -> Result<(MediaKind, u64), MediaError> {
    let mut file = File::open(path).map_err(MediaError::io(path))?;
    let size = file.metadata().map_err(MediaError::io(path))?.len();
    let mut head = Vec::with_capacity(16);
    file.by_ref()
        .take(16)
        .read_to_end(&mut head)
        .map_err(MediaError::io(path))?;
    let reason = if size == 0 {
        "the file is empty"
    } else {
        "this is not an image, clip or sound of a known format"
    };
    kind(&head)
        .map(|kind| (kind, size))
        .ok_or_else(|| MediaError::unusable(path.display().to_string(), reason))
}

fn image_info(path: &Path, container: &str, size: u64) -> Result<MediaInfo, MediaError> {
    let broken = |reason: String| MediaError::unusable(path.display().to_string(), reason);
    let reader = image::ImageReader::open(path).map_err(MediaError::io(path))?;
    let reader = reader.with_guessed_format().map_err(MediaError::io(path))?;
    let (width, height) = reader
        .into_dimensions()
        .map_err(|error| broken(error.to_string()))?;
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(broken(format!(
            "the image is {width}x{height} pixels, more than {MAX_SIDE} a side"
        )));
    }
    Ok(MediaInfo {
        width: Some(width),
        height: Some(height),
        ..MediaInfo::of(container, size)
    })
}

fn wav_info(path: &Path, size: u64) -> Result<MediaInfo, MediaError> {
    let reader = hound::WavReader::open(path)
        .map_err(|error| MediaError::unusable(path.display().to_string(), error.to_string()))?;
    let spec = reader.spec();
    let codec = match spec.sample_format {
        hound::SampleFormat::Int if spec.bits_per_sample == 8 => "pcm_u8".to_owned(),
        hound::SampleFormat::Int => format!("pcm_s{}le", spec.bits_per_sample),
        hound::SampleFormat::Float => format!("pcm_f{}le", spec.bits_per_sample),
    };
    let rate = u64::from(spec.sample_rate.max(1));
    Ok(MediaInfo {
        duration_ms: Some((u64::from(reader.duration()) * 1000 + rate / 2) / rate),
        audio_codec: Some(codec),
        sample_rate: Some(spec.sample_rate),
        channels: Some(u32::from(spec.channels)),
        ..MediaInfo::of("wav", size)
    })
}

/// The parts of ffprobe's answer that are used; it writes most numbers as strings.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    pub(crate) streams: Vec<Stream>,
    pub(crate) format: Option<Whole>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Whole {
    duration: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Stream {
    pub(crate) codec_type: Option<String>,
    pub(crate) codec_name: Option<String>,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    pub(crate) r_frame_rate: Option<String>,
    pub(crate) avg_frame_rate: Option<String>,
    pub(crate) nb_frames: Option<String>,
    pub(crate) duration: Option<String>,
    /// The same in units of the time base: of sound in our form, samples.
    pub(crate) duration_ts: Option<u64>,
    pub(crate) sample_rate: Option<String>,
    pub(crate) channels: Option<u32>,
    pub(crate) pix_fmt: Option<String>,
    pub(crate) time_base: Option<String>,
    pub(crate) sample_aspect_ratio: Option<String>,
    pub(crate) extradata_hash: Option<String>,
}

/// Asks ffprobe about a file whose reader is known.
pub(crate) fn ask(tools: &Tools, path: &Path, reader: &str) -> Result<Answer, MediaError> {
    let output = tools
        .run(Program::Ffprobe, Duration::from_secs(60))?
        .args([
            "-print_format",
            "json",
            "-show_format",
            "-show_streams",
            "-show_data_hash",
            "MD5",
        ])
        .args(["-protocol_whitelist", "file", "-f", reader, "-i"])
        .args([file_url(path)])
        .run()?;
    serde_json::from_slice(&output.stdout).map_err(|error| {
        MediaError::unusable(
            path.display().to_string(),
            format!("ffprobe's answer cannot be read: {error}"),
        )
    })
}

fn stream_info(
    tools: &Tools,
    path: &Path,
    container: &str,
    size: u64,
) -> Result<MediaInfo, MediaError> {
    let answer = ask(tools, path, container)?;
    let of = |kind: &str| {
        answer
            .streams
            .iter()
            .find(|stream| stream.codec_type.as_deref() == Some(kind))
    };
    let (video, audio) = (of("video"), of("audio"));
    if video.is_none() && audio.is_none() {
        return Err(MediaError::unusable(
            path.display().to_string(),
            "it holds neither picture nor sound",
        ));
    }
    let duration = answer
        .format
        .as_ref()
        .and_then(|format| format.duration.as_deref());
    Ok(MediaInfo {
        width: video.and_then(|stream| stream.width),
        height: video.and_then(|stream| stream.height),
        duration_ms: duration
            .or(video.and_then(|stream| stream.duration.as_deref()))
            .and_then(milliseconds),
        frames: video.and_then(|stream| stream.nb_frames.as_deref()?.parse().ok()),
        rate: video.and_then(rate_of),
        video_codec: video.and_then(|stream| stream.codec_name.clone()),
        audio_codec: audio.and_then(|stream| stream.codec_name.clone()),
        sample_rate: audio.and_then(|stream| stream.sample_rate.as_deref()?.parse().ok()),
        channels: audio.and_then(|stream| stream.channels),
        ..MediaInfo::of(container, size)
    })
}

/// Frames a second of a video stream.
pub(crate) fn rate_of(stream: &Stream) -> Option<(u32, u32)> {
    [&stream.avg_frame_rate, &stream.r_frame_rate]
        .into_iter()
        .find_map(|rate| {
            let (frames, seconds) = rate.as_deref()?.split_once('/')?;
            let rate = (frames.parse().ok()?, seconds.parse().ok()?);
            (rate.0 > 0 && rate.1 > 0).then_some(rate)
        })
}

/// `2.500000` as 2500, without going through floats.
fn milliseconds(seconds: &str) -> Option<u64> {
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, ""));
    let micros: u64 = format!("{part:0<6}").get(..6)?.parse().ok()?;
    Some(whole.parse::<u64>().ok()? * 1000 + (micros + 500) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_in_the_first_bytes() {
        assert_eq!(
            kind(b"\x89PNG\r\n\x1a\n...."),
            Some(MediaKind::Image("png"))
        );
        assert_eq!(kind(b"\0\0\0\x14ftypqt  "), Some(MediaKind::Stream("mov")));
        assert_eq!(kind(b"RIFF....WAVEfmt "), Some(MediaKind::Stream("wav")));
        for other in [
            &b"#EXTM3U\n#EXT-X-VERSION:3"[..],
            b"ffconcat version 1.0",
            b"",
            b"RIFF....AVI ",
        ] {
            assert_eq!(kind(other), None);
        }
    }

    #[test]
    fn seconds_are_read_exactly() {
        assert_eq!(milliseconds("2.500000"), Some(2500));
        assert_eq!(milliseconds("0.041667"), Some(42));
        assert_eq!(milliseconds("3"), Some(3000));
        assert_eq!(milliseconds("N/A"), None);
        assert_eq!(milliseconds("-1.0"), None);
    }
}
