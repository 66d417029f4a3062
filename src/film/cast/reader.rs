//! Reads a scene sentence by sentence and says who is named or meant.

use std::collections::{BTreeMap, HashSet, VecDeque};

use super::absence::Unseen;
use super::anatomy::{Together, together};
use super::gather::{cue_of, is_holding};
use super::matcher::Mention;
use super::names::Names;
use super::pronouns::{
    EVERYBODY, GroupsSoFar, How, PAIRS, PLURAL, fits, is_nobody, is_object, relation, singular,
};
use super::small_words::is_small;
use super::{Cast, Gender, MOST_PEOPLE, NameKind};
use crate::fountain::{CueSound, Element, ElementKind, cue_sound};
use crate::prose::{self, Word};
use crate::words::Heard;

/// Goes through one scene from its first sentence to its last. Pronouns mean the last fitting name
/// of the scene, so sentences must be read in order.
#[derive(Debug)]
pub struct Reader<'a> {
    cast: &'a Cast,
    names: &'a Names,
    active: HashSet<usize>,
    /// Whom the action of the scene shows.
    shown: HashSet<usize>,
    /// Who speaks over a device somewhere in the scene.
    over_device: HashSet<usize>,
    /// Of each gender the one who is in the scene, if it is one.
    only: BTreeMap<Gender, Option<usize>>,
    /// Most recent last, each once, at most [`MOST_PEOPLE`].
    recent: Vec<usize>,
    /// Who was in the latest sentences, the last one last.
    units: VecDeque<Vec<usize>>,
}

/// One mention of somebody in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mentioned {
    /// Place in the cast.
    pub who: usize,
    /// The first of its words, counted as `prose::words` does.
    pub at: usize,
    /// How many words it has.
    pub len: usize,
    /// How it means them.
    pub how: How,
}

/// A sentence as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Whom it shows, in order, each once; of more than [`MOST_PEOPLE`] the first.
    pub who: Vec<usize>,
    /// By which words, where it means one by one.
    pub mentions: Vec<Mentioned>,
}

/// So many sentences back "they" are looked for.
const UNITS: usize = 4;
/// In so many latest sentences must be whom "they" means together, if no sentence had both.
const LATELY: usize = 3;

impl<'a> Reader<'a> {
    /// A reader for the scene with these elements. Roles (`NURSE`) count as in the scene when they
    /// have a cue in it or stand in it in capitals.
    pub fn new(cast: &'a Cast, names: &'a Names, elements: &[&Element]) -> Self {
        let mut reader = Self {
            cast,
            names,
            active: HashSet::new(),
            shown: HashSet::new(),
            over_device: HashSet::new(),
            only: BTreeMap::new(),
            recent: Vec::new(),
            units: VecDeque::new(),
        };
        for element in elements {
            if let ElementKind::Character {
                name, extensions, ..
            } = &element.kind
            {
                let who = reader.called(name, extensions);
                match cue_sound(name, extensions) {
                    CueSound::Seen => reader.active.extend(who),
                    CueSound::EitherEnd => reader.over_device.extend(who),
                    CueSound::Only(_) => {}
                }
            }
        }
        reader.look_over(elements);
        reader.active.extend(reader.shown.iter().copied());
        for who in &reader.active {
            let character = &cast.characters[*who];
            if character.kind != NameKind::Group {
                let one = reader.only.entry(character.gender).or_insert(Some(*who));
                *one = one.filter(|one| one == who);
            }
        }
        reader
    }

    /// Notes whom the action of the scene shows: first those whose names mean nobody else, then
    /// those who may be meant as well by the names of others.
    fn look_over(&mut self, elements: &[&Element]) {
        let nobody = HashSet::new();
        let mut unsure: Vec<Mention> = Vec::new();
        let action = |element: &&&Element| element.kind == ElementKind::Action;
        for element in elements.iter().filter(action) {
            let text = prose::plain(&element.text);
            for sentence in prose::sentences(&text) {
                let words = prose::words(sentence);
                let found = self.names.matcher().find(&words, &nobody);
                if found.is_empty() {
                    continue;
                }
                let lower: Vec<String> = words.iter().map(Word::lower).collect();
                let unseen = Unseen::of(sentence, &words, &lower);
                for mention in found {
                    if unseen.is_absent(mention.at, mention.len) {
                        continue;
                    }
                    let caps = words[mention.at..mention.at + mention.len]
                        .iter()
                        .any(Word::all_caps);
                    match mention.who[..] {
                        [(who, _)] if caps || self.cast.characters[who].kind == NameKind::Named => {
                            self.shown.insert(who);
                        }
                        [_] => {}
                        _ => unsure.push(mention),
                    }
                }
            }
        }
        self.active.extend(self.shown.iter().copied());
        for mention in unsure {
            let who = self.choose(&mention);
            self.shown.extend(who.filter(|who| {
                let named = self.cast.characters[*who].kind == NameKind::Named;
                named || self.active.contains(who)
            }));
        }
    }

    /// Whether a character is named or speaks somewhere in the scene.
    pub fn active(&self, who: usize) -> bool {
        self.active.contains(&who)
    }

    /// Whom a cue means, whoever else is there.
    fn called(&self, name: &str, extensions: &[String]) -> Vec<usize> {
        let found = self.names.speakers(self.cast, &cue_of(name, extensions));
        if found.is_empty() && !extensions.is_empty() {
            return self.names.speakers(self.cast, name);
        }
        found
    }

    /// Who speaks under a cue at this point of the scene: one character, several, or for `BOTH` and
    /// `ALL` those who are there.
    pub fn speakers(&self, name: &str, extensions: &[String]) -> Vec<usize> {
        let mut there = match together(name) {
            Some(Together::Two) => match self.plural(None, &[]) {
                nobody if nobody.is_empty() => self.last_two(),
                two => two,
            },
            Some(Together::All) => self.everybody(),
            None => return self.called(name, extensions),
        };
        if there.is_empty() {
            // Nobody was named so far: whom the scene has.
            there.extend(self.active.iter().copied());
        }
        there.retain(|who| self.cast.characters[*who].gender != Gender::Neuter);
        there.sort_unstable();
        there.truncate(MOST_PEOPLE);
        there
    }

    /// How a cue's speakers are heard: one who speaks over a telephone or a radio is in the picture
    /// only if the action of the scene shows them.
    pub fn heard(&self, name: &str, extensions: &[String]) -> Heard {
        let who = self.called(name, extensions);
        let shown = || who.iter().any(|one| self.shown.contains(one));
        let elsewhere = || who.iter().any(|one| self.over_device.contains(one));
        match cue_sound(name, extensions) {
            CueSound::Only(heard) => heard,
            CueSound::Seen if !elsewhere() || is_holding(extensions) || shown() => Heard::OnScreen,
            CueSound::EitherEnd if shown() => Heard::OnScreen,
            CueSound::Seen | CueSound::EitherEnd => Heard::OffScreen,
        }
    }

    /// Someone spoke on screen: a pronoun may mean them from now on.
    pub fn spoke(&mut self, who: &[usize]) {
        for &one in who {
            self.note(one);
        }
        self.remember(who.to_vec());
    }

    /// Only the names of a sentence, no pronouns; nothing is remembered. Of several the first two.
    pub(crate) fn named(&self, sentence: &str) -> Vec<usize> {
        let found = self.named_at(&prose::words(sentence));
        found.into_iter().map(|(who, ..)| who).collect()
    }

    /// The same with the places and the lengths of the names.
    pub(super) fn named_at(&self, words: &[Word<'_>]) -> Vec<(usize, usize, usize)> {
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for mention in self.names.matcher().find(words, &self.active) {
            if let Some(who) = self.choose(&mention)
                && found.iter().all(|(one, ..)| *one != who)
            {
                found.push((who, mention.at, mention.len));
                if found.len() == 2 {
                    break;
                }
            }
        }
        found
    }

    fn remember(&mut self, unit: Vec<usize>) {
        // A long speech is one.
        if !unit.is_empty() && self.units.back() == Some(&unit) {
            return;
        }
        if self.units.len() == UNITS {
            self.units.pop_front();
        }
        self.units.push_back(unit);
    }

    fn note(&mut self, who: usize) {
        self.recent.retain(|&other| other != who);
        if self.recent.len() == MOST_PEOPLE {
            self.recent.remove(0);
        }
        self.recent.push(who);
    }

    /// Reads one sentence and returns whom it shows, in order, each once; of more than
    /// [`MOST_PEOPLE`] the first.
    pub fn read(&mut self, sentence: &str) -> Vec<usize> {
        self.read_closely(sentence).who
    }

    /// Reads one sentence and returns whom it shows, and by which words.
    pub fn read_closely(&mut self, sentence: &str) -> Reading {
        let words = prose::words(sentence);
        let lower: Vec<String> = words
            .iter()
            .map(|word| sentence[word.start..word.end].to_lowercase())
            .collect();
        let bare: Vec<String> = words.iter().map(Word::lower).collect();
        let found = self.names.matcher().find(&words, &self.active);
        let unseen = Unseen::of(sentence, &words, &bare);
        let mut out = Reading::default();
        let mut groups = GroupsSoFar::default();
        let mut next = found.iter().peekable();
        let mut at = 0;
        while at < words.len() {
            if let Some(mention) = next.next_if(|mention| mention.at == at) {
                if let Some(who) = self.choose(mention)
                    && !self.names.is_voice(who)
                    && !unseen.is_absent(at, mention.len)
                {
                    let owner = words[at + mention.len - 1].possessive;
                    let how = if owner { How::NamedOwner } else { How::Named };
                    self.add(&mut out, who, (at, mention.len), how);
                }
                at += mention.len;
                continue;
            }
            if unseen.is_shown_elsewhere(at) {
                at += 1;
                continue;
            }
            let word = lower[at].as_str();
            if let Some((gender, how)) = singular(word)
                && !is_nobody(&words[at], word, lower.get(at + 1))
            {
                // "His pregnant wife": an adjective may stand between.
                let noun = lower.get(at + 1).filter(|noun| relation(noun).is_none());
                let adjective = noun.is_some_and(|noun| !is_small(noun));
                let relation = lower
                    .get(at + 1 + usize::from(adjective))
                    .and_then(|noun| relation(noun))
                    .filter(|_| matches!(word, "his" | "her"));
                let object = is_object(word, lower.get(at + 1));
                let who = if object {
                    // "Jing grabs her": somebody else.
                    let subject = out.who.first().copied();
                    self.last_but(gender, subject)
                } else {
                    self.last(gender).or_else(|| self.only(gender))
                };
                if let Some(who) = who {
                    let known = self.recent.clone();
                    self.add(&mut out, who, (at, 1), how);
                    // "He" after "he grabs him" is still the first.
                    if object && known.contains(&who) {
                        self.recent = known;
                    }
                }
                // "His mother pats him": the last woman, unless a name follows.
                let named = next.peek().is_some_and(|mention| mention.at <= at + 3);
                if let Some(gender) = relation
                    && !named
                    && gender != Gender::Unknown
                    && let Some(who) = self
                        .last_known(gender, &out.who)
                        .or_else(|| self.only_other(gender, &out.who))
                {
                    self.add(&mut out, who, (at + 1, 1), How::Named);
                }
            } else if EVERYBODY.contains(&word) {
                let all = self.everybody();
                all.into_iter().for_each(|who| put(&mut out.who, who));
            } else if PLURAL.contains(&word.split(['\'', '’']).next().unwrap_or(word))
                && !groups.any(&lower[..at])
            {
                // "They all", "all of them": everybody so far.
                let all = lower.get(at + 1).is_some_and(|next| next == "all")
                    || lower[..at].ends_with(&["all".to_owned(), "of".to_owned()]);
                let meant = if all {
                    self.everybody()
                } else {
                    self.plural(None, &out.who)
                };
                // Their order of mention stays as it was.
                meant.into_iter().for_each(|who| put(&mut out.who, who));
            } else if at > 0
                && matches!(lower[at - 1].as_str(), "the" | "these" | "those")
                && let Some((_, gender)) = PAIRS.iter().find(|(noun, _)| *noun == word)
            {
                // Their order of mention stays as it was.
                let meant = self.plural(*gender, &out.who);
                meant.into_iter().for_each(|who| put(&mut out.who, who));
            } else if matches!(word, "it" | "its") && at == 0 {
                let animal = self.units.back().and_then(|unit| unit.last()).copied();
                if let Some(who) =
                    animal.filter(|&who| self.cast.characters[who].gender == Gender::Neuter)
                {
                    self.add(&mut out, who, (at, 1), How::Subject);
                }
            }
            at += 1;
        }
        self.remember(out.who.clone());
        out
    }

    fn add(&mut self, out: &mut Reading, who: usize, (at, len): (usize, usize), how: How) {
        put(&mut out.who, who);
        if out.mentions.len() < MOST_PEOPLE {
            out.mentions.push(Mentioned { who, at, len, how });
        }
        // After "he looks at Jonah's wrist" he is still who looked.
        if how != How::NamedOwner || out.who.len() == 1 {
            self.note(who);
        }
    }

    /// Whom a name means: whose whole name it is, unless only they at another age are in the scene.
    /// A part of a name means its only bearer, or the only one who is in the scene; a noun the one
    /// in the scene who was last spoken of.
    fn choose(&self, mention: &Mention) -> Option<usize> {
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

    fn last(&self, wanted: Gender) -> Option<usize> {
        let fitting = |who: &usize| fits(self.cast.characters[*who].gender, wanted);
        self.recent.iter().rev().copied().find(fitting)
    }

    /// The last fitting one who does not act in the sentence; who is alone of the gender, of old.
    fn last_but(&self, wanted: Gender, subject: Option<usize>) -> Option<usize> {
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
    fn only(&self, wanted: Gender) -> Option<usize> {
        self.only.get(&wanted).copied().flatten()
    }

    fn last_known(&self, wanted: Gender, without: &[usize]) -> Option<usize> {
        self.recent
            .iter()
            .rev()
            .copied()
            .find(|&who| self.cast.characters[who].gender == wanted && !without.contains(&who))
    }

    /// Who alone of that gender is in the scene besides those of the sentence.
    fn only_other(&self, wanted: Gender, without: &[usize]) -> Option<usize> {
        let fitting = |who: &&usize| {
            let one = &self.cast.characters[**who];
            one.gender == wanted && one.kind == NameKind::Named && !without.contains(who)
        };
        let mut all = self.active.iter().filter(fitting);
        all.next().copied().filter(|_| all.next().is_none())
    }

    /// All people of the scene so far.
    fn everybody(&self) -> Vec<usize> {
        let person = |who: &usize| self.cast.characters[*who].gender != Gender::Neuter;
        self.recent.iter().copied().filter(person).collect()
    }

    fn last_two(&self) -> Vec<usize> {
        let person = |who: &usize| self.cast.characters[*who].gender != Gender::Neuter;
        let recent = self.recent.iter().rev().copied();
        recent.filter(person).take(2).collect()
    }

    /// The last two or more people: those of the latest sentence with several, else the last two.
    fn plural(&self, gender: Option<Gender>, here: &[usize]) -> Vec<usize> {
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
        if last.len() == 2 { last } else { Vec::new() }
    }
}

/// Adds somebody to the people of a sentence, each once, as long as there is room.
fn put(here: &mut Vec<usize>, who: usize) {
    if here.len() < MOST_PEOPLE && !here.contains(&who) {
        here.push(who);
    }
}
