use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, shown};
use crate::cli::render::sharing::travelled;
use crate::workflow::sharing::{self, CloneRequest, Place};

/// Make a copy of a shared project, with its whole history
///
/// PLACE is a folder that `aiut init --shared` made, or somebody's project, on this machine or a mounted
/// disk, or a file that `aiut export bundle` wrote; file:///PATH is one too. A project of an `aiut-server` is https://HOST/NAME, with a token from
/// ~/.config/aiut/tokens. The copy remembers the place as `origin`: `aiut pull` takes over what others
/// pushed there, `aiut push` sends one's own commits. Nothing of a cloned project runs before `aiut trust`.
/// A clone that was interrupted goes on when it is given again.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut clone /media/studio/night-ferry
  aiut clone file:///media/studio/night-ferry ferry
  aiut clone https://studio.example/night-ferry
  aiut clone night-ferry.aiut
  aiut clone --timeline noir /media/studio/night-ferry")]
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
        let request = CloneRequest {
            place: &place,
            root: &root,
            name: Some(&self.origin),
            timeline: self.timeline.as_deref(),
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
        let place = outcome.head.describe();
        context.say(format_args!("On {}", shown(&place)))?;
        Ok(Outcome::Done)
    }
}
