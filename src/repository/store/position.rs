//! Where a project stands: HEAD, and the refs, of which only those are read that are asked for.

use std::collections::BTreeMap;

use super::{Batch, Catalogue, Result, Store, StoreError};
use crate::object::{
    self, CommitId, Head, InvalidObject, Later, ObjectKind, RefDifferences, RefMoves, RefNodes,
    Refs, RefsId, TIMELINES, View, ViewId,
};

/// HEAD and every ref at one moment.
/// Two are equal if they were come by alike; [`Position::is`] compares what they say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Position {
    head: Head,
    /// The commit that HEAD stands on.
    commit: Option<CommitId>,
    /// The stored tree of refs; none before the first operation.
    refs: Option<RefsId>,
    /// What is to be otherwise than in it.
    moved: RefMoves,
    later: Later,
}

impl RefNodes for Store {
    type Error = StoreError;

    fn node(&self, id: RefsId) -> Result<Refs> {
        self.get::<Refs>(id)
    }

    fn broken(&self, id: RefsId, what: String) -> StoreError {
        let source = InvalidObject::Rule(what);
        StoreError::of_object(self.folder(), ObjectKind::Refs, id.to_string(), source)
    }
}

impl RefNodes for Catalogue {
    type Error = StoreError;

    fn node(&self, id: RefsId) -> Result<Refs> {
        self.get::<Refs>(id)
    }

    fn broken(&self, id: RefsId, what: String) -> StoreError {
        let source = InvalidObject::Rule(what);
        self.invalid(
            super::RecordId::of_object(ObjectKind::Refs, *id.as_bytes()),
            source,
        )
    }
}

impl Position {
    /// That of a view.
    ///
    /// # Errors
    /// What is missing or damaged of it.
    pub fn read(store: &Store, view: ViewId) -> Result<Self> {
        let View { head, refs, later } = store.get::<View>(view)?;
        let mut position = Self {
            head: Head::default(),
            commit: None,
            refs: Some(refs),
            moved: RefMoves::new(),
            later,
        };
        position.stand_on(store, head)?;
        Ok(position)
    }

    /// What the work tree stands on.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The commit that the work tree stands on; none before the first.
    #[must_use]
    pub fn head_commit(&self) -> Option<CommitId> {
        self.commit
    }

    /// Puts HEAD on a timeline or a commit.
    ///
    /// # Errors
    /// What is missing or damaged of the refs.
    pub fn stand_on(&mut self, store: &Store, head: Head) -> Result<()> {
        self.commit = match &head {
            Head::Timeline(name) => self.get(store, &format!("{TIMELINES}{name}"))?,
            Head::Detached(commit) => Some(*commit),
        };
        self.head = head;
        Ok(())
    }

    /// Moves what HEAD stands on to `commit`: the timeline, or HEAD itself where it has none.
    pub fn advance(&mut self, commit: CommitId) {
        match &mut self.head {
            Head::Timeline(name) => {
                let full = format!("{TIMELINES}{name}");
                self.set(&full, Some(commit));
            }
            Head::Detached(at) => {
                *at = commit;
                self.commit = Some(commit);
            }
        }
    }

    /// The commit of the ref with this full name.
    ///
    /// # Errors
    /// What is missing or damaged of the refs.
    pub fn get(&self, store: &Store, full: &str) -> Result<Option<CommitId>> {
        match (self.moved.get(full), self.refs) {
            (Some(moved), _) => Ok(*moved),
            (None, Some(refs)) => object::find_ref(store, refs, full),
            (None, None) => Ok(None),
        }
    }

    /// Puts the ref with this full name on a commit, or takes it away.
    pub fn set(&mut self, full: &str, to: Option<CommitId>) {
        if let Head::Timeline(name) = &self.head
            && full.strip_prefix(TIMELINES) == Some(name)
        {
            self.commit = to;
        }
        self.moved.insert(full.to_owned(), to);
    }

    /// Every ref by its full name.
    ///
    /// # Errors
    /// What is missing or damaged of them.
    pub fn refs(&self, store: &Store) -> Result<BTreeMap<String, CommitId>> {
        let mut refs = match self.refs {
            Some(refs) => object::all_refs(store, refs)?,
            None => BTreeMap::new(),
        };
        for (name, to) in &self.moved {
            match to {
                Some(commit) => refs.insert(name.clone(), *commit),
                None => refs.remove(name),
            };
        }
        Ok(refs)
    }

    /// Refs that stand elsewhere in `after` than here, with both places.
    ///
    /// # Errors
    /// What is missing or damaged of them.
    pub fn differing(&self, after: &Self, store: &Store) -> Result<RefDifferences> {
        let stored = |side: &Self| side.refs.filter(|_| side.moved.is_empty());
        if let (Some(a), Some(b)) = (stored(self), stored(after)) {
            return object::differing_refs(store, a, b);
        }
        let (before, mut after) = (self.refs(store)?, after.refs(store)?);
        let mut found = RefDifferences::new();
        for (name, stood) in before {
            let stands = after.remove(&name);
            if stands != Some(stood) {
                found.insert(name, (Some(stood), stands));
            }
        }
        found.extend(
            after
                .into_iter()
                .map(|(name, stands)| (name, (None, Some(stands)))),
        );
        Ok(found)
    }

    /// Refs that would stand elsewhere in `after`, with both places. Where that grew out of this one, no other
    /// ref is looked at.
    ///
    /// # Errors
    /// What is missing or damaged of them.
    pub fn moves_to(&self, after: &Self, store: &Store) -> Result<RefDifferences> {
        if !self.moved.is_empty() || self.refs != after.refs {
            return self.differing(after, store);
        }
        let mut found = RefDifferences::new();
        for (name, to) in &after.moved {
            let from = self.get(store, name)?;
            if from != *to {
                found.insert(name.clone(), (from, *to));
            }
        }
        Ok(found)
    }

    /// Whether HEAD and every ref are the same.
    ///
    /// # Errors
    /// What is missing or damaged of the refs.
    pub fn is(&self, other: &Self, store: &Store) -> Result<bool> {
        let same = self.head == other.head && self.later == other.later;
        Ok(same && self.tree(store)? == other.tree(store)?)
    }

    /// The id that the tree of its refs has, stored or not.
    fn tree(&self, store: &Store) -> Result<RefsId> {
        let invalid =
            |source| StoreError::of_object(store.folder(), ObjectKind::Refs, String::new(), source);
        object::move_refs(store, self.refs, &self.moved, &mut |node| {
            object::id_of(node).map_err(invalid)
        })
    }

    /// Stores it. Of the refs, that is what lies on the way to those that moved.
    ///
    /// # Errors
    /// What is missing or damaged of them, or an I/O error.
    pub fn put(&self, batch: &Batch<'_>) -> Result<ViewId> {
        let refs = match self.refs {
            Some(refs) if self.moved.is_empty() => refs,
            _ => object::move_refs(batch.store, self.refs, &self.moved, &mut |node| {
                batch.put(node)
            })?,
        };
        batch.put(&View {
            head: self.head.clone(),
            refs,
            later: self.later.clone(),
        })
    }
}

/// Every ref of a view, by the packs alone.
///
/// # Errors
/// What is missing or damaged of them.
pub fn refs_of(catalogue: &Catalogue, view: &View) -> Result<BTreeMap<String, CommitId>> {
    object::all_refs(catalogue, view.refs)
}
