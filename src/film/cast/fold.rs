//! Names as they are compared: in small letters, without accents.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters that are one letter of another alphabet to a writer who has none of them.
const LETTERS: &[(char, &str)] = &[
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ø', "o"),
    ('ł', "l"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('ı', "i"),
    ('’', "'"),
];

/// A word in small letters without its accents: `ÉTIENNE` and `Etienne` are one name, and are shown
/// as they are written.
pub(super) fn fold(word: &str) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii() && !b.is_ascii_uppercase();
    if word.bytes().all(plain) {
        return Cow::Borrowed(word);
    }
    if word.is_ascii() {
        return Cow::Owned(word.to_ascii_lowercase());
    }
    let mut out = String::with_capacity(word.len());
    for c in word
        .to_lowercase()
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
    {
        match LETTERS.iter().find(|(letter, _)| *letter == c) {
            Some((_, letters)) => out.push_str(letters),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_do_not_tell_names_apart() {
        for (one, other) in [
            ("ÉTIENNE", "etienne"),
            ("Jürgen", "JURGEN"),
            ("ÖZDEMİR", "ozdemir"),
            ("KÖßLER", "kossler"),
            ("Łukasz", "LUKASZ"),
            ("Søren", "soren"),
            ("ANDRÉ", "Andre\u{301}"),
            ("РАЯ", "рая"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
        assert_ne!(fold("李明"), fold("王明"));
    }
}
