//! The film: cards at both ends, every scene's cut between them, a chapter a scene.
//!
//! Pictures are copied from the cuts. Sound is encoded once, here, brought to [`LOUDNESS`] in two
//! passes: one that measures, one that applies a single gain. Where peaks have to be held, further
//! ones measure what that takes away.

use std::path::{Path, PathBuf};

use super::card::{self, Card};
use super::encode::{EXACT, Format, time_for};
use super::error::MediaError;
use super::font::printable;
use super::scratch::{Rendered, Scratch};
use super::segment::{Source, conform, in_step, inspect, list, list_arguments, unify};
use super::tools::{Program, Tools, file_url};
use aiut_film::rate::FrameRate;

/// Loudness units full scale that the film is brought to: what streaming services play back at.
pub const LOUDNESS: f64 = -16.0;

/// The highest true peak before encoding, in dBFS: what AAC makes of it stays under -1.
const PEAK: f64 = -2.0;

/// Quieter than this, in LUFS, is silence and stays as it is.
const SILENCE: f64 = -69.0;

/// A scene of the film.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Its cut.
    pub cut: PathBuf,
    /// Its chapter's title.
    pub title: String,
}

/// What a film is made of.
#[derive(Debug, Clone)]
pub struct FilmSources {
    /// For the file's own title.
    pub title: String,
    /// In order; at least one.
    pub scenes: Vec<Scene>,
    /// Before the first scene.
    pub opening: Option<Card>,
    /// After the last.
    pub closing: Option<Card>,
}

/// A finished film.
#[derive(Debug)]
pub struct Film {
    /// H.264 and AAC in an `.mp4` that plays while it loads.
    pub file: Rendered,
    /// Frames, cards included.
    pub frames: u32,
    /// Frame at which each scene begins.
    pub chapters: Vec<u32>,
    /// How loud the cuts were before, in hundredths of a LUFS; none where the film is silent.
    pub measured: Option<i32>,
}

/// Makes the film. The same sources are the same bytes with the same ffmpeg.
///
/// # Errors
/// When there are no scenes, a cut cannot be read, or ffmpeg is missing or fails.
pub fn film(
    tools: &Tools,
    sources: &FilmSources,
    format: Format,
    temporary: &Path,
) -> Result<Film, MediaError> {
    let format = format.check()?;
    if sources.scenes.is_empty() {
        return Err(MediaError::unusable("film", "there are no scenes to join"));
    }
    let scratch = Scratch::new(temporary)?;
    let cuts: Vec<&Path> = sources
        .scenes
        .iter()
        .map(|scene| scene.cut.as_path())
        .collect();
    let mut pieces = conform(tools, &scratch, &cuts, format)?;
    let card = |card: &Option<Card>, name: &str| -> Result<Option<Source>, MediaError> {
        let Some(card) = card.as_ref().filter(|card| card.frames > 0) else {
            return Ok(None);
        };
        card::clip(tools, &scratch, card, format, name)?;
        inspect(tools, &scratch.path(name), format).map(Some)
    };
    let (opening, closing) = (
        card(&sources.opening, "opening.mov")?,
        card(&sources.closing, "closing.mov")?,
    );
    let setup = opening
        .as_ref()
        .or(closing.as_ref())
        .and_then(|card| card.form.setup());
    unify(tools, &scratch, &mut pieces, setup.as_deref(), format)?;

    let mut at = opening.as_ref().map_or(0, |card| card.frames);
    let mut chapters = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        chapters.push(at);
        at += piece.frames;
    }
    let end = at;
    let frames = end + closing.as_ref().map_or(0, |card| card.frames);
    let mut marks: Vec<(u32, &str)> = Vec::with_capacity(pieces.len() + 2);
    // A player takes the first chapter for the beginning, so the card has one too.
    marks.extend(opening.as_ref().map(|_| (0, sources.title.as_str())));
    marks.extend(
        chapters
            .iter()
            .copied()
            .zip(sources.scenes.iter().map(|scene| scene.title.as_str())),
    );
    marks.extend(
        closing
            .as_ref()
            .zip(sources.closing.as_ref())
            .map(|(_, card)| (end, card.title.as_str())),
    );
    let metadata = scratch.write(
        "chapters.ffmetadata",
        chapter_file(&marks, frames, format.fps).as_bytes(),
    )?;
    let mut all: Vec<Source> = opening.into_iter().chain(pieces).chain(closing).collect();
    in_step(tools, &scratch, &mut all, format)?;
    let list = list(&scratch, &all.iter().collect::<Vec<_>>(), format)?;

    let leveling = leveling(tools, &list, frames, format)?;
    let filter = leveling
        .as_ref()
        .map_or("anull", |(_, filter)| filter.as_str());
    tools
        .run(Program::Ffmpeg, time_for(format, frames))?
        .args(list_arguments(&list))
        .args(["-protocol_whitelist", "file", "-f", "ffmetadata", "-i"])
        .args([file_url(&metadata)])
        .args(["-map", "0:v:0", "-map", "0:a:0", "-c:v", "copy"])
        .args([
            "-af",
            &format!("{filter},aformat=sample_rates=48000:channel_layouts=stereo"),
            "-c:a",
            "aac",
            "-b:a",
            "160k",
        ])
        .args(EXACT)
        // A plain `-map_metadata -1` would take the chapters' titles too.
        .args([
            "-map_metadata:g",
            "-1",
            "-map_metadata:s",
            "-1",
            "-map_chapters",
            "1",
            "-metadata",
            &format!("title={}", printable(&sources.title)),
        ])
        .args(["-movflags", "+faststart", "-f", "mp4"])
        .args([file_url(&scratch.path("film.mp4"))])
        .run()?;
    let measured = leveling.map(|(loudness, _)| loudness.hundredths());
    Ok(Film {
        file: scratch.finish("film.mp4"),
        frames,
        chapters,
        measured,
    })
}

/// Chapters of (first frame, title) in the form that ffmpeg reads, the last up to `end`.
fn chapter_file(marks: &[(u32, &str)], end: u32, fps: FrameRate) -> String {
    let mut text = String::from(";FFMETADATA1\n");
    let ends = marks.iter().skip(1).map(|(start, _)| *start).chain([end]);
    for ((start, title), end) in marks.iter().zip(ends) {
        let mut escaped = String::new();
        for c in printable(title).chars() {
            if "=;#\\".contains(c) {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        text.push_str(&format!(
            "[CHAPTER]\nTIMEBASE={}/{}\nSTART={start}\nEND={end}\ntitle={escaped}\n",
            fps.denominator(),
            fps.numerator()
        ));
    }
    text
}

/// What the measuring pass says (EBU R 128).
#[derive(Debug, Clone, Copy, PartialEq)]
struct Loudness {
    /// Integrated, in LUFS.
    integrated: f64,
    /// True peak, in dBFS.
    peak: f64,
}

impl Loudness {
    /// Reads the summary at the end of what ffmpeg's `ebur128` says.
    fn parse(log: &str) -> Option<Self> {
        let summary = &log[log.rfind("Summary:")?..];
        let after = |name: &str| {
            let rest = &summary[summary.find(name)? + name.len()..];
            let number = rest.split_whitespace().next()?;
            number.parse::<f64>().ok()
        };
        Some(Self {
            integrated: after("I:")?,
            peak: after("Peak:")?,
        })
    }

    /// The gain in dB that brings this to [`LOUDNESS`].
    fn gain(self) -> f64 {
        LOUDNESS - self.integrated
    }

    fn hundredths(self) -> i32 {
        (self.integrated * 100.0).round() as i32
    }

    /// Whether there is anything to hear.
    fn audible(&self) -> bool {
        self.integrated.is_finite() && self.peak.is_finite() && self.integrated > SILENCE
    }
}

/// The applying pass: one gain for the whole film, and a limiter where the gain would lift a peak
/// above [`PEAK`]. What was mixed loud stays loud beside what was mixed quiet. The limiter works on
/// four times as many samples, as peaks lie between those of a file.
fn filter(gain: f64, is_limited: bool) -> String {
    let volume = format!("volume={gain:.1}dB:precision=double");
    if !is_limited {
        return volume;
    }
    let limit = 10_f64.powf(PEAK / 20.0);
    format!(
        "{volume},aresample=192000,alimiter=limit={limit:.6}:attack=5:release=50:level=false:latency=true,\
         aresample=48000"
    )
}

/// Measures the joined pieces, and finds the filter that brings them to [`LOUDNESS`]; none for silence.
/// What a limiter takes away is given back, as far as it does not take it away again.
fn leveling(
    tools: &Tools,
    list: &Path,
    frames: u32,
    format: Format,
) -> Result<Option<(Loudness, String)>, MediaError> {
    /// How often the gain is mended, and when it is good, in dB.
    const TRIES: usize = 3;
    const GOOD: f64 = 0.2;
    let measured = |filter: &str| measure(tools, list, filter, frames, format);
    let Some(loudness) = measured("anull")? else {
        return Ok(None);
    };
    let mut gain = loudness.gain();
    let is_limited = loudness.peak + gain > PEAK;
    for _ in 0..if is_limited { TRIES } else { 0 } {
        let Some(result) = measured(&filter(gain, true))? else {
            break;
        };
        if result.gain().abs() < GOOD {
            break;
        }
        gain += result.gain();
    }
    Ok(Some((loudness, filter(gain, is_limited))))
}

/// How loud the joined pieces are behind a filter; none for silence, of which there is no loudness.
fn measure(
    tools: &Tools,
    list: &Path,
    filter: &str,
    frames: u32,
    format: Format,
) -> Result<Option<Loudness>, MediaError> {
    let output = tools
        .run(Program::Ffmpeg, time_for(format, frames))?
        .args(list_arguments(list))
        .args([
            "-map",
            "0:a:0",
            "-af",
            &format!("{filter},ebur128=peak=true:framelog=verbose"),
            "-f",
            "null",
            "-",
        ])
        .run()?;
    let loudness = Loudness::parse(&String::from_utf8_lossy(&output.log)).ok_or_else(|| {
        MediaError::unusable("loudness", "ffmpeg did not say how loud the film is")
    })?;
    Ok(Some(loudness).filter(Loudness::audible))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_follow_each_other_and_titles_are_escaped() {
        let text = chapter_file(
            &[(48, "1 INT. A=B; #1"), (100, "2\n[CHAPTER]")],
            160,
            FrameRate::FILM,
        );
        assert!(
            text.contains("START=48\nEND=100\ntitle=1 INT. A\\=B\\; \\#1\n"),
            "{text}"
        );
        assert!(
            text.contains("START=100\nEND=160\ntitle=2 [CHAPTER]\n"),
            "{text}"
        );
    }

    #[test]
    fn loudness_is_one_gain_and_silence_has_none() {
        let said = |integrated: &str, peak: &str| {
            format!(
                "[x] M: -20.0 I: -99 LUFS\n[x] Summary:\n\n  Integrated loudness:\n    I:         {integrated} LUFS\n    \
                 Threshold: -31.3 LUFS\n\n  True peak:\n    Peak:       {peak} dBFS\n"
            )
        };
        let quiet = Loudness::parse(&said("-21.5", "-9.0")).expect("a summary");
        assert!(quiet.audible());
        assert_eq!(quiet.hundredths(), -2150);
        assert_eq!(filter(quiet.gain(), false), "volume=5.5dB:precision=double");
        let limited = filter(quiet.gain(), true);
        assert!(limited.contains("alimiter=limit=0.794328"), "{limited}");
        for silent in ["-inf", "-70.0", "nan"] {
            let silent = Loudness::parse(&said(silent, "-inf")).expect("a summary");
            assert!(!silent.audible());
        }
        assert_eq!(Loudness::parse("Conversion failed!"), None);
    }
}
