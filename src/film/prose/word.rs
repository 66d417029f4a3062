//! Words of a text, with the possessive taken off.

use super::capitals::after_prefix;

/// One word and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<'a> {
    /// As written, without `'s`.
    pub text: &'a str,
    /// Whether `'s` or a plural's `'` followed.
    pub possessive: bool,
    /// Byte offset of its first letter.
    pub start: usize,
    /// Byte offset after its last letter, the possessive included.
    pub end: usize,
}

impl Word<'_> {
    /// Lower case, for comparing.
    pub fn lower(&self) -> String {
        lower(self.text)
    }

    /// Whether it begins with a capital.
    pub fn capitalised(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether it has two letters or more and all of them are capitals, but for the beginning of a
    /// family name (`McALLISTER`).
    pub fn all_caps(&self) -> bool {
        let mut letters = 0;
        let mixed = |text: &str| text.as_bytes().get(1).is_some_and(u8::is_ascii_lowercase);
        let own = mixed(self.text).then(|| after_prefix(self.text)).flatten();
        for c in own.unwrap_or(self.text).chars() {
            // `KÖßLER`: many have no capital of this letter.
            if c.is_lowercase() && c != 'ß' {
                return false;
            }
            letters += usize::from(c.is_uppercase());
        }
        letters >= 2
    }
}

/// Lower case, in which the `İ` of `ÖZDEMİR` is the `i` that a writer types elsewhere, without a
/// second dot.
pub(super) fn lower(text: &str) -> String {
    let lower = text.to_lowercase();
    if text.contains('İ') {
        lower.replace("i\u{307}", "i")
    } else {
        lower
    }
}

fn apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// The words of `text`. Hyphens and full stops part words; an apostrophe inside one does not.
pub fn words(text: &str) -> Vec<Word<'_>> {
    each_word(text).collect()
}

/// The first word of `text`; no more than that is looked at.
pub fn first_word(text: &str) -> Option<Word<'_>> {
    each_word(text).next()
}

/// The last word of `text`; no more than that is looked at.
pub fn last_word(text: &str) -> Option<Word<'_>> {
    let end = text.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut start = end;
    while let Some(c) = text[..start].chars().next_back() {
        let before = start - c.len_utf8();
        let inner = start < end && apostrophe(c) && letter(text[..before].chars().next_back());
        if !c.is_alphanumeric() && !inner {
            break;
        }
        // What follows an apostrophe is a letter: it was gone through before.
        start = before;
    }
    (start < end).then(|| word(text, start, end))
}

fn each_word(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, c) = chars.by_ref().find(|(_, c)| c.is_alphanumeric())?;
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            let inner = apostrophe(next)
                && text[at + next.len_utf8()..]
                    .chars()
                    .next()
                    .is_some_and(char::is_alphanumeric);
            if !next.is_alphanumeric() && !inner {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        Some(word(text, start, end))
    })
}

fn word(text: &str, start: usize, end: usize) -> Word<'_> {
    let whole = &text[start..end];
    for tail in ["'s", "’s", "'S", "’S"] {
        if let Some(base) = whole.strip_suffix(tail)
            && !base.is_empty()
        {
            return Word {
                text: base,
                possessive: true,
                start,
                end,
            };
        }
    }
    let plural = whole.ends_with(['s', 'S']) && text[end..].starts_with(apostrophe);
    Word {
        text: whole,
        possessive: plural,
        start,
        end,
    }
}

/// The words of `text` in lower case, possessives taken off.
pub fn tokens(text: &str) -> Vec<String> {
    words(text).iter().map(Word::lower).collect()
}

/// Whether the words `part` stand one after the other somewhere in `whole`.
pub fn contains_words(whole: &[String], part: &[String]) -> bool {
    !part.is_empty() && whole.windows(part.len()).any(|window| window == part)
}

/// Text without emphasis marks, white space folded to single spaces.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if matches!(chars.peek(), Some('*' | '_' | '\\')) => {
                out.extend(chars.next());
            }
            '*' | '_' => {}
            c if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_and_the_last_word_are_those_of_all(text in "[abs'’. -]{0,12}") {
            let all = words(&text);
            prop_assert_eq!(first_word(&text), all.first().copied());
            prop_assert_eq!(last_word(&text), all.last().copied());
        }
    }

    #[test]
    fn words_lose_their_possessive_and_keep_inner_apostrophes() {
        let found = words("Rae's o'clock boys' don't half-done");
        let texts: Vec<_> = found.iter().map(|w| (w.text, w.possessive)).collect();
        assert_eq!(
            texts,
            [
                ("Rae", true),
                ("o'clock", false),
                ("boys", true),
                ("don't", false),
                ("half", false),
                ("done", false)
            ]
        );
    }

    #[test]
    fn plain_text_has_no_marks_and_single_spaces() {
        assert_eq!(
            plain("_Steel's  face_\nFILLS *the* \\*scope"),
            "Steel's face FILLS the *scope"
        );
    }
}
