use std::path::PathBuf;

use clap::Args;

/// Record the folder as a new version
///
/// Takes everything that changed, or only what lies at the paths named. There is nothing to stage
/// first. Without -m the message is written in your editor.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut commit -m \"Cut the second ferry scene\"
  aiut commit -m \"New panels\" frames shots/012.json")]
pub(crate) struct CommitArgs {
    /// What changed and why; given again, another paragraph
    #[arg(short, long)]
    message: Vec<String>,
    /// Files and folders to take; all when none is named
    paths: Vec<PathBuf>,
}
