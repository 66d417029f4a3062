//! Commits of what a run made, and of decisions about it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::commit::with_edits;
use super::report::head_tree;
use super::{CommitReport, HeadReport, RepositoryError, Result};
use crate::history::{
    Caller, FileEntry, HistoryError, Project, Step, Steps, Survey, edit_tree, plan_changes,
    read_tree,
};
use crate::object::{AcceptanceId, FileId, GenerationId, Head, Person, RepoPath};
use crate::worktree::{Content, WorkTreeError};

/// How often the folder is looked at again when a file changes at the very moment of writing.
const ATTEMPTS: usize = 3;

/// A file that a run made, or that it found superfluous.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedEntry {
    /// Where.
    pub path: RepoPath,
    /// What the file in the folder held when the run was planned; none if there was no file.
    pub planned: Option<FileId>,
    /// What it is to hold, stored already; none to remove it.
    pub id: Option<FileId>,
    /// The run that made it.
    pub made_by: Option<GenerationId>,
}

/// What a run brings in.
#[derive(Clone)]
pub struct GeneratedRequest<'r> {
    /// Who started it.
    pub author: &'r Person,
    /// Why, of the files that are in the commit: those that others changed meanwhile are not.
    pub message: &'r dyn Fn(&BTreeSet<&RepoPath>) -> String,
    /// What the project stood on when the run was planned.
    pub head: &'r Head,
    /// Its files.
    pub entries: &'r [GeneratedEntry],
}

/// A file that was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptEdit {
    /// Which.
    pub path: RepoPath,
    /// Why.
    pub reason: String,
}

/// What became of a run's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GeneratedOutcome {
    /// The commit; none when nothing in it would have been new.
    pub commit: Option<CommitReport>,
    /// Files that were committed as the run made them.
    pub written: Vec<RepoPath>,
    /// Files that were edited during the run, and so were not touched.
    pub kept: Vec<KeptEdit>,
}

/// Puts the files of a run into the folder and commits them, in one operation. A file that no
/// longer holds what it held when the run was planned is left alone and reported.
///
/// # Errors
/// `SwitchedMeanwhile` when the project stands on something else by now: nothing is written then.
pub fn commit_generated(
    project: &Project,
    caller: &Caller<'_>,
    request: &GeneratedRequest<'_>,
) -> Result<GeneratedOutcome> {
    let mut raced: BTreeSet<RepoPath> = BTreeSet::new();
    for _ in 1..ATTEMPTS {
        match attempt(project, caller, request, &raced) {
            Err(RepositoryError::History(HistoryError::WorkTree(
                WorkTreeError::ChangedMeanwhile { path } | WorkTreeError::InTheWay { path, .. },
            ))) => drop(raced.insert(path)),
            done => return done,
        }
    }
    attempt(project, caller, request, &raced)
}

fn attempt(
    project: &Project,
    caller: &Caller<'_>,
    request: &GeneratedRequest<'_>,
    raced: &BTreeSet<RepoPath>,
) -> Result<GeneratedOutcome> {
    let mut transaction = project.transaction(caller)?;
    if transaction.view.head() != request.head {
        let to = HeadReport::of(&transaction.view).describe();
        return Err(RepositoryError::SwitchedMeanwhile { to });
    }
    let base = head_tree(project, &transaction.view)?;
    let paths = request
        .entries
        .iter()
        .map(|entry| entry.path.clone())
        .collect();
    let survey = Survey::of_paths(project, base, &paths)?;
    if let Some(hidden) = survey.scan.broken_off() {
        let hidden = (hidden.path.clone(), hidden.reason.clone());
        return Err(HistoryError::Unreadable(vec![hidden]).into());
    }

    let mut steps = Steps::new();
    let mut edits: BTreeMap<RepoPath, Option<FileEntry>> = BTreeMap::new();
    let mut kept = Vec::new();
    for entry in request.entries {
        let path = &entry.path;
        let now = survey.content(path);
        let held = now.map(|content| content.id);
        let to = match entry.id {
            Some(id) => {
                let exec = now.is_some_and(|content| content.exec);
                Some(Content {
                    id,
                    size: project.store().file_size(id)?,
                    exec,
                })
            }
            None => None,
        };
        let alone = BTreeMap::from([(path.clone(), Step { from: now, to })]);
        let reason = if raced.contains(path) || (held != entry.planned && held != entry.id) {
            Some("it was edited during the run")
        } else if survey.scan.is_unreadable(path) {
            Some("it cannot be read")
        } else {
            match plan_changes(&survey, &alone) {
                Ok(plan) if plan.edited.is_empty() => None,
                Ok(_) | Err(HistoryError::InTheWay(_)) => {
                    Some("another file or folder stands in its way")
                }
                Err(error) => return Err(error.into()),
            }
        };
        if let Some(reason) = reason {
            kept.push(KeptEdit {
                path: path.clone(),
                reason: reason.to_owned(),
            });
            continue;
        }
        let made_by = entry.made_by;
        edits.insert(
            path.clone(),
            to.map(|to| FileEntry {
                made_by,
                ..FileEntry::plain(to)
            }),
        );
        steps.extend(alone);
    }
    edits.retain(|path, entry| survey.tracked.get(path) != entry.as_ref());
    let written = steps.keys().cloned().collect();
    let changes = plan_changes(&survey, &steps)?.changes;
    let mut outcome = GeneratedOutcome {
        commit: None,
        written,
        kept,
    };
    if edits.is_empty() && changes.is_empty() {
        return Ok(outcome);
    }
    let mut id = None;
    if !edits.is_empty() {
        let tree = edit_tree(project.store(), transaction.batch(), base, &edits)?;
        let message = (request.message)(&edits.keys().collect());
        // A take that lies at no path of it is not brought in by it.
        let generations = edits.values().filter_map(|entry| entry.as_ref()?.made_by);
        let generations: BTreeSet<GenerationId> = generations.collect();
        let generations = generations.into_iter().collect();
        let (author, now) = (request.author, caller.clock.now());
        id = Some(transaction.commit(tree, author, now, &message, generations)?);
        transaction.leaves(tree, with_edits(&survey.tracked, &edits));
    }
    outcome.commit = id.and_then(|id| CommitReport::made(&transaction, id));
    transaction.publish(caller, changes, None)?;
    Ok(outcome)
}

/// Commits decisions to keep stale files (`None` takes one back). No file changes.
///
/// # Errors
/// `NoSuchPath` for a file that is not committed; `EmptyMessage`.
pub fn commit_acceptances(
    project: &Project,
    caller: &Caller<'_>,
    author: &Person,
    message: &str,
    decisions: &BTreeMap<RepoPath, Option<AcceptanceId>>,
) -> Result<Option<CommitReport>> {
    let mut transaction = project.transaction(caller)?;
    let base = head_tree(project, &transaction.view)?;
    let tracked = base
        .map(|tree| read_tree(project.store(), tree))
        .transpose()?;
    let tracked = tracked.unwrap_or_default();
    let mut edits = BTreeMap::new();
    for (path, accepted) in decisions {
        let old = tracked.get(path).ok_or_else(|| HistoryError::NoSuchPath {
            path: path.to_string(),
            place: "the last commit".to_owned(),
            nearest: crate::history::nearest(path.as_str(), tracked.keys().map(RepoPath::as_str)),
        })?;
        if old.accepted != *accepted {
            edits.insert(
                path.clone(),
                Some(FileEntry {
                    accepted: *accepted,
                    ..*old
                }),
            );
        }
    }
    if edits.is_empty() {
        return Ok(None);
    }
    let tree = edit_tree(project.store(), transaction.batch(), base, &edits)?;
    let id = transaction.commit(tree, author, caller.clock.now(), message, Vec::new())?;
    let made = CommitReport::made(&transaction, id);
    transaction.leaves(tree, with_edits(&tracked, &edits));
    transaction.publish(caller, Vec::new(), None)?;
    Ok(made)
}
