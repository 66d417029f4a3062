//! The operation log, and which of its operations undo and redo take back.
//!
//! An undo is an operation that `undoes` another; a redo is one that undoes an undo. The state
//! after an operation that undoes X is the state before X. From this alone follows what comes next:
//! ```text
//! log      A  B  C  undo(C)  undo(B)  redo(undo(B))
//! state    A  B  C  B        A        B               next undo: B; next redo: undo(C)
//! ```

use super::expiry::current_expiry;
use super::{HistoryError, Result};
use crate::object::{Expiry, Operation, OperationId};
use crate::store::Store;

/// An operation of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedOperation {
    /// Its id.
    pub id: OperationId,
    /// What it says.
    pub operation: Operation,
}

/// The log from the current operation back, at most `limit` entries. It ends where operations were
/// let go of.
///
/// # Errors
/// `Store`.
pub fn operations(store: &Store, limit: usize) -> Result<Vec<LoggedOperation>> {
    Ok(operations_and_end(store, limit)?.0)
}

/// As [`operations`], and whether it ends because those before it were let go of.
///
/// # Errors
/// `Store`.
pub fn operations_and_end(store: &Store, limit: usize) -> Result<(Vec<LoggedOperation>, bool)> {
    let mut next = store.view()?.0;
    let mut log = Vec::new();
    let expiry = current_expiry(store)?;
    while let Some(id) = next.filter(|_| log.len() < limit) {
        if expiry.ends_at(&id) {
            return Ok((log, true));
        }
        let logged = get(store, &expiry, id)?;
        next = logged.operation.parents.first().copied();
        log.push(logged);
    }
    Ok((log, false))
}

/// The operation that undo takes back next.
///
/// # Errors
/// `NothingToUndo`; `Store`.
pub fn undo_target(store: &Store) -> Result<LoggedOperation> {
    let mut next = store.view()?.0;
    let expiry = current_expiry(store)?;
    let get = |id| get(store, &expiry, id);
    loop {
        let logged = get(next.ok_or(HistoryError::NothingToUndo)?)?;
        match (logged.operation.undoes, logged.operation.parents.is_empty()) {
            (Some(undone), _) => {
                next = get(undone)?.operation.parents.first().copied();
            }
            // The first one made the project.
            (None, true) => return Err(HistoryError::NothingToUndo),
            (None, false) => {
                // Nobody knows any more what was before it.
                for parent in logged.operation.parents.iter().take(1) {
                    get(*parent)?;
                }
                return Ok(logged);
            }
        }
    }
}

/// The undo that redo takes back next.
///
/// # Errors
/// `NothingToRedo`; `Store`.
pub fn redo_target(store: &Store) -> Result<LoggedOperation> {
    let mut next = store.view()?.0;
    let expiry = current_expiry(store)?;
    let get = |id| get(store, &expiry, id);
    loop {
        let logged = get(next.ok_or(HistoryError::NothingToRedo)?)?;
        let undone = logged.operation.undoes.ok_or(HistoryError::NothingToRedo)?;
        let undone = get(undone)?.operation;
        if undone.undoes.is_none() {
            return Ok(logged);
        }
        next = undone.parents.first().copied();
    }
}

fn get(store: &Store, expiry: &Expiry, id: OperationId) -> Result<LoggedOperation> {
    if expiry.ends_at(&id) {
        return Err(HistoryError::OperationLetGo);
    }
    Ok(LoggedOperation {
        id,
        operation: store.get::<Operation>(id)?,
    })
}
