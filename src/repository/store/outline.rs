//! The layout of a file as it grows: which bytes of which stream come next, and the chunks that each
//! stream has become so far.
//!
//! ```text
//! log       rest 44 │ picture 5000 │ sound 700 │ picture 800 │ …      what lies in the file, in order
//! streams   rest: (chunk 0, 44)   picture: (chunk 1, 131072) …        what has been cut, in order
//! ```
//! A stretch becomes slices as soon as its stream's chunks are known. Parts of the layout go out as
//! they are full, so that what is held is what still waits for a chunk.

use std::collections::{HashMap, VecDeque};

use super::batch::Batch;
use super::error::Result;
use super::layout::{Layout, Slice};
use super::limits::MAX_SLICES;
use super::record::{Record, RecordKind};
use crate::object::{ChunkId, FileId};

/// Stretches that may wait for one chunk before it has to end.
const MAX_WAITING: usize = 64 << 10;

/// A chunk of a stream, and how much of it is laid out.
#[derive(Debug)]
struct Ready {
    id: ChunkId,
    length: u32,
    used: u32,
}

/// The layout of a file as it grows.
#[derive(Debug)]
pub(super) struct Outline {
    log: VecDeque<(u16, u64)>,
    streams: Vec<VecDeque<Ready>>,
    chunks: Vec<(ChunkId, u32)>,
    numbers: HashMap<ChunkId, u32>,
    slices: Vec<Slice>,
    parts: Vec<([u8; 32], u64)>,
}

impl Outline {
    /// That of a file which comes in so many streams.
    pub(super) fn new(streams: usize) -> Self {
        Self {
            log: VecDeque::new(),
            streams: (0..streams).map(|_| VecDeque::new()).collect(),
            chunks: Vec::new(),
            numbers: HashMap::new(),
            slices: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// Bytes of a stream are what comes next in the file.
    pub(super) fn stretch(&mut self, stream: u16, bytes: u64) {
        if bytes == 0 {
            // A file may end with its last whole window; no chunk would come of nothing.
            return;
        }
        match self.log.back_mut() {
            Some((last, length)) if *last == stream => *length += bytes,
            _ => self.log.push_back((stream, bytes)),
        }
    }

    /// A stream's next bytes are in this chunk.
    pub(super) fn chunk(&mut self, stream: u16, id: ChunkId, length: u32) {
        let chunk = Ready {
            id,
            length,
            used: 0,
        };
        self.streams[usize::from(stream)].push_back(chunk);
    }

    /// The stream for whose chunk too much has to wait.
    pub(super) fn held_up_by(&self) -> Option<u16> {
        let (first, _) = self.log.front()?;
        (self.log.len() > MAX_WAITING).then_some(*first)
    }

    /// Lays out what can be.
    pub(super) fn advance(&mut self, batch: &Batch<'_>) -> Result<()> {
        while let Some((stream, wanted)) = self.log.front_mut() {
            let Some(ready) = self.streams[usize::from(*stream)].front_mut() else {
                return Ok(());
            };
            let length = u64::from(ready.length - ready.used).min(*wanted) as u32;
            *wanted -= u64::from(length);
            let is_done = *wanted == 0;
            let (id, whole, offset) = (ready.id, ready.length, ready.used);
            ready.used += length;
            if ready.used == ready.length {
                self.streams[usize::from(*stream)].pop_front();
            }
            if is_done {
                self.log.pop_front();
            }
            self.slice(batch, (id, whole), offset, length)?;
        }
        Ok(())
    }

    fn slice(
        &mut self,
        batch: &Batch<'_>,
        chunk: (ChunkId, u32),
        offset: u32,
        length: u32,
    ) -> Result<()> {
        if self.slices.len() == MAX_SLICES {
            self.close_part(batch)?;
        }
        let chunks = &mut self.chunks;
        let number = *self.numbers.entry(chunk.0).or_insert_with(|| {
            chunks.push(chunk);
            u32::try_from(chunks.len() - 1).expect("at most one for each slice")
        });
        self.slices.push(Slice {
            chunk: number,
            offset,
            length,
        });
        Ok(())
    }

    fn take_layout(&mut self) -> Layout {
        self.numbers.clear();
        Layout::Slices {
            chunks: std::mem::take(&mut self.chunks),
            slices: std::mem::take(&mut self.slices),
        }
    }

    fn close_part(&mut self, batch: &Batch<'_>) -> Result<()> {
        let part = self.take_layout();
        let bytes = part.encode();
        let kind = RecordKind::LayoutPart;
        let id = kind
            .digest(&bytes)
            .expect("a part's id follows from its bytes");
        if !batch.holds(kind, &id)? {
            batch.push(&Record::new(kind, id, &bytes, true), None)?;
        }
        self.parts.push((id, part.bytes()));
        Ok(())
    }

    /// Adds the layout of `file`, all of which is in chunks, unless it is there. Returns the file's
    /// size.
    pub(super) fn finish(mut self, batch: &Batch<'_>, file: FileId) -> Result<u64> {
        self.advance(batch)?;
        debug_assert!(self.log.is_empty(), "a stretch without a chunk");
        let layout = if self.parts.is_empty() {
            self.take_layout()
        } else {
            self.close_part(batch)?;
            Layout::Parts(self.parts)
        };
        if !batch.holds(RecordKind::Layout, file.as_bytes())? {
            let (kind, bytes) = (RecordKind::Layout, layout.encode());
            let record = Record::new(kind, *file.as_bytes(), &bytes, true);
            batch.push(&record, None)?;
        }
        Ok(layout.bytes())
    }
}
