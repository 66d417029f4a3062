//! Changing one value of a settings file, comments and order left as they are.

use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use super::error::SettingsError;
use super::keys::{Key, SettingKind, find_key};
use super::toml_file::SettingsFile;
use super::values::check_value;

/// How a value that was typed is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    /// What reads as TOML is taken for that, and any other word for a text, where the key is not one
    /// for texts.
    Value,
    /// A text, whatever it reads as.
    Text,
}

/// The file's text with `key` set to `value`, as it was typed on a command line.
///
/// # Errors
/// `UnknownKey`, `BadValue`, or what is wrong with the file as it stands.
pub fn edited(text: &str, path: &Path, key: &str, value: &str) -> Result<String, SettingsError> {
    edited_as(Typed::Value, text, path, key, value)
}

/// The same, with the value read so.
pub(super) fn edited_as(
    typed: Typed,
    text: &str,
    path: &Path,
    key: &str,
    value: &str,
) -> Result<String, SettingsError> {
    let (known, parts) = split(key)?;
    let item = item_of(known, key, value, typed)?;
    let mut document = document(text, path, known)?;
    let printed = document.to_string();
    let mut table: &mut dyn TableLike = document.as_table_mut();
    let (last, folders) = parts
        .split_last()
        .expect("a known key has two parts at least");
    for folder in folders {
        let entry = table.entry(folder).or_insert_with(|| {
            let mut new = Table::new();
            new.set_implicit(true);
            Item::Table(new)
        });
        table = entry.as_table_like_mut().ok_or_else(|| {
            bad(
                key,
                format!("{folder} is a value in this file, and no table"),
            )
        })?;
    }
    match table.get_mut(last) {
        // The comment behind a value belongs to the line, not to the value.
        Some(old) => {
            let decor = old.as_value().map(|value| value.decor().clone());
            *old = item;
            if let (Some(value), Some(decor)) = (old.as_value_mut(), decor) {
                *value.decor_mut() = decor;
            }
        }
        None => {
            table.insert(last, item);
        }
    }
    let text = as_written(text, &printed, &document.to_string());
    match SettingsFile::parse(&text, path, known.layer) {
        // No line of the file is meant: it is not written.
        Err(SettingsError::Invalid {
            key, problem, hint, ..
        }) => Err(SettingsError::BadValue { key, problem, hint }),
        Err(error) => Err(error),
        Ok(_) => Ok(text),
    }
}

/// The file's text without `key`; none when it was not set.
///
/// # Errors
/// `UnknownKey`, or what is wrong with the file as it stands.
pub fn removed(text: &str, path: &Path, key: &str) -> Result<Option<String>, SettingsError> {
    let (known, parts) = split(key)?;
    let mut document = document(text, path, known)?;
    let printed = document.to_string();
    let mut table: &mut dyn TableLike = document.as_table_mut();
    let (last, folders) = parts
        .split_last()
        .expect("a known key has two parts at least");
    for folder in folders {
        match table.get_mut(folder).and_then(Item::as_table_like_mut) {
            Some(inner) => table = inner,
            None => return Ok(None),
        }
    }
    let was_there = table.remove(last).is_some();
    Ok(was_there.then(|| as_written(text, &printed, &document.to_string())))
}

/// The file with the lines that an edit changed, and all others byte for byte as they were: a
/// document is printed with LF and without a byte order mark. `printed` is `text` so.
fn as_written(text: &str, printed: &str, edited: &str) -> String {
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<&str>>();
    let (own, before, after) = (lines(text), lines(printed), lines(edited));
    if own.len() != before.len() {
        return edited.to_owned();
    }
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = before.iter().zip(&after).take_while(same).count();
    let (rest_before, rest_after) = (&before[head..], &after[head..]);
    let backwards = rest_before.iter().rev().zip(rest_after.iter().rev());
    let tail = backwards.take_while(same).count();
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::new();
    if head == 0 && text.starts_with('\u{feff}') {
        out.push('\u{feff}');
    }
    out.extend(own[..head].iter().copied());
    if head > 0 && !out.ends_with('\n') && rest_after.len() > tail {
        out += end;
    }
    for line in &rest_after[..rest_after.len() - tail] {
        out += &line.replace("\r\n", "\n").replace('\n', end);
    }
    out.extend(own[own.len() - tail..].iter().copied());
    out
}

fn document(text: &str, path: &Path, known: &Key) -> Result<DocumentMut, SettingsError> {
    // Read strictly first, so that a broken file is refused with its line and left alone.
    SettingsFile::parse(text, path, known.layer)?;
    Ok(text.parse().expect("it was just parsed"))
}

fn split(key: &str) -> Result<(&'static Key, Vec<String>), SettingsError> {
    let unknown = |suggestion| SettingsError::UnknownKey {
        key: key.to_owned(),
        suggestion,
    };
    let known = find_key(key).map_err(unknown)?;
    let parts = toml_edit::Key::parse(key).map_err(|_| unknown(None))?;
    let parts: Vec<String> = parts.iter().map(|part| part.get().to_owned()).collect();
    if parts.len() < 2 {
        return Err(unknown(None));
    }
    Ok((known, parts))
}

fn item_of(known: &Key, key: &str, value: &str, typed: Typed) -> Result<Item, SettingsError> {
    let literal = || value.parse::<Value>().ok();
    let parsed = match known.kind {
        SettingKind::Text | SettingKind::Person | SettingKind::Aspect | SettingKind::Choice(_) => {
            Value::from(value)
        }
        _ if typed == Typed::Text => Value::from(value),
        _ => literal().unwrap_or_else(|| Value::from(value)),
    };
    let item = Item::Value(parsed);
    // Deeper than the table of keys looks, a value is the business of the room that uses it.
    if known.covers(key) && (!known.name.ends_with('*') || key.matches('.').count() == 1) {
        check_value(known, &item, "").map_err(|error| bad(key, error.to_string()))?;
    }
    Ok(item)
}

fn bad(key: &str, problem: String) -> SettingsError {
    SettingsError::BadValue {
        key: key.to_owned(),
        problem,
        hint: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, key: &str, value: &str) -> Result<String, String> {
        edited(text, Path::new("aiut.toml"), key, value).map_err(|error| error.to_string())
    }

    #[test]
    fn an_edit_keeps_line_ends_and_the_mark_at_the_beginning() {
        let text =
            "\u{feff}# The film.\r\n[film]\r\ntitle = \"Old\" # x\r\nwidth = 0x200\r\nfps = 25";
        assert_eq!(
            set(text, "film.title", "New").as_deref(),
            Ok(text.replace("Old", "New").as_str())
        );
        assert_eq!(
            set(text, "film.height", "90").as_deref(),
            Ok(format!("{text}\r\nheight = 90\r\n").as_str())
        );
        assert_eq!(
            removed(text, Path::new("aiut.toml"), "film.width")
                .unwrap()
                .as_deref(),
            Some(text.replace("width = 0x200\r\n", "").as_str())
        );
        let first = "\u{feff}[film]\nfps = 24\n";
        assert_eq!(
            set(first, "film.title", "New").as_deref(),
            Ok("\u{feff}[film]\nfps = 24\ntitle = \"New\"\n")
        );
    }

    #[test]
    fn an_edit_changes_its_line_and_no_other() {
        let text = "# The film.\n[film]\ntitle = \"Old\" # working title\nfps = 25\n";
        assert_eq!(
            set(text, "film.title", "The Red Coat").as_deref(),
            Ok("# The film.\n[film]\ntitle = \"The Red Coat\" # working title\nfps = 25\n")
        );
        assert_eq!(
            set(text, "stage.frames.model", "x").as_deref(),
            Ok(format!("{text}\n[stage.frames]\nmodel = \"x\"\n").as_str())
        );
        let gone = removed(text, Path::new("aiut.toml"), "film.fps").expect("valid");
        assert_eq!(
            gone.as_deref(),
            Some("# The film.\n[film]\ntitle = \"Old\" # working title\n")
        );
        assert_eq!(
            removed(text, Path::new("aiut.toml"), "film.width").expect("valid"),
            None
        );
    }

    #[test]
    fn a_value_of_the_wrong_kind_changes_nothing() {
        assert_eq!(
            set("", "film.fps", "fast"),
            Err("film.fps: expected a frame rate: 23.976, 29.97, 47.952, 59.94 or a whole number from 1 to 240, found \"fast\"".to_owned())
        );
        assert_eq!(
            set("", "film.fsp", "24"),
            Err("no such setting: film.fsp".to_owned())
        );
        assert!(set("[film\n", "film.fps", "24").is_err());
        assert_eq!(
            set("", "film.fps", "24").as_deref(),
            Ok("[film]\nfps = 24\n")
        );
    }
}
