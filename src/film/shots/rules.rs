//! The engine's rules as data: `rules.toml` beside this file, with what a project overrides.

mod cut;
mod talk;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::moves::Camera;
use crate::prose;
use crate::rate::FrameRate;
use crate::words::{SceneKind, ShotSize, Trigger};

use cut::Transitions;
pub(super) use talk::Talk;

const BUILTIN: &str = include_str!("rules.toml");

/// A phrase to find in text, ignoring case and possessives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Phrase {
    /// As written.
    pub text: String,
    words: Vec<String>,
}

impl From<String> for Phrase {
    fn from(text: String) -> Self {
        let words = prose::tokens(&text);
        Self { text, words }
    }
}

impl Phrase {
    /// Whether its words stand in `words` (small letters), one after the other.
    pub fn found_in(&self, words: &[String]) -> bool {
        self.position(words).is_some()
    }

    /// Where it begins in `words`.
    pub(super) fn position(&self, words: &[String]) -> Option<usize> {
        let first = self.words.first()?;
        let len = self.words.len();
        (0..(words.len() + 1).saturating_sub(len))
            .find(|&at| words[at] == *first && words[at + 1..at + len] == self.words[1..])
    }

    /// Whether `words` begin with it.
    pub(super) fn begins(&self, words: &[String]) -> bool {
        !self.words.is_empty() && words.starts_with(&self.words)
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }
}

/// Why rules could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// An unknown rule, or a value of the wrong kind.
    #[error("the shot engine's rules: {0}")]
    Malformed(#[from] toml::de::Error),
}

/// All rules.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Rules {
    pub decompose: Decompose,
    pub intensity: Intensity,
    pub size: Size,
    pub camera: Camera,
    pub pacing: Pacing,
    pub transition: Transitions,
    pub talk: Talk,
}

/// V1: how a scene falls into shots.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Decompose {
    pub beat_words: usize,
    pub beat_sentences: usize,
    pub short_words: usize,
    pub speech_words: usize,
    pub lead_in_words: usize,
    pub inserts_apart: usize,
    pub trigger: Vec<TriggerRule>,
}

/// Phrases that make a shot of a trigger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct TriggerRule {
    pub name: Trigger,
    pub phrases: Vec<Phrase>,
}

/// How strongly text moves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Intensity {
    pub base: u32,
    pub exclamation: u32,
    pub capitals: u32,
    pub line: u32,
    pub strong: u32,
    pub strong_words: Vec<String>,
    pub soft: u32,
    pub soft_words: Vec<String>,
    pub positive_words: Vec<String>,
    pub negative_words: Vec<String>,
}

/// V2: sizes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Size {
    pub ladder: Vec<ShotSize>,
    pub max_same: usize,
    pub closer_from: u32,
    pub closest_from: u32,
    pub opening: Opening,
    pub pattern: Vec<ShotSize>,
    pub alone: Vec<ShotSize>,
    pub widest_inside: ShotSize,
    pub trigger: BTreeMap<Trigger, ByCount>,
    pub phrase: Vec<SizePhrase>,
    pub body: Vec<Body>,
    pub abreast: Abreast,
}

/// How an exchange opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Opening {
    pub two: ShotSize,
    pub many: ShotSize,
}

/// A size by how many are in the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct ByCount {
    pub none: ShotSize,
    pub one: ShotSize,
    pub two: ShotSize,
    pub many: ShotSize,
}

/// Phrases that ask for a size.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct SizePhrase {
    pub size: ShotSize,
    pub phrases: Vec<Phrase>,
}

/// Where people do not face each other.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Abreast {
    pub places: Vec<Phrase>,
    pub phrases: Vec<Phrase>,
    pub faces: Vec<Phrase>,
}

/// What people do that needs much of them in the picture.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Body {
    pub closest: ShotSize,
    pub spoken: ShotSize,
    pub verbs: Vec<String>,
    #[serde(default)]
    pub phrases: Vec<Phrase>,
    #[serde(default)]
    pub but: Vec<Phrase>,
}

/// V4: lengths.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Pacing {
    pub words_per_minute: u32,
    pub breath: u32,
    pub pause: u32,
    pub action_base: u32,
    pub action_word: u32,
    pub action_each: u32,
    pub action_most: u32,
    pub action_most_word: u32,
    pub squeeze: u32,
    pub shortest: u32,
    pub longest: u32,
    pub quick: Quick,
    pub steps: Vec<u32>,
    pub verb: Vec<VerbPace>,
    pub limits: BTreeMap<Trigger, Limits>,
    pub hold: BTreeMap<Trigger, u32>,
    pub absorb: Vec<Trigger>,
    pub curve: BTreeMap<SceneKind, Curve>,
}

/// What the script says of shots that are over at once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Quick {
    pub shortest: u32,
    pub words: usize,
    pub phrases: Vec<Phrase>,
}

/// Phrases that make an action longer or shorter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct VerbPace {
    pub factor: u32,
    pub phrases: Vec<Phrase>,
}

/// The shortest and longest a shot may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Limits {
    pub floor: u32,
    pub ceiling: u32,
}

/// Pace over a scene.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Curve {
    pub name: String,
    pub fifths: [u32; 5],
}

impl Rules {
    /// The rules as shipped.
    pub fn builtin() -> Self {
        toml::from_str(BUILTIN).expect("the embedded rules.toml is held by a test")
    }

    /// The shipped rules with those of a project laid over them: tables by key, lists and values
    /// whole.
    ///
    /// # Errors
    /// An unknown rule or a value of the wrong kind, by name.
    pub fn with(overrides: &toml::Table) -> Result<Self, RulesError> {
        if overrides.is_empty() {
            return Ok(Self::builtin());
        }
        let mut table: toml::Table = toml::from_str(BUILTIN)?;
        lay_over(&mut table, overrides);
        Ok(table.try_into()?)
    }

    /// So many words of action one shot holds.
    pub(super) fn beat_words(&self) -> usize {
        let pacing = &self.pacing;
        let fit = pacing.longest.saturating_sub(pacing.action_base) / pacing.action_word.max(1);
        self.decompose.beat_words.min(usize_of(fit)).max(1)
    }

    /// So many spoken words one shot holds.
    pub(super) fn speech_words(&self) -> usize {
        let pacing = &self.pacing;
        let time = u64::from(pacing.longest.saturating_sub(pacing.breath));
        let fit = time * u64::from(pacing.words_per_minute) / 60_000;
        let fit = usize::try_from(fit).unwrap_or(usize::MAX);
        self.decompose.speech_words.min(fit).max(1)
    }

    /// The text of the shipped rules, for `aiut` to print.
    pub fn builtin_text() -> &'static str {
        BUILTIN
    }
}

fn lay_over(table: &mut toml::Table, overrides: &toml::Table) {
    for (key, value) in overrides {
        match (table.get_mut(key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(over)) => lay_over(inner, over),
            _ => drop(table.insert(key.clone(), value.clone())),
        }
    }
}

fn usize_of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Milliseconds as frames, rounded.
pub(super) fn frames(milliseconds: u32, fps: FrameRate) -> u32 {
    fps.frames_in(u64::from(milliseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_overrides_single_values() {
        let over = "[pacing]\nwords_per_minute = 120\n[size.trigger.insert]\none = 'ECU'"
            .parse()
            .unwrap();
        let rules = Rules::with(&over).unwrap();
        assert_eq!(rules.pacing.words_per_minute, 120);
        assert_eq!(rules.size.trigger[&Trigger::Insert].one, ShotSize::Ecu);
        assert_eq!(rules.pacing.breath, Rules::builtin().pacing.breath);
    }

    #[test]
    fn a_word_that_no_shot_list_knows_is_an_error() {
        let over = "[camera]\ndefault = 'floating'".parse().unwrap();
        let message = Rules::with(&over).unwrap_err().to_string();
        assert!(
            message.contains("in `camera.default`")
                && message.contains("\"floating\" is not known")
                && message.contains("rack_focus, track"),
            "{message}"
        );
    }

    #[test]
    fn a_misspelt_rule_is_an_error_that_names_it() {
        let over = "[pacing]\nword_per_minute = 120".parse().unwrap();
        let message = Rules::with(&over).unwrap_err().to_string();
        assert!(message.contains("word_per_minute"), "{message}");
    }
}
