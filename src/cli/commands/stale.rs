use std::io::Write;

use clap::Args;
use serde::Serialize;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::{AllArgs, JsonArgs, WhatArgs};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{for_shell, json, shown};
use crate::cli::render::film;
use crate::pipeline::State;
use crate::workflow::film::FilmReport;
use crate::workflow::hooks::Hook;

/// Say what is out of date, by stage and by scene
///
/// An output is stale when something that it was made from is no longer what it was. Uncommitted
/// edits count. Scenes that an edit touched come first, with the edit. Nothing is changed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut stale
  aiut stale scene 12
  aiut stale frames 12-3
  aiut stale --all        every scene, however many
  aiut stale --check      exit code 3 if something is, for scripts
  aiut stale --paths      one path a line
  aiut stale --edited     what people changed by hand, or made themselves")]
pub(crate) struct StaleArgs {
    #[command(flatten)]
    what: WhatArgs,
    /// Exit with 3 if something is out of date
    #[arg(long)]
    check: bool,
    /// Count outputs whose generator moved on, too
    #[arg(long)]
    outdated: bool,
    /// List the outputs that are edited by hand, stale or not
    #[arg(long, conflicts_with = "check")]
    edited: bool,
    /// Print only the paths
    #[arg(long, conflicts_with = "json")]
    paths: bool,
    #[command(flatten)]
    all: AllArgs,
    #[command(flatten)]
    json: JsonArgs,
}

/// What the hook reads.
#[derive(Serialize)]
struct AfterStale<'r> {
    /// Outputs that were looked at.
    outputs: usize,
    /// Those of them that are stale or missing.
    needs_work: usize,
    /// What refreshing them may cost, in millionths of a US dollar.
    price_micro_usd: u64,
    /// Runs for it of which nobody knows what they cost.
    unknown_cost_runs: usize,
    /// As `aiut stale --json` prints it.
    report: &'r FilmReport,
}

/// `aiut generate` with these words, for a shell.
fn command(words: &[String]) -> String {
    let words = words.iter().map(|word| for_shell(word));
    let start = ["aiut", "generate"].map(str::to_owned);
    start.into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

impl Run for StaleArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let session = context.film()?;
        let words = context.targets(session.root(), &self.what.what)?;
        let (report, refresh) = session.stale_of(&words, self.outdated)?;
        if self.json.json {
            json(&mut context.out, &report)?;
        } else if self.edited {
            edited(context, &report, self.paths)?;
        } else if self.paths {
            for item in &report.items {
                writeln!(context.out, "{}", item.path)?;
            }
        } else if report.needs_work() {
            film::report(&mut context.out, &report, self.all.rows())?;
            let first = report
                .items
                .iter()
                .rev()
                .find(|item| item.state.needs_work());
            writeln!(
                context.out,
                "\nTo refresh: {}   ({})",
                command(&self.what.what),
                film::effort(&refresh)
            )?;
            if let Some(item) = first {
                writeln!(context.out, "Why:        aiut why {}", item.path)?;
            }
            film::remarks(&mut context.out, &report, self.all.rows())?;
            film::own(&mut context.out, report.edited, report.locked.len())?;
        } else {
            let states = film::states(&report.states);
            let what = match self.what.what.is_empty() {
                true => "Everything",
                false => "All of that",
            };
            context.say(match report.outputs {
                0 => "There is nothing of that yet.".to_owned(),
                _ => format!("{what} is up to date: {states}."),
            })?;
            film::remarks(&mut context.out, &report, self.all.rows())?;
            film::own(&mut context.out, report.edited, report.locked.len())?;
        }
        context.hook_after(session.project(), Hook::PostStale, || AfterStale {
            outputs: report.outputs,
            needs_work: report.items.iter().filter(|item| item.state.needs_work()).count(),
            price_micro_usd: refresh.expense.price_micro_usd,
            unknown_cost_runs: refresh.expense.unknown_cost_runs,
            report: &report,
        });
        let found = self.check && report.needs_work();
        Ok(if found { Outcome::Found } else { Outcome::Done })
    }
}

/// The outputs that people hold, and how to let go of them.
fn edited(context: &mut Context, report: &FilmReport, paths: bool) -> Result<(), CliError> {
    if paths {
        for item in &report.edited_items {
            writeln!(context.out, "{}", item.path)?;
        }
        return Ok(());
    }
    if report.edited_items.is_empty() {
        context.say("No output is edited by hand.")?;
        return Ok(());
    }
    for item in &report.edited_items {
        let what = match item.state {
            State::Unmanaged => "your own",
            state => state.name(),
        };
        writeln!(context.out, "{what:<9} {}", shown(item.path.as_str()))?;
    }
    context.say("\nTo let go of an edit: aiut restore --generated PATH")?;
    Ok(())
}
