use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::workflow::spending::dollars;

/// Say which generation, inputs and commit a file's bytes come from
///
/// The file is looked up by its content, so it may lie anywhere and have any name.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut whence ~/Downloads/frame.png
  aiut whence film.mp4")]
pub(crate) struct WhenceArgs {
    /// A file, inside the project or not
    file: PathBuf,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for WhenceArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let origin = session.whence(&context.folder.join(&self.file))?;
        if origin.generations.is_empty() && origin.commits.is_empty() {
            return Err(CliError::new(format!(
                "{}: these bytes ({}) are not in this project",
                self.file.display(),
                origin.id.short()
            )));
        }
        if self.json.json {
            json(&mut context.out, &origin)?;
            return Ok(Outcome::Done);
        }
        let palette = context.out.palette.clone();
        let (id, title) = (palette.id, palette.title);
        writeln!(context.out, "content {id}{}{id:#}", origin.id)?;
        for found in &origin.generations {
            writeln!(
                context.out,
                "\n{title}made as {}{title:#} by {} (stage {}), generation {id}{}{id:#}",
                shown(found.path.as_str()),
                shown(&found.generator),
                shown(&found.stage),
                found.generation.short()
            )?;
            for read in &found.reads {
                writeln!(context.out, "  from {}", shown(read))?;
            }
            for (tool, version) in &found.tools {
                writeln!(context.out, "  with {} {}", shown(tool), shown(version))?;
            }
            if let Some(model) = &found.model {
                let cost = dollars(found.cost_micro_usd);
                writeln!(context.out, "  by model {}, {cost}", shown(model))?;
            }
            for (what, content) in [("request", found.request), ("answer", found.answer)] {
                if let Some(content) = content {
                    writeln!(context.out, "  {what} {id}{content}{id:#}")?;
                }
            }
        }
        for found in &origin.commits {
            writeln!(
                context.out,
                "\nin commit {id}{}{id:#} as {}: {}",
                found.commit.short(),
                shown(found.path.as_str()),
                shown(&found.summary)
            )?;
        }
        Ok(Outcome::Done)
    }
}
