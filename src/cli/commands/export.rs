use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, for_shell, shown, size};
use crate::workflow::sharing::{self, BundleRequest};

/// Bring the project out in another form
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut export bundle ../night-ferry.aiut
  aiut export bundle ../for-editor.aiut main cut-1
  aiut export bundle ../since-monday.aiut --since main@{monday}
  aiut clone ../night-ferry.aiut")]
pub(crate) struct ExportArgs {
    #[command(subcommand)]
    command: ExportCommand,
}

#[derive(Debug, Subcommand)]
enum ExportCommand {
    /// Put timelines and tags, with their whole history, into one file
    ///
    /// `aiut clone FILE` makes a project of it. Where there is one, `aiut remote add NAME FILE` and `aiut pull
    /// NAME` take it over. With --since it holds only what came after a commit that the other side has.
    Bundle {
        /// The file
        file: PathBuf,
        /// Timelines and tags; all when none is given
        names: Vec<String>,
        /// Leave out what this commit stands on: the other side has it
        #[arg(long, value_name = "REV")]
        since: Vec<String>,
        /// Replace a file that is there
        #[arg(short, long)]
        force: bool,
        #[command(flatten)]
        json: JsonArgs,
    },
}

impl Run for ExportArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let ExportCommand::Bundle {
            file,
            names,
            since,
            force,
            json,
        } = &self.command;
        let path = context.absolute(file);
        let request = BundleRequest {
            path: &path,
            names,
            since,
            force: *force,
        };
        let outcome = sharing::bundle(&project, &context.caller(), request, &*context.progress())?;
        if json.json {
            context.done(&outcome)?;
            return Ok(Outcome::Done);
        }
        let refs = count(outcome.refs.len(), "timeline or tag", "timelines and tags");
        context.say(format_args!(
            "Wrote {}: {refs}, {}, {}",
            shown(&outcome.path),
            count(outcome.records, "object", "objects"),
            size(outcome.bytes)
        ))?;
        let word = for_shell(&outcome.path);
        match outcome.since.first() {
            None => context.say(format_args!("  aiut clone {word} makes a project of it"))?,
            Some(commit) => context.say(format_args!(
                "  it builds upon {}: aiut remote add NAME {word}, then aiut pull NAME",
                commit.short()
            ))?,
        }
        Ok(Outcome::Done)
    }
}
