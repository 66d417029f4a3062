//! Version control for films made with AI.
//!
//! The crate is a row of rooms; `docs/architecture.md` maps them, and a test holds that what one
//! room uses lies below it.
#![deny(unsafe_code)]

pub mod base;
pub mod cli;
pub mod diff;
pub mod exchange;
pub mod film;
pub mod generate;
pub mod history;
pub mod media;
pub mod merge;
pub mod object;
pub mod pipeline;
pub mod remote;
pub mod store;
pub mod workflow;
pub mod worktree;
