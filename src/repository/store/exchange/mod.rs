//! Packs that go from one project to another, over a wire or in a bundle.
//!
//! They hold objects and contents, and nothing that says where a project stands: no operations with their
//! views, no lists of packs that count no more. Their header says what they are, so that the rule holds
//! wherever one is read, in `packs/` too.
//!
//! ```text
//! Store::carry ─► Carried ─► ExchangeWriter ─► file, wire ─► ExchangePack ─► Carried ─► Batch::carry
//! ```
//! A record travels as it lies, compressed or not, and is verified at each end: nobody believes the other.

mod carried;
mod write;

use std::fs::File;
use std::path::{Path, PathBuf};

pub use carried::{Carried, Link, put_together};
pub use write::{ExchangeWriter, exchange_bytes};

use super::error::{Result, StoreError, io_error};
use super::facts::RecordEntry;
use super::pack::Pack;
use super::record::RecordId;
use super::walk::{verify, walk};

/// What a pack for exchange holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchanged {
    /// Records.
    pub records: usize,
    /// Bytes of the pack.
    pub bytes: u64,
}

/// A pack for exchange in a file: whole by the word of its headers. Each payload is verified when it is
/// taken out.
#[derive(Debug)]
pub struct ExchangePack {
    pack: Pack,
    entries: Vec<RecordEntry>,
    bytes: u64,
}

impl ExchangePack {
    /// Looks through the headers of a pack that comes from another project. `path` is for messages.
    ///
    /// # Errors
    /// `Refused` when it is no pack for exchange, or claims what such a pack may not say; `Damaged` when
    /// it is not whole; `TooNew`; an I/O error.
    pub fn open(file: File, path: &Path) -> Result<Self> {
        let bytes = file.metadata().map_err(io_error("examine", path))?.len();
        Self::open_first(file, path, bytes)
    }

    /// The same, of the first `bytes` of a file.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_first(file: File, path: &Path, bytes: u64) -> Result<Self> {
        let mut found = Self::walked(file, path, bytes)?;
        let harm = std::mem::take(&mut found.1.harm);
        let (mut pack, walk) = found;
        match harm.into_iter().next() {
            None => {
                pack.entries = walk.entries;
                Ok(pack)
            }
            Some(harm) => Err(pack.pack.damaged(harm.offset, &harm.what)),
        }
    }

    fn walked(file: File, path: &Path, bytes: u64) -> Result<(Self, super::walk::Walk)> {
        let pack = Pack::in_file(file, path.to_owned())?;
        if !pack.sound {
            return Err(pack.damaged(0, "its header is damaged"));
        }
        if !pack.exchange {
            let what = "the header of a pack that stays in its project".to_owned();
            return Err(pack.refused(0, what));
        }
        let walk = walk(&pack, bytes, Some(bytes))?;
        let entries = Vec::new();
        Ok((
            Self {
                pack,
                entries,
                bytes,
            },
            walk,
        ))
    }

    /// Where it lies, for messages.
    #[must_use]
    pub fn path(&self) -> &PathBuf {
        &self.pack.path
    }

    /// What it holds, in the order it lies in.
    pub fn records(&self) -> impl ExactSizeIterator<Item = RecordId> + '_ {
        let id = |entry: &RecordEntry| RecordId::new(entry.kind, entry.id);
        self.entries.iter().map(id)
    }

    /// How much it holds.
    #[must_use]
    pub fn extent(&self) -> Exchanged {
        Exchanged {
            records: self.entries.len(),
            bytes: self.bytes,
        }
    }

    /// Bytes of the payload of one of its records as it lies, by its place among them.
    ///
    /// # Panics
    /// Where there is no such place.
    #[must_use]
    pub fn stored_bytes(&self, place: usize) -> u32 {
        self.entries[place].stored
    }

    /// One of its records by its place among them, verified.
    ///
    /// # Errors
    /// `Damaged` when it is not what its id says; an I/O error.
    ///
    /// # Panics
    /// Where there is no such place.
    pub fn carry(&self, place: usize) -> Result<Carried> {
        Ok(Carried(self.pack.stored(&self.entries[place])?))
    }
}

/// Reads a pack that comes from another project to its last byte, before anything of it is taken over.
/// `path` is for messages.
///
/// # Errors
/// As [`ExchangePack::open`]; `Damaged` also when a payload is not what its id says.
pub fn check_exchange(pack: File, path: &Path) -> Result<Exchanged> {
    let bytes = pack.metadata().map_err(io_error("examine", path))?.len();
    let (pack, mut found) = ExchangePack::walked(pack, path, bytes)?;
    verify(&pack.pack, &mut found, &|_| {})?;
    match found.harm.first() {
        None => Ok(Exchanged {
            records: found.entries.len(),
            bytes: pack.bytes,
        }),
        Some(harm) => Err(StoreError::Damaged {
            path: path.to_owned(),
            offset: harm.offset,
            what: harm.what.clone(),
        }),
    }
}
