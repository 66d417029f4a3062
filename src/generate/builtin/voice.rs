//! The line of a shot in its speaker's scratch voice.

use std::time::Duration;

use serde::Deserialize;

use crate::film::request::Voice;
use crate::generate::{Bench, Generator, Output, RunError, RunOutput};
use crate::media::sound::RATE;
use crate::media::tools::Program;
use crate::media::voice::{Line, Room, speak};
use crate::pipeline::{Estimate, Makes, PriceUnit, ReadError, Reader, Recipe, RecipeResult};

use super::versions;

/// The voice of a shot.
pub(super) struct Espeak;

impl Recipe for Espeak {
    fn version(&self) -> &'static str {
        "4"
    }

    fn estimate(&self) -> Estimate {
        Estimate::of(Duration::from_millis(40))
    }

    fn units(&self) -> &'static [PriceUnit] {
        &[PriceUnit::Line, PriceUnit::Second]
    }

    fn make(&self, shot: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        Ok(match inputs(shot, reader)? {
            Some(_) => RecipeResult::External,
            None => RecipeResult::Nothing,
        })
    }
}

impl Generator for Espeak {
    fn run(
        &self,
        shot: &str,
        reader: &Reader<'_>,
        bench: &Bench<'_>,
        seed: u64,
    ) -> Result<RunOutput, RunError> {
        let Some((mut line, room)) = inputs(shot, reader)? else {
            return Err(RunError::Refused("nobody speaks in this shot".to_owned()));
        };
        // Another take reads the line a little higher or lower, faster or slower.
        let turn = |by: u32| u32::try_from(seed * u64::from(by) % 21).unwrap_or(0);
        if seed > 0 {
            line.voice.pitch = (line.voice.pitch + turn(7)).saturating_sub(10).min(99);
            line.voice.speed = (line.voice.speed + turn(13))
                .saturating_sub(10)
                .clamp(80, 450);
        }
        let spoken = speak(bench.tools, &line, Some(room), bench.scratch)
            .map_err(|error| RunError::of_media(error, bench.scratch))?;
        let tools = versions(bench, &[Program::Espeak]);
        let made = RunOutput::here(Output::Bytes(spoken.wav), tools);
        Ok(RunOutput {
            remarks: too_long(spoken.overflow).into_iter().collect(),
            ..made
        })
    }
}

/// What to say of a line for which its shot is too short by so many samples.
fn too_long(overflow: u64) -> Option<String> {
    let tenths = overflow.div_ceil(u64::from(RATE) / 10);
    let over = format!("{}.{}", tenths / 10, tenths % 10);
    (overflow > 0).then(|| {
        format!(
            "even spoken fast the line is {over} s longer than its shot, and its end is not heard; \
             shorten it, or lengthen the shot in the scene's shot list"
        )
    })
}

/// Of the line in the request, what is heard.
#[derive(Deserialize)]
struct Spoken {
    text: String,
    voice: Voice,
}

fn inputs(shot: &str, reader: &Reader<'_>) -> Result<Option<(Line, Room)>, ReadError> {
    let path = reader.path_of(Makes::Prompt, shot)?;
    let line: Option<Option<Spoken>> = reader.json(&path, "/audio/dialogue")?;
    let Some(Spoken { text, voice }) = line.flatten() else {
        return Ok(None);
    };
    let room = Room {
        frames: reader.need(&path, "/video/frames")?,
        fps: reader.need(&path, "/video/fps")?,
    };
    Ok(Some((Line { text, voice }, room)))
}
