//! Two timelines beside each other: what they did, their stories, stages and money.

use std::io::{self, Write};

use super::diff::{fields, story};
use super::film::states;
use crate::cli::format::{count, shown};
use crate::cli::output::Output;
use crate::workflow::comparison::Story;
use crate::workflow::film::{Timeline, Timelines};
use crate::workflow::spending::dollars;

/// Columns of a state's cell.
const CELL: usize = 28;

/// Writes the sum of it.
pub(in crate::cli) fn timelines(out: &mut Output, found: &Timelines) -> io::Result<()> {
    let (left, right) = (&found.left, &found.right);
    let (title, id) = (out.palette.title, out.palette.id);
    let names = [left, right].map(|side| shown(&side.name).to_string());
    match found.base {
        Some(base) => writeln!(
            out,
            "{} and {} parted at {id}{}{id:#}: {} there, {} here",
            names[0],
            names[1],
            base.short(),
            count(left.commits, "commit", "commits"),
            right.commits
        )?,
        None => writeln!(
            out,
            "{} and {} have no commit in common",
            names[0], names[1]
        )?,
    }
    writeln!(
        out,
        "\n{title}story, from {} to {}{title:#}",
        names[0], names[1]
    )?;
    self::story(out, &found.story)?;
    writeln!(
        out,
        "\n{title}{:<12} {:<CELL$} {}{title:#}",
        "", names[0], names[1]
    )?;
    stages(out, left, right)?;
    for side in [left, right] {
        if let Some(why) = &side.unknown {
            writeln!(
                out,
                "{}: how its film stands is not known: {}",
                shown(&side.name),
                shown(why)
            )?;
        }
    }
    Ok(())
}

fn story(out: &mut Output, found: &Story) -> io::Result<()> {
    if found.files() == 0 {
        return writeln!(out, "  nothing differs");
    }
    for script in &found.scripts {
        writeln!(out, "  {}", shown(script.path.as_str()))?;
        story::sum(out, &script.diff)?;
    }
    if !found.shot_lists.is_empty() {
        write!(out, "  shot lists: ")?;
        fields::sum(out, &found.shot_lists)?;
    }
    let others = found.data.len() + found.others.len();
    match others {
        0 => Ok(()),
        _ => writeln!(out, "  {}", count(others, "other file", "other files")),
    }
}

fn stages(out: &mut Output, left: &Timeline, right: &Timeline) -> io::Result<()> {
    let mut names: Vec<&str> = Vec::new();
    let both = [left, right].map(|side| side.film.as_ref());
    for stage in both.iter().flatten().flat_map(|film| &film.stages) {
        if !names.contains(&stage.stage.as_str()) {
            names.push(&stage.stage);
        }
    }
    for name in names {
        let cell = both.map(|film| {
            let mut stages = film.into_iter().flat_map(|film| &film.stages);
            let stage = stages.find(|stage| stage.stage == name);
            stage.map_or("-".to_owned(), |stage| states(&stage.states))
        });
        writeln!(out, "{:<12} {:<CELL$} {}", shown(name), cell[0], cell[1])?;
    }
    let spent = [left, right].map(|side| dollars(side.cost_micro_usd));
    writeln!(out, "{:<12} {:<CELL$} {}", "made for", spent[0], spent[1])?;
    let refresh = both.map(|film| match film {
        Some(film) => {
            let runs = count(film.runs, "run", "runs");
            format!("{runs}, {}", dollars(film.price_micro_usd))
        }
        None => "-".to_owned(),
    });
    writeln!(
        out,
        "{:<12} {:<CELL$} {}",
        "to refresh", refresh[0], refresh[1]
    )
}
