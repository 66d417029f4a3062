//! Which names are shorter forms of which: `WILL` of `WILL BLOOM`.

use std::collections::HashMap;

use super::anatomy::Anatomy;
use super::fold::fold;
use super::small_words::is_small;
use super::{NameKind, roles, tables};

/// Of the names that share a word, this many are looked at. Where more people than that bear a
/// word, it tells none of them from the others.
const MOST_LOOKED_AT: usize = 512;

/// A name taken apart, for comparing it with others.
#[derive(Debug)]
pub(super) struct Parts {
    /// Its words as they are compared.
    pub(super) words: Vec<String>,
    /// `WILL'S DATE`
    is_owned: bool,
    /// It names several.
    has_and: bool,
    /// One of its words is a name, no noun or title.
    is_proper: bool,
    /// It is a noun, `NURSE`, and no `KARL THE GIANT`.
    is_role: bool,
    /// `YOUNG WILL`
    is_variant: bool,
}

impl Parts {
    pub(super) fn of(name: &str) -> Self {
        let anatomy = Anatomy::of(name);
        let words: Vec<String> = anatomy
            .words
            .iter()
            .map(|word| fold(word).into_owned())
            .collect();
        let has = |wanted: &str| words.iter().any(|word| word == wanted);
        let proper = |word: &String| {
            roles::role(word).is_none()
                && !roles::group(word)
                && tables::title(word).is_none()
                && !is_small(word)
        };
        Self {
            is_owned: anatomy.is_owned,
            has_and: has("and") || has("et") || has("und"),
            is_proper: words.iter().any(proper),
            is_role: anatomy.kind() != NameKind::Named,
            is_variant: anatomy.ageless.is_some(),
            words,
        }
    }

    /// Whether this is a shorter form of the proper name `long`: its words stand in `long` in the
    /// same order, and neither the rest of `long` nor a possessive makes another person of it.
    pub(super) fn within(&self, long: &Self) -> bool {
        if self.words.len() >= long.words.len()
            || long.is_owned
            || !self.is_proper
            || self.has_and
            || long.has_and
            || long.is_role
            || long.is_variant && !self.is_variant
        {
            return false;
        }
        let mut rest = long.words.iter();
        self.words
            .iter()
            .all(|word| rest.any(|other| other == word))
    }
}

/// Names by their words.
#[derive(Debug, Default)]
pub(super) struct Index {
    names: Vec<(String, Parts)>,
    places: HashMap<String, usize>,
    by_word: HashMap<String, Vec<usize>>,
}

impl Index {
    pub(super) fn of<'n>(names: impl IntoIterator<Item = &'n String>) -> Self {
        let mut index = Self::default();
        names.into_iter().for_each(|name| index.add(name));
        index
    }

    pub(super) fn add(&mut self, name: &str) {
        let (at, parts) = (self.names.len(), Parts::of(name));
        for word in &parts.words {
            let places = self.by_word.entry(word.clone()).or_default();
            if places.last() != Some(&at) {
                places.push(at);
            }
        }
        self.places.insert(name.to_owned(), at);
        self.names.push((name.to_owned(), parts));
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// The parts of the name at that place.
    pub(super) fn parts(&self, at: usize) -> &Parts {
        &self.names[at].1
    }

    /// The places of the names of which `short` is a shorter form, ascending.
    pub(super) fn longer<'i>(&'i self, short: &'i Parts) -> impl Iterator<Item = usize> + 'i {
        let postings = short.words.iter().map(|word| self.places_of(word));
        let rarest = postings.min_by_key(|places| places.len());
        let candidates = rarest.unwrap_or_default().iter().take(MOST_LOOKED_AT);
        candidates
            .copied()
            .filter(|at| short.within(&self.names[*at].1))
    }

    /// Whether `short` is a shorter form of a name other than `but`.
    pub(super) fn is_part(&self, short: &str, but: Option<&str>) -> bool {
        self.longer(&Parts::of(short))
            .any(|at| Some(self.names[at].0.as_str()) != but)
    }

    /// Whether one of the names is a shorter form of `long`.
    pub(super) fn has_part_of(&self, long: &str) -> bool {
        let long = Parts::of(long);
        long.words.iter().any(|word| {
            let places = self.places_of(word).iter().take(MOST_LOOKED_AT);
            places.into_iter().any(|at| self.names[*at].1.within(&long))
        })
    }

    fn places_of(&self, word: &str) -> &[usize] {
        self.by_word
            .get(word)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }
}
