//! What revert and cherry-pick came to.

use std::io::Write;

use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, shown};
use crate::workflow::repository::{Collision, TransplantOutcome};

/// Tells of the new commits and of conflicts, or of what stands in their way.
pub(in crate::cli) fn told(
    context: &mut Context,
    outcome: &TransplantOutcome,
    idle: &str,
    is_json: bool,
) -> Result<Outcome, CliError> {
    if is_json {
        context.done(outcome)?;
        return Ok(end(outcome));
    }
    let id = context.out.palette.id;
    if !outcome.refused.is_empty() {
        let refused = count(outcome.refused.len(), "file is", "files are");
        writeln!(context.out, "Nothing was done: {refused} in the way")?;
        collisions(context, &outcome.refused)?;
        let faint = context.out.palette.faint;
        writeln!(
            context.out,
            "{faint}aiut show COMMIT tells what it changed{faint:#}"
        )?;
        return Ok(Outcome::Found);
    }
    for commit in &outcome.idle {
        let (short, subject) = (commit.id.short(), shown(&commit.subject));
        context.say(format_args!("{idle}: {id}{short}{id:#} {subject}"))?;
    }
    for commit in &outcome.commits {
        let (short, subject) = (commit.id.short(), shown(&commit.subject));
        context.say(format_args!("{id}{short}{id:#} {subject}"))?;
    }
    if !outcome.commits.is_empty() {
        let files = count(outcome.changed.len(), "file", "files");
        let place = outcome.head.describe();
        context.say(format_args!("{files} changed, on {}", shown(&place)))?;
    }
    if !outcome.conflicts.is_empty() {
        let conflicts = count(outcome.conflicts.len(), "file is", "files are");
        let warning = context.out.palette.warning;
        writeln!(context.out, "{warning}{conflicts} in conflict{warning:#}")?;
        collisions(context, &outcome.conflicts)?;
        let faint = context.out.palette.faint;
        writeln!(
            context.out,
            "{faint}aiut resolve shows both versions and settles them; aiut undo takes all back{faint:#}"
        )?;
    }
    Ok(end(outcome))
}

fn end(outcome: &TransplantOutcome) -> Outcome {
    match outcome.conflicts.is_empty() && outcome.refused.is_empty() {
        true => Outcome::Done,
        false => Outcome::Found,
    }
}

/// Each with its reason and commit.
pub(super) fn collisions(context: &mut Context, collisions: &[Collision]) -> Result<(), CliError> {
    let id = context.out.palette.id;
    for collision in collisions {
        let (path, reason) = (shown(collision.path.as_str()), shown(&collision.reason));
        let commit = collision.commit.short();
        writeln!(context.out, "  {path}: {reason} ({id}{commit}{id:#})")?;
    }
    Ok(())
}
