//! `aiut cat` and `aiut ls`.

use std::io::Write;

use serde::Serialize;

use super::{RepositoryError, Result};
use crate::history::{
    FileEntry, HistoryError, Project, entry_at, files_of, gone_files, nearest, read_tree,
};
use crate::object::{CommitId, EntryId, FileId, RepoPath, Timestamp, TreeId};

/// A file of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// Where.
    pub path: RepoPath,
    /// What: the id equals what `b3sum` prints.
    #[serde(flatten)]
    pub entry: FileEntry,
}

/// Writes the bytes of a file in a revision, `REV:PATH`, or of a content by its whole id, to
/// `out`, which has room for so many bytes, if that is known. Returns their number.
///
/// # Errors
/// `NoSuchPath` with a suggestion; `IsAFolder`; `NoRoom`, before anything is written; as
/// [`Project::resolve`]; what the store says, which is also how a failing `out` is told.
pub fn cat(
    project: &Project,
    revision: &str,
    now: Timestamp,
    room: Option<u64>,
    out: &mut dyn Write,
) -> Result<u64> {
    let mut out = out;
    let id = match revision.parse::<FileId>() {
        Ok(id) if project.store().can_have_file(id)? => id,
        _ => {
            let resolved = project.resolve(revision, now)?;
            let path = resolved.path.ok_or(RepositoryError::NoPath)?;
            let id = file_at(project, resolved.commit, resolved.tree, &path)?;
            if gone_files(project.store())?.contains(&id) {
                return Err(HistoryError::FileLetGo(path).into());
            }
            id
        }
    };
    if let Some(free) = room {
        let needed = project.store().file_size(id)?;
        if needed > free {
            return Err(HistoryError::NoRoom { needed, free }.into());
        }
    }
    Ok(project.store().copy_file(id, &mut out)?)
}

/// The files of a revision, sorted by path: all, or those in the folder that follows its colon.
/// Before the first commit, HEAD has none.
///
/// # Errors
/// `NoSuchPath` with a suggestion; as [`Project::resolve`].
pub fn ls(project: &Project, revision: &str, now: Timestamp) -> Result<Vec<FileReport>> {
    let resolved = match project.resolve(revision, now) {
        Err(HistoryError::Unborn(_)) if revision == "HEAD" => return Ok(Vec::new()),
        resolved => resolved?,
    };
    let files = files_of(project, resolved.tree)?;
    let is_asked = |path: &RepoPath| match &resolved.path {
        Some(folder) => lies_in(path, folder),
        None => true,
    };
    let listed = files.into_iter().filter(|(path, _)| is_asked(path));
    let listed: Vec<_> = listed
        .map(|(path, entry)| FileReport { path, entry })
        .collect();
    match resolved.path {
        Some(path) if listed.is_empty() => Err(no_such_path(
            project,
            resolved.commit,
            resolved.tree,
            &path,
        )?),
        _ => Ok(listed),
    }
}

fn lies_in(path: &RepoPath, folder: &RepoPath) -> bool {
    let rest = path.as_str().strip_prefix(folder.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn file_at(project: &Project, commit: CommitId, tree: TreeId, path: &RepoPath) -> Result<FileId> {
    match entry_at(project.store(), tree, path)?.map(|entry| entry.id) {
        Some(EntryId::File(id)) => Ok(id),
        Some(EntryId::Dir(_)) => Err(RepositoryError::IsAFolder {
            path: path.to_string(),
        }),
        None => Err(no_such_path(project, commit, tree, path)?),
    }
}

fn no_such_path(
    project: &Project,
    commit: CommitId,
    tree: TreeId,
    path: &RepoPath,
) -> Result<RepositoryError> {
    let files = read_tree(project.store(), tree)?;
    let nearest = nearest(path.as_str(), files.keys().map(RepoPath::as_str));
    let place = format!("commit {}", commit.short());
    Ok(HistoryError::NoSuchPath {
        path: path.to_string(),
        place,
        nearest,
    }
    .into())
}
