//! The files of `bible/`. Every field may be left out; one that is not known is a fault that names
//! it, so that a misspelt field is never silently without effect. `notes`, and keys that begin with
//! `x_`, are people's own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use toml::de::Error as TomlError;

use crate::words::{TimeOfDay, Vocabulary as _};
use crate::written::{self, Fault, Field, FieldKind, Step, WordField};

/// `bible/characters/NAME.toml`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CharacterRecord {
    /// The name as people read it; else the script's.
    pub name: String,
    /// Other names the script uses for the same person.
    pub aliases: Vec<String>,
    /// `he`, `she`, `they` or `it`; empty: found from the script.
    pub pronouns: String,
    /// What the body and face look like.
    pub physical: String,
    /// Clothes by act: `"1" = "…"`; `default` for the acts not named.
    pub wardrobe: BTreeMap<String, String>,
    /// What one remembers: a gesture, a scar, a prop.
    pub signature: String,
    /// The scratch voice.
    pub voice: VoiceRecord,
    /// For the portrait; else made from `physical` and the wardrobe.
    pub portrait_prompt: String,
    /// Reference images, as paths in the project.
    pub references: Vec<String>,
    /// `#rrggbb` of the figure in storyboard panels.
    pub color: String,
}

/// A character's voice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VoiceRecord {
    /// In words, for actors and voice providers.
    pub description: String,
    /// espeak-ng voice with its variant, `en-us+f3`; empty: chosen from the name.
    pub name: String,
    /// 0 to 99.
    pub pitch: Option<u32>,
    /// Words a minute, 80 to 450.
    pub speed: Option<u32>,
}

/// `bible/locations/NAME.toml`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LocationRecord {
    /// The name as people read it; else the heading's.
    pub name: String,
    /// What it looks like.
    pub description: String,
    /// What changes with the time of day: `night = "…"`.
    pub time: BTreeMap<String, String>,
    /// `#rrggbb`: sky or wall, ground, accents.
    pub palette: Vec<String>,
    /// How it feels.
    pub mood: String,
    /// For every picture of the place; else made from `description`.
    pub base_prompt: String,
    /// What it sounds like.
    pub ambient: String,
    /// Reference images, as paths in the project.
    pub references: Vec<String>,
}

/// `bible/style.toml`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StyleRecord {
    /// `bittersweet, larger than life`
    pub tone: String,
    /// Colours in words or `#rrggbb`.
    pub palette: Vec<String>,
    /// `soft, low sun`
    pub lighting: String,
    /// `fine 35mm grain`
    pub grain: String,
    /// `anamorphic, 27mm, 40mm and 75mm`: focal lengths in it limit the shot engine's choice.
    pub lens: String,
    /// Films, painters, or image paths in the project.
    pub references: Vec<String>,
    /// What must never be seen.
    pub do_not: Vec<String>,
}

const CHARACTER: &[Field] = &[
    Field::new("name", FieldKind::Text),
    Field::new("aliases", FieldKind::Texts),
    Field::new("pronouns", FieldKind::Pronouns),
    Field::new("physical", FieldKind::Text),
    Field::new("wardrobe", FieldKind::ByAct),
    Field::new("signature", FieldKind::Text),
    Field::new("voice", FieldKind::Table(VOICE)),
    Field::new("portrait_prompt", FieldKind::Text),
    Field::new("references", FieldKind::Texts),
    Field::new("color", FieldKind::Color),
    Field::new("notes", FieldKind::Free),
];

const VOICE: &[Field] = &[
    Field::new("description", FieldKind::Text),
    Field::new("name", FieldKind::Text),
    Field::new("pitch", FieldKind::Whole(0, 99)),
    Field::new("speed", FieldKind::Whole(80, 450)),
];

const LOCATION: &[Field] = &[
    Field::new("name", FieldKind::Text),
    Field::new("description", FieldKind::Text),
    Field::new("time", FieldKind::By(TimeOfDay::WORDS)),
    Field::new("palette", FieldKind::Palette),
    Field::new("mood", FieldKind::Text),
    Field::new("base_prompt", FieldKind::Text),
    Field::new("ambient", FieldKind::Text),
    Field::new("references", FieldKind::Texts),
    Field::new("notes", FieldKind::Free),
];

const STYLE: &[Field] = &[
    Field::new("tone", FieldKind::Text),
    Field::new("palette", FieldKind::Texts),
    Field::new("lighting", FieldKind::Text),
    Field::new("grain", FieldKind::Text),
    Field::new("lens", FieldKind::Text),
    Field::new("references", FieldKind::Texts),
    Field::new("do_not", FieldKind::Texts),
    Field::new("notes", FieldKind::Free),
];

/// Why a text is no such file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It is no TOML, or a value has another type.
    #[error(transparent)]
    Form(#[from] TomlError),
    /// A field is not as it should be: the first one.
    #[error("{0}")]
    Field(Fault),
}

macro_rules! record {
    ($($record:ty: $fields:ident),*) => {$(
        impl $record {
            /// What is wrong with such a file, if anything.
            #[must_use]
            pub fn check(value: &Value) -> Vec<Fault> {
                written::check(value, $fields)
            }

            /// Reads the TOML of such a file.
            ///
            /// # Errors
            /// `Form` where it is no TOML, `Field` with what is wrong with which field.
            pub fn parse(text: &str) -> Result<Self, RecordError> {
                let table: toml::Table = text.parse()?;
                let value = serde_json::to_value(table).expect("JSON has all that TOML has");
                match Self::check(&value).into_iter().next() {
                    Some(fault) => Err(RecordError::Field(fault)),
                    None => Ok(toml::from_str(text)?),
                }
            }
        }
    )*};
}
record!(CharacterRecord: CHARACTER, LocationRecord: LOCATION, StyleRecord: STYLE);

/// The fields of a character's file that hold words of a list.
#[must_use]
pub fn character_words() -> Vec<WordField> {
    written::word_fields(CHARACTER)
}

/// The same of a location's file: keys of its table of times.
#[must_use]
pub fn location_words() -> Vec<WordField> {
    written::word_fields(LOCATION)
}

impl CharacterRecord {
    /// The fields that the cast is made from.
    pub const CAST: [&str; 3] = ["name", "aliases", "pronouns"];

    /// Of the record what the cast is made from: names and pronouns.
    ///
    /// # Errors
    /// What is wrong with one of these, wherever else something may be wrong.
    pub fn for_cast(value: &Value) -> Result<Self, Fault> {
        let counts = |key: &str| Self::CAST.contains(&key);
        let fault = Self::check(value).into_iter().find(|fault| {
            let first = fault.path.first();
            first.is_none_or(|step| matches!(step, Step::Key(key) if counts(key)))
        });
        if let Some(fault) = fault {
            return Err(fault);
        }
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let aliases = value.get("aliases").and_then(Value::as_array);
        let aliases = aliases.into_iter().flatten().filter_map(Value::as_str);
        Ok(Self {
            name: text("name").to_owned(),
            aliases: aliases.map(str::to_owned).collect(),
            pronouns: text("pronouns").to_owned(),
            ..Self::default()
        })
    }
}

impl LocationRecord {
    /// What it looks like, in the words for pictures if there are any.
    #[must_use]
    pub fn look(&self) -> &str {
        match self.base_prompt.trim() {
            "" => &self.description,
            own => own,
        }
    }

    /// Takes over what it does not say itself from the place that it lies in.
    pub fn within(&mut self, outer: &Self) {
        if self.look().trim().is_empty() {
            self.description.clone_from(&outer.description);
            self.base_prompt.clone_from(&outer.base_prompt);
        }
        for (own, outer) in [
            (&mut self.mood, &outer.mood),
            (&mut self.ambient, &outer.ambient),
        ] {
            if own.trim().is_empty() {
                own.clone_from(outer);
            }
        }
        for (own, outer) in [
            (&mut self.palette, &outer.palette),
            (&mut self.references, &outer.references),
        ] {
            if own.is_empty() {
                own.clone_from(outer);
            }
        }
        for (time, light) in &outer.time {
            let own = self.time.entry(time.clone()).or_default();
            if own.trim().is_empty() {
                own.clone_from(light);
            }
        }
    }
}

impl StyleRecord {
    /// The focal lengths that `lens` names, in millimetres, ascending: `27mm` and `27 mm`.
    pub fn focal_lengths(&self) -> Vec<u32> {
        let lower = self.lens.to_lowercase();
        let mut found = Vec::new();
        for (at, _) in lower.match_indices("mm") {
            let digits: String = lower[..at]
                .trim_end()
                .chars()
                .rev()
                .take_while(char::is_ascii_digit)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            found.extend(
                digits
                    .parse::<u32>()
                    .ok()
                    .filter(|mm| (8..=600).contains(mm)),
            );
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_field_is_named() {
        let error = CharacterRecord::parse("physcal = 'tall'")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("physcal") && error.contains("physical"),
            "{error}"
        );
    }

    #[test]
    fn every_slip_is_a_fault_and_notes_are_none() {
        let faults = |text: &str| -> Vec<String> {
            let value = serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap();
            let faults = CharacterRecord::check(&value);
            faults.iter().map(ToString::to_string).collect()
        };
        for (text, told) in [
            (
                "pronoun = 'she'",
                "pronoun: there is no such field; did you mean \"pronouns\"?",
            ),
            (
                "pronouns = 'shee'",
                "pronouns: \"shee\" is not known; did you mean \"she\"?",
            ),
            (
                "[voice]\nspeed = 900",
                "voice.speed: expected a whole number from 80 to 450",
            ),
            (
                "[voice]\nptich = 20",
                "voice.ptich: there is no such field; did you mean \"pitch\"?",
            ),
            ("aliases = 'Mum'", "aliases: expected a list of texts"),
        ] {
            let faults = faults(text);
            assert!(
                faults.len() == 1 && faults[0].starts_with(told),
                "{text}: {faults:?}"
            );
        }
        for text in [
            "notes = 'tall'",
            "[notes]\nborn = 1960",
            "x_actor = 'open'",
            "pronouns = 'she/her'",
        ] {
            assert_eq!(faults(text), Vec::<String>::new(), "{text}");
        }
        let value = serde_json::json!({"pronoun": "she", "aliases": ["Mum"], "physcal": "tall"});
        assert_eq!(
            CharacterRecord::for_cast(&value).map(|record| record.aliases),
            Ok(vec!["Mum".to_owned()])
        );
        assert!(CharacterRecord::for_cast(&serde_json::json!({"pronouns": 3})).is_err());
    }

    #[test]
    fn a_time_of_day_that_nobody_knows_is_a_fault() {
        let error = LocationRecord::parse("[time]\nnigth = 'a bulb'")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("time.nigth") && error.contains("did you mean \"night\"?"),
            "{error}"
        );
        let own = LocationRecord::parse("[time]\nx_storm = 'a lamp'\nnight = 'a bulb'").unwrap();
        assert_eq!(own.time["night"], "a bulb");
    }

    #[test]
    fn fields_may_be_left_out() {
        let record =
            CharacterRecord::parse("physical = 'tall'\n[wardrobe]\n1 = 'red coat'").unwrap();
        assert_eq!(record.physical, "tall");
        assert_eq!(record.wardrobe["1"], "red coat");
        assert_eq!(record.voice, VoiceRecord::default());
    }

    #[test]
    fn a_place_takes_over_what_it_does_not_say_from_where_it_lies() {
        let outer = LocationRecord::parse(
            "description = 'white boards'\nmood = 'calm'\npalette = ['#000000', '#111111', '#222222']\n[time]\nnight = 'a lamp'\nday = 'sun'",
        )
        .unwrap();
        let mut own =
            LocationRecord::parse("mood = 'tense'\n[time]\nnight = ''\nday = 'dim'").unwrap();
        own.within(&outer);
        assert_eq!((own.look(), own.mood.as_str()), ("white boards", "tense"));
        assert_eq!(
            (own.time["night"].as_str(), own.time["day"].as_str()),
            ("a lamp", "dim")
        );
        assert_eq!(own.palette.len(), 3);
        let mut told = LocationRecord::parse("description = 'chipped tiles'").unwrap();
        told.within(&LocationRecord::parse("base_prompt = 'a white house'").unwrap());
        assert_eq!(told.look(), "chipped tiles");
    }

    #[test]
    fn the_lens_kit_is_read_out_of_the_words() {
        let style = StyleRecord {
            lens: "anamorphic, 75mm, 40 mm and 27mm".into(),
            ..Default::default()
        };
        assert_eq!(style.focal_lengths(), [27, 40, 75]);
    }
}
