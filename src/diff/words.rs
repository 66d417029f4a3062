//! Words that went and came in a stretch of text, for who reads it without colours.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A piece of a text in which words changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Both have it; with the blanks that the new text has.
    Same(&'t str),
    /// Only the old text has it.
    Removed(&'t str),
    /// Only the new text has it.
    Added(&'t str),
}

/// Most words of both texts together among which those that stayed are looked for: what is longer
/// went and came as a whole.
const MOST_WORDS: usize = 20_000;

/// How the words of two texts differ, in reading order. Blanks between words that stayed are taken
/// from the new text, so that a change of blanks alone is none.
#[must_use]
pub fn word_pieces<'t>(old: &'t str, new: &'t str) -> Vec<Piece<'t>> {
    let (of_old, of_new) = (words(old), words(new));
    let texts = |words: &[Word], text: &'t str| -> Vec<&'t str> {
        words
            .iter()
            .map(|word| &text[word.start..word.end])
            .collect()
    };
    let ops = if of_old.len() + of_new.len() > MOST_WORDS {
        let (old_index, new_index) = (0, 0);
        let (old_len, new_len) = (of_old.len(), of_new.len());
        vec![DiffOp::Replace {
            old_index,
            old_len,
            new_index,
            new_len,
        }]
    } else {
        let (old, new) = (texts(&of_old, old), texts(&of_new, new));
        capture_diff_slices(Algorithm::Myers, &old, &new)
    };
    let mut pieces = Vec::new();
    // The end of the new text that was told so far.
    let mut told = 0;
    for op in ops {
        let (old_words, new_words) = (&of_old[op.old_range()], &of_new[op.new_range()]);
        if let (DiffOp::Equal { .. }, Some(last)) = (op, new_words.last()) {
            pieces.push(Piece::Same(&new[told..last.end]));
            told = last.end;
            continue;
        }
        // The blanks before what came stand before what went as well.
        if let Some(first) = new_words.first()
            && first.start > told
        {
            pieces.push(Piece::Same(&new[told..first.start]));
            told = first.start;
        } else if let (Some(first), true) = (old_words.first(), new_words.is_empty()) {
            let blanks = &old[first.before..first.start];
            if !blanks.is_empty() {
                pieces.push(Piece::Same(blanks));
            }
        }
        if let (Some(first), Some(last)) = (old_words.first(), old_words.last()) {
            pieces.push(Piece::Removed(&old[first.start..last.end]));
        }
        if let (Some(first), Some(last)) = (new_words.first(), new_words.last()) {
            pieces.push(Piece::Added(&new[first.start..last.end]));
            told = last.end;
        }
    }
    if told < new.len() {
        pieces.push(Piece::Same(&new[told..]));
    }
    pieces
}

/// Where a word stands in its text, and where the blanks before it begin.
struct Word {
    before: usize,
    start: usize,
    end: usize,
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let (mut before, mut start) = (0, None);
    for (at, c) in text.char_indices() {
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                words.push(Word {
                    before,
                    start: from,
                    end: at,
                });
                (before, start) = (at, None);
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        words.push(Word {
            before,
            start: from,
            end: text.len(),
        });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let mark = |piece: &Piece<'_>| match piece {
            Piece::Same(text) => (*text).to_owned(),
            Piece::Removed(text) => format!("[-{text}-]"),
            Piece::Added(text) => format!("{{+{text}+}}"),
        };
        word_pieces(old, new).iter().map(mark).collect()
    }

    #[test]
    fn words_that_went_and_came_are_marked_where_they_stand() {
        for (old, new, expected) in [
            (
                "Because we're thinking.\n",
                "Because the boat is listening.\n",
                "Because [-we're thinking.-]{+the boat is listening.+}\n",
            ),
            ("a b c\n", "a c\n", "a [-b-] c\n"),
            ("a c\n", "a b c\n", "a {+b+} c\n"),
            ("a  b\n", "a b\n", "a b\n"),
            ("", "all new\n", "{+all new+}\n"),
            ("all gone\n", "", "[-all gone-]"),
            (
                "one two\nthree\n",
                "one 2\nthree\n",
                "one [-two-]{+2+}\nthree\n",
            ),
            ("Ærø\n", "ærø\n", "[-Ærø-]{+ærø+}\n"),
            ("", "", ""),
        ] {
            assert_eq!(shown(old, new), expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn nothing_of_either_text_is_lost() {
        use proptest::prelude::*;
        proptest!(|(old in "[ab \n]{0,12}", new in "[ab \n]{0,12}")| {
            let pieces = word_pieces(&old, &new);
            let of = |wanted: fn(&Piece<'_>) -> Option<String>| {
                let text: Vec<String> = pieces.iter().filter_map(wanted).collect();
                text.join(" ").split_whitespace().map(str::to_owned).collect::<Vec<_>>()
            };
            let words = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
            let new_words = of(|piece| match piece {
                Piece::Same(text) | Piece::Added(text) => Some((*text).to_owned()),
                Piece::Removed(_) => None,
            });
            let old_words = of(|piece| match piece {
                Piece::Same(text) | Piece::Removed(text) => Some((*text).to_owned()),
                Piece::Added(_) => None,
            });
            prop_assert_eq!(new_words, words(&new));
            prop_assert_eq!(old_words, words(&old));
        });
    }
}
