//! A difference in the words of film as a table for spreadsheets: a row a change.

use std::io::{self, Write};

use serde_json::Value;

use super::fields::text;
use crate::cli::output::Output;
use crate::film::ids::{SceneNumber, shot_name};
use crate::film::versions::{FieldChange, SceneSide, ShotFate, ShotSide, UnitChange};
use crate::workflow::comparison::{ShotListChange, Story, StoryChange};

/// The first row.
const TITLES: [&str; 7] = ["path", "scene", "shot", "what", "field", "old", "new"];

/// Writes every change as a row of RFC 4180.
pub(in crate::cli) fn story(out: &mut Output, story: &Story) -> io::Result<()> {
    row(out, &TITLES)?;
    story
        .scripts
        .iter()
        .try_for_each(|script| scenes(out, script))?;
    story
        .shot_lists
        .iter()
        .try_for_each(|list| shots(out, list))?;
    for data in &story.data {
        let path = data.path.as_str();
        if data.fields.is_empty() {
            row(out, &[path, "", "", &word(&data.status), "", "", ""])?;
        }
        fields(out, [path, "", ""], &data.fields)?;
    }
    for other in &story.others {
        row(
            out,
            &[
                other.path().as_str(),
                "",
                "",
                &word(&other.status),
                "",
                "",
                "",
            ],
        )?;
    }
    Ok(())
}

fn scenes(out: &mut Output, script: &StoryChange) -> io::Result<()> {
    let path = script.path.as_str();
    let heading = |side: &Option<SceneSide>| {
        side.as_ref()
            .map_or(String::new(), |side| side.heading.clone())
    };
    let title = &script.diff.title_page;
    title
        .iter()
        .try_for_each(|change| unit(out, [path, ""], change))?;
    for scene in &script.diff.scenes {
        let side = scene.new.as_ref().or(scene.old.as_ref());
        let place = side.map_or(String::new(), |side| {
            SceneNumber::at(side.index).to_string()
        });
        let (old, new) = (heading(&scene.old), heading(&scene.new));
        row(
            out,
            &[path, &place, "", &word(&scene.fate), "scene", &old, &new],
        )?;
        let mut changes = scene.changes.iter();
        changes.try_for_each(|change| unit(out, [path, &place], change))?;
    }
    Ok(())
}

fn unit(out: &mut Output, [path, scene]: [&str; 2], change: &UnitChange) -> io::Result<()> {
    let (what, kind) = (word(&change.what), word(&change.kind));
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (old, new) = (text(&change.old), text(&change.new));
    row(out, &[path, scene, "", &what, &kind, &old, &new])
}

fn shots(out: &mut Output, list: &ShotListChange) -> io::Result<()> {
    let path = list.path.as_str();
    let scene = list.diff.scene.as_deref().unwrap_or_default();
    fields(out, [path, scene, ""], &list.diff.fields)?;
    for shot in &list.diff.shots {
        let side = shot.new.as_ref().or(shot.old.as_ref());
        let id = side.map_or(String::new(), |side| shot_name(&side.shot_id));
        let content = |side: &Option<ShotSide>| {
            side.as_ref()
                .map_or(String::new(), |side| side.content.clone())
        };
        let (old, new) = (content(&shot.old), content(&shot.new));
        // Of a shot that changed where it stands the fields tell all.
        if shot.fate != ShotFate::Changed || shot.moved {
            row(
                out,
                &[path, scene, &id, &word(&shot.fate), "shot", &old, &new],
            )?;
        }
        fields(out, [path, scene, &id], &shot.fields)?;
    }
    Ok(())
}

fn fields(
    out: &mut Output,
    [path, scene, shot]: [&str; 3],
    fields: &[FieldChange],
) -> io::Result<()> {
    for change in fields {
        let cell = |value: &Option<Value>| value.as_ref().map_or(String::new(), text);
        let (old, new) = (cell(&change.old), cell(&change.new));
        let field = change.field.strip_prefix('/').unwrap_or(&change.field);
        row(
            out,
            &[path, scene, shot, &word(&change.what), field, &old, &new],
        )?;
    }
    Ok(())
}

/// A word of a vocabulary as JSON has it.
fn word(word: &impl serde::Serialize) -> String {
    match serde_json::to_value(word) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn row(out: &mut Output, cells: &[&str; 7]) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    write!(out, "{}\r\n", cells.join(","))
}

/// A cell. What a spreadsheet would take for a formula gets an apostrophe before it.
fn cell(text: &str) -> String {
    let text = match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}
