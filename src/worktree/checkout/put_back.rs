//! What becomes of a checkout whose operation was not published.
//!
//! Each change is looked at for itself, from where its former and its new file lie by now, and moved
//! back in the reverse order: first what came and what was changed, then what went. Whatever else
//! stands at a path by then was put there by somebody else and stays. What cannot go back to its
//! path for that reason, and is in no commit, is laid beside it and named.

use std::fmt;
use std::io::{self, ErrorKind};

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, OpenOptions};
use serde::Serialize;

use super::apply::{former_name, give_way};
use super::{Change, Fetch, Journal, STAGING, fits, own_name, write};
use crate::object::RepoPath;
use crate::worktree::beneath::{Standing, is_project, not_a_folder, stat_in};
use crate::worktree::moves::{self, Name};
use crate::worktree::{Content, WorkTree, WorkTreeError, read};

/// So many names beside a path are tried.
const MOST_BESIDE: usize = 1000;
/// Longest beginning of a name that is given, in bytes: what is added to it fits into 255.
const MOST_STEM_BYTES: usize = 230;

/// A file that an interrupted command had changed and that could not be given back what it held:
/// something else stands there by now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftAlone {
    /// Its path, where everything is left as it was found.
    pub path: RepoPath,
    /// Where what it held lies now; none if nothing was there, or if the last commit has it.
    pub kept_as: Option<RepoPath>,
}

impl fmt::Display for LeftAlone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        write!(
            f,
            "{path} was edited after a command died half-way, and is left as it is"
        )?;
        match &self.kept_as {
            Some(kept) => write!(f, "; what it held before lies in {kept}"),
            None => Ok(()),
        }
    }
}

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
        let has_new = match (standing, change.after) {
            (Standing::File(_), Some(after)) => self.tree.holding(path, after)?.is_some(),
            _ => false,
        };
        if !moved {
            match standing {
                Standing::Nothing => {}
                // It was never moved, or is back.
                _ if !has_new => return Ok(()),
                _ => {}
            }
            self.bring(&staged, path, before)?;
        }
        if has_new {
            let failed = || WorkTreeError::io("write", path);
            let folder = self.tree.folder_of(path).map_err(failed())?;
            let folder = folder.ok_or_else(|| failed()(ErrorKind::NotFound.into()))?;
            let there = Name::of(&folder, path.file_name());
            let former = Name::of(&self.staging, &staged);
            if moves::exchange(former, there).map_err(failed())? {
                return Ok(());
            }
            // Out of the way with the new one; one that lies there already is of no use.
            let aside = match staged == former_name(number) {
                true => number.to_string(),
                false => format!("{number}.aside"),
            };
            moves::remove_file(&self.staging, &aside).map_err(failed())?;
            moves::rename(there, Name::of(&self.staging, &aside)).map_err(failed())?;
        }
        self.place(&staged, path, before)
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
        match self.standing(path)? {
            Standing::File(_) if self.tree.holding(path, after)?.is_some() => {}
            Standing::File(_) => {
                self.left_alone(path, None);
                return Ok(());
            }
            _ => return Ok(()),
        }
        let failed = || WorkTreeError::io("remove", path);
        let Some(folder) = self.tree.folder_of(path).map_err(failed())? else {
            return Ok(());
        };
        let there = Name::of(&folder, path.file_name());
        moves::rename(there, Name::of(&self.staging, &slot)).map_err(failed())
    }

    fn former(&self, number: usize, change: &Change) -> Result<Former, WorkTreeError> {
        let (slot, set_aside) = (number.to_string(), former_name(number));
        if self.staged(&set_aside)?.is_some() {
            return Ok(Former::Staged(set_aside));
        }
        Ok(match (self.staged(&slot)?, change.after) {
            (Some(()), Some(after)) if self.staged_holds(&slot, after)? => Former::InPlace,
            (Some(()), _) => Former::Staged(slot),
            (None, _) => Former::Unknown,
        })
    }

    fn standing(&self, path: &RepoPath) -> Result<Standing, WorkTreeError> {
        let standing = self.tree.standing(path);
        standing.map_err(WorkTreeError::io("look at", path))
    }

    /// Whether there is a file of this name in staging.
    fn staged(&self, name: &str) -> Result<Option<()>, WorkTreeError> {
        let shown = own_name(&format!("{STAGING}/{name}"));
        match stat_in(&self.staging, name) {
            Ok(Standing::Nothing) => Ok(None),
            Ok(Standing::File(_)) => Ok(Some(())),
            Ok(_) => Err(WorkTreeError::Journal {
                path: shown,
                reason: "it is no file".to_owned(),
            }),
            Err(error) => Err(WorkTreeError::io("look at", shown)(error)),
        }
    }

    fn staged_holds(&self, name: &str, content: Content) -> Result<bool, WorkTreeError> {
        let shown = own_name(&format!("{STAGING}/{name}"));
        holds(&self.staging, name, content).map_err(WorkTreeError::io("read", shown))
    }

    /// Writes what a file held into staging, from the store.
    fn bring(&self, name: &str, path: &RepoPath, content: Content) -> Result<(), WorkTreeError> {
        let failed = || WorkTreeError::io("write", path);
        moves::remove_file(&self.staging, name).map_err(failed())?;
        write(&self.staging, name, path, content, self.fetch)?;
        moves::sync(&self.staging, name).map_err(failed())
    }

    /// Moves what a file held to its path, or beside it.
    fn place(
        &mut self,
        staged: &str,
        path: &RepoPath,
        before: Content,
    ) -> Result<(), WorkTreeError> {
        let failed = || WorkTreeError::io("write", path);
        match self.tree.make_folder_of(path) {
            Ok(Ok(folder)) => {
                let there = Name::of(&folder, path.file_name());
                if give_way(there).map_err(failed())? {
                    let staged = Name::of(&self.staging, staged);
                    return moves::rename(staged, there).map_err(failed());
                }
            }
            Ok(Err(_)) => {}
            Err(error) if not_a_folder(&error) => {}
            Err(error) => return Err(failed()(error)),
        }
        if self.tree.holding(path, before)?.is_some() {
            return Ok(());
        }
        if self.failed.is_some() {
            // What stands in the way may be what could not be taken back yet.
            return Ok(());
        }
        let spare = (self.is_committed)(path, before) && self.staged_holds(staged, before)?;
        let kept_as = match spare {
            true => None,
            false => Some(self.lay_beside(staged, path)?),
        };
        self.left_alone(path, kept_as);
        Ok(())
    }

    fn left_alone(&mut self, path: &RepoPath, kept_as: Option<RepoPath>) {
        let path = path.clone();
        self.left.push(LeftAlone { path, kept_as });
    }

    /// Moves a staged file to a name that is free, as near to its path as there is a folder.
    fn lay_beside(&self, staged: &str, path: &RepoPath) -> Result<RepoPath, WorkTreeError> {
        let failed = || WorkTreeError::io("write", path);
        let mut dir = self.tree.dir.try_clone().map_err(failed())?;
        let names: Vec<&str> = path.names().collect();
        let mut depth = 0;
        while depth + 1 < names.len() {
            match dir.open_dir_nofollow(names[depth]) {
                Ok(inner) if !is_project(&inner).map_err(failed())? => dir = inner,
                _ => break,
            }
            depth += 1;
        }
        let mut stem = names[depth..].join("-");
        while stem.len() > MOST_STEM_BYTES {
            stem.pop();
        }
        let content = self.content_of(staged).map_err(failed())?;
        for count in 1..=MOST_BESIDE {
            let name = match count {
                1 => format!("{stem}.kept"),
                _ => format!("{stem}.kept-{count}"),
            };
            let (from, to) = (Name::of(&self.staging, staged), Name::of(&dir, &name));
            match moves::rename(from, to) {
                Ok(()) => {}
                // Laid there by one who was ended just then.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    if !holds(&dir, &name, content).unwrap_or(false) {
                        continue;
                    }
                }
                Err(error) => return Err(failed()(error)),
            }
            let mut at = names[..depth].join("/");
            if depth > 0 {
                at.push('/');
            }
            at.push_str(&name);
            return RepoPath::new(at).map_err(|error| failed()(io::Error::other(error)));
        }
        Err(failed()(ErrorKind::AlreadyExists.into()))
    }

    fn content_of(&self, staged: &str) -> io::Result<Content> {
        let mut file = open(&self.staging, staged)?;
        let stat = crate::worktree::Stat::of(&file.metadata()?);
        Ok(Content {
            id: read::hash(&mut file).map_err(io::Error::other)?,
            size: stat.size,
            exec: stat.exec,
        })
    }
}

fn open(folder: &Dir, name: &str) -> io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No).nonblock(true);
    Ok(folder.open_with(name, &options)?.into_std())
}

/// Whether the file of this name holds exactly `content`.
fn holds(folder: &Dir, name: &str, content: Content) -> io::Result<bool> {
    match stat_in(folder, name)? {
        Standing::File(stat) if fits(&stat, content) => {
            let mut file = open(folder, name)?;
            Ok(read::hash(&mut file).map_err(io::Error::other)? == content.id)
        }
        _ => Ok(false),
    }
}
