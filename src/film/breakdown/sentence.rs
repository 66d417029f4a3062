//! The name of a place as it stands in a sentence: `the hotel room`, `under the bridge`.

use crate::prose::{self, Word};
use crate::words::{Common, common};

/// Words of direction with which a place may begin: it needs no article then.
#[rustfmt::skip]
pub(super) const DIRECTIONS: &[&str] = &[
    "above", "across", "along", "around", "approaching", "at", "back", "behind", "below", "beneath", "beside", "between", "by", "deep",
    "down", "entering", "further", "high", "in", "inside", "into", "leaving", "near", "off", "on", "opposite", "out", "outside", "over", "through",
    "under", "up", "within", "beyond", "among", "amid", "against", "next",
    "entre", "sous", "sur", "dans", "devant", "derrière", "chez", "vers", "hors",
    "zwischen", "unter", "hinter", "neben", "vor", "auf", "über", "im", "am", "vorm",
    "bajo", "sobre", "detrás", "junto", "sotto", "sopra", "dietro", "tra", "fra", "под", "над", "за", "между", "перед", "у",
];

/// Whether a place begins with a word of direction: `under the bridge`, `entre les trains`.
#[must_use]
pub fn begins_with_direction(place: &str) -> bool {
    let first = prose::first_word(place).map(|word| word.lower());
    first.is_some_and(|word| DIRECTIONS.contains(&word.as_str()))
}

/// A place as it stands in a sentence: `the hotel room`, `Reggie's hotel room`, `under the bridge`.
/// `of` stands before it, but where it begins with a direction.
#[must_use]
pub fn in_sentence(place: &str, of: &str) -> String {
    let words = prose::words(place);
    let first = words.first().map(Word::lower).unwrap_or_default();
    if begins_with_direction(place) {
        return place.to_owned();
    }
    let joined = if of.is_empty() {
        String::new()
    } else {
        format!("{of} ")
    };
    let english = matches!(
        common(&first),
        Some(Common::Place | Common::Thing | Common::Quality | Common::Person)
    );
    let small = place.starts_with(char::is_lowercase);
    // `the A.P. newsroom`, `the Texas road`, but `Main Street` and `Reggie's room`.
    let head = place.split(", ").next().unwrap_or(place);
    let head = head.split(" in ").next().unwrap_or(head);
    let named = words.len() > 1
        && !words.iter().any(|word| word.possessive)
        && prose::words(head)
            .last()
            .is_some_and(|last| last.text.starts_with(char::is_lowercase));
    // `A.P.` is no article.
    let opening = place.split(' ').next().unwrap_or_default().to_lowercase();
    let article = if (small && english || named) && !ARTICLES.contains(&opening.as_str()) {
        "the "
    } else {
        ""
    };
    format!("{joined}{article}{place}")
}

/// No other article stands before one of these.
const ARTICLES: &[&str] = &[
    "the",
    "a",
    "an",
    "several",
    "many",
    "few",
    "countless",
    "endless",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_stands_in_a_sentence() {
        for (place, expected) in [
            ("hotel room", "of the hotel room"),
            ("Reggie's hotel room", "of Reggie's hotel room"),
            ("under the bridge", "under the bridge"),
            ("the vault", "of the vault"),
            ("café de l'Étoile", "of the café de l'Étoile"),
            ("街道", "of 街道"),
            ("A.P. newsroom in Paris", "of the A.P. newsroom in Paris"),
            ("Utah road", "of the Utah road"),
            ("Main Street", "of Main Street"),
            ("entre les trains", "entre les trains"),
        ] {
            assert_eq!(in_sentence(place, "of"), expected);
        }
    }
}
