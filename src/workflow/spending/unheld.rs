//! Runs that no hold of this copy's ledger stands for: others made them, or they came before it.

use serde::{Deserialize, Serialize};

use super::ledger::Held;
use crate::object::{Action, Generation, GenerationId, Timestamp};

/// Seconds between a hold and the start of its run, at most: the line is on the disk in between.
const MOST_BETWEEN: i64 = 60;

/// A run that is known by what it stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unheld {
    /// What it stored.
    pub generation: GenerationId,
    /// The stage.
    pub stage: String,
    /// The item: `012_003`.
    pub item: String,
    /// The output.
    pub path: String,
    /// Who committed it; empty where that is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// When it began, in milliseconds since 1970.
    pub started_ms: i64,
    /// When it ended.
    pub time: Timestamp,
    /// What it cost, in millionths of a US dollar.
    pub micro_usd: u64,
}

impl Unheld {
    /// The run of a record, on a clock with this offset; `action` if it is still there. None for what
    /// was made in memory, which is no run.
    #[must_use]
    pub fn of(
        id: GenerationId,
        run: &Generation,
        action: Option<&Action>,
        now: Timestamp,
    ) -> Option<Self> {
        run.seed?;
        let path = run.outputs.first().map(|output| output.path.to_string());
        Some(Self {
            generation: id,
            stage: action
                .map(|action| action.stage.clone())
                .unwrap_or_default(),
            item: action.map(|action| action.item.clone()).unwrap_or_default(),
            path: path.unwrap_or_default(),
            by: String::new(),
            started_ms: run.started_ms,
            time: Timestamp {
                unix_seconds: run.finished_ms.div_euclid(1000),
                ..now
            },
            micro_usd: run.cost_micro_usd,
        })
    }

    /// Whether it may be the run that was held here as this.
    pub(super) fn is_of(&self, held: &Held) -> bool {
        let between = self.started_ms.div_euclid(1000) - held.time.unix_seconds;
        (&self.stage, &self.item, &self.path) == (&held.stage, &held.item, &held.path)
            && (0..=MOST_BETWEEN).contains(&between)
    }
}
