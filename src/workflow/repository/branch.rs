//! `aiut branch`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{CommitReport, HeadReport, RepositoryError, Result, Unmerged};
use crate::history::{
    Caller, HistoryError, Project, RefKind, Transaction, check_new_ref, is_ancestor, nearest_name,
};
use crate::object::{CommitId, Head, REMOTES};

/// A timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimelineReport {
    /// Its name.
    pub name: String,
    /// Whether the project stands on it.
    pub current: bool,
    /// Its last commit.
    pub commit: CommitReport,
}

/// The timelines that have a commit, by name.
///
/// # Errors
/// What the store says.
pub fn timelines(project: &Project) -> Result<Vec<TimelineReport>> {
    let (_, view) = project.view()?;
    let refs = view.refs(project.store())?;
    let names = RefKind::Timeline.names(&refs);
    names
        .map(|name| {
            let commit = CommitReport::read(project, refs[&RefKind::Timeline.full(name)])?;
            let current = *view.head() == Head::Timeline(name.to_owned());
            Ok(TimelineReport {
                name: name.to_owned(),
                current,
                commit,
            })
        })
        .collect()
}

/// Where the timelines of remotes stood when they were seen last, by their names as revisions: `origin/main`.
///
/// # Errors
/// What the store says.
pub fn remote_timelines(project: &Project) -> Result<Vec<TimelineReport>> {
    let refs = project.refs()?;
    let seen = refs
        .iter()
        .filter_map(|(full, commit)| Some((full.strip_prefix(REMOTES)?, *commit)));
    seen.map(|(name, commit)| {
        Ok(TimelineReport {
            name: name.to_owned(),
            current: false,
            commit: CommitReport::read(project, commit)?,
        })
    })
    .collect()
}

/// What the project stands on.
///
/// # Errors
/// What the store says.
pub fn current(project: &Project) -> Result<HeadReport> {
    Ok(HeadReport::of(&project.view()?.1))
}

/// Makes a timeline that stands on `start`.
///
/// # Errors
/// `InvalidRef`, `RefExists`, `RefClash`, or as [`Project::resolve`].
pub fn create_timeline(
    project: &Project,
    caller: &Caller<'_>,
    name: &str,
    start: &str,
) -> Result<TimelineReport> {
    let mut transaction = project.transaction(caller)?;
    let commit = project.resolve(start, caller.clock.now())?.commit;
    let full = check_new_ref(&transaction.refs()?, RefKind::Timeline, name)?;
    transaction.set_ref(&full, None, Some(commit))?;
    let commit = CommitReport::read(project, commit)?;
    transaction.publish(caller, Vec::new(), None)?;
    Ok(TimelineReport {
        name: name.to_owned(),
        current: false,
        commit,
    })
}

/// Timelines that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeletedTimelines {
    /// Each with the commit that it stood on.
    pub deleted: Vec<TimelineReport>,
}

/// Deletes timelines, all or none. A name may be `-`, for the one that the project stood on before.
///
/// # Errors
/// `UnknownRef`; `CurrentTimeline`; `NotMerged` unless `force` is given and when what one stands
/// on is on no ref that stays.
pub fn delete_timelines(
    project: &Project,
    caller: &Caller<'_>,
    names: &[String],
    force: bool,
) -> Result<DeletedTimelines> {
    let mut transaction = project.transaction(caller)?;
    let mut stood: Vec<(String, CommitId)> = Vec::new();
    for typed in names {
        let name = match project.stood_before(typed)? {
            Some(Head::Timeline(name)) => name,
            _ => typed.clone(),
        };
        if stood.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let commit = existing(&transaction, RefKind::Timeline, &name)?;
        if *transaction.view.head() == Head::Timeline(name.clone()) {
            return Err(RepositoryError::CurrentTimeline(name));
        }
        transaction.set_ref(&RefKind::Timeline.full(&name), Some(commit), None)?;
        stood.push((name, commit));
    }
    let mut outcome = DeletedTimelines {
        deleted: Vec::new(),
    };
    for (name, commit) in stood {
        if !force && !is_elsewhere(&transaction, commit)? {
            let others = transaction.refs()?.into_values();
            let others = others.chain(transaction.view.head_commit());
            let others: BTreeSet<CommitId> = others.collect();
            let others: Vec<CommitId> = others.into_iter().collect();
            let work = Box::new(Unmerged::of(project, commit, &others)?);
            return Err(RepositoryError::NotMerged { name, work });
        }
        let commit = CommitReport::read(project, commit)?;
        outcome.deleted.push(TimelineReport {
            name,
            current: false,
            commit,
        });
    }
    transaction.publish(caller, Vec::new(), None)?;
    Ok(outcome)
}

/// Whether one of the refs, or HEAD, stands on a commit.
fn is_elsewhere(transaction: &Transaction<'_>, commit: CommitId) -> Result<bool> {
    let refs = transaction.refs()?.into_values();
    let others = refs.chain(transaction.view.head_commit());
    let others: BTreeSet<CommitId> = others.collect();
    for other in others {
        if is_ancestor(transaction.project().store(), commit, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A timeline that has another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RenamedTimeline {
    /// Its former name.
    pub from: String,
    /// The timeline.
    #[serde(flatten)]
    pub timeline: TimelineReport,
}

/// Gives a timeline another name; with it goes the project, if it stands there.
///
/// # Errors
/// `UnknownRef`, `InvalidRef`, `RefExists`, `RefClash`.
pub fn rename_timeline(
    project: &Project,
    caller: &Caller<'_>,
    from: &str,
    to: &str,
) -> Result<RenamedTimeline> {
    let mut transaction = project.transaction(caller)?;
    let is_current = *transaction.view.head() == Head::Timeline(from.to_owned());
    let commit = match existing(&transaction, RefKind::Timeline, from) {
        Err(_) if is_current => return Err(HistoryError::Unborn(from.to_owned()).into()),
        found => found?,
    };
    transaction.set_ref(&RefKind::Timeline.full(from), Some(commit), None)?;
    // Checked without the old name, so that only its case may change.
    let full = check_new_ref(&transaction.refs()?, RefKind::Timeline, to)?;
    transaction.set_ref(&full, None, Some(commit))?;
    if is_current {
        let head = Head::Timeline(to.to_owned());
        transaction.view.stand_on(project.store(), head)?;
    }
    let commit = CommitReport::read(project, commit)?;
    transaction.publish(caller, Vec::new(), None)?;
    Ok(RenamedTimeline {
        from: from.to_owned(),
        timeline: TimelineReport {
            name: to.to_owned(),
            current: is_current,
            commit,
        },
    })
}

/// Where a ref stands.
pub(super) fn existing(
    transaction: &Transaction<'_>,
    kind: RefKind,
    name: &str,
) -> Result<CommitId> {
    let store = transaction.project().store();
    match transaction.view.get(store, &kind.full(name))? {
        Some(commit) => Ok(commit),
        None => Err(HistoryError::UnknownRef {
            kind: kind.name(),
            name: name.to_owned(),
            nearest: nearest_name(name, kind.names(&transaction.refs()?)),
        }
        .into()),
    }
}
