//! Campaigns against the built program: killed at any moment, many at once, on a full disk.
//!
//! `AIUT_CAMPAIGN` says how many rounds, `AIUT_SEED` which ones; `docs/reliability.md` tells what
//! each one shows.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test that cannot set the scene has failed, and it alone reads its environment and prints its seed"
)]

#[path = "campaigns/mod.rs"]
mod campaigns;
#[path = "support/edits.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with other tests")]
mod edits;
#[path = "cli/world.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod world;
