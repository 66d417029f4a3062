//! Production numbers as printed, their order, and the number for what comes between two.
//!
//! `12A` follows 12, `A12` precedes it, `A12A` lies between 12 and 12A. Letters nearest the digits
//! weigh most, so there is always room: `AA12` before `A12`, `AB12` between `A12` and `B12`,
//! `12AA` between `12A` and `12B`. I and O are left out, as they look like 1 and 0.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// The letters of inserted numbers.
const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A number of the usual form, `[A-Z]*` digits and a rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) prefix: String,
    pub(super) digits: u64,
    /// The digits are padded with zeros to this width.
    pub(super) width: usize,
    pub(super) suffix: String,
}

impl Number {
    /// `None` for a number of another form, such as `I-1-A`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits_at = text.find(|c: char| !c.is_ascii_uppercase())?;
        let (prefix, rest) = text.split_at(digits_at);
        let suffix_at = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (digits, suffix) = rest.split_at(suffix_at);
        Some(Self {
            prefix: prefix.to_owned(),
            digits: digits.parse().ok()?,
            width: digits.len(),
            suffix: suffix.to_owned(),
        })
    }

    pub(super) fn print(&self) -> String {
        format!(
            "{}{:0width$}{}",
            self.prefix,
            self.digits,
            self.suffix,
            width = self.width
        )
    }

    fn same_base(&self, other: &Self) -> bool {
        (self.digits, &self.suffix) == (other.digits, &other.suffix)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        // From the right; where one prefix ends the other still stands before it.
        let prefix = |number: &Self| {
            let letters: Vec<char> = number.prefix.chars().rev().chain(['~']).collect();
            letters
        };
        (self.digits, &self.suffix)
            .cmp(&(other.digits, &other.suffix))
            .then_with(|| prefix(self).cmp(&prefix(other)))
            .then_with(|| self.width.cmp(&other.width))
    }
}

/// The numbers that are taken, cut scenes and retired shots included.
#[derive(Debug, Default)]
pub(super) struct Taken {
    numbers: BTreeSet<String>,
    highest: u64,
    width: usize,
}

impl Taken {
    /// `width` pads new numbers with zeros: 1 for scenes, 3 for shots.
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, number: &str) {
        if let Some(number) = Number::parse(number) {
            self.highest = self.highest.max(number.digits);
        }
        self.numbers.insert(number.to_owned());
    }

    pub(super) fn has(&self, number: &str) -> bool {
        self.numbers.contains(number)
    }

    pub(super) fn print(&self, digits: u64) -> String {
        format!("{digits:0width$}", width = self.width)
    }

    /// Takes a number for what stands between `before` and `after`: the next whole number at the
    /// end, one with letters elsewhere.
    pub(super) fn between(&mut self, before: Option<&str>, after: Option<&str>) -> String {
        let number = match (before, after) {
            (_, None) => self.print(self.highest.saturating_add(1)),
            (None, Some(after)) => self.first_free(None, Some(after), prefixed(after)),
            (Some(before), Some(after)) => {
                let candidates = following(before, after).into_iter().chain(prefixed(after));
                self.first_free(Some(before), Some(after), candidates)
            }
        };
        self.add(&number);
        number
    }

    fn first_free(
        &self,
        before: Option<&str>,
        after: Option<&str>,
        candidates: impl IntoIterator<Item = String>,
    ) -> String {
        let fits = |candidate: &String| !self.has(candidate) && lies(before, candidate, after);
        candidates.into_iter().find(fits).unwrap_or_else(|| {
            let mut number = format!("{}A", before.or(after).unwrap_or("1"));
            while self.has(&number) {
                number.push('A');
            }
            number
        })
    }
}

/// Whether `number` lies between the two in the order of numbers. Where a scene was moved, its
/// neighbours have no such order, and any place will do.
fn lies(before: Option<&str>, number: &str, after: Option<&str>) -> bool {
    let before = before.and_then(Number::parse);
    let after = after.and_then(Number::parse);
    let Some(number) = Number::parse(number) else {
        return true;
    };
    match (before, after) {
        (Some(before), Some(after)) if before < after => before < number && number < after,
        (None, Some(after)) => number < after,
        _ => true,
    }
}

/// What may follow `before`: `B12` after `A12` when 12 comes next, `12B` after `12A`, then a
/// letter more.
fn following(before: &str, after: &str) -> Vec<String> {
    let mut candidates = Vec::new();
    let numbers = (Number::parse(before), Number::parse(after));
    let base = match &numbers.0 {
        Some(number) => Number {
            prefix: String::new(),
            ..number.clone()
        }
        .print(),
        None => before.to_owned(),
    };
    if let (Some(before), Some(after)) = &numbers
        && before.same_base(after)
        && let Some(letter) = before.prefix.chars().next().and_then(next_letter)
    {
        let prefix = format!("{letter}{}", &before.prefix[1..]);
        candidates.push(
            Number {
                prefix,
                ..before.clone()
            }
            .print(),
        );
    }
    if let Some(letter) = base.chars().next_back().and_then(next_letter) {
        candidates.push(format!("{}{letter}", &base[..base.len() - 1]));
    }
    candidates.push(format!("{base}A"));
    candidates
}

fn prefixed(after: &str) -> Vec<String> {
    LETTERS
        .chars()
        .map(|letter| format!("{letter}{after}"))
        .collect()
}

fn next_letter(letter: char) -> Option<char> {
    let at = LETTERS.find(letter)?;
    LETTERS[at + 1..].chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(before: &str, after: &str, taken: &[&str]) -> String {
        let mut all = Taken::new(1);
        for number in [before, after].into_iter().chain(taken.iter().copied()) {
            all.add(number);
        }
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        all.between(some(before).as_deref(), some(after).as_deref())
    }

    #[test]
    fn inserted_numbers_follow_the_practice_of_productions() {
        let cases = [
            ("12", "13", "12A"),
            ("12A", "13", "12B"),
            ("12H", "13", "12J"),
            ("12N", "13", "12P"),
            ("12Z", "13", "12ZA"),
            ("12", "12A", "A12A"),
            ("A12A", "12A", "B12A"),
            ("12", "A12A", "AA12A"),
            ("12A", "12B", "12AA"),
            ("A12", "12", "B12"),
            ("A12", "B12", "AB12"),
            ("12A", "A13", "12B"),
            ("12a", "13", "12aA"),
            ("I-1-A", "I-1-C", "I-1-B"),
            ("12", "5", "12A"),
        ];
        for (before, after, expected) in cases {
            assert_eq!(
                between(before, after, &[]),
                expected,
                "between {before} and {after}"
            );
        }
    }

    #[test]
    fn the_ends_and_taken_numbers() {
        assert_eq!(between("", "1", &[]), "A1");
        assert_eq!(between("", "A1", &["1"]), "AA1");
        let mut taken = Taken::new(1);
        taken.add("7");
        assert_eq!(taken.between(Some("3"), None), "8");
        assert_eq!(between("12", "13", &["12A"]), "A13");
        assert_eq!(between("12A", "13", &["12B"]), "12AA");
    }

    #[test]
    fn any_two_neighbours_have_room_between_them() {
        let mut taken = Taken::new(1);
        let mut row = vec!["1".to_owned(), "2".to_owned()];
        row.iter().for_each(|number| taken.add(number));
        let mut seed = 7_usize;
        for _ in 0..400 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040);
            let at = (seed >> 33) % (row.len() - 1);
            let number = taken.between(Some(&row[at]), Some(&row[at + 1]));
            row.insert(at + 1, number);
        }
        let parsed: Vec<Number> = row.iter().filter_map(|text| Number::parse(text)).collect();
        assert_eq!(parsed.len(), row.len());
        assert!(parsed.windows(2).all(|pair| pair[0] < pair[1]), "{row:?}");
    }
}
