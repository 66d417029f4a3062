//! Gathers the cast from cues, from introductions in the action, and from the bible.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::introduce::introductions;
use super::merge::merge;
use super::tables;
use super::within::Index;
use super::{Cast, Gender, NameKind, gender, slug};
use crate::bible::CharacterRecord;
use crate::fountain::{ElementKind, Script};
use crate::prose;
use crate::words::Pronoun;

/// A cue's name in one form: capitals, single spaces, straight apostrophes, no article.
pub(super) fn cue_name(cue: &str) -> String {
    let name = prose::plain(cue).to_uppercase().replace('’', "'");
    for article in ["THE ", "A ", "AN "] {
        if let Some(rest) = name.strip_prefix(article) {
            return rest.to_owned();
        }
    }
    name
}

/// The names in a cue of several: `EDWARD AND WILL`, `ÉLODIE ET JÜRGEN`, `RAE / MAX`.
pub(crate) fn speakers_of(cue: &str) -> impl Iterator<Item = &str> {
    cue.split([',', '&', '/', '+'])
        .flat_map(|part| part.split(" AND "))
        .flat_map(|part| part.split(" ET "))
        .flat_map(|part| part.split(" UND "))
        .map(str::trim)
}

#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) cues: usize,
    pub(super) kind: NameKind,
    pub(super) gender: Gender,
    pub(super) introduction: Option<String>,
    pub(super) order: usize,
}

impl Cast {
    /// The cast of a script. `bible` holds the records by slug; what they say wins.
    pub fn from_script(script: &Script, bible: &BTreeMap<String, CharacterRecord>) -> Self {
        let cue_counts = cue_counts(script);
        let mut found = BTreeMap::<String, Found>::new();
        for (order, (name, count)) in cue_counts.iter().enumerate() {
            found.insert(
                name.clone(),
                Found {
                    cues: *count,
                    kind: kind_of(name),
                    gender: noun_gender(name),
                    introduction: None,
                    order,
                },
            );
        }
        gather_action(script, &mut found);
        let mut slugs: HashSet<String> = found.keys().map(|name| slug(name)).collect();
        let mut index = Index::of(found.keys());
        for (file, record) in bible.iter().filter(|(_, record)| !record.name.is_empty()) {
            let mut name = cue_name(&record.name);
            if !slugs.contains(&slug(&name)) && !index.has_part_of(&name) {
                // Whom a file describes goes by the name of the file: under another name they
                // would be given a second one.
                if slug(&name) != *file {
                    name = file.replace('_', " ").to_uppercase();
                    if slug(&name) != *file || slugs.contains(file) {
                        continue;
                    }
                }
                slugs.insert(slug(&name));
                index.add(&name);
                let (kind, gender) = (kind_of(&name), noun_gender(&name));
                found.insert(
                    name,
                    Found {
                        cues: 0,
                        kind,
                        gender,
                        introduction: None,
                        order: usize::MAX,
                    },
                );
            }
        }
        let groups = split_groups(&mut found);
        let mut cast = merge(found, groups);
        add_bible(&mut cast, bible);
        gender::infer(script, &mut cast);
        for character in &mut cast.characters {
            if let Some(gender) = bible
                .get(&character.slug)
                .and_then(|record| told(&record.pronouns))
            {
                character.gender = gender;
            }
        }
        cast
    }
}

/// Who is meant by the pronouns of a person's file; none if it has none that are known.
fn told(pronouns: &str) -> Option<Gender> {
    Some(match Pronoun::told(pronouns)? {
        Pronoun::He => Gender::Male,
        Pronoun::She => Gender::Female,
        Pronoun::It => Gender::Neuter,
        Pronoun::They => Gender::Unknown,
    })
}

fn cue_counts(script: &Script) -> Vec<(String, usize)> {
    let mut counts = BTreeMap::<String, (usize, usize)>::new();
    for (order, element) in script.elements.iter().enumerate() {
        if let ElementKind::Character { name, .. } = &element.kind {
            let name = cue_name(name);
            if name.chars().any(char::is_alphabetic) {
                counts.entry(name).or_insert((0, order)).0 += 1;
            }
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (_, order))| *order);
    counts
        .into_iter()
        .map(|(name, (count, _))| (name, count))
        .collect()
}

fn gather_action(script: &Script, found: &mut BTreeMap<String, Found>) {
    let cues: HashSet<String> = found.keys().cloned().collect();
    let heads: HashSet<String> = cues
        .iter()
        .filter_map(|cue| prose::tokens(cue).pop())
        .collect();
    let mut order = found.len();
    for element in &script.elements {
        if element.kind != ElementKind::Action {
            continue;
        }
        let text = prose::plain(&element.text);
        for sentence in prose::sentences(&text) {
            for new in introductions(sentence, &|name| cues.contains(name)) {
                let head = prose::tokens(&new.name).pop().unwrap_or_default();
                if tables::CUE_ONLY.contains(&head.as_str()) && !heads.contains(&head) {
                    continue;
                }
                order += 1;
                let entry = found.entry(new.name.clone()).or_insert_with(|| Found {
                    cues: 0,
                    kind: kind_of(&new.name),
                    gender: noun_gender(&new.name),
                    introduction: None,
                    order,
                });
                if entry.gender == Gender::Unknown {
                    entry.gender = new.gender;
                }
                entry
                    .introduction
                    .get_or_insert_with(|| sentence.to_owned());
            }
        }
    }
}

/// The words of a name up to what describes it: `girl` of `GIRL IN A YELLOW COAT`.
fn bare(mut words: Vec<String>) -> Vec<String> {
    const AFTER: &[&str] = &["in", "with", "from", "at", "on", "behind", "by", "under"];
    let described = words.iter().position(|word| AFTER.contains(&word.as_str()));
    if let Some(end) = described.filter(|end| *end > 0) {
        words.truncate(end);
    }
    words
}

pub(super) fn kind_of(name: &str) -> NameKind {
    let words = bare(prose::tokens(name));
    let Some(head) = words.last() else {
        return NameKind::Named;
    };
    if tables::group(head) {
        NameKind::Group
    } else if tables::role(head).is_some() && !words.iter().any(|word| word == "the") {
        // `NURSE RATCHED` ends in a name; `KARL THE GIANT` begins with one.
        NameKind::Role
    } else {
        NameKind::Named
    }
}

fn noun_gender(name: &str) -> Gender {
    let words = bare(prose::tokens(name));
    let Some(head) = words.last() else {
        return Gender::Unknown;
    };
    if tables::group(head) {
        return Gender::Plural;
    }
    // `MAN'S VOICE`, `TELLER WOMAN`, `MRS. RANDOLPH`: the most telling noun.
    let told = words
        .iter()
        .rev()
        .filter_map(|word| tables::role(word))
        .find(|gender| *gender != Gender::Unknown);
    told.or_else(|| tables::title(&words[0]).filter(|_| words.len() > 1))
        .unwrap_or(Gender::Unknown)
}

/// Cues like `EDWARD AND WILL` leave the list when a part is a character of its own.
fn split_groups(found: &mut BTreeMap<String, Found>) -> BTreeMap<String, Vec<String>> {
    let mut groups = BTreeMap::new();
    let names: Vec<String> = found.keys().cloned().collect();
    let index = Index::of(&names);
    for name in &names {
        let parts: Vec<String> = speakers_of(name)
            .map(cue_name)
            .filter(|part| !part.is_empty())
            .collect();
        if parts.len() < 2 {
            continue;
        }
        let known =
            |part: &String| part != name && (index.has(part) || index.is_part(part, Some(name)));
        if !parts.iter().any(known) {
            continue;
        }
        let Some(group) = found.remove(name) else {
            continue;
        };
        for part in &parts {
            if !known(part) && group.cues > 0 {
                let (kind, gender) = (kind_of(part), noun_gender(part));
                found.entry(part.clone()).or_insert(Found {
                    kind,
                    gender,
                    introduction: None,
                    ..group.clone()
                });
            }
        }
        groups.insert(name.clone(), parts);
    }
    groups
}

/// Every name in small letters, then each word of a proper name by which the script may call them.
pub(super) fn add_aliases(cast: &mut Cast) {
    for character in &mut cast.characters {
        let mut all = BTreeSet::new();
        let names: Vec<String> = std::mem::take(&mut character.aliases);
        for name in names.iter().chain([&character.name, &character.full_name]) {
            let words = prose::tokens(name);
            all.insert(words.join(" "));
            // `WILL'S DATE`: Will is somebody else.
            let owned = prose::words(name).iter().any(|word| word.possessive);
            let epithet = words.iter().any(|word| word == "the");
            let words = bare(words);
            for word in &words {
                let noun = tables::role(word).is_some() || tables::group(word);
                let part = match character.kind {
                    NameKind::Named => {
                        !owned && tables::title(word).is_none() && (!noun || epithet)
                    }
                    NameKind::Role | NameKind::Group => noun && words.last() == Some(word),
                };
                let small = tables::DETERMINERS.contains(&word.as_str())
                    || tables::variant(word)
                    || word.chars().count() < 2
                    || word == "voice"
                    || tables::PARTICLES.contains(&word.as_str());
                if part && !small {
                    all.insert(word.clone());
                }
            }
        }
        character.aliases = all.into_iter().filter(|alias| !alias.is_empty()).collect();
    }
}

fn add_bible(cast: &mut Cast, bible: &BTreeMap<String, CharacterRecord>) {
    for character in &mut cast.characters {
        let Some(record) = bible.get(&character.slug) else {
            continue;
        };
        for alias in record.aliases.iter().chain([&record.name]) {
            let words = prose::tokens(alias);
            if !words.is_empty() {
                character.aliases.push(words.join(" "));
            }
        }
        character.aliases.sort();
        character.aliases.dedup();
    }
}
