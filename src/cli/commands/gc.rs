use std::io::Write;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{for_shell, json};
use crate::cli::render;
use crate::history::{ALWAYS_KEPT, parse_older};
use crate::workflow::repository::{
    DEFAULT_GRACE_DAYS, GcRequest, OldOperations, gc, gc_with_operations, old_operations,
};

/// Free the room of what nothing needs any more
///
/// Nothing needs what neither a timeline, a tag nor any operation of the log leads to. It is marked
/// when that is first seen and goes 30 days later, with the next `aiut gc`. Packs that hold enough
/// of it are written anew, small packs are put together, and leftovers of commands that died are
/// removed. Commands that write wait meanwhile.
///
/// With --operations it first lets go of old operations, and of what only they hold: commits that
/// were undone, deleted timelines, takes, files that were never committed. `aiut undo` goes back no
/// further then. What is lost is said and asked before; the last 100 operations always stay. Until
/// the room is freed, 30 days later, `aiut undo` takes it back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut gc --dry-run
  aiut gc
  aiut gc --grace 0                  at once; run nothing else meanwhile
  aiut gc --operations --dry-run     what only operations older than 90 days hold
  aiut gc --operations 30d           let go of operations older than 30 days
  aiut gc --operations 2026-08-01 --grace 0 --yes")]
pub(crate) struct GcArgs {
    /// Say what would be done, and do nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Let go of operations older than this: `90d`, `12w`, `6mo`, `2026-08-01` [default: 90d]
    #[arg(long, value_name = "OLDER", num_args = 0..=1, default_missing_value = "90d")]
    operations: Option<String>,
    /// How long something stays after it was first seen unneeded
    #[arg(long, value_name = "DAYS", default_value_t = DEFAULT_GRACE_DAYS)]
    grace: u32,
    /// Do not ask before operations are let go of
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl Run for GcArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let request = GcRequest {
            grace_days: self.grace,
            dry_run: self.dry_run,
        };
        let mut old = None;
        if let Some(age) = &self.operations {
            old = old_operations(&project, self.cutoff(context, age)?)?;
            match &old {
                Some(old) => self.confirm(context, age, old)?,
                None if self.json.json => {}
                None => context.say(format_args!(
                    "There are no operations older than {age} beside the last {ALWAYS_KEPT}"
                ))?,
            }
        }
        let report = match &old {
            Some(old) => gc_with_operations(&project, &context.caller(), request, old)?,
            None => gc(&project, &context.caller(), request)?,
        };
        if self.json.json {
            json(&mut context.out, &report)?;
        } else {
            let text = render::upkeep::gc(&report);
            context.say(text.trim_end())?;
        }
        Ok(Outcome::Done)
    }
}

impl GcArgs {
    /// Before which moment operations are old, in Unix seconds.
    fn cutoff(&self, context: &Context, age: &str) -> Result<i64, CliError> {
        let now = context.clock.now();
        match parse_older(age, now) {
            Some(cutoff) if cutoff <= now.unix_seconds => Ok(cutoff),
            Some(_) => Err(CliError::misuse(format!("{age} lies in the future"))),
            None => Err(CliError::misuse(format!("{age:?} is neither an age nor a date"))
                .hint("`90d`, `12w`, `6mo`, `1y` or `2026-08-01`")),
        }
    }

    /// Says what is lost, and asks.
    fn confirm(
        &self,
        context: &mut Context,
        age: &str,
        old: &OldOperations,
    ) -> Result<(), CliError> {
        if self.dry_run || self.yes {
            return Ok(());
        }
        let lost = render::upkeep::loss(&old.loss);
        let shown = match age.bytes().all(|b| b.is_ascii_digit()) {
            true => format!("{age} days"),
            false => age.to_owned(),
        };
        // Who reads JSON sees nothing before the question, and is not asked.
        if !self.json.json {
            writeln!(context.out, "Nothing but operations older than {shown} holds: {lost}")?;
            context.out.flush()?;
            if context.can_ask() && context.ask("Let go of this?")? {
                return Ok(());
            }
        }
        let age = for_shell(age);
        let hint = format!("aiut gc --operations {age} --yes   goes on without asking");
        Err(CliError::new(format!("nothing was let go of: this loses {lost}")).hint(hint))
    }
}
