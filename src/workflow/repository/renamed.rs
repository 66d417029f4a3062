//! Changes of files that have another name on the other side.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::Result;
use super::conflicts::why;
use super::join::{Joined, collision};
use super::transplant::Met;
use crate::diff::{LIMIT_BYTES, Side, Status, likeness, pair};
use crate::history::{FileEntry, FlatTree, Project, TreeChange};
use crate::object::{FileId, RepoPath};

/// Changes as they are to be made here.
pub(super) struct Followed {
    /// Each at the path where the file is now.
    pub(super) changes: Vec<TreeChange>,
    /// Files of which one side has another name, and the other has none, or another one.
    clashes: Vec<Clash>,
}

/// A file under a name that the other side does not give it.
struct Clash {
    path: RepoPath,
    base: Option<FileEntry>,
    ours: Option<FileEntry>,
    theirs: Option<FileEntry>,
}

impl Followed {
    /// Keeps both sides of the files whose names collide.
    ///
    /// # Errors
    /// What the store says.
    pub(super) fn clash(
        self,
        project: &Project,
        files: &mut FlatTree,
        met: &mut Met,
    ) -> Result<()> {
        for Clash {
            path,
            base,
            ours,
            theirs,
        } in self.clashes
        {
            // What is in conflict otherwise, or there by now, is told as that.
            if files.get(&path).copied() != ours {
                continue;
            }
            if let Joined::Collides(entry, conflict) = collision(base, ours, theirs) {
                met.conflicts.push((path.clone(), why(&conflict)));
                let conflict = Some(project.store().put(&*conflict)?);
                files.insert(path, FileEntry { conflict, ..entry });
            }
        }
        Ok(())
    }
}

/// Changes from `base`, each at the path where `files` have the file now; and files that the
/// changes rename, moved along in `files` with what was done to them there. A file is the same
/// under another name where its content is, or where people wrote it and most of its lines are.
///
/// # Errors
/// What the store says.
pub(super) fn follow_renames(
    project: &Project,
    base: &FlatTree,
    changes: Vec<TreeChange>,
    files: &mut FlatTree,
) -> Result<Followed> {
    let ours = our_renames(project, base, &changes, files)?;
    let theirs = their_renames(project, &changes)?;
    let mut followed = Vec::with_capacity(changes.len());
    let mut clashes = Vec::new();
    for change in changes {
        let path = &change.path;
        if let Some(to) = ours.get(path) {
            let renamed_there = theirs.values().any(|from| from == path);
            match change.after {
                Some(_) => followed.push(TreeChange {
                    path: to.clone(),
                    ..change
                }),
                // Told with the name that it has there.
                None if renamed_there => {}
                None => {
                    let here = files.get(to).copied();
                    clashes.extend(Clash::of(to, [change.before, here, None]));
                }
            }
            continue;
        }
        let is_edited = |path: &RepoPath| {
            files
                .get(path)
                .is_some_and(|file| Some(file) != base.get(path))
        };
        match theirs.get(path) {
            Some(from) if ours.get(from) == Some(path) => followed.push(TreeChange {
                before: base.get(from).copied(),
                ..change
            }),
            // The new name of a file that we edited: it goes on from what both knew.
            Some(from) if is_edited(from) && !files.contains_key(path) => {
                let edited = files.remove(from).expect("it is edited");
                files.insert(path.clone(), edited);
                followed.push(TreeChange {
                    before: base.get(from).copied(),
                    ..change
                });
            }
            Some(from) if !files.contains_key(from) && !files.contains_key(path) => {
                let before = base.get(from).copied();
                let there = Clash::of(path, [before, None, change.after]);
                match (there, ours.get(from)) {
                    (None, _) => followed.push(change),
                    (there, None) => clashes.extend(there),
                    (there, Some(to)) => {
                        let here = files.get(to).copied();
                        clashes.extend(Clash::of(to, [before, here, None]));
                        clashes.extend(there);
                    }
                }
            }
            _ => followed.push(change),
        }
    }
    // What moved along is not at its old name any more: to take it out there is nothing to do.
    followed.retain(|change| {
        let is_gone = change.after.is_none() && !files.contains_key(&change.path);
        !is_gone || !theirs.values().any(|from| *from == change.path)
    });
    Ok(Followed {
        changes: followed,
        clashes,
    })
}

impl Clash {
    /// None for what a run made: that never collides.
    fn of(path: &RepoPath, sides: [Option<FileEntry>; 3]) -> Option<Self> {
        let is_made = |side: &Option<FileEntry>| side.is_some_and(|side| side.made_by.is_some());
        let [base, ours, theirs] = sides;
        (!sides.iter().any(is_made)).then(|| Self {
            path: path.clone(),
            base,
            ours,
            theirs,
        })
    }
}

/// What we renamed of the files that the changes touch: from the old name to the new one.
fn our_renames(
    project: &Project,
    base: &FlatTree,
    changes: &[TreeChange],
    files: &FlatTree,
) -> Result<HashMap<RepoPath, RepoPath>> {
    let gone = changes.iter().filter_map(|change| {
        let before = change.before?;
        let is_gone = !files.contains_key(&change.path);
        is_gone.then(|| (change.path.clone(), before))
    });
    let gone: Vec<_> = gone.collect();
    if gone.is_empty() {
        return Ok(HashMap::new());
    }
    let is_new = |(path, _): &(&RepoPath, &FileEntry)| !base.contains_key(*path);
    let came = files.iter().filter(is_new);
    let came = came.map(|(path, file)| (path.clone(), *file));
    renames(project, gone, came.collect())
}

/// What the changes rename: from the new name to the old one.
fn their_renames(project: &Project, changes: &[TreeChange]) -> Result<HashMap<RepoPath, RepoPath>> {
    let gone = changes.iter().filter(|change| change.after.is_none());
    let gone = gone.filter_map(|change| Some((change.path.clone(), change.before?)));
    let came = changes.iter().filter(|change| change.before.is_none());
    let came = came.filter_map(|change| Some((change.path.clone(), change.after?)));
    let renamed = renames(project, gone.collect(), came.collect())?;
    Ok(renamed.into_iter().map(|(from, to)| (to, from)).collect())
}

type Files = Vec<(RepoPath, FileEntry)>;

/// The pairs of old and new name: first of what has the same content, then of texts that people wrote and
/// that share most of their lines.
fn renames(project: &Project, gone: Files, came: Files) -> Result<HashMap<RepoPath, RepoPath>> {
    let ids = |files: &Files| -> Vec<(RepoPath, FileId)> {
        let id = |(path, entry): &(RepoPath, FileEntry)| (path.clone(), entry.id);
        files.iter().map(id).collect()
    };
    let mut found = one_to_one(ids(&gone), ids(&came).into_iter());
    // Of what has the same content as several, nobody knows which is which.
    let known: HashSet<FileId> = gone.iter().map(|(_, entry)| entry.id).collect();
    let known: HashSet<FileId> = ids(&came)
        .into_iter()
        .map(|(_, id)| id)
        .filter(|id| known.contains(id))
        .collect();
    let sides = |files: Files| -> Vec<Side> {
        let by_people = |(_, entry): &(RepoPath, FileEntry)| {
            entry.made_by.is_none() && entry.size <= LIMIT_BYTES && !known.contains(&entry.id)
        };
        let files = files.into_iter().filter(by_people);
        let side = |(path, entry): (RepoPath, FileEntry)| Side {
            path,
            id: entry.id,
            size: entry.size,
            exec: entry.exec,
        };
        files.map(side).collect()
    };
    let (gone, came) = (sides(gone), sides(came));
    if gone.is_empty() || came.is_empty() {
        return Ok(found);
    }
    let mut texts: HashMap<FileId, Option<String>> = HashMap::new();
    let mut failed = None;
    let pairs = pair(gone, came, |old, new| {
        for id in [old.id, new.id] {
            if let Entry::Vacant(unread) = texts.entry(id) {
                match project.store().read_file(id, LIMIT_BYTES) {
                    Ok(bytes) => unread.insert(String::from_utf8(bytes).ok()),
                    Err(error) => {
                        failed.get_or_insert(error);
                        return None;
                    }
                };
            }
        }
        match (texts.get(&old.id)?, texts.get(&new.id)?) {
            (Some(old), Some(new)) => Some(likeness(old, new)),
            _ => None,
        }
    });
    if let Some(error) = failed {
        return Err(error.into());
    }
    for (status, old, new) in pairs {
        if let (Status::Renamed, Some(old), Some(new)) = (status, old, new) {
            found.insert(old.path, new.path);
        }
    }
    Ok(found)
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
