//! Results that several commands share.

use serde::Serialize;

use super::Result;
use crate::history::{Ends, LoggedOperation, Project, Transaction};
use crate::object::{Commit, CommitId, Head, OperationId, Person, Timestamp, TreeId};
use crate::store::Position;

/// What the work tree stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadReport {
    /// The timeline; none when the work tree stands on a commit alone.
    pub timeline: Option<String>,
    /// The commit; none before the first.
    pub commit: Option<CommitId>,
}

impl HeadReport {
    /// Where HEAD is in `view`.
    #[must_use]
    pub fn of(view: &Position) -> Self {
        let timeline = match view.head() {
            Head::Timeline(name) => Some(name.clone()),
            Head::Detached(_) => None,
        };
        Self {
            timeline,
            commit: view.head_commit(),
        }
    }

    /// `timeline main`, or `commit 1f2e…`.
    #[must_use]
    pub fn describe(&self) -> String {
        match (&self.timeline, self.commit) {
            (Some(name), _) => format!("timeline {name}"),
            (None, Some(commit)) => format!("commit {}", commit.short()),
            (None, None) => "no commit".to_owned(),
        }
    }
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommitReport {
    /// Its id.
    pub id: CommitId,
    /// What it follows.
    pub parents: Vec<CommitId>,
    /// Who made it.
    pub author: Person,
    /// When.
    pub time: Timestamp,
    /// The first line of the message.
    pub subject: String,
    /// The whole message.
    pub message: String,
}

impl CommitReport {
    pub(in crate::workflow) fn new(id: CommitId, commit: &Commit) -> Self {
        Self {
            id,
            parents: commit.parents.clone(),
            author: commit.author.clone(),
            time: commit.time,
            subject: subject(&commit.message).to_owned(),
            message: commit.message.clone(),
        }
    }

    /// One that a transaction will have stored: what can fail is done before it is published.
    pub(super) fn made(transaction: &Transaction<'_>, id: CommitId) -> Option<Self> {
        let mut made = transaction.made().iter();
        let (_, commit) = made.find(|(made, _)| *made == id)?;
        Some(Self::new(id, commit))
    }

    pub(super) fn read(project: &Project, id: CommitId) -> Result<Self> {
        Ok(Self::new(id, &project.store().get::<Commit>(id)?))
    }
}

/// The first line of a message that says anything.
pub(super) fn subject(message: &str) -> &str {
    let mut lines = message.lines();
    lines
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
}

/// An entry of the operation log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperationReport {
    /// Its id.
    pub id: OperationId,
    /// As typed.
    pub command: String,
    /// Login name.
    pub user: String,
    /// Name of the machine.
    pub host: String,
    /// When.
    pub time: Timestamp,
    /// The operation that it took back.
    pub undoes: Option<OperationId>,
}

impl OperationReport {
    pub(super) fn of(logged: &LoggedOperation) -> Self {
        let operation = &logged.operation;
        Self {
            id: logged.id,
            command: operation.command.clone(),
            user: operation.user.clone(),
            host: operation.host.clone(),
            time: operation.time,
            undoes: operation.undoes,
        }
    }
}

/// The tree of a view's HEAD; none before the first commit.
pub(super) fn head_tree(project: &Project, view: &Position) -> Result<Option<TreeId>> {
    tree_of(project, view.head_commit())
}

/// The tree of what a commit follows; none, too, where the history of this copy ends before that.
pub(in crate::workflow) fn tree_before(
    project: &Project,
    parent: Option<CommitId>,
) -> Result<Option<TreeId>> {
    let ends = Ends::of(project.store())?;
    tree_of(project, parent.filter(|parent| !ends.has(parent)))
}

/// The tree of a commit.
pub(in crate::workflow) fn tree_of(
    project: &Project,
    commit: Option<CommitId>,
) -> Result<Option<TreeId>> {
    let read = |id| project.store().get::<Commit>(id).map(|commit| commit.tree);
    Ok(commit.map(read).transpose()?)
}
