//! Files that are replaced whole: after a crash a path holds the old bytes or the new ones.
//!
//! ```text
//! write a temporary file beside the target → fsync it → rename over the target → fsync the folder
//! ```
//! A cache leaves out both fsyncs: a power failure may then lose it, and it is made anew.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::fault::{self, Step};

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

/// Replaces `path` by `bytes` without waiting for the disk: for what can be made anew.
///
/// # Errors
/// Any I/O error; `path` then holds what it held before.
pub fn write_cache(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
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

/// A file being written beside its target. Dropped before `persist`, it leaves nothing.
#[derive(Debug)]
#[must_use = "the target changes only when persisted"]
pub struct AtomicFile {
    file: Option<File>,
    temporary: PathBuf,
    target: PathBuf,
}

impl AtomicFile {
    /// Starts a new version of `target`, whose folder must exist.
    ///
    /// # Errors
    /// Any I/O error of creating the temporary file.
    pub fn create(target: &Path) -> io::Result<Self> {
        Self::create_with(target, OpenOptions::new())
    }

    fn create_with(target: &Path, mut options: OpenOptions) -> io::Result<Self> {
        options.read(true).write(true).create_new(true);
        let name = target.file_name().ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "a path without a file name")
        })?;
        loop {
            let mut hidden = std::ffi::OsString::from(".");
            hidden.push(name);
            hidden.push(format!(".{}.tmp", unique_suffix()));
            let temporary = target.with_file_name(hidden);
            fault::step(Step::Create(&temporary))?;
            match options.open(&temporary) {
                Ok(file) => {
                    return Ok(Self {
                        file: Some(file),
                        temporary,
                        target: target.to_owned(),
                    });
                }
                // Left by a process of the same number that died: take the next name.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Where the bytes are until then, for a tool that writes them itself.
    #[must_use]
    pub fn temporary_path(&self) -> &Path {
        &self.temporary
    }

    /// Puts it in place, durably.
    ///
    /// # Errors
    /// Any I/O error; the target is then unchanged, unless only the folder could not be synced.
    pub fn persist(mut self) -> io::Result<()> {
        fault::step(Step::Sync(&self.temporary))?;
        self.file().sync_all()?;
        self.rename()?;
        sync_folder(folder_of(&self.target))
    }

    /// Puts it in place without waiting for the disk.
    ///
    /// # Errors
    /// Any I/O error; the target is then unchanged.
    pub fn persist_cache(mut self) -> io::Result<()> {
        self.rename()
    }

    fn rename(&mut self) -> io::Result<()> {
        let (from, to) = (&self.temporary, &self.target);
        fault::step(Step::Rename { from, to })?;
        std::fs::rename(from, to)?;
        self.file = None;
        Ok(())
    }

    fn file(&mut self) -> &mut File {
        self.file
            .as_mut()
            .expect("the file is only taken by the last step")
    }
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
        let path = &self.temporary;
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
            let _ = std::fs::remove_file(&self.temporary);
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
}
