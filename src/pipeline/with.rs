//! What a stage tells its generator in `with`.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer};

use super::reader::Reader;

/// Something that a built-in generator can be told. A command can be told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Its key in `with`.
    pub name: &'static str,
    /// What it may be.
    pub may: May,
}

/// What may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// One of these words; the first is what holds where nothing is said.
    Words(&'static [&'static str]),
    /// A whole number, from the least to the most.
    Whole(u32, u32),
    /// Numbers of scenes, and from which to which; all where nothing is said.
    Scenes,
}

impl Told {
    /// Something that is so unless it is told otherwise.
    #[must_use]
    pub const fn yes(name: &'static str) -> Self {
        Self::words(name, &["true", "false"])
    }

    /// Something that is one of a few words.
    #[must_use]
    pub const fn words(name: &'static str, words: &'static [&'static str]) -> Self {
        let may = May::Words(words);
        Self { name, may }
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(name: &'static str, least: u32, most: u32) -> Self {
        let may = May::Whole(least, most);
        Self { name, may }
    }

    /// Some scenes of the film.
    #[must_use]
    pub const fn scenes(name: &'static str) -> Self {
        let may = May::Scenes;
        Self { name, may }
    }

    /// Whether it may be this.
    #[must_use]
    pub fn takes(&self, value: &str) -> bool {
        match self.may {
            May::Words(words) => words.contains(&value),
            May::Whole(least, most) => {
                let number = value.parse::<u32>();
                number.is_ok_and(|number| (least..=most).contains(&number))
            }
            // Which scenes there are, the script says.
            May::Scenes => value.contains(|c: char| c.is_alphanumeric()),
        }
    }

    /// What it may be, in words.
    #[must_use]
    pub fn known(&self) -> String {
        match self.may {
            May::Words(words) => words.join(" or "),
            May::Whole(least, most) => format!("a whole number from {least} to {most}"),
            May::Scenes => "numbers of scenes, as \"1-3, 12A\"".to_owned(),
        }
    }

    /// What the stage of `reader` says, or else what holds where nothing is said.
    #[must_use]
    pub fn of<'a>(&self, reader: &Reader<'a>) -> &'a str {
        let said = reader.stage().with.get(self.name);
        let unsaid = match self.may {
            May::Words(words) => words.first().copied().unwrap_or_default(),
            May::Whole(..) | May::Scenes => "",
        };
        said.map_or(unsaid, String::as_str)
    }

    /// Whether the stage of `reader` says yes to it.
    #[must_use]
    pub fn is_on(&self, reader: &Reader<'_>) -> bool {
        self.of(reader) == "true"
    }
}

/// Reads values as texts, however TOML has them: `false` is `"false"` and `3` is `"3"`.
pub(super) fn texts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(
        untagged,
        expecting = "a value of with is a text, a whole number, true or false"
    )]
    enum Text {
        Said(String),
        Bool(bool),
        Whole(i64),
    }
    let values = BTreeMap::<String, Text>::deserialize(deserializer)?;
    let text = |value| match value {
        Text::Said(text) => text,
        Text::Bool(value) => value.to_string(),
        Text::Whole(value) => value.to_string(),
    };
    let values = values.into_iter();
    Ok(values.map(|(name, value)| (name, text(value))).collect())
}

#[cfg(test)]
mod tests {
    use toml::Table;

    use crate::pipeline::Pipeline;

    #[test]
    fn values_are_texts_however_they_are_written() {
        let with = |text: &str| {
            let table: Table = format!("[frames]\nwith = {text}").parse().expect("TOML");
            Pipeline::new(&table).map(|film| film.stage("frames").expect("frames").with.clone())
        };
        let read = with("{ slate = false, size = 3, look = \"ink\" }").expect("read");
        let read: Vec<_> = read.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(read, [("look", "ink"), ("size", "3"), ("slate", "false")]);
        for wrong in ["{ size = 0.5 }", "{ size = [1] }", "{ a = { b = 1 } }"] {
            let told = with(wrong).expect_err(wrong).to_string();
            assert!(told.contains("a text, a whole number"), "{told}");
        }
    }
}
