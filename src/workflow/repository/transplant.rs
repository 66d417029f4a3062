//! `aiut revert` and `aiut cherry-pick`: what one commit changed, done or undone elsewhere.
//!
//! ```text
//! revert       base = the commit       theirs = its parent
//! cherry-pick  base = its parent       theirs = the commit      ours = the current timeline
//! ```
//! Each path that differs between base and theirs is joined with ours. Where both collide, the
//! conflict is kept with the file. What cannot be kept so is refused, and then nothing happens: no
//! file, no ref and no commit is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde::Serialize;

use super::conflicts::why;
use super::join::{Joined, join};
use super::renamed::follow_renames;
use super::report::{subject, tree_of};
use super::{CommitReport, HeadReport, OwnFiles, RepositoryError, Result};
use crate::history::{
    Caller, FileEntry, FlatTree, HistoryError, Project, Survey, TreeChange, change_tree,
    diff_trees, plan_changes, plan_checkout, read_tree,
};
use crate::object::{Commit, CommitId, Conflict, GenerationId, Person, RepoPath, TreeId};
use crate::worktree::{Change, Content};

/// A path where a change does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Collision {
    /// The file.
    pub path: RepoPath,
    /// The commit whose change does not fit.
    pub commit: CommitId,
    /// Why not.
    pub reason: String,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransplantOutcome {
    /// The new commits, in the order they were made.
    pub commits: Vec<CommitReport>,
    /// Commits that had nothing to change here: what they did is there, or gone, already.
    pub idle: Vec<CommitReport>,
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

impl TransplantOutcome {
    /// Where nothing was done.
    pub(super) fn nothing(head: HeadReport) -> Self {
        Self {
            commits: Vec::new(),
            idle: Vec::new(),
            head,
            changed: Vec::new(),
            conflicts: Vec::new(),
            refused: Vec::new(),
            takes: Vec::new(),
        }
    }
}

/// A change to be made on the current timeline.
pub(super) struct Graft {
    pub(super) commit: CommitId,
    pub(super) base: Option<TreeId>,
    pub(super) theirs: Option<TreeId>,
    pub(super) author: Person,
    pub(super) message: String,
    /// Runs that come along with the files that they made.
    pub(super) generations: Vec<GenerationId>,
}

/// Takes back what a commit changed, in a new commit on the current timeline. `message` replaces
/// the usual one. Files get their former content and origin. What a merge changed is seen from its
/// parent of the number `mainline`, from 1 on.
///
/// # Errors
/// `JoinsTimelines` for a merge without one, `NoSuchParent`, `Uncommitted`; as [`Project::resolve`]. Conflicts,
/// and what is refused, are in the outcome.
pub fn revert(
    project: &Project,
    caller: &Caller<'_>,
    author: &Person,
    revision: &str,
    mainline: Option<usize>,
    message: Option<&str>,
    own: &dyn OwnFiles,
) -> Result<TransplantOutcome> {
    if message.is_some_and(|message| message.trim().is_empty()) {
        return Err(RepositoryError::EmptyMessage);
    }
    let (id, commit, parent) = seen_from(project, caller, revision, mainline)?;
    let subject = subject(&commit.message);
    let seen = match parent {
        Some(parent) if commit.parents.len() > 1 => format!(", back to its parent {parent}"),
        _ => String::new(),
    };
    let usual = || format!("Revert \"{subject}\"\n\nTakes back commit {id}{seen}.");
    let graft = Graft {
        commit: id,
        base: Some(commit.tree),
        theirs: tree_of(project, parent)?,
        author: author.clone(),
        message: message.map_or_else(usual, str::to_owned),
        generations: Vec::new(),
    };
    transplant(project, caller, vec![graft], None, false, own)
}

/// Applies what commits changed to the current timeline, in the order given, each as a new commit
/// by its author; all in one operation.
///
/// # Errors
/// As [`revert`].
pub fn cherry_pick(
    project: &Project,
    caller: &Caller<'_>,
    revisions: &[String],
    mainline: Option<usize>,
    own: &dyn OwnFiles,
) -> Result<TransplantOutcome> {
    let grafts = revisions.iter().map(|revision| {
        let (id, commit, parent) = seen_from(project, caller, revision, mainline)?;
        let message = commit.message.trim_end();
        Ok(Graft {
            commit: id,
            base: tree_of(project, parent)?,
            theirs: Some(commit.tree),
            message: format!("{message}\n\nPicked from commit {id}."),
            author: commit.author,
            generations: commit.generations,
        })
    });
    let grafts = grafts.collect::<Result<Vec<_>>>()?;
    transplant(project, caller, grafts, None, false, own)
}

/// The commit, and the parent from which what it changed is seen; none for a first commit.
fn seen_from(
    project: &Project,
    caller: &Caller<'_>,
    revision: &str,
    mainline: Option<usize>,
) -> Result<(CommitId, Commit, Option<CommitId>)> {
    let resolved = project.resolve(revision, caller.clock.now())?;
    if resolved.path.is_some() {
        return Err(HistoryError::BadRevision {
            text: revision.to_owned(),
            reason: "a whole commit is meant; `aiut restore --from` brings back single files"
                .to_owned(),
        }
        .into());
    }
    let commit = project.store().get::<Commit>(resolved.commit)?;
    let named = || resolved.commit.short();
    let parent = match (mainline, commit.parents.as_slice()) {
        (None, []) => None,
        (None, [parent]) => Some(*parent),
        (None, parents) => {
            return Err(RepositoryError::JoinsTimelines {
                commit: named(),
                parents: parents.iter().map(CommitId::short).collect(),
            });
        }
        (Some(number), parents) => {
            let parent = number.checked_sub(1).and_then(|index| parents.get(index));
            let count = parents.len();
            Some(*parent.ok_or_else(|| RepositoryError::NoSuchParent {
                commit: named(),
                number,
                count,
            })?)
        }
    };
    Ok((resolved.commit, commit, parent))
}

/// Makes the changes one after the other: on what the project stands on, or, as `moved` from the one
/// commit, on another. With `plan` only what would come of it is told.
pub(super) fn transplant(
    project: &Project,
    caller: &Caller<'_>,
    grafts: Vec<Graft>,
    moved: Option<(CommitId, CommitId)>,
    plan: bool,
    own: &dyn OwnFiles,
) -> Result<TransplantOutcome> {
    let mut transaction = project.transaction(caller)?;
    let before = HeadReport::of(&transaction.view);
    let Some(head) = before.commit else {
        return Err(HistoryError::Unborn(before.timeline.unwrap_or_default()).into());
    };
    if moved.is_some_and(|(from, _)| from != head) {
        let to = before.describe();
        return Err(RepositoryError::SwitchedMeanwhile { to });
    }
    let start = moved.map_or(head, |(_, onto)| onto);
    transaction.advance(start);
    let head_tree = tree_of(project, Some(head))?.expect("a commit was given");
    let start_tree = tree_of(project, Some(start))?.expect("a commit was given");
    let tracked = read_tree(project.store(), start_tree)?;
    let mut files = tracked.clone();
    let mut last = start_tree;
    let (mut made, mut idle) = (Vec::new(), Vec::new());
    let (mut conflicts, mut refused, mut takes) = (Vec::new(), Vec::new(), Vec::new());
    for graft in grafts {
        let old = files.clone();
        let changes = diff_trees(project.store(), graft.base, graft.theirs)?;
        let base = graft.base.map(|tree| read_tree(project.store(), tree));
        let base = base.transpose()?.unwrap_or_default();
        let followed = follow_renames(project, &base, changes, &mut files)?;
        let mut met = apply(project, &followed.changes, &mut files, own)?;
        followed.clash(project, &mut files, &mut met)?;
        let collision = |(path, reason)| Collision {
            path,
            commit: graft.commit,
            reason,
        };
        let collisions: Vec<_> = met.conflicts.into_iter().map(collision).collect();
        refused.extend(met.refused.into_iter().map(collision));
        takes.extend(met.takes);
        if files == old {
            idle.push(graft.commit);
            continue;
        }
        renew(project, &mut files, own)?;
        if !refused.is_empty() {
            continue;
        }
        let brought: BTreeSet<_> = files.values().filter_map(|entry| entry.made_by).collect();
        let known: BTreeSet<_> = old.values().filter_map(|entry| entry.made_by).collect();
        let generations = graft.generations.into_iter();
        let generations = generations.filter(|id| brought.contains(id) && !known.contains(id));
        let message = with_conflicts(graft.message, &collisions);
        let (store, batch) = (project.store(), transaction.batch());
        let tree = change_tree(store, batch, start_tree, &tracked, &files)?;
        last = tree;
        let now = caller.clock.now();
        let (author, generations) = (&graft.author, generations.collect());
        made.push(transaction.commit(tree, author, now, &message, generations)?);
        conflicts.extend(collisions);
    }
    let read = |ids: Vec<CommitId>| {
        let reports = ids.into_iter().map(|id| CommitReport::read(project, id));
        reports.collect::<Result<Vec<_>>>()
    };
    let mut outcome = TransplantOutcome {
        idle: read(idle)?,
        refused,
        takes,
        ..TransplantOutcome::nothing(before)
    };
    if !outcome.refused.is_empty() || (made.is_empty() && moved.is_none()) {
        return Ok(outcome);
    }
    let held = match start == head {
        true => tracked,
        false => read_tree(project.store(), head_tree)?,
    };
    let mut changes = Vec::new();
    if plan {
        // Edits in the folder are in nobody's way yet.
        outcome.changed = plan_checkout(&held, &files).into_keys().collect();
    } else {
        (changes, outcome.changed) = changes_of_folder(project, head_tree, &held, &files)?;
    }
    outcome.conflicts = still_open(conflicts, &files);
    outcome.head = HeadReport::of(&transaction.view);
    let made = made.into_iter();
    outcome.commits = made
        .filter_map(|id| CommitReport::made(&transaction, id))
        .collect();
    if !plan {
        transaction.leaves(last, files);
        transaction.publish(caller, changes, None)?;
    }
    Ok(outcome)
}

/// Of each file that is in conflict in the end, what came last.
fn still_open(collisions: Vec<Collision>, files: &FlatTree) -> Vec<Collision> {
    let mut open: BTreeMap<RepoPath, Collision> = BTreeMap::new();
    for collision in collisions {
        let entry = files.get(&collision.path);
        if entry.is_some_and(|entry| entry.conflict.is_some()) {
            open.insert(collision.path.clone(), collision);
        }
    }
    open.into_values().collect()
}

/// The message, with the files in conflict as a paragraph of its own, so that the log tells of them.
pub(super) fn with_conflicts(message: String, collisions: &[Collision]) -> String {
    if collisions.is_empty() {
        return message;
    }
    let mut message = message + "\n\nConflicts:";
    for collision in collisions {
        message.push_str("\n  ");
        message.push_str(collision.path.as_str());
    }
    message
}

/// What is to be done in the folder so that it holds `after` where it held `before`, whose tree is
/// that of the current commit, and the paths concerned.
///
/// # Errors
/// `Uncommitted` names files whose edits would be lost.
pub(super) fn changes_of_folder(
    project: &Project,
    tree: TreeId,
    before: &FlatTree,
    after: &FlatTree,
) -> Result<(Vec<Change>, Vec<RepoPath>)> {
    let steps = plan_checkout(before, after);
    let paths = steps.keys().cloned().collect();
    let survey = Survey::of_paths(project, Some(tree), &paths)?;
    let plan = plan_changes(&survey, &steps)?;
    if !plan.edited.is_empty() {
        return Err(RepositoryError::Uncommitted(plan.edited_paths()));
    }
    Ok((plan.changes, paths.into_iter().collect()))
}

/// What did not fit: each path, and why.
#[derive(Default)]
pub(super) struct Met {
    /// Kept with the file.
    pub(super) conflicts: Vec<(RepoPath, String)>,
    /// Not to be kept.
    pub(super) refused: Vec<(RepoPath, String)>,
    /// Files of which the other side has another take.
    pub(super) takes: Vec<RepoPath>,
}

/// Joins changes into `files`, conflicts included.
///
/// # Errors
/// What the store says.
pub(super) fn apply(
    project: &Project,
    changes: &[TreeChange],
    files: &mut FlatTree,
    own: &dyn OwnFiles,
) -> Result<Met> {
    let mut met = Met::default();
    for change in changes {
        let path = &change.path;
        match join(project, change, files.get(path), own.is_own(path))? {
            Joined::Whole(Some(entry)) => {
                let old = files.insert(path.clone(), entry);
                let known = old.and_then(|old| old.conflict);
                // A conflict that the other side never settled comes along.
                if let Some(id) = entry.conflict.filter(|id| known != Some(*id)) {
                    let conflict = project.store().get::<Conflict>(id)?;
                    met.conflicts.push((path.clone(), why(&conflict)));
                }
            }
            Joined::Whole(None) => drop(files.remove(path)),
            Joined::Take(entry) => {
                files.insert(path.clone(), entry);
                met.takes.push(path.clone());
            }
            Joined::Collides(entry, conflict) => {
                met.conflicts.push((path.clone(), why(&conflict)));
                // A later change of the same command may have to read it.
                let conflict = Some(project.store().put(&*conflict)?);
                files.insert(path.clone(), FileEntry { conflict, ..entry });
            }
            Joined::Refused(reason) => met.refused.push((path.clone(), reason)),
        }
    }
    for change in changes {
        let path = &change.path;
        if files.contains_key(path) && stands_in_the_way(files, path) {
            let reason = "a file stands here where the other side has a folder".to_owned();
            met.conflicts.retain(|(known, _)| known != path);
            met.refused.push((path.clone(), reason));
        }
    }
    Ok(met)
}

/// Whether a folder on the way to `path` is a file.
fn stands_in_the_way(files: &FlatTree, path: &RepoPath) -> bool {
    let mut folder = path.parent();
    while let Some(above) = folder {
        if files.contains_key(&above) {
            return true;
        }
        folder = above.parent();
    }
    let inside = format!("{path}/");
    files
        .range::<str, _>((Bound::Included(inside.as_str()), Bound::Unbounded))
        .next()
        .is_some_and(|(next, _)| next.as_str().starts_with(&inside))
}

/// Brings the files that aiut keeps itself up to date.
pub(super) fn renew(project: &Project, files: &mut FlatTree, own: &dyn OwnFiles) -> Result<()> {
    for (path, bytes) in own.renewed(files)? {
        let stored = project.store().put_file_bytes(&bytes)?;
        let content = Content {
            id: stored.id,
            size: stored.size,
            exec: files.get(&path).is_some_and(|old| old.exec),
        };
        files.insert(path, FileEntry::plain(content));
    }
    Ok(())
}
