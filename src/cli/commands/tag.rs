use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::render;
use crate::workflow::repository::{create_tag, delete_tag, tags};

/// List, make or delete tags
///
/// A tag is a name for one commit: a locked cut, what was sent to the festival.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut tag
  aiut tag festival-cut
  aiut tag festival-cut main~2
  aiut tag -d festival-cut")]
pub(crate) struct TagArgs {
    /// The new tag
    name: Option<String>,
    /// The commit; the current one when not given
    revision: Option<String>,
    /// Delete a tag
    #[arg(short, long, value_name = "NAME", conflicts_with = "name")]
    delete: Option<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for TagArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let caller = context.caller();
        let said = if let Some(name) = &self.delete {
            let was = delete_tag(&project, &caller, name)?;
            format!("Deleted tag {name}; it stood at {}", was.id.short())
        } else if let Some(name) = &self.name {
            let revision = self.revision.as_deref().unwrap_or("HEAD");
            let made = create_tag(&project, &caller, name, revision)?;
            format!("Tagged {} as {name}", made.commit.id.short())
        } else {
            let tags = tags(&project)?;
            match self.json.json {
                true => json(&mut context.out, &tags)?,
                false => render::listing::tags(&mut context.out, &tags)?,
            }
            return Ok(Outcome::Done);
        };
        context.say(shown(&said))?;
        Ok(Outcome::Done)
    }
}
