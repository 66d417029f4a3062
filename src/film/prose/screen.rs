//! Words that a script sets over the picture: `SUPER: PARIS, 1962`.

/// What introduces such words; a colon or a dash follows, or a quotation.
#[rustfmt::skip]
const OPENINGS: &[&str] = &[
    "super", "superimpose", "superimposed", "superimposition", "super title", "supertitle", "on screen text",
    "on-screen text", "text on screen", "screen text", "title", "title card", "subtitle", "caption", "chyron",
    "intertitle", "insert title",
];

/// The words that a paragraph or sentence sets over the picture, as they are written, and what else it
/// says behind them: `SUPER: "Paris, 1962"` → `Paris, 1962`. The opening counts in capitals alone, or
/// with one at its head and a quotation behind it.
pub(crate) fn superimposed(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let (head, rest) = OPENINGS
        .iter()
        .filter_map(|opening| {
            let head = text.get(..opening.len())?;
            head.eq_ignore_ascii_case(opening)
                .then(|| (head, &text[opening.len()..]))
        })
        .filter(|(_, rest)| !rest.starts_with(|c: char| c.is_alphanumeric()))
        .max_by_key(|(head, _)| head.len())?;
    let shown = rest.trim_start();
    let marked = shown.trim_start_matches([':', '-', '–', '—']).trim_start();
    let is_marked = marked.len() < shown.len();
    let quotes = marked.starts_with(['"', '“']);
    let shouted = !head.chars().any(char::is_lowercase);
    let begins = head.starts_with(char::is_uppercase);
    if !(shouted && (is_marked || quotes) || begins && is_marked && quotes) || marked.is_empty() {
        return None;
    }
    if !quotes {
        return Some((marked.trim_end_matches(' '), ""));
    }
    let inner = marked.trim_start_matches(['"', '“']);
    let end = inner.find(['"', '”'])?;
    let words = inner[..end].trim();
    let behind = inner[end..].trim_start_matches(['"', '”']).trim();
    let behind = behind.trim_start_matches(['.', ',']).trim();
    (!words.is_empty()).then_some((words, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_over_the_picture_are_as_they_are_written() {
        for (text, shown) in [
            ("SUPER: PARIS, 1962", "PARIS, 1962"),
            ("SUPER: \"Paris, 1962.\"", "Paris, 1962."),
            ("SUPERIMPOSE -- \"Three weeks later\"", "Three weeks later"),
            ("TITLE CARD: The End", "The End"),
            ("Title: \"NIGHT FERRY\"", "NIGHT FERRY"),
            ("CHYRON: LIVE FROM CAIRO", "LIVE FROM CAIRO"),
        ] {
            assert_eq!(
                superimposed(text).map(|(words, _)| words),
                Some(shown),
                "{text}"
            );
        }
        for text in [
            "The super waits.",
            "Super: he waits.",
            "TITLES roll.",
            "A title.",
            "SUPER",
        ] {
            assert_eq!(superimposed(text), None, "{text}");
        }
    }
}
