//! The folder that a command runs in: laid out before, emptied of its one output after.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use tempfile::TempDir;

use super::fault::Fault;
use crate::base::atomic::write_cache;
use crate::base::process::while_nothing_starts;
use crate::generate::{Files, FilesError, RunError};
use crate::object::FileId;
use crate::pipeline::{HEAD, Reader, denied};

/// A folder of a command's own; removed with all in it when dropped.
pub(super) struct Room {
    /// Opened before the command runs: whatever it does to the folder, this stays the folder.
    handle: Dir,
    path: PathBuf,
    folder: TempDir,
    laid: BTreeMap<String, Option<FileId>>,
}

/// A finished output, still in its folder.
#[derive(Debug)]
#[must_use = "the file is removed when this is dropped"]
pub struct Taken {
    file: std::fs::File,
    size: u64,
    _folder: TempDir,
}

impl Taken {
    /// Its bytes, as many as it had when the command ended.
    pub fn bytes(&self) -> impl Read + Seek + '_ {
        (&self.file).take(self.size)
    }
}

impl Room {
    pub(super) fn new(scratch: &Path) -> Result<Self, RunError> {
        let parent = scratch.canonicalize()?;
        let folder = tempfile::Builder::new()
            .prefix("command-")
            .tempdir_in(parent)?;
        let path = folder.path().to_owned();
        Ok(Self {
            handle: Dir::open_ambient_dir(&path, ambient_authority())?,
            path,
            folder,
            laid: BTreeMap::new(),
        })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.path
    }

    /// Keeps a place free: the output's.
    pub(super) fn reserve(&mut self, place: &str) -> Result<(), RunError> {
        self.claim(place, None).map(drop)
    }

    /// Lays a verified copy of a content at `place`, which nobody may write.
    pub(super) fn lay(
        &mut self,
        place: &str,
        id: &FileId,
        executed: bool,
        reader: &Reader<'_>,
        files: &dyn Files,
    ) -> Result<(), RunError> {
        if !self.claim(place, Some(*id))? {
            return Ok(());
        }
        let failed = |source: FilesError| RunError::HandOver {
            place: place.to_owned(),
            source,
        };
        let path = self.path.join(place);
        let parent = path.parent().expect("it lies in the folder");
        std::fs::create_dir_all(parent).map_err(|error| failed(error.into()))?;
        let write = || match reader.written(id) {
            Some(bytes) => write_cache(&path, &bytes).map_err(FilesError::from),
            None => files.copy(id, &path),
        };
        let written = if executed {
            while_nothing_starts(write)
        } else {
            write()
        };
        written.map_err(failed)?;
        read_only(&path, executed).map_err(|error| failed(error.into()))
    }

    /// Whether the place is still free; two contents for one place are an error.
    fn claim(&mut self, place: &str, id: Option<FileId>) -> Result<bool, RunError> {
        match self.laid.insert(place.to_owned(), id) {
            None => Ok(true),
            Some(before) if before == id => Ok(false),
            Some(_) => Err(RunError::Refused(format!(
                "two files would lie at {place} in the command's folder"
            ))),
        }
    }

    /// Takes the output out of the folder, if it is a regular file of 1 to `limit` bytes.
    pub(super) fn take(self, name: &str, limit: u64) -> Result<Taken, Fault> {
        let unreadable = |source| Fault::Unreadable {
            name: name.to_owned(),
            source,
        };
        let about = match self.handle.symlink_metadata(name) {
            Ok(about) => about,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Fault::NoOutput(name.to_owned()));
            }
            Err(error) => return Err(unreadable(error)),
        };
        let kind = |about: &cap_std::fs::Metadata| {
            let kind = about.file_type();
            let is = if kind.is_file() {
                return Ok(());
            } else if kind.is_symlink() {
                "a symlink"
            } else if kind.is_dir() {
                "a folder"
            } else {
                "something else"
            };
            let name = name.to_owned();
            Err(Fault::NoFile { name, is })
        };
        kind(&about)?;
        // Looked at again through the handle, so that nothing can be put in its place.
        let mut options = OpenOptions::new();
        options.read(true).follow(FollowSymlinks::No).nonblock(true);
        let file = self.handle.open_with(name, &options).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        kind(&about)?;
        if about.len() == 0 {
            return Err(Fault::Empty(name.to_owned()));
        }
        if about.len() > limit {
            return Err(Fault::TooLarge {
                name: name.to_owned(),
                bytes: about.len(),
                limit,
            });
        }
        let file = file.into_std();
        let mut head = Vec::new();
        let read = (&file).take(HEAD as u64).read_to_end(&mut head);
        read.and_then(|_| (&file).rewind()).map_err(unreadable)?;
        if let Some(denied) = denied(name, &head) {
            let name = name.to_owned();
            return Err(Fault::Denied { name, denied });
        }
        Ok(Taken {
            file,
            size: about.len(),
            _folder: self.folder,
        })
    }
}

#[cfg(unix)]
fn read_only(path: &Path, executed: bool) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if executed { 0o500 } else { 0o400 };
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn read_only(path: &Path, _executed: bool) -> std::io::Result<()> {
    let mut permissions = std::fs::metadata(path)?.permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(path, permissions)
}
