//! Whom of the cast a word means that is no name: who was named last, who is alone of a gender, the last two.

use super::matcher::Mention;
use super::pronouns::{How, fits};
use super::reader::{Reader, Reading};
use super::small_words::is_small;
use super::{Gender, NameKind};
use crate::prose::Word;

/// In so many latest sentences must be whom "they" means together, if no sentence had both.
const LATELY: usize = 3;

/// Behind somebody else who is named in it, so many words of a sentence bring it back to whom it is about.
const BACK: usize = 4;

/// What turns a sentence to whom it names last: "Priya looks at Meena. She smiles."
#[rustfmt::skip]
const TURNS: &[&str] = &[
    "looks", "sees", "spots", "notices", "finds", "watches", "stares", "glances", "gazes", "eyes", "studies", "recognizes", "recognises",
    "reveals", "faces", "joins",
];

impl Reading {
    /// Whom the sentence is about, if it begins with them.
    pub fn begins(&self) -> Option<usize> {
        let first = self.mentions.first()?;
        let about = matches!(first.how, How::Named | How::Subject);
        (about && first.at <= 2).then_some(first.who)
    }

    /// Whom "she" at the beginning of the next sentence means by this one; `before` is whom this one's meant.
    pub(super) fn stays(&self, words: &[String], before: Option<usize>) -> Option<usize> {
        if self.mentions.is_empty() {
            return before.filter(|_| words.len() < BACK);
        }
        let about = self.begins()?;
        let turns = words.iter().any(|word| TURNS.contains(&word.as_str()));
        let other = self.mentions.iter().rev().find(|one| one.who != about);
        let back = other.is_none_or(|other| {
            !turns && words.len() - (other.at + other.len).min(words.len()) >= BACK
        });
        back.then_some(about)
    }
}

impl Reader<'_> {
    /// Whom a pronoun that begins a sentence means, if the last one was about them and stayed with them: "She lays
    /// Wren on the bed and takes off her shoes. She sits."
    pub(super) fn goes_on(&self, wanted: Gender, how: How, before: &[String]) -> Option<usize> {
        let begins = how == How::Subject && before.iter().all(|word| is_small(word));
        self.subject.filter(|who| {
            begins && self.cast.characters[*who].gender == wanted && !self.has_left(*who)
        })
    }

    /// Of a sentence with both "his" and "her": the last one who is known to be of that gender.
    pub(super) fn last_certain(&self, wanted: Gender, words: &[String]) -> Option<usize> {
        let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
        let both = has(&["he", "him", "his"]) && has(&["she", "her", "hers"]);
        both.then(|| self.last_known(wanted, &[])).flatten()
    }

    /// Notes of whom the action tells first as of somebody known: "A shadow falls over Noor.", not "Noor
    /// comes in."
    pub(super) fn know(&mut self, mention: &Mention, words: &[Word<'_>]) {
        let [(who, _)] = mention.who[..] else {
            return;
        };
        let named = self.cast.characters[who].kind == NameKind::Named;
        if !named || self.met.contains(&who) {
            return;
        }
        let begins = words[..mention.at]
            .iter()
            .all(|word| word.capitalised() || word.text == "and");
        if !begins || words[mention.at + mention.len - 1].possessive {
            self.known.push(who);
        }
        self.met.insert(who);
    }

    /// Whom a name means: whose whole name it is, unless only they at another age are in the scene.
    /// A part of a name means its only bearer, or the only one who is in the scene; a noun the one
    /// in the scene who was last spoken of.
    pub(super) fn choose(&self, mention: &Mention) -> Option<usize> {
        let recent = |who: usize| self.recent.iter().position(|&other| other == who);
        let latest = |all: &mut dyn Iterator<Item = usize>| {
            all.max_by_key(|&one| {
                let last = recent(one).map_or(0, |at| at + 1);
                let speaks = self.cast.characters[one].speaks;
                (self.active(one), last, speaks, std::cmp::Reverse(one))
            })
        };
        let all = || mention.who.iter().map(|(who, _)| *who);
        let whole = || {
            mention
                .who
                .iter()
                .filter(|(_, whole)| *whole)
                .map(|(who, _)| *who)
        };
        if let Some(one) = latest(&mut whole()) {
            let at_other_age =
                |who: &usize| self.active(*who) && self.names.age_of(*who) == Some(one);
            let older = all().filter(at_other_age);
            let other = latest(&mut older.filter(|_| !self.active(one)));
            return Some(other.unwrap_or(one));
        }
        if let [(only, _)] = mention.who[..] {
            return Some(only);
        }
        if mention.noun {
            return latest(&mut all());
        }
        let mut active = all().filter(|who| self.active(*who));
        active.next().filter(|_| active.next().is_none())
    }

    /// The genders of those whom a sentence has shown so far.
    pub(super) fn genders(&self, out: &Reading) -> Vec<Gender> {
        let gender = |who: &usize| self.cast.characters[*who].gender;
        out.who.iter().map(gender).collect()
    }

    /// Whether somebody of that gender was in one of the two latest sentences.
    pub(super) fn lately(&self, wanted: Gender) -> bool {
        let mut last = self.units.iter().rev().take(2).flatten();
        last.any(|who| fits(self.cast.characters[*who].gender, wanted))
    }

    pub(super) fn last(&self, wanted: Gender) -> Option<usize> {
        // Of whom nothing is known may be meant only where nobody is known to fit.
        let fitting = |who: &usize| fits(self.cast.characters[*who].gender, wanted);
        let latest = self.recent.iter().rev().copied().find(fitting);
        let told = self.units.iter().rev().find(|unit| !unit.is_empty());
        let fresh = latest.filter(|who| told.is_some_and(|unit| unit.contains(who)));
        fresh.or_else(|| self.last_known(wanted, &[])).or(latest)
    }

    /// The last fitting one who does not act in the sentence; who is alone of the gender, of old.
    pub(super) fn last_but(&self, wanted: Gender, subject: Option<usize>) -> Option<usize> {
        let fitting =
            |who: &usize| fits(self.cast.characters[*who].gender, wanted) && Some(*who) != subject;
        let other = self.recent.iter().rev().copied().find(fitting);
        let acts = subject.is_some_and(|who| self.cast.characters[who].gender == wanted);
        if acts {
            other
        } else {
            other.or_else(|| self.only(wanted))
        }
    }

    /// Before anybody fitting is named: the one of that gender who is in the scene, if it is one.
    pub(super) fn only(&self, wanted: Gender) -> Option<usize> {
        let only = self.only.get(&wanted).copied().flatten();
        only.filter(|who| !self.has_left(*who))
    }

    pub(super) fn last_known(&self, wanted: Gender, without: &[usize]) -> Option<usize> {
        self.recent
            .iter()
            .rev()
            .copied()
            .find(|&who| self.cast.characters[who].gender == wanted && !without.contains(&who))
    }

    /// Who alone of that gender is in the scene besides those of the sentence.
    pub(super) fn only_other(&self, wanted: Gender, without: &[usize]) -> Option<usize> {
        let fitting = |who: &&usize| {
            let one = &self.cast.characters[**who];
            one.gender == wanted && one.kind == NameKind::Named && !without.contains(who)
        };
        let mut all = self.active.iter().filter(fitting);
        all.next().copied().filter(|_| all.next().is_none())
    }

    /// The only one with a name in the scene: of them it tells where it names nobody.
    pub fn alone(&self) -> Option<usize> {
        let named = |who: &&usize| self.cast.characters[**who].kind == NameKind::Named;
        let mut all = self.active.iter().filter(named);
        all.next().copied().filter(|_| all.next().is_none())
    }

    /// All people of the scene so far.
    pub(super) fn everybody(&self) -> Vec<usize> {
        let here = |who: &usize| self.is_person(*who) && !self.has_left(*who);
        self.recent.iter().copied().filter(here).collect()
    }

    pub(super) fn last_two(&self) -> Vec<usize> {
        let here = |who: &usize| self.is_person(*who) && !self.has_left(*who);
        let recent = self.recent.iter().rev().copied();
        recent.filter(here).take(2).collect()
    }

    pub(super) fn is_person(&self, who: usize) -> bool {
        self.cast.characters[who].gender != Gender::Neuter
    }

    /// The last two or more people: those of the latest sentence with several, else the last two.
    pub(super) fn plural(&self, gender: Option<Gender>, here: &[usize]) -> Vec<usize> {
        let person = |who: &usize| {
            let found = self.cast.characters[*who].gender;
            found != Gender::Neuter
                && gender.is_none_or(|wanted| fits(found, wanted) || found == Gender::Plural)
        };
        let recent: Vec<Vec<usize>> = std::iter::once(here.to_vec())
            .chain(self.units.iter().rev().cloned())
            .map(|unit| unit.into_iter().filter(person).collect())
            .collect();
        let crowd = |unit: &Vec<usize>| {
            unit.len() >= 2
                || unit
                    .iter()
                    .any(|&who| self.cast.characters[who].gender == Gender::Plural)
        };
        if let Some(unit) = recent.into_iter().find(crowd) {
            return unit;
        }
        let lately = |who: &usize| {
            let told = self.units.iter().rev().filter(|unit| !unit.is_empty());
            here.contains(who) || told.take(LATELY).any(|unit| unit.contains(who))
        };
        let last: Vec<usize> = self
            .recent
            .iter()
            .rev()
            .copied()
            .filter(person)
            .filter(lately)
            .take(2)
            .collect();
        if last.len() == 2 {
            return last;
        }
        // "They lie on their backs" begins a scene: those of whom it tells as of known ones.
        let new = self.recent.is_empty() && here.is_empty();
        let known: Vec<usize> = self.known.iter().copied().filter(person).take(3).collect();
        if new && known.len() == 2 {
            known
        } else {
            Vec::new()
        }
    }
}
