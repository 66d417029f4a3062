use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::shown;
use crate::cli::render::sharing::{moved, tags_left, travelled};
use crate::workflow::sharing::{self, FetchOutcome, FetchRequest};

/// Get what a remote has, and move no timeline of one's own
///
/// Afterwards REMOTE/NAME names each of its timelines, in `aiut log`, `diff`, `merge` and everywhere a revision
/// can stand. New tags come along; a tag that is here already stays as it is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut fetch
  aiut fetch studio
  aiut fetch --prune
  aiut fetch --unshallow          # the rest of the history, after `aiut clone --depth`
  aiut log main..origin/main      # after that: what others did")]
pub(crate) struct FetchArgs {
    /// The remote; the one that the timeline follows, or the only one, when not given
    remote: Option<String>,
    /// Forget timelines that the remote has no more
    #[arg(short, long)]
    prune: bool,
    /// Get the commits, too, that `aiut clone --depth` left
    #[arg(long)]
    unshallow: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for FetchArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let remote = self.remote.as_deref().map(|word| context.remote_name(&project, word));
        let remote = remote.transpose()?;
        let request = FetchRequest {
            remote: remote.as_deref(),
            prune: self.prune,
            unshallow: self.unshallow,
        };
        let (caller, around) = (context.caller(), context.around());
        let outcome = sharing::fetch(&project, &caller, &around, request, &*context.progress())?;
        let FetchOutcome {
            remote,
            transfer,
            changes,
            tags_left: left,
        } = &outcome;
        if self.json.json {
            context.done(&outcome)?;
            return Ok(Outcome::Done);
        }
        match changes.is_empty() {
            true if transfer.records > 0 => {
                context.say(format_args!("From {}: {}", shown(remote), travelled(*transfer)))?;
            }
            true => context.say(format_args!("Nothing new at {}", shown(remote)))?,
            false => {
                context.say(format_args!("From {}: {}", shown(remote), travelled(*transfer)))?;
                let refs = changes.iter();
                moved(context, refs.map(|change| (&*change.name, change.from, change.to)))?;
            }
        }
        tags_left(context, remote, left);
        Ok(Outcome::Done)
    }
}
