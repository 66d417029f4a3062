//! The phrases of the sentence that introduces somebody: who they are, said before the name, and what
//! they wear, said anywhere behind it.

use super::ages::is_count;
use super::appearance::{cut, is_person, is_worn};
use super::appearance_words::{ARTICLES, CLOTHES, KIN};
use super::small_words::is_small;
use super::{roles, tables};
use crate::prose::{self, Word};

/// Words that mean somebody else than who is introduced.
const OTHERS: &[&str] = &[
    "him", "her", "them", "his", "their", "he", "she", "they", "it", "its",
];

/// "A boy of nine, DOV, draws", "the housekeeper MRS. OAKES": who somebody is, right before the name.
pub(super) fn apposed(before: &str) -> Option<String> {
    /// A phrase of more words tells more.
    const MOST: usize = 7;
    let last = before
        .trim_end()
        .rsplit([';', '.', '!', '?', '—', ':'])
        .next()?;
    let (phrase, comma) = match last.strip_suffix(',') {
        Some(phrase) => (phrase.rsplit(',').next()?, true),
        None => (last.rsplit(',').next()?, false),
    };
    let words = prose::words(phrase);
    let lower: Vec<String> = words.iter().map(Word::lower).collect();
    let article = |word: &String| matches!(word.as_str(), "a" | "an" | "the");
    let from = lower.iter().rposition(article)?;
    // "Behind the door, BOB": the door is no part of him; "Next to her an old suitcase, BARNABY".
    let led = from.checked_sub(1).map(|at| lower[at].as_str());
    let leads = |word: &str| is_small(word) && !OTHERS.contains(&word) && word != "and";
    let count = lower.len() - from;
    let noun = &lower[from..];
    let end = noun
        .iter()
        .position(|word| matches!(word.as_str(), "of" | "in" | "with"))
        .unwrap_or(count);
    let person = is_person(&noun[end - 1]) || roles::is_foreign(&noun[end - 1]);
    let named = words[from + 1..].iter().any(Word::capitalised);
    let beside = comma || count == 2 && tables::title(&noun[1]).is_none();
    let fits = (2..=MOST).contains(&count) && end > 1 && beside && !named;
    let kin = noun.iter().any(|word| KIN.contains(&word.as_str()));
    // A thing between commas is somebody only where they are drawn: "an old suitcase, BARNABY".
    let thing = comma && count == 3 && matches!(noun[0].as_str(), "a" | "an") && noun[2].len() > 3;
    let whole = &phrase[words[from].start..];
    let first = whole.chars().next()?;
    (fits && !kin && !led.is_some_and(leads) && (person || thing))
        .then(|| first.to_lowercase().chain(whole.chars().skip(1)).collect())
}

/// "a pilot of uncertain age in a patched flight suit": what is worn is a phrase of its own.
pub(super) fn parted(phrase: &str) -> (&str, Option<&str>) {
    let joints = [" in ", " wearing ", " with "];
    let at = joints
        .iter()
        .flat_map(|joint| phrase.match_indices(joint))
        .map(|(at, _)| at)
        .filter(|at| garment_phrase(&phrase[at + 1..]).is_some())
        .min();
    match at {
        Some(at) => (&phrase[..at], Some(&phrase[at + 1..])),
        None => (phrase, None),
    }
}

/// Whether a phrase that is no look is none of a deed, either, so that more of the look may follow:
/// `overworked`, `never in a hurry`.
pub(super) fn is_aside(phrase: &str) -> bool {
    /// A phrase of more words is more than that.
    const MOST: usize = 5;
    let words = prose::words(phrase);
    let lower: Vec<String> = words.iter().map(Word::lower).collect();
    let other = |word: &String| {
        KIN.contains(&word.as_str())
            || OTHERS.contains(&word.as_str())
            || is_person(word)
            || tables::title(word).is_some()
    };
    let doing = |word: &String| word.ends_with("ing") || word.ends_with("ly");
    (1..=MOST).contains(&words.len())
        && cut(&words, &lower) == words.len()
        && !lower.iter().any(|word| is_small(word))
        && !words.iter().any(Word::capitalised)
        && !lower.iter().any(|word| other(word) || doing(word))
}

/// What the sentence that introduces somebody says later of what they wear: "stands on a platform in an
/// enormous wedding dress". Only up to where somebody else comes in.
pub(super) fn worn_later(after: &str) -> Option<String> {
    let words = prose::words(after);
    let end = words
        .iter()
        .find(|word| word.capitalised() || OTHERS.contains(&word.lower().as_str()))
        .map_or(after.len(), |word| word.start);
    let mut starts = words.iter().filter(|word| {
        word.start < end && matches!(word.lower().as_str(), "in" | "wearing" | "dressed")
    });
    starts
        .find_map(|word| garment_phrase(&after[word.start..]))
        .map(str::to_owned)
}

/// `in an old green coat` at the beginning of a text, as far as it goes: with another garment behind
/// "and".
pub(crate) fn garment_phrase(text: &str) -> Option<&str> {
    /// Adjectives before a garment.
    const MOST: usize = 5;
    /// What may hold somebody or something in it, too.
    #[rustfmt::skip]
    const HOLLOW: &[&str] = &[
        "tank", "watch", "chain", "collar", "hood", "holster", "purse", "handbag", "backpack", "rucksack", "satchel", "parachute",
        "top", "gear", "habit", "trunks", "pumps", "tails", "hose", "knapsack", "belt",
    ];
    const DETERMINERS: &[&str] = &["a", "an", "his", "her", "their", "two", "one", "in"];
    let words = prose::words(text);
    let lower: Vec<String> = words.iter().map(Word::lower).collect();
    let first = lower.first()?.as_str();
    let begins = matches!(first, "in" | "wearing" | "with" | "dressed" | "clad");
    if !begins || lower.get(1).is_some_and(|word| word == "the") {
        return None;
    }
    let between = |at: usize| text[words[at].end..words[at + 1].start].trim();
    if words.len() < 2 || !between(0).is_empty() {
        return None;
    }
    let ends = |at: usize| {
        lower.get(at + 1).is_none_or(|next| {
            !is_worn(next) && (is_small(next) || next.ends_with("ing")) || !between(at).is_empty()
        })
    };
    let garment = |from: usize| {
        let most = lower.len().min(from + MOST + 1);
        (from..most).find(|at| {
            let worn = is_worn(&lower[*at]) && !HOLLOW.contains(&lower[*at].as_str());
            let plain = |word: &String| !is_small(word) || DETERMINERS.contains(&word.as_str());
            worn && ends(*at)
                && lower[from..*at].iter().all(plain)
                && (from..*at).all(|at| matches!(between(at), "" | "-"))
        })
    };
    let last = garment(1)?;
    let and = lower.get(last + 1).is_some_and(|word| word == "and");
    let more = if and { garment(last + 2) } else { None };
    Some(&text[..words[more.unwrap_or(last)].end])
}

/// `the kid` is a kid: by themselves the words of a look have told of nobody before.
pub(super) fn one_of_a_kind(look: &str) -> String {
    // `a definitively thin-hipped` of a longer list has lost its noun.
    let (first, rest) = look.split_once(' ').unwrap_or((look, ""));
    let bare = rest
        .rsplit(' ')
        .next()
        .is_some_and(|last| last.contains('-') && last.ends_with("ed"));
    if bare && ARTICLES.contains(&first) {
        return rest.to_owned();
    }
    match look.strip_prefix("the ") {
        Some(rest) if rest.starts_with(['a', 'e', 'i', 'o']) => format!("an {rest}"),
        Some(rest) => format!("a {rest}"),
        None => look.to_owned(),
    }
}

/// `wearing thrift-store bomber jacket` of a list in brackets: one garment has its article.
pub(super) fn with_article(clothes: &str) -> String {
    const WORN_AS: &[&str] = &["wearing ", "in ", "dressed in ", "clad in "];
    let head = WORN_AS.iter().find(|head| clothes.starts_with(**head));
    let rest = &clothes[head.map_or(0, |head| head.len())..];
    let words = prose::words(rest);
    let first = words.first().map(Word::lower).unwrap_or_default();
    let one = words
        .iter()
        .all(|word| !is_small(&word.lower()) && !word.possessive)
        && words
            .last()
            .is_some_and(|word| is_one_garment(&word.lower()));
    if rest.contains(',') || !one || is_count(&first) || ARTICLES.contains(&first.as_str()) {
        return clothes.to_owned();
    }
    let article = if first.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    match head {
        Some(head) => format!("{head}{article} {rest}"),
        None => format!("in {article} {rest}"),
    }
}

/// Whether a word is for one garment, of which one says `a`: not `boots`, `makeup`, `black`.
fn is_one_garment(word: &str) -> bool {
    #[rustfmt::skip]
    const STUFF: &[&str] = &[
        "armor", "armour", "black", "denim", "fur", "jewelry", "leather", "makeup", "mourning", "silk", "satin", "velvet", "lace",
        "underwear", "flannel", "corduroy", "pinstripe", "livery",
    ];
    let many = word.ends_with('s') && !word.ends_with("ss");
    CLOTHES.contains(&word) && !many && !STUFF.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_somebody_is_may_stand_before_the_name() {
        for (before, expected) in [
            (
                "Behind her, in the jump seat, a boy of nine, ",
                Some("a boy of nine"),
            ),
            ("Next to her an old suitcase, ", Some("an old suitcase")),
            ("The clerk, ", Some("the clerk")),
            (
                "A ring of keys at her waist, the housekeeper ",
                Some("the housekeeper"),
            ),
            ("Behind the door, ", None),
            ("Her sister ", None),
            ("The team lifts the father, ", None),
            ("They see Detective ", None),
        ] {
            assert_eq!(apposed(before).as_deref(), expected, "{before}");
        }
    }

    #[test]
    fn one_garment_has_its_article() {
        for (clothes, expected) in [
            (
                "wearing thrift-store bomber jacket",
                "wearing a thrift-store bomber jacket",
            ),
            ("orange jumpsuit", "in an orange jumpsuit"),
            ("in a green coat", "in a green coat"),
            ("wearing dark clothes", "wearing dark clothes"),
            ("wearing her good dress", "wearing her good dress"),
            (
                "wearing a hat and green coat",
                "wearing a hat and green coat",
            ),
            ("dressed in black", "dressed in black"),
        ] {
            assert_eq!(with_article(clothes), expected);
        }
        assert_eq!(
            one_of_a_kind("a definitively thin-hipped"),
            "definitively thin-hipped"
        );
        assert_eq!(one_of_a_kind("the kid"), "a kid");
        assert_eq!(one_of_a_kind("60s"), "60s");
    }

    #[test]
    fn what_is_worn_is_found_behind_what_is_done() {
        for (after, expected) in [
            (
                " stands on a low platform in an enormous wedding dress.",
                Some("in an enormous wedding dress"),
            ),
            (" sits up in his pyjamas and yawns.", Some("in his pyjamas")),
            (
                " comes in, wearing a hat and a green coat.",
                Some("wearing a hat and a green coat"),
            ),
            (" sits in the hood of a car.", None),
            (" looks in the mirror at Anna in a red coat.", None),
            (" watches her in a red coat.", None),
            (" waits in a doorway.", None),
        ] {
            assert_eq!(worn_later(after).as_deref(), expected, "{after}");
        }
    }
}
