//! Two versions of a project side by side: reads what `diff` needs to say how they differ.

mod pages;
mod sights;
mod single;
mod stories;

use std::collections::{BTreeSet, HashSet};
use std::io::Read;

use rayon::prelude::*;
use serde::Serialize;

use super::viewer::{View, Viewer};

use crate::diff::{
    Content, Detail, FileChange, LIMIT_BYTES, Side, Status, Totals, as_text, likeness, pair,
    text_diff,
};
use crate::history::{Ends, FileEntry, Project, Result, Survey, diff_trees, gone_files};
use crate::object::{Commit, CommitId, FileId, RepoPath, TreeId};
use crate::pipeline::claims;
use crate::worktree::{self, Unlisted};

pub(super) use stories::Reading;

pub use pages::{PagesError, revision_pages};
pub use sights::{Sight, Unseen, sights, sights_of_loose};
pub use single::{LooseError, LooseFiles, compare_stored, side_at, story_of_stored};
pub use stories::{
    DataChange, SCRIPT_EXTENSIONS, ShotListChange, Story, StoryChange, compare_stories,
};

/// Most bytes of a picture, clip or sound that is looked at.
const MEDIA_LIMIT: u64 = 256 << 20;

/// One version of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// A stored tree; none before the first commit.
    Stored(Option<TreeId>),
    /// The folder as it lies there.
    WorkTree,
}

/// How two versions of a project differ.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// What differs, sorted by path.
    pub changes: Vec<FileChange>,
    /// The sum.
    pub totals: Totals,
    /// What lies in the folder and cannot be read, so that nothing is said of it.
    pub unreadable: Vec<Unlisted>,
}

/// The commit that the folder stands on, with its tree; none before the first.
///
/// # Errors
/// `Store`.
pub fn head_tree(project: &Project) -> Result<Option<(CommitId, TreeId)>> {
    let Some(commit) = project.view()?.1.head_commit() else {
        return Ok(None);
    };
    Ok(Some((commit, project.store().get::<Commit>(commit)?.tree)))
}

/// The trees between which a commit is a step: that of its first parent, or none, and its own.
///
/// # Errors
/// `Store`.
pub fn step_of(project: &Project, commit: CommitId) -> Result<(Option<TreeId>, Version)> {
    let store = project.store();
    let commit = store.get::<Commit>(commit)?;
    let ends = Ends::of(store)?;
    let parent = commit.parents.first().filter(|parent| !ends.has(parent));
    let parent = parent.map(|id| store.get::<Commit>(*id)).transpose()?;
    let new = Version::Stored(Some(commit.tree));
    Ok((parent.map(|parent| parent.tree), new))
}

/// One path in both versions.
type Pair = (Option<Side>, Option<Side>);

/// What happened to the files between a stored tree and another version, sorted by path, without a
/// look at how their contents differ; and what cannot be read.
///
/// # Errors
/// As [`compare`].
pub fn compare_names(
    project: &Project,
    viewer: &Viewer,
    old: Option<TreeId>,
    new: Version,
    within: &dyn Fn(&RepoPath) -> bool,
) -> Result<(Vec<NamedChange>, Vec<Unlisted>)> {
    let (pairs, unreadable) = pairs(project, old, new, within)?;
    let contents = Contents {
        project,
        new,
        viewer,
        gone: gone_files(project.store())?,
    };
    let path = |side: Option<Side>| side.map(|side| side.path);
    let named = |(status, old, new)| NamedChange {
        status,
        old: path(old),
        new: path(new),
    };
    let mut changes: Vec<_> = contents.matched(pairs)?.into_iter().map(named).collect();
    changes.sort_by(|a, b| a.path().cmp(&b.path()));
    Ok((changes, unreadable))
}

/// What happened to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedChange {
    /// What.
    pub status: Status,
    /// Where it lay.
    pub old: Option<RepoPath>,
    /// Where it lies.
    pub new: Option<RepoPath>,
}

impl NamedChange {
    /// The path it has now, or had.
    #[must_use]
    pub fn path(&self) -> Option<&RepoPath> {
        self.new.as_ref().or(self.old.as_ref())
    }
}

fn pairs(
    project: &Project,
    old: Option<TreeId>,
    new: Version,
    within: &dyn Fn(&RepoPath) -> bool,
) -> Result<(Vec<Pair>, Vec<Unlisted>)> {
    match new {
        Version::Stored(new) => Ok((stored_pairs(project, old, new, within)?, Vec::new())),
        Version::WorkTree => folder_pairs(project, old, within),
    }
}

/// How a stored tree and another version differ, among the paths that `within` names.
///
/// # Errors
/// A file of either version that cannot be read.
pub fn compare(
    project: &Project,
    viewer: &Viewer,
    old: Option<TreeId>,
    new: Version,
    within: &dyn Fn(&RepoPath) -> bool,
    detail: Detail,
) -> Result<Comparison> {
    let (pairs, unreadable) = pairs(project, old, new, within)?;
    let changes = Contents {
        project,
        new,
        viewer,
        gone: gone_files(project.store())?,
    }
    .changes(pairs, detail)?;
    Ok(Comparison {
        totals: Totals::of(&changes),
        changes,
        unreadable,
    })
}

fn side(path: &RepoPath, entry: &FileEntry) -> Side {
    Side {
        path: path.clone(),
        id: entry.id,
        size: entry.size,
        exec: entry.exec,
    }
}

fn stored_pairs(
    project: &Project,
    old: Option<TreeId>,
    new: Option<TreeId>,
    within: &dyn Fn(&RepoPath) -> bool,
) -> Result<Vec<Pair>> {
    let changes = diff_trees(project.store(), old, new)?;
    let within = changes.into_iter().filter(|change| within(&change.path));
    Ok(within
        .map(|change| {
            let of =
                |entry: &Option<FileEntry>| entry.as_ref().map(|entry| side(&change.path, entry));
            (of(&change.before), of(&change.after))
        })
        // Who made a file is no difference between files.
        .filter(|(old, new)| old != new)
        .collect())
}

fn folder_pairs(
    project: &Project,
    old: Option<TreeId>,
    within: &dyn Fn(&RepoPath) -> bool,
) -> Result<(Vec<Pair>, Vec<Unlisted>)> {
    let survey = Survey::of_changed(project, old, within)?;
    let changes = survey.changes(within);
    let renamed = changes
        .renamed
        .iter()
        .flat_map(|renamed| [&renamed.from, &renamed.to]);
    let paths: BTreeSet<RepoPath> = changes
        .added
        .iter()
        .chain(&changes.modified)
        .chain(&changes.deleted)
        .chain(renamed)
        .cloned()
        .collect();
    let pairs = paths
        .iter()
        .map(|path| {
            let new = survey
                .content(path)
                .map(|content| side(path, &FileEntry::plain(content)));
            (survey.tracked.get(path).map(|entry| side(path, entry)), new)
        })
        .filter(|(old, new)| old != new)
        .collect();
    Ok((pairs, survey.scan.unreadable))
}

/// Where the bytes of both versions are, and what they are looked at with.
struct Contents<'p> {
    project: &'p Project,
    new: Version,
    viewer: &'p Viewer,
    /// Takes that were let go of: nobody can see them any more.
    gone: HashSet<FileId>,
}

/// What happened to a file, and the file on both sides.
type Matched = (Status, Option<Side>, Option<Side>);

impl Contents<'_> {
    /// Files that came and went, joined where one is the other under another name.
    fn matched(&self, pairs: Vec<Pair>) -> Result<Vec<Matched>> {
        let (mut removed, mut added, mut found) = (Vec::new(), Vec::new(), Vec::new());
        for pair in pairs {
            match pair {
                (Some(old), None) => removed.push(old),
                (None, Some(new)) => added.push(new),
                (old, new) => found.push((Status::Modified, old, new)),
            }
        }
        let mut failure = None;
        found.extend(pair(removed, added, |old, new| {
            let shared = self.likeness(old, new);
            shared.unwrap_or_else(|error| {
                failure.get_or_insert(error);
                None
            })
        }));
        match failure {
            Some(error) => Err(error),
            None => Ok(found),
        }
    }

    fn changes(&self, pairs: Vec<Pair>, detail: Detail) -> Result<Vec<FileChange>> {
        let found = self.matched(pairs)?;
        let change = |(status, old, new): Matched| {
            let content = self.content(old.as_ref(), new.as_ref(), detail)?;
            Ok(FileChange {
                status,
                old,
                new,
                content,
            })
        };
        let mut changes = match found.len() {
            // Without waking other threads for it.
            0 | 1 => found.into_iter().map(change).collect::<Result<Vec<_>>>()?,
            _ => found
                .into_par_iter()
                .map(change)
                .collect::<Result<Vec<_>>>()?,
        };
        changes.sort_by(|a, b| a.path().cmp(b.path()));
        Ok(changes)
    }

    fn is_gone(&self, old: Option<&Side>, new: Option<&Side>) -> bool {
        let new = new.filter(|_| self.new != Version::WorkTree);
        old.into_iter()
            .chain(new)
            .any(|side| self.gone.contains(&side.id) || self.is_left(side))
    }

    /// Whether a picture, clip or sound is at a remote alone: a list of changes is worth no transfer.
    fn is_left(&self, side: &Side) -> bool {
        claims(&side.path) && self.project.store().is_elsewhere(side.id).unwrap_or(false)
    }

    /// How much two texts share, in permille.
    fn likeness(&self, old: &Side, new: &Side) -> Result<Option<u32>> {
        if old.size.max(new.size) > LIMIT_BYTES || self.is_gone(Some(old), Some(new)) {
            return Ok(None);
        }
        let (old, new) = (self.read_old(old)?, self.read_new(new)?);
        Ok(as_text(&old)
            .zip(as_text(&new))
            .map(|(old, new)| likeness(old, new)))
    }

    fn content(&self, old: Option<&Side>, new: Option<&Side>, detail: Detail) -> Result<Content> {
        if let (Some(old), Some(new)) = (old, new)
            && old.id == new.id
        {
            return Ok(Content::Same);
        }
        if self.is_gone(old, new) {
            return Ok(Content::Binary);
        }
        let larger = |limit| old.into_iter().chain(new).any(|side| side.size > limit);
        if larger(MEDIA_LIMIT) {
            return Ok(Content::Large { limit: MEDIA_LIMIT });
        }
        if !larger(LIMIT_BYTES) {
            let old = old.map_or(Ok(Vec::new()), |side| self.read_old(side))?;
            let new = new.map_or(Ok(Vec::new()), |side| self.read_new(side))?;
            if let (Some(old), Some(new)) = (as_text(&old), as_text(&new)) {
                return Ok(Content::Text(text_diff(old, new, detail)));
            }
        }
        if !detail.media {
            return Ok(Content::Binary);
        }
        let (old, new) = self.views(old, new)?;
        Ok(match (&old, &new) {
            (None, None) if larger(LIMIT_BYTES) => Content::Large { limit: LIMIT_BYTES },
            (None, None) => Content::Binary,
            _ => Content::Media(self.viewer.diff(old.as_ref(), new.as_ref())),
        })
    }

    /// What both versions show.
    fn views(
        &self,
        old: Option<&Side>,
        new: Option<&Side>,
    ) -> Result<(Option<View>, Option<View>)> {
        let old = old.map(|side| self.stored_view(side)).transpose()?;
        let new = match (new, self.new) {
            (Some(side), Version::WorkTree) => self
                .viewer
                .look(self.project.root().join(side.path.as_str())),
            (Some(side), Version::Stored(_)) => self.stored_view(side)?,
            (None, _) => None,
        };
        Ok((old.flatten(), new))
    }

    /// What a stored file shows, looked at in a temporary copy.
    fn stored_view(&self, side: &Side) -> Result<Option<View>> {
        // Without a place for the copy nothing is seen, which is no reason to show no difference.
        let Ok(mut copy) = tempfile::NamedTempFile::new_in(&self.viewer.temporary) else {
            return Ok(None);
        };
        self.project.store().copy_file(side.id, &mut copy)?;
        let view = self.viewer.look(copy.path().to_owned());
        Ok(view.map(|view| view.keeping(copy.into_temp_path())))
    }

    fn read_old(&self, side: &Side) -> Result<Vec<u8>> {
        Ok(self.project.store().read_file(side.id, LIMIT_BYTES)?)
    }

    fn read_new(&self, side: &Side) -> Result<Vec<u8>> {
        if self.new != Version::WorkTree {
            return self.read_old(side);
        }
        read_now(self.project, &side.path, LIMIT_BYTES)
    }
}

/// The bytes that lie in the folder, `most` of them at most.
fn read_now(project: &Project, path: &RepoPath, most: u64) -> Result<Vec<u8>> {
    let bytes = std::sync::Mutex::new(Vec::new());
    project.tree().read(path, &|reader| {
        let mut read = Vec::new();
        reader.take(most).read_to_end(&mut read)?;
        let id = worktree::hash(&mut std::io::Cursor::new(&read))?;
        *bytes.lock().expect("nothing panics while it is held") = read;
        Ok(id)
    })?;
    Ok(bytes
        .into_inner()
        .expect("nothing panicked while it was held"))
}

/// What the file at a path of the folder holds, or its first bytes: one more than `most` where there are
/// more. None where no file lies there.
pub(in crate::workflow) fn folder_bytes(
    project: &Project,
    path: &RepoPath,
    most: u64,
) -> Result<Option<Vec<u8>>> {
    let file = project.root().join(path.as_str()).symlink_metadata();
    match file.is_ok_and(|file| file.is_file()) {
        true => read_now(project, path, most + 1).map(Some),
        false => Ok(None),
    }
}
