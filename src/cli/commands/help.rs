use std::io::Write;

use clap::{Args, CommandFactory};

use super::{Run, grouped};
use crate::cli::Outcome;
use crate::cli::arguments::Arguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::usage::no_such_command;

/// Tell about all commands, or one
///
/// `aiut help COMMAND` prints what `aiut COMMAND --help` prints.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut help
  aiut help generate
  aiut help op log")]
pub(crate) struct HelpArgs {
    /// The command, `commit` or `op log`; all of them when not given
    #[arg(value_name = "COMMAND")]
    words: Vec<String>,
}

impl Run for HelpArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let mut root = grouped(Arguments::command(), context.surroundings.columns());
        root.build();
        let mut command = &root;
        for (at, word) in self.words.iter().enumerate() {
            let Some(inner) = command.find_subcommand(word) else {
                let path = self.words[..at].join(" ");
                return Err(match at > 0 && !command.has_subcommands() {
                    true => CliError::misuse(format!("{path} has no commands of its own"))
                        .hint(format!("aiut help {path}")),
                    false => no_such_command(&root, &path, command, word),
                });
            };
            command = inner;
        }
        let words = self.words.iter().map(String::as_str);
        let line = ["aiut"].into_iter().chain(words).chain(["--help"]);
        // The help is what clap answers with instead of an error.
        if let Err(help) = root.try_get_matches_from(line) {
            let text = help.render();
            match context.out.palette.shows_words() {
                true => write!(context.out, "{}", text.ansi())?,
                false => write!(context.out, "{text}")?,
            }
        }
        Ok(Outcome::Done)
    }
}
