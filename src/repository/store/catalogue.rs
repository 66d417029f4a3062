//! What the packs hold, by the packs alone: for whoever may not believe the index, or has to know
//! of every copy of every record.

mod files;
mod opened;

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use super::assemble::Records;
use super::error::{Result, StoreError, io_error};
use super::facts::RecordEntry;
use super::house::House;
use super::journal::Journal;
use super::pack::{Pack, pack_name, pack_path};
use super::promised::Promised;
use super::read::not_found;
use super::record::{HEADER_BYTES, RecordId, RecordKind};
use super::reindex::pack_numbers;
use super::replaced::Fate;
use super::walk::{Walk, verify};
use crate::base::folder::Folder;
use crate::object::{
    self, InvalidObject, Object, ObjectId, ObjectKind, Operation, OperationId, ProjectId,
};
pub use files::FileRecords;
pub(super) use opened::Opened;

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
    /// What need not be here.
    pub promised: Promised,
    /// Why it is not known what need not be here.
    pub(super) promised_harm: Option<String>,
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
        self.promised = Promised::read(&house.own)?;
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
    pub(super) fn entries(&self, id: &RecordId) -> impl Iterator<Item = (u32, &RecordEntry)> {
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
    pub fn object_bytes(&self, kind: ObjectKind, id: &[u8; 32]) -> Result<Vec<u8>> {
        self.load(RecordId::of_object(kind, *id))
    }

    /// Where a record lies: what was written later has a higher place.
    #[must_use]
    pub fn place(&self, id: &RecordId) -> Option<(u32, u64)> {
        let mut places = self.entries(id).map(|(pack, entry)| (pack, entry.offset));
        places.next()
    }
}

/// The verified content of a record.
pub(super) fn read(pack: &Pack, entry: &RecordEntry) -> Result<Vec<u8>> {
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
