//! How far a timeline and what it follows are apart, as the remote was seen last.

use serde::Serialize;

use super::fetch::current_timeline;
use super::remotes::{Remotes, Upstream};
use super::tracking::tracking;
use super::{Result, SharingError};
use crate::history::{HistoryError, Project, RefKind, apart, nearest_name};

/// What a timeline follows, and how far both are apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpstreamReport {
    /// The timeline of this project.
    pub timeline: String,
    /// What it follows, as a revision: `origin/main`.
    pub follows: String,
    /// Whether the remote has it, as far as that was seen.
    pub seen: bool,
    /// Commits that are here alone.
    pub ahead: usize,
    /// Commits that are there alone.
    pub behind: usize,
}

/// What a timeline follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Following {
    /// The timeline.
    pub timeline: String,
    /// What it follows, as a revision; none for nothing.
    pub follows: Option<String>,
}

/// Lets a timeline, the current one where none is named, follow one of a remote, `REMOTE/NAME`; none for
/// nothing.
///
/// # Errors
/// `NoTimeline`, `UnknownRemote`, `NoSuchTimeline` where it was never seen at the remote.
pub fn follow(
    project: &Project,
    timeline: Option<&str>,
    upstream: Option<&str>,
) -> Result<Following> {
    let mut remotes = Remotes::load(project)?;
    let current = current_timeline(project)?;
    let timeline = timeline.map(str::to_owned).or(current.clone());
    let timeline = timeline.ok_or(SharingError::NoTimeline)?;
    let refs = project.refs()?;
    let names = || RefKind::Timeline.names(&refs);
    if current.as_ref() != Some(&timeline) && !names().any(|name| name == timeline) {
        return Err(HistoryError::UnknownRef {
            kind: RefKind::Timeline.name(),
            nearest: nearest_name(&timeline, names()),
            name: timeline,
        }
        .into());
    }
    let upstream = match upstream {
        Some(text) => {
            let (remote, name) = text.split_once('/').unwrap_or((text, &timeline));
            remotes.place(remote)?;
            let known = tracking(remote, "");
            let mut seen = refs.keys().filter_map(|full| full.strip_prefix(&known));
            if !seen.any(|seen| seen == name) {
                let seen = refs.keys().filter_map(|full| full.strip_prefix(&known));
                return Err(SharingError::NoSuchTimeline {
                    remote: remote.to_owned(),
                    name: name.to_owned(),
                    nearest: nearest_name(name, seen),
                });
            }
            Some(Upstream {
                remote: remote.to_owned(),
                follows: name.to_owned(),
            })
        }
        None => None,
    };
    let follows = upstream.as_ref().map(Upstream::name);
    remotes.follow(&timeline, upstream);
    remotes.save(project)?;
    Ok(Following { timeline, follows })
}

/// What a new timeline of this name would begin at and follow: the one of its name that a single remote has.
/// None where there is a timeline of this name.
///
/// # Errors
/// As [`upstream`].
pub fn offered(project: &Project, name: &str) -> Result<Option<Upstream>> {
    let remotes = Remotes::load(project)?;
    let refs = project.refs()?;
    if refs.contains_key(&RefKind::Timeline.full(name))
        || refs.contains_key(&RefKind::Tag.full(name))
    {
        return Ok(None);
    }
    let mut having = remotes
        .names()
        .filter(|remote| refs.contains_key(&tracking(remote, name)));
    Ok(match (having.next(), having.next()) {
        (Some(remote), None) => Some(Upstream {
            remote: remote.to_owned(),
            follows: name.to_owned(),
        }),
        _ => None,
    })
}

/// A timeline has another name, or none any more: what is noted of it moves along.
///
/// # Errors
/// `Malformed`, `Io`.
pub fn renamed(project: &Project, old: &str, new: Option<&str>) -> Result<()> {
    let mut remotes = Remotes::load(project)?;
    let Some(upstream) = remotes.upstream(old).cloned() else {
        return Ok(());
    };
    remotes.follow(old, None);
    if let Some(new) = new {
        remotes.follow(new, Some(upstream));
    }
    remotes.save(project)
}

/// Of one timeline; none if it follows nothing. Asks no network.
///
/// # Errors
/// `Malformed`; what the store says.
pub fn upstream(project: &Project, timeline: &str) -> Result<Option<UpstreamReport>> {
    let remotes = Remotes::load(project)?;
    report(project, &remotes, timeline)
}

/// Of each timeline that follows one, by name.
///
/// # Errors
/// As [`upstream`].
pub fn upstreams(project: &Project) -> Result<Vec<UpstreamReport>> {
    let remotes = Remotes::load(project)?;
    let refs = project.refs()?;
    let names = RefKind::Timeline.names(&refs);
    let reports = names.map(|name| report(project, &remotes, name));
    reports.filter_map(Result::transpose).collect()
}

fn report(project: &Project, remotes: &Remotes, timeline: &str) -> Result<Option<UpstreamReport>> {
    let Some(upstream) = remotes.upstream(timeline) else {
        return Ok(None);
    };
    let (store, (_, view)) = (project.store(), project.view()?);
    let here = view.get(store, &RefKind::Timeline.full(timeline))?;
    let there = view.get(store, &tracking(&upstream.remote, &upstream.follows))?;
    let (ahead, behind) = match (here, there) {
        (Some(here), Some(there)) => apart(store, here, there)?,
        _ => (0, 0),
    };
    Ok(Some(UpstreamReport {
        timeline: timeline.to_owned(),
        follows: upstream.name(),
        seen: there.is_some(),
        ahead,
        behind,
    }))
}
