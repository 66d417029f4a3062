//! Bringing the index to what the packs hold: after a crash, or when it is lost.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use super::Store;
use super::error::{Result, StoreError, io_error};
use super::facts::PackState;
use super::house::House;
use super::index::Index;
use super::pack::{Pack, next_numbers, pack_name, pack_path};
use super::reindex::{Reindex, Tail, pack_numbers};
use super::replaced::Replaced;
use crate::base::folder::Folder;
use crate::base::layout;
use crate::base::lock::FileLock;

/// What a store repaired since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovery {
    /// The index was made anew from the packs.
    pub rebuilt: bool,
    /// Bytes of work that was never acknowledged, cut off.
    pub cut_bytes: u64,
}

/// A place in a pack that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The pack.
    pub path: PathBuf,
    /// Where in it.
    pub offset: u64,
    /// What does not hold there.
    pub what: String,
}

/// How the index stands to the packs.
enum Standing {
    Current,
    /// There is more in the packs: an interrupted commit, or an index that lost its last one.
    Behind,
    /// It is about other packs.
    Foreign,
}

/// The index of a folder that had no usable one. Under the lock.
pub(super) fn open_or_rebuild(
    house: &House,
    lock: &FileLock,
    recovery: &Mutex<Recovery>,
) -> Result<Arc<Index>> {
    // Another process may have made it while this one waited for the lock.
    match Index::open(&house.own, false)? {
        Some(index) => Ok(index),
        None => rebuild(house, lock, recovery, &Lost::new()),
    }
}

/// Places that an index knew to be written and that are gone: pack, offset, what is wrong.
type Lost = Vec<(u32, u64, String)>;

/// A new index from what the packs hold, which notes what the old one knew to be lost. Under the
/// lock.
pub(super) fn rebuild(
    house: &House,
    _lock: &FileLock,
    recovery: &Mutex<Recovery>,
    lost: &Lost,
) -> Result<Arc<Index>> {
    let index = Index::create(&house.own)?;
    let replaced = Replaced::read(&house.packs, &pack_numbers(&house.packs)?)?;
    let filled = fill(house, &index, &replaced, lost);
    if filled.is_err() {
        // Nobody has seen it. On a full disk each command would leave one otherwise.
        index.discard(&house.own);
    }
    let (packs, cut_bytes) = filled?;
    index.remove_older(&house.own);
    // No index names them any more. What cannot be removed now is in nobody's way.
    let _ = replaced.clear(house);
    let rebuilt = packs > 0;
    note(recovery, Recovery { rebuilt, cut_bytes });
    Ok(index)
}

/// Enters all that the packs hold into an empty index. Returns how many packs there are, and how many
/// bytes were cut off.
fn fill(house: &House, index: &Index, replaced: &Replaced, lost: &Lost) -> Result<(usize, u64)> {
    let mut reindex = Reindex::new(house.packs.clone(), index.writer()?, Tail::Keep);
    let packs = reindex.add_packs_above(0, replaced)?;
    for (number, offset, what) in lost {
        reindex.note(*number, *offset, what)?;
    }
    Ok((packs, reindex.commit()?))
}

/// An index from what the packs hold now, in memory: where none can be kept. Without the lock, so
/// that what others write meanwhile may look torn; nothing is changed.
pub(super) fn in_memory(house: &House) -> Result<Arc<Index>> {
    let index = Index::in_memory(&house.own);
    let replaced = Replaced::read(&house.packs, &pack_numbers(&house.packs)?)?;
    fill(house, &index, &replaced, &Lost::new())?;
    Ok(index)
}

impl Store {
    /// Brings the index up to date unless a writer is at it, who will do so himself.
    pub(super) fn recover_if_free(&self) -> Result<()> {
        if self.index().is_in_memory() {
            return Ok(());
        }
        if matches!(self.standing(&self.index())?, Standing::Current) {
            return Ok(());
        }
        match self.try_lock()? {
            Some(lock) => self.index_under_lock(&lock).map(drop),
            None => Ok(()),
        }
    }

    /// Makes the index anew, whatever state it is in.
    ///
    /// # Errors
    /// An I/O error, or the lock is held.
    pub fn rebuild_index(&self) -> Result<()> {
        let lock = self.lock()?;
        self.rebuild_under_lock(&lock).map(drop)
    }

    /// Makes the index anew from the packs that count, and does away with those that do not.
    pub(super) fn rebuild_under_lock(&self, lock: &FileLock) -> Result<Arc<Index>> {
        let index = rebuild(&self.house, lock, &self.recovery, &Lost::new())?;
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&index);
        Ok(index)
    }

    /// The index as a writer needs it: the newest, and up to date.
    pub(super) fn index_under_lock(&self, lock: &FileLock) -> Result<Arc<Index>> {
        if !self.cleared.swap(true, Ordering::Relaxed) {
            self.clear_incoming();
        }
        let mut index = self.index();
        if index.is_outdated(&self.house.own)? {
            index = open_or_rebuild(&self.house, lock, &self.recovery)?;
        }
        match self.standing(&index)? {
            Standing::Current => {}
            Standing::Behind if self.replaces(&index)? => {
                index = rebuild(&self.house, lock, &self.recovery, &Lost::new())?;
            }
            Standing::Behind => catch_up(&self.house, &index, &self.recovery)?,
            Standing::Foreign => {
                let lost = lost(self.packs_folder(), &index)?;
                index = rebuild(&self.house, lock, &self.recovery, &lost)?;
            }
        }
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&index);
        Ok(index)
    }

    /// Compares the index with the ends of the packs: a few system calls, whatever their size.
    fn standing(&self, index: &Index) -> Result<Standing> {
        let packs = self.packs_folder();
        let last = index.last_pack()?;
        let next = next_numbers(packs, last.map(|(number, _)| number), 1);
        let exists = next.map_or(Ok(None), |next| length_of(packs, *next.start()));
        if exists?.is_some() {
            return Ok(Standing::Behind);
        }
        if let Some((number, state)) = last {
            let Some(length) = length_of(packs, number)? else {
                return Ok(Standing::Foreign);
            };
            if state.closed && length != state.length {
                return Ok(Standing::Foreign);
            }
        }
        match index.open_pack()? {
            Some((number, state)) => open_standing(packs, number, &state),
            None => Ok(Standing::Current),
        }
    }

    /// Whether a pack that the index does not know yet takes the place of others.
    fn replaces(&self, index: &Index) -> Result<bool> {
        let last = index.last_pack()?.map_or(0, |(number, _)| number);
        let mut numbers = pack_numbers(self.packs_folder())?;
        numbers.retain(|number| *number > last);
        let replaced = Replaced::read(self.packs_folder(), &numbers)?;
        Ok(!replaced.is_empty())
    }

    /// Removes what processes that died had not published. Returns how many bytes that freed.
    pub(super) fn clear_incoming(&self) -> u64 {
        let Ok(Some(incoming)) = self.house.incoming_if_any() else {
            return 0;
        };
        let leftovers = self.leftovers();
        let removed = leftovers.into_iter().filter_map(|(name, bytes, _lock)| {
            incoming.remove_file(&name).ok()?;
            Some(bytes)
        });
        removed.sum()
    }

    /// What processes that died had not published: name, bytes, and a lock so that nobody takes it
    /// for alive. What has not the name and the kind of such a file is none.
    pub(super) fn leftovers(&self) -> Vec<(String, u64, File)> {
        let Ok(Some(incoming)) = self.house.incoming_if_any() else {
            return Vec::new();
        };
        let names = incoming.list().unwrap_or_default().into_iter();
        let dead = names.filter_map(|(name, kind)| {
            let wanted = layout::wanted("incoming", &name)?;
            // A living writer holds a lock on its own.
            let file = (kind == wanted).then(|| incoming.read(&name).ok())??;
            file.try_lock().ok()?;
            Some((name, file.metadata().ok()?.len(), file))
        });
        dead.collect()
    }
}

/// What an index knew of packs that are shorter now, or gone. An index of other packs, of which
/// not one is here, knows nothing.
fn lost(packs: &Folder, index: &Index) -> Result<Lost> {
    let mut lost = Lost::new();
    let mut is_ours = false;
    for (number, state) in index.packs()? {
        let (length, uuid) = match Pack::open(packs, number) {
            Ok(pack) => (pack.length()?, Some(pack.uuid)),
            // What cannot be read now is not lost, and must not be noted as such for good.
            Err(error @ StoreError::Io { .. }) if !is_missing(&error) => return Err(error),
            Err(error @ StoreError::TooNew { .. }) => return Err(error),
            Err(_) => (0, None),
        };
        is_ours |= uuid == Some(state.uuid);
        if length < state.length && uuid.is_none_or(|uuid| uuid == state.uuid) {
            let what = format!(
                "it ends here, and {} bytes more were once written",
                state.length - length
            );
            lost.push((number, length, what));
        }
    }
    lost.retain(|_| is_ours);
    Ok(lost)
}

fn is_missing(error: &StoreError) -> bool {
    matches!(error, StoreError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
}

/// Bytes of a pack's file, if there is one.
fn length_of(packs: &Folder, number: u32) -> Result<Option<u64>> {
    let found = packs.find_file(&pack_name(number));
    let found = found.map_err(io_error("examine", &pack_path(packs, number)))?;
    Ok(found.map(|found| found.bytes))
}

fn open_standing(packs: &Folder, number: u32, state: &PackState) -> Result<Standing> {
    let pack = match Pack::open(packs, number) {
        Ok(pack) => pack,
        Err(StoreError::Damaged { .. }) => return Ok(Standing::Foreign),
        Err(error) if is_missing(&error) => return Ok(Standing::Foreign),
        Err(error) => return Err(error),
    };
    let length = pack.length()?;
    if !pack.sound || pack.uuid != state.uuid || length < state.length {
        return Ok(Standing::Foreign);
    }
    Ok(match pack.tail(state.length) {
        Ok(tail) if tail == state.tail && length == state.length => Standing::Current,
        Ok(tail) if tail == state.tail => Standing::Behind,
        _ => Standing::Foreign,
    })
}

/// Enters what lies behind the end that the index knows. Under the lock.
fn catch_up(house: &House, index: &Index, recovery: &Mutex<Recovery>) -> Result<()> {
    let last = index.last_pack()?.map_or(0, |(number, _)| number);
    let open = index.open_pack()?;
    let mut reindex = Reindex::new(house.packs.clone(), index.writer()?, Tail::Cut);
    if let Some((number, state)) = open {
        reindex.add_end(number, &state)?;
    }
    reindex.add_packs_above(last, &Replaced::default())?;
    let cut_bytes = reindex.commit()?;
    note(
        recovery,
        Recovery {
            rebuilt: false,
            cut_bytes,
        },
    );
    Ok(())
}

fn note(recovery: &Mutex<Recovery>, report: Recovery) {
    let mut noted = recovery.lock().unwrap_or_else(PoisonError::into_inner);
    noted.rebuilt |= report.rebuilt;
    noted.cut_bytes += report.cut_bytes;
}
