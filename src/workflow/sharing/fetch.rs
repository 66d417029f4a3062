//! `aiut fetch`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Result;
use super::partial::{How, bring};
use super::place::{Around, Shared};
use super::remotes::Remotes;
use super::tracking::{RefChange, remember_alone};
use crate::base::progress::Progress;
use crate::history::{Caller, Project};
use crate::remote::Fetched;

/// What is to be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchRequest<'r> {
    /// The remote's name; none is the usual one.
    pub remote: Option<&'r str>,
    /// Whether to forget timelines that the remote has no more.
    pub prune: bool,
    /// Whether the history that this copy ends before comes, too.
    pub unshallow: bool,
}

/// What travelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Transfer {
    /// Objects and pieces of files.
    pub records: usize,
    /// Bytes of the packs that they were in.
    pub bytes: u64,
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FetchOutcome {
    /// The remote.
    pub remote: String,
    /// What travelled.
    pub transfer: Transfer,
    /// Refs that moved here.
    pub changes: Vec<RefChange>,
    /// Tags of the remote that another commit or a timeline is called by here; left alone.
    pub tags_left: Vec<String>,
}

/// Fetches every timeline and tag of a remote. No timeline of the project's own moves.
///
/// # Errors
/// `Remote`, `UnknownRemote`, `NoRemote`.
pub fn fetch(
    project: &Project,
    caller: &Caller<'_>,
    around: &Around,
    request: FetchRequest<'_>,
    progress: &dyn Progress,
) -> Result<FetchOutcome> {
    let (shared, _) = reach(project, around, request.remote)?;
    let how = How {
        deepen: request.unshallow,
        ..How::default()
    };
    let fetched = bring(project, caller, &shared, how, progress)?;
    let there = &fetched.there.refs;
    let seen = remember_alone(project, caller, &shared.name, there, request.prune)?;
    Ok(FetchOutcome {
        remote: shared.name,
        transfer: Transfer::of(&fetched),
        changes: seen.changes,
        tags_left: seen.tags_left,
    })
}

/// Forgets where the timelines of a remote stood, as one operation.
///
/// # Errors
/// What the store says.
pub fn forget(project: &Project, caller: &Caller<'_>, remote: &str) -> Result<()> {
    let nothing = BTreeMap::new();
    remember_alone(project, caller, remote, &nothing, true)?;
    Ok(())
}

impl Transfer {
    pub(super) fn of(fetched: &Fetched) -> Self {
        Self {
            records: fetched.records,
            bytes: fetched.bytes,
        }
    }
}

/// The remote of that name, or the usual one, and what is known of all.
pub(super) fn reach(
    project: &Project,
    around: &Around,
    name: Option<&str>,
) -> Result<(Shared, Remotes)> {
    let remotes = Remotes::load(project)?;
    let name = match name {
        Some(name) => name.to_owned(),
        None => remotes.usual(current_timeline(project)?.as_deref())?,
    };
    let shared = remotes.place(&name)?.open(&name, around)?;
    Ok((shared, remotes))
}

/// The timeline that the project stands on.
pub(super) fn current_timeline(project: &Project) -> Result<Option<String>> {
    Ok(crate::workflow::repository::current(project)?.timeline)
}
