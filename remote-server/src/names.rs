//! Names of projects, and patterns that tokens are bound to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest name, in bytes.
const MOST_BYTES: usize = 100;

/// Why a text is no name, or no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot name a project: use lower-case letters, digits, `-` and `_`, beginning with a letter or a digit"
)]
pub struct InvalidName(pub String);

fn is_name(text: &str) -> bool {
    let fits = (1..=MOST_BYTES).contains(&text.len());
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    fits && text.bytes().next().is_some_and(letter)
        && text
            .bytes()
            .all(|byte| letter(byte) || matches!(byte, b'-' | b'_'))
}

/// The name of a project: also that of its folder, so it is safe on every system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectName(String);

impl ProjectName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProjectName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match is_name(text) {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidName(text.to_owned())),
        }
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which projects a token is for: a name, the beginning of names (`studio-*`), or all (`*`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

impl Pattern {
    /// Whether it is for this project.
    #[must_use]
    pub fn matches(&self, name: &ProjectName) -> bool {
        match self.0.strip_suffix('*') {
            Some(beginning) => name.0.starts_with(beginning),
            None => self.0 == name.0,
        }
    }
}

impl FromStr for Pattern {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let beginning = text.strip_suffix('*').unwrap_or(text);
        match text == "*" || is_name(beginning) {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidName(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Pattern {
    type Error = InvalidName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_patterns_match_what_they_say() {
        for name in ["night-ferry", "a", "7_samurai"] {
            name.parse::<ProjectName>().unwrap();
        }
        let long = "a".repeat(101);
        for name in [
            "",
            "A",
            "..",
            "a/b",
            "-a",
            "a.b",
            "é",
            "a b",
            "*",
            "con:",
            long.as_str(),
        ] {
            assert!(name.parse::<ProjectName>().is_err(), "{name}");
        }
        let name: ProjectName = "studio-ferry".parse().unwrap();
        for (pattern, matches) in [
            ("*", true),
            ("studio-*", true),
            ("studio-ferry", true),
            ("studio", false),
            ("other-*", false),
            ("studio-ferry2", false),
        ] {
            assert_eq!(
                pattern.parse::<Pattern>().unwrap().matches(&name),
                matches,
                "{pattern}"
            );
        }
        for pattern in ["", "**", "a*b", "*a", "../*"] {
            assert!(pattern.parse::<Pattern>().is_err(), "{pattern}");
        }
    }
}
