use clap::Args;

use crate::cli::arguments::JsonArgs;

/// Show a commit, or a file as it was
///
/// Of a commit: who, when, why, what it generated and at what cost, and how it differs from the
/// one before. Of a file, REV:PATH: which commit wrote it last, and the run that made it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut show
  aiut show HEAD~2 --stat
  aiut show main:frames/012_003.png")]
pub(crate) struct ShowArgs {
    /// A commit, or a file in one
    #[arg(value_name = "REV|REV:PATH", default_value = "HEAD")]
    revision: String,
    /// One line a file
    #[arg(long)]
    stat: bool,
    #[command(flatten)]
    json: JsonArgs,
}
