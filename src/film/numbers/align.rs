//! Which of two rows of things are the same, in order.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

/// Tables larger than this are not filled: 250 thousand cells are 500 scenes against 500.
pub(super) const MAX_CELLS: usize = 250_000;

/// A longest common subsequence as pairs of places, ascending in both.
///
/// Where things stand several times and a table of all pairs would be larger than [`MAX_CELLS`],
/// it is only a long one: equal things paired by their count, and the longest ascending run of
/// these.
pub(crate) fn common<T: Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let shorter = old.len().min(new.len());
    let head = (0..shorter).take_while(|at| old[*at] == new[*at]).count();
    let tail = (0..shorter - head)
        .take_while(|at| old[old.len() - 1 - at] == new[new.len() - 1 - at])
        .count();
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let middle = if is_unique(a) && is_unique(b) {
        let equal = by_count(a, b).into_iter();
        best_chain(&equal.map(|(i, j)| (i, j, 1)).collect::<Vec<_>>())
    } else if a.len().saturating_mul(b.len()) <= MAX_CELLS {
        longest_common(a, b)
    } else {
        ascending(&by_count(a, b))
    };
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    pairs.extend(middle.into_iter().map(|(i, j)| (i + head, j + head)));
    pairs.extend(
        (0..tail)
            .rev()
            .map(|at| (old.len() - 1 - at, new.len() - 1 - at)),
    );
    pairs
}

fn is_unique<T: Ord>(things: &[T]) -> bool {
    let mut sorted: Vec<&T> = things.iter().collect();
    sorted.sort_unstable();
    sorted.windows(2).all(|pair| pair[0] != pair[1])
}

fn longest_common<T: Ord>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    best_in_order(a.len(), b.len(), |i, j| u32::from(a[i] == b[j]))
}

/// The pairs, ascending in both, whose scores sum highest; a score of 0 is no pair. Where several
/// do, the one that pairs earliest.
pub(crate) fn best_in_order(
    rows: usize,
    columns: usize,
    score: impl Fn(usize, usize) -> u32,
) -> Vec<(usize, usize)> {
    let width = columns + 1;
    let mut best = vec![0_u32; (rows + 1) * width];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let skip = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            let pair = match score(i, j) {
                0 => 0,
                score => score + best[(i + 1) * width + j + 1],
            };
            best[i * width + j] = skip.max(pair);
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < rows && j < columns {
        let here = best[i * width + j];
        let score = score(i, j);
        if score > 0 && here == score + best[(i + 1) * width + j + 1] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if here == best[i * width + j + 1] {
            j += 1;
        } else {
            i += 1;
        }
    }
    pairs
}

/// Pairs the first of a kind with the first, the second with the second; ascending in `new`.
pub(crate) fn by_count<T: Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let mut places: BTreeMap<&T, VecDeque<usize>> = BTreeMap::new();
    for (at, thing) in old.iter().enumerate() {
        places.entry(thing).or_default().push_back(at);
    }
    let pair = |(at, thing)| Some((places.get_mut(thing)?.pop_front()?, at));
    new.iter().enumerate().filter_map(pair).collect()
}

/// The longest run ascending in both, of pairs that ascend in the second.
pub(crate) fn ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // `ends[n]` is the pair with the smallest first that ends a run of n + 1.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let len = ends.partition_point(|end| pairs[*end].0 < pair.0);
        before.push(len.checked_sub(1).map(|at| ends[at]));
        if len == ends.len() {
            ends.push(at);
        } else {
            ends[len] = at;
        }
    }
    let mut run = Vec::new();
    let mut at = ends.last().copied();
    while let Some(pair) = at {
        run.push(pairs[pair]);
        at = before[pair];
    }
    run.reverse();
    run
}

/// The pairs, ascending in both, whose scores sum highest, of `(row, column, score)` in any order.
/// Takes time in proportion to their number (times its logarithm), not to a table. Of several
/// such rows the one that pairs earliest.
pub(super) fn best_chain(scored: &[(usize, usize, u32)]) -> Vec<(usize, usize)> {
    let columns = scored.iter().map(|(_, j, _)| j + 1).max().unwrap_or(0);
    let mut order: Vec<&(usize, usize, u32)> = scored.iter().collect();
    // Row by row from the last; within a row so that none follows another of the same row.
    order.sort_unstable_by_key(|(i, j, _)| (Reverse(*i), *j));
    let mut after = Highest::new(columns + 1);
    // By the sum from there on: the pairs that such a rest begins with, rows descending.
    let mut begins: BTreeMap<u64, Vec<(usize, usize, u32)>> = BTreeMap::new();
    for &&(i, j, score) in &order {
        let sum = u64::from(score) + after.from(j + 1);
        begins.entry(sum).or_default().push((i, j, score));
        after.raise(j, sum);
    }
    let mut left = begins.keys().next_back().copied().unwrap_or(0);
    let mut chain = Vec::new();
    let (mut row, mut column) = (0, 0);
    while left > 0 {
        // Those with the same rest ascend in one and descend in the other, so the one with the
        // smallest row that is not passed yet is the earliest.
        let Some(candidates) = begins.get_mut(&left) else {
            break;
        };
        let next =
            std::iter::from_fn(|| candidates.pop()).find(|(i, j, _)| *i >= row && *j >= column);
        let Some((i, j, score)) = next else { break };
        chain.push((i, j));
        (row, column) = (i + 1, j + 1);
        left -= u64::from(score);
    }
    chain
}

/// The highest of the sums noted from a column on.
struct Highest(Vec<u64>);

impl Highest {
    fn new(columns: usize) -> Self {
        Self(vec![0; columns + 1])
    }

    fn raise(&mut self, column: usize, sum: u64) {
        let mut at = self.0.len() - 1 - column;
        while at < self.0.len() {
            self.0[at] = self.0[at].max(sum);
            at += at & at.wrapping_neg();
        }
    }

    fn from(&self, column: usize) -> u64 {
        let mut at = self.0.len() - 1 - column;
        let mut highest = 0;
        while at > 0 {
            highest = highest.max(self.0[at]);
            at -= at & at.wrapping_neg();
        }
        highest
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn finds_what_stayed() {
        assert_eq!(common(b"abcd", b"axcd"), [(0, 0), (2, 2), (3, 3)]);
        assert_eq!(common(b"xax", b"ax"), [(1, 0), (2, 1)]);
        assert_eq!(
            ascending(&[(3, 0), (0, 1), (1, 2), (2, 3)]),
            [(0, 1), (1, 2), (2, 3)]
        );
        assert_eq!(by_count(b"aba", b"aab"), [(0, 0), (2, 1), (1, 2)]);
    }

    proptest! {
        #[test]
        fn pairs_are_equal_and_ascend(old in "[abc]{0,12}", new in "[abc]{0,12}") {
            let (old, new) = (old.as_bytes(), new.as_bytes());
            let pairs = common(old, new);
            prop_assert!(pairs.iter().all(|(i, j)| old[*i] == new[*j]));
            prop_assert!(pairs.windows(2).all(|p| p[0].0 < p[1].0 && p[0].1 < p[1].1));
            let run = ascending(&by_count(old, new));
            prop_assert!(run.len() <= pairs.len());
        }

        #[test]
        fn without_a_table_the_same_is_found(
            old in Just(b"abcdefghij".to_vec()).prop_shuffle(),
            new in Just(b"cdefghijkl".to_vec()).prop_shuffle(),
        ) {
            let equal: Vec<_> = by_count(&old, &new).into_iter().map(|(i, j)| (i, j, 1)).collect();
            prop_assert_eq!(best_chain(&equal), longest_common(&old, &new));
        }

        #[test]
        fn chains_score_as_tables_do(scores in prop::collection::vec(0_u32..4, 36)) {
            let score = |i: usize, j: usize| scores[i * 6 + j];
            let table = best_in_order(6, 6, score);
            let all = (0..36).map(|at| (at / 6, at % 6, scores[at])).filter(|pair| pair.2 > 0);
            let chain = best_chain(&all.collect::<Vec<_>>());
            prop_assert!(chain.windows(2).all(|p| p[0].0 < p[1].0 && p[0].1 < p[1].1));
            let sum = |pairs: &[(usize, usize)]| pairs.iter().map(|p| score(p.0, p.1)).sum::<u32>();
            prop_assert_eq!(sum(&chain), sum(&table));
        }
    }
}
