//! Outputs and their states.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kept::Later;
use super::reader::Record;
use super::snapshot::Tracked;
use super::unread::Unread;
use crate::film::ids::scene_of_item;
use crate::object::{
    Acceptance, AcceptanceId, Action, ActionId, FileId, Generation, GenerationId, RepoPath,
};

/// What is recorded of the past.
pub trait Records: Send + Sync {
    /// A generation with its action.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn generation(&self, id: &GenerationId) -> Result<Arc<Past>, Unread>;

    /// An acceptance.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn acceptance(&self, id: &AcceptanceId) -> Result<Acceptance, Unread>;

    /// The value that this key of the configuration had when its digest was this one; none where
    /// nobody knows any more.
    fn configured(&self, key: &str, digest: &str) -> Option<Value> {
        let _ = (key, digest);
        None
    }

    /// The generations of an output up to this one, the newest first.
    ///
    /// # Errors
    /// Why one of them cannot be read.
    fn earlier(&self, path: &RepoPath, last: &GenerationId) -> Result<Vec<Arc<Past>>, Unread> {
        let _ = (path, last);
        Ok(Vec::new())
    }

    /// What the last run of exactly this action made; none if there was no such run.
    ///
    /// # Errors
    /// Why the record of a run cannot be read: nobody knows what it made, so none may take its place.
    fn cached(&self, action: &ActionId) -> Result<Option<(GenerationId, FileId)>, Unread>;
}

/// A generation with its action.
#[derive(Debug, Clone)]
pub struct Past {
    /// The run.
    pub generation: Generation,
    /// What determined it.
    pub action: Action,
}

impl Past {
    /// What the run made at `path`.
    #[must_use]
    pub fn output(&self, path: &RepoPath) -> Option<FileId> {
        self.generation
            .outputs
            .iter()
            .find(|output| output.path == *path)
            .map(|output| output.id)
    }
}

/// The state of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Made from the current inputs.
    Fresh,
    /// Made from inputs that are no longer the current ones.
    Stale,
    /// Only the generator moved on.
    Outdated,
    /// Something that it reads is still to be made, so it may change.
    Pending,
    /// Not there.
    Missing,
    /// Its scene or shot is gone.
    Orphan,
    /// Stale, looked at, and kept for exactly these inputs.
    Accepted,
    /// Never generated: written by people.
    Unmanaged,
    /// Its inputs, or it itself, cannot be read.
    Broken,
}

impl State {
    /// Whether something is to be done about it.
    #[must_use]
    pub fn needs_work(self) -> bool {
        matches!(
            self,
            Self::Stale | Self::Pending | Self::Missing | Self::Orphan | Self::Broken
        )
    }

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Outdated => "outdated",
            Self::Pending => "pending",
            Self::Missing => "missing",
            Self::Orphan => "orphan",
            Self::Accepted => "accepted",
            Self::Unmanaged => "unmanaged",
            Self::Broken => "broken",
        }
    }
}

/// What `generate` does with an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Leave it.
    Keep,
    /// Write these bytes; the snapshot holds them.
    Write(FileId),
    /// Put back what an earlier run of the same action made.
    Restore(GenerationId, FileId),
    /// Run the generator.
    Run,
    /// Leave it, as the generator may not run; the item's problem says why.
    Refuse,
    /// Take it away.
    Remove,
    /// Wait for what it reads.
    Wait,
}

/// What an output was made from and that moved on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What was read; otherwise `generator`, `generator version` or `parameter NAME`.
    pub selector: String,
    /// Whether it was read.
    pub is_read: bool,
    /// The digest or text at the time; none if it was not read then.
    pub old: Option<String>,
    /// The digest or text now; none if it is no longer read, or still to be made.
    pub new: Option<String>,
}

/// One output of one stage.
#[derive(Debug, Clone)]
pub struct Item {
    /// The stage.
    pub stage: String,
    /// What it is made for: `012`, `012_003`, empty for a stage that runs once.
    pub item: String,
    /// The output.
    pub path: RepoPath,
    /// Its state.
    pub state: State,
    /// Whether people changed it since it was generated.
    pub edited: bool,
    /// What stands there now.
    pub current: Option<Tracked>,
    /// What `generate` does.
    pub outcome: Outcome,
    /// The action that makes it now; none while something is pending or broken.
    pub action: Later<Option<Action>>,
    /// What the generator gave, before any merge with a hand edit.
    pub made: Option<FileId>,
    /// What was read.
    pub record: Later<Record>,
    /// What changed since it was made.
    pub changes: Later<Vec<Change>>,
    /// What is wrong with it or its inputs.
    pub problem: Option<String>,
    /// Fields that a hand edit and the new output both changed; the edit stays.
    pub conflicts: Vec<String>,
}

impl Item {
    /// An item with nothing to do about it.
    #[must_use]
    pub fn new(stage: &str, item: &str, path: RepoPath, current: Option<Tracked>) -> Self {
        Self {
            stage: stage.to_owned(),
            item: item.to_owned(),
            path,
            state: State::Fresh,
            edited: false,
            current,
            outcome: Outcome::Keep,
            action: None.into(),
            made: None,
            record: Record::default().into(),
            changes: Vec::new().into(),
            problem: None,
            conflicts: Vec::new(),
        }
    }

    /// Whether what stands there is people's own: changed since it was generated, or never
    /// generated. Nothing takes its place; what a generator makes is a take beside it.
    #[must_use]
    pub fn is_by_people(&self) -> bool {
        self.edited || self.state == State::Unmanaged
    }

    /// The scene that it belongs to, as a file stem; empty for what is of no scene, as the whole film
    /// and the files of the bible are.
    #[must_use]
    pub fn scene(&self) -> &str {
        scene_of_item(&self.item).unwrap_or_default()
    }

    /// The same item, which cannot be made for this reason.
    #[must_use]
    pub(super) fn broken(mut self, reason: impl ToString) -> Self {
        self.state = State::Broken;
        self.problem = Some(reason.to_string());
        self
    }
}
