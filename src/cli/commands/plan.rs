use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
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
  aiut plan frames")]
pub(crate) struct PlanArgs {
    /// A stage, `scene 12`, or a path; nothing for the whole film
    what: Vec<String>,
    /// Make again what only the generator's version made old
    #[arg(long)]
    outdated: bool,
    #[command(flatten)]
    json: JsonArgs,
}

/// Most outputs listed by name.
const LISTED: usize = 40;

impl Run for PlanArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let report = session.plan_report(&self.what, self.outdated)?;
        if self.json.json {
            json(&mut context.out, &report)?;
            return Ok(Outcome::Done);
        }
        if !report.needs_work() {
            context.say("Nothing to do: everything is up to date.")?;
            return Ok(Outcome::Done);
        }
        context.page();
        film::report(&mut context.out, &report)?;
        writeln!(context.out)?;
        for item in report.items.iter().take(LISTED) {
            let edited = if item.edited { " (edited by hand)" } else { "" };
            writeln!(
                context.out,
                "{:<8} {}{edited}",
                item.action,
                shown(item.path.as_str())
            )?;
        }
        if let Some(more) = report
            .items
            .len()
            .checked_sub(LISTED)
            .filter(|more| *more > 0)
        {
            writeln!(
                context.out,
                "… and {more} more (`aiut plan --json` lists them all)"
            )?;
        }
        writeln!(context.out, "\nIn all: {}", film::effort(&report))?;
        Ok(Outcome::Done)
    }
}
