//! The planner: for every output of every stage, its state and what making it current takes.
//!
//! Stages are planned in order, each on the snapshot that the stages before it would leave. A
//! stage whose generator works in memory is carried out at once, so what it would write is known
//! and an edit that changes nothing stops there (early cut-off). What an external program or a
//! provider makes is unknown until it ran, and what reads it waits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::digest::Digest;
use super::item::{Change, Item, Outcome, Past, Records, State};
use super::reader::{Reader, Record};
use super::selector::Selector;
use super::snapshot::{ReadError, Slot, Snapshot, Tracked, shot_ids};
use super::stage::{Each, Pipeline, Stage};
use crate::merge::{Merged, merge_json};
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
            items.iter().for_each(|item| lay(item, snapshot));
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
            return Some(item);
        }
        let Some(recipe) = self.recipes.get(stage.by.as_str()) else {
            let reason = format!("[stage.{}]: unknown generator {:?}", stage.name, stage.by);
            return Some(item.broken(reason));
        };
        if let (Some(past), Some(current)) = (&past, current) {
            item.edited = past.output(&item.path) != Some(current.id);
            if item.edited
                && item.path.extension() == Some("json")
                && let Err(ReadError::Broken { reason, .. }) = snapshot.document(item.path.as_str())
            {
                return Some(item.broken(format!("edited by hand and no longer JSON: {reason}")));
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
        let action = Action {
            schema: KEY_SCHEMA,
            stage: stage.name.clone(),
            item: item.item.clone(),
            generator: stage.by.clone(),
            version: version.to_owned(),
            parameters: stage.parameters(),
            reads: texts(&item.record.reads),
        };
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
                if old != Some(id) {
                    item.state = stale;
                    item.outcome = Outcome::Write(match (old, item.edited) {
                        (Some(old), true) => match self.join(&item, &old, bytes, snapshot) {
                            Ok((id, conflicts)) => {
                                item.conflicts = conflicts;
                                id
                            }
                            Err(reason) => return Some(item.broken(reason)),
                        },
                        _ => snapshot.keep(bytes),
                    });
                }
            }
            Made::External => {
                item.state = stale;
                item.outcome = match self.records.cached(&action_id(&action)) {
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

    /// Merges a new output into the hand-edited one; both contents are kept in the snapshot.
    fn join(
        &self,
        item: &Item,
        old: &FileId,
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
        let Merged {
            text,
            mut conflicts,
            twice,
        } = merge_json(&read(old)?, &read(&current)?, &text(&new)?)
            .ok_or_else(|| format!("{path}: it is no JSON"))?;
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

/// Whether everything that a past action read still has the digest it had then.
fn unchanged(stage: &Stage, past: &Past, now: &Snapshot) -> bool {
    let action = &past.action;
    action.stage == stage.name
        && action.generator == stage.by
        && action.parameters == stage.parameters()
        && action.schema == KEY_SCHEMA
        && action.reads.iter().all(|(selector, digest)| {
            let digest_now = selector
                .parse::<Selector>()
                .ok()
                .and_then(|s| now.digest(&s).ok());
            digest_now.is_some_and(|now| now.to_text() == *digest)
        })
}

/// What differs between the action that made the output and the one that would make it now.
fn changes(past: Option<&Past>, stage: &Stage, version: &str, now: &Record) -> Vec<Change> {
    let Some(past) = past else { return Vec::new() };
    let action = &past.action;
    let mut changes = Vec::new();
    let mut note = |is_read, selector: &str, old: Option<&str>, new: Option<&str>| {
        if old != new {
            changes.push(Change {
                selector: selector.to_owned(),
                is_read,
                old: old.map(str::to_owned),
                new: new.map(str::to_owned),
            });
        }
    };
    note(false, "generator", Some(&action.generator), Some(&stage.by));
    if action.generator == stage.by {
        note(
            false,
            "generator version",
            Some(&action.version),
            Some(version),
        );
    }
    let parameters = stage.parameters();
    let names: BTreeSet<_> = action.parameters.keys().chain(parameters.keys()).collect();
    for name in names {
        let (old, new) = (action.parameters.get(name), parameters.get(name));
        let (old, new) = (old.map(String::as_str), new.map(String::as_str));
        note(false, &format!("parameter {name}"), old, new);
    }
    let reads = texts(&now.reads);
    let selectors: BTreeSet<_> = action.reads.keys().chain(reads.keys()).collect();
    for selector in selectors {
        let old = action.reads.get(selector).map(String::as_str);
        note(true, selector, old, reads.get(selector).map(String::as_str));
    }
    changes
}

/// The key of the action cache.
///
/// # Panics
/// Never: an action of the planner holds digests, which is all that an action must hold.
#[must_use]
pub fn action_id(action: &Action) -> ActionId {
    id_of(action).expect("its reads are digests")
}

fn texts(reads: &BTreeMap<Selector, Digest>) -> BTreeMap<String, String> {
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
