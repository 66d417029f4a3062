//! What is done in a shot: how much of somebody has to be in the picture for it, and how many things
//! happen one after the other, which take their time.

use super::beat::Beat;
use super::rules::{Body, Rules};
use super::verbs::{by_participle, of_one};
use crate::prose::{self, Word};
use crate::words::ShotSize;

/// Words behind which a word that could be a verb is a noun: "the run", "her steps".
#[rustfmt::skip]
const NOUN_AFTER: &[&str] = &[
    "a", "an", "the", "his", "her", "its", "their", "of", "this", "that", "no", "for", "in", "on", "at", "another",
];

/// So many words of a shot are read for what is done.
const MOST_WORDS: usize = 120;

/// What a shot needs to show.
pub(super) struct Need {
    /// No closer than this.
    pub(super) closest: ShotSize,
    /// The word of the script that asks for it.
    pub(super) verb: String,
}

/// How much of the people in a shot what they do needs. Of several the widest counts.
pub(super) fn need(beat: &Beat, rules: &Rules) -> Option<Need> {
    if beat.who.is_empty() && beat.extras.is_empty() && !beat.speaks_on_screen() {
        return None;
    }
    let words = prose::words(&beat.content);
    let words = &words[..words.len().min(MOST_WORDS)];
    let lower: Vec<String> = words.iter().map(Word::lower).collect();
    let several = beat.who.len() > 1;
    let asks = |body: &Body| {
        let verb = (0..lower.len()).find(|&at| does(&lower, at, several, body));
        verb.map(|at| lower[at].clone()).or_else(|| {
            let phrase = body.phrases.iter().find(|phrase| phrase.found_in(&lower));
            phrase.map(|phrase| phrase.text.clone())
        })
    };
    rules.size.body.iter().find_map(|body| {
        let closest = match beat.line.is_some() && beat.speaks_on_screen() {
            true => body.spoken,
            false => body.closest,
        };
        asks(body).map(|verb| Need { closest, verb })
    })
}

/// Whether the word there says that somebody does one of these things.
fn does(lower: &[String], at: usize, several: bool, body: &Body) -> bool {
    let word = lower[at].as_str();
    let before = at
        .checked_sub(1)
        .map_or("", |before| lower[before].as_str());
    if NOUN_AFTER.contains(&before) {
        return false;
    }
    let known = |verb: &str| body.verbs.iter().any(|known| known == verb);
    let many = (several || matches!(before, "they" | "to" | "and")) && known(&of_one(word));
    let is = known(word) || many || by_participle(word, &body.verbs).is_some();
    is && !body.but.iter().any(|phrase| phrase.begins(&lower[at..]))
}

/// How many things happen in a text, one after the other: each sentence is one, and each further verb
/// behind a comma or `and` another.
pub(super) fn actions(text: &str) -> u32 {
    let mut count = 0;
    for sentence in prose::sentences(text) {
        let words = prose::words(sentence);
        // "Dust.", "Gulls." is seen with what comes before.
        if words.len() < 2 {
            continue;
        }
        count += 1;
        for pair in words.windows(2) {
            let between = &sentence[pair[0].end..pair[1].start];
            let lower = pair[0].lower();
            let joined = between.contains([',', ';']) || lower == "and" || lower == "then";
            count += u32::from(joined && is_verb(&pair[1]));
        }
    }
    count
}

/// Whether a word looks like the verb of one who was named before: "and turns".
fn is_verb(word: &Word<'_>) -> bool {
    #[rustfmt::skip]
    const OTHERS: &[&str] = &["his", "its", "this", "was", "has", "does", "as", "hers", "yes", "perhaps", "sometimes", "always"];
    let lower = word.lower();
    lower.len() > 3
        && lower.ends_with('s')
        && !lower.ends_with("ss")
        && !lower.ends_with("ous")
        && !word.possessive
        && !word.capitalised()
        && !OTHERS.contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_that_happen_are_counted() {
        for (text, count) in [
            (
                "She takes the drawings. She gets back in. She drives on.",
                3,
            ),
            (
                "She drops down the wall, brakes with one glove, lands. Dust.",
                3,
            ),
            ("He turns and walks to the door.", 2),
            ("A dry riverbed between walls of red stone.", 1),
            ("He sits, his hat on his knees, and waits.", 2),
            ("", 0),
        ] {
            assert_eq!(actions(text), count, "{text}");
        }
    }
}
