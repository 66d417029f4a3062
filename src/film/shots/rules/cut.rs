//! The rules of how one shot gives way to the next.

use serde::Deserialize;

use super::Phrase;
use crate::words::Transition;

/// V5: transitions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct Transitions {
    pub default: Transition,
    pub dissolve: u32,
    pub fade: u32,
    pub script: Vec<ScriptTransition>,
    pub time_jumps: Vec<Phrase>,
}

/// What a transition in the script means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "rules.toml explains each value where it stands"
)]
pub struct ScriptTransition {
    pub phrase: Phrase,
    pub kind: Transition,
    #[serde(default)]
    pub length: u32,
}
