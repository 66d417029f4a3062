//! Refs and files changed together, as one operation.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::flat::keep_files;
use super::{
    Caller, FileEntry, FlatTree, HistoryError, Project, Result, expiry, guard, room, write_tree,
};
use crate::base::lock::FileLock;
use crate::object::{
    Commit, CommitId, Expiry, FileChanges, FileId, GenerationId, Operation, OperationId, Person,
    Timestamp, TreeId,
};
use crate::store::{Batch, Committed, Position, StoreError, Stored};
use crate::worktree::{Bytes, Change, Content, FetchError, Journal, Prepared, WorkTreeError};

/// What is about to happen. Holds the work tree's lock; dropped, nothing has happened.
#[derive(Debug)]
#[must_use = "nothing happens before it is published"]
pub struct Transaction<'p> {
    project: &'p Project,
    _lock: FileLock,
    before: Option<OperationId>,
    recovered: bool,
    batch: Batch<'p>,
    made: Vec<(CommitId, Commit)>,
    expiry: Option<Expiry>,
    /// Whether it goes back to what was before: nothing holds against that.
    goes_back: bool,
    /// The files of a tree that is stored with it.
    left: Option<(TreeId, FlatTree)>,
    /// Where the project will stand.
    pub view: Position,
}

impl<'p> Transaction<'p> {
    pub(super) fn begin(project: &'p Project, lock: FileLock, recovered: bool) -> Result<Self> {
        let (before, view) = project.view()?;
        Ok(Self {
            project,
            _lock: lock,
            before,
            recovered,
            batch: project.store().batch(),
            made: Vec::new(),
            expiry: None,
            goes_back: false,
            left: None,
            view: Arc::unwrap_or_clone(view),
        })
    }

    /// The project.
    #[must_use]
    pub fn project(&self) -> &'p Project {
        self.project
    }

    /// The operation that was the last one when this began.
    #[must_use]
    pub fn operation(&self) -> Option<OperationId> {
        self.before
    }

    /// Whether files of the folder were put back when this began: what was seen of them before that
    /// is no longer so.
    #[must_use]
    pub fn has_recovered(&self) -> bool {
        self.recovered
    }

    /// What is to be stored with it.
    pub fn batch(&self) -> &Batch<'p> {
        &self.batch
    }

    /// Stores with the batch that was filled before the lock was taken.
    pub fn with_batch(mut self, batch: Batch<'p>) -> Self {
        self.batch = batch;
        self
    }

    /// Moves a ref, if it is where the caller believes it to be; `None` is no ref.
    ///
    /// # Errors
    /// `RefMoved` says where it is; `Store`.
    pub fn set_ref(
        &mut self,
        name: &str,
        expected: Option<CommitId>,
        to: Option<CommitId>,
    ) -> Result<()> {
        let found = self.view.get(self.project.store(), name)?;
        if found != expected {
            return Err(HistoryError::RefMoved {
                name: name.to_owned(),
                found,
            });
        }
        self.view.set(name, to);
        Ok(())
    }

    /// Moves what HEAD stands on to `commit`: the timeline, or HEAD itself where it has none.
    pub fn advance(&mut self, commit: CommitId) {
        self.view.advance(commit);
    }

    /// Every ref as it will be, by its full name.
    ///
    /// # Errors
    /// `Store`.
    pub fn refs(&self) -> Result<BTreeMap<String, CommitId>> {
        Ok(self.view.refs(self.project.store())?)
    }

    /// From this operation on, this is let go of.
    pub fn let_go(&mut self, expiry: Expiry) {
        self.expiry = Some(expiry);
    }

    /// Stores a commit on top of HEAD and moves HEAD to it.
    ///
    /// # Errors
    /// `Store`, which also says what is wrong with an author.
    pub fn commit(
        &mut self,
        tree: TreeId,
        author: &Person,
        time: Timestamp,
        message: &str,
        generations: Vec<GenerationId>,
    ) -> Result<CommitId> {
        self.commit_joining(&[], tree, author, time, message, generations)
    }

    /// As [`Self::commit`], on top of HEAD and of further commits, in this order: a merge.
    ///
    /// # Errors
    /// `Store`, also when a parent is named twice, and when there are too many.
    pub fn commit_joining(
        &mut self,
        further: &[CommitId],
        tree: TreeId,
        author: &Person,
        time: Timestamp,
        message: &str,
        generations: Vec<GenerationId>,
    ) -> Result<CommitId> {
        let parents = self.view.head_commit().into_iter();
        let parents = parents.chain(further.iter().copied()).collect();
        let (author, message) = (author.clone(), message.to_owned());
        self.put_at_head(Commit {
            tree,
            parents,
            author,
            time,
            message,
            generations,
        })
    }

    /// Stores a commit, whatever it follows, and moves HEAD to it.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub fn put_at_head(&mut self, commit: Commit) -> Result<CommitId> {
        let id = self.batch.put(&commit)?;
        self.advance(id);
        self.made.push((id, commit));
        Ok(id)
    }

    /// Says which files the tree has that the project will stand on, so that the next command need not
    /// read its folders.
    pub fn leaves(&mut self, tree: TreeId, files: FlatTree) {
        self.left = Some((tree, files));
    }

    /// Goes back to what a former operation left, locked since or not.
    pub fn goes_back(&mut self) {
        self.goes_back = true;
    }

    /// The commits that it will have stored, in the order they were made.
    #[must_use]
    pub fn made(&self) -> &[(CommitId, Commit)] {
        &self.made
    }

    /// Changes the files, all or none, and publishes the operation: the one visible step. What
    /// the changes bring in must be stored already; what they replace is stored first.
    ///
    /// # Errors
    /// Nothing has happened then: `Locked` when a timeline would change in what is held there, and nothing is taken
    /// back; `WorkTree` when a file could not be changed or was edited
    /// meanwhile, `Store` when the operation could not be published; but for `Unsure`, `LeftAlone` and
    /// `LeftHalfWay`, which say so. What fails once it is published is noted with the caller and no error.
    pub fn publish(
        mut self,
        caller: &Caller<'_>,
        changes: Vec<Change>,
        undoes: Option<OperationId>,
    ) -> Result<OperationId> {
        let (project, left) = (self.project, self.left.take());
        if undoes.is_none() && !self.goes_back {
            self.ask_guard(&*caller.guard)?;
        }
        let id = self.publish_all(caller, changes, undoes)?;
        if let Some((tree, files)) = left {
            keep_files(project, tree, &files);
        }
        Ok(id)
    }

    /// Refuses what would change something that is held on a timeline.
    fn ask_guard(&mut self, guard: &dyn guard::Guard) -> Result<()> {
        let moves = guard::held_moves(self.project, guard, &self.view)?;
        if moves.is_empty() {
            return Ok(());
        }
        // What comes is looked at as it will be. Stored and refused, it is let go of like any object that nothing
        // leads to.
        let batch = std::mem::replace(&mut self.batch, self.project.store().batch());
        batch.commit()?;
        guard::check(self.project, guard, moves, &self.made)
    }

    fn publish_all(
        self,
        caller: &Caller<'_>,
        changes: Vec<Change>,
        undoes: Option<OperationId>,
    ) -> Result<OperationId> {
        let Self {
            project,
            _lock,
            before,
            batch,
            view,
            expiry,
            ..
        } = self;
        room::check(project, &changes)?;
        // What nobody takes back is handed on.
        let known = before.map(|id| project.store().get::<Operation>(id));
        let known = known.transpose()?;
        let number = known.as_ref().map_or(0, |operation| operation.number) + 1;
        let mut known = known.and_then(|operation| operation.expiry);
        if let Some(expiry) = &expiry {
            known = match expiry.is_empty() {
                true => None,
                false => Some(batch.put(expiry)?),
            };
        }
        if expiry.is_some() || known.is_some() {
            let expiry = match expiry {
                Some(expiry) => expiry,
                None => expiry::current_expiry(project.store())?,
            };
            expiry::refuse_gone(project, &expiry, &project.view()?.1, &view)?;
        }
        let operation = Operation {
            project: project.store().project(),
            number,
            parents: before.into_iter().collect(),
            view: view.put(&batch)?,
            command: caller.holder.command.clone(),
            user: caller.holder.user.clone(),
            host: caller.holder.host.clone(),
            time: caller.clock.now(),
            undoes,
            files: file_changes(&batch, &changes)?,
            expiry: known,
        };
        let id = batch.publish(before, &operation)?;
        let recorded = |committed: Committed| {
            caller.aftermath.record(id);
            if let Some(error) = committed.trouble {
                caller.aftermath.trouble(&error);
            }
        };
        let finished = |checkout: Prepared<'_>| {
            for kept in checkout.finish() {
                caller.aftermath.trouble(&kept);
            }
        };
        if changes.is_empty() {
            recorded(batch.commit()?);
            return Ok(id);
        }
        save(project, &changes)?;
        // In one go, and not one by one.
        let after = changes.iter().filter_map(|change| change.after);
        let after: Vec<FileId> = after.map(|content| content.id).collect();
        project.store().supply(&after)?;
        let fetch = |id, out: &mut dyn std::io::Write| project.fetch(id, out);
        let journal = Journal {
            operation: before,
            changes,
        };
        let mut checkout = project.tree().prepare(&journal, &fetch)?;
        // Nobody else publishes meanwhile, so that the folder is not kept half way waiting for them.
        let published = batch.commit_after(|| Ok::<_, HistoryError>(checkout.apply()?));
        let error = match published {
            Ok(committed) => {
                recorded(committed);
                finished(checkout);
                return Ok(id);
            }
            // The next command finds out whether it is recorded, and does what follows.
            Err(error @ HistoryError::Store(StoreError::Unsure(_))) => return Err(error),
            Err(error) => error,
        };
        match project.view() {
            // It happened, whatever went wrong after that.
            Ok((Some(current), _)) if current == id => {
                recorded(Committed { trouble: None });
                caller.aftermath.trouble(&error);
                finished(checkout);
                Ok(id)
            }
            Ok(_) => Err(project.put_back(checkout, error)),
            // Nobody knows whether it happened: the next to come will.
            Err(_) => Err(error),
        }
    }
}

/// Stores, at once, what the changes replace and nothing has stored yet, so that they destroy
/// nothing.
fn save(project: &Project, changes: &[Change]) -> Result<()> {
    let batch = project.store().batch();
    for Change { path, before, .. } in changes {
        let Some(content) = before else { continue };
        if batch.contains_file(content.id)? {
            continue;
        }
        let (id, _) = project.tree().read(path, &|bytes| store(&batch, bytes))?;
        if id != content.id {
            return Err(WorkTreeError::ChangedMeanwhile { path: path.clone() }.into());
        }
    }
    batch.commit()?;
    Ok(())
}

/// Hands the bytes of a file to a batch.
pub(super) fn store(batch: &Batch<'_>, bytes: &mut dyn Bytes) -> Result<FileId, FetchError> {
    let Stored { id, .. } = batch.put_seekable(bytes)?;
    Ok(id)
}

fn file_changes(batch: &Batch<'_>, changes: &[Change]) -> Result<Option<FileChanges>> {
    if changes.is_empty() {
        return Ok(None);
    }
    let side = |of: fn(&Change) -> Option<Content>| -> Result<TreeId> {
        let files: BTreeMap<_, _> = changes
            .iter()
            .filter_map(|change| Some((change.path.clone(), FileEntry::plain(of(change)?))))
            .collect();
        write_tree(batch, &files)
    };
    let (before, after) = (side(|change| change.before)?, side(|change| change.after)?);
    Ok(Some(FileChanges { before, after }))
}
