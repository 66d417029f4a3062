//! Where a shared project's records and refs are kept: two traits, so that what checks and moves them knows
//! neither LMDB nor a folder. [`crate::conformance`] holds every implementation to the same.

mod memory;
mod repository;

use std::collections::BTreeMap;

pub use memory::{MemoryRefs, MemoryStorage};

use crate::Result;
use crate::ids::SessionId;
use crate::object::{CommitId, FileId, Object, ObjectId, Timestamp};
use crate::store::{Carried, ExchangePack, RecordId};
use crate::wire::{Pushed, RefMove};

/// Records by their ids.
pub trait Storage: Send + Sync {
    /// Bytes of the payload of a record as it lies; none where there is no such record.
    ///
    /// # Errors
    /// It cannot be read.
    fn stored(&self, id: &RecordId) -> Result<Option<u32>>;

    /// A record as it lies, verified; none where there is no such record.
    ///
    /// # Errors
    /// It is damaged, or cannot be read.
    fn carry(&self, id: &RecordId) -> Result<Option<Carried>>;

    /// Adds all records of the packs, durably and all or none. What they name has to be in them or here:
    /// whoever calls this has looked.
    ///
    /// # Errors
    /// Nothing is added then.
    fn add(&self, packs: &[ExchangePack]) -> Result<()>;

    /// Whether a file or commit may be missing, as a remote of this copy has it. Never of a place that is pushed to.
    ///
    /// # Errors
    /// The storage cannot be read.
    fn is_promised(&self, _id: &RecordId) -> Result<bool> {
        Ok(false)
    }

    /// Bytes of a file; none where it is not here.
    ///
    /// # Errors
    /// It cannot be read.
    fn file_bytes(&self, file: FileId) -> Result<Option<u64>> {
        for id in [RecordId::of_blob(file), RecordId::of_layout(file)] {
            if let Some(carried) = self.carry(&id)? {
                return Ok(carried.file_bytes()?);
            }
        }
        Ok(None)
    }

    /// Whether a record is here. A file counts whether it is one record or in chunks.
    ///
    /// # Errors
    /// It cannot be read.
    fn has(&self, id: &RecordId) -> Result<bool> {
        Ok(match id.file() {
            None => self.stored(id)?.is_some(),
            Some(file) => self.file_record(FileId::from_bytes(file))?.is_some(),
        })
    }

    /// The record that stands for a file here.
    ///
    /// # Errors
    /// It cannot be read.
    fn file_record(&self, file: FileId) -> Result<Option<RecordId>> {
        for id in [RecordId::of_blob(file), RecordId::of_layout(file)] {
            if self.stored(&id)?.is_some() {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

/// The object with this id; none where it is not there.
pub(crate) fn object<T: Object>(storage: &dyn Storage, id: T::Id) -> Result<Option<T>> {
    let carried = storage.carry(&RecordId::of_object(T::KIND, *id.digest()))?;
    Ok(carried.map(|carried| carried.decode::<T>()).transpose()?)
}

/// Where a shared project stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// The short name of the timeline that a clone begins on.
    pub head: String,
    /// Timelines and tags by their full names.
    pub refs: BTreeMap<String, CommitId>,
    /// Moves on whenever a ref does.
    pub mark: u64,
}

/// Refs that are to move together.
#[derive(Debug, Clone)]
pub struct Swap {
    /// Of a key, only one swap is ever done: whoever did not hear the answer may ask again.
    pub key: SessionId,
    /// The mark when that key was first heard of: nothing before it can be its swap.
    pub since: u64,
    /// By full names.
    pub moves: BTreeMap<String, RefMove>,
    /// Who moves them.
    pub by: String,
    /// When.
    pub time: Timestamp,
}

/// What a swap came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swapped {
    /// All refs moved, now or when this key was heard before.
    Done(Pushed),
    /// None did: these are elsewhere.
    Moved(Vec<crate::Moved>),
}

/// The refs of a shared project, and what became of them.
pub trait RefStore: Send + Sync {
    /// Where it stands.
    ///
    /// # Errors
    /// It cannot be read.
    fn standing(&self) -> Result<Standing>;

    /// Moves refs, all of them durably in one write, or none.
    ///
    /// # Errors
    /// `Refused` for names that cannot stand beside those that there are; it cannot be written.
    fn swap(&self, swap: &Swap) -> Result<Swapped>;
}

/// The refs that are not where a swap expects them.
pub(crate) fn not_where_expected(
    moves: &BTreeMap<String, RefMove>,
    at: &mut dyn FnMut(&str) -> Result<Option<CommitId>>,
) -> Result<Vec<crate::Moved>> {
    let mut elsewhere = Vec::new();
    for (name, RefMove { from, .. }) in moves {
        let found = at(name)?;
        if found != *from {
            elsewhere.push(crate::Moved {
                name: name.clone(),
                expected: *from,
                found,
            });
        }
    }
    Ok(elsewhere)
}
