//! The files as they lie in the folder: scanning, the stat cache, ignore rules, safe checkout.
//!
//! ```text
//! look      folders that are as they were, and a walk of the others → beside what should be there
//! scan      the walk (.aiutignore), tell files from what is skipped, refused, unreadable
//! contents  file → id: by the stat cache where that is certain, else by reading it once
//! checkout  stage every new file under .aiut/ → journal → rename each into place → forget journal
//! ```
//! Nothing here follows a symlink: every path is opened folder by folder beneath one handle of
//! the root. Nothing here knows where contents are stored: they come and go through closures.

mod beneath;
mod cache;
mod checkout;
mod folders;
mod look;
mod moves;
mod read;
mod rules;
mod scan;
mod stat;
mod unlisted;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::fs::Dir;
use serde::{Deserialize, Serialize};

use crate::base::folder::Folder;
use crate::base::progress::{Listener, Progress};
use crate::object::{FileId, RepoPath};

pub use cache::StatCache;
pub use checkout::{Change, Fetch, FetchError, Journal, LeftAlone, Prepared};
pub use look::Look;
pub use read::{Bytes, Reading, hash};
pub use rules::is_matched;
pub(crate) use scan::twin_of;
pub use scan::{Found, Scan, ScannedFile, Unlisted, is_within};
pub use stat::Stat;

/// The folder in a project that holds everything of aiut's own.
pub const AIUT_FOLDER: &str = ".aiut";

/// Ignore rules, in gitignore syntax; one may lie in each folder.
pub const IGNORE_FILE: &str = ".aiutignore";

/// What a file holds: as much of a tree entry as the work tree can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Its bytes.
    pub id: FileId,
    /// Their number.
    pub size: u64,
    /// Whether its owner may execute it.
    pub exec: bool,
}

/// Why the work tree could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum WorkTreeError {
    /// The system refused.
    #[error("cannot {action} {path}")]
    Io {
        /// What was tried: `read`, `write`, …
        action: &'static str,
        /// The file or folder.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A folder on the way is a symlink or a file, or the file itself is a symlink.
    #[error("{path}: a symlink, or a file, stands in the way; aiut follows none")]
    Symlink {
        /// The path that was asked for.
        path: RepoPath,
    },
    /// The file was written to each time it was read.
    #[error("{path} keeps changing while it is read; try again when nothing writes to it")]
    Unsteady {
        /// The file.
        path: RepoPath,
    },
    /// The file is no longer what it was when the change was planned.
    #[error("{path} was changed meanwhile; nothing of it was overwritten")]
    ChangedMeanwhile {
        /// The file.
        path: RepoPath,
    },
    /// What stands at the path, or where a folder above it should be, is nothing to write over.
    #[error("{path}: in the way is {reason}")]
    InTheWay {
        /// The path that was to be changed.
        path: RepoPath,
        /// What stands there.
        reason: String,
    },
    /// The content to be written could not be had.
    #[error("cannot get the content of {path}")]
    Fetch {
        /// The file.
        path: RepoPath,
        /// What the store said.
        source: FetchError,
    },
    /// The record of an interrupted checkout is damaged.
    #[error("the record of an interrupted change, {path}, cannot be read: {reason}")]
    Journal {
        /// Where it lies.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl WorkTreeError {
    fn io(action: &'static str, path: impl ToString) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_string();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    /// What is wrong, to be told behind the path: of what the system refused, its own words.
    fn reason(&self) -> String {
        match self {
            Self::Io { source, .. } => source.to_string(),
            other => other.to_string(),
        }
    }
}

/// An open project folder.
#[derive(Debug)]
pub struct WorkTree {
    root: PathBuf,
    dir: Dir,
    own: Folder,
    progress: Listener,
}

impl WorkTree {
    /// Opens the folder that has `.aiut/` in it.
    ///
    /// # Errors
    /// `Io` when it cannot be opened.
    pub fn open(root: &Path) -> Result<Self, WorkTreeError> {
        let dir = Dir::open_ambient_dir(root, cap_std::ambient_authority())
            .map_err(WorkTreeError::io("open", root.display()))?;
        let path = root.join(AIUT_FOLDER);
        let own = Folder::open(&path).map_err(WorkTreeError::io("open", path.display()))?;
        Ok(Self {
            root: root.to_owned(),
            dir,
            own,
            progress: Listener::default(),
        })
    }

    /// From here on, tells how far the reading and writing of many files or bytes is.
    pub fn tell(&self, progress: Arc<dyn Progress>) {
        self.progress.set(progress);
    }

    /// The project folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of aiut's own files, `.aiut/`.
    #[must_use]
    pub fn own(&self) -> &Folder {
        &self.own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with `.aiut/` and these files.
    #[allow(clippy::disallowed_methods)]
    pub(super) fn project(files: &[(&str, &str)]) -> (tempfile::TempDir, WorkTree) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(AIUT_FOLDER)).unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let tree = WorkTree::open(folder.path()).unwrap();
        (folder, tree)
    }

    pub(super) fn names(scan: &Scan) -> Vec<&str> {
        scan.files.keys().map(RepoPath::as_str).collect()
    }
}
