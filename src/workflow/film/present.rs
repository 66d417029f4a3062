//! Contents as the work tree holds them: copies are made only of what is not there.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::records::unread;
use crate::base::atomic::AtomicFile;
use crate::generate::{Files, FilesError};
use crate::history::{FlatTree, Project};
use crate::object::{FileId, RepoPath};
use crate::store::Store;

/// Where the work tree holds which content.
pub(super) struct Present {
    root: PathBuf,
    work: Arc<FlatTree>,
    /// Made when the first is asked for.
    places: OnceLock<HashMap<FileId, RepoPath>>,
}

impl Present {
    /// `work` is what lies in the work tree of `project`.
    pub(super) fn of(project: &Project, work: Arc<FlatTree>) -> Self {
        Self {
            root: project.root().to_owned(),
            work,
            places: OnceLock::new(),
        }
    }

    /// A file that holds this content.
    pub(super) fn get(&self, id: &FileId) -> Option<PathBuf> {
        let places = self.places.get_or_init(|| {
            let files = self.work.iter();
            files.map(|(path, file)| (file.id, path.clone())).collect()
        });
        Some(self.root.join(places.get(id)?.as_str()))
    }
}

/// Gives stored contents as files: the work tree's own where it holds them, else a copy.
pub(super) struct StoreFiles<'a> {
    /// Where contents are.
    pub(super) store: &'a Store,
    /// Where the work tree holds them already.
    pub(super) present: &'a Present,
    /// Where copies go.
    pub(super) scratch: &'a Path,
}

impl Files for StoreFiles<'_> {
    fn open(&self, id: &FileId, name: &str) -> Result<PathBuf, FilesError> {
        if let Some(path) = self.present.get(id)
            && holds(&path, id)
        {
            return Ok(path);
        }
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let path = self.scratch.join(format!("{id}.{extension}"));
        if !path.exists() {
            self.copy(id, &path)?;
        }
        Ok(path)
    }

    fn expect(&self, ids: &[FileId]) {
        // Whoever opens one tells why it cannot be had.
        let _ = self.store.supply(ids);
    }

    fn copy(&self, id: &FileId, path: &Path) -> Result<(), FilesError> {
        let mut copy = AtomicFile::create(path)?;
        self.store.copy_file(*id, &mut copy).map_err(unread)?;
        Ok(copy.persist_cache()?)
    }
}

/// Whether a file still holds this content.
fn holds(path: &Path, id: &FileId) -> bool {
    matches!(head_of(path, id, 0), Ok(Some(_)))
}

/// The first bytes of a file, at most so many, if all of it is this content.
pub(super) fn head_of(path: &Path, id: &FileId, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    file.by_ref().take(most as u64).read_to_end(&mut head)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&head).update_reader(file)?;
    let is_it = hasher.finalize().as_bytes() == id.as_bytes();
    Ok(is_it.then_some(head))
}
