//! The table of states: by which words they show, what causes and what ends them.

use std::sync::LazyLock;

use crate::cast::Cast;
use crate::prose;
use crate::scenes::Heading;
use crate::words::{Lasts, TimeOfDay};

/// What lies between a scene and the one before, as its heading tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pause {
    /// It goes on without a break.
    None,
    /// Time passes, how much is not told.
    Some,
    /// Another day.
    Days,
}

impl Pause {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::None => "the action goes on",
            Self::Some => "time has passed since the scene before",
            Self::Days => "it is another day",
        }
    }
}

/// Whether a state that lasts so long is still there after a pause.
pub(super) fn survives(lasts: Lasts, pause: Pause) -> bool {
    match lasts {
        Lasts::Scene => pause == Pause::None,
        Lasts::Day => pause != Pause::Days,
        Lasts::Always => true,
    }
}

struct State {
    tag: &'static str,
    shows: &'static [&'static str],
    causes: &'static [&'static str],
    ends: &'static [&'static str],
    lasts: Lasts,
}

const WASHED: &[&str] = &[
    "washes",
    "showers",
    "takes a shower",
    "bathes",
    "takes a bath",
    "cleans up",
    "cleans himself",
    "cleans herself",
];
const CHANGED: &[&str] = &[
    "changes into",
    "changes out of",
    "new clothes",
    "clean clothes",
    "fresh clothes",
    "changes clothes",
    "gets dressed",
    "now dressed",
    "puts on a clean",
];

#[rustfmt::skip]
const STATES: &[State] = &[
    State { tag: "wet", shows: &["drenched", "soaked", "soaking", "sopping", "dripping", "wet clothes"],
        causes: &["falls into the water", "falls in the water", "jumps into the water", "jumps into the river", "falls into the river", "dives into", "jumps into the pool", "falls into the pool", "dunking his head", "dunking her head", "in the pouring rain", "swims"],
        ends: &["dries off", "towels off", "dries himself", "dries herself"], lasts: Lasts::Scene },
    State { tag: "muddy", shows: &["muddy", "caked in mud", "covered in mud"],
        causes: &["falls into the mud", "falls in the mud", "slips in the mud", "rolls in the mud", "in a muddy puddle", "crawls through the mud"], ends: WASHED, lasts: Lasts::Day },
    State { tag: "bloodied", shows: &["bloody", "bloodied", "bleeding", "covered in blood", "blood on his", "blood on her"],
        causes: &["is shot", "is stabbed", "gets shot", "catches him in the", "cuts himself", "cuts herself", "cuts his hand", "cuts her hand", "cuts his finger", "cuts her finger", "gashes"], ends: WASHED, lasts: Lasts::Day },
    State { tag: "in torn clothes", shows: &["ragged", "tattered", "torn clothes", "torn shirt", "ripped shirt", "shoeless and torn"],
        causes: &["rips his shirt", "tears his shirt", "rips her dress", "tears her dress", "tears his jacket"], ends: CHANGED, lasts: Lasts::Day },
    State { tag: "dirty", shows: &["dirty", "filthy", "grimy", "covered in dust", "sooty", "grubby"],
        causes: &["rolls across the dirt", "roll across the dirt", "falls in the dirt"], ends: WASHED, lasts: Lasts::Day },
    State { tag: "bruised", shows: &["bruised", "black eye", "battered face", "swollen eye"],
        causes: &["takes the beating", "is beaten"], ends: &["has healed", "bruises are gone"], lasts: Lasts::Day },
    State { tag: "sweating", shows: &["sweating", "sweaty", "drips with sweat"], causes: &[], ends: WASHED, lasts: Lasts::Scene },
    State { tag: "barefoot", shows: &["barefoot", "shoeless", "bare feet", "bare foot"],
        causes: &["takes off his shoes", "takes off her shoes", "kicks off his shoes", "kicks off her shoes"],
        ends: &["puts on his shoes", "puts on her shoes", "shoes back"], lasts: Lasts::Day },
    State { tag: "shirtless", shows: &["shirtless", "bare chested", "bare chest"], causes: &["takes off his shirt"], ends: CHANGED, lasts: Lasts::Scene },
    State { tag: "naked", shows: &["naked", "nude"], causes: &["takes off his clothes", "takes off her clothes"], ends: CHANGED, lasts: Lasts::Scene },
    State { tag: "bandaged", shows: &["bandaged", "in bandages", "arm in a sling"], causes: &["is bandaged", "bandages his", "bandages her"],
        ends: &["takes off the bandage", "removes the bandage", "bandages are gone"], lasts: Lasts::Day },
    State { tag: "pregnant", shows: &["pregnant"], causes: &[], ends: &["gives birth", "no longer pregnant"], lasts: Lasts::Always },
];

/// The phrases of the table, taken apart once.
struct Words {
    shows: Vec<Vec<String>>,
    causes: Vec<Vec<String>>,
    ends: Vec<Vec<String>>,
}

static WORDS: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let apart = |phrases: &[&str]| phrases.iter().map(|phrase| prose::tokens(phrase)).collect();
    let words = |state: &State| Words {
        shows: apart(state.shows),
        causes: apart(state.causes),
        ends: apart(state.ends),
    };
    STATES.iter().map(words).collect()
});

/// A state found in a sentence.
pub(super) struct Found {
    pub(super) who: usize,
    pub(super) tags: Vec<String>,
    pub(super) caused: bool,
    pub(super) ends: bool,
    /// Whether what is worn ends too.
    pub(super) clothes: bool,
    pub(super) lasts: Lasts,
}

/// The states that a sentence shows, causes or ends. `who` is whom it names or means.
pub(super) fn find(sentence: &str, who: &[usize], cast: &Cast) -> Vec<Found> {
    let Some(&first) = who.first() else {
        return Vec::new();
    };
    let words = prose::tokens(sentence);
    let at = |phrases: &[Vec<String>]| {
        phrases.iter().find_map(|phrase| {
            words
                .windows(phrase.len().max(1))
                .position(|window| window == phrase.as_slice())
        })
    };
    let mut found = Vec::new();
    for (state, table) in STATES.iter().zip(WORDS.iter()) {
        let cause = at(&table.causes);
        let shown = at(&table.shows).filter(|&at| !idiom(&words, at));
        let ends = at(&table.ends).is_some();
        let position = cause.or(shown).filter(|_| !ends);
        if position.is_none() && !ends {
            continue;
        }
        // "His pregnant wife" tells nothing of him.
        if position.is_some_and(|position| somebody_else(position, &words, who, cast)) {
            continue;
        }
        let bearer = position.and_then(|position| bearer(position, &words, who, cast));
        found.push(Found {
            who: bearer.unwrap_or(first),
            tags: vec![state.tag.to_owned()],
            caused: ends || cause.is_some(),
            ends,
            clothes: ends && std::ptr::eq(state.ends, CHANGED),
            lasts: state.lasts,
        });
    }
    if let Some((position, clothes)) = worn(sentence) {
        found.push(Found {
            who: bearer(position, &words, who, cast).unwrap_or(first),
            tags: vec![format!("wearing {clothes}")],
            caused: true,
            ends: false,
            clothes: true,
            lasts: Lasts::Scene,
        });
    }
    found
}

/// "bloody well", "torn between", "a dirty look": no state.
fn idiom(words: &[String], at: usize) -> bool {
    let next = words.get(at + 1).map(String::as_str).unwrap_or_default();
    matches!(
        next,
        "well"
            | "between"
            | "hell"
            | "look"
            | "joke"
            | "word"
            | "trick"
            | "puddle"
            | "river"
            | "water"
            | "road"
            | "street"
            | "floor"
            | "window"
            | "dishes"
            | "lyric"
            | "grout"
    )
}

/// Whether the word after a state is a noun for a person whom the sentence does not otherwise name.
fn somebody_else(at: usize, words: &[String], who: &[usize], cast: &Cast) -> bool {
    words.get(at + 1).is_some_and(|next| {
        crate::cast::is_role(next) && !who.iter().any(|&one| is_alias(next, one, cast))
    })
}

/// Whether somebody goes by a word. Aliases are in order.
fn is_alias(word: &String, who: usize, cast: &Cast) -> bool {
    cast.characters[who].aliases.binary_search(word).is_ok()
}

/// Who has the state told at a word: who is named right after it ("a drenched Will"), else the last
/// one named before it.
fn bearer(at: usize, words: &[String], who: &[usize], cast: &Cast) -> Option<usize> {
    let after = (at..words.len().min(at + 3)).find_map(|place| {
        let named = |one: &&usize| is_alias(&words[place], **one, cast);
        who.iter().find(named)
    });
    let before = || {
        (0..at).rev().find_map(|place| {
            let named = |one: &&usize| is_alias(&words[place], **one, cast);
            who.iter().rev().find(named)
        })
    };
    after.or_else(before).copied()
}

/// Words after "wearing" among which the clause must end.
const MOST_LOOKED_AT: usize = 24;

/// "wearing all black", "dressed in a gown": the clause's clothes, and which word begins it.
fn worn(sentence: &str) -> Option<(usize, String)> {
    let words = prose::words(sentence);
    for (at, word) in words.iter().enumerate() {
        let lower = word.lower();
        let next = words
            .get(at + 1)
            .map(|word| word.lower())
            .unwrap_or_default();
        let from = match lower.as_str() {
            "wearing" | "wears" => at + 1,
            "dressed" | "clad" if next == "in" => at + 2,
            _ => continue,
        };
        // Longer clothes are none, so no more of the sentence is looked at.
        let last = words.get(from + MOST_LOOKED_AT).or(words.last())?;
        let rest = &sentence[words.get(from)?.start..last.end];
        let rest = if last.end == words.last()?.end {
            &sentence[words.get(from)?.start..]
        } else {
            rest
        };
        let end = rest
            .find([',', ';', '.', '(', ':', '!', '?'])
            .unwrap_or(rest.len());
        let dash = rest.find(" --").unwrap_or(rest.len());
        let mut clothes = rest[..end.min(dash)].trim();
        // What follows the clothes is another thing that happens.
        for stop in [
            " and is ",
            " and has ",
            " as ",
            " while ",
            " with ",
            " when ",
            " that ",
            " which ",
            " who ",
        ] {
            if let Some((before, _)) = clothes.split_once(stop) {
                clothes = before;
            }
        }
        let count = prose::words(clothes).len();
        if (1..=8).contains(&count) && !prose::dangling(clothes, prose::Ending::Whole) {
            return Some((at, clothes.to_lowercase()));
        }
    }
    None
}

/// Whether a heading tells that the scene plays in another time or in somebody's head.
pub(super) fn aside(heading: &Heading) -> bool {
    let remarks = heading.tail.as_deref().unwrap_or_default();
    let words = prose::tokens(remarks);
    let year = words
        .iter()
        .any(|word| word.len() == 4 && word.chars().all(|c| c.is_ascii_digit()));
    const TIMES: &[&str] = &[
        "flashback",
        "flashforward",
        "dream",
        "fantasy",
        "memory",
        "story",
        "nightmare",
        "vision",
    ];
    year || words.iter().any(|word| TIMES.contains(&word.as_str()))
}

/// What lies between a scene and the one before.
pub(super) fn pause_before(heading: &Heading) -> Pause {
    if heading.continues() {
        Pause::None
    } else if heading.another_day() {
        Pause::Days
    } else {
        Pause::Some
    }
}

/// A state seen at night and again by day has a night behind it, unless the action goes on.
pub(super) fn night_between(seen: TimeOfDay, now: TimeOfDay, pause: Pause) -> Pause {
    use TimeOfDay::{Morning, Unsaid};
    let light = !now.is_dark() && now != Unsaid;
    let slept = seen.is_dark() && light || now == Morning && seen != Morning;
    if pause == Pause::Some && slept {
        Pause::Days
    } else {
        pause
    }
}

/// Whether a scene's last transition lets time pass.
pub(super) fn time_passes(scene: &crate::breakdown::SceneText<'_>) -> bool {
    let last = scene
        .elements
        .last()
        .filter(|element| element.kind == crate::fountain::ElementKind::Transition);
    let words = last
        .map(|element| prose::tokens(&prose::plain(&element.text)))
        .unwrap_or_default();
    words.iter().any(|word| {
        matches!(
            word.as_str(),
            "dissolve" | "crossfade" | "fade" | "fades" | "transition"
        )
    })
}
