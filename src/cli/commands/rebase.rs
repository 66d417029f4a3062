use std::sync::Arc;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::render;
use crate::workflow::repository;

/// Put the commits of the current timeline onto another one
///
/// What only this timeline has is done again on top of the other, commit by commit, each with its
/// author and message; a merge becomes one commit that brings what it brought. Files are joined as
/// `aiut merge` joins them. It never stops half way: what collides is kept with its commit and its
/// file and named (exit code 3); `aiut resolve` settles it, now or later. All of it is one
/// operation: `aiut undo` takes it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut rebase --plan main      # the commits, what collides: nothing is done
  aiut rebase main
  aiut switch noir && aiut rebase main && aiut switch main && aiut merge noir")]
pub(crate) struct RebaseArgs {
    /// The timeline or commit to go on from
    #[arg(value_name = "TIMELINE")]
    revision: String,
    /// Tell what would happen, and do nothing
    #[arg(long)]
    plan: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for RebaseArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = Arc::new(context.project()?);
        let own = context.own_files(&project)?;
        let caller = context.caller();
        let outcome = repository::rebase(&project, &caller, &self.revision, self.plan, &own)?;
        render::transplant::rebased(context, &outcome, self.plan, self.json.json)
    }
}
