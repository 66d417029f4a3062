//! A folder's listing.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{
    AcceptanceId, ConflictId, FileId, GenerationId, InvalidObject, Keys, Later, LaterKeys, Object,
    ObjectKind, Reference, TreeId, canonical::rule, check_name, fold_name,
};

/// What an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryId {
    /// A file, by its bytes.
    File(FileId),
    /// A folder, by its listing.
    Dir(TreeId),
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WireEntry", into = "WireEntry")]
pub struct TreeEntry {
    /// A single name, safe on every system.
    pub name: String,
    /// What it names.
    pub id: EntryId,
    /// Bytes of the file, or of all files below the folder.
    pub size: u64,
    /// Whether the file may be executed.
    pub exec: bool,
    /// The run that wrote the file, if one did.
    pub made_by: Option<GenerationId>,
    /// The decision to keep the file though stale, if one was taken.
    pub accepted: Option<AcceptanceId>,
    /// The versions that the file stands for, if they collide and nobody settled it yet.
    pub conflict: Option<ConflictId>,
    /// What a later aiut says of it.
    pub later: Later,
}

impl TreeEntry {
    /// A plain file.
    #[must_use]
    pub fn file(name: impl Into<String>, id: FileId, size: u64) -> Self {
        Self {
            name: name.into(),
            id: EntryId::File(id),
            size,
            exec: false,
            made_by: None,
            accepted: None,
            conflict: None,
            later: Later::default(),
        }
    }

    /// A folder with `size` bytes of files below it.
    #[must_use]
    pub fn dir(name: impl Into<String>, id: TreeId, size: u64) -> Self {
        Self {
            id: EntryId::Dir(id),
            ..Self::file(name, FileId::from_bytes([0; 32]), size)
        }
    }

    /// The file it names, unless a folder.
    #[must_use]
    pub fn file_id(&self) -> Option<FileId> {
        match self.id {
            EntryId::File(id) => Some(id),
            EntryId::Dir(_) => None,
        }
    }

    /// The folder it names, unless a file.
    #[must_use]
    pub fn tree_id(&self) -> Option<TreeId> {
        match self.id {
            EntryId::File(_) => None,
            EntryId::Dir(id) => Some(id),
        }
    }
}

/// A folder's listing, sorted by the bytes of the names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tree {
    entries: Vec<TreeEntry>,
    /// What a later aiut says of it.
    #[serde(skip)]
    later: Later,
}

impl Tree {
    /// The listing of these entries, in whatever order they come.
    ///
    /// # Errors
    /// `InvalidObject` names an unsafe name, or two that some file system takes for one.
    pub fn new(mut entries: Vec<TreeEntry>) -> Result<Self, InvalidObject> {
        entries.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        let later = Later::default();
        let tree = Self { entries, later };
        tree.check()?;
        Ok(tree)
    }

    /// The same folder with other entries, in whatever order they come.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_entries(self, entries: Vec<TreeEntry>) -> Result<Self, InvalidObject> {
        let later = self.later;
        Ok(Self {
            later,
            ..Self::new(entries)?
        })
    }

    /// Its entries, sorted by the bytes of the names.
    #[must_use]
    pub fn entries(&self) -> &[TreeEntry] {
        &self.entries
    }

    /// The entries, taken out.
    #[must_use]
    pub fn into_entries(self) -> Vec<TreeEntry> {
        self.entries
    }

    /// The entry of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&TreeEntry> {
        let found = self
            .entries
            .binary_search_by(|entry| entry.name.as_bytes().cmp(name.as_bytes()));
        found.ok().map(|index| &self.entries[index])
    }

    /// Bytes of all files below: the size that an entry naming this folder carries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.entries
            .iter()
            .fold(0, |sum, entry| sum.saturating_add(entry.size))
    }
}

impl Object for Tree {
    type Id = TreeId;
    const KIND: ObjectKind = ObjectKind::Tree;
    const KEYS: Keys = Keys {
        own: &["entries"],
        items: Some((
            "entries",
            &[
                "name", "kind", "id", "size", "exec", "made_by", "accepted", "conflict",
            ],
        )),
    };

    fn check(&self) -> Result<(), InvalidObject> {
        for pair in self.entries.windows(2) {
            rule(pair[0].name.as_bytes() < pair[1].name.as_bytes(), || {
                format!("{:?} is doubled or out of order", pair[1].name)
            })?;
        }
        let mut folded = HashSet::with_capacity(self.entries.len());
        for entry in &self.entries {
            check_name(&entry.name)?;
            rule(folded.insert(fold_name(&entry.name)), || {
                format!(
                    "{:?} and another name are one on some file systems",
                    entry.name
                )
            })?;
            let bare = !entry.exec
                && entry.made_by.is_none()
                && entry.accepted.is_none()
                && entry.conflict.is_none();
            rule(matches!(entry.id, EntryId::File(_)) || bare, || {
                format!("folder {:?} carries what only a file can", entry.name)
            })?;
        }
        let total = self
            .entries
            .iter()
            .try_fold(0_u64, |sum, entry| sum.checked_add(entry.size));
        rule(total.is_some(), || {
            "the sizes add up to more than can be counted".to_owned()
        })
    }

    fn references(&self) -> Vec<Reference> {
        self.arrows()
    }

    fn later(&self) -> LaterKeys {
        let mut items = Vec::new();
        if self.entries.iter().any(|entry| !entry.later.is_empty()) {
            items.extend(self.entries.iter().map(|entry| entry.later.clone()));
        }
        LaterKeys {
            own: self.later.clone(),
            items,
        }
    }

    fn keep(&mut self, later: LaterKeys) {
        self.later = later.own;
        for (entry, later) in self.entries.iter_mut().zip(later.items) {
            entry.later = later;
        }
    }
}

/// An entry as it is encoded.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireEntry {
    name: String,
    kind: WireKind,
    #[serde(with = "serde_bytes")]
    id: [u8; 32],
    size: u64,
    exec: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_by: Option<GenerationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<AcceptanceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    conflict: Option<ConflictId>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WireKind {
    File,
    Dir,
}

impl From<TreeEntry> for WireEntry {
    fn from(entry: TreeEntry) -> Self {
        let TreeEntry {
            name,
            id,
            size,
            exec,
            made_by,
            accepted,
            conflict,
            later: _,
        } = entry;
        let (kind, id) = match id {
            EntryId::File(id) => (WireKind::File, *id.as_bytes()),
            EntryId::Dir(id) => (WireKind::Dir, *id.as_bytes()),
        };
        Self {
            name,
            kind,
            id,
            size,
            exec,
            made_by,
            accepted,
            conflict,
        }
    }
}

impl From<WireEntry> for TreeEntry {
    fn from(entry: WireEntry) -> Self {
        let WireEntry {
            name,
            kind,
            id,
            size,
            exec,
            made_by,
            accepted,
            conflict,
        } = entry;
        let id = match kind {
            WireKind::File => EntryId::File(FileId::from_bytes(id)),
            WireKind::Dir => EntryId::Dir(TreeId::from_bytes(id)),
        };
        Self {
            name,
            id,
            size,
            exec,
            made_by,
            accepted,
            conflict,
            later: Later::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{decode, encode, id_of};
    use super::*;

    fn file(name: &str) -> TreeEntry {
        TreeEntry::file(name, FileId::of(name.as_bytes()), 7)
    }

    #[test]
    fn a_tree_reads_back_as_written_and_finds_its_entries() {
        let mut frame = file("012_003.png");
        frame.made_by = Some(GenerationId::from_bytes([7; 32]));
        let below = Tree::new(vec![frame.clone()]).unwrap();
        let dir = TreeEntry::dir("frames", id_of(&below).unwrap(), below.size());
        let tree = Tree::new(vec![file("script.fountain"), dir, file("aiut.toml")]).unwrap();
        assert_eq!(decode::<Tree>(&encode(&tree).unwrap()), Ok(tree.clone()));
        let names: Vec<_> = tree
            .entries()
            .iter()
            .map(|entry| entry.name.as_str())
            .collect();
        assert_eq!(names, ["aiut.toml", "frames", "script.fountain"]);
        assert_eq!(
            tree.get("frames").unwrap().tree_id(),
            Some(id_of(&below).unwrap())
        );
        assert_eq!((tree.size(), tree.get("frame")), (21, None));
    }

    #[test]
    fn names_that_cannot_live_together_are_refused() {
        for names in [
            ["a.png", "A.PNG"],
            ["é", "e\u{301}"],
            ["ok", ".aiut"],
            ["x", "x"],
        ] {
            assert!(Tree::new(names.map(file).to_vec()).is_err(), "{names:?}");
        }
    }

    #[test]
    fn a_folder_cannot_be_generated_and_order_is_part_of_the_encoding() {
        let mut dir = TreeEntry::dir("frames", TreeId::from_bytes([1; 32]), 0);
        dir.made_by = Some(GenerationId::from_bytes([7; 32]));
        assert!(Tree::new(vec![dir]).is_err());
        let unsorted = Tree {
            entries: vec![file("b"), file("a")],
            later: Later::default(),
        };
        let bytes = serde_ipld_dagcbor::to_vec(&unsorted).unwrap();
        assert!(matches!(
            decode::<Tree>(&bytes),
            Err(InvalidObject::Rule(_))
        ));
    }
}
