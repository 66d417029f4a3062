//! `aiut undo`, `redo` and `op`.

mod alone;
mod named;

pub use alone::undo_operation;
use named::operation;

use serde::Serialize;

use super::switch::go;
use super::{HeadReport, OperationReport, Result};
use crate::history::{
    Caller, HistoryError, LoggedOperation, Project, Returned, Steps, Survey, Transaction,
    current_expiry, expiry_after, give_back, operations_and_end, plan_changes, plan_checkout,
    read_tree, redo_target, undo_target,
};
use crate::object::{Operation, OperationId, RepoPath};
use crate::store::Position;

/// What was taken back, or done again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UndoOutcome {
    /// The operation.
    pub operation: OperationReport,
    /// Where the project stands.
    pub head: HeadReport,
    /// Files that were changed back.
    pub changed: Vec<RepoPath>,
    /// How many later operations stay as they are.
    pub later: usize,
    /// What came back of operations and takes that had been let go of, and what is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<ReturnedReport>,
}

/// What came back of what had been let go of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ReturnedReport {
    /// Operations that are in the log again.
    pub operations: usize,
    /// Whether operations are gone: `gc` has freed them.
    pub operations_gone: bool,
    /// Takes that are listed again.
    pub takes: usize,
    /// Takes that `gc` has freed.
    pub takes_gone: usize,
}

impl ReturnedReport {
    fn of(returned: &Returned) -> Self {
        Self {
            operations: returned.operations,
            operations_gone: returned.operations_gone,
            takes: returned.takes,
            takes_gone: returned.takes_gone,
        }
    }
}

/// Takes back the last operation that is not taken back already: its refs, and the files that it
/// changed. What a commit held stays in the folder, uncommitted.
///
/// # Errors
/// `NothingToUndo`; `ChangedSince` names files that were edited since.
pub fn undo(project: &Project, caller: &Caller<'_>) -> Result<UndoOutcome> {
    let transaction = project.transaction(caller)?;
    let target = undo_target(project.store())?;
    let shown = OperationReport::of(&target);
    take_back(project, caller, transaction, &target, shown)
}

/// Does again what the last undo took back.
///
/// # Errors
/// `NothingToRedo`; `ChangedSince`.
pub fn redo(project: &Project, caller: &Caller<'_>) -> Result<UndoOutcome> {
    let transaction = project.transaction(caller)?;
    let target = redo_target(project.store())?;
    let redone = target
        .operation
        .undoes
        .expect("an undo names what it took back");
    let operation = project.store().get::<Operation>(redone)?;
    let shown = OperationReport::of(&LoggedOperation {
        id: redone,
        operation,
    });
    take_back(project, caller, transaction, &target, shown)
}

/// The operation log, the newest first, at most `limit` entries.
///
/// # Errors
/// What the store says.
pub fn op_log(project: &Project, limit: usize) -> Result<Vec<OperationReport>> {
    Ok(op_log_and_end(project, limit)?.0)
}

/// As [`op_log`], and whether it ends because the operations before it were let go of.
///
/// # Errors
/// What the store says.
pub fn op_log_and_end(project: &Project, limit: usize) -> Result<(Vec<OperationReport>, bool)> {
    let (log, is_cut) = operations_and_end(project.store(), limit)?;
    Ok((log.iter().map(OperationReport::of).collect(), is_cut))
}

/// Puts every ref, and the files, back to where they were after an operation, named by the
/// beginning of its id. Itself an operation, which undo takes back. Any operation that is stored
/// will do: one that the log lost, or of a copy that went another way, as well. Uncommitted files
/// that it would overwrite stop it, unless `discard` is given: they are stored then.
///
/// # Errors
/// `UnknownOperation`, `AmbiguousOperation`; `WouldOverwrite` names files that are not committed.
pub fn op_restore(
    project: &Project,
    caller: &Caller<'_>,
    digits: &str,
    discard: bool,
) -> Result<UndoOutcome> {
    let mut transaction = project.transaction(caller)?;
    let target = operation(project, digits)?;
    let from = transaction.view.head_commit();
    transaction.view = Position::read(project.store(), target.operation.view)?;
    transaction.goes_back();
    let (changes, _) = go(project, from, transaction.view.head_commit(), discard)?;
    let head = HeadReport::of(&transaction.view);
    let changed = changes.iter().map(|change| change.path.clone()).collect();
    transaction.publish(caller, changes, None)?;
    Ok(UndoOutcome {
        operation: OperationReport::of(&target),
        head,
        changed,
        later: 0,
        returned: None,
    })
}

fn take_back(
    project: &Project,
    caller: &Caller<'_>,
    mut transaction: Transaction<'_>,
    target: &LoggedOperation,
    operation: OperationReport,
) -> Result<UndoOutcome> {
    let before = target.operation.parents.first().copied();
    let returned = returned(project, before, target.id)?;
    if let Some(returned) = &returned {
        transaction.let_go(returned.expiry.clone());
    }
    let steps = backwards(project, &target.operation)?;
    let head = super::report::head_tree(project, &transaction.view)?;
    transaction.view = view_after(project, before)?;
    let survey = Survey::of_paths(project, head, &steps.keys().cloned().collect())?;
    let plan = plan_changes(&survey, &steps)?;
    if !plan.edited.is_empty() {
        return Err(HistoryError::ChangedSince(plan.edited_paths()).into());
    }
    let head = HeadReport::of(&transaction.view);
    let changed = plan
        .changes
        .iter()
        .map(|change| change.path.clone())
        .collect();
    transaction.publish(caller, plan.changes, Some(target.id))?;
    Ok(UndoOutcome {
        operation,
        head,
        changed,
        later: 0,
        returned: returned.as_ref().map(ReturnedReport::of),
    })
}

/// What comes back when an operation is taken back that let go of something; none for another.
fn returned(
    project: &Project,
    before: Option<OperationId>,
    operation: OperationId,
) -> Result<Option<Returned>> {
    let store = project.store();
    let (before, after) = (
        expiry_after(store, before)?,
        expiry_after(store, Some(operation))?,
    );
    if before == after {
        return Ok(None);
    }
    let now = current_expiry(store)?;
    Ok(Some(give_back(store, &before, &after, &now)?))
}

fn view_after(project: &Project, operation: Option<OperationId>) -> Result<Position> {
    let Some(operation) = operation else {
        return Ok(Position::default());
    };
    let view = project.store().get::<Operation>(operation)?.view;
    Ok(Position::read(project.store(), view)?)
}

/// The steps that give each file that an operation changed what it held before.
fn backwards(project: &Project, operation: &Operation) -> Result<Steps> {
    let Some(files) = operation.files else {
        return Ok(Steps::new());
    };
    let (before, after) = (
        read_tree(project.store(), files.before)?,
        read_tree(project.store(), files.after)?,
    );
    Ok(plan_checkout(&after, &before))
}
