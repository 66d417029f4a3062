use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render;
use crate::workflow::repository;

/// Show what changed since the last commit
///
/// Also what aiut does not keep: symlinks, names that some systems cannot store, files that
/// cannot be read.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut status
  aiut status bible
  aiut status --json")]
pub(crate) struct StatusArgs {
    /// Only these files and folders
    paths: Vec<PathBuf>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for StatusArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let scope = context.scope(&project, &self.paths)?;
        let report = repository::status(&project, &scope)?;
        if self.json.json {
            json(&mut context.out, &report)?;
        } else {
            render::status::report(&mut context.out, &report)?;
        }
        Ok(Outcome::Done)
    }
}
