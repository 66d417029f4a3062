use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroUsize;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, json, shown};
use crate::cli::render::film;
use crate::workflow::film::{GenerateOptions, Generated};

/// Bring a stage, a scene, a path or the whole film up to date
///
/// Makes what is missing or stale, and all that it stands on, and commits the outputs with their
/// provenance. Uncommitted edits are committed first. Results are stored the moment they arrive:
/// after an interruption the next run goes on where this one stopped.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut generate
  aiut generate frames
  aiut generate scene 12
  aiut generate clips/012_003.mov
  aiut generate frames/012_003.png --new-take
  aiut generate --dry-run")]
pub(crate) struct GenerateArgs {
    /// A stage, `scene 12`, or a path; nothing for the whole film
    what: Vec<String>,
    /// Only show what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Items made side by side [default: the number of cores]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Make another take of what is named, even if it is up to date
    #[arg(long, requires = "what")]
    new_take: bool,
    /// Make again what only the generator's version made old
    #[arg(long)]
    outdated: bool,
    /// Do not ask, whatever it costs
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for GenerateArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let mut session = context.film()?;
        let options = GenerateOptions {
            targets: self.what.clone(),
            new_take: self.new_take,
            outdated: self.outdated,
            jobs: self.jobs,
        };
        let report = session.generate_report(&options)?;
        if self.dry_run || !report.needs_work() && !self.new_take {
            if self.json.json {
                json(&mut context.out, &report)?;
            } else if report.needs_work() || self.new_take {
                film::report(&mut context.out, &report)?;
                writeln!(context.out, "\nIn all: {}", film::effort(&report))?;
            } else {
                context.say("Nothing to do: everything is up to date.")?;
            }
            return Ok(Outcome::Done);
        }
        if !self.json.json {
            let extra = if self.new_take { ", and another take of what is named" } else { "" };
            context.say(format_args!("Making {}{extra}.", film::effort(&report)))?;
        }
        self.confirm(context, report.price_micro_usd)?;
        let cancel = context.interrupts();
        let progress = context.progress();
        let author = context.author(session.root())?;
        let done = session.generate(&options, &author, &*progress, &cancel)?;
        drop(progress);
        if self.json.json {
            json(&mut context.out, &done)?;
        } else {
            print(context, &done)?;
        }
        if done.failed.is_empty() && !done.cancelled {
            return Ok(Outcome::Done);
        }
        Err(failure(&done))
    }
}

impl GenerateArgs {
    /// Asks before money is spent; without a terminal the answer is no.
    fn confirm(&self, context: &mut Context, price_micro_usd: u64) -> Result<(), CliError> {
        if price_micro_usd == 0 || self.yes {
            return Ok(());
        }
        let price = film::dollars(price_micro_usd);
        if context.ask(&format!("This is estimated at {price}. Go on?"))? {
            return Ok(());
        }
        Err(
            CliError::new(format!("nothing was made: it is estimated at {price}"))
                .hint("aiut generate --yes   goes on without asking"),
        )
    }
}

fn print(context: &mut Context, done: &Generated) -> Result<(), CliError> {
    let palette = context.out.palette.clone();
    for row in &done.stages {
        context.say(format_args!("  {:<12} {}", row.stage, row.summary()))?;
    }
    for path in &done.merged {
        context.say(format_args!(
            "merged with your edit: {}",
            shown(path.as_str())
        ))?;
    }
    for kept in &done.conflicts {
        context.say(format_args!("your edit was kept: {}", shown(kept)))?;
    }
    for path in &done.kept_edits {
        let note = format!("changed meanwhile, the new one is a take: {path}");
        context.say(format_args!("{}", shown(&note)))?;
    }
    for path in &done.takes {
        let note = format!("edited by hand, the new one is a take: {path} (aiut takes {path})");
        context.say(format_args!("{}", shown(&note)))?;
    }
    let warning = palette.warning;
    for one in &done.remarks {
        let (path, remark) = (shown(one.path.as_str()), shown(&one.remark));
        context.say(format_args!("{warning}{path}{warning:#}: {remark}"))?;
    }
    if let Some(commit) = &done.commit {
        let id = palette.id;
        let what = count(done.written, "output", "outputs");
        context.say(format_args!(
            "Committed {what}: {id}{}{id:#}",
            commit.short()
        ))?;
    } else if done.failed.is_empty() {
        context.say("Nothing changed.")?;
    }
    Ok(())
}

fn failure(done: &Generated) -> CliError {
    if done.failed.is_empty() {
        return CliError::new("stopped: what was finished is stored and committed")
            .hint("aiut generate   goes on where it stopped");
    }
    // Many outputs fail for one reason: a missing program, a broken file.
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let (waiting, failed): (Vec<_>, Vec<_>) = done.failed.iter().partition(|failed| failed.waits);
    for failed in failed {
        reasons.entry(&failed.reason).or_default().push(failed.path.as_str());
    }
    let outputs = count(done.failed.len(), "output was", "outputs were");
    let mut message = format!("{outputs} not made:");
    for (reason, paths) in reasons {
        let more = match paths.len() {
            1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        message += &format!("\n{}{more}: {reason}", paths[0]);
    }
    if !waiting.is_empty() {
        message += &format!("\n{} for these", count(waiting.len(), "output waits", "outputs wait"));
    }
    CliError::new(message).hint("aiut generate   tries again what failed")
}
