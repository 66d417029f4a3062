//! Three-way merge of TOML by field, in its text: remarks, order and spelling stay where nobody touched
//! them.
//!
//! A file is a list of statements. What they say is joined by path, wherever they stand; then the
//! statements of ours are written, with what theirs says where that was taken, and what only theirs has behind
//! its neighbour. What comes out is read again and must say what was decided.

mod facts;
mod statements;
mod writer;

use std::collections::{BTreeMap, BTreeSet};

pub use self::facts::toml_holds;
use self::statements::{Entry, Section, Text, Told, name_all};
use self::writer::Writer;
use super::file::MergedFile;
use super::json::merge_json;
use super::order::Order;
use super::settle::{Choice, Unsettled, Versions};
use crate::object::Place;

/// Values longer than this are not shown beside each other.
const SHOWN_BYTES: usize = 4096;
/// Tables within tables that are looked into.
const MAX_DEPTH: usize = 64;

/// Joins `ours` and `theirs`, which both grew out of `base`, field by field: tables by key, lists of tables by
/// the `shot_id`, `id` or `name` of their entries, other lists entry by entry, all else whole. None where one
/// of them is no TOML, or cannot be joined so.
#[must_use]
pub fn join_toml(base: &str, ours: &str, theirs: &str) -> Option<MergedFile> {
    let mut texts = parse([base, ours, theirs])?;
    let told = name_all(texts.each_mut())?;
    if !told.is_sure(&texts) {
        return None;
    }
    let versions = texts.each_ref().map(Version::of);
    let mut merge = Merge::of(&versions);
    merge.value("", 0);
    let order = merge.order();
    let (text, collisions) = Writer::of(&versions, &merge.decided, order).write();
    for path in collisions {
        if !merge
            .places
            .iter()
            .any(|place| place.pointer.as_deref() == Some(&path))
        {
            let place = merge.place(&path);
            merge.places.push(place);
        }
    }
    merge.decided.is_said_by(&text, &told)?;
    if !merge.places.is_empty() {
        let mut places = merge.places;
        let at = [1, 2].map(|side: usize| versions[side].places());
        places.sort_by_key(|place| {
            let pointer = place.pointer.as_deref().unwrap_or_default();
            let mut found = at.iter().map(|at| at.get(pointer));
            found.find_map(|at| at.copied()).unwrap_or(usize::MAX)
        });
        return Some(MergedFile {
            bytes: text.into_bytes(),
            conflict: Some(places),
        });
    }
    Some(MergedFile {
        bytes: text.into_bytes(),
        conflict: None,
    })
}

/// Settles a field of a TOML file.
///
/// # Errors
/// Says why that cannot be done.
pub fn settle_toml(
    versions: Versions<'_>,
    place: &Place,
    choice: Choice,
) -> Result<String, Unsettled> {
    let donor = versions.side(choice).ok_or(Unsettled::OneOnly)?;
    let pointer = place.pointer.as_deref().unwrap_or_default();
    take_field(versions.stands, donor, pointer, place.order).ok_or(Unsettled::Edited)
}

/// The text with what `donor` says at `pointer`, or without it; with `order`, its entries in that order.
fn take_field(text: &str, donor: &str, pointer: &str, order: bool) -> Option<String> {
    let mut texts = parse([text, text, donor])?;
    let told = name_all(texts.each_mut())?;
    let versions = texts.each_ref().map(Version::of);
    let mut decided = Decided::default();
    decided.take(&versions, Side::Ours, "");
    if !order {
        // Between both there must be a table for it.
        let above = pointer.rsplit_once('/').map_or("", |(above, _)| above);
        if !above.is_empty() && versions[1].says(above).is_none() {
            return None;
        }
        decided.drop_at(pointer);
        decided.take(&versions, Side::Theirs, pointer);
    }
    let order = if order { Order::Theirs } else { Order::Ours };
    let (text, _) = Writer::taking(&versions, &decided, order, pointer).write();
    decided.is_said_by(&text, &told)?;
    Some(text)
}

fn parse(texts: [&str; 3]) -> Option<[Text<'_>; 3]> {
    let [base, ours, theirs] = texts.map(Text::parse);
    Some([base?, ours?, theirs?])
}

/// Whose statement is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Ours,
    Theirs,
}

impl Side {
    /// Its place among the versions.
    fn index(self) -> usize {
        match self {
            Self::Ours => 1,
            Self::Theirs => 2,
        }
    }
}

/// A version, by the paths of what it says.
struct Version<'a, 't> {
    text: &'a Text<'t>,
    entries: BTreeMap<&'a str, &'a Entry<'t>>,
    /// Those with a header.
    sections: BTreeMap<&'a str, &'a Section<'t>>,
}

/// What lies at a path and beneath it.
fn at_and_beneath<'m, V: Copy>(
    map: &'m BTreeMap<&'m str, V>,
    path: &'m str,
) -> impl Iterator<Item = (&'m str, V)> {
    let inside = format!("{path}/");
    let first = inside.clone();
    let below = map.range::<str, _>((
        std::ops::Bound::Included(first.as_str()),
        std::ops::Bound::Unbounded,
    ));
    let below: Vec<_> = below
        .take_while(|(at, _)| at.starts_with(&inside))
        .collect();
    let own = map.get_key_value(path);
    own.into_iter()
        .chain(below)
        .map(|(at, value)| (*at, *value))
}

impl<'a, 't> Version<'a, 't> {
    fn of(text: &'a Text<'t>) -> Self {
        let entries = text.sections.iter().flat_map(|section| &section.entries);
        let headed = text
            .sections
            .iter()
            .filter(|section| section.header.is_some());
        Self {
            text,
            entries: entries.map(|entry| (entry.path.as_str(), entry)).collect(),
            sections: headed
                .map(|section| (section.path.as_str(), section))
                .collect(),
        }
    }

    /// What it says at a path: each path there with what it means, nothing of a table; none where it says
    /// nothing.
    fn says(&self, path: &str) -> Option<Vec<(&str, &str)>> {
        let entries =
            at_and_beneath(&self.entries, path).map(|(at, entry)| (at, entry.meaning.as_str()));
        // A table that has entries follows from them.
        let is_empty = |at: &str| at_and_beneath(&self.entries, at).next().is_none();
        let tables = at_and_beneath(&self.sections, path).filter(|(at, _)| is_empty(at));
        let all: Vec<_> = entries
            .map(|(at, says)| (own(&self.entries, at), says))
            .chain(tables.map(|(at, _)| (own(&self.sections, at), "")))
            .collect();
        (!all.is_empty() || path.is_empty()).then_some(all)
    }

    /// The remarks on what lies at a path.
    fn remarks(&self, path: &str) -> Vec<&str> {
        let entries = at_and_beneath(&self.entries, path).map(|(_, entry)| Some(entry.statement));
        let tables = at_and_beneath(&self.sections, path).map(|(_, section)| section.header);
        let statements = entries.chain(tables).flatten();
        let texts = statements.flat_map(|statement| [statement.lead, statement.end]);
        let lines = texts.flat_map(str::lines).map(str::trim);
        lines.filter(|line| !line.is_empty()).collect()
    }

    /// Its text at a path, where it is short.
    fn shown(&self, path: &str) -> Option<String> {
        if let Some(entry) = self.entries.get(path) {
            let value = entry.statement.value;
            return (value.len() <= SHOWN_BYTES).then(|| value.to_owned());
        }
        let mut text = String::new();
        for section in &self.text.sections {
            if let Some(header) = section.header.filter(|_| is_within(&section.path, path)) {
                text.push_str(header.key);
            }
            for entry in section
                .entries
                .iter()
                .filter(|entry| is_within(&entry.path, path))
            {
                let statement = entry.statement;
                text.extend([statement.key, statement.value, statement.end]);
            }
        }
        (!text.is_empty() && text.len() <= SHOWN_BYTES).then_some(text)
    }

    /// Where in the file each path is told of first.
    fn places(&self) -> BTreeMap<String, usize> {
        let mut places = BTreeMap::new();
        let sections = self.text.sections.iter();
        let paths = sections.flat_map(|section| {
            let entries = section.entries.iter().map(|entry| &entry.path);
            std::iter::once(&section.path).chain(entries)
        });
        for (at, path) in paths.enumerate() {
            places.entry(path.clone()).or_insert(at);
        }
        places
    }
}

/// The key as the map has it, which outlives the look at it.
fn own<'a, V>(map: &BTreeMap<&'a str, V>, key: &str) -> &'a str {
    map.get_key_value(key).map_or("", |(key, _)| key)
}

fn is_within(path: &str, of: &str) -> bool {
    let rest = path.strip_prefix(of);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What the result says.
#[derive(Default)]
struct Decided {
    /// The entries, each with the side that it is taken from.
    entries: BTreeMap<String, (Side, String)>,
    sections: BTreeSet<String>,
    /// Values that are neither side's.
    values: BTreeMap<String, String>,
}

impl Decided {
    /// All that a side says at a path.
    fn take(&mut self, versions: &[Version<'_, '_>; 3], side: Side, path: &str) {
        let version = &versions[side.index()];
        for (at, entry) in at_and_beneath(&version.entries, path) {
            self.entries
                .insert(at.to_owned(), (side, entry.meaning.clone()));
        }
        let sections = at_and_beneath(&version.sections, path);
        self.sections.extend(sections.map(|(at, _)| at.to_owned()));
    }

    /// Nothing at a path.
    fn drop_at(&mut self, path: &str) {
        self.entries.retain(|at, _| !is_within(at, path));
        self.sections.retain(|at| !is_within(at, path));
    }

    /// Whether a text says this and nothing else.
    fn is_said_by(&self, text: &str, told: &Told) -> Option<()> {
        let mut text = Text::parse(text)?;
        told.name(&mut text)?;
        let version = Version::of(&text);
        // What was joined of both was joined by JSON, which reads it back itself.
        let meant = |(path, (_, meaning)): (&String, &(Side, String))| {
            let found = version.entries.get(path.as_str());
            let joined = self.values.contains_key(path);
            found.is_some_and(|entry| joined || entry.meaning == *meaning)
        };
        let tables = self.sections.iter().map(String::as_str);
        let is_same = version.entries.len() == self.entries.len()
            && self.entries.iter().all(meant)
            && version.sections.keys().copied().eq(tables);
        is_same.then_some(())
    }
}

struct Merge<'v, 'a, 't> {
    versions: &'v [Version<'a, 't>; 3],
    decided: Decided,
    places: Vec<Place>,
}

impl<'v, 'a, 't> Merge<'v, 'a, 't> {
    fn of(versions: &'v [Version<'a, 't>; 3]) -> Self {
        Self {
            versions,
            decided: Decided::default(),
            places: Vec::new(),
        }
    }

    /// Decides on what lies at a path.
    fn value(&mut self, path: &str, depth: usize) {
        let [base, ours, theirs] = self.versions.each_ref().map(|version| version.says(path));
        if ours == theirs {
            return self.decided.take(self.versions, Side::Ours, path);
        }
        // Whoever wrote a remark on what the other side took out wants to hear of that. Those on an entry
        // that both have are joined where it is written.
        let mut sides = self.versions[1..].iter();
        let is_kept = sides.all(|version| version.entries.contains_key(path));
        let says_no_more = |side: usize| {
            is_kept || self.versions[side].remarks(path) == self.versions[0].remarks(path)
        };
        if theirs == base && says_no_more(2) {
            return self.decided.take(self.versions, Side::Ours, path);
        }
        if ours == base && says_no_more(1) {
            return self.decided.take(self.versions, Side::Theirs, path);
        }
        let is_table = |version: &Version<'_, '_>| !version.entries.contains_key(path);
        let [_, our_version, their_version] = self.versions;
        if depth < MAX_DEPTH
            && ours.is_some()
            && theirs.is_some()
            && is_table(our_version)
            && is_table(their_version)
        {
            if [our_version, their_version]
                .iter()
                .any(|version| version.sections.contains_key(path))
            {
                self.decided.sections.insert(path.to_owned());
            }
            for name in self.names_in(path) {
                self.value(&format!("{path}/{name}"), depth + 1);
            }
            return;
        }
        self.decided.take(self.versions, Side::Ours, path);
        match self.list(path) {
            Some(joined) => drop(self.decided.values.insert(path.to_owned(), joined)),
            None => {
                let place = self.place(path);
                self.places.push(place);
            }
        }
    }

    /// The names beneath a path, as pointers have them.
    fn names_in(&self, path: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for version in self.versions {
            let entries = at_and_beneath(&version.entries, path).map(|(at, _)| at);
            let sections = at_and_beneath(&version.sections, path).map(|(at, _)| at);
            let inner = entries
                .chain(sections)
                .filter_map(|at| at.strip_prefix(path));
            let inner = inner.filter_map(|inner| inner.strip_prefix('/'));
            names.extend(inner.map(|inner| inner.split('/').next().unwrap_or_default().to_owned()));
        }
        names
    }

    /// Two versions of a list joined, where they are written as JSON writes them.
    fn list(&self, path: &str) -> Option<String> {
        let [base, ours, theirs] = self.versions.each_ref().map(|version| {
            let value = version.entries.get(path)?.statement.value;
            value.starts_with('[').then_some(value)
        });
        let merged = merge_json(base?, ours?, theirs?)?;
        (merged.places.is_empty() && merged.twice.is_empty()).then_some(merged.text)
    }

    /// A place where both collide.
    fn place(&self, path: &str) -> Place {
        let [base, ours, theirs] = self.versions.each_ref().map(|version| version.shown(path));
        Place {
            base,
            ours,
            theirs,
            ..Place::at_field(path)
        }
    }

    /// Whose order the sections have. Lists that it gives another order than was meant are places.
    fn order(&mut self) -> Order {
        let order = writer::order_of(self.versions, None);
        let mut lists = BTreeSet::new();
        for version in self.versions {
            lists.extend(
                version
                    .sections
                    .values()
                    .filter_map(|section| section.list()),
            );
        }
        for list in lists {
            let own = writer::order_of(self.versions, Some(&list));
            let is_lost = order != Order::Theirs && writer::is_reordered(self.versions, &list);
            if own == Order::Both || (own == Order::Theirs && is_lost) {
                self.places.push(Place {
                    order: true,
                    ..Place::at_field(&list)
                });
            }
        }
        match order {
            Order::Both => Order::Ours,
            order => order,
        }
    }
}

#[cfg(test)]
mod tests;
