//! Reference images against the words of the bible that they show.

use serde_json::Value;

use super::{Finding, Rule};

/// What a file of the bible describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Described {
    /// `bible/characters/NAME.toml`
    Character,
    /// `bible/locations/NAME.toml`
    Location,
    /// `bible/style.toml`
    Style,
}

impl Described {
    /// The fields that a picture of it shows: a voice or a name is not seen.
    fn visible(self) -> &'static [&'static str] {
        match self {
            Self::Character => &["physical", "wardrobe", "signature", "portrait_prompt"],
            Self::Location => &["description", "time", "palette", "mood", "base_prompt"],
            Self::Style => &["tone", "palette", "lighting", "grain", "lens"],
        }
    }
}

/// Whether `image` was last changed when the file `bible` said something else of what is seen. `then` is that
/// file as it was with the image's last change, `now` as it is.
pub fn older(
    described: Described,
    bible: &str,
    image: &str,
    then: &Value,
    now: &Value,
) -> Option<Finding> {
    let changed: Vec<&str> = described
        .visible()
        .iter()
        .filter(|field| said(then, field) != said(now, field))
        .copied()
        .collect();
    if changed.is_empty() {
        return None;
    }
    let message = format!(
        "{image} is older than the {} that it shows",
        changed.join(", ")
    );
    Some(finding(Rule::ReferenceOlder, bible, message))
}

/// The bible names an image that is not in the project.
pub fn missing(bible: &str, image: &str) -> Finding {
    finding(
        Rule::ReferenceMissing,
        bible,
        format!("it names {image}, which is not in the project"),
    )
}

fn finding(rule: Rule, bible: &str, message: String) -> Finding {
    Finding {
        scene: String::new(),
        rule,
        asset: bible.to_owned(),
        message,
    }
}

/// A field's value; one that is empty says as little as one that is left out.
fn said<'v>(record: &'v Value, field: &str) -> Option<&'v Value> {
    record.get(field).filter(|value| !is_empty(value))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(fields) => fields.values().all(is_empty),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_seen_makes_a_reference_old() {
        let (bible, image) = ("bible/characters/rae.toml", "bible/images/rae.png");
        let old = |then: Value, now: Value| older(Described::Character, bible, image, &then, &now);
        assert_eq!(
            old(
                json!({"physical": "tall", "voice": {"pitch": 20}}),
                json!({"physical": "tall", "voice": {"pitch": 60}, "wardrobe": {"default": ""}})
            ),
            None
        );
        let found = old(
            json!({"physical": "tall", "wardrobe": {"default": "a red coat"}}),
            json!({"physical": "tall", "wardrobe": {"default": "a blue coat"}}),
        );
        let found = found.expect("the coat changed");
        assert_eq!(found.rule, Rule::ReferenceOlder);
        assert_eq!(
            found.message,
            "bible/images/rae.png is older than the wardrobe that it shows"
        );
    }
}
