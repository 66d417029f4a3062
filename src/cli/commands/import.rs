use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, json, shown};
use crate::workflow::film::ImportFrom;

/// Bring a screenplay, a folder with one, or a picture into the project
///
/// A screenplay becomes script.fountain: Fountain as it is, plain text without the page numbers and
/// line breaks of the page. What is no screenplay is refused, whatever its name ends in. Of a
/// folder every file goes to the same place in the project, its one screenplay as the script. A PNG
/// goes to imports/NAME.png or where --as says; the prompt that ComfyUI, A1111, Forge, Fooocus,
/// InvokeAI or NovelAI left in it is written to imports/NAME.prompt.json. `aiut undo` takes it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut import ~/Scripts/night-ferry.fountain
  aiut import ~/Scripts/night-ferry.txt
  aiut import ~/Scripts/night-ferry/
  pdftotext -layout night-ferry.pdf - | aiut import -
  aiut import ~/ComfyUI/output/ferry.png --as bible/characters/rae.png
  aiut commit -m \"First draft\"")]
pub(crate) struct ImportArgs {
    /// A screenplay, a folder or a PNG; `-` is standard input
    file: PathBuf,
    /// Where a picture goes
    #[arg(long = "as", value_name = "PATH")]
    place: Option<PathBuf>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for ImportArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let source = context.folder.join(&self.file);
        let mut session = context.film()?;
        let place = match &self.place {
            Some(place) => {
                let typed = place.to_string_lossy();
                Some(context.project_path(session.root(), &typed)?)
            }
            None => None,
        };
        let mut stdin = std::io::stdin();
        let from = match self.file.as_os_str() == "-" {
            true => ImportFrom::Stream(&mut stdin),
            false => ImportFrom::Path(&source),
        };
        let imported = session.import(from, place.as_ref())?;
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
        if imported.changed.is_empty() {
            let is = if imported.files.len() == 1 { "is" } else { "are" };
            context.say(format_args!("Nothing to import: {} {is} the same already", shown(&files)))?;
            return Ok(Outcome::Done);
        }
        if imported.has_replaced {
            context.say("In place of what was imported before; `aiut undo` brings that back")?;
        }
        if let Some(prompt) = &imported.prompt {
            context.say(format_args!("Imported {}", shown(&files)))?;
            for line in prompt.prompt.lines() {
                context.say(format_args!("  {}", shown(line)))?;
            }
            return Ok(Outcome::Done);
        }
        match imported.scenes {
            None if imported.is_picture => context.say(format_args!(
                "Imported {}; no prompt was found in it",
                shown(&files)
            ))?,
            Some(scenes) => context.say(format_args!(
                "Imported {}: {}",
                shown(&files),
                count(scenes, "scene", "scenes")
            ))?,
            None => context.say(format_args!("Imported {}", shown(&files)))?,
        }
        match imported.converted_from {
            Some("plain text") => context.say(
                "  from plain text, without page numbers and the line breaks of the page",
            )?,
            Some(other) => context.say(format_args!("  converted from {other}"))?,
            None => {}
        }
        Ok(Outcome::Done)
    }
}
