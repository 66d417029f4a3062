//! `aiut clone`, and the making of a folder that a project is shared at.

use std::path::Path;

use serde::Serialize;

use super::fetch::Transfer;
use super::partial::{How, bring};
use super::place::{Around, Place};
use super::remotes::{Keeps, ORIGIN, Remotes, Upstream, check_name};
use super::tracking::remember;
use super::{Result, SharingError};
use crate::base::progress::Progress;
use crate::history::{Caller, HistoryError, Project, RefKind, Survey, nearest_name};
use crate::object::{Head, ProjectId};
use crate::remote::FolderRemote;
use crate::store::Store;
use crate::workflow::repository::{HeadReport, LeftOut, go, tree_of};
use crate::worktree::AIUT_FOLDER;

/// What is to be cloned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloneRequest<'r> {
    /// From where.
    pub place: &'r Place,
    /// Into which folder: made if missing, else empty.
    pub root: &'r Path,
    /// What the place is called in the clone; none is `origin`.
    pub name: Option<&'r str>,
    /// The timeline to begin on; none is the one that the remote stands on.
    pub timeline: Option<&'r str>,
    /// What of it comes; none is all.
    pub keeps: Option<&'r Keeps>,
    /// Only so many commits from each timeline and tag on.
    pub depth: Option<u32>,
    /// The id of the new copy.
    pub id: ProjectId,
}

/// A new copy of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CloneOutcome {
    /// Its folder, as text shows it.
    pub root: String,
    /// From where it came.
    pub place: String,
    /// Where it stands.
    pub head: HeadReport,
    /// Timelines that the remote has.
    pub timelines: usize,
    /// Files in the folder.
    pub files: usize,
    /// Files that are not in the folder, as their contents are at the place alone.
    pub left_out: LeftOut,
    /// How many commits the history ends before; 0 where all of it is here.
    pub ends_before: usize,
    /// What travelled.
    pub transfer: Transfer,
}

/// Makes a copy of a shared project, with its whole history, and checks out one of its timelines.
///
/// # Errors
/// `InTheWay`, `Remote`, `NoSuchTimeline`. What was made is taken away again.
pub fn clone(
    caller: &Caller<'_>,
    around: &Around,
    request: CloneRequest<'_>,
    progress: &dyn Progress,
) -> Result<CloneOutcome> {
    let name = request.name.unwrap_or(ORIGIN);
    check_name(name)?;
    // A wrong place is told before anything is made.
    let shared = request.place.open(name, around)?;
    let there = shared.remote.advertise().map_err(SharingError::of(name))?;
    let has = |name: &str| there.refs.contains_key(&RefKind::Timeline.full(name));
    // The timeline that a place stands on may be one that nothing was pushed to.
    let usual = match has(&there.head) {
        true => Some(there.head.as_str()),
        false => RefKind::Timeline.names(&there.refs).next(),
    };
    let timeline = request.timeline.or(usual).unwrap_or(&there.head);
    if request.timeline.is_some() && !has(timeline) {
        return Err(SharingError::NoSuchTimeline {
            remote: name.to_owned(),
            name: timeline.to_owned(),
            nearest: nearest_name(timeline, RefKind::Timeline.names(&there.refs)),
        });
    }
    let (project, made) = lay_out(caller, &request, name)?;
    let filled = fill(&project, caller, &shared, &request, timeline, progress);
    if filled.is_err() {
        made.take_away(request.root);
    }
    filled
}

/// What a clone that failed takes away again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    /// The folder and all in it.
    Folder,
    /// `.aiut` in a folder that was there.
    Inside,
    /// Nothing: one that was interrupted goes on.
    GoesOn,
}

impl Made {
    /// What cannot be removed is left: the error of the clone is the one to tell.
    fn take_away(self, root: &Path) {
        let _ = match self {
            Self::Folder => std::fs::remove_dir_all(root),
            Self::Inside => std::fs::remove_dir_all(root.join(AIUT_FOLDER)),
            Self::GoesOn => Ok(()),
        };
    }
}

/// Whether a clone that died at its very beginning left what is in this folder.
fn was_begun(root: &Path) -> Result<bool> {
    let begun = Store::was_begun(&root.join(AIUT_FOLDER)).map_err(HistoryError::from)?;
    Ok(begun)
}

/// An empty project with its remote: a new one, or the one that an interrupted clone of the same place left.
fn lay_out(caller: &Caller<'_>, request: &CloneRequest<'_>, name: &str) -> Result<(Project, Made)> {
    let root = request.root;
    let io = |source| SharingError::Io {
        action: "read",
        path: root.to_owned(),
        source,
    };
    let in_the_way = || SharingError::InTheWay(root.to_owned());
    // One that died while it wrote files is put back by opening it.
    let known = match Project::open(root) {
        Ok(project) => Some(project),
        Err(HistoryError::NotAProject(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let mut names = match std::fs::read_dir(root) {
        Ok(entries) => Some(entries),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            return Err(in_the_way());
        }
        Err(error) => return Err(io(error)),
    };
    // One that died as it was begun left a folder that is no project yet, and that holds nothing.
    let is_ours = known.is_some() || was_begun(root)?;
    let others = names.as_mut().map(|names| {
        let others = names
            .filter(|name| !matches!(name, Ok(name) if is_ours && name.file_name() == AIUT_FOLDER));
        others.take(1).count()
    });
    let made = match (known, others) {
        (_, Some(1..)) => return Err(in_the_way()),
        (Some(project), _) => {
            let mut remotes = Remotes::load(&project)?;
            let from = remotes.place(name).ok();
            let is_it = from.as_ref() == Some(request.place)
                || (from.is_none() && remotes.names().next().is_none());
            if !is_it || !project.refs()?.is_empty() {
                return Err(in_the_way());
            }
            if from.is_none() {
                remotes.add(name, request.place)?;
            }
            remotes.keep(name, request.keeps.cloned());
            remotes.save(&project)?;
            return Ok((project, Made::GoesOn));
        }
        (None, Some(_)) => Made::Inside,
        (None, None) => Made::Folder,
    };
    let lay_out = || {
        let project = Project::init(root, caller, request.id)?;
        let mut remotes = Remotes::default();
        remotes.add(name, request.place)?;
        remotes.keep(name, request.keeps.cloned());
        remotes.save(&project)?;
        Ok(project)
    };
    match lay_out() {
        Ok(project) => Ok((project, made)),
        Err(error) => {
            // A project around it is not this one's to touch.
            if !matches!(&error, SharingError::Repository(_)) {
                made.take_away(root);
            }
            Err(error)
        }
    }
}

/// Brings everything, and checks out a timeline: one operation.
fn fill(
    project: &Project,
    caller: &Caller<'_>,
    shared: &super::Shared,
    request: &CloneRequest<'_>,
    timeline: &str,
    progress: &dyn Progress,
) -> Result<CloneOutcome> {
    let how = How {
        depth: request.depth,
        ..How::default()
    };
    let fetched = bring(project, caller, shared, how, progress)?;
    let refs = &fetched.there.refs;
    let full = RefKind::Timeline.full(timeline);
    let commit = refs.get(&full).copied();
    let mut transaction = project.transaction(caller)?;
    remember(&mut transaction, &shared.name, refs, false)?;
    let head = Head::Timeline(timeline.to_owned());
    transaction.view.stand_on(project.store(), head)?;
    transaction.set_ref(&full, None, commit)?;
    let (changes, _) = go(project, None, commit, false)?;
    let files = changes.len();
    let head = HeadReport::of(&transaction.view);
    // Before the one visible step, so that whoever sees the timeline sees what it follows.
    let mut remotes = Remotes::load(project)?;
    let upstream = Upstream {
        remote: shared.name.clone(),
        follows: timeline.to_owned(),
    };
    remotes.follow(timeline, Some(upstream));
    remotes.save(project)?;
    transaction.publish(caller, changes, None)?;
    let left_out = LeftOut::of(
        &Survey::of_changes(project, tree_of(project, commit)?)?,
        &|_| true,
    );
    Ok(CloneOutcome {
        root: project.root().to_string_lossy().into_owned(),
        place: request.place.to_string(),
        head,
        timelines: RefKind::Timeline.names(refs).count(),
        files,
        left_out,
        ends_before: project.store().promised()?.commits.len(),
        transfer: Transfer::of(&fetched),
    })
}

/// Makes `folder`, made if missing, a place that a project is shared at.
///
/// # Errors
/// `Remote`, where something is there already.
pub fn share(folder: &Path, id: ProjectId) -> Result<()> {
    // Its files would be taken for the project's.
    if let Ok(outer) = Project::root_around(folder) {
        return Err(HistoryError::Nested {
            inner: folder.to_owned(),
            outer,
        }
        .into());
    }
    let is_free = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    if !is_free {
        return Err(SharingError::InTheWay(folder.to_owned()));
    }
    let name = folder.display().to_string();
    FolderRemote::create(folder, id).map_err(SharingError::of(&name))
}
