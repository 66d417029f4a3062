//! Clothes that are taken off, torn, or mentioned as somebody's: "takes off his cap", "her good coat
//! tears", "pulls a gun out of his clown suit", "with a buzz cut and paratrooper gear, Edward squats".

use super::bearers::{Found, Line, WITHOUT};
use super::conditions::{Does, Done};
use crate::cast::{How, garment_phrase, is_clothing, is_feature};
use crate::prose;
use crate::words::Lasts;

/// Clothes that are all that somebody wears.
#[rustfmt::skip]
const WHOLE: &[&str] = &[
    "suit", "dress", "gown", "uniform", "costume", "robe", "robes", "overalls", "coveralls", "tuxedo", "tux", "pajamas", "pyjamas",
    "scrubs", "armor", "armour", "jumpsuit", "kimono", "habit", "nightgown", "spacesuit", "gear", "bathrobe", "fatigues", "rags",
    "outfit", "garb", "swimsuit", "bikini", "underwear", "leotard", "livery", "sari", "toga", "wetsuit",
];

/// Words behind which a garment is on whoever it belongs to.
#[rustfmt::skip]
const ON_THEM: &[&str] = &[
    "of", "in", "inside", "from", "under", "beneath", "on", "into", "adjusts", "smooths", "straightens", "buttons", "unbuttons",
    "zips", "unzips", "tugs", "brushes", "gathers", "hikes", "loosens", "tightens", "fiddles", "wipes", "dusts", "tips",
];
const OFF_VERBS: &[&str] = &["removes", "sheds", "doffs", "loses"];
const TAKES: &[&str] = &[
    "takes", "pulls", "peels", "strips", "kicks", "slips", "throws", "tears", "rips", "whips",
    "shrugs", "yanks",
];
const STEPS: &[&str] = &[
    "steps",
    "slips",
    "climbs",
    "wriggles",
    "gets",
    "changes",
    "struggles",
    "squirms",
];
const TEARS: &[&str] = &[
    "tears", "rips", "splits", "shreds", "torn", "ripped", "shredded",
];

/// Of these it tells nothing that somebody wears some.
const PLAIN: &[&str] = &[
    "clothes",
    "shoes",
    "shirt",
    "trousers",
    "pants",
    "boots",
    "underwear",
    "top",
    "sleeve",
];

/// So many words may stand between a possessive and its garment.
const DESCRIBED: usize = 3;

/// What comes to the clothes that are worn.
#[rustfmt::skip]
const ADDED: &[&str] = &[
    "hat", "cap", "glasses", "sunglasses", "gloves", "scarf", "mask", "helmet", "headphones", "watch", "necklace", "goggles",
    "shoes", "boots", "belt", "badge", "earrings", "apron", "backpack", "beanie", "hood", "wig", "crown", "veil", "slippers",
    "sandals", "sneakers", "visor", "tie", "bowtie", "holster", "harness", "headset", "earpiece", "mittens", "bracelet",
];

/// Whether a garment comes to others that are worn.
pub(super) fn is_added(clothes: &str) -> bool {
    let last = prose::last_word(clothes).map(|word| word.lower());
    last.is_some_and(|word| ADDED.contains(&word.as_str()))
}

/// The garment that a tag says is on: `cap` of `with a red cap on`.
pub(super) fn put_on(tag: &str) -> Option<&str> {
    let worn = tag
        .strip_prefix("wearing ")
        .or_else(|| tag.strip_prefix("with ")?.strip_suffix(" on"))?;
    worn.rsplit(' ').next()
}

/// Whether a tag says that this garment is on, or what became of it.
pub(super) fn is_of(tag: &str, garment: &str) -> bool {
    put_on(tag) == Some(garment) || tag == format!("{garment} torn")
}

impl Line<'_> {
    /// Who does what causes a state.
    pub(super) fn does(&self, does: &Does) -> Option<usize> {
        let at = (0..self.words.len()).find(|at| {
            does.verbs.contains(&self.word(*at))
                && does.ways.contains(&self.word(at + 1))
                && (at + 2..at + 6).any(|noun| {
                    does.nouns.contains(&self.word(noun))
                        && !(at + 2..=noun).any(|between| self.breaks(between))
                        && self.ends_phrase(noun)
                })
        })?;
        self.subject(at, 1)
    }

    /// To whom something does it.
    pub(super) fn done_to(&self, done: &Done) -> Option<usize> {
        let verb = (1..self.words.len()).find(|at| {
            done.verbs.contains(&self.word(*at))
                && (at.saturating_sub(3)..*at).any(|noun| done.nouns.contains(&self.word(noun)))
        })?;
        let whom = self
            .reading
            .mentions
            .iter()
            .find(|one| one.at == verb + 1)?;
        matches!(whom.how, How::Named | How::Other).then_some(whom.who)
    }

    /// Whether a noun is not part of a longer one: `the river`, not `the river bank`.
    fn ends_phrase(&self, noun: usize) -> bool {
        let next = self.word(noun + 1);
        next.is_empty()
            || self.breaks(noun + 1)
            || crate::cast::is_small(next)
            || next.ends_with("ing")
    }

    /// What a sentence does to clothes, and which it mentions.
    pub(super) fn garments(&self) -> Vec<Found> {
        let mut found = self.opening();
        found.extend(self.worn_now());
        for at in 0..self.words.len() {
            if !is_clothing(self.word(at)) || !self.ends_garment(at) {
                continue;
            }
            let Some(from) = (at.saturating_sub(DESCRIBED + 1)..at)
                .rev()
                .find(|from| self.owns(*from) || self.word(*from) == "the")
            else {
                continue;
            };
            let garment = self.word(at).to_owned();
            let before = from.checked_sub(1).map_or("", |before| self.word(before));
            let earlier = from.checked_sub(2).map_or("", |before| self.word(before));
            let behind = self.word(at + 1);
            // "Steps out of her sandals", but not "pulls a gun out of his suit".
            let out = before == "of"
                && earlier == "out"
                && from
                    .checked_sub(3)
                    .is_some_and(|verb| STEPS.contains(&self.word(verb)));
            let off = out
                || before == "off" && TAKES.contains(&earlier)
                || behind == "off" && TAKES.contains(&before)
                || OFF_VERBS.contains(&before);
            if off {
                let verb = from - 1 - usize::from(before == "off") - 2 * usize::from(out);
                if let Some(who) = self.subject(verb, 1) {
                    found.push(told(who, format!("{WITHOUT}{garment}"), true));
                }
                continue;
            }
            let Some(who) = self.owner_at(from) else {
                continue;
            };
            let is = matches!(behind, "is" | "gets");
            let torn = TEARS.contains(&behind)
                || is && TEARS.contains(&self.word(at + 2))
                || TEARS.contains(&before);
            if torn {
                found.push(told(who, format!("{garment} torn"), true));
            } else if ON_THEM.contains(&before)
                && garment != "clothes"
                && (at > from + 1 || !PLAIN.contains(&self.word(at)))
                && !self.lower[from + 1..at]
                    .iter()
                    .any(|word| crate::cast::is_small(word))
            {
                let text = self.lower[from + 1..=at].join(" ");
                let whole = WHOLE.contains(&garment.as_str());
                let article = super::garments::article(&text, &garment);
                let tag = if whole {
                    format!("wearing {article}{text}")
                } else {
                    format!("with {article}{text} on")
                };
                found.push(Found {
                    mentioned: true,
                    ..told(who, tag, false)
                });
            }
        }
        found
    }

    /// "With a buzz cut and paratrooper gear, Edward squats."
    fn opening(&self) -> Vec<Found> {
        let first = self.word(0);
        if !matches!(first, "with" | "in") {
            return Vec::new();
        }
        let Some(end) = (1..self.words.len().min(12)).find(|at| self.breaks(*at)) else {
            return Vec::new();
        };
        let subject = self.reading.mentions.iter().find(|one| one.at >= end);
        let Some(one) =
            subject.filter(|one| one.at <= end + 1 && matches!(one.how, How::Named | How::Subject))
        else {
            return Vec::new();
        };
        let parts = self.lower[1..end].split(|word| word == "and");
        parts
            .filter_map(|part| {
                let last = part.last()?;
                let cut = part.windows(2).any(|two| {
                    two[1] == "cut" && matches!(two[0].as_str(), "buzz" | "crew" | "bowl")
                });
                let text = part.join(" ");
                let tag = if cut || is_feature(last) && part.len() > 1 {
                    format!("with {text}")
                } else if is_clothing(last) {
                    format!("wearing {text}")
                } else {
                    return None;
                };
                Some(told(one.who, tag, false))
            })
            .collect()
    }

    /// "Below it Priya, in pyjamas, eats toast." Where she is introduced it is part of her look already.
    fn worn_now(&self) -> Vec<Found> {
        let mentions = self.reading.mentions.iter();
        let seen = mentions.filter(|one| matches!(one.how, How::Named));
        seen.filter_map(|one| {
            let last = self.words.get(one.at + one.len - 1)?;
            let rest = self.sentence.get(last.end..)?.strip_prefix(',')?;
            let rest = rest.trim_start();
            let rest = rest.strip_prefix("now ").unwrap_or(rest);
            let phrase = (!last.all_caps()).then(|| garment_phrase(rest)).flatten()?;
            let clothes = phrase
                .strip_prefix("in ")
                .or_else(|| phrase.strip_prefix("wearing "))
                .or_else(|| phrase.strip_prefix("dressed in "))?;
            let own = ["his ", "her ", "their "]
                .iter()
                .find_map(|own| clothes.strip_prefix(own));
            let tag = own.map_or_else(
                || format!("wearing {clothes}"),
                |clothes| {
                    let garment = clothes.rsplit(' ').next().unwrap_or(clothes);
                    format!("wearing {}{clothes}", article(clothes, garment))
                },
            );
            Some(told(one.who, tag, false))
        })
        .collect()
    }

    fn ends_garment(&self, at: usize) -> bool {
        !is_clothing(self.word(at + 1)) || self.breaks(at + 1)
    }

    /// Whether a word says whose what follows is.
    fn owns(&self, at: usize) -> bool {
        matches!(self.word(at), "his" | "her" | "their") || self.words[at].possessive
    }

    /// Whose the garment behind a word is.
    fn owner_at(&self, at: usize) -> Option<usize> {
        let here = |one: &&crate::cast::Mentioned| (one.at..one.at + one.len).contains(&at);
        let one = self.reading.mentions.iter().find(here)?;
        matches!(one.how, How::Other | How::NamedOwner).then_some(one.who)
    }
}

/// Clothes that nobody keeps on for longer than what they are for.
#[rustfmt::skip]
const FOR_A_WHILE: &[&str] = &[
    "pajama", "pajamas", "pyjama", "pyjamas", "nightgown", "nightshirt", "bathrobe", "robe", "swimsuit", "bikini", "trunks", "underwear",
    "underpants", "apron", "towel", "wetsuit", "helmet", "mask", "hospital",
];

fn told(who: usize, tag: String, caused: bool) -> Found {
    let brief = tag.split(' ').any(|word| FOR_A_WHILE.contains(&word));
    Found {
        who,
        tag,
        caused,
        ends: false,
        clothes: false,
        mentioned: false,
        lasts: if brief { Lasts::Scene } else { Lasts::Day },
    }
}

/// The article of a garment: `a `, `an `; none for what is several.
fn article(text: &str, garment: &str) -> &'static str {
    let several = garment.ends_with('s') && !garment.ends_with("ss")
        || matches!(
            garment,
            "gear" | "garb" | "armor" | "armour" | "underwear" | "makeup" | "denim" | "leather"
        );
    match text.chars().next() {
        _ if several => "",
        Some('a' | 'e' | 'i' | 'o' | 'u') => "an ",
        _ => "a ",
    }
}
