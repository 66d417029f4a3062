use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::render;
use crate::workflow::repository::{TagReport, create_tag, delete_tags, tags};

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
    /// Delete tags
    #[arg(short, long, value_name = "NAME", num_args = 1.., conflicts_with = "name")]
    delete: Vec<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for TagArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let caller = context.caller();
        let is_json = self.json.json;
        if !self.delete.is_empty() {
            let outcome = delete_tags(&project, &caller, &self.delete)?;
            if is_json {
                context.done(&outcome)?;
                return Ok(Outcome::Done);
            }
            for TagReport { name, commit } in &outcome.deleted {
                let (name, stood) = (shown(name), commit.id.short());
                context.say(format_args!("Deleted tag {name}; it stood at {stood}"))?;
            }
        } else if let Some(name) = &self.name {
            let revision = self.revision.as_deref().unwrap_or("HEAD");
            let made = create_tag(&project, &caller, name, revision)?;
            let (stands, name) = (made.commit.id.short(), shown(name));
            match is_json {
                true => context.done(&made)?,
                false => context.say(format_args!("Tagged {stands} as {name}"))?,
            }
        } else {
            let tags = tags(&project)?;
            match is_json {
                true => json(&mut context.out, &tags)?,
                false => render::listing::tags(&mut context.out, &tags)?,
            }
        }
        Ok(Outcome::Done)
    }
}
