//! What can go wrong between two copies of a project.

use std::path::PathBuf;

use super::place::TOKENS_VARIABLE;
use crate::client::KeysError;
use crate::history::HistoryError;
use crate::object::InvalidRef;
use crate::remote::RemoteError;
use crate::workflow::repository::RepositoryError;

/// What the sharing commands return.
pub type Result<T, E = SharingError> = std::result::Result<T, E>;

/// Why nothing was shared.
#[derive(Debug, thiserror::Error)]
pub enum SharingError {
    /// The place may be gone tomorrow.
    #[error(
        "{0} is no shared folder and no server: what it has today may be gone tomorrow, so nothing goes from here"
    )]
    NotLasting(String),
    /// Contents are there, and not here.
    #[error("{files} files of {bytes} bytes are not here, but at {remote}")]
    StillNeeded {
        /// The remote.
        remote: String,
        /// How many.
        files: usize,
        /// Their bytes.
        bytes: u64,
    },
    /// From the commands that it is made of.
    #[error(transparent)]
    Repository(RepositoryError),
    /// The other side, named as it is asked.
    #[error("{remote}: {source}")]
    Remote {
        /// The name of the remote, or its place.
        remote: String,
        /// What it said.
        source: RemoteError,
    },
    /// Tokens that cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// No remote is called so.
    #[error("no remote is called {name:?}")]
    UnknownRemote {
        /// As asked for.
        name: String,
        /// The nearest that there is.
        nearest: Option<String>,
    },
    /// A command that needs a remote, in a project without one.
    #[error("the project has no remote")]
    NoRemote,
    /// Several, and none that is followed.
    #[error("which remote? There are {}", .0.join(", "))]
    WhichRemote(Vec<String>),
    /// Two commits for one name at the remote.
    #[error("two commits are to be pushed to {0:?}")]
    TwoForOne(String),
    /// The name is taken.
    #[error("there is a remote called {0:?} already")]
    RemoteExists(String),
    /// A name that a remote cannot have.
    #[error("{name:?} cannot be the name of a remote: {reason}")]
    BadName {
        /// As asked for.
        name: String,
        /// The rule that it breaks.
        reason: String,
    },
    /// A place that aiut cannot go to.
    #[error("{place:?} cannot be a remote: {reason}")]
    BadPlace {
        /// As asked for.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The remote has no such timeline or tag.
    #[error("{remote} has no timeline {name:?}")]
    NoSuchTimeline {
        /// The remote.
        remote: String,
        /// As asked for.
        name: String,
        /// The nearest that it has.
        nearest: Option<String>,
    },
    /// There is nothing yet that could be pushed.
    #[error("timeline {0} has no commit yet")]
    NothingToPush(String),
    /// The project stands on a commit alone, and no timeline was named.
    #[error("the project stands on no timeline: say which one is meant")]
    NoTimeline,
    /// A timeline that follows none.
    #[error("timeline {0} follows no timeline of a remote")]
    NoUpstream(String),
    /// Where a clone would go there is something.
    #[error("{} is there already and is not empty", .0.display())]
    InTheWay(PathBuf),
    /// A bundle that is not written.
    #[error("no bundle is written to {}: {reason}", path.display())]
    BadBundle {
        /// Where it would lie.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// What `.aiut/remotes.toml` holds makes no sense.
    #[error("{}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, and in which line.
        reason: String,
    },
    /// The system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// `read`, `write`, …
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl SharingError {
    /// Of a remote, which `name` names.
    pub(super) fn of(name: &str) -> impl FnOnce(RemoteError) -> Self {
        let remote = name.to_owned();
        move |source| Self::Remote { remote, source }
    }

    /// What to type next, the likeliest first.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let one = |hint: &str| vec![hint.to_owned()];
        match self {
            Self::Repository(RepositoryError::History(HistoryError::WouldOverwrite(_))) => {
                one("commit them, or `aiut restore` them, then pull again")
            }
            Self::Repository(error) => error.hints(),
            Self::Remote { source, remote } => remote_hints(source, remote),
            Self::UnknownRemote { nearest, .. } => match nearest {
                Some(near) => vec![format!("did you mean {near}? `aiut remote` lists them")],
                None => one("`aiut remote` lists them"),
            },
            Self::NoRemote => one("`aiut remote add origin PLACE` names one"),
            Self::WhichRemote(_) => one("name it after the command"),
            Self::RemoteExists(name) => {
                vec![format!("`aiut remote set-url {name} PLACE` moves it")]
            }
            Self::BadPlace { .. } => {
                one("a folder, a bundle, file:///PATH, or https://HOST/PROJECT")
            }
            Self::Keys(_) => one("a line is `https://HOST TOKEN`"),
            Self::NoSuchTimeline { nearest, .. } => {
                let meant = nearest.iter().map(|near| format!("did you mean {near}?"));
                meant.collect()
            }
            Self::NothingToPush(_) => one("`aiut commit` makes the first"),
            Self::NoTimeline => one("`aiut switch NAME` goes to one"),
            Self::NoUpstream(name) => vec![
                format!("`aiut push` makes one of its name; `aiut pull REMOTE {name}` pulls one"),
                format!("`aiut branch --set-upstream-to REMOTE/{name}` says what it follows"),
            ],
            Self::InTheWay(_) => one("name another folder after the place"),
            Self::Malformed { .. } => one("mend it with an editor: it is plain TOML"),
            Self::NotLasting(_) => one("`aiut init --shared FOLDER` makes one; push there first"),
            Self::StillNeeded { .. } => one("`aiut hydrate --all` gets them"),
            Self::TwoForOne(_)
            | Self::BadName { .. }
            | Self::BadBundle { .. }
            | Self::Io { .. } => Vec::new(),
        }
    }
}

/// What to type about what a remote said.
fn remote_hints(error: &RemoteError, remote: &str) -> Vec<String> {
    match error {
        RemoteError::Moved(_) => vec![format!(
            "`aiut fetch {remote}` shows what came, `aiut pull` joins it; then push again"
        )],
        RemoteError::NotForward(_) => vec![
            "`aiut pull` joins what is there, then push again".to_owned(),
            "`aiut push --force-with-lease` replaces it, if nobody pushed since you last looked"
                .to_owned(),
        ],
        RemoteError::Absent(what) if what.contains("://") => vec![
            "ask who runs the server whether your token is for this project".to_owned(),
            "`aiut-server repo add FOLDER NAME` makes a project there".to_owned(),
        ],
        RemoteError::Absent(_) => {
            vec![
                "`aiut init --shared FOLDER` makes a folder that a project is shared at".to_owned(),
            ]
        }
        RemoteError::Unauthorized => vec![
            format!(
                "put `https://HOST TOKEN` into ~/.config/aiut/tokens (chmod 600), or into {TOKENS_VARIABLE}"
            ),
            "`aiut-server token add FOLDER WHO --project NAME` makes a token".to_owned(),
        ],
        RemoteError::Elsewhere(_) => {
            vec!["`aiut hydrate --all` in that copy gets what it lacks".to_owned()]
        }
        RemoteError::Needs(_) => vec![
            "ask for a bundle of everything, or bring the project up to that commit first"
                .to_owned(),
        ],
        _ if error.is_passing() => {
            vec!["the same command goes on where this one stopped".to_owned()]
        }
        _ => Vec::new(),
    }
}

impl From<RepositoryError> for SharingError {
    fn from(error: RepositoryError) -> Self {
        Self::Repository(error)
    }
}

impl From<HistoryError> for SharingError {
    fn from(error: HistoryError) -> Self {
        Self::Repository(error.into())
    }
}

impl From<crate::store::StoreError> for SharingError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Repository(error.into())
    }
}

impl From<InvalidRef> for SharingError {
    fn from(error: InvalidRef) -> Self {
        Self::Repository(HistoryError::from(error).into())
    }
}
