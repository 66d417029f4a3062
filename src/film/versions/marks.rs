//! Both versions of a place in one script that every program opens: notes say which is which.
//!
//! ```text
//! [[conflict 1: ours]]
//!
//! Mila sits.
//!
//! [[conflict 1: theirs]]
//!
//! Mila stands.
//!
//! [[conflict 1: end]]
//! ```

use std::collections::HashMap;
use std::ops::Range;

/// What stands at a place that both sides changed, once it is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Our version.
    Ours,
    /// Theirs.
    Theirs,
    /// Ours, and theirs after it.
    Both,
}

/// The three marks of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Ours,
    Theirs,
    End,
}

impl Mark {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Ours, "ours"),
        (Self::Theirs, "theirs"),
        (Self::End, "end"),
    ];

    /// The note, without a line end.
    pub(super) fn note(self, number: u32) -> String {
        let word = Self::ALL.iter().find(|(mark, _)| *mark == self);
        format!(
            "[[conflict {number}: {}]]",
            word.map_or("", |(_, word)| word)
        )
    }

    /// Reads a line that is nothing but a mark.
    fn read(line: &str) -> Option<(Self, u32)> {
        let note = line
            .trim()
            .strip_prefix("[[conflict ")?
            .strip_suffix("]]")?;
        let (number, word) = note.split_once(": ")?;
        let (mark, _) = Self::ALL.iter().find(|(_, known)| *known == word)?;
        Some((*mark, number.parse().ok()?))
    }
}

/// The numbers of the places that are still marked in a script, in its order. A mark that lost its
/// others counts: somebody edited half of it.
#[must_use]
pub fn open_marks(text: &str) -> Vec<u32> {
    let places = marked_places(text).into_iter();
    places.map(|place| place.number).collect()
}

/// A place that is still marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedPlace {
    /// The number in its marks.
    pub number: u32,
    /// From the line of its first mark to that of its last, from 1, both included.
    pub lines: std::ops::RangeInclusive<u64>,
}

/// The places that are still marked in a script, in its order.
#[must_use]
pub fn marked_places(text: &str) -> Vec<MarkedPlace> {
    let mut places: Vec<MarkedPlace> = Vec::new();
    let mut known: HashMap<u32, usize> = HashMap::new();
    for (line, text) in (1..).zip(text.lines()) {
        let Some((_, number)) = Mark::read(text) else {
            continue;
        };
        match known.get(&number) {
            Some(at) => places[*at].lines = *places[*at].lines.start()..=line,
            None => {
                known.insert(number, places.len());
                let lines = line..=line;
                places.push(MarkedPlace { number, lines });
            }
        }
    }
    places
}

/// The script with one place settled; none if it has no such place with all three marks in order.
#[must_use]
pub fn settle(text: &str, number: u32, choice: Choice) -> Option<String> {
    let mut found: Vec<(Mark, Range<usize>)> = Vec::with_capacity(3);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some((mark, of)) = Mark::read(line)
            && of == number
        {
            found.push((mark, at..at + line.len()));
        }
        at += line.len();
    }
    let [(Mark::Ours, open), (Mark::Theirs, middle), (Mark::End, end)] = found.as_slice() else {
        return None;
    };
    let side = |range: Range<usize>| text[range].trim_matches(['\n', '\r']);
    let (ours, theirs) = (side(open.end..middle.start), side(middle.end..end.start));
    let (before, after) = (&text[..open.start], &text[end.end..]);
    let line_end = match text.contains("\r\n") {
        true => "\r\n",
        false => "\n",
    };
    let chosen = match choice {
        Choice::Ours => vec![ours],
        Choice::Theirs => vec![theirs],
        Choice::Both => vec![ours, theirs],
    };
    let chosen: Vec<_> = chosen.into_iter().filter(|side| !side.is_empty()).collect();
    let mut settled = before.to_owned();
    settled.push_str(&chosen.join(&line_end.repeat(2)));
    match chosen.is_empty() {
        true => settled.push_str(after.trim_start_matches(['\n', '\r'])),
        false => {
            settled.push_str(line_end);
            settled.push_str(after);
        }
    }
    Some(settled)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKED: &str = "INT. A - DAY\n\n[[conflict 1: ours]]\n\nMila sits.\n\n[[conflict 1: theirs]]\n\nMila stands.\n\n[[conflict 1: end]]\n\nRain.\n";

    #[test]
    fn a_place_is_settled_for_one_side_or_both() {
        let settled = |choice| settle(MARKED, 1, choice).expect("it is marked");
        assert_eq!(
            settled(Choice::Ours),
            "INT. A - DAY\n\nMila sits.\n\nRain.\n"
        );
        assert_eq!(
            settled(Choice::Theirs),
            "INT. A - DAY\n\nMila stands.\n\nRain.\n"
        );
        assert_eq!(
            settled(Choice::Both),
            "INT. A - DAY\n\nMila sits.\n\nMila stands.\n\nRain.\n"
        );
        assert_eq!(settle(MARKED, 2, Choice::Ours), None);
        assert_eq!(open_marks(MARKED), [1]);
        assert_eq!(open_marks(&settled(Choice::Both)), [0; 0]);
    }

    #[test]
    fn a_side_that_has_nothing_leaves_nothing() {
        let cut = MARKED.replace("Mila stands.\n\n", "");
        let settled = settle(&cut, 1, Choice::Theirs);
        assert_eq!(settled.as_deref(), Some("INT. A - DAY\n\nRain.\n"));
    }

    #[test]
    fn half_a_mark_is_still_a_conflict() {
        let half = MARKED.replace("[[conflict 1: end]]\n", "");
        assert_eq!(open_marks(&half), [1]);
        assert_eq!(settle(&half, 1, Choice::Ours), None);
    }
}
