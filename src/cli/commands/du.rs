use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::{AllArgs, JsonArgs};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render;
use crate::workflow::repository::du;

/// Say what the project takes on disk
///
/// The files of the folder, the packs with all versions, by stage and by timeline, and what can be
/// freed: what nothing needs any more, takes that no timeline holds, and what only old operations
/// hold. What several files share is counted once, with the first of them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut du
  aiut du clips frames    only these files, in all versions
  aiut du --json")]
pub(crate) struct DuArgs {
    /// Only these files and folders
    paths: Vec<PathBuf>,
    #[command(flatten)]
    all: AllArgs,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for DuArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let scope = context.scope(&project, &self.paths)?;
        let stages = context.stages(&project)?;
        let report = du(&project, &stages, &scope, context.clock.now())?;
        if self.json.json {
            json(&mut context.out, &report)?;
        } else {
            render::upkeep::du(&mut context.out, &report, self.all.rows())?;
        }
        Ok(Outcome::Done)
    }
}
