use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::workflow::film::ShotLine;

/// List the shots of a scene, or of the whole film
///
/// Each with its size, its seconds and what is seen; and whether it is locked, or edited by hand.
/// `"locked": true` in a shot of `shots/012.json` keeps every field of it whatever happens to the
/// script; the other shots of the scene share out the rest of its time.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut shots
  aiut shots 12
  aiut shots --locked
  aiut explain shot 012_003     why a shot is as it is")]
pub(crate) struct ShotsArgs {
    /// A scene: 12, 2a, `scene 12`; nothing for the whole film
    #[arg(value_name = "SCENE")]
    scene: Vec<String>,
    /// Only locked shots
    #[arg(long)]
    locked: bool,
    /// Only shots that are edited by hand
    #[arg(long)]
    edited: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for ShotsArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let found = session.shots(&context.targets(session.root(), &self.scene)?)?;
        let mut shots = found.lines;
        shots.retain(|shot| {
            let is_edited = shot.added || !shot.edited.is_empty();
            (shot.locked || !self.locked) && (is_edited || !self.edited)
        });
        if self.json.json {
            json(&mut context.out, &shots)?;
            return Ok(Outcome::Done);
        }
        let error = context.out.palette.error;
        for problem in &found.problems {
            writeln!(context.out, "{error}problem:{error:#} {}", shown(problem))?;
        }
        if shots.is_empty() {
            if !found.problems.is_empty() {
                return Ok(Outcome::Done);
            }
            context.say(match (self.locked, self.edited) {
                (true, _) => "No shot is locked.",
                (_, true) => "No shot is edited by hand.",
                _ => "No shots yet: `aiut generate shots` makes them.",
            })?;
            return Ok(Outcome::Done);
        }
        context.page();
        let (title, faint) = (context.out.palette.title, context.out.palette.faint);
        writeln!(
            context.out,
            "{title}{:<9} {:<8} {:>7}  content{title:#}",
            "shot", "size", "seconds"
        )?;
        for shot in &shots {
            let marks = marks(shot);
            writeln!(
                context.out,
                "{:<9} {:<8} {:>7.1}  {}{faint}{}{faint:#}",
                shown(&shot.shot),
                shown(&shot.size),
                shot.seconds,
                shown(&content(shot)),
                shown(&marks),
            )?;
        }
        Ok(Outcome::Done)
    }
}

/// Longest content of a line, in characters.
const LONGEST: usize = 72;

/// What is seen, or said, in a line.
fn content(shot: &ShotLine) -> String {
    let said = shot.speaker.as_ref().zip(shot.line.as_ref());
    let text = match said {
        Some((speaker, line)) => format!("{speaker}: {line}"),
        None => shot.content.clone(),
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

/// `  locked, edited: lens_mm`
fn marks(shot: &ShotLine) -> String {
    let mut marks = Vec::new();
    if shot.locked {
        marks.push("locked".to_owned());
    }
    if shot.lines_gone {
        marks.push("its lines are gone".to_owned());
    }
    if shot.added {
        marks.push("added by hand".to_owned());
    }
    if !shot.edited.is_empty() {
        marks.push(format!("edited: {}", shot.edited.join(", ")));
    }
    match marks.is_empty() {
        true => String::new(),
        false => format!("  [{}]", marks.join("; ")),
    }
}
