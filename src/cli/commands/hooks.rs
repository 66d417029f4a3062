use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::render;
use crate::workflow::hooks::{Hook, HookError, Hooks, read_program};

/// List, install or remove programs that run before or after a command
///
/// A hook is a program in .aiut/hooks: it reads JSON and, before a commit, a push or a run, stops it with any exit
/// code but 0. Hooks never travel with a project, and each runs only as you agreed to it: an edited one asks again.
/// --no-verify of `commit`, `push` and `generate` goes on without them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut hooks
  aiut hooks show pre-commit               # the one that is there, else the sample
  aiut hooks install pre-commit            # the sample, after showing it
  aiut hooks install pre-push ./check.sh   # a program of your own
  aiut hooks trust pre-commit              # after editing it
  aiut hooks remove pre-commit")]
pub(crate) struct HooksArgs {
    #[command(subcommand)]
    command: Option<HooksCommand>,
    #[command(flatten)]
    json: JsonArgs,
}

#[derive(Debug, Subcommand)]
enum HooksCommand {
    /// List them
    List {
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Print the hook that is there, else its sample
    Show {
        /// pre-commit, post-commit, pre-push, pre-generate, post-generate, post-stale
        name: String,
    },
    /// Put a hook there: its sample, or a program of your own
    Install {
        /// pre-commit, post-commit, pre-push, pre-generate, post-generate, post-stale
        name: String,
        /// The program; the sample that aiut brings when not given
        file: Option<PathBuf>,
        /// Replace the one that is there
        #[arg(short, long)]
        force: bool,
        /// Do not ask
        #[arg(short, long)]
        yes: bool,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Show a hook that is there, and agree to it
    Trust {
        /// Its name
        name: String,
        /// Do not ask
        #[arg(short, long)]
        yes: bool,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Take a hook away
    #[command(alias = "rm")]
    Remove {
        /// Its name
        name: String,
        #[command(flatten)]
        json: JsonArgs,
    },
}

impl Run for HooksArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let trust = context.trust_file();
        let hooks = Hooks::of(&project, trust.as_ref());
        let list = HooksCommand::List { json: JsonArgs { json: false } };
        let command = self.command.as_ref().unwrap_or(&list);
        let is_json = self.json.json || command.is_json();
        let (found, said) = match command {
            HooksCommand::List { .. } => {
                let list = hooks.list()?;
                match is_json {
                    true => json(&mut context.out, &list)?,
                    false => render::hooks::list(&mut context.out, &list)?,
                }
                return Ok(Outcome::Done);
            }
            HooksCommand::Show { name } => {
                let hook = Hook::named(name)?;
                let sample = || hook.sample().map(|sample| sample.as_bytes().to_vec());
                let text = hooks.installed(hook)?.or_else(sample);
                context.out.write_all(&text.ok_or(HookError::Absent(hook))?)?;
                return Ok(Outcome::Done);
            }
            HooksCommand::Install { name, file, force, yes, .. } => {
                let hook = Hook::named(name)?;
                let bytes = match file {
                    Some(file) => read_program(&context.absolute(file))?,
                    None => {
                        let sample = hook.sample().ok_or(HookError::NoSample(hook))?;
                        sample.as_bytes().to_vec()
                    }
                };
                hooks.check_free(hook, &bytes, *force)?;
                let question = format!("Install this as {hook}?");
                agreed(context, hook, &bytes, &question, *yes, is_json)?;
                let found = hooks.install(hook, &bytes)?;
                (found, format!("{hook} runs {}", hook.moment()))
            }
            HooksCommand::Trust { name, yes, .. } => {
                let hook = Hook::named(name)?;
                let bytes = hooks.installed(hook)?.ok_or(HookError::Absent(hook))?;
                let question = format!("Let this run as {hook}?");
                agreed(context, hook, &bytes, &question, *yes, is_json)?;
                (hooks.agree(hook, &bytes)?, format!("{hook} runs {}", hook.moment()))
            }
            HooksCommand::Remove { name, .. } => {
                let hook = Hook::named(name)?;
                hooks.remove(hook)?;
                (hooks.find(hook)?, format!("{hook} is gone"))
            }
        };
        match is_json {
            true => json(&mut context.out, &found)?,
            false => context.say(said)?,
        }
        Ok(Outcome::Done)
    }
}

impl HooksCommand {
    fn is_json(&self) -> bool {
        match self {
            Self::List { json }
            | Self::Install { json, .. }
            | Self::Trust { json, .. }
            | Self::Remove { json, .. } => json.json,
            Self::Show { .. } => false,
        }
    }
}

/// Shows what would run, and asks, unless `yes`. Where nothing is shown, nobody is asked.
fn agreed(
    context: &mut Context,
    hook: Hook,
    bytes: &[u8],
    question: &str,
    yes: bool,
    is_json: bool,
) -> Result<(), CliError> {
    let is_shown = !is_json && !context.is_quiet();
    if is_shown {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                for line in text.lines() {
                    writeln!(context.out, "    {}", shown(line))?;
                }
            }
            Err(_) => writeln!(context.out, "    a program of {} bytes", bytes.len())?,
        }
        context.out.flush()?;
    }
    if yes || (is_shown && context.ask(question)?) {
        return Ok(());
    }
    Err(CliError::new(format!("{hook} was not agreed to: nothing was done"))
        .hint("--yes   agrees without being asked"))
}
