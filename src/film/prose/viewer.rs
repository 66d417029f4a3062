//! Takes the viewer and the camera out of a sentence: "we see", "CLOSE ON", "as we watch", "PULL BACK
//! to reveal". What the camera does is in a shot's fields; here is kept what it shows.

use super::filming::{
    AIMS, BARE, BARE_AFTER, JARGON, JOINTS, MARKS, MOVES, OUR_MOVES, SHOWS, TOWARDS, WE_HEAR,
    WE_SEE,
};
use super::find::{can_stand, is_open, replace_words, word_at};
use super::finite::finite;
use super::word::{first_word, words};

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
    let text = without_approach(text);
    let lower = text.to_lowercase();
    if !MARKS.iter().any(|mark| lower.contains(mark)) && ours(text, &lower).is_none() {
        return Some(text.to_owned());
    }
    shows(&replace_jargon(text), 0)
}

/// "Reaching the porch, we hear a piano" → "we hear a piano": who comes nearer is the viewer.
fn without_approach(text: &str) -> &str {
    let Some((clause, rest)) = text.split_once(", ") else {
        return text;
    };
    let goes = first_word(clause).is_some_and(|word| {
        let lower = word.lower();
        lower.len() > 4 && lower.ends_with("ing")
    });
    let ours = strip_prefix_ignoring_case(rest, "we").is_some();
    if goes && ours && words(clause).len() <= 8 {
        rest
    } else {
        text
    }
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
    // "Sure enough, as we look up again, it's him": what comes behind the comma.
    let aside = [" as ", " while ", " when ", " until "]
        .iter()
        .any(|word| joint.starts_with(word));
    if aside
        && let Some((_, rest)) = text[at + len..].split_once(", ")
        && let Some(rest) = shows(rest, depth + 1)
        && words(&rest).len() >= 3
        && !head.contains(',')
    {
        return Some(format!("{head}, {rest}"));
    }
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
    let seen = rest.trim_start_matches(' ');
    let seen = [
        "also ",
        "now ",
        "then ",
        "finally ",
        "just ",
        "only ",
        "even ",
        "suddenly ",
        "soon ",
    ]
    .iter()
    .find_map(|adverb| strip_prefix_ignoring_case(seen, adverb))
    .unwrap_or(seen);
    let sentence = format!("we {seen}");
    for see in WE_SEE {
        if let Some(what) = strip_prefix_ignoring_case(&sentence, see) {
            return whole(&finite(what));
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
        return inner.and_then(whole);
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
    // "We pass a rusty sign."
    const DIRECT: &[&str] = &[
        "pass", "passes", "enter", "enters", "circle", "circles", "reach", "approach",
    ];
    let direct = small.starts_with("a ") || small.starts_with("an ") || small.starts_with("the ");
    if DIRECT.contains(&lower.as_str()) && direct {
        return whole(after);
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
    for joint in [
        "as we hear",
        "and we hear",
        "while we hear",
        "as we can hear",
    ] {
        out = replace_words(&out, joint, "with the sound of", " ");
    }
    for hear in WE_HEAR {
        if !out.to_ascii_lowercase().starts_with(hear) {
            out = replace_words(&out, hear.trim_end(), "there is the sound of", " ");
        }
    }
    out
}
