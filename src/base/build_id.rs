//! Which build computed what is kept between runs.

use std::fmt;

/// The digest that `build.rs` makes of the sources, the locked dependencies and the compiler.
/// Whatever code computes and a project keeps between runs, to spare the work, is kept for the
/// build that computed it: another one may come to something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildId(&'static str);

impl BuildId {
    /// From the digest, 32 hexadecimal digits.
    #[must_use]
    pub const fn new(digest: &'static str) -> Self {
        Self(digest)
    }

    /// The digest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for BuildId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}
