//! Who does it, by name: a prompt knows nothing of the shots before it, so the first pronoun of a shot
//! for a person becomes their name.

use std::ops::Range;

use super::Inputs;
use crate::cast;
use crate::prose::{self, Word};
use crate::words::{Pronoun, common};

/// How a pronoun stands in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// "He sits."
    Subject,
    /// "behind him"
    Object,
    /// "his chest"
    Owner,
}

/// What begins a sentence about one person, in the languages of screenplays.
const FOREIGN: &[(&str, Pronoun)] = &[
    ("er", Pronoun::He),
    ("elle", Pronoun::She),
    ("il", Pronoun::He),
];

/// Behind "il": nobody does it ("il pleut").
#[rustfmt::skip]
const NOBODY_DOES: &[&str] = &[
    "y", "n", "pleut", "neige", "fait", "faut", "est", "gèle", "vente", "reste", "manque", "s",
];

/// Endings of nouns for people that no list of roles has.
const PERSON: &[&str] = &["man", "men", "woman", "women", "ist", "ster", "eer"];

/// Somebody in the frame.
struct Person {
    /// As a sentence names them.
    name: String,
    words: Vec<String>,
    pronoun: Pronoun,
}

impl Person {
    fn owner(&self) -> String {
        let end = if self.name.ends_with('s') { "'" } else { "'s" };
        format!("{}{end}", self.name)
    }
}

/// The sentences of a shot, with a name in place of each first pronoun that can mean only one.
pub(super) fn named(inputs: &Inputs<'_>, sentences: &mut [String]) {
    let frame = inputs.shot.characters_in_frame.iter();
    let frame = frame.zip(&inputs.shot.character_refs);
    let mut people: Vec<Person> = frame
        .map(|(name, slug)| {
            let name = inputs.in_action(slug, name);
            let mut words = prose::tokens(&name);
            words.retain(|word| !cast::is_small(word));
            let pronoun = inputs.people.get(slug);
            Person {
                name,
                words,
                pronoun: pronoun.map_or(Pronoun::They, |asset| asset.pronouns),
            }
        })
        .collect();
    people.extend(inputs.shot.extras_in_frame.iter().map(|one| {
        let mut words = prose::tokens(&one.again);
        words.retain(|word| !cast::is_small(word));
        Person {
            name: one.again.clone(),
            words,
            pronoun: one.pronouns,
        }
    }));
    if people.is_empty() {
        return;
    }
    if let Some(first) = sentences.first_mut()
        && let Some(whole) = with_all(inputs, first)
    {
        *first = whole;
    }
    let mut before = Told::of(&people);
    for sentence in sentences {
        if let Some(whole) = with_names(sentence, &people, &before) {
            *sentence = whole;
        }
        for word in prose::tokens(sentence) {
            before.add(&word, &people);
        }
        before.others |= names_a_stranger(sentence, &people);
    }
}

/// Whether somebody acts under a name that nobody in the frame has: pronouns behind it may mean them.
fn names_a_stranger(sentence: &str, people: &[Person]) -> bool {
    let words = prose::words(sentence);
    let known = |lower: &String| {
        common(lower).is_some() || people.iter().any(|person| person.words.contains(lower))
    };
    (0..words.len())
        .any(|at| prose::is_acting_name(sentence, &words, at) && !known(&words[at].lower()))
}

/// "They lie on their backs." begins a shot: who they are, if all in the frame can be meant.
fn with_all(inputs: &Inputs<'_>, sentence: &str) -> Option<String> {
    /// More names are no sentence.
    const MOST: usize = 4;
    let rest = sentence.strip_prefix("They ")?;
    let shot = inputs.shot;
    let several: Vec<&str> = shot
        .extras_in_frame
        .iter()
        .filter(|one| one.several)
        .map(|one| one.again.as_str())
        .collect();
    let frame = shot.characters_in_frame.iter().zip(&shot.character_refs);
    let names: Vec<String> = frame
        .map(|(name, slug)| inputs.in_action(slug, name))
        .collect();
    let who = match (names.as_slice(), several.as_slice()) {
        ([], [one]) => (*one).to_owned(),
        ([first @ .., last], []) if (1..MOST).contains(&first.len()) => {
            format!("{} and {last}", first.join(", "))
        }
        _ => return None,
    };
    Some(prose::capitalise(&format!("{who} {rest}")))
}

/// What was said so far.
#[derive(Clone)]
struct Told {
    /// Whether nothing was.
    is_empty: bool,
    /// Whether each of the people was named.
    named: Vec<bool>,
    /// Whether somebody was of whom the frame knows nothing.
    others: bool,
}

impl Told {
    fn of(people: &[Person]) -> Self {
        Self {
            is_empty: true,
            named: vec![false; people.len()],
            others: false,
        }
    }

    fn add(&mut self, word: &str, people: &[Person]) {
        self.is_empty = false;
        for (person, named) in people.iter().zip(&mut self.named) {
            *named |= person.words.iter().any(|part| part == word);
        }
        self.others |= is_other(word, people);
    }
}

/// The sentence with names, if one is missing in it. `before` is what the shot said so far.
fn with_names(sentence: &str, people: &[Person], before: &Told) -> Option<String> {
    let words = prose::words(sentence);
    let lower: Vec<String> = words.iter().map(Word::lower).collect();
    // Where each of the people is named for the last time.
    let last: Vec<Option<usize>> = people
        .iter()
        .map(|person| lower.iter().rposition(|word| person.words.contains(word)))
        .collect();
    let mut told = before.clone();
    let mut out = String::new();
    let (mut from, mut seen, mut quotes) = (0, 0, 0);
    for (at, word) in words.iter().enumerate() {
        quotes += sentence[seen..word.start].matches(['"', '“', '”']).count();
        seen = word.start;
        let quoted = quotes % 2 == 1;
        let found = pronoun(&lower, at).filter(|_| !quoted && !told.others);
        let one = found.and_then(|(wanted, used)| {
            let after = |person: usize| last[person].is_some_and(|last| last > at);
            let one = meant(wanted, used, people, &told, &after, at == 0)?;
            Some((one, used))
        });
        if let Some((one, used)) = one {
            let name = match used {
                Use::Owner => people[one].owner(),
                Use::Subject | Use::Object => people[one].name.clone(),
            };
            let Range { start, end } = of(&lower[at], word);
            out.push_str(&sentence[from..start]);
            out.push_str(&if at == 0 {
                prose::capitalise(&name)
            } else {
                name
            });
            from = end;
            told.named[one] = true;
        }
        let capital = at > 0 && word.capitalised() && !quoted;
        let known = people
            .iter()
            .any(|person| person.words.contains(&lower[at]));
        told.add(&lower[at], people);
        told.others |= capital && !known;
    }
    (from > 0).then(|| out + &sentence[from..])
}

/// The pronoun alone: not the verb in "he's".
fn of(lower: &str, word: &Word<'_>) -> Range<usize> {
    let bare = lower.split(['\'', '’']).next().unwrap_or(lower);
    word.start..word.start + bare.len()
}

fn is_other(word: &str, people: &[Person]) -> bool {
    let person = cast::is_for_people(word)
        || PERSON
            .iter()
            .any(|end| word.len() > end.len() + 2 && word.ends_with(end));
    person
        && !people
            .iter()
            .any(|one| one.words.iter().any(|part| part == word))
}

/// "It returns": a verb of doing, not "it is night".
fn is_done(word: &str) -> bool {
    word.ends_with('s')
        && !matches!(
            word,
            "is" | "was" | "has" | "rains" | "snows" | "seems" | "takes"
        )
}

/// Which person a word stands for, and how.
fn pronoun(lower: &[String], at: usize) -> Option<(Pronoun, Use)> {
    let next = lower.get(at + 1);
    let word = lower[at].as_str();
    let found = match word {
        "he" => (Pronoun::He, Use::Subject),
        "she" => (Pronoun::She, Use::Subject),
        "him" => (Pronoun::He, Use::Object),
        "his" if next.is_some_and(|next| !cast::is_small(next)) => (Pronoun::He, Use::Owner),
        "her" if cast::is_object(word, next) => (Pronoun::She, Use::Object),
        "her" => (Pronoun::She, Use::Owner),
        "it" if at == 0 && next.is_some_and(|next| is_done(next)) => (Pronoun::It, Use::Subject),
        _ => {
            let (_, pronoun) = FOREIGN.iter().find(|(known, _)| *known == word)?;
            let stem = |next: &String| {
                let stem = next.split(['\'', '’']).next();
                stem.is_some_and(|stem| NOBODY_DOES.contains(&stem))
            };
            let impersonal = next.is_none_or(stem);
            return (at == 0 && !impersonal).then_some((*pronoun, Use::Subject));
        }
    };
    Some(found)
}

/// The only one in the frame who can be meant; none if somebody who can be was named before. `after`
/// tells of each of the people whether a name of theirs follows in the sentence.
fn meant(
    wanted: Pronoun,
    used: Use,
    people: &[Person],
    told: &Told,
    after: &dyn Fn(usize) -> bool,
    begins: bool,
) -> Option<usize> {
    let fits = |person: &Person| person.pronoun == wanted;
    let any = people.iter().any(fits);
    let unsure = |person: &Person| !any && wanted != Pronoun::It && person.pronoun == Pronoun::They;
    let may_be = |at: &usize| fits(&people[*at]) || unsure(&people[*at]);
    let all: Vec<usize> = (0..people.len()).filter(may_be).collect();
    if all.iter().any(|at| told.named[*at]) {
        return None;
    }
    // "He looks at Jonah" is another one; "his hat in hand, Jonah waits" is not.
    let named = all.iter().any(|at| after(*at));
    if named && !(begins && used == Use::Subject) {
        return None;
    }
    let mut left = all.into_iter().filter(|at| !after(*at));
    match (left.next(), left.next()) {
        (Some(one), None) => Some(one),
        // The one acting stands first.
        (Some(0), Some(_)) if begins && used == Use::Subject && told.is_empty => Some(0),
        _ => None,
    }
}
