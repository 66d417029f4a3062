//! Results as text.

pub(super) mod diff;
