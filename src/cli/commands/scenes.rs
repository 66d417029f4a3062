use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::film::rate::FrameRate;

/// List the scenes with their production numbers
///
/// A scene keeps its number whatever happens around it: a new one after 12 is 12A, the number of
/// one that is cut is not used again.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut scenes
  aiut scenes --write       put the numbers into the script, as #12#
  aiut scenes --renumber    number all scenes anew, from 1")]
pub(crate) struct ScenesArgs {
    /// Write the numbers into the headings of the script
    #[arg(long, conflicts_with = "renumber")]
    write: bool,
    /// Number all scenes anew, from 1
    #[arg(long)]
    renumber: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for ScenesArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let mut session = context.film()?;
        if self.write || self.renumber {
            let changed = session.number_scenes(self.renumber)?;
            if self.json.json {
                json(&mut context.out, &serde_json::json!({ "changed": changed }))?;
                return Ok(Outcome::Done);
            }
            context.say(match changed.is_empty() {
                true => "Nothing changed.",
                false => "The script carries its numbers now.",
            })?;
            return Ok(Outcome::Done);
        }
        let fps = session.frames_per_second();
        let scenes = session.scenes()?;
        if self.json.json {
            json(&mut context.out, &scenes)?;
            return Ok(Outcome::Done);
        }
        context.page();
        let (title, faint) = (context.out.palette.title, context.out.palette.faint);
        writeln!(
            context.out,
            "{title}{:>5}  {:>6} {:>5} {:>7}  heading{title:#}",
            "scene", "pages", "shots", "length"
        )?;
        for scene in &scenes {
            let shots = scene
                .shots
                .map(|shots| shots.to_string())
                .unwrap_or_default();
            let length = scene
                .frames
                .map(|frames| seconds(frames, fps))
                .unwrap_or_default();
            let stale = match scene.stale {
                0 => String::new(),
                number => format!("  {number} to do"),
            };
            let heading = if scene.heading.is_empty() {
                "(no heading)"
            } else {
                &scene.heading
            };
            writeln!(
                context.out,
                "{:>5}  {:>6} {shots:>5} {length:>7}  {}{faint}{stale}{faint:#}",
                shown(&scene.number),
                scene.pages,
                shown(heading)
            )?;
        }
        Ok(Outcome::Done)
    }
}

/// `1:04` for frames at a rate.
fn seconds(frames: u64, fps: FrameRate) -> String {
    let seconds = fps.whole_units_of(frames, 1);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
