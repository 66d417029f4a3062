//! The shots of a film: what the list of each scene says, and what of it people hold.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::FilmError;
use super::answers::Question;
use super::named::Targets;
use super::plan::Planned;
use super::session::Session;
use crate::film::ids::ShotId;
use crate::film::rate::FrameRate;
use crate::generate::explain_scene;
use crate::pipeline::{Item, Makes, Part, ReadError, Records, Snapshot, Story};

/// A shot of the list of shots.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShotLine {
    /// `012_003`
    pub shot: String,
    /// The production number of its scene: `12A`.
    pub scene: String,
    /// `CU`
    pub size: String,
    /// Its length.
    pub frames: u64,
    /// The same in seconds, to hundredths.
    pub seconds: f64,
    /// What is seen.
    pub content: String,
    /// Who speaks in it.
    pub speaker: Option<String>,
    /// What is said.
    pub line: Option<String>,
    /// Whether every field of it stays as it is when shots are made again.
    pub locked: bool,
    /// Its fields that people changed.
    pub edited: Vec<String>,
    /// Whether people added it.
    pub added: bool,
    /// Whether the lines that it was made from are gone from the script.
    pub lines_gone: bool,
}

/// The shots of a scene, or of the whole film.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Shots {
    /// In order.
    pub lines: Vec<ShotLine>,
    /// What is wrong with lists that cannot be read.
    pub problems: Vec<String>,
}

/// `12.5 s`
fn tenths(of_a_second: u64) -> String {
    format!("{}.{} s", of_a_second / 10, of_a_second % 10)
}

/// A locked shot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedShot {
    /// `012_003`
    pub shot: String,
    /// Whether the lines that it was made from are gone from the script.
    pub lines_gone: bool,
}

/// The locked shots of a scene.
#[derive(Debug, Clone, Default)]
pub(super) struct Locks {
    /// In the order of the list.
    pub(super) shots: Vec<LockedShot>,
    /// What the scene lasts, in frames.
    frames: u32,
    /// What it would last if none of them were locked.
    unlocked_frames: u32,
}

impl Locks {
    /// What is to be said of the scene: that it has another length for its locked shots.
    pub(super) fn remark(&self, fps: FrameRate) -> Option<String> {
        let seconds = |frames: u32| tenths(fps.units_of(u64::from(frames), 10));
        let difference = seconds(self.frames.abs_diff(self.unlocked_frames));
        let than = match self.frames.cmp(&self.unlocked_frames) {
            std::cmp::Ordering::Equal => return None,
            std::cmp::Ordering::Greater => "longer",
            std::cmp::Ordering::Less => "shorter",
        };
        let (whole, should) = (seconds(self.frames), seconds(self.unlocked_frames));
        Some(format!(
            "the scene lasts {whole}, {difference} {than} than its {should}: the locked shots leave the others no other length"
        ))
    }
}

/// The locked shots of the scenes with these file stems, of those that have any. A list that cannot
/// be read has none: what is wrong with it is told elsewhere.
pub(super) fn locks<'s>(
    snapshot: &Snapshot,
    list_of: impl Fn(&str) -> Option<String>,
    stems: impl IntoIterator<Item = &'s str>,
) -> BTreeMap<String, Locks> {
    let of_scene = |stem: &str| -> Option<Locks> {
        let path = list_of(stem)?;
        let ids: Vec<ShotId> = snapshot.shots_in(&path).ok()??.locked;
        if ids.is_empty() {
            return None;
        }
        let explained = explain_scene(snapshot, stem, &path).ok()?;
        let memory = snapshot.story().ok()??.part(&Part::Shots(stem.to_owned()));
        let memory = memory.ok().flatten().unwrap_or_default();
        let lines_gone = |id: &ShotId| {
            let retired = memory.get("retired").and_then(Value::as_array);
            let mut retired = retired.into_iter().flatten().filter_map(Value::as_str);
            let is_made = explained.shots.iter().any(|made| made.id == *id);
            !is_made && retired.any(|gone| gone == id.number())
        };
        let shots = ids.into_iter().map(|shot| LockedShot {
            lines_gone: lines_gone(&shot),
            shot: shot.into(),
        });
        Some(Locks {
            shots: shots.collect(),
            frames: explained.frames,
            unlocked_frames: explained.unlocked_frames,
        })
    };
    let found = stems.into_iter();
    found
        .filter_map(|stem| Some((stem.to_owned(), of_scene(stem)?)))
        .collect()
}

impl Session<'_> {
    /// The shots of a scene, or of the whole film, in order.
    ///
    /// # Errors
    /// `UnknownName` for what is not one scene; a script or a shot list that cannot be read.
    pub fn shots(&self, targets: &Targets) -> Result<Shots, FilmError> {
        self.answer(&Question::about("shots", targets), |planned| {
            self.shots_of(planned, targets)
        })
    }

    fn shots_of(&self, planned: &Planned, targets: &Targets) -> Result<Shots, FilmError> {
        let story = planned.story()?;
        let scene = match targets.is_empty() {
            true => None,
            false => Some(self.one_scene(planned, targets)?),
        };
        let is_named = |stem: &str| scene.as_ref().is_none_or(|scene| scene == stem);
        let all = story.scenes().iter();
        let scenes: Vec<_> = all.filter(|scene| is_named(scene.stem())).collect();
        let items: HashMap<&str, &Item> = planned
            .items
            .iter()
            .map(|item| (item.path.as_str(), item))
            .collect();
        let stems = scenes.iter().map(|scene| scene.stem());
        let locks = locks(&planned.snapshot, |stem| self.list_of(stem), stems);
        let mut found = Shots::default();
        for one in scenes {
            let Some(path) = self.list_of(one.stem()) else {
                continue;
            };
            let list = match self.list(planned, &path) {
                Ok(Some(list)) => list,
                Ok(None) => continue,
                // Of the whole film, the other scenes are listed.
                Err(error) if scene.is_none() => {
                    found.problems.push(error.to_string());
                    continue;
                }
                Err(error) => return Err(error),
            };
            let made = items.get(path.as_str());
            let made = made.and_then(|item| self.made_of(planned, item));
            let no_locks = Locks::default();
            let locks = locks.get(one.stem()).unwrap_or(&no_locks);
            let shots = list.get("shots").and_then(Value::as_array);
            let number = &one.scene().number;
            let line = |shot| self.shot_line(number.as_str(), shot, made.as_deref(), locks);
            found.lines.extend(shots.into_iter().flatten().map(line));
        }
        Ok(found)
    }

    /// A shot list; one that cannot be made anew for now as it is. None if there is none.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn list(
        &self,
        planned: &Planned,
        path: &str,
    ) -> Result<Option<Arc<Value>>, FilmError> {
        let list = match planned.snapshot.document(path) {
            Err(ReadError::Pending(_)) => self.snapshot().document(path),
            list => list,
        };
        let mut items = planned.items.iter();
        list.map_err(|error| {
            let item = items.find(|item| item.path.as_str() == path);
            let problem = item.and_then(|item| item.problem.clone());
            problem.map_or_else(|| error.into(), FilmError::Broken)
        })
    }

    /// Where the shot list of a scene is; none where no stage makes any.
    pub(super) fn list_of(&self, stem: &str) -> Option<String> {
        self.pipeline.layout().path(Makes::ShotList, stem)
    }

    /// The locked shots that an output holds, or is made for, and what is to be said of its scene.
    pub(super) fn held(&self, planned: &Planned, item: &Item) -> (Vec<LockedShot>, Option<String>) {
        let list_of = |stem: &str| self.list_of(stem);
        let locks = locks(&planned.snapshot, list_of, [item.scene()]);
        let Some(locks) = locks.get(item.scene()) else {
            return (Vec::new(), None);
        };
        let is_list = self.list_of(item.scene()).as_deref() == Some(item.path.as_str());
        let concerns = |shot: &&LockedShot| is_list || shot.shot == item.item;
        let remark = locks.remark(self.frames_per_second());
        (
            locks.shots.iter().filter(concerns).cloned().collect(),
            remark.filter(|_| is_list),
        )
    }

    /// The locked shots of every scene that has any.
    pub(super) fn locks(&self, planned: &Planned) -> BTreeMap<String, Locks> {
        let Ok(story) = planned.story() else {
            return BTreeMap::new();
        };
        self.locks_in(&planned.snapshot, &story)
    }

    /// The same, in what a run leads to.
    pub(super) fn locks_in(&self, snapshot: &Snapshot, story: &Story) -> BTreeMap<String, Locks> {
        locks(snapshot, |stem| self.list_of(stem), story.stems())
    }

    /// What the generator made of a file that people edited since; none if they did not.
    pub(super) fn made_of(&self, planned: &Planned, item: &Item) -> Option<Arc<Value>> {
        if !item.edited {
            return None;
        }
        let past = || {
            let made_by = item.current?.made_by?;
            self.records.generation(&made_by).ok()?.output(&item.path)
        };
        let id = item.made.or_else(past)?;
        let bytes = planned.snapshot.bytes(item.path.as_str(), &id).ok()?;
        serde_json::from_slice(&bytes).ok().map(Arc::new)
    }

    fn shot_line(
        &self,
        scene: &str,
        shot: &Value,
        made: Option<&Value>,
        locks: &Locks,
    ) -> ShotLine {
        let text = |key: &str| shot.get(key).and_then(Value::as_str).map(str::to_owned);
        let id = text("shot_id").unwrap_or_default();
        let frames = shot.get("duration").and_then(Value::as_u64).unwrap_or(0);
        let locked = locks.shots.iter().find(|locked| locked.shot == id);
        let lines_gone = locked.is_some_and(|locked| locked.lines_gone);
        let same = |other: &&Value| other.get("shot_id") == shot.get("shot_id");
        let made_shots = made.and_then(|made| made.get("shots")?.as_array());
        let made_shot = made_shots.and_then(|shots| shots.iter().find(same));
        let edited = made_shot.map(|made| changed_fields(made, shot));
        let hundredths = self.frames_per_second().whole_units_of(frames, 100);
        #[allow(clippy::cast_precision_loss, reason = "a shot is hours long at most")]
        let seconds = hundredths as f64 / 100.0;
        ShotLine {
            scene: scene.to_owned(),
            size: text("shot_type").unwrap_or_default(),
            frames,
            seconds,
            content: text("content").unwrap_or_default(),
            speaker: text("dialogue_speaker"),
            line: text("dialogue_text"),
            locked: locked.is_some(),
            edited: edited.unwrap_or_default(),
            added: made_shots.is_some() && made_shot.is_none() && !lines_gone,
            lines_gone,
            shot: id,
        }
    }
}

/// The fields of a shot that are not as they were made; that it is locked is told apart.
fn changed_fields(made: &Value, shot: &Value) -> Vec<String> {
    let fields = shot.as_object().into_iter().flatten();
    let changed = fields.filter(|(key, value)| *key != "locked" && made.get(key) != Some(value));
    changed.map(|(key, _)| key.clone()).collect()
}
