//! Three-way merge of text by lines.

/// Most bytes that a side may have to be merged: beyond that it is taken whole, or not at all.
pub const LIMIT_BYTES: u64 = 4 << 20;

/// Joins `ours` and `theirs`, which both grew out of `base`, line by line.
///
/// # Errors
/// How many places both sides changed differently.
pub fn merge_text(base: &str, ours: &str, theirs: &str) -> Result<String, usize> {
    diffy::merge(base, ours, theirs).map_err(|both| {
        let places = both.lines().filter(|line| line.starts_with("<<<<<<< "));
        places.count().max(1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "one\ntwo\nthree\nfour\nfive\nsix\n";

    #[test]
    fn edits_in_different_places_both_survive() {
        let ours = BASE.replace("one\n", "1\n");
        let theirs = BASE.replace("six\n", "6\nseven\n");
        assert_eq!(
            merge_text(BASE, &ours, &theirs).as_deref(),
            Ok("1\ntwo\nthree\nfour\nfive\n6\nseven\n")
        );
        let gone = BASE.replace("three\n", "");
        let same = merge_text(BASE, &gone, &gone);
        assert_eq!(same.as_deref(), Ok(gone.as_str()));
    }

    #[test]
    fn a_line_that_both_changed_is_counted_once_a_place() {
        let ours = BASE.replace("two", "2").replace("five", "5");
        let theirs = BASE.replace("two", "zwei").replace("five", "fünf");
        assert_eq!(merge_text(BASE, &ours, &theirs), Err(2));
    }

    #[test]
    fn a_missing_last_line_end_and_carriage_returns_are_kept() {
        let base = "a\r\nb\r\nc";
        let merged = merge_text(base, "A\r\nb\r\nc", "a\r\nb\r\nC");
        assert_eq!(merged.as_deref(), Ok("A\r\nb\r\nC"));
    }
}
