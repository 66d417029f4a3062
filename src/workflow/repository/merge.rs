//! `aiut merge`: joins another timeline into the current one.
//!
//! ```text
//! base = what both stand on      ours = the current timeline      theirs = the other one
//! ```
//! Each path that differs between base and theirs is joined with ours; where both collide, the
//! conflict is kept with the file, so that a merge ends with a commit. Timelines that were joined
//! crosswise have several bases: these are joined first, and what collides there is as it was before.

use std::collections::BTreeSet;

use serde::Serialize;

use super::renamed::follow_renames;
use super::report::tree_of;
use super::switch::go;
use super::transplant::{Collision, Met, apply, changes_of_folder, renew, with_conflicts};
use super::undo::{UndoOutcome, undo};
use super::{CommitReport, HeadReport, OwnFiles, RepositoryError, Result, clean_message};
use crate::history::{
    Caller, FileEntry, FlatTree, HistoryError, Project, Transaction, TreeChange, change_tree,
    files_of, merge_bases, undo_target,
};
use crate::object::{CommitId, Person, RepoPath, TreeId};

/// What is to be joined, and how.
#[derive(Debug, Clone, Copy)]
pub struct MergeRequest<'r> {
    /// The timeline or commit that comes.
    pub revision: &'r str,
    /// What it is called in messages, where that is another name.
    pub called: Option<&'r str>,
    /// Whether to refuse unless the timeline can just move on.
    pub only_fast_forward: bool,
    /// Whether a commit is made even where the timeline could just move on.
    pub no_fast_forward: bool,
    /// Whether the commit has one parent, as if the change had been made here.
    pub squash: bool,
    /// Instead of the usual message.
    pub message: Option<&'r str>,
}

impl MergeRequest<'_> {
    fn name(&self) -> &str {
        self.called.unwrap_or(self.revision)
    }
}

/// What a merge came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeKind {
    /// All of it is here already.
    UpToDate,
    /// Nothing was done here since, so the timeline moved on.
    FastForward,
    /// A commit with both as parents.
    Joined,
    /// A commit with one parent.
    Squashed,
}

/// What a merge did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MergeOutcome {
    /// What it came to.
    pub kind: MergeKind,
    /// The newest commit that both stand on.
    pub base: Option<CommitReport>,
    /// The commit that came.
    pub theirs: CommitReport,
    /// The new commit, where one was made.
    pub commit: Option<CommitReport>,
    /// Where the project stands.
    pub head: HeadReport,
    /// Files that hold something else now.
    pub changed: Vec<RepoPath>,
    /// Files where both sides collide: committed, each with its conflict, to be settled.
    pub conflicts: Vec<Collision>,
    /// What stands in the way. If there is anything, nothing was done.
    pub refused: Vec<Collision>,
    /// Files that runs made anew on both sides: both are takes, and the one of this timeline is used.
    pub takes: Vec<RepoPath>,
}

impl MergeOutcome {
    /// Takes over what did not fit.
    fn met(&mut self, met: Met) {
        let commit = self.theirs.id;
        let collision = |(path, reason)| Collision {
            path,
            commit,
            reason,
        };
        self.takes = met.takes;
        self.conflicts = met.conflicts.into_iter().map(collision).collect();
        self.refused = met.refused.into_iter().map(collision).collect();
    }
}

/// Joins a timeline or commit into the current timeline.
///
/// # Errors
/// `Unrelated`, `Uncommitted`, `WouldOverwrite`; as [`Project::resolve`]. Conflicts, and what is
/// refused, are in the outcome.
pub fn merge(
    project: &Project,
    caller: &Caller<'_>,
    author: &Person,
    request: MergeRequest<'_>,
    own: &dyn OwnFiles,
) -> Result<MergeOutcome> {
    merge_with(project, caller, author, request, own, &mut |_| Ok(()))
}

/// The same, and what `also` does to the refs, as one operation. Where something stands in the way, none of it
/// is done.
///
/// # Errors
/// As [`merge`], and what `also` returns.
pub(in crate::workflow) fn merge_with<E: From<RepositoryError>>(
    project: &Project,
    caller: &Caller<'_>,
    author: &Person,
    request: MergeRequest<'_>,
    own: &dyn OwnFiles,
    also: &mut dyn FnMut(&mut Transaction<'_>) -> Result<(), E>,
) -> Result<MergeOutcome, E> {
    let mut transaction = project.transaction(caller).map_err(RepositoryError::from)?;
    let before = transaction.view.clone();
    also(&mut transaction)?;
    let is_moved = transaction.view != before;
    Ok(merge_in(
        transaction,
        is_moved,
        caller,
        author,
        request,
        own,
    )?)
}

/// Joins, and publishes it with what moved before.
fn merge_in(
    mut transaction: Transaction<'_>,
    is_moved: bool,
    caller: &Caller<'_>,
    author: &Person,
    request: MergeRequest<'_>,
    own: &dyn OwnFiles,
) -> Result<MergeOutcome> {
    let project = transaction.project();
    let message = request.message.map(clean_message);
    if message.as_deref() == Some("") {
        return Err(RepositoryError::EmptyMessage);
    }
    let sides = Sides::of(project, caller, &transaction, request)?;
    let mut outcome = sides.outcome(project)?;
    match outcome.kind {
        MergeKind::UpToDate => {
            if is_moved {
                transaction.publish(caller, Vec::new(), None)?;
            }
            return Ok(outcome);
        }
        MergeKind::FastForward => {
            let (changes, _) = go(project, sides.ours, Some(sides.theirs), false)?;
            outcome.changed = changes.iter().map(|change| change.path.clone()).collect();
            outcome.changed.sort();
            transaction.advance(sides.theirs);
            outcome.head = HeadReport::of(&transaction.view);
            transaction.publish(caller, changes, None)?;
            return Ok(outcome);
        }
        MergeKind::Joined | MergeKind::Squashed => {}
    }
    let joined = sides.join(project, own)?;
    outcome.met(joined.met);
    if !outcome.refused.is_empty() {
        outcome.conflicts.clear();
        return Ok(outcome);
    }
    let usual = || sides.usual_message(request.name(), &outcome.head);
    let message = with_conflicts(message.unwrap_or_else(usual), &outcome.conflicts);
    let (changes, changed) =
        changes_of_folder(project, joined.our_tree, &joined.before, &joined.after)?;
    let (store, batch) = (project.store(), transaction.batch());
    let tree = change_tree(store, batch, joined.our_tree, &joined.before, &joined.after)?;
    let now = caller.clock.now();
    let id = match outcome.kind {
        MergeKind::Squashed => {
            let runs = |files: &FlatTree| -> BTreeSet<_> {
                files.values().filter_map(|entry| entry.made_by).collect()
            };
            let (known, brought) = (runs(&joined.before), runs(&joined.after));
            let generations = brought.difference(&known).copied().collect();
            transaction.commit(tree, author, now, &message, generations)?
        }
        _ => {
            transaction.commit_joining(&[sides.theirs], tree, author, now, &message, Vec::new())?
        }
    };
    outcome.changed = changed;
    outcome.commit = CommitReport::made(&transaction, id);
    outcome.head = HeadReport::of(&transaction.view);
    transaction.leaves(tree, joined.after);
    transaction.publish(caller, changes, None)?;
    Ok(outcome)
}

/// What a merge would do, and the files as they would be, without doing it.
///
/// # Errors
/// As [`merge`], but for edits in the folder, which nothing asks after.
pub fn plan_merge(
    project: &Project,
    caller: &Caller<'_>,
    request: MergeRequest<'_>,
    own: &dyn OwnFiles,
) -> Result<(MergeOutcome, FlatTree, FlatTree)> {
    let transaction = project.transaction(caller)?;
    let sides = Sides::of(project, caller, &transaction, request)?;
    let mut outcome = sides.outcome(project)?;
    let before = files_at(project, sides.ours)?;
    let after = match outcome.kind {
        MergeKind::UpToDate => before.clone(),
        MergeKind::FastForward => files_at(project, Some(sides.theirs))?,
        MergeKind::Joined | MergeKind::Squashed => {
            let joined = sides.join(project, own)?;
            outcome.met(joined.met);
            joined.after
        }
    };
    let changes = changes_between(&before, &after).into_iter();
    outcome.changed = changes.map(|change| change.path).collect();
    Ok((outcome, before, after))
}

/// Takes back a merge that was the last thing done: refs and files are as before it.
///
/// # Errors
/// `NoMergeToAbort`; as [`undo`].
pub fn abort_merge(project: &Project, caller: &Caller<'_>) -> Result<UndoOutcome> {
    let command = undo_target(project.store())?.operation.command;
    let mut words = command.split_whitespace().skip(1);
    if words.find(|word| !word.starts_with('-')) != Some("merge") {
        return Err(RepositoryError::NoMergeToAbort { command });
    }
    undo(project, caller)
}

/// The commits that a merge joins.
struct Sides {
    /// The current one; none on a timeline without commits.
    ours: Option<CommitId>,
    theirs: CommitId,
    /// What both stand on, the newest first; empty where nothing was committed here yet.
    bases: Vec<CommitId>,
    kind: MergeKind,
    head: HeadReport,
}

/// Both sides, joined.
struct JoinedFiles {
    our_tree: TreeId,
    before: FlatTree,
    after: FlatTree,
    met: Met,
}

impl Sides {
    fn of(
        project: &Project,
        caller: &Caller<'_>,
        transaction: &Transaction<'_>,
        request: MergeRequest<'_>,
    ) -> Result<Self> {
        let head = HeadReport::of(&transaction.view);
        let resolved = project.resolve(request.revision, caller.clock.now())?;
        if resolved.path.is_some() {
            return Err(HistoryError::BadRevision {
                text: request.revision.to_owned(),
                reason: "a whole timeline or commit is meant".to_owned(),
            }
            .into());
        }
        let theirs = resolved.commit;
        let bases = match head.commit {
            Some(ours) => merge_bases(project.store(), ours, theirs)?,
            None => Vec::new(),
        };
        let kind = match head.commit {
            None => MergeKind::FastForward,
            Some(ours) if bases.is_empty() => {
                return Err(RepositoryError::Unrelated {
                    ours: ours.short(),
                    theirs: request.name().to_owned(),
                });
            }
            Some(_) if bases == [theirs] => MergeKind::UpToDate,
            Some(_) if request.squash => MergeKind::Squashed,
            Some(ours) if bases == [ours] && !request.no_fast_forward => MergeKind::FastForward,
            Some(_) => MergeKind::Joined,
        };
        let is_move = matches!(kind, MergeKind::UpToDate | MergeKind::FastForward);
        if request.only_fast_forward && !is_move {
            return Err(RepositoryError::BothWentOn {
                ours: head.describe(),
                theirs: request.name().to_owned(),
            });
        }
        Ok(Self {
            ours: head.commit,
            theirs,
            bases,
            kind,
            head,
        })
    }

    /// Before anything is done.
    fn outcome(&self, project: &Project) -> Result<MergeOutcome> {
        let read = |id| CommitReport::read(project, id);
        Ok(MergeOutcome {
            kind: self.kind,
            base: self.bases.first().map(|base| read(*base)).transpose()?,
            theirs: read(self.theirs)?,
            commit: None,
            head: self.head.clone(),
            changed: Vec::new(),
            conflicts: Vec::new(),
            refused: Vec::new(),
            takes: Vec::new(),
        })
    }

    fn usual_message(&self, revision: &str, head: &HeadReport) -> String {
        let into = head
            .timeline
            .as_ref()
            .map_or_else(String::new, |name| format!(" into {name}"));
        match self.kind {
            MergeKind::Squashed => format!(
                "Take over {revision}\n\nAll of it up to commit {}.",
                self.theirs
            ),
            _ => format!("Merge {revision}{into}"),
        }
    }

    fn join(&self, project: &Project, own: &dyn OwnFiles) -> Result<JoinedFiles> {
        let ours = tree_of(project, self.ours)?.expect("without commits a timeline moves on");
        let before = files_of(project, ours)?;
        let base = common_files(project, &self.bases, own)?;
        let changes = changes_between(&base, &files_at(project, Some(self.theirs))?);
        let mut after = before.clone();
        let followed = follow_renames(project, &base, changes, &mut after)?;
        let mut met = apply(project, &followed.changes, &mut after, own)?;
        followed.clash(project, &mut after, &mut met)?;
        if met.refused.is_empty() {
            renew(project, &mut after, own)?;
        }
        Ok(JoinedFiles {
            our_tree: ours,
            before,
            after,
            met,
        })
    }
}

/// What both sides stand on. Several best common ancestors are joined, one after the other, each over
/// what it has in common with the first; a file that collides there is as it was before both.
fn common_files(project: &Project, bases: &[CommitId], own: &dyn OwnFiles) -> Result<FlatTree> {
    let (first, further) = bases.split_first().expect("related timelines have one");
    let mut files = files_at(project, Some(*first))?;
    for base in further {
        let below = merge_bases(project.store(), *first, *base)?;
        let older = files_at(project, below.first().copied())?;
        let known = files.clone();
        let changes = changes_between(&older, &files_at(project, Some(*base))?);
        apply(project, &changes, &mut files, own)?;
        let collides = |(path, entry): &(&RepoPath, &FileEntry)| {
            let before = known.get(*path).and_then(|entry| entry.conflict);
            entry.conflict.is_some() && entry.conflict != before
        };
        let collided: Vec<RepoPath> = files
            .iter()
            .filter(collides)
            .map(|(path, _)| path.clone())
            .collect();
        for path in collided {
            match older.get(&path) {
                Some(entry) => drop(files.insert(path, *entry)),
                None => drop(files.remove(&path)),
            }
        }
    }
    Ok(files)
}

/// The files of a commit; none of none.
fn files_at(project: &Project, commit: Option<CommitId>) -> Result<FlatTree> {
    let tree = tree_of(project, commit)?.map(|tree| files_of(project, tree));
    Ok(tree.transpose()?.unwrap_or_default())
}

/// The paths that differ between two listings.
fn changes_between(old: &FlatTree, new: &FlatTree) -> Vec<TreeChange> {
    let paths: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let change = |path: &RepoPath| TreeChange {
        path: path.clone(),
        before: old.get(path).copied(),
        after: new.get(path).copied(),
    };
    let changes = paths.into_iter().map(change);
    changes
        .filter(|change| change.before != change.after)
        .collect()
}
