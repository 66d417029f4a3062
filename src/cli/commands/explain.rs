use std::io::Write;

use clap::{Args, Subcommand};

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};

/// Explain what the shot engine decided
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut explain shot 012_003")]
pub(crate) struct ExplainArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say which rule of which pass made a shot what it is
    Shot(ShotArgs),
}

#[derive(Debug, Args)]
struct ShotArgs {
    /// The shot: 012_003
    id: String,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for ExplainArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let What::Shot(shot) = &self.what;
        let session = context.film()?;
        let explained = session.explain(&shot.id)?;
        if shot.json.json {
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
