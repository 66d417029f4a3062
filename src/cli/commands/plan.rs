use std::io::Write;

use clap::Args;

use super::Run;
use super::generate::TargetArgs;
use crate::cli::Outcome;
use crate::cli::arguments::{AllArgs, JsonArgs};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::render::film;

/// Show what `generate` would do, and what it would cost
///
/// Takes the same words as `generate` and changes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut plan
  aiut plan scene 12
  aiut plan frames
  aiut plan --all         every scene and output, however many
  aiut plan frames/012_003.png --new-take")]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    targets: TargetArgs,
    #[command(flatten)]
    all: AllArgs,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for PlanArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let options = self.targets.options(context, session.root())?;
        let report = session.generate_report(&options)?;
        if self.json.json {
            json(&mut context.out, &report)?;
            return Ok(Outcome::Done);
        }
        if !report.needs_work() {
            context.say("Nothing to do: everything is up to date.")?;
            film::remarks(&mut context.out, &report, self.all.rows())?;
            return Ok(Outcome::Done);
        }
        context.page();
        film::plan(&mut context.out, &report, self.all.rows())?;
        film::remarks(&mut context.out, &report, self.all.rows())?;
        if let Some(refused) = session.afford(report.expense)? {
            let warning = context.out.palette.warning;
            let refused = refused.to_string();
            let refused = shown(&refused);
            writeln!(context.out, "{warning}over budget:{warning:#} {refused}")?;
        }
        Ok(Outcome::Done)
    }
}
