//! Why an output is not what it was made to be, as text.

use std::io::{self, Write};

use super::rows::Rows;
use crate::cli::format::shown;
use crate::cli::output::Output;
use crate::pipeline::{Cause, FieldChange, ReadChange, Reason, State};

/// The chain of reasons, the edit at its end.
pub(crate) fn cause(out: &mut Output, cause: &Cause, rows: Rows) -> io::Result<()> {
    let mut told = Told {
        rows: rows.most(REASONS),
        left: if rows.is_all() {
            usize::MAX
        } else {
            ALL_REASONS
        },
    };
    write_cause(out, cause, 0, &mut told)
}

/// So many reasons of one output are told, and so many fields of one reason.
const REASONS: usize = 12;
/// So many reasons in all.
const ALL_REASONS: usize = 24;

/// How much is told.
struct Told {
    rows: Rows,
    /// Of reasons, whosesoever they are.
    left: usize,
}

fn write_cause(out: &mut Output, cause: &Cause, depth: usize, told: &mut Told) -> io::Result<()> {
    let palette = out.palette.clone();
    let (state, indent) = (cause.state, "  ".repeat(depth));
    let style = if state.needs_work() {
        palette.warning
    } else {
        palette.faint
    };
    let edited = if cause.edited { ", edited by hand" } else { "" };
    writeln!(
        out,
        "{indent}{} is {style}{}{style:#}{edited}",
        shown(cause.path.as_str()),
        state.name()
    )?;
    if let Some(problem) = &cause.problem {
        writeln!(out, "{indent}  {}", shown(problem))?;
    }
    if cause.state == State::Fresh && !cause.reasons.is_empty() {
        writeln!(
            out,
            "{indent}  it comes out the same, although it reads something else:"
        )?;
    }
    let all = cause.reasons.len();
    let mut number = 0;
    // What one reason leads to may leave no room for the next.
    while number < told.rows.take(all) && told.left > 0 {
        told.left -= 1;
        write_reason(out, &cause.reasons[number], depth + 1, told)?;
        number += 1;
    }
    match told.rows.more(all - number, "reason", "reasons") {
        Some(rest) => writeln!(out, "{indent}  {rest}"),
        None => Ok(()),
    }
}

fn write_reason(
    out: &mut Output,
    reason: &Reason,
    depth: usize,
    told: &mut Told,
) -> io::Result<()> {
    let palette = out.palette.clone();
    let indent = "  ".repeat(depth);
    let place = palette.place;
    let (before, after) = match reason.change {
        ReadChange::Pending => ("waits for ", ""),
        ReadChange::Added => ("", " is read now"),
        ReadChange::Dropped => ("", " is no longer read"),
        // What changed follows.
        ReadChange::Changed if !reason.fields.is_empty() || reason.because.is_some() => ("", ""),
        ReadChange::Changed => ("", " changed"),
    };
    let selector = shown(&reason.selector);
    writeln!(out, "{indent}{before}{place}{selector}{place:#}{after}")?;
    let all = reason.fields.len();
    let rows = told.rows;
    for change in &reason.fields[..rows.take(all)] {
        write_field(out, change, depth + 1)?;
    }
    if let Some(rest) = rows.rest(all, "change", "changes") {
        writeln!(out, "{indent}  {rest}")?;
    }
    match &reason.because {
        Some(cause) => write_cause(out, cause, depth + 1, told),
        None => Ok(()),
    }
}

fn write_field(out: &mut Output, change: &FieldChange, depth: usize) -> io::Result<()> {
    let palette = out.palette.clone();
    let (added, removed) = (palette.added, palette.removed);
    let indent = "  ".repeat(depth);
    let name = if change.field.is_empty() {
        String::new()
    } else {
        format!("{}: ", change.field)
    };
    let name = shown(&name);
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => writeln!(
            out,
            "{indent}{name}{removed}{}{removed:#} → {added}{}{added:#}",
            shown(old),
            shown(new)
        ),
        (Some(old), None) => writeln!(
            out,
            "{indent}{name}{removed}{}{removed:#} is gone",
            shown(old)
        ),
        (None, Some(new)) => writeln!(out, "{indent}{name}{added}{}{added:#} is new", shown(new)),
        (None, None) => Ok(()),
    }
}
