//! What can go wrong in the store.

use std::io;
use std::path::{Path, PathBuf};

use super::record::RecordId;
use super::release::Release;
use crate::base::causes::with_causes;
use crate::base::lock::LockError;
use crate::object::{CommitId, FileId, InvalidObject, ObjectKind, OperationId, ProjectId};

/// Why what a remote has could not be got: the kinds are of who knows the remotes.
pub type Unsupplied = Box<dyn std::error::Error + Send + Sync>;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No store in this folder.
    #[error("{} holds no aiut repository", .0.display())]
    NotARepository(PathBuf),
    /// A store is there already.
    #[error("{} holds an aiut repository already", .0.display())]
    AlreadyExists(PathBuf),
    /// Made by another version of aiut.
    #[error("{} is in a format this aiut does not know: {found:?}", path.display())]
    UnknownFormat {
        /// The file that says so.
        path: PathBuf,
        /// What it says.
        found: String,
    },
    /// A later aiut wrote what this one may not pass over.
    #[error("{} {what}: install {}", path.display(), newer(needs.as_ref()))]
    TooNew {
        /// The pack, or the folder of an object that lies somewhere in it.
        path: PathBuf,
        /// What of it this aiut does not know.
        what: String,
        /// The lowest release that reads it, where it says so.
        needs: Option<Release>,
    },
    /// The index needs a file system of this machine.
    #[error("{} is on a network file system ({name}); aiut needs a local disk", path.display())]
    NetworkFileSystem {
        /// The folder.
        path: PathBuf,
        /// Which one.
        name: &'static str,
    },
    /// The folder cannot be written to.
    #[error("{} is read-only", .0.display())]
    ReadOnly(PathBuf),
    /// Nothing is stored under the id.
    #[error("no {kind} {id} in this repository")]
    NotFound {
        /// `file`, `commit`, …
        kind: &'static str,
        /// 64 hexadecimal digits.
        id: String,
    },
    /// Files that a remote has, and that could not be got.
    #[error("{} not here, and {source}", elsewhere(*files, *bytes))]
    NotHere {
        /// How many.
        files: usize,
        /// Their bytes, as far as anybody said.
        bytes: u64,
        /// One of them.
        first: FileId,
        /// Why they could not be got, in words that follow "and".
        source: Unsupplied,
    },
    /// A commit that a remote has, and that was left there.
    #[error("commit {} was left where this copy came from: its history ends before it", .0.short())]
    HistoryEnds(CommitId),
    /// The file is larger than the caller is ready to hold.
    #[error("file {id} has {size} bytes, more than the limit of {limit}")]
    TooLarge {
        /// 64 hexadecimal digits.
        id: String,
        /// Bytes of the file.
        size: u64,
        /// Bytes that were allowed.
        limit: u64,
    },
    /// Stored bytes are not what was once written.
    #[error("{} is damaged at byte {offset}: {what}", path.display())]
    Damaged {
        /// The pack.
        path: PathBuf,
        /// Where in it.
        offset: u64,
        /// What does not hold.
        what: String,
    },
    /// The refs moved on since the caller looked.
    #[error("the repository moved on: expected operation {}, found {}",
        name_of(expected.as_ref()), name_of(actual.as_ref()))]
    Conflict {
        /// What the caller had seen.
        expected: Option<OperationId>,
        /// What is there.
        actual: Option<OperationId>,
    },
    /// What a batch left to what was stored is there no more.
    #[error(
        "{0} is no longer stored: it was unused, and `aiut gc` or a repair let go of it meanwhile"
    )]
    Collected(RecordId),
    /// Not an object of the kind asked for.
    #[error("{kind} {id}")]
    Invalid {
        /// The kind.
        kind: &'static str,
        /// Its id, as far as it has one.
        id: String,
        /// What is wrong with it.
        source: InvalidObject,
    },
    /// A pack claims what none may say, or none that goes from one project to another.
    #[error("{} is refused: it holds at byte {offset} {what}; take it away", path.display())]
    Refused {
        /// The pack.
        path: PathBuf,
        /// Where in it.
        offset: u64,
        /// What it claims.
        what: String,
    },
    /// The operation to be published is of another project than the store.
    #[error("operation {} is of another project and moves nothing here", .0.short())]
    OtherProject(OperationId),
    /// The journal of heads is lost, and no stored operation is of this project.
    #[error(
        "{} says that this is project {project}, and all operations that are stored are of other \
         projects: bring that file, or the packs, back from a copy of the project",
        path.display()
    )]
    NoOwnOperation {
        /// The format file.
        path: PathBuf,
        /// What it says.
        project: ProjectId,
    },
    /// The operation that the project stands on is in no pack any more. Nothing is written then: the pack may
    /// come back.
    #[error("{}, so what was committed last is not there", what_is_lost(path, *ends, *acknowledged))]
    Lost {
        /// The pack that it was in; the journal, if no pack lacks anything.
        path: PathBuf,
        /// Where the pack ends; none where it is gone.
        ends: Option<u64>,
        /// Where it was known to end.
        acknowledged: u64,
    },
    /// The newest pack has the highest number there is.
    #[error(
        "{} has the highest number there is, so no pack can follow it; give it the lowest number \
         that is free",
        path.display()
    )]
    NumbersUsedUp {
        /// The pack.
        path: PathBuf,
    },
    /// It was written to while it was looked at.
    #[error("{} was written to meanwhile", .0.display())]
    Busy(PathBuf),
    /// Packs are not as they were written, so nothing may be thrown away.
    #[error("{what}; nothing is thrown away before that is mended")]
    Unsound {
        /// What was found.
        what: String,
    },
    /// Another process writes.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// What is read in to be stored could not be read.
    #[error("cannot read what is to be stored")]
    Source(#[source] io::Error),
    /// What is read out could not be handed on.
    #[error("cannot write what was read from the store")]
    Sink(#[source] io::Error),
    /// The system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// `read`, `write`, …
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It may have been recorded all the same: the next command finds out.
    #[error("{}; it may be recorded all the same, so look before you do it again", with_causes(.0))]
    Unsure(#[source] Box<StoreError>),
    /// The index failed. It holds nothing that the packs do not, so deleting it is safe.
    #[error("the index {} failed; it is rebuilt when deleted", path.display())]
    Index {
        /// Its folder.
        path: PathBuf,
        /// What its engine said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StoreError {
    /// What is wrong with an object that lies in the store in `folder`.
    #[must_use]
    pub fn of_object(folder: &Path, kind: ObjectKind, id: String, source: InvalidObject) -> Self {
        match source {
            InvalidObject::Later { key, .. } => Self::TooNew {
                path: folder.to_owned(),
                what: format!(
                    "holds the {kind} {id} with the key {key:?}, which this aiut does not know"
                ),
                needs: None,
            },
            source => Self::Invalid {
                kind: kind.name(),
                id,
                source,
            },
        }
    }

    /// Whether `aiut fsck` says more: something that was stored is gone or damaged, a whole pack for one.
    #[must_use]
    pub fn is_for_fsck(&self) -> bool {
        let is_gone = |source: &io::Error| source.kind() == io::ErrorKind::NotFound;
        self.is_loss()
            || matches!(self, Self::Index { .. })
            || matches!(self, Self::Io { source, .. } if is_gone(source))
    }

    /// Whether the folder cannot be written to.
    pub(super) fn is_for_want_of_rights(&self) -> bool {
        use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        matches!(self, Self::ReadOnly(_))
            || self
                .system()
                .is_some_and(|kind| matches!(kind, PermissionDenied | ReadOnlyFilesystem))
    }

    /// Whether bytes are gone or no longer what they were, which fsck tells; all else is a reading
    /// that failed.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        matches!(
            self,
            Self::NotFound { .. } | Self::Damaged { .. } | Self::Invalid { .. }
        )
    }

    /// Whether the disk holds no more bytes, or no more files.
    pub(super) fn is_for_want_of_room(&self) -> bool {
        use io::ErrorKind::{QuotaExceeded, StorageFull};
        self.system()
            .is_some_and(|kind| matches!(kind, QuotaExceeded | StorageFull))
    }

    fn system(&self) -> Option<io::ErrorKind> {
        match self {
            Self::Io { source, .. } | Self::Lock(LockError::Io { source, .. }) => {
                Some(source.kind())
            }
            _ => None,
        }
    }
}

/// What the store returns.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Names the action and the path of an I/O error.
pub(super) fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    move |source| StoreError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}

fn elsewhere(files: usize, bytes: u64) -> String {
    match files {
        1 => format!("a file of {bytes} bytes is"),
        _ => format!("{files} files of {bytes} bytes are"),
    }
}

fn newer(needs: Option<&Release>) -> String {
    needs.map_or_else(
        || "a newer aiut".to_owned(),
        |release| format!("aiut {release} or newer"),
    )
}

/// `.aiut/packs/00000002.pack is gone`
fn what_is_lost(path: &Path, ends: Option<u64>, acknowledged: u64) -> String {
    let path = path.display();
    match ends {
        None => format!("{path} is gone"),
        Some(ends) if ends < acknowledged => {
            format!("{path} ends at byte {ends} instead of {acknowledged}")
        }
        Some(_) => format!("{path} does not hold what it held"),
    }
}

fn name_of(id: Option<&OperationId>) -> String {
    id.map_or_else(|| "none".to_owned(), OperationId::short)
}
