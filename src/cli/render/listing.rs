//! Lists of files, timelines and tags.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::sharing::apart;
use crate::cli::format::{shown, time};
use crate::cli::output::Output;
use crate::workflow::origin::ListedFile;
use crate::workflow::repository::{CommitReport, TagReport, TimelineReport};
use crate::workflow::search::SearchReport;
use crate::workflow::sharing::UpstreamReport;

/// Writes one file a line: id, size in bytes, path, what made it.
pub(in crate::cli) fn files(out: &mut Output, files: &[ListedFile]) -> io::Result<()> {
    let widest = files
        .iter()
        .map(|file| file.size.to_string().len())
        .max()
        .unwrap_or(0);
    let (id, faint) = (out.palette.id, out.palette.faint);
    for file in files {
        let (hex, size, path) = (file.id, file.size, shown(file.path.as_str()));
        write!(out, "{id}{hex}{id:#} {size:>widest$} {path}")?;
        match &file.made_by {
            Some(maker) => {
                let (stage, generator) = (shown(&maker.stage), shown(&maker.generator));
                writeln!(out, "  {faint}{stage} by {generator}{faint:#}")?;
            }
            None => writeln!(out)?,
        }
    }
    Ok(())
}

/// Writes one timeline a line, the current one marked; where more is asked for, with who made its last commit,
/// and when, and what it follows.
pub(in crate::cli) fn timelines(
    out: &mut Output,
    list: &[TimelineReport],
    more: Option<&[UpstreamReport]>,
) -> io::Result<()> {
    let rows: Vec<_> = list
        .iter()
        .map(|one| (one.current, &one.name, &one.commit))
        .collect();
    references(out, &rows, more)
}

/// Writes one tag a line.
pub(in crate::cli) fn tags(out: &mut Output, list: &[TagReport]) -> io::Result<()> {
    let rows: Vec<_> = list
        .iter()
        .map(|one| (false, &one.name, &one.commit))
        .collect();
    references(out, &rows, None)
}

fn references(
    out: &mut Output,
    rows: &[(bool, &String, &CommitReport)],
    more: Option<&[UpstreamReport]>,
) -> io::Result<()> {
    let name = |name: &str| shown(name).to_string();
    let widest = rows
        .iter()
        .map(|(_, text, _)| name(text).width())
        .max()
        .unwrap_or(0);
    let (style, id) = (out.palette.reference, out.palette.id);
    let faint = out.palette.faint;
    for (current, text, commit) in rows {
        let mark = if *current { '*' } else { ' ' };
        let follows = more.and_then(|all| all.iter().find(|one| one.timeline == **text));
        let name = name(text);
        let pad = " ".repeat(widest - name.width());
        let (short, subject) = (commit.id.short(), shown(&commit.subject));
        write!(
            out,
            "{mark} {style}{name}{style:#}{pad} {id}{short}{id:#} {subject}"
        )?;
        match more {
            Some(_) => {
                let (who, when) = (shown(&commit.author.name), time(commit.time));
                write!(out, "  {faint}{who}, {when}{faint:#}")?;
                match follows {
                    Some(one) => writeln!(out, "  follows {}{}", shown(&one.follows), apart(one))?,
                    None => writeln!(out)?,
                }
            }
            None => writeln!(out)?,
        }
    }
    Ok(())
}

/// Writes one hit a line: the path, or the path with a line of it; the commit before it where
/// several were looked through.
pub(in crate::cli) fn hits(
    out: &mut Output,
    report: &SearchReport,
    with_commit: bool,
) -> io::Result<()> {
    let (id, faint) = (out.palette.id, out.palette.faint);
    for hit in &report.hits {
        if with_commit {
            write!(out, "{id}{}{id:#} ", hit.commit.short())?;
        }
        write!(out, "{}", shown(hit.path.as_str()))?;
        match (hit.line, &hit.text) {
            (Some(line), Some(text)) => writeln!(out, "{faint}:{line}:{faint:#} {}", shown(text))?,
            _ => writeln!(out)?,
        }
    }
    Ok(())
}
