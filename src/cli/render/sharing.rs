//! What travelled between copies of a project, and which refs moved.

use std::io::{self, Write};

use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, shown, size};
use crate::cli::output::Output;
use crate::object::{CommitId, REMOTES, TIMELINES};
use crate::workflow::sharing::{Transfer, UpstreamReport};

/// `12 objects, 3.4 MB`.
pub(in crate::cli) fn travelled(transfer: Transfer) -> String {
    let objects = count(transfer.records, "object", "objects");
    format!("{objects}, {}", size(transfer.bytes))
}

/// Writes a line a ref that moved: its name as revisions know it, from where to where.
pub(in crate::cli) fn moved<'m>(
    context: &mut Context,
    refs: impl Iterator<Item = (&'m str, Option<CommitId>, Option<CommitId>)>,
) -> Result<(), CliError> {
    let named = refs.map(|(full, from, to)| (shown(short(full)).to_string(), from, to));
    let rows: Vec<_> = named.collect();
    let wide = |text: &String| unicode_width::UnicodeWidthStr::width(text.as_str());
    let widest = rows.iter().map(|(name, ..)| wide(name)).max().unwrap_or(0);
    let (style, id) = (context.out.palette.reference, context.out.palette.id);
    for (name, from, to) in rows {
        let pad = " ".repeat(widest - wide(&name));
        let place = |commit: CommitId| format!("{id}{}{id:#}", commit.short());
        let what = match (from, to) {
            (None, Some(to)) => format!("new, at {}", place(to)),
            (Some(from), None) => format!("gone, was at {}", place(from)),
            (Some(from), Some(to)) => format!("{} → {}", place(from), place(to)),
            (None, None) => continue,
        };
        context.say(format_args!("  {style}{name}{style:#}{pad}  {what}"))?;
    }
    Ok(())
}

/// A ref's name without the folder that says of what kind it is; a tag says so.
fn short(full: &str) -> &str {
    let kinds = [TIMELINES, REMOTES];
    let of = |kind: &&str| full.strip_prefix(*kind);
    kinds.iter().find_map(of).unwrap_or(full)
}

/// Tells of tags that were left alone.
pub(in crate::cli) fn tags_left(context: &mut Context, remote: &str, tags: &[String]) {
    for name in tags {
        context.warn(&format!(
            "tag {name} of {remote} is not taken over: the name stands for something else here"
        ));
    }
}

/// Writes in a line how far a timeline and what it follows are apart.
pub(in crate::cli) fn upstream(out: &mut Output, report: &UpstreamReport) -> io::Result<()> {
    let (name, faint) = (out.palette.reference, out.palette.faint);
    let follows = shown(&report.follows);
    writeln!(
        out,
        "Follows {name}{follows}{name:#}{}{faint}{}{faint:#}",
        apart(report),
        what_next(report)
    )
}

/// `: 2 commits ahead, 1 behind`.
pub(in crate::cli) fn apart(report: &UpstreamReport) -> String {
    if !report.seen {
        return ", which was not seen yet".to_owned();
    }
    match (report.ahead, report.behind) {
        (0, 0) => ", and stands where it was seen last".to_owned(),
        (ahead, 0) => format!(": {} ahead", count(ahead, "commit", "commits")),
        (0, behind) => format!(": {} behind", count(behind, "commit", "commits")),
        (ahead, behind) => format!(
            ": {} ahead, {behind} behind",
            count(ahead, "commit", "commits")
        ),
    }
}

fn what_next(report: &UpstreamReport) -> &'static str {
    match (report.seen, report.ahead, report.behind) {
        (true, 0, 0) => "",
        (true, _, 0) => "; aiut push sends them",
        (true, 0, _) => "; aiut pull takes them over",
        (true, _, _) => "; aiut pull joins both, then aiut push",
        (false, ..) => "; aiut push makes it",
    }
}
