//! What differs between two values, field by field, for people to read.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A field with its old and its new value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Where: keys joined by dots, `shot 012_003` or `dialogue of RAE` for entries of lists.
    pub field: String,
    /// The value before; none if the field is new.
    pub old: Option<String>,
    /// The value now; none if the field is gone.
    pub new: Option<String>,
}

/// Every field that differs, in the order of the new value.
#[must_use]
pub fn field_changes(old: Option<&Value>, new: Option<&Value>) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    compare("", old, new, &mut changes);
    changes
}

fn compare(at: &str, old: Option<&Value>, new: Option<&Value>, changes: &mut Vec<FieldChange>) {
    if old == new {
        return;
    }
    match (old, new) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let gone = a.keys().filter(|key| !b.contains_key(*key));
            for key in b.keys().chain(gone) {
                compare(&join(at, key), a.get(key), b.get(key), changes);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => compare_lists(at, a, b, changes),
        _ => changes.push(FieldChange {
            field: at.to_owned(),
            old: old.map(entry_text),
            new: new.map(entry_text),
        }),
    }
}

/// Lists are compared as texts are: runs that stayed and runs that were replaced. Within a
/// replaced run, entries of the same name are taken for the same entry and compared by field.
fn compare_lists(at: &str, a: &[Value], b: &[Value], changes: &mut Vec<FieldChange>) {
    let texts = |list: &[Value]| list.iter().map(Value::to_string).collect::<Vec<_>>();
    for op in capture_diff_slices(Algorithm::Myers, &texts(a), &texts(b)) {
        if !matches!(op, DiffOp::Equal { .. }) {
            compare_runs(at, &a[op.old_range()], &b[op.new_range()], changes);
        }
    }
}

fn compare_runs(at: &str, a: &[Value], b: &[Value], changes: &mut Vec<FieldChange>) {
    let names = |list: &[Value]| list.iter().map(entry_name).collect::<Vec<_>>();
    for op in capture_diff_slices(Algorithm::Myers, &names(a), &names(b)) {
        let (old, new) = (&a[op.old_range()], &b[op.new_range()]);
        if matches!(op, DiffOp::Equal { .. }) {
            for (old, new) in old.iter().zip(new) {
                compare_entry(&join(at, &entry_name(new)), old, new, changes);
            }
            continue;
        }
        let mut note = |entry: &Value, old: Option<String>, new: Option<String>| {
            changes.push(FieldChange {
                field: join(at, &entry_name(entry)),
                old,
                new,
            });
        };
        old.iter()
            .for_each(|entry| note(entry, Some(entry_text(entry)), None));
        new.iter()
            .for_each(|entry| note(entry, None, Some(entry_text(entry))));
    }
}

fn compare_entry(name: &str, old: &Value, new: &Value, changes: &mut Vec<FieldChange>) {
    let start = changes.len();
    compare(name, Some(old), Some(new), changes);
    // The text of a script's element is the element: `dialogue of RAE`, not its `.text`.
    for change in &mut changes[start..] {
        if let Some(name) = change.field.strip_suffix(".text") {
            change.field = name.to_owned();
        }
    }
}

fn join(at: &str, key: &str) -> String {
    match (at.is_empty(), key.is_empty()) {
        (true, _) => key.to_owned(),
        (false, true) => at.to_owned(),
        (false, false) => format!("{at}.{key}"),
    }
}

/// What tells an entry of a list apart, in words.
fn entry_name(entry: &Value) -> String {
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    if let Some(shot) = text("shot_id") {
        return format!("shot {shot}");
    }
    match (text("name"), text("kind"), text("speaker")) {
        (Some(name), ..) => name.to_owned(),
        (None, Some(kind), Some(speaker)) => format!("{kind} of {speaker}"),
        (None, Some(kind), None) => kind.to_owned(),
        _ => String::new(),
    }
}

/// The fields that say in words what an object is, the plainest first.
const IN_WORDS: [&str; 5] = ["text", "content", "heading", "introduction", "name"];

fn entry_text(entry: &Value) -> String {
    let words = IN_WORDS.iter().filter_map(|key| entry.get(key));
    words
        .filter(|value| value.is_string())
        .map(shown)
        .next()
        .unwrap_or_else(|| shown(entry))
}

/// Longest value shown whole, in characters.
const SHOWN: usize = 160;

/// A value for people: text in quotes, the rest as JSON, long ones shortened in the middle of
/// nothing but their length.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lines(old: &Value, new: &Value) -> Vec<String> {
        field_changes(Some(old), Some(new))
            .into_iter()
            .map(|c| {
                let text = |side: Option<String>| side.unwrap_or_else(|| "-".to_owned());
                format!("{}: {} -> {}", c.field, text(c.old), text(c.new))
            })
            .collect()
    }

    #[test]
    fn a_field_is_named_by_its_keys() {
        let old = json!({"wardrobe": {"act_1": "red coat"}, "voice": {"pitch": 40}});
        let new = json!({"wardrobe": {"act_1": "blue coat"}, "voice": {"pitch": 40}, "age": 8});
        assert_eq!(
            lines(&old, &new),
            [
                r#"wardrobe.act_1: "red coat" -> "blue coat""#,
                "age: - -> 8"
            ]
        );
    }

    #[test]
    fn a_changed_line_of_dialogue_is_named_by_its_speaker() {
        let element = |kind: &str, speaker: Option<&str>, text: &str| match speaker {
            Some(speaker) => json!({"kind": kind, "speaker": speaker, "text": text}),
            None => json!({"kind": kind, "text": text}),
        };
        let old = json!({"elements": [
            element("action", None, "Rae waits."),
            element("dialogue", Some("RAE"), "Are they cold?"),
        ]});
        let mut new = old.clone();
        new["elements"][1]["text"] = json!("Are they warm?");
        assert_eq!(
            lines(&old, &new),
            [r#"elements.dialogue of RAE: "Are they cold?" -> "Are they warm?""#]
        );
        new["elements"]
            .as_array_mut()
            .expect("list")
            .insert(1, element("action", None, "Beat."));
        assert_eq!(
            lines(&old, &new)[0],
            r#"elements.action: - -> "Beat.""#.to_owned()
        );
    }

    #[test]
    fn equal_values_have_no_changes() {
        let value = json!({"a": [1, {"b": 2}]});
        assert!(field_changes(Some(&value), Some(&value)).is_empty());
    }
}
