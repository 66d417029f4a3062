//! The operation log, and which of its operations undo and redo take back.
//!
//! An undo is an operation that `undoes` another; a redo is one that undoes an undo. The state
//! after an operation that undoes X is the state before X. From this alone follows what comes next:
//! ```text
//! log      A  B  C  undo(C)  undo(B)  redo(undo(B))
//! state    A  B  C  B        A        B               next undo: B; next redo: undo(C)
//! ```
//! An operation in the middle can be taken back alone, so that what came after it stays. That is an
//! operation like any other: the state after it is not the one before what it took back, which is
//! how it is told from the others, and undo takes it back in turn.

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
/// `NothingToUndo`, `OperationLetGo`; `Store`.
pub fn undo_target(store: &Store) -> Result<LoggedOperation> {
    let log = Log::open(store)?;
    let mut next = store.view()?.0;
    loop {
        let logged = log.get(next.ok_or(HistoryError::NothingToUndo)?)?;
        let Some(parent) = logged.operation.parents.first() else {
            // The first one made the project.
            return Err(HistoryError::NothingToUndo);
        };
        if !log.is_whole(&logged)? {
            // Else nobody knows any more what was before it.
            log.get(*parent)?;
            return Ok(logged);
        }
        next = log.before(&logged)?;
    }
}

/// The undo that redo takes back next.
///
/// # Errors
/// `NothingToRedo`, `OperationLetGo`; `Store`.
pub fn redo_target(store: &Store) -> Result<LoggedOperation> {
    let log = Log::open(store)?;
    let last = store.view()?.0;
    let mut next = last;
    loop {
        let logged = log.get(next.ok_or(HistoryError::NothingToRedo)?)?;
        let undone = logged.operation.undoes.ok_or(HistoryError::NothingToRedo)?;
        if !log.is_whole(&logged)? {
            // What took back one operation alone counts as long as nothing came after it.
            let is_last = last == Some(logged.id);
            return is_last.then_some(logged).ok_or(HistoryError::NothingToRedo);
        }
        let undone = log.get(undone)?;
        if undone.operation.undoes.is_none() || !log.is_whole(&undone)? {
            return Ok(logged);
        }
        next = undone.operation.parents.first().copied();
    }
}

/// The log as far as it goes.
pub(super) struct Log<'s> {
    store: &'s Store,
    expiry: Expiry,
}

impl<'s> Log<'s> {
    pub(super) fn open(store: &'s Store) -> Result<Self> {
        let expiry = current_expiry(store)?;
        Ok(Self { store, expiry })
    }

    /// An operation of it.
    ///
    /// # Errors
    /// `OperationLetGo` where the log has ended; `Store`.
    pub(super) fn get(&self, id: OperationId) -> Result<LoggedOperation> {
        get(self.store, &self.expiry, id)
    }

    /// The operation whose state an operation followed: of one that put back the state before
    /// another, the one before that; of any other, its own parent.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(super) fn before(&self, logged: &LoggedOperation) -> Result<Option<OperationId>> {
        let parent = logged.operation.parents.first().copied();
        let Some(undone) = logged.operation.undoes else {
            return Ok(parent);
        };
        let undone = self.get(undone)?.operation.parents.first().copied();
        let before = undone.map(|id| self.get(id)).transpose()?;
        let is_whole = before.is_some_and(|it| it.operation.view == logged.operation.view);
        Ok(if is_whole { undone } else { parent })
    }

    /// Whether an operation put back all as it was before the one that it takes back.
    fn is_whole(&self, logged: &LoggedOperation) -> Result<bool> {
        Ok(self.before(logged)? != logged.operation.parents.first().copied())
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
