//! What a line of the script aims the camera at: `CLOSE ON the letter`, `INSERT - A PHOTOGRAPH`, `MARA'S
//! POV: the street`. The thing named is the subject of the shot; whoever owns a point of view is not in it.

use crate::prose;

/// What an opening asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AimKind {
    /// A thing, close: `INSERT`, `CLOSE ON`. Of a person, a close shot.
    Close,
    /// `INSERT`: a thing, whatever it is.
    Insert,
    /// Somebody or something, from wherever it is best seen: `ANGLE ON`, `ON`, `BACK TO`.
    Angle,
    /// `POV`
    Pov,
}

/// A text that begins by aiming the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Aimed<'a> {
    pub(super) kind: AimKind,
    /// What it aims at, to the first mark behind it: `a photograph`.
    pub(super) thing: &'a str,
    /// All that follows the opening: `a photograph: YOUNG JACK with his MOTHER on a beach.`
    pub(super) rest: &'a str,
    /// Whose point of view it is: `MARA`.
    pub(super) owner: Option<&'a str>,
}

/// Openings, the longer ones before those that they begin with. They count in capitals, and those of
/// several words also with a capital at their head.
const OPENINGS: &[(&str, AimKind)] = &[
    ("insert shot of", AimKind::Insert),
    ("insert shot", AimKind::Insert),
    ("insert of", AimKind::Insert),
    ("insert on", AimKind::Insert),
    ("insert", AimKind::Insert),
    ("extreme close-up on", AimKind::Close),
    ("extreme close-up of", AimKind::Close),
    ("extreme close-up", AimKind::Close),
    ("extreme close up on", AimKind::Close),
    ("extreme close up of", AimKind::Close),
    ("extreme close up", AimKind::Close),
    ("extreme closeup", AimKind::Close),
    ("extreme close on", AimKind::Close),
    ("very close on", AimKind::Close),
    ("close-up on", AimKind::Close),
    ("close-up of", AimKind::Close),
    ("close-up", AimKind::Close),
    ("close up on", AimKind::Close),
    ("close up of", AimKind::Close),
    ("close up", AimKind::Close),
    ("closeup on", AimKind::Close),
    ("closeup of", AimKind::Close),
    ("closeup", AimKind::Close),
    ("close shot on", AimKind::Close),
    ("close shot of", AimKind::Close),
    ("close shot", AimKind::Close),
    ("close angle on", AimKind::Close),
    ("closer on", AimKind::Close),
    ("close on", AimKind::Close),
    ("close --", AimKind::Close),
    ("close -", AimKind::Close),
    ("close:", AimKind::Close),
    ("tight on", AimKind::Close),
    ("tight shot of", AimKind::Close),
    ("macro on", AimKind::Close),
    ("macro of", AimKind::Close),
    ("ecu", AimKind::Close),
    ("xcu", AimKind::Close),
    ("c.u.", AimKind::Close),
    ("cu", AimKind::Close),
    ("another angle on", AimKind::Angle),
    ("new angle on", AimKind::Angle),
    ("wide angle on", AimKind::Angle),
    ("reverse angle on", AimKind::Angle),
    ("reverse on", AimKind::Angle),
    ("angle on", AimKind::Angle),
    ("wide on", AimKind::Angle),
    ("wide shot of", AimKind::Angle),
    ("wide shot", AimKind::Angle),
    ("focus on", AimKind::Angle),
    ("favoring", AimKind::Angle),
    ("favouring", AimKind::Angle),
    ("back on", AimKind::Angle),
    ("back to", AimKind::Angle),
    ("hold on", AimKind::Angle),
    ("stay on", AimKind::Angle),
    ("on", AimKind::Angle),
    ("reveal", AimKind::Angle),
];

/// Reads how a text aims the camera; none if it does not.
pub(super) fn read(text: &str) -> Option<Aimed<'_>> {
    let text = text.trim();
    if let Some(pov) = prose::point_of_view(text) {
        return Some(Aimed {
            kind: AimKind::Pov,
            thing: thing(pov.seen),
            rest: pov.seen,
            owner: pov.owner,
        });
    }
    OPENINGS.iter().find_map(|(opening, kind)| {
        let head = text.get(..opening.len())?;
        let rest = &text[opening.len()..];
        let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '\'' || c == '’');
        let shouted = !head.chars().any(char::is_lowercase);
        let told = head.starts_with(char::is_uppercase) && opening.contains(' ');
        if !head.eq_ignore_ascii_case(opening) || !ends || !(shouted || told) {
            return None;
        }
        let rest = rest.trim_start_matches(MARKS);
        if rest.is_empty() {
            return None;
        }
        Some(Aimed {
            kind: *kind,
            thing: thing(rest),
            rest,
            owner: None,
        })
    })
}

const MARKS: &[char] = &[' ', ':', ',', '-', '–', '—', '.'];

/// The words of a text to its first mark.
fn thing(rest: &str) -> &str {
    let end = [
        ": ", ", ", "; ", " -- ", " – ", " — ", ". ", " as ", " while ", " where ", " who ",
        " which ",
    ]
    .iter()
    .filter_map(|mark| rest.find(mark))
    .min()
    .unwrap_or(rest.len());
    rest[..end].trim_end_matches(['.', ':', '!', '?', '-', '–', '—', ' '])
}

/// The noun that a phrase is about, with what stands before it: `the LETTER from his mother` → `letter`,
/// `the brass doorknob` → `brass doorknob`.
pub(super) fn noun(thing: &str) -> String {
    const ENDS: &[&str] = &[
        "of", "with", "in", "on", "at", "from", "under", "behind", "between", "inside", "by",
        "for", "to", "that", "which", "showing", "lying", "hanging", "against", "near", "over",
        "reading", "is", "are", "held", "and", "beneath", "above", "below", "beside", "around",
        "into", "onto", "through", "across",
    ];
    let words: Vec<String> = prose::words(thing)
        .iter()
        .map(|word| thing[word.start..word.end].to_lowercase())
        .skip_while(|word| matches!(word.as_str(), "the" | "a" | "an" | "this" | "that"))
        .take_while(|word| !ENDS.contains(&word.as_str()))
        .take(5)
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_say_what_they_aim_at() {
        for (text, kind, thing, owner) in [
            (
                "CLOSE ON a photograph: YOUNG JACK with his MOTHER on a beach.",
                AimKind::Close,
                "a photograph",
                None,
            ),
            ("INSERT - THE LETTER", AimKind::Insert, "THE LETTER", None),
            (
                "Close on the letter, torn.",
                AimKind::Close,
                "the letter",
                None,
            ),
            ("ANGLE ON Max, at the door.", AimKind::Angle, "Max", None),
            (
                "MARA'S POV -- the street below",
                AimKind::Pov,
                "the street below",
                Some("MARA'S"),
            ),
            ("POV: the street", AimKind::Pov, "the street", None),
            ("HIS P.O.V. Two men.", AimKind::Pov, "Two men", Some("HIS")),
            ("SNIPER SCOPE POV", AimKind::Pov, "", None),
            (
                "From Mara's point of view, the deck.",
                AimKind::Pov,
                "the deck",
                Some("Mara's"),
            ),
        ] {
            let aimed = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (aimed.kind, aimed.thing, aimed.owner),
                (kind, thing, owner),
                "{text}"
            );
        }
        for text in [
            "On the table lies a gun.",
            "Close the door.",
            "He insists on his point of view.",
            "Insert the key.",
            "ONCE he is gone.",
            "CURTAINS move.",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
