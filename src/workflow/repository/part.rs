//! Why a part of a file cannot be told of.

use crate::diff::LIMIT_BYTES;
use crate::object::RepoPath;

/// Why nothing can be told.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// Pictures and sounds have no lines.
    #[error("{0} is no text: it has no lines that could be told apart")]
    NotText(RepoPath),
    /// Nobody reads so much.
    #[error("{0} has more than {limit} MiB", limit = LIMIT_BYTES >> 20)]
    TooLarge(RepoPath),
    /// There are fewer lines.
    #[error("{path} has {lines} lines: there is no line {asked}")]
    NoLine {
        /// The file.
        path: RepoPath,
        /// How many it has.
        lines: usize,
        /// The one that was asked for.
        asked: usize,
    },
    /// No scene or shot is called so.
    #[error("{path} has no {what} {name}")]
    NoPart {
        /// The file.
        path: RepoPath,
        /// `scene` or `shot`.
        what: &'static str,
        /// As asked for.
        name: String,
        /// Those it has.
        known: Vec<String>,
    },
    /// A scene of what is no screenplay, a shot of what is no shot list, lines of a shot list.
    #[error("{path} is not told {what} by {what}")]
    OtherKind {
        /// The file.
        path: RepoPath,
        /// `scene`, `shot` or `line`.
        what: &'static str,
    },
}

impl PartError {
    /// What to type next.
    pub(super) fn hints(&self) -> Vec<String> {
        match self {
            Self::NotText(path) => vec![format!(
                "aiut log {path}   shows its commits, aiut why {path} what it is made from"
            )],
            Self::TooLarge(path) => vec![format!("aiut log {path}   shows its commits")],
            Self::NoLine { .. } => vec!["name lines as -L 10,20 or -L 10,+5".to_owned()],
            Self::NoPart { known, what, .. } => match known.is_empty() {
                true => vec![format!("it has no {what}s")],
                false => vec![format!("its {what}s: {}", shortened(known))],
            },
            Self::OtherKind { path, what } => match *what {
                "scene" => {
                    vec!["aiut blame --scene 12 script.fountain   tells of a screenplay".to_owned()]
                }
                "shot" => {
                    vec!["aiut blame --shot 12-3 shots/012.json   tells of a shot list".to_owned()]
                }
                _ => vec![format!(
                    "aiut blame --lines -L 10,20 {path}   tells line by line"
                )],
            },
        }
    }
}

fn shortened(names: &[String]) -> String {
    const MOST: usize = 12;
    let listed = names[..names.len().min(MOST)].join(", ");
    match names.len().saturating_sub(MOST) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}
