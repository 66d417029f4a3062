use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::operands::Takes;
use crate::cli::render::diff;
use crate::history::entry_at;
use crate::object::CommitId;
use crate::workflow::comparison::{Comparison, Version, compare, head_tree};

/// Show how two versions differ
///
/// With no revision, the folder is compared with the last commit; with one, the folder with that;
/// with two, or A..B, the first with the second; A...B compares B with where the two part. Text is shown by line, with the words that changed marked
/// in colour; images, clips and sounds by size, length, resolution and codec, and stills also by
/// how far apart they look. Into a pipe or a file it writes what `git apply` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut diff
  aiut diff script.fountain
  aiut diff HEAD~2 --stat
  aiut diff main what-if shots
  aiut diff main..what-if -- script.fountain")]
pub(crate) struct DiffArgs {
    /// At most two revisions, then files or folders
    #[arg(value_name = "REV|PATH")]
    words: Vec<String>,
    /// Files and folders that could be mistaken for revisions
    #[arg(last = true, value_name = "PATH")]
    paths: Option<Vec<PathBuf>>,
    /// One line a file
    #[arg(long)]
    stat: bool,
    /// Lines around each change
    #[arg(short = 'U', long, value_name = "LINES", default_value_t = 3)]
    context: usize,
    #[command(flatten)]
    json: JsonArgs,
}

/// What `diff --json` prints.
#[derive(Debug, Serialize)]
struct Difference {
    /// The older commit; none before the first.
    from: Option<CommitId>,
    /// The newer commit; none for the folder.
    to: Option<CommitId>,
    #[serde(flatten)]
    comparison: Comparison,
}

impl Run for DiffArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let paths = self.paths.as_deref();
        let operands = context.operands(&project, &self.words, paths, Takes::Two)?;
        let (older, newer) = operands.ends(&project)?;
        let (from, old) = match older {
            Some(found) => (Some(found.commit), Some(found.tree)),
            None => head_tree(&project)?.unzip(),
        };
        let (to, new) = match newer {
            Some(found) => (Some(found.commit), Version::Stored(Some(found.tree))),
            None => (None, Version::WorkTree),
        };
        let viewer = context.viewer(&project);
        let comparison = compare(
            &project,
            &viewer,
            old,
            new,
            &|path| operands.scope.contains(path),
            context.diff_detail(self.context, self.json.json),
        )?;
        if self.json.json {
            json(
                &mut context.out,
                &Difference {
                    from,
                    to,
                    comparison,
                },
            )?;
            return Ok(Outcome::Done);
        }
        for path in operands.scope.paths().iter().filter(|_| to.is_none()) {
            let is_tracked = match old {
                Some(tree) => entry_at(project.store(), tree, path)?.is_some(),
                None => false,
            };
            let unlisted = project.tree().why_unlisted(path).filter(|_| !is_tracked);
            if let Some(entry) = unlisted {
                context.warn(&format!("{} is not kept: {}", entry.path, entry.reason));
            }
        }
        for unreadable in &comparison.unreadable {
            context.warn(&format!(
                "cannot read {}: {}",
                unreadable.path, unreadable.reason
            ));
        }
        context.page();
        match self.stat {
            true => diff::stat(&mut context.out, &comparison.changes)?,
            false => diff::changes(&mut context.out, &comparison.changes)?,
        }
        Ok(Outcome::Done)
    }
}
