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

/// The same, but what is quoted is not parted: `SUPER: "Six hours left. No more."` is one.
pub fn quoting_sentences(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let mut open = false;
    for sentence in sentences(text) {
        let last = found.last().filter(|_| open);
        // Both lie in `text`, one behind the other.
        let whole = last.map(|last| {
            let from = last.as_ptr() as usize - text.as_ptr() as usize;
            let to = sentence.as_ptr() as usize - text.as_ptr() as usize + sentence.len();
            &text[from..to]
        });
        match whole {
            Some(whole) => {
                found.pop();
                found.push(whole);
            }
            None => found.push(sentence),
        }
        open = super::find::is_open(open, sentence);
    }
    // A quotation that is never closed parts nothing.
    if open { sentences(text) } else { found }
}

/// A sentence in parts of at most `limit` words as far as its clauses allow it: each ends at a comma, a
/// semicolon, a colon or a dash, or before `and`, `but`, `or`, `because`, `that`, `which`. Where there is no
/// such place, between words. Nothing is left out but blanks.
pub fn parts(sentence: &str, limit: usize) -> Vec<&str> {
    const OPENERS: &[&str] = &[
        "and", "but", "or", "because", "that", "which", "who", "so", "when", "while", "where",
        "until",
    ];
    let limit = limit.max(1);
    let words: Vec<(usize, &str)> = sentence
        .split(' ')
        .scan(0, |at, word| {
            let start = *at;
            *at += word.len() + 1;
            Some((start, word))
        })
        .filter(|(_, word)| !word.is_empty())
        .collect();
    let spoken = |word: &str| usize::from(word.chars().any(char::is_alphanumeric));
    let total: usize = words.iter().map(|(_, word)| spoken(word)).sum();
    if total <= limit {
        return vec![sentence];
    }
    let even = total.div_ceil(total.div_ceil(limit));
    let mut found = Vec::new();
    let (mut from, mut count) = (0, 0);
    // The last place at which a clause ends, and the words before it; else where one may begin.
    let mut place: Option<(usize, usize)> = None;
    let mut weak: Option<(usize, usize)> = None;
    for (i, &(start, word)) in words.iter().enumerate() {
        if i > 0 && start > from {
            let before = words[i - 1].1;
            let ends = before.ends_with([',', ';', ':', '—', '–', '…'])
                || before.ends_with("--")
                || before == "-";
            let opens = OPENERS.contains(&word.to_lowercase().as_str());
            if ends {
                place = Some((start, count));
            } else if opens {
                weak = Some((start, count));
            }
        }
        let next = count + spoken(word);
        let enough = place.is_some_and(|(_, words)| words * 3 >= even * 2) && next > even;
        if next > limit || enough {
            let inside = |(cut, words): &(usize, usize)| *cut > from && *words > 0;
            let (cut, words) = place
                .filter(inside)
                .or(weak.filter(inside))
                .unwrap_or((start, count));
            if cut > from {
                found.push(sentence[from..cut].trim());
                from = cut;
                count -= words.min(count);
            }
            (place, weak) = (None, None);
        }
        count += spoken(word);
    }
    found.push(sentence[from..].trim());
    found.retain(|part| !part.is_empty());
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
    fn a_long_sentence_comes_apart_between_clauses() {
        let text = "I could be gone for weeks at a time, but every other Friday I put all the money that I had \
                    made into an account, which I had set aside for a proper house with a white fence.";
        assert_eq!(
            parts(text, 16),
            [
                "I could be gone for weeks at a time,",
                "but every other Friday I put all the money that I had made into an account,",
                "which I had set aside for a proper house with a white fence.",
            ]
        );
        assert_eq!(parts("One two three.", 16), ["One two three."]);
        assert_eq!(parts("a b c d e", 2), ["a b", "c d", "e"]);
        for limit in 1..12 {
            let all = parts(text, limit);
            assert_eq!(
                all.join(" "),
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            );
            let most = all.iter().map(|part| part.split(' ').count()).max();
            assert!(most <= Some(limit), "{limit}: {all:?}");
        }
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
