use std::io::Write as _;
use std::process::Command;

use clap::{Args, Subcommand};

use super::Run;
use crate::base::process::spawn;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{json, shown};
use crate::cli::render;
use crate::history::Project;
use crate::workflow::repository::{
    BisectReport, BisectStep, Verdict, bisect_end, bisect_mark, bisect_missing, bisect_now,
    bisect_start,
};

/// Find the commit that brought something in
///
/// Name a commit that has it, bad, and one before it that has not, good. aiut goes to the commit in
/// the middle; say what it is, and the half of the rest is left, until one commit remains. `run` does
/// that with a command of yours: it ends with 0 where the commit is good, with 125 where it cannot
/// tell, and with any other code up to 127 where it is bad. `reset` goes back to where you stood.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut bisect start HEAD draft-1
  aiut bisect good
  aiut bisect bad
  aiut bisect skip
  aiut bisect run grep -q Mila script.fountain
  aiut bisect reset")]
pub(crate) struct BisectArgs {
    #[command(subcommand)]
    command: BisectCommand,
}

#[derive(Debug, Subcommand)]
enum BisectCommand {
    /// Begin, with a commit that is bad and some that are good, as far as they are known
    Start {
        /// A commit that has what is looked for
        bad: Option<String>,
        /// Commits before it that have not
        good: Vec<String>,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Say that commits are without it; the current one if none is named
    Good {
        /// The commits
        revisions: Vec<String>,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Say that a commit has it; the current one if none is named
    Bad {
        /// The commit
        revisions: Option<String>,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Say that commits tell nothing; the current one if none is named
    Skip {
        /// The commits
        revisions: Vec<String>,
        #[command(flatten)]
        json: JsonArgs,
    },
    /// Let a command of yours tell; commits without the outputs that the bad one has are skipped
    Run {
        /// The command, with its arguments
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
    /// Show what is known
    Log {
        #[command(flatten)]
        json: JsonArgs,
    },
    /// End, and go back to where the project stood
    Reset {
        #[command(flatten)]
        json: JsonArgs,
    },
}

/// What a command ends with where it cannot tell.
const CANNOT_TELL: i32 = 125;
/// The last code that means bad; beyond, the command itself went wrong.
const LAST_BAD: i32 = 127;

impl Run for BisectArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let caller = context.caller();
        let mark = |verdict, revisions: &[String]| bisect_mark(&project, &caller, verdict, revisions);
        let (report, form) = match &self.command {
            BisectCommand::Start { bad, good, json } => {
                (bisect_start(&project, &caller, bad.as_deref(), good)?, json)
            }
            BisectCommand::Good { revisions, json } => (mark(Verdict::Good, revisions)?, json),
            BisectCommand::Bad { revisions, json } => {
                (mark(Verdict::Bad, revisions.as_slice())?, json)
            }
            BisectCommand::Skip { revisions, json } => (mark(Verdict::Skip, revisions)?, json),
            BisectCommand::Run { command } => {
                let report = run(context, &project, command)?;
                render::bisect::stands(&mut context.out, &report)?;
                return Ok(Outcome::Done);
            }
            BisectCommand::Log { json } => (bisect_now(&project)?, json),
            BisectCommand::Reset { json } => {
                let from = bisect_end(&project, &caller)?;
                match json.json {
                    true => context.done(&serde_json::json!({ "back_on": from }))?,
                    false => context.say(format_args!("Back on {}", shown(&from)))?,
                }
                return Ok(Outcome::Done);
            }
        };
        if form.json {
            json(&mut context.out, &report)?;
            return Ok(Outcome::Done);
        }
        if let BisectCommand::Log { .. } = &self.command {
            render::bisect::verdicts(&mut context.out, &report)?;
        }
        render::bisect::stands(&mut context.out, &report)?;
        Ok(Outcome::Done)
    }
}

/// Lets a command tell of one commit after the other.
fn run(
    context: &mut Context,
    project: &Project,
    command: &[String],
) -> Result<BisectReport, CliError> {
    let pipeline = context.stages(project)?;
    let caller = context.caller();
    let mut report = bisect_now(project)?;
    while report.step == BisectStep::Testing {
        let verdict = match bisect_missing(project, &pipeline)? {
            Some(why) => {
                context.say(format_args!("skipped: {}", shown(&why)))?;
                Verdict::Skip
            }
            None => told(context, project, command)?,
        };
        report = bisect_mark(project, &caller, verdict, &[])?;
        if report.step == BisectStep::Testing {
            render::bisect::stands(&mut context.out, &report)?;
        }
    }
    if report.step == BisectStep::Waiting {
        return Err(CliError::new("a bad and a good commit are still to be named")
            .hint("aiut bisect bad REV, aiut bisect good REV"));
    }
    Ok(report)
}

/// What the command says of the commit that the project stands on.
fn told(
    context: &mut Context,
    project: &Project,
    command: &[String],
) -> Result<Verdict, CliError> {
    let (program, arguments) = command.split_first().expect("clap asks for one word");
    context.out.flush()?;
    let mut process = Command::new(program);
    process.args(arguments).current_dir(project.root());
    let ended = spawn(&mut process).and_then(|mut child| child.wait());
    let status = ended.map_err(|error| {
        CliError::new(format!("{program} cannot be started: {error}"))
            .because_of(&error)
            .hint("aiut bisect log   shows where it stands, aiut bisect reset ends it")
    })?;
    match status.code() {
        Some(0) => Ok(Verdict::Good),
        Some(CANNOT_TELL) => Ok(Verdict::Skip),
        Some(code) if (1..=LAST_BAD).contains(&code) => Ok(Verdict::Bad),
        _ => Err(CliError::new(format!("{program} ended with {status}, which tells nothing of the commit"))
            .hint("it ends with 0 for good, 125 for cannot tell, 1 to 127 for bad")
            .hint("aiut bisect log   shows where it stands, aiut bisect reset ends it")),
    }
}
