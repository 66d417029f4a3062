//! A change of a file that is in conflict already.
//!
//! ```text
//! the conflict  base ── ours, theirs        the change  before ── after
//! ```
//! Where the change goes on from one of its sides, the conflict is joined again with what that side is
//! now, as when the commits of a timeline are applied one after the other. Else the change is joined with
//! the text that stands for the conflict, whose places stay open beside those that are new.

use super::Result;
use super::conflicts::{entry_of, side_of};
use super::join::{Joined, MERGERS, content, join_sides};
use crate::history::{FileEntry, Project, TreeChange};
use crate::merge::{LIMIT_BYTES, merge_file};
use crate::object::{Conflict, RepoPath};
use crate::worktree::Content;

/// Joins a change with a file in conflict; none where that cannot be said in one conflict.
///
/// # Errors
/// What the store says.
pub(super) fn join_reopened(
    project: &Project,
    change: &TreeChange,
    entry: &FileEntry,
    conflict: &Conflict,
) -> Result<Option<Joined>> {
    let path = &change.path;
    let [base, ours, theirs] =
        [&conflict.base, &conflict.ours, &conflict.theirs].map(|side| side.as_ref().map(entry_of));
    let from_theirs = content(theirs) == content(change.before);
    let from_ours = content(ours) == content(change.before);
    if (from_theirs || from_ours) && is_untouched(project, path, entry, conflict)? {
        let (ours, theirs) = match from_theirs {
            true => (ours, change.after),
            false => (change.after, theirs),
        };
        return join_sides(project, path, base, ours, theirs).map(Some);
    }
    join_with_text(project, change, entry, conflict)
}

/// Whether nobody settled or edited anything of a conflict since it came to be.
fn is_untouched(
    project: &Project,
    path: &RepoPath,
    entry: &FileEntry,
    conflict: &Conflict,
) -> Result<bool> {
    let [base, ours, theirs] =
        [&conflict.base, &conflict.ours, &conflict.theirs].map(|side| side.as_ref().map(entry_of));
    Ok(match join_sides(project, path, base, ours, theirs)? {
        Joined::Collides(stands, again) => {
            stands.content() == entry.content() && *again == *conflict
        }
        _ => false,
    })
}

/// The change joined with the text that stands for the conflict.
fn join_with_text(
    project: &Project,
    change: &TreeChange,
    entry: &FileEntry,
    conflict: &Conflict,
) -> Result<Option<Joined>> {
    let (Some(before), Some(after)) = (change.before, change.after) else {
        return Ok(None);
    };
    if conflict.places.is_empty() || after.conflict.is_some() {
        return Ok(None);
    }
    let sides = [before, *entry, after];
    if sides.iter().any(|side| side.size > LIMIT_BYTES) {
        return Ok(None);
    }
    let store = project.store();
    let texts = sides.map(|side| store.read_file(side.id, LIMIT_BYTES));
    let [before, stands, text] = texts;
    let merged = merge_file(MERGERS, change.path.as_str(), &before?, &stands?, &text?);
    let new = match merged.conflict {
        None => Vec::new(),
        // One version of all of it would have to be chosen, and that leaves no place for the others.
        Some(places) if places.is_empty() => return Ok(None),
        Some(places) => places,
    };
    let known = |place: &crate::object::Place| {
        place.pointer.is_some() && new.iter().any(|new| new.pointer == place.pointer)
    };
    let mut places = conflict.places.clone();
    // What collides there again is told once, with what stands there now.
    places.retain(|place| !known(place));
    places.extend(new);
    let stored = store.put_file_bytes(&merged.bytes)?;
    let stands = entry.holding(Content {
        id: stored.id,
        size: stored.size,
        exec: entry.exec,
    });
    let theirs = Some(side_of(&FileEntry {
        conflict: None,
        ..after
    }));
    let conflict = Conflict {
        places,
        theirs,
        ..conflict.clone()
    };
    // What came before came to the same as what was here: that is an answer to all of it.
    if conflict.ours == conflict.theirs {
        return Ok(None);
    }
    Ok(Some(Joined::Collides(stands, Box::new(conflict))))
}
