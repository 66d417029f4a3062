use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::operands::Takes;
use crate::cli::render;
use crate::workflow::repository::{self, LogRequest};

/// Show the commits of a timeline
///
/// The newest first, with what each generated and what that cost.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut log
  aiut log -5 --oneline
  aiut log main..what-if
  aiut log --graph what-if
  aiut log what-if script.fountain")]
pub(crate) struct LogArgs {
    /// Revisions to start from, A..B, A...B, ^A without what A stands on, or -3 for three commits;
    /// then files or folders whose changes count
    #[arg(value_name = "REV|PATH", allow_negative_numbers = true)]
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

impl LogArgs {
    /// How many commits to show, by `-n` or, as to git, by `-3`; and the other words.
    fn number(&self) -> Result<(Option<usize>, Vec<String>), CliError> {
        let is_number = |word: &&String| {
            let digits = word.strip_prefix('-');
            digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let (numbers, words): (Vec<_>, Vec<_>) = self.words.iter().partition(is_number);
        let number = match (self.number, numbers.as_slice()) {
            (number, []) => number,
            (None, [number]) => Some(number[1..].parse().map_err(|_| {
                CliError::misuse(format!("{number} is no number of commits"))
            })?),
            _ => return Err(CliError::misuse("the number of commits is given twice")),
        };
        Ok((number, words.into_iter().cloned().collect()))
    }
}

impl Run for LogArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let (number, words) = self.number()?;
        let paths = self.paths.as_deref();
        let operands = context.operands(&project, &words, paths, Takes::Any)?;
        let request = LogRequest {
            spans: &operands.spans(),
            scope: operands.scope,
            limit: number.unwrap_or(usize::MAX),
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
