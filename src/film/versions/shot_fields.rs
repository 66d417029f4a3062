//! A shot list field by field.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

/// One field of a shot list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShotField {
    /// The shot that it says something of; none for what is said of the scene.
    pub shot: Option<String>,
    /// Its name.
    pub field: String,
    /// What it says.
    pub value: Value,
}

/// The fields of a shot list in the order in which they stand; none for what is no shot list.
#[must_use]
pub fn shot_fields(text: &str) -> Option<Vec<ShotField>> {
    let Value::Object(list) = serde_json::from_str(text).ok()? else {
        return None;
    };
    let Some(Value::Array(shots)) = list.get("shots") else {
        return None;
    };
    let id = |shot: &Value| Some(shot.get("shot_id")?.as_str()?.to_owned());
    let ids: Vec<String> = shots.iter().map(id).collect::<Option<_>>()?;
    let mut fields = Vec::new();
    for (field, value) in list.iter().filter(|(field, _)| *field != "shots") {
        fields.push(ShotField {
            shot: None,
            field: field.clone(),
            value: value.clone(),
        });
    }
    for (id, shot) in ids.iter().zip(shots) {
        let named = shot.as_object().into_iter().flatten();
        // Its name says who it is, and nothing that could change.
        for (field, value) in named.filter(|(field, _)| *field != "shot_id") {
            fields.push(ShotField {
                shot: Some(id.clone()),
                field: field.clone(),
                value: value.clone(),
            });
        }
    }
    Some(fields)
}

/// Where fields of `new`, named by their places, stand in `old` with the same value; none for those
/// that do not.
#[must_use]
pub fn carried_fields(
    old: &[ShotField],
    new: &[ShotField],
    places: &[usize],
) -> Vec<Option<usize>> {
    let mut known: HashMap<(Option<&str>, &str), usize> = HashMap::with_capacity(old.len());
    for (at, field) in old.iter().enumerate() {
        known
            .entry((field.shot.as_deref(), &field.field))
            .or_insert(at);
    }
    let place = |at: &usize| {
        let field = new.get(*at)?;
        let was = *known.get(&(field.shot.as_deref(), field.field.as_str()))?;
        (old[was].value == field.value).then_some(was)
    };
    places.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_the_same_while_its_shot_says_the_same() {
        let old = r#"{"scene":"1","shots":[{"shot_id":"001_001","lens_mm":35,"content":"Rain."},{"shot_id":"001_002","lens_mm":50}]}"#;
        let new = r#"{"scene":"1","shots":[{"shot_id":"001_002","lens_mm":50},{"shot_id":"001_001","content":"Rain.","lens_mm":85}]}"#;
        let (old, new) = (shot_fields(old).unwrap(), shot_fields(new).unwrap());
        let names: Vec<_> = new.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["scene", "lens_mm", "content", "lens_mm"]);
        assert_eq!(
            carried_fields(&old, &new, &[0, 1, 2, 3]),
            [Some(0), Some(3), Some(2), None]
        );
        for text in ["{}", "[]", "no", r#"{"shots":[1]}"#, r#"{"shots":{}}"#] {
            assert_eq!(shot_fields(text), None, "{text}");
        }
    }
}
