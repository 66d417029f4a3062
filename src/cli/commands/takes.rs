use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{for_shell, json, shown};
use crate::cli::render;
use crate::workflow::film::UnusedReport;

/// List the takes of an output, or those that no timeline holds
///
/// Every generation of the output that is stored, and what people put in its place, oldest first;
/// `*` marks the selected one.
///
/// With --unused, the takes that no commit of any timeline or tag holds: what was undone, was made
/// on timelines that are deleted, or by runs that were interrupted. The largest comes first. With
/// --delete they are let go of: they are listed and picked no more, and `aiut generate` makes anew,
/// and pays for, what it would have taken from them. `aiut undo` takes that back until `aiut gc` has
/// freed the room, 30 days later. What they cost stays in `aiut cost`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut takes frames/012_003.png
  aiut takes 12-3
  aiut generate frames/012_003.png --new-take
  aiut pick frames/012_003.png 2
  aiut takes --unused                  of everything
  aiut takes --unused clips --delete
  aiut takes --unused scene 12 --json")]
pub(crate) struct TakesArgs {
    /// Outputs: a path, a shot (12-3), `frames 12-3`, `scene 12`, a stage; all of them with --unused
    #[arg(value_name = "WHAT", required_unless_present = "unused")]
    what: Vec<String>,
    /// List what no timeline or tag holds
    #[arg(long)]
    unused: bool,
    /// Let go of what is listed
    #[arg(long, requires = "unused")]
    delete: bool,
    /// Do not ask before takes are let go of
    #[arg(short, long, requires = "delete")]
    yes: bool,
    /// List all of them, however many there are
    #[arg(long, requires = "unused")]
    all: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for TakesArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        if self.unused {
            return self.unused(context);
        }
        let session = context.film()?;
        let targets = context.targets(session.root(), &self.what)?;
        let takes = session.takes(&targets)?;
        if self.json.json {
            json(&mut context.out, &takes)?;
            return Ok(Outcome::Done);
        }
        if takes.is_empty() {
            context.say("No takes yet.")?;
        }
        let several = takes.windows(2).any(|pair| pair[0].path != pair[1].path);
        let mut last = None;
        for take in &takes {
            if several && last != Some(&take.path) {
                let title = context.out.palette.title;
                writeln!(context.out, "{title}{}{title:#}", shown(take.path.as_str()))?;
                last = Some(&take.path);
            }
            render::takes::take(&mut context.out, take)?;
        }
        Ok(Outcome::Done)
    }
}

impl TakesArgs {
    fn unused(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let targets = context.targets(session.root(), &self.what)?;
        let mut report = session.unused_takes(&targets)?;
        if !self.json.json {
            render::takes::unused(&mut context.out, &report, self.all)?;
        }
        if self.delete && !report.takes.is_empty() {
            self.confirm(context, &report)?;
            let deleted = session.let_go_of_takes(&report)?;
            report.deleted = true;
            if !self.json.json {
                context.say(render::takes::deleted(deleted, &report))?;
            }
        } else if !self.delete && !self.json.json && !report.takes.is_empty() {
            let command = self.command();
            context.say(format_args!("`{command} --delete` lets go of them."))?;
        }
        if self.json.json {
            json(&mut context.out, &report)?;
        }
        Ok(Outcome::Done)
    }

    /// The command with the same words, for a shell.
    fn command(&self) -> String {
        let words = self.what.iter().map(|word| format!(" {}", for_shell(word)));
        format!("aiut takes --unused{}", words.collect::<String>())
    }

    /// Says what is lost, and asks.
    fn confirm(&self, context: &mut Context, report: &UnusedReport) -> Result<(), CliError> {
        if self.yes {
            return Ok(());
        }
        let lost = render::takes::lost(report);
        // Who reads JSON sees nothing before the question, and is not asked.
        if context.can_ask() && !self.json.json {
            context.out.flush()?;
            if context.ask(&format!("This loses {lost}. Let go of them?"))? {
                return Ok(());
            }
        }
        Err(CliError::new(format!("nothing was let go of: this loses {lost}"))
            .hint(format!("{} --delete --yes   goes on without asking", self.command())))
    }
}
