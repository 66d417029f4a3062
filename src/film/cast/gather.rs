//! Gathers the cast from cues, from introductions in the action, and from the bible.

use std::collections::{BTreeMap, BTreeSet};

use super::introduce::introductions;
use super::tables;
use super::{Cast, Character, Gender, Kind, gender, slug, slugs};
use crate::film::bible::CharacterRecord;
use crate::film::fountain::{ElementKind, Script};
use crate::film::prose;

/// Similarity from which a name counts as another's misspelling: Jaro-Winkler, with at most one
/// letter changed, missing, added or swapped (two from eight letters on).
pub(super) const FUZZY: f64 = 0.85;

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

/// Whether two words are one name, once misspelt.
pub(super) fn misspelt(a: &str, b: &str) -> bool {
    let length = a.chars().count().max(b.chars().count());
    let allowed = if length >= 8 { 2 } else { 1 };
    length >= 5
        && a.chars().next() == b.chars().next()
        && strsim::osa_distance(a, b) <= allowed
        && strsim::jaro_winkler(a, b) >= FUZZY
}

#[derive(Debug, Clone)]
struct Found {
    cues: usize,
    kind: Kind,
    gender: Gender,
    introduction: Option<String>,
    order: usize,
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
        for record in bible.values().filter(|record| !record.name.is_empty()) {
            let name = cue_name(&record.name);
            let known = found
                .keys()
                .any(|other| slug(other) == slug(&name) || within(other, &name));
            if !known {
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

fn told(pronouns: &str) -> Option<Gender> {
    let first = pronouns.trim().to_lowercase();
    match first.split(['/', ' ', ',']).next().unwrap_or_default() {
        "he" | "him" => Some(Gender::Male),
        "she" | "her" => Some(Gender::Female),
        "it" => Some(Gender::Neuter),
        "they" | "them" => Some(Gender::Unknown),
        _ => None,
    }
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
    let cues: BTreeSet<String> = found.keys().cloned().collect();
    let mut order = found.len();
    for element in &script.elements {
        if element.kind != ElementKind::Action {
            continue;
        }
        let text = prose::plain(&element.text);
        for sentence in prose::sentences(&text) {
            for new in introductions(sentence, &|name| cues.contains(name)) {
                let head = prose::tokens(&new.name).pop().unwrap_or_default();
                let heard = cues
                    .iter()
                    .any(|cue| prose::tokens(cue).last() == Some(&head));
                if tables::CUE_ONLY.contains(&head.as_str()) && !heard {
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

pub(super) fn kind_of(name: &str) -> Kind {
    let words = bare(prose::tokens(name));
    let Some(head) = words.last() else {
        return Kind::Named;
    };
    if tables::group(head) {
        Kind::Group
    } else if tables::role(head).is_some() && !words.iter().any(|word| word == "the") {
        // `NURSE RATCHED` ends in a name; `KARL THE GIANT` begins with one.
        Kind::Role
    } else {
        Kind::Named
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
    for name in &names {
        let parts: Vec<String> = name
            .replace(" AND ", "\n")
            .replace([',', '&', '/', '+'], "\n")
            .split('\n')
            .map(cue_name)
            .filter(|part| !part.is_empty())
            .collect();
        let known = |part: &String| {
            part != name
                && names
                    .iter()
                    .any(|other| other != name && within(part, other))
        };
        if parts.len() < 2 || !parts.iter().any(known) {
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

fn variant(word: &str) -> bool {
    tables::VARIANTS.contains(&word)
}

/// Whether `short` is a shorter form of the proper name `long`: its words stand in `long` in the
/// same order, and neither the rest of `long` nor a possessive makes another person of it.
fn within(short: &str, long: &str) -> bool {
    let (a, b) = (prose::tokens(short), prose::tokens(long));
    if short == long {
        return true;
    }
    if a.len() >= b.len() || prose::words(long).iter().any(|word| word.possessive) {
        return false;
    }
    let proper = |word: &String| {
        tables::role(word).is_none() && !tables::group(word) && tables::title(word).is_none()
    };
    if !a.iter().any(proper)
        || a.iter().any(|word| word == "and")
        || b.iter().any(|word| word == "and")
    {
        return false;
    }
    let epithet = b.iter().any(|word| word == "the");
    let head_is_role = b.last().is_some_and(|word| tables::role(word).is_some());
    if head_is_role && !epithet
        || b.first().is_some_and(|word| variant(word))
            && !a.first().is_some_and(|word| variant(word))
    {
        return false;
    }
    let mut rest = b.iter();
    a.iter().all(|word| rest.any(|other| other == word))
}

fn merge(found: BTreeMap<String, Found>, groups: BTreeMap<String, Vec<String>>) -> Cast {
    let names: Vec<String> = found.keys().cloned().collect();
    // Each shorter name joins the one longer name it fits; with several, it stays by itself.
    let mut joins = BTreeMap::<String, String>::new();
    for name in &names {
        let longer: Vec<&String> = names
            .iter()
            .filter(|other| *other != name && within(name, other))
            .collect();
        let speaking = longer
            .iter()
            .filter(|other| found[**other].cues > 0)
            .count();
        match longer.as_slice() {
            [one] => drop(joins.insert(name.clone(), (*one).clone())),
            // DR. BENNETT and DR. JULIUS BENNETT both fit JULIUS: the longest that holds all others.
            many if !many.is_empty() && speaking <= 1 => {
                let longest = many
                    .iter()
                    .max_by_key(|other| (prose::tokens(other).len(), std::cmp::Reverse(**other)));
                if let Some(longest) = longest
                    && many.iter().all(|other| within(other, longest))
                {
                    joins.insert(name.clone(), (*longest).clone());
                }
            }
            _ => {}
        }
    }
    // `PRINTER:` speaks, and a weathered LASER PRINTER was introduced: one role, if no other has
    // the same noun.
    for name in &names {
        let words = prose::tokens(name);
        let [noun] = &words[..] else { continue };
        let same: Vec<&String> = names
            .iter()
            .filter(|other| prose::tokens(other).last() == Some(noun))
            .collect();
        if let [a, b] = same[..]
            && found[name].kind == Kind::Role
            && (found[a].cues > 0) != (found[b].cues > 0)
        {
            joins.insert(name.clone(), if a == name { b.clone() } else { a.clone() });
        }
    }
    // HANDSOME MAN speaks, and an EXTREMELY HANDSOME MAN was introduced.
    for name in names
        .iter()
        .filter(|name| found[*name].kind == Kind::Role && name.contains(' '))
    {
        let tail = format!(" {name}");
        let mut longer = names.iter().filter(|other| other.ends_with(&tail));
        if let (Some(long), None) = (longer.next(), longer.next())
            && (found[name].cues > 0) != (found[long].cues > 0)
        {
            joins.insert(name.clone(), long.clone());
        }
    }
    // "The Captain" is CAPTAIN ODELL, if nobody else has that title.
    for name in &names {
        let words = prose::tokens(name);
        let [title] = &words[..] else { continue };
        let bears = |other: &&String| {
            let words = prose::tokens(other);
            words.len() > 1 && words.first() == Some(title) && kind_of(other) == Kind::Named
        };
        let mut bearers = names.iter().filter(bears);
        if tables::title(title).is_some()
            && found[name].cues == 0
            && let (Some(bearer), None) = (bearers.next(), bearers.next())
        {
            joins.insert(name.clone(), bearer.clone());
        }
    }
    // A cue heard once or twice and spelt nearly like one heard often is a slip of the pen.
    for name in &names {
        let slip = |other: &&String| {
            found[*other].cues >= 5 * found[name].cues.max(1)
                && misspelt(&name.to_lowercase(), &other.to_lowercase())
        };
        if found[name].cues <= 2
            && !joins.contains_key(name)
            && let Some(right) = names.iter().find(|other| *other != name && slip(other))
        {
            joins.insert(name.clone(), right.clone());
        }
    }
    let root = |name: &String| {
        let mut at = name.clone();
        for _ in 0..names.len() {
            match joins.get(&at) {
                Some(next) => at.clone_from(next),
                None => break,
            }
        }
        at
    };
    let mut members = BTreeMap::<String, Vec<String>>::new();
    for name in &names {
        members.entry(root(name)).or_default().push(name.clone());
    }
    let mut cast = Cast::default();
    let mut shown = BTreeMap::<String, String>::new();
    for (long, all) in &members {
        let best = all
            .iter()
            .max_by_key(|name| (found[*name].cues, std::cmp::Reverse(found[*name].order)))
            .unwrap_or(long);
        let name = if found[best].cues > 0 {
            best.clone()
        } else {
            long.clone()
        };
        let first = all
            .iter()
            .filter(|name| found[*name].introduction.is_some())
            .min_by_key(|name| found[*name].order);
        let gender = all
            .iter()
            .map(|name| found[name].gender)
            .find(|gender| *gender != Gender::Unknown);
        for other in all {
            shown.insert(other.clone(), name.clone());
            if found[other].cues > 0 && *other != name {
                cast.cues.insert(other.clone(), name.clone());
            }
        }
        cast.characters.push(Character {
            full_name: long.clone(),
            slug: String::new(),
            kind: found[long].kind,
            gender: gender.unwrap_or(Gender::Unknown),
            speaks: all.iter().any(|name| found[name].cues > 0),
            aliases: all.clone(),
            introduction: first.and_then(|name| found[name].introduction.clone()),
            name,
        });
    }
    let names: Vec<&str> = cast
        .characters
        .iter()
        .map(|character| character.name.as_str())
        .collect();
    for (character, slug) in slugs(&names).into_iter().enumerate() {
        cast.characters[character].slug = slug;
    }
    cast.characters.sort_by(|a, b| a.slug.cmp(&b.slug));
    for (group, parts) in groups {
        let of = |part: &String| {
            shown.get(part).or_else(|| {
                shown
                    .iter()
                    .find(|(name, _)| within(part, name))
                    .map(|(_, name)| name)
            })
        };
        cast.groups
            .insert(group, parts.iter().filter_map(of).cloned().collect());
    }
    add_aliases(&mut cast);
    cast
}

/// Every name in small letters, then each word of a proper name by which the script may call them.
fn add_aliases(cast: &mut Cast) {
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
                    Kind::Named => !owned && tables::title(word).is_none() && (!noun || epithet),
                    Kind::Role | Kind::Group => noun && words.last() == Some(word),
                };
                let small = tables::DETERMINERS.contains(&word.as_str())
                    || variant(word)
                    || word.chars().count() < 2
                    || matches!(
                        word.as_str(),
                        "of" | "and" | "the" | "de" | "la" | "van" | "von" | "voice"
                    );
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
