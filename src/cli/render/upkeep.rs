//! The answers of `fsck`, `gc` and `du`.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::rows::Rows;
use crate::base::clock::Timestamp;
use crate::cli::format::{count, shown, size, time};
use crate::cli::output::Output;
use crate::workflow::repository::{
    DuReport, FsckAffected, FsckFinding, FsckReport, GcReport, Loss, MendReport,
};
use crate::workflow::spending::dollars;

/// So many paths of one finding are named.
const MAX_PATHS: usize = 8;

/// What is wrong, what suffers, and what mends it.
pub(in crate::cli) fn fsck(out: &mut Output, report: &FsckReport) -> io::Result<()> {
    for found in &report.findings {
        finding(out, found)?;
    }
    let faint = out.palette.faint;
    for note in &report.notes {
        writeln!(out, "{faint}note: {}{faint:#}", shown(note))?;
    }
    let conflicts = match report.conflicts {
        0 => String::new(),
        number => format!(", {}", count(number, "conflict", "conflicts")),
    };
    writeln!(
        out,
        "{} {}: {}{conflicts}, {} in {} ({}), {}",
        if report.data { "Read" } else { "Checked" },
        count(report.operations, "operation", "operations"),
        count(report.commits, "commit", "commits"),
        count(report.files, "file", "files"),
        count(report.packs, "pack", "packs"),
        size(report.bytes),
        count(report.records, "record", "records"),
    )?;
    if report.findings.is_empty() {
        if report.mended.is_some() {
            writeln!(out, "Made a new index")?;
        }
        let all = if report.data {
            "Everything is as it was written."
        } else {
            "The structure is sound; `aiut fsck --data` reads every byte."
        };
        return writeln!(out, "{all}");
    }
    let wrong = count(report.findings.len(), "thing is", "things are");
    writeln!(out, "{wrong} wrong.")?;
    if report.plan.is_empty() {
        writeln!(out, "There is nothing here to mend it with.")?;
    } else {
        let will = if report.mended.is_some() {
            "To mend it:"
        } else {
            "`aiut fsck --repair` will:"
        };
        writeln!(out, "{will}")?;
        for step in &report.plan {
            writeln!(out, "  - {}", shown(step))?;
        }
    }
    match &report.mended {
        Some(done) => mended(out, done),
        None => Ok(()),
    }
}

fn finding(out: &mut Output, found: &FsckFinding) -> io::Result<()> {
    let (title, id, removed) = (out.palette.title, out.palette.id, out.palette.removed);
    let mut place = String::new();
    if let Some(pack) = &found.pack {
        place += pack;
    }
    if let Some(offset) = found.offset {
        let _ = write!(place, ", byte {offset}");
    }
    let mut head = String::new();
    if !place.is_empty() {
        let _ = write!(head, "{title}{}{title:#}: ", shown(&place));
    }
    if let Some(object) = found.object {
        let short = found.id.as_deref().map(|id| &id[..12.min(id.len())]);
        let _ = write!(head, "{object} {id}{}{id:#}: ", short.unwrap_or("?"));
    }
    writeln!(out, "{head}{removed}{}{removed:#}", shown(&found.what))?;
    for line in found.affects.iter().take(MAX_PATHS) {
        affected(out, line)?;
    }
    if found.affects.len() > MAX_PATHS {
        let more = found.affects.len() - MAX_PATHS;
        writeln!(out, "    and {}", count(more, "path more", "paths more"))?;
    }
    writeln!(out, "    remedy: {}", shown(&found.remedy))
}

fn affected(out: &mut Output, line: &FsckAffected) -> io::Result<()> {
    let id = out.palette.id;
    let path = line.path.as_ref().map(|path| path.as_str());
    let path = shown(path.unwrap_or("the whole commit")).to_string();
    let commits = match line.commits.as_slice() {
        [one] => format!("commit {id}{}{id:#}", one.short()),
        [newest, rest @ ..] => format!(
            "commit {id}{}{id:#} and {} before it",
            newest.short(),
            rest.len()
        ),
        [] => return writeln!(out, "    {path}"),
    };
    writeln!(out, "    {path} in {commits}")
}

fn mended(out: &mut Output, done: &MendReport) -> io::Result<()> {
    for pack in &done.set_aside {
        writeln!(out, "Moved {} to .aiut/damaged/", shown(pack))?;
    }
    if !done.set_aside.is_empty() {
        let kept = count(done.records_kept, "sound record", "sound records");
        writeln!(out, "Kept {kept} in a new pack")?;
    }
    writeln!(out, "Made a new index")?;
    for path in &done.restored {
        writeln!(out, "Stored {} again", shown(path.as_str()))?;
    }
    if done.left.is_empty() {
        return writeln!(out, "Everything is sound again.");
    }
    let left = count(done.left.len(), "thing is", "things are");
    writeln!(out, "\n{left} still wrong:")?;
    for found in &done.left {
        finding(out, found)?;
    }
    Ok(())
}

/// What was freed, what waits, what became of the packs.
pub(in crate::cli) fn gc(report: &GcReport) -> String {
    let mut text = String::new();
    let collected = &report.collected;
    let did = |done: &'static str, would: &'static str| match report.dry_run {
        false => done,
        true => would,
    };
    if let Some(lost) = &report.let_go {
        let _ = writeln!(
            text,
            "{} {}",
            did("Let go of", "Would let go of"),
            loss(lost)
        );
        if !report.dry_run && report.grace_days > 0 && lost.bytes > 0 {
            let _ = writeln!(
                text,
                "The room is freed by an `aiut gc` {} from now, or by `aiut gc --grace 0`; until \
                 then `aiut undo` takes it back",
                count(report.grace_days as usize, "day", "days"),
            );
        }
    }
    let gone = collected.records + collected.copies;
    if gone > 0 {
        let _ = writeln!(
            text,
            "{} {} that nothing needs, {}{}",
            did("Let go of", "Would let go of"),
            count(gone, "record", "records"),
            size(collected.bytes + collected.copied_bytes),
            match collected.copies {
                0 => String::new(),
                copies => format!(
                    " ({} of it second copies)",
                    count(copies, "record", "records")
                ),
            },
        );
    } else if report.let_go.is_none() {
        text += "Nothing to let go of\n";
    }
    if collected.waiting > 0 {
        let due = collected.next_due.map(|seconds| {
            let due = Timestamp {
                unix_seconds: seconds,
                utc_offset_minutes: 0,
            };
            format!(", the first until {}", time(due))
        });
        let _ = writeln!(
            text,
            "{} that nothing needs, {}, stay for {} after they were first seen so{}",
            count(collected.waiting, "record", "records"),
            size(collected.waiting_bytes),
            count(report.grace_days as usize, "day", "days"),
            due.unwrap_or_default(),
        );
    }
    if collected.leftover_bytes > 0 {
        let _ = writeln!(
            text,
            "{} {} of commands that died",
            did("Removed", "Would remove"),
            size(collected.leftover_bytes)
        );
    }
    let _ = write!(
        text,
        "{}, {}",
        count(collected.packs_before, "pack", "packs"),
        size(collected.bytes_before)
    );
    if collected.packs_rewritten > 0 {
        let _ = write!(
            text,
            "; {} rewritten: {} {}, {}",
            collected.packs_rewritten,
            did("now", "then about"),
            count(collected.packs_after, "pack", "packs"),
            size(collected.bytes_after)
        );
    }
    text.push('\n');
    text
}

/// What the project takes on disk.
pub(in crate::cli) fn du(out: &mut Output, report: &DuReport, rows: Rows) -> io::Result<()> {
    let title = out.palette.title;
    let files = count(report.folder_files, "file", "files");
    line(out, "the folder", report.folder_bytes, &files)?;
    let warning = out.palette.warning;
    rows.write(out, &report.unreadable, ("path", "paths"), |out, entry| {
        let entry = format!("{}: {}", entry.path, entry.reason);
        writeln!(out, "  {warning}not counted{warning:#}  {}", shown(&entry))
    })?;
    if let (Some(packs), Some(bytes)) = (report.packs, report.pack_bytes) {
        line(out, "all versions", bytes, &count(packs, "pack", "packs"))?;
    }
    line(out, "the index", report.index_bytes.unwrap_or(0), "")?;
    line(
        out,
        "set aside, damaged",
        report.damaged_bytes.unwrap_or(0),
        "",
    )?;
    if !report.kinds.is_empty() {
        writeln!(out, "{title}\nAll versions by stage{title:#}")?;
    }
    for kind in &report.kinds {
        let contents = count(kind.contents, "version", "versions");
        let whole = match kind.bytes == kind.stored_bytes {
            true => count(kind.contents, "object", "objects"),
            false => format!("{contents}, {} in full", size(kind.bytes)),
        };
        line(out, &kind.kind, kind.stored_bytes, &whole)?;
    }
    if !report.timelines.is_empty() {
        writeln!(out, "{title}\nBy timeline{title:#}")?;
    }
    rows.write(
        out,
        &report.timelines,
        ("timeline", "timelines"),
        |out, timeline| {
            let own = format!("{} of it its own", size(timeline.own_bytes));
            line(out, &timeline.timeline, timeline.stored_bytes, &own)
        },
    )?;
    line(out, "shared by timelines", report.shared_bytes, "")?;
    if let Some(unused) = &report.unused_takes
        && unused.takes > 0
    {
        let takes = match unused.cost_micro_usd {
            0 => count(unused.takes, "take", "takes"),
            cost => format!(
                "{}, made for {}",
                count(unused.takes, "take", "takes"),
                dollars(cost)
            ),
        };
        let more = format!("{takes}, that no timeline holds: `aiut takes --unused`");
        line(out, "unused takes", unused.bytes, &more)?;
    }
    if let Some(old) = &report.old_operations
        && old.operations > 0
    {
        let what = format!("older than {} days", report.old_days);
        let more = format!(
            "{}, that alone hold this: `aiut gc --operations {}d`",
            count(old.operations, "operation", "operations"),
            report.old_days
        );
        line(out, &what, old.bytes, &more)?;
    }
    line(
        out,
        "needed by nothing",
        report.unreachable_bytes,
        "`aiut gc` frees it, the grace over",
    )
}

/// `12 operations, 3 commits, 40 takes (made for $4.00), 90 versions of files, 1.2 GiB`
pub(in crate::cli) fn loss(loss: &Loss) -> String {
    let mut parts = Vec::new();
    let mut add = |number: usize, one, many| {
        if number > 0 {
            parts.push(count(number, one, many));
        }
    };
    add(loss.operations, "operation", "operations");
    add(loss.commits, "commit", "commits");
    if loss.takes > 0 {
        let cost = match loss.cost_micro_usd {
            0 => String::new(),
            cost => format!(" (made for {})", dollars(cost)),
        };
        parts.push(count(loss.takes, "take", "takes") + &cost);
    }
    if loss.files > 0 {
        parts.push(count(loss.files, "version of a file", "versions of files"));
    }
    parts.push(size(loss.bytes));
    parts.join(", ")
}

/// Leaves out what takes nothing.
fn line(out: &mut Output, what: &str, bytes: u64, more: &str) -> io::Result<()> {
    if bytes == 0 {
        return Ok(());
    }
    let faint = out.palette.faint;
    let what = shown(what);
    if more.is_empty() {
        return writeln!(out, "{what:<20} {:>10}", size(bytes));
    }
    let more = shown(more);
    writeln!(
        out,
        "{what:<20} {:>10}  {faint}{more}{faint:#}",
        size(bytes)
    )
}
