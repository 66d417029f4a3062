//! `numbers.toml` of a tree that was never in the folder.

use super::session::{Session, remember};
use crate::history::FlatTree;
use crate::object::RepoPath;
use crate::pipeline::NUMBERS;
use crate::workflow::repository::OwnFiles;

impl OwnFiles for Session<'_> {
    fn is_own(&self, path: &RepoPath) -> bool {
        path.as_str() == NUMBERS
    }

    fn renewed(&self, files: &FlatTree) -> Vec<(RepoPath, Vec<u8>)> {
        let ids = files.iter().map(|(path, entry)| (path.clone(), entry.id));
        let snapshot = self.snapshot().with_files(ids);
        // What cannot be read is told where it is needed; the next commit tries again.
        let text = remember(&snapshot, self.project.store()).ok().flatten();
        let path = RepoPath::new(NUMBERS).expect("a safe name");
        text.into_iter()
            .map(|text| (path.clone(), text.into_bytes()))
            .collect()
    }
}
