//! Joining two versions of a file that share an older one. Pure.

mod json;

pub use json::{Merged, merge_json};
