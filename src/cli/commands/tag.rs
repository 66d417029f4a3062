use clap::Args;

use crate::cli::arguments::JsonArgs;

/// List, make or delete tags
///
/// A tag is a name for one commit: a locked cut, what was sent to the festival.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut tag
  aiut tag festival-cut
  aiut tag festival-cut main~2
  aiut tag -d festival-cut")]
pub(crate) struct TagArgs {
    /// The new tag
    name: Option<String>,
    /// The commit; the current one when not given
    revision: Option<String>,
    /// Delete a tag
    #[arg(short, long, value_name = "NAME", conflicts_with = "name")]
    delete: Option<String>,
    #[command(flatten)]
    json: JsonArgs,
}
