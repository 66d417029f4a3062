//! Who holds what: timelines, tags and operations, and what was let go of.
//!
//! ```text
//! refs of the current operation   hold all that they lead to
//! operations that stay            hold it too, but for takes that were let go of later
//! operations that are let go of   hold nothing
//! ```
//! What is let go of says the [`Expiry`] of the current operation. It is told by the numbers that
//! operations carry; of those that are gone, all that others name are listed in it. Operations of other
//! projects hold nothing here.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use crate::object::{
    CommitId, Expiry, FileId, GenerationId, Head, Operation, OperationId, Reference, View,
};
use crate::store::{Catalogue, StoreError, refs_of};

/// What holds something in a project, by its packs.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Commits that timelines, tags, remotes and HEAD stand on.
    refs: Vec<Reference>,
    /// The current operation; named where it is missing, too: that is damage.
    head: Option<OperationId>,
    /// Every operation of this project that is stored, with its number where it can be read.
    operations: Vec<(OperationId, Option<u64>)>,
    numbers: HashMap<OperationId, u64>,
    /// What is let go of.
    pub expiry: Expiry,
}

/// What some operations no longer hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Spared {
    generations: HashSet<GenerationId>,
    files: HashSet<FileId>,
}

impl Spared {
    pub(super) fn has(&self, arrow: &Reference) -> bool {
        match arrow {
            Reference::File(id) => self.files.contains(id),
            Reference::Object(crate::object::ObjectKind::Generation, id) => {
                self.generations.contains(&GenerationId::from_bytes(*id))
            }
            _ => false,
        }
    }
}

/// Operations that hold the same.
pub(super) struct Phase {
    pub(super) roots: Vec<Reference>,
    pub(super) spared: Spared,
}

impl Standing {
    /// That of a project. Where the current operation cannot be read, what the last one that can be
    /// says is let go of.
    ///
    /// # Errors
    /// An I/O error.
    pub fn of(catalogue: &Catalogue) -> Result<Self, StoreError> {
        let mut operations = own_operations(catalogue)?;
        operations.sort_unstable_by_key(|(id, number)| (Reverse(*number), *id));
        let numbered = operations.iter();
        let numbers = numbered.filter_map(|(id, number)| Some((*id, (*number)?)));
        let mut standing = Self {
            refs: Vec::new(),
            head: catalogue.head(),
            numbers: numbers.collect(),
            operations,
            expiry: Expiry::default(),
        };
        let others = standing.operations.iter().map(|(id, _)| *id);
        let mut newest = standing.head.into_iter().chain(others);
        let read = newest.find_map(|id| read(catalogue, id).transpose());
        if let Some((view, refs, expiry)) = read.transpose()? {
            let detached = match view.head {
                Head::Detached(commit) => Some(commit),
                Head::Timeline(_) => None,
            };
            let commits = refs.into_values().chain(detached);
            let commits = commits.map(Reference::to::<crate::object::Commit>);
            standing.refs.extend(commits);
            standing.expiry = expiry;
        }
        Ok(standing)
    }

    /// The same, with something else let go of.
    #[must_use]
    pub fn with(&self, expiry: Expiry) -> Self {
        Self {
            expiry,
            ..self.clone()
        }
    }

    /// What timelines, tags, remotes and HEAD stand on.
    #[must_use]
    pub fn refs(&self) -> &[Reference] {
        &self.refs
    }

    /// The current operation.
    #[must_use]
    pub fn head(&self) -> Option<OperationId> {
        self.head
    }

    /// Whether operations are stored, and all of them are of other projects: the project's own id is not
    /// what it was, or its packs are gone.
    #[must_use]
    pub fn is_foreign(&self, catalogue: &Catalogue) -> bool {
        self.operations.is_empty() && !catalogue.operations().is_empty()
    }

    /// The number of an operation of this project that is stored.
    #[must_use]
    pub fn number(&self, operation: &OperationId) -> Option<u64> {
        self.numbers.get(operation).copied()
    }

    /// Whether an operation is let go of.
    #[must_use]
    pub fn is_past(&self, operation: &OperationId) -> bool {
        let number = self.number(operation);
        number.is_some_and(|number| number < self.expiry.before) || self.expiry.ends_at(operation)
    }

    /// The operations that are stored and not let go of, the last first.
    pub fn operations(&self) -> impl Iterator<Item = OperationId> {
        let ids = self.operations.iter().map(|(id, _)| *id);
        ids.filter(|id| !self.is_past(id))
    }

    /// Who is to be followed in turn. Each phase holds less than the one before.
    pub(super) fn phases(&self) -> Vec<Phase> {
        let mut phases = vec![Phase {
            roots: self.refs.clone(),
            spared: Spared::default(),
        }];
        let takes = &self.expiry.takes;
        let ends: BTreeSet<u64> = takes.iter().map(|take| take.until).collect();
        let mut spared = Spared::default();
        let mut left: Vec<(OperationId, Option<u64>)> = self
            .operations
            .iter()
            .filter(|(id, _)| !self.is_past(id))
            .copied()
            .collect();
        for until in ends.into_iter().rev().map(Some).chain([None]) {
            // One whose number is not known holds all that it leads to.
            let is_later = |number: Option<u64>| match (until, number) {
                (Some(until), Some(number)) => number > until,
                _ => true,
            };
            let (later, earlier) = left.into_iter().partition(|(_, n)| is_later(*n));
            left = earlier;
            let roots: Vec<(OperationId, Option<u64>)> = later;
            phases.push(Phase {
                roots: roots
                    .into_iter()
                    .map(|(id, _)| Reference::to::<Operation>(id))
                    .collect(),
                spared: spared.clone(),
            });
            for take in takes.iter().filter(|take| Some(take.until) == until) {
                spared.generations.insert(take.generation);
                spared.files.extend(&take.outputs);
            }
        }
        if let Some(last) = phases.last_mut() {
            last.roots.extend(self.head.map(Reference::to::<Operation>));
        }
        phases
    }
}

/// The operations of this project, with their numbers; one that cannot be read may be of it.
fn own_operations(catalogue: &Catalogue) -> Result<Vec<(OperationId, Option<u64>)>, StoreError> {
    let read = |id| match catalogue.get::<Operation>(id) {
        Ok(operation) if operation.project != catalogue.project() => Ok(None),
        Ok(operation) => Ok(Some((id, Some(operation.number)))),
        Err(error) if error.is_loss() => Ok(Some((id, None))),
        Err(error) => Err(error),
    };
    let operations = catalogue.operations().into_par_iter().map(read);
    let operations: Vec<_> = operations.collect::<Result<_, _>>()?;
    Ok(operations.into_iter().flatten().collect())
}

type Read = (View, BTreeMap<String, CommitId>, Expiry);

/// The refs after an operation, and what is let go of; none where it cannot be read.
fn read(catalogue: &Catalogue, id: OperationId) -> Result<Option<Read>, StoreError> {
    let read = || -> Result<_, StoreError> {
        let operation = catalogue.get::<Operation>(id)?;
        let expiry = operation.expiry.map(|id| catalogue.get::<Expiry>(id));
        let view = catalogue.get::<View>(operation.view)?;
        let refs = refs_of(catalogue, &view)?;
        Ok((view, refs, expiry.transpose()?.unwrap_or_default()))
    };
    match read() {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.is_loss() => Ok(None),
        Err(error) => Err(error),
    }
}
