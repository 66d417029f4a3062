//! What changed since an output was made.

use std::collections::BTreeSet;

use super::digest::Digest;
use super::item::{Change, Past};
use super::plan::{KEY_SCHEMA, texts};
use super::reader::Record;
use super::selector::Selector;
use super::snapshot::Snapshot;
use super::stage::Stage;
use super::unread::ReadError;

/// How what a past action was made of stands to what is there now.
pub(super) enum Since {
    /// All that it read has the digest it had then: these.
    Same(Vec<(String, Digest)>),
    /// It was made by another generator, or in another way.
    OtherStage,
    /// A read gives something else now: this.
    Read(String, Digest),
    /// A file that it read is still to be made.
    Pending(String),
    /// A read gives nothing now, for what is wrong with it.
    Unreadable,
}

/// Whether everything that a past action read still has the digest it had then.
pub(super) fn since(stage: &Stage, past: &Past, now: &Snapshot) -> Since {
    let action = &past.action;
    let is_same_stage = action.stage == stage.name
        && action.generator == stage.by
        && action.parameters == stage.parameters()
        && action.schema == KEY_SCHEMA;
    if !is_same_stage {
        return Since::OtherStage;
    }
    let mut reads = Vec::with_capacity(action.reads.len());
    for (text, then) in &action.reads {
        let Ok(selector) = text.parse::<Selector>() else {
            return Since::Unreadable;
        };
        match now.digest(&selector) {
            Ok(digest) if digest.to_text() == *then => reads.push((text.clone(), digest)),
            Ok(digest) => return Since::Read(text.clone(), digest),
            Err(ReadError::Pending(path)) => return Since::Pending(path),
            Err(_) => return Since::Unreadable,
        }
    }
    Since::Same(reads)
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
