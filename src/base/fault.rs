//! The seam at which tests watch what is written, and break it.
//!
//! Every step that makes something durable, or changes the work tree, passes here just before it is
//! taken. Without the
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
pub(crate) fn step(_: Step<'_>) -> io::Result<()> {
    Ok(())
}

#[cfg(feature = "failpoints")]
pub(crate) use watched::step;
#[cfg(feature = "failpoints")]
pub use watched::{Watcher, watch};

#[cfg(feature = "failpoints")]
mod watched {
    use std::sync::{Arc, PoisonError, RwLock};

    use super::{Step, io};

    /// Who is told of every step of this process, from any thread.
    pub trait Watcher: Send + Sync {
        /// Called before the step is taken.
        ///
        /// # Errors
        /// The step is then not taken, and has failed with this.
        fn step(&self, step: &Step<'_>) -> io::Result<()>;
    }

    static WATCHER: RwLock<Option<Arc<dyn Watcher>>> = RwLock::new(None);

    /// Says who watches from now on.
    pub fn watch(watcher: Option<Arc<dyn Watcher>>) {
        *WATCHER.write().unwrap_or_else(PoisonError::into_inner) = watcher;
    }

    pub(crate) fn step(step: Step<'_>) -> io::Result<()> {
        let watcher = WATCHER
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        watcher.map_or(Ok(()), |watcher| watcher.step(&step))
    }
}
