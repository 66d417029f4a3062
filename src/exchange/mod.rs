//! Formats of other tools.

pub mod picture;
