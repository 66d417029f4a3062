//! Files and objects on the way out: nothing unverified leaves the store.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::{Arc, PoisonError};

use rayon::prelude::*;

use super::Store;
use super::error::{Result, StoreError};
use super::facts::Location;
use super::index::Index;
use super::layout::{Layout, Slice};
use super::record::RecordKind;
use crate::object::{self, ChunkId, FileId, Object, ObjectId};

/// Chunks read at a time, in bytes.
const WINDOW: u64 = 8 << 20;
/// Bytes that are hashed and written together.
const READY: usize = 1 << 20;

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
        let kind = RecordKind::Object(T::KIND);
        let at = self
            .find(kind, id.digest())?
            .ok_or_else(|| not_found(kind, id.digest()))?;
        let bytes = self.load(at, kind, id.digest())?;
        object::decode(&bytes).map_err(|source| StoreError::Invalid {
            kind: T::KIND.name(),
            id: id.to_string(),
            source,
        })
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
        let layout = match source {
            Source::Blob(at) => {
                let bytes = self.load(at, RecordKind::Blob, id.as_bytes())?;
                out.write_all(&bytes).map_err(StoreError::Sink)?;
                return Ok(bytes.len() as u64);
            }
            Source::Layout(layout) => layout,
        };
        let mut hasher = blake3::Hasher::new();
        let size = layout.bytes();
        match layout {
            Layout::Slices { chunks, slices } => {
                self.copy_slices(&chunks, &slices, &mut hasher, out)?;
            }
            Layout::Parts(parts) => {
                for (part, bytes) in parts {
                    match self.layout(RecordKind::LayoutPart, &part)? {
                        layout @ Layout::Slices { .. } if layout.bytes() != bytes => {
                            return Err(self.mislaid(id));
                        }
                        Layout::Slices { chunks, slices } => {
                            self.copy_slices(&chunks, &slices, &mut hasher, out)?;
                        }
                        Layout::Parts(_) => return Err(self.mislaid(id)),
                    }
                }
            }
        }
        if hasher.finalize().as_bytes() == id.as_bytes() {
            Ok(size)
        } else {
            Err(self.mislaid(id))
        }
    }

    /// Hands out slices, as many at a time as have room for their chunks. A chunk that goes on to be
    /// needed is kept; as the pieces of a film's tracks are woven together finely, and few of them are
    /// open at a time, hardly any is read twice.
    fn copy_slices(
        &self,
        chunks: &[(ChunkId, u32)],
        slices: &[Slice],
        hasher: &mut blake3::Hasher,
        out: &mut impl Write,
    ) -> Result<()> {
        let mut rest = slices;
        let mut loaded: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
        let mut ready = Vec::new();
        while !rest.is_empty() {
            let mut needed = BTreeSet::new();
            let mut bytes = 0;
            let count = rest.iter().take_while(|slice| {
                if needed.contains(&slice.chunk) {
                    return true;
                }
                bytes += u64::from(chunks[slice.chunk as usize].1);
                let fits = bytes <= WINDOW || needed.is_empty();
                fits && needed.insert(slice.chunk)
            });
            let (now, later) = rest.split_at(count.count());
            loaded.retain(|number, _| needed.remove(number));
            let read = needed
                .into_par_iter()
                .map(|number| Ok((number, self.chunk(&chunks[number as usize])?)));
            let read: Result<Vec<(u32, Vec<u8>)>> = read.collect();
            loaded.extend(read?);
            for slice in now {
                let from = slice.offset as usize;
                let bytes = &loaded[&slice.chunk][from..from + slice.length as usize];
                // Many short ones together are hashed and written several times as fast.
                if ready.len() + bytes.len() > READY {
                    hand_out(&mut ready, hasher, out)?;
                }
                ready.extend_from_slice(bytes);
            }
            hand_out(&mut ready, hasher, out)?;
            rest = later;
        }
        Ok(())
    }

    fn chunk(&self, (id, length): &(ChunkId, u32)) -> Result<Vec<u8>> {
        let kind = RecordKind::Chunk;
        let at = self
            .find(kind, id.as_bytes())?
            .ok_or_else(|| not_found(kind, id.as_bytes()))?;
        let bytes = self.load(at, kind, id.as_bytes())?;
        if bytes.len() == *length as usize {
            Ok(bytes)
        } else {
            Err(self
                .pack(at.pack)?
                .damaged(at.offset, "a chunk of another length than laid out"))
        }
    }

    fn source(&self, id: FileId) -> Result<Source> {
        if let Some(at) = self.find(RecordKind::Blob, id.as_bytes())? {
            return Ok(Source::Blob(at));
        }
        Ok(Source::Layout(
            self.layout(RecordKind::Layout, id.as_bytes())?,
        ))
    }

    fn layout(&self, kind: RecordKind, id: &[u8; 32]) -> Result<Layout> {
        let at = self.find(kind, id)?.ok_or_else(|| not_found(kind, id))?;
        let bytes = self.load(at, kind, id)?;
        match Layout::decode(&bytes) {
            Ok(layout) => Ok(layout),
            Err(what) => Err(self.pack(at.pack)?.damaged(at.offset, what)),
        }
    }

    /// The verified content of a record.
    fn load(&self, at: Location, kind: RecordKind, id: &[u8; 32]) -> Result<Vec<u8>> {
        self.pack(at.pack)?.record(at.offset, at.stored, kind, id)
    }

    fn mislaid(&self, id: FileId) -> StoreError {
        StoreError::Damaged {
            path: self.packs_folder(),
            offset: 0,
            what: format!("the layout of file {id} does not give that file"),
        }
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

    /// The index that another process made anew, if one did.
    pub(super) fn newer_index(&self) -> Result<Option<Arc<Index>>> {
        if !self.index().is_outdated(&self.index_folder())? {
            return Ok(None);
        }
        let newer = Index::open(&self.index_folder(), self.is_read_only())?;
        if let Some(index) = &newer {
            *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(index);
        }
        Ok(newer)
    }
}

fn hand_out(ready: &mut Vec<u8>, hasher: &mut blake3::Hasher, out: &mut impl Write) -> Result<()> {
    hasher.update_rayon(ready);
    out.write_all(ready).map_err(StoreError::Sink)?;
    ready.clear();
    Ok(())
}

fn not_found(kind: RecordKind, id: &[u8; 32]) -> StoreError {
    StoreError::NotFound {
        kind: kind.name(),
        id: FileId::from_bytes(*id).to_hex(),
    }
}
