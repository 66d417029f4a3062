use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::difference::{CONTEXT, DifferenceArgs, Found, Looks, Told, Versions};
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::operands::Takes;
use crate::cli::render;
use crate::history::entry_at;
use crate::object::CommitId;
use crate::workflow::comparison::{Version, head_tree};

/// Show how two versions differ
///
/// With no revision, the folder is compared with the last commit; with one, the folder with that;
/// with two, or A..B, the first with the second; A...B compares B with where the two part. Text is shown by line, with the words that changed marked
/// in colour; images, clips and sounds by size, length, resolution and codec, and stills also by
/// how far apart they look. --story tells it in the words of film: scenes cut, added, moved, split,
/// with the words and speakers that changed; shots with their fields, old and new, and what that does
/// to the length; JSON and TOML by field, whatever the layout. Into a pipe or a file it writes what `git apply` takes. With --quiet the
/// exit code alone tells, as with --exit-code: 3 if anything differs.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut diff
  aiut diff script.fountain
  aiut diff HEAD~2 --stat
  aiut diff --word-diff
  aiut diff --story main what-if
  aiut diff --story --stat HEAD~5 -- shots
  aiut diff --format csv main what-if shots > shots.csv
  aiut diff --name-only main what-if shots
  aiut diff --exit-code --quiet && echo nothing changed
  aiut diff main..what-if -- script.fountain")]
pub(crate) struct DiffArgs {
    /// At most two revisions, then files or folders
    #[arg(value_name = "REV|PATH")]
    words: Vec<String>,
    /// Files and folders that could be mistaken for revisions
    #[arg(last = true, value_name = "PATH")]
    paths: Option<Vec<PathBuf>>,
    #[command(flatten)]
    difference: DifferenceArgs,
    /// In the words of film as a table to read, JSON, or CSV for a spreadsheet; with --story
    #[arg(long, value_name = "FORMAT", conflicts_with_all = ["patch", "name_only", "name_status", "word_diff"])]
    format: Option<Format>,
    /// Lines around each change
    #[arg(short = 'U', long, value_name = "LINES", default_value_t = CONTEXT)]
    context: usize,
    /// Exit with 3 if anything differs, with 0 if nothing does; with --quiet, say nothing else
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    json: JsonArgs,
}

/// How a difference in the words of film is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

/// What `diff --json` prints.
#[derive(Debug, Serialize)]
struct Difference {
    /// The older commit; none before the first.
    from: Option<CommitId>,
    /// The newer commit; none for the folder.
    to: Option<CommitId>,
    #[serde(flatten)]
    told: Told,
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
        let versions = Versions { old, new };
        let mut looks = Looks::new(context, &project, &operands.scope);
        looks.context = self.context;
        let is_asked = self.exit_code || context.is_quiet();
        let outcome = |differs: bool| match differs && is_asked {
            true => Outcome::Found,
            false => Outcome::Done,
        };
        let difference = self.difference.clone().or_story(self.format.is_some());
        if self.json.json || self.format == Some(Format::Json) {
            let told = difference.told(&looks, versions)?;
            let differs = told.files() > 0;
            let difference = Difference { from, to, told };
            json(&mut context.out, &difference)?;
            return Ok(outcome(differs));
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
        let found = if context.is_quiet() {
            let (changes, unreadable) = looks.names(versions)?;
            let files = changes.len();
            Found { files, unreadable }
        } else if self.format == Some(Format::Csv) {
            let story = looks.story(versions)?;
            render::diff::csv::story(&mut context.out, &story)?;
            let files = story.files();
            let unreadable = story.unreadable;
            Found { files, unreadable }
        } else {
            context.page();
            difference.write(&mut context.out, &looks, versions)?
        };
        for unreadable in &found.unreadable {
            context.warn(&format!(
                "cannot read {}: {}",
                unreadable.path, unreadable.reason
            ));
        }
        Ok(outcome(found.files > 0))
    }
}
