//! What the store and the folder keep when writing fails: at every step, with every kind of failure, and what
//! a power failure may leave of it. Needs the feature `failpoints`.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test that cannot set the scene has failed, and it alone reads its environment and prints its seed"
)]

#[path = "support/edits.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with other tests")]
mod edits;
#[path = "faults/mod.rs"]
mod faults;
#[path = "repository/world.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with other tests")]
mod world;
