//! Files put together from their records, wherever these are looked up.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use rayon::prelude::*;

use super::error::{Result, StoreError};
use super::layout::{Layout, Slice};
use super::limits::{FREE_READ_BYTES, MAX_READ_PER_BYTE};
use super::record::{RecordId, RecordKind};
use crate::object::{ChunkId, FileId};

/// Chunks read at a time, in bytes.
const WINDOW: u64 = 8 << 20;
/// Bytes that are hashed and written together.
const READY: usize = 1 << 20;

/// The chunks of a stretch of a file with their lengths, and its slices of them.
pub(super) type Stretch = (Vec<(ChunkId, u32)>, Vec<Slice>);

/// What was read for a file, and what of it was handed out.
#[derive(Default)]
pub(super) struct Effort {
    read: u64,
    given: u64,
}

impl Effort {
    fn bears(&mut self, read: u64, given: u64) -> Result<(), Stopped> {
        self.read += read;
        self.given += given;
        match self.read > FREE_READ_BYTES + MAX_READ_PER_BYTE * self.given {
            true => Err(Stopped::Lavish),
            false => Ok(()),
        }
    }
}

/// Why a stretch of a file could not be handed out.
pub(super) enum Stopped {
    /// Far more was read than was handed out.
    Lavish,
    By(StoreError),
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::By(error)
    }
}

/// Whatever has records: the store with its index, or packs read without one.
pub(super) trait Records: Sync {
    /// The verified content of a record.
    fn load(&self, id: RecordId) -> Result<Vec<u8>>;

    /// The error of a record whose content is sound and makes no sense.
    fn senseless(&self, id: RecordId, what: &str) -> StoreError;

    /// How the file or the stretch of one is put together.
    fn layout(&self, kind: RecordKind, id: &[u8; 32]) -> Result<Layout> {
        let id = RecordId::new(kind, *id);
        let bytes = self.load(id)?;
        Layout::decode(&bytes).map_err(|what| self.senseless(id, what))
    }

    /// A part of a layout, which is to stand for so many bytes.
    fn part(&self, id: &[u8; 32], bytes: u64) -> Result<Stretch> {
        let of_other = |what| self.senseless(RecordId::new(RecordKind::LayoutPart, *id), what);
        match self.layout(RecordKind::LayoutPart, id)? {
            layout @ Layout::Slices { .. } if layout.bytes() != bytes => {
                Err(of_other("a part of another length"))
            }
            Layout::Slices { chunks, slices } => Ok((chunks, slices)),
            Layout::Parts(_) => Err(of_other("a part that consists of parts")),
        }
    }

    /// Writes the file that `layout` puts together to `out`, and checks that it is that file.
    fn copy_layout(&self, id: FileId, layout: Layout, out: &mut impl Write) -> Result<u64> {
        let mut hasher = blake3::Hasher::new();
        let mut effort = Effort::default();
        let size = layout.bytes();
        let lavish = |error| match error {
            Stopped::Lavish => {
                let layout = RecordId::new(RecordKind::Layout, *id.as_bytes());
                self.senseless(layout, "it reads far more than it gives")
            }
            Stopped::By(error) => error,
        };
        match layout {
            Layout::Slices { chunks, slices } => {
                self.copy_slices(&chunks, &slices, &mut hasher, &mut effort, out)
                    .map_err(lavish)?;
            }
            Layout::Parts(parts) => {
                for (part, bytes) in parts {
                    let (chunks, slices) = self.part(&part, bytes)?;
                    self.copy_slices(&chunks, &slices, &mut hasher, &mut effort, out)
                        .map_err(lavish)?;
                }
            }
        }
        if hasher.finalize().as_bytes() == id.as_bytes() {
            return Ok(size);
        }
        let layout = RecordId::new(RecordKind::Layout, *id.as_bytes());
        Err(self.senseless(layout, "it does not give that file"))
    }

    /// Hands out slices, as many at a time as have room for their chunks. A chunk that goes on to be
    /// needed is kept; as the pieces of a film's tracks are woven together finely, and few of them are
    /// open at a time, hardly any is read twice.
    fn copy_slices(
        &self,
        chunks: &[(ChunkId, u32)],
        slices: &[Slice],
        hasher: &mut blake3::Hasher,
        effort: &mut Effort,
        out: &mut impl Write,
    ) -> Result<(), Stopped> {
        let mut rest = slices;
        let mut loaded: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
        let mut ready = Vec::new();
        while !rest.is_empty() {
            let mut needed = BTreeSet::new();
            let mut bytes = 0;
            let count = rest.iter().take_while(|slice| {
                if needed.contains(&slice.chunk) {
                    return true;
                }
                bytes += u64::from(chunks[slice.chunk as usize].1);
                let fits = bytes <= WINDOW || needed.is_empty();
                fits && needed.insert(slice.chunk)
            });
            let (now, later) = rest.split_at(count.count());
            loaded.retain(|number, _| needed.remove(number));
            let read = needed
                .into_par_iter()
                .map(|number| Ok((number, self.chunk(&chunks[number as usize])?)));
            let read: Result<Vec<(u32, Vec<u8>)>> = read.collect();
            let read = read?;
            let bytes = read.iter().map(|(_, bytes)| bytes.len() as u64).sum();
            let given = now.iter().map(|slice| u64::from(slice.length)).sum();
            effort.bears(bytes, given)?;
            loaded.extend(read);
            for slice in now {
                let from = slice.offset as usize;
                let bytes = &loaded[&slice.chunk][from..from + slice.length as usize];
                // Many short ones together are hashed and written several times as fast.
                if ready.len() + bytes.len() > READY {
                    hand_out(&mut ready, hasher, out)?;
                }
                ready.extend_from_slice(bytes);
            }
            hand_out(&mut ready, hasher, out)?;
            rest = later;
        }
        Ok(())
    }

    fn chunk(&self, (id, length): &(ChunkId, u32)) -> Result<Vec<u8>> {
        let id = RecordId::new(RecordKind::Chunk, *id.as_bytes());
        let bytes = self.load(id)?;
        if bytes.len() == *length as usize {
            Ok(bytes)
        } else {
            Err(self.senseless(id, "a chunk of another length than laid out"))
        }
    }
}

fn hand_out(ready: &mut Vec<u8>, hasher: &mut blake3::Hasher, out: &mut impl Write) -> Result<()> {
    hasher.update_rayon(ready);
    out.write_all(ready).map_err(StoreError::Sink)?;
    ready.clear();
    Ok(())
}
