//! Finding and replacing phrases in a text, what of it is quoted, and what can stand alone.

use super::word::first_word;

/// Where a phrase stands as whole words.
pub(super) fn word_at(text: &str, phrase: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text[from..].find(phrase) {
        let at = from + found;
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if !part(before) && !part(after) {
            return Some(at);
        }
        from = at + phrase.len();
    }
    None
}

/// Whether a quotation is open behind a text, if it was before it.
pub(super) fn is_open(before: bool, text: &str) -> bool {
    text.chars().fold(before, |open, c| match c {
        '"' => !open,
        '“' => true,
        '”' => false,
        _ => open,
    })
}

/// Puts `to` in the place of the words `from`, outside quotation marks and where `then` follows.
pub(super) fn replace_words(text: &str, from: &str, to: &str, then: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if !lower.contains(from) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut open = false;
    while let Some(found) = word_at(&lower[at..], from) {
        let start = at + found;
        open = is_open(open, &text[at..start]);
        out.push_str(&text[at..start]);
        let end = start + from.len();
        let keep = open || !text[end..].starts_with(then);
        out.push_str(if keep { &text[start..end] } else { to });
        at = end;
        if to.is_empty() && !keep {
            at += text[at..].len() - text[at..].trim_start().len();
        }
    }
    out.push_str(&text[at..]);
    out
}

/// Whether what is left of a sentence still says something by itself: it must not begin as a
/// subordinate clause.
pub(super) fn can_stand(text: &str) -> bool {
    const SUBORDINATE: &[&str] = &[
        "as", "when", "while", "before", "after", "until", "if", "because", "since", "although",
        "though", "by", "at", "in", "on", "over", "from", "with", "under", "to", "off", "through",
        "and", "but", "or",
    ];
    let Some(first) = first_word(text) else {
        return false;
    };
    let lower = first.lower();
    first_word(&text[first.end..]).is_some()
        && !SUBORDINATE.contains(&lower.as_str())
        && !lower.ends_with("ing")
}
