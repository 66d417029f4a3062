//! The number of a scene.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::order::Place;
use super::stem::{number_of, stem_of};

/// The longest number that is read; those that are made or that scripts carry are shorter.
const LONGEST: usize = 64;

/// A scene's production number as the script writes it: `12A`. Ordered as productions do: A12, 12,
/// A12A, 12A.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SceneNumber(String);

/// A text that is no scene number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a scene number")]
pub struct NotASceneNumber(pub String);

impl SceneNumber {
    /// The number of the scene at this place of a script that has no numbers: 0 is scene 1.
    #[must_use]
    pub fn at(place: usize) -> Self {
        Self((place as u64 + 1).to_string())
    }

    /// The scene whose files have this name: `12A` for `012A`.
    #[must_use]
    pub fn of_stem(stem: &str) -> Option<Self> {
        number_of(stem).map(Self)
    }

    /// The name of its files, without folder and extension: `012A`.
    #[must_use]
    pub fn stem(&self) -> String {
        stem_of(&self.0)
    }

    /// As the script writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The scene whose files have this name as people read it; the name itself where it is no scene's.
#[must_use]
pub fn scene_name(stem: &str) -> String {
    number_of(stem).unwrap_or_else(|| stem.to_owned())
}

impl FromStr for SceneNumber {
    type Err = NotASceneNumber;

    fn from_str(text: &str) -> Result<Self, NotASceneNumber> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for SceneNumber {
    type Error = NotASceneNumber;

    fn try_from(text: String) -> Result<Self, NotASceneNumber> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ')' | '-');
        match (1..=LONGEST).contains(&text.len()) && text.chars().all(fits) {
            true => Ok(Self(text)),
            false => Err(NotASceneNumber(text)),
        }
    }
}

impl From<SceneNumber> for String {
    fn from(number: SceneNumber) -> Self {
        number.0
    }
}

impl fmt::Display for SceneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl PartialOrd for SceneNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SceneNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        Place::of(&self.0).cmp(&Place::of(&other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_the_order_of_productions() {
        let row = [
            "A11", "11", "A12", "12", "A12A", "12A", "12B", "100", "I-1-A",
        ];
        let mut numbers = row.map(|text| text.parse::<SceneNumber>().unwrap());
        numbers.reverse();
        numbers.sort();
        assert_eq!(numbers.map(String::from), row);
    }

    #[test]
    fn a_number_is_read_as_it_is_written() {
        for text in ["1", "1a", "12.", "110)", "I-1-A"] {
            let number: SceneNumber = text.parse().unwrap();
            assert_eq!((number.to_string().as_str(), number.as_str()), (text, text));
            assert_eq!(SceneNumber::of_stem(&number.stem()), Some(number.clone()));
            let json = serde_json::to_string(&number).unwrap();
            assert_eq!(json, format!("{text:?}"));
            assert_eq!(serde_json::from_str::<SceneNumber>(&json).unwrap(), number);
        }
        for text in ["", "1 2", "1_2", "../x", "é", &"1".repeat(65)] {
            assert!(text.parse::<SceneNumber>().is_err(), "{text}");
        }
        assert_eq!(
            (scene_name("001+61"), scene_name("rae")),
            ("1a".into(), "rae".into())
        );
    }
}
