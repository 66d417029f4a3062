//! What somebody has in hand: taken up in one shot, it is there in the next ones until it is laid down,
//! handed on or the scene moves on.

use std::collections::BTreeMap;

use super::beat::{Beat, Doing};
use crate::breakdown;
use crate::cast::{self, Cast};
use crate::prose::{self, Word};

/// Verbs of taking in hand.
#[rustfmt::skip]
const TAKES: &[&str] = &[
    "holds", "carries", "clutches", "grips", "cradles", "clasps", "wields", "brandishes", "grabs", "draws", "raises", "lifts",
    "holding", "carrying", "clutching", "gripping", "cradling", "clasping", "wielding", "brandishing", "hold", "carry", "aims", "aiming",
    "hält", "trägt", "tient", "porte", "tenant", "serre",
];
/// Verbs of taking in hand with one of `UP` behind them.
const PICKS: &[&str] = &["picks", "takes", "pulls", "fishes", "digs", "gets"];
const UP: &[&str] = &["up", "out"];
/// Verbs of letting go.
#[rustfmt::skip]
const LETS_GO: &[&str] = &[
    "drops", "puts", "sets", "lays", "throws", "tosses", "hands", "gives", "pockets", "hangs", "tucks", "stows", "loses", "offers",
    "returns", "passes", "places", "slides", "sheathes", "holsters", "packs", "releases", "lowers", "closes", "swallows", "eats",
    "folds", "legt", "pose", "rend", "lâche",
];

/// For so many shots a thing of which nothing more is told is thought to be in hand.
const LONGEST: usize = 10;

/// So many words tell more of a thing.
const DESCRIBED: usize = 3;

/// Of a thing these say what it is like, though of a name they are a part: `a small lantern`.
const SIZES: &[&str] = &[
    "old", "small", "little", "young", "big", "long", "short", "single", "second", "tiny", "large",
    "heavy",
];

/// Sets what everybody in a shot has in hand from the shots before.
pub(super) fn assign(beats: &mut [Beat], cast: &Cast) {
    let mut held: BTreeMap<usize, Held> = BTreeMap::new();
    for (at, beat) in beats.iter_mut().enumerate() {
        held.retain(|_, thing| at - thing.since <= LONGEST);
        if beat.time_jump || beat.opens || beat.elsewhere.is_some() {
            held.clear();
        }
        let before = held.clone();
        for doing in &beat.doings {
            read(doing, at, cast, &mut held);
        }
        let frame = beat.in_frame();
        let said = prose::tokens(&beat.content);
        let said_meanwhile = prose::tokens(beat.meanwhile.as_deref().unwrap_or_default());
        // What the shot itself tells of needs no telling.
        let told =
            |thing: &Held| said.contains(&thing.noun) || said_meanwhile.contains(&thing.noun);
        beat.holding = before
            .into_iter()
            .filter(|(who, thing)| {
                frame.contains(who) && held.get(who) == Some(thing) && !told(thing)
            })
            .map(|(who, thing)| (who, thing.text))
            .collect();
    }
}

/// A thing in somebody's hand.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    noun: String,
    /// `a lantern`
    text: String,
    /// The shot in which it was taken up.
    since: usize,
}

/// What a sentence does to what is held.
fn read(doing: &Doing, beat: usize, cast: &Cast, held: &mut BTreeMap<usize, Held>) {
    let Some(&who) = doing.who.first() else {
        return;
    };
    let words = prose::words(&doing.text);
    let lower: Vec<String> = words.iter().map(Word::lower).collect();
    let props = breakdown::props_in(&doing.text, &[], cast);
    let is_thing = |word: &str| props.iter().any(|prop| prop.name == word);
    // Somebody else takes it: it is out of the hands of all others.
    for at in 0..lower.len() {
        let word = lower[at].as_str();
        let next = lower.get(at + 1).map_or("", String::as_str);
        let takes = TAKES.contains(&word)
            || PICKS.contains(&word) && (UP.contains(&next) || word == "takes");
        if LETS_GO.contains(&word) {
            let mine = held.get(&who).map(|thing| thing.noun.clone());
            let near = lower[at + 1..].iter().take(5);
            let gone = mine.is_some_and(|noun| {
                near.clone()
                    .any(|word| *word == noun || matches!(word.as_str(), "it" | "them"))
            });
            if gone {
                held.remove(&who);
            }
            continue;
        }
        if !takes {
            continue;
        }
        let from = at + 1 + usize::from(UP.contains(&next));
        if let Some(thing) = thing(&doing.text, &words, &lower, from, &is_thing) {
            held.retain(|_, other| other.noun != thing.noun);
            // "Takes the cup from the shelf" is in hand; "takes the train" is no prop.
            held.insert(
                who,
                Held {
                    since: beat,
                    ..thing
                },
            );
        }
    }
}

/// The thing that a phrase names from a word on: `a small brass key`.
fn thing(
    text: &str,
    words: &[Word<'_>],
    lower: &[String],
    from: usize,
    is_thing: &dyn Fn(&str) -> bool,
) -> Option<Held> {
    let article = lower.get(from)?;
    if !matches!(
        article.as_str(),
        "a" | "an" | "the" | "his" | "her" | "their"
    ) {
        return None;
    }
    let to =
        (from + 1..(from + 2 + DESCRIBED).min(lower.len())).find(|at| is_thing(&lower[*at]))?;
    let open = |at: usize| text[words[at - 1].end..words[at].start].trim().is_empty();
    // "Takes the needle off his record": another phrase has begun.
    let other = |at: usize| {
        words[at].possessive || cast::is_small(&lower[at]) && !SIZES.contains(&lower[at].as_str())
    };
    if !(from + 1..=to).all(open) || (from + 1..to).any(other) {
        return None;
    }
    let body = lower[from + 1..=to].join(" ");
    let several = lower[to].ends_with('s') && !lower[to].ends_with("ss");
    let text = match body.chars().next() {
        _ if several => body,
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {body}"),
        _ => format!("a {body}"),
    };
    let noun = lower[to].clone();
    Some(Held {
        noun,
        text,
        since: 0,
    })
}
