//! What a remote's timelines stand on, as it was seen last.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Result, SharingError};
use crate::history::{Caller, Project, RefKind, Transaction, check_new_ref};
use crate::object::{CommitId, REMOTES, TAGS, TIMELINES, check_full_ref};
use crate::remote::RemoteError;

/// A ref that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefChange {
    /// Its full name here: `remotes/origin/main`, `tags/v1`.
    pub name: String,
    /// Where it stood; none where it is new.
    pub from: Option<CommitId>,
    /// Where it stands; none where it is gone.
    pub to: Option<CommitId>,
}

/// The full name under which a timeline of a remote is remembered.
pub(super) fn tracking(remote: &str, timeline: &str) -> String {
    format!("{REMOTES}{remote}/{timeline}")
}

/// What was seen of a remote, by the names that it has here.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) changes: Vec<RefChange>,
    /// Tags that stand on another commit here, or whose name is taken, by their short names.
    pub(super) tags_left: Vec<String>,
}

/// Moves what is remembered of a remote to where it stands now. With `prune`, forgets timelines that it has no
/// more. New tags come along, and one that is here already stays as it is.
pub(super) fn remember(
    transaction: &mut Transaction<'_>,
    remote: &str,
    there: &BTreeMap<String, CommitId>,
    prune: bool,
) -> Result<Seen> {
    let mut refs = transaction.refs()?;
    let mut seen = Seen::default();
    for (full, commit) in there {
        check_full_ref(full).map_err(|error| {
            SharingError::of(remote)(RemoteError::Refused(format!("a ref: {error}")))
        })?;
        if let Some(name) = full.strip_prefix(TIMELINES) {
            let name = tracking(remote, name);
            move_to(transaction, &mut seen, &refs, name, Some(*commit));
        } else if let Some(name) = full.strip_prefix(TAGS) {
            match refs.get(full) {
                Some(here) if here == commit => {}
                None if check_new_ref(&refs, RefKind::Tag, name).is_ok() => {
                    move_to(transaction, &mut seen, &refs, full.clone(), Some(*commit));
                    refs.insert(full.clone(), *commit);
                }
                _ => seen.tags_left.push(name.to_owned()),
            }
        }
    }
    if prune {
        let known = tracking(remote, "");
        for name in refs.keys() {
            let Some(timeline) = name.strip_prefix(&known) else {
                continue;
            };
            if !there.contains_key(&RefKind::Timeline.full(timeline)) {
                move_to(transaction, &mut seen, &refs, name.clone(), None);
            }
        }
    }
    Ok(seen)
}

/// The same, as an operation of its own, if anything moves.
pub(super) fn remember_alone(
    project: &Project,
    caller: &Caller<'_>,
    remote: &str,
    there: &BTreeMap<String, CommitId>,
    prune: bool,
) -> Result<Seen> {
    let mut transaction = project.transaction(caller)?;
    let seen = remember(&mut transaction, remote, there, prune)?;
    if !seen.changes.is_empty() {
        transaction.publish(caller, Vec::new(), None)?;
    }
    Ok(seen)
}

fn move_to(
    transaction: &mut Transaction<'_>,
    seen: &mut Seen,
    refs: &BTreeMap<String, CommitId>,
    name: String,
    to: Option<CommitId>,
) {
    let from = refs.get(&name).copied();
    if from != to {
        transaction.view.set(&name, to);
        seen.changes.push(RefChange { name, from, to });
    }
}
