use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::shown;
use crate::workflow::repository;
use crate::workflow::template::{TEMPLATES, title_of};

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

impl Run for InitArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let root = context.absolute(&self.dir);
        let title = self.title.clone().unwrap_or_else(|| title_of(&root));
        let (_, outcome) = repository::init(&root, &context.caller())?;
        context.say(format_args!(
            "Made {} a project",
            shown(&root.to_string_lossy())
        ))?;
        let template = TEMPLATES
            .iter()
            .find(|template| template.name == self.template);
        if let Some(template) = template {
            let laid_out = template.lay_out(&root, &title)?;
            for (word, paths) in [("wrote", laid_out.written), ("kept", laid_out.kept)] {
                for path in paths {
                    context.say(format_args!("  {word} {}", shown(&path)))?;
                }
            }
        }
        context.say(format_args!("On {}", shown(&outcome.head.describe())))?;
        Ok(Outcome::Done)
    }
}
