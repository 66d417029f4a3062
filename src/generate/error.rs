//! Why an output was not made.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

use super::scheduler::Charged;
use crate::base::causes::with_causes;
use crate::base::filesystem::examine;
use crate::media::MediaError;
use crate::media::still::StillError;
use crate::pipeline::{ReadError, Selector, Source, Unread};

/// Why a stored content could not be given to a program as a file.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// It could not be read.
    #[error(transparent)]
    Content(#[from] Unread),
    /// No copy of it could be written.
    #[error("{0}")]
    Copy(#[from] io::Error),
}

/// Why a run made nothing. All but `Charged` never started, or were made here: they cost nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An input could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An input could not be handed over.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// Clips, voices or cuts could not be made.
    #[error(transparent)]
    Media(MediaError),
    /// A program failed, and the disk has no room for what it makes.
    #[error("{error}")]
    NoRoom {
        /// What the program said.
        error: MediaError,
        /// What that comes of.
        #[source]
        system: io::Error,
    },
    /// A picture could not be made.
    #[error(transparent)]
    Still(#[from] StillError),
    /// The folder that it is made in, or what is laid there.
    #[error("{0}")]
    Room(#[from] io::Error),
    /// A file could not be laid into the folder of a command.
    #[error("cannot hand over {place}: {source}")]
    HandOver {
        /// Where it was to lie.
        place: String,
        /// Why not.
        source: FilesError,
    },
    /// It may not run, or cannot as it is set up.
    #[error("{0}")]
    Refused(String),
    /// A program could not be started.
    #[error("{reason}")]
    NotStarted {
        /// What is told of it.
        reason: String,
        /// What the system said.
        source: io::Error,
    },
    /// A program failed after it had started: it may have cost something.
    #[error("{reason}")]
    Charged {
        /// What is told of it.
        reason: String,
        /// What it said that it cost, in millionths of a US dollar; none if it did not say.
        cost_micro_usd: Option<u64>,
        /// What the system said, where it is at fault.
        source: Option<io::Error>,
    },
}

/// A program that fails with less room than this left is taken to fail for that, in bytes: it says
/// so in words alone.
const TOO_LITTLE_ROOM: u64 = 64 << 10;

impl RunError {
    /// Why media could not be made in the folder `scratch`.
    #[must_use]
    pub fn of_media(error: MediaError, scratch: &Path) -> Self {
        let is_of_program = matches!(error, MediaError::Failed { .. });
        let free = || examine(scratch).ok()?.free_bytes;
        match is_of_program && free().is_some_and(|free| free < TOO_LITTLE_ROOM) {
            true => Self::NoRoom {
                error,
                system: io::ErrorKind::StorageFull.into(),
            },
            false => Self::Media(error),
        }
    }

    /// Whether the run cost something.
    #[must_use]
    pub fn charged(&self) -> Charged {
        match self {
            Self::Charged { cost_micro_usd, .. } => Charged::Perhaps(*cost_micro_usd),
            _ => Charged::Nothing,
        }
    }
}

/// What a [`super::Sink`] could not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SinkFault {
    /// The user wants to stop.
    Stopped,
    /// Nobody knows which runs there are, or the claim on one could not be made.
    NotClaimed,
    /// It may not be paid: a budget, or a ledger that cannot be written.
    NotPaid,
    /// What was made could not be stored.
    NotStored,
    /// What it cost is not written down.
    NotSettled,
}

/// Why a run may not begin, or what came of it could not be kept.
#[derive(Debug)]
pub struct SinkError {
    /// What could not be done.
    pub fault: SinkFault,
    told: String,
    source: Option<Source>,
}

impl SinkError {
    /// What could not be done, told as what it comes of, with its causes.
    pub fn new(fault: SinkFault, source: impl Error + Send + Sync + 'static) -> Self {
        Self::telling(fault, with_causes(&source), source)
    }

    /// What could not be done, told otherwise.
    pub fn telling(
        fault: SinkFault,
        told: String,
        source: impl Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            fault,
            told,
            source: Some(std::sync::Arc::new(source)),
        }
    }

    /// The user wants to stop.
    #[must_use]
    pub fn stopped() -> Self {
        Self {
            fault: SinkFault::Stopped,
            told: "stopped".to_owned(),
            source: None,
        }
    }

    /// The same, with what else could not be done.
    #[must_use]
    pub fn and(self, other: Option<Self>) -> Self {
        match other {
            Some(other) => Self {
                told: format!("{}; {}", self.told, other.told),
                ..self
            },
            None => self,
        }
    }
}

impl fmt::Display for SinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told)
    }
}

impl Error for SinkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

/// Why an output was not made.
#[derive(Debug, thiserror::Error)]
pub enum ItemError {
    /// The plan says so.
    #[error("{0}")]
    Planned(String),
    /// What it reads was not made.
    #[error("waits for {0}, which was not made")]
    Waits(String),
    /// Its run failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// It could not be begun, paid or kept.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// Its run failed, and what that cost could not be written down.
    #[error("{run}; {sink}")]
    Unsettled {
        /// Why the run failed.
        #[source]
        run: Box<Self>,
        /// Why that is not written down.
        sink: SinkError,
    },
    /// It was ended before it began.
    #[error("stopped")]
    Stopped,
    /// What it read is not what its key says.
    #[error("generator {generator} read {selector} while running, but not while planning")]
    Unplanned {
        /// The generator.
        generator: String,
        /// What it read.
        selector: Selector,
    },
}
