//! What a paragraph of action is, by its words alone.

use std::collections::BTreeMap;

use super::moves::Direction;
use super::rules::Phrase;
use super::told::Told;
use crate::prose::{self, Word};

/// Whether a short paragraph names nobody and only comments: "It's not flattery. It's the truth."
pub(super) fn comments(told: &[Told]) -> bool {
    const OPENINGS: &[&str] = &[
        "it", "that", "this", "they", "there", "not", "nothing", "no", "so", "but", "which",
        "fine", "neither", "almost", "truth", "and", "and", "still", "maybe", "perhaps",
    ];
    let words: usize = told.iter().map(|one| one.words.len()).sum();
    let unseen = |one: &Told| {
        one.words.first().is_some_and(|word| word == "we")
            && prose::prompt_sentence(&one.text, &BTreeMap::new()).is_none()
    };
    if words <= 16 && told.iter().all(|one| one.who.is_empty() && unseen(one)) {
        return true;
    }
    if words == 1 && told.iter().all(|one| one.who.is_empty()) {
        return true;
    }
    words <= 16
        && told.iter().all(|one| {
            one.who.is_empty()
                && one.words.first().is_some_and(|word| {
                    OPENINGS.contains(&word.split(['\'', '’']).next().unwrap_or(word))
                })
        })
}

/// Whether a sentence goes on with the one before it, which has its subject: "But not before he is hit.", "And again."
pub(super) fn continues(words: &[String]) -> bool {
    #[rustfmt::skip]
    const OTHER: &[&str] = &[
        "he", "she", "it", "they", "the", "a", "an", "his", "her", "their", "there", "all", "everyone", "two", "when", "as", "suddenly", "this",
    ];
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let joins = matches!(
        (word(0), word(1)),
        ("but" | "and", "not" | "again" | "then" | "still" | "only")
    ) || matches!(word(0), "or" | "nor")
        || matches!((word(0), word(1)), ("and" | "then", verb) if verb.len() > 3 && verb.ends_with('s') && !verb.ends_with("ss"));
    joins && !OTHER.contains(&word(1))
}

/// Whether a sentence means something that the one before it tells: "He takes the other.", "One hits a
/// woman.", "Below it hangs a bell."
pub(super) fn leans(words: &[String]) -> bool {
    const WHERE: &[&str] = &[
        "below", "beside", "behind", "above", "under", "beneath", "in", "on", "inside", "around",
        "next", "from", "with", "through",
    ];
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let other = words.ends_with(&["the".to_owned(), "other".to_owned()]);
    let one = matches!(word(0), "one" | "another") && prose::is_deed(word(1))
        || matches!(word(0), "two" | "three") && word(1) == "more";
    let there = WHERE.contains(&word(0))
        && (word(1) == "it" || word(1) == "to" && word(2) == "it" || word(1) == "them");
    other || one || there
}

/// Whether a paragraph only says which part of the script begins or ends: `ACT ONE`, `END OF TEASER`, `SCENE 3`.
pub(super) fn structural(text: &str) -> bool {
    /// No such line is longer, in words.
    const MOST: usize = 5;
    const PARTS: &[&str] = &[
        "act",
        "scene",
        "teaser",
        "tag",
        "episode",
        "chapter",
        "part",
        "cold",
        "prologue",
        "epilogue",
        "intermission",
        "interval",
        "akt",
        "szene",
        "acte",
        "scène",
        "acto",
        "escena",
        "atto",
        "scena",
    ];
    #[rustfmt::skip]
    const NUMBERS: &[&str] = &[
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii",
        "first", "second", "third", "last", "final", "opening", "open", "out", "break", "show", "the", "of", "end", "ends", "commercial",
        "curtain", "blackout", "erster", "zweiter", "dritter", "un", "deux", "trois", "premier", "deuxième",
    ];
    if text.contains(['"', '“', ',', '?']) || text.chars().any(char::is_lowercase) {
        return false;
    }
    if is_number_of_scene(text) {
        return true;
    }
    let words = prose::tokens(text);
    let number = |word: &String| {
        NUMBERS.contains(&word.as_str()) || word.chars().all(|c| c.is_ascii_digit())
    };
    let part = |word: &String| PARTS.contains(&word.as_str());
    let alone = matches!(
        words.join(" ").as_str(),
        "blackout"
            | "curtain"
            | "commercial break"
            | "end credits"
            | "after credits"
            | "post credits"
            | "credits"
            | "main titles"
            | "opening titles"
    );
    (1..=MOST).contains(&words.len())
        && (alone || words.iter().any(part) && words.iter().all(|word| part(word) || number(word)))
}

/// `93A.`, `A12`, `(12)`: the number of a scene that stands alone, or of a page, shows nothing.
fn is_number_of_scene(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    let letters = bare.chars().filter(|c| c.is_alphabetic()).count();
    (1..=4).contains(&digits)
        && letters <= 2
        && digits + letters == bare.chars().count()
        && bare != "007"
}

/// Whether a short text stands in capitals as a whole.
pub(super) fn shouted(text: &str) -> bool {
    /// The longest line in capitals that names a place.
    const MOST: usize = 16;
    text.split(' ').nth(MOST).is_none()
        && text.chars().any(char::is_uppercase)
        && !text.chars().any(char::is_lowercase)
}

/// The points of a paragraph that is a list, without their marks; none if it is none. What stands before
/// the first point counts as one.
pub(super) fn items(text: &str) -> Option<Vec<String>> {
    let point = |line: &str| {
        let line = line.trim_start();
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = number.len() < line.len()
            && line.len() - number.len() <= 2
            && number.starts_with([')', '.'])
            && number[1..].starts_with(' ');
        let rest = match line.chars().next() {
            Some('-' | '–' | '—' | '•' | '*') => {
                line.trim_start_matches(['-', '–', '—', '•', '*'])
            }
            Some('A'..='Z') if line[1..].starts_with(") ") => &line[2..],
            _ if numbered => &number[1..],
            _ => return None,
        };
        let rest = rest.trim_start();
        (!rest.is_empty()).then(|| rest.to_owned())
    };
    let lines: Vec<&str> = text.lines().collect();
    let points = lines.iter().filter(|line| point(line).is_some()).count();
    if points < 2 {
        return None;
    }
    let mut items: Vec<String> = Vec::new();
    for line in lines {
        match (point(line), items.last_mut()) {
            (Some(rest), _) => items.push(rest),
            (None, Some(last)) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            (None, None) => items.push(line.trim().to_owned()),
        }
    }
    let items = items.iter().map(|item| prose::plain(item));
    Some(items.filter(|item| !item.is_empty()).collect())
}

/// Whether a text ends as a sentence does.
pub(super) fn ended(text: &str) -> bool {
    let end = text.trim_end_matches(['"', '”', ')', ']', '\'', '’', ' ']);
    end.ends_with(['.', '!', '?', ':', '…']) || end.ends_with("--") || end.ends_with('—')
}

/// Whether a paragraph is a short line in capitals.
pub(super) fn slug_line(text: &str) -> bool {
    // No more of a long text is looked at than is needed to tell that it is long.
    let mut letters = text.chars().filter(|c| c.is_alphabetic());
    text.split(' ').nth(8).is_none()
        && letters.nth(1).is_some()
        && !text.chars().any(char::is_lowercase)
}

/// Whether a line in capitals only says that something shown apart is over: `BACK TO SCENE`.
pub(super) fn returns(words: &[String]) -> bool {
    const PHRASES: &[&[&str]] = &[
        &["back", "to", "scene"],
        &["back", "to", "the", "scene"],
        &["back", "to", "present"],
        &["back", "to", "the", "present"],
        &["back", "to", "present", "day"],
        &["end", "insert"],
        &["end", "of", "insert"],
        &["end", "flashback"],
        &["end", "of", "flashback"],
        &["resume", "scene"],
    ];
    PHRASES.iter().any(|phrase| words == *phrase)
}

/// The camera directions in a text; of overlapping ones the longest.
pub(super) fn directions(text: &str, rules: &[Direction]) -> Vec<usize> {
    let words = prose::words(text);
    let lower: Vec<String> = words.iter().map(Word::lower).collect();
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    for (rule, direction) in rules.iter().enumerate() {
        let Some(at) = direction.phrase.position(&lower) else {
            continue;
        };
        let len = direction.phrase.len();
        let caps = words[at..at + len].iter().any(Word::all_caps);
        let ours = lower[at] == "we" || at > 0 && lower[at - 1] == "we";
        if caps || !direction.caps && ours {
            found.push((at, len, rule));
        }
    }
    // `ON SANDRA, overwhelmed.`
    found.sort_by_key(|&(at, len, _)| (at, std::cmp::Reverse(len)));
    let mut end = 0;
    found.retain(|&(at, len, _)| {
        let keep = at >= end;
        if keep {
            end = at + len;
        }
        keep
    });
    found.into_iter().map(|(_, _, rule)| rule).collect()
}

/// What somebody is at, if a text without a subject says so: `Still focused on his shoes` → `still focused on
/// his shoes`.
pub(super) fn participle(text: &str) -> Option<String> {
    let words = prose::words(text);
    let adverb = |word: &prose::Word<'_>| {
        let lower = word.lower();
        matches!(
            lower.as_str(),
            "still" | "now" | "almost" | "already" | "just" | "finally"
        ) || lower.ends_with("ly")
    };
    let verb = words.iter().find(|word| !adverb(word))?;
    let lower = verb.lower();
    let form = lower.len() > 4 && (lower.ends_with("ing") || lower.ends_with("ed"));
    let begins = words.first().is_some_and(|first| first.start == 0);
    let other = words
        .iter()
        .any(|word| matches!(word.lower().as_str(), "he" | "she" | "they"));
    (form && begins && !other && text.starts_with(char::is_uppercase)).then(|| {
        let mut chars = text.chars();
        let first = chars.next().into_iter().flat_map(char::to_lowercase);
        first.chain(chars).collect()
    })
}

/// Whether "leaves" and the like mean going: "leaves a note" does not.
pub(super) fn goes(told: &Told, phrase: &Phrase) -> bool {
    const THINGS: &[&str] = &[
        "a", "an", "his", "her", "its", "their", "no", "nothing", "only", "two", "some", "him",
        "it",
    ];
    let next = phrase
        .position(&told.words)
        .and_then(|at| told.words.get(at + phrase.len()));
    phrase.text != "leaves" || next.is_none_or(|next| !THINGS.contains(&next.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_the_script_are_no_shots() {
        for text in [
            "ACT ONE",
            "SCENE 1",
            "END OF TEASER",
            "BLACKOUT.",
            "SCENE.",
            "COLD OPEN",
            "END OF ACT ONE",
        ] {
            assert!(structural(text), "{text}");
        }
        for text in [
            "THE SCENE OF THE CRIME",
            "A TEASER",
            "SCENE MISSING",
            "The end of act one.",
            "BLACK SMOKE",
        ] {
            assert!(!structural(text), "{text}");
        }
    }

    #[test]
    fn some_sentences_need_the_one_before() {
        for text in [
            "He takes the other.",
            "One hits a woman.",
            "Two more buttons fly off.",
            "Below it Priya eats.",
        ] {
            assert!(leans(&prose::tokens(text)), "{text}");
        }
        for text in [
            "He takes the other door.",
            "One lamp burns.",
            "Below the deck Priya eats.",
        ] {
            assert!(!leans(&prose::tokens(text)), "{text}");
        }
    }
}
