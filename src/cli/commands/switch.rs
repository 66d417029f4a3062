use clap::Args;

/// Move to another timeline
///
/// Changes the folder to what the timeline holds. Files you changed and did not commit are never
/// overwritten: that is refused, or with --discard they are stored first, so that `aiut undo`
/// brings them back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut switch main
  aiut switch -c what-if
  aiut switch -c what-if main~3
  aiut switch --detach v1")]
pub(crate) struct SwitchArgs {
    /// The timeline
    name: String,
    /// Make it first
    #[arg(short, long)]
    create: bool,
    /// Where the new timeline begins; the current commit when not given
    #[arg(requires = "create")]
    start: Option<String>,
    /// Stand on any commit, with no timeline that moves along
    #[arg(long, conflicts_with = "create")]
    detach: bool,
    /// Overwrite uncommitted changes
    #[arg(long)]
    discard: bool,
}
