use std::path::PathBuf;

use clap::Args;

use crate::cli::arguments::JsonArgs;

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
