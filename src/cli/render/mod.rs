//! Results as text.

pub(super) mod diff;
pub(super) mod graph;
