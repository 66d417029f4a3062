use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;

/// Print the version of aiut
///
/// As `aiut --version` does.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut version")]
pub(crate) struct VersionArgs {}

impl Run for VersionArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        writeln!(context.out, concat!("aiut ", env!("CARGO_PKG_VERSION")))?;
        Ok(Outcome::Done)
    }
}
