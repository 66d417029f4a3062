use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::shown;
use crate::cli::render::sharing::{moved, travelled};
use crate::workflow::sharing::{self, PushRequest, Refspec};

/// Send commits to a remote
///
/// Sends what the remote does not have, then moves its timelines, all of them or none. A timeline that is
/// pushed for the first time follows the remote's from then on. Where the remote has commits that are not
/// here, nothing is moved: `aiut pull` joins them first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut push
  aiut push origin noir
  aiut push origin noir:what-if    # under another name there
  aiut push --all --tags
  aiut push --delete what-if
  aiut push --force-with-lease     # replace what is there, if nobody pushed since it was seen")]
pub(crate) struct PushArgs {
    /// The remote; the one that the timeline follows, or the only one, when not given
    remote: Option<String>,
    /// Timelines and tags, each NAME or HERE:THERE; the current timeline when none is given
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Every timeline
    #[arg(long)]
    all: bool,
    /// Every tag
    #[arg(long)]
    tags: bool,
    /// Take timelines and tags away from the remote
    #[arg(short, long, value_name = "NAME", num_args = 1.., conflicts_with_all = ["names", "all", "tags"])]
    delete: Vec<String>,
    /// Leave commits of the remote behind, if its timeline stands where it was seen last
    #[arg(short, long, visible_alias = "force")]
    force_with_lease: bool,
    /// Tell what would move, and send nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for PushArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let refs = self.names.iter().map(|name| Refspec::parse(name));
        let refs: Vec<Refspec> = refs.collect::<Result<_, _>>()?;
        let request = PushRequest {
            remote: self.remote.as_deref(),
            refs: &refs,
            all: self.all,
            tags: self.tags,
            delete: &self.delete,
            force_with_lease: self.force_with_lease,
            dry_run: self.dry_run,
        };
        let (caller, around) = (context.caller(), context.around());
        let outcome = sharing::push(&project, &caller, &around, request, &*context.progress())?;
        if self.json.json {
            context.done(&outcome)?;
            return Ok(Outcome::Done);
        }
        let remote = shown(&outcome.remote);
        if outcome.moved.is_empty() {
            context.say(format_args!("{remote} has everything already"))?;
            return Ok(Outcome::Done);
        }
        match self.dry_run {
            true => context.say(format_args!("At {remote} would move, and nothing was sent:"))?,
            false => {
                let transfer = travelled(outcome.transfer);
                context.say(format_args!("To {remote}: {transfer}"))?;
            }
        }
        let refs = outcome.moved.iter();
        moved(context, refs.map(|moved| (&*moved.name, moved.from, moved.to)))?;
        for name in &outcome.follow {
            context.say(format_args!("{} follows {remote} from now on", shown(name)))?;
        }
        Ok(Outcome::Done)
    }
}
