//! Every setting there is: one row a key.

use super::suggest::nearest;

/// Whose file a setting lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// `aiut.toml`: the film's, shared with the team.
    Project,
    /// The user's own, on this machine.
    User,
}

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text but the empty one.
    Text,
    /// A whole number within both bounds.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
        /// It is a multiple of this.
        step: i64,
    },
    /// `16:9`, `2.39:1`
    Aspect,
    /// An amount in US dollars, kept in micro-dollars.
    Dollars,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// Named tables, `[stage.NAME]`, whose keys the room that uses them checks.
    Tables,
    /// Named prices, `NAME = { per = "image", usd = 0.05 }`.
    Prices,
    /// Names of environment variables.
    Variables,
    /// Whatever the room that uses it takes.
    Anything,
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// `film.fps`; `stage.*` for a section whose keys are free.
    pub name: &'static str,
    /// Where it lives.
    pub layer: Layer,
    /// What it holds.
    pub kind: Kind,
    /// Value when nobody set one, as TOML; empty when there is none.
    pub default: &'static str,
    /// One line for `aiut config --list`.
    pub about: &'static str,
}

/// Largest side of a frame in pixels: what H.264 level 6.2 decoders take. Sides are even, since
/// 4:2:0 colour halves both.
const MAX_SIDE: i64 = 16_384;

const fn key(
    name: &'static str,
    layer: Layer,
    kind: Kind,
    default: &'static str,
    about: &'static str,
) -> Key {
    Key {
        name,
        layer,
        kind,
        default,
        about,
    }
}

/// All settings, in the order they are listed.
pub const KEYS: &[Key] = &[
    key(
        "film.title",
        Layer::Project,
        Kind::Text,
        "\"Untitled\"",
        "Title of the film",
    ),
    key(
        "film.fps",
        Layer::Project,
        Kind::Integer {
            min: 1,
            max: 240,
            step: 1,
        },
        "24",
        "Frames a second, of everything that is made",
    ),
    key(
        "film.width",
        Layer::Project,
        Kind::Integer {
            min: 16,
            max: MAX_SIDE,
            step: 2,
        },
        "1280",
        "Width of a frame in pixels, even",
    ),
    key(
        "film.height",
        Layer::Project,
        Kind::Integer {
            min: 16,
            max: MAX_SIDE,
            step: 2,
        },
        "720",
        "Height of a frame in pixels, even",
    ),
    key(
        "film.aspect",
        Layer::Project,
        Kind::Aspect,
        "",
        "Aspect ratio that prompts ask for; width to height when not set",
    ),
    key(
        "stage.*",
        Layer::Project,
        Kind::Tables,
        "",
        "A stage of the pipeline: a changed or a new one",
    ),
    key(
        "price.*",
        Layer::Project,
        Kind::Prices,
        "",
        "What a generator costs: { per, usd }",
    ),
    key(
        "budget.run",
        Layer::Project,
        Kind::Dollars,
        "",
        "Most that one run may spend, in US dollars",
    ),
    key(
        "budget.day",
        Layer::Project,
        Kind::Dollars,
        "",
        "Most that one day may spend, in US dollars",
    ),
    key(
        "budget.project",
        Layer::Project,
        Kind::Dollars,
        "",
        "Most that the whole project may spend, in US dollars",
    ),
    key(
        "engine.*",
        Layer::Project,
        Kind::Anything,
        "",
        "Rules of the shot engine",
    ),
    key(
        "author.name",
        Layer::User,
        Kind::Text,
        "",
        "Name on your commits",
    ),
    key(
        "author.email",
        Layer::User,
        Kind::Text,
        "",
        "Address on your commits",
    ),
    key(
        "ui.color",
        Layer::User,
        Kind::Choice(&["auto", "always", "never"]),
        "\"auto\"",
        "When to colour: auto, always, never",
    ),
    key(
        "ui.pager",
        Layer::User,
        Kind::Text,
        "",
        "Program that long output is read in",
    ),
    key(
        "ui.editor",
        Layer::User,
        Kind::Text,
        "",
        "Program that messages are written in",
    ),
    key(
        "command.environment",
        Layer::User,
        Kind::Variables,
        "[]",
        "Variables that trusted commands of projects get",
    ),
];

impl Key {
    /// Whether `name` is this key, or lies in this free section.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        match self.name.strip_suffix('*') {
            Some(section) => name
                .strip_prefix(section)
                .is_some_and(|rest| !rest.is_empty()),
            None => self.name == name,
        }
    }

    /// `film` of `film.fps`.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.name.split('.').next().unwrap_or(self.name)
    }
}

/// The key that `name` falls under.
///
/// # Errors
/// The nearest existing name, when one is near.
pub fn find_key(name: &str) -> Result<&'static Key, Option<String>> {
    KEYS.iter()
        .find(|key| key.covers(name))
        .ok_or_else(|| nearest(name, fixed_names()).map(str::to_owned))
}

/// The names that are written out whole: what can be offered for a slip.
pub(super) fn fixed_names() -> impl Iterator<Item = &'static str> {
    KEYS.iter()
        .map(|key| key.name)
        .filter(|name| !name.ends_with('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_sections_cover_whatever_lies_in_them() {
        assert_eq!(
            find_key("stage.frames.reads").map(|key| key.name),
            Ok("stage.*")
        );
        assert_eq!(find_key("film.fps").map(|key| key.name), Ok("film.fps"));
        assert_eq!(
            find_key("film.fsp").map(|key| key.name),
            Err(Some("film.fps".to_owned()))
        );
        assert!(find_key("stage.").is_err());
    }
}
