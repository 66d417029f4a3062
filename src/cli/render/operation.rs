//! The operation log.

use std::io::{self, Write};

use crate::cli::format::{count, shown, time};
use crate::cli::output::Output;
use crate::workflow::repository::{OperationReport, UndoOutcome};

/// Writes one operation in two lines: what was typed, and who and when.
pub(in crate::cli) fn log(out: &mut Output, log: &[OperationReport]) -> io::Result<()> {
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
    format!("{word} `{command}`: now on {}{changed}", shown(&place))
}
