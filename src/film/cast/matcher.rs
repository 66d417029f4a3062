//! Finds names in a sentence.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::fold::fold;
use super::small_words::{CALENDAR, is_small};
use super::spelling::Spellings;
use super::{Cast, MOST_PEOPLE, NameKind, roles, tables};
use crate::prose::{self, Word};

/// A name found in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// Index of its first word.
    pub(super) at: usize,
    /// How many words it has.
    pub(super) len: usize,
    /// Whom it may mean: places in the cast, and whether it is their whole name.
    pub(super) who: Vec<(usize, bool)>,
    /// A noun (`woman`, `giant`), not a proper name.
    pub(super) noun: bool,
}

/// A name of more words is not looked for.
const MOST_WORDS: usize = 32;

/// The names of a cast, word by word.
#[derive(Debug)]
pub(super) struct Matcher {
    /// By the first word, as names are compared.
    first: HashMap<String, Node>,
    /// Whole proper names of one word, for misspellings, with whom they mean.
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
            let names = [&character.name, &character.full_name].map(|name| folded(name));
            for alias in &character.aliases {
                matcher.add(alias, who, &names, character.kind);
            }
        }
        matcher
    }

    fn add(&mut self, alias: &str, who: usize, names: &[Vec<String>; 2], kind: NameKind) {
        let words: Vec<String> = alias
            .split(' ')
            .map(|word| fold(word).into_owned())
            .collect();
        let whole = names.contains(&words);
        let noun = kind != NameKind::Named
            || words
                .last()
                .is_some_and(|head| roles::role(head).is_some() || roles::group(head));
        if words.len() == 1 && !noun {
            self.single.push((words[0].clone(), who));
        }
        if words.len() > MOST_WORDS {
            return;
        }
        let mut node = self.first.entry(words[0].clone()).or_default();
        for word in &words[1..] {
            node = node.next.entry(word.clone()).or_default();
        }
        match &mut node.alias {
            Some(alias) => {
                alias.sole = false;
                alias.noun |= noun;
                if alias.who.len() < MOST_PEOPLE && alias.who.iter().all(|(one, _)| *one != who) {
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
        let lower: Vec<String> = words
            .iter()
            .map(|word| fold(word.text).into_owned())
            .collect();
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
                let full = whole || alias.words.len() > 1;
                means(alias, words, lower, at, is_active, (full, alias.sole))
                    .then_some((who, whole))
            };
            let who: Vec<(usize, bool)> = alias.who.iter().copied().filter_map(means).collect();
            if !who.is_empty() {
                let len = alias.words.len();
                let noun = alias.noun;
                return Some(Mention { at, len, who, noun });
            }
        }
        let word = words[at];
        let name_like = word.all_caps() || at > 0 && word.capitalised();
        let known = || tables::given_name(&lower[at]).is_some() || is_small(&lower[at]);
        if !name_like || self.first.contains_key(&lower[at]) || known() {
            return None;
        }
        let spellings = self
            .spellings
            .get_or_init(|| Spellings::of(self.single.iter().map(|(alias, _)| alias.clone())));
        let near = spellings.first(&lower[at], |_| true)?;
        Some(Mention {
            at,
            len: 1,
            who: vec![(self.single[near].1, false)],
            noun: false,
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
            // A line in capitals alone is a heading.
            let next = words.get(at + alias.words.len());
            return active || full && (at > 0 || next.is_some_and(|next| !next.all_caps()));
        }
        return if capital && at > 0 {
            // "the Captain" is used as a name.
            (full || active || sole && before == "the") && !other
        } else {
            active && !other
        };
    }
    let only = alias.words[0].as_str();
    let is_ordinary = alias.words.len() == 1 && tables::AMBIGUOUS.contains(&only);
    if !capital {
        // Writing without capitals knows no small letters.
        let caseless = !words[at].text.chars().any(char::is_lowercase);
        return caseless
            || alias.words.len() > 1
            || full
                && !is_ordinary
                && !matches!(before, "a" | "an")
                && tables::given_name(only).is_some();
    }
    if alias.words.len() > 1 || words[at].possessive {
        return true;
    }
    // "In May"
    if CALENDAR.contains(&only) && DATES.contains(&before) {
        return false;
    }
    // "Will they make it?" asks; "Will looks" names.
    let next = lower.get(1).map(String::as_str).unwrap_or_default();
    !(is_ordinary && at == 0 && !words[at].all_caps() && ASKED.contains(&next))
}

/// Before the name of a month or season.
const DATES: &[&str] = &[
    "in", "since", "until", "till", "by", "of", "last", "next", "this", "early", "mid", "late",
    "during", "every", "en", "im", "seit", "bis",
];
/// After a word that begins a sentence and is no name: "Will they", "Rose from the ashes", "Mark my words".
const ASKED: &[&str] = &[
    "he", "she", "it", "they", "we", "you", "i", "this", "that", "there", "the", "anyone", "a",
    "an", "his", "her", "my", "your", "their", "our", "its", "of",
];

fn before_is_owner(words: &[Word<'_>], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|i| words[i].possessive)
}

fn folded(name: &str) -> Vec<String> {
    let words = prose::words(name);
    words
        .iter()
        .map(|word| fold(word.text).into_owned())
        .collect()
}
