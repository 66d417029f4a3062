//! What can go wrong in a repository command.

use crate::history::HistoryError;
use crate::object::RepoPath;
use crate::worktree::{IGNORE_FILE, Unlisted};

/// What the repository commands return.
pub type Result<T, E = RepositoryError> = std::result::Result<T, E>;

/// Why a repository command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    /// From the history.
    #[error(transparent)]
    History(HistoryError),
    /// The system refused to read what a file of aiut's own follows from.
    #[error("{0}")]
    Unreadable(String),
    /// A commit says why.
    #[error("the message is empty")]
    EmptyMessage,
    /// Another process switched to another timeline while this one worked.
    #[error("the project was switched to {to} meanwhile")]
    SwitchedMeanwhile {
        /// The timeline or commit it stands on now.
        to: String,
    },
    /// One cannot remove what one stands on.
    #[error("timeline {0} is the current one")]
    CurrentTimeline(String),
    /// Its commits would be out of reach.
    #[error("timeline {name} has commits that are on no other timeline")]
    NotMerged {
        /// The timeline.
        name: String,
    },
    /// A commit without a timeline of its name.
    #[error("{0:?} is a commit, not a timeline")]
    NotATimeline(String),
    /// A folder where a file was asked for.
    #[error("{path} is a folder")]
    IsAFolder {
        /// As asked for.
        path: String,
    },
    /// A commit with several parents has no single change.
    #[error("commit {commit} joins timelines: which side it is to be compared with is not known")]
    JoinsTimelines {
        /// The commit, shortened.
        commit: String,
    },
    /// Files that a command would change hold something that is in no commit.
    #[error("{} not committed and would be changed: {}",
        if .0.len() == 1 { "a file is" } else { "files are" },
        .0.iter().map(RepoPath::as_str).collect::<Vec<_>>().join(", "))]
    Uncommitted(Vec<RepoPath>),
    /// What was named is no file of the project, and why.
    #[error("{}", .0.iter().map(|entry| format!("{} is not kept: {}", entry.path, entry.reason))
        .collect::<Vec<_>>().join("; "))]
    NotKept(Vec<Unlisted>),
    /// A file that an earlier commit has.
    #[error("the last commit has no {path}; {commit} was the last that had it")]
    Gone {
        /// As asked for.
        path: String,
        /// The commit, shortened.
        commit: String,
    },
    /// Nothing was named.
    #[error("no path was named")]
    NoPath,
}

impl RepositoryError {
    /// What to type next, if that is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::History(error) => error.hint(),
            Self::EmptyMessage => Some("`aiut commit -m MESSAGE`".into()),
            Self::SwitchedMeanwhile { .. } => Some("look at `aiut status` and try again".into()),
            Self::CurrentTimeline(_) => Some("`aiut switch` to another one first".into()),
            Self::NotMerged { name } => Some(format!(
                "`aiut branch --force -d {name}` deletes it all the same; `aiut undo` brings it back"
            )),
            Self::NotATimeline(name) => Some(format!(
                "`aiut switch --detach {name}` to look at it, `aiut switch -c NAME {name}` to go on from it"
            )),
            Self::IsAFolder { path } => Some(format!("`aiut ls {path}` lists it")),
            Self::JoinsTimelines { .. } => Some(
                "name the commits that it brought in, one by one; `aiut log` lists them".into(),
            ),
            Self::Uncommitted(_) => {
                Some("commit them, or `aiut restore` them, then try again".into())
            }
            Self::NotKept(entries) => entries
                .iter()
                .any(|entry| entry.reason.contains(IGNORE_FILE))
                .then(|| format!("a rule that begins with ! takes it back in {IGNORE_FILE}")),
            Self::Gone { commit, .. } => {
                Some(format!("`aiut restore --from {commit}` with the same path"))
            }
            Self::NoPath | Self::Unreadable(_) => None,
        }
    }
}

impl<E: Into<HistoryError>> From<E> for RepositoryError {
    fn from(error: E) -> Self {
        Self::History(error.into())
    }
}
