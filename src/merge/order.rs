//! The order of items that are told apart by name, in two versions joined.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::pick;

/// Whose order the items of the result have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Ours,
    Theirs,
    /// Both sides moved entries of a list, and differently: ours, and a conflict, as the order of
    /// shots has a meaning.
    Both,
}

impl Order {
    /// The side that moved some of the items that all versions have. New entries that both sides
    /// have count as moved by both where they stand in another order.
    pub(super) fn of(
        names: &[Vec<Cow<'_, str>>; 3],
        places: &[HashMap<&str, usize>; 3],
        is_object: bool,
    ) -> Self {
        let of_all = |version: usize, places: &[HashMap<&str, usize>]| -> Vec<&str> {
            let names = names[version].iter().map(|name| &**name);
            let shared = |name: &&str| places.iter().all(|version| version.contains_key(name));
            names.filter(shared).collect()
        };
        let [base, ours, theirs] = [0, 1, 2].map(|version| of_all(version, places));
        let sides = &places[1..];
        match pick(&base, &ours, &theirs) {
            None if !is_object => Self::Both,
            _ if ours == theirs && !is_object => match of_all(1, sides) == of_all(2, sides) {
                // As it comes.
                true => Self::Theirs,
                false => Self::Both,
            },
            // An object is as it is here where neither moved any member, or both did.
            Some(order) if *order != ours => Self::Theirs,
            _ => Self::Ours,
        }
    }
}

/// Items that stand elsewhere among those that both versions have: all but the longest run that stands as before.
pub(super) fn moved<'n>(before: &[Cow<'_, str>], after: &'n [Cow<'_, str>]) -> HashSet<&'n str> {
    let places: HashMap<&str, usize> = before.iter().map(|name| &**name).zip(0..).collect();
    let known: Vec<(&str, usize)> = after
        .iter()
        .filter_map(|name| Some((&**name, *places.get(&**name)?)))
        .collect();
    // Of each length of a run the end that stands first before, and what precedes each item in its run.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(known.len());
    for (at, (_, place)) in known.iter().enumerate() {
        let length = ends.partition_point(|end| known[*end].1 < *place);
        previous.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut moved: HashSet<&str> = known.iter().map(|(name, _)| *name).collect();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        moved.remove(known[at].0);
        next = previous[at];
    }
    moved
}

/// The names of the items of both sides in the order of the result: that of one side, and what only the
/// other side has behind its neighbour there. Where both have something new behind the same neighbour, ours
/// comes first.
pub(super) fn in_order<'n>(names: &'n [Vec<Cow<'_, str>>; 3], order: Order) -> Vec<&'n str> {
    let [_, ours, theirs] = names;
    let (first, second) = match order {
        Order::Ours | Order::Both => (ours, theirs),
        Order::Theirs => (theirs, ours),
    };
    let of =
        |names: &'n [Cow<'_, str>]| names.iter().map(|name| &**name).collect::<HashSet<&str>>();
    let (in_first, in_second) = (of(first), of(second));
    // What only the second has, behind which item that both have, or none.
    let mut behind: HashMap<Option<&str>, Vec<&str>> = HashMap::new();
    let mut last = None;
    for name in second.iter().map(|name| &**name) {
        match in_first.contains(name) {
            true => last = Some(name),
            false => behind.entry(last).or_default().push(name),
        }
    }
    let ours_last = order == Order::Theirs;
    let mut result = Vec::with_capacity(first.len() + second.len());
    let mut waiting = behind.remove(&None).unwrap_or_default();
    if !ours_last {
        // Ours stands before theirs, so theirs waits for what is new here.
        for name in first.iter().map(|name| &**name) {
            if in_second.contains(name) {
                result.append(&mut waiting);
                waiting = behind.remove(&Some(name)).unwrap_or_default();
            }
            result.push(name);
        }
        result.append(&mut waiting);
        return result;
    }
    result.append(&mut waiting);
    for name in first.iter().map(|name| &**name) {
        result.push(name);
        result.extend(behind.remove(&Some(name)).unwrap_or_default());
    }
    result
}

/// Lists longer than this are not compared entry by entry with each other.
const MOST_ENTRIES: usize = 500;

/// Whether the entries of a list that nothing tells apart are still those of the older one, each at its place:
/// as many, and each more like the one that stood there than like any other. `same` is how much two have in common.
pub(super) fn keeps_places<E: PartialEq>(
    base: &[E],
    side: &[E],
    same: impl Fn(&E, &E) -> usize,
) -> bool {
    let is_there = |at: usize| {
        let (old, new) = (&base[at], &side[at]);
        let own = same(old, new);
        let mut others = base.iter().filter(|other| *other != old);
        old == new || (own > 0 && others.all(|other| same(other, new) < own))
    };
    base.len() == side.len() && base.len() <= MOST_ENTRIES && (0..base.len()).all(is_there)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(base: &str, ours: &str, theirs: &str, order: Order) -> String {
        let names = [base, ours, theirs].map(|letters| -> Vec<Cow<'_, str>> {
            letters
                .chars()
                .map(|letter| letter.to_string().into())
                .collect()
        });
        in_order(&names, order).concat()
    }

    #[test]
    fn what_stands_elsewhere_has_moved_and_what_it_passed_has_not() {
        let names = |letters: &str| -> Vec<Cow<'_, str>> {
            let letters = letters.chars();
            letters.map(|letter| letter.to_string().into()).collect()
        };
        let told = |before: &str, after: &str| {
            let (before, after) = (names(before), names(after));
            let moved = moved(&before, &after);
            let mut moved: Vec<String> = moved.into_iter().map(str::to_owned).collect();
            moved.sort();
            moved.concat()
        };
        assert_eq!(told("abcd", "bcda"), "a");
        assert_eq!(told("abcd", "abcd"), "");
        assert_eq!(told("abcd", "aXcd"), "");
        assert_eq!(told("abcdef", "afbcXe"), "f");
        assert_eq!(told("", "abc"), "");
    }

    #[test]
    fn a_list_that_went_on_by_one_keeps_no_places() {
        let keeps = |base: &[[u8; 3]], side: &[[u8; 3]]| {
            keeps_places(base, side, |old, new| {
                old.iter().zip(new).filter(|(a, b)| a == b).count()
            })
        };
        let base = [[1, 0, 0], [2, 0, 0], [3, 0, 0]];
        assert!(keeps(&base, &[[1, 0, 0], [2, 0, 7], [3, 9, 0]]));
        assert!(keeps(&[[1, 1, 1]; 2], &[[1, 1, 1], [2, 1, 1]]));
        assert!(!keeps(&base, &[[2, 0, 0], [3, 0, 0], [4, 0, 0]]));
        assert!(!keeps(&base, &base[..2]));
        assert!(!keeps(&base, &[[5, 6, 7], [2, 0, 0], [3, 0, 0]]));
    }

    #[test]
    fn what_is_new_stands_behind_its_neighbour_and_ours_first() {
        assert_eq!(joined("ab", "aXb", "aYb", Order::Ours), "aXYb");
        assert_eq!(joined("ab", "aXb", "aYb", Order::Theirs), "aXYb");
        assert_eq!(joined("ab", "Xab", "YZab", Order::Ours), "XYZab");
        assert_eq!(joined("ab", "abX", "abYZ", Order::Ours), "abXYZ");
        assert_eq!(joined("ab", "ab", "bYa", Order::Theirs), "bYa");
        assert_eq!(joined("ab", "aXb", "bYa", Order::Theirs), "bYaX");
        // What one side took out is named too; whether it stays is not decided here.
        assert_eq!(joined("abc", "c", "aYbc", Order::Ours), "aYbc");
    }
}
