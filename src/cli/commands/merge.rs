use std::sync::Arc;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::render;
use crate::workflow::film::plan_merge;
use crate::workflow::repository::{self, MergeRequest};

/// Join another timeline into the current one
///
/// A screenplay is joined by scene, paragraph and sentence, JSON by field, other text by lines. A scene that
/// one side moved is still the scene that the other edited, and a file renamed on one side the file
/// edited on the other. Where both changed the same words, both versions are kept
/// and every such file is named (exit code 3); `aiut resolve` settles them, now or later. The merge
/// is one commit and one operation all the same: `aiut undo` takes it back.
///
/// Pictures, clips and sounds are never mixed: of two versions one is chosen. What is generated from
/// something that the merge changed is out of date afterwards, and nothing else is; --plan tells
/// what that would be and what refreshing it takes, before anything is done.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut merge --plan noir      # the story, what collides, what goes stale: nothing is done
  aiut merge noir
  aiut merge --no-ff noir -m \"The night version, for good\"
  aiut merge --squash noir    # one commit, as if it had been written here
  aiut merge --abort          # right after a merge: as before it")]
pub(crate) struct MergeArgs {
    /// The timeline or commit that comes
    #[arg(value_name = "TIMELINE", required_unless_present = "abort")]
    revision: Option<String>,
    /// Tell what would happen, and do nothing
    #[arg(long, conflicts_with_all = ["abort", "message"])]
    plan: bool,
    /// Make a commit even where the timeline could just move on
    #[arg(long)]
    no_ff: bool,
    /// Refuse unless the timeline can just move on
    #[arg(long, conflicts_with_all = ["no_ff", "squash"])]
    ff_only: bool,
    /// Make a commit with one parent, as if the change had been made here
    #[arg(long, conflicts_with = "no_ff")]
    squash: bool,
    /// Take the merge back that was the last thing done
    #[arg(long, conflicts_with_all = ["revision", "no_ff", "ff_only", "squash", "message"])]
    abort: bool,
    /// Why; given again, another paragraph
    #[arg(short, long, allow_hyphen_values = true)]
    message: Vec<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for MergeArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = Arc::new(context.project()?);
        let Some(revision) = &self.revision else {
            let outcome = repository::abort_merge(&project, &context.caller())?;
            match self.json.json {
                true => context.done(&outcome)?,
                false => context.say(render::operation::outcome("Undid", &outcome))?,
            }
            return Ok(Outcome::Done);
        };
        let own = context.own_files(&project)?;
        let message = (!self.message.is_empty()).then(|| self.message.join("\n\n"));
        let request = MergeRequest {
            revision,
            called: None,
            only_fast_forward: self.ff_only,
            no_fast_forward: self.no_ff,
            squash: self.squash,
            message: message.as_deref(),
        };
        if self.plan {
            let worlds = [context.world(), context.world()];
            let plan = plan_merge(&project, worlds, request, &own)?;
            return render::merge::planned(context, &plan, self.json.json);
        }
        let author = context.author(project.root())?;
        let outcome = repository::merge(&project, &context.caller(), &author, request, &own)?;
        render::merge::told(context, &outcome, self.json.json)
    }
}
