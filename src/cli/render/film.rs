//! Reports on a film, as text.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::cli::format::{count, shown};
use crate::cli::output::Output;
use crate::pipeline::State;
use crate::workflow::film::{FilmReport, ItemRow, LockedShot, Why};
use crate::workflow::spending::dollars;

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
    crate::film::numbers::scene_of_stem(stem).unwrap_or_else(|| stem.to_owned())
}

/// `3 stale, 1 missing`, in the order of the states.
pub(crate) fn states(states: &BTreeMap<State, usize>) -> String {
    let listed = STATES.iter().filter_map(|state| {
        let number = states.get(state).filter(|number| **number > 0)?;
        Some(format!("{number} {}", state.name()))
    });
    listed.collect::<Vec<_>>().join(", ")
}

/// `about 4 min`, for estimates.
pub(crate) fn about(milliseconds: u64) -> String {
    match milliseconds / 1000 {
        0 => "under a second".to_owned(),
        seconds @ 1..=90 => format!("about {seconds} s"),
        seconds if seconds < 5400 => format!("about {} min", seconds.div_ceil(60)),
        seconds => format!("about {} h", seconds.div_ceil(3600)),
    }
}

/// The stages with their states, and the scenes with something to do.
pub(crate) fn report(out: &mut Output, report: &FilmReport) -> io::Result<()> {
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
        for row in &report.scenes {
            writeln!(
                out,
                "{:<12} {}",
                scene_number(&row.scene),
                states(&row.states)
            )?;
        }
    }
    for problem in &report.problems {
        let error = palette.error;
        writeln!(out, "\n{error}problem:{error:#} {}", shown(problem))?;
    }
    Ok(())
}

/// Most outputs listed by name.
const LISTED: usize = 40;

/// What `generate` would do, to the last line.
pub(crate) fn plan(out: &mut Output, summary: &FilmReport) -> io::Result<()> {
    report(out, summary)?;
    writeln!(out)?;
    items(out, summary)?;
    writeln!(out, "\nIn all: {}", effort(summary))
}

/// What is done with each output, what is taken away before all else.
fn items(out: &mut Output, report: &FilmReport) -> io::Result<()> {
    let is_removal = |item: &&ItemRow| item.is_removal();
    let removals = report.items.iter().filter(is_removal);
    let others = report.items.iter().filter(|item| !is_removal(item));
    for item in removals.chain(others).take(LISTED) {
        let edited = if item.edited { " (edited by hand)" } else { "" };
        let path = shown(item.path.as_str());
        writeln!(out, "{:<8} {path}{edited}", item.action)?;
    }
    let more = report.items.len().saturating_sub(LISTED);
    if more > 0 {
        writeln!(out, "… and {more} more (`aiut plan --json` lists them all)")?;
    }
    Ok(())
}

/// What bringing all up to date takes: runs, time, price.
pub(crate) fn effort(report: &FilmReport) -> String {
    let runs: usize = report.stages.iter().map(|row| row.runs).sum();
    let maybe: usize = report.stages.iter().map(|row| row.maybe).sum();
    let mut parts = vec![
        count(report.items.len(), "output", "outputs"),
        count(runs, "run", "runs"),
    ];
    if maybe > 0 {
        parts.push(format!("up to {maybe} more"));
    }
    match report.removals() {
        0 => {}
        removed => parts.push(format!("{removed} taken away")),
    }
    parts.push(about(report.estimated_ms));
    parts.push(dollars(report.price_micro_usd));
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
    fn amounts_and_times_are_short() {
        assert_eq!(about(400), "under a second");
        assert_eq!(about(12_000), "about 12 s");
        assert_eq!(about(600_000), "about 10 min");
    }

    #[test]
    fn states_are_listed_in_one_order() {
        let listed = BTreeMap::from([(State::Missing, 1), (State::Stale, 3), (State::Fresh, 0)]);
        assert_eq!(states(&listed), "3 stale, 1 missing");
    }
}
