//! What the packs hold, by the packs alone: for whoever may not believe the index, or has to know
//! of every copy of every record.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::assemble::Records;
use super::error::{Result, StoreError, io_error};
use super::facts::Entry;
use super::layout::Layout;
use super::pack::{Pack, pack_path};
use super::read::not_found;
use super::record::{HEADER_BYTES, RecordId, RecordKind};
use super::reindex::pack_numbers;
use super::replaced::{Fate, PackName, Replaced};
use super::walk::{Walk, verify, walk};
use crate::object::{
    self, FileId, Kind, Object, ObjectId, Operation, OperationId, Reference, references_of,
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
    packs_folder: PathBuf,
    pub(super) packs: BTreeMap<u32, Surveyed>,
    places: HashMap<RecordId, Vec<Place>>,
    /// Operations that were made current, with their sequence numbers.
    pub(super) heads: Vec<(u64, OperationId)>,
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
    /// One record for a small file; layout, its parts and its chunks for a larger one.
    pub records: Vec<RecordId>,
    /// Those of them that are nowhere.
    pub missing: Vec<RecordId>,
}

/// Packs opened at one moment, to be read later: what others do to their names matters no more.
pub(super) struct Opened {
    packs_folder: PathBuf,
    packs: Vec<(u32, Pack, u64)>,
    leftovers: Vec<(u32, Fate, u64)>,
    stumps: Vec<(u32, u64)>,
    replaced: Replaced,
}

impl Opened {
    /// Opens every pack that counts.
    pub(super) fn all(packs_folder: &Path) -> Result<Self> {
        let numbers = pack_numbers(packs_folder)?;
        let replaced = Replaced::read(packs_folder, &numbers)?;
        let mut opened = Self {
            packs_folder: packs_folder.to_owned(),
            packs: Vec::new(),
            leftovers: Vec::new(),
            stumps: Vec::new(),
            replaced,
        };
        for number in numbers {
            let path = pack_path(packs_folder, number);
            let length = std::fs::metadata(&path)
                .map_err(io_error("examine", &path))?
                .len();
            if length < super::pack::PACK_HEADER_BYTES {
                opened.stumps.push((number, length));
                continue;
            }
            let (pack, _) = Pack::open_any(path)?;
            let uuid = pack.uuid;
            match opened.replaced.fate(&PackName { number, uuid }) {
                Some(fate) => opened.leftovers.push((number, fate, length)),
                None => opened.packs.push((number, pack, length)),
            }
        }
        Ok(opened)
    }

    /// Numbers, random numbers and lengths.
    pub(super) fn names(&self) -> impl Iterator<Item = (u32, [u8; 16], u64)> {
        let packs = self.packs.iter();
        packs.map(|(number, pack, length)| (*number, pack.uuid, *length))
    }

    /// Whether a pack counts, or did until one that counts took its place.
    pub(super) fn has_or_replaced(&self, number: u32, uuid: [u8; 16]) -> bool {
        let mut here = self.packs.iter();
        here.any(|(n, pack, _)| (*n, pack.uuid) == (number, uuid))
            || self.replaced.fate(&PackName { number, uuid }).is_some()
    }

    /// Walks them. `vouched` says how many bytes of a pack are known to have been acknowledged.
    pub(super) fn walk(self, vouched: &dyn Fn(u32) -> Option<u64>) -> Result<Catalogue> {
        let vouched: Vec<_> = self.packs.iter().map(|(n, ..)| vouched(*n)).collect();
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
            heads: Vec::new(),
            leftovers: self.leftovers,
            stumps: self.stumps,
        };
        catalogue.list()?;
        Ok(catalogue)
    }
}

impl Catalogue {
    /// Looks through the packs of the store in `folder`, header by header.
    ///
    /// # Errors
    /// An I/O error. Damage is none: what is damaged is not listed.
    pub fn read(folder: &Path) -> Result<Self> {
        Opened::all(&folder.join("packs"))?.walk(&|_| None)
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
        self.list()
    }

    /// Lists where everything is.
    fn list(&mut self) -> Result<()> {
        self.places.clear();
        self.heads.clear();
        for (number, found) in &self.packs {
            for (place, entry) in (0..).zip(&found.walk.entries) {
                let id = RecordId::new(entry.kind, entry.id);
                let pack = *number;
                let place = Place { pack, entry: place };
                self.places.entry(id).or_default().push(place);
                if entry.kind == RecordKind::Head
                    && let Ok(raw) = read(&found.pack, entry)
                    && let Ok(sequence) = raw.as_slice().try_into()
                {
                    let operation = OperationId::from_bytes(entry.id);
                    self.heads.push((u64::from_le_bytes(sequence), operation));
                }
            }
        }
        Ok(())
    }

    /// Every record but heads and lists of replaced packs, in no order.
    pub fn records(&self) -> impl Iterator<Item = RecordId> {
        let counts = |id: &RecordId| !matches!(id.kind, RecordKind::Head | RecordKind::Replaced);
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

    /// The copies of a record: number of the pack, and entry.
    pub(super) fn entries(&self, id: &RecordId) -> impl Iterator<Item = (u32, &Entry)> {
        let places = self.places.get(id).into_iter().flatten();
        places.map(|place| {
            let entries = &self.packs[&place.pack].walk.entries;
            (place.pack, &entries[place.entry as usize])
        })
    }

    /// The operation that is the current one by the packs: of the highest sequence number.
    #[must_use]
    pub fn head(&self) -> Option<OperationId> {
        // Of equal ones the first that was written, as in the index.
        let highest = self.heads.iter().map(|(sequence, _)| *sequence).max()?;
        let found = self.heads.iter().find(|(sequence, _)| *sequence == highest);
        found.map(|(_, operation)| *operation)
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
        object::decode(&bytes).map_err(|source| StoreError::Invalid {
            kind: T::KIND.name(),
            id: id.to_string(),
            source,
        })
    }

    /// What an object names.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn references(&self, kind: Kind, id: &[u8; 32]) -> Result<Vec<Reference>> {
        let record = RecordId::of_object(kind, *id);
        let bytes = self.load(record)?;
        references_of(kind, &bytes).map_err(|source| StoreError::Invalid {
            kind: kind.name(),
            id: record.hex(),
            source,
        })
    }

    /// What a file is put together from, unread but for its layout.
    ///
    /// # Errors
    /// `NotFound`; `Damaged` when the layout makes no sense.
    pub fn file(&self, id: FileId) -> Result<FileRecords> {
        let blob = RecordId::new(RecordKind::Blob, *id.as_bytes());
        if let Some((_, entry)) = self.entries(&blob).next() {
            return Ok(FileRecords {
                size: u64::from(entry.raw),
                records: vec![blob],
                missing: Vec::new(),
            });
        }
        let layout = self.layout(RecordKind::Layout, id.as_bytes())?;
        let mut file = FileRecords {
            size: layout.bytes(),
            records: vec![RecordId::new(RecordKind::Layout, *id.as_bytes())],
            missing: Vec::new(),
        };
        match layout {
            Layout::Slices { chunks, .. } => self.add_chunks(&mut file, &chunks),
            Layout::Parts(parts) => {
                for (part, bytes) in parts {
                    let record = RecordId::new(RecordKind::LayoutPart, part);
                    file.records.push(record);
                    if self.contains(&record) {
                        let (chunks, _) = self.part(&part, bytes)?;
                        self.add_chunks(&mut file, &chunks);
                    } else {
                        file.missing.push(record);
                    }
                }
            }
        }
        Ok(file)
    }

    fn add_chunks(&self, file: &mut FileRecords, chunks: &[(object::ChunkId, u32)]) {
        for (id, length) in chunks {
            let record = RecordId::new(RecordKind::Chunk, *id.as_bytes());
            file.records.push(record);
            let mut copies = self.entries(&record);
            if !copies.any(|(_, entry)| entry.raw == *length) {
                file.missing.push(record);
            }
        }
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

    /// Bytes of all files that have a layout.
    pub(super) fn laid_out_bytes(&self) -> u64 {
        let layouts = self
            .places
            .keys()
            .filter(|id| id.kind == RecordKind::Layout);
        let sizes = layouts.filter_map(|id| self.layout(id.kind, &id.id).ok());
        sizes.map(|layout| layout.bytes()).sum()
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
            path: at.map_or_else(|| self.packs_folder.clone(), |(number, _)| path(number)),
            offset: at.map_or(0, |(_, entry)| entry.offset),
            what: format!("{id}: {what}"),
        }
    }
}
