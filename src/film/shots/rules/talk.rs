//! The rules of speech.

use serde::Deserialize;

use super::Phrase;

/// V1 and V2: what goes on in shots of speech.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Talk {
    pub listen_from: usize,
    pub goes_on: usize,
    pub passes: usize,
    pub lasting: Vec<String>,
    pub moving: Vec<String>,
    pub ways: Vec<String>,
    pub passing: Vec<String>,
    pub seen: Vec<String>,
    #[serde(rename = "where")]
    pub places: Vec<String>,
    pub next: Vec<String>,
    pub tone: Vec<Tone>,
    pub end: Vec<LineEnd>,
}

/// How a line sounds by its first words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Tone {
    pub says: String,
    #[serde(default)]
    pub marked: bool,
    pub begins: Vec<Phrase>,
}

/// How a line sounds by its end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct LineEnd {
    pub says: String,
    pub marks: Vec<String>,
}
