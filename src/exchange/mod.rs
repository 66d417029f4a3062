//! Formats of other tools.
