//! Takes the viewer and the camera out of a sentence: "we see", "CLOSE ON", "as we watch", "PULL BACK
//! to reveal". What the camera does is in a shot's fields; here is kept what it shows.

use super::word::{first_word, words};

/// An opening that only aims the camera; what it aims at stays.
struct Aim {
    words: &'static str,
    /// Whether it is talk of the camera in small letters, too: "Close on the letter".
    any_case: bool,
}

const fn shouted(words: &'static str) -> Aim {
    Aim {
        words,
        any_case: false,
    }
}

const fn told(words: &'static str) -> Aim {
    Aim {
        words,
        any_case: true,
    }
}

const AIMS: &[Aim] = &[
    told("angle on"),
    told("another angle on"),
    told("new angle on"),
    told("new angle"),
    told("wide angle on"),
    told("low angle on"),
    told("high angle on"),
    told("reverse angle on"),
    told("reverse angle"),
    told("close angle on"),
    told("close on"),
    told("closer on"),
    told("in close on"),
    told("close shot of"),
    told("close shot on"),
    told("close shot"),
    told("close up on"),
    told("close-up on"),
    told("close up of"),
    told("close-up of"),
    told("close up"),
    told("close-up"),
    told("closeup on"),
    told("closeup of"),
    told("closeup"),
    told("extreme close on"),
    told("extreme close up on"),
    told("extreme close up of"),
    told("extreme close-up on"),
    told("extreme close-up of"),
    told("extreme close up"),
    told("extreme close-up"),
    told("extreme closeup"),
    told("medium shot of"),
    told("medium shot on"),
    told("medium shot"),
    told("med. shot"),
    told("full shot"),
    told("long shot of"),
    told("long shot"),
    told("two shot of"),
    told("two-shot of"),
    told("two shot"),
    told("two-shot"),
    told("establishing shot of"),
    told("establishing shot"),
    told("tracking shot of"),
    told("tracking shot"),
    told("moving shot"),
    told("aerial shot of"),
    told("aerial shot"),
    told("aerial view of"),
    told("shot of"),
    told("tight on"),
    told("tight shot of"),
    told("wide on"),
    told("wide shot of"),
    told("wide shot"),
    told("wide angle"),
    told("insert of"),
    told("insert shot of"),
    told("insert shot"),
    told("we hold on"),
    told("we stay on"),
    told("in a single shot,"),
    told("instead, we hold on"),
    told("various shots:"),
    told("various shots of"),
    told("quick montage:"),
    told("montage:"),
    told("montage of"),
    told("series of shots:"),
    told("begin montage:"),
    told("quick cuts of"),
    told("quick cuts:"),
    shouted("back on"),
    shouted("back to"),
    shouted("c.u."),
    shouted("cu"),
    shouted("ecu"),
    shouted("favoring"),
    shouted("favouring"),
    shouted("find"),
    shouted("focus on"),
    shouted("follow"),
    shouted("hold on"),
    shouted("holding on"),
    shouted("insert"),
    shouted("on"),
    shouted("pov"),
    shouted("reveal"),
    shouted("reverse on"),
    shouted("reverse to"),
    shouted("smash cut to"),
    shouted("cut to"),
    shouted("jump cut to"),
    shouted("match cut to"),
    shouted("flash cut to"),
    shouted("quick flash"),
    shouted("stay on"),
    shouted("widen to"),
    shouted("wider"),
];

/// What the camera does, by the first word of it, and what must follow the word if it is also done by
/// people: "pan", but "push" only "in", "out" or "past".
const MOVES: &[(&str, &str)] = &[
    ("arc", ""),
    ("boom", "up down"),
    ("circle", ""),
    ("close", "in on"),
    ("crane", ""),
    ("creep", "in closer"),
    ("cut", "to back between"),
    ("descend", ""),
    ("dissolve", "to"),
    ("dolly", ""),
    ("drift", ""),
    ("fade", "in to up"),
    ("flash", "back to"),
    ("float", ""),
    ("fly", ""),
    ("glide", ""),
    ("hold", "on"),
    ("intercut", ""),
    ("inch", "in closer"),
    ("move", ""),
    ("orbit", ""),
    ("pan", ""),
    ("pull", "back out away up focus"),
    ("push", "in into through past out forward closer"),
    ("race", ""),
    ("rack", "focus to"),
    ("return", "to"),
    ("reverse", ""),
    ("rise", ""),
    ("rotate", ""),
    ("rush", ""),
    ("settle", "on"),
    ("slide", ""),
    ("smash", "to"),
    ("sweep", ""),
    ("swing", ""),
    ("swish", ""),
    ("swoop", ""),
    ("tilt", ""),
    ("track", ""),
    ("travel", ""),
    ("truck", ""),
    ("whip", "pan to"),
    ("widen", ""),
    ("zoom", ""),
];

/// Moves that are never anything else in a script, so that they stand without "we": "Pan across the
/// room."
const BARE: &[&str] = &[
    "dolly", "intercut", "pan", "rack", "tilt", "zoom", "whip", "widen", "crane",
];
/// What follows such a move.
const BARE_AFTER: &[&str] = &[
    "across", "along", "around", "away", "back", "down", "focus", "from", "in", "into", "left",
    "off", "out", "over", "past", "pan", "right", "slowly", "through", "to", "toward", "towards",
    "up", "with",
];

/// More that "we" do and that moves the camera, but not without "we".
const OUR_MOVES: &[&str] = &[
    "are", "arrive", "climb", "come", "continue", "drop", "enter", "fall", "go", "keep", "lead",
    "leave", "look", "pass", "ride", "run", "shift", "sink", "stay", "step", "turn", "walk",
];

/// What leads to the thing that a move of the camera shows.
const SHOWS: &[&str] = &[
    "to reveal",
    "to show",
    "to find",
    "to see",
    "to include",
    "to discover",
    "revealing",
    "showing",
    "finding",
    "discovering",
    "until we find",
    "until we see",
    "and find",
    "and see",
    "and reveal",
    "and discover",
    "settling on",
    "landing on",
    "ending on",
    "stopping on",
    "finally find",
];

/// What leads from a move to the thing that it moves to or over.
const TOWARDS: &[&str] = &[
    "in on", "onto", "on to", "on", "over to", "to", "across", "along", "past", "through", "into",
    "toward", "towards", "with", "around", "above", "over", "under", "behind", "inside", "down",
    "up", "at",
];

/// Phrases that only say that we look: before what is seen.
const WE_SEE: &[&str] = &[
    "we can see that ",
    "we can see ",
    "we can just see ",
    "we can make out ",
    "we see that ",
    "we see as ",
    "we see ",
    "we also see ",
    "we now see ",
    "we then see ",
    "we finally see ",
    "we only see ",
    "we just see ",
    "we notice that ",
    "we notice ",
    "we realize that ",
    "we realise that ",
    "we find ",
    "we discover ",
    "we glimpse ",
    "we meet ",
    "we reveal ",
    "we watch as ",
    "we watch ",
    "we look to see ",
    "we spot ",
    "we recognize ",
    "we recognise ",
    "we catch sight of ",
    "we catch a glimpse of ",
    "we get a glimpse of ",
    "we get our first look at ",
    "we get a look at ",
    "we get an angle on ",
    "we look at ",
    "we finds ",
    "we reveals ",
    "we discovers ",
];

/// Phrases that only say that we hear: before what is heard.
const WE_HEAR: &[&str] = &[
    "we can hear ",
    "we now hear ",
    "we hear ",
    "we begin to hear ",
    "we just hear ",
];

/// Where a clause about "us" or the camera begins within a sentence.
const JOINTS: &[&str] = &[
    " as we ",
    " while we ",
    " and we ",
    " until we ",
    " when we ",
    " but we ",
    " so we ",
    " then we ",
    ", we ",
    "; we ",
    " -- we ",
    " – we ",
    " — we ",
    " as the camera ",
    " as camera ",
    " while the camera ",
    " and the camera ",
    ", the camera ",
    " -- the camera ",
    " as we're ",
];

/// A sentence without one of these says nothing to the viewer.
const MARKS: &[&str] = &[
    "we", "us", "our", "camera", "frame", "screen", "shot", "o.s", "o.c", "b.g", "f.g", "slo",
    "m.o.s",
];

/// Talk of the frame, and what it means.
const JARGON: &[(&str, &str)] = &[
    ("enters frame", "comes into view"),
    ("enters the frame", "comes into view"),
    ("enter frame", "come into view"),
    ("enter the frame", "come into view"),
    ("entering frame", "coming into view"),
    ("exits frame", "leaves"),
    ("exits the frame", "leaves"),
    ("exit frame", "leave"),
    ("leaves frame", "leaves"),
    ("leaves the frame", "leaves"),
    ("into frame", "into view"),
    ("into the frame", "into view"),
    ("out of frame", "out of view"),
    ("out of the frame", "out of view"),
    ("out of shot", "out of view"),
    ("in frame", "in view"),
    ("on frame", "in view"),
    ("off-camera", "out of view"),
    ("off camera", "out of view"),
    ("off-screen", "out of view"),
    ("off screen", "out of view"),
    ("offscreen", "out of view"),
    ("o.s.", "out of view"),
    ("o.c.", "out of view"),
    ("on-camera", "in view"),
    ("on camera", "in view"),
    ("camera left", "left"),
    ("camera right", "right"),
    ("screen left", "left"),
    ("screen right", "right"),
    ("frame left", "left"),
    ("frame right", "right"),
    ("in the b.g.", "in the background"),
    ("in b.g.", "in the background"),
    ("b.g.", "background"),
    ("in the f.g.", "in the foreground"),
    ("in f.g.", "in the foreground"),
    ("f.g.", "foreground"),
    ("slo-mo", "slow motion"),
    ("slo mo", "slow motion"),
    ("m.o.s.", "without a sound"),
    ("toward us", "toward the camera"),
    ("towards us", "towards the camera"),
    ("to us", "to the camera"),
    ("at us", "at the camera"),
    ("past us", "past the camera"),
    ("over us", "over the camera"),
    ("above us", "above the camera"),
    ("behind us", "behind the camera"),
    ("before us", "before the camera"),
    ("around us", "around the camera"),
    ("from us", "from the camera"),
    ("our hero", "the hero"),
    ("our heroes", "the heroes"),
    ("our view", "the view"),
];

pub(super) fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    if !head.eq_ignore_ascii_case(prefix) {
        return None;
    }
    let rest = &text[prefix.len()..];
    let whole_word = !prefix.ends_with(char::is_alphanumeric)
        || rest.chars().next().is_none_or(|c| {
            !c.is_alphanumeric() && c != '-' && c != '\'' || rest.starts_with("--")
        });
    whole_word.then(|| rest.trim_start_matches([' ', ':', ',', '-', '–', '—', '.']))
}

/// Takes off an opening that only aims the camera, and says whether there was one. `ON` counts in
/// capitals alone.
pub(super) fn strip_aim(text: &str) -> (&str, bool) {
    let mut best = text;
    for aim in AIMS {
        if let Some(rest) = strip_prefix_ignoring_case(text, aim.words) {
            let head = &text[..aim.words.len()];
            let shouted = !head.chars().any(char::is_lowercase);
            if (shouted || aim.any_case && begins_a_text(head)) && rest.len() < best.len() {
                best = rest;
            }
        }
    }
    (best, best.len() < text.len())
}

/// "Close on the letter", but not "close on his heels".
fn begins_a_text(head: &str) -> bool {
    head.starts_with(char::is_uppercase)
}

/// What the sentences with "we" and the camera show, without them. `None` where nothing is left that a
/// picture could show.
pub(super) fn without_viewer(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    if !MARKS.iter().any(|mark| lower.contains(mark)) && ours(text, &lower).is_none() {
        return Some(text.to_owned());
    }
    shows(&replace_jargon(text), 0)
}

/// So many clauses about "us" one sentence may have.
const MOST_CLAUSES: usize = 6;

/// [`without_viewer`] of a part of a sentence, so many clauses in.
fn shows(text: &str, depth: usize) -> Option<String> {
    if depth > MOST_CLAUSES {
        return None;
    }
    let text = text.to_owned();
    let lower = text.to_lowercase();
    // A text of another length in small letters cannot be searched by it; no English one is.
    if lower.len() != text.len() {
        return Some(text);
    }
    if let Some(rest) = ours(&text, &lower) {
        return shown(rest, depth + 1);
    }
    let joint = JOINTS
        .iter()
        .filter_map(|joint| lower.find(joint).map(|at| (at, joint.len())))
        .filter(|(at, _)| !is_open(false, &text[..*at]))
        .min();
    let Some((at, len)) = joint else {
        return Some(text);
    };
    let (head, joint) = (
        text[..at].trim_end_matches([',', ' ', '-']),
        &lower[at..at + len],
    );
    let subject = if joint.contains("camera") {
        "the camera"
    } else {
        "we"
    };
    let tail = format!("{subject} {}", &text[at + len..]);
    let tail_lower = tail.to_lowercase();
    let tail = ours(&tail, &tail_lower).and_then(|rest| shown(rest, depth + 1));
    // "It is not as bad as we feared" compares with what "we" think.
    if joint.starts_with(" as ")
        && tail.is_none()
        && words(head).iter().any(|word| word.lower() == "as")
    {
        return None;
    }
    let subordinate = head
        .split(' ')
        .next()
        .is_some_and(|first| ["as", "when", "while"].contains(&first.to_lowercase().as_str()));
    let head = if subordinate {
        head.split_once(' ').map_or("", |(_, rest)| rest)
    } else {
        head
    };
    let whole = words(head).len() >= 2 && can_stand(head);
    match (whole, tail) {
        (true, Some(tail)) => Some(format!("{head}. {}", super::capitalise(&tail))),
        (true, None) => Some(format!("{head}.")),
        (false, tail) => tail,
    }
}

/// What "we" or the camera do in a sentence that begins with them; without a subject, of the moves
/// that nobody else makes.
fn ours<'a>(text: &'a str, lower: &str) -> Option<&'a str> {
    for head in [
        "we're ",
        "we’re ",
        "we are ",
        "we ",
        "the camera ",
        "camera ",
    ] {
        if lower.starts_with(head) {
            return Some(&text[head.len()..]);
        }
    }
    let mut first = lower.split([' ', ',', '.']);
    let (verb, next) = (first.next()?, first.next()?);
    let slow = verb == "slowly" || verb == "slow";
    let (verb, next) = if slow {
        (next, first.next()?)
    } else {
        (verb, next)
    };
    let is_move = MOVES.iter().any(|(base, after)| {
        *base == verb
            && (BARE.contains(base) && BARE_AFTER.contains(&next)
                || !after.is_empty()
                    && after.split(' ').any(|word| word == next)
                    && matches!(
                        *base,
                        "push" | "pull" | "boom" | "flash" | "smash" | "cut" | "dissolve"
                    ))
    });
    is_move.then_some(text)
}

/// What is shown by what "we" or the camera do: "push in on Edward, enraptured".
fn shown(rest: &str, depth: usize) -> Option<String> {
    let whole = |what: &str| whole(what, depth);
    let sentence = format!("we {rest}");
    for see in WE_SEE {
        if let Some(what) = strip_prefix_ignoring_case(&sentence, see) {
            return whole(what);
        }
    }
    for hear in WE_HEAR {
        if let Some(what) = strip_prefix_ignoring_case(&sentence, hear) {
            return whole(what).map(|what| format!("There is the sound of {what}"));
        }
    }
    let found = words(rest);
    let skipped = |word: &str| {
        matches!(
            word,
            "slowly"
                | "slow"
                | "then"
                | "now"
                | "quickly"
                | "gently"
                | "also"
                | "finally"
                | "gradually"
                | "start"
                | "starts"
                | "begin"
                | "begins"
                | "to"
                | "just"
                | "still"
        )
    };
    let verb = found.iter().find(|word| !skipped(&word.lower()))?;
    let lower = verb.lower();
    let is_move = |base: &str| {
        lower == base
            || lower.strip_suffix('s').is_some_and(|stem| stem == base)
            || lower.strip_suffix("es").is_some_and(|stem| stem == base)
            || lower
                .strip_suffix("ies")
                .is_some_and(|stem| base.strip_suffix('y') == Some(stem))
            || lower
                .strip_suffix("ing")
                .is_some_and(|stem| stem == base || base.strip_suffix('e') == Some(stem))
    };
    let follows = matches!(lower.as_str(), "follow" | "follows" | "following");
    let placed = matches!(
        lower.as_str(),
        "in" | "on" | "at" | "inside" | "close" | "with" | "back" | "behind" | "above"
    );
    let known =
        MOVES.iter().any(|(base, _)| is_move(base)) || OUR_MOVES.iter().any(|base| is_move(base));
    let after = rest[verb.end..].trim_start_matches([' ', ',']);
    if follows {
        return followed(after, depth);
    }
    if placed {
        let rest = rest[verb.start..].trim();
        let inner = [
            "in on ",
            "in ",
            "on ",
            "at ",
            "inside ",
            "close on ",
            "with ",
            "back in ",
            "back at ",
            "back on ",
            "back to ",
            "behind ",
            "above ",
        ]
        .iter()
        .filter_map(|head| strip_prefix_ignoring_case(rest, head))
        .min_by_key(|rest| rest.len());
        return inner.and_then(|inner| whole(inner));
    }
    if !known {
        return None;
    }
    let small = after.to_lowercase();
    if small.len() != after.len() {
        return None;
    }
    let reveal = SHOWS
        .iter()
        .filter_map(|phrase| word_at(&small, phrase).map(|at| (at, phrase.len())))
        .min();
    if let Some((at, len)) = reveal {
        let what = after[at + len..].trim_start_matches([' ', ':', ',', '-']);
        let what = strip_prefix_ignoring_case(what, "that").unwrap_or(what);
        return whole(what).map(|what| format!("The shot reveals {what}"));
    }
    if let Some(what) = strip_prefix_ignoring_case(after, "as") {
        return whole(what);
    }
    let towards = TOWARDS
        .iter()
        .filter_map(|phrase| {
            word_at(&small, phrase).map(|at| (at, std::cmp::Reverse(phrase.len())))
        })
        .min();
    let (at, len) = towards?;
    let mut what = after[at + len.0..].trim_start_matches([' ', ':', ',', '-']);
    // "down to the door", "up over the roofs".
    while let Some(rest) = [
        "to ", "over ", "on ", "into ", "from ", "at ", "past ", "through ", "across ", "toward ",
        "towards ",
    ]
    .iter()
    .find_map(|more| strip_prefix_ignoring_case(what, more))
    {
        what = rest;
    }
    let noun = |word: &str| {
        !matches!(
            word,
            "it" | "him" | "her" | "them" | "this" | "that" | "us" | "the" | "a"
        )
    };
    let several = words(what);
    match several.as_slice() {
        [] => None,
        [one] if !noun(&one.lower()) => None,
        _ => whole(what),
    }
}

/// "Edward down the hall" of "we follow Edward down the hall": he goes there.
fn followed(what: &str, depth: usize) -> Option<String> {
    let whole = |what: &str| whole(what, depth);
    if let Some(clause) = strip_prefix_ignoring_case(what, "as") {
        return whole(clause);
    }
    let found = words(what);
    let path = found.iter().skip(1).find(|word| {
        matches!(
            word.lower().as_str(),
            "down"
                | "up"
                | "into"
                | "through"
                | "along"
                | "across"
                | "to"
                | "out"
                | "past"
                | "around"
                | "over"
        )
    });
    match path {
        Some(word) => {
            let who = what[..word.start].trim();
            let several = words(who)
                .iter()
                .any(|word| matches!(word.lower().as_str(), "and" | "them" | "they"));
            let verb = if several { "go" } else { "goes" };
            let who = match who.to_lowercase().as_str() {
                "him" => "he",
                "her" => "she",
                "them" => "they",
                _ => who,
            };
            whole(&format!("{who} {verb} {}", &what[word.start..]))
        }
        None => whole(what).filter(|what| {
            words(what).len() > 1
                || !matches!(
                    what.trim_end_matches('.').to_lowercase().as_str(),
                    "him" | "her" | "them" | "it"
                )
        }),
    }
}

/// What is shown, more of "us" behind it taken out in turn.
fn whole(what: &str, depth: usize) -> Option<String> {
    let what = what.trim();
    first_word(what)?;
    shows(what, depth + 1)
}

/// Where a phrase stands as whole words.
fn word_at(text: &str, phrase: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text[from..].find(phrase) {
        let at = from + found;
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if !part(before) && !part(after) {
            return Some(at);
        }
        from = at + phrase.len();
    }
    None
}

/// Whether a quotation is open behind a text, if it was before it.
pub(super) fn is_open(before: bool, text: &str) -> bool {
    text.chars().fold(before, |open, c| match c {
        '"' => !open,
        '“' => true,
        '”' => false,
        _ => open,
    })
}

fn replace_jargon(text: &str) -> String {
    let mut out = text.to_owned();
    for (from, to) in JARGON {
        out = replace_words(&out, from, to, "");
    }
    for see in WE_SEE {
        // At the head of a sentence, `shown` takes it.
        if out.to_ascii_lowercase().starts_with(see) {
            continue;
        }
        out = replace_words(&out, see.trim_end(), "", " ");
    }
    for hear in WE_HEAR {
        if !out.to_ascii_lowercase().starts_with(hear) {
            out = replace_words(&out, hear.trim_end(), "there is the sound of", " ");
        }
    }
    out
}

/// Puts `to` in the place of the words `from`, outside quotation marks and where `then` follows.
fn replace_words(text: &str, from: &str, to: &str, then: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if !lower.contains(from) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut open = false;
    while let Some(found) = word_at(&lower[at..], from) {
        let start = at + found;
        open = is_open(open, &text[at..start]);
        out.push_str(&text[at..start]);
        let end = start + from.len();
        let keep = open || !text[end..].starts_with(then);
        out.push_str(if keep { &text[start..end] } else { to });
        at = end;
        if to.is_empty() && !keep {
            at += text[at..].len() - text[at..].trim_start().len();
        }
    }
    out.push_str(&text[at..]);
    out
}

/// Whether something is still said to "us" or of "us" who watch.
pub(super) fn speaks_of_us(text: &str) -> bool {
    let mut open = false;
    let mut at = 0;
    words(text).iter().any(|word| {
        open = is_open(open, &text[at..word.start]);
        at = word.start;
        let whole = text[word.start..word.end].to_lowercase();
        let first = whole.split(['\'', '’']).next().unwrap_or(&whole);
        // "U.S." is not us.
        let us = matches!(first, "we" | "us" | "our" | "ourselves");
        us && !open && text[word.start..word.end] != *"US"
    })
}

/// Takes out the first or last clause when it speaks of "us" who watch; `None` if more does.
pub(super) fn without_us(text: &str) -> Option<String> {
    if !speaks_of_us(text) {
        return Some(text.to_owned());
    }
    let clauses: Vec<&str> = text.split(", ").collect();
    let kept: Vec<&str> = clauses
        .iter()
        .copied()
        .filter(|clause| !speaks_of_us(clause))
        .collect();
    let at_an_end = clauses.len() == kept.len() + 1
        && (clauses.first().is_some_and(|clause| speaks_of_us(clause))
            || clauses.last().is_some_and(|clause| speaks_of_us(clause)));
    let rest = kept.join(", ");
    if at_an_end && words(&rest).len() >= 3 && can_stand(&rest) {
        return Some(ended(&rest));
    }
    before_us(text)
}

fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// What a sentence with a subject of its own says before it comes to "us": `He smiles like we know him` →
/// `He smiles.`
fn before_us(text: &str) -> Option<String> {
    let text = &replace_words(
        &replace_words(text, "us", "the camera", ""),
        "our",
        "the",
        "",
    );
    if !speaks_of_us(text) {
        return Some(text.clone());
    }
    const LEADING: &[&str] = &[
        "that",
        "than",
        "what",
        "which",
        "where",
        "when",
        "like",
        "if",
        "as",
        "because",
        "how",
        "why",
        "whom",
        "all",
        "everything",
        "until",
        "before",
        "so",
        "and",
        "but",
        "just",
        "though",
        "the",
        "way",
        "only",
        "something",
        "since",
    ];
    let all = words(text);
    let us = all.iter().position(|word| {
        let lower = text[word.start..word.end].to_lowercase();
        let first = lower.split(['\'', '’']).next().unwrap_or(&lower);
        matches!(first, "we" | "us" | "our" | "ourselves")
    })?;
    let leading = |word: &super::word::Word<'_>| LEADING.contains(&word.lower().as_str());
    let kept = all[..us].iter().rposition(|word| !leading(word))? + 1;
    let head = &text[..all[kept - 1].end];
    let whole = kept >= 3 && can_stand(head) && !super::dangling(head, super::Ending::Open);
    whole.then(|| format!("{head}."))
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
