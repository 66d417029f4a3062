//! `aiut hydrate`: contents that are elsewhere come here, and stay.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::partial::hold;
use super::remotes::Remotes;
use super::{Result, SharingError};
use crate::history::{Caller, Project, files_of};
use crate::object::{Commit, FileId, RepoPath};
use crate::workflow::repository::Scope;

/// What is to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HydrateRequest {
    /// Files of the current commit.
    pub scope: Scope,
    /// Whether all versions of all files come, and what is pushed from now on.
    pub all: bool,
    /// Whether nothing comes, and it is only told.
    pub dry_run: bool,
}

/// What came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HydrateOutcome {
    /// Contents that were not here.
    pub contents: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files of the current commit that have them.
    pub files: Vec<RepoPath>,
}

/// Gets contents that are elsewhere, and writes the files of the current commit that have them.
///
/// # Errors
/// `NoSuchPath`; `NotHere` says how much it is, and why it cannot be had.
pub fn hydrate(
    project: &Project,
    caller: &Caller<'_>,
    request: &HydrateRequest,
) -> Result<HydrateOutcome> {
    let store = project.store();
    let promised = store.promised()?;
    let (_, view) = project.view()?;
    let files = match view.head_commit() {
        Some(commit) => files_of(project, store.get::<Commit>(commit)?.tree)?,
        None => BTreeMap::new(),
    };
    request.scope.check(files.keys(), "the last commit")?;
    let meant = files.iter().filter(|(path, entry)| {
        (request.all || request.scope.contains(path)) && promised.has_file(entry.id)
    });
    let mut wanted: BTreeSet<FileId> = meant.clone().map(|(_, entry)| entry.id).collect();
    if request.all {
        wanted.extend(promised.files().map(|(id, _)| id));
    }
    let mut outcome = HydrateOutcome {
        files: meant.map(|(path, _)| path.clone()).collect(),
        ..HydrateOutcome::default()
    };
    for id in &wanted {
        if !store.contains_file(*id)? {
            outcome.contents += 1;
            outcome.bytes += promised.bytes_of(*id).unwrap_or(0);
        }
    }
    if request.dry_run {
        return Ok(outcome);
    }
    let wanted: Vec<FileId> = wanted.into_iter().collect();
    hold(project, caller, &wanted)?;
    if request.all {
        let mut remotes = Remotes::load(project)?;
        let names: Vec<String> = remotes.names().map(str::to_owned).collect();
        names.iter().for_each(|name| remotes.keep(name, None));
        remotes.save(project)?;
    }
    Ok(outcome)
}

/// Refuses to forget a remote while contents are there alone, as far as is known.
///
/// # Errors
/// `StillNeeded`.
pub fn check_spared(project: &Project, remotes: &Remotes, name: &str) -> Result<()> {
    let others = remotes.names().filter(|other| *other != name).count();
    if others > 0 && remotes.keeps(name).is_none() {
        return Ok(());
    }
    let (store, mut files, mut bytes) = (project.store(), 0, 0);
    let promised = store.promised()?;
    for (id, length) in promised.files() {
        if !store.contains_file(id)? {
            files += 1;
            bytes += length.unwrap_or(0);
        }
    }
    match files {
        0 => Ok(()),
        _ => Err(SharingError::StillNeeded {
            remote: name.to_owned(),
            files,
            bytes,
        }),
    }
}
