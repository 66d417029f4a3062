//! Clips, cuts and the film: the animatic.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::film::words;
use crate::generate::{Bench, Generator, Output, RunError, RunOutput};
use crate::media::Format;
use crate::media::card::Card;
use crate::media::clip::{ClipSources, Motion, clip};
use crate::media::cut::{Piece, Transition, cut};
use crate::media::film::{FilmSources, Scene, film};
use crate::media::tools::Program;
use crate::object::FileId;
use crate::pipeline::{
    Estimate, Makes, Part, PriceUnit, ReadError, Reader, Recipe, RecipeResult, Snapshot, Stage,
    Told,
};

use super::chosen::chosen;
use super::versions;
use crate::film::ids::scene_name;

/// A clip: the frame, the camera's move over it, the voice, the sound of the place.
pub(super) struct Animatic;

struct ClipInputs {
    motion: Motion,
    ambient: String,
    frame: (Option<FileId>, String),
    voice: Option<FileId>,
}

impl Animatic {
    /// What moves and sounds: of the request not the words for video models.
    fn inputs(shot: &str, reader: &Reader<'_>) -> Result<ClipInputs, ReadError> {
        let path = reader.path_of(Makes::Prompt, shot)?;
        let frame = reader.path_of(Makes::Frame, shot)?;
        let voice = reader.path_of(Makes::Voice, shot)?;
        Ok(ClipInputs {
            motion: Motion {
                movement: reader.need(&path, "/video/movement")?,
                frames: reader.need(&path, "/video/frames")?,
                fps: reader.need(&path, "/video/fps")?,
                width: reader.need(&path, "/video/width")?,
                height: reader.need(&path, "/video/height")?,
            },
            ambient: reader.need(&path, "/audio/ambient")?,
            frame: (reader.file(&frame)?, frame),
            voice: reader.file(&voice)?,
        })
    }
}

impl Recipe for Animatic {
    fn version(&self) -> &'static str {
        "6"
    }

    fn estimate(&self) -> Estimate {
        Estimate::of(Duration::from_nanos(12_000))
    }

    fn units(&self) -> &'static [PriceUnit] {
        &[PriceUnit::Second]
    }

    fn make(&self, shot: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        Self::inputs(shot, reader).map(|_| RecipeResult::External)
    }
}

impl Generator for Animatic {
    fn run(
        &self,
        shot: &str,
        reader: &Reader<'_>,
        bench: &Bench<'_>,
        seed: u64,
    ) -> Result<RunOutput, RunError> {
        let inputs = Self::inputs(shot, reader)?;
        let read = |id: &FileId, name: &str| {
            let path = bench.files.open(id, name)?;
            Ok::<_, RunError>(std::fs::read(path)?)
        };
        let (frame, name) = inputs.frame;
        let frame = frame.ok_or_else(|| missing(&name))?;
        let still = read(&frame, &name)?;
        let voice = inputs.voice.map(|id| read(&id, "voice.wav")).transpose()?;
        let moment = if seed == 0 {
            shot.to_owned()
        } else {
            format!("{shot} take {seed}")
        };
        let sources = ClipSources {
            still: &still,
            motion: inputs.motion,
            voice: voice.as_deref(),
            ambient: &inputs.ambient,
            seed: &moment,
        };
        let clip = clip(bench.tools, &sources, bench.scratch)
            .map_err(|error| RunError::of_media(error, bench.scratch))?;
        let tools = versions(bench, &[Program::Ffmpeg]);
        Ok(RunOutput::here(Output::File(clip.file), tools))
    }

    fn amount(&self, shot: &str, stage: &Stage, snapshot: &Snapshot) -> Option<u64> {
        let request = stage.input(Makes::Prompt, shot, snapshot.layout())?;
        let video = snapshot.video_in(&request).ok()??;
        let pixels = video.width?.checked_mul(video.height?)?;
        Some(pictures(video.frames?, pixels))
    }
}

/// What it takes to make so many pictures of a film: thousands of pixels, and what a program takes to
/// start.
fn pictures(frames: u64, pixels: u64) -> u64 {
    const START: u64 = 4_000;
    (frames.saturating_mul(pixels) / 1_000).saturating_add(START)
}

/// The pictures of a scene.
fn pictures_of_scene(stem: &str, stage: &Stage, snapshot: &Snapshot) -> Option<u64> {
    let list = stage.input(Makes::ShotList, stem, snapshot.layout())?;
    let list = snapshot.shots_in(&list).ok()??;
    let side = |key: &str| snapshot.config(key).and_then(Value::as_u64);
    let pixels = side("film.width")?.checked_mul(side("film.height")?)?;
    Some(pictures(list.frames, pixels))
}

/// A scene's clips joined with its transitions.
pub(super) struct Cut;

struct CutInputs {
    clips: Vec<(String, Option<FileId>, Transition)>,
    opening: Transition,
    format: Format,
}

impl Cut {
    fn inputs(stem: &str, reader: &Reader<'_>) -> Result<CutInputs, ReadError> {
        let path = reader.path_of(Makes::ShotList, stem)?;
        let shots = reader.shot_ids(&path)?;
        let opening: words::Transition = reader.need(&path, "/transition_in")?;
        let opening = Transition::of(opening, reader.need(&path, "/crossfade_in")?);
        let last = shots.len().saturating_sub(1);
        let mut clips = Vec::with_capacity(shots.len());
        for (index, shot) in shots.into_iter().enumerate() {
            let word: words::Transition = reader.shot(&path, &shot, "/transition_to_next")?;
            let next = Transition::of(word, reader.shot(&path, &shot, "/crossfade")?);
            let next = if index == last { leave(next) } else { next };
            let clip = reader.path_of(Makes::Clip, &shot)?;
            let id = reader.file(&clip)?;
            clips.push((clip, id, next));
        }
        Ok(CutInputs {
            clips,
            opening: enter(opening),
            format: format(reader)?,
        })
    }
}

/// A scene's cut ends by itself: into another scene it dissolves by way of black.
fn leave(transition: Transition) -> Transition {
    match transition {
        Transition::Dissolve(frames) | Transition::Wipe(frames) => {
            Transition::FadeToBlack(frames.div_ceil(2))
        }
        other => other,
    }
}

/// And begins by itself.
fn enter(transition: Transition) -> Transition {
    match transition {
        Transition::Dissolve(frames) | Transition::Wipe(frames) => {
            Transition::FadeIn(frames.div_ceil(2))
        }
        other => other,
    }
}

impl Recipe for Cut {
    fn version(&self) -> &'static str {
        "3"
    }

    fn estimate(&self) -> Estimate {
        Estimate::of(Duration::from_nanos(1_300))
    }

    fn make(&self, stem: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        let inputs = Self::inputs(stem, reader)?;
        Ok(if inputs.clips.is_empty() {
            RecipeResult::Nothing
        } else {
            RecipeResult::External
        })
    }
}

impl Generator for Cut {
    fn run(
        &self,
        stem: &str,
        reader: &Reader<'_>,
        bench: &Bench<'_>,
        _: u64,
    ) -> Result<RunOutput, RunError> {
        let inputs = Self::inputs(stem, reader)?;
        let mut pieces = Vec::with_capacity(inputs.clips.len());
        for (name, id, next) in inputs.clips {
            let id = id.ok_or_else(|| missing(&name))?;
            let clip = bench.files.open(&id, &name)?;
            pieces.push(Piece { clip, next });
        }
        let made = cut(
            bench.tools,
            &pieces,
            inputs.opening,
            inputs.format,
            bench.scratch,
        )
        .map_err(|error| RunError::of_media(error, bench.scratch))?;
        let tools = versions(bench, &[Program::Ffmpeg]);
        Ok(RunOutput::here(Output::File(made.file), tools))
    }

    fn amount(&self, stem: &str, stage: &Stage, snapshot: &Snapshot) -> Option<u64> {
        pictures_of_scene(stem, stage, snapshot)
    }
}

/// The scenes that the film is to have.
const SCENES: Told = Told::scenes("scenes");

/// Every scene's cut between two cards, with a chapter a scene.
pub(super) struct Film;

/// Seconds that a card is shown.
const CARD_SECONDS: u64 = 4;

struct SceneCut {
    /// Its chapter's.
    title: String,
    path: String,
    id: FileId,
}

struct FilmInputs {
    title: String,
    credits: Vec<String>,
    scenes: Vec<SceneCut>,
    /// Whether no last title is to be added: the script brings one of its own, or goes on.
    ends_on_title: bool,
    waiting: bool,
    format: Format,
}

impl Film {
    fn inputs(reader: &Reader<'_>) -> Result<FilmInputs, ReadError> {
        let all: Vec<String> = reader.part(Part::Scenes)?.unwrap_or_default();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let stems = chosen(SCENES.of(reader), &all).map_err(|reason| ReadError::Broken {
            path: "aiut.toml".to_owned(),
            reason: format!("scenes: {reason}"),
        })?;
        let page: BTreeMap<String, Value> = reader.part(Part::Title)?.unwrap_or_default();
        let entry = |key: &str| {
            let text = page.get(key).and_then(Value::as_str)?;
            Some(
                text.split('\n')
                    .map(str::trim)
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        let title = match entry("title").filter(|title| !title.trim().is_empty()) {
            Some(title) => title,
            None => reader.config("film.title")?,
        };
        let credits = ["credit", "author", "authors", "source"];
        let mut scenes = Vec::with_capacity(stems.len());
        let mut waiting = false;
        // What stops before the end of the script does not say that it is the end.
        let mut ends_on_title = stems.last() != all.last();
        for stem in stems {
            let path = reader.path_of(Makes::Cut, stem)?;
            let breakdown = reader.path_of(Makes::Breakdown, stem)?;
            let heading: Option<String> = reader.json(&breakdown, "/slugline")?;
            let on_title: Option<bool> = reader.json(&breakdown, "/ends_on_title")?;
            if all.last() == Some(&stem) {
                ends_on_title = on_title.unwrap_or(false);
            }
            let Some(id) = reader.file(&path)? else {
                waiting = true;
                continue;
            };
            scenes.push(SceneCut {
                title: chapter(stem, heading),
                path,
                id,
            });
        }
        Ok(FilmInputs {
            title,
            credits: credits.iter().filter_map(|key| entry(key)).collect(),
            scenes,
            ends_on_title,
            waiting,
            format: format(reader)?,
        })
    }
}

/// The title of a scene's chapter: `12A INT. KITCHEN - DAY`.
fn chapter(stem: &str, heading: Option<String>) -> String {
    let heading = heading.unwrap_or_default();
    format!("{} {heading}", scene_name(stem)).trim().to_owned()
}

impl Recipe for Film {
    fn version(&self) -> &'static str {
        "3"
    }

    fn estimate(&self) -> Estimate {
        Estimate {
            each: Duration::from_nanos(2_400),
            fills_cores: true,
        }
    }

    fn told(&self) -> &'static [Told] {
        &[SCENES]
    }

    fn make(&self, _: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        let inputs = Self::inputs(reader)?;
        Ok(if inputs.scenes.is_empty() && !inputs.waiting {
            RecipeResult::Nothing
        } else {
            RecipeResult::External
        })
    }
}

impl Generator for Film {
    fn run(
        &self,
        _: &str,
        reader: &Reader<'_>,
        bench: &Bench<'_>,
        _: u64,
    ) -> Result<RunOutput, RunError> {
        let inputs = Self::inputs(reader)?;
        let mut scenes = Vec::with_capacity(inputs.scenes.len());
        for scene in inputs.scenes {
            scenes.push(Scene {
                cut: bench.files.open(&scene.id, &scene.path)?,
                title: scene.title,
            });
        }
        let frames = inputs.format.fps.frames_of(CARD_SECONDS, 1);
        let sources = FilmSources {
            opening: Some(Card {
                title: inputs.title.clone(),
                lines: inputs.credits,
                frames,
            }),
            closing: (!inputs.ends_on_title).then(|| Card {
                title: "The End".to_owned(),
                lines: Vec::new(),
                frames,
            }),
            title: inputs.title,
            scenes,
        };
        let made = film(bench.tools, &sources, inputs.format, bench.scratch)
            .map_err(|error| RunError::of_media(error, bench.scratch))?;
        let tools = versions(bench, &[Program::Ffmpeg]);
        Ok(RunOutput::here(Output::File(made.file), tools))
    }

    fn amount(&self, _: &str, stage: &Stage, snapshot: &Snapshot) -> Option<u64> {
        let story = snapshot.story().ok()??;
        let all: Vec<&str> = story.stems().collect();
        let said = stage.with.get(SCENES.name).map_or("", String::as_str);
        let scenes = chosen(said, &all).ok()?.into_iter();
        let scenes = scenes.map(|stem| pictures_of_scene(stem, stage, snapshot));
        scenes.sum::<Option<u64>>()
    }
}

fn format(reader: &Reader<'_>) -> Result<Format, ReadError> {
    Ok(Format {
        width: reader.config("film.width")?,
        height: reader.config("film.height")?,
        fps: reader.config("film.fps")?,
    })
}

fn missing(name: &str) -> RunError {
    RunError::Refused(format!("{name} is not there"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_has_the_number_that_the_script_writes() {
        let heading = || Some("INT. SHED - DAY".to_owned());
        for (stem, title) in [
            ("012", "12 INT. SHED - DAY"),
            ("012A", "12A INT. SHED - DAY"),
            ("001+61", "1a INT. SHED - DAY"),
        ] {
            assert_eq!(chapter(stem, heading()), title);
        }
        assert_eq!(chapter("003", None), "3");
    }
}
