//! What of a prompt looks like a mistake: it hangs, stammers, names strangers or runs on. What aiut
//! composes has none of it. What people write may have any form: it is remarked on, and only
//! refused where there is nothing in it, or invisible characters.

use std::collections::{BTreeSet, HashMap};

use crate::prose::{self, Ending, Hidden};

/// Longest prompt, in characters.
pub const LONGEST: usize = 2000;
/// Words in a row that aiut does not say twice of itself.
const PHRASE: usize = 5;
/// Words in a row that count as said twice. A name may have many: `the Man in the Red Hat`.
const STAMMER: usize = 9;

/// Of a list, so many clauses are tried.
const MOST_PARTS: usize = 512;

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
    let sentences = prose::sentences(prompt);
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

/// Text between quotation marks is quoted as it stands: it may stammer.
fn without_quotes(text: &str) -> String {
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
fn clauses(text: &str) -> impl Iterator<Item = Vec<String>> {
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

/// Collects sentences for a prompt and lets none in that would make it stammer.
#[derive(Debug, Default)]
pub(super) struct Composer {
    text: String,
    words: Vec<String>,
    clauses: BTreeSet<Vec<String>>,
    phrases: BTreeSet<Vec<String>>,
}

impl Composer {
    /// Whether a sentence can be added: it does not hang and repeats nothing that was said.
    fn takes(&self, sentence: &str) -> bool {
        let length = self.text.chars().count() + 1 + sentence.chars().count();
        let bare = without_quotes(sentence);
        length <= LONGEST
            && check(sentence, &[]).is_empty()
            && clauses(&bare).all(|clause| !self.clauses.contains(&clause))
            && self
                .phrases_with(&bare)
                .iter()
                .all(|phrase| !self.phrases.contains(phrase))
    }

    /// The phrases that a sentence would add.
    fn phrases_with(&self, bare: &str) -> Vec<Vec<String>> {
        let before = self.words.len().saturating_sub(PHRASE - 1);
        let words: Vec<String> = self.words[before..]
            .iter()
            .cloned()
            .chain(prose::tokens(bare))
            .collect();
        words.windows(PHRASE).map(<[String]>::to_vec).collect()
    }

    /// Adds a whole sentence unless it hangs or repeats what was said. Returns whether it was
    /// added.
    pub(super) fn add(&mut self, sentence: &str) -> bool {
        let sentence = sentence.trim();
        if sentence.is_empty() || !self.takes(sentence) {
            return false;
        }
        self.put(sentence);
        true
    }

    fn put(&mut self, sentence: &str) {
        let bare = without_quotes(sentence);
        self.clauses.extend(clauses(&bare));
        let phrases = self.phrases_with(&bare);
        self.phrases.extend(phrases);
        self.words.extend(prose::tokens(&bare));
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(sentence);
    }

    /// Adds what the script says, whatever it repeats, as long as there is room: action is never dropped
    /// for the words that describe it. Returns whether it was added.
    pub(super) fn tell(&mut self, sentence: &str) -> bool {
        let length = self.text.chars().count() + 1 + sentence.chars().count();
        if length > LONGEST {
            return false;
        }
        self.put(sentence.trim());
        true
    }

    /// Adds `head` followed by those of the `clauses` that can be added, joined by commas.
    /// Clauses are a person's words and may hold commas of their own.
    pub(super) fn add_list(&mut self, head: &str, clauses: &[&str]) -> bool {
        let mut kept: Vec<String> = Vec::new();
        let parts = clauses
            .iter()
            .flat_map(|clause| clause.split([',', ';', '\n']))
            .take(MOST_PARTS);
        for part in parts.map(|part| part.trim().trim_end_matches(['.', '!', '?', ':'])) {
            let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
            let again = prose::tokens(&part);
            // Several words in a row that were said already are not said again.
            if again.is_empty() || again.len() >= 3 && prose::contains_words(&self.words, &again) {
                continue;
            }
            kept.push(part);
            if !self.takes(&format!("{head} {}.", kept.join(", "))) {
                kept.pop();
            }
        }
        !kept.is_empty() && self.add(&format!("{head} {}.", kept.join(", ")))
    }

    /// The prompt. What nobody sees of a script is no part of it: some editors leave such signs.
    pub(super) fn finish(mut self) -> String {
        self.text.retain(|c| !prose::is_hidden(c));
        self.text
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
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

    #[test]
    fn the_composer_drops_what_was_said() {
        let mut composer = Composer::default();
        assert!(composer.add("Brick Braddock, retired police detective, is sitting quietly."));
        assert!(!composer.add("Brick Braddock, retired police detective, is sitting quietly."));
        assert!(composer.add_list(
            "Brick:",
            &["retired police detective, sixty", "grey beard. "]
        ));
        assert_eq!(
            composer.finish(),
            "Brick Braddock, retired police detective, is sitting quietly. Brick: sixty, grey beard."
        );
    }
}
