//! What can go wrong with a project and its history.

use std::path::PathBuf;

use super::extent::Excess;
use super::guard::Breach;
use crate::base::lock::LockError;
use crate::base::nearest as near;
use crate::object::{CommitId, InvalidObject, InvalidRef, RepoPath, TreeId, UnsafeName};
use crate::store::StoreError;
use crate::worktree::{LeftAlone, Unlisted, WorkTreeError};

/// What the history returns.
pub type Result<T, E = HistoryError> = std::result::Result<T, E>;

/// Why the history could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Neither the folder nor one above it is a project.
    #[error("{} is not in a project", .0.display())]
    NotAProject(PathBuf),
    /// The folder is a project already.
    #[error("{} is a project already", .0.display())]
    AlreadyAProject(PathBuf),
    /// A project may not lie in another one.
    #[error("{} lies in the project {}", inner.display(), outer.display())]
    Nested {
        /// The folder.
        inner: PathBuf,
        /// The project around it.
        outer: PathBuf,
    },
    /// The folder cannot be written to.
    #[error("{} is read-only", .0.display())]
    ReadOnly(PathBuf),
    /// Made by another version of aiut.
    #[error("{} says {found:?}: the project was made by another version of aiut", path.display())]
    UnknownFormat {
        /// The file that says so.
        path: PathBuf,
        /// What it says.
        found: String,
    },
    /// Nothing is called so.
    #[error("no timeline, tag or commit is called {text:?}")]
    UnknownRevision {
        /// As asked for.
        text: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// Several commits may be meant.
    #[error("{text:?} may be any of {}: {}", ids.len(), ids.join(", "))]
    AmbiguousRevision {
        /// As asked for.
        text: String,
        /// The candidates, shortened.
        ids: Vec<String>,
    },
    /// It is not how revisions are written, or leads nowhere.
    #[error("revision {text:?}: {reason}")]
    BadRevision {
        /// As asked for.
        text: String,
        /// What is wrong.
        reason: String,
    },
    /// There is no commit yet.
    #[error("timeline {0} has no commit yet")]
    Unborn(String),
    /// Nothing lies at the path, in a commit or in the folder.
    #[error("{place} has no {path}")]
    NoSuchPath {
        /// As asked for.
        path: String,
        /// Where it was looked for: `the project`, `commit 1f2e…`.
        place: String,
        /// The nearest path there is.
        nearest: Option<String>,
    },
    /// A tree that stands for more than a commit may have.
    #[error("tree {}: {excess}", tree.short())]
    TreeTooLarge {
        /// The tree.
        tree: TreeId,
        /// What there is too much of.
        excess: Excess,
    },
    /// Two trees differ in more than a commit may have.
    #[error("between {} and {}: {excess}", name_of(*before), name_of(*after))]
    DifferenceTooLarge {
        /// The first tree.
        before: Option<TreeId>,
        /// The second tree.
        after: Option<TreeId>,
        /// What there is too much of.
        excess: Excess,
    },
    /// The folder holds more than a commit may have.
    #[error("the project folder: {0}")]
    FolderTooLarge(Excess),
    /// What would be written is more than a commit may have.
    #[error("what would be committed: {0}")]
    ResultTooLarge(Excess),
    /// What a commit says of a file is not so.
    #[error("{path} should have {said} bytes, and {found} are stored")]
    OtherSize {
        /// The file.
        path: RepoPath,
        /// What the commit says.
        said: u64,
        /// What the store has.
        found: u64,
    },
    /// The disk is too full for what is to be written.
    #[error("{needed} bytes are to be written, and {free} are free")]
    NoRoom {
        /// What is to be written, in bytes.
        needed: u64,
        /// What is free, in bytes.
        free: u64,
    },
    /// Something is locked on a timeline, and would be changed there.
    #[error("locked on {timeline}: {}", breaches.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Locked {
        /// The timeline.
        timeline: String,
        /// What is locked, by whom, and what would become of it.
        breaches: Vec<Breach>,
    },
    /// Something is locked, and whether it would be changed cannot be told.
    #[error("whether something locked would change is not known: {source}")]
    Unguarded {
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
        /// What to type about it.
        hint: Option<String>,
    },
    /// A path that no tree can hold.
    #[error(transparent)]
    UnsafeName(#[from] UnsafeName),
    /// A name that no ref can have.
    #[error(transparent)]
    InvalidRef(#[from] InvalidRef),
    /// The name is taken.
    #[error("{kind} {name} exists already")]
    RefExists {
        /// `timeline`, `tag`.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// The name cannot stand beside one that there is.
    #[error("{name} cannot stand beside {other}: {reason}")]
    RefClash {
        /// The new name.
        name: String,
        /// The one there is.
        other: String,
        /// Why not.
        reason: &'static str,
    },
    /// A timeline and a tag of one name: the word would always mean the timeline.
    #[error("a {kind} cannot be called {name}: there is a {other} of this name")]
    RefHidden {
        /// `timeline`, `tag`.
        kind: &'static str,
        /// The new name.
        name: String,
        /// What there is.
        other: &'static str,
    },
    /// Not there, or gone.
    #[error("no {kind} is called {name:?}")]
    UnknownRef {
        /// `timeline`, `tag`.
        kind: &'static str,
        /// As asked for.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// A path leads out of the project.
    #[error("{path} lies outside the project")]
    OutsideProject {
        /// As typed.
        path: String,
        /// The project's folder.
        root: PathBuf,
    },
    /// A ref is not where the caller believed it to be.
    #[error("{name} was moved meanwhile, to {}", short(*found))]
    RefMoved {
        /// Its full name.
        name: String,
        /// Where it is.
        found: Option<CommitId>,
    },
    /// Files hold changes that are not committed and would be overwritten.
    #[error("uncommitted changes would be overwritten in {}", list(.0))]
    WouldOverwrite(Vec<RepoPath>),
    /// Files were edited since the operation that is to be taken back.
    #[error("files were changed since: {}", list(.0))]
    ChangedSince(Vec<RepoPath>),
    /// What is no file of the project stands where a file is to be written, or around it.
    #[error("in the way of what is to be written: {}", named(.0))]
    InTheWay(Vec<Unlisted>),
    /// What a command that died half-way had changed could not be put back, and nothing else is
    /// changed before that.
    #[error("a command died half-way, and what it had changed cannot be put back yet")]
    NotPutBack(#[source] Box<HistoryError>),
    /// A command failed half-way, and some files could not be given back what they held.
    #[error("{source}; {}", put_back(left))]
    LeftAlone {
        /// Why it failed.
        source: Box<HistoryError>,
        /// The files.
        left: Vec<LeftAlone>,
    },
    /// A command failed half-way, and what it had changed could not be put back.
    #[error("{source}; what was changed before that cannot be put back yet: {why}")]
    LeftHalfWay {
        /// Why it failed.
        source: Box<HistoryError>,
        /// Why nothing was put back, with the causes of that.
        why: String,
    },
    /// Files that must be known could not be read.
    #[error("cannot read {}", .0.iter().map(|(path, reason)| format!("{path} ({reason})"))
        .collect::<Vec<_>>().join(", "))]
    Unreadable(Vec<(String, String)>),
    /// Only `init` has happened, or everything is undone already.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// The last operation was not an undo.
    #[error("there is nothing to redo")]
    NothingToRedo,
    /// An operation that nobody holds any more.
    #[error("the operations before this were let go of by `aiut gc --operations`")]
    OperationLetGo,
    /// A commit that only operations held, and a take of it that is gone.
    #[error("commit {} is no longer whole: {} was let go of by `aiut takes --unused --delete`",
        commit.short(), path.as_ref().map_or("a take", |path| path.as_str()))]
    TakeLetGo {
        /// The commit.
        commit: CommitId,
        /// The output, where it has it in its folder.
        path: Option<RepoPath>,
    },
    /// What a file held then is a take that is gone.
    #[error(
        "{0} cannot be brought back: that take was let go of by `aiut takes --unused --delete`"
    )]
    FileLetGo(RepoPath),
    /// An object that breaks a rule of its kind.
    #[error(transparent)]
    Object(#[from] InvalidObject),
    /// From the work tree.
    #[error(transparent)]
    WorkTree(#[from] WorkTreeError),
    /// Another process is at it.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// From the store.
    #[error(transparent)]
    Store(StoreError),
    /// The system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl HistoryError {
    /// Whether something locked is in the way.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Locked { .. })
    }

    /// What to type next, if that is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let did_you_mean = |nearest: &Option<String>| {
            nearest
                .as_ref()
                .map(|nearest| format!("did you mean {nearest}?"))
        };
        match self {
            Self::Locked { breaches, .. } => {
                let what: Vec<&str> = breaches.iter().map(|breach| breach.what.as_str()).collect();
                Some(format!(
                    "`aiut switch -c NAME` goes to a new timeline, where it can be done; `aiut approve --withdraw {}` gives the lock up",
                    what.join(" ")
                ))
            }
            Self::Unguarded { hint, .. } => hint.clone(),
            Self::NotAProject(_) => Some("`aiut init` makes this folder a project".into()),
            Self::Nested { .. } => {
                Some("commit the folder as part of the project around it".into())
            }
            Self::UnknownFormat { .. } => Some("update aiut".into()),
            Self::UnknownRevision { nearest, .. }
            | Self::NoSuchPath { nearest, .. }
            | Self::UnknownRef { nearest, .. }
                if nearest.is_some() =>
            {
                did_you_mean(nearest)
            }
            Self::UnknownRevision { .. } => {
                Some("`aiut branch` lists the timelines, `aiut tag` the tags, `aiut log` the commits".into())
            }
            Self::NoSuchPath { .. } => Some("`aiut ls` lists the files".into()),
            Self::UnknownRef { kind: "tag", .. } => Some("`aiut tag` lists the tags".into()),
            Self::UnknownRef { .. } => Some("`aiut branch` lists the timelines".into()),
            Self::InvalidRef(error) => error.nearest().map(|name| format!("call it {name}")),
            Self::RefHidden { .. } => Some("choose another name".into()),
            Self::OutsideProject { root, .. } => {
                Some(format!("aiut looks at nothing outside {}", root.display()))
            }
            Self::AmbiguousRevision { .. } => {
                Some("type more of the digits, or the full name of the ref".into())
            }
            Self::Unborn(_) => Some("`aiut commit -m MESSAGE` makes the first".into()),
            Self::WouldOverwrite(_) => {
                Some("commit them, or give --discard (`aiut undo` then brings them back)".into())
            }
            Self::ChangedSince(_) => {
                Some("commit them, or `aiut restore` them, then try again".into())
            }
            Self::InTheWay(_) | Self::WorkTree(WorkTreeError::InTheWay { .. }) => Some(
                "move it out of the way and try again: aiut writes over nothing that it cannot bring back".into(),
            ),
            Self::NotPutBack(source)
                if matches!(**source, Self::WorkTree(WorkTreeError::Journal { .. })) =>
            {
                Some("files that are missing lie in .aiut/staging; take them out, then remove .aiut/checkout".into())
            }
            Self::NotPutBack(_) | Self::LeftHalfWay { .. } => Some(
                "when the reason is gone, the next command puts it back; what only reads goes on meanwhile".into(),
            ),
            Self::LeftAlone { source, .. } => source.hint(),
            Self::RefMoved { .. }
            | Self::Store(StoreError::Conflict { .. } | StoreError::Collected(_)) => {
                Some("look at it and try again".into())
            }
            Self::Store(StoreError::HistoryEnds(_)) => {
                Some("`aiut fetch --unshallow` gets the rest of the history".into())
            }
            Self::Store(StoreError::NotHere { .. }) => Some(
                "`aiut hydrate PATH` gets it once that is mended; `aiut remote` says from where".into(),
            ),
            Self::Store(StoreError::Lost { .. }) => Some(
                "bring it back from a copy; without one, `aiut fsck --repair` goes on from what is left".into(),
            ),
            Self::Store(StoreError::Unsound { .. }) => {
                Some("`aiut fsck` says what is wrong and what mends it".into())
            }
            Self::Store(error) if error.is_for_fsck() => Some(
                "`aiut fsck` says what is missing or damaged, `aiut fsck --repair` mends what can be mended".into(),
            ),
            Self::TreeTooLarge { .. } | Self::DifferenceTooLarge { .. } => {
                Some("aiut wrote no such tree; `aiut fsck` says which commits name it".into())
            }
            Self::OtherSize { .. } => Some("`aiut fsck` says which commits name it".into()),
            Self::FileLetGo(path) => Some(format!("`aiut generate {path}` makes it again")),
            Self::OperationLetGo => Some("`aiut op log` lists what can be taken back".into()),
            Self::TakeLetGo { .. } => Some(
                "take single files out of it with `aiut restore --from`; `aiut generate` makes the take again"
                    .into(),
            ),
            Self::NoRoom { .. } => Some("free some space, or ask for less".into()),
            Self::FolderTooLarge(_) => Some(format!(
                "name what is not part of the project in {}",
                crate::worktree::IGNORE_FILE
            )),
            Self::Unreadable(_) => Some(format!(
                "make them readable, or name them in {}",
                crate::worktree::IGNORE_FILE
            )),
            _ => None,
        }
    }
}

impl From<StoreError> for HistoryError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::ReadOnly(path) => Self::ReadOnly(path),
            StoreError::UnknownFormat { path, found } => Self::UnknownFormat { path, found },
            StoreError::Lock(error) => Self::Lock(error),
            other => Self::Store(other),
        }
    }
}

fn short(id: Option<CommitId>) -> String {
    id.map_or_else(|| "nothing".to_owned(), |id| id.short())
}

/// Names the first few.
fn list(paths: &[RepoPath]) -> String {
    first(paths, RepoPath::to_string)
}

fn named(entries: &[Unlisted]) -> String {
    first(entries, |entry| {
        format!("{} ({})", entry.path, entry.reason)
    })
}

fn put_back(left: &[LeftAlone]) -> String {
    first(left, LeftAlone::to_string)
}

fn first<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    const SHOWN: usize = 10;
    let mut texts: Vec<_> = items.iter().take(SHOWN).map(text).collect();
    if items.len() > SHOWN {
        texts.push(format!("and {} more", items.len() - SHOWN));
    }
    texts.join(", ")
}

/// The timeline, tag or other name of `names` that `text` was most likely meant to be.
pub fn nearest_name<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let names: Vec<&str> = names.into_iter().collect();
    near::nearest_name(text, &names).map(str::to_owned)
}

/// The path of `names`, or folder of them, that `text` was most likely meant to be.
pub fn nearest<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let names: Vec<&str> = names.into_iter().collect();
    let found = near::nearest_path(text, &names);
    found.map(str::to_owned)
}

fn name_of(tree: Option<TreeId>) -> String {
    tree.map_or_else(
        || "no tree".to_owned(),
        |tree| format!("tree {}", tree.short()),
    )
}
