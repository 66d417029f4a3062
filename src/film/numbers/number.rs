//! The number for what comes between two, and for what comes last.
//!
//! `12A` follows 12, `A12` precedes it, `A12A` lies between 12 and 12A. Letters nearest the digits
//! weigh most, so there is always room: `AA12` before `A12`, `AB12` between `A12` and `B12`,
//! `12AA` between `12A` and `12B`. I and O are left out, as they look like 1 and 0.

use std::collections::BTreeSet;

use crate::ids::Number;

/// The letters of inserted numbers.
const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
/// New numbers are no longer than those that a script can carry.
const MAX_NUMBER: usize = 24;

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

    /// Takes a number for each open place of a row: the next whole numbers at its end, numbers
    /// with letters elsewhere.
    pub(super) fn fill(&mut self, row: &[Option<&str>]) -> Vec<String> {
        let mut filled: Vec<String> = Vec::with_capacity(row.len());
        while filled.len() < row.len() {
            let rest = &row[filled.len()..];
            if let Some(number) = rest[0] {
                filled.push(number.to_owned());
                continue;
            }
            let count = rest.iter().take_while(|number| number.is_none()).count();
            let after = rest.get(count).copied().flatten();
            let numbers = self.run(filled.last().map(String::as_str), after, count);
            filled.extend(numbers);
        }
        filled
    }

    /// Takes `count` numbers for what stands between `before` and `after`.
    fn run(&mut self, before: Option<&str>, after: Option<&str>, count: usize) -> Vec<String> {
        let mut numbers = match after {
            Some(after) if count > LETTERS.len() => self.long_run(before, after, count),
            _ => Vec::new(),
        };
        numbers.iter().for_each(|number| self.add(number));
        while numbers.len() < count {
            let number = self.between(numbers.last().map(String::as_str).or(before), after);
            self.add(&number);
            numbers.push(number);
        }
        numbers
    }

    /// More numbers than letters: all of them with as many letters as they need, `12AA`, `12AB`,
    /// …; none if there is no room for them.
    fn long_run(&self, before: Option<&str>, after: &str, count: usize) -> Vec<String> {
        let letters = (1..)
            .find(|letters| LETTERS.len().pow(*letters) >= count)
            .unwrap_or(1);
        let code = |at: usize| -> Vec<char> {
            let place = |power: u32| at / LETTERS.len().pow(power) % LETTERS.len();
            (0..letters)
                .rev()
                .filter_map(|power| LETTERS.chars().nth(place(power)))
                .collect()
        };
        let suffixed = before.map(|before| {
            let base = base(before);
            (0..count)
                .map(|at| {
                    code(at)
                        .iter()
                        .fold(base.clone(), |n, c| n + &c.to_string())
                })
                .collect()
        });
        let prefixed = (0..count)
            .map(|at| code(at).iter().rev().collect::<String>() + after)
            .collect();
        let fits = |numbers: &Vec<String>| {
            numbers
                .iter()
                .all(|number| !self.has(number) && lies(before, number, Some(after)))
        };
        suffixed
            .into_iter()
            .chain([prefixed])
            .find(fits)
            .unwrap_or_default()
    }

    fn between(&self, before: Option<&str>, after: Option<&str>) -> String {
        let whole = || self.print(self.highest.saturating_add(1));
        let number = match (before, after) {
            (_, None) => return whole(),
            (None, Some(after)) => self.first_free(None, Some(after), prefixed(after)),
            (Some(before), Some(after)) => {
                let candidates = following(before, after).into_iter().chain(prefixed(after));
                self.first_free(Some(before), Some(after), candidates)
            }
        };
        // Scenes put again and again into the same place would make names without end.
        if number.len() > MAX_NUMBER {
            whole()
        } else {
            number
        }
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
        // Nothing would follow Z12: AZ12 does as well and leaves room.
        let room = if letter == 'Z' { "A" } else { "" };
        let prefix = format!("{room}{letter}{}", &before.prefix[1..]);
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

/// The number without the letters before it.
fn base(number: &str) -> String {
    match Number::parse(number) {
        Some(number) => Number {
            prefix: String::new(),
            ..number
        }
        .print(),
        None => number.to_owned(),
    }
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

    fn taken(numbers: &[&str]) -> Taken {
        let mut taken = Taken::new(1);
        numbers.iter().for_each(|number| taken.add(number));
        taken
    }

    fn between(before: &str, after: &str, others: &[&str]) -> String {
        let all = taken(&[&[before, after], others].concat());
        all.between((!before.is_empty()).then_some(before), Some(after))
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
            ("Y12", "12", "AZ12"),
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
        assert_eq!(between("", "1", &[]), "A1");
        assert_eq!(between("", "A1", &["1"]), "AA1");
        assert_eq!(between("12", "13", &["12A"]), "A13");
        assert_eq!(between("12A", "13", &["12B"]), "12AA");
    }

    #[test]
    fn rows_are_filled() {
        let fill = |row: &[Option<&str>]| {
            let known: Vec<&str> = row.iter().copied().flatten().collect();
            taken(&known).fill(row)
        };
        assert_eq!(fill(&[None, None]), ["1", "2"]);
        assert_eq!(
            fill(&[Some("3"), None, Some("7"), None]),
            ["3", "3A", "7", "8"]
        );
        assert_eq!(fill(&[None, None, Some("1")]), ["A1", "B1", "1"]);
        let long = [&[Some("1")][..], &[None; 700], &[Some("2")]].concat();
        let numbers = fill(&long);
        assert_eq!(
            (numbers[1].as_str(), numbers[24].as_str()),
            ("1AAA", "1AAZ")
        );
        let front = fill(&long[1..]);
        for numbers in [numbers, front] {
            let parsed: Vec<Number> = numbers.iter().filter_map(|n| Number::parse(n)).collect();
            assert!(
                parsed.windows(2).all(|pair| pair[0] < pair[1]),
                "{numbers:?}"
            );
            assert!(
                numbers.iter().all(|number| number.len() <= 5),
                "{numbers:?}"
            );
        }
    }

    #[test]
    fn any_two_neighbours_have_room_between_them() {
        let mut row = vec!["1".to_owned(), "2".to_owned()];
        let mut all = taken(&["1", "2"]);
        let mut seed = 7_usize;
        for _ in 0..400 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040);
            let at = (seed >> 33) % (row.len() - 1);
            let number = all.between(Some(&row[at]), Some(&row[at + 1]));
            all.add(&number);
            row.insert(at + 1, number);
        }
        let parsed: Vec<Number> = row.iter().filter_map(|text| Number::parse(text)).collect();
        assert_eq!(parsed.len(), row.len());
        assert!(parsed.windows(2).all(|pair| pair[0] < pair[1]), "{row:?}");
    }

    #[test]
    fn numbers_stay_short_whatever_is_done() {
        let mut all = taken(&["1", "2"]);
        let mut after = "2".to_owned();
        for _ in 0..100 {
            after = all.between(Some("1"), Some(&after));
            assert!(after.len() <= MAX_NUMBER && !all.has(&after), "{after}");
            all.add(&after);
        }
    }
}
