//! What a stage tells its generator in `with`.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer};

use super::reader::Reader;

/// Something that a built-in generator can be told. A command can be told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Its key in `with`.
    pub name: &'static str,
    /// What it may be, as text; the first is what holds where nothing is said.
    pub words: &'static [&'static str],
    /// The least and the most, for a whole number.
    pub whole: Option<(u32, u32)>,
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
        let whole = None;
        Self { name, words, whole }
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(name: &'static str, least: u32, most: u32) -> Self {
        Self {
            name,
            words: &[],
            whole: Some((least, most)),
        }
    }

    /// Whether it may be this.
    #[must_use]
    pub fn takes(&self, value: &str) -> bool {
        let number = || value.parse::<u32>().ok();
        let (least, most) = match self.whole {
            None => return self.words.contains(&value),
            Some(range) => range,
        };
        number().is_some_and(|number| (least..=most).contains(&number))
    }

    /// What it may be, in words.
    #[must_use]
    pub fn known(&self) -> String {
        match self.whole {
            None => self.words.join(" or "),
            Some((least, most)) => format!("a whole number from {least} to {most}"),
        }
    }

    /// What the stage of `reader` says, or else what holds where nothing is said.
    #[must_use]
    pub fn of<'a>(&self, reader: &Reader<'a>) -> &'a str {
        let said = reader.stage().with.get(self.name);
        said.map_or(self.words[0], String::as_str)
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
