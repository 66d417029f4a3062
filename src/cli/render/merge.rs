//! What a merge came to, or would come to.

use std::io::{self, Write};

use super::diff::story::scene;
use super::film::{effort, states};
use super::rows::Rows;
use super::transplant::{collisions, other_takes};
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, json, shown};
use crate::cli::output::Output;
use crate::film::versions::ScriptDiff;
use crate::workflow::film::{MergePlan, Refresh};
use crate::workflow::repository::{MergeKind, MergeOutcome};

/// Tells what a merge did.
pub(in crate::cli) fn told(
    context: &mut Context,
    outcome: &MergeOutcome,
    is_json: bool,
) -> Result<Outcome, CliError> {
    if is_json {
        context.done(outcome)?;
        return Ok(end(outcome));
    }
    let id = context.out.palette.id;
    let theirs = outcome.theirs.id.short();
    if !outcome.refused.is_empty() {
        let refused = count(outcome.refused.len(), "file is", "files are");
        writeln!(context.out, "Nothing was done: {refused} in the way")?;
        collisions(context, &outcome.refused)?;
        return Ok(Outcome::Found);
    }
    let place = outcome.head.describe();
    let place = shown(&place);
    let files = count(outcome.changed.len(), "file", "files");
    match (&outcome.commit, outcome.kind) {
        (Some(commit), _) => {
            let (short, subject) = (commit.id.short(), shown(&commit.subject));
            context.say(format_args!("{id}{short}{id:#} {subject}"))?;
            context.say(format_args!("{files} changed, on {place}"))?;
        }
        (None, MergeKind::UpToDate) => {
            context.say(format_args!(
                "Nothing to join: {place} has all of {id}{theirs}{id:#} already"
            ))?;
        }
        (None, _) => {
            context.say(format_args!(
                "{place} moved on to {id}{theirs}{id:#}: {files} changed"
            ))?;
        }
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
            "{faint}aiut resolve shows both versions and settles them; aiut merge --abort takes all back{faint:#}"
        )?;
    }
    Ok(end(outcome))
}

pub(in crate::cli) fn end(outcome: &MergeOutcome) -> Outcome {
    match outcome.conflicts.is_empty() && outcome.refused.is_empty() {
        true => Outcome::Done,
        false => Outcome::Found,
    }
}

/// So many scenes of a script are listed.
const SCENES: usize = 30;
/// So many outputs that would go stale are listed.
const OUTPUTS: usize = 12;

/// Tells what a merge would do.
pub(in crate::cli) fn planned(
    context: &mut Context,
    plan: &MergePlan,
    is_json: bool,
) -> Result<Outcome, CliError> {
    if is_json {
        json(&mut context.out, plan)?;
        return Ok(Outcome::Done);
    }
    let outcome = &plan.outcome;
    let title = context.out.palette.title;
    let (theirs, place) = (outcome.theirs.id.short(), outcome.head.describe());
    let (subject, place) = (shown(&outcome.theirs.subject), shown(&place));
    let what = match outcome.kind {
        MergeKind::UpToDate => format!("{place} has all of {theirs} already"),
        MergeKind::FastForward => format!("{place} would move on to {theirs} {subject}"),
        MergeKind::Joined => format!("{theirs} {subject} would be joined into {place}"),
        MergeKind::Squashed => format!("{theirs} {subject} would be taken over into {place}"),
    };
    writeln!(context.out, "{what}")?;
    if outcome.kind == MergeKind::UpToDate {
        return Ok(Outcome::Done);
    }
    for script in &plan.scripts {
        writeln!(
            context.out,
            "\n{title}{}{title:#}",
            shown(script.path.as_str())
        )?;
        story(&mut context.out, &script.diff)?;
    }
    let files = count(outcome.changed.len(), "file", "files");
    writeln!(context.out, "\n{files} would change")?;
    for (found, what) in [
        (&outcome.conflicts, "in conflict, both versions kept"),
        (&outcome.refused, "in the way: nothing could be done"),
    ] {
        if !found.is_empty() {
            let warning = context.out.palette.warning;
            let number = count(found.len(), "file", "files");
            writeln!(context.out, "{warning}{number} {what}{warning:#}")?;
            collisions(context, found)?;
        }
    }
    other_takes(context, &outcome.takes)?;
    match (&plan.refresh, &plan.unknown) {
        (Some(refresh), _) => stale(&mut context.out, refresh)?,
        (None, Some(why)) => writeln!(
            context.out,
            "What would go stale is not known: {}",
            shown(why)
        )?,
        (None, None) => {}
    }
    for row in &plan.voided {
        let warning = context.out.palette.warning;
        let by = row.approval.by.split(" <").next().unwrap_or_default();
        let locked = if row.locked { ", which is locked" } else { "" };
        writeln!(
            context.out,
            "{warning}void{warning:#}: the approval of {}{locked} by {}",
            shown(&row.what.to_string()),
            shown(by)
        )?;
    }
    let faint = context.out.palette.faint;
    writeln!(
        context.out,
        "{faint}Nothing was done. The same command without --plan does it{faint:#}"
    )?;
    Ok(Outcome::Done)
}

fn story(out: &mut Output, diff: &ScriptDiff) -> io::Result<()> {
    if diff.scenes.is_empty() {
        return writeln!(out, "  no scene differs");
    }
    let rows = Rows::of(false).most(SCENES).how("--json lists them all");
    rows.write(out, &diff.scenes, ("scene", "scenes"), scene)
}

fn stale(out: &mut Output, refresh: &Refresh) -> io::Result<()> {
    let title = out.palette.title;
    let supposing = match refresh.supposes_ours.len() {
        0 => "",
        1 => " if the conflict is settled as ours",
        _ => " if the conflicts are settled as ours",
    };
    if refresh.goes_stale.is_empty() {
        return writeln!(out, "Nothing that is generated would go stale{supposing}");
    }
    let number = count(refresh.goes_stale.len(), "output", "outputs");
    writeln!(out, "\n{title}{number} would go stale{supposing}{title:#}")?;
    let rows = Rows::of(false).most(OUTPUTS).how("--json lists them all");
    rows.write(
        out,
        &refresh.goes_stale,
        ("output", "outputs"),
        |out, path| writeln!(out, "  {}", shown(path.as_str())),
    )?;
    writeln!(
        out,
        "The film would be {}; to refresh it: {}",
        states(&refresh.report.states),
        effort(&refresh.report)
    )
}
