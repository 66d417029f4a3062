//! Takes the viewer out of a sentence: "we see", "CLOSE ON", "as we watch".

use super::word::{first_word, words};

/// Openings that speak of the camera's aim; what they aim at stays.
const AIMS: &[&str] = &[
    "angle on",
    "close angle on",
    "back on",
    "back to",
    "close on",
    "extreme close on",
    "extreme close up on",
    "extreme close-up on",
    "close up on",
    "close-up on",
    "close up of",
    "close-up of",
    "tight on",
    "wide on",
    "wide shot of",
    "focus on",
    "hold on",
    "holding on",
    "stay on",
    "on",
    "new angle on",
    "reverse on",
    "reverse angle on",
    "favoring",
    "favouring",
    "insert",
    "insert of",
    "reveal",
    "follow",
    "find",
    "reverse to",
    "we hold on",
    "we stay on",
    "we push in on",
    "we rush in on",
    "we close in on",
    "we zoom in on",
    "we cut to",
    "we focus on",
    "we find",
    "we see that",
    "we see",
    "we can see that",
    "we can see",
    "we now see",
    "we reveal",
    "we look to see",
    "instead, we hold on",
    "in a single shot,",
    "various shots:",
    "quick montage:",
    "montage:",
    "series of shots:",
];

/// Phrases in the middle of a sentence that only say that we look.
pub(super) const WE_SEE: &[&str] = &[
    "we can see that ",
    "we can see ",
    "we see that ",
    "we see ",
    "we notice ",
    "we realize that ",
    "we realise that ",
];

/// What the camera does when the script says "we".
const WE_VERBS: &[(&str, &str)] = &[
    ("are", "is"),
    ("arrive", "arrives"),
    ("circle", "circles"),
    ("climb", "climbs"),
    ("come", "comes"),
    ("crane", "cranes"),
    ("descend", "descends"),
    ("dolly", "dollies"),
    ("drift", "drifts"),
    ("drop", "drops"),
    ("enter", "enters"),
    ("float", "floats"),
    ("fly", "flies"),
    ("follow", "follows"),
    ("glide", "glides"),
    ("go", "goes"),
    ("lead", "leads"),
    ("look", "looks"),
    ("move", "moves"),
    ("pan", "pans"),
    ("pass", "passes"),
    ("pull", "pulls"),
    ("push", "pushes"),
    ("race", "races"),
    ("reverse", "reverses"),
    ("rise", "rises"),
    ("rush", "rushes"),
    ("stay", "stays"),
    ("swing", "swings"),
    ("tilt", "tilts"),
    ("track", "tracks"),
    ("travel", "travels"),
    ("whip", "whips"),
    ("zoom", "zooms"),
    ("return", "returns"),
];

pub(super) fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    if !head.eq_ignore_ascii_case(prefix) {
        return None;
    }
    let rest = &text[prefix.len()..];
    let whole_word = !prefix.ends_with(char::is_alphanumeric)
        || rest
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '\'');
    whole_word.then(|| rest.trim_start_matches([' ', ':', ',', '-', '–', '—']))
}

/// Takes off an opening that only aims the camera. `ON` counts in capitals alone.
pub(super) fn strip_aim(text: &str) -> &str {
    let mut best = text;
    for aim in AIMS {
        if let Some(rest) = strip_prefix_ignoring_case(text, aim) {
            let shouted = text[..aim.len()].chars().all(|c| !c.is_lowercase());
            let told = aim.contains("we ") || aim.ends_with([',', ':']);
            if (shouted || told) && rest.len() < best.len() && !rest.is_empty() {
                best = rest;
            }
        }
    }
    best
}

/// "We push in on …" becomes "The camera pushes in on …". `None` where "we" do what no camera can.
pub(super) fn camera_speaks(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    for (head, verb) in [("we're ", "is"), ("we are ", "is"), ("we’re ", "is")] {
        if lower.starts_with(head) {
            return Some(format!("The camera {verb} {}", &text[head.len()..]));
        }
    }
    if !lower.starts_with("we ") {
        return Some(text.to_owned());
    }
    let rest = &text[3..];
    let verb = rest.split([' ', ',']).next().unwrap_or_default();
    let (_, third) = WE_VERBS
        .iter()
        .find(|(plain, _)| verb.eq_ignore_ascii_case(plain))?;
    Some(format!("The camera {third}{}", &rest[verb.len()..]))
}

pub(super) fn replace_ignoring_case(text: &str, from: &str, to: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = lower[at..].find(from) {
        let start = at + found;
        let word_start = !text[..start].ends_with(|c: char| c.is_alphanumeric());
        out.push_str(&text[at..start]);
        out.push_str(if word_start {
            to
        } else {
            &text[start..start + from.len()]
        });
        at = start + from.len();
    }
    out.push_str(&text[at..]);
    out
}

/// Takes out the first or last clause when it speaks of "us" who watch; `None` if more does.
pub(super) fn without_us(text: &str) -> Option<String> {
    let ours = |part: &str| {
        words(part).iter().any(|word| {
            let whole = part[word.start..word.end].to_lowercase();
            let first = whole.split(['\'', '’']).next().unwrap_or(&whole).to_owned();
            // "U.S." is not us.
            matches!(first.as_str(), "we" | "us" | "our") && part[word.start..word.end] != *"US"
        })
    };
    if text.starts_with("The camera") || text.contains(['"', '“']) || !ours(text) {
        return Some(text.to_owned());
    }
    let clauses: Vec<&str> = text.split(", ").collect();
    let kept: Vec<&str> = clauses
        .iter()
        .copied()
        .filter(|clause| !ours(clause))
        .collect();
    let at_an_end = clauses.len() == kept.len() + 1
        && (clauses.first().is_some_and(|clause| ours(clause))
            || clauses.last().is_some_and(|clause| ours(clause)));
    let rest = kept.join(", ");
    let whole = at_an_end && words(&rest).len() >= 3 && can_stand(&rest);
    whole.then(|| {
        if rest.ends_with(['.', '!', '?']) {
            rest
        } else {
            format!("{rest}.")
        }
    })
}

/// Whether what is left of a sentence still says something by itself: it must not begin as a
/// subordinate clause.
pub(super) fn can_stand(text: &str) -> bool {
    const SUBORDINATE: &[&str] = &[
        "as", "when", "while", "before", "after", "until", "if", "because", "since", "although",
        "though", "by", "at", "in", "on", "over", "from", "with", "under", "to", "off", "through",
    ];
    let Some(first) = first_word(text) else {
        return false;
    };
    let lower = first.lower();
    first_word(&text[first.end..]).is_some()
        && !SUBORDINATE.contains(&lower.as_str())
        && !lower.ends_with("ing")
}
