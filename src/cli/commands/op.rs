use clap::{Args, Subcommand};

use crate::cli::arguments::JsonArgs;

/// Show what was done to the project
///
/// Every command that moved a timeline or changed files of the folder is one operation.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut op log
  aiut op log -n 5 --json")]
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
}
