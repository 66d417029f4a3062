//! Reads a scene sentence by sentence and says who is named or meant.

use std::collections::{BTreeMap, HashSet, VecDeque};

use super::names::Names;
use super::{Cast, Gender, MOST_PEOPLE, NameKind, tables};
use crate::fountain::{Element, ElementKind, heard_only};
use crate::prose::{self, Word};

/// Goes through one scene from its first sentence to its last. Pronouns mean the last fitting name
/// of the scene, so sentences must be read in order.
#[derive(Debug)]
pub struct Reader<'a> {
    cast: &'a Cast,
    names: &'a Names,
    active: HashSet<usize>,
    /// Of each gender the one who is in the scene, if it is one.
    only: BTreeMap<Gender, Option<usize>>,
    /// Most recent last, each once, at most [`MOST_PEOPLE`].
    recent: Vec<usize>,
    /// Who was in the latest sentences, the last one last.
    units: VecDeque<Vec<usize>>,
}

/// So many sentences back "they" are looked for.
const UNITS: usize = 4;

/// "they" and its like: the last two or more people.
const PLURAL: &[&str] = &["they", "them", "their", "theirs", "themselves", "both"];
/// After "the": the last two or more people (of that gender).
const PAIRS: &[(&str, Option<Gender>)] = &[
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

impl<'a> Reader<'a> {
    /// A reader for the scene with these elements. Roles (`NURSE`) count as in the scene when they
    /// have a cue in it or stand in it in capitals.
    pub fn new(cast: &'a Cast, names: &'a Names, elements: &[&Element]) -> Self {
        let mut active = HashSet::new();
        let nobody = HashSet::new();
        for element in elements {
            match &element.kind {
                ElementKind::Character {
                    name, extensions, ..
                } if heard_only(extensions).is_none() => {
                    active.extend(names.speakers(cast, name));
                }
                ElementKind::Action => {
                    let text = prose::plain(&element.text);
                    for sentence in prose::sentences(&text) {
                        let words = prose::words(sentence);
                        for mention in names.matcher().find(&words, &nobody) {
                            let caps = words[mention.at..mention.at + mention.len]
                                .iter()
                                .any(Word::all_caps);
                            if let [who] = mention.who[..]
                                && (caps || cast.characters[who].kind == NameKind::Named)
                            {
                                active.insert(who);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        let mut only = BTreeMap::new();
        for who in &active {
            let character = &cast.characters[*who];
            if character.kind != NameKind::Group {
                let one = only.entry(character.gender).or_insert(Some(*who));
                *one = one.filter(|one| one == who);
            }
        }
        Self {
            cast,
            names,
            active,
            only,
            recent: Vec::new(),
            units: VecDeque::new(),
        }
    }

    /// Whether a character is named or speaks somewhere in the scene.
    pub fn active(&self, who: usize) -> bool {
        self.active.contains(&who)
    }

    /// Someone spoke on screen: a pronoun may mean them from now on.
    pub fn spoke(&mut self, who: &[usize]) {
        for &one in who {
            self.note(one);
        }
        self.remember(who.to_vec());
    }

    /// Only the names of a sentence, no pronouns; nothing is remembered. Of several the first two.
    pub(crate) fn named(&self, sentence: &str) -> Vec<usize> {
        let words = prose::words(sentence);
        let mut found = Vec::new();
        for mention in self.names.matcher().find(&words, &self.active) {
            if let Some(who) = self.choose(&mention.who)
                && !found.contains(&who)
            {
                found.push(who);
                if found.len() == 2 {
                    break;
                }
            }
        }
        found
    }

    fn remember(&mut self, unit: Vec<usize>) {
        if self.units.len() == UNITS {
            self.units.pop_front();
        }
        self.units.push_back(unit);
    }

    fn note(&mut self, who: usize) {
        self.recent.retain(|&other| other != who);
        if self.recent.len() == MOST_PEOPLE {
            self.recent.remove(0);
        }
        self.recent.push(who);
    }

    /// Reads one sentence and returns whom it names or means, in order, each once; of more than
    /// [`MOST_PEOPLE`] the first.
    pub fn read(&mut self, sentence: &str) -> Vec<usize> {
        let words = prose::words(sentence);
        let lower: Vec<String> = words
            .iter()
            .map(|word| sentence[word.start..word.end].to_lowercase())
            .collect();
        let mentions = self.names.matcher().find(&words, &self.active);
        let mut here: Vec<usize> = Vec::new();
        let mut groups = GroupsSoFar::default();
        let mut next = mentions.iter().peekable();
        let mut at = 0;
        while at < words.len() {
            if let Some(mention) = next.next_if(|mention| mention.at == at) {
                if let Some(who) = self.choose(&mention.who) {
                    self.add(&mut here, who);
                }
                at += mention.len;
                continue;
            }
            let word = lower[at].as_str();
            if let Some(gender) = singular(word) {
                let relation = lower
                    .get(at + 1)
                    .and_then(|noun| relation(noun))
                    .filter(|_| matches!(word, "his" | "her"));
                if let Some(who) = self.last(gender).or_else(|| self.only(gender)) {
                    self.add(&mut here, who);
                }
                // "His mother pats him": the last woman, unless a name follows.
                let named = next.peek().is_some_and(|mention| mention.at <= at + 3);
                if let Some(gender) = relation
                    && !named
                    && gender != Gender::Unknown
                    && let Some(who) = self.last_known(gender, &here)
                {
                    self.add(&mut here, who);
                }
            } else if PLURAL.contains(&word.split(['\'', '’']).next().unwrap_or(word))
                && !groups.any(&lower[..at])
            {
                // "They all", "all of them": everybody so far.
                let all = lower.get(at + 1).is_some_and(|next| next == "all")
                    || lower[..at].ends_with(&["all".to_owned(), "of".to_owned()]);
                let meant = if all {
                    self.everybody()
                } else {
                    self.plural(None, &here)
                };
                // Their order of mention stays as it was.
                meant.into_iter().for_each(|who| put(&mut here, who));
            } else if at > 0
                && matches!(lower[at - 1].as_str(), "the" | "these" | "those")
                && let Some((_, gender)) = PAIRS.iter().find(|(noun, _)| *noun == word)
            {
                // Their order of mention stays as it was.
                let meant = self.plural(*gender, &here);
                meant.into_iter().for_each(|who| put(&mut here, who));
            } else if matches!(word, "it" | "its") && at == 0 {
                let animal = self.units.back().and_then(|unit| unit.last()).copied();
                if let Some(who) =
                    animal.filter(|&who| self.cast.characters[who].gender == Gender::Neuter)
                {
                    self.add(&mut here, who);
                }
            }
            at += 1;
        }
        self.remember(here.clone());
        here
    }

    fn add(&mut self, here: &mut Vec<usize>, who: usize) {
        put(here, who);
        self.note(who);
    }

    /// Of several with the same name: who is in the scene, then whose name it is exactly, then who
    /// was last spoken of, then who speaks at all.
    fn choose(&self, who: &[usize]) -> Option<usize> {
        who.iter().copied().max_by_key(|&one| {
            let character = &self.cast.characters[one];
            let last = self
                .recent
                .iter()
                .position(|&other| other == one)
                .map_or(0, |at| at + 1);
            (
                self.active(one),
                !self.names.is_variant(one),
                last,
                character.speaks,
                std::cmp::Reverse(one),
            )
        })
    }

    fn last(&self, wanted: Gender) -> Option<usize> {
        let fitting = |who: &usize| fits(self.cast.characters[*who].gender, wanted);
        self.recent.iter().rev().copied().find(fitting)
    }

    /// Before anybody fitting is named: the one of that gender who is in the scene, if it is one.
    fn only(&self, wanted: Gender) -> Option<usize> {
        self.only.get(&wanted).copied().flatten()
    }

    fn last_known(&self, wanted: Gender, without: &[usize]) -> Option<usize> {
        self.recent
            .iter()
            .rev()
            .copied()
            .find(|&who| self.cast.characters[who].gender == wanted && !without.contains(&who))
    }

    /// All people of the scene so far.
    fn everybody(&self) -> Vec<usize> {
        let person = |who: &usize| self.cast.characters[*who].gender != Gender::Neuter;
        self.recent.iter().copied().filter(person).collect()
    }

    /// The last two or more people: those of the latest sentence with several, else the last two.
    fn plural(&self, gender: Option<Gender>, here: &[usize]) -> Vec<usize> {
        let person = |who: &usize| {
            let found = self.cast.characters[*who].gender;
            found != Gender::Neuter
                && gender.is_none_or(|wanted| fits(found, wanted) || found == Gender::Plural)
        };
        let recent: Vec<Vec<usize>> = std::iter::once(here.to_vec())
            .chain(self.units.iter().rev().cloned())
            .map(|unit| unit.into_iter().filter(person).collect())
            .collect();
        let crowd = |unit: &Vec<usize>| {
            unit.len() >= 2
                || unit
                    .iter()
                    .any(|&who| self.cast.characters[who].gender == Gender::Plural)
        };
        if let Some(unit) = recent.into_iter().find(crowd) {
            return unit;
        }
        let last: Vec<usize> = self
            .recent
            .iter()
            .rev()
            .copied()
            .filter(person)
            .take(2)
            .collect();
        if last.len() == 2 { last } else { Vec::new() }
    }
}

/// Adds somebody to the people of a sentence, each once, as long as there is room.
fn put(here: &mut Vec<usize>, who: usize) {
    if here.len() < MOST_PEOPLE && !here.contains(&who) {
        here.push(who);
    }
}

/// Whether a word for several people stood in the sentence so far; each word is looked at once.
#[derive(Default)]
struct GroupsSoFar {
    seen: usize,
    found: bool,
}

impl GroupsSoFar {
    fn any(&mut self, so_far: &[String]) -> bool {
        let new = so_far.get(self.seen..).unwrap_or_default();
        self.found = self.found || new.iter().any(|noun| tables::group(noun));
        self.seen = so_far.len();
        self.found
    }
}

fn fits(found: Gender, wanted: Gender) -> bool {
    found == wanted || found == Gender::Unknown
}

fn singular(word: &str) -> Option<Gender> {
    match word.split(['\'', '’']).next().unwrap_or(word) {
        "he" | "him" | "his" | "himself" => Some(Gender::Male),
        "she" | "her" | "hers" | "herself" => Some(Gender::Female),
        _ => None,
    }
}

fn relation(word: &str) -> Option<Gender> {
    let word = word.trim_end_matches("'s").trim_end_matches("’s");
    tables::RELATIONS
        .iter()
        .find(|(noun, _)| *noun == word)
        .map(|(_, gender)| *gender)
}
