//! Results as text.

pub(super) mod bisect;
pub(super) mod blame;
pub(super) mod commit;
pub(super) mod conflicts;
pub(super) mod diff;
pub(in crate::cli) mod explain;
pub(in crate::cli) mod film;
pub(super) mod graph;
pub(in crate::cli) mod hooks;
pub(super) mod listing;
pub(super) mod log;
pub(in crate::cli) mod merge;
pub(super) mod note;
pub(super) mod operation;
pub(super) mod rows;
pub(in crate::cli) mod sharing;
pub(super) mod status;
pub(in crate::cli) mod takes;
pub(super) mod timeline;
pub(in crate::cli) mod timelines;
pub(super) mod transplant;
pub(super) mod trust;
pub(super) mod upkeep;
pub(super) mod why;
