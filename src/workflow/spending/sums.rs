//! What was spent, summed up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ledger::{Outcome, Source};
use crate::object::Timestamp;

/// What spending is summed up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The stage.
    #[default]
    Stage,
    /// The scene, as a file stem.
    Scene,
    /// The timeline that the project stood on.
    Timeline,
    /// The day, on the clock of whoever spent.
    Day,
    /// Who started the run.
    Person,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The stage.
    pub stage: String,
    /// The scene, as a file stem; empty for the whole film.
    pub scene: String,
    /// The timeline; empty where it is not recorded.
    pub timeline: String,
    /// When.
    pub time: Timestamp,
    /// Who; empty where it is not recorded.
    pub person: String,
    /// In millionths of a US dollar.
    pub micro_usd: u64,
    /// How that is known.
    pub source: Source,
    /// What came of it.
    pub outcome: Outcome,
}

/// What some runs cost together, in millionths of a US dollar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Runs that started.
    pub runs: usize,
    /// Those of them of which nothing came.
    pub failed: usize,
    /// What all cost.
    pub spent_micro_usd: u64,
    /// The part of it that no run reported: it is reckoned by the price table, or of one
    /// that failed by what such runs cost before.
    pub reckoned_micro_usd: u64,
    /// The part of it that is held for runs that have not ended, or whose process died.
    pub open_micro_usd: u64,
}

impl Sum {
    /// Adds a run.
    pub fn add(&mut self, row: &Row) {
        self.runs += 1;
        let add = |sum: &mut u64| *sum = sum.saturating_add(row.micro_usd);
        add(&mut self.spent_micro_usd);
        match (row.outcome, row.source) {
            (Outcome::Open, _) => add(&mut self.open_micro_usd),
            (_, Source::Price) => add(&mut self.reckoned_micro_usd),
            _ => {}
        }
        self.failed += usize::from(row.outcome == Outcome::Failed);
    }
}

impl Row {
    fn name(&self, by: By) -> String {
        let recorded = |name: &str| match name {
            "" => "not recorded".to_owned(),
            name => name.to_owned(),
        };
        match by {
            By::Stage => self.stage.clone(),
            By::Scene if self.scene.is_empty() => "whole film".to_owned(),
            By::Scene => crate::film::ids::scene_name(&self.scene),
            By::Timeline => recorded(&self.timeline),
            By::Day => date(self.time),
            By::Person => recorded(&self.person),
        }
    }
}

/// Sums by name, in the order of the names; scenes in the order of their numbers.
#[must_use]
pub fn sum(rows: &[Row], by: By) -> Vec<(String, Sum)> {
    let mut sums: BTreeMap<(&str, String), Sum> = BTreeMap::new();
    for row in rows {
        let order = if by == By::Scene {
            row.scene.as_str()
        } else {
            ""
        };
        sums.entry((order, row.name(by))).or_default().add(row);
    }
    let sums = sums.into_iter();
    sums.map(|((_, name), sum)| (name, sum)).collect()
}

/// `2026-11-28`
fn date(time: Timestamp) -> String {
    let midnight = time.day().saturating_mul(86_400);
    let midnight = jiff::Timestamp::from_second(midnight).unwrap_or_default();
    midnight
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
        .to_string()
}

/// `$1.35`; as many digits as it takes.
#[must_use]
pub fn dollars(micro_usd: u64) -> String {
    let (whole, part) = (micro_usd / 1_000_000, micro_usd % 1_000_000);
    let digits = format!("{part:06}");
    let digits = match digits.trim_end_matches('0').len() {
        0..=2 => &digits[..2],
        kept => &digits[..kept],
    };
    format!("${whole}.{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(stage: &str, scene: &str, micro_usd: u64, outcome: Outcome, source: Source) -> Row {
        Row {
            stage: stage.into(),
            scene: scene.into(),
            timeline: String::new(),
            time: Timestamp {
                unix_seconds: 1_767_225_600 - 60,
                utc_offset_minutes: 60,
            },
            person: "Rae".into(),
            micro_usd,
            source,
            outcome,
        }
    }

    #[test]
    fn what_was_reported_reckoned_and_held_is_told_apart() {
        let rows = [
            row("clips", "012", 500, Outcome::Made, Source::Reported),
            row("clips", "002", 700, Outcome::Failed, Source::Price),
            row("frames", "002", 900, Outcome::Open, Source::Price),
        ];
        let by_stage = sum(&rows, By::Stage);
        assert_eq!(by_stage[0].0, "clips");
        let expected = Sum {
            runs: 2,
            failed: 1,
            spent_micro_usd: 1_200,
            reckoned_micro_usd: 700,
            open_micro_usd: 0,
        };
        assert_eq!(by_stage[0].1, expected);
        assert_eq!(by_stage[1].1.open_micro_usd, 900);
        let scenes: Vec<_> = sum(&rows, By::Scene).into_iter().map(|s| s.0).collect();
        assert_eq!(scenes, ["2", "12"]);
        // One minute to midnight in London, an hour further east.
        assert_eq!(sum(&rows, By::Day)[0].0, "2026-01-01");
        assert_eq!(sum(&rows, By::Timeline)[0].0, "not recorded");
    }

    #[test]
    fn amounts_have_as_many_digits_as_they_need() {
        assert_eq!(dollars(0), "$0.00");
        assert_eq!(dollars(1_350_000), "$1.35");
        assert_eq!(dollars(1_234), "$0.001234");
        assert_eq!(dollars(12_500_000), "$12.50");
    }
}
