use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown, size};
use crate::workflow::spending::dollars;

/// List the takes of an output
///
/// Every generation of it that is stored, oldest first; `*` marks the selected one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut takes frames/012_003.png
  aiut generate frames/012_003.png --new-take
  aiut pick frames/012_003.png 2")]
pub(crate) struct TakesArgs {
    /// An output of a stage
    path: String,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for TakesArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let path = context.project_path(session.root(), &self.path)?;
        let takes = session.takes(&path)?;
        if self.json.json {
            json(&mut context.out, &takes)?;
            return Ok(Outcome::Done);
        }
        let palette = context.out.palette.clone();
        if takes.is_empty() {
            context.say("No takes yet.")?;
        }
        for take in takes {
            let (id, faint) = (palette.id, palette.faint);
            let mark = if take.selected { '*' } else { ' ' };
            let seed = take
                .seed
                .map(|seed| format!(", seed {seed}"))
                .unwrap_or_default();
            let inputs = if take.current_inputs {
                ""
            } else {
                ", older inputs"
            };
            writeln!(
                context.out,
                "{mark} {:<3} {id}{}{id:#} {:>10}  {}  {faint}{}{seed}{inputs}{faint:#}",
                take.take,
                take.id.short(),
                size(take.size),
                dollars(take.cost_micro_usd),
                shown(&take.generator),
            )?;
        }
        Ok(Outcome::Done)
    }
}
