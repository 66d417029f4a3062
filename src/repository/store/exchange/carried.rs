//! One record on its way from a store to another.

use std::io::Write;

use crate::object::{self, FileId, InvalidObject, Object, ObjectKind, Reference};
use crate::store::Store;
use crate::store::assemble::Records;
use crate::store::batch::{Batch, needed};
use crate::store::error::{Result, StoreError};
use crate::store::facts::{Fact, RecordEntry};
use crate::store::layout::Layout;
use crate::store::record::{Record, RecordId, RecordKind};

/// A record as it lies in a pack, verified.
#[derive(Debug, Clone)]
pub struct Carried(pub(in crate::store) Record);

/// What a record names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// A record without which it is not whole.
    Record(RecordId),
    /// A file without which it is not whole, in one record or in chunks.
    File(FileId),
    /// A file that was looked at, and that may never have been stored.
    Seen(FileId),
}

impl From<Reference> for Link {
    fn from(reference: Reference) -> Self {
        match reference {
            Reference::Object(kind, id) => Self::Record(RecordId::of_object(kind, id)),
            Reference::File(id) => Self::File(id),
            Reference::Seen(id) => Self::Seen(id),
        }
    }
}

impl Carried {
    /// Which record it is.
    #[must_use]
    pub fn id(&self) -> RecordId {
        RecordId::new(self.0.header.kind, self.0.header.id)
    }

    /// Bytes of its payload as it lies.
    #[must_use]
    pub fn stored(&self) -> u32 {
        self.0.header.stored
    }

    /// Its payload as it was put in.
    ///
    /// # Errors
    /// `Damaged` is impossible but for a fault of the memory: it was verified.
    pub fn raw(&self) -> Result<Vec<u8>> {
        let payload = self.0.payload.clone();
        self.0
            .header
            .open(payload)
            .map_err(|what| self.senseless(what.to_owned()))
    }

    /// The object that it is.
    ///
    /// # Errors
    /// `Invalid` where it is none of that kind, or breaks a rule of it.
    pub fn decode<T: Object>(&self) -> Result<T> {
        if self.0.header.kind != RecordKind::Object(T::KIND) {
            return Err(self.senseless(format!("it is no {}", T::KIND.name())));
        }
        object::decode(&self.raw()?).map_err(|source| self.invalid(source))
    }

    /// What it names. Decodes it by all the rules of its kind.
    ///
    /// # Errors
    /// `Invalid` says which it breaks.
    pub fn links(&self) -> Result<Vec<Link>> {
        let record = |kind, id: &[u8; 32]| Link::Record(RecordId::new(kind, *id));
        match self.0.header.kind {
            RecordKind::Object(kind) => {
                let named = object::references_of(kind, &self.raw()?);
                let named = named.map_err(|source| self.invalid(source))?;
                Ok(named.into_iter().map(Link::from).collect())
            }
            RecordKind::Layout | RecordKind::LayoutPart => Ok(match self.layout()? {
                Layout::Slices { chunks, .. } => chunks
                    .iter()
                    .map(|(id, _)| record(RecordKind::Chunk, id.as_bytes()))
                    .collect(),
                Layout::Parts(parts) => parts
                    .iter()
                    .map(|(id, _)| record(RecordKind::LayoutPart, id))
                    .collect(),
            }),
            _ => Ok(Vec::new()),
        }
    }

    /// Bytes of the file, of a record that stands for one.
    ///
    /// # Errors
    /// `Invalid` for a layout that makes no sense.
    pub fn file_bytes(&self) -> Result<Option<u64>> {
        match self.0.header.kind {
            RecordKind::Blob => Ok(Some(u64::from(self.0.header.raw))),
            RecordKind::Layout => Ok(Some(self.layout()?.bytes())),
            _ => Ok(None),
        }
    }

    fn layout(&self) -> Result<Layout> {
        Layout::decode(&self.raw()?).map_err(|what| self.senseless(what.to_owned()))
    }

    fn senseless(&self, what: String) -> StoreError {
        self.invalid(InvalidObject::Rule(what))
    }

    fn invalid(&self, source: InvalidObject) -> StoreError {
        StoreError::Invalid {
            kind: self.id().kind(),
            id: self.id().hex(),
            source,
        }
    }

    /// What the index is to know of it beside its place.
    fn fact(&self) -> Result<Option<Fact>> {
        match self.0.header.kind {
            kind @ RecordKind::Object(ObjectKind::Generation) => {
                Ok(Fact::of(kind, self.0.header.id, &self.raw()?))
            }
            _ => Ok(None),
        }
    }
}

impl Store {
    /// Bytes of the payload of a record as it lies; none where it is not stored.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn stored_bytes(&self, id: &RecordId) -> Result<Option<u32>> {
        Ok(self.find(id.kind, &id.id)?.map(|at| at.stored))
    }

    /// A record as it lies, verified; none where it is not stored.
    ///
    /// # Errors
    /// `Damaged`; an I/O error.
    pub fn carry(&self, id: &RecordId) -> Result<Option<Carried>> {
        let read = || -> Result<Option<Carried>> {
            let Some(at) = self.find(id.kind, &id.id)? else {
                return Ok(None);
            };
            let entry = RecordEntry {
                kind: id.kind,
                id: id.id,
                offset: at.offset,
                stored: at.stored,
                raw: at.raw,
                encoding: at.encoding,
                fact: None,
            };
            Ok(Some(Carried(self.pack(at.pack)?.stored(&entry)?)))
        };
        let mut found = read();
        // A pack that others took the place of is gone; the index made with them knows better.
        while found.is_err() && self.newer_index()?.is_some() {
            self.forget_packs();
            found = read();
        }
        found
    }
}

impl Batch<'_> {
    /// Adds a record of another store as it lies there, unless it is here. What it names has to be here, or
    /// added: whoever calls this has looked.
    ///
    /// # Errors
    /// `Refused` for a record that stays in its project; `Invalid`; an I/O error.
    pub fn carry(&self, carried: &Carried) -> Result<()> {
        let (kind, id) = (carried.0.header.kind, carried.0.header.id);
        if !kind.is_exchanged() || matches!(kind, RecordKind::BatchEnd | RecordKind::Footer) {
            return Err(carried.senseless("it stays in its project".to_owned()));
        }
        if self.holds(kind, &id)? {
            return Ok(());
        }
        let links = carried.links()?;
        self.push(&carried.0, carried.fact()?)?;
        let named = links.into_iter().filter_map(|link| match link {
            Link::Record(record) => Some((record.kind, record.id)),
            Link::File(file) => needed(Reference::File(file)),
            Link::Seen(_) => None,
        });
        self.pending().relied.extend(named);
        Ok(())
    }
}

/// Where records are that a caller gives.
struct Given<'g>(&'g (dyn Fn(&RecordId) -> Result<Option<Carried>> + Sync));

impl Records for Given<'_> {
    fn load(&self, id: RecordId) -> Result<Vec<u8>> {
        let missing = || crate::store::read::not_found(id);
        (self.0)(&id)?.ok_or_else(missing)?.raw()
    }

    fn senseless(&self, id: RecordId, what: &str) -> StoreError {
        StoreError::Invalid {
            kind: id.kind(),
            id: id.hex(),
            source: InvalidObject::Rule(what.to_owned()),
        }
    }
}

/// Puts a file together from records that `load` gives, and checks that it is that file. Returns its bytes.
///
/// # Errors
/// `NotFound` for a record that `load` does not have; `Invalid` when what comes out is another file; those of
/// `load`; `Sink` when `out` fails.
pub fn put_together(
    load: &(dyn Fn(&RecordId) -> Result<Option<Carried>> + Sync),
    file: FileId,
    out: &mut impl Write,
) -> Result<u64> {
    let given = Given(load);
    let blob = RecordId::new(RecordKind::Blob, *file.as_bytes());
    if let Some(blob) = load(&blob)? {
        let bytes = blob.raw()?;
        out.write_all(&bytes).map_err(StoreError::Sink)?;
        return Ok(bytes.len() as u64);
    }
    let layout = given.layout(RecordKind::Layout, file.as_bytes())?;
    given.copy_layout(file, layout, out)
}
