//! Common words of places and of what stands in them. Two things follow from the list: such a word
//! is written small where a heading in capitals is shown as people write it, and a phrase that ends
//! in one names a place or a thing.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What kind of word it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Common {
    /// A kind of place: `kitchen`, `street`.
    Place,
    /// What belongs to the look of a place: `table`, `walls`, `fog`.
    Thing,
    /// What it can be like, or made of: `small`, `wooden`.
    Quality,
    /// People and animals of whom there are many kinds: `captain`, `guests`.
    Person,
    /// Small words that join others, in several languages.
    Joint,
}

const LIST: &str = include_str!("common.txt");

static WORDS: LazyLock<HashMap<&'static str, Common>> = LazyLock::new(|| {
    let mut kind = Common::Joint;
    let mut words = HashMap::new();
    for line in LIST.lines() {
        match line.trim() {
            "[place]" => kind = Common::Place,
            "[thing]" => kind = Common::Thing,
            "[quality]" => kind = Common::Quality,
            "[person]" => kind = Common::Person,
            "[joint]" => kind = Common::Joint,
            line if line.starts_with('#') => {}
            line => {
                for word in line.split_whitespace() {
                    words.entry(word).or_insert(kind);
                }
            }
        }
    }
    words
});

/// What kind of common word this is, in small letters; none if it is none. A plural is as its
/// singular.
#[must_use]
pub fn common(word: &str) -> Option<Common> {
    let singular = || {
        let stems = [("ies", "y"), ("es", ""), ("s", "")];
        let mut found = stems.iter().filter_map(|(end, own)| {
            let stem = word.strip_suffix(end)?;
            (stem.len() > 2).then(|| WORDS.get(format!("{stem}{own}").as_str()).copied())?
        });
        found.find(|kind| matches!(kind, Common::Place | Common::Thing | Common::Person))
    };
    WORDS.get(word).copied().or_else(singular)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plural_is_as_its_singular() {
        for (word, kind) in [
            ("kitchen", Some(Common::Place)),
            ("galleries", Some(Common::Place)),
            ("boxes", Some(Common::Thing)),
            ("lamps", Some(Common::Thing)),
            ("wooden", Some(Common::Quality)),
            ("captain", Some(Common::Person)),
            ("the", Some(Common::Joint)),
            ("spectre", None),
            ("reggie", None),
        ] {
            assert_eq!(common(word), kind, "{word}");
        }
    }
}
