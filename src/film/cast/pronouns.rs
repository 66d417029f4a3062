//! The words that mean somebody without a name.

use super::small_words::is_small;
use super::{Gender, roles, tables};

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

pub(super) fn fits(found: Gender, wanted: Gender) -> bool {
    found == wanted || found == Gender::Unknown
}

pub(super) fn singular(word: &str) -> Option<(Gender, How)> {
    match word.split(['\'', '’']).next().unwrap_or(word) {
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
