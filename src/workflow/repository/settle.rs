//! A conflict settled in part: the text with what was chosen, and what is left.

use super::conflicts::entry_of;
use super::join::MERGERS;
use super::places::{Part, Parts, Spot, spots};
use super::{RepositoryError, Result};
use crate::history::{FileEntry, Project};
use crate::merge::{Choice, LIMIT_BYTES, Unsettled, Versions, line_of, settle};
use crate::object::{Conflict, FileId, Place, RepoPath, Side};
use crate::worktree::Content;

/// A file in conflict, and which of its places are meant.
pub(super) struct InConflict {
    pub(super) path: RepoPath,
    entry: FileEntry,
    conflict: Conflict,
    spots: Vec<Spot>,
    /// Of each place, whether it is to be settled.
    meant: Vec<bool>,
    /// Whether all of the file is: places that were edited away count as settled then.
    is_whole: bool,
}

impl InConflict {
    /// # Errors
    /// `NoSuchPlace`; what the store says.
    pub(super) fn of(
        project: &Project,
        path: &RepoPath,
        entry: &FileEntry,
        numbers: Option<FileId>,
        parts: &Parts,
    ) -> Result<Self> {
        let id = entry.conflict.expect("it is in conflict");
        let conflict = project.store().get::<Conflict>(id)?;
        let spots = spots(project, path, entry, &conflict, numbers)?;
        let parts = parts.get(path).map(Vec::as_slice);
        for part in parts.unwrap_or_default() {
            if !spots.iter().any(|spot| spot.is_of(part)) {
                return Err(RepositoryError::NoSuchPlace {
                    path: path.clone(),
                    part: part.to_string(),
                    there: spots.iter().map(|spot| spot.named(path)).collect(),
                });
            }
        }
        let is_meant = |spot: &Spot| {
            parts.is_none_or(|parts| parts.iter().any(|part: &Part| spot.is_of(part)))
        };
        let meant: Vec<bool> = spots.iter().map(is_meant).collect();
        Ok(Self {
            path: path.clone(),
            entry: *entry,
            conflict,
            is_whole: parts.is_none(),
            spots,
            meant,
        })
    }

    /// The names of the places that are settled; of a version that is chosen whole that of the file.
    pub(super) fn names(&self) -> Vec<String> {
        if self.spots.is_empty() {
            return vec![self.path.to_string()];
        }
        let spots = self.spots.iter().zip(&self.meant);
        let spots = spots.filter(|(_, is_meant)| **is_meant);
        spots.map(|(spot, _)| spot.named(&self.path)).collect()
    }

    /// Of a list that has an entry for each place, those of the places that are meant.
    pub(super) fn keep_meant<T>(&self, list: &mut Vec<T>) {
        let mut meant = self.meant.iter();
        list.retain(|_| meant.next().copied().unwrap_or_default());
    }

    /// Whether the place with these marks is to be settled. Marks that no place knows are the file's.
    pub(super) fn settles_mark(&self, mark: u32) -> bool {
        let mut places = self.conflict.places.iter().zip(&self.meant);
        let known = places.find(|(place, _)| place.mark == Some(mark.into()));
        known.map_or(self.is_whole, |(_, is_meant)| *is_meant)
    }

    /// What is left of the conflict, with the lines at which it stands in the text that the file is to
    /// hold.
    ///
    /// # Errors
    /// What the store says.
    pub(super) fn rest(&self, project: &Project, new: &str) -> Result<Option<Conflict>> {
        let places = self.conflict.places.iter().zip(&self.meant);
        let places = places.filter(|(_, is_meant)| !**is_meant);
        let mut places: Vec<Place> = places.map(|(place, _)| place.clone()).collect();
        if places.is_empty() {
            return Ok(None);
        }
        let by_line = |place: &&mut Place| place.mark.is_none() && place.line.is_some();
        if places.iter_mut().any(|place| by_line(&place)) {
            // The text of a place alone does not say which of several it is; its line does.
            let old = self.text(project, self.entry.id)?;
            for place in places.iter_mut().filter(by_line) {
                let moved = lines_between(&old, new, place);
                let line = place.line.and_then(|line| line.checked_add_signed(moved));
                let moved = Place {
                    line,
                    ..place.clone()
                };
                place.line = line_of(new, &moved).or(place.line);
            }
        }
        Ok(Some(Conflict {
            places,
            ..self.conflict.clone()
        }))
    }

    fn text(&self, project: &Project, id: FileId) -> Result<String> {
        let bytes = project.store().read_file(id, LIMIT_BYTES)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn side(&self, project: &Project, side: Option<&Side>) -> Result<String> {
        match side {
            Some(side) if side.size <= LIMIT_BYTES => self.text(project, side.id),
            _ => Ok(String::new()),
        }
    }
}

/// By how many lines what stands behind the common beginning of two texts was moved, if the place stands
/// there.
fn lines_between(old: &str, new: &str, place: &Place) -> i64 {
    let number = |text: &str| i64::try_from(text.lines().count()).unwrap_or(i64::MAX);
    let common = old
        .lines()
        .zip(new.lines())
        .take_while(|(old, new)| old == new)
        .count();
    match place.line {
        Some(line) if line > common as u64 => number(new) - number(old),
        _ => 0,
    }
}

/// What the file is to hold once the places that are meant are settled so, and its text where it has
/// places; none is no file.
///
/// # Errors
/// `EditedThere`, `StillMarked`, `OneVersionOnly`; what the store says.
pub(super) fn settle_by(
    project: &Project,
    one: &InConflict,
    choice: Choice,
) -> Result<(Option<FileEntry>, String)> {
    let Conflict {
        ours,
        theirs,
        places,
        ..
    } = &one.conflict;
    if places.is_empty() {
        return match choice {
            Choice::Ours => Ok((ours.as_ref().map(entry_of), String::new())),
            Choice::Theirs => Ok((theirs.as_ref().map(entry_of), String::new())),
            Choice::Both => Err(RepositoryError::OneVersionOnly {
                place: one.path.to_string(),
            }),
        };
    }
    let mut text = one.text(project, one.entry.id)?;
    let our_text = one.side(project, ours.as_ref())?;
    let their_text = one.side(project, theirs.as_ref())?;
    // From the last on, so that what comes before stays where it is.
    let places = places.iter().zip(&one.spots).zip(&one.meant).rev();
    for ((place, spot), _) in places.filter(|(_, is_meant)| **is_meant) {
        let versions = Versions {
            stands: &text,
            ours: &our_text,
            theirs: &their_text,
        };
        let place = Place {
            line: spot.line,
            ..place.clone()
        };
        match settle(MERGERS, one.path.as_str(), versions, &place, choice) {
            Ok(settled) => text = settled,
            // Somebody settled it by hand, and committed that.
            Err(Unsettled::Edited) if one.is_whole && place.mark.is_some() => {}
            Err(why) => return Err(refusal(one, spot, &place, why)),
        }
    }
    // It goes into the folder, so it must be in the store first.
    let stored = project.store().put_file_bytes(text.as_bytes())?;
    let content = Content {
        id: stored.id,
        size: stored.size,
        exec: one.entry.exec,
    };
    // Where it came to one version whole, it has the origin of that.
    let sides = [ours, theirs].into_iter().flatten();
    let whole = sides.map(entry_of).find(|side| side.content() == content);
    let entry = whole.unwrap_or_else(|| one.entry.holding(content));
    Ok((Some(entry), text))
}

fn refusal(one: &InConflict, spot: &Spot, place: &Place, why: Unsettled) -> RepositoryError {
    let mark = place.mark.and_then(|mark| u32::try_from(mark).ok());
    match why {
        Unsettled::Half => {
            let marks = mark.into_iter().collect();
            RepositoryError::StillMarked(vec![(one.path.clone(), marks)])
        }
        Unsettled::Edited => RepositoryError::EditedThere {
            place: spot.named(&one.path),
        },
        Unsettled::OneOnly => RepositoryError::OneVersionOnly {
            place: spot.named(&one.path),
        },
    }
}
