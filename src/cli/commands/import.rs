use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, json, shown};

/// Bring a screenplay, or a folder with one, into the project
///
/// A screenplay (Fountain or plain text) becomes script.fountain. Of a folder every file goes to
/// the same place in the project, its one .fountain file as the script. `aiut undo` takes it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut import ~/Scripts/night-ferry.fountain
  aiut import ~/Scripts/night-ferry/
  aiut commit -m \"First draft\"")]
pub(crate) struct ImportArgs {
    /// A screenplay, or a folder
    file: PathBuf,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for ImportArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let source = context.absolute(&self.file);
        let mut session = context.film()?;
        let imported = session.import(&source)?;
        if self.json.json {
            json(&mut context.out, &imported)?;
            return Ok(Outcome::Done);
        }
        for (name, reason) in &imported.skipped {
            context.warn(&format!("{name} was left out: {reason}"));
        }
        let files = match imported.files.as_slice() {
            [one] => one.to_string(),
            many => count(many.len(), "file", "files"),
        };
        match imported.scenes {
            Some(scenes) => context.say(format_args!(
                "Imported {}: {}",
                shown(&files),
                count(scenes, "scene", "scenes")
            ))?,
            None => context.say(format_args!("Imported {}", shown(&files)))?,
        }
        Ok(Outcome::Done)
    }
}
