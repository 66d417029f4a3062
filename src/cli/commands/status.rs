use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::render;
use crate::workflow::repository::{self, StatusReport};

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

/// What `--json` prints.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    report: StatusReport,
    /// Commands of the project that may not run, each with the reason.
    untrusted: Vec<String>,
}

impl Run for StatusArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let scope = context.scope(&project, &self.paths)?;
        let report = repository::status(&project, &scope)?;
        let untrusted = context.untrusted(project.root())?;
        if self.json.json {
            json(&mut context.out, &Answer { report, untrusted })?;
        } else {
            render::status::report(&mut context.out, &report)?;
            for line in untrusted {
                writeln!(context.out, "{}", shown(&line))?;
            }
        }
        Ok(Outcome::Done)
    }
}
