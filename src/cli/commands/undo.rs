use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::render;
use crate::workflow::repository;

/// Take back the last operation
///
/// Refs and files are put back as they were before it: a commit, a switch, a restore, a deleted
/// timeline. Again, and the one before is taken back. `aiut redo` goes the other way.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut undo
  aiut op log")]
pub(crate) struct UndoArgs {}

impl Run for UndoArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let outcome = repository::undo(&project, &context.caller())?;
        context.say(render::operation::outcome("Undid", &outcome))?;
        Ok(Outcome::Done)
    }
}
