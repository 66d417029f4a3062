//! Files that are replaced whole: after a crash a path holds the old bytes or the new ones.
//!
//! ```text
//! write a temporary file → fsync it → rename over the target → fsync the folder
//! ```
//! A cache leaves out both fsyncs: a power failure may then lose it, and it is made anew. The
//! temporary file of something in `.aiut` lies there, and so does that of a file of the project
//! folder; any other lies beside its target. Who writes one holds a lock on it, so that what nobody
//! has locked was left by a process that died.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::fault::{self, Step};
use super::folder::Folder;
use super::layout;

/// Distinguishes the temporary files of one process.
static COUNTER: AtomicU64 = AtomicU64::new(0);

/// A name that no other temporary file of this machine has at this moment: process and counter.
#[must_use]
pub fn unique_suffix() -> String {
    format!(
        "{}-{}",
        std::process::id(),
        COUNTER.fetch_add(1, Ordering::Relaxed)
    )
}

/// Replaces `path` by `bytes`, durably.
///
/// # Errors
/// Any I/O error; `path` then holds what it held before.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.persist()
}

/// Replaces a file of one of aiut's folders by `bytes`, durably.
///
/// # Errors
/// Any I/O error; the file then is what it was.
pub fn write_in(folder: &Folder, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create_in(folder, name)?;
    file.write_all(bytes)?;
    file.persist()
}

/// Replaces `path` by `bytes`, durably, by way of a temporary file in one of aiut's folders on the
/// same file system: nothing ever lies beside `path`.
///
/// # Errors
/// Any I/O error; `path` then holds what it held before.
pub fn write_by_way_of(folder: &Folder, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create_by_way_of(folder, path)?;
    file.write_all(bytes)?;
    file.persist()
}

/// As [`write_by_way_of`], of a program that its user may run.
///
/// # Errors
/// Any I/O error; `path` is then unchanged.
pub fn write_program_by_way_of(folder: &Folder, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create_by_way_of(folder, path)?;
    file.write_all(bytes)?;
    file.make_executable()?;
    file.persist()
}

/// Replaces `path` by `bytes` without waiting for the disk: for what can be made anew.
///
/// # Errors
/// Any I/O error; `path` then holds what it held before.
pub fn write_cache(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.persist_cache()
}

/// Replaces a file of one of aiut's folders by `bytes` without waiting for the disk.
///
/// # Errors
/// Any I/O error; the file then is what it was.
pub fn write_cache_in(folder: &Folder, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create_in(folder, name)?;
    file.write_all(bytes)?;
    file.persist_cache()
}

/// Replaces `path` by `bytes`, durably, for the eyes of its owner alone (on Unix: mode 0600).
///
/// # Errors
/// Any I/O error; `path` then holds what it held before.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = AtomicFile::create_with(path, options)?;
    file.write_all(bytes)?;
    file.persist()
}

/// Removes what processes that died left beside `path` when they were about to replace it. What
/// cannot be removed stays, and is in nobody's way.
pub fn clear_leftovers(path: &Path) {
    let name = path.file_name().and_then(std::ffi::OsStr::to_str);
    let (Some(name), Ok(folder)) = (name, Folder::open_any(folder_of(path))) else {
        return;
    };
    for (found, _) in folder.list().unwrap_or_default() {
        if layout::target(&found) == Some(name) {
            let _ = layout::remove_dead(&folder, &found);
        }
    }
}

/// Makes the names in a folder durable: needed after creating, renaming or removing one.
///
/// # Errors
/// Any I/O error.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    fault::step(Step::SyncFolder(folder))?;
    // Windows cannot open a folder as a file, and orders renames itself.
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// Where a file lies.
#[derive(Debug)]
enum Place {
    Path(PathBuf),
    /// In one of aiut's folders.
    In(Folder, String),
}

impl Place {
    fn path(&self) -> PathBuf {
        match self {
            Self::Path(path) => path.clone(),
            Self::In(folder, name) => folder.path_of(name),
        }
    }

    fn create(&self, options: &OpenOptions) -> io::Result<File> {
        match self {
            Self::Path(path) => {
                fault::step(Step::Create(path))?;
                options.open(path)
            }
            Self::In(folder, name) => folder.create_new(name),
        }
    }

    fn is_there(&self) -> bool {
        match self {
            Self::Path(path) => path.symlink_metadata().is_ok(),
            Self::In(folder, name) => folder.find(name).is_ok_and(|found| found.is_some()),
        }
    }

    fn remove(&self) -> io::Result<()> {
        match self {
            Self::Path(path) => std::fs::remove_file(path),
            Self::In(folder, name) => folder.remove_file(name),
        }
    }

    fn sync_folder(&self) -> io::Result<()> {
        match self {
            Self::Path(path) => sync_folder(folder_of(path)),
            Self::In(folder, _) => folder.sync(),
        }
    }
}

/// A file being written, to replace another. Dropped before `persist`, it leaves nothing.
#[derive(Debug)]
#[must_use = "the target changes only when persisted"]
pub struct AtomicFile {
    file: Option<File>,
    temporary: Place,
    /// Of the temporary file, for the seam of tests.
    path: PathBuf,
    target: Place,
}

impl AtomicFile {
    /// Starts a new version of `target`, whose folder must exist, beside it.
    ///
    /// # Errors
    /// Any I/O error of creating the temporary file.
    pub fn create(target: &Path) -> io::Result<Self> {
        Self::create_with(target, OpenOptions::new())
    }

    /// Starts a new version of a file of one of aiut's folders.
    ///
    /// # Errors
    /// Any I/O error of creating the temporary file.
    pub fn create_in(folder: &Folder, name: &str) -> io::Result<Self> {
        let target = Place::In(folder.clone(), name.to_owned());
        let beside = |suffix: &str| Place::In(folder.clone(), layout::temporary(name, suffix));
        Self::begin(target, beside, &OpenOptions::new())
    }

    /// Starts a new version of `target` in one of aiut's folders on the same file system.
    ///
    /// # Errors
    /// Any I/O error of creating the temporary file.
    pub fn create_by_way_of(folder: &Folder, target: &Path) -> io::Result<Self> {
        let name = name_of(target)?.to_string_lossy();
        let way = |suffix: &str| Place::In(folder.clone(), layout::temporary(&name, suffix));
        Self::begin(Place::Path(target.to_owned()), way, &OpenOptions::new())
    }

    fn create_with(target: &Path, mut options: OpenOptions) -> io::Result<Self> {
        options.read(true).write(true).create_new(true);
        let name = name_of(target)?;
        let beside = |suffix: &str| {
            let mut hidden = std::ffi::OsString::from(".");
            hidden.push(name);
            hidden.push(format!(".{suffix}.tmp"));
            Place::Path(target.with_file_name(hidden))
        };
        Self::begin(Place::Path(target.to_owned()), beside, &options)
    }

    fn begin(
        target: Place,
        temporary: impl Fn(&str) -> Place,
        options: &OpenOptions,
    ) -> io::Result<Self> {
        loop {
            let temporary = temporary(&unique_suffix());
            let file = match temporary.create(options) {
                // Left by a process of the same number that died: take the next name.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            // Who clears up takes what nobody has locked, perhaps just before this lock. Where files
            // cannot be locked nobody clears up.
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => continue,
                Ok(()) if !temporary.is_there() => continue,
                _ => {}
            }
            return Ok(Self {
                file: Some(file),
                path: temporary.path(),
                temporary,
                target,
            });
        }
    }

    /// Lets its user run it, and everybody else who may read it.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn make_executable(&mut self) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let file = self.file();
            let mode = file.metadata()?.permissions().mode();
            let readers = (mode & 0o444) >> 2;
            file.set_permissions(std::fs::Permissions::from_mode(mode | readers))?;
        }
        Ok(())
    }

    /// What the system knows of the file so far: when it was last written, above all.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn metadata(&self) -> io::Result<std::fs::Metadata> {
        self.file
            .as_ref()
            .expect("the file is only taken by the last step")
            .metadata()
    }

    /// Puts it in place, durably.
    ///
    /// # Errors
    /// Any I/O error; the target is then unchanged, unless only the folder could not be synced.
    pub fn persist(mut self) -> io::Result<()> {
        fault::step(Step::Sync(&self.path))?;
        self.file().sync_all()?;
        self.rename()?;
        self.target.sync_folder()
    }

    /// Puts it in place without waiting for the disk.
    ///
    /// # Errors
    /// Any I/O error; the target is then unchanged.
    pub fn persist_cache(mut self) -> io::Result<()> {
        self.rename()
    }

    fn rename(&mut self) -> io::Result<()> {
        match (&self.temporary, &self.target) {
            (Place::In(from, temporary), Place::In(to, name)) => {
                from.rename(temporary, to, name)?
            }
            (_, target) => {
                let (from, to) = (&self.path, &target.path());
                fault::step(Step::Rename { from, to })?;
                std::fs::rename(from, to)?;
            }
        }
        self.file = None;
        Ok(())
    }

    fn file(&mut self) -> &mut File {
        self.file
            .as_mut()
            .expect("the file is only taken by the last step")
    }
}

fn name_of(path: &Path) -> io::Result<&std::ffi::OsStr> {
    path.file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a path without a file name"))
}

/// The folder a path lies in; `.` for a bare name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let path = &self.path;
        let file = self.file.as_mut();
        let file = file.expect("the file is only taken by the last step");
        fault::step(Step::Write {
            file,
            path,
            offset: None,
            bytes,
        })?;
        file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file().flush()
    }
}

impl Seek for AtomicFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file().seek(to)
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // Nothing can be done about a leftover here; its name shows what it is.
            let _ = self.temporary.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_an_abandoned_one_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("aiut.toml");
        write(&path, b"old").unwrap();
        let mut abandoned = AtomicFile::create(&path).unwrap();
        abandoned.write_all(b"half of the ne").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        drop(abandoned);
        write_cache(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_private_can_be_read_by_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trust.toml");
        write(&path, b"open to all").unwrap();
        write_private(&path, b"mine").unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_missing_folder_is_an_error_and_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let error = write(&folder.path().join("a/b"), b"x").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(!folder.path().join("a").exists());
    }

    #[test]
    fn what_goes_by_way_of_another_folder_never_lies_beside_its_target() {
        let place = tempfile::tempdir().unwrap();
        let own = Folder::make(&place.path().join(".aiut")).unwrap();
        let target = place.path().join("aiut.toml");
        let mut file = AtomicFile::create_by_way_of(&own, &target).unwrap();
        file.write_all(b"new").unwrap();
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
        assert_eq!(own.list().unwrap().len(), 1);
        // Nobody who clears up meanwhile takes it for a leftover.
        layout::check(&own).unwrap();
        file.persist().unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"new");
        assert!(own.list().unwrap().is_empty());
    }

    #[test]
    fn leftovers_beside_a_file_go_and_what_is_alike_stays() {
        let place = tempfile::tempdir().unwrap();
        for name in [
            ".a.toml.1-0.tmp",
            ".b.toml.1-0.tmp",
            ".a.toml.tmp",
            "a.toml",
        ] {
            write(&place.path().join(name), b"").unwrap();
        }
        clear_leftovers(&place.path().join("a.toml"));
        let entries = std::fs::read_dir(place.path()).unwrap();
        let mut left: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [".a.toml.tmp", ".b.toml.1-0.tmp", "a.toml"]);
    }
}
