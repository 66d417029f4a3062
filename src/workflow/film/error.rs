//! Why a use case of a film did not come off.

use super::named::UnknownName;
use super::plan::Planned;
use crate::history::HistoryError;
use crate::object::RepoPath;
use crate::pipeline::{ReadError, Unread};
use crate::store::StoreError;
use crate::workflow::repository::RepositoryError;
use crate::workflow::settings::{SettingsError, nearest_path};
use crate::workflow::spending::SpendError;
use crate::workflow::trust::TrustError;

/// Why a use case of a film did not come off.
#[derive(Debug, thiserror::Error)]
pub enum FilmError {
    /// The project.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A commit.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// `aiut.toml`.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A file of the film.
    #[error(transparent)]
    Input(#[from] ReadError),
    /// A file of the film, with what is wrong with it.
    #[error("{0}")]
    Broken(String),
    /// A file or a record that could not be read.
    #[error(transparent)]
    Unread(#[from] Unread),
    /// A lock is given up on the timeline that it holds.
    #[error("{what} is locked on {}, and that is given up there", timelines.join(" and "))]
    LockedElsewhere {
        /// What is locked.
        what: String,
        /// Where.
        timelines: Vec<String>,
    },
    /// A lock is one of a timeline.
    #[error("the project stands on no timeline, and a lock holds on one")]
    NoTimeline,
    /// There is no script yet.
    #[error("there is no script.fountain yet")]
    NoScript,
    /// A word that names nothing.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// A path that no stage makes.
    #[error("{path} is not made by any stage")]
    UnknownOutput {
        /// The path.
        path: String,
        /// The nearest output there is.
        suggestion: Option<String>,
    },
    /// A take number that there is not.
    #[error("{path} has no take {take}, but {}", numbered(takes))]
    UnknownTake {
        /// The output.
        path: String,
        /// What was asked for.
        take: usize,
        /// The numbers that there are.
        takes: Vec<usize>,
    },
    /// A file in the place of an output that no generator ever made.
    #[error("{0} was never generated: it is your own")]
    NotGenerated(String),
    /// Nothing that was named is edited by hand.
    #[error("nothing to let go of: {0} is as it was generated")]
    NotEdited(String),
    /// It is not stale, so there is nothing to accept, or it cannot be accepted yet.
    #[error("{path} cannot be accepted: {reason}")]
    NotAcceptable {
        /// The output.
        path: String,
        /// Why not.
        reason: &'static str,
    },
    /// A shot or scene that there is not.
    #[error("there is no {0}")]
    NoSuch(String),
    /// An output that nobody made yet.
    #[error("{0} is not made yet")]
    NotMade(String),
    /// What is to be imported.
    #[error("{path}: {reason}")]
    Import {
        /// The file or folder.
        path: String,
        /// What is wrong with it.
        reason: String,
        /// What to do about it, when that is known.
        hint: Option<String>,
    },
    /// A file would be overwritten that holds uncommitted changes.
    #[error("{0} has changes that are not committed")]
    Uncommitted(String),
    /// An edit came after the plan that was agreed to.
    #[error("{0} was edited meanwhile; nothing was made")]
    EditedMeanwhile(RepoPath),
    /// What the user agreed to run.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// A budget has no room for it, or nobody knows what was spent.
    #[error(transparent)]
    Spending(#[from] SpendError),
    /// A file outside the repository, or the scratch folder.
    #[error("cannot {action} {path}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl FilmError {
    /// What to type about it.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let near = |name: &Option<String>| {
            name.iter()
                .map(|name| format!("did you mean {name}?"))
                .collect::<Vec<_>>()
        };
        match self {
            Self::LockedElsewhere { timelines, .. } => timelines
                .first()
                .map(|timeline| format!("aiut switch {timeline}   goes there"))
                .into_iter()
                .collect(),
            Self::NoTimeline => vec!["aiut switch -c NAME   makes a timeline here".to_owned()],
            Self::NoScript => vec!["aiut import FILE   brings in a screenplay".to_owned()],
            Self::UnknownName(error) => error.hints.clone(),
            Self::UnknownOutput { suggestion, .. } => {
                let mut hints = near(suggestion);
                hints.push("aiut plan --json   lists all outputs".to_owned());
                hints
            }
            Self::NotGenerated(path) => vec![format!(
                "move it away, and `aiut generate {path}` makes one; `aiut generate {path} --new-take` makes one beside it"
            )],
            Self::NotEdited(_) => {
                vec!["aiut stale --edited   lists what is edited by hand".to_owned()]
            }
            Self::UnknownTake { path, .. } => vec![format!("aiut takes {path}   lists them")],
            Self::NotMade(path) => vec![format!("aiut generate {path}   makes it")],
            Self::Uncommitted(_) => {
                vec!["aiut commit -m MESSAGE   keeps them, then try again".to_owned()]
            }
            Self::EditedMeanwhile(_) => {
                vec![
                    "the edit is committed: type the command again to see the plan with it"
                        .to_owned(),
                ]
            }
            Self::Unread(error)
            | Self::Input(ReadError::Unread { source: error, .. } | ReadError::Past(error)) => {
                error.hint().into_iter().collect()
            }
            Self::Import { hint, .. } => hint.iter().cloned().collect(),
            Self::Settings(error) => error.hint().into_iter().collect(),
            Self::Spending(error) => error.hint().into_iter().collect(),
            Self::Repository(error) => error.hint().into_iter().collect(),
            Self::History(error) => error.hint().into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// `take 1`, `takes 1, 2 and 4`.
fn numbered(takes: &[usize]) -> String {
    let shown = |takes: &[usize]| {
        let numbers: Vec<String> = takes.iter().map(ToString::to_string).collect();
        numbers.join(", ")
    };
    match takes {
        [] => "none at all".to_owned(),
        [only] => format!("take {only}"),
        [most @ .., last] => format!("takes {} and {last}", shown(most)),
    }
}

impl From<StoreError> for FilmError {
    fn from(error: StoreError) -> Self {
        Self::History(error.into())
    }
}

impl From<crate::worktree::WorkTreeError> for FilmError {
    fn from(error: crate::worktree::WorkTreeError) -> Self {
        Self::History(error.into())
    }
}

/// The error for a path that no stage makes, with the nearest that one does.
pub(crate) fn suggest_output(planned: &Planned, path: &str) -> FilmError {
    let outputs: Vec<&str> = planned
        .items
        .iter()
        .map(|item| item.path.as_str())
        .collect();
    let suggestion = nearest_path(path, &outputs).map(str::to_owned);
    FilmError::UnknownOutput {
        path: path.to_owned(),
        suggestion,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mends_a_damaged_store_is_told_whoever_reads_it() {
        let damaged = || StoreError::Damaged {
            path: "packs/1".into(),
            offset: 7,
            what: "another digest".to_owned(),
        };
        let unread = || super::super::records::unread(damaged());
        let path = || "shots/001.json".to_owned();
        for error in [
            FilmError::from(damaged()),
            unread().into(),
            ReadError::from(unread()).into(),
            FilmError::from(ReadError::Unread {
                path: path(),
                source: unread(),
            }),
            RepositoryError::Unread(unread()).into(),
        ] {
            let hints = error.hints();
            assert!(
                hints.iter().any(|hint| hint.contains("aiut fsck")),
                "{error:?}"
            );
        }
    }

    #[test]
    fn a_full_disk_is_known_by_what_an_error_comes_of() {
        use crate::base::causes::{Shortage, shortage};
        let full = || StoreError::Io {
            action: "write",
            path: "packs/1".into(),
            source: std::io::ErrorKind::StorageFull.into(),
        };
        let unsure = StoreError::Unsure(Box::new(full()));
        let unread = super::super::records::unread(full());
        for error in [
            FilmError::from(full()),
            FilmError::from(unsure),
            FilmError::from(unread),
        ] {
            assert_eq!(shortage(&error), Some(Shortage::Room), "{error:?}");
        }
    }
}
