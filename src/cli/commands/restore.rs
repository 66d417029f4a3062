use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, shown};
use crate::workflow::repository;

/// Bring back files as they were
///
/// Overwrites the files and folders named with what a commit holds. A file gives way to a folder of
/// its name and the other way round. What is overwritten or gives way is stored first, so that
/// `aiut undo` brings it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut restore script.fountain
  aiut restore --from HEAD~3 bible shots/012.json")]
pub(crate) struct RestoreArgs {
    /// Files and folders; `.` for everything
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The commit to take them from; the current one when not given
    #[arg(long, value_name = "REV")]
    from: Option<String>,
}

impl Run for RestoreArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let scope = context.scope(&project, &self.paths)?;
        let from = self.from.as_deref();
        let outcome = repository::restore(&project, &context.caller(), &scope, from)?;
        for path in &outcome.restored {
            let edited = if outcome.overwritten.contains(path) {
                " (was edited)"
            } else {
                ""
            };
            context.say(format_args!("  {}{edited}", shown(path.as_str())))?;
        }
        for path in &outcome.gave_way {
            let path = shown(path.as_str());
            context.say(format_args!("  {path} gave way; `aiut undo` brings it back"))?;
        }
        let files = count(outcome.restored.len(), "file", "files");
        context.say(format_args!("Restored {files}"))?;
        Ok(Outcome::Done)
    }
}
