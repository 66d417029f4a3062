//! The operation log.

use std::io::{self, Write};

use crate::cli::format::{count, shown, time};
use crate::cli::output::Output;
use crate::workflow::repository::{OperationReport, ReturnedReport, UndoOutcome};

/// Writes one operation in two lines: what was typed, and who and when; and whether the ones before
/// were let go of.
pub(in crate::cli) fn log(
    out: &mut Output,
    log: &[OperationReport],
    is_cut: bool,
) -> io::Result<()> {
    let (id, faint) = (out.palette.id, out.palette.faint);
    for operation in log {
        let (short, command) = (operation.id.short(), shown(&operation.command));
        write!(out, "{id}{short}{id:#} {command}")?;
        match operation.undoes {
            Some(undone) => writeln!(out, " (takes back {})", undone.short())?,
            None => writeln!(out)?,
        }
        let at = if operation.user.is_empty() { "" } else { "@" };
        let who = format!("{}{at}{}", operation.user, operation.host);
        writeln!(
            out,
            "    {faint}{}, {}{faint:#}",
            time(operation.time),
            shown(&who)
        )?;
    }
    if is_cut {
        writeln!(
            out,
            "{faint}The operations before these were let go of by `aiut gc --operations`.{faint:#}"
        )?;
    }
    Ok(())
}

/// `Undid aiut switch what-if: on timeline main, 3 files changed`
pub(in crate::cli) fn outcome(word: &str, outcome: &UndoOutcome) -> String {
    let command = shown(&outcome.operation.command);
    let place = outcome.head.describe();
    let changed = match outcome.changed.len() {
        0 => String::new(),
        number => format!(", {} changed", count(number, "file", "files")),
    };
    let later = match outcome.later {
        0 => String::new(),
        1 => "; 1 later operation stays".to_owned(),
        number => format!("; {number} later operations stay"),
    };
    let returned = outcome.returned.as_ref().map(returned).unwrap_or_default();
    format!(
        "{word} `{command}`: now on {}{changed}{later}{returned}",
        shown(&place)
    )
}

/// What came back of what had been let go of, and what is gone.
fn returned(report: &ReturnedReport) -> String {
    let mut text = String::new();
    let mut add = |number: usize, one, many, rest: &str| {
        if number > 0 {
            text += &format!("\n{} {rest}", count(number, one, many));
        }
    };
    add(
        report.operations,
        "operation",
        "operations",
        "in the log again",
    );
    add(report.takes, "take", "takes", "kept again");
    add(
        report.takes_gone,
        "take",
        "takes",
        "cannot be brought back: `aiut gc` freed the room",
    );
    if report.operations_gone {
        text += "\nThe operations cannot be brought back: `aiut gc` freed the room";
    }
    text
}
