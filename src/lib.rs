//! Version control for films made with AI.
//!
//! What is below the application are crates of their own, each in a folder here: `base`,
//! `repository`, `film` and `media`. The rest is a row of rooms; `docs/architecture.md` maps them,
//! and a test holds that what one room uses lies below it.
#![deny(unsafe_code)]

pub mod cli;
pub mod diff;
pub mod exchange;
pub mod generate;
pub mod merge;
pub mod pipeline;
pub mod workflow;

pub use aiut_base as base;
pub use aiut_client as client;
pub use aiut_film as film;
pub use aiut_media as media;
pub use aiut_remote as remote;
pub use aiut_repository::{history, object, store, worktree};

/// Which build of aiut this is. What the application computes and a project keeps between runs is
/// kept for the build that computed it; see `build.rs`.
pub const BUILD: base::build_id::BuildId = base::build_id::BuildId::new(env!("AIUT_BUILD"));
