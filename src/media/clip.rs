//! A clip: a still, the camera's move over it, the voice and the sound of the place, for an exact
//! number of frames.

use std::ffi::OsString;
use std::path::Path;

use super::ambience;
use super::encode::{Format, clip_arguments, time_for};
use super::error::MediaError;
use super::level::leveled;
use super::motion::filter;
use super::run::Feed;
use super::scratch::{Rendered, Scratch};
use super::sound::{RATE, narrow, read_wav, resample, samples_of};
use super::still;
use super::tools::{Program, Tools, file_url};
use super::yuv::{Frame, fit};
use aiut_film::rate::FrameRate;
use aiut_film::shots::LONGEST_SHOT;
use aiut_film::words::Movement;

/// How long a still is shown, how large, and how the camera moves over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Motion {
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

/// What a clip is made of.
#[derive(Debug, Clone, Copy)]
pub struct ClipSources<'a> {
    /// A PNG or JPEG. In one that [`super::panel::panel`] drew, only the picture moves; slate and
    /// captions stay.
    pub still: &'a [u8],
    /// Length, size and move.
    pub motion: Motion,
    /// A WAV, if somebody speaks.
    pub voice: Option<&'a [u8]>,
    /// The sound of the place in words; empty for silence.
    pub ambient: &'a str,
    /// Which moment of the place's sound is heard: the shot's id.
    pub seed: &'a str,
}

/// A finished clip: H.264 and 48 kHz stereo PCM in a `.mov`, sound as long as the picture.
#[derive(Debug)]
pub struct Clip {
    /// The file.
    pub file: Rendered,
    /// Samples of the voice, at 48 kHz, for which the clip had no room.
    pub overflow: u64,
}

/// Makes a clip. The same sources are the same bytes with the same ffmpeg.
///
/// # Errors
/// When ffmpeg is missing or fails, the still or the voice cannot be read, or there are no
/// frames or the size is impossible.
pub fn clip(
    tools: &Tools,
    sources: &ClipSources<'_>,
    temporary: &Path,
) -> Result<Clip, MediaError> {
    let motion = sources.motion;
    let format = Format {
        width: motion.width,
        height: motion.height,
        fps: motion.fps,
    }
    .check()?;
    let longest = format.fps.frames_within(LONGEST_SHOT, 1);
    if !(1..=longest).contains(&motion.frames) {
        let reason = format!(
            "a clip of {} frames cannot be made: 1 to {longest} can",
            motion.frames
        );
        return Err(MediaError::unusable("frames", reason));
    }
    let (sound, overflow) = mix(sources)?;
    let area = still::picture_of(sources.still);
    let image = still::decode(sources.still)?;
    // The noted picture is where it says only while the image has the size it was drawn at.
    let area = area.filter(|_| image.dimensions() == (format.width, format.height));
    let frame = Frame::of(&fit(image, format.width, format.height));

    let scratch = Scratch::new(temporary)?;
    let sound = scratch.write("sound.pcm", &sound)?;
    let (pictures, graph): (Feed, String) = if motion.movement == Movement::RackFocus {
        (
            rack_focus(frame, area, motion.frames),
            "[0:v]setsar=1[v]".to_owned(),
        )
    } else {
        (
            Box::new(move |pipe| pipe.write_all(&frame.bytes)),
            held(filter(motion.movement, motion.frames), area, motion.frames),
        )
    };
    tools
        .run(Program::Ffmpeg, time_for(format, motion.frames))?
        .args(["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size"])
        .args([format!("{}x{}", format.width, format.height)])
        .args([
            "-framerate",
            &format.fps.to_string(),
            "-protocol_whitelist",
            "pipe",
            "-i",
            "pipe:0",
        ])
        .args([
            "-f",
            "s16le",
            "-ar",
            "48000",
            "-ac",
            "2",
            "-protocol_whitelist",
            "file",
            "-i",
        ])
        .args([file_url(&sound)])
        .args([OsString::from("-filter_complex"), graph.into()])
        .args(["-map", "[v]", "-map", "1:a"])
        .args(clip_arguments(format))
        .args([file_url(&scratch.path("clip.mov"))])
        .feed(pictures)
        .run()?;
    Ok(Clip {
        file: scratch.finish("clip.mov"),
        overflow,
    })
}

/// The filters from one still to the moving picture.
fn held(moving: Option<String>, area: Option<(u32, u32, u32, u32)>, frames: u32) -> String {
    let held = format!("[0:v]loop=loop={}:size=1:start=0", frames - 1);
    let last = "setsar=1[v]";
    match (moving, area) {
        (None, _) => format!("{held},{last}"),
        (Some(moving), None) => format!("{held},{moving},{last}"),
        (Some(moving), Some((x, y, w, h))) => format!(
            "{held},split[sheet][whole];[whole]crop={w}:{h}:{x}:{y}:exact=1,{moving}[picture];\
             [sheet][picture]overlay={x}:{y}:format=yuv420,{last}"
        ),
    }
}

/// All frames of a still that comes into focus over the middle half of its length.
fn rack_focus(frame: Frame, area: Option<(u32, u32, u32, u32)>, frames: u32) -> Feed {
    let area = area.map_or((0, 0, frame.width, frame.height), |(x, y, w, h)| {
        (x as usize, y as usize, w as usize, h as usize)
    });
    let soft = frame.blurred(area, (frame.height / 60).max(2));
    let quarter = frames / 4;
    let turning = (frames - 2 * quarter).max(1);
    Box::new(move |pipe| {
        (0..frames).try_for_each(|index| {
            let done =
                (u64::from(index.saturating_sub(quarter)) * 1000 / u64::from(turning)).min(1000);
            // Slow at both ends: 3x² - 2x³.
            let eased = done * done * (3000 - 2 * done) / 1_000_000;
            pipe.write_all(&soft.mixed(&frame, eased as u32))
        })
    })
}

/// The sound of a clip as raw stereo of exactly its length, and the samples of the voice that did
/// not fit.
fn mix(sources: &ClipSources<'_>) -> Result<(Vec<u8>, u64), MediaError> {
    let motion = sources.motion;
    let count = samples_of(motion.frames, motion.fps);
    let mut mixed = ambience::bed(
        sources.ambient,
        sources.seed,
        usize::try_from(count).expect("a clip fits into memory"),
    );
    let mut overflow = 0;
    if let Some(wav) = sources.voice {
        let voice = leveled(resample(&read_wav(wav)?, RATE));
        let free = count.saturating_sub(voice.len() as u64);
        overflow = (voice.len() as u64).saturating_sub(count);
        // A short breath before the first word, where there is time for one.
        let start = usize::try_from((free / 3).min(u64::from(RATE) / 4)).expect("under a second");
        for (frame, sample) in mixed[start..].iter_mut().zip(&voice) {
            *frame = frame.map(|place| narrow(i32::from(place) + i32::from(*sample)));
        }
    }
    Ok((
        mixed
            .iter()
            .flatten()
            .flat_map(|sample| sample.to_le_bytes())
            .collect(),
        overflow,
    ))
}
