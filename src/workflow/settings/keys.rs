//! Every setting there is: one row a key.

use crate::base::nearest::nearest;

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
pub enum SettingKind {
    /// Any text but the empty one.
    Text,
    /// A name or an address that can stand in a commit: one line, without `<` and `>`.
    Person,
    /// A whole number within both bounds.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
        /// It is a multiple of this.
        step: i64,
    },
    /// Frames a second: `24`, `23.976`, `"24000/1001"`
    Rate,
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
    pub kind: SettingKind,
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
    kind: SettingKind,
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
        SettingKind::Text,
        "\"Untitled\"",
        "Title of the film",
    ),
    key(
        "film.fps",
        Layer::Project,
        SettingKind::Rate,
        "24",
        "Frames a second, of everything that is made",
    ),
    key(
        "film.width",
        Layer::Project,
        SettingKind::Integer {
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
        SettingKind::Integer {
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
        SettingKind::Aspect,
        "",
        "Aspect ratio that prompts ask for; width to height when not set",
    ),
    key(
        "stage.*",
        Layer::Project,
        SettingKind::Tables,
        "",
        "A stage of the pipeline: a changed or a new one",
    ),
    key(
        "price.*",
        Layer::Project,
        SettingKind::Prices,
        "",
        "What a generator costs: { per, usd }",
    ),
    key(
        "budget.run",
        Layer::Project,
        SettingKind::Dollars,
        "",
        "Most that one run may spend, in US dollars",
    ),
    key(
        "budget.day",
        Layer::Project,
        SettingKind::Dollars,
        "",
        "Most that one day may spend, in US dollars",
    ),
    key(
        "budget.project",
        Layer::Project,
        SettingKind::Dollars,
        "",
        "Most that the whole project may spend, in US dollars",
    ),
    key(
        "engine.*",
        Layer::Project,
        SettingKind::Anything,
        "",
        "Rules of the shot engine",
    ),
    key(
        "headings.*",
        Layer::Project,
        SettingKind::Anything,
        "",
        "Words of scene headings, beside the built-in ones",
    ),
    key(
        "author.name",
        Layer::User,
        SettingKind::Person,
        "",
        "Name on your commits",
    ),
    key(
        "author.email",
        Layer::User,
        SettingKind::Person,
        "",
        "Address on your commits",
    ),
    key(
        "ui.color",
        Layer::User,
        SettingKind::Choice(&["auto", "always", "never"]),
        "\"auto\"",
        "When to colour: auto, always, never",
    ),
    key(
        "ui.pager",
        Layer::User,
        SettingKind::Text,
        "",
        "Program that long output is read in",
    ),
    key(
        "ui.editor",
        Layer::User,
        SettingKind::Text,
        "",
        "Program that messages are written in",
    ),
    key(
        "ui.opener",
        Layer::User,
        SettingKind::Text,
        "",
        "Program that `aiut open` shows files with; the system's when not set",
    ),
    key(
        "ui.player",
        Layer::User,
        SettingKind::Text,
        "",
        "Program that `aiut play` plays clips with; that of `aiut open` when not set",
    ),
    key(
        "ui.merge_tool",
        Layer::User,
        SettingKind::Text,
        "",
        "Program that `aiut resolve --tool` settles conflicts with",
    ),
    key(
        "command.environment",
        Layer::User,
        SettingKind::Variables,
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
/// What was probably meant, as a hint, when that is known.
pub fn find_key(name: &str) -> Result<&'static Key, Option<String>> {
    let found = KEYS.iter().find(|key| key.covers(name));
    found.ok_or_else(|| meant(name, KEYS.iter()))
}

/// A hint for a name that none of these keys covers: what is in the section of that name, or the
/// nearest key or section.
pub(super) fn meant<'k>(name: &str, keys: impl Iterator<Item = &'k Key> + Clone) -> Option<String> {
    let (section, rest) = name.split_once('.').unwrap_or((name, ""));
    let inside: Vec<&str> = keys
        .clone()
        .filter(|key| rest.is_empty() && key.section() == section)
        .map(|key| key.name)
        .collect();
    match inside.as_slice() {
        [] => {}
        ["stage.*"] => {
            return Some("name a stage and what of it, as in stage.frames.by".to_owned());
        }
        ["price.*"] => return Some("name a generator, as in price.my-model".to_owned()),
        ["engine.*"] => return Some("name a rule, as in engine.pacing".to_owned()),
        ["headings.*"] => return Some("name a list, as in headings.interior".to_owned()),
        names => return Some(format!("it has {}", names.join(", "))),
    }
    let fixed = keys.clone().filter(|key| !key.name.ends_with('*'));
    let near = match rest {
        // A key that forgot its section.
        "" => {
            let mut words = fixed.flat_map(|key| {
                let last = key.name.rsplit('.').next().unwrap_or(key.name);
                [(last, key.name), (key.section(), key.section())]
            });
            let all: Vec<(&str, &str)> = words.by_ref().collect();
            let near = nearest(name, all.iter().map(|(word, _)| *word));
            let near = near.and_then(|near| all.iter().find(|(word, _)| *word == near));
            near.map(|(_, full)| (*full).to_owned())
        }
        _ => nearest(name, fixed.map(|key| key.name)).map(str::to_owned),
    };
    let free = || {
        let sections = keys.filter(|key| key.name.ends_with('*')).map(Key::section);
        nearest(section, sections).map(|section| match rest {
            "" => section.to_owned(),
            rest => format!("{section}.{rest}"),
        })
    };
    near.or_else(free)
        .map(|name| format!("did you mean {name}?"))
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
        assert!(find_key("stage.").is_err());
    }

    #[test]
    fn what_was_meant_is_offered() {
        for (name, hint) in [
            ("film.fsp", "did you mean film.fps?"),
            ("fps", "did you mean film.fps?"),
            ("FPS", "did you mean film.fps?"),
            ("flim", "did you mean film?"),
            ("flim.fps", "did you mean film.fps?"),
            ("name", "did you mean author.name?"),
            ("stag.frames.by", "did you mean stage.frames.by?"),
            ("stages.frames.by", "did you mean stage.frames.by?"),
            ("budget", "it has budget.run, budget.day, budget.project"),
            (
                "stage",
                "name a stage and what of it, as in stage.frames.by",
            ),
        ] {
            let told = find_key(name).map(|key| key.name);
            assert_eq!(told, Err(Some(hint.to_owned())), "{name}");
        }
        assert_eq!(find_key("zzz").map(|key| key.name), Err(None));
    }
}
