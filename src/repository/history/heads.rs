//! Where the project stood before, as the operation log tells.

use std::collections::HashMap;

use super::oplog::Log;
use super::{HistoryError, Result};
use crate::object::{Commit, CommitId, Head, TIMELINES};
use crate::store::{Position, Store};

/// What the project stood on so many moves ago; none if it did not move that often. Commits are no
/// moves, and what was undone never happened. A timeline goes by the name that it has now.
///
/// # Errors
/// `Store`.
pub fn head_before(store: &Store, moves: usize) -> Result<Option<Head>> {
    let (mut next, newest) = store.view()?;
    let mut newer = Position::clone(&newest);
    let mut last = newer.head().clone();
    // What timelines were called, and what they are called now.
    let mut names: HashMap<String, String> = HashMap::new();
    let mut left = moves;
    let log = Log::open(store)?;
    while let Some(id) = next {
        let logged = match log.get(id) {
            Err(HistoryError::OperationLetGo) => break,
            logged => logged?,
        };
        let view = Position::read(store, logged.operation.view)?;
        next = match log.before(&logged) {
            Err(HistoryError::OperationLetGo) => None,
            before => before?,
        };
        if let Some((from, to)) = renamed(store, &view, &newer)? {
            let now = names.get(&to).cloned().unwrap_or(to);
            names.insert(from, now);
        }
        let head = match view.head() {
            Head::Timeline(name) => {
                let now = names.get(name).unwrap_or(name);
                Head::Timeline(now.clone())
            }
            detached => detached.clone(),
        };
        if head != last && !is_step(store, &head, &last)? {
            left = left.saturating_sub(1);
            if left == 0 {
                return Ok(Some(head));
            }
        }
        last = head;
        newer = view;
    }
    Ok(None)
}

/// The timeline that was renamed from one view to the next: one name went, one came, and both
/// stand on the same commit.
fn renamed(store: &Store, older: &Position, newer: &Position) -> Result<Option<(String, String)>> {
    let moved = older.differing(newer, store)?;
    let timelines = moved.iter().filter(|(name, _)| name.starts_with(TIMELINES));
    let (mut went, mut came): (Vec<(&String, CommitId)>, Vec<_>) = (Vec::new(), Vec::new());
    for (name, sides) in timelines {
        match *sides {
            (Some(stood), None) => went.push((name, stood)),
            (None, Some(stands)) => came.push((name, stands)),
            _ => {}
        }
    }
    let ([(from, stood)], [(to, stands)]) = (&went[..], &came[..]) else {
        return Ok(None);
    };
    let short = |full: &str| full.strip_prefix(TIMELINES).unwrap_or(full).to_owned();
    Ok((stood == stands).then(|| (short(from), short(to))))
}

/// Whether one moved on by a commit only, on top of the last or in the place of it, with no timeline to
/// move along. What a merge joins stands beside its first parent: from there to the merge is a move.
fn is_step(store: &Store, from: &Head, to: &Head) -> Result<bool> {
    let (Head::Detached(from), Head::Detached(to)) = (from, to) else {
        return Ok(false);
    };
    let parents = store.get::<Commit>(*to)?.parents;
    Ok(parents.first() == Some(from) || parents == store.get::<Commit>(*from)?.parents)
}
