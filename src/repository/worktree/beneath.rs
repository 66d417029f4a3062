//! Paths opened folder by folder beneath the root's handle, so that a symlink, even one swapped in
//! at the worst moment, is met as a symlink and refused.

use std::path::Path;
use std::{fmt, io};

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, OpenOptions};

use super::{AIUT_FOLDER, Stat, WorkTree, WorkTreeError, moves};
use crate::base::fault;
use crate::object::RepoPath;

/// What stands in a folder by a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing, or its folder is missing.
    Nothing,
    File(Stat),
    Folder,
    /// Neither of these; or something stands where its folder should.
    Other(Barrier),
}

/// What aiut neither follows, nor writes into, nor writes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Barrier {
    Symlink,
    /// A pipe, a socket, a device.
    Special,
    /// A folder with `.aiut` in it, be that a folder or not.
    Project,
    /// A file where a folder should be.
    File,
}

impl fmt::Display for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Symlink => "a symlink, which is not followed",
            Self::Special => "neither a file nor a folder",
            Self::Project => "a project of its own",
            Self::File => "a file, where a folder is needed",
        })
    }
}

/// What stands at a path, and on the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Nothing,
    File(Stat),
    Folder,
    /// A file stands where a folder above the path should.
    Behind(RepoPath, Stat),
    /// The path itself or a folder above it is something else.
    Barred(RepoPath, Barrier),
}

/// Finds out what stands at paths, most of which lie in the folder of the one before.
pub(super) struct Finder<'t> {
    tree: &'t WorkTree,
    last: Option<(Option<RepoPath>, Above)>,
}

/// What the folder of a path is.
enum Above {
    Folder(Dir),
    Missing,
    Behind(RepoPath, Stat),
    Barred(RepoPath, Barrier),
}

impl Finder<'_> {
    /// What stands at `path`.
    ///
    /// # Errors
    /// Whatever keeps from knowing it.
    pub(super) fn find(&mut self, path: &RepoPath) -> io::Result<Place> {
        let parent = path.parent();
        if self.last.as_ref().is_none_or(|(last, _)| *last != parent) {
            self.last = None;
            let above = self.above(parent.as_ref())?;
            self.last = Some((parent, above));
        }
        let folder = match &self.last {
            Some((_, Above::Folder(folder))) => folder,
            Some((_, Above::Behind(at, stat))) => return Ok(Place::Behind(at.clone(), *stat)),
            Some((_, Above::Barred(at, by))) => return Ok(Place::Barred(at.clone(), *by)),
            Some((_, Above::Missing)) | None => return Ok(Place::Nothing),
        };
        let name = path.file_name();
        Ok(match stat_in(folder, name)? {
            Standing::Nothing => Place::Nothing,
            Standing::File(stat) => Place::File(stat),
            Standing::Folder if is_project(&folder.open_dir_nofollow(name)?)? => {
                Place::Barred(path.clone(), Barrier::Project)
            }
            Standing::Folder => Place::Folder,
            Standing::Other(by) => Place::Barred(path.clone(), by),
        })
    }

    fn above(&self, parent: Option<&RepoPath>) -> io::Result<Above> {
        let mut dir = self.tree.dir.try_clone()?;
        let Some(parent) = parent else {
            return Ok(Above::Folder(dir));
        };
        let mut end = 0;
        for name in parent.names() {
            end += name.len();
            let at = || RepoPath::new(&parent.as_str()[..end]).map_err(io::Error::other);
            dir = match dir.open_dir_nofollow(name) {
                Ok(inner) if is_project(&inner)? => {
                    return Ok(Above::Barred(at()?, Barrier::Project));
                }
                Ok(inner) => inner,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Above::Missing),
                Err(error) if not_a_folder(&error) => {
                    return match stat_in(&dir, name)? {
                        Standing::File(stat) => Ok(Above::Behind(at()?, stat)),
                        Standing::Other(by) => Ok(Above::Barred(at()?, by)),
                        Standing::Nothing => Ok(Above::Missing),
                        Standing::Folder => Err(error),
                    };
                }
                Err(error) => return Err(error),
            };
            end += 1;
        }
        Ok(Above::Folder(dir))
    }
}

/// Whether an open folder below the root is a project of its own.
pub(super) fn is_project(folder: &Dir) -> io::Result<bool> {
    Ok(stat_in(folder, AIUT_FOLDER)? != Standing::Nothing)
}

impl WorkTree {
    /// To ask for many paths.
    pub(super) fn finder(&self) -> Finder<'_> {
        Finder {
            tree: self,
            last: None,
        }
    }

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

    /// The folder that holds `path`, made where it is missing; or what is in the way.
    pub(super) fn make_folder_of(&self, path: &RepoPath) -> io::Result<Result<Dir, Barrier>> {
        let mut dir = self.dir.try_clone()?;
        let Some(parent) = path.parent() else {
            return Ok(Ok(dir));
        };
        for name in parent.names() {
            dir = match dir.open_dir_nofollow(name) {
                Ok(inner) if is_project(&inner)? => return Ok(Err(Barrier::Project)),
                Ok(inner) => inner,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    match moves::make_folder(&dir, name) {
                        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                            return Err(error);
                        }
                        _ => {}
                    }
                    dir.open_dir_nofollow(name)?
                }
                Err(error) if not_a_folder(&error) => {
                    return match stat_in(&dir, name)? {
                        Standing::File(_) => Ok(Err(Barrier::File)),
                        Standing::Other(by) => Ok(Err(by)),
                        _ => Err(error),
                    };
                }
                Err(error) => return Err(error),
            };
        }
        Ok(Ok(dir))
    }

    /// Whether each file is still the one of that stat, and where there was none is none.
    ///
    /// # Errors
    /// `Io` names the path.
    pub fn still_stands<'p>(
        &self,
        seen: impl Iterator<Item = (&'p RepoPath, Option<Stat>)>,
    ) -> Result<bool, WorkTreeError> {
        let mut finder = self.finder();
        for (path, seen) in seen {
            let place = finder.find(path);
            let now = match place.map_err(WorkTreeError::io("look at", path))? {
                Place::File(stat) => Some(stat),
                _ => None,
            };
            if now != seen {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What stands at `path` now.
    pub(super) fn standing(&self, path: &RepoPath) -> io::Result<Standing> {
        fault::read(Path::new(path.as_str()))?;
        let folder = match self.folder_of(path) {
            Ok(Some(folder)) => folder,
            Ok(None) => return Ok(Standing::Nothing),
            Err(error) if not_a_folder(&error) => return Ok(Standing::Other(Barrier::Symlink)),
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
        fault::read(Path::new(path.as_str())).map_err(refuse)?;
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
        FileType::Symlink => Standing::Other(Barrier::Symlink),
        _ => Standing::Other(Barrier::Special),
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
    } else if metadata.is_symlink() {
        Standing::Other(Barrier::Symlink)
    } else {
        Standing::Other(Barrier::Special)
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
