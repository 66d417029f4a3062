//! What "we see somebody do" as they do it: "him climb the wall" is "he climbs the wall".

use super::is_deed;
use super::word::{Word, words};

/// Bare verbs that are things as often: `a car park`, `the light`.
#[rustfmt::skip]
const THINGS: &[&str] = &[
    "light", "lights", "ring", "hand", "face", "park", "cut", "house", "back", "water", "fire", "phone", "show", "drop", "watch", "wave", "bow",
    "tear", "rock", "point", "lock", "bolt", "train", "table", "shop", "store", "paint", "pool", "post", "plant", "fence", "mirror", "path",
    "bank", "bar", "bridge", "cover", "crowd", "dance", "dress", "drink", "fight", "film", "flash", "hammer", "iron", "mask", "nail", "note",
    "pin", "saw", "sail", "seat", "shadow", "ship", "sign", "smoke", "stage", "stand", "step", "stone", "trail", "walk",
];

/// "Proterm load on the screen" of "we see Proterm load on the screen": it loads.
pub(super) fn finite(what: &str) -> String {
    /// The subject has so many words at most.
    const SUBJECT: usize = 5;
    #[rustfmt::skip]
    const BEHIND: &[&str] = &[
        "a", "an", "the", "his", "her", "its", "their", "on", "in", "into", "out", "up", "down", "at", "to", "from", "off", "over", "through",
        "across", "along", "past", "by", "away", "back", "toward", "towards", "around", "it", "him", "them", "under", "against", "onto",
    ];
    let found = words(what);
    let verb = (1..found.len().min(SUBJECT + 1)).find(|at| {
        let lower = found[*at].lower();
        let next = found.get(at + 1).map(Word::lower);
        let beside = |at: usize| what.get(found[at - 1].end..found[at].start) == Some(" ");
        is_deed(&in_s(&lower))
            && beside(*at)
            && !THINGS.contains(&lower.as_str())
            && next.is_some_and(|next| BEHIND.contains(&next.as_str()))
    });
    let Some(verb) = verb else {
        return what.to_owned();
    };
    let subject = &found[..verb];
    let word = |at: usize| subject[at].lower();
    let last = word(verb - 1);
    let one = match (subject.len(), last.as_str()) {
        (1, "him") => Some("he"),
        (1, "her") => Some("she"),
        (1, "it" | "someone" | "somebody") => Some(""),
        (1, _) => subject[0].capitalised().then_some(""),
        _ => {
            let article = matches!(
                word(0).as_str(),
                "a" | "an" | "the" | "his" | "her" | "another" | "one"
            );
            let plain = subject.iter().skip(1).all(|word| !is_deed(&word.lower()));
            let one = !last.ends_with('s') || last.ends_with("ss");
            let many = matches!(
                last.as_str(),
                "men" | "women" | "people" | "children" | "police"
            );
            let joined =
                (0..verb).any(|at| matches!(word(at).as_str(), "and" | "of" | "to" | "that"));
            (article && plain && one && !many && !joined).then_some("")
        }
    };
    let Some(pronoun) = one else {
        return what.to_owned();
    };
    let who = if pronoun.is_empty() {
        &what[..found[verb - 1].end]
    } else {
        pronoun
    };
    let done = in_s(&found[verb].lower());
    format!("{who} {done}{}", &what[found[verb].end..])
}

/// `load` → `loads`, `catch` → `catches`, `carry` → `carries`.
fn in_s(verb: &str) -> String {
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    match verb.strip_suffix('y') {
        Some(stem) if !stem.ends_with(vowel) => format!("{stem}ies"),
        _ if ["s", "sh", "ch", "x", "z", "o"]
            .iter()
            .any(|end| verb.ends_with(end)) =>
        {
            format!("{verb}es")
        }
        _ => format!("{verb}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_see_somebody_do_they_do() {
        for (text, expected) in [
            (
                "Proterm load on the screen.",
                "Proterm loads on the screen.",
            ),
            ("him climb the wall.", "he climbs the wall."),
            ("a tall man carry a box.", "a tall man carries a box."),
            ("two men carry a box.", "two men carry a box."),
            ("a car park in the distance.", "a car park in the distance."),
            ("the light on the door.", "the light on the door."),
        ] {
            assert_eq!(finite(text), expected, "{text}");
        }
    }
}
