//! The one error of the command line: what is wrong, and what to type about it.

use std::error::Error;
use std::io::{self, Write};

use super::format::shown;
use super::palette::Palette;
use crate::base::causes::{Shortage, shortage, with_causes};
use crate::history::HistoryError;
use crate::workflow::hooks::HookError;
use crate::workflow::notes::NoteError;
use crate::workflow::repository::RepositoryError;
use crate::workflow::search::SearchError;
use crate::workflow::settings::{IdentityError, SettingsError};
use crate::workflow::sharing::SharingError;
use crate::workflow::template::TemplateError;

/// Why a command ends without its answer.
#[derive(Debug)]
pub(super) struct CliError {
    kind: ErrorKind,
    message: String,
    hints: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ErrorKind {
    Failed,
    Locked,
    Usage,
    BrokenPipe,
    Unfinished,
    Interrupted,
}

/// What to do about a disk without room.
const FULL_DISK: &str = "free some space, or remove files where `df -i` shows that no more can be \
    made, and run it again; what was committed before is safe";

/// What to do where no more files can be opened.
const TOO_MANY_OPEN: &str =
    "this process may not have so many files open: allow more with `ulimit -n`";

/// What to do where a file may not become so long.
const TOO_LONG_A_FILE: &str = "this process may not write so long a file: allow more with \
    `ulimit -f`; what was committed before is safe";

/// What to do about an error that comes of what the system has no more of.
fn remedy(error: &(dyn Error + 'static)) -> Option<String> {
    let remedy = match shortage(error)? {
        Shortage::Room => FULL_DISK,
        Shortage::OpenFiles => TOO_MANY_OPEN,
        Shortage::FileSize => TOO_LONG_A_FILE,
    };
    Some(remedy.to_owned())
}

impl CliError {
    /// Something that could not be done.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Failed,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// An error with its causes, on one line.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Self {
        Self::new(with_causes(error)).because_of(error)
    }

    /// Adds what to do about what it comes of, if that is known and not said yet.
    pub(super) fn because_of(mut self, error: &(dyn Error + 'static)) -> Self {
        self.hints
            .extend(remedy(error).filter(|remedy| !self.hints.contains(remedy)));
        self
    }

    /// What was done in part, as the message says.
    pub(super) fn unfinished(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Unfinished,
            ..Self::new(message)
        }
    }

    /// Whether it says itself what was done all the same.
    pub(super) fn tells_what_was_done(&self) -> bool {
        matches!(self.kind, ErrorKind::Unfinished | ErrorKind::Interrupted)
    }

    /// What a Ctrl-C ended.
    pub(super) fn interrupted(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Interrupted,
            ..Self::new(message)
        }
    }

    /// Of what is locked on a timeline, says first that this command can make one of its own.
    pub(super) fn or_on_a_branch(mut self, command: &str) -> Self {
        if self.kind == ErrorKind::Locked {
            let hint = format!(
                "{command} --branch NAME   goes on on a new timeline, and leaves this one as it is"
            );
            self.hints.insert(0, hint);
        }
        self
    }

    /// Notes that it is about something locked.
    pub(super) fn locked(mut self, is_locked: bool) -> Self {
        if is_locked {
            self.kind = ErrorKind::Locked;
        }
        self
    }

    /// Adds what to do about it.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds what to do about it, when that is known.
    pub(super) fn hints(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.hints.extend(hints);
        self
    }

    /// Arguments that make no sense together.
    pub(super) fn misuse(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Usage,
            ..Self::new(message)
        }
    }

    /// What is wrong.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn is_broken_pipe(&self) -> bool {
        self.kind == ErrorKind::BrokenPipe
    }

    pub(super) fn exit_code(&self) -> u8 {
        match self.kind {
            ErrorKind::Failed | ErrorKind::Locked | ErrorKind::Unfinished => 1,
            ErrorKind::Usage => 2,
            ErrorKind::BrokenPipe => 0,
            // As a shell tells of a program that SIGINT ended: 128 + 2.
            ErrorKind::Interrupted => 130,
        }
    }

    /// Prints it on standard error as a JSON object: for who asked for JSON.
    pub(super) fn report_json(&self) {
        let kind = match self.kind {
            ErrorKind::Failed | ErrorKind::Locked | ErrorKind::BrokenPipe => "failed",
            ErrorKind::Unfinished => "unfinished",
            ErrorKind::Usage => "usage",
            ErrorKind::Interrupted => "interrupted",
        };
        let error = serde_json::json!({ "error": {
            "kind": kind,
            "exit_code": self.exit_code(),
            "message": self.message,
            "hints": self.hints,
        } });
        let _ = super::format::json(&mut io::stderr(), &error);
    }

    /// Prints it on standard error; when that is closed there is nobody to tell.
    pub(super) fn report(&self, palette: &Palette) {
        let mut text = String::new();
        let (error, hint) = (palette.error, palette.hint);
        // Asked for nothing at all, the help is the answer.
        if self.kind == ErrorKind::Usage && self.message.contains("\n\nUsage: ") {
            text = format!("{}\n", self.message);
        } else {
            for (index, line) in self.message.lines().enumerate() {
                let start = if index > 0 {
                    "  ".into()
                } else if self.kind == ErrorKind::Interrupted {
                    String::new()
                } else {
                    format!("{error}error:{error:#} ")
                };
                text += &format!("{start}{}\n", shown(line.trim_end()));
            }
            for line in &self.hints {
                text += &format!("{hint}hint:{hint:#} {}\n", shown(line));
            }
        }
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::BrokenPipe => ErrorKind::BrokenPipe,
            _ => ErrorKind::Failed,
        };
        Self {
            kind,
            ..Self::new(format!("cannot write the output: {error}")).because_of(&error)
        }
    }
}

impl From<HistoryError> for CliError {
    fn from(error: HistoryError) -> Self {
        Self::of(&error)
            .hints(error.hint())
            .locked(error.is_locked())
    }
}

impl From<RepositoryError> for CliError {
    fn from(error: RepositoryError) -> Self {
        let is_locked = matches!(&error, RepositoryError::History(error) if error.is_locked());
        Self::of(&error).hints(error.hints()).locked(is_locked)
    }
}

impl From<SharingError> for CliError {
    fn from(error: SharingError) -> Self {
        Self::of(&error).hints(error.hints())
    }
}

impl From<HookError> for CliError {
    fn from(error: HookError) -> Self {
        Self::of(&error).hints(error.hint())
    }
}

impl From<NoteError> for CliError {
    fn from(error: NoteError) -> Self {
        Self::of(&error).hints(error.hints())
    }
}

impl From<SearchError> for CliError {
    fn from(error: SearchError) -> Self {
        Self::of(&error).hints(error.hint())
    }
}

impl From<TemplateError> for CliError {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Settings(error) => error.into(),
            error => Self::of(&error),
        }
    }
}

impl From<SettingsError> for CliError {
    fn from(error: SettingsError) -> Self {
        Self::of(&error).hints(error.hint())
    }
}

impl From<IdentityError> for CliError {
    fn from(error: IdentityError) -> Self {
        Self::of(&error).hints(error.hints())
    }
}
