//! Advisory locks between processes, and between threads of one: held through an open file, so
//! that the system lets go of it when the holder dies, however it dies.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::folder::{Folder, Found};
use super::{atomic, layout};

/// How long a writer waits for another one.
pub const WAIT: Duration = Duration::from_secs(30);

/// Longest text read back about a holder, in bytes.
const MAX_HOLDER_BYTES: u64 = 1024;

/// Who holds a lock, as told to those who wait for it. Passed in, as the library reads neither
/// the environment nor the command line; the process number is added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holder {
    /// Login name.
    pub user: String,
    /// Name of the machine.
    pub host: String,
    /// What runs: `aiut generate`.
    pub command: String,
}

impl fmt::Display for Holder {
    /// `aiut generate (process 4711, rae@stage)`, as far as it is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            user,
            host,
            command,
        } = self;
        let command = if command.is_empty() { "aiut" } else { command };
        write!(f, "{command} (process {}", std::process::id())?;
        if !user.is_empty() || !host.is_empty() {
            write!(f, ", {user}@{host}")?;
        }
        f.write_str(")")
    }
}

/// Why a lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process kept it for the whole wait.
    #[error(
        "{} is held by {holder}; gave up after {} s",
        path.display(),
        waited.as_secs()
    )]
    Busy {
        /// The lock file.
        path: PathBuf,
        /// `aiut generate (process 4711, rae@stage)`, or that it is not known.
        holder: String,
        /// How long was waited.
        waited: Duration,
    },
    /// The lock file could not be opened or locked.
    #[error("cannot lock {}", path.display())]
    Io {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A lock that is held until dropped.
#[derive(Debug)]
#[must_use = "the lock is let go of when dropped"]
pub struct FileLock {
    file: File,
    /// Whether who holds it is written in it, to be taken out again.
    signed: bool,
}

impl FileLock {
    /// Takes the lock of this name (the file is made if missing), waiting for it if need be.
    ///
    /// # Errors
    /// `Busy` names the holder once `wait` has passed.
    pub fn acquire(
        folder: &Folder,
        name: &str,
        holder: &Holder,
        wait: Duration,
    ) -> Result<Self, LockError> {
        let mut lock = Self::wait_for(folder, name, wait, File::try_lock)?;
        lock.sign(folder, name, holder);
        Ok(lock)
    }

    /// Takes a share of the lock, which any number of others may have too, waiting while somebody
    /// holds it alone.
    ///
    /// # Errors
    /// As [`Self::acquire`].
    pub fn share(folder: &Folder, name: &str, wait: Duration) -> Result<Self, LockError> {
        Self::wait_for(folder, name, wait, File::try_lock_shared)
    }

    fn wait_for(
        folder: &Folder,
        name: &str,
        wait: Duration,
        take: impl Fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Self, LockError> {
        let io = |source| LockError::Io {
            path: folder.path_of(name),
            source,
        };
        let mut file = folder.open_or_create(name).map_err(io)?;
        let started = Instant::now();
        // Asking again costs microseconds; the pause grows so that a long wait costs nothing,
        // and differs by process so that waiters do not march in step.
        let stagger = Duration::from_micros(u64::from(std::process::id() % 512));
        let mut pause = Duration::from_micros(200);
        loop {
            match take(&file) {
                Ok(()) if is_named(folder, name, &file).map_err(io)? => {
                    let signed = false;
                    return Ok(Self { file, signed });
                }
                // The file was replaced while it was waited for: the name is what counts.
                Ok(()) => file = folder.open_or_create(name).map_err(io)?,
                Err(TryLockError::WouldBlock) if started.elapsed() >= wait => {
                    let holder = read_holder(&mut file);
                    return Err(LockError::Busy {
                        path: folder.path_of(name),
                        holder,
                        waited: wait,
                    });
                }
                Err(TryLockError::WouldBlock) => {
                    std::thread::sleep(pause + stagger);
                    pause = (pause * 2).min(Duration::from_millis(20));
                }
                Err(TryLockError::Error(source)) => return Err(io(source)),
            }
        }
    }

    /// Takes the lock if nobody holds it.
    ///
    /// # Errors
    /// `Io` only.
    pub fn try_acquire(
        folder: &Folder,
        name: &str,
        holder: &Holder,
    ) -> Result<Option<Self>, LockError> {
        match Self::acquire(folder, name, holder, Duration::ZERO) {
            Ok(lock) => Ok(Some(lock)),
            Err(LockError::Busy { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes who holds it. Not being able to is no reason to refuse the lock.
    fn sign(&mut self, folder: &Folder, name: &str, holder: &Holder) {
        let alone = |file: &File| Found::of(file).is_ok_and(|found| found.names <= 1);
        if !alone(&self.file) {
            // A copy by hard links has the same file. It is not written to: a file of this project's
            // own takes its place, and whoever waits for the old one sees that by the name.
            match replaced(folder, name) {
                Ok(own) => self.file = own,
                Err(_) => return,
            }
        }
        let text = format!("{holder}\n");
        self.signed = true;
        let _ = self.file.set_len(0);
        let _ = self.file.seek(SeekFrom::Start(0));
        let _ = self.file.write_all(text.as_bytes());
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        if self.signed {
            let _ = self.file.set_len(0);
        }
        let _ = self.file.unlock();
    }
}

/// Whether the file is still the one of this name.
fn is_named(folder: &Folder, name: &str, file: &File) -> io::Result<bool> {
    let named = folder.find_file(name)?;
    let identity = Found::of(file)?.identity;
    Ok(named.is_some_and(|named| named.identity == identity))
}

/// A new, locked file in the place of one whose lock is held.
fn replaced(folder: &Folder, name: &str) -> io::Result<File> {
    let temporary = layout::temporary(name, &atomic::unique_suffix());
    let file = folder.create_new(&temporary)?;
    file.try_lock()?;
    if let Err(error) = folder.rename(&temporary, folder, name) {
        let _ = folder.remove_file(&temporary);
        return Err(error);
    }
    Ok(file)
}

fn read_holder(file: &mut File) -> String {
    let mut text = Vec::new();
    let _ = file.seek(SeekFrom::Start(0));
    let _ = file.take(MAX_HOLDER_BYTES).read_to_end(&mut text);
    let text = String::from_utf8_lossy(&text);
    match text.trim() {
        "" => "another process".to_owned(),
        // The file is another process's writing: nothing of it may steer a terminal.
        holder => holder
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_taker_is_told_who_holds_the_lock() {
        let place = tempfile::tempdir().unwrap();
        let folder = &Folder::open(place.path()).unwrap();
        let rae = Holder {
            user: "rae".into(),
            host: "stage".into(),
            command: "aiut generate".into(),
        };
        let held = FileLock::acquire(folder, "lock", &rae, WAIT).unwrap();
        let error = FileLock::acquire(folder, "lock", &Holder::default(), Duration::from_millis(5));
        let message = error.unwrap_err().to_string();
        assert!(message.contains("aiut generate (process "), "{message}");
        assert!(message.contains("rae@stage"), "{message}");
        assert!(
            FileLock::try_acquire(folder, "lock", &rae)
                .unwrap()
                .is_none()
        );
        drop(held);
        assert!(
            FileLock::try_acquire(folder, "lock", &rae)
                .unwrap()
                .is_some()
        );
    }

    #[test]
    fn those_who_share_a_lock_keep_out_only_who_wants_it_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = &Folder::open(place.path()).unwrap();
        let (one, two) = (
            FileLock::share(folder, "lock", Duration::ZERO).unwrap(),
            FileLock::share(folder, "lock", Duration::ZERO),
        );
        assert!(two.is_ok());
        drop(one);
        let alone = || FileLock::try_acquire(folder, "lock", &Holder::default()).unwrap();
        assert!(alone().is_none());
        drop(two);
        let _alone = alone().expect("nobody shares it any more");
        assert!(matches!(
            FileLock::share(folder, "lock", Duration::ZERO),
            Err(LockError::Busy { .. })
        ));
    }

    #[test]
    fn one_at_a_time_goes_through() {
        let place = tempfile::tempdir().unwrap();
        let folder = &Folder::open(place.path()).unwrap();
        let inside = std::sync::atomic::AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let _lock =
                            FileLock::acquire(folder, "lock", &Holder::default(), WAIT).unwrap();
                        assert_eq!(inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                        inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                    }
                });
            }
        });
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_that_has_other_names_is_replaced_and_not_written_to() {
        let place = tempfile::tempdir().unwrap();
        let folder = &Folder::open(place.path()).unwrap();
        let outside = place.path().join("outside");
        folder
            .create_new("lock")
            .unwrap()
            .write_all(b"kept")
            .unwrap();
        std::fs::hard_link(place.path().join("lock"), &outside).unwrap();
        let waiting = folder.open_or_create("lock").unwrap();
        let held = FileLock::acquire(folder, "lock", &Holder::default(), WAIT).unwrap();
        assert_eq!(std::fs::read(&outside).unwrap(), b"kept");
        // Who had opened the old file gets its lock, and sees that it is not the one that counts.
        waiting.try_lock().unwrap();
        assert!(!is_named(folder, "lock", &waiting).unwrap());
        let try_again = || FileLock::try_acquire(folder, "lock", &Holder::default()).unwrap();
        assert!(try_again().is_none());
        drop(held);
        assert!(try_again().is_some());
        assert_eq!(std::fs::read(&outside).unwrap(), b"kept");
    }
}
