//! Asterisks: which rows of a version say something that the older one did not.

use super::rows::{Block, Row};
use crate::numbers::{ascending, common};

/// Marks the rows that changed: words that came, the place of words that went, and where a whole
/// paragraph went the row that now stands there.
pub(super) fn mark(from: &[Block], mut to: Vec<Block>, pairs: &[(usize, usize)]) -> Vec<Block> {
    let stayed = ascending(pairs);
    let mut of = vec![None; to.len()];
    for (was, is) in &stayed {
        of[*is] = Some(*was);
    }
    for (at, block) in to.iter_mut().enumerate() {
        match of[at] {
            Some(was) => changed(&from[was], block),
            None => block.rows.iter_mut().for_each(|row| row.is_marked = true),
        }
    }
    // Between two that stayed something went, and nothing came in its place.
    let mut before = (0, 0);
    let ends = stayed.iter().map(|(was, is)| (*was, *is));
    for (was, is) in ends.chain([(from.len(), to.len())]) {
        // What stands above says so already where it changed itself, as OMITTED does.
        let above = is.checked_sub(1).and_then(|above| to[above].rows.last());
        if was > before.0 && is == before.1 && !above.is_some_and(|row| row.is_marked) {
            let row = match is < to.len() {
                true => to[is].rows.first_mut(),
                false => to.last_mut().and_then(|block| block.rows.last_mut()),
            };
            if let Some(row) = row {
                row.is_marked = true;
            }
        }
        before = (was + 1, is + 1);
    }
    to
}

/// A word with the number of its scene or its kind, so that nothing else is taken for it.
fn words(rows: &[Row]) -> Vec<(usize, String)> {
    let of_row = |(at, row): (usize, &Row)| {
        let scene = row.scene.iter().map(|scene| format!("\u{0}{scene}"));
        let text = row.text();
        let words = text
            .split_whitespace()
            .map(|word| format!("{:?} {word}", row.kind));
        scene
            .chain(words)
            .map(move |word| (at, word))
            .collect::<Vec<_>>()
    };
    rows.iter().enumerate().flat_map(of_row).collect()
}

fn changed(old: &Block, new: &mut Block) {
    let is_like = |(old, new): (&Row, &Row)| old.is_like(new);
    if old.rows.len() == new.rows.len() && old.rows.iter().zip(&new.rows).all(is_like) {
        return;
    }
    let (was, is) = (words(&old.rows), words(&new.rows));
    let texts = |words: &[(usize, String)]| -> Vec<String> {
        words.iter().map(|(_, word)| word.clone()).collect()
    };
    let mut next = (0, 0);
    let same = common(&texts(&was), &texts(&is));
    for (i, j) in same.into_iter().chain([(was.len(), is.len())]) {
        for (row, _) in &is[next.1..j] {
            new.rows[*row].is_marked = true;
        }
        if i > next.0 && j == next.1 {
            // Words went: the row of the next one, or the last row.
            let row = is.get(j).or(is.last()).map_or(0, |(row, _)| *row);
            if let Some(row) = new.rows.get_mut(row) {
                row.is_marked = true;
            }
        }
        next = (i + 1, j + 1);
    }
}
