//! Formats of other tools.

pub mod pages;
pub mod picture;
