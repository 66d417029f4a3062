//! Finds names in a sentence.

use std::collections::HashMap;

use super::gather::misspelt;
use super::{Cast, tables};
use crate::film::prose::{self, Word};

/// A name found in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// Index of its first word.
    pub(super) at: usize,
    /// How many words it has.
    pub(super) len: usize,
    /// Whom it may mean: indices into the cast.
    pub(super) who: Vec<usize>,
}

/// The names of a cast, looked up by their first word.
#[derive(Debug)]
pub(super) struct Matcher {
    by_first: HashMap<String, Vec<Alias>>,
    /// Proper names of one word, for misspellings.
    single: Vec<(String, usize)>,
}

#[derive(Debug)]
struct Alias {
    words: Vec<String>,
    who: Vec<usize>,
    /// A noun (`woman`, `giant`), not a proper name.
    noun: bool,
}

impl Matcher {
    pub(super) fn new(cast: &Cast) -> Self {
        let mut by_first = HashMap::<String, Vec<Alias>>::new();
        let mut single = Vec::new();
        for (who, character) in cast.characters.iter().enumerate() {
            for alias in &character.aliases {
                let words: Vec<String> = alias.split(' ').map(str::to_owned).collect();
                let head = words.last().map(String::as_str).unwrap_or_default();
                let noun = tables::role(head).is_some() || tables::group(head);
                if words.len() == 1 && !noun {
                    single.push((alias.clone(), who));
                }
                let entries = by_first.entry(words[0].clone()).or_default();
                match entries.iter_mut().find(|entry| entry.words == words) {
                    Some(entry) => entry.who.push(who),
                    None => entries.push(Alias {
                        words,
                        who: vec![who],
                        noun,
                    }),
                }
            }
        }
        for entries in by_first.values_mut() {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.words.len()));
        }
        Self { by_first, single }
    }

    /// All names in a sentence, the longest at each place. `active` says who is in the scene.
    pub(super) fn find(&self, cast: &Cast, words: &[Word<'_>], active: &[bool]) -> Vec<Mention> {
        let lower: Vec<String> = words.iter().map(Word::lower).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.at(cast, words, &lower, at, active) {
                Some(mention) => {
                    at += mention.len;
                    found.push(mention);
                }
                None => at += 1,
            }
        }
        found
    }

    fn at(
        &self,
        cast: &Cast,
        words: &[Word<'_>],
        lower: &[String],
        at: usize,
        active: &[bool],
    ) -> Option<Mention> {
        for alias in self.by_first.get(&lower[at]).into_iter().flatten() {
            let len = alias.words.len();
            if lower[at..].len() < len || lower[at..at + len] != alias.words[..] {
                continue;
            }
            let who: Vec<usize> = alias
                .who
                .iter()
                .copied()
                .filter(|&who| {
                    let whole = alias.words.len() > 1
                        || prose::tokens(&cast.characters[who].name) == alias.words;
                    let sole = alias.who.len() == 1;
                    means(alias, words, lower, at, active[who], (whole, sole))
                })
                .collect();
            if !who.is_empty() {
                return Some(Mention { at, len, who });
            }
        }
        let word = words[at];
        let name_like = word.all_caps() || at > 0 && word.capitalised();
        if !name_like || self.by_first.contains_key(&lower[at]) {
            return None;
        }
        let near = self
            .single
            .iter()
            .find(|(alias, _)| misspelt(&lower[at], alias))?;
        Some(Mention {
            at,
            len: 1,
            who: vec![near.1],
        })
    }
}

/// Whether the words of an alias, found in a sentence, mean the character. `full` says whether they
/// are the whole name, `sole` whether nobody else goes by them.
fn means(
    alias: &Alias,
    words: &[Word<'_>],
    lower: &[String],
    at: usize,
    active: bool,
    (full, sole): (bool, bool),
) -> bool {
    let capital = words[at].capitalised();
    let before = at
        .checked_sub(1)
        .map(|i| lower[i].as_str())
        .unwrap_or_default();
    // Edward's voice is not the VOICE that speaks from off screen.
    if alias.words[..] == ["voice".to_owned()]
        && (!words[at].all_caps() || before_is_owner(words, at))
    {
        return false;
    }
    if alias.noun {
        let other = matches!(
            before,
            "a" | "an" | "another" | "any" | "no" | "some" | "other" | "every" | "each"
        );
        if words[at].all_caps() {
            return active || full && at > 0;
        }
        return if capital && at > 0 {
            // "the Captain" is used as a name.
            (full || active || sole && before == "the") && !other
        } else {
            active && !other
        };
    }
    if !capital {
        let ordinary =
            alias.words.len() == 1 && tables::AMBIGUOUS.contains(&alias.words[0].as_str());
        return !ordinary && (alias.words.len() > 1 || !matches!(before, "a" | "an"));
    }
    // "Will they make it?" asks; "Will looks" names.
    let asks = alias.words.len() == 1
        && alias.words[0] == "will"
        && at == 0
        && !words[at].possessive
        && lower.get(1).is_some_and(|next| {
            matches!(
                next.as_str(),
                "he" | "she"
                    | "it"
                    | "they"
                    | "we"
                    | "you"
                    | "i"
                    | "this"
                    | "that"
                    | "there"
                    | "the"
                    | "anyone"
            )
        });
    !asks
}

fn before_is_owner(words: &[Word<'_>], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|i| words[i].possessive)
}
