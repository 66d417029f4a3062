//! Files and objects on the way out: nothing unverified leaves the store.

use std::io::Write;
use std::sync::{Arc, PoisonError};

use super::Store;
use super::assemble::Records;
use super::error::{Result, StoreError};
use super::facts::Location;
use super::index::Index;
use super::layout::Layout;
use super::pack::pack_path;
use super::record::{RecordId, RecordKind};
use crate::object::{self, CommitId, FileId, Object, ObjectId};

/// Where a file's bytes are.
enum Source {
    Blob(Location),
    Layout(Layout),
}

impl Store {
    /// The object with this id.
    ///
    /// # Errors
    /// `NotFound`; `Damaged` or `Invalid` when what is stored is not what the id says.
    pub fn get<T: Object>(&self, id: T::Id) -> Result<T> {
        let record = RecordId::of_object(T::KIND, *id.digest());
        let bytes = match self.load(record) {
            Err(StoreError::NotFound { .. }) if self.promised()?.has(&record) => {
                return Err(StoreError::HistoryEnds(CommitId::from_bytes(*id.digest())));
            }
            bytes => bytes?,
        };
        object::decode(&bytes)
            .map_err(|source| StoreError::of_object(self.folder(), T::KIND, id.to_string(), source))
    }

    /// Whether the object is stored.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn has<T: Object>(&self, id: T::Id) -> Result<bool> {
        Ok(self
            .find(RecordKind::Object(T::KIND), id.digest())?
            .is_some())
    }

    /// Whether the file is stored.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn contains_file(&self, id: FileId) -> Result<bool> {
        Ok(self.find(RecordKind::Blob, id.as_bytes())?.is_some()
            || self.find(RecordKind::Layout, id.as_bytes())?.is_some())
    }

    /// Bytes of a file.
    ///
    /// # Errors
    /// `NotFound`, or `Damaged`.
    pub fn file_size(&self, id: FileId) -> Result<u64> {
        // Of what is elsewhere it is known, and nothing is got for it.
        if let Some(bytes) = self.promised()?.bytes_of(id)
            && !self.contains_file(id)?
        {
            return Ok(bytes);
        }
        Ok(match self.source(id)? {
            Source::Blob(at) => u64::from(at.raw),
            Source::Layout(layout) => layout.bytes(),
        })
    }

    /// The bytes of a file of at most `limit` bytes.
    ///
    /// # Errors
    /// `NotFound`, `TooLarge`, or `Damaged`.
    pub fn read_file(&self, id: FileId, limit: u64) -> Result<Vec<u8>> {
        let source = self.source(id)?;
        let size = match &source {
            Source::Blob(at) => u64::from(at.raw),
            Source::Layout(layout) => layout.bytes(),
        };
        if size > limit {
            return Err(StoreError::TooLarge {
                id: id.to_string(),
                size,
                limit,
            });
        }
        // A layout's size is only what it claims, so room is made as bytes arrive.
        let mut bytes = Vec::new();
        self.copy(id, source, &mut bytes)?;
        Ok(bytes)
    }

    /// The first bytes of a file, at most so many, without reading the rest.
    ///
    /// # Errors
    /// `NotFound`, or `Damaged`.
    pub fn read_head(&self, id: FileId, most: usize) -> Result<Vec<u8>> {
        let bytes = Vec::new();
        let mut head = Head { bytes, most };
        match self.copy_file(id, &mut head) {
            Err(error) if head.bytes.len() < most => Err(error),
            _ => Ok(head.bytes),
        }
    }

    /// Writes the bytes of a file to `out`. On an error, `out` holds a part of them and is to be
    /// thrown away.
    ///
    /// # Errors
    /// `NotFound`, `Damaged`, or `Sink` when `out` fails.
    pub fn copy_file(&self, id: FileId, out: &mut impl Write) -> Result<u64> {
        let source = self.source(id)?;
        self.copy(id, source, out)
    }

    fn copy(&self, id: FileId, source: Source, out: &mut impl Write) -> Result<u64> {
        match source {
            Source::Blob(_) => {
                let bytes = self.load(RecordId::new(RecordKind::Blob, *id.as_bytes()))?;
                out.write_all(&bytes).map_err(StoreError::Sink)?;
                Ok(bytes.len() as u64)
            }
            Source::Layout(layout) => self.copy_layout(id, layout, out),
        }
    }

    /// The length of a small file, or the layout of a larger one.
    pub(super) fn layout_of(&self, id: FileId) -> Result<std::result::Result<u64, Layout>> {
        Ok(match self.source(id)? {
            Source::Blob(at) => Ok(u64::from(at.raw)),
            Source::Layout(layout) => Err(layout),
        })
    }

    fn source(&self, id: FileId) -> Result<Source> {
        match self.source_here(id) {
            Err(StoreError::NotFound { .. }) if self.is_promised(id)? => {
                self.supply(&[id])?;
                self.source_here(id)
            }
            found => found,
        }
    }

    fn source_here(&self, id: FileId) -> Result<Source> {
        if let Some(at) = self.find(RecordKind::Blob, id.as_bytes())? {
            return Ok(Source::Blob(at));
        }
        Ok(Source::Layout(
            self.layout(RecordKind::Layout, id.as_bytes())?,
        ))
    }

    /// The verified content of a record, from where it was found to lie.
    fn load_at(&self, at: Location, id: RecordId) -> Result<Vec<u8>> {
        self.pack(at.pack)?
            .record(at.offset, at.stored, id.kind, &id.id)
    }

    /// Where a record lies. A miss is only believed of the newest index.
    pub(super) fn find(&self, kind: RecordKind, id: &[u8; 32]) -> Result<Option<Location>> {
        if let Some(at) = self.index().location(kind, id)? {
            return Ok(Some(at));
        }
        match self.newer_index()? {
            Some(index) => index.location(kind, id),
            None => Ok(None),
        }
    }

    /// The index to ask what there is of something. One that others took the place of knows nothing of
    /// what came since: that a run is not in it does not say that nobody made it.
    pub(super) fn newest_index(&self) -> Result<Arc<Index>> {
        self.newer_index()?;
        Ok(self.index())
    }

    /// The index that another process made anew, if one did.
    pub(super) fn newer_index(&self) -> Result<Option<Arc<Index>>> {
        if !self.index().is_outdated(&self.house.own)? {
            return Ok(None);
        }
        let newer = match Index::open_complete(&self.house.own, self.is_read_only()) {
            // As when this one was made in memory.
            Err(error) if error.is_for_want_of_room() || error.is_for_want_of_rights() => None,
            newer => newer?,
        };
        let current = self.index().number;
        let newer = newer.filter(|index| index.number != current);
        if let Some(index) = &newer {
            *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(index);
        }
        Ok(newer)
    }
}

impl Records for Store {
    fn load(&self, id: RecordId) -> Result<Vec<u8>> {
        let find = || {
            let at = self.find(id.kind, &id.id)?;
            at.ok_or_else(|| not_found(id))
        };
        let mut read = find().and_then(|at| self.load_at(at, id));
        // A pack that others took the place of is gone; the index made with them knows better.
        while read.is_err() && self.newer_index()?.is_some() {
            self.forget_packs();
            read = find().and_then(|at| self.load_at(at, id));
        }
        read
    }

    fn senseless(&self, id: RecordId, what: &str) -> StoreError {
        let at = self.find(id.kind, &id.id).ok().flatten();
        let packs = self.packs_folder();
        StoreError::Damaged {
            path: at.map_or_else(|| packs.path().to_owned(), |at| pack_path(packs, at.pack)),
            offset: at.map_or(0, |at| at.offset),
            what: format!("{id}: {what}"),
        }
    }
}

pub(super) fn not_found(id: RecordId) -> StoreError {
    StoreError::NotFound {
        kind: id.kind.name(),
        id: id.hex(),
    }
}

/// Takes so many bytes, and then no more.
struct Head {
    bytes: Vec<u8>,
    most: usize,
}

impl Write for Head {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let room = self.most - self.bytes.len();
        if room == 0 {
            return Err(std::io::Error::other("that is enough"));
        }
        let taken = bytes.len().min(room);
        self.bytes.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
