use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::render;
use crate::workflow::repository;

/// Take back the last operation, or one of those before
///
/// Refs and files are put back as they were before it: a commit, a switch, a restore, a deleted
/// timeline. Again, and the one before is taken back. `aiut redo` goes the other way.
///
/// Of an operation that is named, what it did is taken back, and what came after it stays. Where that
/// was built upon, as a commit by the next one, nothing is done, and the answer says what would do:
/// `aiut revert` for the change of a commit, `aiut op restore` to go back to a moment with all that
/// came after it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut undo
  aiut op log
  aiut undo 1f2e3d4c5b6a")]
pub(crate) struct UndoArgs {
    /// The beginning of the id of an operation; the last one when not given
    operation: Option<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for UndoArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let outcome = match &self.operation {
            Some(id) => repository::undo_operation(&project, &context.caller(), id)?,
            None => repository::undo(&project, &context.caller())?,
        };
        match self.json.json {
            true => context.done(&outcome)?,
            false => context.say(render::operation::outcome("Undid", &outcome))?,
        }
        Ok(Outcome::Done)
    }
}
