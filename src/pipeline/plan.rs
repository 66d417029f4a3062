//! The planner: for every output of every stage, its state and what making it current takes.
//!
//! Stages are planned in order, each on the snapshot that the stages before it would leave. A
//! stage whose generator works in memory is carried out at once, so what it would write is known
//! and an edit that changes nothing stops there (early cut-off). What an external program or a
//! provider makes is unknown until it ran, and what reads it waits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::changes::{changes, unchanged};
use super::digest::Digest;
use super::item::{Item, Outcome, Past, Records, State};
use super::reader::Reader;
use super::selector::Selector;
use super::snapshot::{ReadError, Slot, Snapshot, Tracked, shot_ids};
use super::stage::{Each, Pipeline, Stage};
use crate::merge::{Merged, merge_json_locked};
use crate::object::{Action, ActionId, FileId, RepoPath, id_of};

/// How the keys of actions are computed; a change to it is never taken for a user's edit.
pub const KEY_SCHEMA: u32 = 1;

/// What a generator makes of an item without leaving memory.
pub enum Made {
    /// The output.
    Bytes(Vec<u8>),
    /// This item has no output: a shot without a line has no voice.
    Nothing,
    /// The output needs a program or a provider; everything it depends on has been read.
    External,
}

/// What the planner knows of a generator. Pure: it sees its inputs through the reader only.
pub trait Recipe: Send + Sync {
    /// Moves on when the same inputs would give other bytes.
    fn version(&self) -> &'static str;

    /// Reads all that the output depends on and, if no program is needed, makes it.
    ///
    /// # Errors
    /// What kept an input from being read.
    fn make(&self, item: &str, reader: &Reader<'_>) -> Result<Made, ReadError>;
}

/// The generators that stages may name.
pub type Recipes = BTreeMap<&'static str, Arc<dyn Recipe>>;

/// What counts as work.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Treat outdated outputs as stale.
    pub outdated: bool,
}

/// Plans stages over a snapshot.
pub struct Planner<'a> {
    /// The stages.
    pub pipeline: &'a Pipeline,
    /// The generators.
    pub recipes: &'a Recipes,
    /// What is recorded of the past.
    pub records: &'a dyn Records,
    /// The files of the work tree with what is known of their making.
    pub tracked: &'a BTreeMap<RepoPath, Tracked>,
    /// What counts as work.
    pub options: Options,
    /// Stages whose generator may not run, each with the reason.
    pub inert: &'a BTreeMap<String, String>,
}

impl Planner<'_> {
    /// Plans every stage; afterwards `snapshot` holds what is known of the result.
    #[must_use]
    pub fn plan(&self, snapshot: &mut Snapshot) -> Vec<Item> {
        let stages = self.pipeline.stages().iter();
        stages
            .flat_map(|stage| self.plan_stage(stage, snapshot))
            .collect()
    }

    /// Plans one stage, after all before it.
    #[must_use]
    pub fn plan_stage(&self, stage: &Stage, snapshot: &mut Snapshot) -> Vec<Item> {
        if stage.by_hand() {
            return Vec::new();
        }
        let (names, unsure) = self.items_of(stage, snapshot);
        let mut items = Vec::with_capacity(names.len());
        for name in &names {
            if let Some(item) = self.plan_item(stage, name, snapshot) {
                // A draft says what the script says: the next one need not read the story anew.
                if !stage.keep {
                    lay(&item, snapshot);
                }
                items.push(item);
            }
        }
        if stage.keep {
            // Who reads a file with a slip in it is told of the slip.
            let readable = |item: &&Item| item.state != State::Broken || item.current.is_none();
            let laid = items.iter().filter(readable);
            laid.for_each(|item| lay(item, snapshot));
        } else if !unsure.contains("") {
            let expected: BTreeSet<_> = items.iter().map(|item| item.path.clone()).collect();
            for item in self.orphans(stage, &expected, &unsure) {
                lay(&item, snapshot);
                items.push(item);
            }
        }
        items
    }

    /// What a stage runs over, and the scenes (all: the empty stem) of which that cannot be said
    /// because a file is broken: nothing of theirs is an orphan for that.
    fn items_of(&self, stage: &Stage, snapshot: &Snapshot) -> (Vec<String>, BTreeSet<String>) {
        let none = BTreeSet::new();
        let Some(each) = stage.each else {
            return (vec![String::new()], none);
        };
        let story = match snapshot.story() {
            Ok(Some(story)) => story,
            // That there is no script now is no reason to take away what was made from one.
            Ok(None) | Err(_) => return (Vec::new(), BTreeSet::from([String::new()])),
        };
        match each {
            Each::Scene => (story.stems().map(str::to_owned).collect(), none),
            // Who is who nobody can say: those that have a file stay, and nobody is gone.
            Each::Character | Each::Location if story.sure_of_cast().is_err() => {
                let files = self.tracked.keys();
                let there = files.filter_map(|path| stage.item_of(path.as_str()));
                (there.collect(), BTreeSet::from([String::new()]))
            }
            Each::Character => (story.member_slugs(), none),
            Each::Location => (story.place_slugs(), none),
            Each::Shot => {
                let mut shots = Vec::new();
                let mut unsure = BTreeSet::new();
                let Some(lists) = self.pipeline.stage("shots") else {
                    return (shots, none);
                };
                for stem in story.stems() {
                    match snapshot.document(&lists.output(stem)) {
                        Ok(list) => shots.extend(list.iter().flat_map(|list| shot_ids(list))),
                        Err(_) => {
                            unsure.insert(stem.to_owned());
                        }
                    }
                }
                (shots, unsure)
            }
        }
    }

    fn orphans(
        &self,
        stage: &Stage,
        expected: &BTreeSet<RepoPath>,
        unsure: &BTreeSet<String>,
    ) -> Vec<Item> {
        let mut items = Vec::new();
        for (path, tracked) in self.tracked {
            let Some(name) = stage.item_of(path.as_str()) else {
                continue;
            };
            let Some(made_by) = tracked.made_by else {
                continue;
            };
            let mut item = Item::new(&stage.name, &name, path.clone(), Some(*tracked));
            if expected.contains(path) || unsure.contains(item.scene()) {
                continue;
            }
            let past = match self.records.generation(&made_by) {
                Ok(past) => past,
                // Whether it was edited since nobody can say, so it stays.
                Err(reason) => {
                    items.push(item.broken(reason));
                    continue;
                }
            };
            item.state = State::Orphan;
            item.edited = past.output(path) != Some(tracked.id);
            item.outcome = if item.edited {
                Outcome::Keep
            } else {
                Outcome::Remove
            };
            items.push(item);
        }
        items
    }

    fn plan_item(&self, stage: &Stage, name: &str, snapshot: &mut Snapshot) -> Option<Item> {
        let path = RepoPath::new(stage.output(name)).ok()?;
        let current = self.tracked.get(&path).copied();
        let mut item = Item::new(&stage.name, name, path, current);
        let past = match current
            .and_then(|c| c.made_by)
            .map(|id| self.records.generation(&id))
        {
            Some(Err(reason)) => return Some(item.broken(reason)),
            Some(Ok(past)) => Some(past),
            None => None,
        };
        if current.is_some() && (past.is_none() || stage.keep) {
            item.state = if past.is_some() {
                State::Fresh
            } else {
                State::Unmanaged
            };
            // A slip in what people wrote is told even if nothing reads the file yet.
            return Some(match wrong(&item, snapshot) {
                Some(reason) => item.broken(reason),
                None if stage.keep => item,
                None => self.beside(stage, item, snapshot),
            });
        }
        let Some(recipe) = self.recipes.get(stage.by.as_str()) else {
            let reason = format!("[stage.{}]: unknown generator {:?}", stage.name, stage.by);
            return Some(item.broken(reason));
        };
        if let (Some(past), Some(current)) = (&past, current) {
            item.edited = past.output(&item.path) != Some(current.id);
            if item.edited
                && let Some(reason) = wrong(&item, snapshot)
            {
                return Some(item.broken(reason));
            }
            if unchanged(stage, past, snapshot) {
                let outdated = past.action.version != recipe.version();
                if !(outdated && self.options.outdated) {
                    item.state = if outdated {
                        State::Outdated
                    } else {
                        State::Fresh
                    };
                    item.action = Some(past.action.clone());
                    return Some(item);
                }
            }
        }
        let reader = Reader::new(snapshot, stage);
        let made = recipe.make(name, &reader);
        item.record = reader.into_record();
        item.changes = changes(past.as_deref(), stage, recipe.version(), &item.record);
        self.judge(
            stage,
            recipe.version(),
            item,
            past.as_deref(),
            made,
            snapshot,
        )
    }

    /// An output that people made themselves, with the action that would make a take beside it.
    fn beside(&self, stage: &Stage, mut item: Item, snapshot: &Snapshot) -> Item {
        let Some(recipe) = self.recipes.get(stage.by.as_str()) else {
            return item;
        };
        let reader = Reader::new(snapshot, stage);
        let made = recipe.make(&item.item, &reader);
        item.record = reader.into_record();
        if matches!(made, Ok(Made::External)) && item.record.pending.is_empty() {
            item.action = Some(action_of(stage, recipe.version(), &item));
        }
        item
    }

    /// The state that follows from what the generator made of the current inputs.
    fn judge(
        &self,
        stage: &Stage,
        version: &str,
        mut item: Item,
        past: Option<&Past>,
        made: Result<Made, ReadError>,
        snapshot: &mut Snapshot,
    ) -> Option<Item> {
        let there = item.current.is_some();
        let made = match made {
            Err(ReadError::Pending(_)) | Ok(_) if !item.record.pending.is_empty() => {
                item.state = if there {
                    State::Pending
                } else {
                    State::Missing
                };
                item.outcome = Outcome::Wait;
                return Some(item);
            }
            Err(error) => return Some(item.broken(error.to_string())),
            Ok(made) => made,
        };
        let action = action_of(stage, version, &item);
        match self.accepted(&item, &action) {
            Ok(false) => {}
            Ok(true) => {
                item.state = State::Accepted;
                item.action = Some(action);
                return Some(item);
            }
            Err(reason) => return Some(item.broken(reason)),
        }
        let stale = if there { State::Stale } else { State::Missing };
        match made {
            Made::Nothing if !there => return None,
            Made::Nothing => {
                item.state = State::Orphan;
                item.outcome = if item.edited {
                    Outcome::Keep
                } else {
                    Outcome::Remove
                };
            }
            Made::Bytes(bytes) => {
                let id = FileId::of(&bytes);
                item.made = Some(id);
                let old = past.and_then(|past| past.output(&item.path));
                let freed = match past.filter(|_| item.edited) {
                    Some(past) => {
                        super::locks::base_before_locks(&item, past, self.records, snapshot)
                    }
                    None => Ok(None),
                };
                let freed = match freed {
                    Ok(freed) => freed,
                    Err(reason) => return Some(item.broken(reason)),
                };
                if old != Some(id) || freed.is_some() {
                    let written = match (old, item.edited) {
                        (Some(old), true) => match self.join(&item, &old, freed, bytes, snapshot) {
                            Ok((id, conflicts)) => {
                                item.conflicts = conflicts;
                                id
                            }
                            Err(reason) => return Some(item.broken(reason)),
                        },
                        _ => snapshot.keep(bytes),
                    };
                    // Where a lock keeps all that the engine would change, nothing is out of date.
                    let is_there = item.current.is_some_and(|current| current.id == written);
                    if !is_there || !item.conflicts.is_empty() {
                        item.state = stale;
                        item.outcome = Outcome::Write(written);
                    }
                }
            }
            Made::External => {
                let cached = match self.records.cached(&action_id(&action)) {
                    Ok(cached) => cached,
                    Err(reason) => return Some(item.broken(reason)),
                };
                item.state = stale;
                item.outcome = match cached {
                    // The hand-edited file stays; the new one is a take already.
                    Some(_) if item.edited => Outcome::Keep,
                    Some((generation, id)) => Outcome::Restore(generation, id),
                    None => match self.inert.get(&stage.name) {
                        None => Outcome::Run,
                        Some(reason) => {
                            item.problem = Some(reason.clone());
                            Outcome::Refuse
                        }
                    },
                };
            }
        }
        item.action = Some(action);
        Some(item)
    }

    /// Merges a new output into the hand-edited one; both contents are kept in the snapshot. `base`
    /// is what both grew out of, where that is not the old output.
    fn join(
        &self,
        item: &Item,
        old: &FileId,
        base: Option<String>,
        new: Vec<u8>,
        snapshot: &mut Snapshot,
    ) -> Result<(FileId, Vec<String>), String> {
        let path = item.path.as_str();
        let text = |bytes: &[u8]| {
            let text = std::str::from_utf8(bytes).map(str::to_owned);
            text.map_err(|error| format!("{path}: {error}"))
        };
        let read = |id: &FileId| {
            let bytes = snapshot.bytes(path, id).map_err(|error| error.to_string());
            bytes.and_then(|bytes| text(&bytes))
        };
        let current = item.current.expect("what is edited is there").id;
        let base = base.map_or_else(|| read(old), Ok)?;
        let Merged {
            text,
            mut conflicts,
            twice,
        } = merge_json_locked(&base, &read(&current)?, &text(&new)?)
            .ok_or_else(|| format!("{path}: it is not JSON"))?;
        conflicts.extend(twice);
        snapshot.keep(new);
        Ok((snapshot.keep(text.into_bytes()), conflicts))
    }

    fn accepted(&self, item: &Item, action: &Action) -> Result<bool, String> {
        let Some(current) = item.current else {
            return Ok(false);
        };
        let Some(id) = current.accepted else {
            return Ok(false);
        };
        let kept = self.records.acceptance(&id)?;
        Ok(kept.output == current.id && kept.reads == action.reads)
    }
}

/// What is wrong with a file that people wrote or edited: it cannot be read as JSON or TOML, holds
/// what such a file does not, or is no picture, clip or sound though it is called one.
fn wrong(item: &Item, snapshot: &Snapshot) -> Option<String> {
    if !matches!(item.path.extension(), Some("json" | "toml")) {
        let denied = snapshot.denied(&item.path, &item.current?.id);
        return match denied {
            Ok(reason) => reason.map(|reason| format!("{}: {reason}", item.path)),
            Err(error) => Some(error.to_string()),
        };
    }
    match snapshot.document(item.path.as_str()) {
        Err(error @ ReadError::Broken { .. }) => Some(error.to_string()),
        _ => None,
    }
}

/// What makes an item of what was read for it.
fn action_of(stage: &Stage, version: &str, item: &Item) -> Action {
    Action {
        schema: KEY_SCHEMA,
        stage: stage.name.clone(),
        item: item.item.clone(),
        generator: stage.by.clone(),
        version: version.to_owned(),
        parameters: stage.parameters(),
        reads: texts(&item.record.reads),
    }
}

/// The key of the action cache.
///
/// # Panics
/// Never: an action of the planner holds digests, which is all that an action must hold.
#[must_use]
pub fn action_id(action: &Action) -> ActionId {
    id_of(action).expect("its reads are digests")
}

pub(super) fn texts(reads: &BTreeMap<Selector, Digest>) -> BTreeMap<String, String> {
    reads
        .iter()
        .map(|(selector, digest)| (selector.to_string(), digest.to_text()))
        .collect()
}

/// Lays what is known of an item's outcome over the snapshot.
fn lay(item: &Item, snapshot: &mut Snapshot) {
    let path = item.path.clone();
    match item.outcome {
        Outcome::Write(id) => snapshot.place(path, Slot::Known(id)),
        // A hand edit stays in place; what a program makes beside it is a take.
        Outcome::Restore(..) | Outcome::Run | Outcome::Refuse | Outcome::Wait if item.edited => {}
        Outcome::Restore(_, id) => snapshot.place(path, Slot::Known(id)),
        Outcome::Run | Outcome::Refuse | Outcome::Wait => snapshot.place(path, Slot::Unknown),
        Outcome::Remove => snapshot.remove(item.path.as_str()),
        // What stands on something broken waits, rather than failing in its turn.
        Outcome::Keep if item.state == State::Broken => snapshot.place(path, Slot::Unknown),
        Outcome::Keep => {}
    }
}
