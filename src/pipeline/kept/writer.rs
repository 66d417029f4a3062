//! Writing a book while a plan is made.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher as _;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::book::{Book, MAGIC, SECTIONS, StageOf, WIDE, World, section};
use super::bytes::{put_number, put_numbers, put_run};
use super::view::{ItemView, NONE, STATES, action_kind, flag, put_current, put_outcome};
use super::{Basis, Verdict};
use crate::object::FileId;
use crate::pipeline::Digest;
use crate::pipeline::item::{Item, Outcome, State};
use crate::pipeline::selector::Selector;
use crate::pipeline::snapshot::{Slot, Snapshot};
use crate::pipeline::stage::Stage;

/// Tables that grew by one in so many of their bytes are written anew, without what nothing names any
/// more: that takes as long as a dozen edits.
const GROWTH: usize = 2;

/// A book that is being written.
pub(super) struct Writer {
    /// The book whose tables this one continues, if any.
    continued: Option<Arc<Book>>,
    base: usize,
    texts: Texts,
    reads: HashMap<(u32, Digest), u32>,
    read_run: Vec<u8>,
    slots: HashMap<(u32, Option<Slot>), u32>,
    slot_run: Vec<u8>,
    worlds: Vec<Arc<World>>,
    stages: Vec<StageOf>,
    lists: HashMap<(String, FileId), Vec<String>>,
    item_ends: Vec<u32>,
    item_run: Vec<u8>,
}

impl Writer {
    pub(super) fn new(old: Option<&Arc<Book>>) -> Self {
        let tables = [section::TEXTS, section::READS, section::SLOTS];
        let bytes = |book: &Book| tables.map(|table| book.section(table).len()).iter().sum();
        let is_lean = |book: &&Arc<Book>| {
            let bytes: usize = bytes(book);
            bytes <= book.base + book.base / GROWTH
        };
        let continued = old.filter(is_lean).cloned();
        let mut writer = Self {
            base: continued.as_ref().map_or(0, |book| book.base),
            texts: Texts::default(),
            reads: HashMap::new(),
            read_run: Vec::new(),
            slots: HashMap::new(),
            slot_run: Vec::new(),
            worlds: Vec::new(),
            stages: Vec::new(),
            lists: HashMap::new(),
            item_ends: Vec::new(),
            item_run: Vec::new(),
            continued: None,
        };
        if let Some(book) = continued {
            if let Some((ends, run)) = book.table(section::TEXTS) {
                let mut all = Vec::with_capacity(with_room(ends.len()));
                all.extend(ends.iter());
                writer.texts = Texts::of(all, copied(run));
            }
            writer.read_run = copied(book.section(section::READS));
            writer.slot_run = copied(book.section(section::SLOTS));
            let items = book.section(section::ITEMS).len();
            writer.item_run.reserve(with_room(items));
            writer.item_ends.reserve(with_room(book.items()));
            writer.continued = Some(book);
        }
        writer
    }

    fn text(&mut self, text: &str) -> u32 {
        self.texts.number(text)
    }

    fn read(&mut self, selector: &str, digest: Digest) -> u32 {
        let text = self.text(selector);
        let next = count(self.read_run.len() / WIDE);
        let number = *self.reads.entry((text, digest)).or_insert(next);
        if number == next {
            let by_slot = selector.parse::<Selector>().is_ok_and(|s| s.is_of_file());
            let (is_there, bytes) = match digest {
                Digest::Absent => (0, [0; 32]),
                Digest::Of(bytes) => (1, bytes),
            };
            self.read_run.extend(text.to_le_bytes());
            self.read_run.push(is_there + 2 * u8::from(by_slot));
            self.read_run.extend(bytes);
        }
        number
    }

    fn slot(&mut self, path: &str, slot: Option<Slot>) -> u32 {
        let text = self.text(path);
        let next = count(self.slot_run.len() / WIDE);
        let number = *self.slots.entry((text, slot)).or_insert(next);
        if number == next {
            let (tag, bytes) = match slot {
                None => (0, [0; 32]),
                Some(Slot::Unknown) => (1, [0; 32]),
                Some(Slot::InConflict) => (3, [0; 32]),
                Some(Slot::Known(id)) => (2, *id.as_bytes()),
            };
            self.slot_run.extend(text.to_le_bytes());
            self.slot_run.push(tag);
            self.slot_run.extend(bytes);
        }
        number
    }

    /// None where there are more worlds than an item can tell apart.
    fn world(&mut self, world: &Arc<World>) -> Option<u8> {
        let same = |known: &Arc<World>| Arc::ptr_eq(known, world) || known == world;
        let at = match self.worlds.iter().position(same) {
            Some(at) => at,
            None => {
                self.worlds.push(Arc::clone(world));
                self.worlds.len() - 1
            }
        };
        u8::try_from(at).ok()
    }

    pub(super) fn list(&mut self, path: &str, id: FileId, shots: &[String]) {
        let key = (path.to_owned(), id);
        self.lists.entry(key).or_insert_with(|| shots.to_vec());
    }

    pub(super) fn knows_list(&self, path: &str, id: FileId) -> bool {
        self.lists.contains_key(&(path.to_owned(), id))
    }

    /// An item that was planned. `snapshot` is what it was planned over. None where it has no room.
    pub(super) fn put(
        &mut self,
        stage: &Stage,
        verdict: &Verdict,
        snapshot: &Snapshot,
        world: &Arc<World>,
    ) -> Option<()> {
        let (item, basis) = (&verdict.item, &verdict.basis);
        if !self.stages.iter().any(|known| known.name == stage.name) {
            self.stages.push(StageOf {
                name: stage.name.clone(),
                by: stage.by.clone(),
                parameters: stage.parameters(),
            });
        }
        let mut reads = Vec::with_capacity(item.record.reads.len());
        let mut paths: BTreeSet<&str> = item.record.pending.iter().map(String::as_str).collect();
        paths.extend(basis.pending.iter().map(String::as_str));
        paths.insert(item.path.as_str());
        let mut is_loose = basis.is_loose || item.state == State::Broken;
        for (selector, digest) in &item.record.reads {
            reads.push(self.read(&selector.to_string(), *digest));
            is_loose |= matches!(selector, Selector::Names(_));
            paths.extend(selector.path().filter(|_| selector.is_of_file()));
        }
        let parsed = basis.reads.iter().map(|(text, digest)| {
            let selector = text.parse::<Selector>().ok();
            (text, selector, *digest)
        });
        let parsed: Vec<_> = parsed.collect();
        let mut looked = Vec::with_capacity(parsed.len());
        for (text, selector, digest) in &parsed {
            looked.push(self.read(text, *digest));
            is_loose |= matches!(selector, None | Some(Selector::Names(_)));
            let path = selector.as_ref().filter(|selector| selector.is_of_file());
            paths.extend(path.and_then(Selector::path));
        }
        let slots: Vec<u32> = paths
            .into_iter()
            .map(|path| self.slot(path, snapshot.slot(path)))
            .collect();
        self.item(
            item,
            basis,
            verdict.is_output,
            is_loose,
            [&reads, &looked, &slots],
            world,
        )
    }

    /// What goes with a plan and is no item of its own: an output whose scene or shot is gone.
    pub(super) fn put_orphan(&mut self, item: &Item, world: &Arc<World>) -> Option<()> {
        self.item(item, &Basis::default(), true, true, [&[], &[], &[]], world)
    }

    fn item(
        &mut self,
        item: &Item,
        basis: &Basis,
        is_output: bool,
        is_loose: bool,
        [reads, looked, slots]: [&[u32]; 3],
        world: &Arc<World>,
    ) -> Option<()> {
        let world = self.world(world)?;
        let texts = [&item.stage, &item.item].map(|text| self.text(text));
        let path = self.text(item.path.as_str());
        let problem = item.problem.as_ref().map(|problem| self.text(problem));
        let conflicts: Vec<u32> = item
            .conflicts
            .iter()
            .map(|field| self.text(field))
            .collect();
        let pending = item.record.pending.iter();
        let pending: Vec<u32> = pending.map(|path| self.text(path)).collect();
        let mut changes = Vec::new();
        for change in &*item.changes {
            let mut text = |text: &Option<String>| text.as_ref().map_or(NONE, |t| self.text(t));
            let (old, new) = (text(&change.old), text(&change.new));
            let selector = self.text(&change.selector);
            changes.extend([selector, u32::from(change.is_read), old, new]);
        }
        let kind = match (&*item.action, basis.is_of_past) {
            (None, _) => action_kind::NONE,
            (Some(_), false) => action_kind::OF_RECORD,
            (Some(_), true) => action_kind::OF_BASIS,
        };
        let action = item
            .action
            .as_ref()
            .map(|action| [&action.version, &action.item].map(|text| self.text(text)));
        let flags = [
            (!is_output, flag::NOTHING),
            (item.edited, flag::EDITED),
            (basis.asked.is_some(), flag::ASKED),
            (is_loose, flag::LOOSE),
            (item.made.is_some(), flag::MADE),
            (problem.is_some(), flag::PROBLEM),
        ];
        let flags = flags.iter().filter(|(is, _)| *is).map(|(_, bit)| bit).sum();
        let state = STATES.iter().position(|state| *state == item.state);
        let out = &mut self.item_run;
        out.extend([world, flags, u8::try_from(state?).ok()?, kind]);
        let numbers = texts.into_iter().chain([path]);
        out.extend(numbers.flat_map(u32::to_le_bytes));
        put_outcome(out, &item.outcome);
        put_current(out, item.current.as_ref());
        out.extend(item.made.iter().flat_map(|id| *id.as_bytes()));
        out.extend(problem.iter().flat_map(|text| text.to_le_bytes()));
        out.extend(action.iter().flatten().flat_map(|text| text.to_le_bytes()));
        out.extend(basis.asked.iter().flat_map(|id| *id.as_bytes()));
        for numbers in [&conflicts[..], reads, looked, slots, &pending, &changes] {
            put_numbers(out, numbers);
        }
        self.item_ends.push(count(self.item_run.len()));
        Some(())
    }

    /// An item of an earlier book that is still right, in this world.
    /// `view` is of it.
    pub(super) fn copy(
        &mut self,
        old: &Arc<Book>,
        at: usize,
        view: &ItemView<'_>,
        world: &Arc<World>,
    ) -> Option<()> {
        if self
            .continued
            .as_ref()
            .is_some_and(|book| Arc::ptr_eq(book, old))
        {
            let world = self.world(world)?;
            let from = self.item_run.len();
            self.item_run.extend(old.entry(section::ITEMS, at));
            self.item_run[from] = world;
            self.stage_of(old, view);
            self.item_ends.push(count(self.item_run.len()));
            return Some(());
        }
        self.stage_of(old, view);
        let mut reads = |numbers: super::bytes::Numbers<'_>| -> Vec<u32> {
            let entries = numbers.iter().map(|number| old.read_at(number));
            entries
                .map(|(text, digest)| self.read(text, digest))
                .collect()
        };
        let (reads, looked) = (reads(view.reads), reads(view.basis));
        let slots = view.slots.iter().map(|number| old.slot_at(number));
        let slots: Vec<u32> = slots.map(|(path, slot)| self.slot(path, slot)).collect();
        let basis = Basis {
            asked: view.action_id,
            is_of_past: view.kind == action_kind::OF_BASIS,
            ..Basis::default()
        };
        let (is_output, is_loose) = (!view.has(flag::NOTHING), view.has(flag::LOOSE));
        let item = old.item_of(at, view, world)?;
        self.item(
            &item,
            &basis,
            is_output,
            is_loose,
            [&reads, &looked, &slots],
            world,
        )
    }

    fn stage_of(&mut self, old: &Book, view: &ItemView<'_>) {
        let name = old.text(view.stage);
        if !self.stages.iter().any(|known| known.name == name) {
            self.stages.extend(old.stage(name).cloned());
        }
    }

    /// The book, with the bytes that the plan would write.
    pub(super) fn finish(mut self, plan: &[Item], snapshot: &Snapshot) -> Vec<u8> {
        let mut lists = Vec::new();
        put_number(&mut lists, self.lists.len());
        for ((path, id), shots) in std::mem::take(&mut self.lists) {
            let shots: Vec<u32> = shots.iter().map(|shot| self.text(shot)).collect();
            lists.extend(id.as_bytes());
            lists.extend(self.text(&path).to_le_bytes());
            put_numbers(&mut lists, &shots);
        }
        let (worlds, stages) = (worlds(&self.worlds), stages(&self.stages));
        let written = written(plan, snapshot);
        // Each after its ends, where it is a table with ends.
        let sections: [(&[u32], &[u8]); SECTIONS] = [
            (&self.texts.ends, &self.texts.run),
            (&[], &self.read_run),
            (&[], &self.slot_run),
            (&[], &worlds),
            (&[], &stages),
            (&[], &lists),
            (&[], &written),
            (&self.item_ends, &self.item_run),
        ];
        let has_ends = |at: usize| [section::TEXTS, section::ITEMS].contains(&at);
        let length = |at: usize| {
            let (ends, run) = sections[at];
            run.len() + if has_ends(at) { 4 + 4 * ends.len() } else { 0 }
        };
        let base = match &self.continued {
            Some(_) => self.base,
            None => (0..=section::SLOTS).map(length).sum(),
        };
        let head = 4 * (SECTIONS + 3);
        let mut out = Vec::with_capacity(head + (0..SECTIONS).map(length).sum::<usize>());
        put_number(&mut out, MAGIC as usize);
        put_number(&mut out, base);
        let mut at = head;
        for section in 0..SECTIONS {
            put_number(&mut out, at);
            at += length(section);
        }
        put_number(&mut out, at);
        for (at, (ends, run)) in sections.into_iter().enumerate() {
            if has_ends(at) {
                put_numbers(&mut out, ends);
            }
            out.extend_from_slice(run);
        }
        out
    }
}

/// Room for so much and for what an edit adds: a table that has to move is copied whole.
fn with_room(length: usize) -> usize {
    length + length / 16 + 64
}

fn copied(bytes: &[u8]) -> Vec<u8> {
    let mut copy = Vec::with_capacity(with_room(bytes.len()));
    copy.extend_from_slice(bytes);
    copy
}

/// Texts, each once.
#[derive(Default)]
struct Texts {
    ends: Vec<u32>,
    run: Vec<u8>,
    /// By a hash of each: of two with the same the later one, so that at worst a text is there twice.
    numbers: HashMap<u64, u32, FixedState>,
}

impl Texts {
    fn of(ends: Vec<u32>, run: Vec<u8>) -> Self {
        let mut texts = Self {
            numbers: HashMap::with_capacity_and_hasher(
                with_room(ends.len()),
                FixedState::default(),
            ),
            ends,
            run,
        };
        for number in 0..texts.ends.len() {
            let hash = hash(texts.bytes(number));
            texts.numbers.insert(hash, count(number));
        }
        texts
    }

    fn bytes(&self, number: usize) -> &[u8] {
        let from = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.run[from as usize..self.ends[number] as usize]
    }

    fn number(&mut self, text: &str) -> u32 {
        let hash = hash(text.as_bytes());
        if let Some(number) = self.numbers.get(&hash)
            && self.bytes(*number as usize) == text.as_bytes()
        {
            return *number;
        }
        let number = count(self.ends.len());
        self.run.extend(text.as_bytes());
        self.ends.push(count(self.run.len()));
        self.numbers.insert(hash, number);
        number
    }
}

fn hash(bytes: &[u8]) -> u64 {
    FixedState::default().hash_one(bytes)
}

/// More than fits makes a book that nobody can open, which costs time and nothing else.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn worlds(worlds: &[Arc<World>]) -> Vec<u8> {
    let mut out = Vec::new();
    put_number(&mut out, worlds.len());
    for world in worlds {
        for id in [world.script, world.numbers] {
            out.push(u8::from(id.is_some()));
            out.extend(id.map_or([0; 32], |id| *id.as_bytes()));
        }
        put_number(&mut out, world.people.len());
        for (path, id) in &*world.people {
            put_run(&mut out, path.as_bytes());
            out.extend(id.as_bytes());
        }
    }
    out
}

fn stages(stages: &[StageOf]) -> Vec<u8> {
    let mut out = Vec::new();
    put_number(&mut out, stages.len());
    for stage in stages {
        put_run(&mut out, stage.name.as_bytes());
        put_run(&mut out, stage.by.as_bytes());
        let parameters = serde_json::to_vec(&stage.parameters).unwrap_or_default();
        put_run(&mut out, &parameters);
    }
    out
}

fn written(plan: &[Item], snapshot: &Snapshot) -> Vec<u8> {
    let mut ids = HashSet::new();
    for item in plan {
        if let Outcome::Write(id) = item.outcome {
            ids.extend([id].into_iter().chain(item.made));
        }
        // What people edited is told beside what would be there without them.
        ids.extend(item.made.filter(|_| item.edited));
    }
    let written = ids.into_iter();
    let written: Vec<_> = written
        .filter_map(|id| Some((id, snapshot.written(&id)?)))
        .collect();
    let mut out = Vec::new();
    put_number(&mut out, written.len());
    for (id, bytes) in written {
        out.extend(id.as_bytes());
        put_run(&mut out, &bytes);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_also_where_a_book_is_continued() {
        let mut texts = Texts::default();
        let numbers = ["", "a", "é", "a", ""].map(|text| texts.number(text));
        assert_eq!(numbers, [0, 1, 2, 1, 0]);
        let mut texts = Texts::of(texts.ends, texts.run);
        let numbers = ["é", "b", "a", "", "b"].map(|text| texts.number(text));
        assert_eq!(numbers, [2, 3, 1, 0, 3]);
        assert_eq!(texts.bytes(3), b"b");
    }
}
