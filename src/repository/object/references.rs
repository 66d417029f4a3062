//! What an object names: the arrows along which everything that is still needed is found.

use super::{
    Acceptance, Action, Commit, Conflict, EntryId, Expiry, FileId, Generation, Head, InvalidObject,
    Object, ObjectId, ObjectKind, Operation, Refs, Tree, View, decode,
};

/// One arrow from an object to what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// An object of this kind, without which the one that names it is not whole.
    Object(ObjectKind, [u8; 32]),
    /// A file, without which it is not whole.
    File(FileId),
    /// A file that was looked at, and that may never have been stored.
    Seen(FileId),
}

impl Reference {
    /// The arrow to an object.
    #[must_use]
    pub fn to<T: Object>(id: T::Id) -> Self {
        Self::Object(T::KIND, *id.digest())
    }
}

/// What the object with this encoding names. Decodes it by all the rules of its kind.
///
/// # Errors
/// As [`decode`].
pub fn references_of(kind: ObjectKind, encoding: &[u8]) -> Result<Vec<Reference>, InvalidObject> {
    fn of<T: Object>(encoding: &[u8]) -> Result<Vec<Reference>, InvalidObject> {
        decode::<T>(encoding).map(|object| object.references())
    }
    match kind {
        ObjectKind::Tree => of::<Tree>(encoding),
        ObjectKind::Commit => of::<Commit>(encoding),
        ObjectKind::Action => of::<Action>(encoding),
        ObjectKind::Generation => of::<Generation>(encoding),
        ObjectKind::Acceptance => of::<Acceptance>(encoding),
        ObjectKind::Operation => of::<Operation>(encoding),
        ObjectKind::View => of::<View>(encoding),
        ObjectKind::Expiry => of::<Expiry>(encoding),
        ObjectKind::Refs => of::<Refs>(encoding),
        ObjectKind::Conflict => of::<Conflict>(encoding),
    }
}

impl Tree {
    pub(super) fn arrows(&self) -> Vec<Reference> {
        let mut found = Vec::with_capacity(self.entries().len());
        for entry in self.entries() {
            found.push(match entry.id {
                EntryId::File(id) => Reference::File(id),
                EntryId::Dir(id) => Reference::to::<Tree>(id),
            });
            found.extend(entry.made_by.map(Reference::to::<Generation>));
            found.extend(entry.accepted.map(Reference::to::<Acceptance>));
            found.extend(entry.conflict.map(Reference::to::<Conflict>));
        }
        found
    }
}

impl Conflict {
    pub(super) fn arrows(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        for side in [&self.base, &self.ours, &self.theirs].into_iter().flatten() {
            found.push(Reference::File(side.id));
            found.extend(side.made_by.map(Reference::to::<Generation>));
            found.extend(side.accepted.map(Reference::to::<Acceptance>));
        }
        found
    }
}

impl Commit {
    pub(super) fn arrows(&self) -> Vec<Reference> {
        let parents = self.parents.iter().copied().map(Reference::to::<Commit>);
        let generations = self.generations.iter().copied();
        std::iter::once(Reference::to::<Tree>(self.tree))
            .chain(parents)
            .chain(generations.map(Reference::to::<Generation>))
            .collect()
    }
}

impl Generation {
    pub(super) fn arrows(&self) -> Vec<Reference> {
        let outputs = self.outputs.iter().map(|output| Reference::File(output.id));
        let exchanged = self.request.into_iter().chain(self.answer);
        std::iter::once(Reference::to::<Action>(self.action))
            .chain(outputs)
            .chain(exchanged.map(Reference::File))
            .chain(self.inputs.values().copied().map(Reference::Seen))
            .collect()
    }
}

impl View {
    pub(super) fn arrows(&self) -> Vec<Reference> {
        let detached = match &self.head {
            Head::Detached(commit) => Some(*commit),
            Head::Timeline(_) => None,
        };
        std::iter::once(Reference::to::<Refs>(self.refs))
            .chain(detached.map(Reference::to::<Commit>))
            .collect()
    }
}

impl Operation {
    pub(super) fn arrows(&self) -> Vec<Reference> {
        let operations = self.parents.iter().copied().chain(self.undoes);
        let trees = self
            .files
            .into_iter()
            .flat_map(|files| [files.before, files.after]);
        std::iter::once(Reference::to::<View>(self.view))
            .chain(operations.map(Reference::to::<Operation>))
            .chain(self.expiry.map(Reference::to::<Expiry>))
            .chain(trees.map(Reference::to::<Tree>))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ActionId, GenerationId, TreeEntry, TreeId, encode};
    use super::*;

    #[test]
    fn a_tree_and_a_run_name_what_they_need() {
        let (file, run) = (FileId::of(b"frame"), GenerationId::from_bytes([7; 32]));
        let mut frame = TreeEntry::file("012.png", file, 5);
        frame.made_by = Some(run);
        let below = TreeId::from_bytes([9; 32]);
        let tree = Tree::new(vec![frame, TreeEntry::dir("shots", below, 0)]).unwrap();
        let expected = [
            Reference::File(file),
            Reference::to::<Generation>(run),
            Reference::to::<Tree>(below),
        ];
        assert_eq!(
            references_of(ObjectKind::Tree, &encode(&tree).unwrap()),
            Ok(expected.to_vec())
        );
        let run = Generation {
            action: ActionId::from_bytes([1; 32]),
            outputs: vec![],
            request: Some(file),
            answer: None,
            model: None,
            seed: None,
            cost_micro_usd: 0,
            started_ms: 0,
            finished_ms: 0,
            tools: [].into(),
            inputs: [("a.md".parse().unwrap(), FileId::of(b"read"))].into(),
        };
        let expected = [
            Reference::to::<Action>(ActionId::from_bytes([1; 32])),
            Reference::File(file),
            Reference::Seen(FileId::of(b"read")),
        ];
        assert_eq!(
            references_of(ObjectKind::Generation, &encode(&run).unwrap()),
            Ok(expected.to_vec())
        );
        assert!(references_of(ObjectKind::Commit, &encode(&tree).unwrap()).is_err());
    }
}
