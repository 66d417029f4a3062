//! Files that follow from others and are kept up to date with them: scene numbers, from the script.

use super::Result;
use crate::history::FlatTree;
use crate::object::RepoPath;

/// Files that aiut keeps up to date itself, from other files: made again with every commit, never joined.
pub trait OwnFiles {
    /// Whether it is one of them.
    fn is_own(&self, path: &RepoPath) -> bool;
    /// Those that `files` want otherwise than they hold.
    ///
    /// # Errors
    /// `Unread` when the system refuses to read what they follow from.
    fn renewed(&self, files: &FlatTree) -> Result<Vec<(RepoPath, Vec<u8>)>>;
}

impl<T: OwnFiles> OwnFiles for Option<T> {
    fn is_own(&self, path: &RepoPath) -> bool {
        self.as_ref().is_some_and(|own| own.is_own(path))
    }

    fn renewed(&self, files: &FlatTree) -> Result<Vec<(RepoPath, Vec<u8>)>> {
        self.as_ref()
            .map_or_else(|| Ok(Vec::new()), |own| own.renewed(files))
    }
}

/// None at all.
impl OwnFiles for () {
    fn is_own(&self, _path: &RepoPath) -> bool {
        false
    }

    fn renewed(&self, _files: &FlatTree) -> Result<Vec<(RepoPath, Vec<u8>)>> {
        Ok(Vec::new())
    }
}
