//! What can go wrong in a repository command.

use super::{BisectError, PartError, Unmerged};
use crate::history::HistoryError;
use crate::object::RepoPath;
use crate::pipeline::{Malformed, Unread};
use crate::workflow::spending::LedgerError;
use crate::worktree::{IGNORE_FILE, Unlisted};

/// So many names are listed in a hint.
const MOST_NAMES: usize = 5;

/// What the repository commands return.
pub type Result<T, E = RepositoryError> = std::result::Result<T, E>;

/// Why a repository command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    /// From the history.
    #[error(transparent)]
    History(HistoryError),
    /// A conflict would be settled by a file that no stage can read.
    #[error("{path} cannot be read: {source}")]
    Malformed {
        /// The file.
        path: RepoPath,
        /// What is wrong with it.
        source: Malformed,
    },
    /// What a file of aiut's own follows from could not be read.
    #[error(transparent)]
    Unread(Unread),
    /// A commit says why.
    #[error("the message is empty")]
    EmptyMessage,
    /// An amended commit would be the same.
    #[error("there is nothing to amend in {commit}: no file changed, and the message is the same")]
    NothingToAmend {
        /// The commit, shortened.
        commit: String,
    },
    /// An amended commit would change nothing.
    #[error("nothing would be left of {commit}: the files are as before it")]
    NothingLeft {
        /// The commit, shortened.
        commit: String,
    },
    /// No operation has an id that begins so.
    #[error("no operation is called {text:?}")]
    UnknownOperation {
        /// As asked for.
        text: String,
        /// The nearest id there is, shortened.
        nearest: Option<String>,
        /// Whether a commit is called so.
        is_commit: bool,
    },
    /// Several operations may be meant.
    #[error("{text:?} may be any of {} operations: {}", found.len(), found.join(", "))]
    AmbiguousOperation {
        /// As asked for.
        text: String,
        /// Their ids, shortened, and what was typed.
        found: Vec<String>,
    },
    /// What it makes is on no timeline yet.
    #[error(
        "a run of `aiut generate` is under way: until it ends, what it made is on no timeline, and would go too"
    )]
    RunUnderWay,
    /// What was spent could not be written down, and would be forgotten.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Nothing came before it.
    #[error("operation {0} made the project")]
    FirstOperation(String),
    /// All that it did is as before it.
    #[error("what operation {operation} did is taken back already{}",
        by.as_ref().map_or_else(String::new, |by| format!(", by {by}")))]
    TakenBack {
        /// The operation, shortened.
        operation: String,
        /// The operation that took it back, shortened.
        by: Option<String>,
    },
    /// What an operation did was built upon, so that it cannot be taken back alone.
    #[error("{what} moved since operation {operation}{}",
        by.as_ref().map_or_else(String::new, |by| format!(", by {by}")))]
    BuiltUpon {
        /// The operation, shortened.
        operation: String,
        /// `timeline main`, `tag v1`, `HEAD`.
        what: String,
        /// The operation that moved it first, shortened, and what was typed.
        by: Option<String>,
        /// The commit that it made, shortened, if it did nothing else.
        commit: Option<String>,
        /// The operation before it, shortened.
        before: Option<String>,
    },
    /// Files that an operation changed are not as it left them: somebody edited them, or a later
    /// operation did.
    #[error("files were changed since operation {operation}: {}",
        paths.iter().map(RepoPath::as_str).collect::<Vec<_>>().join(", "))]
    ChangedAgain {
        /// The operation, shortened.
        operation: String,
        /// The operation before it, shortened.
        before: String,
        /// The files.
        paths: Vec<RepoPath>,
    },
    /// Another process switched to another timeline while this one worked.
    #[error("the project was switched to {to} meanwhile")]
    SwitchedMeanwhile {
        /// The timeline or commit it stands on now.
        to: String,
    },
    /// One cannot remove what one stands on.
    #[error("timeline {0} is the current one")]
    CurrentTimeline(String),
    /// Its commits would be out of reach.
    #[error("timeline {name} has commits that are on no other timeline: {work}")]
    NotMerged {
        /// The timeline.
        name: String,
        /// What would be lost.
        work: Box<Unmerged>,
    },
    /// A commit without a timeline of its name.
    #[error("{0:?} is a commit, not a timeline")]
    NotATimeline(String),
    /// A folder where a file was asked for.
    #[error("{path} is a folder")]
    IsAFolder {
        /// As asked for.
        path: String,
    },
    /// A commit with several parents has no single change.
    #[error(
        "commit {commit} is a merge of {}: say from which of them its change is meant",
        parents.join(" and ")
    )]
    JoinsTimelines {
        /// The commit, shortened.
        commit: String,
        /// What it joins, shortened.
        parents: Vec<String>,
    },
    /// Two commits that nothing joins.
    #[error("{theirs} and {ours} have no commit in common")]
    Unrelated {
        /// The current commit, shortened.
        ours: String,
        /// The other one, as asked for.
        theirs: String,
    },
    /// Neither has all of the other, and only moving on was asked for.
    #[error("both went on: {ours} and {theirs} each have commits that the other does not have")]
    BothWentOn {
        /// The current timeline, as text shows it.
        ours: String,
        /// The other one, as asked for.
        theirs: String,
    },
    /// Both versions still stand in the file.
    #[error("marks of conflicts are left: {}", .0.iter().map(|(path, marks)| {
        let marks: Vec<_> = marks.iter().map(u32::to_string).collect();
        format!("{path} ({})", marks.join(", "))
    }).collect::<Vec<_>>().join(", "))]
    StillMarked(Vec<(RepoPath, Vec<u32>)>),
    /// The last operation was no merge.
    #[error("the last operation was `{command}`, not a merge")]
    NoMergeToAbort {
        /// What was typed.
        command: String,
    },
    /// A commit has fewer parents than that.
    #[error("commit {commit} has no parent {number}: it has {}", match count {
        0 => "none, it is a first commit".to_owned(),
        1 => "only one".to_owned(),
        count => format!("{count}"),
    })]
    NoSuchParent {
        /// The commit, shortened.
        commit: String,
        /// The number that was asked for.
        number: usize,
        /// How many it has.
        count: usize,
    },
    /// Files that a command would change hold something that is in no commit.
    #[error("{} not committed and would be changed: {}",
        if .0.len() == 1 { "a file is" } else { "files are" },
        .0.iter().map(RepoPath::as_str).collect::<Vec<_>>().join(", "))]
    Uncommitted(Vec<RepoPath>),
    /// What was named is no file of the project, and why.
    #[error("{}", .0.iter().map(|entry| format!("{} is not kept: {}", entry.path, entry.reason))
        .collect::<Vec<_>>().join("; "))]
    NotKept(Vec<Unlisted>),
    /// A file that an earlier commit has.
    #[error("the last commit has no {path}; {commit} was the last that had it")]
    Gone {
        /// As asked for.
        path: String,
        /// The commit, shortened.
        commit: String,
    },
    /// Files that no conflict is open for.
    #[error("{} not in conflict", match .0.as_slice() {
        [path] => format!("{path} is"),
        paths => format!("{} are", paths.iter().map(RepoPath::as_str).collect::<Vec<_>>().join(", ")),
    })]
    NotInConflict(Vec<RepoPath>),
    /// A part of a file where nothing is in conflict.
    #[error("{path} is not in conflict at #{part}")]
    NoSuchPlace {
        /// The file, which is in conflict.
        path: RepoPath,
        /// As asked for.
        part: String,
        /// What names the places that are.
        there: Vec<String>,
    },
    /// Neither version of a place is found in the file any more.
    #[error("{place} was edited since: neither version stands there as it was")]
    EditedThere {
        /// Its name.
        place: String,
    },
    /// Both versions cannot stand there.
    #[error("{place} can hold one version only")]
    OneVersionOnly {
        /// The name of the place, or the file.
        place: String,
    },
    /// No file is in conflict.
    #[error("no file is in conflict")]
    NothingInConflict,
    /// Nothing was named.
    #[error("no path was named")]
    NoPath,
    /// A part of a file is not there, or the file has no such parts.
    #[error(transparent)]
    Part(PartError),
    /// There is nothing to halve.
    #[error(transparent)]
    Bisect(#[from] BisectError),
    /// What follows one file was asked of several, or of a folder.
    #[error("{what} follows one file, {}", match paths.as_slice() {
        [] => "and none is named".to_owned(),
        [path] => format!("and {path} is a folder"),
        paths => format!("and several are named: {}", paths.join(", ")),
    })]
    OneFile {
        /// The option.
        what: &'static str,
        /// As asked for.
        paths: Vec<String>,
    },
}

impl RepositoryError {
    /// All that could be typed next.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let (commit, before) = match self {
            Self::BuiltUpon { commit, before, .. } => (commit, before),
            Self::ChangedAgain { before, .. } => {
                return vec![
                    "your own edits: commit or `aiut restore` them, then try again".into(),
                    "what a later command did: `aiut undo` takes that back first".into(),
                    format!("`aiut op restore {before}` takes back all that came after it too"),
                ];
            }
            _ => return self.hint().into_iter().collect(),
        };
        let revert = commit
            .as_ref()
            .map(|commit| format!("`aiut revert {commit}` takes back its change in a new commit"));
        let restore = before.as_ref().map(|before| {
            format!("`aiut op restore {before}` takes back all that came after it too")
        });
        revert.into_iter().chain(restore).collect()
    }

    /// What to type next, if that is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::History(error) => error.hint(),
            Self::Unread(error) => error.hint(),
            Self::Ledger(error) => error.hint(),
            Self::Malformed { .. } => {
                Some("mend it and try again, or settle it with `--ours` or `--theirs`".into())
            }
            Self::RunUnderWay => Some("try again when it has ended".into()),
            Self::EmptyMessage => Some("`aiut commit -m MESSAGE`".into()),
            Self::NothingToAmend { .. } => {
                Some("`aiut commit --amend -m MESSAGE` gives it another message".into())
            }
            Self::NothingLeft { commit } => Some(format!(
                "`aiut revert {commit}` takes back a commit; `aiut undo` the last operation"
            )),
            Self::UnknownOperation {
                text,
                is_commit: true,
                ..
            } => Some(format!(
                "that is a commit: `aiut revert {text}` takes back what it changed"
            )),
            Self::UnknownOperation {
                nearest: Some(near),
                ..
            } => Some(format!("did you mean {near}? `aiut op log` lists them")),
            Self::UnknownOperation { .. } => Some("`aiut op log` lists them".into()),
            Self::AmbiguousOperation { .. } => Some("type more of the digits".into()),
            Self::TakenBack { .. } => Some("`aiut op log` shows what was done since".into()),
            Self::BuiltUpon { .. } | Self::ChangedAgain { .. } => self.hints().into_iter().next(),
            Self::SwitchedMeanwhile { .. } => Some("look at `aiut status` and try again".into()),
            Self::CurrentTimeline(_) => Some("`aiut switch` to another one first".into()),
            Self::NotMerged { name, .. } => Some(format!(
                "`aiut branch -D {name}` deletes it all the same; `aiut undo` brings it back"
            )),
            Self::NotATimeline(name) => Some(format!(
                "`aiut switch --detach {name}` to look at it, `aiut switch -c NAME {name}` to go on from it"
            )),
            Self::IsAFolder { path } => Some(format!("`aiut ls {path}` lists it")),
            Self::JoinsTimelines { commit, .. } => Some(format!(
                "`--mainline 1` means what it brought into its first parent; \
                 `aiut log {commit}^1..{commit}` lists the commits that it brought in"
            )),
            Self::BothWentOn { .. } => {
                Some("the same command without `--ff-only` joins them in a commit".into())
            }
            Self::StillMarked(_) => Some(
                "take out the notes [[conflict …]] and the version that goes, then try again"
                    .into(),
            ),
            Self::Unrelated { theirs, .. } => Some(format!(
                "`aiut restore --from {theirs} PATH` takes files over from there"
            )),
            Self::NoMergeToAbort { .. } => Some(
                "`aiut op log` lists what was done, `aiut undo OPERATION` takes one back".into(),
            ),
            Self::NoSuchParent { commit, .. } => {
                Some(format!("`aiut show {commit}` names its parents"))
            }
            Self::NotInConflict(_) => Some("`aiut resolve` lists the files that are".into()),
            Self::NoSuchPlace { path, there, .. } if there.is_empty() => Some(format!(
                "one version of it has to be chosen: `aiut resolve {path} --ours` or `--theirs`"
            )),
            Self::NoSuchPlace { there, .. } => {
                let first: Vec<_> = there.iter().take(MOST_NAMES).map(String::as_str).collect();
                let more = if there.len() > MOST_NAMES {
                    ", …"
                } else {
                    ""
                };
                Some(format!(
                    "it is at {}{more}; `aiut resolve` lists them all",
                    first.join(", ")
                ))
            }
            Self::EditedThere { place } => Some(format!(
                "`aiut resolve {place} --edited` takes it as it stands in the folder"
            )),
            Self::OneVersionOnly { place } => Some(format!(
                "`aiut resolve {place} --ours` or `--theirs`, or edit the file and `--edited`"
            )),
            Self::Uncommitted(_) => {
                Some("commit them, or `aiut restore` them, then try again".into())
            }
            Self::NotKept(entries) => entries
                .iter()
                .any(|entry| entry.reason.contains(IGNORE_FILE))
                .then(|| format!("a rule that begins with ! takes it back in {IGNORE_FILE}")),
            Self::Gone { commit, .. } => {
                Some(format!("`aiut restore --from {commit}` with the same path"))
            }
            Self::Part(error) => error.hints().into_iter().next(),
            Self::Bisect(error) => Some(error.hint().to_owned()),
            Self::OneFile { what, .. } => {
                Some(format!("name one: `aiut log {what} … script.fountain`"))
            }
            Self::FirstOperation(_) | Self::NothingInConflict | Self::NoPath => None,
        }
    }
}

impl From<PartError> for RepositoryError {
    fn from(error: PartError) -> Self {
        Self::Part(error)
    }
}

impl<E: Into<HistoryError>> From<E> for RepositoryError {
    fn from(error: E) -> Self {
        Self::History(error.into())
    }
}
