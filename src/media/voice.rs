//! Scratch voices: a line of dialogue through espeak-ng.

use std::path::Path;
use std::time::Duration;

use super::error::MediaError;
use super::level::leveled;
use super::scratch::Scratch;
use super::sound::{RATE, Sound, read_wav, resample, samples_of, write_wav};
use super::tools::{Program, Tools};
use aiut_film::rate::FrameRate;
use aiut_film::request::Voice;

/// How much faster than its own pace a voice may speak to fit its shot, in percent. Beyond that it
/// is no longer understood.
pub const MAX_HURRY: u32 = 160;

/// What espeak-ng takes, in words a minute.
const SPEEDS: std::ops::RangeInclusive<u32> = 80..=450;

/// Characters of a line that are spoken: some ten minutes.
const MAX_TEXT: usize = 10_000;

/// Below this a sample is silence.
const SILENCE: i16 = 120;

/// The length of a shot, which a line should fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Frames.
    pub frames: u32,
    /// Frames a second.
    pub fps: FrameRate,
}

/// What is spoken, and in which voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The words.
    pub text: String,
    /// The speaker's voice.
    pub voice: Voice,
}

/// A line as it was spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// A WAV of 48 kHz, one channel, 16 bits.
    pub wav: Vec<u8>,
    /// Its length in samples.
    pub samples: u64,
    /// Words a minute that it took.
    pub speed: u32,
    /// Samples by which it is still longer than its room. Words are never cut here: the shot is too
    /// short for the line.
    pub overflow: u64,
}

/// Speaks a line, as loud as any other. Where it is longer than `room`, it is spoken faster, up to [`MAX_HURRY`]; what is
/// then still too long is reported, not cut. The same line is the same bytes.
///
/// # Errors
/// When espeak-ng is missing, does not know the voice, or fails.
pub fn speak(
    tools: &Tools,
    line: &Line,
    room: Option<Room>,
    temporary: &Path,
) -> Result<Spoken, MediaError> {
    check_voice(&line.voice.name)?;
    let text = spoken_text(&line.text);
    let own = line.voice.speed.clamp(*SPEEDS.start(), *SPEEDS.end());
    let limit = room.map_or(u64::MAX, |room| samples_of(room.frames, room.fps));
    let fastest = (own * MAX_HURRY / 100).min(*SPEEDS.end());
    let scratch = Scratch::new(temporary)?;
    let mut speed = own;
    loop {
        let samples = synthesize(tools, &scratch, line, &text, speed)?;
        let length = samples.len() as u64;
        if length <= limit || speed >= fastest {
            return Ok(Spoken {
                wav: write_wav(&Sound {
                    rate: RATE,
                    samples,
                }),
                samples: length,
                speed,
                overflow: length.saturating_sub(limit),
            });
        }
        // Pauses do not shrink in proportion, so go a little further than the ratio says.
        let wanted = u64::from(speed) * length * 103 / (limit.max(1) * 100);
        speed = u32::try_from(wanted)
            .unwrap_or(fastest)
            .clamp(speed + 1, fastest);
    }
}

/// A voice is a name of espeak-ng's own, never a path to a file.
fn check_voice(name: &str) -> Result<(), MediaError> {
    let plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "+-_".contains(c));
    if plain && name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        Ok(())
    } else {
        Err(MediaError::unusable(
            format!("voice {name:?}"),
            "a voice is named like `en-us+f3`",
        ))
    }
}

/// What is said aloud: one line, without the brackets by which espeak-ng takes phonemes.
fn spoken_text(text: &str) -> String {
    let mut line: String = text
        .chars()
        .take(MAX_TEXT)
        .map(|c| {
            if c.is_control() || "[]<>".contains(c) {
                ' '
            } else {
                c
            }
        })
        .collect();
    line.push('\n');
    line
}

fn synthesize(
    tools: &Tools,
    scratch: &Scratch,
    line: &Line,
    text: &str,
    speed: u32,
) -> Result<Vec<i16>, MediaError> {
    let seconds = 20 + text.len() as u64 / 50;
    let out = scratch.path("voice.wav");
    // The text goes by standard input, where a line that starts with a dash is no option.
    tools
        .run(Program::Espeak, Duration::from_secs(seconds))?
        .args([
            "-v",
            &line.voice.name,
            "-p",
            &line.voice.pitch.min(99).to_string(),
            "-s",
            &speed.to_string(),
            "-b",
            "1",
            "--stdin",
            "-w",
        ])
        .args([&out])
        .input(text.as_bytes().to_vec())
        .run()?;
    // Where there is nothing to pronounce, espeak-ng may write nothing.
    if !out.exists() {
        return Ok(Vec::new());
    }
    let sound = read_wav(&scratch.read("voice.wav")?)?;
    std::fs::remove_file(&out).map_err(MediaError::io(&out))?;
    Ok(leveled(trimmed(resample(&sound, RATE))))
}

/// Without the silence around it, but for a breath of 30 ms.
fn trimmed(samples: Vec<i16>) -> Vec<i16> {
    let loud = |sample: &i16| sample.unsigned_abs() > SILENCE.unsigned_abs();
    let (Some(first), Some(last)) = (
        samples.iter().position(loud),
        samples.iter().rposition(loud),
    ) else {
        return Vec::new();
    };
    let breath = RATE as usize * 30 / 1000;
    samples[first.saturating_sub(breath)..(last + 1 + breath).min(samples.len())].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_is_never_a_path_or_an_option() {
        for good in ["en-us+f3", "de", "mb-us1", "en_GB"] {
            assert!(check_voice(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "-f",
            "../x",
            "/etc/passwd",
            "en us",
            "en\0",
            &"a".repeat(65),
        ] {
            assert!(check_voice(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn silence_around_words_goes() {
        let mut samples = vec![0; 10_000];
        samples.extend([9000; 5]);
        samples.extend([3; 10_000]);
        assert_eq!(trimmed(samples).len(), 1440 + 5 + 1440);
        assert!(trimmed(vec![5; 100]).is_empty());
    }
}
