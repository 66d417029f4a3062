use clap::Args;

/// Print a file as it was in a commit
///
/// Writes the bytes as they are stored, whatever they are.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut cat HEAD~1:script.fountain
  aiut cat v1:film.mp4 > old.mp4")]
pub(crate) struct CatArgs {
    /// The file; `:PATH` for the last commit's
    #[arg(value_name = "REV:PATH")]
    file: String,
}
