use std::io::Write;

use clap::{Args, ValueEnum};

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, json, shown};
use crate::workflow::film::{CostReport, CostRow};
use crate::workflow::spending::{By, dollars};

/// Show what the film cost so far, and what bringing it up to date may cost
///
/// Every run that ever started counts: takes that are not selected, runs that failed, and those
/// that were undone. What a run does not report is reckoned by the price in `[stage.NAME] price`
/// or `[price]` of aiut.toml, without one by what earlier runs of the stage cost, and marked with
/// ~. What is held for a run whose process died counts in full, as nobody knows what was
/// charged. The built-in generators cost nothing. An estimate with ? is without runs of commands
/// that have no price and did not say yet what they cost.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut cost
  aiut cost --by scene
  aiut cost --by person --json
  aiut config stage.frames.price '{ per = \"image\", usd = 0.05 }'
  aiut config budget.day 20")]
pub(crate) struct CostArgs {
    /// What to sum up by
    #[arg(long, value_name = "WHAT", default_value = "stage")]
    by: Rows,
    #[command(flatten)]
    json: JsonArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Rows {
    Stage,
    Scene,
    Timeline,
    Day,
    Person,
}

impl From<Rows> for By {
    fn from(rows: Rows) -> Self {
        match rows {
            Rows::Stage => Self::Stage,
            Rows::Scene => Self::Scene,
            Rows::Timeline => Self::Timeline,
            Rows::Day => Self::Day,
            Rows::Person => Self::Person,
        }
    }
}

impl Run for CostArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let report = session.cost(self.by.into())?;
        if self.json.json {
            json(&mut context.out, &report)?;
            return Ok(Outcome::Done);
        }
        context.page();
        print(context, &report)?;
        Ok(Outcome::Done)
    }
}

fn print(context: &mut Context, report: &CostReport) -> Result<(), CliError> {
    let title = context.out.palette.title;
    let out = &mut context.out;
    let names = report.rows.iter().map(|row| shown(&row.name).to_string().chars().count());
    let width = names.max().unwrap_or(0).max(12);
    let name = match report.by {
        By::Stage => "stage",
        By::Scene => "scene",
        By::Timeline => "timeline",
        By::Day => "day",
        By::Person => "person",
    };
    let head = format!("{name:<width$} {:>6} {:>6} {:>11}", "runs", "failed", "spent");
    let estimates = report.by == By::Stage;
    let more = if estimates { format!(" {:>8} {:>11}", "to run", "estimate") } else { String::new() };
    writeln!(out, "{title}{head}{more}{title:#}")?;
    for row in &report.rows {
        writeln!(out, "{}", line(row, width))?;
    }
    let total = CostRow {
        name: "in all".to_owned(),
        sum: report.total.clone(),
        estimate_micro_usd: estimates.then_some(report.estimate_micro_usd),
        estimated_runs: None,
        unknown_cost_runs: estimates.then_some(report.unknown_cost_runs),
    };
    writeln!(out, "{title}{}{title:#}", line(&total, width))?;
    let total = &report.total;
    if total.reckoned_micro_usd > 0 {
        let part = dollars(total.reckoned_micro_usd);
        writeln!(out, "\n~ {part} of it is reckoned by the price table or by earlier runs: the runs did not say")?;
    }
    if estimates && report.unknown_cost_runs > 0 {
        let runs = count(report.unknown_cost_runs, "run", "runs");
        writeln!(
            out,
            "\n? nobody knows what {runs} may cost: `price` of the stage says it, 0 if it is free"
        )?;
    }
    if total.open_micro_usd > 0 {
        let part = dollars(total.open_micro_usd);
        writeln!(out, "\n{part} of it is held for runs that have not ended, or whose process died")?;
    }
    if !report.budgets.is_empty() {
        writeln!(out)?;
    }
    for budget in &report.budgets {
        let (limit, spent) = (budget.limit_micro_usd, budget.spent_micro_usd);
        let left = match limit.checked_sub(spent) {
            Some(left) => format!("{} left", dollars(left)),
            None => format!("{} over it", dollars(spent - limit)),
        };
        let name = format!("budget.{}", budget.budget.key());
        writeln!(out, "{name:<16} {:>11}  {left}", dollars(limit))?;
    }
    Ok(())
}

fn line(row: &CostRow, width: usize) -> String {
    let sum = &row.sum;
    let mark = if sum.reckoned_micro_usd > 0 { "~" } else { "" };
    let spent = format!("{mark}{}", dollars(sum.spent_micro_usd));
    let name = shown(&row.name).to_string();
    let mut line = format!("{name:<width$} {:>6} {:>6} {spent:>11}", sum.runs, sum.failed);
    if let Some(estimate) = row.estimate_micro_usd {
        let runs = row.estimated_runs.map(|runs| runs.to_string()).unwrap_or_default();
        let estimate = match (estimate, row.unknown_cost_runs.unwrap_or(0)) {
            (known, 0) => dollars(known),
            (0, _) => "?".to_owned(),
            (known, _) => format!("{} + ?", dollars(known)),
        };
        line += &format!(" {runs:>8} {estimate:>11}");
    }
    line
}
