//! A folder of one job's temporary files, and the finished file in it.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::error::MediaError;
use aiut_base::atomic::write_cache;

/// A folder of its own under the caller's temporary folder; removed with all in it when dropped.
#[derive(Debug)]
pub(crate) struct Scratch {
    folder: TempDir,
}

impl Scratch {
    pub(crate) fn new(temporary: &Path) -> Result<Self, MediaError> {
        // ffmpeg resolves relative paths by rules of its own.
        let parent = temporary
            .canonicalize()
            .map_err(MediaError::io(temporary))?;
        let folder = tempfile::Builder::new()
            .prefix("aiut-media-")
            .tempdir_in(&parent);
        Ok(Self {
            folder: folder.map_err(MediaError::io(&parent))?,
        })
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and gives its path.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, MediaError> {
        let path = self.path(name);
        write_cache(&path, bytes).map_err(MediaError::io(&path))?;
        Ok(path)
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>, MediaError> {
        let path = self.path(name);
        std::fs::read(&path).map_err(MediaError::io(&path))
    }

    /// Hands a finished file over.
    pub(crate) fn finish(self, name: &str) -> Rendered {
        Rendered {
            path: self.path(name),
            _scratch: self,
        }
    }
}

/// A finished file in a temporary folder. It is gone when this is dropped: read it, or move it away.
#[derive(Debug)]
#[must_use = "the file is removed when this is dropped"]
pub struct Rendered {
    path: PathBuf,
    _scratch: Scratch,
}

impl Rendered {
    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All of it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>, MediaError> {
        std::fs::read(&self.path).map_err(MediaError::io(&self.path))
    }
}
