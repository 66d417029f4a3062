//! What has its path no more is laid beside it.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, OpenOptions};
use serde::Serialize;

use super::apply::former_name;
use super::put_back::is_content;
use super::{Change, Journal};
use crate::object::RepoPath;
use crate::worktree::beneath::{Standing, is_project, stat_in};
use crate::worktree::moves::{self, Name};
use crate::worktree::{Content, Stat, WorkTree, WorkTreeError, read};

/// So many names beside a path are tried.
const MOST_BESIDE: usize = 1000;
/// Longest beginning of a name that is given, in bytes: what is added to it fits into 255.
const MOST_STEM_BYTES: usize = 230;

/// A file that somebody edited while a command changed it, or after the command died: one of the two
/// versions has its path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftAlone {
    /// Its path, where everything is left as it was found.
    pub path: RepoPath,
    /// Where the other version lies now; none if there is none, or if the last commit has it.
    pub kept_as: Option<RepoPath>,
}

impl fmt::Display for LeftAlone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        write!(
            f,
            "{path} was edited while a command changed it or after it died half-way, and is left as it is"
        )?;
        match &self.kept_as {
            Some(kept) => write!(f, "; the other version of it lies in {kept}"),
            None => Ok(()),
        }
    }
}

impl Error for LeftAlone {}

/// Finds names beside the paths of a journal.
pub(super) struct Beside<'a> {
    tree: &'a WorkTree,
    /// Not taken, as they may yet be given back.
    taken: BTreeSet<&'a str>,
}

impl<'a> Beside<'a> {
    pub(super) fn of(tree: &'a WorkTree, journal: &'a Journal) -> Self {
        let changes = journal.changes.iter();
        let taken = changes.map(|change| change.path.as_str()).collect();
        Self { tree, taken }
    }

    /// Gives a staged file a second name that is free, as near to its path as there is a folder.
    /// The first one goes with the journal, so that whoever is ended before that says it again.
    ///
    /// # Errors
    /// `Io` names the path.
    pub(super) fn lay(
        &self,
        staging: &Dir,
        staged: &str,
        path: &RepoPath,
        content: Content,
    ) -> Result<RepoPath, WorkTreeError> {
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
        for count in 1..=MOST_BESIDE {
            let name = match count {
                1 => format!("{stem}.kept"),
                _ => format!("{stem}.kept-{count}"),
            };
            let mut at = names[..depth].join("/");
            if depth > 0 {
                at.push('/');
            }
            at.push_str(&name);
            if self.taken.contains(at.as_str()) {
                continue;
            }
            match moves::link(Name::of(staging, staged), Name::of(&dir, &name)) {
                Ok(()) => {}
                // Laid there by one who was ended just then.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    let there = content_of(&dir, &name);
                    if !there.is_ok_and(|there| is_content(there, content)) {
                        continue;
                    }
                }
                Err(error) => return Err(failed()(error)),
            }
            return RepoPath::new(at).map_err(|error| failed()(io::Error::other(error)));
        }
        Err(failed()(ErrorKind::AlreadyExists.into()))
    }
}

impl WorkTree {
    /// After a checkout that is published: lays beside their paths the former files in `staging`
    /// that are no more what they were, as somebody had them open and wrote on. Those that
    /// `is_former` knows by number of the change and stat are not read. Also what failed first.
    pub(super) fn keep_edits(
        &self,
        journal: &Journal,
        staging: &Dir,
        is_former: &dyn Fn(usize, Stat) -> bool,
    ) -> (Vec<LeftAlone>, Option<WorkTreeError>) {
        let beside = Beside::of(self, journal);
        let keep = |number: usize, change: &Change, name: &str| {
            let failed = || WorkTreeError::io("keep what was written into", &change.path);
            let Standing::File(stat) = stat_in(staging, name).map_err(failed())? else {
                return Ok(None);
            };
            if is_former(number, stat) {
                return Ok(None);
            }
            let content = content_of(staging, name).map_err(failed())?;
            let is = |other: Option<Content>| other.is_some_and(|other| is_content(content, other));
            if is(change.before) || is(change.after) {
                return Ok(None);
            }
            let path = change.path.clone();
            let kept_as = Some(beside.lay(staging, name, &path, content)?);
            Ok(Some(LeftAlone { path, kept_as }))
        };
        let (mut kept, mut failed) = (Vec::new(), None);
        for (number, change) in journal.changes.iter().enumerate() {
            // What only came lies at its path.
            let slots = (change.before).map(|_| [number.to_string(), former_name(number)]);
            for name in slots.iter().flatten() {
                match keep(number, change, name) {
                    Ok(found) => kept.extend(found),
                    Err(error) => drop(failed.get_or_insert(error)),
                }
            }
        }
        (kept, failed)
    }
}

/// What the file of this name holds.
pub(super) fn content_of(folder: &Dir, name: &str) -> io::Result<Content> {
    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No).nonblock(true);
    let mut file = folder.open_with(name, &options)?.into_std();
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(ErrorKind::InvalidInput.into());
    }
    let stat = Stat::of(&metadata);
    Ok(Content {
        id: read::hash(&mut file).map_err(io::Error::other)?,
        size: stat.size,
        exec: stat.exec,
    })
}
