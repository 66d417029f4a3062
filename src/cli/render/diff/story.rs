//! A screenplay scene by scene: what happened to each, and the words in it that changed.

use std::io::{self, Write};

use super::words::block;
use crate::cli::format::{count, shown};
use crate::cli::output::Output;
use crate::film::ids::SceneNumber;
use crate::film::versions::{SceneChange, SceneFate, ScriptChange, ScriptDiff, UnitChange};

/// Writes a screenplay's changes: a line a scene, and under it, with `words`, what changed in it.
pub(in crate::cli) fn story(out: &mut Output, diff: &ScriptDiff, words: bool) -> io::Result<()> {
    if diff.is_empty() {
        return writeln!(out, "  no scene differs");
    }
    if !diff.title_page.is_empty() {
        writeln!(out, "  ~ title page and outline")?;
        if words {
            diff.title_page
                .iter()
                .try_for_each(|change| unit(out, change))?;
        }
    }
    diff.scenes.iter().try_for_each(|found| {
        scene(out, found)?;
        if words && found.fate != SceneFate::Moved {
            found
                .changes
                .iter()
                .try_for_each(|change| unit(out, change))?;
        }
        Ok(())
    })
}

/// One line: the mark, the heading, what else happened.
pub(in crate::cli) fn scene(out: &mut Output, scene: &SceneChange) -> io::Result<()> {
    let (style, mark) = match scene.fate {
        SceneFate::Added => (out.palette.added, '+'),
        SceneFate::Cut => (out.palette.removed, '-'),
        SceneFate::Changed => (out.palette.warning, '~'),
        SceneFate::Moved => (out.palette.faint, '>'),
    };
    let side = scene.new.as_ref().or(scene.old.as_ref());
    let heading = side.map_or("", |side| side.heading.as_str());
    let heading = if heading.is_empty() {
        "(no heading)"
    } else {
        heading
    };
    write!(out, "  {style}{mark} {}{style:#}", shown(heading))?;
    let notes = notes(scene);
    match notes.is_empty() {
        true => writeln!(out),
        false => writeln!(out, "  ({})", notes.join(", ")),
    }
}

fn notes(scene: &SceneChange) -> Vec<String> {
    let mut notes = Vec::new();
    let place = |index: usize| SceneNumber::at(index).to_string();
    if scene.moved
        && let (Some(old), Some(new)) = (&scene.old, &scene.new)
    {
        notes.push(format!(
            "moved from place {} to {}",
            place(old.index),
            place(new.index)
        ));
    }
    if scene.fate == SceneFate::Changed {
        notes.push(count(scene.changes.len(), "change", "changes"));
        if let (Some(old), Some(new)) = (&scene.old, &scene.new)
            && old.eighths != new.eighths
        {
            let pages = crate::film::scenes::format_eighths;
            notes.push(format!(
                "{} → {} pages",
                pages(old.eighths),
                pages(new.eighths)
            ));
        }
        let speakers = [
            (&scene.speakers_gained, "speaks now"),
            (&scene.speakers_lost, "no longer speaks"),
        ];
        for (names, word) in speakers {
            notes.extend(names.iter().map(|name| format!("{} {word}", shown(name))));
        }
    }
    if let Some(from) = scene.split_from {
        notes.push(format!("split off the scene at place {}", place(from)));
    }
    if let Some(into) = scene.merged_into {
        notes.push(format!("put into the scene at place {}", place(into)));
    }
    notes
}

/// A paragraph: removed, added, or with the words that changed.
fn unit(out: &mut Output, change: &UnitChange) -> io::Result<()> {
    let palette = out.palette.clone();
    let line = change.new_line.or(change.old_line).unwrap_or_default();
    let what = match change.what {
        ScriptChange::Added => "added",
        ScriptChange::Removed => "removed",
        ScriptChange::Changed => "changed",
        ScriptChange::Moved => "moved",
        ScriptChange::Speaker => "given to another speaker",
    };
    let faint = palette.faint;
    writeln!(out, "      {faint}line {line}, {what}{faint:#}")?;
    let (old, new) = (
        change.old.as_deref().unwrap_or_default(),
        change.new.as_deref().unwrap_or_default(),
    );
    if change.what == ScriptChange::Moved {
        return Ok(());
    }
    block(out, &palette, &indented(old), &indented(new))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("      {line}\n")).collect()
}
