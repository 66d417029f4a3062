//! "Noor sees an iron ladder in the wall" is two pictures: who looks, and what is seen. Both halves of the
//! sentence stay as they are written, in shots of their own.

use super::decompose::Walk;
use super::doing;
use super::told::{Target, Told};
use crate::prose::{self, Word};
use crate::words::Trigger;

/// Verbs of seeing that need no "at" behind them.
const SEES: &[&str] = &["sees", "spots", "notices", "eyes", "studies", "surveys"];

/// Verbs of seeing with "at" behind them, and what may stand between.
const LOOKS: &[&str] = &[
    "looks", "stares", "gazes", "peers", "glances", "glares", "squints",
];
#[rustfmt::skip]
const WAYS: &[&str] = &["up", "down", "over", "out", "back", "across", "past", "around", "again", "away", "off", "closely", "hard"];

/// What begins something that is seen for the first time, or that stands there to be seen.
#[rustfmt::skip]
const BEGINS: &[&str] = &[
    "a", "an", "the", "two", "three", "four", "five", "several", "dozens", "hundreds", "thousands", "rows", "some", "another",
];

/// What is seen has at least so many words: less is told in passing.
const LEAST: usize = 4;

/// So many words may stand before the verb.
const MOST_BEFORE: usize = 4;

/// Whether a text is the half of a sentence that says that somebody looks: `Noor looks over at`.
pub fn looks_out(text: &str) -> bool {
    let words: Vec<String> = prose::tokens(text);
    let Some((last, before)) = words.split_last() else {
        return false;
    };
    let looks = || {
        let verb = before
            .iter()
            .rev()
            .find(|word| !WAYS.contains(&word.as_str()));
        verb.is_some_and(|verb| LOOKS.contains(&verb.as_str()))
    };
    words.len() > 1
        && !text.trim_end().ends_with(['.', '!', '?'])
        && (SEES.contains(&last.as_str()) || last == "at" && looks())
}

impl Walk<'_> {
    /// Where in a sentence what is seen begins, if it is to be seen apart from who looks.
    fn seen(&self, sentence: &str) -> Option<usize> {
        let words = prose::words(sentence);
        let lower: Vec<String> = words.iter().take(24).map(Word::lower).collect();
        let verb = lower
            .iter()
            .take(MOST_BEFORE + 1)
            .position(|word| SEES.contains(&word.as_str()) || LOOKS.contains(&word.as_str()))?;
        let mut from = verb + 1;
        if LOOKS.contains(&lower[verb].as_str()) {
            while lower
                .get(from)
                .is_some_and(|word| WAYS.contains(&word.as_str()))
            {
                from += 1;
            }
            if lower.get(from)? != "at" {
                return None;
            }
            from += 1;
        }
        // Only somebody stands before the verb.
        let who = &sentence[..words[verb].start];
        let plain = !who.contains([',', ':', ';', '"', '-']);
        let pronoun = verb == 1 && matches!(lower[0].as_str(), "he" | "she" | "they");
        let somebody = pronoun || !self.reader.named(who).is_empty();
        let owner = words[..verb].iter().any(|word| word.possessive);
        let what = words.get(from)?;
        let begins = BEGINS.contains(&lower.get(from)?.as_str());
        let object = &sentence[what.start..];
        let alone = prose::words(object).len() >= LEAST
            && doing::actions(object) == 1
            && !object.contains(['"', '“'])
            && ![
                "as", "and", "but", "while", "when", "then", "who", "he", "she", "they", "him",
                "her", "them", "his", "their",
            ]
            .iter()
            .any(|word| lower[from..].iter().any(|other| other == word))
            && self.reader.named(object).is_empty();
        (verb > 0 && plain && somebody && !owner && begins && alone).then_some(what.start)
    }

    /// Reads a sentence: what is seen in it is told apart.
    pub(super) fn tell_apart(&mut self, sentence: &str, from: usize, to: usize) -> Vec<Told> {
        let Some(at) = self.seen(sentence) else {
            return vec![self.tell(sentence, from, to)];
        };
        let (looks, seen) = (sentence[..at].trim_end(), &sentence[at..]);
        let looks = self.tell(looks, from, to);
        let extras = self.reader.read_closely(seen).extras;
        let seen = Told {
            text: seen.to_owned(),
            words: prose::tokens(seen),
            who: Vec::new(),
            extras,
            from,
            to,
            aim: Some(Target {
                trigger: Some(Trigger::Pov),
                prop: None,
            }),
            postures: Vec::new(),
        };
        vec![looks, seen]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_sentence_says_that_somebody_looks() {
        for text in ["Noor looks over at", "Noor sees", "He stares at"] {
            assert!(looks_out(text), "{text}");
        }
        for text in ["Noor looks at.", "sees", "Noor is at", "Noor runs"] {
            assert!(!looks_out(text), "{text}");
        }
    }
}
