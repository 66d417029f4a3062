//! The shot engine over a scene.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::film::bible::StyleRecord;
use crate::film::breakdown::{SceneText, location_slug};
use crate::film::numbers::{RememberedShot, assign_shot_ids};
use crate::film::scenes::Scene;
use crate::film::shots::{Locked, Passage, Plan, Reason, Rules, Setup, Why, plan, why};
use crate::pipeline::{
    Derived, Estimate, Part, ReadError, Reader, Recipe, RecipeResult, Snapshot, Stage, StoryScene,
};

use super::{ActOf, pretty, style};
use crate::film::ids::ShotId;
use crate::film::words::TimeOfDay;

/// The shot list of a scene.
pub(super) struct ShotEngine;

impl Recipe for ShotEngine {
    fn version(&self) -> &'static str {
        "12"
    }

    fn estimate(&self) -> Estimate {
        Estimate::of(Duration::from_micros(1_500))
    }

    fn make(&self, stem: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError> {
        let locked: Vec<Locked> = reader.locked(&reader.stage().output(stem))?;
        let (plan, ids) = numbered(stem, reader, &locked)?;
        Ok(RecipeResult::Bytes(pretty(
            reader,
            stem,
            &plan.finish(&ids),
        )?))
    }
}

/// The shots of a scene around the locked ones, with the id of each.
fn numbered(
    stem: &str,
    reader: &Reader<'_>,
    locked: &[Locked],
) -> Result<(Plan, Vec<ShotId>), ReadError> {
    let memory: Memory = reader
        .part(Part::Shots(stem.to_owned()))?
        .unwrap_or_default();
    plan_scene(stem, reader, |plan, text, rules| {
        let digests = digests(&plan);
        let ids = assign_shot_ids(&memory.remembered(), &memory.retired, &digests);
        let ids: Vec<ShotId> = ids.iter().map(|id| ShotId::new(stem, id)).collect();
        // Of a shot that people added there never were lines.
        let had_lines = |shot: &&Locked| {
            let id = &shot.shot_id;
            id.scene() == stem && memory.retired.iter().any(|gone| gone == id.number())
        };
        let lost: Vec<&Locked> = locked.iter().filter(had_lines).collect();
        let ids = plan.with_moved(ids, &lost);
        (plan.around(locked, &ids, text, rules), ids)
    })
}

/// What `then` makes of the shots of a scene before they have ids.
fn plan_scene<T>(
    stem: &str,
    reader: &Reader<'_>,
    then: impl FnOnce(Plan, &SceneText<'_>, &Rules) -> T,
) -> Result<T, ReadError> {
    let scene = reader.scene(stem)?;
    let cast = reader.cast()?;
    let act: Option<ActOf> = reader.part(Part::Act(stem.to_owned()))?;
    let time: Option<TimeOfDay> = reader.part(Part::Time(stem.to_owned()))?;
    let before = previous_location(stem, scene.scene(), reader)?;
    let engine: Option<Value> = reader.config("engine")?;
    let style: StyleRecord = style(reader)?;
    let aspect: String = reader.config("film.aspect")?;
    let mut text = SceneText::of(scene.scene());
    text.act = act.as_ref().and_then(|act| act.number);
    text.act_end = act.is_some_and(|act| act.ends);
    text.time = time.unwrap_or(text.time);
    text.previous_location = before.as_deref();
    let rules = rules(engine)?;
    let plan = plan(
        &text,
        &Setup {
            cast: &cast,
            names: cast.names(),
            rules: &rules,
            lens_kit: &style.focal_lengths(),
            fps: reader.config("film.fps")?,
            aspect_ratio: &aspect,
        },
    );
    Ok(then(plan, &text, &rules))
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

/// What tells the shots of a scene apart, for `numbers.toml`; `known` has those that were worked out
/// before.
pub fn shot_fingerprints(
    snapshot: &Snapshot,
    known: &mut Derived<Vec<String>>,
) -> impl FnMut(&StoryScene) -> Result<Vec<String>, ReadError> {
    move |scene: &StoryScene| {
        let stem = scene.stem();
        known.of(stem, snapshot, |reader| {
            plan_scene(stem, reader, |plan, _, _| digests(&plan))
        })
    }
}

/// A shot that the engine makes, with why it is as it is.
pub struct ExplainedShot {
    /// Its id.
    pub id: ShotId,
    /// What the passes decided, in their order.
    pub reasons: Vec<Reason>,
    /// What decided each of its fields.
    pub fields: Vec<Why>,
}

/// The shots that the engine makes of a scene.
pub struct Explanation {
    /// In order.
    pub shots: Vec<ExplainedShot>,
    /// What the scene lasts, in frames.
    pub frames: u32,
    /// What it would last if no shot were locked.
    pub unlocked_frames: u32,
}

/// What the engine makes of a scene whose shot list is the file `list`, and why.
///
/// # Errors
/// As reading the scene.
pub fn explain_scene(
    snapshot: &Snapshot,
    stem: &str,
    list: &str,
) -> Result<Explanation, ReadError> {
    let stage = Stage::reading_everything();
    let reader = Reader::new(snapshot, &stage);
    let locked: Vec<Locked> = reader.locked(list)?;
    let unlocked_frames = plan_scene(stem, &reader, |plan, _, _| plan.length())?;
    let (plan, ids) = numbered(stem, &reader, &locked)?;
    let frames = plan.length();
    let scene = reader.scene(stem)?;
    let text = SceneText::of(scene.scene());
    let explained = |(at, id): (usize, ShotId)| {
        let shot = &plan.shots()[at];
        let passage = Passage {
            heading: &text.heading.raw,
            elements: &text.elements,
            from: shot.source.from,
            to: shot.source.to,
            content: &shot.content,
            meanwhile: shot.meanwhile.as_deref(),
        };
        let reasons = plan.explain(at).to_vec();
        ExplainedShot {
            id,
            fields: why(&reasons, &passage),
            reasons,
        }
    };
    let shots = ids.into_iter().enumerate().map(explained);
    Ok(Explanation {
        shots: shots.collect(),
        frames,
        unlocked_frames,
    })
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
