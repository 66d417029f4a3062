//! Commits, timelines, revisions and the operation log.
//!
//! ```text
//! Project      the folder: its store, its work tree, its lock
//! FlatTree     path → entry, to and from the nested trees that are stored
//! Survey       what the folder holds, beside what the current commit says
//! Transaction  refs and files changed together, published as one operation
//! ```
//! Every command that moves a ref or a file of the work tree is one [`Transaction`]: it holds the
//! work tree's lock, changes the files (all or none), publishes one operation, and is over. Undo
//! and redo are operations too: nothing is ever taken out of the log.

mod affected;
mod apart;
mod ends;
mod error;
mod expiry;
mod extent;
mod flat;
mod guard;
mod heads;
mod log;
mod oplog;
mod plan;
mod project;
mod reach;
mod refs;
mod revision;
mod room;
mod standing;
mod survey;
mod transaction;
mod tree;
mod versions;
mod when;

pub use affected::{Affected, Broken, affected};
pub use apart::apart;
pub use ends::Ends;
pub use error::{HistoryError, Result};
pub use error::{nearest, nearest_name};
pub use expiry::{
    ALWAYS_KEPT, Returned, current_expiry, ends_of, expiry_after, give_back, gone_files,
    kept_operations, run_if_kept,
};
pub use extent::{Excess, MAX_ENTRIES, MAX_PATH_BYTES, TreeWalk};
pub use flat::{apply_edits, files_of};
pub use guard::{Breach, Change as HeldChange, Guard, Moved};
pub use heads::head_before;
pub use log::{
    Logged, Selection, common, is_ancestor, log, log_lines, log_without, merge_base, merge_bases,
    standing_on,
};
pub use oplog::{LoggedOperation, operations, operations_and_end, redo_target, undo_target};
pub use plan::{CheckoutPlan, Step, Steps, plan_changes, plan_checkout};
pub use project::{Aftermath, Caller, Interrupted, Project};
pub use reach::{Reached, Search, arrow_to, reach, reach_all};
pub use refs::{RefKind, check_new_ref};
pub use revision::{Resolved, Revision, Span, is_relative};
pub use standing::Standing;
pub use survey::{Changes, Renamed, Survey};
pub use transaction::Transaction;
pub use tree::{
    FileEntry, FlatTree, TreeChange, change_tree, diff_trees, edit_tree, entry_at, read_tree,
    write_tree,
};
pub use versions::{Version, versions};
pub use when::{parse_older, parse_since, parse_when};
