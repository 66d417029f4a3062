use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render;
use crate::pipeline::State;

/// Say why an output is out of date, down to the edit
///
/// Names everything that the output was made from and that changed since, with the old and the
/// new value, along the whole chain.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut why clips/012_003.mov
  aiut why film.mp4 --json")]
pub(crate) struct WhyArgs {
    /// An output of a stage
    path: String,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for WhyArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let path = context.project_path(session.root(), &self.path)?;
        let cause = session.why(path.as_str())?;
        if self.json.json {
            json(&mut context.out, &cause)?;
        } else {
            render::why::cause(&mut context.out, &cause)?;
            if cause.reasons.is_empty() && cause.problem.is_none() {
                context.say(match cause.state {
                    State::Missing => "It has not been made yet.",
                    _ => "Everything that it was made from is as it was.",
                })?;
            }
        }
        Ok(Outcome::Done)
    }
}
