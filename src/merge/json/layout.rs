//! How a joined object or list is written: everything where its side has it, and what is added in
//! the manner of its neighbours.

use std::borrow::Cow;

use super::document::{Container, Item};
use super::{Side, Value};
use crate::merge::pick;

/// An item of one version.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) item: &'a Item<'a>,
    pub(super) index: usize,
    pub(super) is_last: bool,
}

/// An item of the result, with what it is in each version.
pub(super) struct Joined<'a> {
    pub(super) base: Option<Place<'a>>,
    pub(super) ours: Option<Place<'a>>,
    pub(super) theirs: Option<Place<'a>>,
    pub(super) value: Value<'a>,
}

/// Writes a container as `side` has it, with these items.
pub(super) struct Layout<'a> {
    pub(super) base: &'a Container<'a>,
    /// Whose layout it takes.
    pub(super) own: &'a Container<'a>,
    pub(super) other: &'a Container<'a>,
    pub(super) side: Side,
}

impl<'a> Layout<'a> {
    /// Ours, or theirs where ours has nothing that could show how it is laid out.
    pub(super) fn of(
        base: &'a Container<'a>,
        ours: &'a Container<'a>,
        theirs: &'a Container<'a>,
    ) -> Self {
        let (side, own, other) = match ours.items.is_empty() {
            false => (Side::Ours, ours, theirs),
            true => (Side::Theirs, theirs, ours),
        };
        Self {
            base,
            own,
            other,
            side,
        }
    }

    /// The container with these items.
    pub(super) fn joined<'v>(&self, items: &[Joined<'a>]) -> Value<'v> {
        Value {
            text: self.write(items).into(),
            side: self.side,
        }
    }

    pub(super) fn write(&self, items: &[Joined<'a>]) -> String {
        let mut out = String::from(self.own.open);
        for (index, item) in items.iter().enumerate() {
            let is_last = index + 1 == items.len();
            let before = self.before(items, index);
            out += &before;
            let (own, other) = self.sides(item);
            let any = own.or(other).map(|place| place.item);
            if let Some(key) = any.and_then(|item| item.key.as_ref()) {
                let text = |item: &Item<'a>| item.key.as_ref().map(|key| key.text);
                let colon = |item: &Item<'a>| item.key.as_ref().map(|key| key.colon);
                out += three(item, self.side, text).flatten().unwrap_or(key.text);
                out += match own {
                    Some(_) => three(item, self.side, colon).flatten().unwrap_or(key.colon),
                    None => self.colon().unwrap_or(key.colon),
                };
            }
            out += &match &item.value.text {
                // Joined of both sides, and laid out as this is.
                Cow::Owned(text) => Cow::Borrowed(text.as_str()),
                Cow::Borrowed(text) => {
                    let sides = (own.map(|own| own.item), other.map(|other| other.item));
                    let from = match (sides, item.value.side == self.side) {
                        ((Some(own), Some(other)), _) if own.value == other.value => &before,
                        ((Some(own), _), true) => own.before,
                        ((_, Some(other)), false) => other.before,
                        _ => "",
                    };
                    adapted(text, from, &before)
                }
            };
            out += match is_last {
                true => self.end(),
                false => self.after(item),
            };
            if !is_last {
                out.push(',');
            }
        }
        if items.is_empty() {
            out += self.own.inner;
        }
        out.push(self.own.close);
        out
    }

    /// The item in the version whose layout is taken, and in the other.
    fn sides(&self, item: &Joined<'a>) -> (Option<Place<'a>>, Option<Place<'a>>) {
        match self.side {
            Side::Ours => (item.ours, item.theirs),
            Side::Theirs => (item.theirs, item.ours),
        }
    }

    fn before(&self, items: &[Joined<'a>], index: usize) -> Cow<'a, str> {
        let first = |list: &'a Container<'a>| list.items.first().map(|item| item.before);
        let own_first = first(self.own);
        if index == 0 {
            let all = (first(self.base), own_first, first(self.other));
            return match all {
                (Some(base), Some(own), Some(other)) => pick(base, own, other).unwrap_or(own),
                (_, Some(gap), _) | (_, None, Some(gap)) => gap,
                _ => "",
            }
            .into();
        }
        let behind = |place: &Option<Place<'a>>| place.filter(|place| place.index > 0);
        let (own, other) = self.sides(&items[index]);
        if let Some(own) = behind(&own) {
            let own = own.item.before;
            return match (behind(&items[index].base), behind(&other)) {
                (Some(base), Some(other)) => {
                    pick(base.item.before, own, other.item.before).unwrap_or(own)
                }
                _ => own,
            }
            .into();
        }
        let neighbours = items[..index].iter().rev().map(|item| self.sides(item).0);
        let neighbour = neighbours.filter_map(|place| behind(&place)).next();
        let neighbour = neighbour.map(|place| place.item);
        if let Some(neighbour) = neighbour.or_else(|| self.own.items.get(1)) {
            return one_line_down(neighbour.before);
        }
        match (own_first, behind(&other)) {
            (Some(gap), _) if gap.contains('\n') => one_line_down(gap),
            (_, Some(other)) if !other.item.before.contains('\n') => other.item.before.into(),
            _ => " ".into(),
        }
    }

    fn after(&self, item: &Joined<'a>) -> &'a str {
        let inside = |place: Option<Place<'a>>| place.filter(|place| !place.is_last);
        let (own, other) = self.sides(item);
        let Some(own) = inside(own) else { return "" };
        let own = own.item.after;
        match (inside(item.base), inside(other)) {
            (Some(base), Some(other)) => {
                pick(base.item.after, own, other.item.after).unwrap_or(own)
            }
            _ => own,
        }
    }

    /// What stands before the closing bracket.
    fn end(&self) -> &'a str {
        let last = |list: &'a Container<'a>| list.items.last().map(|item| item.after);
        match (last(self.base), last(self.own), last(self.other)) {
            (Some(base), Some(own), Some(other)) => pick(base, own, other).unwrap_or(own),
            (_, Some(gap), _) | (_, None, Some(gap)) => gap,
            _ => "",
        }
    }

    /// How colons are written here.
    fn colon(&self) -> Option<&'a str> {
        let key = self.own.items.first()?.key.as_ref()?;
        Some(key.colon)
    }
}

/// A part of an item that all versions have: as the side has it that changed it.
fn three<'a, T: PartialEq>(
    item: &Joined<'a>,
    side: Side,
    part: impl Fn(&Item<'a>) -> T,
) -> Option<T> {
    let of = |place: Option<Place<'a>>| place.map(|place| part(place.item));
    match (of(item.base), of(item.ours), of(item.theirs)) {
        (Some(base), Some(ours), Some(theirs)) => match side {
            Side::Ours => Some(changed_of(base, ours, theirs)),
            Side::Theirs => Some(changed_of(base, theirs, ours)),
        },
        (_, ours, theirs) => match side {
            Side::Ours => ours.or(theirs),
            Side::Theirs => theirs.or(ours),
        },
    }
}

/// Of both that which changed, the first where both did.
fn changed_of<T: PartialEq>(base: T, own: T, other: T) -> T {
    if own == base { other } else { own }
}

/// The gap without empty lines.
fn one_line_down(gap: &str) -> Cow<'_, str> {
    if gap.matches('\n').count() < 2 {
        return gap.into();
    }
    format!(
        "{}{}",
        line_end(gap).unwrap_or("\n"),
        indent(gap).unwrap_or("")
    )
    .into()
}

fn line_end(gap: &str) -> Option<&'static str> {
    gap.contains('\n').then(|| match gap.contains("\r\n") {
        true => "\r\n",
        false => "\n",
    })
}

/// What stands before the first value of a line.
fn indent(gap: &str) -> Option<&str> {
    gap.rsplit_once('\n').map(|(_, indent)| indent)
}

/// A value that stood after the gap `from`, as it is written after the gap `to`. Strings hold no
/// line ends, so every one is layout.
fn adapted<'a>(text: &'a str, from: &str, to: &str) -> Cow<'a, str> {
    if from == to || !text.contains('\n') {
        return text.into();
    }
    let mut lines = text.split('\n');
    let mut out = String::from(bare(lines.next().unwrap_or_default()));
    match (indent(from), indent(to)) {
        // It stood within a line, and does again.
        (None, None) => return text.into(),
        (Some(_), None) => {
            for line in lines {
                let line = line.trim_ascii();
                if !out.ends_with(['{', '[']) && !line.starts_with(['}', ']']) {
                    out += to;
                }
                out += line;
            }
        }
        (old, Some(new)) => {
            let old = old.unwrap_or_default();
            for line in lines.map(bare) {
                out += line_end(to).unwrap_or("\n");
                match line.strip_prefix(old) {
                    Some(rest) if !rest.is_empty() => {
                        out += new;
                        out += rest;
                    }
                    _ => out += line,
                }
            }
        }
    }
    out.into()
}

fn bare(line: &str) -> &str {
    line.strip_suffix('\r').unwrap_or(line)
}
