//! What is not here on purpose, because a remote has it.
//!
//! ```text
//! .aiut/promised   magic, version, rows in their order, seal: as `sealed` writes it, but durable
//! row              kind: u8 (0 a file, 1 a commit, 2 a file that is to be got), id: [u8; 32], bytes: u64
//! ```
//! A file of the list may be here all the same: then it is a copy that `aiut gc` may let go of, and the work
//! tree leaves it out. It is taken off the list once it is to be kept. A commit of the list is one that the
//! history ends before. What is missing and not on the list is damage.
//!
//! The list is changed under the store's lock, and what it lets be missing goes after it was written.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::{Arc, PoisonError};

use super::Store;
use super::error::{Result, StoreError, Unsupplied, io_error};
use super::record::RecordId;
use crate::base::atomic;
use crate::base::folder::Folder;
use crate::base::sealed::{self, SEAL, Sort, take};
use crate::object::{CommitId, FileId, ObjectKind};

const FILE: &str = "promised";
const SORT: Sort = Sort {
    magic: *b"aiutprom",
    version: 1,
    most_bytes: 1 << 30,
};
const ROW: usize = 41;
/// How long a file is of which nobody said it.
const UNKNOWN: u64 = u64::MAX;

/// What is known of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    bytes: u64,
    wanted: bool,
}

impl Row {
    fn known(&self) -> Option<u64> {
        Some(self.bytes).filter(|bytes| *bytes != UNKNOWN)
    }
}

/// What a remote has, and this store need not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Promised {
    files: BTreeMap<FileId, Row>,
    /// Commits that the history ends before.
    pub commits: BTreeSet<CommitId>,
}

/// What a list was read from.
pub(super) type Seal = [u8; SEAL];

impl Promised {
    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.commits.is_empty()
    }

    /// Whether a file is.
    #[must_use]
    pub fn has_file(&self, id: FileId) -> bool {
        self.files.contains_key(&id)
    }

    /// How long a file is, if it is promised and anybody said.
    #[must_use]
    pub fn bytes_of(&self, id: FileId) -> Option<u64> {
        self.files.get(&id).and_then(Row::known)
    }

    /// Whether a record may be missing: a file's, or a commit.
    #[must_use]
    pub fn has(&self, id: &RecordId) -> bool {
        match (id.file(), id.object_kind()) {
            (Some(file), _) => self.has_file(FileId::from_bytes(file)),
            (_, Some(ObjectKind::Commit)) => {
                self.commits.contains(&CommitId::from_bytes(*id.digest()))
            }
            _ => false,
        }
    }

    /// Every file, with its length where anybody said.
    pub fn files(&self) -> impl Iterator<Item = (FileId, Option<u64>)> {
        self.files.iter().map(|(id, row)| (*id, row.known()))
    }

    /// Files that are to be got as soon as that can be: whoever was about to was interrupted.
    #[must_use]
    pub fn wanted(&self) -> Vec<FileId> {
        let wanted = self.files.iter().filter(|(_, row)| row.wanted);
        wanted.map(|(id, _)| *id).collect()
    }

    /// Adds a file.
    pub fn add_file(&mut self, id: FileId, bytes: Option<u64>) {
        let row = self.files.entry(id).or_insert(Row {
            bytes: UNKNOWN,
            wanted: false,
        });
        row.bytes = bytes.unwrap_or(row.bytes);
    }

    /// Says of a file of the list whether it is to be got.
    pub fn want(&mut self, id: FileId, wanted: bool) {
        if let Some(row) = self.files.get_mut(&id) {
            row.wanted = wanted;
        }
    }

    /// Takes a file off.
    pub fn take_file(&mut self, id: FileId) {
        self.files.remove(&id);
    }

    /// Those of `self` that `other` has not.
    pub(super) fn without(&self, other: &Self) -> Vec<RecordId> {
        let files = self.files.keys().filter(|id| !other.has_file(**id));
        let commits = self.commits.difference(&other.commits);
        let commits = commits.map(|id| RecordId::of_object(ObjectKind::Commit, *id.as_bytes()));
        files
            .map(|id| RecordId::of_blob(*id))
            .chain(commits)
            .collect()
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = SORT.begin((self.files.len() + self.commits.len()) * ROW);
        let files = self
            .files
            .iter()
            .map(|(id, row)| (if row.wanted { 2 } else { 0 }, *id.as_bytes(), row.bytes));
        let commits = self.commits.iter().map(|id| (1, *id.as_bytes(), 0));
        for (kind, id, length) in files.chain(commits) {
            bytes.push(kind);
            bytes.extend_from_slice(&id);
            bytes.extend_from_slice(&length.to_le_bytes());
        }
        sealed::seal(bytes)
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut body = SORT.open(bytes)?;
        let mut found = Self::default();
        while !body.is_empty() {
            let [kind] = take(&mut body)?;
            let id = take(&mut body)?;
            let length = u64::from_le_bytes(take(&mut body)?);
            match kind {
                0 | 2 => {
                    let row = Row {
                        bytes: length,
                        wanted: kind == 2,
                    };
                    found.files.insert(FileId::from_bytes(id), row);
                }
                1 => drop(found.commits.insert(CommitId::from_bytes(id))),
                _ => return None,
            }
        }
        Some(found)
    }

    /// The list of a store; none is the empty one.
    pub(super) fn read(own: &Folder) -> Result<Self> {
        let path = own.path_of(FILE);
        if own
            .find_file(FILE)
            .map_err(io_error("examine", &path))?
            .is_none()
        {
            return Ok(Self::default());
        }
        let bytes = SORT.read(own, FILE);
        bytes
            .and_then(|bytes| Self::decode(&bytes))
            .ok_or_else(|| StoreError::Damaged {
                path,
                offset: 0,
                what: "the list of what is not here on purpose".to_owned(),
            })
    }
}

/// Gets files that are promised from where they are.
pub trait Supplier: Send + Sync {
    /// Gets them, and adds them to the store.
    ///
    /// # Errors
    /// Why they cannot be had, in words that follow "and".
    fn supply(&self, store: &Store, files: &[FileId]) -> Result<(), Unsupplied>;
}

/// What is asked of a [`Supplier`]; set once, by who knows the remotes.
#[derive(Default)]
pub(super) struct Supply(std::sync::OnceLock<Arc<dyn Supplier>>);

impl std::fmt::Debug for Supply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Supply")
    }
}

impl Store {
    /// From now on, what is promised and not here is got when it is read.
    pub fn supply_by(&self, supplier: Arc<dyn Supplier>) {
        let _ = self.supply.0.set(supplier);
    }

    /// What need not be here.
    ///
    /// # Errors
    /// `Damaged`; an I/O error.
    pub fn promised(&self) -> Result<Arc<Promised>> {
        let own = &self.house.own;
        let path = own.path_of(FILE);
        if own
            .find_file(FILE)
            .map_err(io_error("examine", &path))?
            .is_none()
        {
            return Ok(Arc::default());
        }
        let read_seal = || -> std::io::Result<Seal> {
            let (mut file, mut seal) = (own.read(FILE)?, [0; SEAL]);
            file.seek(SeekFrom::End(-(SEAL as i64)))?;
            file.read_exact(&mut seal)?;
            Ok(seal)
        };
        // One that is too short is told as damage.
        let seal = read_seal().ok();
        let mut known = self.promised.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(seal), Some((of, promised))) = (seal, &*known)
            && *of == seal
        {
            return Ok(Arc::clone(promised));
        }
        let promised = Arc::new(Promised::read(own)?);
        *known = seal.map(|seal| (seal, Arc::clone(&promised)));
        Ok(promised)
    }

    /// Whether a file need not be here.
    ///
    /// # Errors
    /// As [`Self::promised`].
    pub fn is_promised(&self, id: FileId) -> Result<bool> {
        Ok(self.promised()?.has_file(id))
    }

    /// Whether a file is here, or can be got from where it was promised.
    ///
    /// # Errors
    /// As [`Self::promised`].
    pub fn can_have_file(&self, id: FileId) -> Result<bool> {
        Ok(self.contains_file(id)? || self.is_promised(id)?)
    }

    /// Whether a file is not here on purpose.
    ///
    /// # Errors
    /// As [`Self::promised`].
    pub fn is_elsewhere(&self, id: FileId) -> Result<bool> {
        Ok(!self.contains_file(id)? && self.is_promised(id)?)
    }

    /// Changes the list, durably.
    ///
    /// # Errors
    /// As [`Self::promised`]; an I/O error, and nothing changed.
    pub fn promise(&self, change: impl FnOnce(&mut Promised)) -> Result<()> {
        let _lock = self.lock()?;
        self.promise_locked(change)
    }

    /// These files are to stay from now on: those that are here are taken off the list. Returns those that are
    /// not.
    ///
    /// # Errors
    /// As [`Self::promise`].
    pub fn keep_files(&self, files: &[FileId]) -> Result<Vec<FileId>> {
        // Whoever lets go of what is not needed holds the lock while it goes.
        let _lock = self.lock()?;
        let (mut here, mut gone) = (Vec::new(), Vec::new());
        for id in files {
            match self.contains_file(*id)? {
                true => here.push(*id),
                false => gone.push(*id),
            }
        }
        self.promise_locked(|promised| here.iter().for_each(|id| promised.take_file(*id)))?;
        Ok(gone)
    }

    fn promise_locked(&self, change: impl FnOnce(&mut Promised)) -> Result<()> {
        let own = &self.house.own;
        let path = own.path_of(FILE);
        let before = Promised::read(own)?;
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return Ok(());
        }
        if after.is_empty() {
            return own.remove_file(FILE).map_err(io_error("remove", &path));
        }
        atomic::write_in(own, FILE, &after.encode()).map_err(io_error("write", &path))
    }

    /// Gets what is promised of these files and not here, in one go.
    ///
    /// # Errors
    /// `NotHere` says how much that is, and why it cannot be had.
    pub fn supply(&self, files: &[FileId]) -> Result<()> {
        let promised = self.promised()?;
        let mut wanted = BTreeSet::new();
        for id in files {
            if promised.has_file(*id) && !self.contains_file(*id)? {
                wanted.insert(*id);
            }
        }
        let wanted: Vec<FileId> = wanted.into_iter().collect();
        let Some(first) = wanted.first().copied() else {
            return Ok(());
        };
        let bytes = || {
            wanted
                .iter()
                .filter_map(|id| promised.bytes_of(*id))
                .sum::<u64>()
        };
        let not_here = |source| StoreError::NotHere {
            files: wanted.len(),
            bytes: bytes(),
            first,
            source,
        };
        let Some(supplier) = self.supply.0.get() else {
            return Err(not_here("nobody was asked for them".into()));
        };
        supplier.supply(self, &wanted).map_err(not_here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_reads_back_and_a_damaged_one_is_none() {
        let mut list = Promised::default();
        list.add_file(FileId::of(b"a"), Some(1));
        list.add_file(FileId::of(b"b"), None);
        list.want(FileId::of(b"b"), true);
        list.commits.insert(CommitId::from_bytes([7; 32]));
        assert_eq!(list.wanted(), [FileId::of(b"b")]);
        let bytes = list.encode();
        assert_eq!(Promised::decode(&bytes), Some(list.clone()));
        assert_eq!(list.bytes_of(FileId::of(b"a")), Some(1));
        assert_eq!(list.bytes_of(FileId::of(b"b")), None);
        list.add_file(FileId::of(b"a"), None);
        assert_eq!(
            list.bytes_of(FileId::of(b"a")),
            Some(1),
            "what was said stays"
        );
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(Promised::decode(&damaged), None, "a flipped bit at {at}");
        }
    }
}
