//! Why something could not be read: a value that a generator asks for, or what is stored.

use std::error::Error;
use std::sync::Arc;

/// What an error comes of, shared by all who are told of it.
pub type Source = Arc<dyn Error + Send + Sync>;

/// Why a content, or a record of the past, could not be read. The kind says what can be done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unread {
    /// Bytes are gone, or no longer what they were: `aiut fsck` tells more, and nothing else helps.
    #[error("{told}")]
    Damaged {
        /// What is said of it, with its causes.
        told: String,
        /// Of what it comes.
        source: Source,
    },
    /// The system, or the store, did not give it: of what it holds nothing is known.
    #[error("{told}")]
    Refused {
        /// What is said of it, with its causes.
        told: String,
        /// Of what it comes.
        source: Source,
    },
    /// It is more than may be held in memory.
    #[error("{0}")]
    TooLarge(String),
    /// A content that is nowhere.
    #[error("its content is not stored")]
    NotStored,
    /// A file that is no longer what it was when the film was opened.
    #[error("it was changed while it was read; try again")]
    Changed,
    /// The record of a run.
    #[error("the record of generation {generation}: {source}; {MENDING}")]
    Record {
        /// Which, shortened.
        generation: String,
        /// Why not.
        source: Box<Self>,
    },
}

/// What to type about what is damaged.
const MENDING: &str =
    "`aiut fsck` says what is damaged, `aiut fsck --repair` mends what can be mended";

impl Unread {
    /// What to type about it, where its text does not say so.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        matches!(self, Self::Damaged { .. }).then(|| MENDING.to_owned())
    }
}

/// Two are the same if they say the same.
impl PartialEq for Unread {
    fn eq(&self, other: &Self) -> bool {
        let kind = std::mem::discriminant(self) == std::mem::discriminant(other);
        kind && self.to_string() == other.to_string()
    }
}

impl Eq for Unread {}

/// Why a value could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It depends on a file that is still to be made.
    #[error("{0} is still to be made")]
    Pending(String),
    /// The file does not hold what its kind of file must.
    #[error("{path}: {reason}")]
    Broken {
        /// The file.
        path: String,
        /// What is wrong with it, with line and column where that is known.
        reason: String,
    },
    /// What the file holds could not be read.
    #[error("{path}: {source}")]
    Unread {
        /// The file.
        path: String,
        /// Why not.
        source: Unread,
    },
    /// A record of how the file was made could not be read.
    #[error(transparent)]
    Past(#[from] Unread),
    /// The stage's `reads` does not name what its generator asked for.
    #[error("stage {stage} read {selector}, which its `reads` does not allow")]
    Undeclared {
        /// The stage.
        stage: String,
        /// What was read.
        selector: String,
    },
}

impl ReadError {
    /// Whether a file is at fault, rather than what is still to be made or what a stage may read.
    #[must_use]
    pub fn is_of_file(&self) -> bool {
        match self {
            Self::Broken { .. } | Self::Unread { .. } | Self::Past(_) => true,
            Self::Pending(_) | Self::Undeclared { .. } => false,
        }
    }
}
