//! `shots/012.json`: the shot engine over a scene.

use std::sync::{Arc, LazyLock, Mutex};

use serde_json::Value;

use crate::film::bible::StyleRecord;
use crate::film::breakdown::{SceneText, location_slug};
use crate::film::cast::Cast;
use crate::film::numbers::{RememberedShot, assign_shot_ids};
use crate::film::scenes::Scene;
use crate::film::shots::{Plan, Reason, Rules, Setup, plan};
use crate::pipeline::{Made, Part, ReadError, Reader, Recipe, Snapshot, Stage, StoryScene};

use super::{ActOf, pretty, record};

/// The shot list of a scene.
pub(super) struct ShotEngine;

impl Recipe for ShotEngine {
    fn version(&self) -> &'static str {
        "2"
    }

    fn make(&self, stem: &str, reader: &Reader<'_>) -> Result<Made, ReadError> {
        let plan = plan_scene(stem, reader)?;
        let memory: Memory = reader
            .part(Part::Shots(stem.to_owned()))?
            .unwrap_or_default();
        let digests = digests(&plan);
        let ids = assign_shot_ids(&memory.remembered(), &memory.retired, &digests);
        let ids: Vec<String> = ids.iter().map(|id| format!("{stem}_{id}")).collect();
        Ok(Made::Bytes(pretty("shots", &plan.finish(&ids))?))
    }
}

/// The shots of a scene before they have ids.
fn plan_scene(stem: &str, reader: &Reader<'_>) -> Result<Plan, ReadError> {
    let scene = reader.scene(stem)?;
    let cast = reader.cast()?;
    let act: Option<ActOf> = reader.part(Part::Act(stem.to_owned()))?;
    let time: Option<String> = reader.part(Part::Time(stem.to_owned()))?;
    let before = previous_location(stem, scene.scene(), reader)?;
    let engine: Option<Value> = reader.config("engine")?;
    let style: StyleRecord = record(reader, "bible/style.toml")?;
    let aspect: String = reader.config("film.aspect")?;
    let mut text = SceneText::of(scene.scene());
    text.act = act.as_ref().and_then(|act| act.number);
    text.act_end = act.is_some_and(|act| act.ends);
    text.time = time.as_deref().unwrap_or(text.time);
    text.previous_location = before.as_deref();
    Ok(plan(
        &text,
        &Setup {
            cast: &cast,
            names: cast.names(),
            rules: &*rules(engine)?,
            lens_kit: &style.focal_lengths(),
            fps: reader.config("film.fps")?,
            aspect_ratio: &aspect,
        },
    ))
}

/// Where the scene before plays, for a scene that says it goes on from there.
fn previous_location(
    stem: &str,
    scene: &Scene,
    reader: &Reader<'_>,
) -> Result<Option<String>, ReadError> {
    if !SceneText::of(scene).continues() {
        return Ok(None);
    }
    let Some(before) = reader.part::<String>(Part::Before(stem.to_owned()))? else {
        return Ok(None);
    };
    Ok(Some(location_slug(&reader.scene(&before)?.scene().heading)))
}

/// The engine's own rules, read once: that takes longer than most scenes do.
static RULES: LazyLock<Arc<Rules>> = LazyLock::new(|| Arc::new(Rules::builtin()));
/// A project's `[engine]` with the rules that it gives, the last one that was asked for.
static PROJECT_RULES: Mutex<Option<(Value, Arc<Rules>)>> = Mutex::new(None);

/// The engine's rules with the project's own laid over them.
fn rules(engine: Option<Value>) -> Result<Arc<Rules>, ReadError> {
    let broken = |reason: String| ReadError::Broken {
        path: "aiut.toml".to_owned(),
        reason,
    };
    let Some(engine) = engine else {
        return Ok(RULES.clone());
    };
    let mut known = PROJECT_RULES.lock().expect("no panic while held");
    if let Some((text, rules)) = &*known
        && *text == engine
    {
        return Ok(rules.clone());
    }
    let table: toml::Table = serde_json::from_value(engine.clone())
        .map_err(|error| broken(format!("[engine]: {error}")))?;
    let rules = Arc::new(Rules::with(&table).map_err(|error| broken(error.to_string()))?);
    *known = Some((engine, rules.clone()));
    Ok(rules)
}

/// What tells the shots of a scene apart, for `numbers.toml`.
pub fn shot_fingerprints(
    snapshot: &Snapshot,
) -> impl Fn(&StoryScene, &Cast) -> Result<Vec<String>, ReadError> {
    let stage = Stage::reading_everything();
    move |scene, _| {
        Ok(digests(&plan_scene(
            scene.stem(),
            &Reader::new(snapshot, &stage),
        )?))
    }
}

/// Why a shot of a scene is as it is, and its place in the plan.
///
/// # Errors
/// As reading the scene.
pub fn explain_scene(snapshot: &Snapshot, stem: &str) -> Result<Vec<Vec<Reason>>, ReadError> {
    let stage = Stage::reading_everything();
    let plan = plan_scene(stem, &Reader::new(snapshot, &stage))?;
    Ok((0..plan.shots().len())
        .map(|at| plan.explain(at).to_vec())
        .collect())
}

/// The first 16 digits tell the shots of one scene apart well enough to remember them by.
fn digests(plan: &Plan) -> Vec<String> {
    let hex = |digest: &[u8; 32]| blake3::Hash::from_bytes(*digest).to_hex()[..16].to_owned();
    plan.fingerprints()
        .iter()
        .map(|print| hex(&print.digest))
        .collect()
}

#[derive(Default, serde::Deserialize)]
struct Memory {
    shots: Vec<(String, String)>,
    retired: Vec<String>,
}

impl Memory {
    fn remembered(&self) -> Vec<RememberedShot> {
        let shots = self.shots.iter().cloned();
        shots
            .map(|(id, digest)| RememberedShot { id, digest })
            .collect()
    }
}
