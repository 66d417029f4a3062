use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render::{self, diff};
use crate::workflow::comparison::compare_commit;
use crate::workflow::origin::file_history;
use crate::workflow::repository;

/// Show a commit, or a file as it was
///
/// Of a commit: who, when, why, what it generated and at what cost, and how it differs from the
/// one before. Of a file, REV:PATH: which commit wrote it last, and the run that made it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut show
  aiut show HEAD~2 --stat
  aiut show main:frames/012_003.png")]
pub(crate) struct ShowArgs {
    /// A commit, or a file in one
    #[arg(value_name = "REV|REV:PATH", default_value = "HEAD")]
    revision: String,
    /// One line a file
    #[arg(long)]
    stat: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for ShowArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let now = context.clock.now();
        let revision = context.revision(&project, &self.revision)?;
        let resolved = project.resolve(&revision, now)?;
        if let Some(path) = &resolved.path {
            let file = file_history(&project, &revision, path, now)?;
            match self.json.json {
                true => json(&mut context.out, &file)?,
                false => render::log::file(&mut context.out, &file)?,
            }
            return Ok(Outcome::Done);
        }
        let report = repository::show(&project, &revision, now)?;
        if self.json.json {
            json(&mut context.out, &report)?;
            return Ok(Outcome::Done);
        }
        let detail = context.diff_detail(3, false);
        let viewer = context.viewer(&project);
        let comparison = compare_commit(&project, &viewer, resolved.commit, detail)?;
        context.page();
        render::log::commit(&mut context.out, &report)?;
        match self.stat {
            true => diff::stat(&mut context.out, &comparison.changes)?,
            false => diff::changes(&mut context.out, &comparison.changes)?,
        }
        Ok(Outcome::Done)
    }
}
