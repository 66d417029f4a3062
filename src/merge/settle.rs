//! Places of a conflict settled one by one, in the text that stands for it.

use super::file::Merger;
use super::json::take_field;
use crate::object::Place;

/// What stands at a place once it is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Our version.
    Ours,
    /// Theirs.
    Theirs,
    /// Ours, and theirs after it.
    Both,
}

/// The texts of a file in conflict.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'t> {
    /// The one that stands for both, with what was settled in it already.
    pub stands: &'t str,
    /// Ours, whole.
    pub ours: &'t str,
    /// Theirs, whole.
    pub theirs: &'t str,
}

impl<'t> Versions<'t> {
    /// The whole version that a choice takes; none takes both.
    #[must_use]
    pub fn side(&self, choice: Choice) -> Option<&'t str> {
        match choice {
            Choice::Ours => Some(self.ours),
            Choice::Theirs => Some(self.theirs),
            Choice::Both => None,
        }
    }
}

/// Why a place cannot be settled so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsettled {
    /// The text was edited there: neither version is found in it.
    Edited,
    /// Half of it is there: one of its marks.
    Half,
    /// It holds one value, so that there is no place for both.
    OneOnly,
}

/// Settles a place of the file at `path`: its text with what was chosen. What is joined by fields or has
/// marks is settled by the one of `mergers` that joined it, JSON by field, all else by lines.
///
/// # Errors
/// Says why that cannot be done.
pub fn settle(
    mergers: &[Merger],
    path: &str,
    versions: Versions<'_>,
    place: &Place,
    choice: Choice,
) -> Result<String, Unsettled> {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    if place.mark.is_none() && place.pointer.is_none() {
        return settle_lines(versions.stands, place, choice);
    }
    let mut known = mergers.iter();
    match known.find(|merger| merger.extensions.contains(&extension)) {
        Some(merger) => (merger.settle)(versions, place, choice),
        None => settle_field(versions, place, choice),
    }
}

/// JSON: one value stands at a field.
fn settle_field(
    versions: Versions<'_>,
    place: &Place,
    choice: Choice,
) -> Result<String, Unsettled> {
    let donor = versions.side(choice).ok_or(Unsettled::OneOnly)?;
    let pointer = place.pointer.as_deref().unwrap_or_default();
    take_field(versions.stands, donor, pointer, place.order).ok_or(Unsettled::Edited)
}

/// Other text, which holds our lines at the place.
fn settle_lines(text: &str, place: &Place, choice: Choice) -> Result<String, Unsettled> {
    let ours = place.ours.as_deref().unwrap_or_default();
    let theirs = place.theirs.as_deref().unwrap_or_default();
    let at = find_lines(text, place).ok_or(Unsettled::Edited)?;
    let (before, after) = (&text[..at], &text[at + ours.len()..]);
    Ok(match choice {
        Choice::Ours => text.to_owned(),
        Choice::Theirs => format!("{before}{theirs}{after}"),
        Choice::Both => {
            let is_open = !ours.is_empty() && !ours.ends_with('\n') && !theirs.is_empty();
            let between = if is_open { "\n" } else { "" };
            format!("{before}{ours}{between}{theirs}{after}")
        }
    })
}

/// Where our lines of a place begin: where they stood, or, as lines came and went before them, the one
/// other place where they stand.
fn find_lines(text: &str, place: &Place) -> Option<usize> {
    let ours = place.ours.as_deref().unwrap_or_default();
    let mut starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let line = usize::try_from(place.line?).ok()?.checked_sub(1)?;
    let expected = starts.clone().nth(line);
    let stands = |at: &usize| text[*at..].starts_with(ours);
    if let Some(at) = expected.filter(stands) {
        return Some(at);
    }
    if ours.is_empty() {
        return None;
    }
    let found = starts.find(stands)?;
    starts.all(|at| !stands(&at)).then_some(found)
}

/// The line, from 1, at which our lines of a place begin now.
#[must_use]
pub fn line_of(text: &str, place: &Place) -> Option<u64> {
    let at = find_lines(text, place)?;
    Some(text[..at].bytes().filter(|byte| *byte == b'\n').count() as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: u64, ours: &str, theirs: &str) -> Place {
        Place {
            line: Some(line),
            ours: Some(ours.to_owned()),
            theirs: Some(theirs.to_owned()),
            ..Place::default()
        }
    }

    fn settled(text: &str, place: &Place, choice: Choice) -> Result<String, Unsettled> {
        let versions = Versions {
            stands: text,
            ours: "",
            theirs: "",
        };
        settle(&[], "notes.txt", versions, place, choice)
    }

    #[test]
    fn lines_are_settled_for_one_side_or_both() {
        let (text, at) = ("a\nours\nb\n", place(2, "ours\n", "theirs\n"));
        let is = |choice, expected: &str| {
            assert_eq!(settled(text, &at, choice).as_deref(), Ok(expected));
        };
        is(Choice::Ours, text);
        is(Choice::Theirs, "a\ntheirs\nb\n");
        is(Choice::Both, "a\nours\ntheirs\nb\n");
        let last = settled("a\nours", &place(2, "ours", "theirs"), Choice::Both);
        assert_eq!(last.as_deref(), Ok("a\nours\ntheirs"));
    }

    #[test]
    fn lines_that_moved_are_found_and_lines_that_were_edited_are_not() {
        let at = place(2, "ours\n", "theirs\n");
        let moved = settled("new\nnew\na\nours\n", &at, Choice::Theirs);
        assert_eq!(moved.as_deref(), Ok("new\nnew\na\ntheirs\n"));
        for text in ["a\nmine\n", "ours\nb\nours\n", ""] {
            assert_eq!(settled(text, &at, Choice::Theirs), Err(Unsettled::Edited));
        }
        // Lines that we took out stood between two that say nothing of it.
        let gone = place(9, "", "theirs\n");
        assert_eq!(
            settled("a\n", &gone, Choice::Theirs),
            Err(Unsettled::Edited)
        );
    }

    #[test]
    fn a_field_holds_one_value() {
        let (ours, theirs) = ("{\"a\": 1, \"b\": 2}", "{\"a\": 3, \"b\": 4}");
        let versions = Versions {
            stands: ours,
            ours,
            theirs,
        };
        let at = Place::at_field("/a");
        let settled = |choice| settle(&[], "x.json", versions, &at, choice);
        assert_eq!(
            settled(Choice::Theirs).as_deref(),
            Ok("{\"a\": 3, \"b\": 2}")
        );
        assert_eq!(settled(Choice::Ours).as_deref(), Ok(ours));
        assert_eq!(settled(Choice::Both), Err(Unsettled::OneOnly));
    }
}
