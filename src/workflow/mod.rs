//! Use cases, each joining the rooms below.

pub mod progress;
pub mod settings;
