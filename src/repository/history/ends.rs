//! Where the history of this copy ends: before commits that a remote has, and that were left there.

use std::sync::Arc;

use super::Result;
use crate::object::{Commit, CommitId};
use crate::store::{Promised, Store};

/// The commits that were left at a remote.
#[derive(Debug, Clone)]
pub struct Ends(Arc<Promised>);

impl Ends {
    /// Those of a store.
    ///
    /// # Errors
    /// `Store`.
    pub fn of(store: &Store) -> Result<Self> {
        Ok(Self(store.promised()?))
    }

    /// Whether a commit was left.
    #[must_use]
    pub fn has(&self, id: &CommitId) -> bool {
        self.0.commits.contains(id)
    }

    /// One of them, if there is any.
    #[must_use]
    pub fn any(&self) -> Option<CommitId> {
        self.0.commits.first().copied()
    }

    /// What a commit follows, without what was left.
    pub fn parents<'c>(&'c self, commit: &'c Commit) -> impl Iterator<Item = CommitId> + 'c {
        let parents = commit.parents.iter().copied();
        parents.filter(|parent| !self.has(parent))
    }
}
