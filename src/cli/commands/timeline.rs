use std::path::PathBuf;

use clap::Args;

use super::Run;
use crate::base::atomic;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, json, shown};
use crate::cli::render;
use crate::workflow::timeline::{drawing, timeline_tree};

/// Show how the timelines hang together and how each stands
///
/// A tree: each timeline below the one that it leaves, with its last commit and author, what it took
/// in, what its runs cost, and how many of its outputs need work, stage by stage.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut timeline
  aiut timeline --no-states
  aiut timeline --svg timelines.svg")]
pub(crate) struct TimelineArgs {
    /// Without the states of outputs: each timeline's film has to be planned for these
    #[arg(long)]
    no_states: bool,
    /// Write the tree as a picture for a browser to this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for TimelineArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = std::sync::Arc::new(context.project()?);
        let nodes = {
            let world = || context.world();
            timeline_tree(&project, (!self.no_states).then_some(&world as _))?
        };
        if let Some(file) = &self.svg {
            let file = context.absolute(file);
            atomic::write(&file, drawing(&nodes).as_bytes()).map_err(|error| {
                CliError::new(format!("cannot write {}: {error}", file.display()))
                    .because_of(&error)
            })?;
            if !self.json.json {
                let timelines = count(nodes.len(), "timeline", "timelines");
                let file = file.display().to_string();
                context.say(format_args!("Drew {timelines} to {}", shown(&file)))?;
                return Ok(Outcome::Done);
            }
        }
        if self.json.json {
            json(&mut context.out, &nodes)?;
            return Ok(Outcome::Done);
        }
        context.page();
        render::timeline::tree(&mut context.out, &nodes)?;
        Ok(Outcome::Done)
    }
}
