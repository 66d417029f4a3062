//! What the sentence that introduces somebody says of how they look.
//!
//! Only what certainly describes is taken: an age, a noun or adjectives for a person, the body's
//! features, clothes. What somebody does or feels is none of it, and of a phrase that runs into what
//! she does only the phrase: "a young engineer dons a suit" is a young engineer. Better nothing than
//! something wrong.

use super::ages::{is_age, is_count, is_lifelong, is_only_age, without_age};
use super::appearance_words::{
    ABOUT, ARTICLES, CARRIED, CARRIED_ON, CLOTHES, COMPOUND, DEGREES, FEATURES, LOOKS, NO_LOOK,
    OF_NOW, PLURALS,
};
use super::fold::fold;
use super::garb::{
    apposed, garment_phrase, is_aside, one_of_a_kind, parted, with_article, worn_later,
};
use super::small_words::is_small;
use super::visible::{is_placed, said_as_ages, visible};
use super::{Character, is_of_body, is_role, roles, tables};
use crate::prose::{self, Word};

/// How somebody looks, as phrases joined by commas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Appearance {
    /// Age, build, face: `a young biracial engineer`, `60s`.
    pub physical: String,
    /// `in a green coat`, `wearing a crown`.
    pub clothes: String,
}

/// A phrase of more words tells more than a look.
const MOST_WORDS: usize = 9;
/// So many phrases after a name are looked at.
const MOST_PHRASES: usize = 6;

impl Character {
    /// What the script's introduction says of how somebody looks; of somebody at another age at
    /// least that they are young, or old.
    pub fn appearance(&self) -> Appearance {
        let mut found = self.introduced();
        let first = self.name.split(' ').next().unwrap_or_default();
        if found.physical.is_empty() && self.age_of.is_some() && tables::variant(first) {
            found.physical = first.to_lowercase();
        }
        if self.ages_vary {
            let all = std::mem::take(&mut found.physical);
            let kept: Vec<&str> = all
                .split(", ")
                .map(without_age)
                .filter(|part| !part.is_empty() && !is_only_age(part) && is_lifelong(part))
                .collect();
            found.physical = kept.join(", ");
        }
        found.physical = said_as_ages(&found.physical);
        found
    }

    fn introduced(&self) -> Appearance {
        let Some(text) = self.introduction.as_deref() else {
            return Appearance::default();
        };
        let words = prose::words(text);
        let lower: Vec<String> = words
            .iter()
            .map(|word| fold(word.text).into_owned())
            .collect();
        let found = [&self.full_name, &self.name].into_iter().find_map(|name| {
            let name: Vec<String> = prose::words(name)
                .iter()
                .map(|word| fold(word.text).into_owned())
                .collect();
            let at = lower
                .windows(name.len().max(1))
                .position(|window| window == name)?;
            Some((at, at + name.len()))
        });
        let Some((from, to)) = found else {
            return Appearance::default();
        };
        let mut parts = Parts::default();
        let before = &text[..words[from].start];
        let after = &text[words[to - 1].end..];
        if let Some(phrase) = apposed(before) {
            parts.take(&phrase);
        }
        parts.before(&lower[..from]);
        parts.after(after);
        let dressed = |clothes: &String| prose::tokens(clothes).iter().any(|word| is_worn(word));
        if !parts.clothes.iter().any(dressed) {
            parts.clothes.extend(worn_later(after));
        }
        parts.finish()
    }
}

#[derive(Default)]
struct Parts {
    physical: Vec<String>,
    clothes: Vec<String>,
}

impl Parts {
    /// "The tweedy PROFESSOR", "Red-headed ZACKY": adjectives right before the name.
    fn before(&mut self, lower: &[String]) {
        let mut from = lower.len();
        while from > 0 && looks(&lower[from - 1]) {
            from -= 1;
        }
        while from > 0
            && (DEGREES.contains(&lower[from - 1].as_str()) || lower[from - 1].ends_with("ly"))
        {
            from -= 1;
        }
        let first = lower.get(from).map(String::as_str).unwrap_or_default();
        // "Young Jenny" is Jenny at another age.
        if lower[from..].iter().all(|word| tables::variant(word)) {
            return;
        }
        if from < lower.len() && looks(&lower[lower.len() - 1]) && !COMPOUND.contains(&first) {
            // A hyphen parts words: "red-headed" is two.
            let compound = from > 0
                && COMPOUND.contains(&lower[lower.len() - 1].as_str())
                && lower.len() - from == 1;
            self.physical
                .push(lower[from - usize::from(compound)..].join(" "));
        } else if from > 0 && COMPOUND.contains(&first) {
            let words = &lower[from - 1..];
            self.physical
                .push(format!("{}-{}", words[0], words[1..].join(" ")));
        }
    }

    /// What stands after the name: in brackets, between commas, after "is", "in" or "with".
    fn after(&mut self, after: &str) {
        let after = after.trim_start();
        if let Some((inside, rest)) = after
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
        {
            for phrase in inside.split([',', ';', '/']) {
                self.take(phrase);
            }
            // "KARL (30), a giant", "ANNA (30) in a red coat"
            self.after(rest);
            return;
        }
        let rest = after
            .strip_prefix([',', '-', '–', '—'])
            .map(|rest| rest.trim_start_matches(['-', ' ']));
        let Some(rest) = rest else {
            self.predicate(after);
            return;
        };
        for phrase in phrases(rest).take(MOST_PHRASES) {
            let (first, second) = parted(phrase);
            let goes_on = [Some(first), second]
                .into_iter()
                .flatten()
                .all(|phrase| self.take(phrase) || is_aside(phrase));
            if !goes_on {
                break;
            }
        }
    }

    /// "is a tall man of fifty", "in a green coat", "with long red hair".
    fn predicate(&mut self, after: &str) {
        let words = prose::words(after);
        let lower = |at: usize| words.get(at).map(Word::lower).unwrap_or_default();
        let from = match lower(0).as_str() {
            "is" | "was" | "looks" => 1,
            "in" | "with" | "wearing" | "dressed" | "clad" => 0,
            _ => return,
        };
        let Some(first) = words.get(from) else {
            return;
        };
        let mut rest = phrases(&after[first.start..]);
        if let Some(phrase) = rest.next()
            && self.take(phrase)
            && from == 1
        {
            for phrase in rest.take(MOST_PHRASES) {
                if !self.take(phrase) {
                    break;
                }
            }
        }
    }

    /// Takes a phrase if it describes. Returns whether the next one may as well.
    fn take(&mut self, phrase: &str) -> bool {
        match describes(phrase) {
            Some(Told {
                text,
                is_worn,
                ends,
            }) => {
                let list = if is_worn {
                    &mut self.clothes
                } else {
                    &mut self.physical
                };
                if !text.is_empty() {
                    list.push(text);
                }
                !ends
            }
            None => false,
        }
    }

    fn finish(self) -> Appearance {
        let physical: Vec<String> = self.physical.iter().map(|one| one_of_a_kind(one)).collect();
        let clothes: Vec<String> = self.clothes.iter().map(|one| with_article(one)).collect();
        Appearance {
            physical: physical.join(", "),
            clothes: clothes.join(", "),
        }
    }
}

/// What stands between commas, semicolons and dashes.
fn phrases(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '—', '.', '!', '?', '('])
        .flat_map(|part| part.split(" -- "))
        .flat_map(|part| part.split(" - "))
        .map(str::trim)
}

struct Told {
    text: String,
    is_worn: bool,
    /// What somebody does begins after it.
    ends: bool,
}

/// A phrase as a look, if it is one.
fn describes(phrase: &str) -> Option<Told> {
    let all = prose::words(phrase);
    let lower: Vec<String> = all
        .iter()
        .map(|word| fold(word.text).into_owned())
        .collect();
    let from = lower
        .iter()
        .position(|word| !ABOUT.contains(&word.as_str()))?;
    let (mut words, mut lower) = (&all[from..], &lower[from..]);
    let cut = cut(words, lower);
    let ends = cut < words.len();
    (words, lower) = (&words[..cut], &lower[..cut]);
    if words.is_empty() || words.len() > MOST_WORDS {
        return None;
    }
    // `Lokführer`, `avocate`: what somebody is by trade, in another language than the prompt's.
    if let [trade] = lower
        && is_trade(trade)
    {
        return Some(Told {
            text: String::new(),
            is_worn: false,
            ends,
        });
    }
    let has = |list: &[&str]| lower.iter().any(|word| list.contains(&word.as_str()));
    let carried = is_carried(lower);
    if has(OF_NOW) || has(NO_LOOK) && !carried || holds(lower) || is_placed(words, lower) {
        return None;
    }
    // "A bad knee and a good coat": of what cannot be seen, and of who somebody is to others, the
    // rest is told.
    let (words, lower) = visible(words, lower);
    if words.is_empty() {
        return Some(Told {
            text: String::new(),
            is_worn: false,
            ends,
        });
    }
    let has = |list: &[&str]| lower.iter().any(|word| list.contains(&word.as_str()));
    let aged = lower.iter().any(|word| is_age(word));
    let and = lower.iter().position(|word| word == "and");
    let in_clothes = garment_phrase(&phrase[words[0].start..]).is_some();
    let worn = in_clothes
        || lower[..and.unwrap_or(lower.len())]
            .iter()
            .any(|word| is_worn(word));
    let featured = has(FEATURES);
    let looked = lower.iter().any(|word| looks(word));
    let first = lower[0].as_str();
    let head = lower
        .iter()
        .position(|word| matches!(word.as_str(), "of" | "in" | "with" | "from" | "at" | "who"))
        .filter(|at| *at > 0)
        .unwrap_or(lower.len());
    let person = is_person(&lower[head - 1]);
    let (takes, is_worn) = match first {
        "in" | "im" | "en" => (worn || aged, worn),
        "wearing" | "wears" | "dressed" | "clad" => (lower.len() > 1 && (worn || !ends), true),
        "with" | "avec" | "mit" | "con" => (featured || worn, worn && !featured),
        _ if lower.iter().all(|word| is_count(word)) => (true, false),
        "his" | "her" | "their" => (
            featured && !ends && !lower.iter().any(|word| word.ends_with("ing")),
            false,
        ),
        _ if ARTICLES.contains(&first) => {
            // Between commas a noun with its article is who somebody is.
            let noun = person || aged || looked || !ends && !worn && lower.len() <= 6;
            (noun || worn, worn && !person && !aged && !looked)
        }
        // "Forearms like rope", "bushy eyebrows"
        _ if featured
            && !ends
            && (lower.get(1).is_some_and(|word| word == "like") || is_feature(lower)) =>
        {
            (true, false)
        }
        // "Seaweed in his beard" is of the head, and nothing that is worn.
        _ if carried && !ends => (true, !featured),
        // "Climbing harness"
        _ if worn && !ends && lower.len() <= 3 && !aged && !looked && !person => (true, true),
        _ if first.ends_with("ing") && !looks(first) => (false, false),
        _ => (
            aged || looked || person || worn && !ends,
            worn && !aged && !looked && !person,
        ),
    };
    let text = phrase[words[0].start..words[words.len() - 1].end].trim();
    let text = text
        .strip_prefix("wears ")
        .map_or_else(|| text.to_owned(), |rest| format!("wearing {rest}"));
    takes.then_some(Told {
        text,
        is_worn,
        ends,
    })
}

fn is_trade(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "fuhrer", "fuhrerin", "arzt", "arztin", "meister", "beamter", "beamtin",
    ];
    roles::is_foreign(word) || ENDINGS.iter().any(|end| word.ends_with(end))
}

/// `a screwdriver behind one ear`, `headphones round her neck`: what somebody has about them.
fn is_carried(lower: &[String]) -> bool {
    let Some((last, rest)) = lower.split_last() else {
        return false;
    };
    let on = rest
        .iter()
        .rposition(|word| CARRIED.contains(&word.as_str()));
    let Some(on) = on.filter(|on| *on > 0 && CARRIED_ON.contains(&last.as_str())) else {
        return false;
    };
    let thing = !FEATURES.contains(&rest[on - 1].as_str()) && !is_of_body(&rest[on - 1]);
    thing && rest[on + 1..].len() <= 1
}

/// `bushy eyebrows`, `a wine-dark birthmark`: a feature with what it is like.
fn is_feature(lower: &[String]) -> bool {
    // `natural hair in a messy bun` is hair.
    let head = lower
        .iter()
        .position(|word| matches!(word.as_str(), "in" | "with" | "of" | "like"))
        .unwrap_or(lower.len());
    let Some(last) = lower[..head].last().map(String::as_str) else {
        return false;
    };
    let (first, many) = (lower[0].as_str(), head);
    FEATURES.contains(&last)
        && (2..=4).contains(&many)
        && !is_small(first)
        && !first.ends_with("ing")
        && !first.ends_with("ed")
}

/// The place of the word at which what somebody does begins: a verb, or a clause of its own.
pub(super) fn cut(words: &[Word<'_>], lower: &[String]) -> usize {
    const BEGINS: &[&str] = &[
        "who", "whose", "that", "which", "as", "while", "when", "is", "are", "was", "were", "has",
        "had", "does", "did", "can", "will", "and is", "but",
    ];
    (0..lower.len())
        .find(|at| {
            let word = lower[*at].as_str();
            let participle = *at > 0
                && word.ends_with("ing")
                && word.len() > 4
                && !matches!(word, "wearing")
                && !is_worn(word)
                && !looks(word)
                && lower.get(at + 1).is_none_or(|next| is_small(next));
            BEGINS.contains(&word) || participle || is_verb(words, lower, *at)
        })
        .unwrap_or(lower.len())
}

/// "dons a space suit", "looks up": a word that ends in `s` where no noun stands.
fn is_verb(words: &[Word<'_>], lower: &[String], at: usize) -> bool {
    let word = lower[at].as_str();
    if word.len() < 3
        || !word.ends_with('s')
        || word.ends_with("ss")
        || word.ends_with("us")
        || words[at].possessive
        || words[at].text.starts_with(|c: char| c.is_ascii_digit())
        || PLURALS.contains(&word)
        || FEATURES.contains(&word)
        || CLOTHES.contains(&word)
        || is_age(word)
        || is_role(word)
    {
        return false;
    }
    // "A man of letters", "with thick glasses": a plural after a preposition or an adjective.
    let Some(before) = at.checked_sub(1).map(|at| lower[at].as_str()) else {
        return true;
    };
    let noun_place = matches!(
        before,
        "of" | "with" | "in" | "from" | "and" | "two" | "three" | "his" | "her"
    ) || ARTICLES.contains(&before);
    let followed = lower.get(at + 1).is_none_or(|next| {
        is_small(next)
            || matches!(
                next.as_str(),
                "up" | "down" | "off" | "out" | "away" | "back" | "past"
            )
    });
    !noun_place && followed
}

pub(super) fn looks(word: &str) -> bool {
    LOOKS.contains(&word) || COMPOUND.contains(&word)
}

pub(super) fn is_worn(word: &str) -> bool {
    CLOTHES.contains(&word)
        || [
            "mutze", "mantel", "jacke", "kleid", "schuhe", "coat", "shirt",
        ]
        .iter()
        .any(|end| word.ends_with(end))
}

/// A noun for what somebody is, by the table or by its ending.
pub(super) fn is_person(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "eer", "ologist", "ician", "arian", "maker", "keeper", "worker", "teacher", "driver",
    ];
    is_role(word) || word.len() > 6 && ENDINGS.iter().any(|end| word.ends_with(end))
}

/// "A gun in her hand": what is held is no look.
fn holds(lower: &[String]) -> bool {
    lower.windows(3).any(|window| {
        window[0] == "in"
            && matches!(
                window[2].as_str(),
                "hand" | "hands" | "arms" | "lap" | "mouth" | "fist" | "teeth"
            )
    })
}
