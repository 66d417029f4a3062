//! Three-way merge of JSON by field.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The keys by which objects of a list are told apart, wherever they stand in it.
const IDENTITIES: [&str; 3] = ["shot_id", "id", "name"];

/// Two versions joined.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The result; where both sides changed a field differently it holds our side.
    pub value: Value,
    /// RFC 6901 pointers (list entries by their identity) of those fields.
    pub conflicts: Vec<String>,
}

/// Joins `ours` and `theirs`, which both grew out of `base`. Objects are joined key by key, lists
/// of objects that carry an identity (`shot_id`, `id`, `name`) entry by entry, all else whole.
#[must_use]
pub fn merge_json(base: &Value, ours: &Value, theirs: &Value) -> Merged {
    let mut conflicts = Vec::new();
    let value = merge(Some(base), Some(ours), Some(theirs), "", &mut conflicts);
    Merged {
        value: value.unwrap_or(Value::Null),
        conflicts,
    }
}

fn merge(
    base: Option<&Value>,
    ours: Option<&Value>,
    theirs: Option<&Value>,
    at: &str,
    conflicts: &mut Vec<String>,
) -> Option<Value> {
    if ours == theirs || theirs == base {
        return ours.cloned();
    }
    if ours == base {
        return theirs.cloned();
    }
    match (base, ours, theirs) {
        (_, Some(Value::Object(ours)), Some(Value::Object(theirs))) => {
            let empty = Map::new();
            let base = base.and_then(Value::as_object).unwrap_or(&empty);
            Some(Value::Object(merge_objects(
                base, ours, theirs, at, conflicts,
            )))
        }
        (_, Some(Value::Array(ours)), Some(Value::Array(theirs))) => {
            let base = base
                .and_then(Value::as_array)
                .map_or(&[][..], Vec::as_slice);
            let merged = identity_of(&[base, ours, theirs])
                .map(|key| merge_lists(key, base, ours, theirs, at, conflicts));
            Some(Value::Array(merged.unwrap_or_else(|| {
                conflicts.push(at.to_owned());
                ours.clone()
            })))
        }
        _ => {
            conflicts.push(at.to_owned());
            ours.cloned()
        }
    }
}

fn merge_objects(
    base: &Map<String, Value>,
    ours: &Map<String, Value>,
    theirs: &Map<String, Value>,
    at: &str,
    conflicts: &mut Vec<String>,
) -> Map<String, Value> {
    let added = ours.keys().filter(|key| !theirs.contains_key(*key));
    let mut out = Map::new();
    for key in theirs.keys().chain(added) {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        if let Some(value) = merge(
            base.get(key),
            ours.get(key),
            theirs.get(key),
            &at,
            conflicts,
        ) {
            out.insert(key.clone(), value);
        }
    }
    out
}

/// Entries in the order of their side, then ours that they lack, each after its neighbour.
fn merge_lists(
    key: &str,
    base: &[Value],
    ours: &[Value],
    theirs: &[Value],
    at: &str,
    conflicts: &mut Vec<String>,
) -> Vec<Value> {
    let id = |entry: &Value| entry[key].clone();
    let find = |list: &'_ [Value], wanted: &Value| list.iter().position(|e| id(e) == *wanted);
    let mut order: Vec<Value> = theirs.iter().map(id).collect();
    for (index, entry) in ours.iter().enumerate() {
        if order.contains(&id(entry)) {
            continue;
        }
        let after = ours[..index]
            .iter()
            .rev()
            .find_map(|e| order.iter().position(|o| *o == id(e)));
        order.insert(after.map_or(0, |at| at + 1), id(entry));
    }
    order
        .iter()
        .filter_map(|wanted| {
            let at = format!("{at}/{}", wanted.as_str().unwrap_or_default());
            let entry = |list: &'_ [Value]| find(list, wanted).map(|index| list[index].clone());
            let (base, ours, theirs) = (entry(base), entry(ours), entry(theirs));
            merge(
                base.as_ref(),
                ours.as_ref(),
                theirs.as_ref(),
                &at,
                conflicts,
            )
        })
        .collect()
}

/// The identity that every entry of every list carries, each once.
fn identity_of(lists: &[&[Value]]) -> Option<&'static str> {
    IDENTITIES.into_iter().find(|key| {
        lists.iter().all(|list| {
            let ids: Vec<_> = list
                .iter()
                .filter_map(|e| e.get(*key).and_then(Value::as_str))
                .collect();
            ids.len() == list.len() && ids.iter().collect::<BTreeSet<_>>().len() == ids.len()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_hand_edit_and_a_new_generation_both_survive() {
        let base = json!({"target": 96, "shots": [
            {"shot_id": "1_001", "lens": 35, "content": "A door."},
            {"shot_id": "1_002", "lens": 50, "content": "Rae waits."},
        ]});
        let mut ours = base.clone();
        ours["shots"][1]["lens"] = json!(85);
        let theirs = json!({"target": 120, "shots": [
            {"shot_id": "1_001", "lens": 35, "content": "A red door."},
            {"shot_id": "1_001A", "lens": 35, "content": "It opens."},
            {"shot_id": "1_002", "lens": 50, "content": "Rae waits."},
        ]});
        let merged = merge_json(&base, &ours, &theirs);
        let mut expected = theirs.clone();
        expected["shots"][2]["lens"] = json!(85);
        assert_eq!(
            merged,
            Merged {
                value: expected,
                conflicts: vec![]
            }
        );
    }

    #[test]
    fn where_both_changed_a_field_ours_stays_and_is_named() {
        let base = json!({"shots": [{"shot_id": "1_001", "lens": 35}]});
        let ours = json!({"shots": [{"shot_id": "1_001", "lens": 85}]});
        let theirs = json!({"shots": [{"shot_id": "1_001", "lens": 24}]});
        let merged = merge_json(&base, &ours, &theirs);
        assert_eq!(merged.value, ours);
        assert_eq!(merged.conflicts, ["/shots/1_001/lens"]);
    }

    #[test]
    fn what_one_side_removed_and_the_other_left_alone_is_gone() {
        let base = json!({"shots": [{"shot_id": "a", "n": 1}, {"shot_id": "b", "n": 2}]});
        let ours = json!({"shots": [{"shot_id": "b", "n": 3}]});
        let theirs = json!({"shots": [{"shot_id": "a", "n": 1}, {"shot_id": "b", "n": 2}], "x": 1});
        let merged = merge_json(&base, &ours, &theirs);
        assert_eq!(
            merged.value,
            json!({"shots": [{"shot_id": "b", "n": 3}], "x": 1})
        );
        assert!(merged.conflicts.is_empty());
    }
}
