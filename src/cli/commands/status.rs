use clap::Args;

use crate::cli::arguments::JsonArgs;

/// Show what changed since the last commit
///
/// Also what aiut does not keep: symlinks, names that some systems cannot store, files that
/// cannot be read.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut status
  aiut status --json")]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    json: JsonArgs,
}
