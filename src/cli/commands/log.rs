use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render;
use crate::workflow::repository::{self, LogRequest};

/// Show the commits of a timeline
///
/// The newest first, with what each generated and what that cost.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut log
  aiut log -n 5 --oneline
  aiut log --graph what-if
  aiut log what-if script.fountain")]
pub(crate) struct LogArgs {
    /// A revision to start from, then files or folders whose changes count
    #[arg(value_name = "REV|PATH")]
    words: Vec<String>,
    /// Files and folders that could be mistaken for revisions
    #[arg(last = true, value_name = "PATH")]
    paths: Option<Vec<PathBuf>>,
    /// At most so many commits
    #[arg(short = 'n', long, value_name = "COUNT")]
    number: Option<usize>,
    /// One line a commit
    #[arg(long)]
    oneline: bool,
    /// Draw how the commits hang together
    #[arg(long)]
    graph: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for LogArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let operands = context.operands(&project, &self.words, self.paths.as_deref(), 1)?;
        let request = LogRequest {
            revision: operands.revisions.first().map(|(text, _)| text.as_str()),
            scope: operands.scope,
            limit: self.number.unwrap_or(usize::MAX),
            now: context.clock.now(),
        };
        let entries = repository::log(&project, &request)?;
        if self.json.json {
            json(&mut context.out, &entries)?;
            return Ok(Outcome::Done);
        }
        context.page();
        render::log::entries(&mut context.out, &entries, self.oneline, self.graph)?;
        Ok(Outcome::Done)
    }
}
