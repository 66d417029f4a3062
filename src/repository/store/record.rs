//! One record: a header of 48 bytes and a payload, as `docs/format.md` has it.
//!
//! ```text
//! 0     1         2         4       8     12  44     48
//! kind  encoding  reserved  stored  raw   id  check  payload…
//! ```

#[cfg(test)]
mod tests;

use super::compression::{compress, decompress};
use super::limits::{
    MAX_BLOB_BYTES, MAX_CHUNK_BYTES, MAX_FOOTER_RECORDS, MAX_LAYOUT_BYTES, MAX_REPLACED_BYTES,
};
use crate::object::{FileId, MAX_OBJECT_BYTES, ObjectKind};

/// Bytes of a record's header.
pub(super) const HEADER_BYTES: usize = 48;

/// What a record holds. The numbers stand in packs and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum RecordKind {
    /// A whole small file; the id is the file's.
    Blob,
    /// A piece of a large file; the id is the BLAKE3 of its bytes.
    Chunk,
    /// How a large file is put together; the id is the file's.
    Layout,
    /// A stretch of the layout of a very large file.
    LayoutPart,
    /// A structured object.
    Object(ObjectKind),
    /// Packs that count no more: what they held that is of use lies in this pack, or in others.
    Replaced,
    /// The records since the last such mark belong together, and are all there.
    BatchEnd,
    /// The sorted index of a sealed pack.
    Footer,
    /// Of a later aiut, and of no meaning for anything else: passed over and kept.
    Later(u8),
}

/// The kind of a record that would say where a project stands: no pack has one.
pub(super) const HEAD: u8 = 32;
/// From here on kinds may be passed over by who does not know them.
pub(super) const FIRST_PASSED_OVER: u8 = 128;

impl RecordKind {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Blob => 1,
            Self::Chunk => 2,
            Self::Layout => 3,
            Self::LayoutPart => 4,
            Self::Object(kind) => kind as u8,
            Self::Replaced => 33,
            Self::BatchEnd => 48,
            Self::Footer => 49,
            Self::Later(code) => code,
        }
    }

    pub(super) fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Blob),
            2 => Some(Self::Chunk),
            3 => Some(Self::Layout),
            4 => Some(Self::LayoutPart),
            33 => Some(Self::Replaced),
            48 => Some(Self::BatchEnd),
            49 => Some(Self::Footer),
            FIRST_PASSED_OVER.. => Some(Self::Later(code)),
            _ => ObjectKind::ALL
                .into_iter()
                .find(|kind| *kind as u8 == code)
                .map(Self::Object),
        }
    }

    /// The word for it in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Blob | Self::Layout => "file",
            Self::Chunk => "chunk",
            Self::LayoutPart => "part of a layout",
            Self::Object(kind) => kind.name(),
            Self::Replaced => "list of replaced packs",
            Self::BatchEnd => "end of a batch",
            Self::Footer => "footer",
            Self::Later(_) => "record of a later aiut",
        }
    }

    /// Largest payload before compression: what a reader is ready to allocate.
    fn max_raw(self) -> usize {
        match self {
            Self::Blob => MAX_BLOB_BYTES,
            Self::Chunk => MAX_CHUNK_BYTES,
            Self::Layout | Self::LayoutPart => MAX_LAYOUT_BYTES,
            Self::Object(_) | Self::Later(_) => MAX_OBJECT_BYTES,
            Self::Replaced => MAX_REPLACED_BYTES,
            Self::BatchEnd => BATCH_END_BYTES,
            Self::Footer => MAX_FOOTER_RECORDS * FOOTER_ENTRY_BYTES,
        }
    }

    /// The id that a payload must have, where it follows from the payload alone.
    pub(super) fn digest(self, raw: &[u8]) -> Option<[u8; 32]> {
        match self {
            Self::Blob | Self::Chunk => Some(*blake3::hash(raw).as_bytes()),
            Self::LayoutPart => Some(blake3::derive_key("aiut 2026 layout part v1", raw)),
            Self::Replaced => Some(blake3::derive_key("aiut 2026 replaced v1", raw)),
            Self::Footer => Some(blake3::derive_key("aiut 2026 footer v1", raw)),
            Self::Object(kind) => Some(kind.digest(raw)),
            Self::Layout | Self::BatchEnd | Self::Later(_) => None,
        }
    }

    /// Whether [`RecordKind::digest`] gives one.
    fn is_named_by_payload(self) -> bool {
        !matches!(self, Self::Layout | Self::BatchEnd | Self::Later(_))
    }

    /// Whether a pack that goes from one project to another may hold it: content and what is said of it,
    /// and nothing that says where a project stands or which packs count.
    pub(super) fn is_exchanged(self) -> bool {
        match self {
            Self::Replaced => false,
            Self::Object(kind) => !matches!(
                kind,
                ObjectKind::Operation | ObjectKind::View | ObjectKind::Expiry
            ),
            Self::Blob | Self::Chunk | Self::Layout | Self::LayoutPart | Self::Later(_) => true,
            Self::BatchEnd | Self::Footer => true,
        }
    }
}

/// One record among all: its kind and its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId {
    pub(super) kind: RecordKind,
    pub(super) id: [u8; 32],
}

impl RecordId {
    pub(super) fn new(kind: RecordKind, id: [u8; 32]) -> Self {
        Self { kind, id }
    }

    /// That of an object.
    #[must_use]
    pub fn of_object(kind: ObjectKind, id: [u8; 32]) -> Self {
        Self::new(RecordKind::Object(kind), id)
    }

    /// That of a file which is one record.
    #[must_use]
    pub fn of_blob(file: FileId) -> Self {
        Self::new(RecordKind::Blob, *file.as_bytes())
    }

    /// That of the layout of a file in chunks.
    #[must_use]
    pub fn of_layout(file: FileId) -> Self {
        Self::new(RecordKind::Layout, *file.as_bytes())
    }

    /// The number of its kind in packs, then its id: as it is written where many are.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 33] {
        let mut bytes = [self.kind.code(); 33];
        bytes[1..].copy_from_slice(&self.id);
        bytes
    }

    /// The record that such bytes name; none for kinds that do not go from one project to another, or that
    /// this aiut does not know.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 33]) -> Option<Self> {
        let (code, id) = bytes.split_first().expect("33 bytes are not none");
        let kind = RecordKind::from_code(*code)?;
        let is_content = !matches!(
            kind,
            RecordKind::BatchEnd | RecordKind::Footer | RecordKind::Later(_)
        );
        let id = id.try_into().expect("33 - 1 is 32");
        (kind.is_exchanged() && is_content).then(|| Self::new(kind, id))
    }

    /// Whether the bytes of its record are its id's by what they are alone. Those of a layout are not: only
    /// the file that it puts together says whether it holds.
    #[must_use]
    pub fn is_layout(&self) -> bool {
        self.kind == RecordKind::Layout
    }

    /// Whether it is a piece of a file.
    #[must_use]
    pub fn is_chunk(&self) -> bool {
        self.kind == RecordKind::Chunk
    }

    /// `file`, `chunk`, `commit`, …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.kind {
            RecordKind::Layout => "layout of file",
            kind => kind.name(),
        }
    }

    /// Which kind of object it is, if it is one.
    #[must_use]
    pub fn object_kind(&self) -> Option<ObjectKind> {
        match self.kind {
            RecordKind::Object(kind) => Some(kind),
            _ => None,
        }
    }

    /// The bytes of its id.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.id
    }

    /// The id of the file, of a record that stands for one.
    #[must_use]
    pub fn file(&self) -> Option<[u8; 32]> {
        matches!(self.kind, RecordKind::Blob | RecordKind::Layout).then_some(self.id)
    }

    /// The 64 digits of its id.
    #[must_use]
    pub fn hex(&self) -> String {
        blake3::Hash::from_bytes(self.id).to_hex().to_string()
    }
}

impl std::fmt::Display for RecordId {
    /// `chunk 1f2e3d4c5b6a`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind(), &self.hex()[..12])
    }
}

/// Bytes of an entry of a [`RecordKind::Footer`].
pub(super) const FOOTER_ENTRY_BYTES: usize = 50;
/// Payload of a [`RecordKind::BatchEnd`]: magic, bytes and records of the batch.
pub(super) const BATCH_END_BYTES: usize = 24;
/// Begins the payload of a [`RecordKind::BatchEnd`], to be found behind damaged bytes.
pub(super) const BATCH_MAGIC: &[u8; 12] = b"aiut batch\r\n";

/// How a payload is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As it is, covered by the check.
    Plain,
    /// One zstd frame, covered by the check.
    Zstd,
    /// As it is, of a kind whose id follows from the payload: the id is its check, so that its bytes
    /// are hashed once and not twice.
    Named,
}

impl Encoding {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Plain => 0,
            Self::Zstd => 1,
            Self::Named => 2,
        }
    }

    pub(super) fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Plain),
            1 => Some(Self::Zstd),
            2 => Some(Self::Named),
            _ => None,
        }
    }
}

/// The head of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: RecordKind,
    pub(super) encoding: Encoding,
    /// Bytes of the payload in the pack.
    pub(super) stored: u32,
    /// Bytes of the payload decoded.
    pub(super) raw: u32,
    pub(super) id: [u8; 32],
    check: [u8; 4],
}

/// A header, or a payload, is not what was written.
pub(super) type Broken = &'static str;

impl Header {
    /// The header of a payload that is in its stored form already.
    fn new(kind: RecordKind, encoding: Encoding, raw: usize, id: [u8; 32], payload: &[u8]) -> Self {
        let length = |bytes: usize| u32::try_from(bytes).expect("payloads are limited by kind");
        let (stored, raw) = (length(payload.len()), length(raw));
        let mut header = Self {
            kind,
            encoding,
            stored,
            raw,
            id,
            check: [0; 4],
        };
        header.check = header.checksum(payload);
        header
    }

    pub(super) fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0] = self.kind.code();
        bytes[1] = self.encoding.code();
        bytes[4..8].copy_from_slice(&self.stored.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.raw.to_le_bytes());
        bytes[12..44].copy_from_slice(&self.id);
        bytes[44..48].copy_from_slice(&self.check);
        bytes
    }

    /// Reads a header and refuses lengths that its kind does not allow.
    pub(super) fn parse(bytes: &[u8; HEADER_BYTES]) -> Result<Self, Broken> {
        let number = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        let header = Self {
            kind: RecordKind::from_code(bytes[0]).ok_or("an unknown kind of record")?,
            encoding: Encoding::from_code(bytes[1]).ok_or("an unknown encoding")?,
            stored: number(4),
            raw: number(8),
            id: bytes[12..44].try_into().expect("44 - 12 is 32"),
            check: bytes[44..48].try_into().expect("48 - 44 is 4"),
        };
        if bytes[2..4] != [0, 0] {
            return Err("reserved bytes are set");
        }
        if header.raw as usize > header.kind.max_raw() {
            return Err("a length beyond the limit of its kind");
        }
        let lengths_fit = match header.encoding {
            Encoding::Named if !header.kind.is_named_by_payload() => {
                return Err("an encoding that its kind does not have");
            }
            Encoding::Plain | Encoding::Named => header.stored == header.raw,
            Encoding::Zstd => header.stored < header.raw,
        };
        if lengths_fit {
            Ok(header)
        } else {
            Err("lengths that contradict each other")
        }
    }

    /// Of a record that a later aiut may have written, and that this one may not pass over: bytes of its
    /// payload, and what this one does not know of it.
    pub(super) fn of_later(bytes: &[u8; HEADER_BYTES]) -> Option<(u32, String)> {
        let what = if bytes[0] != 0 && RecordKind::from_code(bytes[0]).is_none() {
            format!("a record of kind {}", bytes[0])
        } else if Encoding::from_code(bytes[1]).is_none() {
            format!("a record of encoding {}", bytes[1])
        } else if bytes[2..4] != [0, 0] {
            "a record of another form".to_owned()
        } else {
            return None;
        };
        let stored = u32::from_le_bytes(bytes[4..8].try_into().expect("8 - 4 is 4"));
        Some((stored, what))
    }

    /// Whether the check of such a record holds: damage is not what somebody wrote.
    pub(super) fn is_sound_later(bytes: &[u8; HEADER_BYTES], payload: &[u8]) -> bool {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&bytes[..44]).update(payload);
        hasher.finalize().as_bytes()[..4] == bytes[44..48]
    }

    /// Bytes of the whole record.
    pub(super) fn total(&self) -> u64 {
        HEADER_BYTES as u64 + u64::from(self.stored)
    }

    fn checksum(&self, payload: &[u8]) -> [u8; 4] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.to_bytes()[..44]);
        if self.encoding != Encoding::Named {
            hasher.update(payload);
        }
        let hash = hasher.finalize();
        hash.as_bytes()[..4]
            .try_into()
            .expect("a hash has 32 bytes")
    }

    /// Checks that header and stored payload belong together.
    pub(super) fn verify(&self, payload: &[u8]) -> Result<(), Broken> {
        if payload.len() != self.stored as usize || self.checksum(payload) != self.check {
            return Err("its checksum does not hold");
        }
        match self.encoding {
            Encoding::Named => self.identify(payload),
            Encoding::Plain | Encoding::Zstd => Ok(()),
        }
    }

    /// Checks that a decoded payload is that of the id, where that can be.
    fn identify(&self, raw: &[u8]) -> Result<(), Broken> {
        match self.kind.digest(raw) {
            Some(digest) if digest != self.id => Err("its bytes are not those of its id"),
            _ => Ok(()),
        }
    }

    /// Checks a stored payload as [`Self::open`] does.
    pub(super) fn verify_whole(&self, payload: &[u8]) -> Result<(), Broken> {
        self.verify(payload)?;
        match self.encoding {
            Encoding::Named => Ok(()),
            Encoding::Plain => self.identify(payload),
            Encoding::Zstd => self.identify(&decompress(payload, self.raw as usize)?),
        }
    }

    /// The payload as it was put in, checked against the id where that can be.
    pub(super) fn open(&self, payload: Vec<u8>) -> Result<Vec<u8>, Broken> {
        self.verify(&payload)?;
        let raw = match self.encoding {
            Encoding::Named => return Ok(payload),
            Encoding::Plain => payload,
            Encoding::Zstd => decompress(&payload, self.raw as usize)?,
        };
        self.identify(&raw)?;
        Ok(raw)
    }
}

/// A record ready to be appended.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) header: Header,
    pub(super) payload: Vec<u8>,
}

impl Record {
    /// The record of `raw`, compressed if that is worth it.
    pub(super) fn new(kind: RecordKind, id: [u8; 32], raw: &[u8], try_zstd: bool) -> Self {
        let compressed = if try_zstd { compress(raw) } else { None };
        let (encoding, payload) = match compressed {
            Some(payload) => (Encoding::Zstd, payload),
            None if kind.is_named_by_payload() => (Encoding::Named, raw.to_vec()),
            None => (Encoding::Plain, raw.to_vec()),
        };
        Self {
            header: Header::new(kind, encoding, raw.len(), id, &payload),
            payload,
        }
    }

    pub(super) fn append_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.header.to_bytes());
        out.extend_from_slice(&self.payload);
    }
}
