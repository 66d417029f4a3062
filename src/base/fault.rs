//! The seam at which tests watch what is written and read, and break it.
//!
//! Every step that makes something durable, or changes the work tree, passes here just before it is
//! taken, and so does every read of a file or folder (but for those of the index, which LMDB maps).
//! Without the
//! feature `failpoints` nothing is there: [`step`] is empty and compiled away. With it a test
//! says who watches: one that fails a step, ends the process, or writes down what a power failure
//! could leave of it.

use std::fs::File;
use std::io;
use std::path::Path;

/// What is about to be done.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// A file is made.
    Create(&'a Path),
    /// Bytes are written at an offset, or at the cursor where there is none.
    Write {
        /// The open file.
        file: &'a File,
        /// Its path.
        path: &'a Path,
        /// Where in it.
        offset: Option<u64>,
        /// What.
        bytes: &'a [u8],
    },
    /// A file is synced.
    Sync(&'a Path),
    /// The names in a folder are synced.
    SyncFolder(&'a Path),
    /// A file is renamed.
    Rename {
        /// Its name.
        from: &'a Path,
        /// Its new one.
        to: &'a Path,
    },
    /// Two files exchange their names.
    Exchange {
        /// One name.
        from: &'a Path,
        /// The other.
        to: &'a Path,
    },
    /// A file is removed.
    Remove(&'a Path),
    /// A folder is made.
    MakeFolder(&'a Path),
    /// A folder is removed, with all that it holds or because it is empty.
    RemoveFolder(&'a Path),
    /// A file is cut to a length.
    Cut(&'a Path, u64),
    /// A transaction of the index in this folder is committed.
    Index(&'a Path),
    /// It was.
    Indexed(&'a Path),
}

/// A step that a test may keep from being taken.
///
/// # Errors
/// What the watcher wants to have gone wrong.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn step(_: Step<'_>) -> io::Result<()> {
    Ok(())
}

/// A file or folder is about to be opened, read or listed.
///
/// # Errors
/// What the watcher wants to have gone wrong.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn read(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(feature = "failpoints")]
pub use watched::{Watcher, break_as_told, watch};
#[cfg(feature = "failpoints")]
pub use watched::{read, step};

#[cfg(feature = "failpoints")]
mod watched {
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::sync::{Arc, PoisonError, RwLock};

    use super::{Path, Step, io};

    /// Who is told of every step of this process, from any thread.
    pub trait Watcher: Send + Sync {
        /// Called before the step is taken.
        ///
        /// # Errors
        /// The step is then not taken, and has failed with this.
        fn step(&self, step: &Step<'_>) -> io::Result<()>;

        /// Called before a file or folder is opened, read or listed.
        ///
        /// # Errors
        /// It has then failed with this.
        fn read(&self, _path: &Path) -> io::Result<()> {
            Ok(())
        }
    }

    /// Breaks one read or one step of this process with EIO, if `AIUT_FAIL` says so (`read:7`,
    /// `step:0`), and says on standard error which.
    #[expect(
        clippy::disallowed_methods,
        reason = "only for tests of the built program"
    )]
    pub fn break_as_told() {
        let Ok(text) = std::env::var("AIUT_FAIL") else {
            return;
        };
        if let Some((kind, number)) = text.split_once(':')
            && let Ok(number) = number.parse()
        {
            watch(Some(Arc::new(OneFault {
                reads: kind == "read",
                left: AtomicI64::new(number),
            })));
        }
    }

    /// Fails what comes after so many others.
    struct OneFault {
        reads: bool,
        left: AtomicI64,
    }

    impl OneFault {
        fn count(&self, what: &dyn std::fmt::Debug) -> io::Result<()> {
            if self.left.fetch_sub(1, Ordering::SeqCst) != 0 {
                return Ok(());
            }
            let told = format!("fault: {what:?}\n");
            io::Write::write_all(&mut io::stderr(), told.as_bytes())?;
            Err(io::Error::from_raw_os_error(5))
        }
    }

    impl Watcher for OneFault {
        fn step(&self, step: &Step<'_>) -> io::Result<()> {
            let name = match step {
                Step::Write { path, .. } => format!("write {}", path.display()),
                other => format!("{other:?}"),
            };
            if self.reads {
                Ok(())
            } else {
                self.count(&name)
            }
        }

        fn read(&self, path: &Path) -> io::Result<()> {
            if self.reads {
                self.count(&path.display().to_string())
            } else {
                Ok(())
            }
        }
    }

    static WATCHER: RwLock<Option<Arc<dyn Watcher>>> = RwLock::new(None);

    /// Says who watches from now on.
    pub fn watch(watcher: Option<Arc<dyn Watcher>>) {
        *WATCHER.write().unwrap_or_else(PoisonError::into_inner) = watcher;
    }

    /// A file or folder is about to be opened, read or listed.
    ///
    /// # Errors
    /// What the watcher wants to have gone wrong.
    pub fn read(path: &Path) -> io::Result<()> {
        let watcher = WATCHER
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        watcher.map_or(Ok(()), |watcher| watcher.read(path))
    }

    /// A step that a test may keep from being taken.
    ///
    /// # Errors
    /// What the watcher wants to have gone wrong.
    pub fn step(step: Step<'_>) -> io::Result<()> {
        let watcher = WATCHER
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        watcher.map_or(Ok(()), |watcher| watcher.step(&step))
    }
}
