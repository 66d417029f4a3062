//! What a narrator says beside what happens, and cues that lead to the next sentence.

use super::find::is_open;
use super::viewer::strip_prefix_ignoring_case;
use super::word::words;

/// What a narrator thinks of what happens, before it.
const COMMENTS_BEFORE: &[&str] = &[
    "naturally, ",
    "of course, ",
    "needless to say, ",
    "predictably, ",
    "inevitably, ",
    "unsurprisingly, ",
    "not surprisingly, ",
    "as always, ",
    "as usual, ",
    "as ever, ",
];

/// Sentences that only lead to the next one, and pauses that stand alone.
#[rustfmt::skip]
const CUES: &[&str] = &[
    "at the last moment", "at the last second", "at the last minute", "in the nick of time", "just then", "and then",
    "then", "suddenly", "a moment later", "moments later", "a second later", "a beat later", "a beat", "beat", "another", "another beat",
    "a long beat", "a pause", "pause", "a long pause", "un temps", "un long temps", "un silence", "kurze pause",
    "lange pause", "eine pause", "stille", "una pausa", "un silencio", "meanwhile", "until finally", "at last",
];

/// "So does Karl", "Neither do they": what they do stands in another sentence.
fn elliptic(words: &[String]) -> bool {
    const VERBS: &[&str] = &["does", "do", "is", "are", "did", "has", "have", "can"];
    let second = words.get(1).map_or("", String::as_str);
    matches!(words[0].as_str(), "so" | "neither" | "nor")
        && VERBS.contains(&second)
        && words.len() <= 6
}

/// Whether a sentence is no more than a cue: it shows nothing by itself.
pub(super) fn is_cue(text: &str) -> bool {
    let small: Vec<String> = words(text).iter().map(super::word::Word::lower).collect();
    !small.is_empty() && (elliptic(&small) || CUES.contains(&small.join(" ").as_str()))
}

/// How a script writes that a moment passes before something happens.
const MOMENTS: &[&str] = &[
    "then ",
    "with that, ",
    "at that, ",
    "a beat, then ",
    "a beat. then ",
    "after a beat, ",
    "a beat later, ",
    "beat, then ",
    "a moment later, ",
    "after a moment, ",
    "a long beat, then ",
    "a pause, then ",
    "a long pause, then ",
    "a moment, then ",
    "silence, then ",
    "un temps, puis ",
    "un silence, puis ",
    "pause, dann ",
    "eine pause, dann ",
    "kurze pause, dann ",
    "stille, dann ",
    "una pausa, luego ",
    "una pausa, poi ",
    "un silencio, luego ",
];

/// A sentence without the moment that passes before it.
pub(super) fn without_moment(text: &str) -> &str {
    MOMENTS.iter().fold(text, |text, moment| {
        strip_prefix_ignoring_case(text, moment).unwrap_or(text)
    })
}

/// What a narrator knows of when something happens, behind it: no picture shows which time it is.
const COMMENTS_BEHIND: &[&str] = &[
    " for the last time",
    " for the very last time",
    " for the first time in years",
    " for the first time in his life",
    " for the first time in her life",
    " for the first time",
    " once and for all",
    " as he always does",
    " as she always does",
    " as they always do",
    " like he always does",
    " like she always does",
];

/// A sentence without what its narrator thinks of it.
pub(super) fn without_comment(text: &str) -> String {
    let text = COMMENTS_BEFORE
        .iter()
        .find_map(|comment| strip_prefix_ignoring_case(text, comment))
        .unwrap_or(text);
    let lower = text.to_ascii_lowercase();
    let behind = COMMENTS_BEHIND.iter().find_map(|comment| {
        let at = lower.find(comment)?;
        let rest = &text[at + comment.len()..];
        let ends = rest.starts_with(['.', ',', '!', ';']) || rest.starts_with(" and ");
        (ends && !is_open(false, &text[..at])).then(|| format!("{}{rest}", &text[..at]))
    });
    behind.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::prose::prompt_sentence;

    fn names() -> BTreeMap<String, String> {
        [("karl".to_owned(), "Karl".to_owned())].into()
    }

    #[track_caller]
    fn becomes(sentence: &str, expected: &str) {
        let found = prompt_sentence(sentence, &names());
        assert_eq!(found.as_deref(), Some(expected));
    }

    #[test]
    fn a_narrator_has_no_say_and_a_cue_shows_nothing() {
        becomes("Naturally, the coin drops.", "The coin drops.");
        becomes("As usual, Karl is late.", "Karl is late.");
        becomes("Karl sits for the last time.", "Karl sits.");
        becomes("With that, he leaves.", "He leaves.");
        becomes("Un temps, puis Karl se lève.", "Karl se lève.");
        becomes("A pause, then Karl nods.", "Karl nods.");
        becomes("SINGLE SHOTS: Karl leads the band.", "Karl leads the band.");
        becomes("We LOOK OVER to find KARL asleep.", "Karl asleep.");
        for cue in [
            "So does Karl.",
            "Neither do the others.",
            "At the last second...",
            "Un temps.",
            "Kurze Pause.",
            "Just then --",
        ] {
            assert_eq!(prompt_sentence(cue, &names()), None, "{cue}");
        }
        becomes("So he runs.", "So he runs.");
    }
}
