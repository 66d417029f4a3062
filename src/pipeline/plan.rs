//! The planner: for every output of every stage, its state and what making it current takes.
//!
//! Stages are planned in order, each on the snapshot that the stages before it would leave. A
//! stage whose generator works in memory is carried out at once, so what it would write is known
//! and an edit that changes nothing stops there (early cut-off). What an external program or a
//! provider makes is unknown until it ran, and what reads it waits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::changes::{Since, changes, since};
use super::digest::Digest;
use super::item::{Item, Outcome, Records, State};
use super::kept::{Basis, Kept, Verdict};
use super::price::PriceUnit;
use super::reader::Reader;
use super::selector::Selector;
use super::snapshot::{Slot, Snapshot, Tracked, in_conflict, shot_ids};
use super::stage::{Each, Stage};
use super::stages::Pipeline;
use super::unread::ReadError;
use super::with::Told;
use crate::object::{Action, ActionId, RepoPath, id_of};

/// How the keys of actions are computed; a change to it is never taken for a user's edit.
pub const KEY_SCHEMA: u32 = 1;

/// What a generator makes of an item without leaving memory.
pub enum RecipeResult {
    /// The output.
    Bytes(Vec<u8>),
    /// This item has no output: a shot without a line has no voice.
    Nothing,
    /// The output needs a program or a provider; everything it depends on has been read.
    External,
}

/// What it takes to make an output before any was measured: on two cores of 2026, with two made side
/// by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// For an amount of one, in the generator's own measure.
    pub each: Duration,
    /// Whether one keeps all cores busy by itself.
    pub fills_cores: bool,
}

impl Estimate {
    /// So much for each, made side by side.
    #[must_use]
    pub const fn of(each: Duration) -> Self {
        Self {
            each,
            fills_cores: false,
        }
    }
}

/// What the planner knows of a generator. Pure: it sees its inputs through the reader only.
pub trait Recipe: Send + Sync {
    /// Moves on when the same inputs would give other bytes.
    fn version(&self) -> &'static str;

    /// What making an output takes before any run was measured.
    fn estimate(&self) -> Estimate {
        Estimate::of(Duration::from_micros(500))
    }

    /// What of an output a price may count; that it is one always counts.
    fn units(&self) -> &'static [PriceUnit] {
        &[]
    }

    /// What a stage can tell it in `with`.
    fn told(&self) -> &'static [Told] {
        &[]
    }

    /// Reads all that the output depends on and, if no program is needed, makes it.
    ///
    /// # Errors
    /// What kept an input from being read.
    fn make(&self, item: &str, reader: &Reader<'_>) -> Result<RecipeResult, ReadError>;
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
    /// What earlier plans found out.
    pub kept: Option<&'a Kept>,
}

impl Planner<'_> {
    /// Plans every stage; afterwards `snapshot` holds what is known of the result.
    #[must_use]
    pub fn plan(&self, snapshot: &mut Snapshot) -> Vec<Item> {
        let mut plan = Vec::with_capacity(self.kept.map_or(0, Kept::items));
        for stage in self.pipeline.stages() {
            self.plan_stage_into(stage, snapshot, &mut plan);
        }
        plan
    }

    /// Plans one stage, after all before it.
    #[must_use]
    pub fn plan_stage(&self, stage: &Stage, snapshot: &mut Snapshot) -> Vec<Item> {
        let mut items = Vec::new();
        self.plan_stage_into(stage, snapshot, &mut items);
        items
    }

    /// The same, behind what was planned before.
    fn plan_stage_into(&self, stage: &Stage, snapshot: &mut Snapshot, items: &mut Vec<Item>) {
        if stage.by_hand() {
            return;
        }
        if let Some(kept) = self.kept {
            kept.lend(snapshot);
        }
        let (names, unsure) = self.items_of(stage, snapshot);
        let before = items.len();
        items.reserve(names.len());
        for name in &names {
            if let Some(item) = self.item(stage, name, snapshot) {
                // A draft says what the script says: the next one need not read the story anew.
                if !stage.keep {
                    lay(&item, snapshot);
                }
                items.push(item);
            }
        }
        if stage.keep {
            lay_stage(stage, &items[before..], snapshot);
        } else if !unsure.contains("") {
            let expected = items[before..].iter().map(|item| item.path.clone());
            let expected: BTreeSet<_> = expected.collect();
            for item in self.orphans(stage, &expected, &unsure) {
                if let Some(kept) = self.kept {
                    kept.note_orphan(&item, snapshot);
                }
                lay(&item, snapshot);
                items.push(item);
            }
        }
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
                let Some(lists) = &stage.lists else {
                    return (shots, none);
                };
                for stem in story.stems() {
                    match self.shots_of(&lists.path(stem), snapshot) {
                        Some(ids) => shots.extend(ids),
                        None => {
                            unsure.insert(stem.to_owned());
                        }
                    }
                }
                (shots, unsure)
            }
        }
    }

    /// The ids of the shots of a list; none for one that cannot be read.
    fn shots_of(&self, path: &str, snapshot: &Snapshot) -> Option<Vec<String>> {
        let id = snapshot.file(path).ok()?;
        let known = self
            .kept
            .zip(id)
            .and_then(|(kept, id)| kept.shots_of(path, &id));
        if known.is_some() {
            return known;
        }
        let list = snapshot.document(path).ok()?;
        let ids = list.map(|list| shot_ids(&list)).unwrap_or_default();
        if let (Some(kept), Some(id)) = (self.kept, id) {
            kept.note_list(path, id, &ids);
        }
        Some(ids)
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

    /// An item as it was planned before, if that still holds, or planned anew.
    fn item(&self, stage: &Stage, name: &str, snapshot: &mut Snapshot) -> Option<Item> {
        let Some(kept) = self.kept else {
            let verdict = self.plan_item(stage, name, snapshot)?;
            return verdict.is_output.then_some(verdict.item);
        };
        if let Some(item) = kept.recall(self, stage, name, snapshot) {
            return item;
        }
        let verdict = self.plan_item(stage, name, snapshot)?;
        kept.note_verdict(stage, &verdict, snapshot);
        verdict.is_output.then_some(verdict.item)
    }

    fn plan_item(&self, stage: &Stage, name: &str, snapshot: &mut Snapshot) -> Option<Verdict> {
        let mut basis = Basis::default();
        let path = RepoPath::new(stage.output(name)).ok()?;
        let current = self.tracked.get(&path).copied();
        let mut item = Item::new(&stage.name, name, path, current);
        let done = |item: Item, basis: Basis| {
            Some(Verdict {
                item,
                is_output: true,
                basis,
            })
        };
        if current.is_some_and(|current| current.in_conflict) {
            let reason = format!("{}: {}", item.path, in_conflict(item.path.as_str()));
            return done(item.broken(reason), basis);
        }
        let past = match current
            .and_then(|c| c.made_by)
            .map(|id| self.records.generation(&id))
        {
            Some(Err(reason)) => return done(item.broken(reason), basis),
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
            return match wrong(&item, snapshot) {
                Some(reason) => done(item.broken(reason), basis),
                None if stage.keep => done(item, basis),
                None => {
                    basis.is_loose = stage.runs_command();
                    let item = self.beside(stage, item, snapshot, &mut basis);
                    done(item, basis)
                }
            };
        }
        let Some(recipe) = self.recipes.get(stage.by.as_str()) else {
            let reason = format!("[stage.{}]: unknown generator {:?}", stage.name, stage.by);
            return done(item.broken(reason), basis);
        };
        if let (Some(past), Some(current)) = (&past, current) {
            item.edited = past.output(&item.path) != Some(current.id);
            if item.edited
                && let Some(reason) = wrong(&item, snapshot)
            {
                return done(item.broken(reason), basis);
            }
            match since(stage, past, snapshot) {
                Since::Same(reads) => {
                    basis.reads = reads;
                    let outdated = past.action.version != recipe.version();
                    if !(outdated && self.options.outdated) {
                        item.state = if outdated {
                            State::Outdated
                        } else {
                            State::Fresh
                        };
                        item.action = Some(past.action.clone()).into();
                        basis.is_of_past = true;
                        return done(item, basis);
                    }
                }
                Since::OtherStage => {}
                Since::Read(selector, digest) => basis.reads.push((selector, digest)),
                Since::Pending(path) => basis.pending.push(path),
                Since::Unreadable => basis.is_loose = true,
            }
        }
        // A command is given files by rules of its own, which leave no trace of what is not there.
        basis.is_loose |= stage.runs_command();
        let reader = Reader::new(snapshot, stage);
        let made = recipe.make(name, &reader);
        let record = reader.into_record();
        item.changes = changes(past.as_deref(), stage, recipe.version(), &record).into();
        item.record = record.into();
        let (item, is_output) = self.judge(
            stage,
            recipe.version(),
            item,
            past.as_deref(),
            made,
            snapshot,
            &mut basis,
        );
        Some(Verdict {
            item,
            is_output,
            basis,
        })
    }

    /// An output that people made themselves, with the action that would make a take beside it.
    fn beside(
        &self,
        stage: &Stage,
        mut item: Item,
        snapshot: &Snapshot,
        basis: &mut Basis,
    ) -> Item {
        let Some(recipe) = self.recipes.get(stage.by.as_str()) else {
            return item;
        };
        let reader = Reader::new(snapshot, stage);
        let made = recipe.make(&item.item, &reader);
        item.record = reader.into_record().into();
        // What could not be read left no trace.
        basis.is_loose |= made.is_err();
        if matches!(made, Ok(RecipeResult::External)) && item.record.pending.is_empty() {
            item.action = Some(action_of(stage, recipe.version(), &item)).into();
        }
        item
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
        Err(error) if error.is_of_file() => Some(error.to_string()),
        _ => None,
    }
}

/// What makes an item of what was read for it.
pub(super) fn action_of(stage: &Stage, version: &str, item: &Item) -> Action {
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

/// Lays what is known of the outcomes of a stage over the snapshot, all of which it was planned over.
pub(super) fn lay_stage<'i>(
    stage: &Stage,
    items: impl IntoIterator<Item = &'i Item>,
    snapshot: &mut Snapshot,
) {
    // Who reads a file with a slip in it is told of the slip.
    let is_slip = |item: &Item| stage.keep && item.state == State::Broken && item.current.is_some();
    for item in items {
        if !is_slip(item) {
            lay(item, snapshot);
        }
    }
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
