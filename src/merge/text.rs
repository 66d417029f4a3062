//! Three-way merge of text by lines.

use std::ops::Range;

use super::stretches::{Stretch, Whose, stretches};
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

/// Joins `ours` and `theirs`, which both grew out of `base`, line by line, as git does.
#[must_use]
pub fn merge_text(base: &str, ours: &str, theirs: &str) -> MergedText {
    let versions = Lines::of([base, ours, theirs]);
    let mut merged = MergedText {
        text: String::with_capacity(ours.len().max(theirs.len())),
        places: Vec::new(),
    };
    let mut line = 1;
    for stretch in versions.stretches() {
        let [old, our, their] = versions.texts(&stretch);
        let text = match stretch.result {
            Whose::Ours => our,
            Whose::Theirs => their,
            Whose::Both => {
                merged.places.push(Place {
                    line: Some(line),
                    base: Some(old),
                    ours: Some(our.clone()),
                    theirs: Some(their),
                    ..Place::default()
                });
                our
            }
        };
        line += text.bytes().filter(|byte| *byte == b'\n').count() as u64;
        merged.text.push_str(&text);
    }
    merged
}

/// Joins two texts as git does: what collides stands between its marks. How many places that are.
#[must_use]
pub fn marked_text(base: &str, ours: &str, theirs: &str) -> (String, usize) {
    let versions = Lines::of([base, ours, theirs]);
    let (mut text, mut places) = (String::new(), 0);
    for stretch in versions.stretches() {
        let [_, our, their] = versions.texts(&stretch);
        match stretch.result {
            Whose::Ours => text.push_str(&our),
            Whose::Theirs => text.push_str(&their),
            Whose::Both => {
                places += 1;
                let line_end = if our.contains("\r\n") { "\r\n" } else { "\n" };
                let parts = [
                    ("<<<<<<< ours", our),
                    ("=======", their),
                    (">>>>>>> theirs", String::new()),
                ];
                for (mark, lines) in parts {
                    text.extend([mark, line_end, &lines]);
                    // A last line without an end gets one: marks stand in lines of their own.
                    if !lines.is_empty() && !lines.ends_with('\n') {
                        text.push_str(line_end);
                    }
                }
            }
        }
    }
    (text, places)
}

/// Three texts line by line.
struct Lines<'t>([Vec<&'t str>; 3]);

impl<'t> Lines<'t> {
    fn of(texts: [&'t str; 3]) -> Self {
        Self(texts.map(|text| text.split_inclusive('\n').collect()))
    }

    fn stretches(&self) -> Vec<Stretch> {
        let [base, ours, theirs] = &self.0;
        stretches(base, ours, theirs)
    }

    /// What stands in a stretch in each of them.
    fn texts(&self, stretch: &Stretch) -> [String; 3] {
        let [base, ours, theirs] = &self.0;
        let text = |lines: &[&str], range: &Range<usize>| lines[range.clone()].concat();
        [
            text(base, &stretch.base),
            text(ours, &stretch.ours),
            text(theirs, &stretch.theirs),
        ]
    }
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
    fn lines_that_repeat_themselves_are_found_again_as_git_finds_them() {
        // One of three was taken out above what came in, which has its own line of that name.
        let base = "MILA\n\nMILA\nMILA\nGo.\nCome.\nCome.\n";
        let ours = "MILA\n\nMILA\nGo.\nCome.\nCome.\n";
        let theirs = base.replace("Go.", "JONAS\nMILA\nGo.");
        let both = ours.replace("Go.", "JONAS\nMILA\nGo.");
        assert_eq!(whole(base, ours, &theirs), both);
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
