//! Folders of aiut's own, held open: what lies in them is opened, made, renamed and removed by its
//! name beneath the handle, and nothing there is followed elsewhere.
//!
//! A project comes from anywhere: by mail, from an archive, out of somebody's copy. A link below
//! `.aiut` would lead what aiut writes and removes to any place that its user may write to. So a
//! name is a name: a link, a pipe or a device is met as such and refused, with the path and what to
//! do about it. A file with several names (a hard link, as `cp -al` makes them) is read like any
//! other; who writes into a file asks [`Found::names`] first.

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, Metadata, OpenOptions};

use super::fault::{self, Step};

/// What stands at a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, wherever it leads.
    Link,
    /// A pipe, a socket, a device.
    Other,
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "a file",
            Self::Folder => "a folder",
            Self::Link => "a link",
            Self::Other => "a pipe, a socket or a device",
        })
    }
}

/// Something else stands where aiut keeps a file or a folder of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// Where.
    pub path: PathBuf,
    /// What stands there.
    pub found: FileKind,
    /// What belongs there.
    pub wanted: FileKind,
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            found,
            wanted,
        } = self;
        let path = path.display();
        match found {
            FileKind::Link => write!(
                f,
                "{path} is a link, and aiut follows none there; see where it leads, then remove it: rm '{path}'"
            ),
            _ => write!(
                f,
                "{path} is {found} where aiut keeps {wanted}; move it elsewhere: mv '{path}' …"
            ),
        }
    }
}

impl std::error::Error for Foreign {}

impl From<Foreign> for io::Error {
    /// Of a kind that nobody takes for a file that is not there, or for a lack of rights.
    fn from(foreign: Foreign) -> Self {
        Self::other(foreign)
    }
}

/// What is known of a name without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: FileKind,
    /// Bytes of a file.
    pub bytes: u64,
    /// Bytes that it takes on the disk; `bytes` where the system does not say.
    pub taken: u64,
    /// How many names the file has; 1 where the system does not say.
    pub names: u64,
    /// File system and number of the file; none where the system does not say.
    pub identity: Option<(u64, u64)>,
}

impl Found {
    /// Of an open file.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn of(file: &File) -> io::Result<Self> {
        Ok(Self::from(&Metadata::from_file(file)?))
    }
}

impl From<&Metadata> for Found {
    fn from(data: &Metadata) -> Self {
        let kind = if data.is_symlink() {
            FileKind::Link
        } else if data.is_dir() {
            FileKind::Folder
        } else if data.is_file() {
            FileKind::File
        } else {
            FileKind::Other
        };
        #[cfg(unix)]
        {
            use cap_std::fs::MetadataExt as _;
            Self {
                kind,
                bytes: data.len(),
                taken: data.blocks().saturating_mul(512),
                names: data.nlink(),
                identity: Some((data.dev(), data.ino())),
            }
        }
        #[cfg(not(unix))]
        Self {
            kind,
            bytes: data.len(),
            taken: data.len(),
            names: 1,
            identity: None,
        }
    }
}

/// A folder of aiut's own, held open. Cloning it opens nothing.
#[derive(Debug, Clone)]
pub struct Folder {
    dir: Arc<Dir>,
    path: Arc<Path>,
}

impl Folder {
    /// Opens a folder. What its path leads through is followed; its last name is not.
    ///
    /// # Errors
    /// `NotFound`; [`Foreign`] when something else stands there; any other I/O error.
    pub fn open(path: &Path) -> io::Result<Self> {
        let authority = cap_std::ambient_authority();
        let dir = match path.file_name() {
            None => Dir::open_ambient_dir(path, authority)?,
            Some(name) => {
                let parent = match path.parent() {
                    Some(parent) if !parent.as_os_str().is_empty() => parent,
                    _ => Path::new("."),
                };
                let parent = Dir::open_ambient_dir(parent, authority)?;
                open_in(&parent, name, path)?
            }
        };
        Ok(Self {
            dir: Arc::new(dir),
            path: path.into(),
        })
    }

    /// Opens a folder that may be reached through a link: one of the user's own.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn open_any(path: &Path) -> io::Result<Self> {
        Ok(Self {
            dir: Arc::new(Dir::open_ambient_dir(path, cap_std::ambient_authority())?),
            path: path.into(),
        })
    }

    /// Opens a folder, made if missing, and the folders that lead to it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn make(path: &Path) -> io::Result<Self> {
        match Self::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return opened,
        }
        match std::fs::create_dir_all(path) {
            // A link that leads nowhere: opening it says so.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made?,
        }
        Self::open(path)
    }

    /// Its handle, for what is done to files of other names.
    #[must_use]
    pub fn dir(&self) -> &Dir {
        &self.dir
    }

    /// Its path, for messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a name in it, for messages.
    #[must_use]
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A folder in it.
    ///
    /// # Errors
    /// `NotFound`; [`Foreign`]; any other I/O error.
    pub fn folder(&self, name: &str) -> io::Result<Self> {
        let path = self.path_of(name);
        fault::read(&path)?;
        Ok(Self {
            dir: Arc::new(open_in(&self.dir, OsStr::new(name), &path)?),
            path: path.into(),
        })
    }

    /// A folder in it; none when it is missing.
    ///
    /// # Errors
    /// [`Foreign`]; any I/O error.
    pub fn folder_if_any(&self, name: &str) -> io::Result<Option<Self>> {
        match self.folder(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            folder => folder.map(Some),
        }
    }

    /// A folder in it, made if missing: copies and archives may leave out what is empty.
    ///
    /// # Errors
    /// [`Foreign`]; any I/O error.
    pub fn folder_made(&self, name: &str) -> io::Result<Self> {
        if let Some(folder) = self.folder_if_any(name)? {
            return Ok(folder);
        }
        match self.dir.create_dir(name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made?,
        }
        self.folder(name)
    }

    /// What stands at a name; none when nothing does.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn find(&self, name: &str) -> io::Result<Option<Found>> {
        fault::read(&self.path_of(name))?;
        match self.dir.symlink_metadata(name) {
            Ok(data) => Ok(Some(Found::from(&data))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The file of a name; none when there is none.
    ///
    /// # Errors
    /// [`Foreign`] when something else stands there; any I/O error.
    pub fn find_file(&self, name: &str) -> io::Result<Option<Found>> {
        match self.find(name)? {
            Some(found) if found.kind != FileKind::File => {
                Err(self.foreign(name, found.kind, FileKind::File))
            }
            found => Ok(found),
        }
    }

    /// Opens a file for reading.
    ///
    /// # Errors
    /// `NotFound`; [`Foreign`]; any other I/O error.
    pub fn read(&self, name: &str) -> io::Result<File> {
        self.open_with(name, OpenOptions::new().read(true))
    }

    /// Opens a file for reading and for writing into it. Whoever writes into one that has other
    /// names changes those, too: [`Found::of`] tells.
    ///
    /// # Errors
    /// `NotFound`; [`Foreign`]; any other I/O error.
    pub fn read_and_write(&self, name: &str) -> io::Result<File> {
        self.open_with(name, OpenOptions::new().read(true).write(true))
    }

    /// Opens a file for reading and writing, made if missing.
    ///
    /// # Errors
    /// [`Foreign`]; any other I/O error.
    pub fn open_or_create(&self, name: &str) -> io::Result<File> {
        self.open_with(name, OpenOptions::new().read(true).write(true).create(true))
    }

    /// Makes a file that was not there, open for reading and writing.
    ///
    /// # Errors
    /// `AlreadyExists`, whatever stands there; any other I/O error.
    pub fn create_new(&self, name: &str) -> io::Result<File> {
        fault::step(Step::Create(&self.path_of(name)))?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        Ok(self.dir.open_with(name, &options)?.into_std())
    }

    fn open_with(&self, name: &str, options: &mut OpenOptions) -> io::Result<File> {
        fault::read(&self.path_of(name))?;
        // Without `nonblock` a pipe would be waited for, forever.
        options.follow(FollowSymlinks::No).nonblock(true);
        let opened = self.dir.open_with(name, options);
        let file = match opened {
            Ok(file) => file.into_std(),
            Err(error) => {
                self.find_file(name)?;
                return Err(error);
            }
        };
        match Found::of(&file)?.kind {
            FileKind::File => Ok(file),
            found => Err(self.foreign(name, found, FileKind::File)),
        }
    }

    /// Removes a file; that there is none is no error.
    ///
    /// # Errors
    /// [`Foreign`] when something else stands there; any I/O error.
    pub fn remove_file(&self, name: &str) -> io::Result<()> {
        if self.find_file(name)?.is_none() {
            return Ok(());
        }
        match self.dir.remove_file(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Removes a folder if nothing is in it.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn remove_empty(&self, name: &str) -> io::Result<()> {
        self.dir.remove_dir(name)
    }

    /// Removes a folder and all that is in it. Links in it are removed, not followed.
    ///
    /// # Errors
    /// [`Foreign`] when something else stands there; any I/O error.
    pub fn remove_all(&self, name: &str) -> io::Result<()> {
        match self.find(name)? {
            None => Ok(()),
            Some(found) if found.kind == FileKind::Folder => self.dir.remove_dir_all(name),
            Some(found) => Err(self.foreign(name, found.kind, FileKind::Folder)),
        }
    }

    /// Gives a file another name, here or in another folder of its file system. A file of that
    /// name is replaced; a link is too, and not followed.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn rename(&self, from: &str, to: &Self, name: &str) -> io::Result<()> {
        fault::step(Step::Rename {
            from: &self.path_of(from),
            to: &to.path_of(name),
        })?;
        self.dir.rename(from, &to.dir, name)
    }

    /// The names in it and what stands at each, in no order. Names that are not UTF-8 are none of
    /// aiut's and are left out.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn list(&self) -> io::Result<Vec<(String, FileKind)>> {
        fault::read(&self.path)?;
        let mut names = Vec::new();
        for entry in self.dir.entries()? {
            let entry = entry?;
            let kind = match entry.file_type() {
                // Removed by another process at this very moment.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                kind => kind?,
            };
            let kind = if kind.is_symlink() {
                FileKind::Link
            } else if kind.is_dir() {
                FileKind::Folder
            } else if kind.is_file() {
                FileKind::File
            } else {
                FileKind::Other
            };
            names.extend(
                entry
                    .file_name()
                    .into_string()
                    .ok()
                    .map(|name| (name, kind)),
            );
        }
        Ok(names)
    }

    /// Makes the names in it durable: needed after creating, renaming or removing one.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn sync(&self) -> io::Result<()> {
        fault::step(Step::SyncFolder(&self.path))?;
        #[cfg(unix)]
        {
            use rustix::fs::{Mode, OFlags, fsync, openat};
            // The handle may be one for paths only.
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            fsync(openat(&*self.dir, ".", flags, Mode::empty())?)?;
        }
        // Windows cannot open a folder as a file, and orders renames itself.
        Ok(())
    }

    /// File system and number of the folder; none where the system does not say.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn identity(&self) -> io::Result<Option<(u64, u64)>> {
        Ok(Found::from(&self.dir.dir_metadata()?).identity)
    }

    /// The error for what stands at a name and does not belong there.
    #[must_use]
    pub fn foreign(&self, name: &str, found: FileKind, wanted: FileKind) -> io::Error {
        Foreign {
            path: self.path_of(name),
            found,
            wanted,
        }
        .into()
    }
}

fn open_in(parent: &Dir, name: &OsStr, path: &Path) -> io::Result<Dir> {
    parent.open_dir_nofollow(name).map_err(|error| {
        let found = parent.symlink_metadata(name);
        match found.map(|data| Found::from(&data).kind) {
            Ok(FileKind::Folder) | Err(_) => error,
            Ok(found) => Foreign {
                path: path.to_owned(),
                found,
                wanted: FileKind::Folder,
            }
            .into(),
        }
    })
}

/// Takes room on the disk for the first `bytes` of a file, which has at least that length then; what
/// it holds stays. Who writes through a memory map would otherwise be ended by a signal when the
/// disk turns out to be full. Where the file system cannot do that, the length is all that is given.
///
/// # Errors
/// Any I/O error; `StorageFull` above all.
pub fn take_room(file: &File, bytes: u64) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{FallocateFlags, fallocate};
        use rustix::io::Errno;
        match fallocate(file, FallocateFlags::empty(), 0, bytes) {
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => {}
            taken => return Ok(taken?),
        }
    }
    if file.metadata()?.len() < bytes {
        file.set_len(bytes)?;
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests;
