//! What was let go of: operations, and takes that no timeline holds.

use serde::{Deserialize, Serialize};

use super::{
    FileId, GenerationId, InvalidObject, Keys, Later, LaterKeys, Object, ObjectKind, OperationId,
    Reference, RepoPath, canonical::rule,
};
use crate::object::ExpiryId;

/// What is let go of, as of the operation that names it. What is in here is needed by nothing
/// that came before: it may still be stored, and it may be gone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expiry {
    /// Operations of this project with a lower number are let go of; with 0 none is.
    pub before: u64,
    /// Those of them that operations which stay name, sorted: here the log ends.
    pub ends: Vec<OperationId>,
    /// Takes, sorted by their generations.
    pub takes: Vec<ExpiredTake>,
    /// What a later aiut says of it.
    #[serde(skip)]
    pub later: Later,
}

/// A take that is let go of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiredTake {
    /// The run.
    pub generation: GenerationId,
    /// What it wrote.
    pub outputs: Vec<FileId>,
    /// Operations up to this number no longer hold it; what a later one leads to stays.
    pub until: u64,
    /// Which take of which file it was, so that those that stay keep their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<TakePlace>,
}

/// A number that a take bore among those of its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakePlace {
    /// The file.
    pub path: RepoPath,
    /// Counted from 1.
    pub take: u32,
}

impl Expiry {
    /// Whether nothing is let go of.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.before == 0 && self.takes.is_empty()
    }

    /// The take of this run, if it is let go of.
    #[must_use]
    pub fn take(&self, generation: &GenerationId) -> Option<&ExpiredTake> {
        let found = self
            .takes
            .binary_search_by(|take| take.generation.cmp(generation));
        found.ok().map(|at| &self.takes[at])
    }

    /// The numbers that takes of this file bore which are let go of, by their runs.
    pub fn numbers(&self, path: &RepoPath) -> impl Iterator<Item = (GenerationId, usize)> {
        self.takes.iter().flat_map(move |take| {
            let places = take.places.iter().filter(move |place| place.path == *path);
            places.map(|place| (take.generation, place.take as usize))
        })
    }

    /// Whether the log ends before this operation.
    #[must_use]
    pub fn ends_at(&self, operation: &OperationId) -> bool {
        self.ends.binary_search(operation).is_ok()
    }
}

impl Object for Expiry {
    type Id = ExpiryId;
    const KIND: ObjectKind = ObjectKind::Expiry;
    const KEYS: Keys = Keys::of(&["before", "ends", "takes"]);

    fn check(&self) -> Result<(), InvalidObject> {
        let (ends, takes) = (&self.ends, &self.takes);
        let sorted = ends.is_sorted_by(|a, b| a < b)
            && takes.is_sorted_by(|a, b| a.generation < b.generation);
        rule(sorted, || {
            "what is let go of is not sorted, or named twice".to_owned()
        })
    }

    fn references(&self) -> Vec<Reference> {
        // What it names is what nothing needs.
        Vec::new()
    }

    fn later(&self) -> LaterKeys {
        LaterKeys {
            own: self.later.clone(),
            items: Vec::new(),
        }
    }

    fn keep(&mut self, later: LaterKeys) {
        self.later = later.own;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{decode, encode};
    use super::*;

    fn take(n: u8) -> ExpiredTake {
        ExpiredTake {
            generation: GenerationId::from_bytes([n; 32]),
            outputs: vec![FileId::of(&[n])],
            until: 7,
            places: vec![TakePlace {
                path: RepoPath::new("frames/001.png").unwrap(),
                take: n.into(),
            }],
        }
    }

    #[test]
    fn it_reads_back_sorted_and_finds_its_takes() {
        let mut expiry = Expiry {
            before: 100,
            ends: vec![OperationId::from_bytes([1; 32])],
            takes: vec![take(1), take(3)],
            later: Later::default(),
        };
        assert_eq!(
            decode::<Expiry>(&encode(&expiry).unwrap()),
            Ok(expiry.clone())
        );
        assert_eq!(expiry.take(&take(3).generation), Some(&take(3)));
        assert_eq!(expiry.take(&take(2).generation), None);
        assert!(expiry.ends_at(&OperationId::from_bytes([1; 32])));
        assert!(expiry.references().is_empty());
        let path = RepoPath::new("frames/001.png").unwrap();
        let numbers: Vec<_> = expiry.numbers(&path).collect();
        assert_eq!(numbers, [(take(1).generation, 1), (take(3).generation, 3)]);
        expiry.takes.reverse();
        assert!(encode(&expiry).is_err());
        expiry.takes = vec![take(1), take(1)];
        assert!(encode(&expiry).is_err());
    }
}
