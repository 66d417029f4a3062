use std::sync::Arc;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::render;
use crate::workflow::repository;

/// Apply what commits changed to the current timeline
///
/// Each becomes a new commit with its author and message; together they are one operation.
/// Generated files come with their origin. Where a file was changed differently here, both versions
/// are kept with it and every such file is named (exit code 3); `aiut resolve` settles them.
/// `aiut undo` takes it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut cherry-pick happy-ending
  aiut cherry-pick happy-ending~2 happy-ending~1
  aiut cherry-pick -m 1 main           # what the merge brought into its first parent")]
pub(crate) struct CherryPickArgs {
    /// The commits, in the order in which they are applied
    #[arg(value_name = "REV", required = true)]
    revisions: Vec<String>,
    /// For a merge: the number of the parent that its change is compared with, from 1
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    mainline: Option<u16>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for CherryPickArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = Arc::new(context.project()?);
        let own = context.own_files(&project)?;
        let (caller, mainline) = (context.caller(), self.mainline.map(usize::from));
        let outcome = repository::cherry_pick(&project, &caller, &self.revisions, mainline, &own)?;
        render::transplant::told(context, &outcome, "Nothing to apply", self.json.json)
    }
}
