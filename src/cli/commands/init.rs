use std::path::PathBuf;

use clap::Args;

/// Make a folder a project
///
/// Lays out aiut.toml, .aiutignore and the folders of a film. Files that are there are left as
/// they are, so a folder of existing work can be made a project.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut init
  aiut init the-red-coat
  aiut init --title \"The Red Coat\" film")]
pub(crate) struct InitArgs {
    /// The folder, made if missing
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// What to lay out
    #[arg(long, value_parser = ["film", "none"], default_value = "film")]
    template: String,
    /// Title of the film; the folder's name when not given
    #[arg(long)]
    title: Option<String>,
}
