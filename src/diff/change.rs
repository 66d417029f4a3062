//! One file that differs.

use serde::Serialize;

use super::media::MediaDiff;
use super::text::TextDiff;
use crate::object::{FileId, RepoPath};

/// One version of a file, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Where it lies.
    pub path: RepoPath,
    /// What it holds.
    pub id: FileId,
    /// Bytes.
    pub size: u64,
    /// Whether its owner may execute it.
    pub exec: bool,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Both have it at one path, with other content or another mode.
    Modified,
    /// It lies elsewhere now, with the same content or a similar one.
    Renamed,
}

/// One file that differs, from the old version to the new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// What happened.
    pub status: Status,
    /// Before; none for an added file.
    pub old: Option<Side>,
    /// After; none for a removed file.
    pub new: Option<Side>,
    /// How the contents differ.
    pub content: Content,
}

impl FileChange {
    /// The path it has now, or had.
    #[must_use]
    pub fn path(&self) -> &RepoPath {
        let side = self.new.as_ref().or(self.old.as_ref());
        &side.expect("a change has one side at least").path
    }

    /// Its line of a summary.
    #[must_use]
    pub fn stat(&self) -> Stat {
        let (added, removed) = match &self.content {
            Content::Text(text) => (text.added, text.removed),
            _ => (0, 0),
        };
        Stat {
            added,
            removed,
            text: matches!(self.content, Content::Text(_)),
        }
    }
}

/// How the contents of a file differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// They do not: only the path or the mode changed.
    Same,
    /// By lines.
    Text(TextDiff),
    /// By what can be seen and heard.
    Media(MediaDiff),
    /// In some bytes.
    Binary,
    /// Text or media too large to be compared.
    Large {
        /// Most bytes a side may have.
        limit: u64,
    },
}

/// One file of a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stat {
    /// Lines that came.
    pub added: usize,
    /// Lines that went.
    pub removed: usize,
    /// Whether lines mean anything for this file.
    pub text: bool,
}

/// The last line of a summary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Files that differ.
    pub files: usize,
    /// Lines that came.
    pub added: usize,
    /// Lines that went.
    pub removed: usize,
}

impl Totals {
    /// The sum over these changes.
    #[must_use]
    pub fn of(changes: &[FileChange]) -> Self {
        changes
            .iter()
            .map(FileChange::stat)
            .fold(Self::default(), |sum, stat| Self {
                files: sum.files + 1,
                added: sum.added + stat.added,
                removed: sum.removed + stat.removed,
            })
    }
}
