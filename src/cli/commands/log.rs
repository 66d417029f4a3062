use std::path::PathBuf;

use clap::Args;

use crate::cli::arguments::JsonArgs;

/// Show the commits of a timeline
///
/// The newest first, with what each generated and what that cost.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut log
  aiut log -n 5 --oneline
  aiut log --graph --all
  aiut log what-if script.fountain")]
pub(crate) struct LogArgs {
    /// A revision to start from, then files or folders whose changes count
    #[arg(value_name = "REV|PATH")]
    words: Vec<String>,
    /// Files and folders that could be mistaken for revisions
    #[arg(last = true, value_name = "PATH")]
    paths: Option<Vec<PathBuf>>,
    /// At most so many commits
    #[arg(short = 'n', long, value_name = "COUNT")]
    number: Option<usize>,
    /// One line a commit
    #[arg(long)]
    oneline: bool,
    /// Draw how the commits hang together
    #[arg(long)]
    graph: bool,
    /// All timelines and tags
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    json: JsonArgs,
}
