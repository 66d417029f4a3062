//! Releases of aiut, as packs name them: the lowest that can read a pack.

use std::fmt;

/// A release: major, minor, patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(pub(super) [u8; 3]);

/// The newest release whose packs this aiut reads. It rises when packs may hold what an older aiut must not
/// pass over; the index is then made anew, so that the older one meets these packs and refuses them.
pub(super) const READABLE: Release = Release([0, 1, 0]);
/// The lowest release that reads the packs which this aiut writes.
pub(super) const WRITTEN: Release = READABLE;

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_needs_no_release_that_is_not_there_yet() {
        let parts: Vec<u8> = env!("CARGO_PKG_VERSION")
            .split('.')
            .map(|part| part.parse().expect("a number"))
            .collect();
        let this = Release(parts.try_into().expect("three numbers"));
        assert!(
            WRITTEN <= READABLE && READABLE <= this,
            "{READABLE} of {this}"
        );
        assert!(Release([0, 9, 9]) < Release([0, 10, 0]));
        assert_eq!(Release([1, 20, 3]).to_string(), "1.20.3");
    }
}
