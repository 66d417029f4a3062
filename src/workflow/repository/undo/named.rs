//! The operation that some digits mean.

use crate::history::{LoggedOperation, Project, nearest, operations};
use crate::object::{Commit, Operation};
use crate::workflow::repository::{RepositoryError, Result};

/// Fewer digits do not name an operation.
const MIN_DIGITS: usize = 4;
/// So many are named when the digits fit several.
const MAX_CANDIDATES: usize = 10;
/// Among so many of the last operations one is looked for that may have been meant.
const MOST_NEAR: usize = 1000;

/// The operation whose id begins so, of all that are stored.
///
/// # Errors
/// `UnknownOperation` with the nearest of the log; `AmbiguousOperation`.
pub(super) fn operation(project: &Project, text: &str) -> Result<LoggedOperation> {
    let store = project.store();
    let digits = text.to_ascii_lowercase();
    let is_id = digits.len() >= MIN_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let found = match is_id {
        true => store.resolve::<Operation>(&digits, MAX_CANDIDATES)?,
        false => Vec::new(),
    };
    match found.as_slice() {
        [id] => Ok(LoggedOperation {
            id: *id,
            operation: store.get::<Operation>(*id)?,
        }),
        [] => {
            let log = operations(store, MOST_NEAR)?;
            let ids: Vec<String> = log.iter().map(|logged| logged.id.short()).collect();
            let is_commit = is_id && !store.resolve::<Commit>(&digits, 1)?.is_empty();
            Err(RepositoryError::UnknownOperation {
                text: text.to_owned(),
                nearest: nearest(&digits, ids.iter().map(String::as_str)),
                is_commit,
            })
        }
        several => {
            let told = several.iter().map(|id| {
                let operation = store.get::<Operation>(*id)?;
                Ok(format!("{} ({})", id.short(), operation.command))
            });
            Err(RepositoryError::AmbiguousOperation {
                text: text.to_owned(),
                found: told.collect::<Result<_>>()?,
            })
        }
    }
}
