//! "Did you mean": the nearest of a few known words, in spelling. The one place that tells, for commands,
//! names, paths and the words of a film's files.

use std::collections::BTreeSet;

/// Most edits that a slip may have, however long the word is.
const MOST_EDITS: usize = 3;

/// Fewest letters of a word that is taken for the beginning of another.
const LEAST_OF_PREFIX: usize = 3;

/// How many letters may be wrong, missing, too many or swapped in a word of so many letters: one of
/// three, so that a word of another meaning is never offered.
fn allowed(letters: usize) -> usize {
    (letters.max(3) / 3).min(MOST_EDITS)
}

/// Fewest letters of a word within a name that is enough to know the name by.
const LEAST_OF_PART: usize = 4;

/// In small letters, with one sign between words.
fn folded(word: &str) -> String {
    word.to_lowercase().replace(['_', ' '], "-")
}

/// The candidate that `word` may be a slip for, or else the beginning of, or that begins it. Capitals
/// do not count; of several as near, the first is taken.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(word);
    let letters = wanted.chars().count();
    let most = allowed(letters);
    let mut best: Option<((usize, usize), &str)> = None;
    for candidate in candidates {
        let known = folded(candidate);
        let length = known.chars().count();
        let edits = match letters.abs_diff(length) > most {
            true => usize::MAX,
            false => strsim::osa_distance(&wanted, &known),
        };
        let is_begun =
            letters >= LEAST_OF_PREFIX && !wanted.contains('/') && known.starts_with(&wanted);
        // Of the longer one that was typed, only whole words count: `wide-angle` for `wide`.
        let rest = wanted.strip_prefix(&known);
        let is_continued =
            length >= LEAST_OF_PREFIX && rest.is_some_and(|rest| rest.starts_with('-'));
        let rank = match edits {
            // Of a single letter nothing may be wrong, or it would be a slip for any other.
            edits if edits <= most && edits < letters.max(length) => (edits, 0),
            _ if is_begun || is_continued => (MOST_EDITS + 1, letters.abs_diff(length)),
            _ => continue,
        };
        if best.is_none_or(|(top, _)| rank < top) {
            best = Some((rank, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The name that `typed` may be a slip for, its beginning, or another way to call the same: the only
/// one that has a word of it, as `alternate-ending` has of `my-ending`.
#[must_use]
pub fn nearest_name<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    let near = nearest(typed, names.iter().copied());
    near.or_else(|| {
        let words = |name: &str| -> Vec<String> {
            let folded = folded(name);
            let words = folded.split(|c: char| !c.is_alphanumeric());
            let long = words.filter(|word| word.chars().count() >= LEAST_OF_PART);
            long.map(str::to_owned).collect()
        };
        let wanted = words(typed);
        let has = |name: &&&'a str| words(name).iter().any(|word| wanted.contains(word));
        let mut found = names.iter().filter(has);
        let first = *found.next()?;
        found.next().is_none().then_some(first)
    })
}

/// The file or folder most like `path`, of those that `files` name: one with the same last name
/// wherever it lies, else the nearest in spelling.
#[must_use]
pub fn nearest_path<'a>(path: &str, files: &[&'a str]) -> Option<&'a str> {
    let folders = files.iter().flat_map(|file| {
        let ends = file.match_indices('/').map(|(at, _)| at);
        ends.map(|end| &file[..end])
    });
    let candidates: BTreeSet<&'a str> = files.iter().copied().chain(folders).collect();
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let path = path.trim_end_matches('/');
    let wanted = name(path);
    let mut same = candidates
        .iter()
        .copied()
        .filter(|candidate| name(candidate) == wanted);
    if let (Some(only), None) = (same.next(), same.next()) {
        return Some(only);
    }
    let near = nearest(path, candidates.iter().copied());
    near.or_else(|| {
        // The end of its name may be forgotten.
        let stem = |path: &'a str| match path.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() && !stem.ends_with('/') => stem,
            _ => path,
        };
        let near = nearest(path, candidates.iter().map(|path| stem(path)))?;
        candidates.iter().copied().find(|path| stem(path) == near)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        let words = [
            "commit",
            "config",
            "completions",
            "trust",
            "restore",
            "log",
            "y",
        ];
        for (typed, meant) in [
            ("comit", Some("commit")),
            ("Cofnig", Some("config")),
            ("lgo", Some("log")),
            ("compl", Some("completions")),
            ("commit all", Some("commit")),
            ("logs-of-it", None),
            ("reset", None),
            ("zzz", None),
            ("it", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(nearest(typed, words), meant, "{typed}");
        }
        assert_eq!(nearest("cherry_pikc", ["cherry-pick"]), Some("cherry-pick"));
    }

    #[test]
    fn a_name_is_found_by_a_word_that_no_other_has() {
        let names = ["main", "alternate-ending", "quiet_start"];
        for (typed, meant) in [
            ("my-ending", Some("alternate-ending")),
            ("Ending", Some("alternate-ending")),
            ("the/quiet", Some("quiet_start")),
            ("a-of-the", None),
            ("other", None),
        ] {
            assert_eq!(nearest_name(typed, &names), meant, "{typed}");
        }
        let two = ["alternate-ending", "quiet-ending"];
        assert_eq!(nearest_name("my-ending", &two), None);
    }

    #[test]
    fn a_path_is_found_by_its_name_in_another_folder() {
        let paths = ["bible/characters/rae.toml", "script.fountain"];
        assert_eq!(nearest_path("characters/rae.toml", &paths), Some(paths[0]));
        assert_eq!(nearest_path("scrpt.fountain", &paths), Some(paths[1]));
        assert_eq!(nearest_path("scripts", &paths), Some(paths[1]));
        assert_eq!(nearest_path("poster", &paths), None);
        assert_eq!(nearest_path("x", &[".aiutignore"]), None);
        let deep = ["frames/001_001.png", "frames/001_002.png"];
        assert_eq!(nearest_path("fraems", &deep), Some("frames"));
        assert_eq!(nearest_path("fraems/001_002.png", &deep), Some(deep[1]));
    }
}
