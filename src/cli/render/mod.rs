//! Results as text.

pub(super) mod diff;
pub(super) mod graph;
pub(super) mod listing;
pub(super) mod log;
pub(super) mod operation;
pub(super) mod status;
