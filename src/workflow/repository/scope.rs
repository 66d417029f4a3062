//! Which paths a command is about.

use std::path::{Component, Path};

use super::{RepositoryError, Result};
use crate::history::{HistoryError, Project, nearest};
use crate::object::{RepoPath, UnsafeName};

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
    /// `NoSuchPath` for a path outside the project, `UnsafeName` for one no tree can hold.
    pub fn typed<'t>(
        project: &Project,
        cwd: &Path,
        typed: impl IntoIterator<Item = &'t Path>,
    ) -> Result<Self> {
        let mut paths = Vec::new();
        let mut everything = true;
        for typed in typed {
            everything = false;
            match locate(project, cwd, typed)? {
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
    pub(super) fn check<'k>(
        &self,
        known: impl IntoIterator<Item = &'k RepoPath> + Clone,
        place: &str,
    ) -> Result<()> {
        for scope in self.paths() {
            if known.clone().into_iter().any(|path| lies_in(path, scope)) {
                continue;
            }
            let names = known.clone().into_iter().map(RepoPath::as_str);
            return Err(HistoryError::NoSuchPath {
                path: scope.to_string(),
                place: place.to_owned(),
                nearest: nearest(scope.as_str(), names),
            }
            .into());
        }
        Ok(())
    }
}

fn lies_in(path: &RepoPath, folder: &RepoPath) -> bool {
    let rest = path.as_str().strip_prefix(folder.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A typed path, from the project folder; none is the project folder itself. `..` is taken back
/// by name, as a symlink is never followed.
fn locate(project: &Project, cwd: &Path, typed: &Path) -> Result<Option<RepoPath>> {
    let outside = || {
        RepositoryError::from(HistoryError::NoSuchPath {
            path: typed.display().to_string(),
            place: "the project".to_owned(),
            nearest: None,
        })
    };
    let mut absolute = std::path::PathBuf::new();
    for part in cwd.join(typed).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(absolute.pop()),
            part => absolute.push(part),
        }
    }
    let inside = absolute
        .strip_prefix(project.root())
        .map_err(|_| outside())?;
    let mut names = Vec::new();
    for name in inside.iter() {
        names.push(name.to_str().ok_or_else(|| {
            HistoryError::from(UnsafeName {
                name: typed.to_string_lossy().into_owned(),
                reason: "it is not UTF-8",
            })
        })?);
    }
    if names.is_empty() {
        return Ok(None);
    }
    Ok(Some(RepoPath::new(names.join("/"))?))
}
