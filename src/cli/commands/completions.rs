use std::io::Write;

use clap::Args;
use clap_complete::Shell;

use super::Run;
use crate::cli::Outcome;
use crate::cli::complete::write_registration;
use crate::cli::context::Context;
use crate::cli::error::CliError;

/// Print what makes a shell complete commands, options and names
///
/// The shell asks aiut itself at each key: timelines, tags, scenes, shots, stages, settings, takes
/// and paths are those of the project that you are in. Nothing of a project is run or changed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  source <(aiut completions bash)
  aiut completions bash > ~/.local/share/bash-completion/completions/aiut
  aiut completions zsh  > ~/.zfunc/_aiut
  aiut completions fish > ~/.config/fish/completions/aiut.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Run for CompletionsArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let mut script = Vec::new();
        write_registration(&self.shell.to_string(), &mut script)?;
        context.out.write_all(&script)?;
        Ok(Outcome::Done)
    }
}
