use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::render;

/// Explain why a shot or its prompt is as it is
///
/// Of a shot, says which rule made each of its fields what it is, and which words of the script.
/// Of a prompt, says what it is put together from, where that stands, and what was left out and why.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut explain 12-3
  aiut explain shot 012_003
  aiut explain prompt 12-3")]
pub(crate) struct ExplainArgs {
    /// The shot, or prompt and the shot: 12-3, or 012_003 as its files are called
    #[arg(required = true, value_name = "SHOT")]
    shot: Vec<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for ExplainArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let (of_prompt, words) = match self.shot.as_slice() {
            [word, rest @ ..] if !rest.is_empty() && matches!(word.as_str(), "prompt" | "prompts") => {
                (true, rest)
            }
            words => (false, words),
        };
        let targets = context.targets(session.root(), words)?;
        if of_prompt {
            let explained = session.explain_prompts(&targets)?;
            match self.json.json {
                true => json(&mut context.out, &explained)?,
                false => render::explain::prompts(&mut context.out, &explained)?,
            }
            return Ok(Outcome::Done);
        }
        let explained = session.explain(&targets)?;
        match self.json.json {
            true => json(&mut context.out, &explained)?,
            false => render::explain::shot(&mut context.out, &explained)?,
        }
        Ok(Outcome::Done)
    }
}
