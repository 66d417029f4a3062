//! What of a prompt looks like a mistake: it hangs, stammers, names strangers or runs on. What aiut
//! composes has none of it. What people write may have any form: it is remarked on, and only
//! refused where there is nothing in it, or invisible characters.

use std::collections::{BTreeSet, HashMap};

use crate::prose::{self, Ending, Hidden};

/// Longest prompt, in characters.
pub const LONGEST: usize = 2000;
/// Words in a row that aiut does not say twice of itself.
pub(super) const PHRASE: usize = 5;
/// Words in a row that count as said twice. A name may have many: `the Man in the Red Hat`.
const STAMMER: usize = 9;

/// What is wrong with a prompt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum Problem {
    #[error("the prompt is empty")]
    Empty,
    #[error("{0:?} ends in a word after which something must follow")]
    Dangling(String),
    #[error("{0:?} is cut off: it has no end mark")]
    Cut(String),
    #[error(transparent)]
    Unsafe(Hidden),
    #[error("{0:?} stands twice in a row")]
    RepeatedWord(String),
    #[error("{0:?} is said twice")]
    RepeatedPhrase(String),
    #[error("{0:?} is named, and is not in the frame")]
    Unknown(String),
    #[error("the prompt has {0} characters, {LONGEST} at most")]
    TooLong(usize),
}

/// Why a prompt that people wrote cannot be sent to anybody, if so: it is empty, or holds control
/// characters or signs that turn the direction of text.
pub fn refusal(prompt: &str) -> Option<Problem> {
    let empty = prompt.trim().is_empty().then_some(Problem::Empty);
    prose::hidden(prompt).map(Problem::Unsafe).or(empty)
}

/// What of a prompt that people wrote may be a slip. Lists and sentences without an end are a form
/// like any other.
pub fn remarks(prompt: &str) -> Vec<Problem> {
    let mut found = check(prompt, &[]);
    found.retain(|problem| !matches!(problem, Problem::Cut(_) | Problem::Empty));
    found
}

/// Checks a prompt of whole sentences. `strangers` are names of characters (display form) that must not be in it.
pub fn check(prompt: &str, strangers: &[&str]) -> Vec<Problem> {
    let mut found = Vec::new();
    let length = prompt.chars().count();
    if length > LONGEST {
        found.push(Problem::TooLong(length));
    }
    let told = masked(prompt);
    let sentences = prose::sentences(&told);
    if sentences.is_empty() {
        found.push(Problem::Empty);
    }
    for sentence in &sentences {
        let end = sentence.trim_end_matches(['"', '”', ')', '’']);
        if !end.ends_with(['.', '!', '?']) {
            found.push(Problem::Cut((*sentence).to_owned()));
        } else if !quotes_last(sentence) && prose::dangling(end, Ending::Whole) {
            found.push(Problem::Dangling((*sentence).to_owned()));
        }
    }
    let bare = without_quotes(prompt);
    repeated_words(&bare, &mut found);
    repeated_phrases(&bare, &mut found);
    let whole = prose::words(prompt);
    let mut places = HashMap::<&str, Vec<usize>>::new();
    if !strangers.is_empty() {
        for (at, word) in whole.iter().enumerate() {
            places.entry(word.text).or_default().push(at);
        }
    }
    for name in strangers {
        let part = prose::words(name);
        let begins = part.first().and_then(|first| places.get(first.text));
        let named = |at: &usize| {
            let window = whole.get(*at..at + part.len());
            window.is_some_and(|window| window.iter().zip(&part).all(|(a, b)| a.text == b.text))
        };
        if begins.is_some_and(|places| places.iter().any(named)) {
            found.push(Problem::Unknown((*name).to_owned()));
        }
    }
    found
}

/// Whether a sentence ends in what it quotes, which may end as it likes: `A card reads "CUT TO".`
fn quotes_last(sentence: &str) -> bool {
    sentence
        .trim_end_matches(['.', '!', '?'])
        .ends_with(['"', '”'])
}

/// The text with the words of a few letters in place of all that is quoted: what somebody says, or a
/// sign reads, may break off as it likes. Its last end mark stays.
fn masked(text: &str) -> std::borrow::Cow<'_, str> {
    let mark = |c: char| matches!(c, '"' | '“' | '”');
    if !text.contains(mark) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(mark) {
        let open = at + rest[at..].chars().next().map_or(1, char::len_utf8);
        let Some(length) = rest[open..].find(mark) else {
            break;
        };
        let inner = &rest[open..open + length];
        let close = open + length;
        let end = close + rest[close..].chars().next().map_or(1, char::len_utf8);
        out.push_str(&rest[..open]);
        if !inner.is_empty() {
            out.push_str("so");
            let last = inner.chars().next_back();
            out.extend(last.filter(|c| matches!(c, '.' | '!' | '?')));
        }
        out.push_str(&rest[close..end]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out.into()
}

/// Text between quotation marks is quoted as it stands: it may stammer.
pub(super) fn without_quotes(text: &str) -> String {
    let mut quoted = false;
    text.chars()
        .map(|c| {
            if matches!(c, '"' | '“' | '”') {
                quoted = c != '”' && !quoted;
                return ';';
            }
            if quoted { ' ' } else { c }
        })
        .collect()
}

fn repeated_words(text: &str, found: &mut Vec<Problem>) {
    let words = prose::words(text);
    for pair in words.windows(2) {
        let (a, b) = (
            &text[pair[0].start..pair[0].end],
            &text[pair[1].start..pair[1].end],
        );
        let between = &text[pair[0].end..pair[1].start];
        if a.eq_ignore_ascii_case(b)
            && between
                .chars()
                .all(|c| matches!(c, ' ' | ',' | '-' | '–' | '—'))
        {
            found.push(Problem::RepeatedWord(a.to_owned()));
        }
    }
}

/// What stands between marks, in small letters.
fn between_marks(text: &str) -> impl Iterator<Item = Vec<String>> {
    text.split(['.', ',', ';', ':', '!', '?'])
        .map(prose::tokens)
        .filter(|words| !words.is_empty())
}

/// The same, if it has two words or more.
pub(super) fn clauses(text: &str) -> impl Iterator<Item = Vec<String>> {
    between_marks(text).filter(|words| words.len() >= 2)
}

fn repeated_phrases(text: &str, found: &mut Vec<Problem>) {
    let mut known = BTreeSet::new();
    let mut before = Vec::new();
    for clause in between_marks(text) {
        let said = clause.join(" ");
        // Names and the script's own words may come again; what stands twice in a row stammers.
        let again = clause.len() >= 2 && clause == before
            || clause.len() >= PHRASE && known.contains(&clause);
        if again {
            found.push(Problem::RepeatedPhrase(said));
        }
        known.insert(clause.clone());
        before = clause;
    }
    let words = prose::tokens(text);
    let mut seen = BTreeSet::new();
    for window in words.windows(STAMMER) {
        if !seen.insert(window) {
            found.push(Problem::RepeatedPhrase(window.join(" ")));
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_predecessors_defects_are_found() {
        let bad = "camera tracking movement, figure skip turns, they slam into the, 3.6s";
        assert!(matches!(check(bad, &[])[0], Problem::Cut(_)));
        assert!(matches!(
            check("They slam into the.", &[])[0],
            Problem::Dangling(_)
        ));
        assert_eq!(
            check("Rae is speaking, speaking.", &[]),
            [Problem::RepeatedWord("speaking".into())]
        );
        assert_eq!(
            check("Rae turns, warm light, warm light.", &[]),
            [Problem::RepeatedPhrase("warm light".into())]
        );
        assert_eq!(
            check("Rae runs to Max.", &["Max"]),
            [Problem::Unknown("Max".into())]
        );
        assert_eq!(check("Rae turns. The camera holds still.", &["Max"]), []);
    }

    #[test]
    fn people_may_write_prompts_of_any_form() {
        for prompt in [
            "wide shot, rain, neon",
            "A woman at a window",
            "rain",
            "(masterpiece:1.2), [rain], <lora:noir:0.8>",
            "雨の夜、広角",
            "first line\nsecond line",
        ] {
            assert_eq!(
                (refusal(prompt), remarks(prompt)),
                (None, Vec::new()),
                "{prompt}"
            );
        }
        assert_eq!(
            remarks("rain, rain"),
            [Problem::RepeatedWord("rain".into())]
        );
        assert!(remarks(&"neon ".repeat(900)).contains(&Problem::TooLong(4500)));
        assert_eq!(refusal(" \n"), Some(Problem::Empty));
        for sign in [
            '\0',
            '\u{1b}',
            '\u{202e}',
            '\u{2066}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            let prompt = format!("rain{sign}neon");
            assert_eq!(refusal(&prompt), Some(Problem::Unsafe(Hidden(sign))));
        }
    }
}
