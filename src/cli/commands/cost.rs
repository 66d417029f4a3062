use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render::film::dollars;

/// Show what the film cost so far, and what bringing it up to date would cost
///
/// By stage. Prices stand in `[stage.NAME] price` or `[price]` of aiut.toml; the built-in
/// generators cost nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut cost
  aiut config stage.frames.price '{ per = \"image\", usd = 0.05 }'")]
pub(crate) struct CostArgs {
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for CostArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let lines = session.cost()?;
        if self.json.json {
            json(&mut context.out, &lines)?;
            return Ok(Outcome::Done);
        }
        let title = context.out.palette.title;
        writeln!(
            context.out,
            "{title}{:<12} {:>6} {:>10} {:>8} {:>10}{title:#}",
            "stage", "runs", "spent", "to run", "estimate"
        )?;
        let (mut spent, mut estimate) = (0, 0);
        for line in &lines {
            spent += line.spent_micro_usd;
            estimate += line.estimate_micro_usd;
            writeln!(
                context.out,
                "{:<12} {:>6} {:>10} {:>8} {:>10}",
                line.stage,
                line.runs,
                dollars(line.spent_micro_usd),
                line.estimated_runs,
                dollars(line.estimate_micro_usd)
            )?;
        }
        writeln!(
            context.out,
            "{title}{:<12} {:>6} {:>10} {:>8} {:>10}{title:#}",
            "in all",
            "",
            dollars(spent),
            "",
            dollars(estimate)
        )?;
        Ok(Outcome::Done)
    }
}
