//! What revert and cherry-pick came to.

use std::io::Write;

use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, shown};
use crate::workflow::repository::TransplantOutcome;

/// Tells of the new commits, or of what stands in their way.
pub(in crate::cli) fn told(
    context: &mut Context,
    outcome: &TransplantOutcome,
    idle: &str,
    is_json: bool,
) -> Result<Outcome, CliError> {
    if is_json {
        context.done(outcome)?;
        return Ok(match outcome.conflicts.is_empty() {
            true => Outcome::Done,
            false => Outcome::Found,
        });
    }
    let id = context.out.palette.id;
    if !outcome.conflicts.is_empty() {
        let conflicts = count(outcome.conflicts.len(), "conflict", "conflicts");
        writeln!(context.out, "Nothing was done: {conflicts}")?;
        for conflict in &outcome.conflicts {
            let (path, reason) = (shown(conflict.path.as_str()), shown(&conflict.reason));
            let commit = conflict.commit.short();
            writeln!(context.out, "  {path}: {reason} ({id}{commit}{id:#})")?;
        }
        writeln!(
            context.out,
            "aiut diff COMMIT shows how they differ; edit the files by hand, or take one whole with\n\
             aiut restore --from COMMIT PATH, and commit"
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
    Ok(Outcome::Done)
}
