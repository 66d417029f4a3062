//! The forms of English verbs: of one, of several, of what is going on.

use std::borrow::Cow;

use crate::prose;

/// `carrying` → `carries`, if that is one of the verbs.
pub(super) fn by_participle<'t>(word: &str, verbs: &'t [String]) -> Option<&'t str> {
    let stem = word.strip_suffix("ing").filter(|stem| stem.len() >= 2)?;
    let fits = |verb: &&String| {
        let base = of_many(verb);
        let base = base.as_ref();
        // carry, smok(e), sit(t)
        base == stem
            || base.strip_suffix('e') == Some(stem)
            || base == "lie" && stem == "ly"
            || stem.len() > base.len()
                && stem.starts_with(base)
                && stem[base.len()..] == base[base.len() - 1..]
    };
    verbs.iter().find(fits).map(String::as_str)
}

/// `sits` → `sit`, `carries` → `carry`, `watches` → `watch`.
fn of_many(verb: &str) -> Cow<'_, str> {
    if let Some(stem) = verb.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return Cow::from(format!("{stem}y"));
    }
    let long = ["ches", "shes", "sses", "xes", "zes", "oes"];
    let cut = if long.iter().any(|end| verb.ends_with(end)) {
        2
    } else {
        1
    };
    Cow::from(verb.get(..verb.len() - cut).unwrap_or(verb))
}

/// `sit` → `sits`, as the lists have it.
pub(super) fn of_one(verb: &str) -> Cow<'_, str> {
    if let Some(stem) = verb
        .strip_suffix('y')
        .filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']))
    {
        return Cow::from(format!("{stem}ies"));
    }
    let long = ["ch", "sh", "ss", "x", "z", "o"];
    let end = if long.iter().any(|end| verb.ends_with(end)) {
        "es"
    } else {
        "s"
    };
    Cow::from(format!("{verb}{end}"))
}

/// "sits down at the bar" is over; "sits at the bar" goes on.
pub(super) fn settled(rest: &str) -> String {
    const POSTURES: &[&str] = &[
        "sit", "lie", "stand", "kneel", "crouch", "lean", "squat", "slump",
    ];
    let mut words = rest.splitn(3, ' ');
    let (verb, way, more) = (words.next(), words.next(), words.next());
    let (Some(verb), Some(way)) = (verb, way) else {
        return rest.to_owned();
    };
    let posture = POSTURES.iter().any(|posture| verb.starts_with(posture));
    let bare = way.trim_end_matches([',', '.', ';']);
    if !posture || !matches!(bare, "down" | "up" | "back") {
        return rest.to_owned();
    }
    let mark = &way[bare.len()..];
    // "Sits up a bit in bed"
    let more = more.map(|more| {
        let degrees = ["a bit ", "a little ", "slightly ", "straight "];
        degrees
            .iter()
            .find_map(|degree| more.strip_prefix(degree))
            .unwrap_or(more)
    });
    more.map_or_else(
        || format!("{verb}{mark}"),
        |more| format!("{verb}{mark} {more}"),
    )
}

/// Whether a word looks like what one does: `smiles`.
pub(super) fn third_person(word: &str) -> bool {
    word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("ous")
        && !word.ends_with("less")
        && !matches!(
            word,
            "always" | "perhaps" | "vietnamese" | "pretends" | "besides" | "serious" | "words"
        )
}

/// Parts of a body that are no verbs: "on his hands and knees".
pub(super) const LIMBS: &[&str] = &[
    "knees",
    "hands",
    "elbows",
    "arms",
    "legs",
    "heels",
    "toes",
    "shoulders",
    "glasses",
    "boots",
    "shoes",
    "gloves",
    "fingers",
    "eyes",
    "pins",
    "papers",
    "bags",
    "flowers",
];

/// Whether what somebody does ends when they speak.
pub(super) fn is_pending(text: &str) -> bool {
    const PENDING: &[&str] = &[
        "for an answer",
        "for words",
        "for the right word",
        "for a reply",
    ];
    PENDING.iter().any(|phrase| text.contains(phrase))
}

/// What a posture alone tells: the framing says it.
pub(super) fn is_posture_alone(rest: &str) -> bool {
    let words = prose::tokens(rest);
    let verb = words.first().map(String::as_str).unwrap_or_default();
    words.len() == 1
        && matches!(
            verb,
            "sits" | "stands" | "lies" | "kneels" | "crouches" | "sit" | "stand"
        )
}

/// A text with an end mark.
pub(super) fn ended(text: &str) -> String {
    let text = text.trim_end_matches([' ', ',', ';', ':', '-', '–', '—']);
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_have_their_other_forms() {
        for (one, many, going_on) in [
            ("sits", "sit", "sitting"),
            ("carries", "carry", "carrying"),
            ("watches", "watch", "watching"),
            ("smokes", "smoke", "smoking"),
            ("lies", "lie", "lying"),
        ] {
            assert_eq!(of_many(one), many);
            assert_eq!(of_one(many), one);
            assert_eq!(by_participle(going_on, &[one.to_owned()]), Some(one));
        }
    }
}
