//! Reports on a film, as text.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::rows::{MOST, Rows};
use crate::cli::format::{about, count, shown};
use crate::cli::output::Output;
use crate::pipeline::State;
use crate::workflow::film::{FilmReport, ItemRow, LockedShot, SceneRow, Why};

/// The states in the order in which they are listed.
const STATES: [State; 9] = [
    State::Fresh,
    State::Stale,
    State::Pending,
    State::Missing,
    State::Orphan,
    State::Broken,
    State::Outdated,
    State::Accepted,
    State::Unmanaged,
];

/// `12A` for the file stem `012A`.
pub(crate) fn scene_number(stem: &str) -> String {
    crate::film::ids::scene_name(stem)
}

/// `3 stale, 1 missing`, in the order of the states.
pub(crate) fn states(states: &BTreeMap<State, usize>) -> String {
    let listed = STATES.iter().filter_map(|state| {
        let number = states.get(state).filter(|number| **number > 0)?;
        Some(format!("{number} {}", state.name()))
    });
    listed.collect::<Vec<_>>().join(", ")
}

/// So many scenes are listed, those that an edit touched first.
const SCENES: usize = 12;
/// So many outputs are listed by name in a plan.
const OUTPUTS: usize = 20;

/// The stages with their states, and the scenes with something to do.
pub(crate) fn report(out: &mut Output, report: &FilmReport, rows: Rows) -> io::Result<()> {
    let palette = out.palette.clone();
    let title = palette.title;
    writeln!(
        out,
        "{title}{:<12} {:>7}  state{title:#}",
        "stage", "outputs"
    )?;
    for row in &report.stages {
        let style = if row.states.keys().any(|s| s.needs_work()) {
            palette.warning
        } else {
            palette.faint
        };
        let states = states(&row.states);
        writeln!(
            out,
            "{:<12} {:>7}  {style}{states}{style:#}",
            row.stage, row.outputs
        )?;
    }
    if !report.scenes.is_empty() {
        writeln!(out, "\n{title}{:<12} to do{title:#}", "scene")?;
        scenes(out, &report.scenes, rows.most(SCENES))?;
    }
    let problems = rows.most(SCENES);
    problems.write(
        out,
        &report.problems,
        ("problem", "problems"),
        |out, problem| {
            let error = palette.error;
            writeln!(out, "\n{error}problem:{error:#} {}", shown(problem))
        },
    )
}

/// Files that nothing reads for their names, and the like.
pub(crate) fn remarks(out: &mut Output, report: &FilmReport, rows: Rows) -> io::Result<()> {
    let rows = rows.most(SCENES);
    let warning = out.palette.warning;
    rows.write(
        out,
        &report.remarks,
        ("such file", "such files"),
        |out, remark| {
            let (path, text) = (shown(remark.path.as_str()), shown(&remark.remark));
            writeln!(out, "{warning}note:{warning:#} {path}: {text}")
        },
    )
}

/// Those that an edit touched, with the edit; then the others. Of what is left out it is said what
/// state it is in.
fn scenes(out: &mut Output, scenes: &[SceneRow], rows: Rows) -> io::Result<()> {
    let faint = out.palette.faint;
    let (touched, others): (Vec<_>, Vec<_>) = scenes.iter().partition(|row| row.is_touched());
    let mut listed: Vec<&SceneRow> = touched.into_iter().chain(others).collect();
    let left = listed.split_off(rows.take(listed.len()));
    // As the story goes: a scene is looked for where it is.
    listed.sort_by(|one, other| one.scene.cmp(&other.scene));
    for row in listed {
        let reason = row
            .reason
            .as_deref()
            .map_or(String::new(), |reason| format!("  {reason}"));
        let (number, states) = (scene_number(&row.scene), states(&row.states));
        writeln!(
            out,
            "{number:<12} {states}{faint}{}{faint:#}",
            shown(&reason)
        )?;
    }
    if let Some(rest) = rows.rest(scenes.len(), "scene", "scenes") {
        let mut sum: BTreeMap<State, usize> = BTreeMap::new();
        for (state, number) in left.iter().flat_map(|row| &row.states) {
            *sum.entry(*state).or_default() += number;
        }
        writeln!(out, "{rest}: {}", states(&sum))?;
    }
    Ok(())
}

/// What `generate` would do, to the last line.
pub(crate) fn plan(out: &mut Output, summary: &FilmReport, rows: Rows) -> io::Result<()> {
    report(out, summary, rows)?;
    writeln!(out)?;
    items(out, summary, rows.most(OUTPUTS))?;
    writeln!(out, "\nIn all: {}", effort(summary))
}

/// What is done with each output, what is taken away before all else.
fn items(out: &mut Output, report: &FilmReport, rows: Rows) -> io::Result<()> {
    let (removals, others): (Vec<_>, Vec<_>) = report.items.iter().partition(|i| i.is_removal());
    let of = ("output", "outputs");
    let line = |out: &mut Output, item: &&ItemRow| {
        let edited = if item.edited { " (edited by hand)" } else { "" };
        let path = shown(item.path.as_str());
        writeln!(out, "{:<8} {path}{edited}", item.action)
    };
    rows.most(MOST).write(out, &removals, of, line)?;
    rows.write(out, &others, of, line)
}

/// What bringing all up to date takes: runs, time, price.
pub(crate) fn effort(report: &FilmReport) -> String {
    let runs: usize = report.stages.iter().map(|row| row.runs).sum();
    let maybe: usize = report.stages.iter().map(|row| row.maybe).sum();
    let mut parts = vec![count(report.items.len(), "output", "outputs")];
    // What reads an output that is made again runs only if that comes out otherwise.
    match (runs, maybe) {
        (0, 0) => {}
        (runs, 0) => parts.push(count(runs, "run", "runs")),
        (0, maybe) => parts.push(format!("up to {}", count(maybe, "run", "runs"))),
        (runs, maybe) => parts.push(format!("{runs} to {} runs", runs + maybe)),
    }
    match report.removals() {
        0 => {}
        removed => parts.push(format!("{removed} taken away")),
    }
    parts.push(about(report.estimated_ms));
    parts.push(report.expense.to_string());
    parts.join(", ")
}

/// What people hold of an output, and what to type about it.
pub(crate) fn held(out: &mut Output, report: &Why) -> io::Result<()> {
    for shot in &report.locked {
        writeln!(out, "{}", locked(shot))?;
    }
    if let Some(remark) = &report.remark {
        writeln!(out, "{}", shown(remark))?;
    }
    let (cause, path) = (&report.cause, shown(report.cause.path.as_str()));
    if cause.edited {
        writeln!(
            out,
            "\nTo let go of the edit: aiut restore --generated {path}"
        )?;
    }
    if cause.edited && cause.state == State::Stale && cause.path.extension() != Some("json") {
        writeln!(
            out,
            "To keep it as it is:   aiut accept {path} --why REASON\n\
             To take another:       aiut takes {path}"
        )?;
    }
    Ok(())
}

/// A locked shot in words.
pub(crate) fn locked(shot: &LockedShot) -> String {
    let id = shown(&shot.shot);
    match shot.lines_gone {
        false => format!("shot {id} is locked: it stays as it is"),
        true => format!(
            "shot {id} is locked and stays; the lines that it was made from are gone from the script"
        ),
    }
}

/// How much of the film people hold, as lines; nothing where they hold nothing.
pub(crate) fn own(out: &mut Output, edited: usize, locked: usize) -> io::Result<()> {
    if edited > 0 {
        let what = count(edited, "output is", "outputs are");
        writeln!(out, "{what} edited by hand: aiut stale --edited")?;
    }
    if locked > 0 {
        let what = count(locked, "shot is", "shots are");
        writeln!(out, "{what} locked: aiut shots --locked")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_listed_in_one_order() {
        let listed = BTreeMap::from([(State::Missing, 1), (State::Stale, 3), (State::Fresh, 0)]);
        assert_eq!(states(&listed), "3 stale, 1 missing");
    }
}
