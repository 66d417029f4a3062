//! Use cases, each joining the rooms below.

pub mod settings;
