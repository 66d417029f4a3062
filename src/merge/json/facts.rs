//! What a JSON text says, field by field.

use super::document::{Container, Document, MAX_DEPTH, Meaning};
use super::{IDENTITIES, below};
use crate::merge::facts::{Fact, adds_up};

/// Whether a joined text says what the edits of both sides come to.
#[must_use]
pub(in crate::merge) fn json_holds(base: &str, ours: &str, theirs: &str, merged: &str) -> bool {
    let facts = [base, ours, theirs, merged].map(facts);
    match &facts {
        [Some(base), Some(ours), Some(theirs), Some(merged)] => adds_up(base, ours, theirs, merged),
        _ => false,
    }
}

/// None if it is no JSON.
fn facts(text: &str) -> Option<Vec<Fact>> {
    let document = Document::parse(text)?;
    let mut facts = Vec::new();
    add(&mut facts, document.value, "", 0);
    Some(facts)
}

fn add(facts: &mut Vec<Fact>, value: &str, path: &str, depth: usize) {
    let container = (depth < MAX_DEPTH)
        .then(|| Container::parse(value))
        .flatten();
    let Some(container) = container.filter(|container| !container.items.is_empty()) else {
        facts.push(Fact {
            path: path.to_owned(),
            says: format!("{:?}", Meaning::of(value)),
        });
        return;
    };
    for item in &container.items {
        let name = match item.name() {
            Some(name) => name.to_owned(),
            None => identity(item.value).unwrap_or_else(|| "*".to_owned()),
        };
        add(facts, item.value, &below(path, &name), depth + 1);
    }
}

/// By what an entry of a list is told apart.
fn identity(entry: &str) -> Option<String> {
    let object = Container::parse(entry).filter(Container::is_object)?;
    let mut names =
        IDENTITIES
            .into_iter()
            .filter_map(|key| match Meaning::of(object.member(key)?.value) {
                Meaning::String(name) => Some(name.into_owned()),
                _ => None,
            });
    names.next()
}
