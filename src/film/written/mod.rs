//! What files that people write may hold: names, kinds and words of their fields. What is not among
//! them is a fault that says where it stands and what was probably meant, so that no slip of the
//! pen is without effect.

mod field;

use aiut_nearest::nearest;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ids::SceneNumber;
use crate::prose;
use crate::rate::{FRAME_RATES, FrameRate};
use crate::words::{Pronoun, UnknownWord, Vocabulary, Word};

pub use field::WordField;
pub(crate) use field::{Field, FieldKind, word_fields};

/// Something in a file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Keys and places in lists, from the top.
    pub path: Vec<Step>,
    /// Whether the key itself is what is wrong, rather than its value.
    pub at_key: bool,
    /// What people call the place: `voice.pitch`, `shot 002_003, shot_type`.
    pub name: String,
    /// What is wrong, with what was probably meant.
    pub problem: String,
}

/// A step into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The value of this key.
    Key(String),
    /// The entry of a list, from 0.
    At(usize),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.name.is_empty() {
            write!(f, "{}: ", self.name)?;
        }
        f.write_str(&self.problem)
    }
}

/// All faults of a table, in the order in which it stands.
pub(crate) fn check(value: &Value, fields: &[Field]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut place = Place::default();
    table(value, fields, &mut place, &mut faults);
    faults
}

/// Keys that are people's own begin so, in any table.
const OWN: &str = "x_";

/// Where the check is.
#[derive(Default)]
struct Place {
    path: Vec<Step>,
    /// The same for people.
    names: Vec<String>,
    /// The shot it lies in.
    shot: Option<String>,
}

impl Place {
    fn fault(&self, problem: String) -> Fault {
        let mut name = self.names.join(".");
        if let Some(shot) = &self.shot {
            name = match name.is_empty() {
                true => format!("shot {shot}"),
                false => format!("shot {shot}, {name}"),
            };
        }
        Fault {
            path: self.path.clone(),
            at_key: false,
            name,
            problem,
        }
    }

    fn within(&mut self, key: &str, check: impl FnOnce(&mut Self)) {
        self.path.push(Step::Key(key.to_owned()));
        self.names.push(key.to_owned());
        check(self);
        self.names.pop();
        self.path.pop();
    }
}

fn table(value: &Value, fields: &[Field], place: &mut Place, faults: &mut Vec<Fault>) {
    let Value::Object(members) = value else {
        faults.push(place.fault(format!("{} stands where a table is needed", told(value))));
        return;
    };
    for (key, value) in members {
        let known = fields.iter().find(|field| field.name == key);
        match known {
            Some(field) => place.within(key, |place| one(value, field.kind, place, faults)),
            None if key.starts_with(OWN) => {}
            None => place.within(key, |place| {
                let names = fields.iter().map(|field| field.name);
                let free = names.filter(|name| !members.contains_key(*name));
                let problem = match nearest(key, free) {
                    Some(name) => format!("there is no such field; did you mean {name:?}?"),
                    None => format!(
                        "there is no such field; notes of your own go into keys that begin with {OWN:?}"
                    ),
                };
                let fault = place.fault(problem);
                faults.push(Fault {
                    at_key: true,
                    ..fault
                });
            }),
        }
    }
    missing(members, fields, place, faults);
}

fn missing(members: &Map<String, Value>, fields: &[Field], place: &Place, faults: &mut Vec<Fault>) {
    let gone = fields
        .iter()
        .filter(|field| field.needed && !members.contains_key(field.name));
    for field in gone {
        faults.push(place.fault(format!("it has no {:?}", field.name)));
    }
}

fn one(value: &Value, kind: FieldKind, place: &mut Place, faults: &mut Vec<Fault>) {
    let mut wrong = |expected: &str| {
        let found = told(value);
        faults.push(place.fault(format!("expected {expected}, found {found}")));
    };
    match (kind, value) {
        (FieldKind::Text, Value::String(_))
        | (FieldKind::Flag, Value::Bool(_))
        | (FieldKind::Or(_), Value::Null)
        | (FieldKind::Free, _) => {}
        (FieldKind::Or(kind), value) => one(value, *kind, place, faults),
        (FieldKind::Prompt, Value::String(text)) => {
            let hidden = prose::hidden(text).filter(|_| !text.trim().is_empty());
            faults.extend(hidden.map(|problem| place.fault(problem.to_string())));
        }
        (FieldKind::Text | FieldKind::Prompt, _) => wrong("text"),
        (FieldKind::Flag, _) => wrong("true or false"),
        (FieldKind::Whole(least, most), value) => {
            let within = value
                .as_u64()
                .is_some_and(|number| (u64::from(least)..=u64::from(most)).contains(&number));
            if !within {
                wrong(&match most {
                    u32::MAX => format!("a whole number, {least} or more"),
                    _ => format!("a whole number from {least} to {most}"),
                });
            }
        }
        (FieldKind::Word(words), Value::String(text)) => {
            if !words.iter().any(|word| word.code == text) {
                faults.push(place.fault(unknown(text, words)));
            }
        }
        (FieldKind::Word(_), _) => wrong("a word"),
        (FieldKind::SceneNumber, value) => {
            let number = value.as_str().map(str::parse::<SceneNumber>);
            if !matches!(number, Some(Ok(_))) {
                wrong("a scene number such as \"12A\"");
            }
        }
        (FieldKind::Ratio, value) => {
            if !value.as_str().is_some_and(is_ratio) {
                wrong("a ratio such as \"16:9\"");
            }
        }
        (FieldKind::Rate, value) => {
            if FrameRate::deserialize(value).is_err() {
                wrong(FRAME_RATES);
            }
        }
        (FieldKind::Color, value) => {
            if !value.as_str().is_some_and(is_color_or_empty) {
                wrong("a colour such as \"#3366aa\"");
            }
        }
        (FieldKind::Palette, Value::Array(colors)) => palette(colors, place, faults),
        (FieldKind::Pronouns, Value::String(text)) => {
            if !text.trim().is_empty() && Pronoun::told(text).is_none() {
                faults.push(place.fault(unknown(text, Pronoun::WORDS)));
            }
        }
        (FieldKind::Pronouns, _) => wrong("\"he\", \"she\", \"they\" or \"it\""),
        (FieldKind::Texts, Value::Array(items)) => {
            each(items, place, |item, place| {
                one(item, FieldKind::Text, place, faults)
            });
        }
        (FieldKind::Texts | FieldKind::Palette, _) => wrong("a list of texts, [\"…\", \"…\"]"),
        (FieldKind::Tables(fields), Value::Array(items)) => {
            each(items, place, |item, place| {
                table(item, fields, place, faults)
            });
        }
        (FieldKind::Tables(_), _) => wrong("a list"),
        (FieldKind::Table(fields), value) => table(value, fields, place, faults),
        (FieldKind::By(words), Value::Object(members)) => by_word(members, words, place, faults),
        (FieldKind::By(_), value) => table(value, &[], place, faults),
        (FieldKind::Each(kind), Value::Object(members)) => {
            for (name, value) in members {
                place.within(name, |place| one(value, *kind, place, faults));
            }
        }
        (FieldKind::Each(_), _) => wrong("a table"),
        (FieldKind::ByAct, Value::Object(members)) => by_act(members, place, faults),
        (FieldKind::ByAct, _) => wrong("a table: default = \"…\", 1 = \"…\""),
    }
}

fn each(items: &[Value], place: &mut Place, mut check: impl FnMut(&Value, &mut Place)) {
    let outer = place.shot.clone();
    for (at, item) in items.iter().enumerate() {
        place.path.push(Step::At(at));
        let shot = item.get("shot_id").and_then(Value::as_str);
        let names = place.names.clone();
        match shot {
            Some(id) => {
                place.shot = Some(id.to_owned());
                place.names.clear();
            }
            None => {
                if let Some(last) = place.names.last_mut() {
                    *last = format!("{last}[{}]", at + 1);
                }
            }
        }
        check(item, place);
        place.names = names;
        place.shot.clone_from(&outer);
        place.path.pop();
    }
}

fn palette(colors: &[Value], place: &mut Place, faults: &mut Vec<Fault>) {
    each(colors, place, |color, place| match color.as_str() {
        Some(text) if crate::color::is_color(text) => {}
        _ => {
            let found = told(color);
            let problem = format!("expected a colour such as \"#3366aa\", found {found}");
            faults.push(place.fault(problem));
        }
    });
    if !colors.is_empty() && !(3..=5).contains(&colors.len()) {
        let number = colors.len();
        faults.push(place.fault(format!("three to five colours are needed, not {number}")));
    }
}

fn by_word(
    members: &Map<String, Value>,
    words: &'static [Word],
    place: &mut Place,
    faults: &mut Vec<Fault>,
) {
    for (key, value) in members {
        let known = words.iter().any(|word| word.code == key);
        place.within(key, |place| {
            if known {
                one(value, FieldKind::Text, place, faults);
            } else if !key.starts_with(OWN) {
                let fault = place.fault(unknown(key, words));
                faults.push(Fault {
                    at_key: true,
                    ..fault
                });
            }
        });
    }
}

fn by_act(members: &Map<String, Value>, place: &mut Place, faults: &mut Vec<Fault>) {
    for (key, value) in members {
        let known = key == "default" || key.parse::<u32>().is_ok() || key.starts_with(OWN);
        place.within(key, |place| {
            if known {
                one(value, FieldKind::Text, place, faults);
                return;
            }
            let meant = nearest(key, ["default"]);
            let meant = meant.map_or(String::new(), |word| format!("; did you mean {word:?}?"));
            let fault = place.fault(format!(
                "it is neither the number of an act nor `default`{meant}"
            ));
            faults.push(Fault {
                at_key: true,
                ..fault
            });
        });
    }
}

fn unknown(text: &str, known: &'static [Word]) -> String {
    let word = text.to_owned();
    UnknownWord { word, known }.to_string()
}

fn is_ratio(text: &str) -> bool {
    let side = |text: &str| {
        text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && text.parse::<f64>().is_ok_and(|n| n > 0.0)
    };
    text.split_once(':')
        .is_some_and(|(width, height)| side(width) && side(height))
}

fn is_color_or_empty(text: &str) -> bool {
    text.is_empty() || crate::color::is_color(text)
}

/// A value as a message shows it.
fn told(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a table".to_owned(),
        Value::String(text) if text.chars().count() > 40 => "a text".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIELDS: &[Field] = &[
        Field::needed("name", FieldKind::Text),
        Field::new("frames", FieldKind::Whole(1, 100)),
        Field::new(
            "size",
            FieldKind::Word(&[
                Word {
                    called: &["close-up"],
                    ..Word::bare("CU")
                },
                Word::bare("WS"),
            ]),
        ),
        Field::new("color", FieldKind::Color),
        Field::new("pronouns", FieldKind::Pronouns),
        Field::new("wardrobe", FieldKind::ByAct),
        Field::new("note", FieldKind::Or(&FieldKind::Text)),
        Field::new("notes", FieldKind::Free),
    ];

    fn told_of(value: Value) -> Vec<String> {
        let faults = check(&value, FIELDS);
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_right_has_no_fault() {
        let value = json!({
            "name": "x", "frames": 1, "size": "CU", "color": "", "pronouns": "she/her",
            "wardrobe": {"default": "a coat", "2": "none"}, "note": null,
            "notes": {"anything": [1, 2]}, "x_lens": {"anything": true},
        });
        assert_eq!(told_of(value), Vec::<String>::new());
    }

    #[test]
    fn a_fault_says_where_and_what_was_meant() {
        for (value, told) in [
            (
                json!({"name": "x", "size": "close up"}),
                "size: \"close up\" is not known; did you mean \"CU\"?",
            ),
            (
                json!({"name": "x", "frmaes": 2}),
                "frmaes: there is no such field; did you mean \"frames\"?",
            ),
            (
                json!({"name": "x", "frames": 0}),
                "frames: expected a whole number from 1 to 100, found 0",
            ),
            (json!({"name": "x", "frames": -3}), "found -3"),
            (json!({"name": "x", "frames": 2.5}), "found 2.5"),
            (json!({"name": "x", "frames": "72"}), "found \"72\""),
            (
                json!({"name": "x", "pronouns": "shee"}),
                "did you mean \"she\"?",
            ),
            (json!({"name": "x", "color": "blue"}), "expected a colour"),
            (
                json!({"name": "x", "wardrobe": {"defualt": "a"}}),
                "wardrobe.defualt: ",
            ),
            (
                json!({"name": "x", "wardrobe": "a red coat"}),
                "expected a table",
            ),
            (json!({}), "it has no \"name\""),
            (json!([]), "a list stands where a table is needed"),
        ] {
            let faults = told_of(value.clone());
            assert_eq!(faults.len(), 1, "{value}: {faults:?}");
            assert!(faults[0].contains(told), "{value}: {faults:?}");
        }
    }

    #[test]
    fn a_field_that_is_there_is_not_suggested() {
        let faults =
            told_of(json!({"name": "x", "nam": "y", "color": "#000000", "colour": "#ffffff"}));
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(
            faults.iter().all(|fault| !fault.contains("did you mean")),
            "{faults:?}"
        );
    }
}
