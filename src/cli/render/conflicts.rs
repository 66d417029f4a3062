//! Files in conflict.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::{count, json, shown, size};
use crate::cli::output::Output;
use crate::object::{Place, Side};
use crate::workflow::repository::{OpenConflict, ResolveOutcome, Settlement};

/// What `--json` lists.
#[derive(Serialize)]
struct Answer<'a> {
    conflicts: &'a [OpenConflict],
}

/// Writes each conflict with both versions.
pub(in crate::cli) fn list(
    context: &mut Context,
    open: &[OpenConflict],
    is_json: bool,
) -> Result<Outcome, CliError> {
    if is_json {
        json(&mut context.out, &Answer { conflicts: open })?;
    } else if open.is_empty() {
        context.say("No file is in conflict")?;
    } else {
        for conflict in open {
            one(&mut context.out, conflict)?;
        }
        let faint = context.out.palette.faint;
        writeln!(
            context.out,
            "{faint}aiut resolve NAME --ours, --theirs or --both, or --edited once you have edited the file{faint:#}"
        )?;
    }
    Ok(match open.is_empty() {
        true => Outcome::Done,
        false => Outcome::Found,
    })
}

fn one(out: &mut Output, open: &OpenConflict) -> io::Result<()> {
    let warning = out.palette.warning;
    let (path, reason) = (shown(open.path.as_str()), shown(&open.reason));
    writeln!(out, "{warning}{path}{warning:#}: {reason}")?;
    if open.conflict.places.is_empty() {
        side(out, "ours", open.conflict.ours.as_ref())?;
        side(out, "theirs", open.conflict.theirs.as_ref())?;
    }
    let mut places = open.conflict.places.iter().zip(&open.names);
    places.try_for_each(|(at, name)| place(out, at, name))
}

/// Where a place lies, as far as its name does not say so, to stand behind that.
pub(in crate::cli) fn whereabouts(place: &Place) -> String {
    let mut parts = Vec::new();
    parts.extend(place.line.map(|line| format!("line {line}")));
    parts.extend(place.scene.clone());
    parts.extend(place.element.clone());
    if place.order {
        parts.push("the order".to_owned());
    }
    match parts.is_empty() {
        true => String::new(),
        false => format!("  {}", parts.join(", ")),
    }
}

fn side(out: &mut Output, name: &str, side: Option<&Side>) -> io::Result<()> {
    match side {
        Some(side) => writeln!(out, "  {name:<7}{}, {}", side.id.short(), size(side.size)),
        None => writeln!(out, "  {name:<7}no file"),
    }
}

fn place(out: &mut Output, place: &Place, name: &str) -> io::Result<()> {
    let palette = out.palette.clone();
    let (faint, reference, whereabouts) = (palette.faint, palette.reference, whereabouts(place));
    let (name, whereabouts) = (shown(name), shown(&whereabouts));
    writeln!(
        out,
        "  {reference}{name}{reference:#}{faint}{whereabouts}{faint:#}"
    )?;
    let sides = [
        ("ours", palette.removed, &place.ours),
        ("theirs", palette.added, &place.theirs),
    ];
    for (name, style, text) in sides {
        if text.is_none() && place.mark.is_some() {
            writeln!(out, "    {name:<7}{faint}(taken out){faint:#}")?;
        }
        let Some(text) = text else { continue };
        if text.is_empty() {
            writeln!(out, "    {name:<7}{faint}(nothing){faint:#}")?;
        }
        for (at, line) in text.lines().enumerate() {
            let name = if at == 0 { name } else { "" };
            writeln!(out, "    {name:<7}{style}{}{style:#}", shown(line))?;
        }
    }
    Ok(())
}

/// Tells what was settled, and what is left.
pub(in crate::cli) fn settled(
    context: &mut Context,
    outcome: &ResolveOutcome,
    settlement: Settlement,
    is_json: bool,
) -> Result<Outcome, CliError> {
    if is_json {
        context.done(outcome)?;
        return Ok(Outcome::Done);
    }
    for name in &outcome.places {
        context.say(format_args!("  {}: {}", shown(name), settlement.word()))?;
    }
    let id = context.out.palette.id;
    let (short, subject) = (outcome.commit.id.short(), shown(&outcome.commit.subject));
    context.say(format_args!("{id}{short}{id:#} {subject}"))?;
    if !outcome.open.is_empty() {
        let left = count(outcome.open.len(), "file is", "files are");
        let places = outcome.open.iter().map(|open| open.names.len()).sum();
        let places = match places {
            0 => String::new(),
            places => format!(", at {}", count(places, "place", "places")),
        };
        context.say(format_args!(
            "{left} still in conflict{places}: aiut resolve"
        ))?;
    }
    Ok(Outcome::Done)
}
