//! What the action says of the look of a place: its noun phrases alone.
//!
//! A phrase counts if its noun is a kind of place or a thing, and nothing happens in it: no people, no
//! camera, no sound, no verb that is not one of standing there. Where a word leaves doubt, nothing is
//! taken: a wrong description goes into every picture of the place, none into none.

use crate::prose;
use crate::words::{Common, common};

/// Words after which a phrase tells what happens, is seen or is heard, not what is there.
#[rustfmt::skip]
const TELLING: &[&str] = &[
    // what follows is a clause
    "as", "when", "while", "until", "who", "whom", "whose", "that", "which", "because", "if", "then", "now", "suddenly", "slowly",
    "quickly", "again", "still", "just", "only", "not", "no", "nothing", "nobody", "later", "before", "after", "meanwhile", "finally", "already",
    // somebody
    "he", "him", "his", "she", "her", "hers", "they", "them", "their", "we", "us", "our", "you", "your", "i", "my", "me", "someone",
    "somebody", "everyone", "everybody", "hand", "hands", "face", "faces", "eyes", "feet", "finger", "fingers", "voice", "voices", "head",
    "arm", "arms", "leg", "legs", "mouth", "silhouette", "silhouettes",
    // the camera and the cut
    "shot", "shots", "angle", "close", "closeup", "camera", "pov", "insert", "super", "title", "titles", "montage", "pan", "tilt", "zoom", "crane",
    "dolly", "track", "tracking", "push", "pull", "reveal", "revealing", "fade", "cut", "dissolve", "flashback", "intercut", "series", "scene", "screen",
    "frame", "focus", "view", "aerial", "footage", "continuous", "establishing", "various", "same", "beat", "pause", "moment",
    // what is heard, and what happens
    "music", "sound", "sounds", "noise", "song", "silence", "scream", "cry", "laughter", "ring", "ringing", "knock", "bang", "gunshot", "gunshots",
    "explosion", "crash", "applause", "whistle", "siren", "sirens", "splash", "echo", "footsteps", "party", "meeting", "wedding", "funeral", "game",
    "fight", "dinner", "lunch", "breakfast",
    // verbs that other words are, too
    "is", "are", "was", "were", "be", "been", "has", "have", "had", "do", "does", "can", "could", "will", "would", "may", "must", "should",
    "open", "opens", "opened", "stands", "sits", "lies", "lights", "rains", "storms", "rocks", "waves", "boats", "hangs", "turns", "moves", "comes", "goes", "runs",
    "fills", "covers", "stretches", "surrounds", "streams", "rings", "shines", "pours", "filters", "beams",
];

/// Participles of what stays as it is; any other in `-ing` happens.
#[rustfmt::skip]
const STAYING: &[&str] = &[
    "overlooking", "containing", "facing", "surrounding", "stretching", "leading", "hanging", "glowing", "gleaming", "crumbling", "peeling",
    "flickering", "sagging", "leaning", "looming", "towering", "rotting", "missing", "remaining", "reaching", "rising", "sloping", "winding",
    "ceiling", "railing", "building", "clearing", "crossing", "landing", "opening", "painting", "wing", "spring", "king", "string", "living",
    "dining", "waiting", "dressing", "swimming", "parking", "operating", "sleeping", "rolling", "running", "decaying", "fading",
];

/// Openings behind which the phrase begins.
const OPENINGS: &[&str] = &[
    "there is ",
    "there are ",
    "there's ",
    "it is ",
    "it's ",
    "this is ",
    "we see ",
    "we are in ",
    "we're in ",
    "inside, ",
];

/// The longest description, in characters.
const LONGEST: usize = 240;

/// What a paragraph says of the look of the place where it plays; empty if nothing. `person` knows
/// the words of people's names, in small letters.
#[must_use]
pub fn described(paragraph: &str, person: &dyn Fn(&str) -> bool) -> String {
    let text = prose::plain(paragraph);
    let mut found = String::new();
    for sentence in prose::sentences(&text).into_iter().take(8) {
        let Some(phrase) = phrase(sentence, person) else {
            continue;
        };
        if found.len() + phrase.len() + 2 > LONGEST {
            break;
        }
        if !found.is_empty() {
            found.push_str("; ");
        }
        found.push_str(&phrase);
    }
    found
}

/// The noun phrase that a sentence is, or begins with before a dash; none if it is none.
fn phrase(sentence: &str, person: &dyn Fn(&str) -> bool) -> Option<String> {
    let sentence = sentence.trim();
    if sentence.contains(['"', '“', '(', ':', '!', '?', '[']) || compares(sentence) {
        return None;
    }
    let mut text = sentence.trim_end_matches(['.', '…', ' ', '-', '—', '–']);
    for end in [" -- ", " — ", " – ", "; ", ", where ", " where "] {
        text = text.split(end).next().unwrap_or(text);
    }
    let lower = text.to_lowercase();
    let opening = OPENINGS.iter().find(|opening| lower.starts_with(*opening));
    let text = opening
        .and_then(|opening| text.get(opening.len()..))
        .unwrap_or(text);
    // `The room is small and dark.`
    if let Some((subject, told)) = text.split_once(" is ").or_else(|| text.split_once(" are ")) {
        let stays = is_phrase(subject, person, Kind::Place) && is_told(told, person);
        return stays.then(|| told.trim().to_owned());
    }
    is_phrase(text, person, Kind::Any).then(|| small(text))
}

/// "A different world from the basement clubs", "the kind of room that …": what a place is like to who knows others.
fn compares(sentence: &str) -> bool {
    const LIKENED: &[&str] = &[
        "world",
        "kind",
        "sort",
        "type",
        "thing",
        "place",
        "opposite",
        "version",
        "definition",
        "epitome",
        "idea",
        "dream",
        "nightmare",
        "paradise",
        "hell",
        "heaven",
        "cliche",
        "cliché",
    ];
    const BEHIND: &[&str] = &["from", "of", "to", "where", "that", "apart", "away"];
    let words = prose::tokens(sentence);
    let at = words
        .iter()
        .take(5)
        .position(|word| LIKENED.contains(&word.as_str()));
    at.is_some_and(|at| {
        let next = words.get(at + 1);
        next.is_none_or(|next| BEHIND.contains(&next.as_str()))
    })
}

/// What the noun of a phrase has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Place,
    Any,
}

fn is_phrase(text: &str, person: &dyn Fn(&str) -> bool, kind: Kind) -> bool {
    let words = prose::words(text);
    if !(3..=28).contains(&words.len()) && kind == Kind::Any {
        return false;
    }
    let (mut head, mut things) = (None, 0);
    for (at, word) in words.iter().enumerate() {
        let lower = word.lower();
        let known = common(&lower);
        if !fits(word, &lower, known, person) || at == 0 && known.is_none() && verb_like(&lower) {
            return false;
        }
        if is_done(&words, at) {
            return false;
        }
        // What nobody knows behind a noun may be its verb: `pipes sweat`.
        let behind = at.checked_sub(1).map(|at| common(&words[at].lower()));
        let after_noun = matches!(behind, Some(Some(Common::Place | Common::Thing)));
        if after_noun && known.is_none() && !word.capitalised() && !lasts(&lower) {
            return false;
        }
        let noun = matches!(known, Some(Common::Place | Common::Thing));
        things += usize::from(noun);
        // The noun is the last one before the first small word or mark behind it.
        let next = words.get(at + 1);
        let goes_on = next.is_some_and(|next| {
            let kind = common(&next.lower());
            text[word.end..next.start].trim().is_empty()
                && matches!(kind, Some(Common::Place | Common::Thing) | None)
                && !next.lower().ends_with("ed")
                && !next.lower().ends_with("ing")
        });
        if head.is_none() && noun && !goes_on {
            head = known;
        }
    }
    match kind {
        Kind::Place => head == Some(Common::Place),
        Kind::Any => head == Some(Common::Place) || head.is_some() && things >= 2,
    }
}

/// "Rain drums on the panes", "vaults the rail": what somebody or something does, and no plural.
fn is_done(words: &[prose::Word<'_>], at: usize) -> bool {
    #[rustfmt::skip]
    const BEHIND: &[&str] = &[
        "the", "a", "an", "his", "her", "its", "on", "in", "at", "into", "over", "through", "across", "down", "up", "off", "against", "to", "from",
        "past", "around", "along", "out", "back",
    ];
    let next = words.get(at + 1).map(prose::Word::lower);
    let before = at.checked_sub(1).map(|at| common(&words[at].lower()));
    prose::is_deed(&words[at].lower())
        && next.is_some_and(|next| BEHIND.contains(&next.as_str()))
        && !matches!(before, Some(Some(Common::Joint | Common::Quality)))
}

/// What is said of a place after `is`: how it is, or another noun phrase.
fn is_told(text: &str, person: &dyn Fn(&str) -> bool) -> bool {
    let words = prose::words(text);
    let quality = |word: &prose::Word<'_>| {
        let lower = word.lower();
        let kind = common(&lower);
        fits(word, &lower, kind, person)
            && (matches!(kind, Some(Common::Quality))
                || matches!(
                    lower.as_str(),
                    "and" | "but" | "very" | "quite" | "almost" | "too"
                ))
    };
    !words.is_empty() && words.len() <= 8 && words.iter().all(quality)
        || is_phrase(text, person, Kind::Any)
}

/// Whether a word can stand in a phrase in which nothing happens.
fn fits(
    word: &prose::Word<'_>,
    lower: &str,
    known: Option<Common>,
    person: &dyn Fn(&str) -> bool,
) -> bool {
    // People's names, and those of whom the action capitalises.
    let is_name = person(lower) && known.is_none() || word.all_caps() && word.text.len() > 2;
    if is_name || known == Some(Common::Person) || word.possessive && word.capitalised() {
        return false;
    }
    // `view` is a thing, too: what tells wins.
    if TELLING.contains(&lower) {
        return false;
    }
    if lower.ends_with("ing") {
        return STAYING.contains(&lower);
    }
    known.is_some() || !verb_like(lower) || word.capitalised()
}

/// A word in -s that nobody knows may be a verb: `gleams`.
fn verb_like(lower: &str) -> bool {
    lower.ends_with('s') && !lower.ends_with("ss") && !lower.ends_with("us")
}

/// Whether a word says what was done to a thing: `lined`, `hung`.
fn lasts(lower: &str) -> bool {
    const IRREGULAR: &[&str] = &[
        "hung", "lit", "strewn", "built", "made", "set", "torn", "worn", "cut", "bent", "full",
        "thick", "like",
    ];
    lower.ends_with("ed")
        || lower.ends_with("en")
        || STAYING.contains(&lower)
        || IRREGULAR.contains(&lower)
}

/// A phrase that began a sentence, as it stands within one.
fn small(text: &str) -> String {
    let first = prose::first_word(text);
    let lowers = first.is_some_and(|word| {
        common(&word.lower()).is_some() || !word.all_caps() && prose::plain_word(&word.lower())
    });
    let mut chars = text.chars();
    match chars.next() {
        Some(c) if lowers => c.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_noun_phrases_about_the_place_are_taken() {
        let person = |word: &str| word == "reggie" || word == "will";
        for (paragraph, expected) in [
            (
                "A small, dingy room with one window.",
                "a small, dingy room with one window",
            ),
            (
                "There is a long counter, lined with bottles. Reggie sits.",
                "a long counter, lined with bottles",
            ),
            ("The kitchen is small and dark.", "small and dark"),
            (
                "A desolate mountain road -- we follow a car.",
                "a desolate mountain road",
            ),
            (
                "Wooden benches and paper lanterns.",
                "wooden benches and paper lanterns",
            ),
            (
                "A lone cottage at the edge of the woods. Smoke rises.",
                "a lone cottage at the edge of the woods",
            ),
            (
                "A different world from the basement clubs. Polished wood and brass lamps.",
                "polished wood and brass lamps",
            ),
            ("Sunlight streams in, the phone rings.", ""),
            ("Close shot -- a desk drawer as it is pulled open.", ""),
            ("We crane down to a street.", ""),
            ("A lot.", ""),
            ("Pipes sweat in the light of one bulb.", ""),
            ("Shoots burst up through the planks in the porch.", ""),
            ("Egg boxes on the walls.", "egg boxes on the walls"),
            ("Music.", ""),
            ("Gulls.", ""),
            ("A room full of guests.", ""),
            ("Reggie's bed and a lamp.", ""),
            ("A man in a doorway.", ""),
            ("A telephone ringing on the desk.", ""),
            ("The doors open.", ""),
            ("A bus pulls up.", ""),
            ("An explosion.", ""),
            ("INSERT - A LETTER on the table.", ""),
            ("Later.", ""),
            ("A wedding in the garden.", ""),
            ("Ein kleiner Raum mit Fenster.", ""),
        ] {
            assert_eq!(described(paragraph, &person), expected, "{paragraph}");
        }
    }
}
