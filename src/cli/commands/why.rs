use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::{AllArgs, JsonArgs, WhatArgs};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::render;
use crate::pipeline::State;

/// Say why an output is out of date, down to the edit
///
/// Names everything that the output was made from and that changed since, with the old and the
/// new value, along the whole chain. Of a shot, a scene, a stage or the film, the last output that
/// is out of date is told of, as it stands on the others: the clip of a shot, the cut of a scene.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut why
  aiut why 12-3
  aiut why frames scene 12
  aiut why clips/012_003.mov
  aiut why film.mp4 --json")]
pub(crate) struct WhyArgs {
    #[command(flatten)]
    what: WhatArgs,
    #[command(flatten)]
    all: AllArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// Most further outputs told by name.
const MOST_OTHERS: usize = 3;

impl Run for WhyArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let targets = context.targets(session.root(), &self.what.what)?;
        let why = session.why(&targets)?;
        if self.json.json {
            json(&mut context.out, &why)?;
            return Ok(Outcome::Done);
        }
        render::why::cause(&mut context.out, &why.cause, self.all.rows())?;
        if why.cause.reasons.is_empty() && why.cause.problem.is_none() {
            context.say(match why.cause.state {
                State::Missing => "It has not been made yet.",
                _ => "Everything that it was made from is as it was.",
            })?;
        }
        render::film::held(&mut context.out, &why)?;
        for path in why.others.iter().take(MOST_OTHERS) {
            let path = shown(path.as_str());
            context.say(format_args!("Also out of date: {path} (aiut why {path})"))?;
        }
        let more = why.others.len().saturating_sub(MOST_OTHERS);
        if more > 0 {
            context.say(format_args!("… and {more} more (aiut stale)"))?;
        }
        Ok(Outcome::Done)
    }
}
