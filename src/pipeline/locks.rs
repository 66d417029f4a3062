//! Locked shots, and what becomes of one that is unlocked.

use std::collections::BTreeSet;

use serde_json::Value;

use super::item::{Item, Past, Records};
use super::snapshot::Snapshot;
use super::unread::ReadError;
use crate::object::FileId;

/// The locked shots of a shot list, in order; none if there are none.
pub(super) fn locked_shots(list: &Value) -> Option<Value> {
    let locked: Vec<Value> = shots(list)
        .filter(|shot| is_locked(shot))
        .cloned()
        .collect();
    (!locked.is_empty()).then_some(Value::Array(locked))
}

fn shots(list: &Value) -> impl Iterator<Item = &Value> {
    let shots = list.get("shots").and_then(Value::as_array);
    shots.into_iter().flatten()
}

fn is_locked(shot: &Value) -> bool {
    shot.get("locked") == Some(&Value::Bool(true))
}

fn id(shot: &Value) -> Option<&str> {
    shot.get("shot_id").and_then(Value::as_str)
}

fn locked_ids(list: &Value) -> BTreeSet<&str> {
    shots(list)
        .filter(|shot| is_locked(shot))
        .filter_map(id)
        .collect()
}

/// What a hand-edited list is held against where shots were unlocked since it was last made: the
/// list that was generated last, with these shots as they were generated before they were locked.
/// While they were locked the engine went on, and they did not; what differs for that is no edit.
/// None where nothing was unlocked.
///
/// # Errors
/// Why one of these lists, or the record of it, cannot be read.
pub(super) fn base_before_locks(
    item: &Item,
    past: &Past,
    records: &dyn Records,
    snapshot: &Snapshot,
) -> Result<Option<String>, ReadError> {
    let path = &item.path;
    let read = |file: Option<FileId>| -> Result<Option<Value>, ReadError> {
        let Some(file) = file else { return Ok(None) };
        let bytes = snapshot.bytes(path.as_str(), &file)?;
        Ok(serde_json::from_slice(&bytes).ok())
    };
    // A list is an input of its own where shots of it were locked.
    let held = |past: &Past| read(past.generation.inputs.get(path).copied());
    let Some(current) = item.current else {
        return Ok(None);
    };
    let (Some(before), Some(now)) = (held(past)?, read(Some(current.id))?) else {
        return Ok(None);
    };
    let still = locked_ids(&now);
    let there: BTreeSet<&str> = shots(&now).filter_map(id).collect();
    let freed = locked_ids(&before).into_iter();
    let freed = freed.filter(|shot| !still.contains(shot) && there.contains(shot));
    let mut freed: BTreeSet<String> = freed.map(str::to_owned).collect();
    if freed.is_empty() {
        return Ok(None);
    }
    let (Some(mut base), Some(made_by)) = (read(past.output(path))?, current.made_by) else {
        return Ok(None);
    };
    for earlier in records.earlier(path, &made_by)? {
        let held = held(&earlier)?;
        let locked = held.as_ref().map(locked_ids).unwrap_or_default();
        let free = freed.iter().filter(|shot| !locked.contains(shot.as_str()));
        let free: Vec<String> = free.cloned().collect();
        if free.is_empty() {
            continue;
        }
        let made = read(earlier.output(path))?;
        for shot in free {
            let made = made
                .as_ref()
                .and_then(|list| shots(list).find(|s| id(s) == Some(&shot)));
            put(&mut base, &shot, made.cloned());
            freed.remove(&shot);
        }
        if freed.is_empty() {
            break;
        }
    }
    let text = serde_json::to_string_pretty(&base).expect("a JSON value has a text");
    Ok(Some(text + "\n"))
}

/// Puts a shot in its place in a list, or takes it out.
fn put(list: &mut Value, shot: &str, made: Option<Value>) {
    let Some(shots) = list.get_mut("shots").and_then(Value::as_array_mut) else {
        return;
    };
    let at = shots.iter().position(|other| id(other) == Some(shot));
    match (at, made) {
        (Some(at), Some(made)) => shots[at] = made,
        (Some(at), None) => drop(shots.remove(at)),
        (None, Some(made)) => shots.push(made),
        (None, None) => {}
    }
}
