use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, size};
use crate::workflow::sharing::{self, HydrateRequest};

/// Get contents that are at a remote alone
///
/// A copy made with `aiut clone --no-media` or `--only`, or in which `aiut dehydrate` made room, leaves files out
/// of the folder whose contents a remote has. This gets them, and they stay. What a command reads it gets by
/// itself, without putting it into the folder: `aiut generate film` needs no more than the clips it joins. Given
/// again after an interruption, it goes on.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut hydrate clips/012_003.mov
  aiut hydrate clips voices
  aiut hydrate                    # all files of the current commit
  aiut hydrate --dry-run          # how much that is
  aiut hydrate --all              # every version of every file, and all that is pushed from now on")]
pub(crate) struct HydrateArgs {
    /// Files and folders; all of the current commit when none is given
    paths: Vec<PathBuf>,
    /// Every version of every file, and whatever comes from now on
    #[arg(long, conflicts_with = "paths")]
    all: bool,
    /// Say how much it is, and get nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for HydrateArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let request = HydrateRequest {
            scope: context.scope(&project, &self.paths)?,
            all: self.all,
            dry_run: self.dry_run,
        };
        let outcome = sharing::hydrate(&project, &context.caller(), &request)?;
        if self.json.json {
            context.done(&outcome)?;
            return Ok(Outcome::Done);
        }
        let contents = count(outcome.contents, "content", "contents");
        let bytes = size(outcome.bytes);
        match (outcome.contents, self.dry_run) {
            (0, _) if outcome.files.is_empty() => context.say("Everything is here")?,
            (_, true) => context.say(format_args!("Would get {contents}, {bytes}; nothing was done"))?,
            (_, false) => {
                let files = count(outcome.files.len(), "file", "files");
                context.say(format_args!("Got {contents}, {bytes}: {files} of the current commit"))?;
            }
        }
        Ok(Outcome::Done)
    }
}
