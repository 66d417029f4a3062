use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::Arguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
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
        clap_complete::generate(self.shell, &mut Arguments::command(), "aiut", &mut script);
        context.out.write_all(&script)?;
        Ok(Outcome::Done)
    }
}
