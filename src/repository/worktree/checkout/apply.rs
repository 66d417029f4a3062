//! The stretch in which the folder is neither as before nor as after: nothing but renames.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};

use cap_std::fs::Dir;

use super::{Change, Prepared, is_same};
use crate::base::atomic;
use crate::object::RepoPath;
use crate::worktree::beneath::{Barrier, Standing, not_a_folder, stat_in};
use crate::worktree::moves::{self, Name};
use crate::worktree::{Stat, WorkTree, WorkTreeError};

/// Where the former file of change N lies, where the file system cannot exchange two names.
pub(super) fn former_name(number: usize) -> String {
    format!("{number}.former")
}

impl Prepared<'_> {
    /// Makes all changes.
    ///
    /// # Errors
    /// `ChangedMeanwhile`, `InTheWay` and `Io` name the path. Some changes may be made then:
    /// [`Self::put_back`] takes them back.
    pub fn apply(&mut self) -> Result<(), WorkTreeError> {
        let journal = self.journal;
        let changes = &journal.changes;
        let mut touched = BTreeSet::new();
        // Removals first, so that a file may give way to a folder of its name.
        for (number, change) in changes.iter().enumerate() {
            if change.after.is_none() {
                self.take_out(number, change)?;
                touched.insert(change.path.parent());
            }
        }
        for (number, change) in changes.iter().enumerate() {
            if change.after.is_some() {
                self.stats[number] = Some(match change.before {
                    Some(_) => self.replace(number, change)?,
                    None => self.put(number, change)?,
                });
                touched.insert(change.path.parent());
            }
        }
        let gone = changes.iter().filter(|change| change.after.is_none());
        gone.for_each(|change| self.tree.prune(&change.path));
        for folder in touched.into_iter().flatten() {
            // The content is durable; a name that a power failure takes back shows as a change.
            let _ = atomic::sync_folder(&self.tree.root.join(folder.as_str()));
        }
        let _ = atomic::sync_folder(&self.tree.root);
        Ok(())
    }

    fn take_out(&mut self, number: usize, change: &Change) -> Result<(), WorkTreeError> {
        let path = &change.path;
        let expected = self.tree.check_unchanged(change)?;
        let failed = || WorkTreeError::io("remove", path);
        let folder = self.tree.folder_of(path).map_err(failed())?;
        let folder = folder.ok_or_else(|| changed(path))?;
        let (from, slot) = (Name::of(&folder, path.file_name()), number.to_string());
        self.move_out(change, from, &slot, expected)?;
        self.formers[number] = Some(expected);
        Ok(())
    }

    /// Moves the file that a change takes from its path into staging: that very file or none.
    fn move_out(
        &self,
        change: &Change,
        from: Name<'_>,
        slot: &str,
        expected: Stat,
    ) -> Result<(), WorkTreeError> {
        let slot = Name::of(&self.staging, slot);
        match moves::rename(from, slot) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(changed(&change.path)),
            done => done.map_err(WorkTreeError::io("remove", &change.path))?,
        }
        if self.is_it(slot, expected) {
            return Ok(());
        }
        // Somebody put another one there at this very moment: back with it.
        let _ = moves::rename(slot, from);
        Err(changed(&change.path))
    }

    fn replace(&mut self, number: usize, change: &Change) -> Result<Stat, WorkTreeError> {
        let path = &change.path;
        let expected = self.tree.check_unchanged(change)?;
        let failed = || WorkTreeError::io("write", path);
        let folder = self.tree.folder_of(path).map_err(failed())?;
        let folder = folder.ok_or_else(|| changed(path))?;
        let there = Name::of(&folder, path.file_name());
        let slot = number.to_string();
        let slot = Name::of(&self.staging, &slot);
        match moves::exchange(slot, there) {
            Ok(true) if self.is_it(slot, expected) => {}
            Ok(true) => {
                let _ = moves::exchange(slot, there);
                return Err(changed(path));
            }
            Ok(false) => {
                self.move_out(change, there, &former_name(number), expected)?;
                moves::rename(slot, there).map_err(|error| came(&error, path, there))?;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(changed(path)),
            Err(error) => return Err(failed()(error)),
        }
        self.formers[number] = Some(expected);
        stat(there).map_err(failed())
    }

    fn put(&self, number: usize, change: &Change) -> Result<Stat, WorkTreeError> {
        let path = &change.path;
        let failed = |error: io::Error| {
            if not_a_folder(&error) {
                return barred(path, Barrier::Symlink);
            }
            WorkTreeError::io("write", path)(error)
        };
        let folder = self.tree.make_folder_of(path).map_err(failed)?;
        let folder = folder.map_err(|by| barred(path, by))?;
        let there = Name::of(&folder, path.file_name());
        let slot = number.to_string();
        let slot = Name::of(&self.staging, &slot);
        let mut moved = moves::rename(slot, there);
        if moved.as_ref().is_err_and(is_taken) && give_way(there).map_err(failed)? {
            moved = moves::rename(slot, there);
        }
        moved.map_err(|error| came(&error, path, there))?;
        stat(there).map_err(failed)
    }

    /// Whether what lies in staging is the file that was looked at before it was moved there.
    fn is_it(&self, slot: Name<'_>, expected: Stat) -> bool {
        let found = stat_in(slot.folder, slot.name);
        matches!(found, Ok(Standing::File(found)) if is_same(found, expected))
    }
}

/// Whether a name is free once the empty folders that have it are gone.
pub(super) fn give_way(there: Name<'_>) -> io::Result<bool> {
    match stat_in(there.folder, there.name)? {
        Standing::Nothing => Ok(true),
        Standing::Folder => moves::remove_empty(there.folder, there.name),
        Standing::File(_) | Standing::Other(_) => Ok(false),
    }
}

fn is_taken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::AlreadyExists | ErrorKind::IsADirectory | ErrorKind::DirectoryNotEmpty
    )
}

/// Why a file could not be put where nothing was to be.
fn came(error: &io::Error, path: &RepoPath, there: Name<'_>) -> WorkTreeError {
    match stat_in(there.folder, there.name) {
        Ok(Standing::File(_)) if is_taken(error) => changed(path),
        Ok(Standing::Other(by)) if is_taken(error) => barred(path, by),
        Ok(Standing::Folder) if is_taken(error) => WorkTreeError::InTheWay {
            path: path.clone(),
            reason: "a folder that is not empty".to_owned(),
        },
        _ => WorkTreeError::io("write", path)(again(error)),
    }
}

/// The same error once more.
fn again(error: &io::Error) -> io::Error {
    error
        .raw_os_error()
        .map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

fn changed(path: &RepoPath) -> WorkTreeError {
    WorkTreeError::ChangedMeanwhile { path: path.clone() }
}

fn barred(path: &RepoPath, by: Barrier) -> WorkTreeError {
    WorkTreeError::InTheWay {
        path: path.clone(),
        reason: by.to_string(),
    }
}

fn stat(there: Name<'_>) -> io::Result<Stat> {
    match stat_in(there.folder, there.name)? {
        Standing::File(stat) => Ok(stat),
        _ => Err(ErrorKind::NotFound.into()),
    }
}

impl WorkTree {
    /// The stat of the file that a change takes from its path, if it is still what was planned for.
    fn check_unchanged(&self, change: &Change) -> Result<Stat, WorkTreeError> {
        let path = &change.path;
        let standing = self.standing(path);
        let standing = standing.map_err(WorkTreeError::io("look at", path))?;
        match (standing, change.before) {
            (Standing::File(stat), _) if change.seen == Some(stat) => return Ok(stat),
            (Standing::Other(by), _) => return Err(barred(path, by)),
            (Standing::File(_), Some(before)) => {
                if let Some(stat) = self.holding(path, before)? {
                    return Ok(stat);
                }
            }
            _ => {}
        }
        Err(changed(path))
    }

    /// Removes the folders that the file at `path` left empty.
    pub(super) fn prune(&self, path: &RepoPath) {
        let mut parent = path.parent();
        while let Some(empty) = parent {
            let above: Option<Dir> = self.folder_of(&empty).ok().flatten();
            // What still holds something is not removed; that is how the loop ends.
            if above.is_none_or(|above| moves::remove_folder(&above, empty.file_name()).is_err()) {
                break;
            }
            parent = empty.parent();
        }
    }
}
