//! How far work is, told to whoever cares to show it.

use super::film::StageDone;
pub use crate::base::progress::{Progress, Silent, Unit};

/// Hears how a run of `generate` goes, as it goes.
pub trait Watch: Sync {
    /// `what` is being made. Of the time that the whole run was expected to take, `done` of `total`
    /// milliseconds are behind it, and `left` are still to go, as far as the run itself has shown.
    fn at(&self, what: &str, done: u64, total: u64, left: u64);

    /// All that a stage had to do is done.
    fn finished(&self, row: &StageDone);
}

impl Watch for Silent {
    fn at(&self, _what: &str, _done: u64, _total: u64, _left: u64) {}
    fn finished(&self, _row: &StageDone) {}
}
