//! Which words are what people do: `takes`, `waits`.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::word::{Word, words};

const TEXT: &str = include_str!("verbs.txt");

/// The verbs, and those of them that are nouns as often.
static VERBS: LazyLock<(HashSet<&str>, HashSet<&str>)> = LazyLock::new(|| {
    let part = |text: &'static str| {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.flat_map(str::split_whitespace).collect()
    };
    let (verbs, nouns) = TEXT.split_once("\n|\n").unwrap_or((TEXT, ""));
    (part(verbs), part(nouns))
});

/// What follows a verb and no plural: whom or what it is done to, or where to.
#[rustfmt::skip]
const BEHIND_A_VERB: &[&str] = &[
    "it", "the", "a", "an", "his", "her", "him", "them", "their", "out", "to", "up", "down", "back", "open", "off", "away", "around", "over",
    "himself", "herself", "this", "that", "two", "one", "another", "again", "toward", "towards", "past", "inside", "through", "hard", "forward",
];

/// Whether a word, in small letters, is what somebody does: `takes`.
pub fn is_deed(lower: &str) -> bool {
    VERBS.0.contains(lower)
}

/// Whether a sentence begins with what somebody does and has lost whoever does it: "Waits.", "Tears the
/// panel off.", but not "Lamps in the grass.", "Screams.", "Sparks off the truck."
pub fn lacks_subject(sentence: &str) -> bool {
    let found = words(sentence);
    let Some(first) = found.first() else {
        return false;
    };
    let lower = first.lower();
    if first.possessive || first.all_caps() || !is_deed(&lower) {
        return false;
    }
    let next = found.get(1).map(Word::lower);
    let between = found
        .get(1)
        .map_or("", |next| sentence[first.end..next.start].trim());
    let noun = VERBS.1.contains(lower.as_str());
    !matches!(between, ":" | "-")
        && (!noun
            || next
                .is_some_and(|next| between.is_empty() && BEHIND_A_VERB.contains(&next.as_str())))
}

/// Whether the word at a place is a name, by its capital and what it does: "Bosco nudges her hand." Ordinary words
/// with a capital at the start of a sentence are none; of places and things the caller knows more.
pub fn is_acting_name(sentence: &str, found: &[Word<'_>], at: usize) -> bool {
    let (Some(word), Some(next)) = (found.get(at), found.get(at + 1)) else {
        return false;
    };
    let lower = word.lower();
    word.capitalised()
        && !word.all_caps()
        && !word.possessive
        && word.text.chars().all(char::is_alphabetic)
        && word.text.chars().nth(2).is_some()
        && sentence.get(word.end..next.start) == Some(" ")
        && is_deed(&next.lower())
        && !next.capitalised()
        && !is_deed(&lower)
        && !lower.ends_with("ly")
        && !super::plain_word(&lower)
}

/// Whether a text has no verb: it names what is there, "Jonah's back.", "A ring on her finger."
pub fn is_fragment(sentence: &str) -> bool {
    const IS: &[&str] = &[
        "is", "are", "was", "were", "has", "have", "had", "do", "does", "did", "can", "will",
        "must",
    ];
    let found = words(sentence);
    !found.is_empty()
        && !found.iter().skip(1).any(|word| {
            let lower = word.lower();
            let short = word.text.contains(['\'', '’']) && !word.possessive;
            !word.possessive && (is_deed(&lower) || IS.contains(&lower.as_str())) || short
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_may_have_lost_its_subject() {
        for text in [
            "Waits.",
            "Picks up the shotgun.",
            "Vaults the rail.",
            "Turns the key.",
            "Runs to the boat.",
            "Tears the panel off.",
        ] {
            assert!(lacks_subject(text), "{text}");
        }
        for text in [
            "Lamps in the grass.",
            "Sparks off the truck.",
            "Screams.",
            "Lights in the distance.",
            "Strings.",
            "Rolls of paper.",
            "Watches, rings, chains.",
            "RUNS.",
            "His hat falls.",
        ] {
            assert!(!lacks_subject(text), "{text}");
        }
    }

    #[test]
    fn who_acts_under_a_name_is_told_by_the_capital() {
        let acts = |text: &str| (0..8).find(|at| is_acting_name(text, &words(text), *at));
        assert_eq!(
            acts("Before Lara can answer, Bosco nudges her hand."),
            Some(4)
        );
        assert_eq!(acts("Bosco waits."), Some(0));
        for text in [
            "Water falls.",
            "The dog waits.",
            "Slowly walks away.",
            "BANG goes the door.",
            "Bosco's tail wags.",
        ] {
            assert_eq!(acts(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_without_a_verb_names_what_is_there() {
        for text in [
            "Jonah's back.",
            "The eye on the lid.",
            "A ring on her finger.",
            "A crucifix.",
        ] {
            assert!(is_fragment(text), "{text}");
        }
        for text in ["She runs.", "The door is open.", "He takes the other."] {
            assert!(!is_fragment(text), "{text}");
        }
    }
}
