//! Files on the way in: hashed, cut into chunks and compressed in one pass, in bounded memory.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use fastcdc::v2020::FastCDC;
use rayon::prelude::*;

use super::batch::{Batch, Stored};
use super::error::{Result, StoreError};
use super::layout::{Layout, MAX_SLICES};
use super::record::{MAX_BLOB_BYTES, Record, RecordKind};
use crate::object::{ChunkId, FileId};

/// FastCDC's three sizes, in bytes: least, average, most.
const MIN_CHUNK: usize = 16 << 10;
const AVERAGE_CHUNK: usize = 64 << 10;
const MAX_CHUNK: usize = 256 << 10;

/// How much of a large file is in memory at a time.
const WINDOW: usize = 8 << 20;

impl Batch<'_> {
    /// Adds a file, read to its end.
    ///
    /// # Errors
    /// `Source` when it cannot be read, or an I/O error of the store.
    pub fn put_file(&self, mut reader: impl Read) -> Result<Stored> {
        let mut start = Vec::new();
        let limit = MAX_BLOB_BYTES as u64 + 1;
        reader
            .by_ref()
            .take(limit)
            .read_to_end(&mut start)
            .map_err(StoreError::Source)?;
        if start.len() <= MAX_BLOB_BYTES {
            return self.put_blob(&start);
        }
        self.put_chunks(io::Cursor::new(start).chain(reader))
    }

    /// Adds a file.
    ///
    /// # Errors
    /// An I/O error of the store.
    pub fn put_file_bytes(&self, bytes: &[u8]) -> Result<Stored> {
        if bytes.len() <= MAX_BLOB_BYTES {
            self.put_blob(bytes)
        } else {
            self.put_chunks(bytes)
        }
    }

    fn put_blob(&self, bytes: &[u8]) -> Result<Stored> {
        let id = FileId::of(bytes);
        if !self.holds(RecordKind::Blob, id.as_bytes())? {
            self.push(
                &Record::new(RecordKind::Blob, *id.as_bytes(), bytes, true),
                None,
            )?;
        }
        Ok(Stored {
            id,
            size: bytes.len() as u64,
        })
    }

    fn put_chunks(&self, mut reader: impl Read) -> Result<Stored> {
        let mut file = blake3::Hasher::new();
        let mut outline = Outline::default();
        let mut shrinks = true;
        let mut window = vec![0; WINDOW];
        let mut filled = 0;
        let mut chunks = Vec::new();
        loop {
            filled += fill(&mut reader, &mut window[filled..]).map_err(StoreError::Source)?;
            let at_end = filled < WINDOW;
            let cuts = cuts(&window[..filled], at_end);
            let bytes = &window[..cuts.iter().sum()];
            // While one window is hashed and compressed, the one before is written.
            let before = std::mem::take(&mut chunks);
            let (written, (_, cut)) = rayon::join(
                || self.push_chunks(before, &mut outline),
                || {
                    rayon::join(
                        || file.update_rayon(bytes),
                        || self.cut_chunks(bytes, &cuts, &mut shrinks),
                    )
                },
            );
            written?;
            chunks = cut?;
            if at_end {
                break;
            }
            let done = bytes.len();
            window.copy_within(done..filled, 0);
            filled -= done;
        }
        self.push_chunks(chunks, &mut outline)?;
        let id = FileId::from_bytes(*file.finalize().as_bytes());
        let size = outline.finish(self, id)?;
        Ok(Stored { id, size })
    }

    fn push_chunks(&self, chunks: Vec<NewChunk>, outline: &mut Outline) -> Result<()> {
        for (id, length, record) in chunks {
            if let Some(record) = record {
                self.push(&record, None)?;
            }
            outline.add(self, id, length)?;
        }
        Ok(())
    }

    /// Each chunk's id and length, and its record unless it is stored already. What does not
    /// shrink, as video, is found out by one try for a window.
    fn cut_chunks(
        &self,
        bytes: &[u8],
        cuts: &[usize],
        shrinks: &mut bool,
    ) -> Result<Vec<NewChunk>> {
        let mut rest = bytes;
        let pieces = cuts
            .iter()
            .map(|cut| rest.split_off(..*cut).unwrap_or_default());
        let pieces: Vec<&[u8]> = pieces.collect();
        let index = self.store.index();
        let try_all = *shrinks;
        let one_shrank = AtomicBool::new(false);
        let chunks = pieces.into_par_iter().enumerate().map(|(number, piece)| {
            let id = ChunkId::of(piece);
            let length = u32::try_from(piece.len()).expect("a chunk has 256 KiB at most");
            // What the batch itself holds is found when it is added.
            if index.location(RecordKind::Chunk, id.as_bytes())?.is_some() {
                return Ok((id, length, None));
            }
            let try_zstd = try_all || number == 0;
            let record = Record::new(RecordKind::Chunk, *id.as_bytes(), piece, try_zstd);
            if record.payload.len() < piece.len() {
                one_shrank.store(true, Ordering::Relaxed);
            }
            Ok((id, length, Some(record)))
        });
        let chunks = chunks.collect();
        *shrinks = one_shrank.into_inner();
        chunks
    }
}

type NewChunk = (ChunkId, u32, Option<Record>);

/// Lengths of the chunks of `bytes`. Unless they end there, what the bytes to come could still
/// change is left out.
fn cuts(bytes: &[u8], at_end: bool) -> Vec<usize> {
    let chunker = FastCDC::new(bytes, MIN_CHUNK, AVERAGE_CHUNK, MAX_CHUNK);
    let mut cuts = Vec::new();
    let mut start = 0;
    while start < bytes.len() && (at_end || bytes.len() - start >= MAX_CHUNK) {
        let (_, end) = chunker.cut(start, bytes.len() - start);
        cuts.push(end - start);
        start = end;
    }
    cuts
}

/// Reads until the buffer is full or the source ends.
fn fill(reader: &mut impl Read, mut buffer: &mut [u8]) -> io::Result<usize> {
    let wanted = buffer.len();
    while !buffer.is_empty() {
        match reader.read(buffer) {
            Ok(0) => break,
            Ok(read) => buffer = &mut buffer[read..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(wanted - buffer.len())
}

/// The layout of a file as it grows; parts go out as they are full.
#[derive(Default)]
struct Outline {
    chunks: Vec<(ChunkId, u32)>,
    parts: Vec<([u8; 32], u64)>,
}

impl Outline {
    fn add(&mut self, batch: &Batch<'_>, id: ChunkId, length: u32) -> Result<()> {
        if self.chunks.len() == MAX_SLICES {
            self.close_part(batch)?;
        }
        self.chunks.push((id, length));
        Ok(())
    }

    fn close_part(&mut self, batch: &Batch<'_>) -> Result<()> {
        let part = Layout::of_chunks(std::mem::take(&mut self.chunks));
        let bytes = part.encode();
        let kind = RecordKind::LayoutPart;
        let id = kind
            .digest(&bytes)
            .expect("a part's id follows from its bytes");
        if !batch.holds(kind, &id)? {
            batch.push(&Record::new(kind, id, &bytes, false), None)?;
        }
        self.parts.push((id, part.bytes()));
        Ok(())
    }

    /// Adds the layout of `file` unless it is there. Returns the file's size.
    fn finish(mut self, batch: &Batch<'_>, file: FileId) -> Result<u64> {
        let layout = if self.parts.is_empty() {
            Layout::of_chunks(self.chunks)
        } else {
            self.close_part(batch)?;
            Layout::Parts(self.parts)
        };
        if !batch.holds(RecordKind::Layout, file.as_bytes())? {
            let record = Record::new(
                RecordKind::Layout,
                *file.as_bytes(),
                &layout.encode(),
                false,
            );
            batch.push(&record, None)?;
        }
        Ok(layout.bytes())
    }
}
