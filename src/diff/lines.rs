//! Which lines of a text stand in an older version of it.

use std::ops::Range;

use imara_diff::{Diff, InternedInput};
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};

/// Where lines of `new`, by their places from 0, stand in `old`; none for one that is new. What begins and
/// ends both is not compared line by line, so that a line changed in a long text is found in no time.
#[must_use]
pub fn carried_lines(old: &str, new: &str, places: &[usize]) -> Vec<Option<usize>> {
    let between = Between::of(old, new);
    let mut of = vec![None; between.new.end + between.tail];
    for (_, from, to) in between.parts().filter(|part| part.0 == DiffTag::Equal) {
        for (from, to) in from.zip(to) {
            of[to] = Some(from);
        }
    }
    places.iter().map(|at| of[*at]).collect()
}

/// Where a stretch of lines of `new` stood in `old`, and whether it is the same there; none where nothing
/// of it was there. Lines that were changed stand for those that they were changed from.
#[must_use]
pub fn range_before(old: &str, new: &str, range: Range<usize>) -> Option<(Range<usize>, bool)> {
    let between = Between::of(old, new);
    let mut is_same = true;
    let mut found: Option<Range<usize>> = None;
    let mut add = |lines: Range<usize>| {
        if !lines.is_empty() {
            let known = found.take().unwrap_or_else(|| lines.clone());
            found = Some(known.start.min(lines.start)..known.end.max(lines.end));
        }
    };
    for (tag, of, at) in between.parts() {
        let both = range.start.max(at.start)..range.end.min(at.end);
        let is_within = at.is_empty() && range.start < at.start && at.start < range.end;
        match tag {
            DiffTag::Equal if !both.is_empty() => {
                add(of.start + both.start - at.start..of.start + both.end - at.start);
            }
            DiffTag::Equal => {}
            _ if !both.is_empty() || is_within => {
                is_same = false;
                add(of);
            }
            _ => {}
        }
    }
    found.map(|found| (found, is_same))
}

/// How two texts hang together, line by line.
struct Between {
    head: usize,
    ops: Vec<DiffOp>,
    old: Range<usize>,
    new: Range<usize>,
    tail: usize,
}

/// The stretches that two lists of lines have in common, in order: where each begins in the older one and in
/// the newer one, and how many lines it has. As git finds them where it merges: the rarest lines first, and
/// what can slide put where indentation ends.
#[must_use]
pub fn common_lines(old: &[&str], new: &[&str]) -> Vec<(usize, usize, usize)> {
    let mut input = InternedInput::default();
    input.reserve(old.len() as u32, new.len() as u32);
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let mut diff = Diff::compute(imara_diff::Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let place = |at: u32| at as usize;
    let (mut from, mut to) = (0, 0);
    let mut stretches = Vec::new();
    for hunk in diff.hunks() {
        stretches.push((from, to, place(hunk.before.start) - from));
        (from, to) = (place(hunk.before.end), place(hunk.after.end));
    }
    stretches.push((from, to, old.len() - from));
    stretches.retain(|stretch| stretch.2 > 0);
    stretches
}

impl Between {
    fn of(old: &str, new: &str) -> Self {
        let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
        Self::of_lines(&old, &new)
    }

    fn of_lines(old: &[&str], new: &[&str]) -> Self {
        let shorter = old.len().min(new.len());
        let head = (0..shorter).take_while(|at| old[*at] == new[*at]).count();
        let tail = (0..shorter - head)
            .take_while(|at| old[old.len() - 1 - at] == new[new.len() - 1 - at])
            .count();
        let (old_range, new_range) = (head..old.len() - tail, head..new.len() - tail);
        let ops = capture_diff_slices(
            Algorithm::Patience,
            &old[old_range.clone()],
            &new[new_range.clone()],
        );
        Self {
            head,
            ops,
            old: old_range,
            new: new_range,
            tail,
        }
    }

    /// What is equal and what is not, in order: lines of the older text, and of the newer.
    fn parts(&self) -> impl Iterator<Item = (DiffTag, Range<usize>, Range<usize>)> {
        let moved = |range: Range<usize>| range.start + self.head..range.end + self.head;
        let middle = self
            .ops
            .iter()
            .map(move |op| (op.tag(), moved(op.old_range()), moved(op.new_range())));
        let head = (DiffTag::Equal, 0..self.head, 0..self.head);
        let (old, new) = (self.old.end, self.new.end);
        let tail = (DiffTag::Equal, old..old + self.tail, new..new + self.tail);
        std::iter::once(head).chain(middle).chain([tail])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_followed_past_what_came_and_went() {
        let (old, new) = ("a\nb\nc\nd\ne\n", "a\nx\nc\nb\nd\ny\ne");
        let places: Vec<usize> = (0..7).collect();
        let found = carried_lines(old, new, &places);
        let one_of_the_swapped = [&found[2..4]].concat();
        assert!(matches!(
            one_of_the_swapped[..],
            [Some(2), None] | [None, Some(1)]
        ));
        assert_eq!([found[0], found[1], found[4]], [Some(0), None, Some(3)]);
        assert_eq!(found[5..], [None, Some(4)]);
        assert_eq!(carried_lines("", "a\n", &[0]), [None]);
        assert_eq!(carried_lines("a\n", "a\n", &[0]), [Some(0)]);
    }

    #[test]
    fn a_stretch_is_followed_to_the_lines_that_it_was_changed_from() {
        let old = "a\nb\nc\nd\ne\nf\n";
        assert_eq!(
            range_before(old, "x\na\nb\nc\nd\ne\nf\n", 2..4),
            Some((1..3, true))
        );
        assert_eq!(
            range_before(old, "a\nB\nc\nd\ne\nf\n", 1..2),
            Some((1..2, false))
        );
        assert_eq!(
            range_before(old, "a\nc\nd\ne\nf\n", 0..2),
            Some((0..3, false))
        );
        assert_eq!(range_before(old, "a\nb\nx\nc\nd\ne\nf\n", 2..3), None);
        assert_eq!(
            range_before(old, "a\nb\nx\nc\nd\ne\nf\n", 1..4),
            Some((1..3, false))
        );
        assert_eq!(
            range_before(old, "a\nb\nx\nc\nd\ne\nf\n", 3..5),
            Some((2..4, true))
        );
    }
}
