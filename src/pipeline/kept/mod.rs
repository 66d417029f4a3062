//! What an earlier plan found out, so that the next one goes over what changed alone.
//!
//! The verdict of an item follows from what stood at the paths that were looked at, from the digests
//! that were read, and from what was recorded of earlier runs. A [`Book`] has each verdict with
//! these. Where they are what they were, so is the verdict; all others are planned anew, each on the
//! snapshot that the items before it leave, so an edit stops where it changes nothing.

mod book;
mod bytes;
mod later;
mod view;
mod writer;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

pub use book::Book;
pub use later::Later;

use super::digest::Digest;
use super::item::{Item, Outcome, Records};
use super::plan::Planner;
use super::selector::Selector;
use super::snapshot::{NUMBERS, SCRIPT, Snapshot};
use super::stage::Stage;
use super::story::Story;
use crate::object::{ActionId, FileId};
use book::World;
use view::{ItemView, flag};
use writer::Writer;

/// An item as it was planned, with what that followed from beside what its generator read.
pub(super) struct Verdict {
    pub(super) item: Item,
    /// False of a shot without a line, which has no voice.
    pub(super) is_output: bool,
    pub(super) basis: Basis,
}

/// What the verdict of an item followed from beside what its generator read.
#[derive(Default)]
pub(super) struct Basis {
    /// What else was looked at, with what it gave: reads of the action that made the output.
    pub(super) reads: Vec<(String, Digest)>,
    /// Files that these would be in and that are still to be made.
    pub(super) pending: Vec<String>,
    /// The action of which it was asked what it made before.
    pub(super) asked: Option<ActionId>,
    /// Whether the item's action is the past one, whose reads are `reads`.
    pub(super) is_of_past: bool,
    /// Whether it followed from more than can be said here.
    pub(super) is_loose: bool,
}

/// What earlier plans left, and what this one leaves.
pub struct Kept {
    old: Option<Old>,
    notes: Option<Mutex<Notes>>,
    world: Mutex<Option<Arc<World>>>,
}

/// What is asked of a book.
struct Old {
    book: Arc<Book>,
    /// Whether the store has the same runs.
    same_store: bool,
    /// The item after the one that was found last: plans ask for items in the order in which they have them.
    next: AtomicUsize,
    /// The items, by a digest of stage and name, once one is asked for out of order.
    items: OnceLock<HashMap<u64, u32>>,
    /// Of each read that does not follow from a file, whether it gives what it gave.
    same: Mutex<Same>,
}

struct Same {
    story: Option<Arc<Story>>,
    reads: HashMap<u32, bool>,
}

/// A book in the making; none where something had no room in it.
type Notes = Option<Writer>;

impl Kept {
    /// What `old` has. With `notes` the plan that is made with it can be kept in its turn.
    #[must_use]
    pub fn new(old: Option<Arc<Book>>, notes: bool) -> Self {
        let writer = notes.then(|| Mutex::new(Some(Writer::new(old.as_ref()))));
        Self {
            old: old.map(Old::new),
            notes: writer,
            world: Mutex::new(None),
        }
    }

    /// The same, where the store has the runs that it had then.
    #[must_use]
    pub fn of_same_store(mut self, is_same: bool) -> Self {
        if let Some(old) = &mut self.old {
            old.same_store = is_same;
        }
        self
    }

    /// The plan that it goes on from.
    #[must_use]
    pub fn book(&self) -> Option<&Arc<Book>> {
        self.old.as_ref().map(|old| &old.book)
    }

    /// About how many items a plan has.
    pub(super) fn items(&self) -> usize {
        self.old.as_ref().map_or(0, |old| old.book.items())
    }

    /// The plan that was made with it, as bytes of a [`Book`]; none if it has no room in one.
    #[must_use]
    pub fn finish(self, plan: &[Item], snapshot: &Snapshot) -> Option<Vec<u8>> {
        let notes = self.notes?.into_inner();
        let writer = notes.unwrap_or_else(PoisonError::into_inner)?;
        Some(writer.finish(plan, snapshot))
    }

    /// Lets a snapshot find the bytes that the earlier plan would write.
    pub(super) fn lend(&self, snapshot: &mut Snapshot) {
        if let Some(old) = &self.old {
            snapshot.lean_on(Arc::clone(&old.book));
        }
    }

    /// The item as it was planned before, if it would be planned so again; of one that has no output,
    /// nothing.
    pub(super) fn recall(
        &self,
        planner: &Planner<'_>,
        stage: &Stage,
        name: &str,
        snapshot: &Snapshot,
    ) -> Option<Option<Item>> {
        let old = self.old.as_ref()?;
        let at = old.find(&stage.name, name)?;
        let view = old.book.view(at);
        if !old.holds(&view, planner, stage, snapshot) {
            return None;
        }
        let world = self.world(snapshot);
        let item = match view.has(flag::NOTHING) {
            true => None,
            false => Some(old.book.item_of(at, &view, &world)?),
        };
        self.note(|writer| writer.copy(&old.book, at, &view, &world));
        Some(item)
    }

    /// The shots of a list that was read before.
    pub(super) fn shots_of(&self, path: &str, id: &FileId) -> Option<Vec<String>> {
        let shots = self.old.as_ref()?.book.shots_of(path, id)?;
        self.note_list(path, *id, &shots);
        Some(shots)
    }

    pub(super) fn note_list(&self, path: &str, id: FileId, shots: &[String]) {
        self.note(|writer| {
            if !writer.knows_list(path, id) {
                writer.list(path, id, shots);
            }
            Some(())
        });
    }

    pub(super) fn note_verdict(&self, stage: &Stage, verdict: &Verdict, snapshot: &Snapshot) {
        if self.notes.is_some() {
            let world = self.world(snapshot);
            self.note(|writer| writer.put(stage, verdict, snapshot, &world));
        }
    }

    pub(super) fn note_orphan(&self, item: &Item, snapshot: &Snapshot) {
        if self.notes.is_some() {
            let world = self.world(snapshot);
            self.note(|writer| writer.put_orphan(item, &world));
        }
    }

    fn note(&self, put: impl FnOnce(&mut Writer) -> Option<()>) {
        let Some(notes) = &self.notes else { return };
        let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(writer) = notes.as_mut()
            && put(writer).is_none()
        {
            *notes = None;
        }
    }

    /// What the story is read from in this snapshot.
    fn world(&self, snapshot: &Snapshot) -> Arc<World> {
        let people = snapshot.people();
        let mut last = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        // A snapshot forgets its people whenever one of these files changes.
        if let Some(world) = &*last
            && Arc::ptr_eq(&world.people, &people)
        {
            return Arc::clone(world);
        }
        let file = |path| snapshot.file(path).ok().flatten();
        let (script, numbers) = (file(SCRIPT), file(NUMBERS));
        let world = Arc::new(World {
            script,
            numbers,
            people,
        });
        *last = Some(Arc::clone(&world));
        world
    }
}

impl Old {
    fn new(book: Arc<Book>) -> Self {
        Self {
            next: AtomicUsize::new(0),
            items: OnceLock::new(),
            book,
            same_store: false,
            same: Mutex::new(Same {
                story: None,
                reads: HashMap::new(),
            }),
        }
    }

    fn find(&self, stage: &str, name: &str) -> Option<usize> {
        let is_it = |at: usize| {
            let (of_stage, item) = self.book.names_of(at);
            self.book.text(of_stage) == stage && self.book.text(item) == name
        };
        let next = self.next.load(Ordering::Relaxed);
        let at = match next < self.book.items() && is_it(next) {
            true => next,
            false => {
                let items = self.items.get_or_init(|| by_name(&self.book));
                let at = *items.get(&key(stage, name))? as usize;
                is_it(at).then_some(at)?
            }
        };
        self.next.store(at + 1, Ordering::Relaxed);
        Some(at)
    }

    /// Whether planning the item would come to the same.
    fn holds(
        &self,
        view: &ItemView<'_>,
        planner: &Planner<'_>,
        stage: &Stage,
        snapshot: &Snapshot,
    ) -> bool {
        let path = self.book.text(view.path);
        let mut slots = view.slots.iter().map(|slot| self.book.slot_at(slot));
        !view.has(flag::LOOSE)
            && planner.tracked.get(path) == view.current.as_ref()
            && slots.all(|(path, slot)| snapshot.slot(path) == slot)
            && self.reads_are_same(view, snapshot)
            && self.store_says_the_same(view, planner, stage)
    }

    fn reads_are_same(&self, view: &ItemView<'_>, snapshot: &Snapshot) -> bool {
        let mut known = self.same.lock().unwrap_or_else(PoisonError::into_inner);
        let mut reads = view.reads.iter().chain(view.basis.iter());
        reads.all(|read| self.book.follows_from_slot(read) || known.is(read, &self.book, snapshot))
    }

    /// Whether what was made before of the same action is what it was then.
    fn store_says_the_same(
        &self,
        view: &ItemView<'_>,
        planner: &Planner<'_>,
        stage: &Stage,
    ) -> bool {
        let Some(action) = view.action_id.filter(|_| !self.same_store) else {
            return true;
        };
        if view.has(flag::EDITED) {
            return false;
        }
        let records: &dyn Records = planner.records;
        let now = match records.cached(&action) {
            Err(_) => return false,
            Ok(Some((generation, id))) => Outcome::Restore(generation, id),
            Ok(None) if planner.inert.contains_key(&stage.name) => Outcome::Refuse,
            Ok(None) => Outcome::Run,
        };
        now == view.outcome
    }
}

impl Same {
    /// Whether a read gives what it gave.
    fn is(&mut self, read: u32, book: &Book, snapshot: &Snapshot) -> bool {
        let story = snapshot.story().ok().flatten();
        let is_same = match (&story, &self.story) {
            (Some(now), Some(then)) => Arc::ptr_eq(now, then),
            (now, then) => now.is_none() && then.is_none(),
        };
        if !is_same {
            self.story = story;
            self.reads.clear();
        }
        *self.reads.entry(read).or_insert_with(|| {
            let (text, digest) = book.read_at(read);
            let selector = text.parse::<Selector>().ok();
            selector.is_some_and(|selector| snapshot.digest(&selector) == Ok(digest))
        })
    }
}

fn by_name(book: &Book) -> HashMap<u64, u32> {
    let key = |at| {
        let (stage, item) = book.names_of(at);
        key(book.text(stage), book.text(item))
    };
    let items = (0..book.items()).filter_map(|at| Some((key(at), u32::try_from(at).ok()?)));
    items.collect()
}

fn key(stage: &str, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (stage, name).hash(&mut hasher);
    hasher.finish()
}
