//! `aiut push`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::fetch::{Transfer, current_timeline, reach};
use super::place::{Around, Shared};
use super::remotes::{Remotes, Upstream};
use super::tracking::tracking;
use super::{Result, SharingError};
use crate::base::progress::Progress;
use crate::history::{Caller, HistoryError, Project, RefKind, files_of, is_ancestor, nearest_name};
use crate::object::{Commit, CommitId, Head, RepoPath, TIMELINES, check_ref_name};
use crate::remote::{self, Moved, RemoteError};

/// A timeline or tag, and what it is called at the remote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refspec {
    /// Its short name here.
    pub here: String,
    /// Its short name there.
    pub there: String,
}

impl Refspec {
    /// `NAME`, or `HERE:THERE`.
    ///
    /// # Errors
    /// A name that no ref can have.
    pub fn parse(text: &str) -> Result<Self> {
        let (here, there) = text.split_once(':').unwrap_or((text, text));
        for name in [here, there] {
            check_ref_name(name)?;
        }
        Ok(Self {
            here: here.to_owned(),
            there: there.to_owned(),
        })
    }
}

/// What is to be pushed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PushRequest<'r> {
    /// The remote's name; none is the usual one.
    pub remote: Option<&'r str>,
    /// Timelines and tags; none is the current timeline, to where it follows.
    pub refs: &'r [Refspec],
    /// Every timeline.
    pub all: bool,
    /// Every tag.
    pub tags: bool,
    /// Timelines and tags that the remote is to lose, by their short names there.
    pub delete: &'r [String],
    /// Whether commits of the remote may be left behind, if it stands where it was seen last.
    pub force_with_lease: bool,
}

/// A ref of the remote that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pushed {
    /// Its full name there.
    pub name: String,
    /// Where it stood; none where it is new.
    pub from: Option<CommitId>,
    /// Where it stands; none where it is gone.
    pub to: Option<CommitId>,
}

/// What was pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PushOutcome {
    /// The remote.
    pub remote: String,
    /// Refs of the remote that moved; none if all were there already.
    pub moved: Vec<Pushed>,
    /// What travelled.
    pub transfer: Transfer,
    /// Timelines that follow those of their name at the remote from now on.
    pub follow: Vec<String>,
    /// Files that are in conflict in what moved.
    pub in_conflict: Vec<RepoPath>,
}

/// A push that is decided on: nothing of it is sent yet.
pub struct ReadyPush {
    shared: Shared,
    remotes: Remotes,
    wish: remote::PushRequest,
    /// Timelines that may follow what they are pushed to: here, there.
    timelines: Vec<(String, String)>,
    in_conflict: Vec<RepoPath>,
}

/// What a push would do, as far as is known without asking the remote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PushPlan {
    /// The remote.
    pub remote: String,
    /// Where it is.
    pub place: String,
    /// Whether commits of it may be left behind.
    pub force: bool,
    /// The refs, by their full names there, and where each is to stand; none where it is to go.
    pub refs: Vec<PlannedRef>,
}

/// A ref that a push is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedRef {
    /// Its full name there.
    #[serde(rename = "ref")]
    pub name: String,
    /// Where it is to stand; none where it is to go.
    pub to: Option<CommitId>,
}

/// Decides what is to be pushed.
///
/// # Errors
/// `NoTimeline`, `NothingToPush`, `NoSuchTimeline`, `TwoForOne`.
pub fn ready_to_push(
    project: &Project,
    around: &Around,
    request: PushRequest<'_>,
) -> Result<ReadyPush> {
    let (shared, remotes) = reach(project, around, request.remote)?;
    let refs = project.refs()?;
    let mut to: BTreeMap<String, Option<CommitId>> = BTreeMap::new();
    let mut timelines: Vec<(String, String)> = Vec::new();
    let mut named: Vec<Refspec> = request.refs.to_vec();
    let every = |kind: RefKind| {
        let names = kind.names(&refs).map(str::to_owned);
        names.map(|name| Refspec {
            here: name.clone(),
            there: name,
        })
    };
    if request.all {
        named.extend(every(RefKind::Timeline));
    }
    if request.tags {
        named.extend(every(RefKind::Tag));
    }
    if named.is_empty() && request.delete.is_empty() && !request.tags && !request.all {
        let here = current_timeline(project)?.ok_or(SharingError::NoTimeline)?;
        let followed = remotes
            .upstream(&here)
            .filter(|known| known.remote == shared.name);
        let there = followed.map_or_else(|| here.clone(), |known| known.follows.clone());
        named.push(Refspec { here, there });
    }
    let (_, view) = project.view()?;
    for Refspec { here, there } in named {
        let (kind, commit) = find(&refs, &here, view.head())?;
        let full = kind.full(&there);
        let other = to.insert(full, Some(commit));
        if other.is_some_and(|other| other != Some(commit)) {
            return Err(SharingError::TwoForOne(there));
        }
        if kind == RefKind::Timeline {
            timelines.push((here, there));
        }
    }
    let mut from = BTreeMap::new();
    if !request.delete.is_empty() {
        let there = shared
            .remote
            .advertise()
            .map_err(SharingError::of(&shared.name))?;
        for name in request.delete {
            let kinds = [RefKind::Timeline, RefKind::Tag];
            let full = kinds.map(|kind| kind.full(name));
            let full = full.into_iter().find(|full| there.refs.contains_key(full));
            let full = full.ok_or_else(|| SharingError::NoSuchTimeline {
                remote: shared.name.clone(),
                name: name.clone(),
                nearest: nearest_name(name, RefKind::Timeline.names(&there.refs)),
            })?;
            to.insert(full, None);
        }
    }
    if request.force_with_lease || !request.delete.is_empty() {
        for (full, to) in &to {
            let seen = match full.strip_prefix(TIMELINES) {
                Some(name) => refs.get(&tracking(&shared.name, name)),
                // Where a tag of the remote stood is not remembered, but it is here if it was fetched.
                None if to.is_none() => refs.get(full),
                None => continue,
            };
            from.insert(full.clone(), seen.copied());
        }
    }
    let wish = remote::PushRequest {
        to,
        from,
        force: request.force_with_lease || !request.delete.is_empty(),
    };
    Ok(ReadyPush {
        in_conflict: in_conflict(project, wish.to.values().flatten())?,
        shared,
        remotes,
        wish,
        timelines,
    })
}

impl ReadyPush {
    /// What it would do, without asking the remote.
    ///
    /// # Errors
    /// The remote is not known any more.
    pub fn plan(&self) -> Result<PushPlan> {
        let refs = self.wish.to.iter();
        Ok(PushPlan {
            remote: self.shared.name.clone(),
            place: self.remotes.place(&self.shared.name)?.to_string(),
            force: self.wish.force,
            refs: refs
                .map(|(name, to)| PlannedRef {
                    name: name.clone(),
                    to: *to,
                })
                .collect(),
        })
    }

    /// What it would move as the remote stands now. Nothing is sent.
    ///
    /// # Errors
    /// `Remote`, as [`Self::send`].
    pub fn would(self, project: &Project) -> Result<PushOutcome> {
        let of = || SharingError::of(&self.shared.name);
        let there = self.shared.remote.advertise().map_err(of())?;
        for (name, to) in &self.wish.to {
            would_move(project, &self.wish, &there.refs, name, *to).map_err(of())?;
        }
        let moved = self.wish.to.iter().filter_map(|(name, to)| {
            let from = there.refs.get(name).copied();
            (from != *to).then(|| Pushed {
                name: name.clone(),
                from,
                to: *to,
            })
        });
        Ok(PushOutcome {
            moved: moved.collect(),
            remote: self.shared.name,
            transfer: Transfer::default(),
            follow: Vec::new(),
            in_conflict: self.in_conflict,
        })
    }

    /// Sends what the remote does not have, then moves its timelines and tags: all of them or none.
    ///
    /// # Errors
    /// `Remote`, with `NotForward` where the remote has commits that are not here.
    pub fn send(
        self,
        project: &Project,
        caller: &Caller<'_>,
        progress: &dyn Progress,
    ) -> Result<PushOutcome> {
        let Self {
            shared,
            mut remotes,
            wish,
            timelines,
            in_conflict,
        } = self;
        let report = remote::push(&*shared.remote, project.store(), &wish, progress);
        let report = report.map_err(SharingError::of(&shared.name))?;
        // Nothing that follows is undone by an error of this side: the remote has it.
        let mut transaction = project.transaction(caller)?;
        let before = transaction.refs()?;
        let mut is_moved = false;
        for (full, commit) in &wish.to {
            let Some(name) = full.strip_prefix(TIMELINES) else {
                continue;
            };
            let name = tracking(&shared.name, name);
            if before.get(&name).copied() != *commit {
                transaction.view.set(&name, *commit);
                is_moved = true;
            }
        }
        if is_moved {
            transaction.publish(caller, Vec::new(), None)?;
        } else {
            drop(transaction);
        }
        let mut follow = Vec::new();
        for (here, there) in timelines {
            if remotes.upstream(&here).is_none() {
                let upstream = Upstream {
                    remote: shared.name.clone(),
                    follows: there,
                };
                remotes.follow(&here, Some(upstream));
                follow.push(here);
            }
        }
        if !follow.is_empty() {
            remotes.save(project)?;
        }
        let moved = report.moved.into_iter();
        Ok(PushOutcome {
            moved: moved
                .map(|(name, to)| Pushed {
                    name,
                    from: to.from,
                    to: to.to,
                })
                .collect(),
            remote: shared.name,
            transfer: Transfer {
                records: report.records,
                bytes: report.bytes,
            },
            follow,
            in_conflict,
        })
    }
}

/// Files in conflict in any of these commits.
fn in_conflict<'c>(
    project: &Project,
    commits: impl Iterator<Item = &'c CommitId>,
) -> Result<Vec<RepoPath>> {
    let mut found = BTreeSet::new();
    for commit in commits {
        let tree = project.store().get::<Commit>(*commit)?.tree;
        let files = files_of(project, tree)?.into_iter();
        let open = files.filter(|(_, entry)| entry.conflict.is_some());
        found.extend(open.map(|(path, _)| path));
    }
    Ok(found.into_iter().collect())
}

/// Whether the remote would move a ref so, as far as can be told from here.
fn would_move(
    project: &Project,
    wish: &remote::PushRequest,
    there: &BTreeMap<String, CommitId>,
    name: &str,
    to: Option<CommitId>,
) -> Result<(), RemoteError> {
    let found = there.get(name).copied();
    if let Some(expected) = wish
        .from
        .get(name)
        .copied()
        .filter(|expected| *expected != found)
    {
        return Err(RemoteError::Moved(vec![Moved {
            name: name.to_owned(),
            expected,
            found,
        }]));
    }
    let (Some(from), Some(to)) = (found, to) else {
        return Ok(());
    };
    let is_forward = name.starts_with(TIMELINES)
        // What is not here is not among what the new commit stands on.
        && is_ancestor(project.store(), from, to).unwrap_or(false);
    match from == to || is_forward || wish.force {
        true => Ok(()),
        false => Err(RemoteError::NotForward(name.to_owned())),
    }
}

/// The timeline or tag of that name, and where it stands.
pub(super) fn find(
    refs: &BTreeMap<String, CommitId>,
    name: &str,
    head: &Head,
) -> Result<(RefKind, CommitId)> {
    for kind in [RefKind::Timeline, RefKind::Tag] {
        if let Some(commit) = refs.get(&kind.full(name)) {
            return Ok((kind, *commit));
        }
    }
    if *head == Head::Timeline(name.to_owned()) {
        return Err(SharingError::NothingToPush(name.to_owned()));
    }
    Err(HistoryError::UnknownRef {
        kind: RefKind::Timeline.name(),
        name: name.to_owned(),
        nearest: nearest_name(name, RefKind::Timeline.names(refs)),
    }
    .into())
}
