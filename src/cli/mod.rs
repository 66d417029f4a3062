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
mod complete;
mod context;
mod difference;
mod editor;
mod environment;
mod error;
mod film;
mod format;
mod habits;
mod hooks;
mod operands;
mod output;
mod palette;
mod progress;
mod render;
mod screen;
mod tool;
mod usage;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use arguments::Arguments;
use context::Context;
use environment::Surroundings;
use error::CliError;
use palette::Palette;

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
/// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a check found something, 130 interrupted.
#[must_use]
pub fn main() -> ExitCode {
    #[cfg(unix)]
    outlive_long_files();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let surroundings = Surroundings::read();
    let mut palette = surroundings.error_palette(None);
    let code = match run(&arguments, surroundings, &mut palette) {
        Ok(Outcome::Done) => 0,
        Ok(Outcome::Found) => 3,
        // Whoever read the output has had enough: nothing went wrong.
        Err(error) if error.is_broken_pipe() => 0,
        Err(error) => {
            // Nothing but an option can be this word before a `--`.
            let mut options = arguments.iter().take_while(|word| *word != "--");
            if options.any(|word| word == "--json") {
                error.report_json();
            } else {
                error.report(&palette);
            }
            error.exit_code()
        }
    };
    ExitCode::from(code)
}

/// Beyond `ulimit -f` the system ends a process without a word. With a handler the write fails instead,
/// and is told like any other that does.
#[cfg(unix)]
fn outlive_long_files() {
    let nobody_looks = std::sync::Arc::default();
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, nobody_looks);
}

/// Runs a command line; `palette` becomes the one for its error messages.
fn run(
    arguments: &[OsString],
    surroundings: Surroundings,
    palette: &mut Palette,
) -> Result<Outcome, CliError> {
    if complete::completed(arguments, &surroundings) {
        return Ok(Outcome::Done);
    }
    // The arguments of all the other commands are only put together where help or an error may
    // speak of them: that takes longer than many a command.
    let matches = Arguments::command()
        .try_get_matches_from(arguments)
        .or_else(|_| {
            let columns = surroundings.columns();
            commands::grouped(Arguments::command(), columns).try_get_matches_from(arguments)
        });
    let matches = match matches {
        Ok(matches) => matches,
        Err(answer) if !answer.use_stderr() => {
            let color = surroundings.colors(None, None, surroundings.stdout_is_terminal);
            output::print_help(&answer, color)?;
            return Ok(Outcome::Done);
        }
        Err(error) => return Err(CliError::usage(&error, arguments)),
    };
    let parsed = Arguments::from_arg_matches(&matches);
    let parsed = parsed.map_err(|error| CliError::usage(&error, arguments))?;
    *palette = surroundings.error_palette(parsed.global.color());
    let mut context = Context::new(&parsed.global, surroundings, arguments)?;
    let outcome = parsed.command.run(&mut context);
    let closed = context.out.close();
    for trouble in context.aftermath.troubles() {
        context.warn(&format!(
            "{trouble}; what was asked for is done and recorded"
        ));
    }
    let recorded = context.aftermath.recorded();
    let known = |error: CliError| {
        if error.tells_what_was_done() {
            return error;
        }
        // Done again, it would be done twice.
        error.hints(recorded.map(|operation| {
            let operation = operation.short();
            format!("operation {operation} is recorded all the same: `aiut op log` shows it")
        }))
    };
    let outcome = outcome.map_err(known)?;
    match closed {
        // An answer that nobody wanted to the end is still the answer.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(known(error.into())),
        _ => Ok(outcome),
    }
}
