//! What the index keeps of a record: where it lies, and for some kinds what it says.

use crate::object::{self, ActionId, FileId, Generation, GenerationId, ObjectKind};

use super::record::{Encoding, Header, RecordKind};

/// Where a record lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Location {
    /// Number of the pack.
    pub(super) pack: u32,
    /// Of the record's header in the pack.
    pub(super) offset: u64,
    pub(super) stored: u32,
    pub(super) raw: u32,
    pub(super) encoding: Encoding,
}

/// A record of a pack whose number is known to the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecordEntry {
    pub(super) kind: RecordKind,
    pub(super) id: [u8; 32],
    pub(super) offset: u64,
    pub(super) stored: u32,
    pub(super) raw: u32,
    pub(super) encoding: Encoding,
    pub(super) fact: Option<Fact>,
}

impl RecordEntry {
    pub(super) fn new(header: &Header, offset: u64, fact: Option<Fact>) -> Self {
        let Header {
            kind,
            encoding,
            stored,
            raw,
            id,
            ..
        } = *header;
        Self {
            kind,
            id,
            offset,
            stored,
            raw,
            encoding,
            fact,
        }
    }

    pub(super) fn location(&self, pack: u32) -> Location {
        let Self {
            offset,
            stored,
            raw,
            encoding,
            ..
        } = *self;
        Location {
            pack,
            offset,
            stored,
            raw,
            encoding,
        }
    }
}

/// What a record says beyond its place: rebuilt from the packs like the places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// A run, to be found by its action, by the paths it wrote and by the bytes it wrote.
    Generation {
        id: GenerationId,
        action: ActionId,
        /// Digests of the paths, and files.
        outputs: Vec<([u8; 32], FileId)>,
    },
}

impl Fact {
    /// What a verified record says, if its kind says anything.
    pub(super) fn of(kind: RecordKind, id: [u8; 32], raw: &[u8]) -> Option<Self> {
        match kind {
            RecordKind::Object(ObjectKind::Generation) => {
                let generation = object::decode::<Generation>(raw).ok()?;
                Some(Self::of_generation(
                    GenerationId::from_bytes(id),
                    &generation,
                ))
            }
            _ => None,
        }
    }

    fn of_generation(id: GenerationId, generation: &Generation) -> Self {
        let outputs = generation.outputs.iter();
        Self::Generation {
            id,
            action: generation.action,
            outputs: outputs
                .map(|output| (path_digest(output.path.as_str()), output.id))
                .collect(),
        }
    }
}

/// The key that stands for a path in the index, whatever the path's length.
pub(super) fn path_digest(path: &str) -> [u8; 32] {
    *blake3::hash(path.as_bytes()).as_bytes()
}

/// What is known of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PackState {
    /// The random number in its header.
    pub(super) uuid: [u8; 16],
    /// Bytes that the index covers.
    pub(super) length: u64,
    /// Id of the last batch end before that length; zeros in a pack without one.
    pub(super) tail: [u8; 32],
    /// Nothing more is appended: it is sealed, or writing to it failed once.
    pub(super) closed: bool,
}
