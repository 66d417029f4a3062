//! What becomes of a checkout whose operation was not published.
//!
//! Each change is looked at for itself, from where its former and its new file lie by now, and moved
//! back in the reverse order: first what came and what was changed, then what went. Whatever else
//! stands at a path by then was put there by somebody else and stays, also where it came at the very
//! moment of a move, which is why what was moved is looked at again. When all else is done, staging
//! is gone through: what is nowhere else (a former file whose path is taken, an edit that was moved
//! along) is laid beside its path and named.

use std::collections::BTreeMap;
use std::io::ErrorKind;

use cap_fs_ext::DirExt;
use cap_std::fs::Dir;

use super::apply::{former_name, give_way};
use super::beside::{Beside, LeftAlone, content_of};
use super::{Change, Fetch, Journal, STAGING, fits, is_same, own_name, write};
use crate::object::RepoPath;
use crate::worktree::beneath::{Standing, not_a_folder, stat_in};
use crate::worktree::moves::{self, Name};
use crate::worktree::{Content, Stat, WorkTree, WorkTreeError};

/// Where the former file of a change is.
enum Former {
    /// In staging, by this name.
    Staged(String),
    /// At its path, as it was never moved.
    InPlace,
    /// Not in staging, and perhaps not at its path either.
    Unknown,
}

struct Back<'a> {
    tree: &'a WorkTree,
    staging: Dir,
    fetch: &'a Fetch<'a>,
    is_committed: &'a dyn Fn(&RepoPath, Content) -> bool,
    beside: Beside<'a>,
    /// What lies in staging and is known to be what came.
    known: BTreeMap<String, Stat>,
    left: Vec<LeftAlone>,
    failed: Option<WorkTreeError>,
}

impl WorkTree {
    /// Gives each file that the journal's checkout changed what it held before, then forgets the
    /// journal. `is_committed` tells whether the last commit has that content at that path. Can be
    /// ended at any step and begun again.
    ///
    /// # Errors
    /// `Io` and `Fetch` name the path; whatever could be put back is, and the journal is kept, to be
    /// tried again.
    pub fn put_back(
        &self,
        journal: &Journal,
        fetch: &Fetch<'_>,
        is_committed: &dyn Fn(&RepoPath, Content) -> bool,
    ) -> Result<Vec<LeftAlone>, WorkTreeError> {
        let failed = |action| WorkTreeError::io(action, own_name(STAGING));
        let own = self.own_folder().map_err(failed("open"))?;
        let mut staging = own.open_dir_nofollow(STAGING);
        if matches!(&staging, Err(error) if error.kind() == ErrorKind::NotFound) {
            moves::make_folder(&own, STAGING).map_err(failed("make"))?;
            staging = own.open_dir_nofollow(STAGING);
        }
        let mut back = Back {
            tree: self,
            staging: staging.map_err(failed("open"))?,
            fetch,
            is_committed,
            beside: Beside::of(self, journal),
            known: BTreeMap::new(),
            left: Vec::new(),
            failed: None,
        };
        let numbered = || journal.changes.iter().enumerate().rev();
        let comes = |change: &Change| change.after.is_some();
        let first = numbered().filter(|(_, change)| comes(change));
        let then = numbered().filter(|(_, change)| !comes(change));
        for (number, change) in first.chain(then) {
            if let Err(error) = back.take_back(number, change) {
                back.failed.get_or_insert(error);
            }
        }
        if back.failed.is_none() {
            // Not before: what stands in the way may be what could not be taken back yet.
            for (number, change) in journal.changes.iter().enumerate() {
                if let Err(error) = back.keep_rest(number, change) {
                    back.failed.get_or_insert(error);
                }
            }
        }
        let came = journal.changes.iter().filter(|c| c.before.is_none());
        came.for_each(|change| self.prune(&change.path));
        if let Some(error) = back.failed {
            return Err(error);
        }
        self.forget_journal()?;
        back.left.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(back.left)
    }
}

impl Back<'_> {
    fn take_back(&mut self, number: usize, change: &Change) -> Result<(), WorkTreeError> {
        let Some(before) = change.before else {
            return match change.after {
                Some(after) => self.take_in(number, &change.path, after),
                None => Ok(()),
            };
        };
        let path = &change.path;
        let (staged, moved) = match self.former(number, change)? {
            Former::InPlace => return Ok(()),
            Former::Staged(name) => (name, true),
            Former::Unknown => (format!("{number}.again"), false),
        };
        let standing = self.standing(path)?;
        let new = match (standing, change.after) {
            (Standing::File(_), Some(after)) => self.tree.holding(path, after)?,
            _ => None,
        };
        if !moved {
            match standing {
                Standing::Nothing => {}
                // It was never moved, or is back.
                _ if new.is_none() => return Ok(()),
                _ => {}
            }
            self.bring(&staged, number, path, before)?;
        }
        if let Some(new) = new
            && self.take_new(number, &staged, change, new)?
        {
            return Ok(());
        }
        self.place(&staged, path)
    }

    /// Moves the new file, known by its stat, out of the way of the former one, which then has its
    /// path if this is true.
    fn take_new(
        &mut self,
        number: usize,
        staged: &str,
        change: &Change,
        new: Stat,
    ) -> Result<bool, WorkTreeError> {
        let path = &change.path;
        let failed = || WorkTreeError::io("write", path);
        let Some(folder) = self.tree.folder_of(path).map_err(failed())? else {
            return Ok(false);
        };
        let there = Name::of(&folder, path.file_name());
        let former = Name::of(&self.staging, staged);
        match moves::exchange(former, there) {
            Ok(true) if is_it(former, new) => {
                self.known.insert(staged.to_owned(), new);
                return Ok(true);
            }
            // Somebody put another one there at this very moment: back with it. If that fails, it
            // is found in staging, by this process or the next.
            Ok(true) => {
                moves::exchange(former, there).map_err(failed())?;
                return Ok(false);
            }
            Ok(false) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(failed()(error)),
        }
        let aside = match staged == former_name(number) {
            true => number.to_string(),
            false => format!("{number}.aside"),
        };
        self.make_free(&aside, path, change.after)?;
        let slot = Name::of(&self.staging, &aside);
        match moves::rename(there, slot) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            done => done.map_err(failed())?,
        }
        if is_it(slot, new) {
            self.known.insert(aside, new);
        } else {
            self.give_back(slot, there).map_err(failed())?;
        }
        Ok(false)
    }

    /// Moves what was moved out of its path by mistake back to it; if something stands there yet
    /// again, it stays in staging and is found there.
    fn give_back(&self, slot: Name<'_>, there: Name<'_>) -> std::io::Result<()> {
        match moves::rename(slot, there) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            done => done,
        }
    }

    /// Moves a file that came back into staging, if it is still what came.
    fn take_in(
        &mut self,
        number: usize,
        path: &RepoPath,
        after: Content,
    ) -> Result<(), WorkTreeError> {
        let slot = number.to_string();
        if self.staged(&slot)?.is_some() {
            return Ok(());
        }
        let Standing::File(_) = self.standing(path)? else {
            return Ok(());
        };
        let Some(expected) = self.tree.holding(path, after)? else {
            self.left_alone(path, None);
            return Ok(());
        };
        let failed = || WorkTreeError::io("remove", path);
        let Some(folder) = self.tree.folder_of(path).map_err(failed())? else {
            return Ok(());
        };
        let there = Name::of(&folder, path.file_name());
        let staged = Name::of(&self.staging, &slot);
        match moves::rename(there, staged) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            done => done.map_err(failed())?,
        }
        if is_it(staged, expected) {
            self.known.insert(slot, expected);
        } else {
            self.give_back(staged, there).map_err(failed())?;
            self.left_alone(path, None);
        }
        Ok(())
    }

    fn former(&mut self, number: usize, change: &Change) -> Result<Former, WorkTreeError> {
        let (slot, set_aside) = (number.to_string(), former_name(number));
        if self.staged(&set_aside)?.is_some() {
            return Ok(Former::Staged(set_aside));
        }
        let Some(stat) = self.staged(&slot)? else {
            return Ok(Former::Unknown);
        };
        match change.after {
            Some(after) if self.staged_holds(&slot, stat, after)? => {
                self.known.insert(slot, stat);
                Ok(Former::InPlace)
            }
            _ => Ok(Former::Staged(slot)),
        }
    }

    fn standing(&self, path: &RepoPath) -> Result<Standing, WorkTreeError> {
        let standing = self.tree.standing(path);
        standing.map_err(WorkTreeError::io("look at", path))
    }

    /// The stat of the file of this name in staging, if there is one.
    fn staged(&self, name: &str) -> Result<Option<Stat>, WorkTreeError> {
        let shown = own_name(&format!("{STAGING}/{name}"));
        match stat_in(&self.staging, name) {
            Ok(Standing::Nothing) => Ok(None),
            Ok(Standing::File(stat)) => Ok(Some(stat)),
            Ok(_) => Err(WorkTreeError::Journal {
                path: shown,
                reason: "it is not a file".to_owned(),
            }),
            Err(error) => Err(WorkTreeError::io("look at", shown)(error)),
        }
    }

    fn staged_holds(
        &self,
        name: &str,
        stat: Stat,
        content: Content,
    ) -> Result<bool, WorkTreeError> {
        Ok(fits(&stat, content) && is_content(self.staged_content(name)?, content))
    }

    fn staged_content(&self, name: &str) -> Result<Content, WorkTreeError> {
        let shown = own_name(&format!("{STAGING}/{name}"));
        content_of(&self.staging, name).map_err(WorkTreeError::io("read", shown))
    }

    /// Writes what a file held into staging, from the store.
    fn bring(
        &mut self,
        name: &str,
        number: usize,
        path: &RepoPath,
        content: Content,
    ) -> Result<(), WorkTreeError> {
        if let Some(stat) = self.staged(name)? {
            if self.staged_holds(name, stat, content)? {
                return Ok(());
            }
            self.make_free(name, path, None)?;
        }
        // Under another name until it is whole: what has this one may be somebody's edit.
        let failed = || WorkTreeError::io("write", path);
        let part = part_name(number);
        moves::remove_file(&self.staging, &part).map_err(failed())?;
        write(&self.staging, &part, path, content, self.fetch, None)?;
        moves::sync(&self.staging, &part).map_err(failed())?;
        let staging = |name| Name::of(&self.staging, name);
        moves::rename(staging(&part), staging(name)).map_err(failed())
    }

    /// Makes a name of staging free. What has it and is not `spare` is somebody's edit, which is
    /// laid beside its path.
    fn make_free(
        &mut self,
        name: &str,
        path: &RepoPath,
        spare: Option<Content>,
    ) -> Result<(), WorkTreeError> {
        if self.staged(name)?.is_none() {
            return Ok(());
        }
        let content = self.staged_content(name)?;
        if !spare.is_some_and(|spare| is_content(content, spare)) {
            let kept_as = self.beside.lay(&self.staging, name, path, content)?;
            self.left_alone(path, Some(kept_as));
        }
        moves::remove_file(&self.staging, name).map_err(WorkTreeError::io("write", path))
    }

    /// Moves what a file held to its path; if something stands there, it stays in staging.
    fn place(&self, staged: &str, path: &RepoPath) -> Result<(), WorkTreeError> {
        let failed = || WorkTreeError::io("write", path);
        match self.tree.make_folder_of(path) {
            Ok(Ok(folder)) => {
                let there = Name::of(&folder, path.file_name());
                if give_way(there).map_err(failed())? {
                    let staged = Name::of(&self.staging, staged);
                    return self.give_back(staged, there).map_err(failed());
                }
                Ok(())
            }
            Ok(Err(_)) => Ok(()),
            Err(error) if not_a_folder(&error) => Ok(()),
            Err(error) => Err(failed()(error)),
        }
    }

    /// Lays beside its path what is still in staging of a change and lies nowhere else.
    fn keep_rest(&mut self, number: usize, change: &Change) -> Result<(), WorkTreeError> {
        let path = &change.path;
        for name in names(number) {
            let Some(stat) = self.staged(&name)? else {
                continue;
            };
            if self
                .known
                .get(&name)
                .is_some_and(|known| is_same(*known, stat))
            {
                continue;
            }
            let content = self.staged_content(&name)?;
            let is = |other: Option<Content>| other.is_some_and(|other| is_content(content, other));
            if is(change.after) {
                continue;
            }
            if is(change.before) {
                if self.tree.holding(path, content)?.is_some() {
                    continue;
                }
                if (self.is_committed)(path, content) {
                    self.left_alone(path, None);
                    continue;
                }
            }
            let kept_as = self.beside.lay(&self.staging, &name, path, content)?;
            self.left_alone(path, Some(kept_as));
        }
        Ok(())
    }

    fn left_alone(&mut self, path: &RepoPath, kept_as: Option<RepoPath>) {
        let path = path.clone();
        self.left.push(LeftAlone { path, kept_as });
    }
}

/// Where what was brought from the store for change N is written.
fn part_name(number: usize) -> String {
    format!("{number}.part")
}

/// The names in staging under which a file of change N may lie that once had its path.
fn names(number: usize) -> [String; 4] {
    [
        former_name(number),
        number.to_string(),
        format!("{number}.again"),
        format!("{number}.aside"),
    ]
}

/// Whether two contents are the same; the executable bit counts where there is one.
pub(super) fn is_content(one: Content, other: Content) -> bool {
    one.id == other.id && (one.exec == other.exec || !cfg!(unix))
}

fn is_it(slot: Name<'_>, expected: Stat) -> bool {
    let found = stat_in(slot.folder, slot.name);
    matches!(found, Ok(Standing::File(found)) if is_same(found, expected))
}
