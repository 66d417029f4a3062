//! From a sentence of a script to one fit for a prompt: ordinary capitals, no talk of the page or
//! of "we", and never an ending that hangs in the air.

use std::collections::BTreeMap;

use super::viewer::{
    WE_SEE, camera_speaks, can_stand, replace_ignoring_case, strip_aim, strip_prefix_ignoring_case,
    without_us,
};
use super::word::{Word, first_word, last_word, lower, words};

/// How a sentence of the script ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With a full stop, an exclamation or a question mark: the writer meant it to be whole.
    Whole,
    /// With dots, a dash, a comma or nothing: what follows may be missing.
    Open,
}

/// Words after which something must follow, however the sentence was punctuated.
const ALWAYS_DANGLING: &[&str] = &[
    "a", "an", "and", "as", "at", "because", "but", "by", "every", "for", "from", "if", "into",
    "is", "my", "nor", "of", "onto", "or", "our", "than", "that's", "the", "their", "to", "toward",
    "towards", "unless", "until", "upon", "we", "were", "whereas", "which", "while", "whose",
    "with", "your", "was", "are", "be", "i", "via", "amid", "among", "despite",
];

/// Words that may close a whole sentence, but not one that was broken off.
const OPEN_DANGLING: &[&str] = &[
    "about", "across", "after", "against", "along", "around", "before", "behind", "between",
    "down", "during", "he", "her", "his", "in", "it's", "its", "like", "near", "no", "not", "off",
    "on", "out", "over", "past", "she", "so", "some", "that", "then", "these", "they", "this",
    "those", "through", "under", "up", "very", "when", "where", "who", "without", "just", "has",
    "have", "had", "can", "could", "will", "would", "should", "there's", "finally", "suddenly",
    "what", "how", "you",
];

/// Words that keep their capitals.
const ACRONYMS: &[&str] = &[
    "ak", "am", "atm", "bbc", "cctv", "cd", "cia", "cnn", "dj", "dna", "dvd", "ecg", "er", "fbi",
    "gps", "hq", "id", "iv", "jfk", "led", "mri", "nasa", "nypd", "pa", "pc", "pm", "rv", "suv",
    "swat", "tnt", "tv", "uk", "un", "usa", "vcr", "vhs", "vip",
];

/// `EDWARD BLOOM` → `Edward Bloom`; a name that has small letters already stays as it is.
pub fn display_name(name: &str) -> String {
    name.split(' ')
        .map(title_word)
        .collect::<Vec<_>>()
        .join(" ")
}

fn title_word(word: &str) -> String {
    if word.chars().any(char::is_lowercase) {
        return word.to_owned();
    }
    // `DJ 9-VOLT`; but `PA` may be somebody's father.
    let spelt_out = !word.contains(['A', 'E', 'I', 'O', 'U', 'Y']);
    if spelt_out && ACRONYMS.contains(&word.to_lowercase().as_str()) {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    let mut start = true;
    let chars: Vec<char> = word.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        if start {
            out.push(c);
        } else {
            out.push_str(&lower(c.encode_utf8(&mut [0; 4])));
        }
        // O'Brien, but Will's.
        start = matches!(c, '-' | '.' | '(' | '/')
            || matches!(c, '\'' | '’') && i + 2 < chars.len() && i == 1;
    }
    out
}

/// Names as they are spelt.
pub trait Spelt {
    /// The spelling of a word that is given in small letters, if it belongs to a name.
    fn spelt(&self, lower: &str) -> Option<&str>;
}

impl Spelt for BTreeMap<String, String> {
    fn spelt(&self, lower: &str) -> Option<&str> {
        self.get(lower).map(String::as_str)
    }
}

/// Puts words in capitals into ordinary ones: names as `names` spells them (keyed by lower case),
/// acronyms kept, the first word of the text with a capital.
pub fn sentence_case(text: &str, names: &dyn Spelt) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let found = words(text);
    for (i, word) in found.iter().enumerate() {
        out.push_str(&text[at..word.start]);
        at = word.end;
        let whole = &text[word.start..word.end];
        let lower = word.lower();
        let beside_caps =
            |j: Option<usize>| j.and_then(|j| found.get(j)).is_some_and(Word::all_caps);
        let lone = word.text == "A" && i > 0 && beside_caps(Some(i + 1));
        // `U.S.` is several words of one letter.
        if !(word.all_caps() || lone) || ACRONYMS.contains(&lower.as_str()) {
            out.push_str(whole);
        } else if let Some(name) = names.spelt(&lower) {
            out.push_str(name);
            out.push_str(&whole[word.text.len()..].to_lowercase());
        } else {
            out.push_str(&whole.to_lowercase());
        }
    }
    out.push_str(&text[at..]);
    capitalise(&out)
}

/// A text with its first letter a capital.
pub fn capitalise(text: &str) -> String {
    let mut done = false;
    text.chars()
        .map(|c| {
            let first = !done && c.is_alphanumeric();
            done |= first;
            if first {
                c.to_uppercase().next().unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

/// Takes out what stands in round or square brackets.
pub fn drop_asides(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            ' ' | ',' | '.' if out.ends_with(' ') => {
                if c != ' ' {
                    out.pop();
                    out.push(c);
                }
            }
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// Whether a text ends in a word after which something must follow.
pub fn dangling(text: &str, ending: Ending) -> bool {
    let Some(last) = last_word(text).map(|word| {
        let whole = &text[word.start..word.end];
        whole.to_lowercase().replace('’', "'")
    }) else {
        return true;
    };
    ALWAYS_DANGLING.contains(&last.as_str())
        || ending == Ending::Open && OPEN_DANGLING.contains(&last.as_str())
}

/// Folds a word that stands twice in a row ("down, down") into one.
fn fold_repeats(text: &str) -> String {
    let found = words(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for pair in found.windows(2) {
        let between = &text[pair[0].end..pair[1].start];
        let joined = between
            .chars()
            .all(|c| matches!(c, ' ' | ',' | '.' | '!' | '-' | '–' | '—' | '…'));
        if joined
            && text[pair[0].start..pair[0].end]
                .eq_ignore_ascii_case(&text[pair[1].start..pair[1].end])
        {
            out.push_str(&text[at..pair[0].end]);
            at = pair[1].end;
        }
    }
    out.push_str(&text[at..]);
    out
}

/// Dots inside a sentence become a comma, before a closing quote nothing.
fn fold_dots(text: &str) -> String {
    let text = text.replace('…', "...");
    let end = text
        .trim_end_matches(['.', '"', '”', ' ', ')', '!', '?'])
        .len();
    let mut out = String::with_capacity(text.len());
    let mut rest = &text[..end];
    while let Some(at) = rest.find("..") {
        out.push_str(rest[..at].trim_end());
        rest = rest[at..].trim_start_matches('.');
        if !rest.starts_with(['\'', '’', '"', '”', ',', ';', '?', '!', ')']) {
            out.push(',');
            if !rest.starts_with(' ') {
                out.push(' ');
            }
        }
    }
    out.push_str(rest);
    out.push_str(&text[end..]);
    out
}

/// Clause boundaries, at which a sentence that was broken off may be ended.
const BOUNDARIES: &[&str] = &["; ", " -- ", " – ", " — ", ", "];

/// Makes one sentence of the script a whole sentence for a prompt, ending in a full stop, an
/// exclamation or a question mark. Words are dropped only by whole clauses. `None` when nothing
/// whole is left, or when it only speaks to the reader.
pub fn prompt_sentence(sentence: &str, names: &dyn Spelt) -> Option<String> {
    let mut text = drop_asides(sentence);
    text = strip_aim(&text).to_owned();
    for beat in [
        "a beat, then ",
        "after a beat, ",
        "a beat later, ",
        "beat, then ",
        "a moment later, ",
    ] {
        if let Some(rest) = strip_prefix_ignoring_case(&text, beat) {
            text = rest.to_owned();
        }
    }
    text = camera_speaks(&text)?;
    for phrase in WE_SEE {
        text = replace_ignoring_case(&text, phrase, "");
    }
    text = without_us(&text)?;
    text = sentence_case(&text, names);
    text = fold_repeats(&text);
    text = fold_dots(&text);
    text = text
        .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '"')
        .to_owned();
    let end = text.trim_end_matches([')', ']', ' ']);
    let mark = end
        .trim_end_matches(['"', '”'])
        .chars()
        .last()
        .unwrap_or(' ');
    let broken = end.trim_end_matches(['"', '”']);
    let ending = if matches!(mark, '.' | '!' | '?') && !broken.ends_with("..") {
        Ending::Whole
    } else {
        Ending::Open
    };
    let mut body = trim_end_marks(end).to_owned();
    let mut cut = false;
    while dangling(&body, ending) {
        body.truncate(last_boundary(&body)?);
        body.truncate(trim_end_marks(&body).len());
        cut = true;
    }
    if first_word(&body).is_none() || cut && !can_stand(&body) {
        return None;
    }
    if body.matches('"').count() % 2 == 1 {
        body.push('"');
    }
    let quoted_end =
        body.ends_with(['"', '”']) && body.trim_end_matches(['"', '”']).ends_with(['.', '!', '?']);
    let mark = match () {
        () if quoted_end => "",
        () if ending == Ending::Open || cut => ".",
        () if mark == '!' => "!",
        () if mark == '?' => "?",
        () => ".",
    };
    Some(capitalise(&format!("{body}{mark}")))
}

/// Where the last clause of a text is joined to what stands before it.
fn last_boundary(text: &str) -> Option<usize> {
    let mut places = text.char_indices().rev();
    places.find_map(|(at, _)| {
        let begins = |mark: &str| text[at..].starts_with(mark);
        BOUNDARIES.iter().any(|mark| begins(mark)).then_some(at)
    })
}

fn trim_end_marks(text: &str) -> &str {
    let text = text.trim_end_matches([' ', '.', '!', '?', '…', ',', ';', ':', '-', '–', '—']);
    // A closing quote stays with its words, its own stop goes.
    match text.strip_suffix(['"', '”']) {
        Some(inner) if inner.contains(['"', '“']) => {
            if inner.ends_with(['.', '!', '?', ',']) {
                text
            } else {
                text.trim_end()
            }
        }
        Some(inner) => trim_end_marks(inner),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> BTreeMap<String, String> {
        [("edward", "Edward"), ("karl", "Karl"), ("dr", "Dr")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into()
    }

    #[track_caller]
    fn becomes(sentence: &str, expected: &str) {
        assert_eq!(
            prompt_sentence(sentence, &names()).as_deref(),
            Some(expected)
        );
    }

    #[test]
    fn capitals_become_ordinary_and_names_stay_names() {
        becomes(
            "EDWARD hears a POP on the TV.",
            "Edward hears a pop on the TV.",
        );
        becomes(
            "A beat later KARL'S hand SLAMS down.",
            "A beat later Karl's hand slams down.",
        );
    }

    #[test]
    fn nothing_hangs_at_the_end() {
        becomes(
            "Sandra stands by the window, watching as...",
            "Sandra stands by the window.",
        );
        becomes("He works the mouse--", "He works the mouse.");
        becomes("They run, and slam into the", "They run.");
    }

    #[test]
    fn what_cannot_be_made_whole_is_dropped() {
        assert_eq!(
            prompt_sentence("Focusing on the final shadow, we...", &names()),
            None
        );
        assert_eq!(
            prompt_sentence("As his hand moves past the light, we", &names()),
            None
        );
        assert_eq!(
            prompt_sentence("We still haven't seen the stranger.", &names()),
            None
        );
    }

    #[test]
    fn the_camera_is_not_we() {
        becomes("We PUSH IN on Edward, enraptured.", "Edward, enraptured.");
        becomes(
            "We TILT UP from the road to reveal Karl.",
            "The camera tilts up from the road to reveal Karl.",
        );
        becomes(
            "CLOSE ON Edward, lost in thought.",
            "Edward, lost in thought.",
        );
        becomes("Off to the side, we see Don.", "Off to the side, Don.");
        becomes("As we watch, Edward's cuffs rise.", "Edward's cuffs rise.");
        becomes(
            "A beat, then he remembers the can.",
            "He remembers the can.",
        );
        assert_eq!(
            prompt_sentence("It's not as bad as we feared.", &names()),
            None
        );
    }

    #[test]
    fn words_said_twice_are_said_once() {
        becomes(
            "We PULL BACK, and BACK, revealing the house.",
            "The camera pulls back, and back, revealing the house.",
        );
        becomes("Down, down they go.", "Down they go.");
        becomes("She waits... and goes.", "She waits, and goes.");
        becomes(
            "It shows 'Busy...' and 'Done...'.",
            "It shows 'Busy' and 'Done'.",
        );
        becomes(
            "The sign reads \"For Sale.\"",
            "The sign reads \"For Sale.\"",
        );
    }

    #[test]
    fn names_are_spelt_as_names() {
        assert_eq!(display_name("DR. O'BRIEN-SMITH"), "Dr. O'Brien-Smith");
        assert_eq!(display_name("WILL'S DATE"), "Will's Date");
        assert_eq!(display_name("McCLANE"), "McCLANE");
        assert_eq!(display_name("FRAU ÖZDEMİR"), "Frau Özdemir");
        assert_eq!(display_name("DJ 9-VOLT"), "DJ 9-Volt");
        assert_eq!(display_name("PA COBB"), "Pa Cobb");
    }
}
