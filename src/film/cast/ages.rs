//! What of a look is an age.

use super::appearance_words::{ABOUT, AGES, OF_AN_AGE};
use crate::prose;

/// `40`, `40s`, `mid`, `twenties`, `ans`.
pub(super) fn is_age(word: &str) -> bool {
    let digits = word.trim_end_matches("'s").trim_end_matches('s');
    let number = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    number || AGES.contains(&word)
}

/// `five`, `nine`: alone between commas an age.
pub(super) fn is_count(word: &str) -> bool {
    matches!(
        word,
        "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten"
    )
}

/// `handsome` of `40's and handsome`.
pub(super) fn without_age(phrase: &str) -> &str {
    match (phrase.split_once(" and "), phrase.split_once(" with ")) {
        (Some((age, rest)), _) if is_only_age(age) => rest,
        (_, Some((age, rest))) if is_only_age(age) => &phrase[phrase.len() - rest.len() - 5..],
        _ => phrase,
    }
}

/// Whether a phrase says what somebody is at every age: not `handsome`, as a boy and an old man are it.
pub(super) fn is_lifelong(phrase: &str) -> bool {
    let words = prose::tokens(phrase);
    !words.iter().any(|word| OF_AN_AGE.contains(&word.as_str()))
}

/// Whether a phrase says an age and no more: `40s`, `17 years old`.
pub(super) fn is_only_age(phrase: &str) -> bool {
    let words = prose::tokens(phrase);
    let age = |word: &String| {
        is_age(word)
            || matches!(
                word.as_str(),
                "years" | "year" | "old" | "early" | "mid" | "late"
            )
    };
    !words.is_empty() && words.iter().all(age)
}

/// The age told right after a name, `(29)`, `, now 17,`, `, 40's and handsome`, ` is 10.`: `29`, `40s`.
pub(crate) fn told_age(after: &str) -> Option<String> {
    let rest = after.trim_start();
    let rest = rest
        .strip_prefix(['(', ','])
        .or_else(|| rest.strip_prefix("is "))?;
    let words = prose::words(rest.get(..rest.len().min(60)).unwrap_or(""));
    let number = words
        .iter()
        .take(3)
        .find(|word| !ABOUT.contains(&word.lower().as_str()))?;
    let digits = number.text.trim_end_matches(['s', 'S', '\'', '’']);
    let is_number = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let next = rest[number.end..].trim_start_matches(['\'', '’', 's']);
    let ends = next.is_empty()
        || next.starts_with([')', ',', '.', ';', '!'])
        || [" and ", " with ", " years", "-year"]
            .iter()
            .any(|end| next.starts_with(end));
    let decade = number.possessive || number.text.len() > digits.len();
    (is_number && ends).then(|| {
        if decade {
            format!("{digits}s")
        } else {
            digits.to_owned()
        }
    })
}
