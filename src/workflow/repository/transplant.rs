//! `aiut revert` and `aiut cherry-pick`: what one commit changed, done or undone elsewhere.
//!
//! ```text
//! revert       base = the commit       theirs = its parent
//! cherry-pick  base = its parent       theirs = the commit      ours = the current timeline
//! ```
//! Each path that differs between base and theirs is joined with ours. The whole comes off, or
//! nothing happens: with one conflict no file, no ref and no commit is touched.

use std::collections::BTreeSet;
use std::ops::Bound;

use serde::Serialize;

use super::report::{subject, tree_of};
use super::{CommitReport, HeadReport, OwnFiles, RepositoryError, Result};
use crate::history::{
    Caller, Entry, FlatTree, HistoryError, Project, Survey, TreeChange, diff_trees, plan_changes,
    plan_checkout, read_tree, write_tree,
};
use crate::merge::{LIMIT_BYTES, merge_file, pick};
use crate::object::{Commit, CommitId, GenerationId, Person, RepoPath, TreeId};
use crate::worktree::Content;

/// A path that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
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
    /// What stands in the way. If there is anything, nothing was done.
    pub conflicts: Vec<Conflict>,
}

/// A change to be made on the current timeline.
struct Graft {
    commit: CommitId,
    base: Option<TreeId>,
    theirs: Option<TreeId>,
    author: Person,
    message: String,
    /// Runs that come along with the files that they made.
    generations: Vec<GenerationId>,
}

/// Takes back what a commit changed, in a new commit on the current timeline. `message` replaces
/// the usual one. Files get their former content and origin. What a merge changed is seen from its
/// parent of the number `mainline`, from 1 on.
///
/// # Errors
/// `JoinsTimelines` for a merge without one, `NoSuchParent`, `Uncommitted`; as [`Project::resolve`]. Conflicts are in the outcome.
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
    transplant(project, caller, vec![graft], own)
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
    transplant(project, caller, grafts, own)
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

fn transplant(
    project: &Project,
    caller: &Caller<'_>,
    grafts: Vec<Graft>,
    own: &dyn OwnFiles,
) -> Result<TransplantOutcome> {
    let mut transaction = project.transaction(caller)?;
    let before = HeadReport::of(&transaction.view);
    let Some(head) = before.commit else {
        return Err(HistoryError::Unborn(before.timeline.unwrap_or_default()).into());
    };
    let head_tree = tree_of(project, Some(head))?.expect("a commit was given");
    let tracked = read_tree(project.store(), head_tree)?;
    let mut files = tracked.clone();
    let (mut made, mut idle, mut conflicts) = (Vec::new(), Vec::new(), Vec::new());
    for graft in grafts {
        let old = files.clone();
        let changes = diff_trees(project.store(), graft.base, graft.theirs)?;
        let refused = apply(project, &changes, &mut files, own)?;
        let named = refused.into_iter().map(|(path, reason)| Conflict {
            path,
            commit: graft.commit,
            reason,
        });
        conflicts.extend(named);
        if files == old {
            idle.push(graft.commit);
            continue;
        }
        renew(project, &mut files, own)?;
        if !conflicts.is_empty() {
            continue;
        }
        let brought: BTreeSet<_> = files.values().filter_map(|entry| entry.made_by).collect();
        let known: BTreeSet<_> = old.values().filter_map(|entry| entry.made_by).collect();
        let generations = graft.generations.into_iter();
        let generations = generations.filter(|id| brought.contains(id) && !known.contains(id));
        let tree = write_tree(transaction.batch(), &files)?;
        let now = caller.clock.now();
        let (author, message) = (&graft.author, &graft.message);
        made.push(transaction.commit(tree, author, now, message, generations.collect())?);
    }
    let read = |ids: Vec<CommitId>| {
        let reports = ids.into_iter().map(|id| CommitReport::read(project, id));
        reports.collect::<Result<Vec<_>>>()
    };
    let mut outcome = TransplantOutcome {
        commits: Vec::new(),
        idle: read(idle)?,
        head: before,
        changed: Vec::new(),
        conflicts,
    };
    if !outcome.conflicts.is_empty() || made.is_empty() {
        return Ok(outcome);
    }
    let steps = plan_checkout(&tracked, &files);
    let paths = steps.keys().cloned().collect();
    let survey = Survey::of_paths(project, Some(head_tree), &paths)?;
    let plan = plan_changes(&survey, &steps)?;
    if !plan.edited.is_empty() {
        return Err(RepositoryError::Uncommitted(plan.edited_paths()));
    }
    outcome.changed = steps.into_keys().collect();
    outcome.head = HeadReport::of(&transaction.view);
    let made = made.into_iter();
    outcome.commits = made
        .filter_map(|id| CommitReport::made(&transaction, id))
        .collect();
    transaction.publish(caller, plan.changes, None)?;
    Ok(outcome)
}

/// Joins changes into `files`. Returns the paths where that is not possible, and why.
fn apply(
    project: &Project,
    changes: &[TreeChange],
    files: &mut FlatTree,
    own: &dyn OwnFiles,
) -> Result<Vec<(RepoPath, String)>> {
    let mut refused = Vec::new();
    for change in changes {
        let path = &change.path;
        match join(project, change, files.get(path), own.is_own(path))? {
            Ok(Some(entry)) => drop(files.insert(path.clone(), entry)),
            Ok(None) => drop(files.remove(path)),
            Err(reason) => refused.push((path.clone(), reason)),
        }
    }
    for change in changes {
        let path = &change.path;
        if files.contains_key(path) && stands_in_the_way(files, path) {
            let reason = "a file stands here where the other side has a folder".to_owned();
            refused.push((path.clone(), reason));
        }
    }
    Ok(refused)
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

/// What a path is to hold; the inner error is why there is no answer.
type Joined = Result<Option<Entry>, String>;

fn join(
    project: &Project,
    change: &TreeChange,
    ours: Option<&Entry>,
    is_own: bool,
) -> Result<Joined> {
    let ours = ours.copied();
    let (base, theirs) = (change.before, change.after);
    if ours == base || ours == theirs {
        return Ok(Ok(theirs));
    }
    if is_own {
        return Ok(Ok(ours));
    }
    let (Some(base), Some(ours), Some(theirs)) = (base, ours, theirs) else {
        return Ok(without_one_side(base, ours, theirs));
    };
    let Some(made_by) = pick(base.made_by, ours.made_by, theirs.made_by) else {
        let reason = "it was generated anew here since";
        return Ok(Err(reason.to_owned()));
    };
    let Some(accepted) = pick(base.accepted, ours.accepted, theirs.accepted) else {
        let reason = "it was accepted differently here since";
        return Ok(Err(reason.to_owned()));
    };
    let exec = pick(base.exec, ours.exec, theirs.exec).unwrap_or(ours.exec);
    let entry = |id, size| Entry {
        made_by,
        accepted,
        ..Entry::plain(Content { id, size, exec })
    };
    if let Some((id, size)) = pick(
        (base.id, base.size),
        (ours.id, ours.size),
        (theirs.id, theirs.size),
    ) {
        return Ok(Ok(Some(entry(id, size))));
    }
    if [base, ours, theirs]
        .iter()
        .any(|side| side.size > LIMIT_BYTES)
    {
        return Ok(Err("both versions differ from the one before".to_owned()));
    }
    let store = project.store();
    let read = |side: &Entry| store.read_file(side.id, LIMIT_BYTES);
    let (base, ours, theirs) = (read(&base)?, read(&ours)?, read(&theirs)?);
    match merge_file(change.path.as_str(), &base, &ours, &theirs) {
        Ok(bytes) => {
            let stored = store.put_file_bytes(&bytes)?;
            Ok(Ok(Some(entry(stored.id, stored.size))))
        }
        Err(reason) => Ok(Err(reason)),
    }
}

/// A path that at least one of three versions has not.
fn without_one_side(base: Option<Entry>, ours: Option<Entry>, theirs: Option<Entry>) -> Joined {
    let content = |side: Option<Entry>| side.map(|entry| entry.content());
    match (base, ours, theirs) {
        // The bytes are what they should be; whatever else is said of them here stays.
        _ if content(ours) == content(theirs) => Ok(ours),
        // Only its origin differs from what is to go.
        (Some(_), Some(_), None) if content(base) == content(ours) => Ok(None),
        (Some(_), None, _) => Err("it was deleted here since, or has another name".to_owned()),
        (None, Some(_), _) => Err("another file of this name is here".to_owned()),
        _ => Err("it was changed here since and would have to go".to_owned()),
    }
}

/// Brings the files that aiut keeps itself up to date.
fn renew(project: &Project, files: &mut FlatTree, own: &dyn OwnFiles) -> Result<()> {
    for (path, bytes) in own.renewed(files)? {
        let stored = project.store().put_file_bytes(&bytes)?;
        let content = Content {
            id: stored.id,
            size: stored.size,
            exec: files.get(&path).is_some_and(|old| old.exec),
        };
        files.insert(path, Entry::plain(content));
    }
    Ok(())
}
