//! What is to be stored together: collected here, visible by its commit.

use std::collections::HashSet;
use std::fs::TryLockError;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Store;
use super::error::{Result, StoreError, io_error};
use super::facts::{Fact, RecordEntry};
use super::house::House;
use super::index::Index;
use super::pack::{
    Appender, PACK_HEADER_BYTES, batch_end, batch_hasher, footer, new_uuid, pack_header, pack_name,
};
use super::promised::Promised;
use super::record::{Record, RecordId, RecordKind};
use crate::base::atomic;
use crate::base::folder::Folder;
use crate::base::positioned::begin_writing_out;
use crate::object::{
    self, FileId, InvalidObject, Object, ObjectId, Operation, OperationId, Reference,
};

/// A batch up to this size is appended to the open pack; a larger one streams into its own.
const MAX_SHARED_BYTES: usize = 8 << 20;
/// What of a larger one is written at a time: little enough to be still in the processor's caches.
const WRITE_BYTES: usize = 2 << 20;
/// A pack of a large batch ends about here, and the next one begins.
const MAX_PACK_BYTES: u64 = 1 << 30;
/// Or here, so that its footer stays small.
const MAX_PACK_RECORDS: usize = 1_000_000;

/// A file that was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// BLAKE3 of its bytes.
    pub id: FileId,
    /// Bytes.
    pub size: u64,
}

/// Files, objects and at most one operation that become visible together.
///
/// Adding needs no lock and may be done from several threads; [`Batch::commit`] is the one durable
/// step, with the same few fsyncs for one file and for a thousand. Dropped before, it leaves
/// nothing.
#[derive(Debug)]
#[must_use = "nothing is stored before it is committed"]
pub struct Batch<'s> {
    pub(super) store: &'s Store,
    pub(super) pending: Mutex<Pending>,
}

/// What a batch holds so far.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// What it holds already, by kind and id.
    known: HashSet<(RecordKind, [u8; 32])>,
    pub(super) segment: Segment,
    /// What it leaves to what is stored: it must still be there when this is committed.
    pub(super) relied: HashSet<(RecordKind, [u8; 32])>,
    /// Packs that are full.
    pub(super) full: Vec<Full>,
    pub(super) publication: Option<Publication>,
}

/// The operation to make current, and what must be current before.
#[derive(Debug)]
pub(super) struct Publication {
    pub(super) expected: Option<OperationId>,
    pub(super) operation: OperationId,
    /// What it follows.
    pub(super) parents: Vec<OperationId>,
}

/// Records of one pack.
#[derive(Debug)]
pub(super) struct Segment {
    /// Not yet written.
    pub(super) buffer: Vec<u8>,
    /// With offsets from the first record on.
    pub(super) entries: Vec<RecordEntry>,
    /// Of the headers.
    hasher: blake3::Hasher,
    /// Bytes of all records.
    length: u64,
    /// Where they go if they are many.
    pub(super) own: Option<Incoming>,
}

impl Default for Segment {
    fn default() -> Self {
        let (buffer, entries) = (Vec::new(), Vec::new());
        Self {
            buffer,
            entries,
            hasher: batch_hasher(),
            length: 0,
            own: None,
        }
    }
}

impl Segment {
    pub(super) fn push(&mut self, record: &Record, fact: Option<Fact>) {
        self.entries
            .push(RecordEntry::new(&record.header, self.length, fact));
        self.hasher.update(&record.header.to_bytes());
        record.append_to(&mut self.buffer);
        self.length += record.header.total();
    }

    /// Adds the mark that all of it is there. Returns its id.
    pub(super) fn end(&mut self) -> [u8; 32] {
        let records = u32::try_from(self.entries.len()).expect("a pack's records are limited");
        let end = batch_end(&self.hasher, self.length, records);
        end.append_to(&mut self.buffer);
        self.length += end.header.total();
        end.header.id
    }

    /// The entries, with offsets in a pack where the first record lies at `start`.
    pub(super) fn entries_from(&mut self, start: u64) -> Vec<RecordEntry> {
        let mut entries = std::mem::take(&mut self.entries);
        entries.iter_mut().for_each(|entry| entry.offset += start);
        entries
    }

    /// Hands what is buffered to the pack of its own once it is much.
    pub(super) fn flush_if_large(&mut self, house: &House) -> Result<()> {
        let most = if self.own.is_some() {
            WRITE_BYTES
        } else {
            MAX_SHARED_BYTES
        };
        if self.buffer.len() >= most {
            self.flush(house)?;
        }
        Ok(())
    }

    /// Whether the next record belongs into another pack.
    pub(super) fn is_full(&self) -> bool {
        self.length >= MAX_PACK_BYTES || self.entries.len() >= MAX_PACK_RECORDS
    }

    /// Hands what is buffered to the pack of its own, which lies in `incoming/`.
    pub(super) fn flush(&mut self, house: &House) -> Result<()> {
        let own = match &mut self.own {
            Some(own) => own,
            slot => slot.insert(Incoming::create(house)?),
        };
        let start = own.appender.length;
        own.appender.append(&self.buffer)?;
        begin_writing_out(&own.appender.file, start, self.buffer.len() as u64);
        self.buffer.clear();
        Ok(())
    }

    /// Ends and seals the pack of its own, and syncs it.
    pub(super) fn seal(mut self, house: &House) -> Result<Full> {
        let tail = self.end();
        self.flush(house)?;
        let mut entries = self.entries_from(PACK_HEADER_BYTES);
        let mut incoming = self.own.take().expect("flushing made it");
        let end = incoming.appender.length;
        incoming.appender.append(&footer(&mut entries, end))?;
        incoming.appender.sync()?;
        Ok(Full {
            incoming,
            entries,
            tail,
        })
    }
}

/// A sealed pack that is not published yet.
#[derive(Debug)]
pub(super) struct Full {
    pub(super) incoming: Incoming,
    pub(super) entries: Vec<RecordEntry>,
    pub(super) tail: [u8; 32],
}

/// A pack being written in `incoming/`, removed when dropped unless it was moved away.
#[derive(Debug)]
pub(super) struct Incoming {
    folder: Folder,
    pub(super) name: String,
    pub(super) appender: Appender,
    pub(super) uuid: [u8; 16],
}

impl Incoming {
    fn create(house: &House) -> Result<Self> {
        let folder = house.incoming()?;
        loop {
            let name = format!("{}.pack", atomic::unique_suffix());
            let path = folder.path_of(&name);
            let file = match folder.create_new(&name) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
                made => made.map_err(io_error("create", &path))?,
            };
            // Who clears up takes what nobody has locked, perhaps just before this lock.
            let lost = match file.try_lock() {
                Ok(()) => folder
                    .find(&name)
                    .map_err(io_error("examine", &path))?
                    .is_none(),
                Err(TryLockError::WouldBlock) => true,
                Err(TryLockError::Error(error)) => return Err(io_error("lock", &path)(error)),
            };
            if lost {
                continue;
            }
            let uuid = new_uuid(house.project);
            let mut incoming = Self {
                folder,
                name,
                appender: Appender {
                    file,
                    path,
                    length: 0,
                },
                uuid,
            };
            incoming.appender.append(&pack_header(&uuid))?;
            return Ok(incoming);
        }
    }

    /// Moves it to its place.
    pub(super) fn publish(&self, packs: &Folder, number: u32) -> Result<()> {
        let name = pack_name(number);
        // Renaming would replace what stands there, and nothing of the kind is expected.
        let to = packs.path_of(&name);
        match packs.find(&name).map_err(io_error("examine", &to))? {
            None => self.folder.rename(&self.name, packs, &name),
            Some(_) => Err(std::io::ErrorKind::AlreadyExists.into()),
        }
        .map_err(io_error("move to its place", &to))
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // After publication nothing has this name.
        let _ = self.folder.remove_file(&self.name);
    }
}

impl Store {
    /// Begins to collect what is to be stored together.
    pub fn batch(&self) -> Batch<'_> {
        Batch {
            store: self,
            pending: Mutex::default(),
        }
    }

    /// Stores one object durably.
    ///
    /// # Errors
    /// As [`Batch::put`] and [`Batch::commit`].
    pub fn put<T: Object>(&self, object: &T) -> Result<T::Id> {
        let batch = self.batch();
        let id = batch.put(object)?;
        batch.commit()?;
        Ok(id)
    }

    /// Stores one file durably.
    ///
    /// # Errors
    /// As [`Batch::put_file`] and [`Batch::commit`].
    pub fn put_file(&self, reader: impl std::io::Read) -> Result<Stored> {
        let batch = self.batch();
        let stored = batch.put_file(reader)?;
        batch.commit()?;
        Ok(stored)
    }

    /// Stores one file durably.
    ///
    /// # Errors
    /// As [`Batch::put_file`] and [`Batch::commit`].
    pub fn put_file_bytes(&self, bytes: &[u8]) -> Result<Stored> {
        self.put_seekable(std::io::Cursor::new(bytes))
    }

    /// Stores one file durably, a film cut by its own tables.
    ///
    /// # Errors
    /// As [`Batch::put_seekable`] and [`Batch::commit`].
    pub fn put_seekable(&self, file: impl std::io::Read + std::io::Seek) -> Result<Stored> {
        let batch = self.batch();
        let stored = batch.put_seekable(file)?;
        batch.commit()?;
        Ok(stored)
    }
}

/// The record that an object cannot do without; of a file, the one that it has at least.
pub(super) fn needed(reference: Reference) -> Option<(RecordKind, [u8; 32])> {
    match reference {
        Reference::Object(kind, id) => Some((RecordKind::Object(kind), id)),
        Reference::File(id) => Some((RecordKind::Blob, *id.as_bytes())),
        Reference::Seen(_) => None,
    }
}

impl Pending {
    /// The first record that it relies on and that is neither stored nor added, nor elsewhere on purpose.
    pub(super) fn gone(&self, index: &Index, promised: &Promised) -> Result<Option<RecordId>> {
        for (kind, id) in &self.relied {
            let mut there = false;
            // A file is stored whole or cut up: either will do.
            let kinds: &[RecordKind] = match kind {
                RecordKind::Blob => &[RecordKind::Blob, RecordKind::Layout],
                kind => std::slice::from_ref(kind),
            };
            for kind in kinds {
                there |= self.known.contains(&(*kind, *id)) || index.location(*kind, id)?.is_some();
            }
            let record = RecordId::new(*kind, *id);
            if !there && !promised.has(&record) {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }
}

impl Batch<'_> {
    /// Adds an object as an attacker would: with its right id and checksum, and unchecked.
    ///
    /// # Errors
    /// As for [`Batch::put`].
    #[cfg(feature = "attacks")]
    pub fn plant(&self, kind: object::ObjectKind, encoding: &[u8]) -> Result<[u8; 32]> {
        let id = kind.digest(encoding);
        let record = Record::new(RecordKind::Object(kind), id, encoding, true);
        self.push(&record, None)?;
        Ok(id)
    }

    /// Adds an object.
    ///
    /// # Errors
    /// `Invalid` when it breaks a rule of its kind, or an I/O error.
    pub fn put<T: Object>(&self, object: &T) -> Result<T::Id> {
        let invalid = |source: InvalidObject| StoreError::Invalid {
            kind: T::KIND.name(),
            id: "to be stored".to_owned(),
            source,
        };
        let bytes = object::encode(object).map_err(invalid)?;
        let (kind, id) = (RecordKind::Object(T::KIND), T::KIND.digest(&bytes));
        if !self.holds(kind, &id)? {
            let fact = Fact::of(kind, id, &bytes);
            self.push(&Record::new(kind, id, &bytes, true), fact)?;
            let named = object.references().into_iter().filter_map(needed);
            self.pending().relied.extend(named);
        }
        Ok(T::Id::from_digest(id))
    }

    /// Makes `operation` the current one when the batch is committed, if `expected` is the
    /// current one then. A later call takes the place of an earlier one.
    ///
    /// # Errors
    /// As [`Batch::put`]; `OtherProject`. That the refs moved on is told by [`Batch::commit`].
    pub fn publish(
        &self,
        expected: Option<OperationId>,
        operation: &Operation,
    ) -> Result<OperationId> {
        let id = self.put(operation)?;
        if operation.project != self.store.project() {
            return Err(StoreError::OtherProject(id));
        }
        self.pending().publication = Some(Publication {
            expected,
            operation: id,
            parents: operation.parents.clone(),
        });
        Ok(id)
    }

    /// Whether the file is stored, or added here.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn contains_file(&self, id: FileId) -> Result<bool> {
        Ok(self.holds(RecordKind::Blob, id.as_bytes())?
            || self.holds(RecordKind::Layout, id.as_bytes())?)
    }

    /// Whether the object is stored, or added here.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn has<T: Object>(&self, id: T::Id) -> Result<bool> {
        self.holds(RecordKind::Object(T::KIND), id.digest())
    }

    /// Whether there is such a record, here or in the store.
    pub(super) fn holds(&self, kind: RecordKind, id: &[u8; 32]) -> Result<bool> {
        if self.added(kind, id) {
            return Ok(true);
        }
        let stored = self.store.index().location(kind, id)?.is_some();
        if stored {
            self.rely(kind, id);
        }
        Ok(stored)
    }

    /// Whether there is such a record here.
    pub(super) fn added(&self, kind: RecordKind, id: &[u8; 32]) -> bool {
        self.pending().known.contains(&(kind, *id))
    }

    /// Notes that a record is not added because it is stored.
    pub(super) fn rely(&self, kind: RecordKind, id: &[u8; 32]) {
        self.pending().relied.insert((kind, *id));
    }

    /// Adds a record unless it is there.
    pub(super) fn push(&self, record: &Record, fact: Option<Fact>) -> Result<()> {
        let mut pending = self.pending();
        if !pending.known.insert((record.header.kind, record.header.id)) {
            return Ok(());
        }
        if self.store.is_read_only() {
            return Err(StoreError::ReadOnly(self.store.folder().to_owned()));
        }
        let house = &self.store.house;
        let segment = &mut pending.segment;
        segment.push(record, fact);
        segment.flush_if_large(house)?;
        if segment.is_full() {
            let full = std::mem::take(segment).seal(house)?;
            pending.full.push(full);
        }
        Ok(())
    }

    pub(super) fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
