//! Names that mean the same person become one character.

use std::collections::{BTreeMap, HashMap};

use super::anatomy::Anatomy;
use super::fold::fold;
use super::gather::{Found, add_aliases, cue_name};
use super::spelling::Spellings;
use super::within::{Index, Parts};
use super::{Cast, Character, Gender, NameKind, slugs, tables};
use crate::fountain;

/// A name joins another, which may join a third; no further.
const LONGEST_CHAIN: usize = 64;

/// The names with what was found of each, by their places in the order of spelling.
struct Names {
    names: Vec<String>,
    found: Vec<Found>,
    index: Index,
    /// The name that each joins.
    joins: Vec<Option<usize>>,
}

pub(super) fn merge(found: BTreeMap<String, Found>, groups: BTreeMap<String, Vec<String>>) -> Cast {
    let (names, found): (Vec<String>, Vec<Found>) = found.into_iter().unzip();
    let mut all = Names {
        joins: vec![None; names.len()],
        index: Index::of(&names),
        names,
        found,
    };
    all.join_accents();
    all.join_longer();
    all.part_rivals();
    all.join_voices();
    all.join_nouns();
    all.join_endings();
    all.join_titles();
    all.join_slips();
    all.cast(groups)
}

impl Names {
    fn words(&self, at: usize) -> &[String] {
        &self.index.parts(at).words
    }

    fn cues(&self, at: usize) -> usize {
        self.found[at].cues
    }

    /// `ETIENNE` joins `ÉTIENNE`.
    fn join_accents(&mut self) {
        let mut alike = HashMap::<String, Vec<usize>>::new();
        for at in 0..self.names.len() {
            let key = fold(&self.names[at]).into_owned();
            alike.entry(key).or_default().push(at);
        }
        for at in 0..self.names.len() {
            let all = &alike[&*fold(&self.names[at])];
            let best = all.iter().copied().max_by_key(|one| {
                (
                    accents(&self.names[*one]),
                    self.cues(*one),
                    std::cmp::Reverse(*one),
                )
            });
            self.joins[at] = best.filter(|best| *best != at);
        }
    }

    /// Each shorter name joins the one longer name it fits; with several, it stays by itself.
    fn join_longer(&mut self) {
        for at in 0..self.names.len() {
            if self.joins[at].is_some() {
                continue;
            }
            let longer = self.index.longer(self.index.parts(at));
            let longer: Vec<usize> = longer.filter(|long| self.is_one(at, *long)).collect();
            let speaking = longer.iter().filter(|other| self.cues(**other) > 0).count();
            match longer.as_slice() {
                [one] => self.joins[at] = Some(*one),
                // DR. BENNETT and DR. JULIUS BENNETT both fit JULIUS: the longest that holds all
                // others.
                many if !many.is_empty() && speaking <= 1 => {
                    let longest = many.iter().max_by_key(|other| {
                        (self.words(**other).len(), std::cmp::Reverse(**other))
                    });
                    let holds = |longest: usize| {
                        let parts = self.index.parts(longest);
                        many.iter().all(|other| {
                            *other == longest || self.index.parts(*other).within(parts)
                        })
                    };
                    self.joins[at] = longest.copied().filter(|longest| holds(*longest));
                }
                _ => {}
            }
        }
    }

    /// Whether the script says that a shorter and a longer name are one person's: it gives the whole
    /// name first, or both in one scene. Who speaks under both is two people, `WILL` and `DR. WILL
    /// SMITH`, unless the longer one is the shorter with a title, or gives way to it.
    fn is_one(&self, short: usize, long: usize) -> bool {
        let (brief, whole) = (&self.found[short], &self.found[long]);
        match (brief.cues > 0, whole.cues > 0) {
            (_, false) => whole.at <= brief.at || whole.meets(brief),
            (false, true) => true,
            (true, true) => {
                let words = self.words(long);
                let titled = words
                    .first()
                    .is_some_and(|word| tables::title(word).is_some());
                let surname = words.ends_with(self.words(short));
                let gives_way = whole.last_cue < brief.first_cue && whole.meets(brief);
                titled && surname || gives_way
            }
        }
    }

    /// Two who speak in one scene are not one: where VICTOR and FRANKENSTEIN both fit VICTOR FRANKENSTEIN, he is the
    /// one who speaks more, and the other stays by themselves.
    fn part_rivals(&mut self) {
        let mut by_long = BTreeMap::<usize, Vec<usize>>::new();
        for at in 0..self.names.len() {
            if let Some(long) = self.joins[at].filter(|_| self.cues(at) > 0) {
                by_long.entry(long).or_default().push(at);
            }
        }
        for all in by_long.into_values() {
            let most = all
                .iter()
                .copied()
                .max_by_key(|at| (self.cues(*at), std::cmp::Reverse(*at)));
            let Some(most) = most else { continue };
            for at in all {
                let own = self.words(at).iter();
                let shares = own.clone().any(|word| self.words(most).contains(word));
                if at != most && !shares && self.found[at].meets(&self.found[most]) {
                    self.joins[at] = None;
                }
            }
        }
    }

    /// `TOM'S VOICE` is Tom, who is not seen. Of a role that may be anybody's voice.
    fn join_voices(&mut self) {
        for at in 0..self.names.len() {
            let Some(owner) = fountain::voice_of(&self.names[at]).map(cue_name) else {
                continue;
            };
            let exact = self.names.binary_search(&owner).ok();
            let parts = Parts::of(&owner);
            let mut longer = self.index.longer(&parts);
            let only = longer.next().filter(|_| longer.next().is_none());
            let named = |one: &usize| self.found[*one].kind == NameKind::Named;
            self.joins[at] = exact.or(only).filter(named).or(self.joins[at]);
        }
    }

    /// `PRINTER:` speaks, and a weathered LASER PRINTER was introduced: one role, if no other has
    /// the same noun.
    fn join_nouns(&mut self) {
        let mut by_noun = HashMap::<&str, Vec<usize>>::new();
        for at in 0..self.names.len() {
            if let Some(noun) = self.words(at).last() {
                by_noun.entry(noun).or_default().push(at);
            }
        }
        let mut joins = Vec::new();
        for at in 0..self.names.len() {
            if let [noun] = self.words(at)
                && self.found[at].kind == NameKind::Role
                && self.joins[at].is_none()
                && let [a, b] = by_noun[noun.as_str()][..]
                && (self.cues(a) > 0) != (self.cues(b) > 0)
            {
                joins.push((at, if a == at { b } else { a }));
            }
        }
        self.note(joins);
    }

    /// HANDSOME MAN speaks, and an EXTREMELY HANDSOME MAN was introduced.
    fn join_endings(&mut self) {
        let reversed = |name: &str| name.chars().rev().collect::<String>();
        let mut by_ending: Vec<(String, usize)> = (0..self.names.len())
            .map(|at| (reversed(&self.names[at]), at))
            .collect();
        by_ending.sort_unstable();
        let mut joins = Vec::new();
        for (at, name) in self.names.iter().enumerate() {
            if self.found[at].kind != NameKind::Role || !name.contains(' ') {
                continue;
            }
            let tail = reversed(&format!(" {name}"));
            let from = by_ending.partition_point(|(ending, _)| *ending < tail);
            let mut longer = by_ending[from..]
                .iter()
                .take_while(|(ending, _)| ending.starts_with(&tail));
            if let (Some((_, long)), None) = (longer.next(), longer.next())
                && (self.cues(at) > 0) != (self.cues(*long) > 0)
            {
                joins.push((at, *long));
            }
        }
        self.note(joins);
    }

    /// "The Captain" is CAPTAIN ODELL, if nobody else has that title.
    fn join_titles(&mut self) {
        let mut by_first = HashMap::<&str, Vec<usize>>::new();
        for at in 0..self.names.len() {
            if let [title, _, ..] = self.words(at)
                && tables::title(title).is_some()
                && self.found[at].kind == NameKind::Named
            {
                by_first.entry(title).or_default().push(at);
            }
        }
        let mut joins = Vec::new();
        for at in 0..self.names.len() {
            if let [title] = self.words(at)
                && self.cues(at) == 0
                && let Some([bearer]) = by_first.get(title.as_str()).map(Vec::as_slice)
            {
                joins.push((at, *bearer));
            }
        }
        self.note(joins);
    }

    /// A cue heard once or twice and spelt nearly like one heard often is a slip of the pen.
    fn join_slips(&mut self) {
        let often: Vec<usize> = (0..self.names.len())
            .filter(|at| self.cues(*at) >= 5)
            .collect();
        let spellings = Spellings::of(often.iter().map(|at| self.names[*at].to_lowercase()));
        let mut joins = Vec::new();
        for at in 0..self.names.len() {
            if self.cues(at) > 2 || self.joins[at].is_some() {
                continue;
            }
            let heard = 5 * self.cues(at).max(1);
            let fits = |place: usize| self.cues(often[place]) >= heard && often[place] != at;
            let right = spellings.first(&self.names[at].to_lowercase(), fits);
            joins.extend(right.map(|place| (at, often[place])));
        }
        self.note(joins);
    }

    fn note(&mut self, joins: Vec<(usize, usize)>) {
        for (from, to) in joins {
            self.joins[from] = Some(to);
        }
    }

    fn root(&self, mut at: usize) -> usize {
        for _ in 0..self.names.len().min(LONGEST_CHAIN) {
            match self.joins[at] {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    fn cast(self, groups: BTreeMap<String, Vec<String>>) -> Cast {
        let mut members = BTreeMap::<usize, Vec<usize>>::new();
        for at in 0..self.names.len() {
            members.entry(self.root(at)).or_default().push(at);
        }
        let mut cast = Cast::default();
        let mut shown: Vec<&str> = vec![""; self.names.len()];
        for (long, all) in &members {
            let is_voice = |at: &usize| fountain::is_voice(&self.names[*at]);
            let best = all
                .iter()
                .copied()
                .max_by_key(|at| {
                    let found = &self.found[*at];
                    (!is_voice(at), found.cues, std::cmp::Reverse(found.order))
                })
                .unwrap_or(*long);
            let best = if self.cues(best) > 0 { best } else { *long };
            // Accents are kept for showing, however often they were left out.
            let same = all
                .iter()
                .filter(|at| fold(&self.names[**at]) == fold(&self.names[best]));
            let best = same
                .max_by_key(|at| accents(&self.names[**at]))
                .unwrap_or(&best);
            let name = &self.names[*best];
            let first = all
                .iter()
                .filter_map(|at| self.found[*at].introduction.as_ref())
                .min_by_key(|told| told.at);
            let gender = all
                .iter()
                .map(|at| self.found[*at].gender)
                .find(|gender| *gender != Gender::Unknown);
            for other in all {
                shown[*other] = name;
                if self.cues(*other) > 0 && self.names[*other] != *name {
                    cast.cues.insert(self.names[*other].clone(), name.clone());
                }
            }
            cast.characters.push(Character {
                full_name: self.names[*long].clone(),
                slug: String::new(),
                kind: self.found[*long].kind,
                gender: gender.unwrap_or(Gender::Unknown),
                speaks: all.iter().any(|at| self.cues(*at) > 0),
                aliases: {
                    let called = all.iter().filter(|at| *at == long || !is_voice(at));
                    called.map(|at| self.names[*at].clone()).collect()
                },
                introduction: first.map(|told| told.sentence.clone()),
                name: name.clone(),
                age_of: None,
                ages_vary: false,
            });
        }
        set_ages(&mut cast.characters);
        let names: Vec<&str> = cast
            .characters
            .iter()
            .map(|character| character.name.as_str())
            .collect();
        for (character, slug) in slugs(&names).into_iter().enumerate() {
            cast.characters[character].slug = slug;
        }
        cast.characters.sort_by(|a, b| a.slug.cmp(&b.slug));
        for (group, parts) in groups {
            let of = |part: &String| {
                let exact = self.names.binary_search(part).ok();
                let at = exact.or_else(|| self.index.longer(&Parts::of(part)).next());
                at.map(|at| shown[at].to_owned())
            };
            cast.groups
                .insert(group, parts.iter().filter_map(of).collect());
        }
        add_aliases(&mut cast);
        cast
    }
}

/// How many letters of a name are none of ASCII.
fn accents(name: &str) -> usize {
    name.chars().filter(|c| !c.is_ascii()).count()
}

/// Notes of everybody who is somebody at another age who that is.
fn set_ages(characters: &mut [Character]) {
    let mut by_name = HashMap::<String, String>::new();
    for character in characters.iter().filter(|one| one.kind == NameKind::Named) {
        if Anatomy::of(&character.name).ageless.is_none() {
            for name in [&character.full_name, &character.name] {
                let words = Anatomy::of(name).words.join(" ");
                by_name.insert(fold(&words).into_owned(), character.name.clone());
            }
        }
    }
    for character in characters {
        let ageless = Anatomy::of(&character.name).ageless;
        let same = ageless.and_then(|words| by_name.get(&*fold(&words.join(" "))).cloned());
        character.age_of = same.filter(|_| character.kind == NameKind::Named);
    }
}
