//! What a file of `looks/` may hold, for files that people edited.

use serde_json::Value;

use crate::words::{Lasts, Pronoun, TimeOfDay, Vocabulary as _};
use crate::written::{self, Fault, Field, FieldKind, WordField};

const LOOKS: &[Field] = &[
    Field::needed("scene", FieldKind::SceneNumber),
    Field::needed("aside", FieldKind::Flag),
    Field::needed("time_passes", FieldKind::Flag),
    Field::needed("assets", FieldKind::Each(&FieldKind::Table(ASSET))),
    Field::needed("elsewhere", FieldKind::Each(&FieldKind::Tables(CONDITION))),
    Field::needed("ended", FieldKind::Tables(ENDED)),
];

const ASSET: &[Field] = &[
    Field::needed("name", FieldKind::Text),
    Field::needed("full_name", FieldKind::Text),
    Field::needed("pronouns", FieldKind::Word(Pronoun::WORDS)),
    Field::needed("wardrobe", FieldKind::Text),
    Field::new("look", FieldKind::Text),
    Field::needed("conditions", FieldKind::Tables(CONDITION)),
];

const CONDITION: &[Field] = &[
    Field::needed("tag", FieldKind::Text),
    Field::needed("reason", FieldKind::Text),
    Field::needed("since", FieldKind::SceneNumber),
    Field::needed("from", FieldKind::Whole(0, u32::MAX)),
    Field::needed("caused", FieldKind::Flag),
    Field::needed("lasts", FieldKind::Word(Lasts::WORDS)),
    Field::needed("seen", FieldKind::Word(TimeOfDay::WORDS)),
    Field::new("untold", FieldKind::Whole(0, u32::MAX)),
];

const ENDED: &[Field] = &[
    Field::needed("asset", FieldKind::Text),
    Field::needed("tag", FieldKind::Text),
    Field::needed("reason", FieldKind::Text),
];

/// The fields of looks that hold words of a list.
#[must_use]
pub fn looks_words() -> Vec<WordField> {
    written::word_fields(LOOKS)
}

/// What is wrong with the looks of a scene, if anything.
#[must_use]
pub fn check_looks(looks: &Value) -> Vec<Fault> {
    written::check(looks, LOOKS)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::looks::Looks;

    fn looks() -> Value {
        let muddy = json!({
            "tag": "muddy", "reason": "He falls.", "since": "2", "from": 3, "caused": true,
            "lasts": "day", "seen": "night",
        });
        json!({
            "scene": "2", "aside": false, "time_passes": false,
            "assets": {"rae": {"name": "RAE", "full_name": "RAE CALDER", "pronouns": "she",
                "wardrobe": "default", "look": "30", "conditions": [muddy.clone()]}},
            "elsewhere": {"max": [muddy]},
            "ended": [{"asset": "rae", "tag": "wet", "reason": "She dries."}],
        })
    }

    #[test]
    fn fields_are_those_of_the_types() {
        assert_eq!(check_looks(&looks()), []);
        let typed: Looks = serde_json::from_value(looks()).unwrap();
        let written = serde_json::to_value(&typed).unwrap();
        assert_eq!(written, looks());
    }

    #[test]
    fn each_slip_is_told_with_its_field() {
        for (pointer, value, told) in [
            (
                "/assets/rae/conditions/0/lasts",
                json!("allways"),
                "assets.rae.conditions[1].lasts: \"allways\" is not known; did you mean \"always\"?",
            ),
            (
                "/elsewhere/max/0/seen",
                json!("sunset"),
                "elsewhere.max[1].seen: \"sunset\" is not known; did you mean \"dusk\"?",
            ),
            (
                "/assets/rae/pronouns",
                json!("her"),
                "did you mean \"she\"?",
            ),
            (
                "/scene",
                json!("two words"),
                "scene: expected a scene number",
            ),
        ] {
            let mut looks = looks();
            *looks.pointer_mut(pointer).unwrap() = value;
            let faults = check_looks(&looks);
            assert_eq!(faults.len(), 1, "{pointer}: {faults:?}");
            assert!(faults[0].to_string().contains(told), "{faults:?}");
        }
    }
}
