//! A copy that has a part of what its remote has: which part, and what comes with a fetch.
//!
//! ```text
//! objects ─► what they name and is not here is promised, durably ─► they are added
//!                 │ rows that are to be got: what the copy keeps
//!                 ▼
//!            contents ─► files in the folder ─► taken off the list
//! ```
//! Between any two steps the copy is whole, and the next fetch goes on with the rows that are to be got.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::place::Shared;
use super::remotes::{Keeps, Remotes};
use super::{Result, SharingError};
use crate::base::progress::Progress;
use crate::history::{Caller, Project, Survey, files_of};
use crate::object::{Commit, CommitId, FileId, RepoPath, TAGS, TIMELINES};
use crate::pipeline::{APPROVALS, NUMBERS, claims};
use crate::remote::{self, FetchRequest, Fetched, Left, LeftFile, Part, RemoteError};
use crate::workflow::settings::PROJECT_FILE;
use crate::worktree::{Change, IGNORE_FILE, is_matched};

/// How often what was got and let go of meanwhile is got again.
const TRIES: usize = 3;

/// What else than new commits is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct How {
    /// Only so many commits from each ref on.
    pub(super) depth: Option<u32>,
    /// The history that this copy ends before.
    pub(super) deepen: bool,
}

impl Keeps {
    /// Whether a file comes whatever path it has, by what is said of it.
    fn wants(&self, file: &LeftFile) -> bool {
        let is_kept = |name: &String| match self.only.is_empty() {
            true => self.media || !is_media(name),
            false => is_own(name),
        };
        file.names.is_empty() || file.names.iter().any(is_kept)
    }

    /// Whether a file comes that has this path.
    fn has(&self, path: &RepoPath) -> bool {
        let mut only = self.only.iter();
        let is_named = self.only.is_empty() || only.any(|only| is_matched(only, path.as_str()));
        is_named && (self.media || !claims(path))
    }
}

/// Whether it is a picture, a clip or a sound, by its name.
pub(super) fn is_media(name: &str) -> bool {
    RepoPath::new(name).is_ok_and(|path| claims(&path))
}

/// Whether aiut reads it from the folder, whatever a command is about.
pub(super) fn is_own(name: &str) -> bool {
    [PROJECT_FILE, IGNORE_FILE, NUMBERS, APPROVALS].contains(&name)
}

/// Gets what the remote has and this copy is to have.
pub(super) fn bring(
    project: &Project,
    caller: &Caller<'_>,
    shared: &Shared,
    how: How,
    progress: &dyn Progress,
) -> Result<Fetched> {
    let store = project.store();
    let (_, view) = project.view()?;
    let mut tips: Vec<CommitId> = view.refs(store)?.into_values().collect();
    tips.extend(view.head_commit());
    let is_new = tips.is_empty();
    let promised = store.promised()?;
    let remotes = Remotes::load(project)?;
    let keeps = remotes.keeps(&shared.name);
    let ends: Vec<CommitId> = promised.commits.iter().copied().collect();
    let came = RefCell::new(BTreeSet::new());
    let promise = |left: &Left| -> Result<(), RemoteError> {
        store.promise(|list| {
            for (id, file) in &left.files {
                list.add_file(*id, file.bytes);
                list.want(*id, keeps.is_none_or(|keeps| keeps.wants(file)));
            }
            list.commits.extend(&left.commits);
        })?;
        came.borrow_mut().extend(left.files.keys().copied());
        Ok(())
    };
    let objects_alone = keeps.is_some() || promised.files().next().is_some();
    let part = Part {
        depth: how.depth,
        objects_alone,
        promise: &promise,
    };
    let is_part = objects_alone || how.depth.is_some();
    let wanted = |name: &str| name.starts_with(TIMELINES) || name.starts_with(TAGS);
    let request = FetchRequest {
        tips: &tips,
        choose: &wanted,
        ends: &ends,
        deepen: if how.deepen { &ends } else { &[] },
        part: is_part.then_some(part),
    };
    let of = || SharingError::of(&shared.name);
    let scratch = project.tree().own().path();
    let fetched = remote::fetch_part(&*shared.remote, store, &request, scratch, progress);
    let mut fetched = fetched.map_err(of())?;
    if how.deepen {
        let mut here = Vec::new();
        for id in ends {
            here.extend(store.has::<Commit>(id)?.then_some(id));
        }
        store.promise(|list| list.commits.retain(|id| !here.contains(id)))?;
    }
    if let Some(keeps) = keeps.filter(|keeps| !keeps.only.is_empty()) {
        // One that died before this has told nobody what came.
        let came = came.into_inner();
        let is_of_it = |id: &FileId| is_new || came.contains(id);
        let mut found = BTreeSet::new();
        let timelines = fetched.there.refs.iter();
        for (_, commit) in timelines.filter(|(name, _)| name.starts_with(TIMELINES)) {
            let tree = store.get::<Commit>(*commit)?.tree;
            let files = files_of(project, tree)?.into_iter();
            let files = files.filter(|(path, entry)| keeps.has(path) && is_of_it(&entry.id));
            found.extend(files.map(|(_, entry)| entry.id));
        }
        store.promise(|list| found.iter().for_each(|id| list.want(*id, true)))?;
    }
    let wanted = store.promised()?.wanted();
    if !wanted.is_empty() {
        let mut missing = Vec::new();
        for id in &wanted {
            missing.extend(store.is_elsewhere(*id)?.then_some(*id));
        }
        let remote = &*shared.remote;
        let there = remote::files_at(remote, &missing).map_err(of())?;
        let got = remote::fetch_files(remote, store, &there, scratch, progress);
        let (records, bytes) = got.map_err(of())?;
        fetched.records += records;
        fetched.bytes += bytes;
        hold(project, caller, &wanted)?;
    }
    Ok(fetched)
}

/// Files are to stay from now on: they are got, unless they are here, written into the folder where the current
/// commit has them, and taken off the list of what is elsewhere, last of all. Returns how many were written.
pub(super) fn hold(project: &Project, caller: &Caller<'_>, files: &[FileId]) -> Result<usize> {
    let store = project.store();
    let wanted: BTreeSet<FileId> = files.iter().copied().collect();
    let mut left: Vec<FileId> = files.to_vec();
    let mut written = 0;
    for _ in 0..TRIES {
        store.supply(&left)?;
        written += project.lay_out(caller, |project| {
            let (_, view) = project.view()?;
            let Some(commit) = view.head_commit() else {
                return Ok(Vec::new());
            };
            let tree = project.store().get::<Commit>(commit)?.tree;
            let survey = Survey::of_changes(project, Some(tree))?;
            let absent = survey.left_out();
            let absent = absent.filter(|(_, entry)| wanted.contains(&entry.id));
            let change = |(path, entry): (&RepoPath, &crate::history::FileEntry)| Change {
                path: path.clone(),
                before: None,
                after: Some(entry.content()),
                seen: None,
            };
            Ok(absent.map(change).collect())
        })?;
        left = store.keep_files(&left)?;
        if left.is_empty() {
            break;
        }
    }
    Ok(written)
}
