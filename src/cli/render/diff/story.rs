//! A difference in the words of film: screenplays scene by scene with the words that changed, then
//! what has shots and fields, then everything else.

use std::io::{self, Write};

use super::words::block;
use super::{fields, headline};
use crate::cli::format::{count, shown};
use crate::cli::output::Output;
use crate::diff::{Content, FileChange};
use crate::film::ids::SceneNumber;
use crate::film::scenes::format_eighths;
use crate::film::versions::{SceneChange, SceneFate, ScriptChange, ScriptDiff, UnitChange};
use crate::workflow::comparison::Story;

/// Writes all that differs; with `full` down to words and fields.
pub(in crate::cli) fn all(out: &mut Output, story: &Story, full: bool) -> io::Result<()> {
    for script in &story.scripts {
        let title = out.palette.title;
        writeln!(out, "{title}{}{title:#}", shown(script.path.as_str()))?;
        self::story(out, &script.diff, full)?;
    }
    let lists = &story.shot_lists;
    lists
        .iter()
        .try_for_each(|list| fields::shot_list(out, list, full))?;
    if lists.len() > 1 {
        write!(out, "In all: ")?;
        fields::sum(out, lists)?;
    }
    let mut data = story.data.iter();
    data.try_for_each(|data| fields::data(out, data, full))?;
    let mut others = story.others.iter();
    others.try_for_each(|change| other(out, change, full))
}

/// A file that has neither scenes nor fields.
fn other(out: &mut Output, change: &FileChange, full: bool) -> io::Result<()> {
    let title = out.palette.title;
    write!(out, "{title}{}{title:#}", headline(change))?;
    if let Content::Text(text) = &change.content {
        let added = count(text.added, "line", "lines");
        writeln!(out, "  ({added} added, {} removed)", text.removed)?;
    } else {
        writeln!(out)?;
    }
    match &change.content {
        Content::Media(media) if full => {
            super::sizes(out, change)?;
            super::media(out, media)
        }
        Content::Binary if full => super::sizes(out, change),
        _ => Ok(()),
    }
}

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
    for found in &diff.scenes {
        scene(out, found)?;
        if !words || found.fate == SceneFate::Moved {
            continue;
        }
        let mut changes = found.changes.iter();
        changes.try_for_each(|change| unit(out, change))?;
        if !found.notes.is_empty() {
            writeln!(out, "      notes:")?;
        }
        let mut notes = found.notes.iter();
        notes.try_for_each(|change| unit(out, change))?;
    }
    match diff.scenes.len() {
        0 | 1 => Ok(()),
        _ => sum(out, diff),
    }
}

/// `In all: 1 scene added, 2 changed; 110 2/8 → 110 5/8 pages, about 110:15 → 110:38`
pub(in crate::cli) fn sum(out: &mut Output, diff: &ScriptDiff) -> io::Result<()> {
    let fates = [
        (SceneFate::Added, "added"),
        (SceneFate::Cut, "cut"),
        (SceneFate::Changed, "changed"),
        (SceneFate::Moved, "moved"),
    ];
    let told = fates.iter().filter_map(|(fate, word)| {
        let scenes = diff.scenes.iter().filter(|scene| scene.fate == *fate);
        let number = scenes.count();
        (number > 0).then(|| format!("{} {word}", count(number, "scene", "scenes")))
    });
    let told: Vec<String> = told.collect();
    let length = length(diff.old_eighths, diff.new_eighths);
    match told.is_empty() {
        true => writeln!(out, "  In all: {length}"),
        false => writeln!(out, "  In all: {}; {length}", told.join(", ")),
    }
}

/// A length on the page and on the screen, before and after; once where nothing changed.
fn length(old: u32, new: u32) -> String {
    if old == new {
        return format!("{} pages, about {}", format_eighths(new), minutes(new));
    }
    let pages = format!("{} → {} pages", format_eighths(old), format_eighths(new));
    format!("{pages}, about {} → {}", minutes(old), minutes(new))
}

/// How long it plays: a page is about a minute.
fn minutes(eighths: u32) -> String {
    let seconds = (u64::from(eighths) * 15).div_ceil(2);
    format!("{}:{:02}", seconds / 60, seconds % 60)
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
    if scene.fate == SceneFate::Changed && !scene.changes.is_empty() {
        notes.push(count(scene.changes.len(), "change", "changes"));
    }
    if scene.fate == SceneFate::Changed && !scene.notes.is_empty() {
        notes.push(count(scene.notes.len(), "note", "notes"));
    }
    match (&scene.old, &scene.new) {
        (Some(old), Some(new)) if old.eighths == new.eighths => {}
        (Some(old), Some(new)) => notes.push(length(old.eighths, new.eighths)),
        (Some(one), None) | (None, Some(one)) => notes.push(length(one.eighths, one.eighths)),
        (None, None) => {}
    }
    let speakers = match scene.fate {
        SceneFate::Changed => [
            (&scene.speakers_gained, "speaks now"),
            (&scene.speakers_lost, "no longer speaks"),
        ],
        _ => [
            (&scene.speakers_gained, "speaks"),
            (&scene.speakers_lost, "spoke"),
        ],
    };
    for (names, word) in speakers {
        notes.extend(names.iter().map(|name| format!("{} {word}", shown(name))));
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
