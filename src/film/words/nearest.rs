//! "Did you mean": the nearest of a few words.

use super::Word;

/// How alike two words must be (Jaro-Winkler, from 0 to 1) for one to be offered for the other.
const THRESHOLD: f64 = 0.8;

/// The word most like `text`, by its spelling or by what people call it, if one is like it at all;
/// of equal ones the first.
pub(crate) fn nearest(text: &str, words: &[Word]) -> Option<&'static str> {
    let text = folded(text);
    let mut best: Option<(f64, &'static str)> = None;
    for Word { code, called, .. } in words {
        let likeness = [code]
            .into_iter()
            .chain(*called)
            .map(|name| likeness(&text, &folded(name)))
            .fold(0.0, f64::max);
        if likeness >= THRESHOLD && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, code));
        }
    }
    best.map(|(_, word)| word)
}

/// Like by spelling, or, of three letters and more, where one is the other's beginning (`pronoun`
/// and `pronouns`, `wide` and `wide shot`).
fn likeness(a: &str, b: &str) -> f64 {
    let begins = a.len() >= 3 && b.starts_with(a) || b.len() >= 3 && a.starts_with(b);
    let spelt = strsim::jaro_winkler(a, b);
    if begins { spelt.max(0.85) } else { spelt }
}

/// Small letters, words apart by single spaces.
fn folded(text: &str) -> String {
    let text = text.to_lowercase().replace(['-', '_'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_found_by_spelling_or_by_name() {
        let word = |code, called| Word {
            called,
            ..Word::bare(code)
        };
        let sizes: &[Word] = &[
            word("WS", &["wide shot"]),
            word("MCU", &["medium close-up"]),
            word("CU", &["close-up"]),
            word("ECU", &["extreme close-up"]),
        ];
        for (text, meant) in [
            ("cu", Some("CU")),
            ("close up", Some("CU")),
            ("wide", Some("WS")),
            ("Extreme Closeup", Some("ECU")),
            ("banana", None),
        ] {
            assert_eq!(nearest(text, sizes), meant, "{text}");
        }
    }
}
