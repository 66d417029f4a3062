use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, shown, size};
use crate::workflow::sharing::{self, DehydrateRequest};

/// Make room: let contents go that a remote has
///
/// Lets go of all versions of the files named, of pictures, clips and sounds when none is named: from the folder
/// and from what is stored. Only what the remote says that it has, and what a timeline or tag of it leads to, goes;
/// what was not pushed stays, and so does an edited file. `aiut hydrate` gets it again, and commands get what they read. The
/// remote is a shared folder or a server.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut dehydrate --dry-run
  aiut dehydrate                  # pictures, clips and sounds
  aiut dehydrate clips/012_003.mov
  aiut dehydrate clips --from studio")]
pub(crate) struct DehydrateArgs {
    /// Files and folders
    paths: Vec<PathBuf>,
    /// The remote that has them; the one that the timeline follows, or the only one, when not given
    #[arg(long, value_name = "REMOTE")]
    from: Option<String>,
    /// Say how much would go, and let nothing go
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for DehydrateArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let scope = context.scope(&project, &self.paths)?;
        let request = DehydrateRequest {
            remote: self.from.as_deref(),
            scope: &scope,
            dry_run: self.dry_run,
        };
        let (caller, around) = (context.caller(), context.around());
        let outcome = sharing::dehydrate(&project, &caller, &around, request, &*context.progress())?;
        if self.json.json {
            context.done(&outcome)?;
            return Ok(Outcome::Done);
        }
        let contents = count(outcome.contents, "content", "contents");
        let (bytes, remote) = (size(outcome.bytes), shown(&outcome.remote));
        match (outcome.contents, self.dry_run) {
            (0, _) if outcome.files.is_empty() => context.say("There is nothing that could go")?,
            (_, true) => context.say(format_args!(
                "Would let go of {contents}, {bytes}, that {remote} has; nothing was done"
            ))?,
            (_, false) => {
                context.say(format_args!("Let go of {contents}, {bytes}, that {remote} has"))?;
                context.say(format_args!(
                    "  {} left the folder; the packs are {} smaller",
                    count(outcome.files.len(), "file", "files"),
                    size(outcome.freed)
                ))?;
            }
        }
        if outcome.kept > 0 {
            let kept = count(outcome.kept, "content", "contents");
            context.say(format_args!("  {kept} stay: {remote} does not have them yet; aiut push sends them"))?;
        }
        for path in &outcome.edited {
            context.say(format_args!("  {} stays in the folder: it was edited", shown(path.as_str())))?;
        }
        Ok(Outcome::Done)
    }
}
