//! Names that change below the project folder: each change is one step of the file system, which a
//! test can watch and break.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, OpenOptions};

use crate::base::fault::{self, Step};
use crate::base::progress::Part;
use crate::base::sparse::SparseWriter;

/// Makes a folder.
///
/// # Errors
/// Any I/O error.
pub(super) fn make_folder(folder: &Dir, name: &str) -> io::Result<()> {
    fault::step(Step::MakeFolder(Path::new(name)))?;
    folder.create_dir(name)
}

/// Removes a folder that is empty.
///
/// # Errors
/// Any I/O error, as when it is not.
pub(super) fn remove_folder(folder: &Dir, name: &str) -> io::Result<()> {
    fault::step(Step::RemoveFolder(Path::new(name)))?;
    folder.remove_dir(name)
}

/// Removes a file, if there is one.
///
/// # Errors
/// Any I/O error.
pub(super) fn remove_file(folder: &Dir, name: &str) -> io::Result<()> {
    fault::step(Step::Remove(Path::new(name)))?;
    match folder.remove_file(name) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Makes a file that was not there, for writing.
///
/// # Errors
/// Any I/O error.
pub(super) fn create(folder: &Dir, name: &str) -> io::Result<File> {
    fault::step(Step::Create(Path::new(name)))?;
    let mut options = OpenOptions::new();
    options
        .write(true)
        .create_new(true)
        .follow(FollowSymlinks::No);
    Ok(folder.open_with(name, &options)?.into_std())
}

/// Makes the bytes of a file durable.
///
/// # Errors
/// Any I/O error.
pub(super) fn sync(folder: &Dir, name: &str) -> io::Result<()> {
    fault::step(Step::Sync(Path::new(name)))?;
    let mut options = OpenOptions::new();
    // Windows syncs only what is open for writing.
    options.write(true).follow(FollowSymlinks::No);
    folder.open_with(name, &options)?.sync_all()
}

/// A new file that is being written.
pub(super) struct NewFile<'f> {
    pub file: &'f File,
    pub name: &'f str,
    pub to: SparseWriter<'f>,
    /// Hears of each byte.
    pub part: Option<&'f Part<'f>>,
}

impl Write for NewFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        fault::step(Step::Write {
            file: self.file,
            path: Path::new(self.name),
            offset: None,
            bytes,
        })?;
        let written = self.to.write(bytes)?;
        if let Some(part) = self.part {
            part.advance(written as u64);
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A name in an open folder.
#[derive(Clone, Copy)]
pub(super) struct Name<'n> {
    pub folder: &'n Dir,
    pub name: &'n str,
}

impl<'n> Name<'n> {
    pub(super) fn of(folder: &'n Dir, name: &'n str) -> Self {
        Self { folder, name }
    }
}

/// Moves a file to a name that nothing has.
///
/// # Errors
/// `AlreadyExists` when something has it, or any other I/O error.
pub(super) fn rename(from: Name<'_>, to: Name<'_>) -> io::Result<()> {
    fault::step(Step::Rename {
        from: Path::new(from.name),
        to: Path::new(to.name),
    })?;
    match rename_with(from, to, Way::Free) {
        Err(error) if is_unknown(&error) => {
            // Nothing says so in one step here: what comes to have the name between these two is
            // written over.
            match to.folder.symlink_metadata(to.name) {
                Ok(_) => Err(ErrorKind::AlreadyExists.into()),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    from.folder.rename(from.name, to.folder, to.name)
                }
                Err(error) => Err(error),
            }
        }
        done => done,
    }
}

/// Gives a file a second name that nothing has; where a file can have but one, that one.
///
/// # Errors
/// `AlreadyExists` when something has it, or any other I/O error.
pub(super) fn link(from: Name<'_>, to: Name<'_>) -> io::Result<()> {
    fault::step(Step::Create(Path::new(to.name)))?;
    match from.folder.hard_link(from.name, to.folder, to.name) {
        Err(error) if is_unknown(&error) || error.kind() == ErrorKind::PermissionDenied => {
            rename(from, to)
        }
        done => done,
    }
}

/// Two files exchange their names, in one step. False where the file system cannot do that.
///
/// # Errors
/// Any I/O error.
pub(super) fn exchange(one: Name<'_>, other: Name<'_>) -> io::Result<bool> {
    let step = Step::Exchange {
        from: Path::new(one.name),
        to: Path::new(other.name),
    };
    match fault::step(step).and_then(|()| rename_with(one, other, Way::Exchange)) {
        Ok(()) => Ok(true),
        Err(error) if is_unknown(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Free,
    Exchange,
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn rename_with(from: Name<'_>, to: Name<'_>, way: Way) -> io::Result<()> {
    use rustix::fs::{RenameFlags, renameat_with};
    let flags = match way {
        Way::Free => RenameFlags::NOREPLACE,
        Way::Exchange => RenameFlags::EXCHANGE,
    };
    Ok(renameat_with(
        from.folder,
        from.name,
        to.folder,
        to.name,
        flags,
    )?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn rename_with(_: Name<'_>, _: Name<'_>, _: Way) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// Whether the system or the file system does not know this way of renaming.
fn is_unknown(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unsupported | ErrorKind::InvalidInput
    )
}

/// Whether an open folder holds nothing but folders that hold nothing.
///
/// # Errors
/// Any I/O error.
pub(super) fn is_empty(folder: &Dir) -> io::Result<bool> {
    for entry in folder.entries()? {
        let entry = entry?;
        let name = entry.file_name();
        let is_own = name == super::AIUT_FOLDER || name == ".git";
        if is_own || !entry.file_type()?.is_dir() {
            return Ok(false);
        }
        if !is_empty(&folder.open_dir_nofollow(name)?)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes a folder that holds nothing but folders that hold nothing. False when it does.
///
/// # Errors
/// Any I/O error.
pub(super) fn remove_empty(folder: &Dir, name: &str) -> io::Result<bool> {
    let inner = folder.open_dir_nofollow(name)?;
    if !is_empty(&inner)? {
        return Ok(false);
    }
    for entry in inner.entries()? {
        let entry = entry?.file_name();
        let Some(entry) = entry.to_str() else {
            return Ok(false);
        };
        if !remove_empty(&inner, entry)? {
            return Ok(false);
        }
    }
    match remove_folder(folder, name) {
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(false),
        done => done.map(|()| true),
    }
}
