//! Letting go of operations and of takes, and taking that back as long as it is there.

use std::collections::{BTreeSet, HashSet};

use super::oplog::LoggedOperation;
use super::{HistoryError, Project, Result, Selection, log_without, read_tree};
use crate::object::{
    CommitId, ExpiredTake, Expiry, FileId, Generation, GenerationId, Operation, OperationId,
};
use crate::store::{Position, Store, StoreError};

/// So many operations of the log are never let go of.
pub const ALWAYS_KEPT: usize = 100;

/// What is let go of, as of an operation; nothing where there is none.
///
/// # Errors
/// What the store says.
pub fn expiry_after(store: &Store, operation: Option<OperationId>) -> Result<Expiry> {
    let Some(id) = operation else {
        return Ok(Expiry::default());
    };
    match store.get::<Operation>(id)?.expiry {
        Some(id) => Ok(store.get::<Expiry>(id)?),
        None => Ok(Expiry::default()),
    }
}

/// What is let go of now.
///
/// # Errors
/// What the store says.
pub fn current_expiry(store: &Store) -> Result<Expiry> {
    expiry_after(store, store.view()?.0)
}

/// A run; none when it was let go of and is gone.
///
/// # Errors
/// What the store says.
pub fn run_if_kept(store: &Store, id: GenerationId) -> Result<Option<Generation>> {
    match store.get::<Generation>(id) {
        Err(StoreError::NotFound { .. }) if current_expiry(store)?.take(&id).is_some() => Ok(None),
        run => Ok(Some(run?)),
    }
}

/// The files of takes that were let go of and are gone.
///
/// # Errors
/// What the store says.
pub fn gone_files(store: &Store) -> Result<HashSet<FileId>> {
    let mut gone = HashSet::new();
    for file in current_expiry(store)?
        .takes
        .into_iter()
        .flat_map(|take| take.outputs)
    {
        if !store.can_have_file(file)? {
            gone.insert(file);
        }
    }
    Ok(gone)
}

/// How many operations at the beginning of `log`, the last first, stay when all are let go of that
/// are older than `cutoff`, in Unix seconds: at least the last hundred, and none goes that an older
/// one is younger than, whatever a clock said.
#[must_use]
pub fn kept_operations(log: &[LoggedOperation], cutoff: i64) -> usize {
    let young = log
        .iter()
        .rposition(|logged| logged.operation.time.unix_seconds >= cutoff);
    let young = young.map_or(0, |last| last + 1);
    young.max(ALWAYS_KEPT).min(log.len())
}

/// The operations that are let go of and that those which are kept name.
#[must_use]
pub fn ends_of<'o>(
    kept: impl IntoIterator<Item = &'o Operation>,
    is_past: impl Fn(&OperationId) -> bool,
) -> Vec<OperationId> {
    let named = kept.into_iter().flat_map(|operation| {
        let parents = operation.parents.iter().copied();
        parents.chain(operation.undoes)
    });
    let ends: BTreeSet<OperationId> = named.filter(|id| is_past(id)).collect();
    ends.into_iter().collect()
}

/// What was let go of by an operation: what stands in `after` and not in `before`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Returned {
    /// What is let go of when it is taken back, as far as it still can be.
    pub expiry: Expiry,
    /// Takes that come back.
    pub takes: usize,
    /// Takes that are gone.
    pub takes_gone: usize,
    /// Operations that come back.
    pub operations: usize,
    /// Whether operations are gone.
    pub operations_gone: bool,
}

/// What is let go of once that is taken back which was let go of between `before` and `after`, if
/// `now` is let go of. What is no longer there stays let go of.
///
/// # Errors
/// What the store says.
pub fn give_back(store: &Store, before: &Expiry, after: &Expiry, now: &Expiry) -> Result<Returned> {
    let mut back = Returned {
        expiry: now.clone(),
        ..Returned::default()
    };
    let mut kept: Vec<ExpiredTake> = Vec::new();
    for take in &now.takes {
        let is_of_it =
            before.take(&take.generation).is_none() && after.take(&take.generation).is_some();
        if !is_of_it {
            kept.push(take.clone());
        } else if store.has::<Generation>(take.generation)? {
            // A run that is stored has what it made.
            back.takes += 1;
        } else {
            back.takes_gone += 1;
            kept.push(take.clone());
        }
    }
    // And again, where that was taken back in its turn.
    for take in before.takes.iter().filter(|take| {
        after.take(&take.generation).is_none() && now.take(&take.generation).is_none()
    }) {
        kept.push(take.clone());
    }
    kept.sort_by_key(|take| take.generation);
    back.expiry.takes = kept;
    if after.before == now.before && after.before != before.before {
        operations_back(store, before, &mut back)?;
    }
    Ok(back)
}

/// Follows the log beyond its end as far as it goes.
fn operations_back(store: &Store, before: &Expiry, back: &mut Returned) -> Result<()> {
    if before.before > back.expiry.before {
        // It let go of less than what it took back, and does so again.
        (back.expiry.before, back.expiry.ends) = (before.before, before.ends.clone());
        return Ok(());
    }
    let mut open: Vec<OperationId> = back.expiry.ends.clone();
    let mut seen: BTreeSet<OperationId> = open.iter().copied().collect();
    let mut found = 0;
    while let Some(id) = open.pop() {
        if before.ends_at(&id) {
            continue;
        }
        if !store.has::<Operation>(id)? {
            // A log with a hole is none: all of it comes back, or nothing.
            back.operations_gone = true;
            return Ok(());
        }
        found += 1;
        let operation = store.get::<Operation>(id)?;
        for id in operation.parents.into_iter().chain(operation.undoes) {
            if seen.insert(id) {
                open.push(id);
            }
        }
    }
    back.operations = found;
    (back.expiry.before, back.expiry.ends) = (before.before, before.ends.clone());
    Ok(())
}

/// Refuses refs that lead to takes which are let go of and gone.
///
/// # Errors
/// `LetGo` names a commit and a path.
pub(super) fn refuse_gone(
    project: &Project,
    expiry: &Expiry,
    from: &Position,
    to: &Position,
) -> Result<()> {
    let store = project.store();
    let mut gone: BTreeSet<GenerationId> = BTreeSet::new();
    if expiry.takes.is_empty() || from.is(to, store)? {
        return Ok(());
    }
    for take in &expiry.takes {
        if !store.has::<Generation>(take.generation)? {
            gone.insert(take.generation);
        }
    }
    if gone.is_empty() {
        return Ok(());
    }
    let known = commits(store, from)?;
    // What this very operation makes is not stored yet; it stands on what is.
    let mut new = Vec::new();
    for id in commits(store, to)?.difference(&known) {
        if store.has::<crate::object::Commit>(*id)? {
            new.push(*id);
        }
    }
    let known: Vec<CommitId> = known.into_iter().collect();
    for logged in log_without(store, &new, &known, Selection::default())? {
        let runs = logged.commit.generations.iter();
        let missing = runs.copied().find(|id| gone.contains(id));
        let tree = read_tree(store, logged.commit.tree)?;
        let path = tree.iter().find_map(|(path, entry)| {
            let is_gone = entry.made_by.is_some_and(|run| gone.contains(&run));
            is_gone.then(|| path.clone())
        });
        if path.is_some() || missing.is_some() {
            return Err(HistoryError::TakeLetGo {
                commit: logged.id,
                path,
            });
        }
    }
    Ok(())
}

fn commits(store: &Store, view: &Position) -> Result<BTreeSet<CommitId>> {
    let refs = view.refs(store)?;
    Ok(refs.into_values().chain(view.head_commit()).collect())
}
