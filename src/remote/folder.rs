//! A folder as the place that a project is shared at: on this machine, a disk that travels, a mounted share.
//!
//! ```text
//! film/format, heads, packs/, index/ …   a store, as .aiut is one
//! film/pushes/                           pushes on their way
//! ```
//! What `aiut-server` keeps of a project is the same, so that a folder can be served later. A project of
//! somebody's own, with files beside its `.aiut`, can be fetched from. It is not pushed to: its timeline would
//! move on beneath the files.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::clock::Clock;
use crate::base::folder::Folder;
use crate::error::io_error;
use crate::host::{By, Host, HostLimits, NoGate};
use crate::ids::{PackId, SessionId};
use crate::object::ProjectId;
use crate::remote::Remote;
use crate::store::{RecordId, Store, StoreError};
use crate::wire::{Advertised, Listed, Push, Pushed, Session, Wanted};
use crate::{RemoteError, Result};

/// The folder of pushes on their way.
const PUSHES: &str = "pushes";
/// The store of a project that has files beside it.
const OWN: &str = ".aiut";

/// A shared folder.
#[derive(Debug)]
pub struct FolderRemote {
    path: PathBuf,
    by: By,
    /// What can be pushed to.
    shared: Option<Host>,
    /// What can be fetched from.
    store: Arc<Store>,
}

impl FolderRemote {
    /// Makes `path`, made if missing, a folder that a project is shared at.
    ///
    /// # Errors
    /// `Store` where one is there already, or the file system is another machine's.
    pub fn create(path: &Path, project: ProjectId) -> Result<()> {
        Store::create(path, project)?;
        Ok(())
    }

    /// Opens a shared folder, or somebody's project to fetch from.
    ///
    /// # Errors
    /// `Absent` where neither is there.
    pub fn open(path: &Path, by: By, clock: Arc<dyn Clock>, limits: HostLimits) -> Result<Self> {
        let own = path.join(OWN);
        let (store, is_shared) = match Store::open(path) {
            Err(StoreError::NotARepository(_)) => (Store::open(&own), false),
            store => (store, true),
        };
        let store = match store {
            Err(StoreError::NotARepository(_)) => {
                return Err(RemoteError::Absent(format!(
                    "a project in {}",
                    path.display()
                )));
            }
            store => Arc::new(store?),
        };
        // What was there before would be taken for all there is.
        if let Some(lost) = store.lost()? {
            return Err(lost.into());
        }
        let shared = match is_shared {
            true => Some(host_of(Arc::clone(&store), clock, limits)?),
            false => None,
        };
        Ok(Self {
            path: path.to_owned(),
            by,
            shared,
            store,
        })
    }

    /// What is kept there.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Forgets pushes that took too long. Returns how many.
    ///
    /// # Errors
    /// Any I/O error; `Refused` where nothing is pushed to.
    pub fn clear(&self) -> Result<usize> {
        self.shared()?.clear()
    }

    fn shared(&self) -> Result<&Host> {
        self.shared.as_ref().ok_or_else(|| {
            RemoteError::Refused(format!(
                "{} is a project with files of its own, and its timelines move with these; push to a shared folder",
                self.path.display()
            ))
        })
    }
}

/// The host of a store, with its pushes beside it.
///
/// # Errors
/// Any I/O error.
pub fn host_of(store: Arc<Store>, clock: Arc<dyn Clock>, limits: HostLimits) -> Result<Host> {
    let folder = store.folder().to_owned();
    let pushes = Folder::open(&folder).and_then(|own| own.folder_made(PUSHES));
    let pushes = pushes.map_err(io_error("open", folder.join(PUSHES)))?;
    let project = store.project();
    let (storage, refs) = (Arc::clone(&store), store);
    Ok(Host::new(project, storage, refs, pushes, clock, limits))
}

impl Remote for FolderRemote {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn is_lasting(&self) -> bool {
        self.shared.is_some()
    }

    fn advertise(&self) -> Result<Advertised> {
        crate::host::advertise_of(&*self.store, self.store.project())
    }

    fn missing(&self, session: Option<&SessionId>, records: &[RecordId]) -> Result<Vec<RecordId>> {
        match (session, &self.shared) {
            (None, None) => crate::host::missing_of(&*self.store, &[], records),
            _ => self.shared()?.missing(session, records),
        }
    }

    fn begin(&self, session: &SessionId) -> Result<Session> {
        self.shared()?.begin(session)
    }

    fn arrived(&self, session: &SessionId, pack: &PackId) -> Result<u64> {
        self.shared()?.arrived(session, pack)
    }

    fn upload(
        &self,
        session: &SessionId,
        pack: &PackId,
        bytes: u64,
        offset: u64,
        rest: &mut (dyn Read + Send),
    ) -> Result<u64> {
        self.shared()?.upload(session, pack, bytes, offset, rest)
    }

    fn commit(&self, session: &SessionId, push: &Push) -> Result<Pushed> {
        self.shared()?.commit(session, push, &self.by, &NoGate)
    }

    fn list(&self, wanted: &Wanted) -> Result<Vec<Listed>> {
        crate::host::list_of(&*self.store, wanted)
    }

    fn download(&self, records: &[RecordId], offset: u64, out: &mut dyn Write) -> Result<()> {
        crate::host::download_of(&*self.store, records, offset, out)
    }
}
