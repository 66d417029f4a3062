//! Fields that differ, and the shot lists and other files that have them.

use std::io::{self, Write};

use serde_json::Value;

use super::words::block;
use crate::cli::format::{count, shown};
use crate::cli::output::Output;
use crate::diff::Status;
use crate::film::ids::shot_name;
use crate::film::rate::FrameRate;
use crate::film::versions::{FieldChange, FieldFate, ShotChange, ShotFate, ShotListDiff, ShotSide};
use crate::workflow::comparison::{DataChange, ShotListChange};

/// The fields that hold frames, so that seconds are told with them.
const FRAMES: &[&str] = &["duration", "target_duration", "crossfade", "crossfade_in"];
/// Longest text of a value that is shown whole, in characters.
const LONGEST: usize = 300;
/// Longest sentence of a shot in the line that tells of it, in characters.
const LONGEST_CONTENT: usize = 60;
/// Texts of more words are told word by word.
const FEW_WORDS: usize = 3;

/// Writes a shot list: its scene and lengths, a line a shot, and with `full` the fields below.
pub(in crate::cli) fn shot_list(
    out: &mut Output,
    change: &ShotListChange,
    full: bool,
) -> io::Result<()> {
    let (title, diff) = (out.palette.title, &change.diff);
    let path = shown(change.path.as_str());
    writeln!(out, "{title}{path}{title:#}  {}", summed_up(diff))?;
    let rate = diff.fps.unwrap_or(FrameRate::FILM);
    if full {
        fields(out, &diff.fields, rate, "  ")?;
    } else if !diff.fields.is_empty() {
        let names: Vec<_> = diff.fields.iter().map(|field| name(&field.field)).collect();
        writeln!(out, "  {}", shown(&names.join(", ")))?;
    }
    for shot in &diff.shots {
        self::shot(out, shot, rate, full)?;
    }
    Ok(())
}

/// `scene 2, 11 → 12 shots, 45.0 s → 46.2 s (+1.2 s)`
fn summed_up(diff: &ShotListDiff) -> String {
    let scene = diff
        .scene
        .as_deref()
        .map_or(String::new(), |scene| format!("scene {}, ", shown(scene)));
    let shots = match diff.old_shots == diff.new_shots {
        true => count(diff.new_shots, "shot", "shots"),
        false => format!("{} → {} shots", diff.old_shots, diff.new_shots),
    };
    let rate = diff.fps.unwrap_or(FrameRate::FILM);
    let length = lengths(diff.old_frames, diff.new_frames, rate);
    format!("{scene}{shots}, {length}")
}

/// `45.0 s → 46.2 s (+1.2 s)`, or once where nothing changed.
fn lengths(old: u64, new: u64, rate: FrameRate) -> String {
    if old == new {
        return seconds(new, rate);
    }
    let sign = if new > old { '+' } else { '-' };
    let by = seconds(new.abs_diff(old), rate);
    format!(
        "{} → {} ({sign}{by})",
        seconds(old, rate),
        seconds(new, rate)
    )
}

fn seconds(frames: u64, rate: FrameRate) -> String {
    let tenths = rate.units_of(frames, 10);
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// Writes what these shot lists together come to.
pub(in crate::cli) fn sum(out: &mut Output, lists: &[ShotListChange]) -> io::Result<()> {
    let Some(first) = lists.first() else {
        return Ok(());
    };
    let rates: Vec<_> = lists.iter().map(|list| list.diff.fps).collect();
    let shots =
        |of: fn(&ShotListDiff) -> usize| -> usize { lists.iter().map(|list| of(&list.diff)).sum() };
    let (old, new) = (shots(|diff| diff.old_shots), shots(|diff| diff.new_shots));
    let scenes = count(lists.len(), "scene", "scenes");
    let shots = match old == new {
        true => count(new, "shot", "shots"),
        false => format!("{old} → {new} shots"),
    };
    write!(out, "{scenes}, {shots}")?;
    // Frames of different rates are no sum.
    if rates.iter().all(|rate| *rate == first.diff.fps) {
        let frames = |of: fn(&ShotListDiff) -> u64| {
            let frames = lists.iter().map(|list| of(&list.diff));
            frames.fold(0_u64, u64::saturating_add)
        };
        let rate = first.diff.fps.unwrap_or(FrameRate::FILM);
        let (old, new) = (
            frames(|diff| diff.old_frames),
            frames(|diff| diff.new_frames),
        );
        write!(out, ", {}", lengths(old, new, rate))?;
    }
    writeln!(out)
}

fn shot(out: &mut Output, change: &ShotChange, rate: FrameRate, full: bool) -> io::Result<()> {
    let (style, mark) = match change.fate {
        ShotFate::Added => (out.palette.added, '+'),
        ShotFate::Removed => (out.palette.removed, '-'),
        ShotFate::Changed => (out.palette.warning, '~'),
        ShotFate::Moved => (out.palette.faint, '>'),
    };
    let Some(side) = change.new.as_ref().or(change.old.as_ref()) else {
        return Ok(());
    };
    let id = shot_name(&side.shot_id);
    write!(out, "  {style}{mark} {}{style:#}", shown(&id))?;
    if matches!(change.fate, ShotFate::Added | ShotFate::Removed) {
        let content = shortened(&side.content, LONGEST_CONTENT);
        let length = seconds(side.duration, rate);
        write!(
            out,
            "  {}  {length}  {}",
            shown(&side.shot_type),
            shown(&content)
        )?;
    }
    let notes = notes(change, full);
    match notes.is_empty() {
        true => writeln!(out)?,
        false => writeln!(out, "  ({})", notes.join(", "))?,
    }
    match full {
        true => fields(out, &change.fields, rate, "      "),
        false => Ok(()),
    }
}

fn notes(change: &ShotChange, full: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let name_of = |id: &str| shown(&shot_name(id)).to_string();
    if let (Some(old), Some(new)) = (&change.old, &change.new) {
        let was = |side: &ShotSide| side.shot_id.clone();
        if was(old) != was(new) {
            notes.push(format!("was {}", name_of(&old.shot_id)));
        }
        if change.moved {
            let (from, to) = (old.index + 1, new.index + 1);
            notes.push(format!("moved from place {from} to {to}"));
        }
    }
    notes.extend(
        change
            .split_from
            .iter()
            .map(|id| format!("split off {}", name_of(id))),
    );
    notes.extend(
        change
            .merged_into
            .iter()
            .map(|id| format!("put into {}", name_of(id))),
    );
    if !full && !change.fields.is_empty() {
        let names = change
            .fields
            .iter()
            .map(|field| shown(name(&field.field)).to_string());
        notes.extend(names);
    }
    notes
}

/// Writes a file with fields: what happened to it, and with `full` the fields below.
pub(in crate::cli) fn data(out: &mut Output, change: &DataChange, full: bool) -> io::Result<()> {
    let title = out.palette.title;
    let path = shown(change.path.as_str());
    let word = match change.status {
        Status::Added => "added".to_owned(),
        Status::Removed => "removed".to_owned(),
        Status::Modified => count(change.fields.len(), "field", "fields"),
        Status::Renamed => match &change.old_path {
            Some(old) => format!("was {}", shown(old.as_str())),
            None => "renamed".to_owned(),
        },
    };
    writeln!(out, "{title}{path}{title:#}  {word}")?;
    match full {
        true => fields(out, &change.fields, FrameRate::FILM, "  "),
        false => Ok(()),
    }
}

/// A pointer as people read it: `video/frames`.
fn name(pointer: &str) -> &str {
    let name = pointer.strip_prefix('/').unwrap_or(pointer);
    if name.is_empty() { "(all of it)" } else { name }
}

fn fields(
    out: &mut Output,
    fields: &[FieldChange],
    rate: FrameRate,
    indent: &str,
) -> io::Result<()> {
    fields
        .iter()
        .try_for_each(|change| field(out, change, rate, indent))
}

fn field(out: &mut Output, change: &FieldChange, rate: FrameRate, indent: &str) -> io::Result<()> {
    let palette = out.palette.clone();
    let (place, added, removed) = (palette.place, palette.added, palette.removed);
    write!(
        out,
        "{indent}{place}{}{place:#}  ",
        shown(name(&change.field))
    )?;
    let text =
        |value: &Option<Value>| shortened(&value.as_ref().map_or(String::new(), text), LONGEST);
    let (old, new) = (text(&change.old), text(&change.new));
    match change.what {
        FieldFate::Added => writeln!(out, "{added}{}{added:#} (new)", shown(&new)),
        FieldFate::Removed => writeln!(out, "{removed}{}{removed:#} (gone)", shown(&old)),
        FieldFate::Moved => {
            let place =
                |value: &Option<Value>| value.as_ref().and_then(Value::as_u64).unwrap_or(0) + 1;
            let (from, to) = (place(&change.old), place(&change.new));
            writeln!(out, "moved from place {from} to {to}")
        }
        FieldFate::Changed => {
            if let (Some(Value::String(old)), Some(Value::String(new))) = (&change.old, &change.new)
                && has_words(old)
                && has_words(new)
            {
                let lines = |text: &str| text.replace('\n', &format!("\n{indent}  "));
                return block(out, &palette, &lines(old), &lines(new));
            }
            write!(
                out,
                "{removed}{}{removed:#} → {added}{}{added:#}",
                shown(&old),
                shown(&new)
            )?;
            let frames = |value: &Option<Value>| value.as_ref().and_then(Value::as_u64);
            if let (Some(old), Some(new)) = (frames(&change.old), frames(&change.new))
                && FRAMES.contains(&name(&change.field))
            {
                write!(out, " frames, {}", lengths(old, new, rate))?;
            }
            writeln!(out)
        }
    }
}

fn has_words(text: &str) -> bool {
    text.split_whitespace().count() > FEW_WORDS
}

/// A value as people read it.
pub(super) fn text(value: &Value) -> String {
    let is_plain = |value: &Value| !value.is_object() && !value.is_array();
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) if !list.is_empty() && list.iter().all(is_plain) => {
            let texts: Vec<String> = list.iter().map(text).collect();
            texts.join(", ")
        }
        other => other.to_string(),
    }
}

fn shortened(text: &str, longest: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}
