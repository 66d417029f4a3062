//! Packs, chunks and the index that is rebuilt from them. Knows nothing of films.
//!
//! # Model
//! The truth is in append-only packs (`docs/format.md`); a small journal says where this project
//! stands, and how far packs were acknowledged. The index only says where in packs things lie and can
//! be deleted at any time. What is stored is collected in a [`Batch`] and becomes
//! visible by its commit, whole or not at all:
//!
//! ```text
//! bytes into the pack → fsync → record of the journal → fsync → transaction of the index → acknowledged
//! ```
//!
//! # Invariants
//! - Nothing in a pack is ever overwritten. Only what no commit acknowledged is cut off.
//! - Whoever writes to a pack in `packs/` or to the index holds `lock`. Readers hold nothing.
//! - The journal acknowledges no bytes that were not synced before, and the index names none.
//! - What packs hold and the journal does not acknowledge are objects: nothing stands on them.
//! - Every byte read back was checked against the id it was asked for.

#[cfg(any(test, feature = "attacks"))]
mod agree;
mod assemble;
mod batch;
mod catalogue;
mod check;
mod chunking;
mod collect;
mod compression;
mod error;
mod exchange;
mod facts;
mod house;
mod index;
mod ingest;
mod journal;
mod layout;
mod limits;
mod lost;
mod marks;
mod network;
mod outline;
mod pack;
mod position;
mod promised;
mod publish;
mod query;
mod read;
mod record;
mod recover;
mod reindex;
mod release;
mod repair;
mod replaced;
mod rewrite;
mod room;
mod salvage;
mod scan;
mod state;
#[cfg(test)]
mod tests;
mod walk;
mod windows;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

pub use batch::{Batch, Stored};
pub use catalogue::{Catalogue, FileRecords};
pub use check::{Check, Finding, FindingKind, NO_JOURNAL, Watch, check};
#[cfg(feature = "attacks")]
pub use chunking::apart::film_in_pieces;
pub use collect::{CollectRequest, Collected, Needed};
pub use error::{Result, StoreError, Unsupplied};
pub use exchange::{
    Carried, ExchangePack, ExchangeWriter, Exchanged, Link, check_exchange, exchange_bytes,
    put_together,
};
pub use position::{Position, refs_of};
pub use promised::{Promised, Supplier};
pub use publish::Committed;
pub use record::RecordId;
pub use recover::{Damage, Recovery};
pub use release::Release;
pub use repair::{RepairPlan, repair};
pub use rewrite::Rewritten;

use crate::base::atomic;
use crate::base::folder::Folder;
use crate::base::lock::{FileLock, Holder, WAIT};
use crate::base::progress::Progress;
use crate::object::{OperationId, ProjectId};
use error::io_error;
use house::{FORMAT_FILE, House, made};
use index::Index;
use pack::Pack;
use promised::{Seal, Supply};

/// The file of the lock that who writes holds.
const LOCK: &str = "lock";
/// Packs kept open at a time.
const MAX_OPEN_PACKS: usize = 64;

/// The content, objects and refs of one project: its `.aiut/` folder.
///
/// Shared freely between threads; any number of processes may have the same folder open.
#[derive(Debug)]
pub struct Store {
    house: House,
    holder: Holder,
    read_only: bool,
    index: RwLock<Arc<Index>>,
    packs: Mutex<HashMap<u32, Arc<Pack>>>,
    recovery: Mutex<Recovery>,
    /// The operation that was last found to be the current one, and its refs.
    current: Mutex<Option<(OperationId, Arc<Position>)>>,
    /// Which index was in use when it was opened: with another one, records may have gone.
    opened: u32,
    /// Whether leftovers of dead writers were looked for.
    cleared: AtomicBool,
    /// What need not be here, as it was last read.
    promised: Mutex<Option<(Seal, Arc<Promised>)>>,
    /// Who gets it.
    supply: Supply,
}

impl Store {
    /// Makes an empty store in `folder`, which is made if missing: that of a new project.
    ///
    /// # Errors
    /// `AlreadyExists`, `NetworkFileSystem`, or an I/O error.
    pub fn create(folder: &Path, project: ProjectId) -> Result<Self> {
        let own = Folder::make(folder).map_err(io_error("create", folder))?;
        let format = own.path_of(FORMAT_FILE);
        let found = own.find(FORMAT_FILE);
        if found.map_err(io_error("examine", &format))?.is_some() {
            return Err(StoreError::AlreadyExists(folder.to_owned()));
        }
        made(&own, house::PACKS)?;
        made(&own, "incoming")?;
        // Last, so that what has no format file is no store yet.
        atomic::write_in(&own, FORMAT_FILE, house::format_of(project).as_bytes())
            .map_err(io_error("write", &format))?;
        if let Some(parent) = folder
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
        {
            atomic::sync_folder(parent).map_err(io_error("sync", parent))?;
        }
        Self::open(folder)
    }

    /// Whether `folder` is what a [`Self::create`] that was interrupted left: no store yet, and nothing
    /// that anybody would miss. One that lost its `format` and has anything else in it is not.
    ///
    /// # Errors
    /// An I/O error, but for a folder that is not there: it was not begun.
    pub fn was_begun(folder: &Path) -> Result<bool> {
        let is_empty = |own: &Folder, name: &str| -> std::io::Result<bool> {
            let inner = own.folder_if_any(name)?;
            inner.map_or(Ok(true), |inner| Ok(inner.list()?.is_empty()))
        };
        let look = || {
            let own = match Folder::open(folder) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
                own => own?,
            };
            for (name, _) in own.list()? {
                let belongs = match name.as_str() {
                    ".gitignore" => true,
                    "incoming" | house::PACKS => is_empty(&own, &name)?,
                    name => crate::base::layout::replaced_by(name).is_some(),
                };
                if !belongs {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        look().map_err(io_error("examine", folder))
    }

    /// From here on, tells how far the rewriting of packs is.
    pub fn tell(&self, progress: Arc<dyn Progress>) {
        self.house.progress.set(progress);
    }

    /// Opens the store in `folder`, bringing its index up to date if a crash left it behind. Where no
    /// index can be had, for want of room or of the right to write, it is made in memory, and the
    /// store can be read.
    ///
    /// # Errors
    /// `NotARepository`, `UnknownFormat`, `TooNew`, `NetworkFileSystem`, or what recovery met.
    pub fn open(folder: &Path) -> Result<Self> {
        let house = House::enter(folder)?;
        network::refuse(folder)?;
        let holder = Holder::default();
        let recovery = Mutex::default();
        let opened = match Index::open_complete(&house.own, false) {
            Err(error) if error.is_for_want_of_rights() => {
                Index::open_complete(&house.own, true).map(|index| (index, true))
            }
            index => index.map(|index| (index, false)),
        };
        let made = match opened {
            Ok((Some(index), read_only)) => Ok((index, read_only)),
            Ok((None, true)) => Err(StoreError::ReadOnly(folder.to_owned())),
            Ok((None, false)) => {
                let lock = FileLock::acquire(&house.own, LOCK, &holder, WAIT);
                lock.map_err(StoreError::from)
                    .and_then(|lock| recover::open_or_rebuild(&house, &lock, &recovery))
                    .map(|index| (index, false))
            }
            Err(error) => Err(error),
        };
        let (index, read_only) = match made {
            Err(error) if error.is_for_want_of_rights() => (recover::in_memory(&house)?, true),
            Err(error) if error.is_for_want_of_room() => (recover::in_memory(&house)?, false),
            made => made?,
        };
        let store = Self {
            house,
            holder,
            read_only,
            opened: index.number,
            index: RwLock::new(index),
            packs: Mutex::default(),
            recovery,
            current: Mutex::default(),
            cleared: AtomicBool::new(false),
            promised: Mutex::default(),
            supply: Supply::default(),
        };
        match store.recover_if_free() {
            Err(error) if error.is_for_want_of_room() || error.is_for_want_of_rights() => {
                let index = recover::in_memory(&store.house)?;
                *store.index.write().unwrap_or_else(PoisonError::into_inner) = index;
            }
            recovered => recovered?,
        }
        Ok(store)
    }

    /// Opens the store in `folder` for a look alone: by an index that is there, as it is. What a
    /// crash left behind stays, and nothing can be written.
    ///
    /// # Errors
    /// `NotARepository`, `UnknownFormat`, `NetworkFileSystem`; `ReadOnly` where there is no index.
    pub fn peek(folder: &Path) -> Result<Self> {
        let house = House::enter(folder)?;
        network::refuse(folder)?;
        let index = match Index::open_complete(&house.own, false) {
            Err(error) if error.is_for_want_of_rights() => Index::open_complete(&house.own, true),
            index => index,
        };
        let index = index?.ok_or_else(|| StoreError::ReadOnly(folder.to_owned()))?;
        Ok(Self {
            house,
            holder: Holder::default(),
            read_only: true,
            opened: index.number,
            index: RwLock::new(index),
            packs: Mutex::default(),
            recovery: Mutex::default(),
            current: Mutex::default(),
            cleared: AtomicBool::new(false),
            promised: Mutex::default(),
            supply: Supply::default(),
        })
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
        self.house.own.path()
    }

    /// The project that it is of.
    #[must_use]
    pub fn project(&self) -> ProjectId {
        self.house.project
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

    fn packs_folder(&self) -> &Folder {
        &self.house.packs
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
            return Err(StoreError::ReadOnly(self.folder().to_owned()));
        }
        let own = &self.house.own;
        Ok(FileLock::acquire(own, LOCK, &self.holder, WAIT)?)
    }

    /// The right to write if nobody has it.
    fn try_lock(&self) -> Result<Option<FileLock>> {
        if self.read_only {
            return Ok(None);
        }
        Ok(FileLock::try_acquire(&self.house.own, LOCK, &self.holder)?)
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
        let pack = Arc::new(Pack::open(self.packs_folder(), number)?);
        if packs.len() >= MAX_OPEN_PACKS {
            // Any will do: who still reads one keeps it open.
            packs.clear();
        }
        packs.insert(number, Arc::clone(&pack));
        Ok(pack)
    }
}
