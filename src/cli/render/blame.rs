//! Where the rows of a file are from.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::cli::format::{shown, time};
use crate::cli::output::Output;
use crate::film::ids::shot_name;
use crate::film::versions::UnitKind;
use crate::workflow::blame::{BlameReport, BlamedRow, Origin, Place};

/// Longest paragraph or value that is shown, in characters.
const MOST_CHARS: usize = 100;
/// Most inputs of a run told by name.
const MOST_READS: usize = 4;
/// What stands for the id of a commit that is not made yet.
const NO_COMMIT: &str = "uncommitted ";

/// Writes a row a line, and below what the runs that made some of them read.
pub(in crate::cli) fn report(out: &mut Output, report: &BlameReport) -> io::Result<()> {
    let columns = Columns::of(report);
    let mut part = None;
    for row in &report.rows {
        let here = heading(row);
        if here.is_some() && here != part {
            let title = out.palette.title;
            let text = here.as_deref().unwrap_or_default();
            writeln!(out, "{title}{}{title:#}", shown(text))?;
            part = here;
        }
        write_row(out, &columns, &report.origins[row.origin], row)?;
    }
    runs(out, report)
}

/// What stands above the rows of a scene or a shot.
fn heading(row: &BlamedRow) -> Option<String> {
    match &row.row.place {
        Place::Line { .. } => None,
        Place::Unit { scene, heading, .. } => Some(match (scene, heading) {
            (Some(scene), Some(heading)) => format!("scene {scene}  {heading}"),
            _ => "title page and outline".to_owned(),
        }),
        Place::Field { shot, .. } => Some(match shot {
            Some(shot) => format!("shot {}", shot_name(shot)),
            None => "scene".to_owned(),
        }),
    }
}

/// How wide the columns are.
struct Columns {
    authors: Vec<String>,
    author: usize,
    made: usize,
    place: usize,
}

impl Columns {
    fn of(report: &BlameReport) -> Self {
        let author = |origin: &Origin| match &origin.commit {
            Some(commit) => shown(&commit.author.name).to_string(),
            None => "you".to_owned(),
        };
        let authors: Vec<String> = report.origins.iter().map(author).collect();
        let widest = |widths: &mut dyn Iterator<Item = usize>| widths.max().unwrap_or(0);
        Self {
            author: widest(&mut authors.iter().map(|name| name.width())),
            made: widest(&mut report.origins.iter().map(|origin| made(origin).width())),
            place: widest(&mut report.rows.iter().map(|row| place(row).width())),
            authors,
        }
    }
}

/// By what it was written.
fn made(origin: &Origin) -> String {
    match &origin.run {
        Some(run) => shown(&run.generator).to_string(),
        None => "hand".to_owned(),
    }
}

fn place(row: &BlamedRow) -> String {
    match &row.row.place {
        Place::Line { line } | Place::Unit { line, .. } => line.to_string(),
        Place::Field { field, .. } => shown(field).to_string(),
    }
}

fn write_row(
    out: &mut Output,
    columns: &Columns,
    origin: &Origin,
    row: &BlamedRow,
) -> io::Result<()> {
    let (id, faint) = (out.palette.id, out.palette.faint);
    let (short, day) = match &origin.commit {
        Some(commit) => (commit.id.short(), day(commit.time)),
        None => (NO_COMMIT.to_owned(), " ".repeat(10)),
    };
    let author = &columns.authors[row.origin];
    let padded = |text: &str, width: usize| format!("{text}{}", " ".repeat(width - text.width()));
    let (author, made) = (
        padded(author, columns.author),
        padded(&made(origin), columns.made),
    );
    let place = place(row);
    let place = match row.row.place {
        Place::Field { .. } => padded(&place, columns.place),
        _ => format!("{place:>width$}", width = columns.place),
    };
    let text = text(row);
    let line = format!("{id}{short}{id:#} {author} {day} {faint}{made}{faint:#} {place}  {text}");
    writeln!(out, "{}", line.trim_end())
}

/// `2026-01-01`
fn day(moment: crate::object::Timestamp) -> String {
    time(moment)
        .split(' ')
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// What a row says, on one line.
fn text(row: &BlamedRow) -> String {
    let text = &row.row.text;
    let one_line = match &row.row.place {
        Place::Line { .. } => return shown(text).to_string(),
        Place::Unit {
            element: UnitKind::Speech,
            ..
        } => {
            let mut lines = text.lines();
            let cue = lines.next().unwrap_or_default().trim();
            format!(
                "{cue}: {}",
                lines.map(str::trim).collect::<Vec<_>>().join(" ")
            )
        }
        _ => text.lines().map(str::trim).collect::<Vec<_>>().join(" "),
    };
    match one_line.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{}…", shown(one_line[..end].trim_end())),
        None => shown(&one_line).to_string(),
    }
}

fn runs(out: &mut Output, report: &BlameReport) -> io::Result<()> {
    let mut is_first = true;
    for origin in &report.origins {
        let (Some(commit), Some(run)) = (&origin.commit, &origin.run) else {
            continue;
        };
        if std::mem::take(&mut is_first) {
            writeln!(out)?;
        }
        let model = run.model.as_ref();
        let model = model.map_or_else(String::new, |model| format!(" ({})", shown(model)));
        let named = run.reads.iter().take(MOST_READS);
        let named: Vec<String> = named.map(|read| shown(read).to_string()).collect();
        let more = match run.reads.len().saturating_sub(MOST_READS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let id = out.palette.id;
        writeln!(
            out,
            "{id}{}{id:#} made {} {} by {}{model} from {}{more}",
            commit.id.short(),
            shown(&run.stage),
            shown(&run.item),
            shown(&run.generator),
            named.join(", ")
        )?;
    }
    Ok(())
}
