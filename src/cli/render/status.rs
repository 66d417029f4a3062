//! The state of the folder.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;

use super::conflicts::whereabouts;
use super::rows::Rows;
use crate::cli::format::{count, shown, size};
use crate::cli::output::Output;
use crate::history::Changes;
use crate::object::RepoPath;
use crate::workflow::film::Standing;
use crate::workflow::repository::StatusReport;
use crate::worktree::Unlisted;

/// So many places of a file in conflict are listed.
const PLACES: usize = 10;

/// Writes what changed, then what is not kept and why.
pub(in crate::cli) fn report(
    out: &mut Output,
    report: &StatusReport,
    rows: Rows,
) -> io::Result<()> {
    let palette = out.palette.clone();
    let name = palette.reference;
    write!(out, "On {name}{}{name:#}", shown(&report.head.describe()))?;
    match report.head.commit {
        Some(commit) if report.head.timeline.is_some() => writeln!(out, ", at {}", commit.short())?,
        Some(_) => writeln!(out, ", on no timeline")?,
        None => writeln!(out, ", which has no commit yet")?,
    }
    let lines = summed_up(lines(&report.changes), rows);
    rows.write(out, &lines, ("line", "lines"), |out, line| {
        let (word, what) = (line.word, &line.what);
        let style = if line.came {
            palette.added
        } else {
            palette.removed
        };
        writeln!(out, "  {style}{word:<9}{style:#} {what}")
    })?;
    conflicts(out, palette.warning, report, rows)?;
    unlisted(out, palette.warning, "unreadable", &report.unreadable, rows)?;
    unlisted(out, palette.warning, "refused", &report.refused, rows)?;
    unlisted(out, palette.faint, "skipped", &report.skipped, rows)?;
    let (left, faint) = (report.left_out, palette.faint);
    if !left.is_empty() {
        let (files, bytes) = (count(left.files, "file", "files"), size(left.bytes));
        writeln!(
            out,
            "{faint}{files}, {bytes}, left at the remote; aiut hydrate PATH gets them{faint:#}"
        )?;
    }
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

/// Writes in a line what is out of date, as far as that is remembered.
pub(in crate::cli) fn film(out: &mut Output, standing: &Standing) -> io::Result<()> {
    let (warning, faint) = (out.palette.warning, out.palette.faint);
    let Some(states) = &standing.states else {
        return writeln!(
            out,
            "{faint}Film: not known since the last change, aiut stale tells what is out of date{faint:#}"
        );
    };
    let states_of = |open: bool| {
        let mut states = states.clone();
        states.retain(|state, _| state.needs_work() == open);
        super::film::states(&states)
    };
    match standing.to_refresh() {
        None => {}
        Some(0) if states.is_empty() => {}
        Some(0) => writeln!(
            out,
            "{faint}Film: up to date, {}{faint:#}",
            states_of(false)
        )?,
        Some(open) => writeln!(
            out,
            "{warning}Film: {} out of date{warning:#}: {}; aiut stale tells more",
            count(open, "output is", "outputs are"),
            states_of(true)
        )?,
    }
    let known = standing.edited.zip(standing.locked);
    let (edited, locked) = known.unwrap_or_default();
    super::film::own(out, edited, locked)
}

fn conflicts(out: &mut Output, style: Style, report: &StatusReport, rows: Rows) -> io::Result<()> {
    rows.write(out, &report.conflicts, ("path", "paths"), |out, open| {
        let (path, reason) = (shown(open.path.as_str()), shown(&open.reason));
        writeln!(out, "  {style}{:<9}{style:#} {path}: {reason}", "conflict")?;
        let places: Vec<_> = open.names.iter().zip(&open.conflict.places).collect();
        let rows = rows.most(PLACES).how("aiut resolve lists them all");
        rows.write(out, &places, ("place", "places"), |out, (name, place)| {
            let faint = out.palette.faint;
            let (name, place) = (shown(name), whereabouts(place));
            writeln!(out, "{:12}{name}{faint}{}{faint:#}", "", shown(&place))
        })
    })?;
    if !report.conflicts.is_empty() {
        let faint = out.palette.faint;
        writeln!(
            out,
            "{faint}aiut resolve shows both versions and settles them{faint:#}"
        )?;
    }
    Ok(())
}

fn unlisted(
    out: &mut Output,
    style: Style,
    word: &str,
    list: &[Unlisted],
    rows: Rows,
) -> io::Result<()> {
    rows.write(out, list, ("path", "paths"), |out, entry| {
        let (path, reason) = (shown(&entry.path), shown(&entry.reason));
        writeln!(out, "  {style}{word:<9}{style:#} {path}: {reason}")
    })
}

/// A change, or several of one kind in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// What happened.
    word: &'static str,
    /// To which path, or beneath which folder.
    what: String,
    /// Whether something came rather than went.
    came: bool,
    /// The folder that it lies in.
    folder: String,
    /// How many changes it stands for.
    number: usize,
}

/// Each change.
fn lines(changes: &Changes) -> Vec<Line> {
    let line = |word, path: &RepoPath, came| Line {
        word,
        what: shown(path.as_str()).to_string(),
        came,
        folder: path
            .parent()
            .map_or_else(String::new, |folder| folder.to_string()),
        number: 1,
    };
    let mut lines = Vec::new();
    lines.extend(changes.added.iter().map(|new| line("new", new, true)));
    lines.extend(
        changes
            .modified
            .iter()
            .map(|edited| line("modified", edited, true)),
    );
    lines.extend(changes.renamed.iter().map(|moved| Line {
        what: format!(
            "{} -> {}",
            shown(moved.from.as_str()),
            shown(moved.to.as_str())
        ),
        ..line("renamed", &moved.to, true)
    }));
    lines.extend(
        changes
            .deleted
            .iter()
            .map(|gone| line("deleted", gone, false)),
    );
    lines
}

/// Fewer changes in a folder than this are listed one by one.
const MANY_IN_FOLDER: usize = 4;

/// Where there are more lines than fit, those of one kind in one folder become one line; then those
/// of the folders above, as long as there are too many.
fn summed_up(mut lines: Vec<Line>, rows: Rows) -> Vec<Line> {
    while rows.take(lines.len()) < lines.len() {
        // The deepest folders first, so that what is told is as near to the files as it can be.
        let depth = |line: &Line| match line.folder.as_str() {
            "" => 0,
            folder => folder.split('/').count(),
        };
        let mut sums: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for line in &lines {
            *sums.entry((line.word, &line.folder)).or_default() += 1;
        }
        let is_many = |line: &Line| {
            !line.folder.is_empty() && sums[&(line.word, line.folder.as_str())] >= MANY_IN_FOLDER
        };
        let Some(deepest) = lines.iter().filter(|line| is_many(line)).map(depth).max() else {
            return lines;
        };
        let mut out: Vec<Line> = Vec::new();
        let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for line in &lines {
            if !is_many(line) || depth(line) < deepest {
                out.push(line.clone());
                continue;
            }
            match places.get(&(line.word, line.folder.as_str())) {
                Some(at) => out[*at].number += line.number,
                None => {
                    places.insert((line.word, &line.folder), out.len());
                    out.push(line.clone());
                }
            }
        }
        for at in places.values() {
            let line = &mut out[*at];
            let files = count(line.number, "file", "files");
            line.what = format!("{}/ ({files})", shown(&line.folder));
            let above = line.folder.rsplit_once('/');
            line.folder = above.map_or_else(String::new, |(above, _)| above.to_owned());
        }
        lines = out;
    }
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
    let rows = Rows::of(false).how("`aiut status --all` lists them all");
    let lines = summed_up(lines(&report.changes), rows);
    for line in &lines[..rows.take(lines.len())] {
        notes += &format!("  {:<9} {}\n", line.word, line.what);
    }
    if let Some(rest) = rows.rest(lines.len(), "line", "lines") {
        notes += &format!("{rest}\n");
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(changes: &Changes) -> Vec<String> {
        let lines = summed_up(lines(changes), Rows::of(false));
        lines
            .iter()
            .map(|line| format!("{} {}", line.word, line.what))
            .collect()
    }

    fn paths(folder: &str, number: usize) -> impl Iterator<Item = RepoPath> {
        let path = move |n| RepoPath::new(format!("{folder}{n:04}.png")).expect("a safe path");
        (0..number).map(path)
    }

    #[test]
    fn few_files_are_listed_and_many_are_told_by_their_folders() {
        let few = Changes {
            added: paths("frames/", 40).collect(),
            ..Changes::default()
        };
        assert_eq!(said(&few).len(), 40);
        let many = Changes {
            added: paths("frames/", 1802).chain(paths("", 2)).collect(),
            modified: paths("shots/", 3).collect(),
            deleted: paths("frames/", 5).collect(),
            ..Changes::default()
        };
        assert_eq!(
            said(&many),
            [
                "new frames/ (1802 files)",
                "new 0000.png",
                "new 0001.png",
                "modified shots/0000.png",
                "modified shots/0001.png",
                "modified shots/0002.png",
                "deleted frames/ (5 files)",
            ]
        );
    }

    #[test]
    fn many_folders_are_told_by_the_folder_above_them() {
        let folders = (0..50).flat_map(|n| paths(format!("rushes/day{n}/").leak(), 6));
        let deep = Changes {
            added: folders.collect(),
            ..Changes::default()
        };
        assert_eq!(said(&deep), ["new rushes/ (300 files)"]);
        let flat = Changes {
            added: paths("", 7000).collect(),
            ..Changes::default()
        };
        assert_eq!(said(&flat).len(), 7000, "the rows' own limit is left");
    }
}
