use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::shown;
use crate::cli::render;
use crate::cli::render::sharing::{moved, tags_left, travelled};
use crate::workflow::sharing::{self, PullRequest};

/// Take over what others pushed
///
/// Fetches from the remote, then joins the timeline that the current one follows, as `aiut merge` does: where
/// nothing was done here since, the timeline moves on; else both are joined in a commit. All of it is one
/// operation, and `aiut undo` takes it back. With --rebase it is `aiut fetch`, then `aiut rebase`, one operation each.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut pull
  aiut pull --ff-only          # or refuse, where both sides went on
  aiut pull --rebase
  aiut pull studio noir")]
pub(crate) struct PullArgs {
    /// The remote; the one that the timeline follows when not given
    remote: Option<String>,
    /// The remote's timeline; the one that is followed when not given
    timeline: Option<String>,
    /// Refuse where both sides went on
    #[arg(long)]
    ff_only: bool,
    /// Put the commits of this side on top of what came, and make no merge
    #[arg(short, long, conflicts_with_all = ["ff_only", "message"])]
    rebase: bool,
    /// Why, where both are joined; given again, another paragraph
    #[arg(short, long, allow_hyphen_values = true)]
    message: Vec<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for PullArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = std::sync::Arc::new(context.project()?);
        let own = context.own_files(&project)?;
        let author = context.author(project.root())?;
        let message = (!self.message.is_empty()).then(|| self.message.join("\n\n"));
        let remote = self.remote.as_deref().map(|word| context.remote_name(&project, word));
        let remote = remote.transpose()?;
        let request = PullRequest {
            remote: remote.as_deref(),
            timeline: self.timeline.as_deref(),
            only_forward: self.ff_only,
            message: message.as_deref(),
        };
        let (caller, around) = (context.caller(), context.around());
        let progress = context.progress();
        if self.rebase {
            let (fetched, outcome) =
                sharing::pull_onto(&project, &caller, &around, request, &own, &*progress)?;
            if !self.json.json && !fetched.changes.is_empty() {
                let (remote, transfer) = (shown(&fetched.remote), travelled(fetched.transfer));
                context.say(format_args!("From {remote}: {transfer}"))?;
                let refs = fetched.changes.iter();
                moved(context, refs.map(|change| (&*change.name, change.from, change.to)))?;
            }
            tags_left(context, &fetched.remote, &fetched.tags_left);
            return render::transplant::rebased(context, &outcome, false, self.json.json);
        }
        let outcome = sharing::pull(&project, &caller, &around, &author, request, &own, &*progress)?;
        if self.json.json {
            context.done(&outcome)?;
            return Ok(render::merge::end(&outcome.merge));
        }
        if !outcome.changes.is_empty() {
            let (remote, transfer) = (shown(&outcome.remote), travelled(outcome.transfer));
            context.say(format_args!("From {remote}: {transfer}"))?;
            let refs = outcome.changes.iter();
            moved(context, refs.map(|change| (&*change.name, change.from, change.to)))?;
        }
        tags_left(context, &outcome.remote, &outcome.tags_left);
        render::merge::told(context, &outcome.merge, false)
    }
}
