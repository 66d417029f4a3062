use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};

/// Explain what the shot engine decided
///
/// Says which rule of which pass made a shot what it is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut explain 12-3
  aiut explain shot 012_003")]
pub(crate) struct ExplainArgs {
    /// The shot: 12-3, or 012_003 as its files are called
    #[arg(required = true, value_name = "SHOT")]
    shot: Vec<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for ExplainArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let targets = context.targets(session.root(), &self.shot)?;
        let explained = session.explain(&targets)?;
        if self.json.json {
            json(&mut context.out, &explained)?;
            return Ok(Outcome::Done);
        }
        let (title, faint) = (context.out.palette.title, context.out.palette.faint);
        writeln!(
            context.out,
            "{title}{}{title:#}  {}",
            shown(&explained.shot),
            shown(&explained.content)
        )?;
        if explained.locked {
            writeln!(context.out, "  locked: every field stays as it stands in the shot list")?;
        }
        if explained.lines_gone {
            writeln!(context.out, "  the lines that it was made from are gone from the script")?;
        } else if explained.reasons.is_empty() {
            writeln!(context.out, "  added by hand: the engine does not make it")?;
        }
        for reason in &explained.reasons {
            writeln!(
                context.out,
                "  {:<12} {:<22} {faint}{}{faint:#}",
                shown(&reason.pass),
                shown(&reason.rule),
                shown(&reason.why)
            )?;
        }
        Ok(Outcome::Done)
    }
}
