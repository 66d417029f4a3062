//! `aiut restore`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::report::head_tree;
use super::{RepositoryError, Result, Scope};
use crate::history::{
    Caller, Ends, FileEntry, FlatTree, HistoryError, Project, Step, Steps, Survey, entry_at, log,
    plan_changes, read_tree,
};
use crate::object::{Commit, RepoPath};
use crate::store::Position;
use crate::worktree::is_within;

/// What restoring did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestoreOutcome {
    /// Files that were given back what they held, or removed.
    pub restored: Vec<RepoPath>,
    /// Of these, the ones whose uncommitted content was stored first.
    pub overwritten: Vec<RepoPath>,
    /// Files that were not named and gave way, stored first: one that stood where a named path
    /// needs its folder, or that lay in a folder where a named file is to stand.
    pub gave_way: Vec<RepoPath>,
}

/// Gives the named files what they hold in a revision; none is HEAD. A file that HEAD has and the
/// revision has not is removed; files that were never committed stay, but where a named one needs
/// their place. What is overwritten or gives way is stored, so that undo brings it back.
///
/// # Errors
/// `Gone`, `NotKept`, or `NoSuchPath` with a suggestion; as [`Project::resolve`].
pub fn restore(
    project: &Project,
    caller: &Caller<'_>,
    scope: &Scope,
    from: Option<&str>,
) -> Result<RestoreOutcome> {
    let transaction = project.transaction(caller)?;
    let head = head_tree(project, &transaction.view)?;
    let (source, place) = match from {
        Some(text) => {
            let resolved = project.resolve(text, caller.clock.now())?;
            if resolved.path.is_some() {
                let (text, reason) = (text.to_owned(), "name the path beside it".to_owned());
                return Err(HistoryError::BadRevision { text, reason }.into());
            }
            (
                Some(resolved.tree),
                format!("commit {}", resolved.commit.short()),
            )
        }
        None => (head, "the last commit".to_owned()),
    };
    let flat = |tree: Option<_>| -> Result<FlatTree> {
        Ok(tree
            .map(|tree| read_tree(project.store(), tree))
            .transpose()?
            .unwrap_or_default())
    };
    let (source, tracked) = (flat(source)?, flat(head)?);
    let known: BTreeSet<&RepoPath> = source.keys().chain(tracked.keys()).collect();
    scope.check_kept(project, known.iter().copied())?;
    if from.is_none() {
        check_gone(project, &transaction.view, scope, &tracked)?;
    }
    scope.check(known.iter().copied(), &place)?;
    let steps: Steps = known
        .into_iter()
        .filter(|path| scope.contains(path))
        .map(|path| {
            let content = |tree: &FlatTree| tree.get(path).map(FileEntry::content);
            (
                path.clone(),
                Step {
                    from: content(&tracked),
                    to: content(&source),
                },
            )
        })
        .collect();
    if steps.is_empty() {
        return Err(RepositoryError::NoPath);
    }
    let survey = Survey::of_paths(project, head, &steps.keys().cloned().collect())?;
    let plan = plan_changes(&survey, &steps)?;
    let (overwritten, gave_way) = plan
        .edited_paths()
        .into_iter()
        .partition(|path| steps.contains_key(path));
    let changed = plan.changes.iter().map(|change| &change.path);
    let restored = changed.filter(|path| steps.contains_key(*path));
    let restored = restored.cloned().collect();
    if !plan.changes.is_empty() {
        transaction.publish(caller, plan.changes, None)?;
    }
    Ok(RestoreOutcome {
        restored,
        overwritten,
        gave_way,
    })
}

/// Refuses a path that the last commit has not and an earlier one had, naming that one.
fn check_gone(project: &Project, view: &Position, scope: &Scope, tracked: &FlatTree) -> Result<()> {
    let Some(head) = view.head_commit() else {
        return Ok(());
    };
    let store = project.store();
    for path in scope.paths() {
        if tracked
            .keys()
            .any(|known| is_within(known.as_str(), path.as_str()))
        {
            continue;
        }
        let last = log(store, &[head], std::slice::from_ref(path), 1)?.pop();
        let ends = Ends::of(store)?;
        let parents = last.iter().flat_map(|last| ends.parents(&last.commit));
        for parent in parents {
            let tree = store.get::<Commit>(parent)?.tree;
            if entry_at(store, tree, path)?.is_some() {
                return Err(RepositoryError::Gone {
                    path: path.to_string(),
                    commit: parent.short(),
                });
            }
        }
    }
    Ok(())
}
