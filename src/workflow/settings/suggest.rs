//! "Did you mean": the nearest of a few known words.

/// How alike two words must be (Jaro-Winkler, from 0 to 1) for one to be offered for the other;
/// low enough for two swapped letters in a short word, high enough that nonsense gets no offer.
const THRESHOLD: f64 = 0.75;

/// The candidate most like `word`, when one is like it at all. The first wins a draw.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    let mut best = None;
    for candidate in candidates {
        let likeness = strsim::jaro_winkler(&folded, &candidate.to_lowercase());
        if likeness >= THRESHOLD && best.is_none_or(|(top, _)| likeness > top) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The path most like `path`: one with the same last name wherever it lies, else the nearest in
/// spelling.
#[must_use]
pub fn nearest_path<'a>(path: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let wanted = name(path);
    let mut same = candidates
        .iter()
        .copied()
        .filter(|candidate| name(candidate) == wanted);
    match (same.next(), same.next()) {
        (Some(only), None) => Some(only),
        _ => nearest(path, candidates.iter().copied()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        let words = ["commit", "config", "completions"];
        assert_eq!(nearest("comit", words), Some("commit"));
        assert_eq!(nearest("Cofnig", words), Some("config"));
        assert_eq!(nearest("zzz", words), None);
    }

    #[test]
    fn a_path_is_found_by_its_name_in_another_folder() {
        let paths = ["bible/characters/rae.toml", "script.fountain"];
        assert_eq!(nearest_path("characters/rae.toml", &paths), Some(paths[0]));
        assert_eq!(nearest_path("scrpt.fountain", &paths), Some(paths[1]));
    }
}
