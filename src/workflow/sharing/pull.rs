//! `aiut pull`: what a remote has comes, and the current timeline joins it, as one operation.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fetch::{FetchOutcome, Transfer, current_timeline, reach};
use super::partial::{How, bring};
use super::place::{Around, Shared};
use super::tracking::{RefChange, Seen, remember, remember_alone};
use super::{Result, SharingError};
use crate::base::progress::Progress;
use crate::history::{Caller, Project, RefKind, nearest_name};
use crate::object::{CommitId, Person};
use crate::workflow::repository::{
    MergeOutcome, MergeRequest, OwnFiles, RebaseOutcome, merge_with, rebase,
};

/// What is to be pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PullRequest<'r> {
    /// The remote's name; none is the one that the timeline follows.
    pub remote: Option<&'r str>,
    /// The short name of its timeline; none is the one that is followed.
    pub timeline: Option<&'r str>,
    /// Whether to refuse where both sides went on.
    pub only_forward: bool,
    /// The message of a merge; none is the usual one.
    pub message: Option<&'r str>,
}

/// What a pull did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PullOutcome {
    /// The remote.
    pub remote: String,
    /// Its timeline.
    pub timeline: String,
    /// What travelled.
    pub transfer: Transfer,
    /// What is remembered of the remote since.
    pub changes: Vec<RefChange>,
    /// Tags of the remote that were left alone.
    pub tags_left: Vec<String>,
    /// How the current timeline joined it.
    pub merge: MergeOutcome,
}

/// Pulls.
///
/// # Errors
/// As `fetch` and `merge`; `NoUpstream`, `NoSuchTimeline`.
pub fn pull(
    project: &Project,
    caller: &Caller<'_>,
    around: &Around,
    author: &Person,
    request: PullRequest<'_>,
    own: &dyn OwnFiles,
    progress: &dyn Progress,
) -> Result<PullOutcome> {
    let (shared, timeline) = source(project, around, request)?;
    let fetched = bring(project, caller, &shared, How::default(), progress)?;
    let there = &fetched.there.refs;
    let commit = commit_of(&shared, there, &timeline)?;
    let revision = commit.to_string();
    let name = format!("{}/{timeline}", shared.name);
    let merge = MergeRequest {
        revision: &revision,
        called: Some(&name),
        no_fast_forward: false,
        only_fast_forward: request.only_forward,
        squash: false,
        message: request.message,
    };
    let mut seen = Seen::default();
    let merge = merge_with(project, caller, author, merge, own, &mut |transaction| {
        seen = remember(transaction, &shared.name, there, false)?;
        Ok::<_, SharingError>(())
    });
    let merge = match merge {
        Ok(merge) => merge,
        Err(error) => {
            // What was seen is remembered all the same, and the error is the one to tell.
            let _ = remember_alone(project, caller, &shared.name, there, false);
            return Err(error);
        }
    };
    if !merge.refused.is_empty() {
        seen = Seen::default();
    }
    Ok(PullOutcome {
        transfer: Transfer::of(&fetched),
        remote: shared.name,
        timeline,
        changes: seen.changes,
        tags_left: seen.tags_left,
        merge,
    })
}

/// The remote that is pulled from, and which of its timelines.
fn source(
    project: &Project,
    around: &Around,
    request: PullRequest<'_>,
) -> Result<(Shared, String)> {
    let current = current_timeline(project)?;
    let (shared, remotes) = reach(project, around, request.remote)?;
    let followed = current.as_deref().and_then(|name| remotes.upstream(name));
    let followed = followed.filter(|upstream| upstream.remote == shared.name);
    let timeline = match (request.timeline, followed, &current) {
        (Some(name), ..) => name.to_owned(),
        (None, Some(upstream), _) => upstream.follows.clone(),
        // A new project follows nothing yet: what has its name is meant.
        (None, None, Some(name)) if request.remote.is_some() => name.clone(),
        (None, None, Some(name)) => return Err(SharingError::NoUpstream(name.clone())),
        (None, None, None) => return Err(SharingError::NoTimeline),
    };
    Ok((shared, timeline))
}

fn commit_of(
    shared: &Shared,
    there: &BTreeMap<String, CommitId>,
    timeline: &str,
) -> Result<CommitId> {
    let commit = there.get(&RefKind::Timeline.full(timeline)).copied();
    commit.ok_or_else(|| SharingError::NoSuchTimeline {
        remote: shared.name.clone(),
        name: timeline.to_owned(),
        nearest: nearest_name(timeline, RefKind::Timeline.names(there)),
    })
}

/// Gets what the remote has, and puts the commits of this side on top of it: two operations.
///
/// # Errors
/// As [`pull`], and as [`rebase`].
pub fn pull_onto(
    project: &Project,
    caller: &Caller<'_>,
    around: &Around,
    request: PullRequest<'_>,
    own: &dyn OwnFiles,
    progress: &dyn Progress,
) -> Result<(FetchOutcome, RebaseOutcome)> {
    let (shared, timeline) = source(project, around, request)?;
    let fetched = bring(project, caller, &shared, How::default(), progress)?;
    let there = &fetched.there.refs;
    let commit = commit_of(&shared, there, &timeline)?;
    let seen = remember_alone(project, caller, &shared.name, there, false)?;
    let outcome = FetchOutcome {
        transfer: Transfer::of(&fetched),
        remote: shared.name,
        changes: seen.changes,
        tags_left: seen.tags_left,
    };
    let rebased = rebase(project, caller, &commit.to_string(), false, own)?;
    Ok((outcome, rebased))
}
