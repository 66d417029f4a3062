//! What revert, cherry-pick and rebase came to.

use std::io::Write;

use super::rows::Rows;
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, json, shown};
use crate::object::RepoPath;
use crate::workflow::repository::{Collision, RebaseOutcome, TransplantOutcome};

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
    told_of(context, outcome, idle)
}

fn told_of(
    context: &mut Context,
    outcome: &TransplantOutcome,
    idle: &str,
) -> Result<Outcome, CliError> {
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
    other_takes(context, &outcome.takes)?;
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

/// So many commits of a plan are listed.
const COMMITS: usize = 30;

/// Tells what a rebase did, or would do.
pub(in crate::cli) fn rebased(
    context: &mut Context,
    rebase: &RebaseOutcome,
    is_plan: bool,
    is_json: bool,
) -> Result<Outcome, CliError> {
    let outcome = &rebase.outcome;
    if is_json {
        match is_plan {
            true => json(&mut context.out, rebase)?,
            false => context.done(rebase)?,
        }
        return Ok(end(outcome));
    }
    let id = context.out.palette.id;
    let place = outcome.head.describe();
    let (place, onto, subject) = (
        shown(&place),
        rebase.onto.id.short(),
        shown(&rebase.onto.subject),
    );
    if rebase.up_to_date {
        context.say(format_args!(
            "Nothing to do: {place} goes on from {id}{onto}{id:#} already"
        ))?;
        return Ok(Outcome::Done);
    }
    if !is_plan || !outcome.refused.is_empty() {
        let end = told_of(context, outcome, "There already")?;
        if outcome.refused.is_empty() {
            context.say(format_args!(
                "{place} goes on from {id}{onto}{id:#} {subject}"
            ))?;
        }
        return Ok(end);
    }
    let commits = count(outcome.commits.len(), "commit", "commits");
    writeln!(
        context.out,
        "{commits} of {place} would follow {id}{onto}{id:#} {subject}"
    )?;
    let rows = Rows::of(false).most(COMMITS).how("--json lists them all");
    rows.write(
        &mut context.out,
        &outcome.commits,
        ("commit", "commits"),
        |out, commit| writeln!(out, "  {}", shown(&commit.subject)),
    )?;
    for commit in &outcome.idle {
        writeln!(context.out, "  there already: {}", shown(&commit.subject))?;
    }
    let files = count(outcome.changed.len(), "file", "files");
    writeln!(context.out, "{files} would change")?;
    if !outcome.conflicts.is_empty() {
        let warning = context.out.palette.warning;
        let number = count(outcome.conflicts.len(), "file", "files");
        writeln!(
            context.out,
            "{warning}{number} in conflict, both versions kept{warning:#}"
        )?;
        collisions(context, &outcome.conflicts)?;
    }
    let faint = context.out.palette.faint;
    writeln!(
        context.out,
        "{faint}Nothing was done. The same command without --plan does it{faint:#}"
    )?;
    Ok(Outcome::Done)
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

/// So many files of which both sides have a take are listed by their names; of more their folders are.
const TAKES: usize = 4;

/// Tells of files that runs made on both sides.
pub(super) fn other_takes(context: &mut Context, takes: &[RepoPath]) -> Result<(), CliError> {
    if takes.is_empty() || context.is_quiet() {
        return Ok(());
    }
    let files = count(takes.len(), "file has", "files have");
    let faint = context.out.palette.faint;
    writeln!(
        context.out,
        "{files} another take there, ours is used {faint}(aiut takes FILE, aiut pick FILE TAKE){faint:#}"
    )?;
    if takes.len() <= TAKES {
        for path in takes {
            writeln!(context.out, "  {}", shown(path.as_str()))?;
        }
        return Ok(());
    }
    // `clips 15`, as stages are told; the names are in --json.
    let mut folders: Vec<(&str, usize)> = Vec::new();
    for path in takes {
        let name = path.as_str();
        let folder = name.split_once('/').map_or(name, |(folder, _)| folder);
        match folders.iter_mut().find(|(known, _)| *known == folder) {
            Some((_, number)) => *number += 1,
            None => folders.push((folder, 1)),
        }
    }
    let told = folders.iter().map(|(folder, number)| match number {
        1 => shown(folder).to_string(),
        _ => format!("{number} in {}", shown(folder)),
    });
    writeln!(context.out, "  {}", told.collect::<Vec<_>>().join(", "))?;
    Ok(())
}
