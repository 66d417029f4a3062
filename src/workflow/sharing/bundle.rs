//! `aiut export bundle`: timelines and tags with all that they lead to, in one file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::fetch::current_timeline;
use super::push::find;
use super::{Result, SharingError};
use crate::base::progress::Progress;
use crate::history::{Caller, Project, is_ancestor};
use crate::object::{CommitId, FIRST_TIMELINE, TAGS, TIMELINES};
use crate::remote::{BundleOf, write_bundle};

/// What is to be put into one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleRequest<'r> {
    /// The file; absolute.
    pub path: &'r Path,
    /// Timelines and tags by their short names; none is all.
    pub names: &'r [String],
    /// Revisions that whoever gets it has already, with all that they stand on.
    pub since: &'r [String],
    /// Whether a file that is there is replaced.
    pub force: bool,
}

/// A bundle that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BundleOutcome {
    /// The file, as text shows it.
    pub path: String,
    /// Timelines and tags in it, by their full names.
    pub refs: BTreeMap<String, CommitId>,
    /// Commits that it builds upon and does not hold.
    pub since: Vec<CommitId>,
    /// Objects and pieces of files in it.
    pub records: usize,
    /// Its length.
    pub bytes: u64,
}

/// Writes a bundle, or nothing.
///
/// # Errors
/// `BadBundle`, `NothingToPush`; as [`Project::resolve`].
pub fn bundle(
    project: &Project,
    caller: &Caller<'_>,
    request: BundleRequest<'_>,
    progress: &dyn Progress,
) -> Result<BundleOutcome> {
    let path = request.path;
    let bad = |reason: &str| SharingError::BadBundle {
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    if folder_of(path).starts_with(project.root().canonicalize().unwrap_or_default()) {
        return Err(bad(
            "it lies in the project, and the next commit would take it in",
        ));
    }
    match path.symlink_metadata() {
        Ok(found) if !found.is_file() => return Err(bad("something that is no file is there")),
        Ok(_) if !request.force => return Err(bad("it is there already; --force replaces it")),
        _ => {}
    }
    let all = project.refs()?;
    let (_, view) = project.view()?;
    let mut refs = BTreeMap::new();
    for name in request.names {
        let (kind, commit) = find(&all, name, view.head())?;
        refs.insert(kind.full(name), commit);
    }
    if request.names.is_empty() {
        let is_shared = |name: &String| name.starts_with(TIMELINES) || name.starts_with(TAGS);
        refs.extend(all.into_iter().filter(|(name, _)| is_shared(name)));
    }
    let mut since = Vec::new();
    for revision in request.since {
        since.push(project.resolve(revision, caller.clock.now())?.commit);
    }
    // What it would bring nothing of is left out: it could not be fetched without the commit either.
    for known in &since {
        let mut left = BTreeMap::new();
        for (name, commit) in refs {
            if !is_ancestor(project.store(), commit, *known)? {
                left.insert(name, commit);
            }
        }
        refs = left;
    }
    if refs.is_empty() {
        return Err(bad(match since.is_empty() {
            true => "there is no commit to put into it",
            false => "nothing was committed since",
        }));
    }
    let timelines = || refs.keys().filter_map(|name| name.strip_prefix(TIMELINES));
    let current = current_timeline(project)?;
    let head = timelines().find(|name| current.as_deref() == Some(name));
    let head = head
        .or_else(|| timelines().next())
        .unwrap_or(FIRST_TIMELINE);
    let of = BundleOf {
        project: project.store().project(),
        head: head.to_owned(),
        refs: refs.clone(),
        needs: since.clone(),
    };
    let shown = path.display().to_string();
    let written = write_bundle(project.store(), &of, path, progress);
    let written = written.map_err(SharingError::of(&shown))?;
    Ok(BundleOutcome {
        path: shown,
        refs,
        since,
        records: written.records,
        bytes: written.bytes,
    })
}

/// The folder that a file is to lie in, as the system has it.
fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().unwrap_or(path);
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}
