//! The plain repository commands: what `init`, `status`, `commit`, `log`, `show`, `branch`,
//! `switch`, `tag`, `restore`, `merge`, `rebase`, `revert`, `cherry-pick`, `resolve`, `undo`, `redo`, `op`, `cat`, `ls`, `fsck`, `gc` and `du`
//! do, told as plain data.
//!
//! Nothing here prints or reads the environment: a [`Caller`](crate::history::Caller) says who
//! acts and what time it is. Whatever changes refs or files is one operation, all or nothing.

/// Where runs put what they are making, in the `.aiut` folder.
pub(crate) const SCRATCH: &str = "scratch";
/// Shared by every run that has something there.
pub(crate) const SCRATCH_LOCK: &str = "scratch.lock";

mod amend;
mod bisect;
mod branch;
mod commit;
mod conflicts;
mod data;
mod du;
mod error;
mod expire;
mod follow;
mod fsck;
mod gc;
mod generated;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_size;
mod init;
mod inspect;
mod join;
mod log;
mod merge;
mod own;
mod part;
mod pattern;
mod places;
mod rebase;
mod recognise;
mod renamed;
mod reopened;
mod report;
mod resolve;
mod restore;
mod runs;
mod scope;
mod settle;
mod snapshot;
mod status;
mod switch;
mod tag;
mod transplant;
mod undo;
mod unmerged;

pub use amend::{AmendRequest, amend, last_commit};
pub use bisect::{
    BisectError, BisectReport, BisectStep, Verdict, bisect_end, bisect_mark, bisect_missing,
    bisect_now, bisect_start,
};
pub use branch::{
    DeletedTimelines, RenamedTimeline, TimelineReport, create_timeline, current, delete_timelines,
    remote_timelines, rename_timeline, timelines,
};
pub use commit::{CommitOutcome, CommitRequest, clean_message, commit};
pub use conflicts::OpenConflict;
pub use du::{DuReport, KindUse, OLD_DAYS, TimelineUse, du};
pub use error::{RepositoryError, Result};
pub use expire::{Loss, OldOperations, Unused, let_go_of_operations, old_operations, unused_takes};
pub use follow::Followed;
pub use fsck::{FsckAffected, FsckFinding, FsckReport, FsckRequest, MendReport, fsck};
pub(crate) use gc::clear_scratch;
pub use gc::{DEFAULT_GRACE_DAYS, GcReport, GcRequest, gc, gc_with_operations, let_go_of_copies};
pub use generated::{
    GeneratedEntry, GeneratedOutcome, GeneratedRequest, KeptEdit, commit_acceptances,
    commit_generated,
};
pub use init::{InitOutcome, init};
pub use inspect::{FileReport, cat, ls};
pub(super) use join::{is_script, join_files};
pub use log::{Log, LogEntry, LogOptions, LogRequest, ShowReport, log, log_followed, show};
pub(in crate::workflow) use merge::merge_with;
pub use merge::{MergeKind, MergeOutcome, MergeRequest, abort_merge, merge, plan_merge};
pub use own::OwnFiles;
pub use part::PartError;
pub use pattern::{NoPattern, Pattern};
pub use places::{NotAPart, Part, Parts};
pub use rebase::{RebaseOutcome, rebase};
pub(in crate::workflow) use report::tree_of;
pub use report::{CommitReport, HeadReport, OperationReport};
pub use resolve::{
    ResolveOutcome, ResolveRequest, Settlement, conflicts, resolve, supposing_ours,
    version_of_conflict,
};
pub use restore::{RestoreOutcome, restore};
pub use runs::GenerationReport;
pub(in crate::workflow) use runs::{cost as cost_of_runs, runs};
pub use scope::{Scope, locate};
pub use snapshot::{StoredWorkTree, snapshot};
pub use status::{Edits, LeftOut, StatusReport, status, status_with_edits};
pub(in crate::workflow) use switch::go;
pub use switch::{SwitchOutcome, SwitchTarget, switch};
pub use tag::{DeletedTags, TagReport, create_tag, delete_tags, tags};
pub use transplant::{Collision, TransplantOutcome, cherry_pick, revert};
pub use undo::{
    ReturnedReport, UndoOutcome, op_log, op_log_and_end, op_restore, redo, undo, undo_operation,
};
pub use unmerged::Unmerged;
