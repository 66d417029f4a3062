use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::render;
use crate::workflow::repository;

/// Take back the last undo
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut redo")]
pub(crate) struct RedoArgs {
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for RedoArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let outcome = repository::redo(&project, &context.caller())?;
        match self.json.json {
            true => context.done(&outcome)?,
            false => context.say(render::operation::outcome("Redid", &outcome))?,
        }
        Ok(Outcome::Done)
    }
}
