use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, json};

/// Keep stale outputs on purpose, for exactly these inputs
///
/// Records who decided, why, and for which inputs. Any further change of them makes the output
/// stale again.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut accept clips/012_003.mov --why \"the old reading is better\"
  aiut accept 12-3 --why \"it cuts better\"
  aiut accept clips --why \"colour will be fixed in the grade\"")]
pub(crate) struct AcceptArgs {
    /// Stale outputs: paths, folders, shots (12-3), `scene 12`, stages, `frames 12-3`
    #[arg(required = true)]
    what: Vec<String>,
    /// Why they are kept
    #[arg(
        short,
        long,
        allow_hyphen_values = true,
        value_name = "TEXT",
        value_parser = clap::builder::NonEmptyStringValueParser::new(),
    )]
    why: String,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for AcceptArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let mut session = context.film()?;
        let targets = context.targets(session.root(), &self.what)?;
        let author = context.author(session.root())?;
        let accepted = session.accept(&targets, &self.why, &author)?;
        if self.json.json {
            json(&mut context.out, &accepted)?;
            return Ok(Outcome::Done);
        }
        let id = context.out.palette.id;
        context.say(format_args!(
            "Accepted {}: {id}{}{id:#}",
            count(accepted.paths.len(), "output", "outputs"),
            accepted.commit.short()
        ))?;
        Ok(Outcome::Done)
    }
}
