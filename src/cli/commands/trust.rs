use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render;

/// Show which commands a project would run, and agree to them
///
/// A project whose aiut.toml says `by = "command"` runs nothing until you agree to exactly what is
/// shown: every command with its arguments, every file that it executes, its limits. Any change of
/// these asks again. What you agree to is noted in your own configuration, for this folder only.
/// Without a terminal the answer is no.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut trust            show, and ask
  aiut trust --show     only show
  aiut trust --yes      agree without being asked, for scripts
  aiut trust --revoke   take it back")]
pub(crate) struct TrustArgs {
    /// Only show what would run
    #[arg(long, conflicts_with_all = ["yes", "revoke"])]
    show: bool,
    /// Agree without being asked
    #[arg(short, long, conflicts_with = "revoke")]
    yes: bool,
    /// Forget all that was agreed to for this project
    #[arg(long)]
    revoke: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for TrustArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        if self.revoke {
            let was_there = session.revoke_trust()?;
            if self.json.json {
                let mut report = session.trust_report();
                report.trusted = report.commands.is_empty();
                report.revoked = Some(was_there);
                json(&mut context.out, &report)?;
                return Ok(Outcome::Done);
            }
            context.say(if was_there {
                "Forgotten: commands of this project run no more."
            } else {
                "There was nothing to take back."
            })?;
            return Ok(Outcome::Done);
        }
        let mut report = session.trust_report();
        let nothing = report.commands.is_empty();
        if self.json.json {
            if self.yes && !nothing {
                session.trust()?;
                report.trusted = true;
            }
            json(&mut context.out, &report)?;
            return Ok(Outcome::Done);
        }
        render::trust::report(&mut context.out, &report)?;
        if self.show || report.trusted {
            return Ok(Outcome::Done);
        }
        context.out.flush()?;
        if !self.yes && !context.ask("Let this project run these commands?")? {
            return Err(CliError::new("not trusted: none of this runs")
                .hint("aiut trust --yes   agrees without being asked"));
        }
        session.trust()?;
        context.say("Trusted. Any change of these asks again.")?;
        Ok(Outcome::Done)
    }
}
