//! See `tests/repository_commands.rs`.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

mod branches;
mod changes;
mod conflicts;
mod crash;
mod crosswise;
mod expire;
mod expire_at_random;
mod generated;
mod joins;
mod many;
mod meanwhile;
mod model;
mod obstacles;
mod paths;
mod recovery;
mod refusals;
mod revisions;
mod search;

mod swap;
mod transplant;
mod undo;
mod upkeep;
mod world;
