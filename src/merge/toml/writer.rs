//! Writes what was decided: the statements of ours, with what was taken of theirs.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::statements::Statement;
use super::{Decided, Side, Version, is_within};
use crate::merge::order::{Order, in_order};
use crate::merge::{merge_text, pick};

pub(super) struct Writer<'v, 'a, 't> {
    versions: &'v [Version<'a, 't>; 3],
    decided: &'v Decided,
    order: Order,
    /// Beneath which all is theirs; elsewhere nothing is then.
    taken: Option<&'v str>,
    text: String,
    line_end: &'static str,
    /// Paths whose remarks both sides changed differently.
    collisions: Vec<String>,
}

/// Whose order the sections of a file have, or those that are the entries of a list.
pub(super) fn order_of(versions: &[Version<'_, '_>; 3], list: Option<&str>) -> Order {
    let names = section_names(versions, list);
    let places = names.each_ref().map(|names| -> HashMap<&str, usize> {
        names
            .iter()
            .enumerate()
            .map(|(at, name)| (&**name, at))
            .collect()
    });
    Order::of(&names, &places, list.is_none())
}

/// Whether the entries of a list that both sides have stand in another order there.
pub(super) fn is_reordered(versions: &[Version<'_, '_>; 3], list: &str) -> bool {
    let [_, ours, theirs] = section_names(versions, Some(list));
    let shared = |own: &[Cow<'_, str>], other: &[Cow<'_, str>]| -> Vec<String> {
        let other: HashSet<&str> = other.iter().map(|name| &**name).collect();
        let own = own.iter().filter(|name| other.contains(&***name));
        own.map(ToString::to_string).collect()
    };
    shared(&ours, &theirs) != shared(&theirs, &ours)
}

fn section_names<'v>(
    versions: &'v [Version<'_, '_>; 3],
    list: Option<&str>,
) -> [Vec<Cow<'v, str>>; 3] {
    versions.each_ref().map(|version| {
        let sections = version.text.sections.iter();
        let wanted = sections
            .filter(|section| list.is_none_or(|list| section.list().as_deref() == Some(list)));
        wanted.map(|section| section.path.as_str().into()).collect()
    })
}

impl<'v, 'a, 't> Writer<'v, 'a, 't> {
    pub(super) fn of(
        versions: &'v [Version<'a, 't>; 3],
        decided: &'v Decided,
        order: Order,
    ) -> Self {
        let crlf = [versions[1].text.head, versions[1].text.tail].concat();
        let mut ends = versions[1]
            .entries
            .values()
            .map(|entry| entry.statement.end);
        let is_crlf = crlf.contains("\r\n") || ends.any(|end| end.ends_with("\r\n"));
        Self {
            versions,
            decided,
            order,
            taken: None,
            text: String::new(),
            line_end: if is_crlf { "\r\n" } else { "\n" },
            collisions: Vec::new(),
        }
    }

    /// With the remarks of theirs at a path.
    pub(super) fn taking(
        versions: &'v [Version<'a, 't>; 3],
        decided: &'v Decided,
        order: Order,
        path: &'v str,
    ) -> Self {
        Self {
            taken: Some(path),
            ..Self::of(versions, decided, order)
        }
    }

    /// The text, and the paths whose remarks collide.
    pub(super) fn write(mut self) -> (String, Vec<String>) {
        let [base, ours, theirs] = self.versions.each_ref().map(|version| version.text);
        let head = self.remarks("", Some(base.head), ours.head, theirs.head);
        self.text.push_str(&head);
        let names = section_names(self.versions, None);
        for path in in_order(&names, self.order) {
            self.section(path);
        }
        let tail = self.remarks("", Some(base.tail), ours.tail, theirs.tail);
        self.push(&tail);
        (self.text, self.collisions)
    }

    fn section(&mut self, path: &str) {
        let found = self.versions.each_ref().map(|version| match path {
            "" => version.text.sections.first(),
            path => version.sections.get(path).copied(),
        });
        if !path.is_empty() && self.decided.sections.contains(path) {
            let header = found.map(|section| section.and_then(|section| section.header));
            let side = if header[1].is_some() {
                Side::Ours
            } else {
                Side::Theirs
            };
            self.statement(path, header, side, None);
        }
        let names = found.map(|section| -> Vec<Cow<'_, str>> {
            let entries = section.into_iter().flat_map(|section| &section.entries);
            entries.map(|entry| entry.path.as_str().into()).collect()
        });
        let decided = self.decided;
        for at in in_order(&names, Order::Ours) {
            let Some((side, _)) = decided.entries.get(at) else {
                continue;
            };
            // What ours says elsewhere is written there.
            let is_elsewhere = self.versions[1].entries.contains_key(at)
                && !names[1].iter().any(|name| name == at);
            if !is_elsewhere {
                let entries = self
                    .versions
                    .each_ref()
                    .map(|version| version.entries.get(at));
                let value = self.value(at, *side);
                let statements = entries.map(|entry| entry.map(|entry| entry.statement));
                self.statement(at, statements, *side, Some(&value));
            }
        }
    }

    /// The value of an entry, as the side has it that it is taken from; spelt as whoever changed that.
    fn value(&self, path: &str, side: Side) -> Cow<'v, str> {
        let decided: &'v Decided = self.decided;
        if let Some(joined) = decided.values.get(path) {
            return joined.as_str().into();
        }
        let entries = self
            .versions
            .each_ref()
            .map(|version| version.entries.get(path));
        let of = |index: usize| entries[index].map(|entry| entry.statement.value);
        let own = of(side.index()).unwrap_or_default();
        let is_same = |index: usize| {
            entries[index].is_none_or(|entry| entry.meaning == decided.entries[path].1)
        };
        match (of(0), of(1), of(2)) {
            (Some(base), Some(ours), Some(theirs))
                if self.taken.is_none() && is_same(1) && is_same(2) =>
            {
                pick(base, ours, theirs).unwrap_or(own).into()
            }
            _ => own.into(),
        }
    }

    /// Writes a statement, its remarks joined.
    fn statement(
        &mut self,
        path: &str,
        [base, ours, theirs]: [Option<Statement<'t>>; 3],
        side: Side,
        value: Option<&str>,
    ) {
        let (lead, key, end) = match (ours, theirs) {
            (Some(ours), Some(theirs)) if self.taken.is_none() => {
                let lead = self.remarks(path, base.map(|base| base.lead), ours.lead, theirs.lead);
                let end = self.remarks(path, base.map(|base| base.end), ours.end, theirs.end);
                let key = base.and_then(|base| pick(base.key, ours.key, theirs.key));
                (lead, key.unwrap_or(ours.key), end)
            }
            (Some(one), None) | (None, Some(one)) => (one.lead.into(), one.key, one.end.into()),
            (Some(ours), Some(theirs)) => {
                let is_taken = self.taken.is_some_and(|taken| is_within(path, taken));
                let one = if side == Side::Theirs || is_taken {
                    theirs
                } else {
                    ours
                };
                (one.lead.into(), one.key, one.end.into())
            }
            (None, None) => return,
        };
        self.push(&lead);
        self.push(key);
        self.text.push_str(value.unwrap_or_default());
        let end = self.as_here(&end);
        self.text.push_str(&end);
    }

    /// Writes what begins a line.
    fn push(&mut self, text: &str) {
        let line_end = self.line_end;
        if !text.is_empty() && !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push_str(line_end);
        }
        let text = self.as_here(text).into_owned();
        self.text.push_str(&text);
    }

    /// A text with the line ends of this file.
    fn as_here<'x>(&self, text: &'x str) -> Cow<'x, str> {
        match self.line_end {
            "\r\n" if text.contains('\n') => {
                text.replace("\r\n", "\n").replace('\n', "\r\n").into()
            }
            _ => text.into(),
        }
    }

    /// Remarks and blank lines of both; ours where they collide.
    fn remarks<'x>(
        &mut self,
        path: &str,
        base: Option<&'x str>,
        ours: &'x str,
        theirs: &'x str,
    ) -> Cow<'x, str> {
        let base = base.unwrap_or_default();
        if self.taken.is_some() {
            return ours.into();
        }
        if let Some(one) = pick(base, ours, theirs) {
            return one.into();
        }
        let (our_words, their_words) = (ours.trim(), theirs.trim());
        if our_words == their_words || their_words == base.trim() {
            return ours.into();
        }
        if our_words == base.trim() {
            return theirs.into();
        }
        let joined = merge_text(base, ours, theirs);
        match joined.places.is_empty() {
            true => joined.text.into(),
            false => {
                self.collisions.push(path.to_owned());
                ours.into()
            }
        }
    }
}
