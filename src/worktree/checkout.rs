//! Changing files of the work tree: all of a set of changes, or none.
//!
//! ```text
//! stage     every new content into .aiut/staging/, fsynced        (a full disk shows here)
//! journal   .aiut/checkout: each path, what it holds and what it is to hold
//! apply     per path: is it still what was planned for? → remove, or rename the staged file over
//! ...       the caller publishes its operation
//! finish    forget the journal
//! ```
//! A process that dies in between leaves the journal. Whoever opens the project next either finds
//! the operation published, or puts each file back that holds what the checkout gave it; a file
//! that holds anything else was edited since and is left alone.

use std::error::Error;
use std::io::{self, ErrorKind, Write};

use cap_fs_ext::DirExt;
use cap_std::fs::{Dir, OpenOptions};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::beneath::{Standing, not_a_folder};
use super::{AIUT_FOLDER, Content, Stat, StatCache, WorkTree, WorkTreeError, read};
use crate::base::atomic;
use crate::base::positioned::begin_writing_out;
use crate::base::sparse::SparseWriter;
use crate::object::{FileId, OperationId, RepoPath};

const STAGING: &str = "staging";
const JOURNAL: &str = "checkout";
/// Files from this size on, in bytes, begin to go to the disk while others are still written.
const EARLY: u64 = 1 << 20;
/// The largest journal that is read, in bytes: some million files.
const MAX_JOURNAL_BYTES: u64 = 512 << 20;

/// What the store said when a content was asked for or handed over.
pub type FetchError = Box<dyn Error + Send + Sync>;

/// Writes the content with this id to a writer. Called from several threads.
pub type Fetch<'a> = dyn Fn(FileId, &mut dyn Write) -> Result<(), FetchError> + Sync + 'a;

/// One path's step from one content to another; `None` is no file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The file.
    pub path: RepoPath,
    /// What it must hold for the change to be made.
    pub before: Option<Content>,
    /// What it is to hold.
    pub after: Option<Content>,
    /// The stat that is known to go with `before`, which spares reading the file again.
    #[serde(skip)]
    pub seen: Option<Stat>,
}

impl Change {
    /// The change that takes this one back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self {
            path: self.path.clone(),
            before: self.after,
            after: self.before,
            seen: None,
        }
    }
}

/// What is being done to the work tree, written down before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    /// The operation that was the last one when the change began: while it still is, the change
    /// was never published.
    pub operation: Option<OperationId>,
    /// The changes, each path once.
    pub changes: Vec<Change>,
}

/// Files that have been changed by a checkout whose operation is not published yet.
#[derive(Debug)]
#[must_use = "publish the operation, then `finish`; or `put_back`"]
pub struct Applied<'a> {
    tree: &'a WorkTree,
    journal: &'a Journal,
    stats: Vec<Option<Stat>>,
}

impl Applied<'_> {
    /// The operation is published: forgets the journal, and teaches the cache the new files.
    ///
    /// # Errors
    /// `Io` when the journal cannot be removed.
    pub fn finish(self) -> Result<(), WorkTreeError> {
        let mut cache = StatCache::load(self.tree);
        let moment = self.tree.moment().unwrap_or(i64::MIN);
        let changes = self.journal.changes.iter().zip(&self.stats);
        cache.update(changes.map(|(change, stat)| {
            // Written a moment ago by this very process; what another one writes over it within
            // the same tick is not yet settled and will be read.
            let stat = stat.filter(|stat| stat.is_settled(moment));
            (
                &change.path,
                stat.zip(change.after.map(|content| content.id)),
            )
        }));
        // Costs only time if it fails.
        let _ = cache.save(self.tree);
        self.tree.forget_journal()
    }

    /// The operation could not be published: puts every file back.
    ///
    /// # Errors
    /// As `WorkTree::checkout`; the journal is then kept, to be tried again.
    pub fn put_back(self, fetch: &Fetch<'_>) -> Result<(), WorkTreeError> {
        self.tree.put_back(self.journal, fetch).map(drop)
    }
}

impl WorkTree {
    /// Makes all changes of `journal`. The caller holds the work tree's lock, and has everything
    /// that is replaced in store: nothing is destroyed that `fetch` could not bring back.
    ///
    /// # Errors
    /// `ChangedMeanwhile`, `Symlink`, `Io` and `Fetch` name the path. Every file then holds what it
    /// held before, unless that fails as well: then the journal stays for the next to come.
    pub fn checkout<'a>(
        &'a self,
        journal: &'a Journal,
        fetch: &Fetch<'_>,
    ) -> Result<Applied<'a>, WorkTreeError> {
        let staging = self.stage(&journal.changes, fetch)?;
        let bytes = serde_json::to_vec(journal).expect("a journal holds only text and numbers");
        atomic::write(&self.own(JOURNAL), &bytes).map_err(WorkTreeError::io(
            "write",
            format_args!("{AIUT_FOLDER}/{JOURNAL}"),
        ))?;
        match self.apply(&journal.changes, &staging) {
            Ok(stats) => Ok(Applied {
                tree: self,
                journal,
                stats,
            }),
            Err(error) => {
                // The first error is the one to tell; the journal remembers if this fails too.
                let _ = self.put_back(journal, fetch);
                Err(error)
            }
        }
    }

    /// What a process that died has left half done, if anything.
    ///
    /// # Errors
    /// `Journal` when the record is damaged, `Io` when it cannot be read.
    pub fn interrupted(&self) -> Result<Option<Journal>, WorkTreeError> {
        let path = self.own(JOURNAL);
        let name = || format!("{AIUT_FOLDER}/{JOURNAL}");
        match std::fs::metadata(&path) {
            Ok(metadata) if metadata.len() > MAX_JOURNAL_BYTES => {
                return Err(WorkTreeError::Journal {
                    path: name(),
                    reason: "too large".into(),
                });
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(WorkTreeError::io("read", name())(error)),
        }
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(WorkTreeError::io("read", name())(error)),
        };
        let damaged = |error: serde_json::Error| WorkTreeError::Journal {
            path: name(),
            reason: error.to_string(),
        };
        serde_json::from_slice(&bytes).map(Some).map_err(damaged)
    }

    /// Gives each file that holds what the journal's checkout gave it what it held before, then
    /// forgets the journal. Returns the paths that hold something else by now and were left alone.
    ///
    /// # Errors
    /// As [`Self::checkout`]; the journal is then kept.
    pub fn put_back(
        &self,
        journal: &Journal,
        fetch: &Fetch<'_>,
    ) -> Result<Vec<RepoPath>, WorkTreeError> {
        let mut back = Vec::new();
        let mut kept = Vec::new();
        for change in journal.changes.iter().map(Change::reversed) {
            if change.before == change.after || self.holds(&change.path, change.after)? {
                continue;
            }
            if self.holds(&change.path, change.before)? {
                back.push(change);
            } else {
                kept.push(change.path);
            }
        }
        let staging = self.stage(&back, fetch)?;
        self.apply(&back, &staging)?;
        self.forget_journal()?;
        Ok(kept)
    }

    /// Forgets the journal of a change that is complete.
    ///
    /// # Errors
    /// `Io`.
    pub fn forget_journal(&self) -> Result<(), WorkTreeError> {
        let _ = std::fs::remove_dir_all(self.own(STAGING));
        match std::fs::remove_file(self.own(JOURNAL)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(WorkTreeError::io(
                "remove",
                format_args!("{AIUT_FOLDER}/{JOURNAL}"),
            )(error)),
            _ => Ok(()),
        }
    }

    /// Whether the file at `path` holds exactly `content`, by reading it.
    ///
    /// # Errors
    /// `Io`, `Unsteady`.
    pub fn holds(&self, path: &RepoPath, content: Option<Content>) -> Result<bool, WorkTreeError> {
        let standing = self
            .standing(path)
            .map_err(WorkTreeError::io("look at", path))?;
        match (standing, content) {
            (Standing::Nothing, None) => Ok(true),
            // A folder where a file was: the file is gone.
            (Standing::Folder, None) => Ok(true),
            (Standing::File(stat), Some(content)) => Ok(stat.size == content.size
                && (stat.exec == content.exec || !cfg!(unix))
                && self.read(path, &read::hash)?.0 == content.id),
            _ => Ok(false),
        }
    }

    /// Writes the new content of change N to `.aiut/staging/N`.
    fn stage(&self, changes: &[Change], fetch: &Fetch<'_>) -> Result<Dir, WorkTreeError> {
        let folder = || format!("{AIUT_FOLDER}/{STAGING}");
        let own = self.dir.open_dir_nofollow(AIUT_FOLDER);
        let own = own.map_err(WorkTreeError::io("open", AIUT_FOLDER))?;
        match own.remove_dir_all(STAGING) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(WorkTreeError::io("clear", folder())(error));
            }
            _ => {}
        }
        own.create_dir(STAGING)
            .map_err(WorkTreeError::io("make", folder()))?;
        let staging = own
            .open_dir_nofollow(STAGING)
            .map_err(WorkTreeError::io("open", folder()))?;
        changes
            .par_iter()
            .enumerate()
            .try_for_each(|(number, change)| {
                let Some(content) = change.after else {
                    return Ok(());
                };
                let failed = WorkTreeError::io("write", &change.path);
                let mut options = OpenOptions::new();
                options.write(true).create_new(true);
                let file = match staging.open_with(number.to_string(), &options) {
                    Ok(file) => file.into_std(),
                    Err(error) => return Err(failed(error)),
                };
                let mut sparse = SparseWriter::new(&file);
                fetch(content.id, &mut sparse).map_err(|source| WorkTreeError::Fetch {
                    path: change.path.clone(),
                    source,
                })?;
                sparse
                    .finish()
                    .and_then(|()| make_executable(&file, content.exec))
                    .map_err(failed)?;
                if content.size >= EARLY {
                    begin_writing_out(&file, 0, content.size);
                }
                Ok(())
            })?;
        // When all are written: the first sync takes along what a file system keeps of the others.
        let staged = changes.par_iter().enumerate();
        staged
            .filter(|(_, change)| change.after.is_some())
            .try_for_each(|(number, change)| {
                // Windows syncs only what is open for writing.
                staging
                    .open_with(number.to_string(), OpenOptions::new().write(true))
                    .and_then(|file| file.sync_all())
                    .map_err(WorkTreeError::io("write", &change.path))
            })?;
        Ok(staging)
    }

    /// Removals first, so that a file may give way to a folder of its name; then the rest.
    fn apply(&self, changes: &[Change], staging: &Dir) -> Result<Vec<Option<Stat>>, WorkTreeError> {
        let mut touched = std::collections::BTreeSet::new();
        for change in changes.iter().filter(|change| change.after.is_none()) {
            self.check_unchanged(change)?;
            self.remove(&change.path)?;
        }
        let mut stats = vec![None; changes.len()];
        for (number, change) in changes.iter().enumerate() {
            if change.after.is_some() {
                self.check_unchanged(change)?;
                stats[number] = Some(self.put(&change.path, staging, number)?);
                touched.insert(change.path.parent());
            }
        }
        for folder in touched.into_iter().flatten() {
            // The content is durable; a name that a power failure takes back shows as a change.
            let _ = atomic::sync_folder(&self.root.join(folder.as_str()));
        }
        let _ = atomic::sync_folder(&self.root);
        Ok(stats)
    }

    fn check_unchanged(&self, change: &Change) -> Result<(), WorkTreeError> {
        if let Some(seen) = change.seen {
            let standing = self.standing(&change.path);
            let standing = standing.map_err(WorkTreeError::io("look at", &change.path))?;
            if standing == Standing::File(seen) {
                return Ok(());
            }
        }
        if self.holds(&change.path, change.before)? {
            Ok(())
        } else if self.passes_symlink(&change.path) {
            Err(WorkTreeError::Symlink {
                path: change.path.clone(),
            })
        } else {
            Err(WorkTreeError::ChangedMeanwhile {
                path: change.path.clone(),
            })
        }
    }

    fn passes_symlink(&self, path: &RepoPath) -> bool {
        match self.folder_of(path) {
            Ok(Some(folder)) => folder
                .symlink_metadata(path.file_name())
                .is_ok_and(|metadata| metadata.is_symlink()),
            Ok(None) => false,
            Err(error) => not_a_folder(&error),
        }
    }

    fn put(&self, path: &RepoPath, staging: &Dir, number: usize) -> Result<Stat, WorkTreeError> {
        let failed = |error: io::Error| {
            if not_a_folder(&error) {
                return WorkTreeError::Symlink { path: path.clone() };
            }
            WorkTreeError::io("write", path)(error)
        };
        let folder = self.make_folder_of(path).map_err(failed)?;
        let name = path.file_name();
        // An empty folder in the way is no content; one that holds files makes this fail.
        if folder
            .symlink_metadata(name)
            .is_ok_and(|metadata| metadata.is_dir())
        {
            folder.remove_dir(name).map_err(failed)?;
        }
        staging
            .rename(number.to_string(), &folder, name)
            .map_err(failed)?;
        folder
            .symlink_metadata(name)
            .map(|metadata| Stat::of_beneath(&metadata))
            .map_err(failed)
    }

    /// Removes a file, and the folders that it leaves empty.
    fn remove(&self, path: &RepoPath) -> Result<(), WorkTreeError> {
        let failed = || WorkTreeError::io("remove", path);
        let Some(folder) = self.folder_of(path).map_err(failed())? else {
            return Ok(());
        };
        match folder.remove_file(path.file_name()) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            other => other.map_err(failed())?,
        }
        let mut parent = path.parent();
        while let Some(empty) = parent {
            let above = self.folder_of(&empty).map_err(failed())?;
            // What still holds something is not removed; that is how the loop ends.
            if above.is_none_or(|above| above.remove_dir(empty.file_name()).is_err()) {
                break;
            }
            parent = empty.parent();
        }
        Ok(())
    }
}

#[cfg(unix)]
fn make_executable(file: &std::fs::File, exec: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if exec {
        let mode = file.metadata()?.permissions().mode();
        // Whoever may read it may execute it, as git does.
        file.set_permissions(std::fs::Permissions::from_mode(mode | (mode & 0o444) >> 2))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_executable(_: &std::fs::File, _: bool) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
