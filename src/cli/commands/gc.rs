use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render;
use crate::workflow::repository::{DEFAULT_GRACE_DAYS, GcRequest, gc};

/// Let go of what nothing needs any more
///
/// Nothing needs what neither a timeline, a tag nor any operation of the log leads to. It is marked
/// when that is first seen and goes 30 days later, with the next `aiut gc`. Packs that hold enough
/// of it are written anew, small packs are put together, and leftovers of commands that died are
/// removed. Commands that write wait meanwhile.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut gc --dry-run
  aiut gc
  aiut gc --grace 0       at once; run nothing else meanwhile")]
pub(crate) struct GcArgs {
    /// Say what would be done, and do nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// How long something stays after it was first seen unneeded
    #[arg(long, value_name = "DAYS", default_value_t = DEFAULT_GRACE_DAYS)]
    grace: u32,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for GcArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let request = GcRequest {
            grace_days: self.grace,
            dry_run: self.dry_run,
        };
        let report = gc(&project, &context.caller(), request)?;
        if self.json.json {
            json(&mut context.out, &report)?;
        } else {
            let text = render::upkeep::gc(&report);
            context.say(text.trim_end())?;
        }
        Ok(Outcome::Done)
    }
}
