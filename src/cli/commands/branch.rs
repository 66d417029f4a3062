use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::render;
use crate::workflow::repository::{create_timeline, delete_timeline, rename_timeline, timelines};

/// List, make, rename or delete timelines
///
/// A timeline is a named line of commits: a way the story could go. `aiut switch` moves to one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut branch
  aiut branch what-if
  aiut branch what-if main~3
  aiut branch -m what-if rae-stays
  aiut branch -d rae-stays")]
pub(crate) struct BranchArgs {
    /// The new timeline
    name: Option<String>,
    /// Where it begins; the current commit when not given
    start: Option<String>,
    /// Delete a timeline
    #[arg(short, long, value_name = "NAME", conflicts_with_all = ["name", "rename"])]
    delete: Option<String>,
    /// Rename a timeline
    #[arg(short = 'm', long = "move", value_names = ["OLD", "NEW"], num_args = 2, conflicts_with = "name")]
    rename: Option<Vec<String>>,
    /// Delete it even when its commits are on no other timeline
    #[arg(short, long, requires = "delete")]
    force: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for BranchArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let caller = context.caller();
        let said = if let Some(name) = &self.delete {
            let was = delete_timeline(&project, &caller, name, self.force)?;
            format!("Deleted timeline {name}; it stood at {}", was.id.short())
        } else if let Some([old, new]) = self.rename.as_deref() {
            rename_timeline(&project, &caller, old, new)?;
            format!("Timeline {old} is now called {new}")
        } else if let Some(name) = &self.name {
            let start = self.start.as_deref().unwrap_or("HEAD");
            let made = create_timeline(&project, &caller, name, start)?;
            format!(
                "Made timeline {name} at {}; `aiut switch {name}` moves there",
                made.commit.id.short()
            )
        } else {
            let timelines = timelines(&project)?;
            match self.json.json {
                true => json(&mut context.out, &timelines)?,
                false => render::listing::timelines(&mut context.out, &timelines)?,
            }
            return Ok(Outcome::Done);
        };
        context.say(shown(&said))?;
        Ok(Outcome::Done)
    }
}
