//! Characters introduced in capitals in the action: `BRICK BRADDOCK, retired detective, …`.

use super::absence::quoted;
use super::anatomy::Anatomy;
use super::{Gender, NameKind, roles, tables};
use crate::prose::{self, Word};
use crate::words::{Common, common};

/// A name in capitals that the text around it tells to be a person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Introduction {
    /// In capitals, without article: `OLD WOMAN`.
    pub(super) name: String,
    pub(super) kind: NameKind,
    /// What a noun or relation beside it tells.
    pub(super) gender: Gender,
}

/// Finds the people whom one sentence of action names in capitals. `known` says whether a name is
/// that of a character already (a cue).
pub(super) fn introductions(sentence: &str, known: &dyn Fn(&str) -> bool) -> Vec<Introduction> {
    let words = prose::words(sentence);
    let lower: Vec<String> = words.iter().map(Word::lower).collect();
    let line = Line {
        sentence,
        words: &words,
        lower: &lower,
        shouts: !sentence.chars().any(char::is_lowercase),
    };
    // `MONTAGE - JACK TRAINS` is a heading.
    if line.shouts
        && lower
            .iter()
            .any(|word| tables::CAMERA.contains(&word.as_str()))
    {
        return Vec::new();
    }
    let quoted = quoted(sentence);
    let mut found = Vec::new();
    let mut i = 0;
    while i < words.len() {
        // What a sign, a title or a person says presents nobody.
        if quoted.iter().any(|quote| quote.contains(&words[i].start)) {
            i += 1;
            continue;
        }
        if line.is_written_after(i) {
            break;
        }
        if !starts_run(&words, i) {
            found.extend(called(&words, i));
            found.extend(titled(sentence, &words, i));
            i += 1;
            continue;
        }
        let mut end = i + 1;
        while end < words.len()
            && (words[end].all_caps() || initial(&words[end]))
            && joined(sentence, &words[end - 1], &words[end])
        {
            end += 1;
        }
        end += usize::from(line.numbered(end));
        if let Some(introduction) = judge(&line, i, end, known) {
            found.push(introduction);
        }
        i = end;
    }
    found
}

/// A sentence with its words.
struct Line<'a> {
    sentence: &'a str,
    words: &'a [Word<'a>],
    lower: &'a [String],
    /// It is all in capitals: they tell no name from other words.
    shouts: bool,
}

impl Line<'_> {
    fn gap(&self, right: usize) -> &str {
        &self.sentence[self.words[right - 1].end..self.words[right].start]
    }

    /// Whether what stands from here on is read on the screen: `SUPER: PARIS, 1962`.
    fn is_written_after(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        self.words[before].all_caps()
            && tables::WRITTEN.contains(&self.lower[before].as_str())
            && self.gap(at).contains([':', '-', '–', '—'])
    }

    /// Whether a run of capitals is told from others of its kind by the number at `end`: `WAITER #1`,
    /// `THUG 2`.
    fn numbered(&self, end: usize) -> bool {
        let Some(number) = self.words.get(end) else {
            return false;
        };
        let digits = number.text.len() <= 2 && number.text.bytes().all(|b| b.is_ascii_digit());
        let noun = || roles::role(&self.lower[end - 1]).is_some();
        digits
            && match self.gap(end) {
                " #" | " # " | "#" => true,
                " " | "-" => noun(),
                _ => false,
            }
    }
}

/// "the Husband": a noun with a capital is used as a name.
fn called(words: &[Word<'_>], i: usize) -> Option<Introduction> {
    let (before, word) = (words[i.checked_sub(1)?], words[i]);
    let lower = word.lower();
    let alone = words.get(i + 1).is_none_or(|next| !next.capitalised());
    if before.lower() != "the" || !word.capitalised() || word.all_caps() || !alone {
        return None;
    }
    let gender = roles::role(&lower).filter(|gender| *gender != Gender::Neuter)?;
    Some(Introduction {
        name: word.text.to_uppercase(),
        kind: NameKind::Role,
        gender,
    })
}

/// "Mr. Soggybottom": a title and a name, even without capitals.
fn titled(sentence: &str, words: &[Word<'_>], i: usize) -> Option<Introduction> {
    const TITLES: &[&str] = &[
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "professor",
        "officer",
        "detective",
        "sergeant",
        "captain",
    ];
    let (word, next) = (words[i], words.get(i + 1)?);
    let lower = word.lower();
    let gap = &sentence[word.end..next.start];
    let name = next.capitalised() && !next.all_caps() && next.text.len() > 2;
    if !word.capitalised()
        || !TITLES.contains(&lower.as_str())
        || !name
        || !matches!(gap, " " | ". ")
    {
        return None;
    }
    let name = sentence[word.start..next.start + next.text.len()].to_uppercase();
    Some(Introduction {
        name,
        kind: NameKind::Named,
        gender: tables::title(&lower)?,
    })
}

fn initial(word: &Word<'_>) -> bool {
    word.text.len() == 1 && word.capitalised()
}

fn starts_run(words: &[Word<'_>], i: usize) -> bool {
    words[i].all_caps() || initial(&words[i]) && words.get(i + 1).is_some_and(Word::all_caps)
}

/// Whether two words may belong to one name: a space, a hyphen, or the stop of a title or initial.
fn joined(sentence: &str, left: &Word<'_>, right: &Word<'_>) -> bool {
    let between = &sentence[left.end..right.start];
    let lower = left.lower();
    match between {
        " " | "-" => true,
        ". " | "." => left.text.len() == 1 || tables::title(&lower).is_some(),
        _ => false,
    }
}

fn judge(
    line: &Line<'_>,
    mut from: usize,
    to: usize,
    known: &dyn Fn(&str) -> bool,
) -> Option<Introduction> {
    let Line {
        sentence,
        words,
        lower,
        shouts,
    } = *line;
    let after = &sentence[words[to - 1].end..];
    while from < to && tables::DETERMINERS.contains(&lower[from].as_str()) {
        from += 1;
    }
    if from == to || to - from > 5 {
        return None;
    }
    // `EDWARD'S CAR` names a car; its owner is found as a mention.
    if words[from..to - 1].iter().any(|word| word.possessive)
        && roles::role(&lower[to - 1]).is_none()
    {
        return None;
    }
    let name = &sentence[words[from].start..words[to - 1].start + words[to - 1].text.len()];
    let name = prose::plain(name).to_uppercase();
    if known(&name) {
        return Some(Introduction {
            name,
            kind: NameKind::Named,
            gender: relation_before(words, from),
        });
    }
    let run = &lower[from..to];
    if run.iter().any(|word| {
        tables::CAMERA.contains(&word.as_str()) || tables::SOUNDS.contains(&word.as_str())
    }) {
        return None;
    }
    if run[0].ends_with("ing") && run[0] != "king" {
        return None;
    }
    let head = run.last().map(String::as_str).unwrap_or_default();
    if words[to - 1].possessive && tables::given_name(head).is_none() {
        return None;
    }
    if roles::group(head) {
        return Some(Introduction {
            name,
            kind: NameKind::Group,
            gender: Gender::Plural,
        });
    }
    let parts = Anatomy::of(&name);
    let noun = roles::leads(&run[0])
        || parts
            .core
            .last()
            .is_some_and(|head| roles::role(head).is_some());
    if noun && parts.kind() == NameKind::Role {
        return Some(Introduction {
            name,
            kind: NameKind::Role,
            gender: parts.gender(),
        });
    }
    // `GORDON LEAPS ENTIRELY ONTO IGOR` tells what happens, and is nobody's name.
    if run.iter().skip(1).any(|word| is_of_a_clause(word))
        || is_of_things(run, article_free(lower, from))
    {
        return None;
    }
    let gender = relation_before(words, from);
    // `JACK TRAINS` after a dash, or shouted, is what Jack does.
    let heading = shouts || from > 0 && line.gap(from).contains(['-', '–', '—', ':']);
    let given =
        tables::given_name(&run[0]).filter(|_| !verb_like(head) || run.len() > 1 && !heading);
    let titled = run.len() > 1 && tables::title(&run[0]).is_some();
    let related = gender != Gender::Unknown
        || from > 0
            && !words[from - 1].possessive
            && tables::RELATIONS
                .iter()
                .any(|(noun, _)| *noun == lower[from - 1]);
    let person = titled
        || !head.ends_with("ing") && !head.ends_with("ed") && presented(lower, from)
        || given.is_some()
        || aged(after)
        || related && !verb_like(head)
        || !verb_like(head) && apposed(after)
        || run.len() <= 3 && !verb_like(head) && does(after) && article_free(lower, from);
    person.then_some(Introduction {
        name,
        kind: NameKind::Named,
        gender: match (gender, given) {
            (Gender::Unknown, Some(given)) => given,
            (gender, _) => gender,
        },
    })
}

/// Words that stand in clauses and in no proper name.
#[rustfmt::skip]
const OF_A_CLAUSE: &[&str] = &[
    "onto", "into", "to", "at", "with", "through", "over", "under", "behind", "beside", "against", "toward", "towards", "across",
    "up", "down", "off", "away", "back", "out", "his", "her", "their", "its", "him", "them", "himself", "herself", "by", "as",
    "is", "are", "was", "were", "has", "not",
];

fn is_of_a_clause(word: &str) -> bool {
    OF_A_CLAUSE.contains(&word)
        || word.len() > 4 && word.ends_with("ly") && prose::plain_word(&word[..word.len() - 2])
}

/// `TAKES THE STAGE`, `LARA STEPS IN` tell what is done, `BRICK WALLS` and `LARGE CONSOLE` what is there.
fn is_of_things(run: &[String], free: bool) -> bool {
    let (Some(first), Some(head)) = (run.first(), run.last()) else {
        return false;
    };
    let done = run.len() > 1 && prose::is_deed(first)
        || run.len() > 2
            && run[1..run.len() - 1]
                .iter()
                .any(|word| prose::is_deed(word))
        || run.len() > 1 && matches!(head.as_str(), "in" | "on" | "over" | "around");
    let known = |word: &str| matches!(common(word), Some(Common::Thing | Common::Place));
    let plain = |word: &String| common(word).is_some() || prose::plain_word(word);
    let stem = head.strip_suffix('s').unwrap_or(head);
    let thing = run.len() > 1
        && (known(head) || known(stem))
        && (!free || tables::given_name(first).is_none())
        && tables::title(first).is_none()
        && run.iter().all(plain);
    done || thing
}

/// `RINGS`, `SLAMMED`, `SMASHING`: what is done, not who does it.
fn verb_like(word: &str) -> bool {
    word.len() > 3 && (word.ends_with('s') || word.ends_with("ed") || word.ends_with("ing"))
}

/// An article before it makes a noun of a name.
fn article_free(lower: &[String], from: usize) -> bool {
    from == 0
        || !matches!(
            lower[from - 1].as_str(),
            "a" | "an" | "the" | "its" | "this" | "that"
        )
}

/// "This is COLOSSUS", "a man named BEAMEN"
fn presented(lower: &[String], from: usize) -> bool {
    let before = |back: usize| from.checked_sub(back).map_or("", |i| lower[i].as_str());
    matches!(before(1), "named" | "called" | "meet") || before(1) == "is" && before(2) == "this"
}

/// The gender of a relation just before the name: `his wife, KATE`, `his mother SANDRA`.
fn relation_before(words: &[Word<'_>], from: usize) -> Gender {
    // "A forty-year old man named BEAMEN"
    if from >= 2 && matches!(words[from - 1].lower().as_str(), "named" | "called") {
        return roles::role(&words[from - 2].lower()).unwrap_or(Gender::Unknown);
    }
    let Some(before) = from
        .checked_sub(1)
        .filter(|i| !words[*i].possessive)
        .map(|i| words[i].lower())
    else {
        return Gender::Unknown;
    };
    tables::RELATIONS
        .iter()
        .find(|(noun, _)| *noun == before)
        .map_or(Gender::Unknown, |(_, gender)| *gender)
}

/// The letters of the longest word that tells an age.
const LONGEST_AGE: usize = 9;

/// `, AGE 3,` `(10)` `, 40's and handsome` `, late thirties`
fn aged(after: &str) -> bool {
    // `ROOM 12` is no age.
    let parted = after.trim_start().starts_with([',', '(']);
    let after = after.trim_start_matches([' ', ',', '(']);
    if parted && after.starts_with(|c: char| c.is_ascii_digit()) {
        let number: String = after.chars().take_while(char::is_ascii_digit).collect();
        return number.len() <= 2;
    }
    let lower = after.chars().take(LONGEST_AGE).collect::<String>();
    let lower = lower.to_lowercase();
    [
        "age ",
        "aged ",
        "early ",
        "mid ",
        "mid-",
        "late ",
        "teens",
        "twenties",
        "thirties",
        "forties",
        "fifties",
        "sixties",
        "seventies",
    ]
    .iter()
    .any(|head| lower.starts_with(head))
}

/// `, the criminal mastermind` `, his former partner` `, retired police detective`
fn apposed(after: &str) -> bool {
    let Some(rest) = after.strip_prefix(',') else {
        return false;
    };
    let first = prose::first_word(rest)
        .map(|word| word.lower())
        .unwrap_or_default();
    matches!(
        first.as_str(),
        "a" | "an" | "the" | "his" | "her" | "their" | "our" | "retired" | "now" | "who" | "whose"
    ) || first.ends_with("-year")
}

fn does(after: &str) -> bool {
    let rest = after.trim_start_matches([' ', '(', ')']);
    let first = prose::first_word(rest)
        .map(|word| word.lower())
        .unwrap_or_default();
    after.starts_with(' ') && tables::DOES.contains(&first.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn named(sentence: &str, expected: &[&str]) {
        let known = |name: &str| name == "STEEL";
        let found: Vec<String> = introductions(sentence, &known)
            .into_iter()
            .map(|found| found.name)
            .collect();
        assert_eq!(found, expected, "{sentence}");
    }

    #[test]
    fn people_in_capitals() {
        named(
            "But BRICK BRADDOCK, retired police detective, is sitting.",
            &["BRICK BRADDOCK"],
        );
        named(
            "The SCREEN DOOR slides open and DICK STEEL emerges.",
            &["DICK STEEL"],
        );
        named(
            "Occasionally Joe's wife, KATE, looks in on them.",
            &["KATE"],
        );
        named("He notices a BORED BOY in the next row.", &["BORED BOY"]);
        named(
            "The NURSES and DR. JULIUS BENNETT (85) try.",
            &["NURSES", "DR. JULIUS BENNETT"],
        );
        named(
            "COGNITO, the criminal mastermind, is SLAMMED against the wall.",
            &["COGNITO"],
        );
        named("CYBER BOB, 40, a white man, strolls.", &["CYBER BOB"]);
        named("MIKE drops into the chair.", &["MIKE"]);
        named("This is COLOSSUS.", &["COLOSSUS"]);
        named("A man named BEAMEN comes out.", &["BEAMEN"]);
        named("Edward sees Mr. Soggybottom.", &["MR. SOGGYBOTTOM"]);
    }

    #[test]
    fn numbers_tell_people_of_one_kind_apart() {
        named("SERVANT #1 pours.", &["SERVANT #1"]);
        named("WAITER #1 enters with a cup.", &["WAITER #1"]);
        named("A second cup for THUG 2, who nods.", &["THUG 2"]);
        named("The FIRST GUARD sits. Room 12.", &["FIRST GUARD"]);
        named("He is in ROOM 12 on the 2ND FLOOR.", &[]);
    }

    #[test]
    fn sounds_things_and_camera_words_are_nobody() {
        for sentence in [
            "MONTAGE - JACK TRAINS",
            "GORDON LEAPS ENTIRELY ONTO IGOR, causing them both to fall.",
            "MARY RUNS BACK TO THE CAR and ducks.",
            "MARY STEPS IN and waits.",
            "TAKES THE STAGE and bows.",
            "The BRICK WALLS, rugged and worn, are old.",
            "SERIES OF SHOTS: JACK AND MARY SMITH",
            "FLASHBACK - MARY WAITS",
            "INTERCUT - JACK LEMMON",
            "SUPER: PARIS JACKSON, 1962",
            "The title reads SUPER: JACK SMITH walks.",
            "A sign says \"JACK BROWN IS GONE\" in red.",
            "A phone RINGS on a chair.",
            "BRICK'S PATIO",
            "They get into Mom's PORSCHE.",
            "Steel's face FILLS the scope, INCHES AWAY.",
            "We PUSH IN on the silhouettes.",
            "ANGLE ON the door.",
            "This is going to be BAD.",
            "SMASH CUT TO:",
            "The button reads STANDBY.",
            "The catfish SPLASHES. A sudden EXPLOSION!",
            "KEYS in the lock.  LAUGHTER in the hallway.",
        ] {
            named(sentence, &[]);
        }
    }
}
