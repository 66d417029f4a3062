//! Finds names in a sentence.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::spelling::Spellings;
use super::{Cast, MOST_PEOPLE, tables};
use crate::prose::{self, Word};

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

/// A name of more words is not looked for.
const MOST_WORDS: usize = 32;

/// The names of a cast, word by word.
#[derive(Debug)]
pub(super) struct Matcher {
    first: HashMap<String, Node>,
    /// Proper names of one word, for misspellings, with whom they mean.
    single: Vec<(String, usize)>,
    /// The same by their spelling; made when a word is first looked up in it.
    spellings: OnceLock<Spellings>,
}

/// The names that begin with the same words.
#[derive(Debug, Default)]
struct Node {
    next: HashMap<String, Node>,
    /// The name that ends here.
    alias: Option<Alias>,
}

#[derive(Debug)]
struct Alias {
    words: Vec<String>,
    /// Who goes by it, and whether it is the whole name in the shot lists.
    who: Vec<(usize, bool)>,
    /// Whether nobody else goes by it.
    sole: bool,
    /// A noun (`woman`, `giant`), not a proper name.
    noun: bool,
}

impl Matcher {
    pub(super) fn new(cast: &Cast) -> Self {
        let mut matcher = Self {
            first: HashMap::new(),
            single: Vec::new(),
            spellings: OnceLock::new(),
        };
        for (who, character) in cast.characters.iter().enumerate() {
            let name = prose::tokens(&character.name);
            for alias in &character.aliases {
                matcher.add(alias, who, &name);
            }
        }
        matcher
    }

    fn add(&mut self, alias: &str, who: usize, name: &[String]) {
        let words: Vec<String> = alias.split(' ').map(str::to_owned).collect();
        let head = words.last().map(String::as_str).unwrap_or_default();
        let noun = tables::role(head).is_some() || tables::group(head);
        if words.len() == 1 && !noun {
            self.single.push((alias.to_owned(), who));
        }
        if words.len() > MOST_WORDS {
            return;
        }
        let mut node = self.first.entry(words[0].clone()).or_default();
        for word in &words[1..] {
            node = node.next.entry(word.clone()).or_default();
        }
        let whole = words.len() > 1 || name == words;
        match &mut node.alias {
            Some(alias) => {
                alias.sole = false;
                if alias.who.len() < MOST_PEOPLE {
                    alias.who.push((who, whole));
                }
            }
            none => {
                *none = Some(Alias {
                    words,
                    who: vec![(who, whole)],
                    sole: true,
                    noun,
                });
            }
        }
    }

    /// All names in a sentence, the longest at each place. `active` says who is in the scene.
    pub(super) fn find(&self, words: &[Word<'_>], active: &HashSet<usize>) -> Vec<Mention> {
        let lower: Vec<String> = words.iter().map(Word::lower).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.at(words, &lower, at, active) {
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
        words: &[Word<'_>],
        lower: &[String],
        at: usize,
        active: &HashSet<usize>,
    ) -> Option<Mention> {
        let mut aliases: Vec<&Alias> = Vec::new();
        let mut node = self.first.get(&lower[at]);
        let mut next = at + 1;
        while let Some(found) = node {
            aliases.extend(&found.alias);
            node = lower.get(next).and_then(|word| found.next.get(word));
            next += 1;
        }
        for alias in aliases.into_iter().rev() {
            let means = |(who, whole): (usize, bool)| {
                let is_active = active.contains(&who);
                means(alias, words, lower, at, is_active, (whole, alias.sole)).then_some(who)
            };
            let who: Vec<usize> = alias.who.iter().copied().filter_map(means).collect();
            if !who.is_empty() {
                let len = alias.words.len();
                return Some(Mention { at, len, who });
            }
        }
        let word = words[at];
        let name_like = word.all_caps() || at > 0 && word.capitalised();
        if !name_like || self.first.contains_key(&lower[at]) {
            return None;
        }
        let spellings = self
            .spellings
            .get_or_init(|| Spellings::of(self.single.iter().map(|(alias, _)| alias.clone())));
        let near = spellings.first(&lower[at], |_| true)?;
        Some(Mention {
            at,
            len: 1,
            who: vec![self.single[near].1],
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
