//! The generators that ship with aiut. Up to the prompts they are pure and run while planning;
//! from the frames on they draw, speak and encode.

mod bible;
mod chosen;
mod clip;
mod looks;
mod panel;
mod prompts;
mod scene;
mod shots;
mod voice;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use prompts::explain_prompts;
pub use shots::{ExplainedShot, Explanation, explain_scene, shot_fingerprints};

use super::command::Command;
use super::{Bench, Generator, Generators, Known};
use crate::film::bible::StyleRecord;
use crate::film::ids::scene_of_shot;
use crate::media::tools::Program;
use crate::pipeline::{COMMAND, Makes, ReadError, Reader, Recipe};

/// Every built-in generator by the name that stages give in `by`.
#[must_use]
pub fn builtin() -> Generators {
    fn pure(recipe: impl Recipe + 'static) -> Known {
        Known::Pure(Arc::new(recipe))
    }
    fn external(generator: impl Generator + 'static) -> Known {
        Known::External(Arc::new(generator))
    }
    Generators::new([
        ("draft-character", pure(bible::DraftCharacter)),
        ("draft-location", pure(bible::DraftLocation)),
        ("draft-style", pure(bible::DraftStyle)),
        ("breakdown", pure(scene::Breakdown)),
        ("shot-engine", pure(shots::ShotEngine)),
        ("looks", pure(looks::Looks)),
        ("prompts", pure(prompts::Prompts)),
        ("panel", external(panel::Panel)),
        ("espeak", external(voice::Espeak)),
        ("animatic", external(clip::Animatic)),
        ("cut", external(clip::Cut)),
        ("film", external(clip::Film)),
        (COMMAND, external(Command)),
    ])
}

/// The scene of a shot: `012` of `012_003`.
fn scene_of(shot: &str) -> &str {
    scene_of_shot(shot).unwrap_or(shot)
}

/// The output for `item` as pretty JSON with a line end, as stage files are written.
fn pretty<T: serde::Serialize>(
    reader: &Reader<'_>,
    item: &str,
    value: &T,
) -> Result<Vec<u8>, ReadError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| ReadError::Broken {
        path: reader.stage().output(item),
        reason: error.to_string(),
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The style of the film; the default where there is no file.
fn style(reader: &Reader<'_>) -> Result<StyleRecord, ReadError> {
    let path = reader.path_of(Makes::Style, "")?;
    Ok(reader.json(&path, "")?.unwrap_or_default())
}

/// The act that a scene lies in, as `Part::Act` gives it.
#[derive(serde::Deserialize)]
struct ActOf {
    number: Option<u32>,
    ends: bool,
}

/// The versions of the programs that took part, as they say themselves.
fn versions(bench: &Bench<'_>, programs: &[Program]) -> BTreeMap<String, String> {
    let version = |program: &Program| {
        Some((
            program.name().to_owned(),
            bench.tools.version(*program).ok()?.to_owned(),
        ))
    };
    programs.iter().filter_map(version).collect()
}
