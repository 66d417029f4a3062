//! Three lists of lines side by side: which stretches both sides left alone, which one of them changed, and where
//! both did.

use std::ops::Range;

use crate::diff::common_lines;

/// A stretch of the older text, and what stands there on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) base: Range<usize>,
    pub(super) ours: Range<usize>,
    pub(super) theirs: Range<usize>,
    pub(super) result: Whose,
}

/// What stands there when both are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Ours,
    Theirs,
    /// Both changed it, and differently.
    Both,
}

/// All stretches in order. Changes that touch each other are one stretch: nobody can tell whether they belong
/// together.
pub(super) fn stretches(base: &[&str], ours: &[&str], theirs: &[&str]) -> Vec<Stretch> {
    let (our_places, their_places) = (places(base, ours), places(base, theirs));
    let mut found = Vec::new();
    let mut at = [0; 3];
    // A line that all have, and the end behind the last one.
    let shared =
        (0..base.len()).filter_map(|line| Some([line, our_places[line]?, their_places[line]?]));
    let end = [base.len(), ours.len(), theirs.len()];
    for to in shared.chain([end]) {
        let [base_range, our_range, their_range] =
            [0, 1, 2].map(|version| at[version]..to[version]);
        let before = &base[base_range.clone()];
        let (our_lines, their_lines) = (&ours[our_range.clone()], &theirs[their_range.clone()]);
        let result = match (our_lines == before, their_lines == before) {
            (false, true) => Whose::Ours,
            (true, false) => Whose::Theirs,
            _ if our_lines == their_lines => Whose::Ours,
            _ => Whose::Both,
        };
        if at != to {
            found.push(Stretch {
                base: base_range,
                ours: our_range,
                theirs: their_range,
                result,
            });
        }
        if to != end {
            found.push(Stretch {
                base: to[0]..to[0] + 1,
                ours: to[1]..to[1] + 1,
                theirs: to[2]..to[2] + 1,
                result: Whose::Ours,
            });
        }
        at = to.map(|line| line + 1);
    }
    found
}

/// Where each line of the older text stands on a side.
fn places(base: &[&str], side: &[&str]) -> Vec<Option<usize>> {
    let mut places = vec![None; base.len()];
    for (from, to, count) in common_lines(base, side) {
        for at in 0..count {
            places[from + at] = Some(to + at);
        }
    }
    places
}
