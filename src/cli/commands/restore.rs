use std::path::PathBuf;

use clap::Args;

/// Bring back files as they were
///
/// Overwrites the files and folders named with what a commit holds. What is overwritten is stored
/// first, so that `aiut undo` brings it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut restore script.fountain
  aiut restore --from HEAD~3 bible shots/012.json")]
pub(crate) struct RestoreArgs {
    /// Files and folders; `.` for everything
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The commit to take them from
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    from: String,
}
