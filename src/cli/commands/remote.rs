use std::io::Write;

use clap::{Args, Subcommand};

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::workflow::sharing::{self, Place, RemoteReport, Remotes};

/// List, name or forget the places that the project is shared at
///
/// A place is a folder that `aiut init --shared` made, somebody's project or a bundle to pull from: a path, or
/// file:///PATH; or a project of an `aiut-server`: https://HOST/NAME. Its token stands in ~/.config/aiut/tokens,
/// `https://HOST TOKEN` a line, or in AIUT_TOKENS, and is never part of the place. Remotes are of this copy alone, in .aiut/remotes.toml; nothing that others push changes them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut remote
  aiut remote add origin /media/studio/night-ferry
  aiut remote set-url origin file:///mnt/studio/night-ferry
  aiut remote set-url origin https://studio.example/night-ferry
  aiut remote remove origin")]
pub(crate) struct RemoteArgs {
    #[command(subcommand)]
    command: Option<RemoteCommand>,
    #[command(flatten)]
    json: JsonArgs,
}

#[derive(Debug, Subcommand)]
enum RemoteCommand {
    /// List them
    List {
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Name a place
    Add {
        /// What it is called: origin, studio
        name: String,
        /// Where it is
        place: String,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Say where a remote is now
    SetUrl {
        /// Its name
        name: String,
        /// Where it is
        place: String,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Forget a remote, and where its timelines stood
    #[command(alias = "rm")]
    Remove {
        /// Its name
        name: String,
        #[command(flatten)]
        json: JsonArgs,
    },
}

impl Run for RemoteArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let mut remotes = Remotes::load(&project)?;
        let list = RemoteCommand::List { json: JsonArgs { json: false } };
        let (said, form) = match self.command.as_ref().unwrap_or(&list) {
            RemoteCommand::List { json: form } => {
                let list: Vec<RemoteReport> = remotes.list().collect();
                if form.json || self.json.json {
                    json(&mut context.out, &list)?;
                    return Ok(Outcome::Done);
                }
                let style = context.out.palette.reference;
                for RemoteReport { name, place } in &list {
                    let (name, place) = (shown(name), shown(place));
                    writeln!(context.out, "{style}{name}{style:#}  {place}")?;
                }
                return Ok(Outcome::Done);
            }
            RemoteCommand::Add { name, place, json } => {
                let place = Place::typed(place, &|path| context.absolute(path))?;
                remotes.add(name, &place)?;
                let said = format!("{} is {place}; `aiut push` sends what is here", shown(name));
                (said, json)
            }
            RemoteCommand::SetUrl { name, place, json } => {
                let place = Place::typed(place, &|path| context.absolute(path))?;
                remotes.set_place(name, &place)?;
                (format!("{} is {place} from now on", shown(name)), json)
            }
            RemoteCommand::Remove { name, json } => {
                sharing::check_spared(&project, &remotes, name)?;
                remotes.remove(name)?;
                sharing::forget(&project, &context.caller(), name)?;
                (format!("Forgot {}", shown(name)), json)
            }
        };
        remotes.save(&project)?;
        if form.json || self.json.json {
            let list: Vec<RemoteReport> = remotes.list().collect();
            json(&mut context.out, &list)?;
            return Ok(Outcome::Done);
        }
        context.say(said)?;
        Ok(Outcome::Done)
    }
}
