//! The project: a folder with `.aiut/` in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{HistoryError, Result, Transaction};
use crate::base::atomic;
use crate::base::clock::Clock;
use crate::base::lock::{FileLock, Holder, WAIT};
use crate::object::{FileId, OperationId, RepoPath, View};
use crate::store::{Store, StoreError};
use crate::worktree::{AIUT_FOLDER, FetchError, WorkTree};

/// Who acts, through which command, and what time it is.
#[derive(Clone)]
pub struct Caller<'c> {
    /// Login name, machine and command line: for the operation log and for who waits for a lock.
    pub holder: Holder,
    /// The time.
    pub clock: &'c dyn Clock,
}

/// An open project.
#[derive(Debug)]
pub struct Project {
    store: Store,
    tree: WorkTree,
    recovered: Mutex<Vec<RepoPath>>,
}

impl Project {
    /// Makes `root`, made if missing, a project.
    ///
    /// # Errors
    /// `AlreadyAProject`, `Nested`, `ReadOnly`.
    pub fn init(root: &Path, caller: &Caller<'_>) -> Result<Self> {
        if is_project(root) {
            return Err(HistoryError::AlreadyAProject(root.to_owned()));
        }
        if let Some(outer) = root.parent().and_then(project_around) {
            return Err(HistoryError::Nested {
                inner: root.to_owned(),
                outer,
            });
        }
        let folder = root.join(AIUT_FOLDER);
        let made = std::fs::create_dir_all(&folder)
            // A git repository around the project shall not take aiut's own files for its.
            .and_then(|()| atomic::write(&folder.join(".gitignore"), b"*\n"));
        made.map_err(|source| denied(root, "make", &folder, source))?;
        Store::create(&folder).map_err(|error| match error {
            StoreError::Io {
                source,
                path,
                action,
            } => denied(root, action, &path, source),
            error => error.into(),
        })?;
        let project = Self::open(root)?;
        project
            .transaction(caller)?
            .publish(caller, Vec::new(), None)?;
        Ok(project)
    }

    /// The project that `start` lies in.
    ///
    /// # Errors
    /// `NotAProject`, or as [`Self::open`].
    pub fn discover(start: &Path) -> Result<Self> {
        Self::open(&Self::root_around(start)?)
    }

    /// The folder of the project that `start` lies in, unopened.
    ///
    /// # Errors
    /// `NotAProject`.
    pub fn root_around(start: &Path) -> Result<PathBuf> {
        project_around(start).ok_or_else(|| HistoryError::NotAProject(start.to_owned()))
    }

    /// Opens the project in `root`. Files that a process left half changed when it died are put
    /// back first, unless another process is at work there.
    ///
    /// # Errors
    /// `NotAProject`, `UnknownFormat`.
    pub fn open(root: &Path) -> Result<Self> {
        let store = Store::open(&root.join(AIUT_FOLDER)).map_err(|error| match error {
            StoreError::NotARepository(_) => HistoryError::NotAProject(root.to_owned()),
            error => error.into(),
        })?;
        let tree = WorkTree::open(root)?;
        let project = Self {
            store,
            tree,
            recovered: Mutex::default(),
        };
        if !project.store.is_read_only() && project.tree.interrupted()?.is_some() {
            let lock = FileLock::try_acquire(&project.lock_path(), &Holder::default())?;
            if let Some(lock) = lock {
                project.recover(&lock)?;
            }
        }
        Ok(project)
    }

    /// The project folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.tree.root()
    }

    /// Where contents and objects are.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The files as they lie in the folder.
    #[must_use]
    pub fn tree(&self) -> &WorkTree {
        &self.tree
    }

    /// The current operation and the refs after it.
    ///
    /// # Errors
    /// What the store says.
    pub fn view(&self) -> Result<(Option<OperationId>, Arc<View>)> {
        Ok(self.store.view()?)
    }

    /// Files that an interrupted command had changed, and that were edited before this one could
    /// put them back: they were left as they are.
    #[must_use]
    pub fn left_alone(&self) -> Vec<RepoPath> {
        self.recovered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Takes the work tree's lock and begins to change refs or files.
    ///
    /// # Errors
    /// `Lock` names who has it; `ReadOnly`.
    pub fn transaction(&self, caller: &Caller<'_>) -> Result<Transaction<'_>> {
        if self.store.is_read_only() {
            return Err(HistoryError::ReadOnly(self.root().to_owned()));
        }
        let lock = FileLock::acquire(&self.lock_path(), &caller.holder, WAIT)?;
        self.recover(&lock)?;
        Transaction::begin(self, lock)
    }

    /// Writes a stored content to `out`.
    ///
    /// # Errors
    /// What the store says, or the writer.
    pub fn fetch(&self, id: FileId, out: &mut dyn Write) -> Result<(), FetchError> {
        let mut out = out;
        Ok(self.store.copy_file(id, &mut out).map(drop)?)
    }

    fn recover(&self, _held: &FileLock) -> Result<()> {
        let Some(journal) = self.tree.interrupted()? else {
            return Ok(());
        };
        if self.store.view()?.0 == journal.operation {
            let kept = self
                .tree
                .put_back(&journal, &|id, out| self.fetch(id, out))?;
            *self
                .recovered
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = kept;
        } else {
            // It was published, so its files are complete: only the note of it was left.
            self.tree.forget_journal()?;
        }
        Ok(())
    }

    fn lock_path(&self) -> PathBuf {
        self.tree.own("worktree.lock")
    }
}

/// The innermost project around `start`, itself included.
fn project_around(start: &Path) -> Option<PathBuf> {
    start
        .ancestors()
        .find(|folder| is_project(folder))
        .map(Path::to_owned)
}

/// A folder is a project once its store is complete: `format` is the last thing that is written.
fn is_project(folder: &Path) -> bool {
    folder.join(AIUT_FOLDER).join("format").is_file()
}

fn denied(root: &Path, action: &'static str, path: &Path, source: std::io::Error) -> HistoryError {
    match source.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            HistoryError::ReadOnly(root.to_owned())
        }
        _ => HistoryError::Io {
            action,
            path: path.to_owned(),
            source,
        },
    }
}
