//! Opening LMDB: once per process and folder, and never a damaged file.

use std::collections::HashMap;
use std::io::ErrorKind::{
    InvalidData, NotFound, OutOfMemory, PermissionDenied, ReadOnlyFilesystem,
};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use heed::{Env, EnvFlags, EnvOpenOptions, WithoutTls};

use super::super::error::{Result, StoreError, io_error};
use super::engine::{COUNT, Engine, needed_bytes};
use crate::base::boot;
use crate::base::fault::{self, Step};
use crate::base::folder::{Folder, take_room};
use crate::base::layout::{INDEX_FILES, MAX_INDEX_NUMBER, index_number};
use crate::base::process::while_nothing_starts;

/// A ceiling on address space, not a size: some hundred million records.
#[cfg(target_pointer_width = "64")]
const MAP_BYTES: usize = 64 << 30;
#[cfg(not(target_pointer_width = "64"))]
const MAP_BYTES: usize = 1 << 30;
/// With less it is not tried: some hundred thousand records.
const LEAST_MAP_BYTES: usize = 64 << 20;
/// Where a process may have so much address space and no more, one of so many parts of it is the
/// map's.
const MAP_SHARE: u64 = 4;

/// Readers at one moment, over all processes.
const MAX_READERS: u32 = 1000;
/// Bytes of LMDB's file of locks, at least what it makes of it for so many readers.
const LOCK_BYTES: u64 = 64 << 10;

/// How often the folder is listed again when indexes come and go while one is looked for.
const OPEN_ATTEMPTS: usize = 20;

/// The folder of the indexes.
const INDEX: &str = "index";
/// LMDB's file of entries, and that of its locks.
const DATA: &str = INDEX_FILES[0];
const LOCKS: &str = INDEX_FILES[1];
/// In which run of the system the index was begun.
const BOOT: &str = INDEX_FILES[2];
/// What it says where every transaction waits for the disk, as runs cannot be told apart.
const SYNCED: &str = "synced\n";
/// Longest text read from it, in bytes.
const MAX_BOOT_BYTES: u64 = 256;

/// LMDB may be opened once per process only, so stores on one folder share what is open.
static OPEN: LazyLock<Mutex<HashMap<PathBuf, Weak<Index>>>> = LazyLock::new(Mutex::default);

/// An open index.
#[derive(Debug)]
pub(in crate::store) struct Index {
    pub(super) engine: Engine,
    /// `index/NUMBER/`
    pub(super) folder: PathBuf,
    /// Which of the rebuilt ones it is; 0 for one in memory.
    pub(in crate::store) number: u32,
}

impl Index {
    /// The newest index of a store, whose own folder is given; none when there is none, or it is
    /// unusable and is to be rebuilt.
    pub(in crate::store) fn open(own: &Folder, read_only: bool) -> Result<Option<Arc<Self>>> {
        match newest(own)? {
            Some(number) => Self::open_number(own, number, read_only),
            None => Ok(None),
        }
    }

    /// The newest index that is complete, for whoever only reads: while one is being made, the one
    /// before will do, and whoever removes that one has completed the next.
    pub(in crate::store) fn open_complete(
        own: &Folder,
        read_only: bool,
    ) -> Result<Option<Arc<Self>>> {
        for _ in 0..OPEN_ATTEMPTS {
            let mut listed = numbers(own)?;
            listed.sort_unstable();
            for number in listed.iter().rev() {
                if let Some(index) = Self::open_number(own, *number, read_only)? {
                    return Ok(Some(index));
                }
            }
            let mut now = numbers(own)?;
            now.sort_unstable();
            if now == listed {
                break;
            }
        }
        Ok(None)
    }

    fn open_number(own: &Folder, number: u32, read_only: bool) -> Result<Option<Arc<Self>>> {
        let folder = match folder_of(own, number) {
            // A newer one was completed, and this one removed, at this very moment.
            Err(error) if error.kind() == NotFound => return Ok(None),
            folder => folder.map_err(io_error("open", &own.path_of(INDEX)))?,
        };
        let path = folder.path();
        if !is_usable(&folder, read_only).map_err(io_error("open", path))? {
            return Ok(None);
        }
        match Self::share(&folder, number, read_only) {
            Ok(index) if index.is_complete() => Ok(Some(index)),
            Ok(_) => Ok(None),
            Err(error @ heed::Error::Mdb(heed::MdbError::MapResized)) => Err(failed(path, error)),
            // Not for lack of a right or of room: what is there is no index.
            Err(heed::Error::Mdb(_)) => Ok(None),
            Err(heed::Error::Io(error)) if error.kind() == NotFound => Ok(None),
            Err(heed::Error::Io(error))
                if matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem) =>
            {
                Err(StoreError::ReadOnly(path.to_owned()))
            }
            Err(error) => Err(failed(path, error)),
        }
    }

    /// A new index, empty and not complete before its first transaction. Under the store's lock.
    pub(in crate::store) fn create(own: &Folder) -> Result<Arc<Self>> {
        let path = own.path_of(INDEX);
        let number = newest(own)?.unwrap_or(0) + 1;
        if number > MAX_INDEX_NUMBER {
            let why = format!("{MAX_INDEX_NUMBER} is the highest there is: delete that folder");
            return Err(io_error("number an index in", &path)(io::Error::other(why)));
        }
        let indexes = own.folder_made(INDEX).map_err(io_error("create", &path))?;
        let folder = indexes.folder_made(&number.to_string());
        let folder = folder.map_err(io_error("create", &path))?;
        let made = write_boot(&folder).map_err(heed::Error::Io);
        let made = made.and_then(|()| Self::share(&folder, number, false));
        if made.is_err() {
            remove(&indexes, number);
        }
        made.map_err(|error| failed(folder.path(), error))
    }

    /// An empty index that is in no file, for this process alone.
    pub(in crate::store) fn in_memory(own: &Folder) -> Arc<Self> {
        Arc::new(Self {
            engine: Engine::memory(),
            folder: own.path_of(INDEX),
            number: 0,
        })
    }

    /// Whether it is in no file.
    pub(in crate::store) fn is_in_memory(&self) -> bool {
        matches!(self.engine, Engine::Memory(_))
    }

    /// Whether a newer one was made since.
    pub(in crate::store) fn is_outdated(&self, own: &Folder) -> Result<bool> {
        Ok(newest(own)? != Some(self.number))
    }

    /// Deletes what came before. Those who read it keep what they have open.
    pub(in crate::store) fn remove_older(&self, own: &Folder) {
        if let Ok(indexes) = own.folder(INDEX) {
            for number in numbers(own).unwrap_or_default() {
                if number < self.number {
                    remove(&indexes, number);
                }
            }
        }
    }

    /// Deletes it again, as it was never complete.
    pub(in crate::store) fn discard(&self, own: &Folder) {
        if let Ok(indexes) = own.folder(INDEX) {
            remove(&indexes, self.number);
        }
    }

    fn share(folder: &Folder, number: u32, read_only: bool) -> Result<Arc<Self>, heed::Error> {
        let canonical = folder.path().canonicalize()?;
        loop {
            let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(index) = open.get(&canonical).and_then(Weak::upgrade) {
                return Ok(index);
            }
            open.retain(|_, index| index.strong_count() > 0);
            if let Some(closing) = heed::env_closing_event(&canonical) {
                // Its last user is just letting go of it in another thread. Until then its file of
                // locks must not be opened: closing that would take all its locks away.
                drop(open);
                closing.wait();
                continue;
            }
            if !read_only {
                make_room_for_locks(folder)?;
            }
            let env = open_env(&canonical, read_only)?;
            if env.real_disk_size()? < needed_bytes(&env) || !is_in(&env, folder)? {
                return Err(heed::Error::Mdb(heed::MdbError::Corrupted));
            }
            let index = Arc::new(Self {
                engine: Engine::lmdb(env, read_only)?,
                folder: folder.path().to_owned(),
                number,
            });
            open.insert(canonical, Arc::downgrade(&index));
            return Ok(index);
        }
    }
}

/// LMDB writes to its file of locks through a memory map. Its blocks are there before that, or the
/// disk is full and that is an error; without them it would be a bus error.
fn make_room_for_locks(folder: &Folder) -> io::Result<()> {
    let found = folder.find_file(LOCKS)?;
    if found.is_some_and(|found| found.bytes >= LOCK_BYTES && found.taken >= found.bytes) {
        return Ok(());
    }
    let bytes = found.map_or(0, |found| found.bytes).max(LOCK_BYTES);
    take_room(&folder.open_or_create(LOCKS)?, bytes)
}

/// Whether LMDB, which opens files by their path, has opened the one that was looked at.
fn is_in(env: &Env<WithoutTls>, folder: &Folder) -> Result<bool, heed::Error> {
    use crate::base::folder::Found;
    let opened = Found::of(&env.try_clone_inner_file()?)?.identity;
    let named = folder.find_file(DATA)?;
    Ok(named.is_some_and(|named| named.identity == opened))
}

/// How much address space is tried first: all that an index may ever need, or a share of what this
/// process may have.
fn map_bytes() -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        if let Some(limit) = getrlimit(Resource::As).current {
            let share = usize::try_from(limit / MAP_SHARE).unwrap_or(MAP_BYTES);
            // Whole megabytes are whole pages.
            return (share.min(MAP_BYTES) & !((1 << 20) - 1)).max(LEAST_MAP_BYTES);
        }
    }
    MAP_BYTES
}

/// LMDB maps as much as the file has, at least; what it is given on top is room to grow, which other
/// processes may have more or less of.
fn open_env(folder: &Path, read_only: bool) -> Result<Env<WithoutTls>, heed::Error> {
    let mut bytes = map_bytes();
    loop {
        match open_env_of(folder, read_only, bytes) {
            Err(heed::Error::Io(error))
                if error.kind() == OutOfMemory && bytes > LEAST_MAP_BYTES =>
            {
                bytes = (bytes / 4).max(LEAST_MAP_BYTES);
            }
            opened => return opened,
        }
    }
}

/// The one place that needs `unsafe`: LMDB reads through a memory map.
#[allow(unsafe_code)]
fn open_env_of(
    folder: &Path,
    read_only: bool,
    map_bytes: usize,
) -> Result<Env<WithoutTls>, heed::Error> {
    let mut options = EnvOpenOptions::new().read_txn_without_tls();
    options
        .map_size(map_bytes)
        .max_readers(MAX_READERS)
        .max_dbs(COUNT as u32);
    let flags = if read_only {
        EnvFlags::READ_ONLY | EnvFlags::NO_LOCK
    } else if this_boot() == SYNCED {
        // The last transaction may be lost with the power: the packs still have it.
        EnvFlags::NO_META_SYNC
    } else {
        // All of it may be lost with the power, and is then in doubt: `is_usable`.
        EnvFlags::NO_SYNC
    };
    // SAFETY: the map stays valid as long as nobody but LMDB changes the file. Only this module
    // opens or touches the files of `index/`; all writing is under the store's lock; network file
    // systems are refused; a file shorter than its pages say is not read from (`share`), nor one that
    // has other names, by which others could write to it (`is_usable`);
    // a rebuilt index goes to a new folder, so that an open file is never replaced or cut.
    // NO_LOCK is used only where the folder cannot be written to, so by no writer either.
    let env = while_nothing_starts(|| unsafe {
        options.flags(flags);
        options.open(folder)
    })?;
    if !read_only {
        let_the_group_in(folder);
    }
    Ok(env)
}

/// LMDB makes its files for their owner alone. Who may write into the folder may write into them, or a folder
/// that a group shares would be one person's. Whoever does not own them cannot say so, and need not.
#[cfg(unix)]
fn let_the_group_in(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode_of = |path: &Path| Some(path.metadata().ok()?.permissions().mode() & 0o777);
    let Some(mode) = mode_of(folder).map(|mode| mode & 0o666) else {
        return;
    };
    for name in [DATA, LOCKS] {
        let path = folder.join(name);
        if mode_of(&path) == Some(0o600) && mode != 0o600 {
            let _ = std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode));
        }
    }
}

#[cfg(not(unix))]
fn let_the_group_in(_folder: &Path) {}

/// Whether the index is in no doubt since the power may have failed, and its file has the two meta pages
/// that LMDB itself reads when opening, and is nobody else's: LMDB writes into its files, and those of a copy by hard links are the same files. Such an
/// index is left to the copy, and another made.
fn is_usable(folder: &Folder, read_only: bool) -> io::Result<bool> {
    let Some(data) = folder.find_file(DATA)? else {
        return Ok(false);
    };
    if !is_of_this_boot(folder)? {
        return Ok(false);
    }
    let locks = folder.find_file(LOCKS)?;
    let alone = data.names <= 1 && locks.is_none_or(|locks| locks.names <= 1);
    Ok(data.bytes >= 2 * 4096 && (alone || read_only))
}

/// What the file of a new index says.
fn this_boot() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| match boot::id() {
        Some(id) => format!("{id}\n"),
        None => SYNCED.to_owned(),
    });
    &TEXT
}

fn write_boot(folder: &Folder) -> io::Result<()> {
    let mut file = folder.open_or_create(BOOT)?;
    let (path, bytes) = (&folder.path_of(BOOT), this_boot().as_bytes());
    fault::step(Step::Write {
        file: &file,
        path,
        offset: Some(0),
        bytes,
    })?;
    file.write_all(bytes)
}

/// Whether the system has run without a break since the index was begun, or all of it is on the disk.
fn is_of_this_boot(folder: &Folder) -> io::Result<bool> {
    let mut text = String::new();
    let read = folder
        .read(BOOT)
        .and_then(|file| file.take(MAX_BOOT_BYTES).read_to_string(&mut text));
    match read {
        Err(error) if matches!(error.kind(), NotFound | InvalidData) => Ok(false),
        read => read.map(|_| text == this_boot() || text == SYNCED),
    }
}

/// The folder of the index with this number.
fn folder_of(own: &Folder, number: u32) -> io::Result<Folder> {
    own.folder(INDEX)?.folder(&number.to_string())
}

/// Deletes an index: its files, and its folder if nothing else is in it. A leftover costs room and
/// nothing else.
fn remove(indexes: &Folder, number: u32) {
    let name = number.to_string();
    if let Ok(folder) = indexes.folder(&name) {
        for file in INDEX_FILES {
            let _ = folder.remove_file(file);
        }
        let _ = indexes.remove_empty(&name);
    }
}

/// The highest number of the indexes of a store, whose own folder is given.
pub(in crate::store) fn newest(own: &Folder) -> Result<Option<u32>> {
    Ok(numbers(own)?.into_iter().max())
}

fn numbers(own: &Folder) -> Result<Vec<u32>> {
    let listed = match own.folder_if_any(INDEX) {
        Ok(None) => return Ok(Vec::new()),
        Ok(Some(indexes)) => indexes.list(),
        Err(error) => Err(error),
    };
    let listed = listed.map_err(io_error("list", &own.path_of(INDEX)))?;
    Ok(listed
        .iter()
        .filter_map(|(name, _)| index_number(name))
        .collect())
}

pub(super) fn failed(folder: &Path, error: heed::Error) -> StoreError {
    if let heed::Error::Io(source) = error {
        // A full disk, say: nothing that deleting the index would mend.
        return io_error("write or read", folder)(told(folder, source));
    }
    let narrow = match error {
        heed::Error::Mdb(heed::MdbError::MapFull) => Some(
            "it has outgrown the address space that this process may have (`ulimit -v`); allow more",
        ),
        heed::Error::Mdb(heed::MdbError::MapResized) => {
            Some("another process has made it larger meanwhile; run this again")
        }
        _ => None,
    };
    if let Some(why) = narrow {
        return io_error("use", folder)(io::Error::new(OutOfMemory, why));
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
