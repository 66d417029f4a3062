use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};

/// Show how the scene before ends
///
/// Its last action and line, what everybody looks like at its end, its last frame: what the next
/// scene has to fit to.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut mirror 12
  aiut mirror scene 2A")]
pub(crate) struct MirrorArgs {
    /// The scene that is to be worked on
    #[arg(required = true, value_name = "SCENE")]
    scene: Vec<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for MirrorArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let of = session.mirror(&context.targets(session.root(), &self.scene)?)?;
        if self.json.json {
            json(&mut context.out, &of)?;
            return Ok(Outcome::Done);
        }
        let title = context.out.palette.title;
        let mirror = &of.mirror;
        let (scene, slugline) = (&mirror.scene, shown(&mirror.slugline));
        let before = shown(&of.before);
        writeln!(context.out, "{title}Before scene {before}: scene {scene}{title:#}  {slugline}")?;
        if let Some(action) = &mirror.last_action {
            writeln!(context.out, "  last action  {}", shown(action))?;
        }
        if let Some((speaker, line)) = &mirror.last_line {
            writeln!(context.out, "  last line    {}: {}", shown(speaker), shown(line))?;
        }
        for asset in mirror.state.values() {
            let tags: Vec<&str> = asset.conditions.iter().map(|state| state.tag.as_str()).collect();
            let tags = if tags.is_empty() { "as usual".to_owned() } else { tags.join(", ") };
            writeln!(context.out, "  {:<12} {}", shown(&asset.name), shown(&tags))?;
        }
        if let Some(frame) = &of.last_frame {
            writeln!(context.out, "  last frame   {}", shown(frame))?;
        }
        if let Some(transition) = &mirror.transition {
            writeln!(context.out, "  goes over by {transition}")?;
        }
        Ok(Outcome::Done)
    }
}
