use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};

/// Show what a file is made from, and what is made from it
///
/// Of a shot or a scene, the last output that is made for it: its clip, its cut.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut deps prompts/012_003.json
  aiut deps frames 12-3
  aiut deps bible/style.toml")]
pub(crate) struct DepsArgs {
    /// A file of the project, a shot (12-3), `scene 12`, `frames 12-3`
    #[arg(required = true)]
    what: Vec<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for DepsArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let targets = context.targets(session.root(), &self.what)?;
        let deps = session.dependencies(&targets)?;
        if self.json.json {
            json(&mut context.out, &deps)?;
            return Ok(Outcome::Done);
        }
        context.page();
        let title = context.out.palette.title;
        let stage = deps
            .stage
            .as_deref()
            .unwrap_or("a source, written by people");
        writeln!(
            context.out,
            "{title}{}{title:#}: {stage}",
            shown(deps.path.as_str())
        )?;
        writeln!(context.out, "\n{title}reads{title:#}")?;
        for read in &deps.reads {
            writeln!(context.out, "  {}", shown(read))?;
        }
        writeln!(context.out, "\n{title}is read by{title:#}")?;
        for path in &deps.read_by {
            writeln!(context.out, "  {}", shown(path.as_str()))?;
        }
        Ok(Outcome::Done)
    }
}
