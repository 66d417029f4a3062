//! What can be wrong with a settings file or with a change to one.

use std::fmt;
use std::path::PathBuf;

use super::keys::Layer;
use crate::base::causes::with_causes;

/// A place in a text file, both numbers from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl Position {
    /// Where this byte of the text lies.
    #[must_use]
    pub fn of(text: &str, byte: usize) -> Self {
        let mut end = byte.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        Self {
            line,
            column: before[start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why settings cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is there and cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The settings file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write {}", path.display())]
    Unwritable {
        /// The settings file.
        path: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
    /// Not TOML.
    #[error("{}, {position}: {message}", path.display())]
    Syntax {
        /// The settings file.
        path: PathBuf,
        /// Where the reader gave up.
        position: Position,
        /// What it expected.
        message: String,
    },
    /// TOML, but a key or value that means nothing here.
    #[error("{}, {position}: {key}: {problem}", path.display())]
    Invalid {
        /// The settings file.
        path: PathBuf,
        /// The key in the file.
        position: Position,
        /// Its full dotted name.
        key: String,
        /// What is wrong.
        problem: String,
        /// The key that was probably meant, or what to do instead.
        hint: Option<String>,
    },
    /// `aiut config` was given a key that does not exist.
    #[error("no such setting: {key}")]
    UnknownKey {
        /// As it was typed.
        key: String,
        /// What exists, or the nearest of it.
        suggestion: Option<String>,
    },
    /// `aiut config` was given a value that the key does not take.
    #[error("{key}: {problem}")]
    BadValue {
        /// The key.
        key: String,
        /// What is wrong with the value.
        problem: String,
        /// What it takes, when that is known.
        hint: Option<String>,
    },
    /// There is nothing to take out.
    #[error("{key} is not set")]
    NotSet {
        /// The key.
        key: String,
    },
    /// A setting was looked for in the file where it does not belong.
    #[error("{key} is {}", match layer {
        Layer::Project => "a setting of the project, not of the user",
        Layer::User => "a setting of the user, which a project does not make",
    })]
    OtherLayer {
        /// The key.
        key: String,
        /// Where it belongs.
        layer: Layer,
    },
    /// The file that a setting belongs in has no place.
    #[error("{}", match layer {
        Layer::Project => "this is a setting of a project, and there is none here",
        Layer::User => "neither HOME nor XDG_CONFIG_HOME says where your settings are",
    })]
    NoFile {
        /// Whose file.
        layer: Layer,
    },
}

impl SettingsError {
    /// Whether the system refused to read the file, so that nobody knows what it says.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Unreadable { source, .. }
            if source.kind() != std::io::ErrorKind::InvalidData)
    }

    /// Where in its file it lies, where it lies in one.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Syntax { position, .. } | Self::Invalid { position, .. } => Some(*position),
            _ => None,
        }
    }

    /// What is wrong, without the file and the place.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Syntax { message, .. } => message.clone(),
            Self::Invalid { key, problem, .. } => format!("{key}: {problem}"),
            Self::Unreadable { source, .. } => source.to_string(),
            other => with_causes(other),
        }
    }

    /// What the user may want to do about it, when that is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Invalid { hint, .. } | Self::BadValue { hint, .. } => hint.clone(),
            Self::UnknownKey {
                suggestion: Some(suggestion),
                ..
            } => Some(suggestion.clone()),
            Self::UnknownKey {
                suggestion: None, ..
            } => Some("`aiut config --list` lists all settings".to_owned()),
            Self::NoFile {
                layer: Layer::Project,
            } => Some("`aiut init` makes a project in this folder".to_owned()),
            Self::OtherLayer { layer, .. } => Some(match layer {
                Layer::Project => "leave out --user".to_owned(),
                Layer::User => "leave out --project".to_owned(),
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_lines_and_characters_from_one() {
        let text = "a = 1\né = \"x\"\n";
        assert_eq!(Position::of(text, 0), Position { line: 1, column: 1 });
        let x = text.find('x').expect("it is there");
        assert_eq!(Position::of(text, x), Position { line: 2, column: 6 });
        assert_eq!(Position::of(text, 999), Position { line: 3, column: 1 });
    }
}
