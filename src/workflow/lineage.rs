//! What a file was called before.

use crate::diff::{LIMIT_BYTES, Side, Status, as_text, likeness, pair};
use crate::history::{FileEntry, Project, Result, diff_trees, gone_files};
use crate::object::{RepoPath, TreeId};

/// The name that a file of `tree` has in `before`, where it has another one there: by its content, else by
/// half of its lines, as `aiut diff` tells a renamed file.
///
/// # Errors
/// What the store says.
pub(super) fn renamed_from(
    project: &Project,
    before: TreeId,
    tree: TreeId,
    path: &RepoPath,
) -> Result<Option<RepoPath>> {
    let store = project.store();
    let gone = gone_files(store)?;
    let side = |path: &RepoPath, entry: FileEntry| Side {
        path: path.clone(),
        id: entry.id,
        size: entry.size,
        exec: entry.exec,
    };
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for change in diff_trees(store, Some(before), Some(tree))? {
        match (change.before, change.after) {
            (Some(entry), None) => removed.push(side(&change.path, entry)),
            (None, Some(entry)) => added.push(side(&change.path, entry)),
            _ => {}
        }
    }
    let mut failure = None;
    let mut read = |side: &Side| -> Option<Vec<u8>> {
        if side.size > LIMIT_BYTES || gone.contains(&side.id) {
            return None;
        }
        match store.read_file(side.id, LIMIT_BYTES) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                failure.get_or_insert(error);
                None
            }
        }
    };
    let found = pair(removed, added, |old, new| {
        let (old, new) = (read(old)?, read(new)?);
        Some(likeness(as_text(&old)?, as_text(&new)?))
    });
    if let Some(error) = failure {
        return Err(error.into());
    }
    let renamed = found.into_iter().find_map(|(status, old, new)| {
        let is_it = status == Status::Renamed && new.is_some_and(|new| new.path == *path);
        old.filter(|_| is_it)
    });
    Ok(renamed.map(|old| old.path))
}
