//! Joining two versions of a file that share an older one. Pure.

mod facts;
mod file;
mod json;
mod order;
mod settle;
mod stretches;
mod text;
mod toml;

pub use file::{Check, MergedFile, Merger, merge_file};
pub use json::{Merged, merge_json, merge_json_locked};
pub use settle::{Choice, Unsettled, Versions, line_of, settle};
pub use text::{LIMIT_BYTES, MergedText, marked_text, merge_text};
pub use toml::{join_toml, settle_toml, toml_holds};

/// The side that changed; none when both did, and differently.
pub fn pick<T: PartialEq>(base: T, ours: T, theirs: T) -> Option<T> {
    if ours == theirs || theirs == base {
        Some(ours)
    } else if ours == base {
        Some(theirs)
    } else {
        None
    }
}
