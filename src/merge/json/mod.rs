//! Three-way merge of JSON by field, in its text: what neither side changed keeps its bytes, be it
//! the spelling of a number, the order of keys, or the white space between them.

mod document;
mod facts;
mod field;
mod identity;
mod layout;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

pub(super) use self::facts::json_holds;
pub(super) use self::field::take_field;

use self::document::{Container, Document, Item, MAX_DEPTH, Meaning};
use self::identity::identities;
use self::layout::{Joined, Layout, Place};
use super::order::{Order, in_order, moved};
use super::pick;
use super::text::merge_text;
use crate::object;

/// The keys by which objects of a list are told apart, wherever they stand in it.
pub(super) const IDENTITIES: [&str; 3] = ["shot_id", "id", "name"];

/// Two versions joined.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The result; where both sides changed a field differently it holds our side.
    pub text: String,
    /// Those fields, as RFC 6901 pointers (list entries by their identity), with the text of each
    /// version where it is short.
    pub places: Vec<object::Place>,
    /// Pointers of members that stand twice in an object that both sides changed: which of them
    /// is meant nobody can say, so the object is ours.
    pub twice: Vec<String>,
}

impl Merged {
    /// The pointers of the fields that both sides changed differently.
    #[must_use]
    pub fn conflicts(&self) -> Vec<String> {
        let pointers = self.places.iter().map(|place| place.pointer.clone());
        pointers.map(Option::unwrap_or_default).collect()
    }
}

/// Values longer than this are not shown beside each other.
const SHOWN_BYTES: usize = 4096;

/// Joins `ours` and `theirs`, which both grew out of `base`; none if one of them is no JSON.
/// Objects are joined key by key, lists entry by entry where something tells their entries apart
/// ([`identity`]), all else whole.
#[must_use]
pub fn merge_json(base: &str, ours: &str, theirs: &str) -> Option<Merged> {
    join(base, ours, theirs, Merge::default())
}

/// As [`merge_json`], and entries of our lists that say `"locked": true` stay as they are: every
/// field, and the entry itself where their side has none.
#[must_use]
pub fn merge_json_locked(base: &str, ours: &str, theirs: &str) -> Option<Merged> {
    let locks = true;
    join(
        base,
        ours,
        theirs,
        Merge {
            locks,
            ..Merge::default()
        },
    )
}

fn join(base: &str, ours: &str, theirs: &str, mut merge: Merge) -> Option<Merged> {
    let base = Document::parse(base)?;
    let ours = Document::parse(ours)?;
    let theirs = Document::parse(theirs)?;
    let versions = [Some(base.value), Some(ours.value), Some(theirs.value)];
    let value = merge.value(versions, "", 0);
    let around = |base, ours, theirs| pick(base, ours, theirs).unwrap_or(ours);
    Some(Merged {
        text: format!(
            "{}{}{}",
            around(base.head, ours.head, theirs.head),
            value.map_or("null".into(), |value| value.text),
            around(base.tail, ours.tail, theirs.tail)
        ),
        places: merge.places,
        twice: merge.twice,
    })
}

/// Whether the text is one JSON value.
pub(super) fn is_json(text: &str) -> bool {
    Document::parse(text).is_some()
}

/// Whose text a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Ours,
    Theirs,
}

/// A joined value.
struct Value<'a> {
    text: Cow<'a, str>,
    /// Whose layout it has.
    side: Side,
}

#[derive(Default)]
struct Merge {
    places: Vec<object::Place>,
    twice: Vec<String>,
    /// Whether locked entries of our lists stay as they are.
    locks: bool,
}

impl Merge {
    /// Joins the versions of a value: base, ours and theirs.
    fn value<'a>(
        &mut self,
        versions: [Option<&'a str>; 3],
        at: &str,
        depth: usize,
    ) -> Option<Value<'a>> {
        let [base, ours, theirs] = versions;
        let take = |text: Option<&'a str>, side| {
            let text = text?.into();
            Some(Value { text, side })
        };
        if ours == theirs || theirs == base {
            return take(ours, Side::Ours);
        }
        if ours == base {
            return take(theirs, Side::Theirs);
        }
        let containers = [ours, theirs].map(|side| side.and_then(Container::parse));
        if depth < MAX_DEPTH
            && let [Some(ours), Some(theirs)] = &containers
            && ours.open == theirs.open
        {
            let none = || Container::none(ours);
            let base = base.and_then(Container::parse);
            let base = base.filter(|base| base.open == ours.open);
            let base = base.unwrap_or_else(none);
            if let Some(value) = self.containers([&base, ours, theirs], at, depth) {
                return Some(value);
            }
        }
        let [base_means, ours_mean, theirs_mean] = versions.map(|text| text.map(Meaning::of));
        if ours_mean == theirs_mean || theirs_mean == base_means {
            return take(ours, Side::Ours);
        }
        if ours_mean == base_means {
            return take(theirs, Side::Theirs);
        }
        let twice = containers.iter().flatten();
        let twice: Vec<_> = twice
            .flat_map(Container::twice)
            .map(str::to_owned)
            .collect();
        if twice.is_empty() {
            self.collide(versions, at);
        }
        for name in twice {
            let pointer = below(at, &name);
            if !self.twice.contains(&pointer) {
                self.twice.push(pointer);
            }
        }
        take(ours, Side::Ours)
    }

    /// Notes that a value collides.
    fn collide(&mut self, versions: [Option<&str>; 3], at: &str) {
        let shown = |text: Option<&str>| {
            let text = text.filter(|text| text.len() <= SHOWN_BYTES);
            text.map(str::to_owned)
        };
        let [base, ours, theirs] = versions.map(shown);
        self.places.push(object::Place {
            base,
            ours,
            theirs,
            ..object::Place::at_field(at)
        });
    }

    /// Joins objects, or lists, item by item; none if their items cannot be told apart.
    fn containers<'a>(
        &mut self,
        [base, ours, theirs]: [&Container<'a>; 3],
        at: &str,
        depth: usize,
    ) -> Option<Value<'a>> {
        let all = [base, ours, theirs];
        let names: [Vec<Cow<'_, str>>; 3] = if ours.is_object() {
            if all.iter().any(|object| !object.twice().is_empty()) {
                return None;
            }
            all.map(|object| {
                object
                    .items
                    .iter()
                    .filter_map(Item::name)
                    .map(Cow::from)
                    .collect()
            })
        } else {
            match identities(all).next() {
                Some(names) => names,
                None => return self.plain_list(all),
            }
        };
        let places: [HashMap<&str, usize>; 3] = [0, 1, 2].map(|version| {
            let names = names[version].iter().enumerate();
            names.map(|(index, name)| (&**name, index)).collect()
        });
        let place = |version: usize, name: &str| -> Option<Place<'_>> {
            let index = *places[version].get(name)?;
            let items = &all[version].items;
            Some(Place {
                item: &items[index],
                index,
                is_last: index + 1 == items.len(),
            })
        };
        let order = Order::of(&names, &places, ours.is_object());
        if order == Order::Both {
            self.places.push(object::Place {
                order: true,
                ..object::Place::at_field(at)
            });
        }
        // A run that has no use for an entry any more wins over whoever put it elsewhere by hand.
        let moved = match ours.is_object() || self.locks {
            true => [HashSet::new(), HashSet::new()],
            false => [1, 2].map(|side| moved(&names[0], &names[side])),
        };
        let mut items = Vec::new();
        for name in in_order(&names, order) {
            let [in_base, in_ours, in_theirs] = [0, 1, 2].map(|version| place(version, name));
            let versions = [in_base, in_ours, in_theirs];
            let versions = versions.map(|place| place.map(|place| place.item.value));
            let locked = versions[1].filter(|ours| self.locks && is_locked(ours));
            let value = match locked {
                Some(ours) => Some(Value {
                    text: ours.into(),
                    side: Side::Ours,
                }),
                // To put it elsewhere is to want it, as to edit it is.
                None if matches!(
                    versions,
                    [Some(base), Some(side), None] | [Some(base), None, Some(side)]
                        if Meaning::of(base) == Meaning::of(side)
                            && moved.iter().any(|moved| moved.contains(name))
                ) =>
                {
                    self.collide(versions, &below(at, name));
                    versions[1].map(|ours| Value {
                        text: ours.into(),
                        side: Side::Ours,
                    })
                }
                None => self.value(versions, &below(at, name), depth + 1),
            };
            if let Some(value) = value {
                items.push(Joined {
                    base: in_base,
                    ours: in_ours,
                    theirs: in_theirs,
                    value,
                });
            }
        }
        Some(Layout::of(base, ours, theirs).joined(&items))
    }
}

/// Lists longer than this are not joined entry by entry where their entries have no identity.
const MOST_PLAIN: usize = 2000;

impl Merge {
    /// Joins lists of plain values as lines are joined: an entry is a line.
    fn plain_list<'a>(&self, all: [&Container<'a>; 3]) -> Option<Value<'a>> {
        let [base, ours, theirs] = all;
        let is_plain = |list: &&Container<'a>| {
            let plain = |item: &Item<'a>| !item.value.starts_with(['{', '[']);
            list.items.len() <= MOST_PLAIN && list.items.iter().all(plain)
        };
        if !all.iter().all(is_plain) {
            return None;
        }
        // No string of JSON holds a line end.
        let lines = |list: &Container<'a>| -> String {
            list.items
                .iter()
                .map(|item| format!("{}\n", item.value))
                .collect()
        };
        let merged = merge_text(&lines(base), &lines(ours), &lines(theirs));
        if !merged.places.is_empty() {
            return None;
        }
        let mut at = [0; 3];
        let mut items = Vec::new();
        for line in merged.text.lines() {
            let mut take = |version: usize| -> Option<Place<'_>> {
                let list = &all[version].items;
                let index = (at[version]..list.len()).find(|index| list[*index].value == line)?;
                at[version] = index + 1;
                Some(Place {
                    item: &list[index],
                    index,
                    is_last: index + 1 == list.len(),
                })
            };
            let [in_base, in_ours, in_theirs] = [take(0), take(1), take(2)];
            let (text, side) = match (in_ours, in_theirs) {
                (Some(own), _) => (own.item.value, Side::Ours),
                (None, Some(other)) => (other.item.value, Side::Theirs),
                (None, None) => return None,
            };
            let value = Value {
                text: text.into(),
                side,
            };
            items.push(Joined {
                base: in_base,
                ours: in_ours,
                theirs: in_theirs,
                value,
            });
        }
        Some(Layout::of(base, ours, theirs).joined(&items))
    }
}

/// Whether an entry of a list says that it is locked.
fn is_locked(entry: &str) -> bool {
    let member = |object: Container<'_>| Some(object.member("locked")?.value == "true");
    entry.starts_with('{') && Container::parse(entry).and_then(member) == Some(true)
}

impl Container<'_> {
    /// An empty one of the same kind.
    fn none(other: &Self) -> Self {
        Self {
            open: other.open,
            close: other.close,
            items: Vec::new(),
            inner: "",
        }
    }
}

fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
