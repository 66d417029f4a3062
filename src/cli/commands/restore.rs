use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, shown};
use crate::workflow::repository::{self, RestoreOutcome};

/// Bring back files as they were
///
/// Overwrites the files and folders named with what a commit holds. A file gives way to a folder of
/// its name and the other way round. What is overwritten or gives way is stored first, so that
/// `aiut undo` brings it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut restore script.fountain
  aiut restore --from HEAD~3 bible shots/012.json
  aiut restore --generated shots/012.json     lets go of what was edited by hand")]
pub(crate) struct RestoreArgs {
    /// Files and folders; `.` for everything
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The commit to take them from; the current one when not given
    #[arg(long, value_name = "REV")]
    from: Option<String>,
    /// Put back what was generated in the place of what was edited by hand; the edit stays a take
    #[arg(long, conflicts_with = "from")]
    generated: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for RestoreArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        if self.generated {
            return self.let_go(context);
        }
        let project = context.project()?;
        let scope = context.scope(&project, &self.paths)?;
        let from = self.from.as_deref();
        let outcome = repository::restore(&project, &context.caller(), &scope, from)?;
        if self.json.json {
            context.done(&outcome)?;
            return Ok(Outcome::Done);
        }
        for path in &outcome.restored {
            let edited = if outcome.overwritten.contains(path) {
                " (was edited)"
            } else {
                ""
            };
            context.say(format_args!("  {}{edited}", shown(path.as_str())))?;
        }
        for path in &outcome.gave_way {
            let path = shown(path.as_str());
            context.say(format_args!("  {path} gave way; `aiut undo` brings it back"))?;
        }
        let files = count(outcome.restored.len(), "file", "files");
        context.say(format_args!("Restored {files}"))?;
        Ok(Outcome::Done)
    }
}

impl RestoreArgs {
    /// Puts back what was generated.
    fn let_go(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let mut session = context.film()?;
        let author = context.author(session.root())?;
        let words = self.paths.iter();
        let words: Vec<String> = words.map(|path| path.to_string_lossy().into_owned()).collect();
        let targets = context.targets(session.root(), &words)?;
        let (restored, commit) = session.let_go(&targets, &author)?;
        if self.json.json {
            let (overwritten, gave_way) = (Vec::new(), Vec::new());
            context.done(&RestoreOutcome {
                restored,
                overwritten,
                gave_way,
            })?;
            return Ok(Outcome::Done);
        }
        for path in &restored {
            context.say(format_args!("  {}", shown(path.as_str())))?;
        }
        let files = count(restored.len(), "output", "outputs");
        let id = context.out.palette.id;
        let commit = commit.map_or_else(String::new, |commit| {
            format!(": {id}{}{id:#}", commit.short())
        });
        context.say(format_args!("As generated again: {files}{commit}"))?;
        Ok(Outcome::Done)
    }
}
