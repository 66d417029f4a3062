use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, shown, size};
use crate::cli::render::sharing::travelled;
use crate::workflow::sharing::{self, CloneRequest, Keeps, Place};

/// Make a copy of a shared project, with its whole history
///
/// PLACE is a folder that `aiut init --shared` made, or somebody's project, on this machine or a mounted
/// disk, or a file that `aiut export bundle` wrote; file:///PATH is one too. A project of an `aiut-server` is https://HOST/NAME, with a token from
/// ~/.config/aiut/tokens. The copy remembers the place as `origin`: `aiut pull` takes over what others
/// pushed there, `aiut push` sends one's own commits. Nothing of a cloned project runs before `aiut trust`.
/// A clone that was interrupted goes on when it is given again.
///
/// A part is enough for many desks: with --no-media or --only, the history and what each file was made from come
/// whole, and contents that are left are got when a command reads them, or by `aiut hydrate`; a push sends what is
/// new, as from any copy. With --depth, the history ends before older commits.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut clone /media/studio/night-ferry
  aiut clone file:///media/studio/night-ferry ferry
  aiut clone https://studio.example/night-ferry
  aiut clone night-ferry.aiut
  aiut clone --timeline noir /media/studio/night-ferry
  aiut clone --no-media https://studio.example/night-ferry
  aiut clone --only 'shots/**' --only 'clips/012*' /media/studio/night-ferry
  aiut clone --depth 1 /media/studio/night-ferry")]
pub(crate) struct CloneArgs {
    /// Where the project is shared
    place: String,
    /// The new folder; called as the place is when not given
    dir: Option<PathBuf>,
    /// The timeline to begin on; the one that the place stands on when not given
    #[arg(short, long, value_name = "NAME")]
    timeline: Option<String>,
    /// What the place is called in the copy
    #[arg(short, long, value_name = "NAME", default_value = "origin")]
    origin: String,
    /// Leave pictures, clips and sounds at the place, and get what a command reads
    #[arg(long)]
    no_media: bool,
    /// Get only files that a pattern fits, `shots`, `'clips/012*'`, as they are now; given again, another one
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// Get only so many commits from the end of each timeline on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    depth: Option<u32>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for CloneArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let place = Place::typed(&self.place, &|path| context.absolute(path))?;
        let dir = match (&self.dir, place.stem()) {
            (Some(dir), _) => dir.clone(),
            (None, Some(stem)) => PathBuf::from(stem),
            (None, None) => {
                return Err(CliError::misuse("the place has no name: name the new folder after it"));
            }
        };
        let root = context.absolute(&dir);
        let is_part = self.no_media || !self.only.is_empty();
        let keeps = is_part.then(|| Keeps {
            media: !self.no_media,
            only: self.only.clone(),
        });
        let request = CloneRequest {
            place: &place,
            root: &root,
            name: Some(&self.origin),
            timeline: self.timeline.as_deref(),
            keeps: keeps.as_ref(),
            depth: self.depth,
            id: context.new_project_id()?,
        };
        let (caller, around) = (context.caller(), context.around());
        let outcome = sharing::clone(&caller, &around, request, &*context.progress())?;
        if self.json.json {
            context.done(&outcome)?;
            return Ok(Outcome::Done);
        }
        context.say(format_args!("Cloned {} into {}", shown(&outcome.place), shown(&outcome.root)))?;
        context.say(format_args!(
            "  {}, {}; {} travelled",
            count(outcome.timelines, "timeline", "timelines"),
            count(outcome.files, "file", "files"),
            travelled(outcome.transfer)
        ))?;
        let left = outcome.left_out;
        if !left.is_empty() {
            context.say(format_args!(
                "  {}, {}, left at {}; `aiut hydrate PATH` gets them",
                count(left.files, "file", "files"),
                size(left.bytes),
                shown(&self.origin)
            ))?;
        }
        if outcome.ends_before > 0 {
            context.say("  older commits left there; `aiut fetch --unshallow` gets them")?;
        }
        let place = outcome.head.describe();
        context.say(format_args!("On {}", shown(&place)))?;
        Ok(Outcome::Done)
    }
}
