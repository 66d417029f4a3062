//! What the film cost so far, and what it may cost.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::FilmError;
use super::answers::Question;
use super::generate::cores;
use super::plan::Planned;
use super::session::Session;
use crate::film::ids::scene_of_item;
use crate::generate::Selection;
use crate::object::{Commit, Generation, GenerationId, Head};
use crate::pipeline::Records;
use crate::workflow::spending::{
    Account, Books, By, Charge, Costs, Expense, LedgerError, Outcome, Pages, Refused, Row, Source,
    SpendError, Sum, Unheld, sum,
};

/// What was spent, and what bringing the film up to date would cost.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CostReport {
    /// What the rows are.
    pub by: By,
    /// A row for each of them; by stage, those too that cost nothing yet.
    pub rows: Vec<CostRow>,
    /// All runs together.
    pub total: Sum,
    /// What bringing all up to date may cost, in millionths of a US dollar, as far as that is known.
    pub estimate_micro_usd: u64,
    /// How many runs more that takes of which nobody knows what they cost.
    pub unknown_cost_runs: usize,
    /// What may be spent, and how much of it is.
    pub budgets: Vec<BudgetRow>,
}

/// A row of the report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CostRow {
    /// `clips`, `12A`, `main`, `2026-11-28`.
    pub name: String,
    /// What its runs cost.
    #[serde(flatten)]
    pub sum: Sum,
    /// By stage: what bringing it up to date may cost, in millionths of a US dollar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate_micro_usd: Option<u64>,
    /// By stage: the runs that this takes at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_runs: Option<usize>,
    /// By stage: those of them of which nobody knows what they cost; the estimate is without them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_cost_runs: Option<usize>,
}

/// A budget, in millionths of a US dollar.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BudgetRow {
    /// Of what.
    pub budget: Span,
    /// What may be spent.
    pub limit_micro_usd: u64,
    /// What is spent or held; of a run, nothing before it begins.
    pub spent_micro_usd: u64,
}

/// What a budget is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// One run.
    Run,
    /// One day.
    Day,
    /// The whole project.
    Project,
}

impl Span {
    /// The key of its limit in `[budget]`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Day => "day",
            Self::Project => "project",
        }
    }
}

/// All that is known of what was spent.
struct Spending {
    /// What the ledger says.
    pages: Pages,
    /// The runs that it does not know.
    unheld: Vec<Unheld>,
}

impl Session<'_> {
    /// Every run that ever started: those of the ledger, and those that others stored.
    ///
    /// # Errors
    /// `Spending` when the ledger cannot be read; a record that cannot be.
    fn spending(&self) -> Result<Spending, FilmError> {
        // The store before the ledger: what is stored meanwhile stands in none of them, or in both.
        let stored = self.project.store().ids::<Generation>()?;
        let mut pages = self.ledger().pages().map_err(SpendError::from)?;
        let now = self.world.caller.clock.now();
        let mut unheld = Vec::new();
        for id in stored {
            if pages.is_settled(&id) {
                continue;
            }
            let past = self.records.generation(&id)?;
            unheld.extend(Unheld::of(id, &past.generation, Some(&past.action), now));
        }
        let unheld = pages.unheld(unheld);
        Ok(Spending { pages, unheld })
    }

    /// Names whoever committed runs of which that is not known yet.
    fn name_persons(&self, runs: &mut [Unheld]) -> Result<(), FilmError> {
        let nobody = |run: &&mut Unheld| run.by.is_empty();
        let mut persons = None;
        for run in runs.iter_mut().filter(nobody) {
            if persons.is_none() {
                persons = Some(self.committers()?);
            }
            let persons = persons.get_or_insert_default();
            run.by = persons.get(&run.generation).cloned().unwrap_or_default();
        }
        Ok(())
    }

    /// Who committed each generation.
    fn committers(&self) -> Result<HashMap<GenerationId, String>, FilmError> {
        let store = self.project.store();
        let mut persons = HashMap::new();
        for id in store.ids::<Commit>()? {
            let commit: Commit = store.get(id)?;
            for id in &commit.generations {
                persons.insert(*id, commit.author.name.clone());
            }
        }
        Ok(persons)
    }

    /// What was spent so far, and what bringing the film up to date would cost.
    ///
    /// # Errors
    /// `Spending` when the ledger cannot be read; a record that cannot be.
    pub fn cost(&self, by: By) -> Result<CostReport, FilmError> {
        let question = Question {
            with: format!("{by:?}"),
            of_today: true,
            ..Question::named("cost")
        };
        self.answer(&question, |planned| self.cost_by(planned, by))
    }

    fn cost_by(&self, planned: &Planned, by: By) -> Result<CostReport, FilmError> {
        let Spending { pages, mut unheld } = self.spending()?;
        if by == By::Person {
            self.name_persons(&mut unheld)?;
        }
        let rows = pages.charges().map(of_charge);
        let rows: Vec<Row> = rows.chain(unheld.iter().map(of_unheld)).collect();
        let report = self.report(planned, &Selection::all(), cores());
        let mut total = Sum::default();
        rows.iter().for_each(|row| total.add(row));
        let mut sums: Vec<CostRow> = sum(&rows, by)
            .into_iter()
            .map(|(name, sum)| CostRow {
                name,
                sum,
                estimate_micro_usd: None,
                estimated_runs: None,
                unknown_cost_runs: None,
            })
            .collect();
        if by == By::Stage {
            sums = by_stage(sums, report.stages);
        }
        let spent = self.books("", Spending { pages, unheld }).spent();
        let limits = [
            (Span::Run, self.budget.run, 0),
            (Span::Day, self.budget.day, spent.day),
            (Span::Project, self.budget.project, spent.project),
        ];
        let limits = limits.into_iter().filter_map(|(budget, limit, spent)| {
            Some(BudgetRow {
                budget,
                limit_micro_usd: limit?,
                spent_micro_usd: spent,
            })
        });
        Ok(CostReport {
            by,
            rows: sums,
            total,
            estimate_micro_usd: report.expense.price_micro_usd,
            unknown_cost_runs: report.expense.unknown_cost_runs,
            budgets: limits.collect(),
        })
    }

    /// Whether the budgets have room for this much.
    ///
    /// # Errors
    /// `Spending` when the ledger cannot be read.
    pub fn afford(&self, expense: Expense) -> Result<Option<Refused>, FilmError> {
        if expense.is_free() || self.budget == crate::workflow::settings::Budget::default() {
            return Ok(None);
        }
        let books = self.open_books("")?;
        Ok(books.allow(expense).err())
    }

    /// What the ledger tells of the next run of each stage. What is damaged in it is told by whoever
    /// is to spend.
    pub(super) fn costs(&self) -> Costs {
        let commands = &self.agreement.identities;
        let stages = self.stages().iter().map(|stage| {
            let command = commands.get(&stage.name).map(String::as_str);
            (stage.name.as_str(), command)
        });
        self.ledger().costs(stages).unwrap_or_else(|error| {
            if matches!(error, LedgerError::Io { .. }) {
                self.records.fail(error);
            }
            Costs::default()
        })
    }

    /// The books of a run that `by` starts.
    pub(super) fn open_books(&self, by: &str) -> Result<Books<'_>, FilmError> {
        // What others stored matters to a budget alone.
        let spending = match self.budget.day.or(self.budget.project) {
            Some(_) => self.spending()?,
            None => Spending {
                pages: self.ledger().pages().map_err(SpendError::from)?,
                unheld: Vec::new(),
            },
        };
        Ok(self.books(by, spending))
    }

    fn books(&self, by: &str, spending: Spending) -> Books<'_> {
        let (budget, clock) = (self.budget, self.world.caller.clock);
        let Spending { pages, unheld } = spending;
        let account = self.account(by);
        Books::open(self.ledger(), pages, &unheld, budget, account, clock)
    }

    /// Who spends.
    fn account(&self, by: &str) -> Account {
        let timeline = match self.stands_on() {
            Ok(Head::Timeline(name)) => Some(name),
            _ => None,
        };
        Account {
            by: by.to_owned(),
            timeline,
            commands: self.agreement.identities.clone(),
        }
    }
}

fn of_charge(charge: &Charge) -> Row {
    let run = &charge.run;
    Row {
        scene: scene_of_item(&run.item).unwrap_or_default().to_owned(),
        stage: run.stage.clone(),
        timeline: run.timeline.clone().unwrap_or_default(),
        time: run.time,
        person: run.by.clone(),
        micro_usd: charge.micro_usd,
        source: charge.source,
        outcome: charge.outcome,
    }
}

fn of_unheld(run: &Unheld) -> Row {
    Row {
        scene: scene_of_item(&run.item).unwrap_or_default().to_owned(),
        stage: run.stage.clone(),
        timeline: String::new(),
        time: run.time,
        person: run.by.clone(),
        micro_usd: run.micro_usd,
        source: Source::Reported,
        outcome: Outcome::Made,
    }
}

/// The rows in the order of the stages, with what each may cost; then stages that are no more.
fn by_stage(sums: Vec<CostRow>, stages: Vec<super::StageRow>) -> Vec<CostRow> {
    let mut sums: BTreeMap<String, CostRow> = sums
        .into_iter()
        .map(|row| (row.name.clone(), row))
        .collect();
    let mut rows: Vec<CostRow> = stages
        .into_iter()
        .map(|stage| CostRow {
            sum: sums
                .remove(&stage.stage)
                .map(|row| row.sum)
                .unwrap_or_default(),
            name: stage.stage,
            estimate_micro_usd: Some(stage.expense.price_micro_usd),
            estimated_runs: Some(stage.runs + stage.maybe),
            unknown_cost_runs: Some(stage.expense.unknown_cost_runs),
        })
        .collect();
    rows.extend(sums.into_values());
    rows
}
