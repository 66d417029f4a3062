//! Joining two versions of a file that share an older one. Pure.

mod file;
mod json;
mod text;

pub use file::merge_file;
pub use json::{Merged, merge_json};
pub use text::{LIMIT_BYTES, merge_text};
