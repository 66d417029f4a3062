//! What a TOML text says, field by field, and its remarks.

use toml_edit::{Document, Item, TableLike, Value};

use super::statements::{below, meaning};
use crate::merge::facts::{Fact, adds_up};
use crate::merge::json::IDENTITIES;

/// Whether a joined text says what the edits of both sides come to.
#[must_use]
pub fn toml_holds(base: &str, ours: &str, theirs: &str, merged: &str) -> bool {
    let facts = [base, ours, theirs, merged].map(facts);
    match &facts {
        [Some(base), Some(ours), Some(theirs), Some(merged)] => adds_up(base, ours, theirs, merged),
        _ => false,
    }
}

/// None if it is no TOML.
fn facts(text: &str) -> Option<Vec<Fact>> {
    let document = Document::parse(text).ok()?;
    let remarks = text
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with('#'));
    let mut facts: Vec<Fact> = remarks.map(|line| fact("#", line)).collect();
    add_table(&mut facts, document.as_table(), "");
    Some(facts)
}

fn fact(path: &str, says: &str) -> Fact {
    Fact {
        path: path.to_owned(),
        says: says.to_owned(),
    }
}

fn add_table(facts: &mut Vec<Fact>, table: &dyn TableLike, path: &str) {
    if table.is_empty() {
        facts.push(fact(path, "{}"));
    }
    for (key, item) in table.iter() {
        let path = below(path, key);
        match item {
            Item::None => {}
            Item::Value(value) => add_value(facts, value, &path),
            Item::Table(table) => add_table(facts, table, &path),
            Item::ArrayOfTables(list) => {
                for entry in list {
                    add_table(facts, entry, &below(&path, identity(entry)));
                }
            }
        }
    }
}

fn add_value(facts: &mut Vec<Fact>, value: &Value, path: &str) {
    match value {
        Value::Array(list) if !list.is_empty() => {
            for entry in list {
                let name = entry.as_inline_table().map_or("*", |table| identity(table));
                add_value(facts, entry, &below(path, name));
            }
        }
        Value::InlineTable(table) => add_table(facts, table, path),
        value => facts.push(fact(path, &meaning(value))),
    }
}

/// By what an entry of a list is told apart.
fn identity(entry: &dyn TableLike) -> &str {
    let mut names = IDENTITIES
        .into_iter()
        .filter_map(|key| entry.get(key)?.as_str());
    names.next().unwrap_or("*")
}
