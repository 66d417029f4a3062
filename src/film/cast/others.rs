//! What a reader keeps in mind of a scene besides its cast: extras that a pronoun may mean, things that
//! `them` means, and who has left.

use std::collections::HashSet;

use super::extras::Extra;
use super::pronouns::{How, fits};
use super::reader::Reading;
use super::small_words::is_small;
use super::{Gender, is_for_people, is_of_body};
use crate::prose::{self, Word};
use crate::words::{Common, common};

/// See above.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// The one person without a name who acted last, until somebody of the cast who fits is named.
    person: Option<Extra>,
    /// Who acts under a name that no cue has, with whom the cast's sentence names: a pronoun that fits none of these
    /// means them.
    stranger: Option<Stranger>,
    /// The animal that was told of last.
    pub(super) animal: Option<Extra>,
    /// The several who acted last.
    pub(super) crowd: Option<Extra>,
    /// Whether somebody has several things in hand: "them" are these.
    things: bool,
    left: HashSet<usize>,
}

/// "Bosco nudges Maya's hand.": he is no character of the script, and yet "him" is not whoever was there before.
#[derive(Debug)]
struct Stranger {
    /// The place of the name; after the sentence it is over.
    at: usize,
    /// The pronouns of the cast that the sentence names.
    others: Vec<Gender>,
}

/// What is done to things.
#[rustfmt::skip]
const HANDLING: &[&str] = &[
    "hands", "throws", "tosses", "ties", "tying", "takes", "puts", "drops", "lays", "sets", "gives", "picks", "pulls", "pours",
    "passes", "spreads", "folds", "opens", "closes", "reads", "counts", "stacks", "piles", "collects", "gathers", "sorts",
    "shows", "holds", "lifts", "lights", "burns", "packs", "stuffs", "slides", "pockets", "flips", "tears", "cuts", "wipes",
    "cleans", "dries", "arranges", "places", "kicks", "swings", "shakes", "rips", "slips", "pins", "hangs", "unties", "loads",
    "puts", "studies", "examines",
];

/// Verbs of leaving.
const LEAVES: &[&str] = &[
    "exits",
    "exit",
    "departs",
    "vanishes",
    "disappears",
    "leaves",
    "leave",
];
/// Verbs that leave with one of `AWAY` behind them.
#[rustfmt::skip]
const GOES: &[&str] = &[
    "walks", "goes", "storms", "runs", "rushes", "hurries", "drives", "rides", "heads", "strides", "slips", "marches", "steps",
    "stalks", "staggers", "strolls", "races", "bolts", "sneaks", "wanders", "shuffles", "waddles", "limps", "scurries",
    "sprints", "dashes", "flees", "ducks", "backs", "moves", "speeds", "pedals", "rolls", "gallops", "sails", "trots", "is",
];
const AWAY: &[&str] = &["out", "off", "away", "outside", "upstairs", "home"];
/// "back inside", "down the front steps": who goes there has left, too.
const DOWN: &[&str] = &[
    "steps", "stairs", "street", "hall", "hallway", "corridor", "road", "path", "driveway",
    "sidewalk",
];
/// "Leaves a note" leaves nobody.
const NOT_LEFT: &[&str] = &[
    "a", "an", "his", "their", "no", "nothing", "only", "two", "some", "him", "it", "behind", "for",
];

impl Others {
    /// Begins a sentence. Returns the places of the pronouns in it that mean things.
    pub(super) fn begin(&mut self, lower: &[String]) -> Vec<usize> {
        let handled = |at: usize| {
            let from = at.saturating_sub(2);
            lower[from..at]
                .iter()
                .any(|word| HANDLING.contains(&word.as_str()))
        };
        let mut found = Vec::new();
        let mut held = self.things;
        for (at, word) in lower.iter().enumerate() {
            match word.as_str() {
                "they" if self.things && at == 0 => found.push(at),
                "them" if held && handled(at) => found.push(at),
                _ => {}
            }
            let from = at.saturating_sub(4);
            let taken = lower[from..at]
                .iter()
                .any(|word| HANDLING.contains(&word.as_str()));
            held |= taken && are_things(word);
        }
        self.things = held && (found.iter().any(|at| lower[*at] == "them") || !self.things);
        found
    }

    /// Notes an extra. `acts` tells that nobody of the cast whom its pronoun could mean stands before it
    /// in the sentence, `alone` that nobody does.
    pub(super) fn seen(&mut self, extra: &Extra, acts: bool, alone: bool) {
        match extra.gender {
            Gender::Neuter => self.animal = Some(extra.clone()),
            Gender::Plural if alone => self.crowd = Some(called_again(extra)),
            Gender::Plural => {}
            _ if acts => self.person = Some(called_again(extra)),
            _ => {}
        }
        if extra.gender == Gender::Neuter {
            self.animal = Some(called_again(extra));
        }
    }

    /// The person without a name whom a pronoun means, if it does. `lately` tells whether somebody of the
    /// cast who fits was in the latest sentences.
    pub(super) fn meant(&self, gender: Gender, lately: impl Fn() -> bool) -> Option<Extra> {
        let person = self.person.clone()?;
        let sure = person.gender == gender || person.gender == Gender::Unknown && !lately();
        sure.then_some(person)
    }

    /// Notes who acts in a sentence under a name that is nobody's of the cast.
    pub(super) fn meet(
        &mut self,
        sentence: &str,
        words: &[Word<'_>],
        taken: &dyn Fn(usize) -> bool,
    ) {
        let found = (0..words.len()).find(|at| {
            let known = common(&words[*at].lower()).is_some();
            !known && !taken(*at) && prose::is_acting_name(sentence, words, *at)
        });
        match (found, &mut self.stranger) {
            (Some(at), _) => {
                self.stranger = Some(Stranger {
                    at,
                    others: Vec::new(),
                });
            }
            // Of the sentence before: a pronoun anywhere may mean them.
            (None, Some(stranger)) => stranger.at = 0,
            (None, None) => {}
        }
    }

    /// Whether a singular pronoun at a place means who acts under a name that is nobody's of the cast. `here` are the
    /// genders of the cast that the sentence has named so far.
    pub(super) fn means_stranger(&self, gender: Gender, at: usize, here: &[Gender]) -> bool {
        let meant = |other: &Gender| fits(*other, gender);
        self.stranger.as_ref().is_some_and(|stranger| {
            stranger.at <= at && !stranger.others.iter().chain(here).any(meant)
        })
    }

    /// Somebody of the cast is named or speaks: pronouns mean them again.
    pub(super) fn returns(&mut self, who: usize, gender: Gender) {
        self.left.remove(&who);
        if let Some(stranger) = &mut self.stranger {
            stranger.others.push(gender);
        }
        let meant =
            |person: &Extra| fits(gender, person.gender) || person.gender == Gender::Unknown;
        if self.person.as_ref().is_some_and(meant) {
            self.person = None;
        }
    }

    /// Ends a sentence: who is in it, and who has left with it.
    pub(super) fn end(&mut self, lower: &[String], reading: &Reading, genders: Vec<Gender>) {
        let several = genders.len() >= 2 || genders.contains(&Gender::Plural);
        if several || !genders.is_empty() && reading.extras.is_empty() {
            self.crowd = None;
        }
        if !genders.is_empty()
            && reading
                .extras
                .iter()
                .all(|one| one.gender != Gender::Neuter)
        {
            self.animal = None;
        }
        for at in 0..lower.len() {
            if !goes(lower, at) {
                continue;
            }
            let subject = reading.mentions.iter().rfind(|one| {
                one.at + one.len <= at && matches!(one.how, How::Named | How::Subject)
            });
            if let Some(one) = subject {
                self.left.insert(one.who);
            }
        }
    }

    pub(super) fn has_left(&self, who: usize) -> bool {
        self.left.contains(&who)
    }
}

/// `a gunman` is `the gunman` when a pronoun means him.
fn called_again(extra: &Extra) -> Extra {
    Extra {
        shown: extra.again.clone(),
        ..extra.clone()
    }
}

/// Whether a word is for several things.
fn are_things(word: &str) -> bool {
    let plural = word.ends_with('s') && !word.ends_with("ss") && word.len() > 3;
    plural
        && !is_small(word)
        && !is_for_people(word)
        && (common(word) == Some(Common::Thing)
            || is_of_body(word)
            || super::is_clothing(word)
            || matches!(
                word,
                "keys"
                    | "laces"
                    | "papers"
                    | "cards"
                    | "letters"
                    | "photos"
                    | "files"
                    | "bills"
                    | "coins"
            ))
}

/// Whether the verb at a place says that somebody leaves.
fn goes(lower: &[String], at: usize) -> bool {
    let word = |at: usize| lower.get(at).map_or("", String::as_str);
    let verb = word(at);
    if LEAVES.contains(&verb) {
        let next = word(at + 1);
        return !(verb.starts_with("leave") && NOT_LEFT.contains(&next));
    }
    if !GOES.contains(&verb) {
        return false;
    }
    let next = word(at + 1);
    if verb == "is" {
        return next == "gone" && word(at + 2).is_empty()
            || next == "out" && matches!(word(at + 2), "the" | "of");
    }
    // "Out of the car" is a way in.
    let away = AWAY.contains(&next)
        && !(next == "out"
            && !matches!(word(at + 2), "" | "the" | "of" | "and" | "into" | "through")
            || matches!(next, "off" | "out")
                && matches!(word(at + 3), "car" | "truck" | "bed" | "water"));
    let out_of = next == "out" && word(at + 2) == "of";
    let back = next == "back" && matches!(word(at + 2), "inside" | "out" | "outside" | "in");
    let down = matches!(next, "down" | "up") && (at + 2..at + 6).any(|at| DOWN.contains(&word(at)));
    let vehicle = out_of
        && (at + 3..at + 6).any(|at| {
            matches!(
                word(at),
                "car" | "truck" | "van" | "bed" | "water" | "shadows" | "pool"
            )
        });
    away && !vehicle || back || down
}
