//! How long the clips of a stage can be: `seconds = { shortest = 2, longest = 10 }`.

use serde::de::{Deserializer, Error as _};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

/// The shortest and the longest clip that a stage's generator makes, in milliseconds. It is no parameter of
/// the generator: the shot engine plans by it, so that only shots whose length changes are made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds {
    /// From 100 milliseconds on.
    pub shortest: u32,
    /// Up to 30 minutes.
    pub longest: u32,
}

/// Half an hour: no shot is longer.
const LONGEST: f64 = 1800.0;

impl Seconds {
    /// What a range in seconds is; none if it is empty, or none that a shot can have.
    #[must_use]
    pub fn read(shortest: f64, longest: f64) -> Option<Self> {
        let fits = (0.1..=LONGEST).contains(&shortest) && (1.0..=LONGEST).contains(&longest);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "both are within half an hour"
        )]
        let milliseconds = |seconds: f64| (seconds * 1000.0).round() as u32;
        (fits && shortest <= longest).then(|| Self {
            shortest: milliseconds(shortest),
            longest: milliseconds(longest),
        })
    }

    /// The range that a table of settings holds.
    #[must_use]
    pub fn of(table: &toml::Table) -> Option<Self> {
        let number = |key: &str| match table.get(key)? {
            #[allow(clippy::cast_precision_loss, reason = "what is too large is refused")]
            toml::Value::Integer(whole) => Some(*whole as f64),
            toml::Value::Float(number) => Some(*number),
            _ => None,
        };
        let known = |key: &String| matches!(key.as_str(), "shortest" | "longest");
        let (shortest, longest) = (number("shortest")?, number("longest")?);
        Self::read(shortest, longest).filter(|_| table.keys().all(known))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    shortest: f64,
    longest: f64,
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Written { shortest, longest } = Written::deserialize(from)?;
        Self::read(shortest, longest)
            .ok_or_else(|| D::Error::custom("shortest and longest are no range of lengths"))
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut range = to.serialize_struct("Seconds", 2)?;
        for (key, milliseconds) in [("shortest", self.shortest), ("longest", self.longest)] {
            if milliseconds % 1000 == 0 {
                range.serialize_field(key, &(milliseconds / 1000))?;
            } else {
                range.serialize_field(key, &(f64::from(milliseconds) / 1000.0))?;
            }
        }
        range.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Seconds> {
        Seconds::of(&text.parse().expect("a table"))
    }

    #[test]
    fn a_range_is_read_and_printed_as_it_is_written() {
        let range = of("shortest = 2.5\nlongest = 10").expect("a range");
        assert_eq!((range.shortest, range.longest), (2500, 10_000));
        let printed = serde_json::to_string(&range).expect("plain data");
        assert_eq!(printed, r#"{"shortest":2.5,"longest":10}"#);
    }

    #[test]
    fn what_is_no_range_is_none() {
        for text in [
            "shortest = 8\nlongest = 5",
            "shortest = 0\nlongest = 5",
            "shortest = 2",
            "shortest = 2\nlongest = 5000",
            "shortest = 2\nlongest = 5\nfps = 3",
            "shortest = '2'\nlongest = 5",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
