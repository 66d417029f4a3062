//! Changes of files that have another name on the other side.

use std::collections::HashMap;

use crate::history::{FileEntry, FlatTree, TreeChange};
use crate::object::{FileId, RepoPath};

/// Changes from `base`, each at the path where `files` have the file now; and files that the
/// changes rename, moved along in `files` with what was done to them there. A file is the same
/// under another name where it was renamed without an edit.
pub(super) fn follow_renames(
    base: &FlatTree,
    changes: Vec<TreeChange>,
    files: &mut FlatTree,
) -> Vec<TreeChange> {
    let ours = our_renames(base, &changes, files);
    let theirs = their_renames(&changes);
    let mut followed = Vec::with_capacity(changes.len());
    for change in changes {
        if let Some(to) = ours.get(&change.path)
            && change.after.is_some()
        {
            followed.push(TreeChange {
                path: to.clone(),
                ..change
            });
            continue;
        }
        let is_edited = |path: &RepoPath| {
            files
                .get(path)
                .is_some_and(|file| Some(file) != base.get(path))
        };
        match theirs.get(&change.path) {
            // The new name of a file that we edited: it goes on from what both knew.
            Some(from) if is_edited(from) && !files.contains_key(&change.path) => {
                let edited = files.remove(from).expect("it is edited");
                files.insert(change.path.clone(), edited);
                followed.push(TreeChange {
                    before: base.get(from).copied(),
                    ..change
                });
            }
            _ => followed.push(change),
        }
    }
    // What moved along is not at its old name any more: to take it out there is nothing to do.
    followed.retain(|change| {
        let is_gone = change.after.is_none() && !files.contains_key(&change.path);
        !is_gone || !theirs.values().any(|from| *from == change.path)
    });
    followed
}

/// What we renamed of the files that the changes touch: from the old name to the new one.
fn our_renames(
    base: &FlatTree,
    changes: &[TreeChange],
    files: &FlatTree,
) -> HashMap<RepoPath, RepoPath> {
    let gone = changes.iter().filter_map(|change| {
        let before = change.before?;
        let is_gone = !files.contains_key(&change.path);
        is_gone.then(|| (change.path.clone(), before.id))
    });
    let gone: Vec<_> = gone.collect();
    if gone.is_empty() {
        return HashMap::new();
    }
    let is_new = |(path, _): &(&RepoPath, &FileEntry)| !base.contains_key(*path);
    one_to_one(
        gone,
        files
            .iter()
            .filter(is_new)
            .map(|(path, file)| (path.clone(), file.id)),
    )
}

/// What the changes rename: from the new name to the old one.
fn their_renames(changes: &[TreeChange]) -> HashMap<RepoPath, RepoPath> {
    let gone = changes.iter().filter(|change| change.after.is_none());
    let gone = gone.filter_map(|change| Some((change.path.clone(), change.before?.id)));
    let came = changes.iter().filter(|change| change.before.is_none());
    let came = came.filter_map(|change| Some((change.path.clone(), change.after?.id)));
    let renamed = one_to_one(gone.collect(), came);
    renamed.into_iter().map(|(from, to)| (to, from)).collect()
}

/// The pairs of old and new name whose content nothing else shares.
fn one_to_one(
    gone: Vec<(RepoPath, FileId)>,
    came: impl Iterator<Item = (RepoPath, FileId)>,
) -> HashMap<RepoPath, RepoPath> {
    let mut by_content: HashMap<FileId, (Vec<RepoPath>, Vec<RepoPath>)> = HashMap::new();
    for (path, id) in gone {
        by_content.entry(id).or_default().0.push(path);
    }
    for (path, id) in came {
        if let Some(found) = by_content.get_mut(&id) {
            found.1.push(path);
        }
    }
    let pairs = by_content.into_values().filter_map(|found| match found {
        (mut from, mut to) if from.len() == 1 && to.len() == 1 => Some((from.pop()?, to.pop()?)),
        _ => None,
    });
    pairs.collect()
}
