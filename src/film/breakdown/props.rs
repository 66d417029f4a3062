//! Props: things that somebody handles, and things that the action names out of a table.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::cast::Cast;
use crate::prose::{self, Word};

/// A thing in a scene.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandledProp {
    /// One noun or a pair: `photo album`.
    pub name: String,
    /// Who handles it, in order.
    pub by: Vec<String>,
    /// Whether the text of its first mention brings it in as new: "a letter", not "the letter".
    pub introduced: bool,
}

/// The things of a scene so far, each once.
#[derive(Default)]
pub(super) struct Props {
    pub(super) all: Vec<HandledProp>,
    /// Each thing by its name, with who handles it.
    places: HashMap<String, (usize, HashSet<String>)>,
}

impl Props {
    /// Adds a mention: another of the same thing only adds who handles it.
    pub(super) fn add(&mut self, mut prop: HandledProp) {
        let by = std::mem::take(&mut prop.by);
        let (at, known) = self.places.entry(prop.name.clone()).or_insert_with(|| {
            self.all.push(prop);
            (self.all.len() - 1, HashSet::new())
        });
        let new = by.into_iter().filter(|name| known.insert(name.clone()));
        self.all[*at].by.extend(new);
    }
}

/// Things worth listing whenever they are named.
#[rustfmt::skip]
const THINGS: &[&str] = &[
    "album", "axe", "backpack", "badge", "bag", "ball", "balloon", "basket", "bat", "beer", "bell", "binder",
    "bomb", "book", "bottle", "bouquet", "bowl", "box", "briefcase", "bucket", "bullet", "button", "cable", "cake",
    "camera", "can", "candle", "cane", "cannon", "card", "carton", "cartridge", "cello", "chain", "champagne",
    "cigar", "cigarette", "clippers", "clock", "coffee", "coin", "contract", "cradle", "crown", "cup",
    "diary", "dial", "diploma", "display", "doorknob", "drink", "drum", "envelope", "fiddle", "film", "flag", "flashlight", "flower",
    "flowers", "daffodils", "folder", "fork", "glass", "glasses", "headline", "gift", "gun", "guitar", "hammer", "hat",
    "helmet", "hook", "jacket", "jar", "journal", "key", "keys", "keyhole", "knife", "label", "ladder", "lamp", "lantern",
    "laptop", "leash", "letter", "lighter", "list", "lightbulb", "luggage", "lure", "magazine", "map", "mask", "match",
    "medal", "microphone", "mirror", "money", "mop", "mug", "necklace", "newspaper", "note", "notebook",
    "painting", "paper", "parachute", "passport", "pen", "pencil", "phone", "photo", "photograph",
    "piano", "picture", "pictures", "pie", "pills", "pistol", "pitcher", "plate", "poem", "postcard", "present",
    "puzzle", "purse", "radio", "ream", "receipt", "record", "remote", "revolver", "rifle", "ring", "rock", "rope", "screen",
    "sandwich", "scarf", "scissors", "scope", "shoes", "shotgun", "shovel", "sign", "spear", "stick", "stone",
    "straw", "suitcase", "sword", "tape", "telegram", "telephone", "tent", "ticket", "toolbox", "torch",
    "towel", "toy", "toys", "tray", "trophy", "umbrella", "vase", "violin", "wallet", "watch", "whip",
    "whistle", "wine", "worm", "wrench",
];

/// Verbs of taking something in hand.
#[rustfmt::skip]
const HANDLE: &[&str] = &[
    "aims", "brings", "carries", "catches", "clutches", "drops", "finds", "grabs", "hands", "holds", "lifts", "lights",
    "loads", "offers", "opens", "packs", "plays", "pours", "pulls", "puts", "raises", "reads", "reaches", "removes", "sets",
    "shows", "slides", "snatches", "takes", "tears", "throws", "tosses", "unfolds", "unlocks", "unplugs", "uses", "waves", "wears",
    "wipes", "writes", "holding", "carrying", "clutching", "reading", "wearing", "drinks", "eats", "picks",
];

static IS_THING: LazyLock<HashSet<&str>> = LazyLock::new(|| THINGS.iter().copied().collect());
static HANDLES: LazyLock<HashSet<&str>> = LazyLock::new(|| HANDLE.iter().copied().collect());

/// The things one sentence names, with who handles them. `who` is whom the sentence names or
/// means.
pub fn props_in(sentence: &str, who: &[usize], cast: &Cast) -> Vec<HandledProp> {
    let words = prose::words(sentence);
    let lower: Vec<String> = words.iter().map(Word::lower).collect();
    let handled = lower.iter().any(|word| HANDLES.contains(word.as_str()));
    let mut found: Vec<HandledProp> = Vec::new();
    for (at, word) in lower.iter().enumerate() {
        if !IS_THING.contains(word.as_str()) || verb_here(&lower, at) {
            continue;
        }
        // A compound takes its own name: "camera bag" is a bag.
        if lower
            .get(at + 1)
            .is_some_and(|next| IS_THING.contains(next.as_str()))
            && sentence[words[at].end..words[at + 1].start]
                .trim()
                .is_empty()
        {
            continue;
        }
        let name = singular(word);
        let mut before = at;
        while before > 0 && at - before < 3 && !article(&lower[before - 1]) {
            before -= 1;
        }
        let introduced = before > 0
            && matches!(
                lower[before - 1].as_str(),
                "a" | "an" | "some" | "two" | "three"
            );
        if found.iter().any(|prop| prop.name == name) {
            continue;
        }
        let by = if handled {
            who.iter()
                .take(1)
                .map(|&one| cast.characters[one].name.clone())
                .collect()
        } else {
            Vec::new()
        };
        found.push(HandledProp {
            name,
            by,
            introduced,
        });
    }
    found
}

fn article(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "the"
            | "his"
            | "her"
            | "their"
            | "its"
            | "some"
            | "two"
            | "three"
            | "this"
            | "that"
    )
}

/// "watch her", "to ring", "they match": a verb that looks like a thing.
fn verb_here(lower: &[String], at: usize) -> bool {
    let before = at
        .checked_sub(1)
        .map(|i| lower[i].as_str())
        .unwrap_or_default();
    let after = lower.get(at + 1).map(String::as_str).unwrap_or_default();
    matches!(
        before,
        "to" | "they"
            | "we"
            | "you"
            | "i"
            | "who"
            | "can"
            | "and"
            | "must"
            | "will"
            | "could"
            | "would"
            | "should"
    ) && matches!(
        lower[at].as_str(),
        "can"
            | "watch"
            | "match"
            | "ring"
            | "record"
            | "present"
            | "drink"
            | "sign"
            | "note"
            | "list"
            | "light"
            | "film"
            | "map"
            | "hook"
            | "rock"
            | "whip"
            | "whistle"
            | "book"
            | "box"
            | "lure"
            | "tape"
            | "towel"
            | "picture"
            | "phone"
            | "remote"
    ) || lower[at] == "can"
        && !article(before)
        && !matches!(before, "beer" | "squat" | "half" | "empty" | "tin")
        || lower[at] == "watch" && matches!(after, "as" | "him" | "her" | "them" | "the")
        || matches!(before, "at") && lower[at] == "present"
}

fn singular(word: &str) -> String {
    const PLURAL: &[&str] = &[
        "glasses",
        "scissors",
        "clippers",
        "shoes",
        "pills",
        "flowers",
        "daffodils",
    ];
    if PLURAL.contains(&word) {
        return word.to_owned();
    }
    match word {
        "pictures" => "picture".to_owned(),
        "keys" => "key".to_owned(),
        "toys" => "toy".to_owned(),
        other => other.to_owned(),
    }
}
