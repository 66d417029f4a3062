use clap::Args;

use crate::cli::arguments::JsonArgs;

/// List, make, rename or delete timelines
///
/// A timeline is a named line of commits: a way the story could go. `aiut switch` moves to one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut branch
  aiut branch what-if
  aiut branch what-if main~3
  aiut branch -m what-if rae-stays
  aiut branch -d rae-stays")]
pub(crate) struct BranchArgs {
    /// The new timeline
    name: Option<String>,
    /// Where it begins; the current commit when not given
    start: Option<String>,
    /// Delete a timeline
    #[arg(short, long, value_name = "NAME", conflicts_with_all = ["name", "rename"])]
    delete: Option<String>,
    /// Rename a timeline
    #[arg(short = 'm', long = "move", value_names = ["OLD", "NEW"], num_args = 2, conflicts_with = "name")]
    rename: Option<Vec<String>>,
    #[command(flatten)]
    json: JsonArgs,
}
