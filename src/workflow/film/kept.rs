//! The last plans of a film, kept in the disposable index.
//!
//! A plan follows from the files of the work tree with their provenance, the settings, the stages,
//! what may run, and which runs the store has: all of it is in the plan's key, and the build is in that
//! of each memo. A plan of the same key is the plan. Of the last one of the same stages an edit leaves
//! most verdicts standing (`pipeline::Kept`). A few are kept, as people go back and forth.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::FilmError;
use super::parts::Parts;
use super::session::Session;
use super::shelf::{Digest, Shelf, Slot as Place};
use crate::history::Project;
use crate::object::Operation;
use crate::pipeline::{Book, Item, Kept, NUMBERS, Options, Slot, Snapshot, State};
use crate::store::Store;

/// The plans that are kept.
const PLANS: Shelf = Shelf {
    name: "aiut 2026 kept plans v2",
    places: 4,
    most: 64 << 20,
};

/// What a kept plan is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KeptPlan {
    /// Of all that the plan followed from; none where something was broken, which may be mended
    /// without a trace in the key.
    whole: Option<Digest>,
    /// Of the stages, of what may run, and of what counts as work.
    stages: Digest,
    /// Of which runs there were.
    runs: Digest,
    /// Microseconds that planning everything took.
    took: u64,
}

/// The plan that was last found or made by this process.
#[derive(Default)]
pub(super) struct LastPlan {
    last: Mutex<Option<(KeptPlan, Pages)>>,
    /// The newest kept plan, ready to be gone on from.
    ready: Mutex<Option<Ready>>,
}

/// A kept plan that was read and prepared before anybody knew whether it is the one to go on from.
struct Ready(KeptPlan, Kept);

/// A plan that is at hand.
enum Pages {
    Open(Arc<Book>),
    /// As it was written: most commands do not look into it again.
    Written(Vec<u8>),
}

impl LastPlan {
    /// Reads the newest kept plan: an edit is planned from it, which takes a core of its own while the script
    /// is looked at.
    pub(super) fn prepared(store: &Store) -> Self {
        let read = || {
            let slot = PLANS.slots::<KeptPlan>(store).into_iter().next()?;
            let book = Book::open(PLANS.bytes(store, &slot)?)?;
            Some(Ready(slot.label, Kept::new(Some(book), true)))
        };
        Self {
            last: Mutex::default(),
            ready: Mutex::new(read()),
        }
    }

    /// What was prepared, if this is so of it; it is given out once.
    fn take_ready(&self, wanted: impl Fn(&KeptPlan) -> bool) -> Option<Ready> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        ready.take_if(|Ready(entry, _)| wanted(entry))
    }

    /// The plan, if this is so of it.
    fn get(&self, wanted: impl Fn(&KeptPlan) -> bool) -> Option<(KeptPlan, Arc<Book>)> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (entry, pages) = last.as_mut().filter(|(entry, _)| wanted(entry))?;
        if let Pages::Written(bytes) = pages {
            *pages = Pages::Open(Book::open(std::mem::take(bytes))?);
        }
        match pages {
            Pages::Open(book) => Some((entry.clone(), Arc::clone(book))),
            Pages::Written(_) => None,
        }
    }

    fn set(&self, entry: KeptPlan, pages: Pages) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((entry, pages));
    }
}

impl Session<'_> {
    /// Plans the film over `snapshot`, going over what changed since a plan that is kept alone. With
    /// what planning everything takes.
    pub(super) fn plan_over(
        &self,
        options: Options,
        snapshot: &mut Snapshot,
    ) -> Result<(Vec<Item>, Duration), FilmError> {
        let stages = self.stages_digest(options);
        let runs = runs_digest(&self.project)?;
        let whole = self.whole_digest(&stages, &runs, snapshot);
        let store = self.project.store();
        let list = PLANS.slots(store);
        let is_whole = |entry: &KeptPlan| entry.whole == Some(whole);
        let ready = self.last_plan.take_ready(is_whole);
        let ready = ready.and_then(|Ready(entry, kept)| Some((entry, Arc::clone(kept.book()?))));
        let found = ready.or_else(|| self.find(&list, is_whole));
        if let Some((entry, book)) = found
            && let Some(items) = book.plan(&self.pipeline, snapshot)
        {
            let took = Duration::from_micros(entry.took);
            self.last_plan.set(entry, Pages::Open(book));
            return Ok((items, took));
        }
        let of_stages = |entry: &KeptPlan| entry.stages == stages;
        let (old, kept) = match self.last_plan.take_ready(of_stages) {
            Some(Ready(entry, kept)) => (Some(entry), kept),
            None => {
                let (old, book) = self.find(&list, of_stages).unzip();
                (old, Kept::new(book, true))
            }
        };
        let same_store = old.as_ref().is_some_and(|old| old.runs == runs);
        let kept = kept.of_same_store(same_store);
        let clock = self.world.caller.clock;
        let begun = clock.elapsed();
        let items = self.planner(options, Some(&kept)).plan(snapshot);
        let took = clock.elapsed().saturating_sub(begun);
        let took = old.map_or(took, |old| Duration::from_micros(old.took));
        // Of what could not be read nothing is known.
        if self.records.failed().is_none()
            && let Some(bytes) = kept.finish(&items, snapshot)
        {
            let is_broken = items.iter().any(|item| item.state == State::Broken);
            let entry = KeptPlan {
                whole: (!is_broken).then_some(whole),
                stages,
                runs,
                took: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            };
            PLANS.keep(store, entry.clone(), &bytes);
            self.last_plan.set(entry, Pages::Written(bytes));
        }
        Ok((items, took))
    }

    /// What this process knows of the plan, for planning each stage once more when its turn comes.
    ///
    /// # Errors
    /// What the store says.
    pub(super) fn kept(&self, options: Options) -> Result<Kept, FilmError> {
        let stages = self.stages_digest(options);
        let runs = runs_digest(&self.project)?;
        let last = self.last_plan.get(|entry| entry.stages == stages);
        let same_store = last.as_ref().is_some_and(|(entry, _)| entry.runs == runs);
        let kept = Kept::new(last.map(|(_, book)| book), false);
        Ok(kept.of_same_store(same_store))
    }

    /// The newest kept plan of which this is so.
    fn find(
        &self,
        list: &[Place<KeptPlan>],
        wanted: impl Fn(&KeptPlan) -> bool,
    ) -> Option<(KeptPlan, Arc<Book>)> {
        let mut kept = list.iter().filter(|kept| wanted(&kept.label));
        self.last_plan.get(&wanted).or_else(|| {
            kept.find_map(|kept| {
                let book = Book::open(PLANS.bytes(self.project.store(), kept)?)?;
                Some((kept.label.clone(), book))
            })
        })
    }

    pub(super) fn stages_digest(&self, options: Options) -> Digest {
        let Options { outdated } = options;
        let mut parts = Parts::new("aiut 2026 plan stages v1");
        parts.add(&[u8::from(outdated)]);
        for stage in self.pipeline.stages() {
            let text = serde_json::to_string(stage).expect("a stage is plain data");
            parts.add(text.as_bytes());
            for (name, value) in stage.parameters() {
                parts.add(name.as_bytes());
                parts.add(value.as_bytes());
            }
        }
        parts.add(b"");
        for (stage, reason) in &self.held {
            parts.add(stage.as_bytes());
            parts.add(reason.as_bytes());
        }
        parts.finish()
    }

    fn whole_digest(&self, stages: &Digest, runs: &Digest, snapshot: &Snapshot) -> Digest {
        let mut parts = Parts::new("aiut 2026 plan v1");
        parts.add(stages);
        parts.add(runs);
        parts.add(snapshot.config_text().as_bytes());
        // The numbers may be newer than their file.
        let numbers = snapshot.file(NUMBERS).ok().flatten();
        parts.add(numbers.as_ref().map_or(&[], |id| id.as_bytes()));
        for (path, file) in &self.tracked {
            parts.add(path.as_str().as_bytes());
            let in_conflict = snapshot.slot(path.as_str()) == Some(Slot::InConflict);
            parts.add(&[u8::from(in_conflict)]);
            parts.add(file.id.as_bytes());
            parts.add(file.made_by.as_ref().map_or(&[], |id| id.as_bytes()));
            parts.add(file.accepted.as_ref().map_or(&[], |id| id.as_bytes()));
        }
        parts.finish()
    }
}

/// Moves on when other runs may be found in the store, or be the ones to choose: by a run, by letting
/// go of one, and by another commit, whose own takes come first.
fn runs_digest(project: &Project) -> Result<Digest, FilmError> {
    let store = project.store();
    let (operation, view) = project.view()?;
    let expiry = match operation {
        Some(id) => store.get::<Operation>(id)?.expiry,
        None => None,
    };
    let mut parts = Parts::new("aiut 2026 plan runs v1");
    parts.add(&store.fingerprint()?);
    parts.add(expiry.as_ref().map_or(&[], |id| id.as_bytes()));
    let head = view.head_commit();
    parts.add(head.as_ref().map_or(&[], |id| id.as_bytes()));
    Ok(parts.finish())
}
