//! Pages that keep their numbers: each begins with the text that it began with, what no longer fits
//! goes on to an A page, and where all the text of a page is gone its number is told beside the one
//! before.

use super::Page;
use super::breaks::{Place, Sheet, sheets};
use super::rows::{Block, Row};
use crate::numbers::ascending;

/// The letters of inserted pages; I and O look like 1 and 0.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Sets a version on the pages of an older one. `pairs` are the blocks that are one.
pub(super) fn pages(from: &[Block], to: &[Block], pairs: &[(usize, usize)]) -> Vec<Page> {
    let old = sheets(from, (0, 0), (from.len(), 0));
    let starts = starts(&old, from, to, pairs);
    let mut pages: Vec<Page> = Vec::new();
    let mut at = 0;
    while at < old.len() {
        let Some(begins) = starts[at] else {
            at += 1;
            continue;
        };
        // The pages behind it whose text is gone share its number.
        let next = (at + 1..old.len()).find(|next| starts[*next].is_some());
        let until = next.and_then(|next| starts[next]).unwrap_or((to.len(), 0));
        let last = next.unwrap_or(old.len()) - 1;
        let set = sheets(to, begins, until);
        for (inserted, sheet) in set.into_iter().enumerate() {
            let number = match (inserted, last > at) {
                (0, false) => (at + 1).to_string(),
                (0, true) => format!("{}-{}", at + 1, last + 1),
                _ => format!("{}{}", at + 1, letters(inserted)),
            };
            let is_same = inserted == 0 && last == at && is_same(&sheet.rows, &old[at].rows);
            pages.push(Page {
                number,
                is_revised: !is_same,
                rows: sheet.rows,
            });
        }
        at = last + 1;
    }
    pages
}

/// Where in the newer version each old page begins; none where all its text is gone. The first page
/// begins where the script does.
fn starts(
    old: &[Sheet],
    from: &[Block],
    to: &[Block],
    pairs: &[(usize, usize)],
) -> Vec<Option<Place>> {
    let mut at = vec![None; from.len()];
    for (was, is) in ascending(pairs) {
        at[was] = Some(is);
    }
    let mut starts = Vec::with_capacity(old.len());
    let mut highest: Place = (0, 0);
    for (page, sheet) in old.iter().enumerate() {
        if page == 0 {
            starts.push(Some((0, 0)));
            continue;
        }
        let end = old
            .get(page + 1)
            .map_or((from.len(), 0), |next| next.begins);
        let (block, row) = sheet.begins;
        // The page may begin within a paragraph: it still does, if that has not become shorter.
        let blocks = block..end.0 + usize::from(end.1 > 0);
        let found = blocks
            .filter_map(|was| Some((was, at[was]?)))
            .map(|(was, is)| match was == block && row > 0 {
                true if to[is].rows.len() > row => (is, row),
                true => (is + 1, 0),
                false => (is, 0),
            });
        let start = found
            .filter(|place| *place > highest)
            .find(|place| place.0 < to.len());
        highest = start.unwrap_or(highest);
        starts.push(start);
    }
    starts
}

fn is_same(rows: &[Row], old: &[Row]) -> bool {
    let is_like = |(row, old): (&Row, &Row)| row.is_like(old) && !row.is_marked;
    rows.len() == old.len() && rows.iter().zip(old).all(is_like)
}

/// `A` for the first inserted page, `B`, … `AA`.
fn letters(inserted: usize) -> String {
    let mut letters = Vec::new();
    let mut left = inserted;
    while left > 0 {
        left -= 1;
        letters.push(LETTERS[left % LETTERS.len()]);
        left /= LETTERS.len();
    }
    letters
        .iter()
        .rev()
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn inserted_pages_have_letters_that_are_no_digits() {
        let named: Vec<String> = [1, 2, 8, 9, 14, 24, 25, 601].map(letters).into();
        assert_eq!(named, ["A", "B", "H", "J", "P", "Z", "AA", "AAA"]);
    }
}
