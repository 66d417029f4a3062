//! Whose a state is: only the one of whom the sentence says it.
//!
//! A word of a state stands before a name ("a drenched Will"), before a part of somebody ("her bloody
//! hands"), or says something of the subject ("Will, drenched, enters", "she is soaked"). Before
//! another noun (a muddy road, a bare foot) it tells of nobody.

use super::conditions::{State, states};
use crate::cast::{
    Cast, Gender, How, Mentioned, Reading, is_clothing, is_of_body, is_small, told_age,
};
use crate::prose::{self, Word};
use crate::words::Lasts;

/// A state found in a sentence.
pub(super) struct Found {
    pub(super) who: usize,
    pub(super) tag: String,
    pub(super) caused: bool,
    pub(super) ends: bool,
    /// Whether what is worn ends too.
    pub(super) clothes: bool,
    /// Whether it is only mentioned as theirs: it tells nothing new of who has it in their look.
    pub(super) mentioned: bool,
    pub(super) lasts: Lasts,
}

/// Between somebody and what is said of them: "is", "stands".
#[rustfmt::skip]
const LINKS: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "being", "gets", "looks", "stands", "sits", "lies", "comes", "enters",
    "emerges", "appears", "arrives", "returns", "remains", "kneels", "walks", "lying", "standing", "sitting", "kneeling",
    "turns", "staggers", "stumbles", "wakes", "dies", "runs", "waits",
];
/// Before a word of a state, making it more or less.
#[rustfmt::skip]
const DEGREES: &[&str] = &[
    "very", "all", "half", "buck", "stark", "soaking", "dripping", "still", "now", "already", "completely", "totally",
    "badly", "visibly", "quite", "too", "so", "thoroughly", "suddenly", "again", "both", "heavily", "slightly",
];
/// "bloody well", "torn between", "a dirty look": no state.
#[rustfmt::skip]
const IDIOMS: &[&str] = &["well", "between", "hell", "look", "joke", "word", "trick", "lyric"];
/// What is taken off is seen no more.
const OFF: &[&str] = &["changes", "changing", "removes", "strips", "off", "sheds"];
/// So many words may stand between a possessive and what is told of its noun.
const NEAR: usize = 4;

/// How the tag of what is taken off begins.
pub(super) const WITHOUT: &str = "without ";

/// How the tag of an age begins.
pub(super) const AGED: &str = "aged ";

/// One sentence with those it means.
pub(super) struct Line<'a> {
    pub(super) sentence: &'a str,
    pub(super) words: Vec<Word<'a>>,
    pub(super) lower: Vec<String>,
    pub(super) reading: &'a Reading,
    cast: &'a Cast,
}

/// The states that a sentence shows, causes or ends.
pub(super) fn find(sentence: &str, reading: &Reading, cast: &Cast) -> Vec<Found> {
    if reading.mentions.is_empty() {
        return Vec::new();
    }
    let words = prose::words(sentence);
    let line = Line {
        sentence,
        lower: words.iter().map(Word::lower).collect(),
        words,
        reading,
        cast,
    };
    let mut found = Vec::new();
    for (state, phrases) in states() {
        if let Some((at, len)) = line.position(&phrases.ends) {
            found.extend(line.subject(at, len).map(|who| ended(state, who)));
            continue;
        }
        let cause = line.position(&phrases.causes);
        let caused = cause.and_then(|(at, len)| line.subject(at, len));
        let caused = caused
            .or_else(|| line.does(state.does.as_ref()?))
            .or_else(|| line.done_to(state.done.as_ref()?));
        let shown = || {
            let (at, len) = line.position(&phrases.shows)?;
            line.bearer(at, len)
        };
        if let Some(who) = caused.or_else(shown) {
            found.push(Found {
                who,
                tag: state.tag.to_owned(),
                caused: caused.is_some(),
                ends: false,
                clothes: false,
                mentioned: false,
                lasts: state.lasts,
            });
        }
    }
    found.extend(line.worn());
    found.extend(line.garments());
    found.extend(line.ages());
    found
}

fn ended(state: &State, who: usize) -> Found {
    Found {
        who,
        tag: state.tag.to_owned(),
        caused: true,
        ends: true,
        clothes: state.ends_with_clothes(),
        mentioned: false,
        lasts: state.lasts,
    }
}

impl Line<'_> {
    fn position(&self, phrases: &[Vec<String>]) -> Option<(usize, usize)> {
        phrases.iter().find_map(|phrase| {
            let here = |window: &[String]| window == phrase.as_slice();
            let at = self.lower.windows(phrase.len().max(1)).position(here)?;
            Some((at, phrase.len()))
        })
    }

    pub(super) fn word(&self, at: usize) -> &str {
        self.lower.get(at).map_or("", String::as_str)
    }

    /// What stands before a word: from the word before it, or from the beginning.
    fn gap(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |before| self.words[before].end);
        let to = self
            .words
            .get(at)
            .map_or(self.sentence.len(), |word| word.start);
        &self.sentence[from..to]
    }

    /// Whether a clause begins at a word, or ends before it.
    pub(super) fn breaks(&self, at: usize) -> bool {
        at == 0
            || at >= self.words.len()
            || self
                .gap(at)
                .contains([',', ';', ':', '(', ')', '.', '!', '?', '—'])
            || self.gap(at).contains("--")
    }

    pub(super) fn mentions_before(&self, at: usize) -> impl Iterator<Item = &Mentioned> {
        let before = move |one: &&Mentioned| one.at + one.len <= at;
        self.reading.mentions.iter().filter(before)
    }

    /// Whether somebody is whom a clause is about: at its beginning, or after "and", "as", "who".
    fn is_subject(&self, one: &Mentioned) -> bool {
        const BEGIN: &[&str] = &[
            "and", "but", "then", "as", "while", "when", "now", "suddenly", "finally", "where",
            "until", "on", "reveal", "see", "sees", "find", "finds", "reveals", "find", "reveal",
            "is", "are", "was",
        ];
        match one.how {
            How::Subject => true,
            How::NamedOwner | How::Other => false,
            How::Named => {
                let mut at = one.at;
                // "The muddy Captain", "young Jenny"
                while at > 0
                    && !self.breaks(at)
                    && at + 4 > one.at
                    && !BEGIN.contains(&self.word(at - 1))
                {
                    let before = self.word(at - 1);
                    if is_small(before)
                        && !matches!(before, "the" | "a" | "an" | "old" | "young" | "poor")
                    {
                        return false;
                    }
                    at -= 1;
                }
                self.breaks(at) || BEGIN.contains(&self.word(at.wrapping_sub(1)))
            }
        }
    }

    /// Who does what the words at `at` say, if they do it to nobody else.
    pub(super) fn subject(&self, at: usize, len: usize) -> Option<usize> {
        if at > 0 && self.word(at - 1) == "who" {
            let before = self.mentions_before(at - 1).last()?;
            return (before.at + before.len == at - 1).then_some(before.who);
        }
        // "Her wounds have healed", "her bruises are gone"
        let owns = |one: &&Mentioned| {
            let to = one.at + one.len;
            let body = (to..at).any(|noun| is_of_body(self.word(noun)));
            let link = LINKS.contains(&self.word(at))
                || matches!(self.word(at), "has" | "have" | "healed");
            matches!(one.how, How::Other | How::NamedOwner)
                && (to == at && !link || body && link && one.at + NEAR >= at)
        };
        if let Some(one) = self.mentions_before(at).filter(owns).last() {
            return Some(one.who);
        }
        let one = self
            .mentions_before(at)
            .filter(|one| self.is_subject(one))
            .last()?;
        // "The gun in Rae's hand is shot": a passive stands beside its subject.
        let passive = matches!(self.word(at), "is" | "gets" | "has");
        if passive && at > one.at + one.len + 1 {
            return None;
        }
        self.fits(one.who, at, len).then_some(one.who)
    }

    /// Whether "his" or "her" in a phrase can be that person's.
    fn fits(&self, who: usize, at: usize, len: usize) -> bool {
        let gender = self.cast.characters[who].gender;
        self.lower[at..at + len]
            .iter()
            .all(|word| match word.as_str() {
                "his" | "himself" => gender != Gender::Female,
                "her" | "herself" => gender != Gender::Male,
                _ => true,
            })
    }

    /// Of whom a state is said.
    fn bearer(&self, at: usize, len: usize) -> Option<usize> {
        let end = at + len;
        if IDIOMS.contains(&self.word(end)) && !self.breaks(end) {
            return None;
        }
        if let Some(one) = self.named_after(end) {
            return Some(one);
        }
        // "Bare feet": the noun stands in the phrase itself.
        let own = |at: usize| is_of_body(self.word(at)) || is_clothing(self.word(at));
        let own_noun = own(at) || own(end - 1);
        if own_noun || self.is_before_noun(end) {
            return self.owner(at, end);
        }
        let doing = self.word(at).ends_with("ing");
        if doing
            && matches!(
                self.word(end),
                "the" | "a" | "an" | "his" | "her" | "its" | "their"
            )
        {
            return None;
        }
        self.told_of(at, end)
    }

    /// "A drenched Will", "a scratched and sweaty Edward".
    fn named_after(&self, end: usize) -> Option<usize> {
        let next = self.reading.mentions.iter().find(|one| one.at >= end)?;
        let between = &self.lower[end..next.at];
        let joins = between.is_empty()
            || between.len() <= 2 && between[0] == "and"
            || between.len() == 1
                && matches!(between[0].as_str(), "young" | "old" | "little" | "poor");
        let open = (end..=next.at).all(|at| !self.breaks(at));
        (next.how == How::Named && joins && open).then_some(next.who)
    }

    /// Whether what follows is a noun that the state is said of.
    fn is_before_noun(&self, end: usize) -> bool {
        let mut at = end;
        // "His muddy, bloody feet"
        while at < self.words.len()
            && at < end + 2
            && self.gap(at).trim() == ","
            && self.is_state(at)
        {
            at += 1;
        }
        if at > end {
            return is_of_body(self.word(at)) || is_clothing(self.word(at));
        }
        let word = self.word(end);
        !self.breaks(end)
            && !is_small(word)
            && !word.ends_with("ly")
            && !DEGREES.contains(&word)
            && !matches!(
                word,
                "already" | "again" | "from" | "head" | "beyond" | "except"
            )
    }

    fn is_state(&self, at: usize) -> bool {
        let word = self.word(at);
        states().any(|(_, phrases)| {
            phrases
                .shows
                .iter()
                .any(|shown| shown.len() == 1 && shown[0] == word)
        })
    }

    /// Whose the body or the clothes are that a state is said of: "her bloody hands".
    fn owner(&self, at: usize, end: usize) -> Option<usize> {
        let noun = (at..(end + 3).min(self.words.len()))
            .find(|at| is_of_body(self.word(*at)) || is_clothing(self.word(*at)))?;
        if is_clothing(self.word(noun))
            && self.lower[..at]
                .iter()
                .any(|word| OFF.contains(&word.as_str()))
        {
            return None;
        }
        let owner = self
            .mentions_before(at)
            .filter(|one| matches!(one.how, How::Other | How::NamedOwner))
            .last();
        if let Some(one) = owner.filter(|one| one.at + one.len + 2 >= at) {
            return Some(one.who);
        }
        // "On bare feet", "with a black eye"
        let with =
            (at.saturating_sub(2)..at).any(|at| matches!(self.word(at), "on" | "with" | "in"));
        let article = at > 0 && matches!(self.word(at - 1), "a" | "an");
        let subject = self
            .mentions_before(at)
            .filter(|one| self.is_subject(one))
            .last();
        subject
            .filter(|_| {
                with && (article || self.word(noun).ends_with('s') || self.word(noun) == "feet")
            })
            .map(|one| one.who)
    }

    /// Whom a state without a noun is said of.
    fn told_of(&self, at: usize, end: usize) -> Option<usize> {
        // Back over "very", "still" and "shoeless and".
        let mut from = at;
        while from > 0 && !self.breaks(from) {
            let before = self.word(from - 1);
            let listed = before == "and" && from > 1 && !self.mentioned(from - 2);
            if DEGREES.contains(&before) || before.ends_with("ly") {
                from -= 1;
            } else if listed {
                from -= 2;
            } else {
                break;
            }
        }
        let last = self.mentions_before(from + 1).last();
        // "His teeth bloody", "her dress is soaked"
        if let Some(one) = last
            && matches!(one.how, How::Other | How::NamedOwner)
            && one.at + one.len + NEAR > from
            && (one.at + one.len..from)
                .any(|noun| is_of_body(self.word(noun)) || is_clothing(self.word(noun)))
        {
            return Some(one.who);
        }
        let subject = self
            .mentions_before(from + 1)
            .filter(|one| self.is_subject(one))
            .last();
        let Some(one) = subject else {
            // "Bruised and bandaged, Edward sorts the mail."
            let next = self.reading.mentions.iter().find(|one| one.at >= end)?;
            let opens = from == 0 && self.gap(next.at).contains(',') && next.at <= end + 3;
            return (opens && next.how != How::Other).then_some(next.who);
        };
        let beside = one.at + one.len == from;
        let linked = from > 0 && LINKS.contains(&self.word(from - 1)) && last == Some(one);
        // "Stands in the doorway, soaked."
        let trails = self.breaks(from) && self.breaks(end) && last == Some(one);
        // "She's soaked"
        let short = one.how == How::Subject && one.at + 1 == from;
        (beside || linked || trails || short).then_some(one.who)
    }

    fn mentioned(&self, at: usize) -> bool {
        let here = |one: &Mentioned| (one.at..one.at + one.len).contains(&at);
        self.reading.mentions.iter().any(here)
    }

    /// "Rae, wearing all black", "she wears a gown", "dons a suit": the clothes from now on.
    fn worn(&self) -> Option<Found> {
        let (at, from) = (0..self.words.len()).find_map(|at| {
            let from = match (self.word(at), self.word(at + 1)) {
                ("wearing" | "wears" | "dons", _) => at + 1,
                ("dressed" | "clad", "in")
                | ("puts" | "pulls", "on")
                | ("changes" | "slips", "into") => at + 2,
                ("in", "a" | "an" | "his" | "her") if self.after_name(at) => at + 1,
                _ => return None,
            };
            Some((at, from))
        })?;
        let clothes = self.clothes(from)?;
        let who = match self.word(at) {
            "wears" | "dons" | "puts" | "pulls" | "changes" | "slips" => self.subject(at, 1)?,
            "in" => self.mentions_before(at).last()?.who,
            _ => self.told_of(at, from)?,
        };
        let put_on = matches!(self.word(at), "puts" | "pulls" | "slips" | "dons");
        let added = put_on && super::garments::is_added(&clothes);
        let tag = if added {
            format!("with {clothes} on")
        } else {
            format!("wearing {clothes}")
        };
        Some(Found {
            who,
            tag,
            caused: true,
            ends: false,
            clothes: !added,
            mentioned: false,
            lasts: Lasts::Scene,
        })
    }

    /// "Will (29)": of those whom the script shows at several ages, the one told here.
    fn ages(&self) -> impl Iterator<Item = Found> {
        self.reading.mentions.iter().filter_map(|one| {
            let character = &self.cast.characters[one.who];
            let end = self.words[one.at + one.len - 1].end;
            let age = told_age(&self.sentence[end..])
                .filter(|_| character.ages_vary && one.how == How::Named)?;
            let tag = format!("{AGED}{age}");
            Some(Found {
                who: one.who,
                tag,
                caused: true,
                ends: false,
                clothes: false,
                mentioned: false,
                lasts: Lasts::Scene,
            })
        })
    }

    /// Whether "in a red dress" stands right after a name.
    fn after_name(&self, at: usize) -> bool {
        let last = self.mentions_before(at).last();
        last.is_some_and(|one| {
            one.at + one.len == at && matches!(one.how, How::Named | How::Subject)
        })
    }

    /// The clothes that are told from a word on, up to what is no more of them.
    fn clothes(&self, from: usize) -> Option<String> {
        const STOPS: &[&str] = &[
            "as", "while", "with", "when", "that", "which", "who", "over", "under", "but", "is",
            "has",
        ];
        /// Longer clothes are none.
        const MOST: usize = 8;
        let mut to = from;
        while to < self.words.len() && to - from <= MOST {
            let stops = STOPS.contains(&self.word(to))
                || self.word(to) == "and"
                    && matches!(self.word(to + 1), "is" | "has" | "he" | "she");
            if to > from && (self.breaks(to) || stops) {
                break;
            }
            to += 1;
        }
        // What follows the clothes is what is done in them.
        let last = (from..to).rev().find(|at| is_clothing(self.word(*at)))?;
        if to - from > MOST || to - last > 4 {
            return None;
        }
        let to = if self.word(last + 1) == "of" {
            to
        } else {
            last + 1
        };
        let first = matches!(self.word(from), "his" | "her" | "their");
        let start = from + usize::from(first);
        let text =
            self.sentence[self.words.get(start)?.start..self.words[to - 1].end].to_lowercase();
        let alone = first && to == start + 1 && !text.ends_with('s');
        let text = if alone { format!("a {text}") } else { text };
        (!prose::dangling(&text, prose::Ending::Whole)).then_some(text)
    }
}
