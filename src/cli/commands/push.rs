use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, shown};
use crate::cli::render::sharing::{moved, travelled};
use crate::history::Project;
use crate::workflow::hooks::Hook;
use crate::workflow::sharing::{PushRequest, Refspec, Remotes, ready_to_push};

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
  aiut push origin --delete what-if noir
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
    /// Take the timelines and tags named away from the remote
    #[arg(short, long, conflicts_with_all = ["all", "tags"])]
    delete: bool,
    /// Leave commits of the remote behind, if its timeline stands where it was seen last
    #[arg(short, long, visible_alias = "force")]
    force_with_lease: bool,
    /// Tell what would move, and send nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Go on without the hook pre-push
    #[arg(long)]
    no_verify: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for PushArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let (remote, names) = self.words(context, &project)?;
        let (names, delete) = match self.delete {
            true => (Vec::new(), names),
            false => (names, Vec::new()),
        };
        let refs = names.iter().map(|name| Refspec::parse(name));
        let refs: Vec<Refspec> = refs.collect::<Result<_, _>>()?;
        let request = PushRequest {
            remote: remote.as_deref(),
            refs: &refs,
            all: self.all,
            tags: self.tags,
            delete: &delete,
            force_with_lease: self.force_with_lease,
        };
        let ready = ready_to_push(&project, &context.around(), request)?;
        let outcome = match self.dry_run {
            true => ready.would(&project)?,
            false => {
                if !self.no_verify {
                    context.hook_before(&project, Hook::PrePush, || Ok(Some(ready.plan()?)))?;
                }
                ready.send(&project, &context.caller(), &*context.progress())?
            }
        };
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
        if !outcome.in_conflict.is_empty() {
            let files = count(outcome.in_conflict.len(), "file is", "files are");
            let first = &outcome.in_conflict[0];
            context.warn(&format!(
                "{files} in conflict in what {} pushed, {first} the first; `aiut resolve` settles it, here or at any other desk",
                if self.dry_run { "would be" } else { "was" },
            ));
        }
        for name in &outcome.follow {
            context.say(format_args!("{} follows {remote} from now on", shown(name)))?;
        }
        Ok(Outcome::Done)
    }
}

impl PushArgs {
    /// The remote and the names that the words mean. With `--delete` the remote may be left out, or stand last.
    fn words(
        &self,
        context: &Context,
        project: &Project,
    ) -> Result<(Option<String>, Vec<String>), CliError> {
        let mut names: Vec<String> = self.remote.iter().chain(&self.names).cloned().collect();
        if !self.delete {
            let remote = match &self.remote {
                Some(remote) => Some(context.remote_name(project, remote)?),
                None => None,
            };
            return Ok((remote, self.names.clone()));
        }
        let remotes = Remotes::load(project)?;
        let is_remote = |name: &String| remotes.names().any(|known| known == name);
        let remote = match (names.first(), names.last()) {
            (Some(first), _) if is_remote(first) => Some(names.remove(0)),
            (_, Some(last)) if is_remote(last) => names.pop(),
            _ => None,
        };
        match names.is_empty() {
            true => Err(CliError::misuse("say which timelines or tags go: aiut push --delete NAME")),
            false => Ok((remote, names)),
        }
    }
}
