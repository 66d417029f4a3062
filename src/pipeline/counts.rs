//! What counts of a scene: its heading and what is filmed of it, as a value with a digest.

use serde_json::{Map, Value, json};

use super::digest::Digest;
use crate::film::fountain::{Element, ElementKind};
use crate::film::scenes::{Heading, Scene};

/// What counts of a scene.
pub(super) struct Text {
    pub(super) value: Value,
    /// Of `value`.
    pub(super) digest: Digest,
}

impl Text {
    /// Of a scene that is filmed.
    pub(super) fn of(scene: &Scene) -> Self {
        let mut speaker = None;
        let elements: Vec<Value> = scene
            .body
            .iter()
            .map(|e| element_value(e, &mut speaker))
            .collect();
        let heading = &scene.heading;
        let mut value = json!({ "heading": heading.raw, "elements": elements });
        // What a heading is read as follows from it, unless the project has words of its own or the
        // scene takes over a place.
        if *heading != Heading::parse(&heading.raw) {
            value["read_as"] = json!([
                heading.place.code(),
                heading.setting,
                heading.sub_settings,
                heading.hour.code(),
                heading.goes_on,
                heading.time.is_some(),
            ]);
        }
        if scene.follows_intercut {
            value["follows_intercut"] = true.into();
        }
        if !scene.absent.is_empty() {
            let absent = scene.absent.iter();
            value["cut_against"] = absent
                .map(|one| json!([one.name, one.heading.raw]))
                .collect();
        }
        let digest = Digest::of_json(&value);
        Self { value, digest }
    }
}

/// An element as a value; `speaker` is whose block it stands in.
fn element_value(element: &Element, speaker: &mut Option<String>) -> Value {
    let (kind, spoken) = match &element.kind {
        ElementKind::Character { name, .. } => {
            *speaker = Some(name.clone());
            ("cue", true)
        }
        ElementKind::Parenthetical => ("parenthetical", true),
        ElementKind::Dialogue => ("dialogue", true),
        ElementKind::Lyric => ("lyric", true),
        ElementKind::Centered => ("centered", false),
        ElementKind::Transition => ("transition", false),
        _ => ("action", false),
    };
    let mut value = Map::new();
    value.insert("kind".to_owned(), kind.into());
    if let (true, Some(speaker)) = (spoken, speaker) {
        value.insert("speaker".to_owned(), speaker.as_str().into());
    }
    if let ElementKind::Character { dual: true, .. } = element.kind {
        value.insert("dual".to_owned(), true.into());
    }
    value.insert("text".to_owned(), element.text.as_str().into());
    Value::Object(value)
}
