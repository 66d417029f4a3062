//! What stands in brackets.

use super::word::words;

/// Takes out what stands in round or square brackets.
pub fn drop_asides(text: &str) -> String {
    asides(text, &|_| None)
}

/// Takes technical asides (`(O.S.)`, `(CONT'D)`, `(beat)`, an age, a question mark) out of brackets, and
/// sets others between commas: they are part of what happens.
pub(super) fn fold_asides(text: &str) -> String {
    if !text.contains(['(', '[']) {
        return text.to_owned();
    }
    let kept = |inner: &str| {
        let inner = inner.trim().trim_end_matches(['.', ',']);
        let told = words(inner).len() >= 2
            && inner.chars().any(char::is_lowercase)
            && !inner.contains(['.', '!', '?', '"', '“', '(', '['])
            && !inner.to_lowercase().contains("beat")
            && !inner.contains(|c: char| c.is_ascii_digit());
        told.then(|| format!(", {inner},"))
    };
    let mut out = asides(text, &kept);
    for (from, to) in [
        (" ,", ","),
        (",,", ","),
        (",.", "."),
        (",;", ";"),
        (",:", ":"),
        (",!", "!"),
        (",?", "?"),
    ] {
        out = out.replace(from, to);
    }
    out
}

/// A text with each piece in brackets replaced by what `kept` makes of it.
fn asides(text: &str, kept: &dyn Fn(&str) -> Option<String>) -> String {
    let mut depth = 0usize;
    let mut inner = String::new();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' => {
                depth += 1;
                inner.clear();
            }
            ')' | ']' if depth > 0 => {
                depth -= 1;
                if depth == 0
                    && let Some(kept) = kept(&inner)
                {
                    out.truncate(out.trim_end().len());
                    out.push_str(&kept);
                }
            }
            c if depth > 0 => inner.push(c),
            ' ' | ',' | '.' if out.ends_with(' ') => {
                if c != ' ' {
                    out.pop();
                    out.push(c);
                }
            }
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}
