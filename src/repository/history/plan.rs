//! Which files a checkout changes, and what stands in its way.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::{FlatTree, HistoryError, Result, Survey};
use crate::object::{RepoPath, fold_name};
use crate::worktree::{Change, Content, Found, Unlisted, twin_of};

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
    let content = |tree: &FlatTree, path| tree.get(path).map(super::FileEntry::content);
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
/// is gone and shall be, and what stands where one shall be gone and is no file of the project.
///
/// # Errors
/// `Unreadable` when what a path holds cannot be known; `InTheWay` when something stands there that
/// is neither nothing nor a file.
pub fn plan_changes(survey: &Survey, steps: &Steps) -> Result<CheckoutPlan> {
    let mut plan = CheckoutPlan::default();
    let mut removed_in_the_way = BTreeSet::new();
    let (mut barred, mut unreadable) = (BTreeSet::new(), BTreeSet::new());
    for (path, step) in steps {
        match survey.scan.found(path) {
            Found::Unreadable(hidden) => drop(unreadable.insert(hidden)),
            Found::Barred(other) if step.to.is_some() => drop(barred.insert(other)),
            _ => {}
        }
        let now = survey.content(path);
        // What is not here on purpose stays away; what is there already stays, too.
        let to = step
            .to
            .filter(|content| now == Some(*content) || !survey.is_left_out(content.id));
        if now == to {
            continue;
        }
        if let Some(content) = now.filter(|_| now != step.from) {
            plan.edited.push((path.clone(), content));
        }
        let seen = survey.seen(path);
        plan.changes.push(Change {
            path: path.clone(),
            before: now,
            after: to,
            seen,
        });
        if to.is_some() {
            barred.extend(survey.scan.kept_within(path));
            removed_in_the_way.extend(in_the_way(survey, path));
        }
    }
    if !unreadable.is_empty() {
        let named = unreadable.into_iter();
        let named = named.map(|hidden| (hidden.path.clone(), hidden.reason.clone()));
        return Err(HistoryError::Unreadable(named.collect()));
    }
    if !barred.is_empty() {
        let named = barred.into_iter().cloned().collect();
        return Err(HistoryError::InTheWay(named));
    }
    for path in removed_in_the_way {
        // What the steps remove themselves gives way by itself.
        if steps.get(&path).is_some_and(|step| step.to.is_none()) {
            continue;
        }
        let Some(content) = survey.content(&path) else {
            let reason = "what it holds is not known".to_owned();
            let path = path.to_string();
            return Err(HistoryError::InTheWay(vec![Unlisted { path, reason }]));
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
    let twins = twins(&plan);
    if !twins.is_empty() {
        return Err(HistoryError::InTheWay(twins));
    }
    Ok(plan)
}

/// Edited files that cannot be stored beside another file that goes, as no tree holds both names.
fn twins(plan: &CheckoutPlan) -> Vec<Unlisted> {
    if plan.edited.is_empty() {
        return Vec::new();
    }
    let edited: BTreeSet<&RepoPath> = plan.edited.iter().map(|(path, _)| path).collect();
    let goes = plan.changes.iter().filter(|change| change.before.is_some());
    let (first, then): (Vec<_>, Vec<_>) = goes
        .map(|change| &change.path)
        .partition(|path| !edited.contains(path));
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut twins = Vec::new();
    for path in first.into_iter().chain(then) {
        let path = path.as_str();
        let ends = path.match_indices('/').map(|(at, _)| at);
        for prefix in ends.chain([path.len()]).map(|end| &path[..end]) {
            let holder = *taken.entry(fold_name(prefix)).or_insert(prefix);
            if holder != prefix {
                let path = path.to_owned();
                let reason = twin_of(holder);
                twins.push(Unlisted { path, reason });
                break;
            }
        }
    }
    twins
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
