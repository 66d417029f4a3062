//! What the shot engine decided, and the numbers it works with.

use serde::{Deserialize, Serialize};

use super::FilmError;
use super::answers::Question;
use super::named::Targets;
use super::plan::Planned;
use super::session::Session;
use super::shots::locks;
use crate::film::fountain::parse;
use crate::film::ids::{scene_of_shot, shot_name};
use crate::film::numbers::{Numbers, renumber, write_numbers};
use crate::film::scenes::split;
use crate::generate::explain_scene;
use crate::object::RepoPath;
use crate::pipeline::{NUMBERS, SCRIPT, shot_ids};
use crate::worktree::{Change, Content};

/// A shot with the decisions that made it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Explained {
    /// `012_003`
    pub shot: String,
    /// What is seen.
    pub content: String,
    /// Whether it is locked: then every field stays as it is, whatever the engine decided.
    pub locked: bool,
    /// Whether the lines that it was made from are gone from the script.
    pub lines_gone: bool,
    /// In the order of the passes; none for a shot that is not made from the script.
    pub reasons: Vec<Decision>,
}

/// One decision of the shot engine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Decision {
    /// The pass.
    pub pass: String,
    /// The rule that applied.
    pub rule: String,
    /// Why it did.
    pub why: String,
}

impl Session<'_> {
    /// Why a shot is as it is: recomputed from the script, not stored.
    ///
    /// # Errors
    /// `UnknownName`, or `NoSuch` when the script gives no such shot.
    pub fn explain(&self, targets: &Targets) -> Result<Explained, FilmError> {
        self.answer(&Question::about("explain", targets), |planned| {
            self.explain_of(planned, targets)
        })
    }

    fn explain_of(&self, planned: &Planned, targets: &Targets) -> Result<Explained, FilmError> {
        let shot = &self.one_shot(planned, targets)?;
        let no_such = || FilmError::NoSuch(format!("shot {}", shot_name(shot)));
        let stem = scene_of_shot(shot).unwrap_or(shot);
        let path = self.list_of(stem).ok_or_else(no_such)?;
        let list = self.list(planned, &path)?.ok_or_else(no_such)?;
        let at = shot_ids(&list)
            .iter()
            .position(|id| id == shot)
            .ok_or_else(no_such)?;
        let content = list["shots"][at]["content"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let explained = explain_scene(&planned.snapshot, stem, &path)?;
        let reasons = explained.shots.into_iter().find(|(id, _)| *id == **shot);
        let reasons = reasons.map(|(_, reasons)| reasons).unwrap_or_default();
        let locks = locks(&planned.snapshot, |stem| self.list_of(stem), [stem]);
        let locked = locks
            .get(stem)
            .and_then(|locks| locks.shots.iter().find(|locked| locked.shot == *shot));
        let decision = |reason: &crate::film::shots::Reason| Decision {
            pass: reason.pass.to_string(),
            rule: reason.rule.to_string(),
            why: reason.why.to_string(),
        };
        Ok(Explained {
            shot: shot.clone(),
            content,
            locked: locked.is_some(),
            lines_gone: locked.is_some_and(|locked| locked.lines_gone),
            reasons: reasons.iter().map(decision).collect(),
        })
    }

    /// Writes the scene numbers into the script (`#12#`), or numbers all scenes anew. One
    /// operation, which `undo` takes back. Returns the files that changed.
    ///
    /// # Errors
    /// `Uncommitted` when the script holds an edit that is in no commit.
    pub fn number_scenes(&mut self, anew: bool) -> Result<Vec<RepoPath>, FilmError> {
        let (script, numbers) = (path(SCRIPT), path(NUMBERS));
        let snapshot = self.snapshot();
        let Some(id) = snapshot.file(SCRIPT)? else {
            return Err(FilmError::NoScript);
        };
        if !self.is_committed(&script) {
            return Err(FilmError::Uncommitted(SCRIPT.to_owned()));
        }
        let bytes = snapshot.bytes(SCRIPT, &id)?;
        let parsed = crate::pipeline::read_script(&bytes)?;
        let known = match snapshot.file(NUMBERS)? {
            Some(id) => crate::pipeline::read_numbers(&snapshot.bytes(NUMBERS, &id)?)?,
            None => Numbers::default(),
        };
        let (text, memory) = if anew {
            let text = renumber(&parsed);
            let memory = known.renumber(&split(&parse(&text)));
            (text, memory)
        } else {
            let (memory, scenes) = known.number(split(&parsed));
            (write_numbers(&parsed, &scenes), memory)
        };
        let batch = self.project.store().batch();
        let before = self.contents([&script, &numbers]);
        let mut changes = Vec::new();
        for (path, text) in [(script, text), (numbers, memory.print())] {
            let stored = batch.put_file_bytes(text.as_bytes())?;
            let after = Content {
                id: stored.id,
                size: stored.size,
                exec: false,
            };
            let before = before.get(&path).copied();
            if before != Some(after) {
                changes.push(Change {
                    path,
                    before,
                    after: Some(after),
                    seen: None,
                });
            }
        }
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let changed = changes.iter().map(|change| change.path.clone()).collect();
        batch.commit()?;
        let transaction = self.project.transaction(&self.world.caller)?;
        transaction.publish(&self.world.caller, changes, None)?;
        Ok(changed)
    }
}

fn path(name: &str) -> RepoPath {
    RepoPath::new(name).expect("a safe name")
}
