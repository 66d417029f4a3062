//! The command line: arguments in, text and exit codes out.
//!
//! ```text
//! main ─ reads arguments, environment, folder, clock, terminal: once ─▶ Context
//!      ─ clap ─▶ one command of `commands` ─ calls workflow ─▶ result ─ render or JSON ─▶ Output
//! ```
//! A command is one file of `commands/` and one line of its table. It holds no logic: it turns
//! arguments into a call of `workflow` and the result into text. Whatever names a file, a ref or
//! a person goes through [`format::shown`], so that no terminal escape reaches the terminal.

mod arguments;
mod commands;
mod context;
mod editor;
mod environment;
mod error;
mod film;
mod format;
mod operands;
mod output;
mod palette;
mod progress;
mod render;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use arguments::Arguments;
use context::Context;
use environment::Surroundings;
use error::CliError;

/// What a command came to, beside an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It did what was asked.
    Done,
    /// It looked for something and found it: stale shots, damage, a conflict.
    Found,
}

/// Runs the command line of this process.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a check found something.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let surroundings = Surroundings::read();
    let code = match run(&arguments, surroundings) {
        Ok(Outcome::Done) => 0,
        Ok(Outcome::Found) => 3,
        Err((error, palette)) => {
            error.report(&palette);
            error.exit_code()
        }
    };
    ExitCode::from(code)
}

fn run(
    arguments: &[OsString],
    surroundings: Surroundings,
) -> Result<Outcome, (CliError, palette::Palette)> {
    let plain = surroundings.error_palette(None);
    let matches = match commands::grouped(Arguments::command()).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(answer) if !answer.use_stderr() => {
            let color = surroundings.stdout_is_terminal && !surroundings.no_color();
            return output::print_help(&answer, color)
                .map(|()| Outcome::Done)
                .map_err(|e| (e, plain));
        }
        Err(error) => return Err((CliError::usage(&error), plain)),
    };
    let parsed = Arguments::from_arg_matches(&matches);
    let parsed = parsed.map_err(|error| (CliError::usage(&error), plain.clone()))?;
    let palette = surroundings.error_palette(parsed.global.color());
    let mut context = Context::new(&parsed.global, surroundings, arguments)
        .map_err(|error| (error, palette.clone()))?;
    let outcome = parsed.command.run(&mut context);
    let closed = context.out.close();
    match (outcome, closed) {
        (Ok(outcome), Ok(())) => Ok(outcome),
        (Err(error), _) => Err((error, palette)),
        (Ok(outcome), Err(error)) => match CliError::from(error) {
            error if error.is_broken_pipe() => Ok(outcome),
            error => Err((error, palette)),
        },
    }
    .or_else(|(error, palette)| {
        // Whoever read the output has had enough: nothing went wrong.
        if error.is_broken_pipe() {
            Ok(Outcome::Done)
        } else {
            Err((error, palette))
        }
    })
}
