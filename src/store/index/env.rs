//! Opening LMDB: once per process and folder, and never a damaged file.

use std::collections::HashMap;
use std::io;
use std::io::ErrorKind::{NotFound, PermissionDenied, ReadOnlyFilesystem};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use heed::{Env, EnvFlags, EnvOpenOptions, WithoutTls};

use super::super::error::{Result, StoreError, io_error};
use super::tables::Tables;
use crate::base::fault;
use crate::base::process::while_nothing_starts;

/// A ceiling on address space, not a size: some hundred million records.
#[cfg(target_pointer_width = "64")]
const MAP_BYTES: usize = 64 << 30;
#[cfg(not(target_pointer_width = "64"))]
const MAP_BYTES: usize = 1 << 30;

/// Readers at one moment, over all processes.
const MAX_READERS: u32 = 1022;

/// How often the folder is listed again when indexes come and go while one is looked for.
const OPEN_ATTEMPTS: usize = 20;

/// LMDB may be opened once per process only, so stores on one folder share what is open.
static OPEN: LazyLock<Mutex<HashMap<PathBuf, Weak<Index>>>> = LazyLock::new(Mutex::default);

/// An open index.
#[derive(Debug)]
pub(in crate::store) struct Index {
    pub(super) env: Env<WithoutTls>,
    pub(super) tables: Tables,
    /// `index/NUMBER/`
    pub(super) folder: PathBuf,
    /// Which of the rebuilt ones it is.
    pub(in crate::store) number: u32,
}

impl Index {
    /// The newest index in `folder`; none when there is none, or it is unusable and is to be
    /// rebuilt.
    pub(in crate::store) fn open(folder: &Path, read_only: bool) -> Result<Option<Arc<Self>>> {
        match newest(folder)? {
            Some(number) => Self::open_number(folder, number, read_only),
            None => Ok(None),
        }
    }

    /// The newest index in `folder` that is complete, for whoever only reads: while one is being
    /// made, the one before will do, and whoever removes that one has completed the next.
    pub(in crate::store) fn open_complete(
        folder: &Path,
        read_only: bool,
    ) -> Result<Option<Arc<Self>>> {
        for _ in 0..OPEN_ATTEMPTS {
            let mut listed = numbers(folder)?;
            listed.sort_unstable();
            for number in listed.iter().rev() {
                if let Some(index) = Self::open_number(folder, *number, read_only)? {
                    return Ok(Some(index));
                }
            }
            let mut now = numbers(folder)?;
            now.sort_unstable();
            if now == listed {
                break;
            }
        }
        Ok(None)
    }

    fn open_number(folder: &Path, number: u32, read_only: bool) -> Result<Option<Arc<Self>>> {
        let folder = folder.join(number.to_string());
        if !looks_whole(&folder) {
            return Ok(None);
        }
        match Self::share(&folder, number, read_only) {
            Ok(index) if index.tables.are_complete(&index.env) => Ok(Some(index)),
            Ok(_) => Ok(None),
            // Not for lack of a right or of room: what is there is no index.
            Err(heed::Error::Mdb(_)) => Ok(None),
            // A newer one was completed, and this one removed, at this very moment.
            Err(heed::Error::Io(error)) if error.kind() == NotFound => Ok(None),
            Err(heed::Error::Io(error))
                if matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem) =>
            {
                Err(StoreError::ReadOnly(folder))
            }
            Err(error) => Err(failed(&folder, error)),
        }
    }

    /// A new index, empty and not complete before its first transaction. Under the store's lock.
    pub(in crate::store) fn create(folder: &Path) -> Result<Arc<Self>> {
        let number = newest(folder)?.map_or(1, |number| number + 1);
        let folder = folder.join(number.to_string());
        std::fs::create_dir_all(&folder).map_err(io_error("create", &folder))?;
        Self::share(&folder, number, false).map_err(|error| failed(&folder, error))
    }

    /// Whether a newer one was made since.
    pub(in crate::store) fn is_outdated(&self, folder: &Path) -> Result<bool> {
        Ok(newest(folder)? != Some(self.number))
    }

    /// Deletes what came before. Those who read it keep what they have open.
    pub(in crate::store) fn remove_older(&self, folder: &Path) {
        for number in numbers(folder).unwrap_or_default() {
            if number < self.number {
                // A leftover costs room and nothing else.
                let _ = std::fs::remove_dir_all(folder.join(number.to_string()));
            }
        }
    }

    fn share(folder: &Path, number: u32, read_only: bool) -> Result<Arc<Self>, heed::Error> {
        let canonical = folder.canonicalize()?;
        loop {
            let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(index) = open.get(&canonical).and_then(Weak::upgrade) {
                return Ok(index);
            }
            open.retain(|_, index| index.strong_count() > 0);
            match open_env(&canonical, read_only) {
                Ok(env) => {
                    if env.real_disk_size()? < needed_bytes(&env) {
                        return Err(heed::Error::Mdb(heed::MdbError::Corrupted));
                    }
                    let tables = Tables::open(&env, read_only)?;
                    let index = Arc::new(Self {
                        env,
                        tables,
                        folder: folder.to_owned(),
                        number,
                    });
                    open.insert(canonical, Arc::downgrade(&index));
                    return Ok(index);
                }
                Err(heed::Error::EnvAlreadyOpened) => {
                    // Its last user is just letting go of it in another thread.
                    drop(open);
                    if let Some(closing) = heed::env_closing_event(&canonical) {
                        closing.wait();
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Keeps the file as long as its pages say it is, which is how a cut one is told; LMDB does
    /// not write freed pages at the end. Under the store's lock.
    pub(super) fn fill_up(&self) -> Result<(), heed::Error> {
        let needed = needed_bytes(&self.env);
        if self.env.real_disk_size()? < needed {
            self.env.try_clone_inner_file()?.set_len(needed)?;
        }
        Ok(())
    }
}

/// How long the file must be. Reading a page beyond its end would be a bus error, not an error.
fn needed_bytes(env: &Env<WithoutTls>) -> u64 {
    let page = u64::from(env.unnamed_database_stat().page_size);
    (env.info().last_page_number as u64 + 1) * page
}

/// The one place that needs `unsafe`: LMDB reads through a memory map.
#[allow(unsafe_code)]
fn open_env(folder: &Path, read_only: bool) -> Result<Env<WithoutTls>, heed::Error> {
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    options
        .map_size(MAP_BYTES)
        .max_readers(MAX_READERS)
        .max_dbs(super::tables::COUNT as u32);
    // The last transaction may be lost with the power: the packs still have it.
    let flags = if read_only {
        EnvFlags::READ_ONLY | EnvFlags::NO_LOCK
    } else {
        EnvFlags::NO_META_SYNC
    };
    // SAFETY: the map stays valid as long as nobody but LMDB changes the file. Only this module
    // opens or touches the files of `index/`; all writing is under the store's lock; network file
    // systems are refused; a file shorter than its pages say is not read from (`share`);
    // a rebuilt index goes to a new folder, so that an open file is never replaced or cut.
    // NO_LOCK is used only where the folder cannot be written to, so by no writer either.
    while_nothing_starts(|| unsafe {
        options.flags(flags);
        options.open(folder)
    })
}

/// Whether the file has the two meta pages that LMDB itself reads when opening.
fn looks_whole(folder: &Path) -> bool {
    std::fs::metadata(folder.join("data.mdb")).is_ok_and(|data| data.len() >= 2 * 4096)
}

pub(super) fn newest(folder: &Path) -> Result<Option<u32>> {
    Ok(numbers(folder)?.into_iter().max())
}

fn numbers(folder: &Path) -> Result<Vec<u32>> {
    let entries = match fault::read(folder).and_then(|()| std::fs::read_dir(folder)) {
        Err(error) if error.kind() == NotFound => return Ok(Vec::new()),
        entries => entries.map_err(io_error("list", folder))?,
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry.map_err(io_error("list", folder))?.file_name();
        numbers.extend(name.to_str().and_then(|name| name.parse::<u32>().ok()));
    }
    Ok(numbers)
}

pub(super) fn failed(folder: &Path, error: heed::Error) -> StoreError {
    if let heed::Error::Io(source) = error {
        // A full disk, say: nothing that deleting the index would mend.
        return io_error("write or read", folder)(told(folder, source));
    }
    StoreError::Index {
        path: folder.to_owned(),
        source: Box::new(error),
    }
}

/// The error as it was meant: LMDB calls a write that was cut short an I/O error, whatever cut it.
/// Where there is no room for as much as it writes in one go, that is what did.
#[cfg(unix)]
fn told(folder: &Path, error: io::Error) -> io::Error {
    use crate::base::filesystem::examine;
    use rustix::io::Errno;

    let free = || examine(folder).ok().and_then(|found| found.free_bytes);
    let is_full = || free().is_some_and(|free| free < 1 << 20);
    if error.raw_os_error() == Some(Errno::IO.raw_os_error()) && is_full() {
        return Errno::NOSPC.into();
    }
    error
}

#[cfg(not(unix))]
fn told(_folder: &Path, error: io::Error) -> io::Error {
    error
}
