//! How far long work is, told to whoever cares to show it.

/// Hears how far a use case is. Work is told in steps: files, shots, bytes.
pub trait Progress: Sync {
    /// A part of the work begins, of so many steps where that is known.
    fn start(&self, what: &str, total: Option<u64>);
    /// So many more steps are done.
    fn advance(&self, by: u64);
    /// The part is done.
    fn finish(&self);
}

/// Shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _what: &str, _total: Option<u64>) {}
    fn advance(&self, _by: u64) {}
    fn finish(&self) {}
}
