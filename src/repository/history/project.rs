//! The project: a folder with `.aiut/` in it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Guard, HistoryError, Result, Transaction, entry_at, room};
use crate::base::causes::with_causes;
use crate::base::clock::Clock;
use crate::base::folder::Folder;
use crate::base::lock::{FileLock, Holder, WAIT};
use crate::base::progress::Progress;
use crate::base::{atomic, fault};
use crate::object::{Commit, CommitId, EntryId, FileId, OperationId, ProjectId, RepoPath};
use crate::store::{Position, Store, StoreError};
use crate::worktree::{
    AIUT_FOLDER, Change, Content, FetchError, Journal, LeftAlone, Prepared, WorkTree,
};

/// The file of the lock that who changes refs or files holds.
const LOCK: &str = "worktree.lock";

/// Who acts, through which command, and what time it is.
#[derive(Clone)]
pub struct Caller<'c> {
    /// Login name, machine and command line: for the operation log and for who waits for a lock.
    pub holder: Holder,
    /// The time.
    pub clock: &'c dyn Clock,
    /// What came of it, to be told when the command ends.
    pub aftermath: Aftermath,
    /// What may not be changed.
    pub guard: Arc<dyn Guard + 'c>,
}

/// What was recorded, and what went wrong behind that: no reason to do it again. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Aftermath(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    recorded: Option<OperationId>,
    troubles: Vec<String>,
}

impl Aftermath {
    fn told(&self) -> std::sync::MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn record(&self, operation: OperationId) {
        self.told().recorded = Some(operation);
    }

    pub(super) fn trouble(&self, error: &dyn std::error::Error) {
        self.told().troubles.push(with_causes(error));
    }

    /// The last operation that was recorded.
    #[must_use]
    pub fn recorded(&self) -> Option<OperationId> {
        self.told().recorded
    }

    /// What went wrong after it was; told once.
    #[must_use]
    pub fn troubles(&self) -> Vec<String> {
        std::mem::take(&mut self.told().troubles)
    }
}

/// An open project. Clones share it.
#[derive(Debug, Clone)]
pub struct Project {
    store: Arc<Store>,
    tree: Arc<WorkTree>,
    interrupted: Arc<Mutex<Interrupted>>,
}

/// What there is to say of a command that died half-way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interrupted {
    /// Files that it had changed, and that could not be given back what they held.
    pub left_alone: Vec<LeftAlone>,
    /// Why what it had changed is not put back yet; nothing can be changed before that.
    pub pending: Option<String>,
    /// What was committed last and is not there any more; nothing can be changed before it is back, or given
    /// up.
    pub lost: Option<String>,
}

impl Project {
    /// Makes `root`, made if missing, a project with an id that no other has.
    ///
    /// # Errors
    /// `AlreadyAProject`, `Nested`, `ReadOnly`.
    pub fn init(root: &Path, caller: &Caller<'_>, id: ProjectId) -> Result<Self> {
        if is_project(root)? {
            return Err(HistoryError::AlreadyAProject(root.to_owned()));
        }
        if let Some(outer) = root.parent().map_or(Ok(None), project_around)? {
            return Err(HistoryError::Nested {
                inner: root.to_owned(),
                outer,
            });
        }
        let folder = root.join(AIUT_FOLDER);
        let made = Folder::make(&folder)
            // A git repository around the project shall not take aiut's own files for its.
            .and_then(|own| atomic::write_in(&own, ".gitignore", b"*\n"));
        made.map_err(|source| denied(root, "make", &folder, source))?;
        Store::create(&folder, id).map_err(|error| match error {
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
    /// `NotAProject`; `Io` where nobody can tell, as the project further out is another one.
    pub fn root_around(start: &Path) -> Result<PathBuf> {
        project_around(start)?.ok_or_else(|| HistoryError::NotAProject(start.to_owned()))
    }

    /// Opens the project in `root`. Files that a process left half changed when it died are put
    /// back first, unless another process is at work there. Where that fails, the project can be
    /// read: [`Self::interrupted`] says why.
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
            store: Arc::new(store),
            tree: Arc::new(tree),
            interrupted: Arc::default(),
        };
        if let Ok(Some(lost)) = project.store.lost() {
            let until = "until it is back, what was there before is shown, and nothing is written";
            project.note(|known| known.lost = Some(format!("{lost}; {until}")));
        }
        if let Err(error) = project.recover_if_free() {
            project.note(|known| known.pending = Some(with_causes(&error)));
        }
        Ok(project)
    }

    /// Opens the project in `root` for a look alone: nothing is put back, mended or written, not
    /// even an index that is missing.
    ///
    /// # Errors
    /// `NotAProject`, `UnknownFormat`; what the store says, where it is not ready to be read.
    pub fn peek(root: &Path) -> Result<Self> {
        Ok(Self {
            store: Arc::new(Store::peek(&root.join(AIUT_FOLDER))?),
            tree: Arc::new(WorkTree::open(root)?),
            interrupted: Arc::default(),
        })
    }

    /// From here on, tells how far long work on its files and its store is.
    pub fn tell(&self, progress: &Arc<dyn Progress>) {
        self.tree.tell(progress.clone());
        self.store.tell(progress.clone());
    }

    fn recover_if_free(&self) -> Result<()> {
        if self.store.is_read_only() || matches!(self.tree.interrupted(), Ok(None)) {
            return Ok(());
        }
        match FileLock::try_acquire(self.tree.own(), LOCK, &Holder::default())? {
            Some(lock) => self.recover(&lock).map(drop),
            None => Ok(()),
        }
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

    /// The current operation and where the project stands after it.
    ///
    /// # Errors
    /// What the store says.
    pub fn view(&self) -> Result<(Option<OperationId>, Arc<Position>)> {
        Ok(self.store.view()?)
    }

    /// Every ref by its full name.
    ///
    /// # Errors
    /// What the store says.
    pub fn refs(&self) -> Result<BTreeMap<String, CommitId>> {
        Ok(self.view()?.1.refs(&self.store)?)
    }

    /// What was found of a command that died half-way.
    #[must_use]
    pub fn interrupted(&self) -> Interrupted {
        self.interrupted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn note(&self, what: impl FnOnce(&mut Interrupted)) {
        let known = self.interrupted.lock();
        what(&mut known.unwrap_or_else(PoisonError::into_inner));
    }

    /// Takes the work tree's lock and begins to change refs or files.
    ///
    /// # Errors
    /// `Lock` names who has it; `ReadOnly`; `NotPutBack`.
    pub fn transaction(&self, caller: &Caller<'_>) -> Result<Transaction<'_>> {
        if self.store.is_read_only() {
            return Err(HistoryError::ReadOnly(self.root().to_owned()));
        }
        let lock = FileLock::acquire(self.tree.own(), LOCK, &caller.holder, WAIT)?;
        let recovered = self.recover(&lock)?;
        Transaction::begin(self, lock, recovered)
    }

    /// Writes a stored content to `out`.
    ///
    /// # Errors
    /// What the store says, or the writer.
    pub fn fetch(&self, id: FileId, out: &mut dyn Write) -> Result<(), FetchError> {
        let mut out = out;
        Ok(self.store.copy_file(id, &mut out).map(drop)?)
    }

    /// Ends what a process that died left half done; whether there was anything.
    /// Writes files of the current commit into the folder, or takes them out of it, all or none, as no operation:
    /// the project stays what it is. `plan` says which, while nobody else changes the folder. Returns how many.
    ///
    /// # Errors
    /// As [`Transaction::publish`]; those of `plan`.
    pub fn lay_out(
        &self,
        caller: &Caller<'_>,
        plan: impl FnOnce(&Self) -> Result<Vec<Change>>,
    ) -> Result<usize> {
        if self.store.is_read_only() {
            return Err(HistoryError::ReadOnly(self.root().to_owned()));
        }
        let lock = FileLock::acquire(self.tree.own(), LOCK, &caller.holder, WAIT)?;
        self.recover(&lock)?;
        let changes = plan(self)?;
        if changes.is_empty() {
            return Ok(0);
        }
        room::check(self, &changes)?;
        let journal = Journal {
            operation: self.store.view()?.0,
            changes,
        };
        let fetch = |id, out: &mut dyn Write| self.fetch(id, out);
        let mut checkout = self.tree.prepare(&journal, &fetch)?;
        let Err(error) = checkout.apply() else {
            for kept in checkout.finish() {
                caller.aftermath.trouble(&kept);
            }
            return Ok(journal.changes.len());
        };
        Err(self.put_back(checkout, error.into()))
    }

    /// Puts the folder back after a checkout that went wrong. Returns the error to tell: with what
    /// was left as somebody made it meanwhile, or with why it stays half way.
    pub(super) fn put_back(&self, checkout: Prepared<'_>, error: HistoryError) -> HistoryError {
        let fetch = |id, out: &mut dyn Write| self.fetch(id, out);
        let is_committed = |path: &RepoPath, content| self.is_committed(path, content);
        match checkout.put_back(&fetch, &is_committed) {
            Ok(left) if !left.is_empty() => HistoryError::LeftAlone {
                source: Box::new(error),
                left,
            },
            Ok(_) => error,
            // The journal stays, and the next to come tries again.
            Err(why) => HistoryError::LeftHalfWay {
                source: Box::new(error),
                why: with_causes(&why),
            },
        }
    }

    fn recover(&self, _held: &FileLock) -> Result<bool> {
        let not_put_back = |source| HistoryError::NotPutBack(Box::new(source));
        let Some(journal) = self
            .tree
            .interrupted()
            .map_err(|error| not_put_back(error.into()))?
        else {
            self.tree.clear_leftovers();
            return Ok(false);
        };
        if self.store.view()?.0 == journal.operation {
            let fetch = |id, out: &mut dyn Write| self.fetch(id, out);
            let is_committed = |path: &RepoPath, content| self.is_committed(path, content);
            let put_back = self.tree.put_back(&journal, &fetch, &is_committed);
            let left_alone = put_back.map_err(|error| not_put_back(error.into()))?;
            self.note(|known| {
                known.left_alone = left_alone;
                known.pending = None;
            });
        } else {
            // It was published, so its files are complete: only the note of it was left.
            let kept = self.tree.forget_published(&journal);
            let left_alone = kept.map_err(|error| not_put_back(error.into()))?;
            if !left_alone.is_empty() {
                self.note(|known| known.left_alone = left_alone);
            }
        }
        Ok(true)
    }

    /// Whether the current commit has this content at that path.
    pub(super) fn is_committed(&self, path: &RepoPath, content: Content) -> bool {
        let entry = || -> Result<_> {
            let Some(commit) = self.view()?.1.head_commit() else {
                return Ok(None);
            };
            let tree = self.store.get::<Commit>(commit)?.tree;
            entry_at(&self.store, tree, path)
        };
        let entry = entry().ok().flatten();
        entry.is_some_and(|entry| {
            let is_it = entry.id == EntryId::File(content.id);
            is_it && (entry.exec == content.exec || !cfg!(unix))
        })
    }
}

/// The innermost project around `start`, itself included.
fn project_around(start: &Path) -> Result<Option<PathBuf>> {
    for folder in start.ancestors() {
        if is_project(folder)? {
            return Ok(Some(folder.to_owned()));
        }
    }
    Ok(None)
}

/// A folder is a project once its store is complete: `format` is the last thing that is written. What
/// is no file there, and where a link leads, is told when the project is opened.
fn is_project(folder: &Path) -> Result<bool> {
    use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    let path = folder.join(AIUT_FOLDER).join("format");
    match fault::read(&path).and_then(|()| path.symlink_metadata()) {
        Ok(_) => Ok(true),
        // A folder that one may not look into is nobody's project for oneself.
        Err(error) if matches!(error.kind(), NotFound | NotADirectory | PermissionDenied) => {
            Ok(false)
        }
        Err(source) => Err(HistoryError::Io {
            action: "read",
            path,
            source,
        }),
    }
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
