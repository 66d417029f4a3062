use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;

/// Select a take of an output
///
/// Puts that take into the work tree and commits it. What you put in its place yourself is a take
/// like the others. A take that was made from older inputs shows
/// as stale, because it is. `aiut undo` takes it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut takes frames/012_003.png
  aiut pick frames/012_003.png 2
  aiut pick frames 12-3 2
  aiut pick frames 12-3 526a31a7177b")]
pub(crate) struct PickArgs {
    /// An output: a path, `frames 12-3`, or a shot of which one output has several takes
    #[arg(required = true)]
    what: Vec<String>,
    /// The take's number in `aiut takes`, or the beginning of its id
    #[arg(required = true)]
    take: String,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for PickArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let mut session = context.film()?;
        let targets = context.targets(session.root(), &self.what)?;
        let (path, take) = session.which_take(&targets, &self.take)?;
        let author = context.author(session.root())?;
        let picked = session.pick(&path, take, &author)?;
        if self.json.json {
            json(&mut context.out, &picked)?;
            return Ok(Outcome::Done);
        }
        let id = context.out.palette.id;
        match picked.commit {
            Some(commit) => context.say(format_args!(
                "Picked take {take} of {path}: {id}{}{id:#}",
                commit.short()
            ))?,
            None => context.say(format_args!(
                "Take {take} of {path} is selected already."
            ))?,
        }
        Ok(Outcome::Done)
    }
}
