//! What a user sees: the built program, run in a world of its own.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot set the scene has failed, and it alone reads its environment"
)]

#[path = "cli/mod.rs"]
mod cli;
#[path = "support/edits.rs"]
#[allow(unreachable_pub, reason = "shared with other tests")]
mod edits;
