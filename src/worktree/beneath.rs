//! Paths opened folder by folder beneath the root's handle, so that a symlink, even one swapped in
//! at the worst moment, is met as a symlink and refused.

use std::io;

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, OpenOptions};

use super::{Stat, WorkTree, WorkTreeError};
use crate::object::RepoPath;

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing, or its folder is missing.
    Nothing,
    File(Stat),
    Folder,
    /// A symlink, a pipe, a device; or a symlink or file stands where its folder should.
    Other,
}

impl WorkTree {
    /// The folder that holds `path`, no symlink followed; `None` when it is missing.
    pub(super) fn folder_of(&self, path: &RepoPath) -> io::Result<Option<Dir>> {
        let mut dir = self.dir.try_clone()?;
        let Some(parent) = path.parent() else {
            return Ok(Some(dir));
        };
        for name in parent.names() {
            dir = match dir.open_dir_nofollow(name) {
                Ok(inner) => inner,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error),
            };
        }
        Ok(Some(dir))
    }

    /// The folder that holds `path`, made where it is missing.
    pub(super) fn make_folder_of(&self, path: &RepoPath) -> io::Result<Dir> {
        let mut dir = self.dir.try_clone()?;
        let Some(parent) = path.parent() else {
            return Ok(dir);
        };
        for name in parent.names() {
            match dir.create_dir(name) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
            dir = dir.open_dir_nofollow(name)?;
        }
        Ok(dir)
    }

    /// What stands at `path` now.
    pub(super) fn standing(&self, path: &RepoPath) -> io::Result<Standing> {
        let folder = match self.folder_of(path) {
            Ok(Some(folder)) => folder,
            Ok(None) => return Ok(Standing::Nothing),
            Err(error) if not_a_folder(&error) => return Ok(Standing::Other),
            Err(error) => return Err(error),
        };
        stat_in(&folder, path.file_name())
    }

    /// Opens the file at `path` for reading, no symlink followed.
    pub(super) fn open_file(&self, path: &RepoPath) -> Result<std::fs::File, WorkTreeError> {
        let refuse = |error: io::Error| {
            if not_a_folder(&error) {
                WorkTreeError::Symlink { path: path.clone() }
            } else {
                WorkTreeError::io("read", path)(error)
            }
        };
        let missing = || WorkTreeError::io("read", path)(io::ErrorKind::NotFound.into());
        let folder = self.folder_of(path).map_err(refuse)?.ok_or_else(missing)?;
        let mut options = OpenOptions::new();
        // Without `nonblock`, a pipe swapped in would be waited for, forever.
        options.read(true).follow(FollowSymlinks::No).nonblock(true);
        let file = folder
            .open_with(path.file_name(), &options)
            .map_err(refuse)?;
        Ok(file.into_std())
    }
}

/// What stands in a folder by this name now: one system call.
#[cfg(unix)]
pub(super) fn stat_in(folder: &Dir, name: &str) -> io::Result<Standing> {
    use rustix::fs::{AtFlags, FileType, statat};

    let found = match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => found,
        Err(rustix::io::Errno::NOENT) => return Ok(Standing::Nothing),
        Err(error) => return Err(error.into()),
    };
    Ok(match FileType::from_raw_mode(found.st_mode) {
        FileType::RegularFile => Standing::File(Stat::of_system(&found)),
        FileType::Directory => Standing::Folder,
        _ => Standing::Other,
    })
}

/// What stands in a folder by this name now.
#[cfg(not(unix))]
pub(super) fn stat_in(folder: &Dir, name: &str) -> io::Result<Standing> {
    let metadata = match folder.symlink_metadata(name) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::Nothing),
        Err(error) => return Err(error),
    };
    Ok(if metadata.is_file() {
        Standing::File(Stat::of_beneath(&metadata))
    } else if metadata.is_dir() {
        Standing::Folder
    } else {
        Standing::Other
    })
}

/// Whether opening failed because a symlink or a file stands where a folder should, or a symlink
/// where a file should.
pub(super) fn not_a_folder(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotADirectory || error.raw_os_error() == Some(LOOP)
}

/// `ELOOP`, for which std has no stable kind.
#[cfg(target_os = "linux")]
const LOOP: i32 = 40;
#[cfg(all(unix, not(target_os = "linux")))]
const LOOP: i32 = 62;
#[cfg(not(unix))]
const LOOP: i32 = -1;
