//! What the packs hold, by the packs alone: for whoever may not believe the index, or has to know
//! of every copy of every record.

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use rayon::prelude::*;

use super::assemble::Records;
use super::error::{Result, StoreError, io_error};
use super::facts::Entry;
use super::house::House;
use super::journal::{Found, Journal};
use super::layout::Layout;
use super::limits::MAX_REPEATED_BYTES;
use super::pack::{Pack, pack_name, pack_path};
use super::read::not_found;
use super::record::{HEADER_BYTES, RecordId, RecordKind};
use super::reindex::pack_numbers;
use super::replaced::{Fate, PackName, Replaced};
use super::walk::{Walk, verify, walk};
use crate::base::folder::Folder;
use crate::base::open_files::allow_open_files;
use crate::object::{
    self, FileId, InvalidObject, Kind, Object, ObjectId, Operation, OperationId, ProjectId,
};

/// A pack and what was found in it.
#[derive(Debug)]
pub(super) struct Surveyed {
    pub(super) pack: Pack,
    /// Bytes that were looked at.
    pub(super) length: u64,
    pub(super) walk: Walk,
}

/// Where a copy of a record is listed.
#[derive(Debug, Clone, Copy)]
struct Place {
    pack: u32,
    entry: u32,
}

/// Every sound record of the packs, wherever it lies.
#[derive(Debug)]
pub struct Catalogue {
    packs_folder: Folder,
    pub(super) packs: BTreeMap<u32, Surveyed>,
    places: HashMap<RecordId, Vec<Place>>,
    project: ProjectId,
    /// Where the project stands; none where the journal does not hold.
    journal: Option<Journal>,
    /// Packs that count no more and are still there, with their lengths.
    pub(super) leftovers: Vec<(u32, Fate, u64)>,
    /// Packs too short to be packs, with their lengths: their creation was interrupted.
    pub(super) stumps: Vec<(u32, u64)>,
}

/// A file and the records it is put together from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecords {
    /// Bytes of the file.
    pub size: u64,
    /// One record for a small file; layout, its parts and its chunks for a larger one: those that
    /// are there.
    pub records: Vec<RecordId>,
    /// How many of them are nowhere.
    pub missing: usize,
    /// The first of these.
    pub first_missing: Option<RecordId>,
}

/// Packs opened at one moment, to be read later: what others do to their names matters no more.
pub(super) struct Opened {
    packs_folder: Folder,
    packs: Vec<(u32, Pack, u64)>,
    leftovers: Vec<(u32, Fate, u64)>,
    stumps: Vec<(u32, u64)>,
    replaced: Replaced,
    project: ProjectId,
    /// As it was before the packs were looked at, so that what it stands on is in them.
    pub(super) journal: Found,
}

impl Opened {
    /// Opens every pack that counts.
    pub(super) fn all(house: &House) -> Result<Self> {
        let packs_folder = &house.packs;
        let journal = Journal::read(house)?;
        let numbers = pack_numbers(packs_folder)?;
        allow_open_files(numbers.len());
        let replaced = Replaced::read(packs_folder, &numbers)?;
        let mut opened = Self {
            packs_folder: packs_folder.clone(),
            packs: Vec::new(),
            leftovers: Vec::new(),
            stumps: Vec::new(),
            replaced,
            project: house.project,
            journal,
        };
        for number in numbers {
            let path = pack_path(packs_folder, number);
            let found = packs_folder.find_file(&pack_name(number));
            let found = found.map_err(io_error("examine", &path))?;
            let length = found.map_or(0, |found| found.bytes);
            if length < super::pack::PACK_HEADER_BYTES {
                opened.stumps.push((number, length));
                continue;
            }
            let pack = Pack::open(packs_folder, number)?;
            let uuid = pack.uuid;
            match opened.replaced.fate(&PackName { number, uuid }) {
                Some(fate) => opened.leftovers.push((number, fate, length)),
                None => opened.packs.push((number, pack, length)),
            }
        }
        Ok(opened)
    }

    /// Packs that were acknowledged up to here and are not here, or end before it, with the bytes that
    /// there are of them; none of those that others took the place of.
    pub(super) fn shortened(&self) -> Vec<(u32, Option<u64>, u64)> {
        let Found::Sound(journal) = &self.journal else {
            return Vec::new();
        };
        let mut short = Vec::new();
        for (number, known) in &journal.packs {
            let (number, uuid) = (*number, known.uuid);
            if self.replaced.fate(&PackName { number, uuid }).is_some() {
                continue;
            }
            let found = self.packs.iter().find(|(n, ..)| *n == number);
            let stump = self.stumps.iter().find(|(n, _)| *n == number);
            let length = match found {
                // It has another one's number.
                Some((_, pack, _)) if pack.sound && pack.uuid != uuid => continue,
                Some((_, _, length)) => Some(*length),
                None => stump.map(|(_, length)| *length),
            };
            if length.unwrap_or(0) < known.length {
                short.push((number, length, known.length));
            }
        }
        short
    }

    /// How many bytes of a pack are known to have been acknowledged; none where nobody knows.
    fn vouched(&self, number: u32, pack: &Pack) -> Option<u64> {
        let Found::Sound(journal) = &self.journal else {
            return None;
        };
        match journal.packs.get(&number) {
            Some(known) if known.uuid == pack.uuid || !pack.sound => Some(known.length),
            _ => None,
        }
    }

    /// Walks them.
    pub(super) fn walk(self) -> Result<Catalogue> {
        let packs = self.packs.iter();
        let vouched: Vec<_> = packs.map(|(n, pack, _)| self.vouched(*n, pack)).collect();
        let walked: Vec<Result<(u32, Surveyed)>> = self
            .packs
            .into_par_iter()
            .zip(vouched)
            .map(|((number, pack, length), vouched)| {
                let walk = walk(&pack, length, vouched)?;
                Ok((number, Surveyed { pack, length, walk }))
            })
            .collect();
        let mut catalogue = Catalogue {
            packs_folder: self.packs_folder,
            packs: walked.into_iter().collect::<Result<_>>()?,
            places: HashMap::new(),
            project: self.project,
            journal: self.journal.sound(),
            leftovers: self.leftovers,
            stumps: self.stumps,
        };
        catalogue.list();
        Ok(catalogue)
    }
}

impl Catalogue {
    /// Looks through the packs of the store in `folder`, header by header.
    ///
    /// # Errors
    /// An I/O error. Damage is none: what is damaged is not listed.
    pub fn read(folder: &Path) -> Result<Self> {
        Opened::all(&House::enter(folder)?)?.walk()
    }

    /// Packs that count.
    #[must_use]
    pub fn pack_count(&self) -> usize {
        self.packs.len()
    }

    /// Bytes of the packs that were looked at.
    pub(super) fn bytes(&self) -> u64 {
        self.packs.values().map(|found| found.length).sum()
    }

    /// Reads every payload too. What does not hold is no longer listed.
    pub(super) fn verify(&mut self, advance: &(dyn Fn(u64) + Sync)) -> Result<()> {
        for found in self.packs.values_mut() {
            verify(&found.pack, &mut found.walk, advance)?;
        }
        self.list();
        Ok(())
    }

    /// Adds what was written since: to packs behind their known ends, and in new ones. Under the
    /// store's lock, with nothing behind the ends that the index knows. Gives the pack and the place
    /// among its entries of each new record.
    ///
    /// # Errors
    /// `Busy` when what was looked at is not there any more, or cannot be followed.
    pub(super) fn extend(&mut self, house: &House) -> Result<Vec<(u32, usize)>> {
        self.journal = Journal::read(house)?.sound();
        let mut new = Vec::new();
        let numbers = pack_numbers(&self.packs_folder)?;
        if self
            .packs
            .keys()
            .any(|known| numbers.binary_search(known).is_err())
        {
            return Err(StoreError::Busy(self.packs_folder.path().to_owned()));
        }
        let replaced: HashSet<u32> = self.leftovers.iter().map(|(number, ..)| *number).collect();
        for number in numbers
            .into_iter()
            .filter(|number| !replaced.contains(number))
        {
            let found = match self.packs.entry(number) {
                Slot::Occupied(known) => known.into_mut(),
                Slot::Vacant(free) => {
                    let path = pack_path(&self.packs_folder, number);
                    let found = self.packs_folder.find_file(&pack_name(number));
                    let found = found.map_err(io_error("examine", &path))?;
                    if found.map_or(0, |found| found.bytes) < super::pack::PACK_HEADER_BYTES {
                        continue;
                    }
                    let pack = Pack::open(&self.packs_folder, number)?;
                    free.insert(Surveyed {
                        walk: Walk::of_nothing(),
                        length: super::pack::PACK_HEADER_BYTES,
                        pack,
                    })
                }
            };
            let before = found.walk.entries.len();
            let length = found.pack.length()?;
            if length == found.length {
                continue;
            }
            // Nothing is written behind a footer, and what was acknowledged is not cut off.
            let follows = !found.walk.sealed && length >= found.walk.end;
            if !follows || !found.walk.follow(&found.pack, length)? {
                return Err(StoreError::Busy(self.packs_folder.path().to_owned()));
            }
            found.length = length;
            new.extend((before..found.walk.entries.len()).map(|place| (number, place)));
        }
        self.list();
        Ok(new)
    }

    /// Lists where everything is.
    fn list(&mut self) {
        self.places.clear();
        for (number, found) in &self.packs {
            for (place, entry) in (0..).zip(&found.walk.entries) {
                let id = RecordId::new(entry.kind, entry.id);
                let pack = *number;
                let place = Place { pack, entry: place };
                self.places.entry(id).or_default().push(place);
            }
        }
    }

    /// Every record but lists of replaced packs and what a later aiut needs, in no order.
    pub fn records(&self) -> impl Iterator<Item = RecordId> {
        let counts = |id: &RecordId| {
            let RecordId { kind, .. } = id;
            !matches!(kind, RecordKind::Replaced | RecordKind::Later(_))
        };
        self.places.keys().copied().filter(counts)
    }

    /// Whether there is a sound copy.
    #[must_use]
    pub fn contains(&self, id: &RecordId) -> bool {
        self.places.contains_key(id)
    }

    /// Bytes that one copy of it takes in its pack.
    #[must_use]
    pub fn stored_bytes(&self, id: &RecordId) -> u64 {
        let entry = self.entries(id).next();
        entry.map_or(0, |(_, entry)| {
            HEADER_BYTES as u64 + u64::from(entry.stored)
        })
    }

    /// Which records of these packs lie in another one, too.
    pub(super) fn also_outside(&self, packs: &HashSet<u32>) -> HashSet<RecordId> {
        let is_chosen = |place: &Place| packs.contains(&place.pack);
        let on_both =
            |places: &[Place]| places.iter().any(is_chosen) && !places.iter().all(is_chosen);
        let both = self.places.iter().filter(|(_, places)| on_both(places));
        both.map(|(id, _)| *id).collect()
    }

    /// The copies of a record: number of the pack, and entry.
    pub(super) fn entries(&self, id: &RecordId) -> impl Iterator<Item = (u32, &Entry)> {
        let places = self.places.get(id).into_iter().flatten();
        places.map(|place| {
            let entries = &self.packs[&place.pack].walk.entries;
            (place.pack, &entries[place.entry as usize])
        })
    }

    /// The operation that is the current one by the journal, whether it is here or not; none where the
    /// journal does not hold.
    #[must_use]
    pub fn head(&self) -> Option<OperationId> {
        self.journal.as_ref().and_then(Journal::head)
    }

    /// The project.
    #[must_use]
    pub fn project(&self) -> ProjectId {
        self.project
    }

    /// Every stored object of a kind, sorted.
    #[must_use]
    pub fn ids<T: Object>(&self) -> Vec<T::Id> {
        let kind = RecordKind::Object(T::KIND);
        let mut ids: Vec<_> = self
            .places
            .keys()
            .filter(|id| id.kind == kind)
            .map(|id| T::Id::from_digest(id.id))
            .collect();
        ids.sort_unstable();
        ids
    }

    /// Every operation that is stored.
    #[must_use]
    pub fn operations(&self) -> Vec<OperationId> {
        self.ids::<Operation>()
    }

    /// The object with this id.
    ///
    /// # Errors
    /// `NotFound`, `Damaged`, `Invalid`.
    pub fn get<T: Object>(&self, id: T::Id) -> Result<T> {
        let bytes = self.load(RecordId::of_object(T::KIND, *id.digest()))?;
        object::decode(&bytes)
            .map_err(|source| self.invalid(RecordId::of_object(T::KIND, *id.digest()), source))
    }

    /// What is wrong with an object of it.
    #[must_use]
    pub fn invalid(&self, id: RecordId, source: InvalidObject) -> StoreError {
        match id.object_kind() {
            Some(kind) => StoreError::of_object(self.packs_folder.path(), kind, id.hex(), source),
            None => StoreError::Invalid {
                kind: id.kind(),
                id: id.hex(),
                source,
            },
        }
    }

    /// The encoding of an object.
    ///
    /// # Errors
    /// `NotFound`, `Damaged`.
    pub fn object_bytes(&self, kind: Kind, id: &[u8; 32]) -> Result<Vec<u8>> {
        self.load(RecordId::of_object(kind, *id))
    }

    /// Where a record lies: what was written later has a higher place.
    #[must_use]
    pub fn place(&self, id: &RecordId) -> Option<(u32, u64)> {
        let mut places = self.entries(id).map(|(pack, entry)| (pack, entry.offset));
        places.next()
    }

    /// What a file is put together from, unread but for its layout. What a layout names often is
    /// told once: it takes time with what there is and not with what it claims.
    ///
    /// # Errors
    /// `NotFound`; `Damaged` when the layout makes no sense.
    pub fn file(&self, id: FileId) -> Result<FileRecords> {
        let mut file = FileRecords {
            size: 0,
            records: Vec::new(),
            missing: 0,
            first_missing: None,
        };
        file.size = self.records_of(id, &mut |record, is_there| {
            if is_there {
                file.records.push(record);
            } else {
                file.missing += 1;
                file.first_missing = file.first_missing.or(Some(record));
            }
        })?;
        Ok(file)
    }

    /// Tells each record that a file is put together from, and whether it is there. Returns the
    /// file's size.
    ///
    /// # Errors
    /// As [`Self::file`].
    pub fn records_of(&self, id: FileId, tell: &mut dyn FnMut(RecordId, bool)) -> Result<u64> {
        let blob = RecordId::new(RecordKind::Blob, *id.as_bytes());
        if let Some((_, entry)) = self.entries(&blob).next() {
            tell(blob, true);
            return Ok(u64::from(entry.raw));
        }
        let layout = self.layout(RecordKind::Layout, id.as_bytes())?;
        let size = layout.bytes();
        tell(RecordId::new(RecordKind::Layout, *id.as_bytes()), true);
        let mut told = HashSet::new();
        let mut chunks = |chunks: &[(object::ChunkId, u32)], tell: &mut dyn FnMut(_, _)| {
            for (id, length) in chunks {
                let record = RecordId::new(RecordKind::Chunk, *id.as_bytes());
                let mut copies = self.entries(&record);
                let is_there = copies.any(|(_, entry)| entry.raw == *length);
                // Of what is nowhere, as much can be named as fits into the layouts.
                if !is_there || told.insert(*id) {
                    tell(record, is_there);
                }
            }
        };
        match layout {
            Layout::Slices { chunks: listed, .. } => chunks(&listed, tell),
            Layout::Parts(parts) => {
                let mut known: HashMap<[u8; 32], u64> = HashMap::new();
                let mut nowhere = HashSet::new();
                for (part, bytes) in parts {
                    let record = RecordId::new(RecordKind::LayoutPart, part);
                    if !self.contains(&record) {
                        nowhere.insert(record);
                        continue;
                    }
                    let before = known.insert(part, bytes);
                    if before == Some(bytes) {
                        continue;
                    }
                    let (listed, _) = self.part(&part, bytes)?;
                    tell(record, true);
                    chunks(&listed, tell);
                }
                nowhere.into_iter().for_each(|record| tell(record, false));
            }
        }
        Ok(size)
    }

    /// Every layout whose file is not that file, and the other layouts, each with its file's size.
    pub(super) fn check_layouts(
        &self,
        advance: &(dyn Fn(u64) + Sync),
    ) -> Vec<(RecordId, StoreError)> {
        let layouts: Vec<RecordId> = self
            .places
            .keys()
            .copied()
            .filter(|id| id.kind == RecordKind::Layout)
            .collect();
        let check = |record: &RecordId| -> Result<()> {
            let layout = self.layout(RecordKind::Layout, &record.id)?;
            if self.repeats(&layout) > MAX_REPEATED_BYTES {
                return Ok(());
            }
            let id = FileId::from_bytes(record.id);
            let bytes = self.copy_layout(id, layout, &mut std::io::sink())?;
            advance(bytes);
            Ok(())
        };
        let mut wrong: Vec<_> = layouts
            .into_par_iter()
            .filter_map(|record| Some((record, check(&record).err()?)))
            .collect();
        wrong.sort_by_key(|(record, _)| *record);
        wrong
    }

    /// Bytes of all files that [`Self::check_layouts`] puts together, and the others with theirs.
    pub(super) fn laid_out(&self) -> (u64, Vec<(RecordId, u64)>) {
        let layouts = self
            .places
            .keys()
            .filter(|id| id.kind == RecordKind::Layout);
        let (mut sum, mut spared) = (0_u64, Vec::new());
        for id in layouts {
            let Ok(layout) = self.layout(id.kind, &id.id) else {
                continue;
            };
            match self.repeats(&layout) > MAX_REPEATED_BYTES {
                true => spared.push((*id, layout.bytes())),
                false => sum = sum.saturating_add(layout.bytes()),
            }
        }
        spared.sort_unstable();
        (sum, spared)
    }

    /// Bytes of a file that come from chunks which came up before: what it claims beyond what there
    /// is. A small file is not asked.
    fn repeats(&self, layout: &Layout) -> u64 {
        if layout.bytes() <= MAX_REPEATED_BYTES {
            return 0;
        }
        let mut seen = HashSet::new();
        let mut held = 0_u64;
        let mut add = |chunks: &[(object::ChunkId, u32)]| {
            let new = chunks.iter().filter(|(id, _)| seen.insert(*id));
            held += new.map(|(_, length)| u64::from(*length)).sum::<u64>();
        };
        match layout {
            Layout::Slices { chunks, .. } => add(chunks),
            Layout::Parts(parts) => {
                let mut known = HashSet::new();
                for (part, bytes) in parts {
                    if known.insert(part)
                        && let Ok((chunks, _)) = self.part(part, *bytes)
                    {
                        add(&chunks);
                    }
                }
            }
        }
        layout.bytes().saturating_sub(held)
    }
}

/// The verified content of a record.
pub(super) fn read(pack: &Pack, entry: &Entry) -> Result<Vec<u8>> {
    pack.record(entry.offset, entry.stored, entry.kind, &entry.id)
}

impl Records for Catalogue {
    /// From whichever copy is sound.
    fn load(&self, id: RecordId) -> Result<Vec<u8>> {
        let mut error = not_found(id);
        for (number, entry) in self.entries(&id) {
            match read(&self.packs[&number].pack, entry) {
                Ok(raw) => return Ok(raw),
                Err(broken) => error = broken,
            }
        }
        Err(error)
    }

    fn senseless(&self, id: RecordId, what: &str) -> StoreError {
        let at = self.entries(&id).next();
        let path = |number| pack_path(&self.packs_folder, number);
        StoreError::Damaged {
            path: at.map_or_else(
                || self.packs_folder.path().to_owned(),
                |(number, _)| path(number),
            ),
            offset: at.map_or(0, |(_, entry)| entry.offset),
            what: format!("{id}: {what}"),
        }
    }
}
