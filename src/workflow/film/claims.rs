//! Claims on runs, so that no two processes make, and pay for, the same one.
//!
//! A claim is a locked file named after the action and the seed. It lies beside the folders of the
//! runs that live, and goes with its run: what a process left that died is nobody's, and free.

use std::io::ErrorKind;
use std::time::Duration;

use crate::base::folder::Folder;
use crate::base::lock::{FileLock, Holder, LockError};
use crate::object::ActionId;
use crate::workflow::repository::SCRATCH;

/// The folder of claims. It has the form of a run's, and is cleared as these are.
const CLAIMS: &str = "run-claims";

/// Claims the runs of one process.
pub(super) struct Claims<'a> {
    /// `.aiut`.
    pub(super) own: &'a Folder,
    /// Who claims.
    pub(super) holder: &'a Holder,
}

/// A run that nobody else makes until this is dropped.
#[must_use = "the claim is given up when dropped"]
pub(super) struct Claim {
    folder: Folder,
    name: String,
    _lock: FileLock,
}

impl Claims<'_> {
    /// Claims the run of an action with a seed; none if another process had it for all of `wait`.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn claim(
        &self,
        action: &ActionId,
        seed: u64,
        wait: Duration,
    ) -> Result<Option<Claim>, LockError> {
        let name = format!("{action}-{seed}");
        let io = |source| LockError::Io {
            path: self.own.path_of(SCRATCH),
            source,
        };
        loop {
            let scratch = self.own.folder_made(SCRATCH).map_err(io)?;
            let folder = scratch.folder_made(CLAIMS).map_err(io)?;
            return match FileLock::acquire(&folder, &name, self.holder, wait) {
                Ok(_lock) => Ok(Some(Claim {
                    folder,
                    name,
                    _lock,
                })),
                Err(LockError::Busy { .. }) => Ok(None),
                // Whoever had the last claim took the folder away.
                Err(LockError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
                    continue;
                }
                Err(error) => Err(error),
            };
        }
    }

    /// Takes the folder away if no claim is left.
    pub(super) fn clear(&self) {
        if let Ok(Some(scratch)) = self.own.folder_if_any(SCRATCH) {
            let _ = scratch.remove_empty(CLAIMS);
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // As long as it is locked: whoever waits for it makes a new one.
        let _ = self.folder.remove_file(&self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_keeps_others_out_until_it_is_dropped_and_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let own = Folder::open(root.path()).unwrap();
        let holder = Holder::default();
        let claims = Claims {
            own: &own,
            holder: &holder,
        };
        let (one, two) = (ActionId::from_bytes([1; 32]), ActionId::from_bytes([2; 32]));
        let claim = |action, seed| claims.claim(action, seed, Duration::ZERO).unwrap();
        let first = claim(&one, 0).unwrap();
        assert!(claim(&one, 0).is_none(), "it is taken");
        let others = (claim(&one, 1).unwrap(), claim(&two, 0).unwrap());
        claims.clear();
        drop(first);
        drop(claim(&one, 0).unwrap());
        drop(others);
        claims.clear();
        assert!(!root.path().join("scratch/run-claims").exists());
        // Many processes, one after the other, while the folder comes and goes.
        let runs = std::sync::Mutex::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let wait = Duration::from_secs(60);
                        let _claim = claims.claim(&one, 0, wait).unwrap().unwrap();
                        *runs.try_lock().unwrap() += 1;
                        claims.clear();
                    }
                });
            }
        });
        assert_eq!(runs.into_inner().unwrap(), 80);
    }
}
