//! Refuses a prompt that hangs, stammers, names strangers or runs on.

use std::collections::BTreeSet;

use crate::film::prose::{self, Ending};

/// Longest prompt, in characters.
pub const LONGEST: usize = 2000;
/// Words in a row that may not come twice.
const PHRASE: usize = 5;

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
    #[error("{0:?} stands twice in a row")]
    RepeatedWord(String),
    #[error("{0:?} is said twice")]
    RepeatedPhrase(String),
    #[error("{0:?} is named, and is not in the frame")]
    Unknown(String),
    #[error("the prompt has {0} characters, {LONGEST} at most")]
    TooLong(usize),
}

/// Checks a prompt. `strangers` are names of characters (display form) that must not be in it.
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
        } else if !sentence.ends_with(['"', '”']) && prose::dangling(end, Ending::Whole) {
            found.push(Problem::Dangling((*sentence).to_owned()));
        }
    }
    let bare = without_quotes(prompt);
    repeated_words(&bare, &mut found);
    repeated_phrases(&bare, &mut found);
    for name in strangers {
        let (whole, part) = (prose::words(prompt), prose::words(name));
        let named = part.len() <= whole.len()
            && whole
                .windows(part.len().max(1))
                .any(|window| window.iter().zip(&part).all(|(a, b)| a.text == b.text));
        if named && !part.is_empty() {
            found.push(Problem::Unknown((*name).to_owned()));
        }
    }
    found
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

fn repeated_phrases(text: &str, found: &mut Vec<Problem>) {
    let mut clauses = BTreeSet::new();
    for clause in text.split(['.', ',', ';', ':', '!', '?']) {
        let words = prose::tokens(clause);
        if words.len() >= 2 && !clauses.insert(words) {
            found.push(Problem::RepeatedPhrase(clause.trim().to_owned()));
        }
    }
    let words = prose::tokens(text);
    let mut seen = BTreeSet::new();
    for window in words.windows(PHRASE) {
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
}

impl Composer {
    /// Adds a whole sentence unless it hangs or repeats what was said. Returns whether it was
    /// added.
    pub(super) fn add(&mut self, sentence: &str) -> bool {
        let sentence = sentence.trim();
        let joined = if self.text.is_empty() {
            sentence.to_owned()
        } else {
            format!("{} {sentence}", self.text)
        };
        let fine = !sentence.is_empty() && check(&joined, &[]).is_empty();
        if fine {
            self.text = joined;
        }
        fine
    }

    /// Adds `head` followed by those of the `clauses` that can be added, joined by commas.
    /// Clauses are a person's words and may hold commas of their own.
    pub(super) fn add_list(&mut self, head: &str, clauses: &[&str]) -> bool {
        let mut kept: Vec<String> = Vec::new();
        let parts = clauses
            .iter()
            .flat_map(|clause| clause.split([',', ';', '\n']));
        for part in parts.map(|part| part.trim().trim_end_matches(['.', '!', '?', ':'])) {
            let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
            if prose::words(&part).is_empty() {
                continue;
            }
            let mut with = kept.clone();
            with.push(part.clone());
            let sentence = format!("{head} {}.", with.join(", "));
            let joined = format!("{} {sentence}", self.text);
            // Several words in a row that were said already are not said again.
            let said = prose::tokens(&self.text);
            let again = prose::tokens(&part);
            if check(&joined, &[]).is_empty()
                && !(again.len() >= 3 && prose::contains_words(&said, &again))
            {
                kept = with;
            }
        }
        if kept.is_empty() {
            false
        } else {
            self.add(&format!("{head} {}.", kept.join(", ")))
        }
    }

    pub(super) fn finish(self) -> String {
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
