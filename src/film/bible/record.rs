//! The files of `bible/`. Every field may be left out; one that is not known is an error that names
//! it, so that a misspelt field is never silently without effect.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `bible/characters/NAME.toml`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
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
#[serde(deny_unknown_fields, default)]
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
#[serde(deny_unknown_fields, default)]
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
#[serde(deny_unknown_fields, default)]
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

macro_rules! parse {
    ($($record:ty),*) => {$(
        impl $record {
            /// Reads the TOML of such a file.
            ///
            /// # Errors
            /// Says line, column and field of what is wrong.
            pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
                toml::from_str(text)
            }
        }
    )*};
}
parse!(CharacterRecord, LocationRecord, StyleRecord);

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
    fn fields_may_be_left_out() {
        let record =
            CharacterRecord::parse("physical = 'tall'\n[wardrobe]\n1 = 'red coat'").unwrap();
        assert_eq!(record.physical, "tall");
        assert_eq!(record.wardrobe["1"], "red coat");
        assert_eq!(record.voice, VoiceRecord::default());
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
