//! A run's folder for what it is making, beside the store.
//!
//! Every run that lives shares one lock. Who can have it alone knows that what lies there was left by
//! runs that died, copies of clips perhaps, and takes it away: the next run, or `gc`.

use std::path::Path;

use super::{FilmError, Session};
use crate::base::lock::{FileLock, WAIT};
use crate::history::HistoryError;
use crate::workflow::repository::{SCRATCH, SCRATCH_LOCK, clear_scratch};

/// A folder of one run's own; it goes away with the run.
pub(super) struct Scratch {
    folder: tempfile::TempDir,
    _lock: FileLock,
}

impl Scratch {
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Session<'_> {
    /// A folder of this run's own.
    pub(super) fn scratch(&self) -> Result<Scratch, FilmError> {
        clear_scratch(&self.project, false)?;
        let own = self.project.tree().own();
        let lock = FileLock::share(own, SCRATCH_LOCK, WAIT);
        let _lock = lock.map_err(HistoryError::from)?;
        let io = |source| FilmError::Io {
            action: "make",
            path: own.path_of(SCRATCH).display().to_string(),
            source,
        };
        let scratch = own.folder_made(SCRATCH).map_err(io)?;
        let named = tempfile::Builder::new()
            .prefix("run-")
            .tempdir_in(scratch.path());
        let folder = named.map_err(io)?;
        Ok(Scratch { folder, _lock })
    }
}
