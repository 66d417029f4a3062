//! What differs between two structured files, field by field: the order of keys, white space and
//! the spelling of numbers do not count.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::numbers::{ascending, common};

/// The keys by which objects of a list are told apart, wherever they stand in it; those by which
/// versions are joined too.
const IDENTITIES: [&str; 3] = ["shot_id", "id", "name"];

/// What happened to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldFate {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Removed,
    /// It says something else.
    Changed,
    /// An entry of a list that stands elsewhere among the others.
    Moved,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Which, as an RFC 6901 pointer; entries of lists by their identity, else by their place in
    /// the newer version (of a removed one: in the older).
    pub field: String,
    /// What happened to it.
    pub what: FieldFate,
    /// What it was; none where it was not there.
    pub old: Option<Value>,
    /// What it is; none where it is not there.
    pub new: Option<Value>,
}

/// The fields in which two values differ, in the order of the newer one; those that went stand
/// behind the others of their object.
#[must_use]
pub fn compare_fields(old: &Value, new: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    value(&mut String::new(), old, new, &mut changes);
    changes
}

/// The fields in which two objects differ, but for those named.
pub(super) fn compare_objects(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    without: &[&str],
) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    object(&mut String::new(), old, new, without, &mut changes);
    changes
}

fn value(path: &mut String, old: &Value, new: &Value, changes: &mut Vec<FieldChange>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => object(path, old, new, &[], changes),
        (Value::Array(old), Value::Array(new)) => list(path, old, new, changes),
        _ if is_same(old, new) => {}
        _ => changes.push(FieldChange::new(path, Some(old), Some(new))),
    }
}

fn object(
    path: &mut String,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    without: &[&str],
    changes: &mut Vec<FieldChange>,
) {
    for (key, now) in new {
        if without.contains(&key.as_str()) {
            continue;
        }
        beneath(path, key, |path| match old.get(key) {
            Some(was) => value(path, was, now, changes),
            None => changes.push(FieldChange::new(path, None, Some(now))),
        });
    }
    let gone = old.iter().filter(|(key, _)| !new.contains_key(*key));
    for (key, was) in gone.filter(|(key, _)| !without.contains(&key.as_str())) {
        beneath(path, key, |path| {
            changes.push(FieldChange::new(path, Some(was), None));
        });
    }
}

/// Does something with the pointer of a member.
fn beneath(path: &mut String, key: &str, mut then: impl FnMut(&mut String)) {
    let length = path.len();
    path.push('/');
    path.push_str(&key.replace('~', "~0").replace('/', "~1"));
    then(path);
    path.truncate(length);
}

fn list(path: &mut String, old: &[Value], new: &[Value], changes: &mut Vec<FieldChange>) {
    let is_plain = |value: &Value| !value.is_object() && !value.is_array();
    if old.iter().chain(new).all(is_plain) {
        let is_equal = old.len() == new.len() && old.iter().zip(new).all(|(a, b)| is_same(a, b));
        if !is_equal {
            let whole = |list: &[Value]| Value::Array(list.to_vec());
            changes.push(FieldChange::new(path, Some(&whole(old)), Some(&whole(new))));
        }
        return;
    }
    match names(old, new) {
        Some((from, to)) => by_name(path, (&from, old), (&to, new), changes),
        None => by_place(path, old, new, changes),
    }
}

/// The identities of the entries of both lists, where each has one of its own under one key.
fn names<'v>(old: &'v [Value], new: &'v [Value]) -> Option<(Vec<&'v str>, Vec<&'v str>)> {
    IDENTITIES
        .iter()
        .find_map(|key| Some((names_of(old, key)?, names_of(new, key)?)))
}

/// The identities of the entries of a list.
pub(super) fn names_of_any(list: &[Value]) -> Option<Vec<&str>> {
    IDENTITIES.iter().find_map(|key| names_of(list, key))
}

fn names_of<'v>(list: &'v [Value], key: &str) -> Option<Vec<&'v str>> {
    let mut seen = HashSet::with_capacity(list.len());
    let name = |entry: &'v Value| entry.get(key)?.as_str().filter(|name| seen.insert(*name));
    list.iter().map(name).collect()
}

type Named<'a, 'v> = (&'a [&'v str], &'v [Value]);

fn by_name(
    path: &mut String,
    (from, old): Named<'_, '_>,
    (to, new): Named<'_, '_>,
    changes: &mut Vec<FieldChange>,
) {
    let pairs = crate::numbers::by_count(from, to);
    let stayed: HashSet<usize> = ascending(&pairs).into_iter().map(|(_, at)| at).collect();
    let mut of = vec![None; new.len()];
    let mut is_kept = vec![false; old.len()];
    for (was, now) in pairs {
        (of[now], is_kept[was]) = (Some(was), true);
    }
    for (at, name) in to.iter().enumerate() {
        beneath(path, name, |path| {
            let Some(was) = of[at] else {
                changes.push(FieldChange::new(path, None, Some(&new[at])));
                return;
            };
            if !stayed.contains(&at) {
                changes.push(FieldChange {
                    field: path.clone(),
                    what: FieldFate::Moved,
                    old: Some(Value::from(was)),
                    new: Some(Value::from(at)),
                });
            }
            value(path, &old[was], &new[at], changes);
        });
    }
    for (at, name) in from.iter().enumerate().filter(|(at, _)| !is_kept[*at]) {
        beneath(path, name, |path| {
            changes.push(FieldChange::new(path, Some(&old[at]), None));
        });
    }
}

/// Entries without names: equal ones in order, and between these each with the next.
fn by_place(path: &mut String, old: &[Value], new: &[Value], changes: &mut Vec<FieldChange>) {
    let texts = |list: &[Value]| -> Vec<String> { list.iter().map(canonical).collect() };
    let mut anchors = common(&texts(old), &texts(new));
    anchors.push((old.len(), new.len()));
    let (mut from, mut to) = (0, 0);
    for (was, now) in anchors {
        let pairs = (was - from).min(now - to);
        for at in 0..pairs {
            beneath(path, &(to + at).to_string(), |path| {
                value(path, &old[from + at], &new[to + at], changes);
            });
        }
        for (at, came) in new.iter().enumerate().take(now).skip(to + pairs) {
            beneath(path, &at.to_string(), |path| {
                changes.push(FieldChange::new(path, None, Some(came)));
            });
        }
        for (at, gone) in old.iter().enumerate().take(was).skip(from + pairs) {
            beneath(path, &at.to_string(), |path| {
                changes.push(FieldChange::new(path, Some(gone), None));
            });
        }
        (from, to) = (was + 1, now + 1);
    }
}

/// A value as a text that is the same for values that are: keys in alphabetical order.
fn canonical(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let mut keys: Vec<&String> = map.keys().collect();
                keys.sort_unstable();
                let members = keys.into_iter().map(|key| (key.clone(), sorted(&map[key])));
                Value::Object(members.collect())
            }
            Value::Array(list) => Value::Array(list.iter().map(sorted).collect()),
            plain => plain.clone(),
        }
    }
    sorted(value).to_string()
}

fn is_same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Number(a), Value::Number(b)) => {
            let is_decimal = a.is_f64() || b.is_f64();
            a == b || (is_decimal && a.as_f64() == b.as_f64())
        }
        _ => old == new,
    }
}

impl FieldChange {
    fn new(path: &str, old: Option<&Value>, new: Option<&Value>) -> Self {
        Self {
            field: path.to_owned(),
            what: match (old, new) {
                (None, _) => FieldFate::Added,
                (_, None) => FieldFate::Removed,
                _ => FieldFate::Changed,
            },
            old: old.cloned(),
            new: new.cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(old: &Value, new: &Value) -> Vec<String> {
        let text = |value: &Option<Value>| value.as_ref().map_or("-".into(), Value::to_string);
        let changes = compare_fields(old, new);
        let line = |change: &FieldChange| {
            let (old, new) = (text(&change.old), text(&change.new));
            format!("{:?} {} {old} {new}", change.what, change.field)
        };
        changes.iter().map(line).collect()
    }

    #[test]
    fn order_of_keys_and_spelling_of_numbers_do_not_count() {
        let old = json!({"a": 1, "b": {"c": [1, 2]}});
        let new = json!({"b": {"c": [1, 2.0]}, "a": 1.0});
        assert!(told(&old, &new).is_empty());
        assert_eq!(told(&json!(1), &json!("1")), ["Changed  1 \"1\""]);
    }

    #[test]
    fn members_and_lists_of_plain_values() {
        let old = json!({"a/b": 1, "gone": {"x": 1}, "list": ["a", "b"]});
        let new = json!({"a/b": 2, "list": ["a"], "come": true});
        assert_eq!(
            told(&old, &new),
            [
                "Changed /a~1b 1 2",
                "Changed /list [\"a\",\"b\"] [\"a\"]",
                "Added /come - true",
                "Removed /gone {\"x\":1} -",
            ]
        );
    }

    #[test]
    fn entries_with_names_are_followed_wherever_they_stand() {
        let entry = |name: &str, age: u32| json!({"name": name, "age": age});
        let old = json!([
            entry("ada", 1),
            entry("bo", 2),
            entry("cy", 3),
            entry("di", 4)
        ]);
        let new = json!([
            entry("cy", 3),
            entry("ada", 9),
            entry("bo", 2),
            entry("ed", 5)
        ]);
        assert_eq!(
            told(&old, &new),
            [
                "Moved /cy 2 0",
                "Changed /ada/age 1 9",
                "Added /ed - {\"name\":\"ed\",\"age\":5}",
                "Removed /di {\"name\":\"di\",\"age\":4} -",
            ]
        );
    }

    #[test]
    fn entries_without_names_are_found_again_by_what_they_hold() {
        let old = json!([{"x": 1, "y": 1}, {"x": 2}, {"x": 3}]);
        let new = json!([{"x": 0}, {"y": 1, "x": 1}, {"x": 3, "z": 4}]);
        assert_eq!(
            told(&old, &new),
            [
                "Added /0 - {\"x\":0}",
                "Changed /2/x 2 3",
                "Added /2/z - 4",
                "Removed /2 {\"x\":3} -",
            ]
        );
        // Names that stand twice are none.
        let twice = json!([{"id": "a"}, {"id": "a"}]);
        assert_eq!(
            told(&twice, &json!([{"id": "a"}])),
            ["Removed /1 {\"id\":\"a\"} -"]
        );
    }
}
