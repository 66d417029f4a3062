use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{for_shell, json, shown};
use crate::workflow::film::{Configured, configure};
use crate::workflow::settings::{Change, Layer, Layers, Origin, find_project_file};

/// Show or change a setting
///
/// Settings of the film (`film.`, `stage.`, `price.`, `budget.`, `engine.`) are in the project's
/// aiut.toml; yours (`author.`, `ui.`, `command.`) are in your own file. A setting has one place,
/// so it need not be said which file is meant. What does not fit is refused before anything is
/// written. A change of aiut.toml is an operation that `aiut undo` takes back; your own file belongs
/// to no project, and is changed back by hand.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut config author.name \"Rae Lindqvist\"
  aiut config film.fps
  aiut config film.fps 25
  aiut config stage.frames.by panel
  aiut config --unset ui.pager
  aiut config --list --project")]
pub(crate) struct ConfigArgs {
    /// A setting, `film.fps`
    #[arg(conflicts_with = "list")]
    key: Option<String>,
    /// Its new value: a text, a number, or TOML as in '["HF_TOKEN"]'
    #[arg(allow_negative_numbers = true)]
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
        let change = match &self.value {
            Some(value) => Some(Change::Set(value)),
            None => self.unset.then_some(Change::Unset),
        };
        if let (Some(key), Some(change)) = (&self.key, change) {
            let project = match layers.layer_of(key)? {
                Layer::Project => context.project_if_any()?,
                Layer::User => None,
            };
            let caller = context.caller();
            let project = project.as_ref().map(|project| (project, &caller));
            let configured = configure(&layers, project, key, change)?;
            return told(context, &configured, self.json.json);
        }
        match &self.key {
            Some(key) if key.contains('=') => {
                let (key, value) = key.split_once('=').unwrap_or_default();
                return Err(CliError::misuse("the value follows a space")
                    .hint(format!("aiut config {} {}", shown(key), for_shell(value))));
            }
            Some(key) => {
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
            None => {
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

/// Says what became of a setting.
fn told(
    context: &mut Context,
    configured: &Configured,
    as_json: bool,
) -> Result<Outcome, CliError> {
    if as_json {
        json(&mut context.out, configured)?;
        return Ok(Outcome::Done);
    }
    let value = |value: &Option<toml::Value>, origin: Option<Origin>| match (value, origin) {
        (Some(value), Some(Origin::Default)) => format!("{value} (default)"),
        (Some(value), _) => value.to_string(),
        (None, _) => "not set".to_owned(),
    };
    let after = value(&configured.after, configured.after_origin);
    let (key, file) = (&configured.key, &configured.file);
    if !configured.changed {
        let line = format!("{key} is {after} already, in {file}");
        context.say(shown(&line))?;
        return Ok(Outcome::Done);
    }
    let before = value(&configured.before, configured.before_origin);
    let line = format!("{key}: {before} → {after}, in {file}");
    context.say(shown(&line))?;
    match (configured.layer, &configured.operation) {
        (Layer::User, _) => context.say("  your own settings, which `aiut undo` leaves alone")?,
        (Layer::Project, Some(_)) => context.say("  `aiut undo` takes it back")?,
        (Layer::Project, None) => {}
    }
    Ok(Outcome::Done)
}

/// A text without its quotes, anything else as it stands in the file.
fn plain(value: &toml::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
