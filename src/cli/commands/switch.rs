use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, shown};
use crate::workflow::repository::{self, SwitchTarget};
use crate::workflow::sharing::{self, Upstream};

/// Move to another timeline
///
/// Changes the folder to what the timeline holds. `-` is where the project stood before, `@{-2}`
/// before that. Files you changed and did not commit are never
/// overwritten: that is refused, or with --discard they are stored first, so that `aiut undo`
/// brings them back. A timeline that a remote alone has is made here, and follows it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut switch main
  aiut switch -
  aiut switch -c what-if
  aiut switch -c what-if main~3
  aiut switch --detach v1")]
pub(crate) struct SwitchArgs {
    /// The timeline; `-` for the one before
    name: String,
    /// Make it first
    #[arg(short, long)]
    create: bool,
    /// Where the new timeline begins; the current commit when not given
    #[arg(requires = "create")]
    start: Option<String>,
    /// Stand on any commit, with no timeline that moves along
    #[arg(long, conflicts_with = "create")]
    detach: bool,
    /// Overwrite uncommitted changes
    #[arg(long)]
    discard: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for SwitchArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let name = self.name.as_str();
        let target = match (self.create, self.detach) {
            (true, _) => SwitchTarget::New {
                name,
                start: self.start.as_deref(),
            },
            (_, true) => SwitchTarget::Detached(name),
            _ => SwitchTarget::Timeline(name),
        };
        let offered = match target {
            SwitchTarget::Timeline(name) => sharing::offered(&project, name)?,
            _ => None,
        };
        let start = offered.as_ref().map(Upstream::name);
        let target = match &start {
            Some(start) => SwitchTarget::New {
                name,
                start: Some(start),
            },
            None => target,
        };
        let outcome = repository::switch(&project, &context.caller(), target, self.discard)?;
        if let Some(start) = &start {
            sharing::follow(&project, Some(name), Some(start))?;
        }
        if self.json.json {
            context.done(&outcome)?;
            return Ok(Outcome::Done);
        }
        let place = outcome.to.describe();
        let new = if outcome.created { "new " } else { "" };
        let changed = match outcome.changed.len() {
            0 => String::new(),
            number => format!(", {} changed", count(number, "file", "files")),
        };
        context.say(format_args!("On {new}{}{changed}", shown(&place)))?;
        for path in &outcome.discarded {
            let path = shown(path.as_str());
            context.say(format_args!(
                "  overwrote {path}; `aiut undo` brings it back"
            ))?;
        }
        Ok(Outcome::Done)
    }
}
