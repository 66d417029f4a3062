//! Why a run may not spend: a budget, or that nobody agreed to it.

use std::fmt;

use super::costs::Expense;
use super::ledger::LedgerError;
use super::sums::dollars;

/// What the user agreed that an item may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreed {
    /// Whatever it takes, or what nobody knew.
    Whatever,
    /// What was told, in millionths of a US dollar.
    UpTo(u64),
    /// Nothing: it was not in the plan.
    Nothing,
}

impl Agreed {
    /// Whether a run may start that is expected to cost this; none where nobody knows.
    pub(super) fn allows(self, expected: Option<u64>) -> bool {
        match self {
            Self::Whatever => true,
            Self::UpTo(told) => expected.is_some_and(|expected| expected <= told),
            Self::Nothing => expected == Some(0),
        }
    }
}

/// A budget that does not allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct Refused {
    /// `run`, `day` or `project`.
    pub budget: &'static str,
    /// All in millionths of a US dollar: what may be spent,
    pub limit: u64,
    /// what is spent or held,
    pub spent: u64,
    /// and what is to be spent now.
    pub expense: Expense,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            budget,
            limit,
            spent,
            expense,
        } = self;
        write!(f, "budget.{budget} is {}", dollars(*limit))?;
        match spent {
            0 => write!(f, ", and ")?,
            spent => write!(f, "; {} of it is spent or held, and ", dollars(*spent))?,
        }
        match expense.price_micro_usd {
            0 => write!(f, "nobody knows what this costs"),
            _ => write!(f, "this {}", expense.told().join(" and ")),
        }
    }
}

/// More than the user agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct NotAgreed {
    /// What was.
    pub agreed: Agreed,
    /// What it is expected to cost by now, in millionths of a US dollar; none where nobody knows.
    pub expected: Option<u64>,
}

impl fmt::Display for NotAgreed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.agreed, self.expected) {
            (Agreed::UpTo(told), Some(expected)) => write!(
                f,
                "it turned up during the run that this may cost {} and not {}",
                dollars(expected),
                dollars(told)
            )?,
            (Agreed::UpTo(told), None) => write!(
                f,
                "it turned up during the run that nobody knows whether this costs {}",
                dollars(told)
            )?,
            _ => write!(f, "it turned up during the run and may cost something")?,
        }
        write!(f, ": `aiut plan` shows it now")
    }
}

/// Why nothing may be spent.
#[derive(Debug, thiserror::Error)]
pub enum SpendError {
    /// The user did not agree to it.
    #[error(transparent)]
    NotAgreed(#[from] NotAgreed),
    /// A budget does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// What was spent is not known, or cannot be written down.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl SpendError {
    /// What to type about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Refused(refused) if refused.expense.unknown_cost_runs > 0 => Some(
                "a price for its stage, 0 if it is free, says what it costs:  \
                 price = { per = \"item\", usd = 0.05 }"
                    .to_owned(),
            ),
            Self::Refused(refused) => Some(format!(
                "aiut config budget.{} AMOUNT   allows more; `aiut cost` shows what was spent",
                refused.budget
            )),
            Self::Ledger(error) => error.hint(),
            Self::NotAgreed(_) => None,
        }
    }
}
