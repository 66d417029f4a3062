//! Changing files of the work tree: all of a set of changes, or none.
//!
//! ```text
//! prepare   each new content into .aiut/staging/N, fsynced           (a full disk shows here)
//!           .aiut/checkout, the journal: each path, what it holds and what it is to hold
//! apply     per path: is it still what was planned for? then
//!             a file that goes          path → staging/N
//!             a file that is changed    path ↔ staging/N
//!             a file that comes         staging/N → path
//! ...       the caller publishes its operation
//! finish    forget the journal, and staging with the former files
//! ```
//! A file is only ever moved: until the operation is published, the former one lies at its path or
//! in `staging`. A process that dies in between leaves the journal. Whoever opens the project next
//! finds the operation published, and the rest is clearing up; or moves each file back
//! (`put_back`), which needs no room on the disk, and may itself be ended at any step and begun again.

mod apply;
mod beside;
mod put_back;

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use cap_fs_ext::DirExt;
use cap_std::fs::Dir;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::beneath::{Standing, stat_in};
use super::moves::{self, NewFile};
use super::{AIUT_FOLDER, Content, Stat, StatCache, WorkTree, WorkTreeError, read};
use crate::base::fault::{self, Step};
use crate::base::positioned::begin_writing_out;
use crate::base::progress::{Part, Unit};
use crate::base::sparse::SparseWriter;
use crate::base::{atomic, layout};
use crate::object::{FileId, OperationId, RepoPath};

pub use beside::LeftAlone;

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

/// A checkout whose contents and journal are on the disk. Dropped, it is left to whoever opens the
/// project next, who puts back what was applied.
#[derive(Debug)]
#[must_use = "`apply` and publish the operation, then `finish`; or `put_back`"]
pub struct Prepared<'a> {
    tree: &'a WorkTree,
    journal: &'a Journal,
    staging: Dir,
    stats: Vec<Option<Stat>>,
    /// Of each change, what the file was that lies in staging now.
    formers: Vec<Option<Stat>>,
}

impl Prepared<'_> {
    /// The operation is published: forgets the journal, and teaches the cache the new files. What
    /// cannot be forgotten costs room, and the next command tries again. Returns the files that
    /// somebody who had them open wrote into after they were replaced.
    pub fn finish(self) -> Vec<LeftAlone> {
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
        let (kept, failed) = self.keep_edits();
        if failed.is_none() {
            let _ = self.tree.forget_journal();
        }
        kept
    }

    /// Lays beside their paths the former files that were written into since they were moved.
    fn keep_edits(&self) -> (Vec<LeftAlone>, Option<WorkTreeError>) {
        let is_former =
            |number: usize, stat| self.formers[number].is_some_and(|former| is_same(former, stat));
        self.tree
            .keep_edits(self.journal, &self.staging, &is_former)
    }

    /// The operation was not published: puts every file back.
    ///
    /// # Errors
    /// As [`WorkTree::put_back`].
    pub fn put_back(
        self,
        fetch: &Fetch<'_>,
        is_committed: &dyn Fn(&RepoPath, Content) -> bool,
    ) -> Result<Vec<LeftAlone>, WorkTreeError> {
        self.tree.put_back(self.journal, fetch, is_committed)
    }
}

impl WorkTree {
    /// Writes all that the changes of `journal` need. The caller holds the work tree's lock, and
    /// has everything that is replaced in store, too.
    ///
    /// # Errors
    /// `Io` and `Fetch` name the path. Nothing has happened then.
    pub fn prepare<'a>(
        &'a self,
        journal: &'a Journal,
        fetch: &Fetch<'_>,
    ) -> Result<Prepared<'a>, WorkTreeError> {
        let staging = self.stage(&journal.changes, fetch).inspect_err(|_| {
            // Only room, which a full disk may need.
            let _ = self.clear_staging();
        })?;
        let bytes = serde_json::to_vec(journal).expect("a journal holds only text and numbers");
        if let Err(error) = atomic::write_in(self.own(), JOURNAL, &bytes) {
            let _ = self.forget_journal();
            return Err(WorkTreeError::io("write", own_name(JOURNAL))(error));
        }
        Ok(Prepared {
            tree: self,
            journal,
            staging,
            stats: vec![None; journal.changes.len()],
            formers: vec![None; journal.changes.len()],
        })
    }

    /// What a process that died has left half done, if anything.
    ///
    /// # Errors
    /// `Journal` when the record is damaged, `Io` when it cannot be read.
    pub fn interrupted(&self) -> Result<Option<Journal>, WorkTreeError> {
        let damaged = |reason: String| WorkTreeError::Journal {
            path: own_name(JOURNAL),
            reason,
        };
        let failed = WorkTreeError::io("read", own_name(JOURNAL));
        let read = || {
            let mut bytes = Vec::new();
            let file = self.own().read(JOURNAL)?;
            file.take(MAX_JOURNAL_BYTES + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes: io::Result<Vec<u8>> = read();
        let bytes = match bytes {
            Ok(bytes) if bytes.len() as u64 > MAX_JOURNAL_BYTES => {
                return Err(damaged("too large".into()));
            }
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let journal = serde_json::from_slice(&bytes).map(Some);
        journal.map_err(|error| damaged(error.to_string()))
    }

    /// Forgets the journal of a checkout whose operation was published by a process that died then.
    /// Returns the files that somebody wrote into after they were replaced.
    ///
    /// # Errors
    /// `Io` names the path; the journal is kept then.
    pub fn forget_published(&self, journal: &Journal) -> Result<Vec<LeftAlone>, WorkTreeError> {
        let failed = |action| WorkTreeError::io(action, own_name(STAGING));
        let own = self.own_folder().map_err(failed("open"))?;
        let mut kept = Vec::new();
        match own.open_dir_nofollow(STAGING) {
            Ok(staging) => {
                let written = match stat_in(&own, JOURNAL).map_err(failed("look at"))? {
                    Standing::File(journal) => Some(journal.mtime),
                    _ => None,
                };
                // What was not written into since the journal was, is what was looked at then.
                let is_former = |_, stat: Stat| written.is_some_and(|journal| stat.mtime < journal);
                let (found, failed) = self.keep_edits(journal, &staging, &is_former);
                if let Some(error) = failed {
                    return Err(error);
                }
                kept = found;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed("open")(error)),
        }
        // What cannot be removed harms nobody.
        let _ = self.forget_journal();
        Ok(kept)
    }

    /// Forgets the journal of a change that is complete, or put back.
    ///
    /// # Errors
    /// `Io`.
    pub fn forget_journal(&self) -> Result<(), WorkTreeError> {
        // The journal first: without it, what is in staging means nothing.
        self.own_folder()
            .and_then(|own| moves::remove_file(&own, JOURNAL))
            .map_err(WorkTreeError::io("remove", own_name(JOURNAL)))?;
        // What stays costs room until the next checkout.
        let _ = self.clear_staging();
        Ok(())
    }

    /// Removes what a process left that died before its journal was written, or after it was
    /// removed. The caller holds the work tree's lock, and there is no journal.
    pub fn clear_leftovers(&self) {
        // What stays costs room until the next checkout.
        let _ = self.clear_staging();
    }

    /// Removes what a checkout put into staging, and the folder unless something else is in it.
    fn clear_staging(&self) -> io::Result<()> {
        fault::step(Step::RemoveFolder(Path::new(STAGING)))?;
        let Some(staging) = self.own().folder_if_any(STAGING)? else {
            return Ok(());
        };
        for (name, _) in staging.list()? {
            if layout::wanted(STAGING, &name).is_some() {
                staging.remove_file(&name)?;
            }
        }
        match self.own().remove_empty(STAGING) {
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
            removed => removed,
        }
    }

    fn own_folder(&self) -> io::Result<Dir> {
        self.dir.open_dir_nofollow(AIUT_FOLDER)
    }

    /// The stat of the file at `path` if it holds exactly `content`, by reading it.
    ///
    /// # Errors
    /// `Io`, `Unsteady`.
    fn holding(&self, path: &RepoPath, content: Content) -> Result<Option<Stat>, WorkTreeError> {
        let standing = self.standing(path);
        match standing.map_err(WorkTreeError::io("look at", path))? {
            Standing::File(stat) if fits(&stat, content) => {
                let (id, stat) = self.read(path, &read::hash)?;
                Ok(Some(stat).filter(|_| id == content.id))
            }
            _ => Ok(None),
        }
    }

    /// Writes the new content of change N to `.aiut/staging/N`.
    fn stage(&self, changes: &[Change], fetch: &Fetch<'_>) -> Result<Dir, WorkTreeError> {
        let failed = |action| WorkTreeError::io(action, own_name(STAGING));
        let own = self.own_folder();
        let own = own.map_err(WorkTreeError::io("open", AIUT_FOLDER))?;
        self.clear_staging().map_err(failed("clear"))?;
        match moves::make_folder(&own, STAGING) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => made.map_err(failed("make"))?,
        }
        let staging = own.open_dir_nofollow(STAGING).map_err(failed("open"))?;
        let new = || {
            let numbered = changes.par_iter().enumerate();
            numbered.filter_map(|(number, change)| Some((number, &change.path, change.after?)))
        };
        let bytes = new().map(|(.., content)| content.size).sum();
        let part = self.progress.part("Writing files", bytes, Unit::Bytes);
        new().try_for_each(|(number, path, content)| {
            write(
                &staging,
                &number.to_string(),
                path,
                content,
                fetch,
                Some(&part),
            )
        })?;
        drop(part);
        // When all are written: the first sync takes along what a file system keeps of the others.
        new().try_for_each(|(number, path, _)| {
            moves::sync(&staging, &number.to_string()).map_err(WorkTreeError::io("write", path))
        })?;
        Ok(staging)
    }
}

/// Writes the content of `path` to a new file of `staging`.
fn write(
    staging: &Dir,
    name: &str,
    path: &RepoPath,
    content: Content,
    fetch: &Fetch<'_>,
    part: Option<&Part<'_>>,
) -> Result<(), WorkTreeError> {
    let failed = || WorkTreeError::io("write", path);
    let file = moves::create(staging, name).map_err(failed())?;
    let mut new = NewFile {
        file: &file,
        name,
        to: SparseWriter::new(&file),
        part,
    };
    fetch(content.id, &mut new).map_err(|source| WorkTreeError::Fetch {
        path: path.clone(),
        source,
    })?;
    let finished = new.to.finish();
    finished
        .and_then(|()| make_executable(&file, content.exec))
        .map_err(failed())?;
    if content.size >= EARLY {
        begin_writing_out(&file, 0, content.size);
    }
    Ok(())
}

/// Whether a file that was moved is the one that was looked at: a move changes the change time alone.
fn is_same(one: Stat, other: Stat) -> bool {
    Stat { ctime: 0, ..one } == Stat { ctime: 0, ..other }
}

/// Whether a file of this stat may hold the content.
fn fits(stat: &Stat, content: Content) -> bool {
    stat.size == content.size && (stat.exec == content.exec || !cfg!(unix))
}

fn own_name(name: &str) -> String {
    format!("{AIUT_FOLDER}/{name}")
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
