//! Reads a scene sentence by sentence and says who is named or meant.

use std::collections::{BTreeMap, HashSet, VecDeque};

use super::absence::Unseen;
use super::anatomy::{Together, together};
use super::extras::{self, Extra};
use super::gather::{cue_of, is_holding};
use super::matcher::Mention;
use super::names::Names;
use super::others::Others;
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
    pub(super) cast: &'a Cast,
    pub(super) names: &'a Names,
    pub(super) active: HashSet<usize>,
    /// Whom the action of the scene shows.
    shown: HashSet<usize>,
    /// Who speaks over a device somewhere in the scene.
    over_device: HashSet<usize>,
    /// Of each gender the one who is in the scene, if it is one.
    pub(super) only: BTreeMap<Gender, Option<usize>>,
    /// Most recent last, each once, at most [`MOST_PEOPLE`].
    pub(super) recent: Vec<usize>,
    /// Who was in the latest sentences, the last one last.
    pub(super) units: VecDeque<Vec<usize>>,
    /// What pronouns may mean besides the cast.
    pub(super) others: Others,
    /// Who is there from the beginning: the action tells of them first as of somebody known.
    pub(super) known: Vec<usize>,
    /// Of whom the action has told at all.
    pub(super) met: HashSet<usize>,
    /// Whom the last sentence is about, if "she" at the beginning of the next one means them.
    pub(super) subject: Option<usize>,
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
    /// Who else is seen in it, in order.
    pub extras: Vec<Extra>,
}

/// So many sentences back "they" are looked for.
const UNITS: usize = 4;

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
            others: Others::default(),
            known: Vec::new(),
            met: HashSet::new(),
            subject: None,
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
                        self.know(&mention, &words);
                        continue;
                    }
                    self.know(&mention, &words);
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
            self.others.returns(one, self.cast.characters[one].gender);
        }
        self.remember(who.to_vec());
        self.subject = None;
    }

    /// Whether somebody has left and was not seen since.
    pub fn has_left(&self, who: usize) -> bool {
        self.others.has_left(who)
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
        let taken = |at: usize| {
            found
                .iter()
                .any(|mention| (mention.at..mention.at + mention.len).contains(&at))
        };
        let mut extras = extras::extras(sentence, &words, &unseen, &taken)
            .into_iter()
            .peekable();
        let things = self.others.begin(&bare);
        self.others.meet(sentence, &words, &taken);
        let mut out = Reading::default();
        // Where a word for a pair meant people of the cast.
        let mut paired = usize::MAX;
        let mut groups = GroupsSoFar::default();
        let mut next = found.iter().peekable();
        let mut at = 0;
        while at < words.len() {
            if let Some(mention) = next.next_if(|mention| mention.at == at) {
                if is_told_again(mention, &found, sentence, &words) {
                    at += mention.len;
                    continue;
                }
                if let Some(who) = self.choose(mention)
                    && !self.names.is_voice(who)
                    && !unseen.is_absent(at, mention.len)
                {
                    let owner = words[at + mention.len - 1].possessive;
                    let how = if owner { How::NamedOwner } else { How::Named };
                    // "Held by Billy": he is not whom the next sentence tells of.
                    let by = at > 1 && bare[at - 1] == "by";
                    let before = by.then(|| self.recent.clone());
                    self.add(&mut out, who, (at, mention.len), how);
                    if let Some(before) = before.filter(|before| !before.is_empty()) {
                        self.recent = before;
                    }
                }
                at += mention.len;
                continue;
            }
            let extra = extras.next_if(|extra| extra.at == at);
            if unseen.is_shown_elsewhere(at) {
                at += 1;
                continue;
            }
            let word = lower[at].as_str();
            let before_count = out.who.len();
            if let Some((gender, how)) = singular(word)
                && !is_nobody(&words[at], word, lower.get(at + 1))
            {
                if self.others.means_stranger(gender, at, &self.genders(&out)) {
                    at += 1;
                    continue;
                }
                if let Some(other) = self.others.meant(gender, || self.lately(gender)) {
                    put_extra(&mut out.extras, other);
                    at += 1;
                    continue;
                }
                // "His pregnant wife": an adjective may stand between.
                let noun = lower.get(at + 1).filter(|noun| relation(noun).is_none());
                let adjective = noun.is_some_and(|noun| !is_small(noun));
                let relation = lower
                    .get(at + 1 + usize::from(adjective))
                    .and_then(|noun| relation(noun))
                    .filter(|_| matches!(word, "his" | "her"))
                    .filter(|_| {
                        // "A fence like his mother's": she is not there.
                        let kin = at + 1 + usize::from(adjective);
                        let mut owned = bare[kin + 1..].iter().take(3);
                        !words[kin].possessive || owned.any(|noun| super::is_of_body(noun))
                    });
                let object = is_object(word, lower.get(at + 1));
                let who = if object {
                    // "Jing grabs her": somebody else.
                    let subject = out.who.first().copied();
                    self.last_but(gender, subject)
                } else {
                    self.goes_on(gender, how, &bare[..at])
                        .or_else(|| self.last_certain(gender, &bare))
                        .or_else(|| self.last(gender))
                        .or_else(|| self.only(gender))
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
            } else if PLURAL.contains(&word.split(['\'', '’']).next().unwrap_or(word)) {
                if things.contains(&at) || groups.any(&lower[..at]) {
                    at += 1;
                    continue;
                }
                if let Some(crowd) = self.others.crowd.clone().filter(|_| out.who.is_empty()) {
                    put_extra(&mut out.extras, crowd);
                    at += 1;
                    continue;
                }
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
            } else if (word == "its" || word == "it" && at == 0)
                && let Some(animal) = self.others.animal.clone()
            {
                put_extra(&mut out.extras, animal);
            } else if matches!(word, "it" | "its") && at == 0 {
                let animal = self.units.back().and_then(|unit| unit.last()).copied();
                if let Some(who) =
                    animal.filter(|&who| self.cast.characters[who].gender == Gender::Neuter)
                {
                    self.add(&mut out, who, (at, 1), How::Subject);
                }
            }
            if is_pair(word) && out.who.len() > before_count {
                paired = at;
            }
            // "The two men" are those who were named.
            let again = |extra: &extras::Found| {
                out.who.len() > before_count || (extra.from..=extra.at).contains(&paired)
            };
            if let Some(extra) = extra.filter(|extra| !again(extra)) {
                let fits =
                    |who: &usize| fits(self.cast.characters[*who].gender, extra.extra.gender);
                let acts = !out.who.iter().any(fits);
                self.others.seen(&extra.extra, acts, out.who.is_empty());
                put_extra(&mut out.extras, extra.extra);
            }
            at += 1;
        }
        self.subject = out.stays(&bare, self.subject);
        self.others.end(&bare, &out, self.genders(&out));
        self.remember(out.who.clone());
        out
    }

    fn add(&mut self, out: &mut Reading, who: usize, (at, len): (usize, usize), how: How) {
        put(&mut out.who, who);
        if how == How::Named {
            self.others.returns(who, self.cast.characters[who].gender);
        }
        if out.mentions.len() < MOST_PEOPLE {
            out.mentions.push(Mentioned { who, at, len, how });
        }
        // After "he looks at Jonah's wrist" he is still who looked.
        if how != How::NamedOwner || out.who.len() == 1 {
            self.note(who);
        }
    }
}

/// Whether a noun only tells who the one is that is named after it: "the woman of his dreams, Sandra".
fn is_told_again(noun: &Mention, all: &[Mention], sentence: &str, words: &[Word<'_>]) -> bool {
    /// So many words tell more of the noun.
    const MOST: usize = 5;
    let end = noun.at + noun.len;
    let whole = noun.who.iter().any(|(_, whole)| *whole);
    let tells = |name: &Mention| {
        let near = (end..=end + MOST).contains(&name.at) && !name.noun;
        let between = near.then(|| &sentence[words[end - 1].end..words[name.at].start]);
        between.is_some_and(|between| {
            let of = between.trim_start();
            let more = of == ", " || of.starts_with("of ") || of.starts_with("from ");
            more && between.ends_with(", ")
        })
    };
    noun.noun && !whole && all.iter().any(tells)
}

/// Whether a word may mean two or more of the cast.
fn is_pair(word: &str) -> bool {
    word == "both" || PAIRS.iter().any(|(noun, _)| *noun == word)
}

/// Adds an extra to those of a sentence, each once.
fn put_extra(here: &mut Vec<Extra>, extra: Extra) {
    if here.iter().all(|other| other.again != extra.again) {
        here.push(extra);
    }
}

/// Adds somebody to the people of a sentence, each once, as long as there is room.
fn put(here: &mut Vec<usize>, who: usize) {
    if here.len() < MOST_PEOPLE && !here.contains(&who) {
        here.push(who);
    }
}
