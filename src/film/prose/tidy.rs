//! From a sentence of a script to one fit for a prompt: ordinary capitals, no talk of the page or
//! of "we", and never an ending that hangs in the air.

use super::asides::fold_asides;
use super::capitals::{Spelt, capitalise, settle_capitals};
use super::comments::{is_cue, without_comment, without_moment};
use super::find::can_stand;
use super::restored::restored;
use super::us::without_us;
use super::viewer::{strip_aim, without_viewer};
use super::word::{first_word, last_word, words};

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

/// Whether a text ends in a word after which something must follow.
pub fn dangling(text: &str, ending: Ending) -> bool {
    let Some(last) = last_word(text).map(|word| {
        let whole = &text[word.start..word.end];
        whole.to_lowercase().replace('’', "'")
    }) else {
        return true;
    };
    if ending == Ending::Whole && (idiom(text, &last) || is_of_another_language(text)) {
        return false;
    }
    ALWAYS_DANGLING.contains(&last.as_str())
        || ending == Ending::Open && OPEN_DANGLING.contains(&last.as_str())
}

/// "Sie macht das Licht an.": in other languages a sentence may end in what is an article of this one.
fn is_of_another_language(text: &str) -> bool {
    #[rustfmt::skip]
    const SMALL: &[&str] = &[
        "der", "das", "den", "dem", "einen", "einem", "und", "sich", "ihre", "ihren", "seine", "seinen", "nicht", "les", "une", "elle", "dans",
        "sur", "avec", "los", "las", "una", "con", "della", "il", "gli",
    ];
    words(text)
        .iter()
        .any(|word| SMALL.contains(&word.lower().as_str()))
}

/// Whether a whole sentence may end in such a word after all: "for a while", "a car goes by", "comes to".
fn idiom(text: &str, last: &str) -> bool {
    let found = words(text);
    let Some(before) = found.len().checked_sub(2).map(|at| found[at].lower()) else {
        return false;
    };
    match last {
        "while" => before == "a",
        "by" => {
            before.ends_with('s')
                || before.ends_with("ing")
                || before.ends_with("ed")
                || matches!(
                    before.as_str(),
                    "go" | "pass"
                        | "walk"
                        | "drive"
                        | "stand"
                        | "run"
                        | "fly"
                        | "him"
                        | "her"
                        | "them"
                )
        }
        "into" | "to" | "with" | "for" | "from" | "at"
            if matches!(before.as_str(), "him" | "her" | "it" | "them") =>
        {
            true
        }
        "to" => matches!(before.as_str(), "comes" | "come" | "coming"),
        "with" | "for" | "from" | "at" => before.ends_with("ing"),
        "is" | "are" | "was" | "were" => found.iter().any(|word| {
            matches!(
                word.lower().as_str(),
                "what" | "who" | "where" | "how" | "it"
            )
        }),
        _ => false,
    }
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

/// Makes one sentence of the script fit for a prompt: whole, ending in a full stop, an exclamation or a
/// question mark, without the viewer and the camera. What the camera reveals in it may become a sentence
/// of its own. Words are dropped only by whole clauses. `None` when nothing whole is left, or when it
/// only speaks to the reader.
pub fn prompt_sentence(sentence: &str, names: &dyn Spelt) -> Option<String> {
    let text = on_screen(sentence).unwrap_or_else(|| sentence.to_owned());
    let text = fold_asides(&text);
    let seen = super::point_of_view(&text).map(|pov| pov.seen);
    let (aimed, _) = strip_aim(seen.unwrap_or(&text));
    let mut text = without_moment(aimed).to_owned();
    if is_cue(&text) {
        return None;
    }
    text = without_comment(&text);
    let whole = text;
    text = without_viewer(&whole)?;
    text = without_us(&text)?;
    if text != whole {
        text = restored(&text);
    }
    let parts: Vec<String> = super::quoting_sentences(&text)
        .into_iter()
        .filter_map(|part| one_sentence(part, names))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// `SUPER: Paris, 1962` says what can be read over the picture, which is quoted as it is written.
fn on_screen(sentence: &str) -> Option<String> {
    let (words, _) = super::superimposed(sentence)?;
    Some(format!("The words \"{words}\" stand on the screen."))
}

fn one_sentence(text: &str, names: &dyn Spelt) -> Option<String> {
    let text = settle_capitals(text, names);
    let text = fold_repeats(&text);
    let text = fold_dots(&text);
    let text = text
        .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '"' && c != '“')
        .to_owned();
    let end = text.trim_end_matches([')', ']', ' ']);
    let mark = end
        .trim_end_matches(['"', '”'])
        .chars()
        .last()
        .unwrap_or(' ');
    let broken = end.trim_end_matches(['"', '”']);
    // "Norther calls out:" is whole; what he calls stands elsewhere.
    let ending = if matches!(mark, '.' | '!' | '?' | ':') && !broken.ends_with("..") {
        Ending::Whole
    } else {
        Ending::Open
    };
    let mut body = trim_end_marks(end).to_owned();
    // "Once she is free..." is what happens, if nothing follows.
    if ending == Ending::Open
        && !body.contains(',')
        && let Some((first, rest)) = body.split_once(' ')
        && ["as", "once", "when", "while", "until", "because"]
            .contains(&first.to_lowercase().as_str())
        && words(rest).len() >= 3
    {
        body = rest.to_owned();
    }
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
    use std::collections::BTreeMap;

    use super::*;
    use crate::prose::display_name;

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
            "The shot reveals Karl.",
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
    fn what_we_see_is_there_without_us() {
        for (sentence, expected) in [
            ("We hear a SCREAM.", "There is the sound of a scream."),
            (
                "Edward runs as we PULL BACK to reveal the field.",
                "Edward runs. The shot reveals the field.",
            ),
            (
                "PULL BACK to reveal a gun on the table.",
                "The shot reveals a gun on the table.",
            ),
            ("Slowly pan across the room.", "The room."),
            (
                "We follow Edward down the hall.",
                "Edward goes down the hall.",
            ),
            ("THE CAMERA FINDS Karl asleep.", "Karl asleep."),
            ("Karl enters frame.", "Karl comes into view."),
            (
                "Close shot -- a desk drawer as it is pulled open.",
                "A desk drawer as it is pulled open.",
            ),
            ("We pass a rusty sign...", "A rusty sign."),
            ("He's been up for a while.", "He's been up for a while."),
            ("A car goes by.", "A car goes by."),
            (
                "At the last moment, Karl calls out:",
                "At the last moment, Karl calls out.",
            ),
            ("Once he's finally free...", "He's finally free."),
            (
                "He moves, out of the corner that they boxed him into.",
                "He moves, out of the corner that they boxed him into.",
            ),
            (
                "Sure enough, as we LOOK UP again, it's a younger EDWARD.",
                "Sure enough, it's a younger Edward.",
            ),
            (
                "The branches move, and as we hear the wood GROAN, they close.",
                "The branches move, and with the sound of the wood groan, they close.",
            ),
            ("We also find boxes of soap.", "Boxes of soap."),
            (
                "And then we realize why: a road sign is down.",
                "And then a road sign is down.",
            ),
            (
                "He smiles like we know him, and sits.",
                "He smiles, and sits.",
            ),
            (
                "Through the crack we can see a woman, talking to a girl we can't see.",
                "Through the crack a woman, talking to a girl.",
            ),
            ("We're in a cave, deep and wet.", "A cave, deep and wet."),
            ("A door slams O.S.", "A door slams out of view."),
            (
                "He looks up and we see that his eyes are wet.",
                "He looks up and his eyes are wet.",
            ),
            (
                "The rider comes straight at us.",
                "The rider comes straight at the camera.",
            ),
            (
                "SUPER: \"Ashton, 1962\"",
                "The words \"Ashton, 1962\" stand on the screen.",
            ),
            (
                "He lifts the lid (it is heavy, and rusted) and looks in.",
                "He lifts the lid, it is heavy, and rusted, and looks in.",
            ),
        ] {
            becomes(sentence, expected);
        }
    }

    #[test]
    fn what_looks_like_talk_of_the_camera_stays() {
        for sentence in [
            "Karl stays close on his heels.",
            "The track lights glow.",
            "He pushes the pan across the stove.",
            "A wide shot glass stands there.",
            "\"We see you,\" reads the note.",
            "Her face is on the screen.",
            "She sets the camera on the table.",
        ] {
            becomes(sentence, sentence);
        }
    }

    #[test]
    fn what_only_moves_the_camera_shows_nothing() {
        for sentence in [
            "The camera pans.",
            "We know what that means.",
            "We TILT UP.",
            "PAN DOWN.",
        ] {
            assert_eq!(prompt_sentence(sentence, &names()), None, "{sentence}");
        }
    }

    #[test]
    fn words_said_twice_are_said_once() {
        becomes(
            "We PULL BACK, and BACK, revealing the house.",
            "The shot reveals the house.",
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
        assert_eq!(display_name("McCLANE"), "McClane");
        assert_eq!(display_name("FRAU ÖZDEMİR"), "Frau Özdemir");
        assert_eq!(display_name("DJ 9-VOLT"), "DJ 9-Volt");
        assert_eq!(display_name("PA COBB"), "Pa Cobb");
        assert_eq!(display_name("MCTAVISH"), "McTavish");
        assert_eq!(display_name("DeVRIES"), "DeVries");
        assert_eq!(display_name("IVAN THE TERRIBLE"), "Ivan the Terrible");
        assert_eq!(display_name("CHEF DE TRAIN"), "Chef de Train");
        assert_eq!(display_name("THE LADY DI"), "The Lady Di");
    }
}
