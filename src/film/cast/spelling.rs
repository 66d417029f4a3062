//! Names that are spelt nearly alike, found without comparing each with each.
//!
//! Two words that differ by a letter or two become equal when a letter or two is left out of both.
//! So each name is noted under all that is left of it, and a word is looked up the same way.

/// Similarity from which a name counts as another's misspelling: Jaro-Winkler, with at most one
/// letter changed, missing, added or swapped (two from eight letters on).
const FUZZY: f64 = 0.85;

/// Shorter words are never misspelt, longer ones have too many ways to be.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=40;
/// Words from this length on may differ by two letters from one of eight.
const TWO_FROM: usize = 6;
/// Names beyond this many are found only as they are spelt.
const MOST_NAMES: usize = 20_000;
/// Of the names that leave the same rest, this many are looked at.
const MOST_ALIKE: usize = 32;

/// Whether two words are one name, once misspelt.
fn misspelt(a: &str, b: &str) -> bool {
    let length = a.chars().count().max(b.chars().count());
    let allowed = if length >= 8 { 2 } else { 1 };
    length >= 5
        && a.chars().next() == b.chars().next()
        && strsim::osa_distance(a, b) <= allowed
        && strsim::jaro_winkler(a, b) >= FUZZY
}

/// Names in small letters by what is left of them.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    names: Vec<String>,
    /// A hash of what is left, and the place of the name; sorted.
    rests: Vec<(u64, u32)>,
}

impl Spellings {
    pub(super) fn of(names: impl IntoIterator<Item = String>) -> Self {
        let names: Vec<String> = names.into_iter().take(MOST_NAMES).collect();
        let mut rests = Vec::new();
        for (at, name) in (0_u32..).zip(&names) {
            each_rest(name, |hash| rests.push((hash, at)));
        }
        rests.sort_unstable();
        rests.dedup();
        Self { names, rests }
    }

    /// The place of the first name of which `word` is a misspelling, and which fits.
    pub(super) fn first(&self, word: &str, fits: impl Fn(usize) -> bool) -> Option<usize> {
        let mut near: Vec<u32> = Vec::new();
        each_rest(word, |hash| {
            let from = self.rests.partition_point(|rest| rest.0 < hash);
            let alike = self.rests[from..].iter().take(MOST_ALIKE);
            near.extend(alike.take_while(|rest| rest.0 == hash).map(|rest| rest.1));
        });
        near.sort_unstable();
        near.dedup();
        near.into_iter()
            .map(|at| at as usize)
            .find(|at| fits(*at) && misspelt(word, &self.names[*at]))
    }
}

/// Hashes of the word and of all that is left of it without one letter, or two. The first letter
/// always stays: a misspelling has the same.
fn each_rest(word: &str, mut note: impl FnMut(u64)) {
    let letters: Vec<char> = word.chars().take(LENGTHS.end() + 1).collect();
    if !LENGTHS.contains(&letters.len()) {
        return;
    }
    let without = |left_out: [usize; 2]| {
        let kept = (0..letters.len()).filter(|at| !left_out.contains(at));
        kept.fold(0xcbf2_9ce4_8422_2325_u64, |hash, at| {
            (hash ^ u64::from(u32::from(letters[at]))).wrapping_mul(0x0000_0100_0000_01b3)
        })
    };
    let none = letters.len();
    note(without([none, none]));
    for first in 1..letters.len() {
        note(without([first, none]));
        if letters.len() >= TWO_FROM {
            (first + 1..letters.len()).for_each(|second| note(without([first, second])));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_misspelt_name_is_found(
            names in prop::collection::vec("[ab]{3,10}", 0..30), word in "[ab]{3,10}",
        ) {
            let found = Spellings::of(names.iter().cloned()).first(&word, |_| true);
            let expected = names.iter().position(|name| misspelt(&word, name));
            prop_assert_eq!(found, expected);
        }
    }
}
