//! What a user sees: the built program, run in a world of its own.

#[path = "cli/mod.rs"]
mod cli;
