//! A cast made ready for reading a script.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::matcher::Matcher;
use super::{Cast, Character, MOST_PEOPLE, gather};
use crate::fountain;

/// The names of a cast, looked up many times; made once, used for every scene.
#[derive(Debug)]
pub struct Names {
    matcher: Matcher,
    by_name: HashMap<String, usize>,
    /// Of the one at that place in the cast: who it is at another age.
    ages: Vec<Option<usize>>,
    /// Whether the one at that place in the cast is a voice.
    voices: Vec<bool>,
    aliases: HashSet<String>,
    spellings: BTreeMap<String, String>,
}

impl Names {
    /// Prepares the names of `cast`.
    pub fn new(cast: &Cast) -> Self {
        let mut by_name = HashMap::with_capacity(cast.characters.len());
        for (at, character) in cast.characters.iter().enumerate() {
            by_name.entry(character.name.clone()).or_insert(at);
        }
        let age_of = |one: &Character| by_name.get(one.age_of.as_ref()?).copied();
        let people = cast.characters.iter();
        Self {
            matcher: Matcher::new(cast),
            ages: people.clone().map(age_of).collect(),
            voices: people
                .clone()
                .map(|one| fountain::is_voice(&one.name))
                .collect(),
            by_name,
            aliases: people.flat_map(|one| one.aliases.iter().cloned()).collect(),
            spellings: cast.spellings(),
        }
    }

    /// The place in the cast of the character with that name (as in shot lists).
    pub fn index(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The places in the cast of those who speak under a cue's name (extensions dropped).
    pub fn speakers(&self, cast: &Cast, cue: &str) -> Vec<usize> {
        let cue = gather::cue_name(cue);
        if let Some(names) = cast.groups.get(&cue) {
            let known = names.iter().filter_map(|name| self.index(name));
            return known.take(MOST_PEOPLE).collect();
        }
        let name = cast.cues.get(&cue).unwrap_or(&cue);
        self.index(name).into_iter().collect()
    }

    /// Words of proper names by their small letters, as `sentence_case` wants them.
    pub fn spellings(&self) -> &BTreeMap<String, String> {
        &self.spellings
    }

    /// Whether somebody goes by this, in small letters.
    pub fn is_alias(&self, words: &str) -> bool {
        self.aliases.contains(words)
    }

    pub(super) fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// Who that is at another age.
    pub(super) fn age_of(&self, who: usize) -> Option<usize> {
        self.ages[who]
    }

    /// Whether that is a voice alone, never to be seen.
    pub(super) fn is_voice(&self, who: usize) -> bool {
        self.voices[who]
    }
}
