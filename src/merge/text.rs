//! Three-way merge of text by lines.

use diffy::{ConflictStyle, MergeOptions};

use crate::object::Place;

/// Most bytes that a side may have to be merged: beyond that it is taken whole, or not at all.
pub const LIMIT_BYTES: u64 = 4 << 20;

/// Two texts joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedText {
    /// The result, with our lines at each place where both sides collide.
    pub text: String,
    /// Those places, in the order of the text.
    pub places: Vec<Place>,
}

/// Joins `ours` and `theirs`, which both grew out of `base`, line by line.
#[must_use]
pub fn merge_text(base: &str, ours: &str, theirs: &str) -> MergedText {
    // No text holds marks as long as these, so they are found again for certain.
    let marks = [base, ours, theirs].map(longest_run).into_iter().max();
    let length = marks.unwrap_or_default().max(6) + 1;
    let mut options = MergeOptions::new();
    options
        .set_conflict_marker_length(length)
        .set_conflict_style(ConflictStyle::Diff3);
    match options.merge(base, ours, theirs) {
        Ok(text) => MergedText {
            text,
            places: Vec::new(),
        },
        Err(marked) => with_ours(&marked, length),
    }
}

/// Joins two texts as git does: what collides stands between its marks. How many places that are.
#[must_use]
pub fn marked_text(base: &str, ours: &str, theirs: &str) -> (String, usize) {
    let mut options = MergeOptions::new();
    options.set_conflict_style(ConflictStyle::Merge);
    match options.merge(base, ours, theirs) {
        Ok(text) => (text, 0),
        Err(marked) => {
            let places = marked.lines().filter(|line| *line == "<<<<<<< ours");
            let places = places.count();
            (marked, places)
        }
    }
}

/// The letters that marks consist of.
const MARKS: [char; 4] = ['<', '|', '=', '>'];

/// The longest run of one of the letters that marks consist of.
fn longest_run(text: &str) -> usize {
    let (mut longest, mut run, mut last) = (0, 0, None);
    for letter in text.chars() {
        run = match MARKS.contains(&letter) {
            true if last == Some(letter) => run + 1,
            true => 1,
            false => 0,
        };
        longest = longest.max(run);
        last = Some(letter);
    }
    longest
}

/// Takes our side at each place that is marked.
fn with_ours(marked: &str, length: usize) -> MergedText {
    let mark = |letter: char, label: &str| letter.to_string().repeat(length) + label + "\n";
    let (open, base) = (mark('<', " ours"), mark('|', " original"));
    let (middle, close) = (mark('=', ""), mark('>', " theirs"));
    let mut merged = MergedText {
        text: String::with_capacity(marked.len()),
        places: Vec::new(),
    };
    let mut rest = marked;
    let mut line = 1;
    while let Some((before, place)) = rest.split_once(&open) {
        let (ours, place) = place.split_once(&base).unwrap_or((place, ""));
        let (base, place) = place.split_once(&middle).unwrap_or((place, ""));
        let (theirs, after) = place.split_once(&close).unwrap_or((place, ""));
        merged.text.push_str(before);
        line += lines_in(before);
        merged.places.push(Place {
            line: Some(line),
            base: Some(base.to_owned()),
            ours: Some(ours.to_owned()),
            theirs: Some(theirs.to_owned()),
            ..Place::default()
        });
        merged.text.push_str(ours);
        line += lines_in(ours);
        rest = after;
    }
    merged.text.push_str(rest);
    merged
}

fn lines_in(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "one\ntwo\nthree\nfour\nfive\nsix\n";

    fn whole(base: &str, ours: &str, theirs: &str) -> String {
        let merged = merge_text(base, ours, theirs);
        assert_eq!(merged.places, []);
        merged.text
    }

    #[test]
    fn edits_in_different_places_both_survive() {
        let ours = BASE.replace("one\n", "1\n");
        let theirs = BASE.replace("six\n", "6\nseven\n");
        assert_eq!(
            whole(BASE, &ours, &theirs),
            "1\ntwo\nthree\nfour\nfive\n6\nseven\n"
        );
        let gone = BASE.replace("three\n", "");
        assert_eq!(whole(BASE, &gone, &gone), gone);
    }

    #[test]
    fn a_place_holds_all_three_versions_and_the_text_holds_ours() {
        let ours = BASE.replace("two", "2").replace("five", "5\n5b");
        let theirs = BASE
            .replace("two", "zwei")
            .replace("five\n", "")
            .replace("six", "sechs\nsieben");
        let merged = merge_text(BASE, &ours, &theirs);
        assert_eq!(merged.text, ours);
        let place = |line, base: &str, ours: &str, theirs: &str| Place {
            line: Some(line),
            base: Some(base.to_owned()),
            ours: Some(ours.to_owned()),
            theirs: Some(theirs.to_owned()),
            ..Place::default()
        };
        assert_eq!(
            merged.places,
            [
                place(2, "two\n", "2\n", "zwei\n"),
                place(5, "five\nsix\n", "5\n5b\nsix\n", "sechs\nsieben\n"),
            ]
        );
    }

    #[test]
    fn what_looks_like_marks_is_text() {
        let marks = "<<<<<<< ours\n||||||| original\n=======\n>>>>>>> theirs\n";
        let base = format!("{marks}one\n{marks}");
        let (ours, theirs) = (base.replace("one", "1"), base.replace("one", "eins"));
        let merged = merge_text(&base, &ours, &theirs);
        assert_eq!(merged.text, ours);
        assert_eq!(merged.places.len(), 1);
        assert_eq!(merged.places[0].theirs.as_deref(), Some("eins\n"));
    }

    #[test]
    fn for_git_what_collides_stands_between_its_marks() {
        let (ours, theirs) = (BASE.replace("two", "2"), BASE.replace("two", "zwei"));
        let (text, places) = marked_text(BASE, &ours, &theirs.replace("six", "6"));
        let marks = "one\n<<<<<<< ours\n2\n=======\nzwei\n>>>>>>> theirs\nthree\nfour\nfive\n6\n";
        assert_eq!((text.as_str(), places), (marks, 1));
        assert_eq!(marked_text(BASE, &ours, BASE), (ours.clone(), 0));
    }

    #[test]
    fn a_missing_last_line_end_and_carriage_returns_are_kept() {
        let base = "a\r\nb\r\nc";
        assert_eq!(whole(base, "A\r\nb\r\nc", "a\r\nb\r\nC"), "A\r\nb\r\nC");
        let merged = merge_text(base, "a\r\nb\r\n1", "a\r\nb\r\n2");
        assert_eq!(merged.text, "a\r\nb\r\n1");
        assert_eq!(merged.places[0].theirs.as_deref(), Some("2"));
    }
}
