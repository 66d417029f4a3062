//! Commits, and files as commits hold them.

use std::io::{self, Write};

use super::graph::{Graph, Rows};
use crate::cli::error::CliError;
use crate::cli::format::{count, shown, size, time};
use crate::cli::output::Output;
use crate::object::{TAGS, TIMELINES};
use crate::workflow::origin::FileHistory;
use crate::workflow::repository::{GenerationReport, LogEntry, ShowReport};
use crate::workflow::spending::dollars;

/// How a log looks.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Looks {
    /// One line a commit.
    pub(in crate::cli) oneline: bool,
    /// With lines that show how they hang together.
    pub(in crate::cli) graph: bool,
}

/// Writes what belongs below a commit of the log, how it differs.
pub(in crate::cli) type Below<'b> =
    &'b mut dyn FnMut(&mut Output, &LogEntry) -> Result<(), CliError>;

/// Writes the commits of a log, each with what is written below it, if anything is.
pub(in crate::cli) fn entries(
    out: &mut Output,
    entries: &[LogEntry],
    looks: Looks,
    mut below: Option<Below<'_>>,
) -> Result<(), CliError> {
    let mut drawing = looks.graph.then(Graph::default);
    for (index, entry) in entries.iter().enumerate() {
        let rows = drawing
            .as_mut()
            .map(|graph| graph.next(entry.commit.id, &entry.follows));
        let lines = if looks.oneline {
            vec![short(out, entry)]
        } else {
            full(out, entry)
        };
        print(out, &lines, rows.as_ref())?;
        let beside = rows.as_ref().map_or("", |rows| &rows.beside);
        if let Some(below) = &mut below {
            out.begin_margin(beside, !looks.oneline);
            let written = below(out, entry);
            out.end_margin();
            written?;
        }
        if !looks.oneline && index + 1 < entries.len() {
            writeln!(out, "{}", beside.trim_end())?;
        }
        if let Some(rows) = rows {
            rows.below
                .iter()
                .try_for_each(|row| writeln!(out, "{row}"))?;
        }
    }
    Ok(())
}

fn print(out: &mut Output, lines: &[String], rows: Option<&Rows>) -> io::Result<()> {
    let Some(rows) = rows else {
        return lines.iter().try_for_each(|line| writeln!(out, "{line}"));
    };
    rows.above
        .iter()
        .try_for_each(|row| writeln!(out, "{row}"))?;
    for (index, line) in lines.iter().enumerate() {
        let row = if index == 0 { &rows.node } else { &rows.beside };
        writeln!(out, "{}", format!("{row}{line}").trim_end())?;
    }
    Ok(())
}

fn short(out: &Output, entry: &LogEntry) -> String {
    let id = out.palette.id;
    let refs = refs(out, entry);
    let (short, subject) = (entry.commit.id.short(), shown(&entry.commit.subject));
    let ends = match entry.ends {
        true => " (older commits are at the remote)",
        false => "",
    };
    let faint = out.palette.faint;
    format!("{id}{short}{id:#}{refs} {subject}{faint}{ends}{faint:#}")
}

fn full(out: &Output, entry: &LogEntry) -> Vec<String> {
    let (id, commit) = (out.palette.id, &entry.commit);
    let mut lines = vec![format!(
        "{id}commit {}{id:#}{}",
        commit.id,
        refs(out, entry)
    )];
    if commit.parents.len() > 1 {
        let parents: Vec<String> = commit.parents.iter().map(|parent| parent.short()).collect();
        lines.push(format!("Merge:  {}", parents.join(" ")));
    }
    let author = &commit.author;
    lines.push(format!(
        "Author: {} <{}>",
        shown(&author.name),
        shown(&author.email)
    ));
    lines.push(format!("Date:   {}", time(commit.time)));
    if entry.generations > 0 {
        let runs = count(entry.generations, "run", "runs");
        lines.push(format!("Made:   {runs}, {}", dollars(entry.cost_micro_usd)));
    }
    if entry.ends {
        let what = "older commits are at the remote; aiut fetch --unshallow gets them";
        lines.push(format!("Ends:   {what}"));
    }
    lines.push(String::new());
    lines.extend(
        commit
            .message
            .trim_end()
            .lines()
            .map(|line| format!("    {}", shown(line))),
    );
    lines
}

/// ` (main, tag: v1)`, the current timeline first with an arrow from HEAD.
fn refs(out: &Output, entry: &LogEntry) -> String {
    let style = out.palette.reference;
    let mut names: Vec<String> = entry
        .refs
        .iter()
        .map(
            |full| match (full.strip_prefix(TIMELINES), full.strip_prefix(TAGS)) {
                (Some(timeline), _) => timeline.to_owned(),
                (_, Some(tag)) => format!("tag: {tag}"),
                _ => full.clone(),
            },
        )
        .collect();
    if entry.is_head {
        names.insert(0, "HEAD".to_owned());
    }
    if names.is_empty() {
        return String::new();
    }
    format!(" ({style}{}{style:#})", shown(&names.join(", ")))
}

/// Writes a commit in full, with the runs it brings in, before its differences.
pub(in crate::cli) fn commit(out: &mut Output, report: &ShowReport) -> io::Result<()> {
    let lines = full(out, &report.entry);
    print(out, &lines, None)?;
    writeln!(out)?;
    let same = |a: &GenerationReport, b: &GenerationReport| {
        (&a.stage, &a.generator, &a.model) == (&b.stage, &b.generator, &b.model)
    };
    for runs in report.runs.chunk_by(same) {
        let first = &runs[0];
        let model = first
            .model
            .as_ref()
            .map(|model| format!(" ({})", shown(model)));
        let cost = runs.iter().map(|run| run.cost_micro_usd).sum();
        writeln!(
            out,
            "  {} by {}{}, {}{}",
            shown(&first.stage),
            shown(&first.generator),
            model.unwrap_or_default(),
            dollars(cost),
            items(runs)
        )?;
    }
    if !report.runs.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// `: 002_001, 002_007 and 3 more`; nothing for a stage that runs once.
fn items(runs: &[GenerationReport]) -> String {
    const NAMED: usize = 4;
    let named = runs.iter().take(NAMED);
    let named: Vec<String> = named.map(|run| shown(&run.item).to_string()).collect();
    match (runs.len().saturating_sub(NAMED), named.join(", ")) {
        (_, named) if named.is_empty() => String::new(),
        (0, named) => format!(": {named}"),
        (more, named) => format!(": {named} and {more} more"),
    }
}

/// Writes a file as a commit holds it, and where it came from.
pub(in crate::cli) fn file(out: &mut Output, history: &FileHistory) -> io::Result<()> {
    let (title, file) = (out.palette.title, &history.file);
    writeln!(out, "{title}{}{title:#}", shown(file.path.as_str()))?;
    writeln!(out, "  id       {}", file.id)?;
    writeln!(out, "  size     {}", size(file.size))?;
    if let Some(entry) = &history.last_change {
        let (id, subject) = (entry.commit.id.short(), shown(&entry.commit.subject));
        writeln!(out, "  changed  in {id} {subject}")?;
    }
    match &file.made_by {
        Some(maker) => {
            let (stage, item) = (shown(&maker.stage), shown(&maker.item));
            writeln!(
                out,
                "  made by  {} for {stage} {item}",
                shown(&maker.generator)
            )?;
        }
        None => writeln!(out, "  made by  hand")?,
    }
    let Some(run) = &history.run else {
        return Ok(());
    };
    if let Some(model) = &run.model {
        writeln!(out, "  model    {}", shown(model))?;
    }
    if let Some(seed) = run.seed {
        writeln!(out, "  seed     {seed}")?;
    }
    writeln!(out, "  cost     {}", dollars(run.cost_micro_usd))?;
    for (name, version) in &run.tools {
        writeln!(out, "  tool     {} {}", shown(name), shown(version))?;
    }
    for (index, selector) in run.reads.keys().enumerate() {
        let word = if index == 0 { "read" } else { "" };
        writeln!(out, "  {word:<8} {}", shown(selector))?;
    }
    Ok(())
}
