//! Gathers the cast from cues, from introductions in the action, and from the bible.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::anatomy::{Anatomy, together};
use super::introduce::introductions;
use super::merge::merge;
use super::small_words::is_small;
use super::within::Index;
use super::{Cast, Gender, NameKind, gender, roles, slug, tables};
use crate::bible::CharacterRecord;
use crate::fountain::{self, Element, ElementKind, Script};
use crate::prose;
use crate::words::{HeadingWords, Pronoun};

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

/// The name under which a cue's speaker is known: `JACK (YOUNG)` is `YOUNG JACK`.
pub(super) fn cue_of(name: &str, extensions: &[String]) -> String {
    let name = cue_name(name);
    let age = extensions
        .iter()
        .find(|extension| tables::variant(extension) && Anatomy::of(&name).ageless.is_none());
    match age {
        Some(age) => format!("{} {name}", age.to_uppercase()),
        None => name,
    }
}

/// The names in a cue of several: `EDWARD AND WILL`, `ÉLODIE ET JÜRGEN`, `RAE / MAX`.
pub(crate) fn speakers_of(cue: &str) -> impl Iterator<Item = &str> {
    cue.split([',', '&', '/', '+'])
        .flat_map(|part| part.split(" AND "))
        .flat_map(|part| part.split(" ET "))
        .flat_map(|part| part.split(" UND "))
        .map(str::trim)
}

/// What the script shows of one name.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) cues: usize,
    pub(super) kind: NameKind,
    pub(super) gender: Gender,
    pub(super) introduction: Option<Introduced>,
    pub(super) order: usize,
    /// The element that has it first.
    pub(super) at: usize,
    pub(super) first_cue: Option<usize>,
    pub(super) last_cue: Option<usize>,
    /// The scenes in which it stands by itself, ascending.
    pub(super) scenes: Vec<usize>,
}

/// The first sentence of the action that writes a name in capitals.
#[derive(Debug, Clone)]
pub(super) struct Introduced {
    /// Its element.
    pub(super) at: usize,
    pub(super) sentence: String,
}

impl Found {
    fn new(name: &str, order: usize, at: usize) -> Self {
        let parts = Anatomy::of(name);
        Self {
            cues: 0,
            kind: parts.kind(),
            gender: parts.gender(),
            introduction: None,
            order,
            at,
            first_cue: None,
            last_cue: None,
            scenes: Vec::new(),
        }
    }

    fn stands_in(&mut self, scene: usize) {
        if let Err(place) = self.scenes.binary_search(&scene) {
            self.scenes.insert(place, scene);
        }
    }

    /// Whether both names stand in one scene.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let (few, many) = if self.scenes.len() <= other.scenes.len() {
            (self, other)
        } else {
            (other, self)
        };
        few.scenes
            .iter()
            .any(|scene| many.scenes.binary_search(scene).is_ok())
    }
}

impl Cast {
    /// The cast of a script. `bible` holds the records by slug; what they say wins.
    pub fn from_script(script: &Script, bible: &BTreeMap<String, CharacterRecord>) -> Self {
        let mut found = gather_cues(script);
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
                let new = Found::new(&name, usize::MAX, usize::MAX);
                found.insert(name, new);
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

/// Finds everybody who has a cue: with their names' first and last places, and the scenes.
fn gather_cues(script: &Script) -> BTreeMap<String, Found> {
    let mut found = BTreeMap::<String, Found>::new();
    for (at, element, scene) in with_scenes(script) {
        let ElementKind::Character {
            name, extensions, ..
        } = &element.kind
        else {
            continue;
        };
        let name = cue_of(name, extensions);
        if !name.chars().any(char::is_alphabetic)
            || together(&name).is_some()
            || is_heading_like(&name)
        {
            continue;
        }
        let order = found.len();
        let new = || Found::new(&name, order, at);
        let entry = found.entry(name.clone()).or_insert_with(new);
        entry.cues += 1;
        entry.first_cue.get_or_insert(at);
        entry.last_cue = Some(at);
        entry.stands_in(scene);
    }
    found
}

/// The elements with their places and the places of their scenes.
fn with_scenes(script: &Script) -> impl Iterator<Item = (usize, &Element, usize)> {
    let mut scene = 0;
    script
        .elements
        .iter()
        .enumerate()
        .map(move |(at, element)| {
            scene += usize::from(matches!(element.kind, ElementKind::SceneHeading { .. }));
            (at, element, scene)
        })
}

/// So many elements after their first sentence somebody may be told of.
const SOON: usize = 4;

fn gather_action(script: &Script, found: &mut BTreeMap<String, Found>) {
    let cues: HashSet<String> = found.keys().cloned().collect();
    let heads: HashSet<String> = cues
        .iter()
        .filter_map(|cue| prose::tokens(cue).pop())
        .collect();
    let mut order = found.len();
    // Who speaks may be presented without capitals: "Snuffles, the family dog, walks up."
    let mut plain = BTreeMap::<String, Introduced>::new();
    for (at, element, scene) in with_scenes(script) {
        if element.kind != ElementKind::Action {
            continue;
        }
        let text = prose::plain(&element.text);
        // `FLASHBACK - EXT. CLIFFS - SUNSET (1962)` names no people, whatever stands in it.
        if is_heading_like(&text) {
            continue;
        }
        for sentence in prose::sentences(&text) {
            for new in introductions(sentence, &|name| cues.contains(name)) {
                let head = prose::tokens(&new.name).pop().unwrap_or_default();
                if roles::CUE_ONLY.contains(&head.as_str()) && !heads.contains(&head)
                    || together(&new.name).is_some()
                {
                    continue;
                }
                order += 1;
                let entry = found
                    .entry(new.name.clone())
                    .or_insert_with(|| Found::new(&new.name, order, at));
                if entry.gender == Gender::Unknown {
                    entry.gender = new.gender;
                }
                entry.at = entry.at.min(at);
                entry.stands_in(scene);
                let told = entry.introduction.get_or_insert_with(|| Introduced {
                    at,
                    sentence: sentence.to_owned(),
                });
                if at < told.at {
                    *told = Introduced {
                        at,
                        sentence: sentence.to_owned(),
                    };
                }
            }
            if let Some(name) = presented(sentence).filter(|name| cues.contains(name)) {
                plain.entry(name).or_insert_with(|| Introduced {
                    at,
                    sentence: sentence.to_owned(),
                });
            }
            for name in plainly_named(sentence, &cues) {
                if let Some(entry) = found.get_mut(&name) {
                    entry.stands_in(scene);
                }
            }
        }
    }
    for (name, told) in plain {
        let Some(entry) = found.get_mut(&name) else {
            continue;
        };
        // "DIRK is crawling in." / "Dirk, 30s, British, waves.": what is told of them comes soon after.
        let bare = |first: &Introduced| {
            let at = first.sentence.find(&name).map(|at| at + name.len());
            let after = at.map_or("", |at| &first.sentence[at..]);
            !after.trim_start().starts_with([',', '(', '-'])
                && told.at > first.at
                && told.at - first.at <= SOON
        };
        if entry.introduction.as_ref().is_none_or(bare) {
            entry.introduction = Some(told);
        }
    }
}

/// The name, in capitals, with which a sentence begins that tells behind a comma or a bracket who that is: "Snuffles, the
/// family dog, walks up", "Anna (30s) waits".
fn presented(sentence: &str) -> Option<String> {
    let first =
        prose::first_word(sentence).filter(|word| word.capitalised() && !word.all_caps())?;
    let after = sentence.get(first.end..)?;
    let digit = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let told = after.strip_prefix(" (").is_some_and(digit)
        || after.strip_prefix(", ").is_some_and(|rest| {
            digit(rest)
                || ["a ", "an ", "the "]
                    .iter()
                    .any(|one| rest.starts_with(*one))
        });
    told.then(|| first.text.to_uppercase())
}

/// Whether a line in capitals is a heading, or leaves the scene for somewhere else.
fn is_heading_like(text: &str) -> bool {
    let camera = || {
        let words = prose::tokens(text);
        let first = words.first().map(String::as_str).unwrap_or_default();
        matches!(
            first,
            "flashback" | "dream" | "flash" | "memory" | "fantasy" | "intercut" | "montage"
        )
    };
    !text.chars().any(char::is_lowercase)
        && (HeadingWords::builtin().prefix(text).is_some() || camera())
}

/// The cues of one word that a sentence writes as names are written, `Will`, and not as a part of a
/// longer one.
fn plainly_named(sentence: &str, cues: &HashSet<String>) -> Vec<String> {
    let words = prose::words(sentence);
    let capital = |at: Option<usize>| {
        at.and_then(|at| words.get(at))
            .is_some_and(|word| word.capitalised())
    };
    let alone = |at: usize| !capital(at.checked_sub(1)) && !capital(Some(at + 1));
    (1..words.len())
        .filter(|at| words[*at].capitalised() && alone(*at))
        .map(|at| words[at].text.to_uppercase())
        .filter(|name| cues.contains(name))
        .collect()
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
                let new = Found::new(part, group.order, group.at);
                found.entry(part.clone()).or_insert(Found {
                    kind: new.kind,
                    gender: new.gender,
                    introduction: None,
                    ..group.clone()
                });
            }
        }
        groups.insert(name.clone(), parts);
    }
    groups
}

/// Every name in small letters, then each word of it by which the script may call them.
pub(super) fn add_aliases(cast: &mut Cast) {
    for character in &mut cast.characters {
        let mut all = BTreeSet::new();
        let names: Vec<String> = std::mem::take(&mut character.aliases);
        for name in names.iter().chain([&character.name, &character.full_name]) {
            let parts = Anatomy::of(name);
            all.insert(parts.words.join(" "));
            let epithet = parts.words.iter().any(|word| word == "the");
            // `CAPTAIN JOHN ODELL` is called Captain Odell.
            if let [title, _, .., last] = parts.core.as_slice()
                && tables::title(title).is_some()
            {
                all.insert(format!("{title} {last}"));
            }
            for (at, word) in parts.core.iter().enumerate() {
                let noun = roles::role(word).is_some() || roles::group(word);
                let part = match character.kind {
                    // `WILL'S DATE`: Will is somebody else.
                    NameKind::Named => {
                        !parts.is_owned
                            && (at > 0 || tables::title(word).is_none())
                            && (!noun || epithet || at > 0 && parts.has_surname())
                    }
                    NameKind::Role | NameKind::Group => parts.is_head(at),
                };
                if part && !is_small(word) && !fountain::is_voice(word) {
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

/// Whether a cue's extension says that its speaker holds the device: `(INTO PHONE)`.
pub(super) fn is_holding(extensions: &[String]) -> bool {
    let into = |extension: &String| {
        let words = prose::tokens(extension);
        words
            .first()
            .is_some_and(|word| matches!(word.as_str(), "into" | "to" | "ins"))
    };
    extensions.iter().any(into)
}
