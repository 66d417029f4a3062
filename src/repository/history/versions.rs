//! What lay at some paths over time.

use std::collections::{BTreeSet, HashMap};

use super::Result;
use super::log::log;
use crate::object::{CommitId, RepoPath, Timestamp, Tree, TreeEntry, TreeId};
use crate::store::Store;

/// What a commit brought to a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Where.
    pub path: RepoPath,
    /// What: a file or a folder.
    pub entry: TreeEntry,
    /// The commit.
    pub commit: CommitId,
    /// When it was committed.
    pub time: Timestamp,
}

/// What the commits that `starts` stand on brought to these paths, the newest first. Goes through the
/// history once for all of them, and reads only folders that changed.
///
/// # Errors
/// `Store`.
pub fn versions(
    store: &Store,
    starts: &[CommitId],
    paths: &BTreeSet<&RepoPath>,
) -> Result<Vec<Version>> {
    let mut found = Vec::new();
    if paths.is_empty() {
        return Ok(found);
    }
    let wanted: Vec<Wanted> = paths.iter().map(|path| (*path, path.as_str())).collect();
    let logged = log(store, starts, &[], usize::MAX)?;
    let trees: HashMap<CommitId, TreeId> =
        logged.iter().map(|one| (one.id, one.commit.tree)).collect();
    for one in &logged {
        // What a merge has from a later parent is found there.
        let first = one.commit.parents.first();
        let before = first.and_then(|parent| trees.get(parent)).copied();
        below(
            store,
            before,
            one.commit.tree,
            &wanted,
            &mut |path, entry| {
                found.push(Version {
                    path: path.clone(),
                    entry: entry.clone(),
                    commit: one.id,
                    time: one.commit.time,
                });
            },
        )?;
    }
    Ok(found)
}

/// A path, and what of it lies below a folder.
type Wanted<'p> = (&'p RepoPath, &'p str);

fn name<'p>((_, rest): &Wanted<'p>) -> &'p str {
    rest.split_once('/').map_or(*rest, |(name, _)| name)
}

/// Goes as deep as these paths are.
fn below(
    store: &Store,
    before: Option<TreeId>,
    after: TreeId,
    wanted: &[Wanted<'_>],
    found: &mut dyn FnMut(&RepoPath, &TreeEntry),
) -> Result<()> {
    if before == Some(after) {
        return Ok(());
    }
    let before = before.map(|id| store.get::<Tree>(id)).transpose()?;
    let after = store.get::<Tree>(after)?;
    for group in wanted.chunk_by(|one, next| name(one) == name(next)) {
        let name = name(&group[0]);
        let old = before.as_ref().and_then(|tree| tree.get(name));
        let Some(new) = after.get(name).filter(|new| Some(*new) != old) else {
            continue;
        };
        let mut deeper = Vec::new();
        for (path, rest) in group {
            match rest.split_once('/') {
                Some((_, rest)) => deeper.push((*path, rest)),
                None => found(path, new),
            }
        }
        if let Some(folder) = new.tree_id().filter(|_| !deeper.is_empty()) {
            below(
                store,
                old.and_then(TreeEntry::tree_id),
                folder,
                &deeper,
                found,
            )?;
        }
    }
    Ok(())
}
