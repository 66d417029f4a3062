//! Which of two rows of things are the same, in order.

use std::collections::{BTreeMap, VecDeque};

/// Tables larger than this are not filled: 4 million cells are 2,000 scenes against 2,000.
pub(super) const MAX_CELLS: usize = 4_000_000;

/// A longest common subsequence as pairs of places, ascending in both.
///
/// Beyond [`MAX_CELLS`] it is only a long one: equal things paired by their count, and the
/// longest ascending run of these.
pub(super) fn common<T: Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let shorter = old.len().min(new.len());
    let head = (0..shorter).take_while(|at| old[*at] == new[*at]).count();
    let tail = (0..shorter - head)
        .take_while(|at| old[old.len() - 1 - at] == new[new.len() - 1 - at])
        .count();
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let middle = if a.len().saturating_mul(b.len()) <= MAX_CELLS {
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

fn longest_common<T: Ord>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    best_in_order(a.len(), b.len(), |i, j| u32::from(a[i] == b[j]))
}

/// The pairs, ascending in both, whose scores sum highest; a score of 0 is no pair. Where several
/// do, the one that pairs earliest.
pub(super) fn best_in_order(
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
pub(super) fn by_count<T: Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let mut places: BTreeMap<&T, VecDeque<usize>> = BTreeMap::new();
    for (at, thing) in old.iter().enumerate() {
        places.entry(thing).or_default().push_back(at);
    }
    let pair = |(at, thing)| Some((places.get_mut(thing)?.pop_front()?, at));
    new.iter().enumerate().filter_map(pair).collect()
}

/// The longest run ascending in both, of pairs that ascend in the second.
pub(super) fn ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
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
    }
}
