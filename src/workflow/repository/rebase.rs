//! `aiut rebase`: what the current timeline did, done again on top of another one.
//!
//! ```text
//! onto:  a ── b ── c                      a ── b ── c
//! here:       └── 1 ── 2      becomes                └── 1' ── 2'
//! ```
//! Each commit is joined by the engine of `aiut merge`, and what collides is kept with the files, so that
//! a rebase never stops half way. A merge on the way is one commit that brings what it brought.

use std::collections::HashSet;

use serde::Serialize;

use super::report::tree_of;
use super::switch::go;
use super::transplant::{Graft, TransplantOutcome, transplant};
use super::{CommitReport, HeadReport, OwnFiles, RepositoryError, Result};
use crate::history::{Caller, HistoryError, Project, Selection, log_without, merge_bases};
use crate::object::{Commit, CommitId};

/// What a rebase came to, or would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RebaseOutcome {
    /// The commit that the timeline stands on now.
    pub onto: CommitReport,
    /// The commit that the timeline had before.
    pub before: CommitReport,
    /// Whether all was there already.
    pub up_to_date: bool,
    /// The new commits, and what became of the files.
    #[serde(flatten)]
    pub outcome: TransplantOutcome,
}

/// Puts the commits that only the current timeline has onto another timeline or commit, each with its
/// author and message, in one operation. With `plan` nothing is done.
///
/// # Errors
/// `Unrelated`, `Uncommitted`; as [`Project::resolve`]. Conflicts, and what is refused, are in the outcome.
pub fn rebase(
    project: &Project,
    caller: &Caller<'_>,
    revision: &str,
    plan: bool,
    own: &dyn OwnFiles,
) -> Result<RebaseOutcome> {
    let resolved = project.resolve(revision, caller.clock.now())?;
    if resolved.path.is_some() {
        return Err(HistoryError::BadRevision {
            text: revision.to_owned(),
            reason: "a whole timeline or commit is meant".to_owned(),
        }
        .into());
    }
    let onto = resolved.commit;
    let head = HeadReport::of(&project.view()?.1);
    let Some(ours) = head.commit else {
        return Err(HistoryError::Unborn(head.timeline.unwrap_or_default()).into());
    };
    let bases = merge_bases(project.store(), ours, onto)?;
    if bases.is_empty() {
        return Err(RepositoryError::Unrelated {
            ours: ours.short(),
            theirs: revision.to_owned(),
        });
    }
    let report = |outcome, up_to_date| {
        Ok(RebaseOutcome {
            onto: CommitReport::read(project, onto)?,
            before: CommitReport::read(project, ours)?,
            up_to_date,
            outcome,
        })
    };
    if bases == [onto] {
        return report(TransplantOutcome::nothing(head), true);
    }
    if bases == [ours] {
        return report(move_on(project, caller, ours, onto, plan)?, false);
    }
    let grafts = grafts(project, ours, onto)?;
    let outcome = transplant(project, caller, grafts, Some((ours, onto)), plan, own)?;
    report(outcome, false)
}

/// Where nothing was done here since, the timeline moves on.
fn move_on(
    project: &Project,
    caller: &Caller<'_>,
    ours: CommitId,
    onto: CommitId,
    plan: bool,
) -> Result<TransplantOutcome> {
    let mut transaction = project.transaction(caller)?;
    let mut outcome = TransplantOutcome::nothing(HeadReport::of(&transaction.view));
    if outcome.head.commit != Some(ours) {
        let to = outcome.head.describe();
        return Err(RepositoryError::SwitchedMeanwhile { to });
    }
    let (changes, _) = go(project, Some(ours), Some(onto), false)?;
    outcome.changed = changes.iter().map(|change| change.path.clone()).collect();
    outcome.changed.sort();
    transaction.advance(onto);
    outcome.head = HeadReport::of(&transaction.view);
    if !plan {
        transaction.publish(caller, changes, None)?;
    }
    Ok(outcome)
}

/// What each commit that `onto` does not have changed, the oldest first.
fn grafts(project: &Project, ours: CommitId, onto: CommitId) -> Result<Vec<Graft>> {
    let store = project.store();
    let own = log_without(store, &[ours], &[onto], Selection::default())?;
    let own: HashSet<CommitId> = own.iter().map(|logged| logged.id).collect();
    let mut grafts = Vec::new();
    let mut next = Some(ours);
    while let Some(id) = next.filter(|id| own.contains(id)) {
        let commit = store.get::<Commit>(id)?;
        let parent = commit.parents.first().copied();
        grafts.push(Graft {
            commit: id,
            base: tree_of(project, parent)?,
            theirs: Some(commit.tree),
            author: commit.author,
            message: told_anew(&commit.message),
            generations: commit.generations,
        });
        next = parent;
    }
    grafts.reverse();
    Ok(grafts)
}

/// The message without the list of conflicts, which is written anew.
fn told_anew(message: &str) -> String {
    let paragraphs = message.trim_end().split("\n\n");
    let kept: Vec<_> = paragraphs
        .filter(|text| !text.starts_with("Conflicts:\n  "))
        .collect();
    kept.join("\n\n")
}
