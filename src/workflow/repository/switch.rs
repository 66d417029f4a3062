//! `aiut switch`.

use serde::Serialize;

use super::report::tree_of;
use super::{HeadReport, RepositoryError, Result};
use crate::history::{
    Caller, FlatTree, HistoryError, Project, RefKind, Steps, Survey, check_new_ref, nearest_name,
    plan_changes, plan_checkout, read_tree,
};
use crate::object::{CommitId, Head, RepoPath};
use crate::store::Position;
use crate::worktree::Change;

/// Where to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwitchTarget<'t> {
    /// A timeline there is; `-` or `@{-2}` for what the project stood on before.
    Timeline(&'t str),
    /// A new timeline, on `start`; none is HEAD.
    New {
        /// Its name.
        name: &'t str,
        /// Where it begins.
        start: Option<&'t str>,
    },
    /// A commit, on no timeline.
    Detached(&'t str),
}

/// What switching did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SwitchOutcome {
    /// Where the project stood.
    pub from: HeadReport,
    /// Where it stands.
    pub to: HeadReport,
    /// Whether the timeline is new.
    pub created: bool,
    /// Files that were changed.
    pub changed: Vec<RepoPath>,
    /// Of these, the ones whose uncommitted content was stored and overwritten.
    pub discarded: Vec<RepoPath>,
}

/// Goes to another timeline or commit. Uncommitted changes to files that are the same on both
/// sides are carried over; others stop it, unless `discard` is given: they are stored then, and
/// undo brings them back.
///
/// # Errors
/// `WouldOverwrite` names the files; `UnknownRef`, `NotATimeline`, or as [`Project::resolve`].
pub fn switch(
    project: &Project,
    caller: &Caller<'_>,
    target: SwitchTarget<'_>,
    discard: bool,
) -> Result<SwitchOutcome> {
    let mut transaction = project.transaction(caller)?;
    let store = project.store();
    let from = HeadReport::of(&transaction.view);
    let before = transaction.view.clone();
    let to = match target {
        SwitchTarget::Timeline(name) => match project.stood_before(name)? {
            Some(head) => {
                transaction.view.stand_on(store, head)?;
                transaction.view.head_commit()
            }
            None => {
                let to = timeline(project, caller, &before, name)?;
                let head = Head::Timeline(name.to_owned());
                transaction.view.stand_on(store, head)?;
                to
            }
        },
        SwitchTarget::New { name, start } => {
            let to = match start {
                Some(start) => Some(project.resolve(start, caller.clock.now())?.commit),
                None => from.commit,
            };
            let full = check_new_ref(&before.refs(store)?, RefKind::Timeline, name)?;
            if to.is_some() {
                transaction.set_ref(&full, None, to)?;
            }
            let head = Head::Timeline(name.to_owned());
            transaction.view.stand_on(store, head)?;
            to
        }
        SwitchTarget::Detached(revision) => {
            let commit = project.resolve(revision, caller.clock.now())?.commit;
            transaction.view.stand_on(store, Head::Detached(commit))?;
            Some(commit)
        }
    };
    let (changes, discarded) = go(project, from.commit, to, discard)?;
    let mut outcome = SwitchOutcome {
        from,
        to: HeadReport::of(&transaction.view),
        created: matches!(target, SwitchTarget::New { .. }),
        changed: changes.iter().map(|change| change.path.clone()).collect(),
        discarded,
    };
    outcome.changed.sort();
    if transaction.view != before || !changes.is_empty() {
        transaction.publish(caller, changes, None)?;
    }
    Ok(outcome)
}

/// The file changes that lead from one commit's tree to another's, and the uncommitted files that
/// they overwrite, which only `discard` allows.
pub(in crate::workflow) fn go(
    project: &Project,
    from: Option<CommitId>,
    to: Option<CommitId>,
    discard: bool,
) -> Result<(Vec<Change>, Vec<RepoPath>)> {
    if from == to && !discard {
        return Ok((Vec::new(), Vec::new()));
    }
    let flat = |commit| -> Result<FlatTree> {
        let tree = tree_of(project, commit)?;
        Ok(tree
            .map(|tree| read_tree(project.store(), tree))
            .transpose()?
            .unwrap_or_default())
    };
    let steps: Steps = if discard {
        // Everything that is committed on either side is to be as it is on the other.
        let (from, to) = (flat(from)?, flat(to)?);
        let mut steps = plan_checkout(&from, &to);
        for (path, entry) in &to {
            let content = Some(entry.content());
            let step = crate::history::Step {
                from: content,
                to: content,
            };
            steps.entry(path.clone()).or_insert(step);
        }
        steps
    } else {
        plan_checkout(&flat(from)?, &flat(to)?)
    };
    let paths = steps.keys().cloned().collect();
    let survey = Survey::of_paths(project, tree_of(project, from)?, &paths)?;
    let plan = plan_changes(&survey, &steps)?;
    let edited = plan.edited_paths();
    if discard || edited.is_empty() {
        Ok((plan.changes, edited))
    } else {
        Err(HistoryError::WouldOverwrite(edited).into())
    }
}

/// The commit of a timeline; none if it is the current one, still without a commit.
fn timeline(
    project: &Project,
    caller: &Caller<'_>,
    view: &Position,
    name: &str,
) -> Result<Option<CommitId>> {
    if let Some(commit) = view.get(project.store(), &RefKind::Timeline.full(name))? {
        return Ok(Some(commit));
    }
    if *view.head() == Head::Timeline(name.to_owned()) {
        return Ok(None);
    }
    if project.resolve(name, caller.clock.now()).is_ok() {
        return Err(RepositoryError::NotATimeline(name.to_owned()));
    }
    let nearest = nearest_name(name, RefKind::Timeline.names(&view.refs(project.store())?));
    let kind = RefKind::Timeline.name();
    Err(HistoryError::UnknownRef {
        kind,
        name: name.to_owned(),
        nearest,
    }
    .into())
}
