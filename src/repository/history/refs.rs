//! Which names may join the refs there are.

use super::{HistoryError, Result};
use std::collections::BTreeMap;

use crate::object::{CommitId, TAGS, TIMELINES, check_full_ref, fold_name};

/// Kinds of refs that a user makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefKind {
    /// A named line of commits.
    Timeline,
    /// A name for one commit.
    Tag,
}

impl RefKind {
    /// The word for it in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timeline => "timeline",
            Self::Tag => "tag",
        }
    }

    /// Where they live among the refs.
    #[must_use]
    pub const fn place(self) -> &'static str {
        match self {
            Self::Timeline => TIMELINES,
            Self::Tag => TAGS,
        }
    }

    /// The full name of the one called `name`.
    #[must_use]
    pub fn full(self, name: &str) -> String {
        format!("{}{name}", self.place())
    }

    /// The short names of those there are.
    pub fn names(self, refs: &BTreeMap<String, CommitId>) -> impl Iterator<Item = &str> {
        refs.keys()
            .filter_map(move |full| full.strip_prefix(self.place()))
    }
}

/// Checks that a ref of this kind may be called `name` beside these; returns its full
/// name. Each name is a file for git, so `a` and `a/b` exclude each other, as do names that some
/// file systems cannot tell apart. A word that named a timeline and a tag would always mean the one.
///
/// # Errors
/// `InvalidRef`, `RefExists`, `RefClash`, `RefHidden`.
pub fn check_new_ref(
    refs: &BTreeMap<String, CommitId>,
    kind: RefKind,
    name: &str,
) -> Result<String> {
    let full = kind.full(name);
    check_full_ref(&full)?;
    let twin = match kind {
        RefKind::Timeline => RefKind::Tag,
        RefKind::Tag => RefKind::Timeline,
    };
    if refs.contains_key(&twin.full(name)) {
        return Err(HistoryError::RefHidden {
            kind: kind.name(),
            name: name.to_owned(),
            other: twin.name(),
        });
    }
    for other in kind.names(refs) {
        let clash = |reason| {
            let (name, other) = (name.to_owned(), other.to_owned());
            Err(HistoryError::RefClash {
                name,
                other,
                reason,
            })
        };
        if other == name {
            return Err(HistoryError::RefExists {
                kind: kind.name(),
                name: name.to_owned(),
            });
        }
        let (new, old) = (fold_name(name), fold_name(other));
        if new == old {
            return clash("some systems cannot tell them apart");
        }
        let lies_in = |inner: &str, outer: &str| {
            inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if lies_in(&new, &old) || lies_in(&old, &new) {
            return clash("one would be a folder of the other");
        }
    }
    Ok(full)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::{Clock, FixedClock};
    use crate::history::{Caller, Project};
    use crate::object::{Person, ProjectId, Tree};

    #[test]
    fn names_that_cannot_stand_side_by_side_are_refused() {
        let mut refs = BTreeMap::new();
        let commit = CommitId::from_bytes([1; 32]);
        for full in ["timelines/main", "timelines/what-if/she-stays", "tags/v1"] {
            refs.insert(full.to_owned(), commit);
        }
        let check = |name| check_new_ref(&refs, RefKind::Timeline, name);
        assert_eq!(check("v2").unwrap(), "timelines/v2");
        assert_eq!(
            check("what-if/she-goes").unwrap(),
            "timelines/what-if/she-goes"
        );
        assert!(matches!(check("main"), Err(HistoryError::RefExists { .. })));
        for name in [
            "Main",
            "what-if",
            "main/2",
            "MAIN/2",
            "what-if/she-stays/x",
            "What-If",
        ] {
            assert!(
                matches!(check(name), Err(HistoryError::RefClash { .. })),
                "{name}"
            );
        }
        let hidden = check_new_ref(&refs, RefKind::Tag, "main").unwrap_err();
        assert_eq!(
            hidden.to_string(),
            "a tag cannot be called main: there is a timeline of this name"
        );
        assert!(matches!(check("v1"), Err(HistoryError::RefHidden { .. })));
        assert!(matches!(check("a..b"), Err(HistoryError::InvalidRef(_))));
    }

    #[test]
    #[allow(
        clippy::print_stdout,
        clippy::disallowed_methods,
        reason = "how it is measured is told, and packs are looked at from outside"
    )]
    fn a_commit_costs_the_same_beside_ten_timelines_and_beside_ten_thousand() {
        let mut costs = Vec::new();
        for count in [10, 10_000] {
            let folder = tempfile::tempdir().unwrap();
            let clock = FixedClock::starting_at(1_795_176_000);
            let caller = Caller {
                holder: Default::default(),
                clock: &clock,
                aftermath: Default::default(),
                guard: std::sync::Arc::new(()),
            };
            let author = Person {
                name: "Rae".into(),
                email: "rae@example.org".into(),
            };
            let project = Project::init(folder.path(), &caller, ProjectId::random()).unwrap();
            let commit = |extra: usize, n: usize| {
                let mut transaction = project.transaction(&caller).unwrap();
                let tree = transaction.batch().put(&Tree::default()).unwrap();
                let now = clock.now();
                let id = transaction
                    .commit(tree, &author, now, &n.to_string(), vec![])
                    .unwrap();
                for n in 0..extra {
                    transaction
                        .view
                        .set(&format!("timelines/version-{n}"), Some(id));
                }
                transaction.publish(&caller, vec![], None).unwrap();
            };
            commit(count, 0);
            let bytes = || -> u64 {
                let packs = std::fs::read_dir(folder.path().join(".aiut/packs")).unwrap();
                packs
                    .map(|pack| pack.unwrap().metadata().unwrap().len())
                    .sum()
            };
            let (before, start) = (bytes(), std::time::Instant::now());
            for n in 1..=20 {
                commit(0, n);
            }
            let (took, grew) = (start.elapsed() / 20, (bytes() - before) / 20);
            println!("{count} timelines: {took:?} and {grew} bytes a commit");
            costs.push(grew);
        }
        // Three or four nodes of the tree, and no more however many there are.
        assert!(costs[1] < costs[0] + 3000, "{costs:?} bytes a commit");
    }
}
