//! A run's folder for temporary files, beside the store.
//!
//! A lock beside each folder says that its run is alive. What a run that died left behind, copies
//! of clips perhaps, is taken away by the next.

use std::path::{Path, PathBuf};

use super::FilmError;
use crate::base::atomic::unique_suffix;
use crate::base::lock::{FileLock, Holder, WAIT};

/// A folder of one run's own; it goes away with the run.
pub(super) struct Scratch {
    path: PathBuf,
    lock: PathBuf,
    _held: FileLock,
}

impl Scratch {
    /// Makes a folder in `parent`, and takes those away whose run has died.
    pub(super) fn new(parent: &Path, holder: &Holder) -> Result<Self, FilmError> {
        let io = |path: &Path, source| FilmError::Io {
            action: "make",
            path: path.display().to_string(),
            source,
        };
        std::fs::create_dir_all(parent).map_err(|error| io(parent, error))?;
        sweep(parent, holder);
        loop {
            let path = parent.join(unique_suffix());
            let lock = path.with_extension("lock");
            // The lock comes first: a folder without one would be taken for a dead run's.
            let held = FileLock::acquire(&lock, holder, WAIT)
                .map_err(|error| io(&lock, std::io::Error::other(error)))?;
            // Another run may have taken it away in the moment before it was held.
            if !lock.exists() {
                continue;
            }
            std::fs::create_dir(&path).map_err(|error| io(&path, error))?;
            return Ok(Self {
                path,
                lock,
                _held: held,
            });
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove(&self.path, &self.lock);
    }
}

/// Takes away what dead runs left. What cannot be taken away now is left for the next time.
fn sweep(parent: &Path, holder: &Holder) {
    let Ok(entries) = std::fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let folder = entry.path().with_extension("");
        let lock = folder.with_extension("lock");
        if let Ok(Some(_held)) = FileLock::try_acquire(&lock, holder) {
            remove(&folder, &lock);
        }
    }
}

fn remove(folder: &Path, lock: &Path) {
    match std::fs::remove_dir_all(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        // The lock stays with what is left of the folder.
        Err(_) => return,
    }
    let _ = std::fs::remove_file(lock);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dead_run_left_goes_and_a_living_one_keeps_its_own() {
        let parent = tempfile::tempdir().unwrap();
        let dead = parent.path().join("4711-0");
        std::fs::create_dir_all(dead.join("command-x")).unwrap();
        let holder = Holder::default();
        let alive = Scratch::new(parent.path(), &holder).unwrap();
        assert!(!dead.exists());
        let other = Scratch::new(parent.path(), &holder).unwrap();
        assert!(alive.path().is_dir() && other.path().is_dir());
        drop((alive, other));
        assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
