//! Which paths a command is about.

use std::path::{Component, Path, PathBuf};

use super::{RepositoryError, Result};
use crate::history::{HistoryError, Project, nearest};
use crate::object::{RepoPath, UnsafeName};
use crate::worktree::{Scan, Unlisted, is_within};

/// The whole project, or the files and folders that were named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope(Option<Vec<RepoPath>>);

impl Scope {
    /// Everything.
    #[must_use]
    pub const fn all() -> Self {
        Self(None)
    }

    /// These files and folders.
    #[must_use]
    pub fn of(paths: Vec<RepoPath>) -> Self {
        Self(Some(paths))
    }

    /// What `typed` means to someone in the folder `cwd`: paths relative to it, or absolute.
    /// Nothing typed, or the project folder itself, means everything.
    ///
    /// # Errors
    /// `OutsideProject`; `UnsafeName` for one no tree can hold.
    pub fn typed<'t>(
        project: &Project,
        cwd: &Path,
        typed: impl IntoIterator<Item = &'t Path>,
    ) -> Result<Self> {
        let mut paths = Vec::new();
        let mut everything = true;
        for typed in typed {
            everything = false;
            match locate(project.root(), cwd, typed)? {
                Some(path) => paths.push(path),
                None => return Ok(Self::all()),
            }
        }
        Ok(Self((!everything).then_some(paths)))
    }

    /// Whether it is the whole project.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.0.is_none()
    }

    /// The named paths; none for everything.
    #[must_use]
    pub fn paths(&self) -> &[RepoPath] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether `path` is named, or lies in a named folder.
    #[must_use]
    pub fn contains(&self, path: &RepoPath) -> bool {
        self.0
            .as_ref()
            .is_none_or(|paths| paths.iter().any(|scope| lies_in(path, scope)))
    }

    /// Checks that each named path is, or holds, one of `known`.
    pub(in crate::workflow) fn check<'k>(
        &self,
        known: impl IntoIterator<Item = &'k RepoPath> + Clone,
        place: &str,
    ) -> Result<()> {
        match self.unknown(known.clone()).next() {
            Some(scope) => Err(self::unknown(scope, known, place)),
            None => Ok(()),
        }
    }

    /// The named paths that neither are nor hold one of `known`.
    pub(super) fn unknown<'k>(
        &self,
        known: impl IntoIterator<Item = &'k RepoPath> + Clone,
    ) -> impl Iterator<Item = &RepoPath> {
        let known = move |scope: &&RepoPath| {
            let mut known = known.clone().into_iter();
            !known.any(|path| lies_in(path, scope))
        };
        self.paths().iter().filter(known)
    }

    /// What is not kept of the named paths that neither are nor hold one of `known`, and why: from
    /// the `scan`, or by a look at the path itself.
    ///
    /// # Errors
    /// `NoSuchPath` for a path where nothing lies.
    pub(super) fn unlisted<'k>(
        &self,
        project: &Project,
        scan: &Scan,
        known: impl IntoIterator<Item = &'k RepoPath> + Clone,
    ) -> Result<Vec<Unlisted>> {
        let mut found = Vec::new();
        for scope in self.unknown(known.clone()) {
            let lists = [&scan.skipped, &scan.refused, &scan.unreadable];
            let of_scope = |entry: &&Unlisted| {
                is_within(scope.as_str(), &entry.path) || is_within(&entry.path, scope.as_str())
            };
            let before = found.len();
            found.extend(lists.into_iter().flatten().filter(of_scope).cloned());
            if found.len() > before {
                continue;
            }
            match project.tree().why_unlisted(scope) {
                Some(unlisted) => found.push(unlisted),
                // A folder without a file is no file, and nothing is wrong with it.
                None if project.root().join(scope.as_str()).is_dir() => {}
                None => return Err(self::unknown(scope, known, "the project")),
            }
        }
        Ok(found)
    }

    /// Checks that nothing keeps those of the named paths out of the project that neither are nor
    /// hold one of `known`.
    ///
    /// # Errors
    /// `NotKept` names each with the reason.
    pub fn check_kept<'k>(
        &self,
        project: &Project,
        known: impl IntoIterator<Item = &'k RepoPath> + Clone,
    ) -> Result<()> {
        let unlisted: Vec<_> = self
            .unknown(known)
            .filter_map(|scope| project.tree().why_unlisted(scope))
            .collect();
        match unlisted.is_empty() {
            true => Ok(()),
            false => Err(RepositoryError::NotKept(unlisted)),
        }
    }

    /// Whether `path`, as text shows it, is named, lies in a named folder or holds a named path.
    pub(super) fn concerns(&self, path: &str) -> bool {
        self.0.as_ref().is_none_or(|paths| {
            let mut paths = paths.iter().map(RepoPath::as_str);
            paths.any(|scope| is_within(path, scope) || is_within(scope, path))
        })
    }
}

fn unknown<'k>(
    scope: &RepoPath,
    known: impl IntoIterator<Item = &'k RepoPath>,
    place: &str,
) -> RepositoryError {
    let names = known.into_iter().map(RepoPath::as_str);
    let error = HistoryError::NoSuchPath {
        path: scope.to_string(),
        place: place.to_owned(),
        nearest: nearest(scope.as_str(), names),
    };
    error.into()
}

fn lies_in(path: &RepoPath, folder: &RepoPath) -> bool {
    is_within(path.as_str(), folder.as_str())
}

/// What `typed` means to someone in the folder `cwd`, as a path from the project folder `root`;
/// none is that folder itself. `..` is taken back by name, and no symlink of the project is
/// followed: only on the way to the project.
///
/// # Errors
/// `OutsideProject`; `UnsafeName` for one no tree can hold.
pub fn locate(root: &Path, cwd: &Path, typed: &Path) -> Result<Option<RepoPath>, HistoryError> {
    let mut absolute = PathBuf::new();
    for part in cwd.join(typed).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(absolute.pop()),
            part => absolute.push(part),
        }
    }
    let inside = match absolute.strip_prefix(root) {
        Ok(inside) => Some(inside.to_owned()),
        Err(_) => through_links(root, &absolute),
    };
    let inside = inside.ok_or_else(|| HistoryError::OutsideProject {
        path: typed.display().to_string(),
        root: root.to_owned(),
    })?;
    let mut names = Vec::new();
    for name in inside.iter() {
        names.push(name.to_str().ok_or_else(|| UnsafeName {
            name: typed.to_string_lossy().into_owned(),
            reason: "it is not UTF-8",
        })?);
    }
    if names.is_empty() {
        return Ok(None);
    }
    Ok(Some(RepoPath::new(names.join("/"))?))
}

/// What of an absolute path lies in the project, where a folder on the way leads there by a link.
fn through_links(root: &Path, absolute: &Path) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let folders: Vec<&Path> = absolute.ancestors().collect();
    for folder in folders.into_iter().rev() {
        let real = folder.canonicalize().ok()?;
        if let (Ok(place), Ok(rest)) = (real.strip_prefix(&root), absolute.strip_prefix(folder)) {
            return Some(place.join(rest));
        }
    }
    None
}
