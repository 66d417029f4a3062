//! Which entry of a list is which in another version of it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::IDENTITIES;
use super::document::{Container, Item, Meaning};
use crate::merge::order::keeps_places;

/// The names of the entries of three lists, version by version.
pub(super) type Names<'a> = [Vec<Cow<'a, str>>; 3];

/// What tells the entries of lists apart, the surest first: a key that is meant for it, another key that every
/// entry carries with a value of its own, or, where entries were neither added nor taken out, their place.
pub(super) fn identities<'a>(lists: [&Container<'a>; 3]) -> impl Iterator<Item = Names<'a>> {
    let objects = lists.map(|list| -> Option<Vec<Container<'a>>> {
        let objects = list.items.iter().map(|item| Container::parse(item.value));
        objects
            .map(|object| object.filter(Container::is_object))
            .collect()
    });
    let objects = match objects {
        [Some(base), Some(ours), Some(theirs)] => Some([base, ours, theirs]),
        _ => None,
    };
    let others: Vec<String> = match &objects {
        Some([base, ..]) => base.first().map_or_else(Vec::new, |first| {
            let keys = first.items.iter().filter_map(Item::name);
            let keys = keys.filter(|key| !IDENTITIES.contains(key));
            keys.map(str::to_owned).collect()
        }),
        None => Vec::new(),
    };
    let by_place = by_place(lists);
    let keys = IDENTITIES.map(|key| (key.to_owned(), true)).into_iter();
    let keys = keys.chain(others.into_iter().map(|key| (key, false)));
    let by_key = keys.filter_map(move |(key, is_meant)| {
        let objects = objects.as_ref()?;
        let names = by_key(objects, &key)?;
        (is_meant || tells_apart(&names, lists)).then_some(names)
    });
    by_key.chain(by_place)
}

/// The names by a key, if every entry of every list carries it, each once.
fn by_key<'a>(objects: &[Vec<Container<'a>>; 3], key: &str) -> Option<Names<'a>> {
    let of = |objects: &Vec<Container<'a>>| -> Option<Vec<Cow<'a, str>>> {
        let name = |object: &Container<'a>| {
            let value = object.member(key)?.value;
            match Meaning::of(value) {
                Meaning::String(name) => Some(name),
                Meaning::Number(_) => Some(value.into()),
                _ => None,
            }
        };
        let names: Vec<_> = objects.iter().map(name).collect::<Option<_>>()?;
        let once: HashSet<_> = names.iter().collect();
        (once.len() == names.len()).then_some(names)
    };
    let [base, ours, theirs] = objects;
    Some([of(base)?, of(ours)?, of(theirs)?])
}

/// Whether names that were not meant as such are: most of the older ones are there on both sides, and none was
/// given twice anew, as two new entries may have the same lens.
fn tells_apart(names: &Names<'_>, lists: [&Container<'_>; 3]) -> bool {
    let [base, ours, theirs] = [0, 1, 2].map(|version| -> HashMap<&str, &str> {
        let values = lists[version].items.iter().map(|item| item.value);
        names[version]
            .iter()
            .map(|name| &**name)
            .zip(values)
            .collect()
    });
    let stays = |side: &HashMap<&str, &str>| {
        let stayed = base.keys().filter(|name| side.contains_key(*name));
        stayed.count() * 2 > base.len()
    };
    let is_one = |(name, value): (&&str, &&str)| {
        base.contains_key(name) || theirs.get(name).is_none_or(|other| other == value)
    };
    stays(&ours) && stays(&theirs) && ours.iter().all(is_one)
}

/// Their places, if it is sure that each entry is still at its own.
fn by_place<'a>(lists: [&Container<'a>; 3]) -> Option<Names<'a>> {
    let values = lists.map(|list| list.items.iter().map(|item| item.value).collect::<Vec<_>>());
    let [base, sides @ ..] = &values;
    // Plain values are joined as lines are.
    let is_nested = base.iter().any(|value| value.starts_with(['{', '[']));
    let is_sure = |side: &Vec<&str>| keeps_places(base, side, |old, new| same(old, new));
    places(lists).filter(|_| is_nested && sides.iter().all(is_sure))
}

/// Their places, if there are as many in all versions.
pub(super) fn places<'a>(lists: [&Container<'a>; 3]) -> Option<Names<'a>> {
    let count = lists[0].items.len();
    let is_even = lists.iter().all(|list| list.items.len() == count);
    is_even.then(|| lists.map(|_| (0..count).map(|at| at.to_string().into()).collect()))
}

/// How many of their items two values have in common.
fn same(old: &str, new: &str) -> usize {
    let (Some(old), Some(new)) = (Container::parse(old), Container::parse(new)) else {
        return 0;
    };
    match (old.is_object(), new.is_object()) {
        (true, true) => {
            let has = |item: &&Item<'_>| {
                let other = item.name().and_then(|name| new.member(name));
                other.is_some_and(|other| other.value == item.value)
            };
            old.items.iter().filter(has).count()
        }
        (false, false) => {
            let pairs = old.items.iter().zip(&new.items);
            pairs.filter(|(old, new)| old.value == new.value).count()
        }
        _ => 0,
    }
}
