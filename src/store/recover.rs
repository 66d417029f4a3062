//! Bringing the index to what the packs hold: after a crash, or when it is lost.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use super::Store;
use super::error::{Result, StoreError, io_error};
use super::facts::PackState;
use super::index::Index;
use super::pack::{Pack, next_numbers, pack_path};
use super::reindex::{Reindex, Tail, pack_numbers};
use super::replaced::Replaced;
use crate::base::fault;
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
    folder: &Path,
    lock: &FileLock,
    recovery: &Mutex<Recovery>,
) -> Result<Arc<Index>> {
    // Another process may have made it while this one waited for the lock.
    match Index::open(&folder.join("index"), false)? {
        Some(index) => Ok(index),
        None => rebuild(folder, lock, recovery, &Lost::new()),
    }
}

/// Places that an index knew to be written and that are gone: pack, offset, what is wrong.
type Lost = Vec<(u32, u64, String)>;

/// A new index from what the packs hold, which notes what the old one knew to be lost. Under the
/// lock.
pub(super) fn rebuild(
    folder: &Path,
    _lock: &FileLock,
    recovery: &Mutex<Recovery>,
    lost: &Lost,
) -> Result<Arc<Index>> {
    let index = Index::create(&folder.join("index"))?;
    let packs = folder.join("packs");
    let replaced = Replaced::read(&packs, &pack_numbers(&packs)?)?;
    let mut reindex = Reindex::new(packs, index.writer()?, Tail::Keep);
    let rebuilt = reindex.add_packs_above(0, &replaced)? > 0;
    for (number, offset, what) in lost {
        reindex.note(*number, *offset, what)?;
    }
    let cut_bytes = reindex.commit()?;
    index.remove_older(&folder.join("index"));
    // No index names them any more. What cannot be removed now is in nobody's way.
    let _ = replaced.clear(folder);
    note(recovery, Recovery { rebuilt, cut_bytes });
    Ok(index)
}

impl Store {
    /// Brings the index up to date unless a writer is at it, who will do so himself.
    pub(super) fn recover_if_free(&self) -> Result<()> {
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
        let index = rebuild(&self.folder, lock, &self.recovery, &Lost::new())?;
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&index);
        Ok(index)
    }

    /// The index as a writer needs it: the newest, and up to date.
    pub(super) fn index_under_lock(&self, lock: &FileLock) -> Result<Arc<Index>> {
        if !self.cleared.swap(true, Ordering::Relaxed) {
            self.clear_incoming();
        }
        let mut index = self.index();
        if index.is_outdated(&self.index_folder())? {
            index = open_or_rebuild(&self.folder, lock, &self.recovery)?;
        }
        match self.standing(&index)? {
            Standing::Current => {}
            Standing::Behind if self.replaces(&index)? => {
                index = rebuild(&self.folder, lock, &self.recovery, &Lost::new())?;
            }
            Standing::Behind => catch_up(&self.folder, &index, &self.recovery)?,
            Standing::Foreign => {
                let lost = lost(&self.packs_folder(), &index)?;
                index = rebuild(&self.folder, lock, &self.recovery, &lost)?;
            }
        }
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&index);
        Ok(index)
    }

    /// Compares the index with the ends of the packs: a few system calls, whatever their size.
    fn standing(&self, index: &Index) -> Result<Standing> {
        let packs = self.packs_folder();
        let last = index.last_pack()?;
        let next = next_numbers(&packs, last.map(|(number, _)| number), 1);
        let exists = next.map_or(Ok(false), |next| {
            let path = pack_path(&packs, *next.start());
            let exists = fault::read(&path).and_then(|()| path.try_exists());
            exists.map_err(io_error("examine", &path))
        });
        if exists? {
            return Ok(Standing::Behind);
        }
        if let Some((number, state)) = last {
            let path = pack_path(&packs, number);
            let data = match fault::read(&path).and_then(|()| std::fs::metadata(&path)) {
                Ok(data) => data,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Ok(Standing::Foreign);
                }
                // What cannot be looked at is not gone.
                Err(error) => return Err(io_error("examine", &path)(error)),
            };
            if state.closed && data.len() != state.length {
                return Ok(Standing::Foreign);
            }
        }
        match index.open_pack()? {
            Some((number, state)) => open_standing(&pack_path(&packs, number), &state),
            None => Ok(Standing::Current),
        }
    }

    /// Whether a pack that the index does not know yet takes the place of others.
    fn replaces(&self, index: &Index) -> Result<bool> {
        let last = index.last_pack()?.map_or(0, |(number, _)| number);
        let mut numbers = pack_numbers(&self.packs_folder())?;
        numbers.retain(|number| *number > last);
        let replaced = Replaced::read(&self.packs_folder(), &numbers)?;
        Ok(!replaced.is_empty())
    }

    /// Removes what processes that died had not published. Returns how many bytes that freed.
    pub(super) fn clear_incoming(&self) -> u64 {
        let leftovers = self.leftovers();
        let removed = leftovers.into_iter().filter_map(|(path, bytes, _lock)| {
            std::fs::remove_file(path).ok()?;
            Some(bytes)
        });
        removed.sum()
    }

    /// What processes that died had not published, each locked so that nobody takes it for alive.
    pub(super) fn leftovers(&self) -> Vec<(PathBuf, u64, File)> {
        let Ok(entries) = std::fs::read_dir(self.incoming_folder()) else {
            return Vec::new();
        };
        let dead = entries.flatten().filter_map(|entry| {
            // A living writer holds a lock on its own.
            let file = OpenOptions::new().write(true).open(entry.path()).ok()?;
            file.try_lock().ok()?;
            Some((entry.path(), file.metadata().ok()?.len(), file))
        });
        dead.collect()
    }
}

/// What an index knew of packs that are shorter now, or gone. An index of other packs, of which
/// not one is here, knows nothing.
fn lost(packs: &Path, index: &Index) -> Result<Lost> {
    let mut lost = Lost::new();
    let mut is_ours = false;
    for (number, state) in index.packs()? {
        let path = pack_path(packs, number);
        let (length, uuid) = match Pack::open_any(path) {
            Ok((pack, _)) => (pack.length()?, Some(pack.uuid)),
            // What cannot be read now is not lost, and must not be noted as such for good.
            Err(error @ StoreError::Io { .. }) if !is_missing(&error) => return Err(error),
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

fn open_standing(path: &Path, state: &PackState) -> Result<Standing> {
    let pack = match Pack::open(path.to_owned()) {
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
fn catch_up(folder: &Path, index: &Index, recovery: &Mutex<Recovery>) -> Result<()> {
    let last = index.last_pack()?.map_or(0, |(number, _)| number);
    let open = index.open_pack()?;
    let mut reindex = Reindex::new(folder.join("packs"), index.writer()?, Tail::Cut);
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
