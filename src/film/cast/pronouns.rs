//! The words that mean somebody without a name.

use super::small_words::is_small;
use super::{Gender, roles, tables};
use crate::prose::Word;

/// How a word means somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By name.
    Named,
    /// By name, as one whose something is seen: "Mila's hand".
    NamedOwner,
    /// "She"
    Subject,
    /// "Her", "himself": as one whom something is done to, or whose something is.
    Other,
}

/// "they" and its like: the last two or more people.
pub(super) const PLURAL: &[&str] = &["they", "them", "their", "theirs", "themselves", "both"];
/// After "the": the last two or more people (of that gender).
pub(super) const PAIRS: &[(&str, Option<Gender>)] = &[
    ("two", None),
    ("pair", None),
    ("couple", None),
    ("duo", None),
    ("three", None),
    ("men", Some(Gender::Male)),
    ("boys", Some(Gender::Male)),
    ("brothers", Some(Gender::Male)),
    ("guys", Some(Gender::Male)),
    ("women", Some(Gender::Female)),
    ("girls", Some(Gender::Female)),
    ("sisters", Some(Gender::Female)),
    ("kids", None),
    ("lovers", None),
    ("newlyweds", None),
];

/// "everyone": all people of the scene so far.
pub(super) const EVERYBODY: &[&str] = &["everyone", "everybody"];

/// Whether a word for several people stood in the sentence so far; each word is looked at once.
#[derive(Default)]
pub(super) struct GroupsSoFar {
    seen: usize,
    found: bool,
}

impl GroupsSoFar {
    pub(super) fn any(&mut self, so_far: &[String]) -> bool {
        let new = so_far.get(self.seen..).unwrap_or_default();
        self.found = self.found || new.iter().any(|noun| roles::group(noun));
        self.seen = so_far.len();
        self.found
    }
}

/// Pronouns of other languages that are no words of English, nor names, nor mean things as often:
/// `son` and `on` are not among them.
#[rustfmt::skip]
const FOREIGN: &[(&str, Gender, How)] = &[
    ("il", Gender::Male, How::Subject), ("elle", Gender::Female, How::Subject),
    ("er", Gender::Male, How::Subject), ("ihm", Gender::Male, How::Other), ("ihn", Gender::Male, How::Other),
    ("sie", Gender::Female, How::Subject),
    ("él", Gender::Male, How::Subject), ("egli", Gender::Male, How::Subject),
    ("ele", Gender::Male, How::Subject), ("ela", Gender::Female, How::Subject),
    ("он", Gender::Male, How::Subject), ("его", Gender::Male, How::Other), ("ему", Gender::Male, How::Other),
    ("она", Gender::Female, How::Subject), ("ей", Gender::Female, How::Other),
];

/// Whether a pronoun of another language means nobody where it stands: "il y a", "il pleut", and the
/// plural "sie sitzen"; nor is `the ER` one.
pub(super) fn is_nobody(written: &Word<'_>, word: &str, next: Option<&String>) -> bool {
    if written.all_caps() && FOREIGN.iter().any(|(other, ..)| *other == word) {
        return true;
    }
    let Some(next) = next.map(String::as_str) else {
        return matches!(word, "il" | "sie" | "er");
    };
    match word {
        "il" => IMPERSONAL.contains(&next),
        "sie" => matches!(next, "sind" | "alle" | "beide") || next.ends_with("en"),
        _ => false,
    }
}

/// After "il": what happens without anybody.
#[rustfmt::skip]
const IMPERSONAL: &[&str] = &[
    "y", "n", "neige", "pleut", "faut", "fait", "reste", "manque", "semble", "s", "vente", "gèle", "est",
];

pub(super) fn fits(found: Gender, wanted: Gender) -> bool {
    found == wanted || found == Gender::Unknown
}

pub(super) fn singular(word: &str) -> Option<(Gender, How)> {
    let word = word.split(['\'', '’']).next().unwrap_or(word);
    if let Some((.., gender, how)) = FOREIGN.iter().find(|(other, ..)| *other == word) {
        return Some((*gender, *how));
    }
    match word {
        "he" => Some((Gender::Male, How::Subject)),
        "she" => Some((Gender::Female, How::Subject)),
        "him" | "his" | "himself" => Some((Gender::Male, How::Other)),
        "her" | "hers" | "herself" => Some((Gender::Female, How::Other)),
        _ => None,
    }
}

/// Whether a pronoun is whom something is done to: "him", and "her" where no noun follows.
pub(super) fn is_object(word: &str, next: Option<&String>) -> bool {
    let small = |next: &String| is_small(next) || next.ends_with("ly");
    word == "him" || word == "her" && next.is_none_or(small)
}

pub(super) fn relation(word: &str) -> Option<Gender> {
    let word = word.trim_end_matches("'s").trim_end_matches("’s");
    tables::RELATIONS
        .iter()
        .find(|(noun, _)| *noun == word)
        .map(|(_, gender)| *gender)
}
