//! What may go wrong between two machines, by what can be done about it.

use std::io;
use std::path::PathBuf;

use crate::object::CommitId;
use crate::store::{RecordId, StoreError};

/// A ref that is not where a push expected it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Moved {
    /// Its full name.
    pub name: String,
    /// Where it was expected; none for a ref that was to be new.
    pub expected: Option<CommitId>,
    /// Where it is.
    pub found: Option<CommitId>,
}

/// What is said of what is not there.
pub(crate) const ABSENT: &str = " is not there, or you may not see it";

/// Why a remote did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// Somebody else was first. Nothing was moved.
    #[error("{}", moved(.0))]
    Moved(Vec<Moved>),
    /// A move that would leave commits behind, without `force`.
    #[error("{0} has commits that are not in what is pushed: fetch and merge them first")]
    NotForward(String),
    /// What was pushed names what was never sent. It lists the first of them.
    #[error("{} of what is pushed were never sent, the first is {}", .0.len(), .0.first().map_or(String::new(), ToString::to_string))]
    Missing(Vec<RecordId>),
    /// What was sent is damaged or against the rules, and was thrown away.
    #[error("refused: {0}")]
    Refused(String),
    /// The push is known no more: it took too long, and its uploads were thrown away.
    #[error("the push took too long and was given up; push again")]
    Ended,
    /// The upload goes on at another place.
    #[error("the upload goes on at byte {have}")]
    Offset {
        /// How many bytes have arrived.
        have: u64,
    },
    /// Nothing is there, or not for the one who asks: both are answered alike.
    #[error("{0}{ABSENT}")]
    Absent(String),
    /// What it holds builds upon commits that are not here.
    #[error("it holds what came after commit {}, which is not here", .0.first().map_or_else(String::new, CommitId::short))]
    Needs(Vec<CommitId>),
    /// No token, or one that does not hold any more.
    #[error("no valid token")]
    Unauthorized,
    /// No room is left for more.
    #[error("no room: {0}")]
    Full(String),
    /// It may work in a while.
    #[error("{0}")]
    Away(String),
    /// The other side speaks another protocol.
    #[error(
        "the other side speaks protocol {theirs}, and this aiut {ours}; update the older of the two"
    )]
    Protocol {
        /// Theirs.
        theirs: u32,
        /// Ours.
        ours: u32,
    },
    /// What is to be sent is not whole here.
    #[error("{0} is not stored, so what needs it cannot be sent; `aiut fsck` says more")]
    Incomplete(RecordId),
    /// A copy that has not all of it.
    #[error("{0} is not here, but where this copy came from")]
    Elsewhere(RecordId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// `write`, `open`, …
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl RemoteError {
    /// Whether the same may work when it is asked again.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Away(_) | Self::Offset { .. })
            || matches!(
                self,
                Self::Store(StoreError::Lock(_) | StoreError::Unsure(_))
            )
    }
}

fn moved(refs: &[Moved]) -> String {
    let place = |commit: &Option<CommitId>| {
        commit.map_or_else(|| "nowhere".to_owned(), |commit| commit.short())
    };
    let line = |moved: &Moved| {
        let (found, expected) = (place(&moved.found), place(&moved.expected));
        format!("{} is at {found} and not at {expected}", moved.name)
    };
    refs.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// What this crate returns.
pub type Result<T, E = RemoteError> = std::result::Result<T, E>;

/// Names the action and the path of an I/O error.
pub(crate) fn io_error(
    action: &'static str,
    path: impl Into<PathBuf>,
) -> impl FnOnce(io::Error) -> RemoteError {
    let path = path.into();
    move |source| RemoteError::Io {
        action,
        path,
        source,
    }
}
