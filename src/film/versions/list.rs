//! Three lists into one, by identity: an older one and two that grew out of it.

use std::collections::{HashMap, HashSet};

/// An entry of the joined list, by its places in the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Slot {
    pub(super) base: Option<usize>,
    pub(super) ours: Option<usize>,
    pub(super) theirs: Option<usize>,
    /// Both sides moved it, and not to the same place; it stands at ours.
    pub(super) is_torn: bool,
    /// One side moved what the other took out.
    pub(super) is_moved: bool,
    /// One side put it where both took something out: it may be what became of that, which the other side
    /// did not want any more.
    pub(super) is_rival: bool,
}

/// One side beside the older list.
#[derive(Debug)]
pub(super) struct Versus {
    /// For each entry of the side, its place in the older list.
    pub(super) of: Vec<Option<usize>>,
    /// For each entry of the older list, its place in the side.
    pub(super) at: Vec<Option<usize>>,
    /// Whether an entry of the older list stands where it stood, relative to most others.
    pub(super) stayed: Vec<bool>,
}

impl Versus {
    /// `pairs` are `(place in the older list, place in the side)`, each place at most once.
    pub(super) fn new(base: usize, side: usize, pairs: &[(usize, usize)]) -> Self {
        let mut versus = Self {
            of: vec![None; side],
            at: vec![None; base],
            stayed: vec![false; base],
        };
        for (old, new) in pairs {
            versus.of[*new] = Some(*old);
            versus.at[*old] = Some(*new);
        }
        let in_order: Vec<(usize, usize)> = versus
            .of
            .iter()
            .enumerate()
            .filter_map(|(new, old)| Some(((*old)?, new)))
            .collect();
        for (old, _) in crate::numbers::ascending(&in_order) {
            versus.stayed[old] = true;
        }
        versus
    }

    /// The entry of the older list that comes before `old` on this side, among those of `also`.
    fn before(&self, old: usize, also: &Self) -> Option<usize> {
        let at = self.at[old]?;
        let mut known = self.of[..at].iter().rev().flatten();
        known.find(|old| also.at[**old].is_some()).copied()
    }
}

/// Joins the two sides. Entries that neither side has are left out; one that one side took out has
/// no place there. The order is ours, with what they moved and added where they have it, behind
/// what we added at the same place. `key` tells whether both added the same.
pub(super) fn join<K: Ord>(
    ours: &Versus,
    theirs: &Versus,
    our_key: impl Fn(usize) -> K,
    their_key: impl Fn(usize) -> K,
) -> Vec<Slot> {
    let both = added_by_both(ours, theirs, our_key, their_key);
    let (our_rivals, their_rivals) = (rivals(ours, theirs), rivals(theirs, ours));
    let ours_too: HashSet<usize> = both.values().copied().collect();
    let mut slot_of_added: HashMap<usize, usize> = HashMap::new();
    let mut order = Order::default();
    let mut slot_of: HashMap<usize, usize> = HashMap::new();
    for (at, base) in ours.of.iter().enumerate() {
        let theirs = base.and_then(|base| theirs.at[base]);
        let slot = order.push(Slot {
            base: *base,
            ours: Some(at),
            theirs,
            is_rival: our_rivals[at] && !ours_too.contains(&at),
            ..Slot::default()
        });
        match base {
            Some(base) => drop(slot_of.insert(*base, slot)),
            None => drop(slot_of_added.insert(at, slot)),
        }
    }
    let mut anchor = None;
    for (at, base) in theirs.of.iter().enumerate() {
        let Some(base) = *base else {
            let known = both.get(&at).map(|ours| slot_of_added[ours]);
            if let Some(slot) = known {
                order.slots[slot].theirs = Some(at);
            }
            anchor = known.or_else(|| {
                let slot = order.added(anchor, at, &ours_too);
                order.slots[slot].is_rival = their_rivals[at];
                Some(slot)
            });
            continue;
        };
        let they_moved = !theirs.stayed[base];
        let Some(slot) = slot_of.get(&base).copied() else {
            let slot = Slot {
                base: Some(base),
                theirs: Some(at),
                is_moved: they_moved,
                ..Slot::default()
            };
            anchor = Some(order.insert(anchor, slot));
            continue;
        };
        let we_moved = !ours.stayed[base];
        match (we_moved, they_moved) {
            (false, false) => anchor = Some(slot),
            (true, false) => {}
            (false, true) => {
                order.take(slot);
                order.link(anchor, slot);
                anchor = Some(slot);
            }
            (true, true) => {
                order.slots[slot].is_torn = ours.before(base, theirs) != theirs.before(base, ours);
            }
        }
    }
    for (base, slot) in &slot_of {
        order.slots[*slot].is_moved |= theirs.at[*base].is_none() && !ours.stayed[*base];
    }
    order.in_order()
}

/// Which entries a side added where an entry of the older list stood that neither side has any more.
fn rivals(side: &Versus, other: &Versus) -> Vec<bool> {
    let mut gone = vec![0; side.at.len() + 1];
    for at in 0..side.at.len() {
        let is_gone = side.at[at].is_none() && other.at[at].is_none();
        gone[at + 1] = gone[at] + usize::from(is_gone);
    }
    let mut rivals = vec![false; side.of.len()];
    // Between two entries that stayed: where that begins, in the side and in the older list.
    let (mut from, mut base_from) = (0, 0);
    let ends = side
        .of
        .iter()
        .map(|old| old.filter(|old| side.stayed[*old]));
    for (to, base_to) in ends.chain([Some(side.at.len())]).enumerate() {
        let Some(base_to) = base_to else { continue };
        if gone[base_to] > gone[base_from] {
            let added = side.of[from..to].iter().map(Option::is_none);
            for (rival, is_added) in rivals[from..to].iter_mut().zip(added) {
                *rival = is_added;
            }
        }
        (from, base_from) = (to + 1, base_to + 1);
    }
    rivals
}

/// What both sides added alike, from its place in theirs to that in ours.
fn added_by_both<K: Ord>(
    ours: &Versus,
    theirs: &Versus,
    our_key: impl Fn(usize) -> K,
    their_key: impl Fn(usize) -> K,
) -> HashMap<usize, usize> {
    let added = |versus: &Versus| -> Vec<usize> {
        let is_added = |at: &usize| versus.of[*at].is_none();
        (0..versus.of.len()).filter(is_added).collect()
    };
    let (our_added, their_added) = (added(ours), added(theirs));
    if our_added.is_empty() || their_added.is_empty() {
        return HashMap::new();
    }
    let our_keys: Vec<K> = our_added.iter().map(|at| our_key(*at)).collect();
    let their_keys: Vec<K> = their_added.iter().map(|at| their_key(*at)).collect();
    let pairs = crate::numbers::common(&our_keys, &their_keys).into_iter();
    pairs
        .map(|(our, their)| (their_added[their], our_added[our]))
        .collect()
}

/// Slots in a list that can be taken out and put in anywhere.
#[derive(Debug, Default)]
struct Order {
    slots: Vec<Slot>,
    before: Vec<Option<usize>>,
    after: Vec<Option<usize>>,
    first: Option<usize>,
    last: Option<usize>,
}

impl Order {
    fn push(&mut self, slot: Slot) -> usize {
        let last = self.last;
        self.insert(last, slot)
    }

    /// Puts a new slot behind another, or first.
    fn insert(&mut self, behind: Option<usize>, slot: Slot) -> usize {
        let at = self.slots.len();
        self.slots.push(slot);
        self.before.push(None);
        self.after.push(None);
        self.link(behind, at);
        at
    }

    /// Puts an entry that they added behind `behind` and what we alone added there.
    fn added(&mut self, behind: Option<usize>, theirs: usize, ours_too: &HashSet<usize>) -> usize {
        let is_ours = |slot: &Slot| {
            let is_alone = slot.ours.is_some_and(|ours| !ours_too.contains(&ours));
            slot.base.is_none() && is_alone
        };
        let mut last = behind;
        loop {
            let next = match last {
                Some(last) => self.after[last],
                None => self.first,
            };
            match next {
                Some(next) if is_ours(&self.slots[next]) => last = Some(next),
                _ => break,
            }
        }
        let slot = Slot {
            theirs: Some(theirs),
            ..Slot::default()
        };
        self.insert(last, slot)
    }

    fn take(&mut self, slot: usize) {
        let (before, after) = (self.before[slot].take(), self.after[slot].take());
        match before {
            Some(before) => self.after[before] = after,
            None => self.first = after,
        }
        match after {
            Some(after) => self.before[after] = before,
            None => self.last = before,
        }
    }

    fn link(&mut self, behind: Option<usize>, slot: usize) {
        let after = match behind {
            Some(behind) => self.after[behind].replace(slot),
            None => self.first.replace(slot),
        };
        self.before[slot] = behind;
        self.after[slot] = after;
        match after {
            Some(after) => self.before[after] = Some(slot),
            None => self.last = Some(slot),
        }
    }

    fn in_order(self) -> Vec<Slot> {
        let mut slots = Vec::with_capacity(self.slots.len());
        let mut at = self.first;
        while let Some(slot) = at {
            slots.push(self.slots[slot]);
            at = self.after[slot];
        }
        slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries are letters; equal letters are the same entry.
    fn joined(base: &str, ours: &str, theirs: &str) -> String {
        let (base, ours, theirs): (Vec<char>, Vec<char>, Vec<char>) = (
            base.chars().collect(),
            ours.chars().collect(),
            theirs.chars().collect(),
        );
        let versus = |side: &[char]| {
            let place = |(new, letter): (usize, &char)| {
                Some((base.iter().position(|old| old == letter)?, new))
            };
            let pairs: Vec<_> = side.iter().enumerate().filter_map(place).collect();
            Versus::new(base.len(), side.len(), &pairs)
        };
        let slots = join(
            &versus(&ours),
            &versus(&theirs),
            |at| ours[at],
            |at| theirs[at],
        );
        let letter = |slot: &Slot| match (slot.base, slot.ours, slot.theirs) {
            (Some(_), None, Some(at)) => format!("-{}", theirs[at]),
            (Some(_), Some(at), None) => format!("-{}", ours[at]),
            (_, Some(at), _) if slot.is_torn => format!("?{}", ours[at]),
            (_, Some(at), _) => ours[at].to_string(),
            (_, None, Some(at)) => theirs[at].to_string(),
            (_, None, None) => unreachable!("a slot has a side"),
        };
        slots.iter().map(letter).collect()
    }

    #[test]
    fn both_sides_add_take_out_and_move() {
        assert_eq!(joined("abc", "abc", "abc"), "abc");
        assert_eq!(joined("abc", "axbc", "abyc"), "axbyc");
        assert_eq!(joined("abc", "axbc", "aybc"), "axybc");
        assert_eq!(joined("abc", "axbc", "axbc"), "axbc");
        assert_eq!(joined("abc", "xabc", "yabc"), "xyabc");
        assert_eq!(joined("abcd", "abd", "abcd"), "ab-cd");
        assert_eq!(joined("abcd", "abcd", "acd"), "a-bcd");
        assert_eq!(joined("abcde", "abcde", "adbce"), "adbce");
        assert_eq!(joined("abcde", "adbce", "abcde"), "adbce");
        assert_eq!(joined("abcdef", "bcdaef", "abcfde"), "bcfdae");
        assert_eq!(joined("abcdef", "abcfde", "bcdaef"), "bcfdae");
    }

    #[test]
    fn what_both_moved_elsewhere_is_torn() {
        assert_eq!(joined("abcdef", "bcadef", "bcdefa"), "bc?adef");
        assert_eq!(joined("abcdef", "bcadef", "bcadef"), "bcadef");
    }
}
