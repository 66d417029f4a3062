//! The cast of a script: who there is, by which names the text calls them, and who is meant where.
//!
//! `Cast::from_script` finds the characters (cues, capitals in action, the bible); a `Reader` then
//! goes through one scene and says for each sentence who is named or meant by it. Both depend on
//! names alone, never on line numbers or on how often somebody speaks, so that a changed line of
//! dialogue leaves the cast as it was.

mod absence;
mod ages;
mod anatomy;
mod appearance;
mod appearance_words;
mod extras;
mod extras_words;
mod fold;
mod garb;
mod gather;
mod gender;
mod introduce;
mod matcher;
mod meant;
mod merge;
mod names;
mod others;
mod pronouns;
mod reader;
mod roles;
mod slug;
mod small_words;
mod spelling;
mod tables;
mod visible;
mod within;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::prose;
use crate::words::Pronoun;

pub(crate) use ages::told_age;
pub use appearance::Appearance;
pub use extras::Extra;
pub(crate) use garb::garment_phrase;
pub(crate) use gather::speakers_of;
pub use names::Names;
pub use pronouns::How;
pub use reader::{Mentioned, Reader, Reading};
pub use slug::{slug, slugs};

/// The most people that a sentence, a shot or a reader's memory holds, or that go by one name. What
/// is done for each of them stays within bounds that way, however long a script is.
pub(crate) const MOST_PEOPLE: usize = 64;

/// What a text's pronouns say of someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// he
    Male,
    /// she
    Female,
    /// it: a machine, an animal
    Neuter,
    /// Several people.
    Plural,
    /// A person of whom the script does not tell.
    Unknown,
}

impl Gender {
    /// The pronoun that means one of this gender.
    pub fn pronoun(self) -> Pronoun {
        match self {
            Self::Male => Pronoun::He,
            Self::Female => Pronoun::She,
            Self::Neuter => Pronoun::It,
            Self::Plural | Self::Unknown => Pronoun::They,
        }
    }
}

/// What kind of name a character has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameKind {
    /// A proper name: means the same person in every scene.
    Named,
    /// A noun (`NURSE`): means this one only in scenes in which it appears under that name.
    Role,
    /// Several people (`NURSES`).
    Group,
}

/// One character.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Character {
    /// The name in the shot lists: the commonest cue, in capitals; else as introduced.
    pub name: String,
    /// The longest name that the script gives.
    pub full_name: String,
    /// For file names: ASCII, small letters, unique in the cast.
    pub slug: String,
    /// What kind of name it is.
    pub kind: NameKind,
    /// Pronouns.
    pub gender: Gender,
    /// Whether this character has a cue anywhere.
    pub speaks: bool,
    /// Other names in small letters, each the words joined by single spaces.
    pub aliases: Vec<String>,
    /// The sentence of the action that introduces this character.
    pub introduction: Option<String>,
    /// Of a person at another age, `YOUNG JACK`: the name of that person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_of: Option<String>,
    /// Whether the script shows them at several ages under this one name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ages_vary: bool,
}

/// Whether a name is a noun (`OLD MAN`) or several people (`NURSES`), not a proper name.
pub fn is_role(name: &str) -> bool {
    anatomy::Anatomy::of(name).kind() != NameKind::Named
}

/// A name as it stands in a sentence: `Edward`, `the old man`; `the date` for
/// `WILL'S DATE`.
pub fn name_in_text(name: &str) -> String {
    if !is_role(name) {
        return prose::display_name(name);
    }
    let owned = prose::words(name)
        .first()
        .is_some_and(|word| word.possessive);
    let lower = name.to_lowercase();
    let first = lower.split(' ').next().unwrap_or_default();
    // No English article stands before a noun of another language: `Kellner`, `Chef de Gare`.
    if !owned && is_foreign(name) {
        return prose::display_name(name);
    }
    if owned {
        // Will's date is not Will: he is not named.
        format!(
            "the {}",
            lower
                .split_once(' ')
                .map_or(lower.as_str(), |(_, rest)| rest)
        )
    } else if tables::DETERMINERS.contains(&first) {
        lower
    } else {
        format!("the {lower}")
    }
}

/// Whether a word in small letters is a noun for a person or for several.
pub(crate) fn is_for_people(word: &str) -> bool {
    roles::role(word).is_some() || roles::group(word)
}

/// Whether a word in small letters is a pronoun for whom something is done to, by the word behind it.
pub(crate) fn is_object(word: &str, next: Option<&String>) -> bool {
    pronouns::is_object(word, next)
}

/// Whether a word in small letters is for a part of somebody's body, or for what they have on.
pub(crate) fn is_of_body(word: &str) -> bool {
    absence::OF_A_BODY.contains(&word)
}

/// Whether a word in small letters is for something that is worn.
pub(crate) fn is_clothing(word: &str) -> bool {
    appearance_words::CLOTHES.contains(&word)
}

/// Whether a word in small letters is for what a body or a face has: `beard`, `hair`.
pub(crate) fn is_feature(word: &str) -> bool {
    appearance_words::FEATURES.contains(&word)
}

/// Whether a word in small letters is an article, a preposition, a pronoun or another small word.
pub(crate) fn is_small(word: &str) -> bool {
    small_words::is_small(word)
}

/// Whether a cue is nobody's name and stands for those who are there: `BOTH`, `EVERYONE`.
pub(crate) fn is_everybody(cue: &str) -> bool {
    anatomy::together(cue).is_some()
}

impl Character {
    /// The name as it stands in a sentence: `Edward`, `the old man`.
    pub fn in_text(&self) -> String {
        name_in_text(&self.name)
    }

    /// The name as people write it: `Dr. Bennett`.
    pub fn display(&self) -> String {
        prose::display_name(&self.name)
    }
}

/// Whether a role's name is of another language than English.
fn is_foreign(name: &str) -> bool {
    let core = anatomy::Anatomy::of(name).core;
    let small = |word: &&String| !tables::PARTICLES.contains(&word.as_str());
    core.iter()
        .find(small)
        .is_some_and(|word| roles::leads(word))
        || core.last().is_some_and(|word| roles::is_foreign(word))
        || [" DE ", " DU ", " DES "].iter().any(|of| name.contains(of))
}

/// How the nouns of a role's name of another language stand in its sentences: `KELLNER` as `Kellner`,
/// `CHEF DE GARE` as `chef de gare`.
pub(crate) fn nouns(name: &str) -> Vec<(String, String)> {
    if !is_foreign(name) {
        return Vec::new();
    }
    let shown = |word: &prose::Word<'_>| {
        let lower = word.lower();
        let german = roles::is_german(&lower);
        let own = if german {
            prose::display_name(word.text)
        } else {
            lower.clone()
        };
        (lower, own)
    };
    prose::words(name).iter().map(shown).collect()
}

/// `kössler` as many write it: `Kößler`. Capitals have no sign for it.
pub(crate) fn with_eszett(lower: &str, shown: &str) -> Option<(String, String)> {
    lower
        .contains("ss")
        .then(|| (lower.replace("ss", "ß"), shown.replace("ss", "ß")))
}

/// All characters of a script, ordered by slug.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cast {
    /// Ordered by slug.
    pub characters: Vec<Character>,
    /// Cues that speak for several: `EDWARD AND WILL` → the names of both.
    pub groups: BTreeMap<String, Vec<String>>,
    /// Cues that are another spelling of a character's name → that name.
    pub cues: BTreeMap<String, String>,
}

impl Cast {
    /// The character of that name (as in shot lists).
    pub fn get(&self, name: &str) -> Option<&Character> {
        self.characters
            .iter()
            .find(|character| character.name == name)
    }

    /// The place of the character with that slug.
    pub fn place(&self, slug: &str) -> Option<usize> {
        self.characters
            .binary_search_by(|character| character.slug.as_str().cmp(slug))
            .ok()
    }

    /// Who speaks under a cue's name (extensions dropped): one character, or several.
    pub fn speakers(&self, cue: &str) -> Vec<&Character> {
        let cue = gather::cue_name(cue);
        if let Some(names) = self.groups.get(&cue) {
            return names.iter().filter_map(|name| self.get(name)).collect();
        }
        let name = self.cues.get(&cue).unwrap_or(&cue);
        self.get(name).into_iter().collect()
    }

    /// Words of proper names by their small letters, as `sentence_case` wants them.
    pub fn spellings(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for character in &self.characters {
            if character.kind != NameKind::Named {
                found.extend(nouns(&character.name));
                continue;
            }
            let names = [&character.name, &character.full_name];
            for word in names.iter().flat_map(|name| prose::words(name)) {
                let lower = word.lower();
                if !tables::DETERMINERS.contains(&lower.as_str()) && lower != "of" && lower != "and"
                {
                    let shown = prose::display_name(word.text);
                    found.extend(with_eszett(&lower, &shown));
                    found.insert(lower, shown);
                }
            }
        }
        found
    }
}
