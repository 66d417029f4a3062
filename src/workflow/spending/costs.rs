//! What runs are expected to cost, and what nobody knows the cost of.

use std::collections::BTreeMap;
use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Serialize};

use super::ledger::{Charge, Outcome, Source};
use super::sums::dollars;
use crate::pipeline::Stage;

/// Runs of a stage that tell what the next one may cost, where no price stands in `aiut.toml`.
const LEARNT_FROM: usize = 20;

/// What some runs are expected to cost together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expense {
    /// What is known of it, in millionths of a US dollar.
    pub price_micro_usd: u64,
    /// How many of the runs nobody knows the cost of; they are not in the price.
    pub unknown_cost_runs: usize,
}

impl Expense {
    /// That of one run; none where nobody knows it.
    #[must_use]
    pub fn of_run(expected: Option<u64>) -> Self {
        Self {
            price_micro_usd: expected.unwrap_or(0),
            unknown_cost_runs: usize::from(expected.is_none()),
        }
    }

    /// Whether it is certain that nothing is spent.
    #[must_use]
    pub fn is_free(&self) -> bool {
        *self == Self::default()
    }

    /// What is said of it behind `this`: `may cost $1.20 and has 3 runs of unknown cost`. Nothing of
    /// what is free.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let mut told = Vec::new();
        if self.price_micro_usd > 0 {
            told.push(format!("may cost {}", dollars(self.price_micro_usd)));
        }
        if self.unknown_cost_runs > 0 {
            told.push(format!("has {}", self.unknown()));
        }
        told
    }

    fn unknown(&self) -> String {
        match self.unknown_cost_runs {
            1 => "1 run of unknown cost".to_owned(),
            runs => format!("{runs} runs of unknown cost"),
        }
    }
}

/// `$1.20`, `$1.20 and 3 runs of unknown cost`, `cost unknown`.
impl fmt::Display for Expense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.price_micro_usd, self.unknown_cost_runs) {
            (price, 0) => f.write_str(&dollars(price)),
            (0, _) => f.write_str("cost unknown"),
            (price, _) => write!(f, "{} and {}", dollars(price), self.unknown()),
        }
    }
}

impl Sum for Expense {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            price_micro_usd: sum.price_micro_usd.saturating_add(one.price_micro_usd),
            unknown_cost_runs: sum.unknown_cost_runs + one.unknown_cost_runs,
        })
    }
}

/// What the ledger tells of the next run of each stage.
#[derive(Debug, Clone, Default)]
pub struct Costs {
    learnt: BTreeMap<String, u64>,
}

impl Costs {
    pub(super) fn new(learnt: BTreeMap<String, u64>) -> Self {
        Self { learnt }
    }

    /// What a run of the stage is expected to cost, in millionths of a US dollar; `price` is what the
    /// price table says. None where nobody knows.
    #[must_use]
    pub fn expected(&self, stage: &Stage, price: Option<u64>) -> Option<u64> {
        expected(stage, price, || self.learnt.get(&stage.name).copied())
    }
}

/// What a run of a stage is expected to cost, in millionths of a US dollar: what the price table
/// says, else what earlier runs tell. None where nobody knows.
pub(super) fn expected(
    stage: &Stage,
    price: Option<u64>,
    learnt: impl FnOnce() -> Option<u64>,
) -> Option<u64> {
    match price {
        Some(price) => Some(price),
        None if stage.may_cost() => learnt(),
        None => Some(0),
    }
}

/// What the runs of a stage, the last one first, tell of the next one: the most that one of the last
/// cost, whatever command it was. That they cost nothing is taken of runs of the same command alone,
/// as another may be one that money is asked for. A run that failed without a word tells nothing.
pub(super) fn learnt<'c>(
    runs: impl Iterator<Item = &'c Charge>,
    command: Option<&str>,
) -> Option<u64> {
    let tells = |charge: &&Charge| match charge.outcome {
        Outcome::Open => false,
        Outcome::Made => true,
        Outcome::Failed => charge.source == Source::Reported,
    };
    let last: Vec<&Charge> = runs.filter(tells).take(LEARNT_FROM).collect();
    let most = last.iter().map(|charge| charge.micro_usd).max()?;
    let same = last
        .iter()
        .any(|charge| charge.run.command.as_deref() == command);
    (most > 0 || same).then_some(most)
}
