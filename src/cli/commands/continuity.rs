use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};

/// List what contradicts itself from scene to scene
///
/// By rule and never by guess: a state that appears or vanishes with no cause, time of day that
/// runs backwards within continuous action, a prop used before it enters, a character who speaks
/// but never entered, a reference image older than the words of the bible that it shows.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut continuity
  aiut continuity --check      exit code 3 if there is something, for scripts")]
pub(crate) struct ContinuityArgs {
    /// Exit with 3 if something contradicts itself
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    json: JsonArgs,
}

/// `scene 12`, or `bible`
fn place(scene: &str) -> String {
    match scene {
        "" => "bible".to_owned(),
        scene => format!("scene {}", shown(scene)),
    }
}

impl Run for ContinuityArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let findings = session.continuity()?;
        let found = self.check && !findings.is_empty();
        if self.json.json {
            json(&mut context.out, &findings)?;
        } else if findings.is_empty() {
            context.say("Nothing contradicts itself.")?;
        } else {
            context.page();
            let warning = context.out.palette.warning;
            for finding in &findings {
                writeln!(
                    context.out,
                    "{:<11} {warning}{}{warning:#}: {}",
                    place(&finding.scene),
                    shown(&finding.asset),
                    shown(&finding.message)
                )?;
            }
        }
        Ok(if found { Outcome::Found } else { Outcome::Done })
    }
}
