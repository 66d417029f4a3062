//! A sentence of the action, and what it tells: whom it shows, what it aims the camera at, which thing it
//! is about.

use super::aim::{self, AimKind};
use super::decompose::Walk;
use super::moves::Direction;
use super::rules::Phrase;
use crate::breakdown;
use crate::cast::{Extra, Reading};
use crate::prose;
use crate::words::{Posture, Trigger};

/// A sentence of the action with what it tells.
pub(super) struct Told {
    pub(super) text: String,
    pub(super) words: Vec<String>,
    pub(super) who: Vec<usize>,
    /// Who else is seen.
    pub(super) extras: Vec<Extra>,
    pub(super) from: usize,
    pub(super) to: usize,
    /// What it aims the camera at, if it says so.
    pub(super) aim: Option<Target>,
    /// Who of the cast holds themselves how, by its verbs.
    pub(super) postures: Vec<(usize, Posture)>,
}

/// What a sentence aims the camera at.
pub(super) struct Target {
    /// The kind of shot that it makes; none: as if nothing aimed.
    pub(super) trigger: Option<Trigger>,
    /// The thing that is the subject.
    pub(super) prop: Option<String>,
}

/// Pictures: whoever is in one is not in the scene.
#[rustfmt::skip]
const PICTURES: &[&str] = &[
    "album", "billboard", "drawing", "footage", "image", "images", "magazine", "mugshot", "mural", "newspaper",
    "painting", "photo", "photograph", "photographs", "photos", "picture", "pictures", "poster", "polaroid",
    "portrait", "postcard", "screen", "sketch", "snapshot", "statue", "tattoo", "television", "tv", "monitor",
    "video", "headline", "locket", "frame", "wanted",
];

/// Parts of somebody that make a portrait: a close shot of them is one of the person.
#[rustfmt::skip]
const PORTRAIT: &[&str] = &[
    "face", "faces", "eyes", "eye", "head", "profile", "expression", "smile", "lips", "mouth",
];
/// Parts of somebody, and what they wear: whose they are is there, and is no portrait.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "ankle", "arm", "arms", "back", "badge", "bag", "belt", "boot", "boots", "chest", "coat", "ear", "feet",
    "finger", "fingers", "fingertips", "fist", "fists", "foot", "gun", "hand", "hands", "hat", "heel", "heels",
    "knee", "knees", "knuckles", "leg", "legs", "neck", "nose", "palm", "ring", "shoe", "shoes", "shoulder",
    "sleeve", "stomach", "teeth", "thumb", "toes", "tongue", "watch", "wrist", "wrists", "hair", "tear", "tears",
];

/// Whether a thing is a picture of something else.
pub(super) fn is_picture(prop: &str) -> bool {
    prose::tokens(prop)
        .iter()
        .any(|word| PICTURES.contains(&word.as_str()))
}

impl Walk<'_> {
    /// Reads a sentence, the next one of the scene.
    pub(super) fn tell(&mut self, sentence: &str, from: usize, to: usize) -> Told {
        let (mut who, extras, aim) = match aim::read(sentence) {
            Some(aimed) => self.aimed(&aimed),
            None => {
                let reading = self.reader.read_closely(sentence);
                let begins = reading.begins();
                if prose::lacks_subject(sentence) {
                    // "Picks up the shotgun.": whoever the sentence before is about.
                    let mut who: Vec<usize> = self.doer.into_iter().collect();
                    who.extend(reading.who.iter().filter(|one| Some(**one) != self.doer));
                    (who, reading.extras, None)
                } else {
                    if !prose::is_fragment(sentence) || begins.is_some() {
                        self.doer = begins;
                    }
                    (reading.who, reading.extras, None)
                }
            }
        };
        who.truncate(crate::cast::MOST_PEOPLE);
        let words = prose::tokens(sentence);
        let postures = self.postures(sentence, &who);
        Told {
            text: sentence.to_owned(),
            words,
            who,
            extras,
            from,
            to,
            aim,
            postures,
        }
    }

    /// Whom a text that aims the camera shows, and what it is aimed at.
    pub(super) fn aimed(
        &mut self,
        aimed: &aim::Aimed<'_>,
    ) -> (Vec<usize>, Vec<Extra>, Option<Target>) {
        if aimed.kind == AimKind::Pov {
            let owner = aimed
                .owner
                .map(|owner| self.reader.read(owner))
                .unwrap_or_default();
            let Reading {
                mut who, extras, ..
            } = self.reader.read_closely(aimed.rest);
            who.retain(|one| !owner.contains(one));
            let target = Target {
                trigger: Some(Trigger::Pov),
                prop: None,
            };
            return (who, extras, Some(target));
        }
        let (person, owner) = self.owner(aimed.thing);
        let noun = aim::noun(aimed.thing);
        let last = noun.split(' ').next_back().unwrap_or_default();
        let of_somebody = owner && PARTS.contains(&last);
        let portrait = person || owner && PORTRAIT.contains(&last);
        if portrait || aimed.kind == AimKind::Angle || noun.is_empty() {
            let reading = self.reader.read_closely(aimed.rest);
            return (reading.who, reading.extras, None);
        }
        // What a photograph shows is not in the scene.
        let who = if of_somebody {
            self.reader.read(aimed.thing)
        } else {
            Vec::new()
        };
        let target = Target {
            trigger: Some(Trigger::Insert),
            prop: Some(noun),
        };
        (who, Vec::new(), Some(target))
    }

    /// Whether a phrase means a person, and whether it means something of a person's: `KARL`, `KARL'S
    /// HAND`, `his face`.
    fn owner(&self, thing: &str) -> (bool, bool) {
        let words = prose::words(thing);
        let pronoun = words
            .first()
            .is_some_and(|word| matches!(word.lower().as_str(), "his" | "her" | "their"));
        if pronoun && words.len() > 1 {
            return (false, true);
        }
        let named = self.reader.named(thing);
        let possessive = words.iter().rposition(|word| word.possessive);
        match possessive {
            Some(at) if at + 1 < words.len() => (false, !named.is_empty()),
            _ => {
                let pronoun = words.len() == 1
                    && words.first().is_some_and(|word| {
                        matches!(word.lower().as_str(), "him" | "her" | "them" | "both")
                    });
                // "The letter from Karl" is a letter: the name has to come before any such word.
                let head = prose::words(&thing[..before_of(thing)]).len();
                let first = self.reader.named(&thing[..before_of(thing)]);
                (pronoun || head > 0 && !first.is_empty(), false)
            }
        }
    }

    /// Whether a sentence tells nothing that a picture shows: it remarks on something, or speaks of what
    /// "we" who watch know.
    pub(super) fn is_remark(&self, told: &Told, directions: &[Direction]) -> bool {
        if told.aim.is_some() || told.words.len() < 2 {
            return false;
        }
        let named = |word: &str| self.names.spellings().contains_key(word);
        // "Does she really mean it?" is asked of the reader.
        let asks = told.text.ends_with('?') && !told.text.contains(['"', '“', ':']);
        if asks || prose::is_remark(&told.text, &named) {
            return true;
        }
        let ours = told
            .words
            .iter()
            .any(|word| matches!(word.as_str(), "we" | "us" | "our" | "you"));
        ours && super::paragraph::directions(&told.text, directions).is_empty()
            && prose::prompt_sentence(&told.text, self.names.spellings()).is_none()
    }

    /// Whether it is people who do what a phrase of a sentence says: somebody is named before it, and the
    /// sentence is about them.
    pub(super) fn acts(&self, told: &Told, phrase: &Phrase) -> bool {
        const GROUPS: &[&str] = &["he", "she", "they", "both", "everyone", "everybody", "all"];
        let Some(at) = phrase
            .position(&told.words)
            .filter(|_| !told.who.is_empty())
        else {
            return false;
        };
        let head = &told.words[..at];
        let words = prose::words(&told.text);
        let before = words.get(at).map_or("", |word| &told.text[..word.start]);
        let other = head
            .first()
            .is_some_and(|word| matches!(word.as_str(), "it" | "this" | "that"));
        // A sentence without a subject is about the one before it: "Smiles."
        !other
            && (head.is_empty()
                || head
                    .iter()
                    .any(|word| GROUPS.contains(&word.as_str()) || self.is_name(word))
                || !self.reader.named(before).is_empty())
    }

    /// The thing that a sentence is about alone: "The doorknob is ancient brass.", "A hand comes out of the dark.", "Two
    /// pairs of boots, over the edge."
    pub(super) fn detail_of(&self, told: &Told) -> Option<String> {
        let subject = told
            .text
            .split(&[',', ';', ':', '.'][..])
            .next()
            .unwrap_or(&told.text);
        let words = prose::words(subject);
        let lower: Vec<String> = words.iter().map(prose::Word::lower).collect();
        let is = lower
            .iter()
            .skip(1)
            .position(|word| IS.contains(&word.as_str()))
            .map(|at| at + 1);
        // "Two pairs of boots": of a pair what it is one of.
        let from = match lower
            .iter()
            .take(4)
            .position(|word| PAIRS.contains(&word.as_str()))
        {
            Some(at) if lower.get(at + 1).is_some_and(|word| word == "of") => at + 2,
            _ => 0,
        };
        // The noun that the verb belongs to: of "the glass and concrete structure rises" the structure.
        let joint = lower[from..]
            .iter()
            .position(|word| BEHIND_A_NOUN.contains(&word.as_str()))
            .map(|at| from + at);
        let small = || {
            let verb = (from + 1..words.len()).find(|&at| is_verb(&words[at]));
            let end = joint.into_iter().chain(verb).min().unwrap_or(words.len());
            let head = lower.get(end.checked_sub(1)?)?;
            let known = SMALL.contains(&head.as_str()) || PARTS.contains(&head.as_str());
            (known && end <= from + 4).then(|| head.clone())
        };
        if lower.iter().take(from + 4).any(|word| word == "and") {
            return None;
        }
        let Some(verb) = is else {
            return small();
        };
        let end = joint.filter(|at| *at < verb).unwrap_or(verb);
        let head = lower.get(end.checked_sub(1)?)?;
        if end > 4 {
            return None;
        }
        let text = &told.text[..words[end - 1].end];
        breakdown::props_in(text, &[], self.cast)
            .into_iter()
            .map(|prop| prop.name)
            .find(|name| name == head)
            .or_else(small)
    }

    /// The thing that a sentence has in somebody's hand or on a screen: one that is not part of another
    /// thing's name, as the glass of a glass door.
    pub(super) fn thing_in(&self, told: &Told) -> Option<String> {
        let words = prose::words(&told.text);
        breakdown::props_in(&told.text, &told.who, self.cast)
            .into_iter()
            .map(|prop| prop.name)
            .find(|name| {
                words
                    .iter()
                    .enumerate()
                    .any(|(at, word)| word.lower() == *name && is_head(&told.text, &words, at))
            })
    }
}

/// Words for several of one kind.
const PAIRS: &[&str] = &[
    "pair", "pairs", "row", "rows", "set", "bunch", "handful", "fistful",
];

/// Things too small for a wide shot that no list of props has.
#[rustfmt::skip]
const SMALL: &[&str] = &[
    "ant", "ants", "bee", "blade", "bolt", "bolts", "buckle", "bug", "butterfly", "catch", "clasp", "cork", "droplet", "egg", "ember", "embers",
    "feather", "fly", "fuse", "gauge", "handle", "hinge", "insect", "knob", "knot", "latch", "leaf", "lever", "lid", "lock", "moth", "mouse", "nail",
    "nails", "needle", "nut", "pedal", "pedals", "petal", "pin", "plug", "ratchet", "rung", "screw", "screws", "seed", "snail", "socket", "spark",
    "sparks", "spider", "spoon", "spring", "stamp", "strap", "string", "switch", "thread", "tooth", "trigger", "valve", "wick", "wire", "zipper",
];

/// Whether a word looks like the verb of a thing: "a hand comes".
fn is_verb(word: &prose::Word<'_>) -> bool {
    let lower = word.lower();
    let plural = SMALL.contains(&lower.as_str()) || PARTS.contains(&lower.as_str());
    lower.len() > 3 && lower.ends_with('s') && !lower.ends_with("ss") && !word.possessive && !plural
}

/// Verbs that say how or where a thing is.
#[rustfmt::skip]
const IS: &[&str] = &[
    "is", "are", "lies", "sits", "stands", "hangs", "rests", "reads", "shows", "says", "glows", "gleams", "glints",
    "rings", "ticks", "buzzes", "vibrates", "falls", "drops", "rolls", "shatters", "breaks", "burns", "flickers",
    "blinks", "spins", "turns", "opens", "closes", "swings", "floats", "slides", "slips", "trembles", "shakes",
    "rattles", "lands", "bears", "has", "holds", "contains", "strikes",
];

/// Words behind the noun that a phrase is about.
#[rustfmt::skip]
const BEHIND_A_NOUN: &[&str] = &[
    "of", "with", "in", "on", "at", "from", "under", "behind", "between", "inside", "by", "for", "to", "that",
    "which", "near", "over", "beside",
];

/// Whether a word is the noun of its phrase and no part of another's name: nothing follows in its clause
/// but a verb, a preposition or the like.
fn is_head(text: &str, words: &[prose::Word<'_>], at: usize) -> bool {
    const AFTER: &[&str] = &[
        "a",
        "about",
        "across",
        "against",
        "an",
        "and",
        "around",
        "as",
        "at",
        "away",
        "back",
        "before",
        "behind",
        "beside",
        "between",
        "but",
        "by",
        "carefully",
        "down",
        "for",
        "from",
        "gently",
        "he",
        "her",
        "his",
        "in",
        "inside",
        "into",
        "it",
        "its",
        "like",
        "near",
        "next",
        "of",
        "off",
        "on",
        "onto",
        "open",
        "or",
        "out",
        "over",
        "past",
        "quickly",
        "she",
        "slowly",
        "so",
        "that",
        "the",
        "their",
        "then",
        "they",
        "through",
        "to",
        "toward",
        "towards",
        "under",
        "until",
        "up",
        "where",
        "which",
        "while",
        "who",
        "with",
        "without",
        "reading",
        "showing",
        "marked",
        "lying",
        "hanging",
    ];
    let Some(next) = words.get(at + 1) else {
        return true;
    };
    let between = &text[words[at].end..next.start];
    if words[at].possessive {
        return false;
    }
    if between.trim() != "" {
        return !between.starts_with('-');
    }
    let next = next.lower();
    AFTER.contains(&next.as_str()) || IS.contains(&next.as_str())
}

/// Where in a phrase what belongs to its noun begins: `the letter` of `the letter from Karl`.
fn before_of(thing: &str) -> usize {
    [
        " of ", " with ", " in ", " on ", " at ", " from ", " under ", " behind ", " by ",
        " that ", " who ",
    ]
    .iter()
    .filter_map(|word| thing.to_ascii_lowercase().find(word))
    .min()
    .unwrap_or(thing.len())
}
