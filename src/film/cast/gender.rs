//! Pronouns of characters, found from the script where names and nouns do not tell.

use std::collections::HashMap;

use super::{Cast, Gender, NameKind, Names, Reader, tables};
use crate::fountain::{ElementKind, Script};
use crate::prose;

/// How many sentences must speak for a gender before they outweigh what a given name tells.
const STRONG: i32 = 4;

/// Sets the gender of every character that has none yet: by given name, and by the pronouns that
/// follow where only this character is named.
pub(super) fn infer(script: &Script, cast: &mut Cast) {
    let votes = votes(script, cast);
    for (character, vote) in cast.characters.iter_mut().zip(votes) {
        if character.gender != Gender::Unknown {
            continue;
        }
        let given = prose::tokens(&character.full_name)
            .iter()
            .chain(prose::tokens(&character.name).iter())
            .filter(|word| tables::title(word).is_none())
            .find_map(|word| tables::given_name(word))
            .filter(|_| character.kind == NameKind::Named)
            .unwrap_or(Gender::Unknown);
        let voted = match vote {
            0 => Gender::Unknown,
            vote if vote > 0 => Gender::Male,
            _ => Gender::Female,
        };
        character.gender = match given {
            Gender::Unknown => voted,
            given if vote.abs() >= STRONG => {
                if voted == Gender::Unknown {
                    given
                } else {
                    voted
                }
            }
            given => given,
        };
    }
    // YOUNG DR. BENNETT has the pronouns of DR. BENNETT.
    let mut known = HashMap::<String, Gender>::new();
    for character in &cast.characters {
        let lower = character.name.to_lowercase();
        known.entry(lower).or_insert(character.gender);
    }
    for character in cast
        .characters
        .iter_mut()
        .filter(|character| character.gender == Gender::Unknown)
    {
        let lower = character.name.to_lowercase();
        if let Some((first, rest)) = lower.split_once(' ')
            && tables::variant(first)
            && let Some(gender) = known.get(rest)
        {
            character.gender = *gender;
        }
    }
}

/// For each character: sentences with "he" less sentences with "she", where nobody else is named.
fn votes(script: &Script, cast: &Cast) -> Vec<i32> {
    let names = Names::new(cast);
    let reader = Reader::new(cast, &names, &[]);
    let mut votes = vec![0; cast.characters.len()];
    for element in script
        .elements
        .iter()
        .filter(|element| element.kind == ElementKind::Action)
    {
        let text = prose::plain(&element.text);
        let mut before: Option<usize> = None;
        for sentence in prose::sentences(&text) {
            let named = reader.named(sentence);
            let words = prose::tokens(sentence);
            let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
            let (he, she) = (has(&["he", "him", "his"]), has(&["she", "her", "hers"]));
            let subject = match named[..] {
                [one] => Some(one),
                [] => before.filter(|_| {
                    words
                        .first()
                        .is_some_and(|word| matches!(word.as_str(), "he" | "she" | "his" | "her"))
                }),
                _ => None,
            };
            if let Some(who) = subject.filter(|_| he != she) {
                votes[who] += if he { 1 } else { -1 };
            }
            before = if named.is_empty() {
                subject
            } else {
                subject.filter(|_| named.len() == 1)
            };
        }
    }
    votes
}
