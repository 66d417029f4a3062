//! Why an output is not what it was made to be, as text.

use std::io::{self, Write};

use crate::cli::format::shown;
use crate::cli::output::Output;
use crate::pipeline::{Cause, FieldChange, ReadChange, Reason, State};

/// The chain of reasons, the edit at its end.
pub(crate) fn cause(out: &mut Output, cause: &Cause) -> io::Result<()> {
    write_cause(out, cause, 0)
}

fn write_cause(out: &mut Output, cause: &Cause, depth: usize) -> io::Result<()> {
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
    for reason in &cause.reasons {
        write_reason(out, reason, depth + 1)?;
    }
    Ok(())
}

fn write_reason(out: &mut Output, reason: &Reason, depth: usize) -> io::Result<()> {
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
    for change in &reason.fields {
        write_field(out, change, depth + 1)?;
    }
    match &reason.because {
        Some(cause) => write_cause(out, cause, depth + 1),
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
