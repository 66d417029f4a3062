use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::operands::Takes;
use crate::cli::render;
use crate::workflow::origin::list;

/// List the files of a commit
///
/// Each with its id, which is what `b3sum FILE` prints, its size, and the stage that made it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut ls
  aiut ls HEAD~2 frames
  aiut ls main -- shots")]
pub(crate) struct LsArgs {
    /// A revision, then files or folders
    #[arg(value_name = "REV|PATH")]
    words: Vec<String>,
    /// Files and folders that could be mistaken for revisions
    #[arg(last = true, value_name = "PATH")]
    paths: Option<Vec<PathBuf>>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for LsArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let operands = context.operands(&project, &self.words, self.paths.as_deref(), Takes::One)?;
        let revision = operands.revision();
        let files = list(&project, revision, &operands.scope, context.clock.now())?;
        if self.json.json {
            json(&mut context.out, &files)?;
            return Ok(Outcome::Done);
        }
        context.page();
        render::listing::files(&mut context.out, &files)?;
        Ok(Outcome::Done)
    }
}
