//! What changed since an output was made.

use std::collections::BTreeSet;

use super::item::{Change, Past};
use super::plan::{KEY_SCHEMA, texts};
use super::reader::Record;
use super::selector::Selector;
use super::snapshot::Snapshot;
use super::stage::Stage;

/// Whether everything that a past action read still has the digest it had then.
pub(super) fn unchanged(stage: &Stage, past: &Past, now: &Snapshot) -> bool {
    let action = &past.action;
    action.stage == stage.name
        && action.generator == stage.by
        && action.parameters == stage.parameters()
        && action.schema == KEY_SCHEMA
        && action.reads.iter().all(|(selector, digest)| {
            let digest_now = selector
                .parse::<Selector>()
                .ok()
                .and_then(|s| now.digest(&s).ok());
            digest_now.is_some_and(|now| now.to_text() == *digest)
        })
}

/// What differs between the action that made the output and the one that would make it now.
pub(super) fn changes(
    past: Option<&Past>,
    stage: &Stage,
    version: &str,
    now: &Record,
) -> Vec<Change> {
    let Some(past) = past else { return Vec::new() };
    let action = &past.action;
    let mut changes = Vec::new();
    let mut note = |is_read, selector: &str, old: Option<&str>, new: Option<&str>| {
        if old != new {
            changes.push(Change {
                selector: selector.to_owned(),
                is_read,
                old: old.map(str::to_owned),
                new: new.map(str::to_owned),
            });
        }
    };
    note(false, "generator", Some(&action.generator), Some(&stage.by));
    if action.generator == stage.by {
        note(
            false,
            "generator version",
            Some(&action.version),
            Some(version),
        );
    }
    let parameters = stage.parameters();
    let names: BTreeSet<_> = action.parameters.keys().chain(parameters.keys()).collect();
    for name in names {
        let (old, new) = (action.parameters.get(name), parameters.get(name));
        let (old, new) = (old.map(String::as_str), new.map(String::as_str));
        note(false, &format!("parameter {name}"), old, new);
    }
    let reads = texts(&now.reads);
    let selectors: BTreeSet<_> = action.reads.keys().chain(reads.keys()).collect();
    for selector in selectors {
        let old = action.reads.get(selector).map(String::as_str);
        note(true, selector, old, reads.get(selector).map(String::as_str));
    }
    changes
}
