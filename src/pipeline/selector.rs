//! Selectors: names for a part of a project that a generator reads.

use std::fmt;
use std::str::FromStr;

/// A part of a project. Its text form is what an action records and what people see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Selector {
    /// `frames/012_003.png`: the file's bytes.
    File(String),
    /// `shots/012.json#/target_duration`: a value of a JSON or TOML file.
    Pointer {
        /// The file.
        path: String,
        /// RFC 6901, starting with `/`, or empty for the whole document.
        pointer: String,
    },
    /// `shots/012.json#shot=012_003`: one shot of a shot list, wherever it stands, or with a
    /// pointer after it one of its fields.
    Shot {
        /// The shot list.
        path: String,
        /// `012_003`
        shot: String,
        /// RFC 6901 within the shot; empty for all of it.
        pointer: String,
    },
    /// `shots/012.json#shots`: the ids of a shot list, in order.
    ShotIds(String),
    /// `shots/012.json#locked`: the shots of a shot list that are locked, in order; absent where
    /// none is.
    Locked(String),
    /// `script.fountain#scene=12`: that scene's elements.
    Scene {
        /// The script.
        path: String,
        /// The production number.
        number: String,
    },
    /// `script.fountain#part=NAME`: a value derived from the whole script, such as the ordered
    /// list of scenes; see [`Part`].
    Part {
        /// The script.
        path: String,
        /// Which value.
        part: Part,
    },
    /// `bible/characters/*.toml#names`: which files exist.
    Names(String),
    /// `config:film.fps`: a value of the configuration, keys joined by dots.
    Config(String),
}

/// Values that are derived from a whole script. Each is its own selector so that an edit counts
/// only where the derived value changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// `#scenes`: the ordered list of scene numbers, omitted ones left out.
    Scenes,
    /// `#cast`: who is in the film, with the names they go by.
    Cast,
    /// `#settings`: the places of the film.
    Settings,
    /// `#title`: the title page.
    Title,
    /// `#act=12`: the act that scene lies in.
    Act(String),
    /// `#before=12`: the scene before it in the script's order.
    Before(String),
    /// `#time=12`: the time of day of that scene; where its heading gives a time but none of the day
    /// (`LATER`, `SAME`), that of the nearest scene before that does.
    Time(String),
    /// `#shots=12`: the ids that the shots of that scene had so far, from `numbers.toml`.
    Shots(String),
    /// `#member=rae`: one member of the cast, with the words that introduce them.
    Member(String),
    /// `#place=kitchen`: one place, with the headings that name it.
    Place(String),
}

/// Why a text is not a selector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a selector: {text:?}: {reason}")]
pub struct ParseSelectorError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Selector {
    /// The path or glob it names; none for the configuration.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::File(path)
            | Self::Pointer { path, .. }
            | Self::Shot { path, .. }
            | Self::Scene { path, .. }
            | Self::Part { path, .. }
            | Self::ShotIds(path)
            | Self::Locked(path)
            | Self::Names(path) => Some(path),
            Self::Config(_) => None,
        }
    }
}

impl Selector {
    /// Whether what it gives follows from the content of the file that it names, and from nothing else.
    pub(super) fn is_of_file(&self) -> bool {
        match self {
            Self::File(_)
            | Self::Pointer { .. }
            | Self::Shot { .. }
            | Self::ShotIds(_)
            | Self::Locked(_) => true,
            Self::Scene { .. } | Self::Part { .. } | Self::Names(_) | Self::Config(_) => false,
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.write_str(path),
            Self::Pointer { path, pointer } => write!(f, "{path}#{pointer}"),
            Self::Shot {
                path,
                shot,
                pointer,
            } => write!(f, "{path}#shot={shot}{pointer}"),
            Self::Scene { path, number } => write!(f, "{path}#scene={number}"),
            Self::Part { path, part } => write!(f, "{path}#{part}"),
            Self::ShotIds(path) => write!(f, "{path}#shots"),
            Self::Locked(path) => write!(f, "{path}#locked"),
            Self::Names(glob) => write!(f, "{glob}#names"),
            Self::Config(key) => write!(f, "config:{key}"),
        }
    }
}

impl Part {
    /// Whether it depends on who is in the film.
    pub(super) fn is_of_cast(&self) -> bool {
        matches!(
            self,
            Self::Cast | Self::Member(_) | Self::Settings | Self::Place(_)
        )
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scenes => f.write_str("scenes"),
            Self::Cast => f.write_str("cast"),
            Self::Settings => f.write_str("settings"),
            Self::Title => f.write_str("title"),
            Self::Act(scene) => write!(f, "act={scene}"),
            Self::Before(scene) => write!(f, "before={scene}"),
            Self::Time(scene) => write!(f, "time={scene}"),
            Self::Shots(scene) => write!(f, "shots={scene}"),
            Self::Member(slug) => write!(f, "member={slug}"),
            Self::Place(slug) => write!(f, "place={slug}"),
        }
    }
}

impl FromStr for Selector {
    type Err = ParseSelectorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |reason| {
            Err(ParseSelectorError {
                text: text.to_owned(),
                reason,
            })
        };
        if let Some(key) = text.strip_prefix("config:") {
            return if key.is_empty() {
                refuse("no key")
            } else {
                Ok(Self::Config(key.into()))
            };
        }
        let Some((path, fragment)) = text.split_once('#') else {
            return if text.is_empty() {
                refuse("it is empty")
            } else {
                Ok(Self::File(text.into()))
            };
        };
        if path.is_empty() {
            return refuse("no path before `#`");
        }
        let path = path.to_owned();
        if fragment.is_empty() || fragment.starts_with('/') {
            return Ok(Self::Pointer {
                path,
                pointer: fragment.to_owned(),
            });
        }
        if fragment == "names" {
            return Ok(Self::Names(path));
        }
        let (name, value) = fragment.split_once('=').unwrap_or((fragment, ""));
        let part = match (name, value.is_empty()) {
            ("scene", false) => {
                return Ok(Self::Scene {
                    path,
                    number: value.into(),
                });
            }
            ("shot", false) => {
                let end = value.find('/').unwrap_or(value.len());
                let (shot, pointer) = value.split_at(end);
                return Ok(Self::Shot {
                    path,
                    shot: shot.into(),
                    pointer: pointer.into(),
                });
            }
            ("shots", true) => return Ok(Self::ShotIds(path)),
            ("locked", true) => return Ok(Self::Locked(path)),
            ("scenes", true) => Part::Scenes,
            ("cast", true) => Part::Cast,
            ("settings", true) => Part::Settings,
            ("title", true) => Part::Title,
            ("act", false) => Part::Act(value.into()),
            ("before", false) => Part::Before(value.into()),
            ("time", false) => Part::Time(value.into()),
            ("shots", false) => Part::Shots(value.into()),
            ("member", false) => Part::Member(value.into()),
            ("place", false) => Part::Place(value.into()),
            _ => return refuse("unknown part after `#`"),
        };
        Ok(Self::Part { path, part })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_back_from_its_text() {
        for text in [
            "frames/012_003.png",
            "shots/012.json#",
            "shots/012.json#/target_duration",
            "shots/012.json#shot=012_003",
            "shots/012.json#shot=012_003/dialogue_text",
            "shots/012.json#shots",
            "shots/012.json#locked",
            "script.fountain#scene=12A",
            "script.fountain#scenes",
            "script.fountain#cast",
            "script.fountain#act=A12",
            "script.fountain#before=12",
            "script.fountain#time=12",
            "script.fountain#shots=12",
            "bible/characters/*.toml#names",
            "config:film.fps",
        ] {
            let selector: Selector = text.parse().expect(text);
            assert_eq!(selector.to_string(), text);
        }
    }

    #[test]
    fn what_is_not_a_selector_says_why() {
        for text in [
            "",
            "#scenes",
            "config:",
            "a#scene=",
            "a#scenes=3",
            "a#nothing",
        ] {
            assert!(text.parse::<Selector>().is_err(), "{text:?}");
        }
    }
}
