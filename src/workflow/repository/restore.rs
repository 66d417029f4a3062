//! `aiut restore`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::report::head_tree;
use super::{RepositoryError, Result, Scope};
use crate::history::{
    Caller, Entry, FlatTree, HistoryError, Project, Step, Steps, Survey, plan_changes, read_tree,
};
use crate::object::RepoPath;

/// What restoring did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestoreOutcome {
    /// Files that were given back what they held, or removed.
    pub restored: Vec<RepoPath>,
    /// Of these, the ones whose uncommitted content was stored first.
    pub overwritten: Vec<RepoPath>,
}

/// Gives the named files what they hold in a revision; none is HEAD. A file that HEAD has and the
/// revision has not is removed; files that were never committed stay. What is overwritten is
/// stored, so that undo brings it back.
///
/// # Errors
/// `NoSuchPath` with a suggestion; as [`Project::resolve`].
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
    scope.check(known.iter().copied(), &place)?;
    let steps: Steps = known
        .into_iter()
        .filter(|path| scope.contains(path))
        .map(|path| {
            let content = |tree: &FlatTree| tree.get(path).map(Entry::content);
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
    let overwritten = plan.edited_paths();
    let beyond: Vec<_> = overwritten
        .iter()
        .filter(|path| !steps.contains_key(*path))
        .cloned()
        .collect();
    if !beyond.is_empty() {
        return Err(HistoryError::WouldOverwrite(beyond).into());
    }
    let restored = plan
        .changes
        .iter()
        .map(|change| change.path.clone())
        .collect();
    if !plan.changes.is_empty() {
        transaction.publish(caller, plan.changes, None)?;
    }
    Ok(RestoreOutcome {
        restored,
        overwritten,
    })
}
