use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};

/// Show the stages of the pipeline
///
/// Each after those whose outputs it reads, with what this project's aiut.toml changes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut stages
  aiut stages --json")]
pub(crate) struct StagesArgs {
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for StagesArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let stages = session.stages();
        if self.json.json {
            json(&mut context.out, &stages)?;
            return Ok(Outcome::Done);
        }
        let title = context.out.palette.title;
        writeln!(
            context.out,
            "{title}{:<12} {:<10} {:<16} writes{title:#}",
            "stage", "for each", "made by"
        )?;
        for stage in stages {
            let keep = if stage.keep {
                "  (drafted once, then yours)"
            } else {
                ""
            };
            writeln!(
                context.out,
                "{:<12} {:<10} {:<16} {}{keep}",
                shown(&stage.name),
                stage.each_name(),
                shown(&stage.by),
                shown(&stage.writes)
            )?;
        }
        Ok(Outcome::Done)
    }
}
