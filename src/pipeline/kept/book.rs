//! A plan as bytes.
//!
//! ```text
//! header   where each of these begins
//! texts    selectors, paths, names: a table of ends, then the texts
//! reads    a text and a digest: what a selector gave; fixed width
//! slots    a text and what stood at that path; fixed width
//! worlds   the script, its numbers and the bible's people: what most items read
//! stages   name, generator and parameters
//! lists    the shots of each shot list that was read
//! written  the bytes of what is made in memory and was not written yet
//! items    a table of ends, then each item: numbers of the tables above
//! ```
//!
//! Tables only grow while a book is continued, so an item that is still right is copied as it stands.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::bytes::{Cursor, Numbers};
use super::later::{Later, Place};
use super::view::{ItemView, NONE, action_kind, flag};
use crate::object::{Action, FileId, RepoPath};
use crate::pipeline::item::{Change, Item};
use crate::pipeline::plan::KEY_SCHEMA;
use crate::pipeline::reader::{Record, Seen};
use crate::pipeline::selector::Selector;
use crate::pipeline::snapshot::{Slot, Snapshot};
use crate::pipeline::{Digest, Pipeline};

/// Says that a book follows, in this layout.
pub(super) const MAGIC: u32 = 0x6169_7531;
/// Bytes of an entry of reads, and of slots: a text, a tag and 32 bytes.
pub(super) const WIDE: usize = 4 + 1 + 32;
/// Sections of a book.
pub(super) const SECTIONS: usize = 8;

/// The files that the story is read from, as they were when an item was planned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct World {
    pub(super) script: Option<FileId>,
    pub(super) numbers: Option<FileId>,
    pub(super) people: Arc<BTreeMap<String, FileId>>,
}

/// A stage as its items' actions name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StageOf {
    pub(super) name: String,
    pub(super) by: String,
    pub(super) parameters: BTreeMap<String, String>,
}

/// A plan as bytes, with where in them things are.
#[derive(Debug)]
pub struct Book {
    pub(super) bytes: Vec<u8>,
    /// Where the sections begin, and the end.
    pub(super) sections: [usize; SECTIONS + 1],
    /// Bytes of texts, reads and slots when the book was last written anew.
    pub(super) base: usize,
    pub(super) worlds: Vec<Arc<World>>,
    stages: Vec<StageOf>,
    lists: HashMap<FileId, usize>,
    written: OnceLock<HashMap<FileId, std::ops::Range<usize>>>,
}

pub(super) mod section {
    pub(in super::super) const TEXTS: usize = 0;
    pub(in super::super) const READS: usize = 1;
    pub(in super::super) const SLOTS: usize = 2;
    pub(in super::super) const WORLDS: usize = 3;
    pub(in super::super) const STAGES: usize = 4;
    pub(in super::super) const LISTS: usize = 5;
    pub(in super::super) const WRITTEN: usize = 6;
    pub(in super::super) const ITEMS: usize = 7;
}

impl Book {
    /// A plan of these bytes; none if they are no book, or one that says what it does not hold.
    #[must_use]
    pub fn open(bytes: impl Into<Vec<u8>>) -> Option<Arc<Self>> {
        let bytes = bytes.into();
        let mut head = Cursor(&bytes);
        if head.number()? != MAGIC {
            return None;
        }
        let base = head.number()? as usize;
        let mut sections = [0; SECTIONS + 1];
        let mut last = 4 * (SECTIONS + 3);
        for section in &mut sections {
            *section = head.number()? as usize;
            if *section < last || *section > bytes.len() {
                return None;
            }
            last = *section;
        }
        let mut book = Self {
            bytes,
            sections,
            base,
            worlds: Vec::new(),
            stages: Vec::new(),
            lists: HashMap::new(),
            written: OnceLock::new(),
        };
        book.check_tables()?;
        book.worlds = book.read_worlds()?;
        book.stages = book.read_stages()?;
        book.lists = book.read_lists()?;
        let written = book.read_written()?;
        let _ = book.written.set(written);
        for item in 0..book.items() {
            book.check(&book.view_of(item)?)?;
        }
        Some(Arc::new(book))
    }

    pub(super) fn section(&self, section: usize) -> &[u8] {
        &self.bytes[self.sections[section]..self.sections[section + 1]]
    }

    /// The count of a table with ends, its ends and what they are ends of.
    pub(super) fn table(&self, section: usize) -> Option<(Numbers<'_>, &[u8])> {
        let mut cursor = Cursor(self.section(section));
        let ends = cursor.numbers()?;
        Some((ends, cursor.0))
    }

    fn check_tables(&self) -> Option<()> {
        for table in [section::TEXTS, section::ITEMS] {
            let (ends, run) = self.table(table)?;
            let mut last = 0;
            for end in ends.iter() {
                if (end as usize) < last || end as usize > run.len() {
                    return None;
                }
                if table == section::TEXTS {
                    std::str::from_utf8(&run[last..end as usize]).ok()?;
                }
                last = end as usize;
            }
        }
        let wide = |table: usize| self.section(table).len().is_multiple_of(WIDE);
        (wide(section::READS) && wide(section::SLOTS)).then_some(())?;
        for table in [section::READS, section::SLOTS] {
            for entry in self.section(table).chunks_exact(WIDE) {
                self.is_text(Cursor(entry).number()?)?;
            }
        }
        Some(())
    }

    fn is_text(&self, number: u32) -> Option<()> {
        ((number as usize) < self.texts()).then_some(())
    }

    /// Whether an item names only what the tables have.
    fn check(&self, view: &ItemView<'_>) -> Option<()> {
        let named = [view.stage, view.item, view.path].into_iter();
        let named = named.chain(view.problem).chain(view.conflicts.iter());
        let made = [view.version, view.action_item].into_iter();
        let made = made.filter(|_| view.kind != action_kind::NONE);
        for text in named.chain(view.pending.iter()).chain(made) {
            self.is_text(text)?;
        }
        for change in view.changes() {
            self.is_text(change.selector)?;
            for text in [change.old, change.new] {
                if text != NONE {
                    self.is_text(text)?;
                }
            }
        }
        let (reads, slots) = (self.wide(section::READS), self.wide(section::SLOTS));
        let within = |numbers: Numbers<'_>, count| numbers.iter().all(|at| (at as usize) < count);
        let is_right = within(view.reads, reads)
            && within(view.basis, reads)
            && within(view.slots, slots)
            && (view.world as usize) < self.worlds.len();
        is_right.then_some(())
    }

    fn texts(&self) -> usize {
        self.table(section::TEXTS).map_or(0, |(ends, _)| ends.len())
    }

    fn wide(&self, table: usize) -> usize {
        self.section(table).len() / WIDE
    }

    /// How many items it has, those too that have no output.
    pub(super) fn items(&self) -> usize {
        self.table(section::ITEMS).map_or(0, |(ends, _)| ends.len())
    }

    pub(super) fn text(&self, number: u32) -> &str {
        let bytes = self.entry(section::TEXTS, number as usize);
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// An entry of a table with ends.
    pub(super) fn entry(&self, section: usize, at: usize) -> &[u8] {
        let start = self.sections[section];
        let number = |at: usize| {
            let bytes = self.bytes.get(start + 4 * at..start + 4 * at + 4);
            let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(0, u32::from_le_bytes) as usize
        };
        let count = number(0);
        let run = start + 4 + 4 * count;
        let from = if at == 0 { 0 } else { number(at) };
        self.bytes
            .get(run + from..run + number(at + 1))
            .unwrap_or_default()
    }

    /// A text with what belongs to it: a tag, and 32 bytes.
    fn wide_entry(&self, section: usize, number: u32) -> (u32, u8, [u8; 32]) {
        let at = self.sections[section] + WIDE * number as usize;
        let mut cursor = Cursor(&self.bytes[at..at + WIDE]);
        let entry = || Some((cursor.number()?, cursor.byte()?, cursor.digest()?));
        let mut entry = entry;
        entry().expect("an entry has this width")
    }

    /// A selector with what it gave.
    pub(super) fn read_at(&self, number: u32) -> (&str, Digest) {
        let (text, tag, bytes) = self.wide_entry(section::READS, number);
        let digest = match tag & 1 {
            0 => Digest::Absent,
            _ => Digest::Of(bytes),
        };
        (self.text(text), digest)
    }

    /// Whether what a selector gave follows from what stands at a path, and so from a slot.
    pub(super) fn follows_from_slot(&self, number: u32) -> bool {
        self.wide_entry(section::READS, number).1 & 2 != 0
    }

    /// A path with what stood there.
    pub(super) fn slot_at(&self, number: u32) -> (&str, Option<Slot>) {
        let (text, tag, bytes) = self.wide_entry(section::SLOTS, number);
        let slot = match tag {
            0 => None,
            1 => Some(Slot::Unknown),
            3 => Some(Slot::InConflict),
            _ => Some(Slot::Known(FileId::from_bytes(bytes))),
        };
        (self.text(text), slot)
    }

    pub(super) fn view_of(&self, item: usize) -> Option<ItemView<'_>> {
        ItemView::read(self.entry(section::ITEMS, item))
    }

    /// What `open` has seen to be readable.
    pub(super) fn view(&self, item: usize) -> ItemView<'_> {
        self.view_of(item)
            .expect("all items were read when the book was opened")
    }

    fn read_worlds(&self) -> Option<Vec<Arc<World>>> {
        let mut cursor = Cursor(self.section(section::WORLDS));
        let count = cursor.number()?;
        let mut worlds = Vec::new();
        for _ in 0..count {
            let mut id = || -> Option<Option<FileId>> {
                let is_there = cursor.byte()? != 0;
                let bytes = cursor.digest()?;
                Some(is_there.then(|| FileId::from_bytes(bytes)))
            };
            let (script, numbers) = (id()?, id()?);
            let mut people = BTreeMap::new();
            for _ in 0..cursor.number()? {
                let path = std::str::from_utf8(cursor.run()?).ok()?;
                people.insert(path.to_owned(), FileId::from_bytes(cursor.digest()?));
            }
            worlds.push(Arc::new(World {
                script,
                numbers,
                people: Arc::new(people),
            }));
        }
        Some(worlds)
    }

    fn read_stages(&self) -> Option<Vec<StageOf>> {
        let mut cursor = Cursor(self.section(section::STAGES));
        let count = cursor.number()?;
        let mut text = || Some(std::str::from_utf8(cursor.run()?).ok()?.to_owned());
        let mut stages = Vec::new();
        for _ in 0..count {
            let (name, by) = (text()?, text()?);
            let parameters = serde_json::from_str(&text()?).ok()?;
            stages.push(StageOf {
                name,
                by,
                parameters,
            });
        }
        Some(stages)
    }

    pub(super) fn stage(&self, name: &str) -> Option<&StageOf> {
        self.stages.iter().find(|stage| stage.name == name)
    }

    /// Where each shot list stands.
    fn read_lists(&self) -> Option<HashMap<FileId, usize>> {
        let mut cursor = Cursor(self.section(section::LISTS));
        let count = cursor.number()?;
        let mut lists = HashMap::new();
        for _ in 0..count {
            let at = self.sections[section::LISTS + 1] - cursor.0.len();
            let id = FileId::from_bytes(cursor.digest()?);
            self.is_text(cursor.number()?)?;
            for shot in cursor.numbers()?.iter() {
                self.is_text(shot)?;
            }
            lists.insert(id, at);
        }
        Some(lists)
    }

    /// The ids of the shots of the list that stands at a path, if that list was read.
    pub(super) fn shots_of(&self, path: &str, id: &FileId) -> Option<Vec<String>> {
        let at = *self.lists.get(id)?;
        let mut cursor = Cursor(&self.bytes[at..]);
        cursor.digest()?;
        if self.text(cursor.number()?) != path {
            return None;
        }
        let shots = cursor.numbers()?;
        Some(
            shots
                .iter()
                .map(|shot| self.text(shot).to_owned())
                .collect(),
        )
    }

    fn read_written(&self) -> Option<HashMap<FileId, std::ops::Range<usize>>> {
        let mut cursor = Cursor(self.section(section::WRITTEN));
        let count = cursor.number()?;
        let end = self.sections[section::WRITTEN + 1];
        let mut written = HashMap::new();
        for _ in 0..count {
            let id = FileId::from_bytes(cursor.digest()?);
            let length = cursor.run()?.len();
            let ends = end - cursor.0.len();
            written.insert(id, ends - length..ends);
        }
        Some(written)
    }

    /// The bytes that the plan would write with this id, if it would.
    pub(in crate::pipeline) fn written(&self, id: &FileId) -> Option<Arc<[u8]>> {
        let range = self.written.get()?.get(id)?.clone();
        let bytes = &self.bytes[range];
        // The folder of a project may come from anywhere.
        (FileId::of(bytes) == *id).then(|| bytes.into())
    }

    /// The item as planned, in this world; `view` is of it.
    pub(super) fn item_of(
        self: &Arc<Self>,
        at: usize,
        view: &ItemView<'_>,
        world: &Arc<World>,
    ) -> Option<Item> {
        let place = Place {
            book: Arc::clone(self),
            item: at,
            world: Arc::clone(world),
        };
        let text = |number: u32| self.text(number).to_owned();
        Some(Item {
            stage: text(view.stage),
            item: text(view.item),
            path: RepoPath::new(self.text(view.path)).ok()?,
            state: view.state,
            edited: view.has(flag::EDITED),
            current: view.current,
            outcome: view.outcome,
            action: Later::at(place.clone()),
            made: view.made,
            record: Later::at(place.clone()),
            changes: Later::at(place),
            problem: view.problem.map(text),
            conflicts: view.conflicts.iter().map(text).collect(),
        })
    }

    /// The whole plan, as long as nothing changed that it was made from; afterwards `snapshot`
    /// holds what is known of the result. None where an item cannot be read.
    #[must_use]
    pub fn plan(
        self: &Arc<Self>,
        pipeline: &Pipeline,
        snapshot: &mut Snapshot,
    ) -> Option<Vec<Item>> {
        let mut plan = Vec::with_capacity(self.items());
        for at in 0..self.items() {
            let view = self.view(at);
            if !view.has(flag::NOTHING) {
                plan.push(self.item_of(at, &view, &self.worlds[view.world as usize])?);
            }
        }
        snapshot.lean_on(Arc::clone(self));
        // A plan has the stages one after the other.
        for items in plan.chunk_by(|one: &Item, next| one.stage == next.stage) {
            if let Some(stage) = pipeline.stage(&items[0].stage) {
                crate::pipeline::plan::lay_stage(stage, items, snapshot);
            }
        }
        Some(plan)
    }

    pub(super) fn record(&self, item: usize, world: &World) -> Record {
        let view = self.view(item);
        let slots: HashMap<&str, Option<Slot>> =
            view.slots.iter().map(|slot| self.slot_at(slot)).collect();
        let seen = WorldThen { slots, world };
        let mut record = Record::default();
        for read in view.reads.iter() {
            let (selector, digest) = self.read_at(read);
            if let Ok(selector) = selector.parse::<Selector>() {
                record.note(selector, digest, &seen);
            }
        }
        let pending = view.pending.iter().map(|path| self.text(path).to_owned());
        record.pending.extend(pending);
        record
    }

    pub(super) fn action(&self, item: usize) -> Option<Action> {
        let view = self.view(item);
        let stage = self.text(view.stage);
        let of = self.stage(stage)?;
        let reads = match view.kind {
            action_kind::NONE => return None,
            action_kind::OF_RECORD => view.reads,
            _ => view.basis,
        };
        let reads = reads.iter().map(|read| {
            let (selector, digest) = self.read_at(read);
            (selector.to_owned(), digest.to_text())
        });
        Some(Action {
            schema: KEY_SCHEMA,
            stage: stage.to_owned(),
            item: self.text(view.action_item).to_owned(),
            generator: of.by.clone(),
            version: self.text(view.version).to_owned(),
            parameters: of.parameters.clone(),
            reads: reads.collect(),
        })
    }

    pub(super) fn changes(&self, item: usize) -> Vec<Change> {
        let text = |number: u32| (number != NONE).then(|| self.text(number).to_owned());
        let changes = self.view(item);
        let changes = changes.changes().map(|change| Change {
            selector: self.text(change.selector).to_owned(),
            is_read: change.is_read,
            old: text(change.old),
            new: text(change.new),
        });
        changes.collect()
    }
}

/// What a reader saw of the files when the item was planned.
struct WorldThen<'a> {
    slots: HashMap<&'a str, Option<Slot>>,
    world: &'a World,
}

impl Seen for WorldThen<'_> {
    fn known(&self, path: &str) -> Option<FileId> {
        match self.slots.get(path) {
            Some(Some(Slot::Known(id))) => Some(*id),
            _ => None,
        }
    }

    fn script(&self) -> [Option<FileId>; 2] {
        [self.world.script, self.world.numbers]
    }

    fn people(&self) -> Arc<BTreeMap<String, FileId>> {
        Arc::clone(&self.world.people)
    }
}
