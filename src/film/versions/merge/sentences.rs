//! A paragraph joined by its sentences.

use super::super::list::{Versus, join};
use super::pick;
use crate::numbers::{best_in_order, common};

/// Paragraphs with more sentences than this are not joined: nobody writes them.
const MOST: usize = 200;

/// Joins a paragraph of which each side changed sentences; none where both changed the same one, or
/// both added one at the same place.
pub(super) fn join_sentences(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let end = &ours[ours.trim_end().len()..];
    let (base, ours, theirs) = (pieces(base), pieces(ours), pieces(theirs));
    if [&base, &ours, &theirs].iter().any(|side| side.len() > MOST) {
        return None;
    }
    let slots = join(
        &versus(&base, &ours),
        &versus(&base, &theirs),
        |at| ours[at].trim_end(),
        |at| theirs[at].trim_end(),
    );
    let mut joined: Vec<&str> = Vec::with_capacity(slots.len());
    // Which side added or took out sentences since the last one that all have: where both did,
    // one thought may be said twice.
    let (mut by_us, mut by_them) = (false, false);
    for slot in slots {
        if slot.is_rival {
            return None;
        }
        let text = match (slot.base, slot.ours, slot.theirs) {
            (Some(old), Some(our), Some(their)) => {
                let (old, our, their) = (base[old], ours[our], theirs[their]);
                let chosen = pick(old.trim_end(), our.trim_end(), their.trim_end())?;
                if slot.is_torn {
                    return None;
                }
                (by_us, by_them) = (false, false);
                Some(match chosen == our.trim_end() {
                    true => our,
                    false => their,
                })
            }
            (Some(old), Some(kept), None) => {
                by_them = true;
                if base[old].trim_end() != ours[kept].trim_end() {
                    return None;
                }
                None
            }
            (Some(old), None, Some(kept)) => {
                by_us = true;
                if base[old].trim_end() != theirs[kept].trim_end() {
                    return None;
                }
                None
            }
            (None, Some(our), None) => {
                by_us = true;
                Some(ours[our])
            }
            (None, None, Some(their)) => {
                by_them = true;
                Some(theirs[their])
            }
            (_, Some(our), _) => Some(ours[our]),
            (Some(_), None, None) | (None, None, None) => None,
        };
        if by_us && by_them {
            return None;
        }
        joined.extend(text);
    }
    Some(together(&joined) + end)
}

/// The sentences one after the other, with a space where one was the last of its paragraph.
fn together(sentences: &[&str]) -> String {
    let mut text = String::new();
    for sentence in sentences {
        if !text.is_empty() && !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        text.push_str(sentence);
    }
    text.truncate(text.trim_end().len());
    text
}

/// Sentences with the white space after them, but for the last; a line is a sentence at least.
pub(in super::super) fn pieces(text: &str) -> Vec<&str> {
    let text = text.trim_end();
    let mut pieces = Vec::new();
    let (mut from, mut ends, mut in_space) = (0, false, false);
    for (at, c) in text.char_indices() {
        if in_space && !c.is_whitespace() {
            pieces.push(&text[from..at]);
            (from, ends, in_space) = (at, false, false);
        }
        match c {
            '\n' | '\r' => in_space = true,
            c if c.is_whitespace() => in_space |= ends,
            '.' | '!' | '?' | '…' | '。' | '！' | '？' => ends = true,
            '"' | '”' | '\'' | '’' | ')' | ']' | '*' | '_' => {}
            _ => ends = false,
        }
    }
    pieces.push(&text[from..]);
    pieces
}

fn versus(old: &[&str], new: &[&str]) -> Versus {
    let trimmed = |side: &[&str]| -> Vec<String> {
        side.iter().map(|text| text.trim_end().to_owned()).collect()
    };
    let mut pairs = common(&trimmed(old), &trimmed(new));
    let mut anchors = pairs.clone();
    anchors.push((old.len(), new.len()));
    let (mut i, mut j) = (0, 0);
    for (old_to, new_to) in anchors {
        // Between two that stayed, the first is the first and so on: a sentence in the place of
        // another is that one rewritten.
        let in_place = best_in_order(old_to - i, new_to - j, |_, _| 1);
        pairs.extend(in_place.into_iter().map(|(a, b)| (i + a, j + b)));
        (i, j) = (old_to + 1, new_to + 1);
    }
    Versus::new(old.len(), new.len(), &pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "Mila sits. The rain stops. A bell rings.\n";

    fn joined(ours: &str, theirs: &str) -> Option<String> {
        join_sentences(BASE, ours, theirs)
    }

    #[test]
    fn each_side_changes_its_sentence() {
        let ours = BASE.replace("sits", "stands");
        let theirs = BASE.replace("A bell", "The ship's bell");
        let both = "Mila stands. The rain stops. The ship's bell rings.\n";
        assert_eq!(joined(&ours, &theirs).as_deref(), Some(both));
        assert_eq!(joined(&theirs, &ours).as_deref(), Some(both));
        let gone = BASE.replace(" A bell rings.", "");
        assert_eq!(
            joined(&ours, &gone).as_deref(),
            Some("Mila stands. The rain stops.\n")
        );
        let more = BASE.replace("rings.\n", "rings. Dark.\n");
        assert_eq!(
            joined(&ours, &more).as_deref(),
            Some("Mila stands. The rain stops. A bell rings. Dark.\n")
        );
    }

    #[test]
    fn the_same_sentence_changed_twice_is_for_people() {
        assert_eq!(
            joined(
                &BASE.replace("sits", "stands"),
                &BASE.replace("sits", "lies")
            ),
            None
        );
        assert_eq!(
            joined(
                &BASE.replace("rings.\n", "rings. Dark.\n"),
                &BASE.replace("rings.\n", "rings. Light.\n")
            ),
            None
        );
        assert_eq!(
            joined(
                &BASE.replace("sits", "stands"),
                &BASE.replace("Mila sits. ", "")
            ),
            None
        );
    }
}
