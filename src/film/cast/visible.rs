//! What of a phrase about somebody can be seen on them.

use super::absence::OF_A_BODY;
use super::appearance::looks;
use super::appearance_words::{
    AILING, ARTICLES, FEATURES, FIXED, INNER, KIN, KIN_OF, LIMBS, RESTS,
};
use super::small_words::is_small;
use crate::prose::{self, Word};

/// `father` and `a wife` are no look: who somebody is to others is left out of a phrase that says
/// nothing more (`gorgeous bride` is `gorgeous`), and of two joined by "and" the one that cannot be
/// seen.
pub(super) fn visible<'w, 't>(
    words: &'w [Word<'t>],
    lower: &'w [String],
) -> (&'w [Word<'t>], &'w [String]) {
    let mut range = 0..lower.len();
    if let Some(and) = lower.iter().position(|word| word == "and") {
        let ails = |part: &[String]| {
            let has = |list: &[&str]| part.iter().any(|word| list.contains(&word.as_str()));
            has(AILING) && has(INNER)
        };
        match (ails(&lower[..and]), ails(&lower[and + 1..])) {
            (true, false) => range = and + 1..lower.len(),
            (false, true) => range = 0..and,
            _ => {}
        }
    } else if lower.iter().any(|word| AILING.contains(&word.as_str()))
        && lower.iter().any(|word| INNER.contains(&word.as_str()))
    {
        range = 0..0;
    }
    let relation = |word: &String| KIN.contains(&word.as_str());
    let part = &lower[range.clone()];
    if part.last().is_some_and(relation) {
        let before = &part[..part.len() - 1];
        // "Her tall father" is somebody else.
        let others = |word: &String| matches!(word.as_str(), "his" | "her" | "their");
        let described = before.iter().any(|word| looks(word)) && !before.iter().any(others);
        let plain = |word: &String| {
            ARTICLES.contains(&word.as_str())
                || looks(word)
                || KIN_OF.contains(&word.as_str())
                || is_small(word)
        };
        if before.iter().all(plain) {
            let from = before
                .iter()
                .position(|word| looks(word))
                .unwrap_or(before.len());
            range = if described {
                range.start + from..range.end - 1
            } else {
                0..0
            };
        }
    }
    (&words[range.clone()], &lower[range])
}

/// "A child's drawing taped above the wheel", "les pieds sur le tableau de bord", "feet on the desk":
/// what is fixed to something or rests on it is of the place and the moment.
pub(super) fn is_placed(words: &[Word<'_>], lower: &[String]) -> bool {
    let has = |list: &[&str]| lower.iter().any(|word| list.contains(&word.as_str()));
    let rests = || {
        let limb = lower.iter().position(|word| LIMBS.contains(&word.as_str()));
        limb.is_some_and(|at| {
            lower[at + 1..]
                .iter()
                .any(|word| RESTS.contains(&word.as_str()))
        })
    };
    // "A scar on his cheek", "a tattoo above her wrist" are on the body.
    let of_body = || {
        lower
            .iter()
            .any(|word| OF_A_BODY.contains(&word.as_str()) || FEATURES.contains(&word.as_str()))
    };
    !words.is_empty() && (rests() || has(FIXED) && !of_body())
}

/// `3, tall` → `aged 3, tall`: a number alone may be anything.
pub(super) fn said_as_ages(look: &str) -> String {
    let said = |part: &str| {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let rest = &part[digits..];
        let alone = rest.is_empty() || rest.starts_with(" with ") || rest.starts_with(" and ");
        // "Sixty and unimpressed", "thirty-eight", "five"
        let first = prose::tokens(part).into_iter().next().unwrap_or_default();
        let plain = part.split([' ', '-']).all(is_number);
        if plain && is_number(&first) {
            return format!("aged {part}");
        }
        if (1..=3).contains(&digits) && alone {
            format!("aged {part}")
        } else {
            part.to_owned()
        }
    };
    let said = |part: &str| said(&in_english(part));
    let parts: Vec<String> = look.split(", ").map(said).collect();
    parts.join(", ")
}

/// A number in words.
fn is_number(word: &str) -> bool {
    #[rustfmt::skip]
    const NUMBERS: &[&str] = &[
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
        "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    NUMBERS.contains(&word)
}

/// Ages of other languages: what stands before the number, and what behind it.
const YEARS: &[&str] = &[
    "ans",
    "jahre",
    "jahre alt",
    "anos",
    "años",
    "anni",
    "lat",
    "лет",
];
/// Tens in words of other languages.
#[rustfmt::skip]
const TENS: &[(&str, &str)] = &[
    ("zwanzig", "twenty"), ("dreissig", "thirty"), ("dreißig", "thirty"), ("vierzig", "forty"), ("fünfzig", "fifty"),
    ("sechzig", "sixty"), ("siebzig", "seventy"), ("achtzig", "eighty"), ("neunzig", "ninety"),
    ("la vingtaine", "20s"), ("la trentaine", "30s"), ("la quarantaine", "40s"),
    ("la cinquantaine", "50s"), ("la soixantaine", "60s"),
];
const OVER: &[(&str, &str)] = &[
    ("über ", "over "),
    ("um die ", "about "),
    ("fast ", "almost "),
    ("knapp ", "almost "),
    ("anfang ", "early "),
    ("mitte ", "mid "),
    ("ende ", "late "),
    ("environ ", "about "),
    ("plus de ", "over "),
    ("presque ", "almost "),
];

/// `60 ans` is `60`, `über achtzig` is `over eighty`: prompts are written in English.
fn in_english(part: &str) -> String {
    let lower = part.to_lowercase();
    let (before, rest) = OVER
        .iter()
        .find_map(|(other, own)| Some((*own, lower.strip_prefix(other)?)))
        .unwrap_or(("", &lower));
    if let Some((_, own)) = TENS.iter().find(|(other, _)| *other == rest) {
        return format!("{before}{own}");
    }
    let number = rest.split(' ').next().unwrap_or_default();
    let counted = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let years = rest.get(number.len()..).unwrap_or_default().trim();
    if counted && (YEARS.contains(&years) || !before.is_empty()) {
        return format!("{before}{number}");
    }
    part.to_owned()
}
