use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::shown;
use crate::workflow::repository::{self, InitOutcome};
use crate::workflow::template::{LaidOut, TEMPLATES, title_of};

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
    #[command(flatten)]
    json: JsonArgs,
}

/// What `init --json` prints.
#[derive(Serialize)]
struct NewProject {
    #[serde(flatten)]
    project: InitOutcome,
    #[serde(flatten)]
    laid_out: LaidOut,
}

impl Run for InitArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let root = context.absolute(&self.dir);
        let title = self.title.clone().unwrap_or_else(|| title_of(&root));
        let (_, project) = repository::init(&root, &context.caller(), context.new_project_id()?)?;
        let template = TEMPLATES
            .iter()
            .find(|template| template.name == self.template);
        let laid_out = match template {
            Some(template) => template.lay_out(&root, &title)?,
            None => LaidOut::default(),
        };
        let made = NewProject { project, laid_out };
        if self.json.json {
            context.done(&made)?;
            return Ok(Outcome::Done);
        }
        context.say(format_args!("Made {} a project", shown(&made.project.root)))?;
        let lists = [
            ("wrote", &made.laid_out.written),
            ("kept", &made.laid_out.kept),
        ];
        for (word, paths) in lists {
            for path in paths {
                context.say(format_args!("  {word} {}", shown(path)))?;
            }
        }
        let place = made.project.head.describe();
        context.say(format_args!("On {}", shown(&place)))?;
        Ok(Outcome::Done)
    }
}
