//! What can go wrong where media are made or read.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::still::StillError;
use super::tools::Program;

/// A failure to make or read media. Nothing was left behind.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// A program is not installed.
    #[error("{program} is not installed (looked for {} on PATH). {}. {}", .program.name(), .program.install(), .program.without())]
    Missing {
        /// Which.
        program: Program,
    },
    /// A program would not start.
    #[error("{program} at {path} cannot be started: {source}")]
    Start {
        /// Which.
        program: Program,
        /// Where it was found.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A program ended with an error.
    #[error("{program} failed{}: {log}", .code.map_or(String::new(), |code| format!(" with code {code}")))]
    Failed {
        /// Which.
        program: Program,
        /// Its exit code; none where a signal ended it.
        code: Option<i32>,
        /// The end of what it said.
        log: String,
    },
    /// A program took too long and was ended.
    #[error("{program} was stopped after {} s, before it had finished: {log}", .limit.as_secs())]
    TimedOut {
        /// Which.
        program: Program,
        /// What it was given.
        limit: Duration,
        /// The end of what it said.
        log: String,
    },
    /// A program said more than it may.
    #[error("{program} gave more than {limit} bytes of output")]
    TooMuch {
        /// Which.
        program: Program,
        /// Bytes.
        limit: usize,
    },
    /// A file or request cannot be used.
    #[error("{subject}: {reason}")]
    Unusable {
        /// A path or a field.
        subject: String,
        /// Why not.
        reason: String,
    },
    /// An image cannot be used or made.
    #[error(transparent)]
    Still(#[from] StillError),
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl MediaError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        |source| Self::Io { path, source }
    }

    pub(crate) fn unusable(subject: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Unusable {
            subject: subject.into(),
            reason: reason.into(),
        }
    }
}
