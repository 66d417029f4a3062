//! The order of production numbers: `12A` follows 12, `A12` precedes it, `A12A` lies between 12 and
//! 12A. Letters nearest the digits weigh most.

use std::cmp::Ordering;

/// A number of the usual form, `[A-Z]*` digits and a rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) prefix: String,
    pub(crate) digits: u64,
    /// The digits are padded with zeros to this width.
    pub(crate) width: usize,
    pub(crate) suffix: String,
}

impl Number {
    /// `None` for a number of another form, such as `I-1-A`, or beyond 32 bits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits_at = text.find(|c: char| !c.is_ascii_uppercase())?;
        let (prefix, rest) = text.split_at(digits_at);
        let suffix_at = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (digits, suffix) = rest.split_at(suffix_at);
        Some(Self {
            prefix: prefix.to_owned(),
            digits: digits.parse::<u32>().ok()?.into(),
            width: digits.len(),
            suffix: suffix.to_owned(),
        })
    }

    pub(crate) fn print(&self) -> String {
        format!(
            "{}{:0width$}{}",
            self.prefix,
            self.digits,
            self.suffix,
            width = self.width
        )
    }

    pub(crate) fn same_base(&self, other: &Self) -> bool {
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

/// Where any number stands among others: those of the usual form first, in their order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Usual(Number),
    Other(String),
}

impl Place {
    pub(crate) fn of(number: &str) -> Self {
        Number::parse(number).map_or_else(|| Self::Other(number.to_owned()), Self::Usual)
    }
}
