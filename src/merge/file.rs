//! Three-way merge of a file by its kind.

use super::json::{is_json, json_holds, merge_json};
use super::settle::{Choice, Unsettled, Versions};
use super::text::{LIMIT_BYTES, MergedText, merge_text};
use crate::object::Place;

/// So many places people settle one by one; of two texts that collide in more, one is chosen.
const MOST_PLACES: usize = 1000;

/// Two versions of a file joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedFile {
    /// The result, whole in its own syntax if our version is: where both sides collide it is ours.
    pub bytes: Vec<u8>,
    /// Where they collide, if they do; empty where one version has to be chosen whole.
    pub conflict: Option<Vec<Place>>,
}

impl MergedFile {
    fn whole(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            conflict: None,
        }
    }

    /// Our version, which one may choose, or the other.
    fn ours(ours: &[u8]) -> Self {
        Self {
            bytes: ours.to_owned(),
            conflict: Some(Vec::new()),
        }
    }
}

/// Whether a text that was joined by lines is what the edits of both sides come to: `base`, `ours`, `theirs`, the
/// joined text.
pub type Check = fn(&str, &str, &str, &str) -> bool;

/// Joins files of a kind that has identities of its own, as scenes are of a script.
#[derive(Debug, Clone, Copy)]
pub struct Merger {
    /// What the names of such files end in, without the dot.
    pub extensions: &'static [&'static str],
    /// Whether a text that was joined by lines is what the edits of both sides come to. Where it is, it has the
    /// layout of both, and nothing else is tried.
    pub holds: Check,
    /// Whether such a text at least has all that both edits come to, wherever it stands. Then it is taken where
    /// `join` collides: nobody is asked about what lines can join.
    pub adds_up: Check,
    /// Joins `ours` and `theirs`, which both grew out of `base`; none where lines do better.
    pub join: fn(base: &str, ours: &str, theirs: &str) -> Option<MergedFile>,
    /// Settles a place where they collide: the text of the file with what was chosen there.
    pub settle: fn(Versions<'_>, &Place, Choice) -> Result<String, Unsettled>,
}

/// Joins two versions of the file at `path` that both grew out of `base`: by lines where these can be joined
/// and say what both edits come to, else a kind that one of `mergers` knows by it, JSON by field, other text
/// with its conflicts, all else not at all. What only one of them changed is taken as it is.
#[must_use]
pub fn merge_file(
    mergers: &[Merger],
    path: &str,
    base: &[u8],
    ours: &[u8],
    theirs: &[u8],
) -> MergedFile {
    if ours == theirs || theirs == base {
        return MergedFile::whole(ours);
    }
    if ours == base {
        return MergedFile::whole(theirs);
    }
    let is_large = |side: &&[u8]| side.len() as u64 > LIMIT_BYTES;
    if [base, ours, theirs].iter().any(is_large) {
        return MergedFile::ours(ours);
    }
    let (Some(base), Some(our), Some(theirs)) = (text(base), text(ours), text(theirs)) else {
        return MergedFile::ours(ours);
    };
    let lines = merge_text(base, our, theirs);
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let known = mergers
        .iter()
        .find(|merger| merger.extensions.contains(&extension));
    let holds = known.map(|merger| merger.holds);
    let holds = holds.or((extension == "json").then_some(json_holds as _));
    let right = |is_right: Check| {
        let is_joined = lines.places.is_empty() && is_right(base, our, theirs, &lines.text);
        is_joined.then(|| MergedFile::whole(lines.text.as_str()))
    };
    if let Some(joined) = holds.and_then(right) {
        return joined;
    }
    // Lines know nothing of brackets and commas.
    let sound = |lines: MergedText, parses: &dyn Fn(&str) -> bool| match parses(our)
        && parses(theirs)
        && !parses(&lines.text)
    {
        true => MergedFile::ours(ours),
        false => joined(ours, lines),
    };
    if let Some(merger) = known
        && let Some(joined) = (merger.join)(base, our, theirs)
    {
        let by_lines = joined.conflict.as_ref().and_then(|_| right(merger.adds_up));
        return by_lines.unwrap_or(joined);
    }
    match extension {
        "json" => {
            let Some(merged) = merge_json(base, our, theirs) else {
                return sound(lines, &is_json);
            };
            let twice = merged.twice.iter().map(|pointer| Place::at_field(pointer));
            let places: Vec<_> = twice.chain(merged.places).collect();
            if places.len() > MOST_PLACES {
                return MergedFile::ours(ours);
            }
            if places.is_empty() && !json_holds(base, our, theirs, &merged.text) {
                return MergedFile::ours(ours);
            }
            MergedFile {
                bytes: merged.text.into_bytes(),
                conflict: (!places.is_empty()).then_some(places),
            }
        }
        "toml" => sound(lines, &|text| text.parse::<toml::Table>().is_ok()),
        _ => joined(ours, lines),
    }
}

fn joined(ours: &[u8], merged: MergedText) -> MergedFile {
    match merged.places.len() {
        0 => MergedFile::whole(merged.text),
        1..=MOST_PLACES => MergedFile {
            bytes: merged.text.into_bytes(),
            conflict: Some(merged.places),
        },
        _ => MergedFile::ours(ours),
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok();
    text.filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(path: &str, base: &str, ours: &str, theirs: &str) -> String {
        let merged = merge_file(
            &[],
            path,
            base.as_bytes(),
            ours.as_bytes(),
            theirs.as_bytes(),
        );
        assert_eq!(merged.conflict, None);
        String::from_utf8(merged.bytes).expect("text")
    }

    fn collision(path: &str, base: &str, ours: &str, theirs: &str) -> (String, Vec<Place>) {
        let merged = merge_file(
            &[],
            path,
            base.as_bytes(),
            ours.as_bytes(),
            theirs.as_bytes(),
        );
        let text = String::from_utf8(merged.bytes).expect("text");
        (text, merged.conflict.expect("a conflict"))
    }

    fn fields(places: &[Place]) -> Vec<&str> {
        let fields = places.iter().filter_map(|place| place.pointer.as_deref());
        fields.collect()
    }

    #[test]
    fn json_is_joined_by_field_even_on_one_line() {
        let joined = merged(
            "beats.json",
            r#"{"a": 1, "b": 1}"#,
            r#"{"a": 2, "b": 1}"#,
            r#"{"a": 1, "b": 3}"#,
        );
        assert_eq!(joined, r#"{"a": 2, "b": 3}"#);
        let (text, places) = collision(
            "x.json",
            r#"{"a": 1, "b": 1}"#,
            r#"{"a": 2, "b": 1}"#,
            r#"{"a": 3, "b": 2}"#,
        );
        let texts = (places[0].ours.as_deref(), places[0].theirs.as_deref());
        assert_eq!(texts, (Some("2"), Some("3")));
        assert_eq!(
            (text.as_str(), fields(&places)),
            (r#"{"a": 2, "b": 2}"#, vec!["/a"])
        );
        let ours = r#"{"a": 1, "a": 2}"#;
        let (text, places) = collision("x.json", r#"{"a": 1}"#, ours, r#"{"a": 1, "b": 3}"#);
        assert_eq!((text.as_str(), fields(&places)), (ours, vec!["/a"]));
    }

    #[test]
    fn the_layout_of_json_stays_where_lines_can_be_joined() {
        let base = "{\"a\":1,\n\"x\":[1,2],\n\"y\":0,\n\"b\":1}";
        let (ours, theirs) = (
            base.replace("a\":1", "a\":2"),
            base.replace("b\":1", "b\":3"),
        );
        let joined = merged("x.json", base, &ours, &theirs);
        assert_eq!(joined, ours.replace("b\":1", "b\":3"));
    }

    #[test]
    fn lines_that_join_are_taken_where_they_say_what_both_edits_come_to() {
        let shots = |ids: [&str; 4]| {
            let lines = ids.map(|id| format!("  {{\"id\": \"{id}\", \"lens\": 35}}"));
            format!("[\n{}\n]\n", lines.join(",\n"))
        };
        // Both moved entries, but not the same ones, and far from each other.
        let far = |ids: [&str; 8]| {
            let lines = ids.map(|id| format!("  {{\"id\": \"{id}\"}},\n"));
            format!("[\n{}  {{\"id\": \"end\"}}\n]\n", lines.concat())
        };
        let base = far(["a", "b", "c", "d", "e", "f", "g", "h"]);
        let ours = far(["b", "a", "c", "d", "e", "f", "g", "h"]);
        let theirs = far(["a", "b", "c", "d", "e", "f", "h", "g"]);
        let both = far(["b", "a", "c", "d", "e", "f", "h", "g"]);
        assert_eq!(merged("x.json", &base, &ours, &theirs), both);
        // The same one, to two places: it would be there twice.
        let (base, theirs) = (shots(["a", "b", "c", "d"]), shots(["b", "c", "d", "a"]));
        let ours = shots(["b", "a", "c", "d"]);
        let (text, places) = collision("x.json", &base, &ours, &theirs);
        assert_eq!((text, fields(&places)), (ours, vec![""]));
    }

    #[test]
    fn toml_that_would_break_is_a_conflict_and_ours_stays() {
        let base = "[a]\n\nx = 1\n\ny = 2\n\nz = 3\n";
        let ours = base.replace("[a]\n", "[a]\nnew = 1\n");
        let theirs = format!("{base}new = 2\n");
        assert_eq!(
            collision("a.toml", base, &ours, &theirs),
            (ours.clone(), vec![])
        );
        merged("a.txt", base, &ours, &theirs);
        // Where lines collide, the rest is joined all the same.
        let ours = base.replace("x = 1", "x = 2");
        let theirs = base.replace("x = 1", "x = 3").replace("z = 3", "z = 4");
        let (text, places) = collision("a.toml", base, &ours, &theirs);
        assert_eq!(text, ours.replace("z = 3", "z = 4"));
        assert_eq!(places[0].line, Some(3));
    }

    #[test]
    fn json_that_would_break_is_a_conflict_even_if_it_was_broken_before() {
        // A comma was missing, and each side put one in, at its own place.
        let base = "{\n\"a\": 1\n\n\"x\": 2,\n\n\"y\": 3\n}\n";
        let ours = base.replace("1\n", "1,\n");
        let theirs = base.replace("\n\n\"x\"", "\n\n,\"x\"");
        assert!(is_json(&ours) && is_json(&theirs));
        assert_eq!(
            collision("a.json", base, &ours, &theirs),
            (ours.clone(), vec![])
        );
        merged("a.txt", base, &ours, &theirs);
        // What was no JSON on one side either is text.
        merged("a.json", base, &ours, &format!("# x\n{base}"));
    }

    #[test]
    fn texts_that_have_next_to_nothing_in_common_are_chosen_whole() {
        let lines = |word: &str| -> String {
            let lines = (0..4 * MOST_PLACES).map(|n| match n % 2 {
                0 => format!("{n}\n"),
                _ => format!("{word} {n}\n"),
            });
            lines.collect()
        };
        let (base, ours, theirs) = (lines("base"), lines("ours"), lines("theirs"));
        let (text, places) = collision("a.txt", &base, &ours, &theirs);
        assert_eq!((text, places), (ours, vec![]));
    }

    #[test]
    fn what_is_no_text_is_never_joined() {
        let merged = merge_file(&[], "a.png", b"\0a", b"\0b", b"\0c");
        assert_eq!(
            (merged.bytes.as_slice(), merged.conflict),
            (&b"\0b"[..], Some(vec![]))
        );
    }
}
