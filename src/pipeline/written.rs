//! Files that people write, or edit, are checked when they are read: a slip is told with its line and
//! column, to whoever reads the file and to nobody else.

use std::collections::HashMap;

use serde_json::Value;
use serde_json::value::RawValue;
use toml_edit::{Document, Item, TableLike};

use super::makes::{Layout, Makes};
use super::parsed::position;
use crate::film::bible::{CharacterRecord, LocationRecord, StyleRecord};
use crate::film::looks::check_looks;
use crate::film::prompts::check_request;
use crate::film::shots::check_list;
use crate::film::written::{Fault, Step};

/// What a file is held to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Form {
    Character,
    Location,
    Style,
    /// Of the scene with this file stem.
    Shots(String),
    Looks,
    Prompts,
}

impl Form {
    /// What the file at `path` is held to, if to anything.
    pub(super) fn of(path: &str, layout: &Layout) -> Option<Self> {
        match layout.kind_of(path)? {
            (Makes::Character, _) => Some(Self::Character),
            (Makes::Location, _) => Some(Self::Location),
            (Makes::Style, _) => Some(Self::Style),
            (Makes::ShotList, stem) => Some(Self::Shots(stem.to_owned())),
            (Makes::Looks, _) => Some(Self::Looks),
            (Makes::Prompt, _) => Some(Self::Prompts),
            _ => None,
        }
    }

    fn faults(&self, value: &Value) -> Vec<Fault> {
        match self {
            Self::Character => CharacterRecord::check(value),
            Self::Location => LocationRecord::check(value),
            Self::Style => StyleRecord::check(value),
            Self::Shots(stem) => check_list(value, stem),
            Self::Looks => check_looks(value),
            Self::Prompts => check_request(value),
        }
    }

    /// What is wrong with a file of this form, as one line; none if nothing is.
    pub(super) fn wrong(&self, value: &Value, text: &str) -> Option<String> {
        let faults = self.faults(value);
        let first = faults.first()?;
        let more = match faults.len() - 1 {
            0 => String::new(),
            1 => " (1 more mistake in this file)".to_owned(),
            more => format!(" ({more} more mistakes in this file)"),
        };
        let at = match self {
            Self::Shots(_) | Self::Looks | Self::Prompts => in_json(text, first),
            _ => in_toml(text, first),
        };
        Some(format!("{}{more}", told(first, text, at)))
    }
}

/// What is wrong with a file of the bible's people for whoever reads the cast.
pub(super) fn told_of_toml(fault: &Fault, text: &str) -> String {
    told(fault, text, in_toml(text, fault))
}

/// `line 4, column 1: pronoun: there is no such field; …`
fn told(fault: &Fault, text: &str, at: Option<usize>) -> String {
    match at {
        Some(at) => {
            let (line, column) = position(text, at);
            format!("line {line}, column {column}: {fault}")
        }
        None => fault.to_string(),
    }
}

/// Where in a JSON text the fault is.
fn in_json(text: &str, fault: &Fault) -> Option<usize> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut raw: &RawValue = serde_json::from_str(&text[start..]).ok()?;
    for step in &fault.path {
        raw = match step {
            Step::Key(key) => serde_json::from_str::<HashMap<String, &RawValue>>(raw.get())
                .ok()?
                .remove(key.as_str())?,
            Step::At(at) => serde_json::from_str::<Vec<&RawValue>>(raw.get())
                .ok()?
                .get(*at)
                .copied()?,
        };
    }
    let value = raw.get().as_ptr() as usize - text.as_ptr() as usize;
    match (fault.at_key, fault.path.last()) {
        (true, Some(Step::Key(key))) => text[..value].rfind(&format!("{key:?}")).or(Some(value)),
        _ => Some(value),
    }
}

/// Where in a TOML text the fault is.
fn in_toml(text: &str, fault: &Fault) -> Option<usize> {
    let document = Document::parse(text).ok()?;
    let mut item: &Item = document.as_item();
    let mut at = None;
    for (nth, step) in fault.path.iter().enumerate() {
        match step {
            Step::Key(name) => {
                let table: &dyn TableLike = item.as_table_like()?;
                let (key, value) = table.get_key_value(name)?;
                let is_last = nth + 1 == fault.path.len();
                let key_at = key.span().map(|span| span.start);
                let value_at = value.span().map(|span| span.start);
                at = match is_last && fault.at_key || value.is_table() {
                    true => key_at.or(value_at),
                    false => value_at.or(key_at),
                };
                item = value;
            }
            Step::At(index) => {
                let value = item.as_array()?.get(*index)?;
                at = value.span().map(|span| span.start);
                // Lists hold texts only: nothing lies deeper.
                break;
            }
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Pipeline;

    fn wrong(path: &str, text: &str) -> Option<String> {
        let value: Value = match path.ends_with(".toml") {
            true => serde_json::to_value(text.parse::<toml::Table>().expect("TOML")).expect("JSON"),
            false => serde_json::from_str(text).expect("JSON"),
        };
        Form::of(path, Pipeline::film().layout())?.wrong(&value, text)
    }

    #[test]
    fn a_slip_is_told_with_line_and_column() {
        let path = "bible/characters/rae.toml";
        for (text, place) in [
            (
                "name = 'Rae'\npronoun = 'she'\n",
                "line 2, column 1: pronoun: ",
            ),
            (
                "name = 'Rae'\npronouns = 'shee'\n",
                "line 2, column 12: pronouns: ",
            ),
            ("[voice]\n  ptich = 20\n", "line 2, column 3: voice.ptich: "),
            ("[voice]\npitch = 200\n", "line 2, column 9: voice.pitch: "),
            (
                "aliases = [\n  'Mum',\n  3,\n]\n",
                "line 3, column 3: aliases[2]: ",
            ),
            ("[vioce]\npitch = 20\n", "line 1, column 2: vioce: "),
        ] {
            let told = wrong(path, text).unwrap_or_default();
            assert!(told.starts_with(place), "{text}: {told}");
        }
        assert_eq!(wrong(path, "name = 'Rae'\n[notes]\nborn = 1960\n"), None);
        assert_eq!(wrong("bible/props/letter.toml", "anything = 1\n"), None);
        let list = "{\n  \"scene\": \"2\",\n  \"sluglin\": \"INT. A\"\n}\n";
        let told = wrong("shots/002.json", list).unwrap_or_default();
        assert!(
            told.starts_with(
                "line 3, column 3: sluglin: there is no such field; did you mean \"slugline\"?"
            ),
            "{told}"
        );
        assert!(told.ends_with("more mistakes in this file)"), "{told}");
    }
}
