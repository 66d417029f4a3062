//! The state of the folder.

use std::io::{self, Write};

use anstyle::Style;

use crate::cli::format::{count, shown};
use crate::cli::output::Output;
use crate::history::Changes;
use crate::workflow::repository::StatusReport;
use crate::worktree::Unlisted;

/// Writes what changed, then what is not kept and why.
pub(in crate::cli) fn report(out: &mut Output, report: &StatusReport) -> io::Result<()> {
    let palette = out.palette.clone();
    let name = palette.reference;
    write!(out, "On {name}{}{name:#}", shown(&report.head.describe()))?;
    match report.head.commit {
        Some(commit) if report.head.timeline.is_some() => writeln!(out, ", at {}", commit.short())?,
        Some(_) => writeln!(out, ", on no timeline")?,
        None => writeln!(out, ", which has no commit yet")?,
    }
    for (word, path, came) in lines(&report.changes) {
        let style = if came { palette.added } else { palette.removed };
        writeln!(out, "  {style}{word:<9}{style:#} {path}")?;
    }
    unlisted(out, palette.warning, "unreadable", &report.unreadable)?;
    unlisted(out, palette.warning, "refused", &report.refused)?;
    unlisted(out, palette.faint, "skipped", &report.skipped)?;
    if report.is_clean() {
        return writeln!(out, "Nothing to commit");
    }
    let (sum, faint) = (sum(&report.changes), palette.faint);
    writeln!(out, "{sum}")?;
    writeln!(
        out,
        "{faint}aiut diff shows the changes, aiut commit records them{faint:#}"
    )
}

fn unlisted(out: &mut Output, style: Style, word: &str, list: &[Unlisted]) -> io::Result<()> {
    list.iter().try_for_each(|entry| {
        let (path, reason) = (shown(&entry.path), shown(&entry.reason));
        writeln!(out, "  {style}{word:<9}{style:#} {path}: {reason}")
    })
}

/// Each change: what happened, to which path, and whether something came rather than went.
fn lines(changes: &Changes) -> Vec<(&'static str, String, bool)> {
    let path = |path: &crate::object::RepoPath| shown(path.as_str()).to_string();
    let mut lines = Vec::new();
    lines.extend(changes.added.iter().map(|new| ("new", path(new), true)));
    lines.extend(
        changes
            .modified
            .iter()
            .map(|edited| ("modified", path(edited), true)),
    );
    lines.extend(changes.renamed.iter().map(|moved| {
        (
            "renamed",
            format!("{} -> {}", path(&moved.from), path(&moved.to)),
            true,
        )
    }));
    lines.extend(
        changes
            .deleted
            .iter()
            .map(|gone| ("deleted", path(gone), false)),
    );
    lines
}

/// `2 new, 1 modified`
pub(in crate::cli) fn sum(changes: &Changes) -> String {
    let parts = [
        (changes.added.len(), "new"),
        (changes.modified.len(), "modified"),
        (changes.renamed.len(), "renamed"),
        (changes.deleted.len(), "deleted"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    let files = count(changes.len(), "file", "files");
    format!("{files}: {}", parts.join(", "))
}

/// What stands below the cursor while a commit's message is written.
pub(in crate::cli) fn notes(report: &StatusReport) -> String {
    let mut notes = String::from(
        "Say what changed and why. Lines that begin with # are left out; with nothing written,\n\
         nothing is committed.\n\n",
    );
    notes += &format!("On {}\n", shown(&report.head.describe()));
    for (word, path, _) in lines(&report.changes) {
        notes += &format!("  {word:<9} {path}\n");
    }
    notes
}
