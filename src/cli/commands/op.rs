use clap::{Args, Subcommand};

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render;
use crate::workflow::repository::{op_log_and_end, op_restore};

/// Show what was done to the project, and go back to it
///
/// Every command that moved a timeline or changed files of the folder is one operation. `aiut undo`
/// takes one back, the last or another.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut op log
  aiut op log -n 5 --json
  aiut op restore 1f2e3d4c5b6a")]
pub(crate) struct OpArgs {
    #[command(subcommand)]
    command: OpCommand,
}

#[derive(Debug, Subcommand)]
enum OpCommand {
    /// List the operations, the last first
    Log {
        /// At most so many
        #[arg(short = 'n', long, value_name = "COUNT")]
        number: Option<usize>,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Put all timelines, tags and files back to where they were after an operation
    ///
    /// What was done since is taken back with it. `aiut undo` takes back one operation alone.
    Restore {
        /// The beginning of its id
        id: String,
        /// Overwrite uncommitted changes; `aiut undo` brings them back
        #[arg(long)]
        discard: bool,
        #[command(flatten)]
        json: JsonArgs,
    },
}

impl Run for OpArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        match &self.command {
            OpCommand::Log { number, json: form } => {
                let (log, is_cut) = op_log_and_end(&project, number.unwrap_or(usize::MAX))?;
                if form.json {
                    json(&mut context.out, &log)?;
                    return Ok(Outcome::Done);
                }
                context.page();
                render::operation::log(&mut context.out, &log, is_cut)?;
            }
            OpCommand::Restore { id, discard, json } => {
                let outcome = op_restore(&project, &context.caller(), id, *discard)?;
                match json.json {
                    true => context.done(&outcome)?,
                    false => context.say(render::operation::outcome(
                        "Back to the state after",
                        &outcome,
                    ))?,
                }
            }
        }
        Ok(Outcome::Done)
    }
}
