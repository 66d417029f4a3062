//! Parentheticals of other languages in the words of a prompt: `(zu Anna)`, `(à voix basse)`.

use crate::prose;

/// Words for "to" before whom one speaks to.
const TO: &[&str] = &[
    "zu", "zum", "zur", "an", "à", "au", "aux", "a", "al", "alla", "para",
];

/// How it is said.
#[rustfmt::skip]
const SAYS: &[(&str, &str)] = &[
    ("leise", "quietly"), ("laut", "loudly"), ("flüsternd", "whispering"), ("flüstert", "whispering"), ("schreiend", "shouting"), ("ruft", "calling"),
    ("rufend", "calling"), ("lachend", "laughing"), ("lacht", "laughing"), ("lächelnd", "smiling"), ("lächelt", "smiling"), ("weinend", "crying"),
    ("zögernd", "hesitating"), ("wütend", "furious"), ("traurig", "sadly"), ("ruhig", "calmly"), ("überrascht", "surprised"), ("müde", "tired"),
    ("nervös", "nervous"), ("ohne aufzusehen", "without looking up"), ("nach einer pause", "after a pause"), ("erleichtert", "relieved"),
    ("gemeinsam", "together"), ("zusammen", "together"), ("singend", "singing"), ("am telefon", "on the phone"), ("ins telefon", "into the phone"),
    ("bas", "quietly"), ("tout bas", "quietly"), ("fort", "loudly"), ("en colère", "angrily"), ("sec", "curtly"), ("sèchement", "curtly"),
    ("ému", "moved"), ("émue", "moved"), ("hors champ", "off screen"), ("à part", "aside"), ("pour lui-même", "to himself"),
    ("pour elle-même", "to herself"), ("baja", "quietly"), ("bajo", "quietly"), ("piano", "quietly"), ("a bassa voce", "in a low voice"),
    ("zu sich selbst", "to himself"), ("verlegen", "embarrassed"), ("streng", "sternly"), ("ernst", "seriously"), ("heiser", "hoarsely"),
    ("à voix basse", "in a low voice"), ("à voix haute", "aloud"), ("criant", "shouting"), ("en criant", "shouting"), ("murmurant", "murmuring"),
    ("chuchotant", "whispering"), ("en chuchotant", "whispering"), ("souriant", "smiling"), ("en souriant", "smiling"), ("riant", "laughing"),
    ("en riant", "laughing"), ("en pleurant", "crying"), ("hésitant", "hesitating"), ("comprenant", "understanding"), ("furieux", "furious"),
    ("furieuse", "furious"), ("étonné", "surprised"), ("étonnée", "surprised"), ("surpris", "surprised"), ("surprise", "surprised"), ("calmement", "calmly"),
    ("doucement", "gently"), ("tristement", "sadly"), ("ensemble", "together"), ("au téléphone", "on the phone"), ("sans lever les yeux", "without looking up"),
    ("après un temps", "after a moment"), ("soulagé", "relieved"), ("soulagée", "relieved"),
    ("en voz baja", "in a low voice"), ("gritando", "shouting"), ("susurrando", "whispering"), ("sonriendo", "smiling"), ("riendo", "laughing"),
    ("llorando", "crying"), ("sorprendido", "surprised"), ("sorprendida", "surprised"), ("al teléfono", "on the phone"),
    ("sottovoce", "in a low voice"), ("gridando", "shouting"), ("sorridendo", "smiling"), ("ridendo", "laughing"), ("piangendo", "crying"),
];

/// A parenthetical in English; none where it is so already, or no table knows it.
pub(super) fn in_english(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    if let Some((_, english)) = SAYS.iter().find(|(known, _)| *known == lower) {
        return Some((*english).to_owned());
    }
    let (first, whom) = text.split_once(' ')?;
    let to = TO.contains(&first) && whom.starts_with(char::is_uppercase);
    let name = whom.split(' ').count() <= 2;
    (to && name).then(|| format!("to {whom}"))
}

/// `(quietly) Go.`, `*(still typing)*` above a line: what stands in brackets at its beginning says how it is said, as a
/// parenthetical does, and is not spoken.
pub(super) fn bracketed(line: &str) -> (Option<&str>, &str) {
    /// More words are an aside that is spoken.
    const MOST: usize = 8;
    let found = line
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'))
        .map(|(manner, said)| (manner.trim(), said.trim_start()));
    match found {
        Some((manner, said))
            if !manner.contains('(')
                && (1..=MOST).contains(&prose::words(manner).len())
                && !manner.ends_with(['.', '!', '?']) =>
        {
            (Some(manner), said)
        }
        _ => (None, line),
    }
}

/// Words that stand for a silence.
pub(super) const PAUSES: &[&str] = &["beat", "pause", "silence", "finally", "moment"];

/// Parentheticals of somebody who hears before they speak again: on the telephone nobody else is heard meanwhile.
#[rustfmt::skip]
const LISTENS: &[&str] = &[
    "listens", "listening", "listen", "listens again", "waits", "waiting", "no answer", "no response", "écoute", "elle écoute", "il écoute",
    "hört zu", "lauscht", "hört", "escucha", "ascolta", "temps", "un temps", "tempo", "pausa", "kurze pause",
];

pub(super) fn is_pause(manner: &str) -> bool {
    let words = prose::tokens(manner);
    LISTENS.contains(&words.join(" ").as_str())
        || words
            .iter()
            .any(|word| PAUSES[..3].contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_at_the_beginning_of_a_line_are_not_spoken() {
        assert_eq!(bracketed("(quietly) Go."), (Some("quietly"), "Go."));
        assert_eq!(bracketed("(to Anna)\nGo."), (Some("to Anna"), "Go."));
        for spoken in ["Go (quietly).", "(I never said that.) Go.", "()", "Go."] {
            assert_eq!(bracketed(spoken), (None, spoken));
        }
    }

    #[test]
    fn who_listens_is_silent() {
        for pause in ["beat", "a long pause", "listens", "Listening", "hört zu"] {
            assert!(is_pause(pause), "{pause}");
        }
        for other in ["listens to the wall", "waiting for Anna to sit", "quietly"] {
            assert!(!is_pause(other), "{other}");
        }
    }

    #[test]
    fn parentheticals_are_told_in_english() {
        assert_eq!(in_english("zu Anna").as_deref(), Some("to Anna"));
        assert_eq!(
            in_english("À voix basse").as_deref(),
            Some("in a low voice")
        );
        for other in [
            "quietly",
            "an old joke",
            "zu sich",
            "a Mara without sleep again",
        ] {
            assert_eq!(in_english(other), None, "{other}");
        }
    }
}
