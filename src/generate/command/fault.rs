//! Why a command made nothing.

use std::io;
use std::process::ExitStatus;

use super::answer::AnswerError;

/// Why a command came to nothing. Its text follows the command's name: `"sh up.sh" was stopped`.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// No other system has the limits that commands run within.
    #[error("needs a Unix system: commands run on no other")]
    NotUnix,
    /// What it was to run is nowhere.
    #[error("there is no program {0} in PATH (folders of the project are not searched)")]
    NoProgram(String),
    /// A run was stopped while its inputs were laid out.
    #[error("was stopped before it started")]
    StoppedEarly,
    /// A run was stopped while it ran.
    #[error("was stopped")]
    Stopped,
    /// The system takes its file for no program.
    #[error(
        "cannot be started: a script begins with a line such as `#!/bin/sh`, or is run by a \
         program: command = [\"sh\", \"tools/x.sh\"]"
    )]
    NoScript,
    /// It said that it failed.
    #[error("ended with exit status {0}")]
    Failed(i32),
    /// Something ended it.
    #[error("was ended by a {0}")]
    Killed(ExitStatus),
    /// It took too long.
    #[error("was ended after {seconds} s; stage.{stage}.timeout gives it more")]
    TimedOut {
        /// How long it ran.
        seconds: u32,
        /// Its stage.
        stage: String,
    },
    /// It said more than an answer may have.
    #[error("wrote more than {} MiB to standard output, which is for its answer", .0 >> 20)]
    TooMuchOutput(usize),
    /// What it said is no answer.
    #[error("its standard output must be empty or a JSON answer: {0}")]
    NoAnswer(#[from] AnswerError),
    /// There is no output.
    #[error("ended well and wrote no {0}")]
    NoOutput(String),
    /// The output has no bytes.
    #[error("ended well and left {0} empty")]
    Empty(String),
    /// The output is there and cannot be read.
    #[error("left an {name} that cannot be read: {source}")]
    Unreadable {
        /// The output's name in the command's folder.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// The output is no regular file.
    #[error("made {name} {is}; it must be a regular file")]
    NoFile {
        /// The output's name in the command's folder.
        name: String,
        /// What it is instead.
        is: &'static str,
    },
    /// The output has more bytes than the stage allows.
    #[error(
        "wrote {} MiB to {name}, more than the {} MiB that `size` allows",
        bytes.div_ceil(1 << 20),
        limit >> 20
    )]
    TooLarge {
        /// The output's name in the command's folder.
        name: String,
        /// How many it has.
        bytes: u64,
        /// How many it may have.
        limit: u64,
    },
    /// The output is not what its name says.
    #[error("wrote {name}, and {denied}")]
    Denied {
        /// The output's name in the command's folder.
        name: String,
        /// What it is instead.
        denied: String,
    },
    /// The output holds what must not be kept.
    #[error(
        "wrote the value of {variable} into {name}: what is committed is kept for good, and keys \
         are not"
    )]
    HoldsKey {
        /// The variable.
        variable: String,
        /// The output's name in the command's folder.
        name: String,
    },
}

impl Fault {
    /// What the system said, where it is at fault. Nothing of it comes from the command, whose words
    /// may hold a key.
    pub(super) fn into_system(self) -> Option<io::Error> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            _ => None,
        }
    }
}
