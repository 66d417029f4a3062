//! What git asks of a program that knows the files of a film: a text to compare by line, and two
//! versions joined.

use std::path::Path;

use super::comparison::Reading;
use super::viewer::Viewer;
use crate::diff::{LIMIT_BYTES, as_text};
use crate::film::versions::{script_lines, value_lines};
use crate::merge::{MergedFile, marked_text};
use crate::workflow::repository::{is_script, join_files};

/// A file as lines that git can compare: a screenplay a sentence a line, JSON and TOML a field a
/// line, pictures, clips and sounds by what is in them. None for what is best compared as it is.
#[must_use]
pub fn as_lines(viewer: &Viewer, path: &Path, bytes: &[u8]) -> Option<String> {
    if bytes.len() as u64 > LIMIT_BYTES {
        return viewer.facts_of(path);
    }
    let Some(text) = as_text(bytes) else {
        return viewer.facts_of(path);
    };
    let extension = path.extension().and_then(|extension| extension.to_str());
    match Reading::of_extension(extension?)? {
        Reading::Script => Some(script_lines(text)),
        reading => Some(value_lines(&reading.value(text)?)),
    }
}

/// Two versions of a file joined as git wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// What the file is to hold.
    pub bytes: Vec<u8>,
    /// How many places collide; zero if all is joined.
    pub places: usize,
}

/// Joins two versions of the file at `path` as `aiut merge` does. What collides stands in the file:
/// in a screenplay between notes, in other text between git's marks. Of what is no text ours stays.
#[must_use]
pub fn join(path: &str, base: &[u8], ours: &[u8], theirs: &[u8]) -> Joined {
    let MergedFile { bytes, conflict } = join_files(path, base, ours, theirs);
    let Some(places) = conflict else {
        return Joined { bytes, places: 0 };
    };
    let places = places.len().max(1);
    if is_script(path) {
        return Joined { bytes, places };
    }
    let is_small = |side: &&[u8]| side.len() as u64 <= LIMIT_BYTES;
    let texts = [base, ours, theirs].map(|side| Some(side).filter(is_small).and_then(as_text));
    if let [Some(base), Some(ours), Some(theirs)] = texts
        // Lines may fit where the whole does not: then one side is chosen.
        && let (text, places @ 1..) = marked_text(base, ours, theirs)
    {
        let bytes = text.into_bytes();
        return Joined { bytes, places };
    }
    Joined { bytes, places }
}
