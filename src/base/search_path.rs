//! Where programs are looked for: never inside the work tree, where a clone could have put one.

use std::env::{join_paths, split_paths};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The folders of a `PATH`, without those that a project has a say in.
#[derive(Debug, Clone, Default)]
pub struct SearchPath {
    folders: Vec<PathBuf>,
    tree: PathBuf,
}

impl SearchPath {
    /// The folders of `path` (as `PATH` has it) that are absolute and lie outside `work_tree`,
    /// also where a symlink leads there.
    #[must_use]
    pub fn outside(path: &OsStr, work_tree: &Path) -> Self {
        let tree = work_tree
            .canonicalize()
            .unwrap_or_else(|_| work_tree.to_owned());
        let outside = |folder: &Path| {
            folder.is_absolute() && !folder.starts_with(work_tree) && is_outside(folder, &tree)
        };
        Self {
            folders: split_paths(path).filter(|folder| outside(folder)).collect(),
            tree,
        }
    }

    /// The program of this name, as an absolute path.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let places = self.folders.iter().map(|folder| folder.join(&file));
        let mut programs = places.filter(|path| executable(path) && is_outside(path, &self.tree));
        programs.next()
    }

    /// The folders, as `PATH` has them.
    #[must_use]
    pub fn text(&self) -> OsString {
        join_paths(&self.folders).expect("what was split can be joined")
    }
}

fn is_outside(path: &Path, tree: &Path) -> bool {
    path.canonicalize()
        .is_ok_and(|real| !real.starts_with(tree))
}

#[cfg(unix)]
fn executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn executable(path: &Path) -> bool {
    path.is_file()
}
