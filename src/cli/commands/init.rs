use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{for_shell, shown};
use crate::workflow::repository::{self, InitOutcome};
use crate::workflow::sharing;
use crate::workflow::template::{LaidOut, TEMPLATES, title_of};

/// Make a folder a project
///
/// Lays out aiut.toml, .aiutignore and the folders of a film. Files that are there are left as
/// they are, so a folder of existing work can be made a project.
///
/// With --shared, makes an empty folder a place that a project is shared at instead: on a disk that the
/// team can reach. `aiut remote add origin DIR` and `aiut push` bring a project there, `aiut clone DIR` makes
/// copies of it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut init
  aiut init the-red-coat
  aiut init --title \"The Red Coat\" film
  aiut init --shared /media/studio/the-red-coat")]
pub(crate) struct InitArgs {
    /// The folder, made if missing
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// What to lay out
    #[arg(long, value_parser = ["film", "none"], default_value = "film")]
    template: String,
    /// Make a folder that a project is shared at, with no files of a film
    #[arg(long, conflicts_with_all = ["template", "title"])]
    shared: bool,
    /// Title of the film; the folder's name when not given
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    json: JsonArgs,
}

/// What `init --shared --json` prints.
#[derive(Serialize)]
struct NewShare {
    /// Its folder, as text shows it.
    root: String,
}

impl InitArgs {
    fn share(&self, context: &mut Context, root: &Path) -> Result<Outcome, CliError> {
        if self.dir.to_str().is_some_and(|dir| dir.contains("://")) {
            return Err(CliError::misuse("a folder is named by its path, without file://"));
        }
        sharing::share(root, context.new_project_id()?)?;
        let root = root.to_string_lossy().into_owned();
        if self.json.json {
            context.done(&NewShare { root })?;
            return Ok(Outcome::Done);
        }
        let (root, word) = (shown(&root), for_shell(&root));
        context.say(format_args!("Made {root} a place to share a project at"))?;
        context.say(format_args!("  aiut remote add origin {word}   in the project"))?;
        context.say(format_args!("  aiut push                 sends it there"))?;
        Ok(Outcome::Done)
    }
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
        if self.shared {
            return self.share(context, &root);
        }
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
