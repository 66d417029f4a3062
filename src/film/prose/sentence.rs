//! Sentences, whole.

/// Words that end in a full stop without ending a sentence.
const ABBREVIATIONS: &[&str] = &[
    "ave", "blvd", "capt", "cmdr", "co", "col", "cpl", "det", "dr", "e.g", "etc", "ft", "gen",
    "gov", "hon", "i.e", "inc", "jr", "lt", "maj", "messrs", "mr", "mrs", "ms", "mt", "no", "ofc",
    "pres", "prof", "pvt", "rd", "rep", "rev", "sen", "sgt", "sr", "st", "supt", "vs",
];

/// Abbreviations that may also close a sentence: they do when a capital follows that is not a name
/// after a title.
const OPEN_ENDED: &[&str] = &["co", "etc", "inc", "jr", "no", "sr"];

fn closing(c: char) -> bool {
    matches!(c, '"' | '”' | '\'' | '’' | ')' | ']')
}

fn opening(c: char) -> bool {
    matches!(c, '"' | '“' | '\'' | '‘' | '(' | '[')
}

/// Whether a text begins with a lower-case letter, quotes and brackets aside: it continues what
/// came before.
pub fn starts_lower(text: &str) -> bool {
    text.chars()
        .find(|c| c.is_alphanumeric())
        .is_some_and(char::is_lowercase)
        && !text.starts_with("...")
}

/// Splits text whose white space is folded (`plain`) into sentences, each with its own end marks
/// and closing quotes. Abbreviations, initials, numbers and dots inside a sentence do not part it.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    let bytes: Vec<(usize, char)> = text.char_indices().collect();
    let mut i = 0;
    while i < bytes.len() {
        let (at, c) = bytes[i];
        if !matches!(c, '.' | '!' | '?' | '…') {
            i += 1;
            continue;
        }
        let mut j = i + 1;
        while j < bytes.len() && matches!(bytes[j].1, '.' | '!' | '?' | '…') {
            j += 1;
        }
        let marks = j - i;
        while j < bytes.len() && closing(bytes[j].1) {
            j += 1;
        }
        let end = bytes.get(j).map_or(text.len(), |b| b.0);
        if end == text.len() || ends_here(&text[from..at], &text[end..], c, marks) {
            push(&mut found, &text[from..end]);
            from = end;
        }
        i = j;
    }
    push(&mut found, &text[from..]);
    found
}

fn push<'a>(found: &mut Vec<&'a str>, sentence: &'a str) {
    let sentence = sentence.trim();
    if sentence.chars().any(char::is_alphanumeric) {
        found.push(sentence);
    }
}

fn ends_here(before: &str, after: &str, mark: char, marks: usize) -> bool {
    let Some(next) = after.chars().next() else {
        return true;
    };
    if !next.is_whitespace() {
        return false;
    }
    let follows = after.trim_start();
    let first = follows
        .chars()
        .find(|c| !opening(*c) && *c != '-')
        .unwrap_or(' ');
    if first.is_lowercase() || matches!(first, ',' | ';') || follows.starts_with("--") {
        return false;
    }
    // 'Waiting...' 'Done...': quoted pieces in a row are one list.
    if marks > 1 && follows.starts_with(['\'', '‘']) {
        return false;
    }
    if marks > 1 || mark != '.' {
        return true;
    }
    let word: String = before
        .chars()
        .rev()
        .take_while(|c| c.is_alphanumeric() || *c == '.')
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let lower = word.to_lowercase();
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "I";
    let dotted = word.contains('.') && word.split('.').all(|part| part.chars().count() <= 1);
    if initial || dotted {
        return false;
    }
    !ABBREVIATIONS.contains(&lower.as_str())
        || OPEN_ENDED.contains(&lower.as_str()) && !first.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn split(text: &str, expected: &[&str]) {
        assert_eq!(sentences(text), expected);
    }

    #[test]
    fn plain_sentences() {
        split(
            "He sits. She stands! Why? Done",
            &["He sits.", "She stands!", "Why?", "Done"],
        );
    }

    #[test]
    fn titles_initials_and_numbers_stay_inside() {
        split(
            "Dr. Bennett meets Mr. J. R. Smith on St. James St. at 4.30. He waves.",
            &[
                "Dr. Bennett meets Mr. J. R. Smith on St. James St. at 4.30.",
                "He waves.",
            ],
        );
        split(
            "We are not in the U.S. -- it is far.",
            &["We are not in the U.S. -- it is far."],
        );
        split(
            "There are no I.V.'s, no monitors.",
            &["There are no I.V.'s, no monitors."],
        );
    }

    #[test]
    fn ellipses_and_quotes() {
        split("A beat... Then he goes.", &["A beat...", "Then he goes."]);
        split("He waits... and goes.", &["He waits... and goes."]);
        split(
            "The page reads: \"Error.\" Mike steams.",
            &["The page reads: \"Error.\"", "Mike steams."],
        );
        split(
            "Vietnamese (?), but mercifully we...",
            &["Vietnamese (?), but mercifully we..."],
        );
    }
}
