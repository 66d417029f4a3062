//! What a repository is made of: ids, object kinds and their one canonical encoding. Pure.

mod id;
mod path;

pub use id::*;
pub use path::*;
