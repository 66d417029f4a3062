//! A name taken apart: `YOUNG JACK`, `2ND GUARD`, `WAITER #1`, `GIRL IN A YELLOW COAT`.

use super::small_words::counts;
use super::{Gender, NameKind, roles, tables};
use crate::prose;

/// What describes somebody begins with one of these: `GIRL IN A YELLOW COAT`.
const DESCRIBES: &[&str] = &[
    "in", "with", "from", "at", "on", "behind", "by", "under", "of", "without", "next", "wearing",
];
/// The same after a noun alone: elsewhere they are part of a name, `ROBERT DE NIRO`.
#[rustfmt::skip]
const DESCRIBES_A_NOUN: &[&str] = &[
    "de", "du", "des", "d", "a", "au", "aux", "en", "avec", "im", "mit", "von", "vom", "am", "aus", "con", "del",
    "di", "da", "do", "com", "em", "z", "ze", "w", "на", "с", "из", "в",
];
/// After a name: what somebody was at the time. `JACK AS A BOY`, `JACK AGED 8`.
const AGES: &[&str] = &["as", "age", "aged"];

/// The parts of a name. Words are in small letters.
#[derive(Debug, Clone)]
pub(super) struct Anatomy {
    /// All words.
    pub(super) words: Vec<String>,
    /// Those by which a person is called or a role is named: no number, age or description.
    pub(super) core: Vec<String>,
    /// The same person's name at any age: `jack` of `YOUNG JACK`; none if the name tells no age.
    pub(super) ageless: Option<Vec<String>>,
    /// Told from others of the kind by a number.
    is_counted: bool,
    /// `WILL'S DATE`
    pub(super) is_owned: bool,
}

impl Anatomy {
    /// Takes a name apart.
    pub(super) fn of(name: &str) -> Self {
        let found = prose::words(name);
        let words: Vec<String> = found.iter().map(prose::Word::lower).collect();
        let is_owned = found.iter().any(|word| word.possessive);
        let (age, rest) = age(&words);
        let mut core = rest;
        let described = (1..core.len()).find(|at| {
            let word = core[*at].as_str();
            DESCRIBES.contains(&word)
                || DESCRIBES_A_NOUN.contains(&word) && roles::role(&core[at - 1]).is_some()
        });
        core.truncate(described.unwrap_or(core.len()));
        let before = core.len();
        if core.len() > 1 && core.last().is_some_and(|last| numbers(last)) {
            core.pop();
            if core.len() > 1 && matches!(core.last().map(String::as_str), Some("no" | "number")) {
                core.pop();
            }
        }
        if core.len() > 1 && counts(&core[0]) {
            core.remove(0);
        }
        let is_counted = core.len() < before;
        let is_role = !age.is_empty() && core.last().is_some_and(|head| is_noun(head));
        // `OLD MAN` and `LITTLE GIRL` are no ages of a man and a girl.
        let ageless = (!age.is_empty() && !is_role).then(|| core.clone());
        Self {
            words,
            core,
            ageless,
            is_counted,
            is_owned,
        }
    }

    /// What kind of name it is.
    pub(super) fn kind(&self) -> NameKind {
        let Some(head) = self.core.last() else {
            return NameKind::Named;
        };
        if roles::group(head) {
            NameKind::Group
        } else if self.is_counted
            || (roles::role(head).is_some() && !self.has_surname()
                // `NURSE RATCHED` ends in a name; `KARL THE GIANT` begins with one.
                && !self.core.iter().any(|word| word == "the"))
            || roles::leads(&self.core[0]) && tables::title(&self.core[0]).is_none()
        {
            NameKind::Role
        } else {
            NameKind::Named
        }
    }

    /// Whether what looks like a noun is a family name: `OLIVIA POPE`.
    pub(super) fn has_surname(&self) -> bool {
        let given = |word: &String| tables::given_name(word).is_some();
        !self.is_owned && self.core.len() > 1 && given(&self.core[0])
    }

    /// Whether the word of the core at that place is the noun for what somebody is.
    pub(super) fn is_head(&self, at: usize) -> bool {
        let last = self.core.len().saturating_sub(1);
        let head = if roles::leads(&self.core[0]) { 0 } else { last };
        at == head
    }

    /// What the nouns and titles of the name tell.
    pub(super) fn gender(&self) -> Gender {
        let Some(head) = self.core.last() else {
            return Gender::Unknown;
        };
        if roles::group(head) {
            return Gender::Plural;
        }
        // `MAN'S VOICE`, `TELLER WOMAN`, `MRS. RANDOLPH`: the most telling noun.
        let told = self.core.iter().rev();
        let told = told
            .filter_map(|word| roles::role(word))
            .find(|gender| *gender != Gender::Unknown)
            .filter(|_| !self.has_surname());
        told.or_else(|| tables::title(&self.core[0]).filter(|_| self.core.len() > 1))
            .unwrap_or(Gender::Unknown)
    }
}

fn is_noun(word: &str) -> bool {
    roles::role(word).is_some() || roles::group(word)
}

/// `1`, `TWO`, and the `B` of `GUARD B`.
fn numbers(word: &str) -> bool {
    counts(word) || word.len() == 1
}

/// The words that tell an age, and the others: `YOUNG JACK`, `12-YEAR-OLD JACK`, `JACK AS A BOY`.
fn age(words: &[String]) -> (Vec<String>, Vec<String>) {
    let year = words
        .iter()
        .take(3)
        .position(|word| matches!(word.as_str(), "year" | "yr"));
    let years = year.filter(|at| {
        *at > 0 && words.get(at + 1).is_some_and(|old| old == "old") && words.len() > at + 2
    });
    if let Some(at) = years {
        return (words[..at + 2].to_vec(), words[at + 2..].to_vec());
    }
    let leading = words
        .iter()
        .take_while(|word| tables::variant(word))
        .count();
    if leading > 0 && leading < words.len() {
        return (words[..leading].to_vec(), words[leading..].to_vec());
    }
    match words.iter().position(|word| AGES.contains(&word.as_str())) {
        Some(at) if at > 0 && at + 1 < words.len() => (words[at..].to_vec(), words[..at].to_vec()),
        _ => (Vec::new(), words.to_vec()),
    }
}

/// Cues that stand for whoever is there. They are nobody's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Together {
    /// The last two: `BOTH`, `THE TWO`.
    Two,
    /// Everybody so far: `ALL`, `EVERYONE`.
    All,
}

#[rustfmt::skip]
const TOGETHER: &[(&str, Together)] = &[
    ("both", Together::Two), ("two", Together::Two), ("both of them", Together::Two), ("two of them", Together::Two),
    ("both men", Together::Two), ("both women", Together::Two), ("pair", Together::Two), ("les deux", Together::Two),
    ("tous les deux", Together::Two), ("toutes les deux", Together::Two), ("tous deux", Together::Two),
    ("beide", Together::Two), ("die beiden", Together::Two), ("beiden", Together::Two), ("ambos", Together::Two),
    ("ambas", Together::Two), ("los dos", Together::Two), ("las dos", Together::Two), ("os dois", Together::Two),
    ("entrambi", Together::Two), ("entrambe", Together::Two), ("i due", Together::Two), ("obaj", Together::Two),
    ("obie", Together::Two), ("oboje", Together::Two), ("оба", Together::Two), ("обе", Together::Two),
    ("两人", Together::Two), ("二人", Together::Two),
    ("all", Together::All), ("everyone", Together::All), ("everybody", Together::All), ("all of them", Together::All),
    ("all together", Together::All), ("together", Together::All), ("in unison", Together::All),
    ("everyone else", Together::All), ("others", Together::All), ("rest", Together::All), ("three", Together::All),
    ("all three", Together::All), ("all four", Together::All), ("four", Together::All), ("three of them", Together::All),
    ("tous", Together::All), ("toutes", Together::All), ("tout le monde", Together::All), ("ensemble", Together::All),
    ("alle", Together::All), ("alle drei", Together::All), ("zusammen", Together::All), ("todos", Together::All),
    ("todas", Together::All), ("tutti", Together::All), ("tutte", Together::All), ("insieme", Together::All),
    ("wszyscy", Together::All), ("все", Together::All), ("вместе", Together::All), ("全員", Together::All),
    ("全员", Together::All), ("大家", Together::All), ("众人", Together::All), ("みんな", Together::All),
];

/// Whom a name stands for, if it is nobody's but that of all who are there. Articles count for nothing.
pub(super) fn together(name: &str) -> Option<Together> {
    let words = prose::tokens(name);
    let from = usize::from(words.len() > 1 && words[0] == "the");
    let name = words[from..].join(" ");
    let found = TOGETHER.iter().find(|(words, _)| *words == name);
    found.map(|(_, together)| *together)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        use NameKind::{Group, Named, Role};
        for (name, kind, core, age) in [
            ("WAITER #1", Role, "waiter", ""),
            ("1ST DIPLOMAT", Role, "diplomat", ""),
            ("SECOND OLD WOMAN", Role, "old woman", ""),
            ("GUARD B", Role, "guard", ""),
            ("ZWEITER MANN", Role, "mann", ""),
            ("OFFICER NO. 3", Role, "officer", ""),
            ("GIRL IN A YELLOW COAT", Role, "girl", ""),
            ("CHEF DE GARE", Role, "chef", ""),
            ("FEMME ÂGÉE", Role, "femme âgée", ""),
            ("OLD MAN", Role, "man", ""),
            ("ROBERT DE NIRO", Named, "robert de niro", ""),
            ("OLIVIA POPE", Named, "olivia pope", ""),
            ("KARL THE GIANT", Named, "karl the giant", ""),
            ("CAPTAIN ODELL", Named, "captain odell", ""),
            ("YOUNG JACK", Named, "jack", "young"),
            ("12-YEAR-OLD JACK", Named, "jack", "12 year old"),
            ("JACK AS A BOY", Named, "jack", "as a boy"),
            ("JEUNE ÉLODIE", Named, "élodie", "jeune"),
            ("NURSES", Group, "nurses", ""),
        ] {
            let parts = Anatomy::of(name);
            assert_eq!(parts.kind(), kind, "{name}");
            assert_eq!(parts.core.join(" "), core, "{name}");
            assert_eq!(parts.ageless.is_some(), !age.is_empty(), "{name}");
        }
    }

    #[test]
    fn some_cues_are_whoever_is_there() {
        for name in ["BOTH", "THE TWO", "LES DEUX", "Die beiden", "AMBOS"] {
            assert_eq!(together(name), Some(Together::Two), "{name}");
        }
        for name in [
            "ALL",
            "EVERYONE",
            "THE OTHERS",
            "ALLE",
            "TOUS",
            "ВСЕ",
            "全員",
        ] {
            assert_eq!(together(name), Some(Together::All), "{name}");
        }
        for name in ["CROWD", "THE TWO POPES", "ALLISON", "THE BOYS"] {
            assert_eq!(together(name), None, "{name}");
        }
    }
}
