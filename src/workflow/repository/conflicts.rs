//! The conflicts of a commit: which files stand for two versions that collide, and why.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Result;
use super::places::spots;
use crate::history::{FileEntry, FlatTree, Project};
use crate::object::{Conflict, FileId, RepoPath, Side};
use crate::pipeline::NUMBERS;
use crate::worktree::Content;

/// A file in conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenConflict {
    /// The file.
    pub path: RepoPath,
    /// Why neither side could be taken.
    pub reason: String,
    /// Both sides, and where they collide.
    #[serde(flatten)]
    pub conflict: Conflict,
    /// What names each of the places, as `aiut resolve` takes it.
    pub names: Vec<String>,
}

/// Every conflict of these files, by their paths, its places as they are found now. `numbers` is the
/// `numbers.toml` beside them.
///
/// # Errors
/// What the store says.
pub(super) fn open_conflicts(
    project: &Project,
    files: &FlatTree,
    numbers: Option<FileId>,
) -> Result<Vec<OpenConflict>> {
    let in_conflict = files
        .iter()
        .filter_map(|(path, entry)| Some((path, entry, entry.conflict?)));
    in_conflict
        .map(|(path, entry, id)| {
            let mut conflict = project.store().get::<Conflict>(id)?;
            let spots = spots(project, path, entry, &conflict, numbers)?;
            for (place, spot) in conflict.places.iter_mut().zip(&spots) {
                place.line = spot.line;
            }
            Ok(OpenConflict {
                path: path.clone(),
                reason: why(&conflict),
                names: spots.iter().map(|spot| spot.named(path)).collect(),
                conflict,
            })
        })
        .collect()
}

/// `numbers.toml` of these files.
pub(super) fn numbers_of(files: &FlatTree) -> Option<FileId> {
    let found = files.iter().find(|(path, _)| path.as_str() == NUMBERS);
    found.map(|(_, entry)| entry.id)
}

/// Why neither side could be taken, as the end of a sentence.
pub(super) fn why(conflict: &Conflict) -> String {
    let Conflict {
        base,
        ours,
        theirs,
        places,
    } = conflict;
    let is_as_before = |side: &Side| base.is_some_and(|base| base.id == side.id);
    let (ours, theirs) = match (ours, theirs) {
        (None, Some(theirs)) if is_as_before(theirs) => {
            return "it was deleted or renamed otherwise here, and renamed there".to_owned();
        }
        (Some(ours), None) if is_as_before(ours) => {
            return "it was renamed here, and deleted or renamed otherwise there".to_owned();
        }
        (Some(ours), Some(theirs)) => (ours, theirs),
        (None, _) => return "it was deleted or renamed here, and changed there".to_owned(),
        (_, None) => return "it was changed here, and deleted or renamed there".to_owned(),
    };
    let made_before = base.and_then(|base| base.made_by);
    let made_anew = |side: &Side| side.made_by != made_before;
    let fields: Vec<_> = places
        .iter()
        .filter_map(|place| place.pointer.as_deref())
        .collect();
    match (places.len(), fields.is_empty()) {
        (0, _) if base.is_none() => "both sides have another new file of this name".to_owned(),
        (0, _) if made_anew(ours) && made_anew(theirs) => {
            "it was regenerated on both sides".to_owned()
        }
        (0, _) if ours.id == theirs.id => "it was accepted differently".to_owned(),
        (0, _) => "both sides changed it, so one version has to be chosen".to_owned(),
        (many, _) if places.iter().all(|place| place.mark.is_some()) => {
            let scenes: BTreeSet<_> = places
                .iter()
                .filter_map(|place| place.scene.as_deref())
                .collect();
            let scenes: Vec<_> = scenes.into_iter().collect();
            let places = if many == 1 {
                "one place"
            } else {
                "several places"
            };
            match scenes.as_slice() {
                [] => format!("{places} changed differently"),
                scenes => format!("{places} changed differently, in {}", scenes.join(", ")),
            }
        }
        (_, false) => format!(
            "these fields were changed differently: {}",
            fields.join(", ")
        ),
        (1, true) => "the same lines were changed differently".to_owned(),
        (many, true) => format!("the same lines were changed differently in {many} places"),
    }
}

/// The version of a file that a conflict keeps.
pub(super) fn side_of(entry: &FileEntry) -> Side {
    Side {
        id: entry.id,
        size: entry.size,
        exec: entry.exec,
        made_by: entry.made_by,
        accepted: entry.accepted,
    }
}

/// The file that a side of a conflict is.
pub(super) fn entry_of(side: &Side) -> FileEntry {
    let Side {
        id,
        size,
        exec,
        made_by,
        accepted,
    } = *side;
    FileEntry {
        made_by,
        accepted,
        ..FileEntry::plain(Content { id, size, exec })
    }
}
