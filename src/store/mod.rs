//! Packs, chunks and the index that is rebuilt from them. Knows nothing of films.
//!
//! # Model
//! The truth is in append-only packs (`docs/format.md`); the index only says where in them things
//! lie and can be deleted at any time. What is stored is collected in a [`Batch`] and becomes
//! visible by its commit, whole or not at all:
//!
//! ```text
//! bytes into the pack → fsync the pack → transaction of the index → acknowledged
//! ```
//!
//! # Invariants
//! - Nothing in a pack is ever overwritten. Only what no commit acknowledged is cut off.
//! - Whoever writes to a pack in `packs/` or to the index holds `lock`. Readers hold nothing.
//! - The index never names bytes that were not synced before.
//! - Every byte read back was checked against the id it was asked for.

mod assemble;
mod batch;
mod catalogue;
mod check;
mod collect;
mod compare;
mod compression;
mod cutting;
mod error;
mod facts;
mod index;
mod ingest;
mod layout;
mod limits;
mod marks;
mod network;
mod outline;
mod pack;
mod publish;
mod query;
mod read;
mod record;
mod recover;
mod reindex;
mod repair;
mod replaced;
mod rewrite;
mod room;
mod salvage;
mod scan;
#[cfg(test)]
mod tests;
mod walk;
mod windows;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

pub use batch::{Batch, Stored};
pub use catalogue::{Catalogue, FileRecords};
pub use check::{Check, Finding, FindingKind, Watch, check};
pub use collect::{CollectRequest, Collected, Needed};
pub use error::{Result, StoreError};
pub use publish::Committed;
pub use record::RecordId;
pub use recover::{Damage, Recovery};
pub use repair::{RepairPlan, repair};
pub use rewrite::Rewritten;

use crate::base::atomic;
use crate::base::fault;
use crate::base::lock::{FileLock, Holder, WAIT};
use crate::object::{OperationId, View};
use error::io_error;
use index::Index;
use pack::Pack;

/// Says that a folder holds a store, and in which format.
const FORMAT_FILE: &str = "format";
const FORMAT: &str = "aiut repository 1\n";
/// Longest text read from the format file, in bytes.
const MAX_FORMAT_BYTES: u64 = 256;
/// Packs kept open at a time.
const MAX_OPEN_PACKS: usize = 64;

/// The content, objects and refs of one project: its `.aiut/` folder.
///
/// Shared freely between threads; any number of processes may have the same folder open.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    holder: Holder,
    read_only: bool,
    index: RwLock<Arc<Index>>,
    packs: Mutex<HashMap<u32, Arc<Pack>>>,
    recovery: Mutex<Recovery>,
    /// The operation that was last found to be the current one, and its refs.
    current: Mutex<Option<(OperationId, Arc<View>)>>,
    /// Which index was in use when it was opened: with another one, records may have gone.
    opened: u32,
    /// Whether leftovers of dead writers were looked for.
    cleared: AtomicBool,
}

impl Store {
    /// Makes an empty store in `folder`, which is made if missing.
    ///
    /// # Errors
    /// `AlreadyExists`, `NetworkFileSystem`, or an I/O error.
    pub fn create(folder: &Path) -> Result<Self> {
        let format = folder.join(FORMAT_FILE);
        if format.exists() {
            return Err(StoreError::AlreadyExists(folder.to_owned()));
        }
        for made in [
            folder.to_owned(),
            folder.join("packs"),
            folder.join("incoming"),
        ] {
            std::fs::create_dir_all(&made).map_err(io_error("create", &made))?;
        }
        // Last, so that what has no format file is no store yet.
        atomic::write(&format, FORMAT.as_bytes()).map_err(io_error("write", &format))?;
        if let Some(parent) = folder
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
        {
            atomic::sync_folder(parent).map_err(io_error("sync", parent))?;
        }
        Self::open(folder)
    }

    /// Opens the store in `folder`, bringing its index up to date if a crash left it behind.
    ///
    /// # Errors
    /// `NotARepository`, `UnknownFormat`, `NetworkFileSystem`, or what recovery met.
    pub fn open(folder: &Path) -> Result<Self> {
        check_format(folder)?;
        network::refuse(folder)?;
        let recovery = Mutex::default();
        let (index, read_only) = match Index::open_complete(&folder.join("index"), false) {
            Err(StoreError::ReadOnly(_)) => {
                (Index::open_complete(&folder.join("index"), true)?, true)
            }
            index => (index?, false),
        };
        let holder = Holder::default();
        let packs = Mutex::default();
        let index = match index {
            Some(index) => index,
            None if read_only => return Err(StoreError::ReadOnly(folder.to_owned())),
            None => {
                let lock = FileLock::acquire(&folder.join("lock"), &holder, WAIT)?;
                recover::open_or_rebuild(folder, &lock, &recovery)?
            }
        };
        let folder = folder.to_owned();
        let store = Self {
            folder,
            holder,
            read_only,
            opened: index.number,
            index: RwLock::new(index),
            packs,
            recovery,
            current: Mutex::default(),
            cleared: AtomicBool::new(false),
        };
        store.recover_if_free()?;
        Ok(store)
    }

    /// The same store, telling those who wait for it who they wait for.
    #[must_use]
    pub fn with_holder(mut self, holder: Holder) -> Self {
        self.holder = holder;
        self
    }

    /// The folder it lies in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the folder can be read only.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// What had to be repaired since it was opened.
    #[must_use]
    pub fn recovery(&self) -> Recovery {
        *self.recovery.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn packs_folder(&self) -> PathBuf {
        self.folder.join("packs")
    }

    fn incoming_folder(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    fn index_folder(&self) -> PathBuf {
        self.folder.join("index")
    }

    /// The index in use.
    fn index(&self) -> Arc<Index> {
        self.index
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The right to write, waiting for it if need be.
    fn lock(&self) -> Result<FileLock> {
        if self.read_only {
            return Err(StoreError::ReadOnly(self.folder.clone()));
        }
        Ok(FileLock::acquire(
            &self.folder.join("lock"),
            &self.holder,
            WAIT,
        )?)
    }

    /// The right to write if nobody has it.
    fn try_lock(&self) -> Result<Option<FileLock>> {
        if self.read_only {
            return Ok(None);
        }
        Ok(FileLock::try_acquire(
            &self.folder.join("lock"),
            &self.holder,
        )?)
    }

    /// Closes the packs that are open for reading: others may have taken their place.
    fn forget_packs(&self) {
        self.packs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// The pack of this number.
    fn pack(&self, number: u32) -> Result<Arc<Pack>> {
        let mut packs = self.packs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pack) = packs.get(&number) {
            return Ok(Arc::clone(pack));
        }
        let pack = Arc::new(Pack::open(pack::pack_path(&self.packs_folder(), number))?);
        if packs.len() >= MAX_OPEN_PACKS {
            // Any will do: who still reads one keeps it open.
            packs.clear();
        }
        packs.insert(number, Arc::clone(&pack));
        Ok(pack)
    }
}

fn check_format(folder: &Path) -> Result<()> {
    let path = folder.join(FORMAT_FILE);
    let mut text = Vec::new();
    let opened = fault::read(&path).and_then(|()| std::fs::File::open(&path));
    let read = opened.and_then(|file| {
        io::Read::read_to_end(&mut io::Read::take(file, MAX_FORMAT_BYTES), &mut text)
    });
    match read {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Err(StoreError::NotARepository(folder.to_owned()))
        }
        Err(error) => Err(io_error("read", &path)(error)),
        Ok(_) if text == FORMAT.as_bytes() => Ok(()),
        Ok(_) => {
            let found = String::from_utf8_lossy(&text).trim_end().to_owned();
            Err(StoreError::UnknownFormat { path, found })
        }
    }
}
