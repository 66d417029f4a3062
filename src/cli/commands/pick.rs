use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;

/// Select a take of an output
///
/// Puts that take into the work tree and commits it. A take that was made from older inputs shows
/// as stale, because it is. `aiut undo` takes it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut takes frames/012_003.png
  aiut pick frames/012_003.png 2")]
pub(crate) struct PickArgs {
    /// An output of a stage
    path: String,
    /// Its number in `aiut takes`
    take: usize,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for PickArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let mut session = context.film()?;
        let path = context.project_path(session.root(), &self.path)?;
        let author = context.author(session.root())?;
        let picked = session.pick(&path, self.take, &author)?;
        if self.json.json {
            json(&mut context.out, &picked)?;
            return Ok(Outcome::Done);
        }
        let id = context.out.palette.id;
        match picked.commit {
            Some(commit) => context.say(format_args!(
                "Picked take {} of {path}: {id}{}{id:#}",
                self.take,
                commit.short()
            ))?,
            None => context.say(format_args!(
                "Take {} of {path} is selected already.",
                self.take
            ))?,
        }
        Ok(Outcome::Done)
    }
}
