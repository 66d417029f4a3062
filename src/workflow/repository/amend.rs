//! `aiut commit --amend`: another commit in the place of the last one.
//!
//! Nothing is rewritten: the new commit follows what the former followed, and only HEAD moves to it.
//! Whatever else stands on the former one goes on standing there, and `undo` puts HEAD back.

use std::collections::BTreeSet;

use super::commit::{Amended, record};
use super::{
    CommitOutcome, CommitRequest, HeadReport, OwnFiles, RepositoryError, Result, Scope,
    clean_message,
};
use crate::history::{Caller, HistoryError, Project, RefKind, Transaction, standing_on};
use crate::object::{Commit, CommitId, Person, TreeId};

/// What to make of the last commit.
#[derive(Clone)]
pub struct AmendRequest<'r> {
    /// The commit, as it was when somebody decided to.
    pub commit: CommitId,
    /// Whose it is from now on, made now; none keeps author and time.
    pub author: Option<&'r Person>,
    /// The new message; none keeps the former.
    pub message: Option<&'r str>,
    /// Which changed files go into it; none leaves all out.
    pub scope: Option<Scope>,
    /// As of a commit.
    pub own: &'r dyn OwnFiles,
}

/// Puts another commit in the place of the one that HEAD stands on: with what changed among the
/// named files, another message, or both. Runs and origins that it brought in, it keeps.
///
/// # Errors
/// `Unborn`; `NothingToAmend`; `NothingLeft` where it would have no change any more; as `commit`.
pub fn amend(
    project: &Project,
    caller: &Caller<'_>,
    request: &AmendRequest<'_>,
) -> Result<CommitOutcome> {
    let commit = project.store().get::<Commit>(request.commit)?;
    let message = match request.message {
        Some(message) => clean_message(message),
        None => commit.message.clone(),
    };
    if message.is_empty() {
        return Err(RepositoryError::EmptyMessage);
    }
    let amended = Amended {
        id: request.commit,
        commit: &commit,
        time: match request.author {
            Some(_) => caller.clock.now(),
            None => commit.time,
        },
    };
    let mut full = CommitRequest {
        author: request.author.unwrap_or(&commit.author),
        message: &message,
        scope: Scope::of(Vec::new()),
        own: &(),
        generations: commit.generations.clone(),
    };
    if let Some(scope) = &request.scope {
        full.scope = scope.clone();
        full.own = request.own;
    }
    record(project, caller, &full, Some(amended))
}

/// The commit that `amend` is about.
///
/// # Errors
/// `Unborn` before the first.
pub fn last_commit(project: &Project) -> Result<(CommitId, Commit)> {
    let (_, view) = project.view()?;
    let head = HeadReport::of(&view);
    let id = head
        .commit
        .ok_or_else(|| HistoryError::Unborn(head.timeline.unwrap_or_default()))?;
    Ok((id, project.store().get::<Commit>(id)?))
}

impl Amended<'_> {
    /// The commit that takes its place.
    pub(super) fn replaced(&self, tree: TreeId, request: &CommitRequest<'_>) -> Commit {
        Commit {
            tree,
            parents: self.commit.parents.clone(),
            author: request.author.clone(),
            time: self.time,
            message: request.message.to_owned(),
            generations: request.generations.clone(),
        }
    }

    /// Refuses a commit that is no other, or none. The timelines and tags that keep the former one.
    pub(super) fn check(
        &self,
        transaction: &Transaction<'_>,
        commit: &Commit,
    ) -> Result<Vec<String>> {
        let store = transaction.project().store();
        if commit == self.commit {
            let commit = self.id.short();
            return Err(RepositoryError::NothingToAmend { commit });
        }
        if let ([parent], true) = (&*commit.parents, commit.tree != self.commit.tree)
            && store.get::<Commit>(*parent)?.tree == commit.tree
        {
            let commit = self.id.short();
            return Err(RepositoryError::NothingLeft { commit });
        }
        let view = &transaction.view;
        let current = HeadReport::of(view).timeline;
        let current = current.map(|name| RefKind::Timeline.full(&name));
        let refs = view.refs(store)?;
        let others = refs
            .iter()
            .filter(|(name, _)| Some(*name) != current.as_ref());
        let tips: BTreeSet<CommitId> = others.clone().map(|(_, commit)| *commit).collect();
        let standing = standing_on(store, self.id, &tips)?;
        let kept = others.filter(|(_, commit)| standing.contains(commit));
        Ok(kept.map(|(name, _)| name.clone()).collect())
    }
}
