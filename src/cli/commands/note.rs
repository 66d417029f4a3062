use std::path::Path;

use clap::{Args, Subcommand, ValueEnum};

use super::Run;
use super::blame::lines;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::render;
use crate::history::Project;
use crate::pipeline::{Does, Mark};
use crate::workflow::notes::{NoteOutcome, Said, Target, Writer, add, answer, list, target};
use crate::workflow::repository::locate;

/// Write and answer notes on shots, scenes, files and commits
///
/// A note begins a thread that others answer and settle; `@ada` in it names somebody. Of a file, some
/// lines can be meant, and marked: keep, rewrite, love or hate; the note follows their words. Threads
/// lie in notes/, one file each, are committed as they are written, and merge without conflict.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut note add \"Too dark, @pavel?\" --on shot 2-11
  aiut note add --mark love --on script.fountain -L 40,44
  aiut note list
  aiut note reply 1f2e \"Lighter now\"
  aiut note resolve 1f2e")]
pub(crate) struct NoteArgs {
    #[command(subcommand)]
    command: NoteCommand,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum MarkName {
    Keep,
    Rewrite,
    Love,
    Hate,
}

impl MarkName {
    fn mark(self) -> Mark {
        match self {
            Self::Keep => Mark::Keep,
            Self::Rewrite => Mark::Rewrite,
            Self::Love => Mark::Love,
            Self::Hate => Mark::Hate,
        }
    }
}

#[derive(Debug, Subcommand)]
enum NoteCommand {
    /// Begin a thread
    Add {
        /// What there is to say
        #[arg(required_unless_present = "mark")]
        text: Option<String>,
        /// What it is about: `shot 2-11`, `scene 3`, a path, or a commit
        #[arg(long, required = true, num_args = 1..=2, value_name = "WHAT")]
        on: Vec<String>,
        /// Of a file, these lines: 40,44 or 40
        #[arg(short = 'L', value_name = "LINES")]
        range: Option<String>,
        /// Mark it: keep, rewrite, love or hate
        #[arg(long, value_name = "MARK", hide_possible_values = true)]
        mark: Option<MarkName>,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// List the threads that are open
    List {
        /// And those that are settled
        #[arg(short, long)]
        all: bool,
        /// Only those that name this person
        #[arg(long = "for", value_name = "NAME")]
        person: Option<String>,
        /// Only those about this: `shot 2-11`, `scene 3`, a path, or a commit
        #[arg(long, num_args = 1..=2, value_name = "WHAT")]
        on: Vec<String>,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Answer a thread
    Reply {
        /// The beginning of its id
        thread: String,
        /// What there is to say
        text: String,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Settle a thread
    Resolve {
        /// The beginning of its id
        thread: String,
        /// How it was settled
        text: Option<String>,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Open a settled thread again
    Reopen {
        /// The beginning of its id
        thread: String,
        /// Why
        text: Option<String>,
        #[command(flatten)]
        json: JsonArgs,
    },
}

impl Run for NoteArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = std::sync::Arc::new(context.project()?);
        let caller = context.caller();
        if let NoteCommand::List {
            all,
            person,
            on,
            json: form,
        } = &self.command
        {
            let about = match on.is_empty() {
                true => None,
                false => Some(meant(context, &project, on, None)?),
            };
            let threads = list(&project, *all, person.as_deref(), about.as_ref())?;
            if form.json {
                json(&mut context.out, &threads)?;
                return Ok(Outcome::Done);
            }
            if threads.is_empty() {
                context.say("No note is open.")?;
            }
            render::note::threads(&mut context.out, &threads)?;
            return Ok(Outcome::Done);
        }
        let author = context.author(project.root())?;
        let own = context.own_files(&project)?;
        let writer = Writer {
            author: &author,
            caller: &caller,
            own: &own,
        };
        let reply = |thread: &str, text: Option<&str>, does| {
            let text = text.unwrap_or_default();
            answer(&project, &writer, thread, Said { text, mark: None, does })
        };
        let (outcome, form): (NoteOutcome, &JsonArgs) = match &self.command {
            NoteCommand::Add {
                text,
                on,
                range,
                mark,
                json,
            } => {
                let target = meant(context, &project, on, range.as_deref())?;
                let said = Said {
                    text: text.as_deref().unwrap_or_default(),
                    mark: mark.map(MarkName::mark),
                    does: Does::Says,
                };
                (add(&project, &writer, target, said)?, json)
            }
            NoteCommand::Reply { thread, text, json } => {
                (reply(thread, Some(text), Does::Says)?, json)
            }
            NoteCommand::Resolve { thread, text, json } => {
                (reply(thread, text.as_deref(), Does::Resolves)?, json)
            }
            NoteCommand::Reopen { thread, text, json } => {
                (reply(thread, text.as_deref(), Does::Reopens)?, json)
            }
            NoteCommand::List { .. } => unreachable!("it was answered above"),
        };
        if form.json {
            context.done(&outcome)?;
            return Ok(Outcome::Done);
        }
        let (id, about) = (outcome.thread.id.clone(), outcome.thread.about.clone());
        let what = match (&self.command, outcome.thread.resolved) {
            (NoteCommand::Add { .. }, _) => "Noted",
            (_, true) => "Settled",
            (NoteCommand::Reopen { .. }, _) => "Open again",
            _ => "Answered",
        };
        context.say(format_args!("{what}: {} {id}", shown(&about)))?;
        Ok(Outcome::Done)
    }
}

/// What the words behind `--on` mean.
fn meant(
    context: &Context,
    project: &Project,
    words: &[String],
    range: Option<&str>,
) -> Result<Target, CliError> {
    let path = match words {
        [word] => locate(project.root(), &context.folder, Path::new(word)).ok().flatten(),
        _ => None,
    };
    let lines = range.map(lines).transpose()?;
    if lines.is_some() && words.len() > 1 {
        return Err(CliError::misuse("-L means lines of a file, and --on names none"));
    }
    Ok(target(project, &context.caller(), words, path, lines)?)
}
