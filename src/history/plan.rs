//! Which files a checkout changes, and what stands in its way.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::{FlatTree, HistoryError, Result, Survey};
use crate::object::RepoPath;
use crate::worktree::{Change, Content};

/// One path's planned step: what is expected there, and what shall be; `None` is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What the path holds unless it was edited.
    pub from: Option<Content>,
    /// What it is to hold.
    pub to: Option<Content>,
}

/// Steps by path.
pub type Steps = BTreeMap<RepoPath, Step>;

/// What a checkout would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckoutPlan {
    /// The changes to make.
    pub changes: Vec<Change>,
    /// Files that hold something else than expected, and what. To be overwritten only when asked
    /// for, and after their content was stored.
    pub edited: Vec<(RepoPath, Content)>,
}

impl CheckoutPlan {
    /// The paths of [`Self::edited`].
    #[must_use]
    pub fn edited_paths(&self) -> Vec<RepoPath> {
        self.edited.iter().map(|(path, _)| path.clone()).collect()
    }
}

/// The steps from one tree to another.
#[must_use]
pub fn plan_checkout(from: &FlatTree, to: &FlatTree) -> Steps {
    let content = |tree: &FlatTree, path| tree.get(path).map(super::Entry::content);
    let paths: BTreeSet<&RepoPath> = from.keys().chain(to.keys()).collect();
    let steps = paths.into_iter().map(|path| {
        let step = Step {
            from: content(from, path),
            to: content(to, path),
        };
        (path.clone(), step)
    });
    steps.filter(|(_, step)| step.from != step.to).collect()
}

/// What taking these steps would change in the surveyed folder, where [`Survey::of_paths`] looked
/// at their paths. A path that already holds what it is to hold is left alone; so is a file that
/// is gone and shall be.
///
/// # Errors
/// `Unreadable` when what a path holds cannot be known.
pub fn plan_changes(survey: &Survey, steps: &Steps) -> Result<CheckoutPlan> {
    let mut plan = CheckoutPlan::default();
    let mut removed_in_the_way = BTreeSet::new();
    for (path, step) in steps {
        if survey.scan.is_unreadable(path) {
            let hidden = survey.scan.unreadable.iter();
            let named = hidden.map(|hidden| (hidden.path.clone(), hidden.reason.clone()));
            return Err(HistoryError::Unreadable(named.collect()));
        }
        let now = survey.content(path);
        if now == step.to {
            continue;
        }
        if let Some(content) = now.filter(|_| now != step.from) {
            plan.edited.push((path.clone(), content));
        }
        let seen = survey.seen(path);
        plan.changes.push(Change {
            path: path.clone(),
            before: now,
            after: step.to,
            seen,
        });
        if step.to.is_some() {
            removed_in_the_way.extend(in_the_way(survey, path));
        }
    }
    for path in removed_in_the_way {
        // What the steps remove themselves gives way by itself.
        if steps.get(&path).is_some_and(|step| step.to.is_none()) {
            continue;
        }
        let Some(content) = survey.content(&path) else {
            continue;
        };
        plan.edited.push((path.clone(), content));
        let seen = survey.seen(&path);
        plan.changes.push(Change {
            path,
            before: Some(content),
            after: None,
            seen,
        });
    }
    Ok(plan)
}

/// Files that stand where `path` needs a folder, or lie in a folder where it needs a file.
fn in_the_way(survey: &Survey, path: &RepoPath) -> Vec<RepoPath> {
    let files = &survey.scan.files;
    let mut found = Vec::new();
    let mut parent = path.parent();
    while let Some(folder) = parent {
        found.extend(files.contains_key(&folder).then(|| folder.clone()));
        parent = folder.parent();
    }
    let below = format!("{path}/");
    let after = (Bound::Excluded(below.as_str()), Bound::Unbounded);
    let inside = files.range::<str, _>(after).map(|(path, _)| path);
    found.extend(
        inside
            .take_while(|path| path.as_str().starts_with(&below))
            .cloned(),
    );
    found
}
