//! One operation taken back, while what came later stays.
//!
//! ```text
//! log     A  B  C  undo B          each ref that B moved goes back, if it is still where B left it;
//! state   A  B  C  C without B     so does HEAD, and with it the files of the folder
//! ```

use std::collections::BTreeMap;

use super::{
    ReturnedReport, UndoOutcome, backwards, go, operation, returned, take_back, view_after,
};
use crate::history::{
    Caller, HistoryError, LoggedOperation, Project, RefKind, Steps, Survey, check_new_ref,
    current_expiry, operations_and_end, plan_changes, redo_target, undo_target,
};
use crate::object::{Commit, CommitId, Head, TAGS, TIMELINES};
use crate::store::{Position, Store};
use crate::workflow::repository::report::head_tree;
use crate::workflow::repository::{HeadReport, OperationReport, RepositoryError, Result};
use crate::worktree::Change;

/// Takes back one operation, named by the beginning of its id, and no other: its refs, and the files
/// that it changed. Of the last one this is [`undo`](super::undo); of an undo that was the last,
/// [`redo`](super::redo).
///
/// # Errors
/// `UnknownOperation`, `AmbiguousOperation`, `FirstOperation`; `TakenBack`; `BuiltUpon` when what it
/// moved moved on; `ChangedAgain` names files that were changed since.
pub fn undo_operation(project: &Project, caller: &Caller<'_>, digits: &str) -> Result<UndoOutcome> {
    let mut transaction = project.transaction(caller)?;
    let target = operation(project, digits)?;
    for last in [undo_target(project.store()), redo_target(project.store())] {
        match last {
            Ok(last) if last.id == target.id => {
                let shown = OperationReport::of(&target);
                return take_back(project, caller, transaction, &target, shown);
            }
            Ok(_) | Err(HistoryError::NothingToUndo | HistoryError::NothingToRedo) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let later = since(project, &target)?;
    let Some(parent) = target.operation.parents.first().copied() else {
        return Err(RepositoryError::FirstOperation(target.id.short()));
    };
    if current_expiry(project.store())?.ends_at(&parent) {
        return Err(HistoryError::OperationLetGo.into());
    }
    let step = Step {
        before: view_after(project, Some(parent))?,
        after: Position::read(project.store(), target.operation.view)?,
        now: transaction.view.clone(),
    };
    let built_upon = |what: String| -> Result<RepositoryError> {
        Ok(RepositoryError::BuiltUpon {
            operation: target.id.short(),
            by: moved_by(project, &later, &step, &what)?,
            commit: step.commit(project)?.map(|commit| commit.short()),
            before: Some(parent.short()),
            what: told(&what),
        })
    };
    let view = match step.taken_back(project.store())? {
        Ok(view) => view,
        Err(what) => return Err(built_upon(what)?),
    };
    let changes = match changes(project, &target, &step, &view) {
        Err(RepositoryError::History(HistoryError::WouldOverwrite(paths))) => {
            return Err(RepositoryError::ChangedAgain {
                operation: target.id.short(),
                before: parent.short(),
                paths,
            });
        }
        changes => changes?,
    };
    let returned = returned(project, Some(parent), target.id)?;
    let gives_back = returned
        .as_ref()
        .is_some_and(|back| back.operations + back.takes > 0);
    if view.is(&step.now, project.store())? && changes.is_empty() && !gives_back {
        let by = later
            .iter()
            .find(|later| later.operation.undoes == Some(target.id));
        return Err(RepositoryError::TakenBack {
            operation: target.id.short(),
            by: by.map(|by| by.id.short()),
        });
    }
    // The log is read by it: an undo whose view is that before what it takes back went back to there.
    let undoes = (!view.is(&step.before, project.store())?).then_some(target.id);
    transaction.view = view;
    if let Some(returned) = &returned {
        transaction.let_go(returned.expiry.clone());
    }
    let head = HeadReport::of(&transaction.view);
    let changed = changes.iter().map(|change| change.path.clone()).collect();
    transaction.publish(caller, changes, undoes)?;
    Ok(UndoOutcome {
        operation: OperationReport::of(&target),
        head,
        changed,
        later: later.len(),
        returned: returned.as_ref().map(ReturnedReport::of),
    })
}

/// What came after an operation, the newest first.
fn since(project: &Project, target: &LoggedOperation) -> Result<Vec<LoggedOperation>> {
    let (mut log, is_cut) = operations_and_end(project.store(), usize::MAX)?;
    match log.iter().position(|logged| logged.id == target.id) {
        Some(at) => {
            log.truncate(at);
            Ok(log)
        }
        None if is_cut => Err(HistoryError::OperationLetGo.into()),
        // Stored, and of another copy's log.
        None => Err(RepositoryError::UnknownOperation {
            text: target.id.short(),
            nearest: None,
            is_commit: false,
        }),
    }
}

/// Every ref before an operation, after it, and now.
struct Step {
    before: Position,
    after: Position,
    now: Position,
}

/// HEAD, where it is told as a ref.
const HEAD: &str = "HEAD";

/// Either an answer, or what moved on: a ref by its full name, or HEAD.
type Undone<T> = std::result::Result<T, String>;

impl Step {
    /// Every ref as it is now, but for those that the operation moved.
    fn taken_back(&self, store: &Store) -> Result<Undone<Position>> {
        let mut view = self.now.clone();
        let mut back: BTreeMap<String, CommitId> = BTreeMap::new();
        for (name, (before, after)) in self.before.differing(&self.after, store)? {
            let now = self.now.get(store, &name)?;
            if now == before {
                continue;
            }
            if now != after {
                return Ok(Err(name));
            }
            view.set(&name, None);
            back.extend(before.map(|commit| (name, commit)));
        }
        // Only now that all are out of the way of those that come back.
        for (name, commit) in back {
            for (kind, place) in [(RefKind::Timeline, TIMELINES), (RefKind::Tag, TAGS)] {
                if let Some(short) = name.strip_prefix(place) {
                    check_new_ref(&view.refs(store)?, kind, short)?;
                }
            }
            view.set(&name, Some(commit));
        }
        let (before, after, now) = (self.before.head(), self.after.head(), self.now.head());
        if before != after && now != before {
            if now != after {
                return Ok(Err(HEAD.to_owned()));
            }
            view.stand_on(store, before.clone())?;
        }
        if let Head::Timeline(name) = view.head()
            && view.head_commit().is_none()
            && self.now.head_commit().is_some()
            && view.head() != before
        {
            return Err(RepositoryError::CurrentTimeline(name.clone()));
        }
        Ok(Ok(view))
    }

    /// The commit that the operation put on top of what HEAD stood on.
    fn commit(&self, project: &Project) -> Result<Option<CommitId>> {
        let (before, after) = (self.before.head_commit(), self.after.head_commit());
        let Some(made) = after.filter(|_| before != after) else {
            return Ok(None);
        };
        let parents = project.store().get::<Commit>(made)?.parents;
        // A merge stands on what it joins, too.
        let is_next = parents.first().copied() == before;
        Ok(is_next.then_some(made))
    }
}

/// `timeline main`, `tag v1`.
fn told(full: &str) -> String {
    match (full.strip_prefix(TIMELINES), full.strip_prefix(TAGS)) {
        (Some(name), _) => format!("timeline {name}"),
        (_, Some(name)) => format!("tag {name}"),
        _ => full.to_owned(),
    }
}

/// The first of the later operations after which a ref, or HEAD, is not where it was left.
fn moved_by(
    project: &Project,
    later: &[LoggedOperation],
    step: &Step,
    what: &str,
) -> Result<Option<String>> {
    for logged in later.iter().rev() {
        let store = project.store();
        let view = Position::read(store, logged.operation.view)?;
        let moved = match what {
            HEAD => view.head() != step.after.head(),
            full => view.get(store, full)? != step.after.get(store, full)?,
        };
        if moved {
            let command = &logged.operation.command;
            return Ok(Some(format!("{} ({command})", logged.id.short())));
        }
    }
    Ok(None)
}

/// What the folder has to become.
fn changes(
    project: &Project,
    target: &LoggedOperation,
    step: &Step,
    view: &Position,
) -> Result<Vec<Change>> {
    let (now, to) = (step.now.head_commit(), view.head_commit());
    let (before, after) = (step.before.head_commit(), step.after.head_commit());
    let steps = if now == to && before != after {
        // Its files belong to a commit that the folder does not stand on.
        Steps::new()
    } else if now == to || (now, to) == (after, before) {
        backwards(project, &target.operation)?
    } else {
        return Ok(go(project, now, to, false)?.0);
    };
    let paths = steps.keys().cloned().collect();
    let survey = Survey::of_paths(project, head_tree(project, &step.now)?, &paths)?;
    let plan = plan_changes(&survey, &steps)?;
    match plan.edited.is_empty() {
        true => Ok(plan.changes),
        false => Err(HistoryError::WouldOverwrite(plan.edited_paths()).into()),
    }
}
