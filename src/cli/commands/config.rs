use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::workflow::settings::{Change, Layer, Layers, Origin, find_project_file};

/// Show or change a setting
///
/// Settings of the film (`film.`, `stage.`, `price.`, `budget.`, `engine.`) are in the project's
/// aiut.toml; yours (`author.`, `ui.`, `command.`) are in your own file. A setting has one place,
/// so it need not be said which file is meant.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut config author.name \"Rae Lindqvist\"
  aiut config film.fps
  aiut config film.fps 25
  aiut config --unset ui.pager
  aiut config --list --project")]
pub(crate) struct ConfigArgs {
    /// A setting, `film.fps`
    #[arg(conflicts_with = "list")]
    key: Option<String>,
    /// Its new value
    value: Option<String>,
    /// Only your own settings
    #[arg(long, conflicts_with = "project")]
    user: bool,
    /// Only the project's settings
    #[arg(long)]
    project: bool,
    /// List all settings, their values and where these come from
    #[arg(long)]
    list: bool,
    /// Take a setting out of its file
    #[arg(long, requires = "key", conflicts_with = "value")]
    unset: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for ConfigArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let only = match (self.user, self.project) {
            (true, _) => Some(Layer::User),
            (_, true) => Some(Layer::Project),
            _ => None,
        };
        let project = find_project_file(&context.folder);
        let layers = Layers::new(context.user_file(), project, only);
        match (&self.key, &self.value) {
            (Some(key), Some(value)) => {
                if self.json.json {
                    return Err(CliError::misuse(
                        "--json goes with reading, not with changing",
                    ));
                }
                layers.change(key, Change::Set(value))?;
            }
            (Some(key), None) if self.unset => layers.change(key, Change::Unset)?,
            (Some(key), None) => {
                let setting = layers.get(key)?;
                match &setting.value {
                    _ if self.json.json => json(&mut context.out, &setting)?,
                    Some(value) => writeln!(context.out, "{}", shown(&plain(value)))?,
                    None => {
                        return Err(CliError::new(format!("{key} is not set"))
                            .hint(format!("aiut config {key} VALUE")));
                    }
                }
            }
            (None, _) => {
                let settings = layers.list()?;
                if self.json.json {
                    json(&mut context.out, &settings)?;
                    return Ok(Outcome::Done);
                }
                let faint = context.out.palette.faint;
                for setting in settings {
                    let value = match &setting.value {
                        Some(value) => format!("{} = {value}", setting.key),
                        None => format!("{} is not set", setting.key),
                    };
                    let origin = match setting.origin {
                        Some(Origin::Default) => " (default)",
                        Some(Origin::User) => " (yours)",
                        Some(Origin::Project) => " (project)",
                        None => "",
                    };
                    let about = setting.about;
                    let line = format!("{}{origin}", shown(&value));
                    writeln!(context.out, "{line:<44} {faint}{about}{faint:#}")?;
                }
            }
        }
        Ok(Outcome::Done)
    }
}

/// A text without its quotes, anything else as it stands in the file.
fn plain(value: &toml::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
