//! Files on the way in: hashed, cut into chunks and compressed in one pass, in bounded memory.

use std::io::{self, Read, Seek, SeekFrom};

use rayon::prelude::*;

use super::batch::{Batch, Stored};
use super::chunking::mp4;
use super::chunking::weave::Weave;
use super::chunking::{Piece, REST};
use super::error::{Result, StoreError};
use super::index::Index;
use super::limits::MAX_BLOB_BYTES;
use super::outline::Outline;
use super::record::{Record, RecordKind};
use super::windows::{WINDOW, Window, fill};
use crate::object::{ChunkId, FileId};

impl Batch<'_> {
    /// Adds a file, read to its end. What comes as a stream is cut as any file; one that can be read
    /// anywhere is better handed to [`Batch::put_seekable`].
    ///
    /// # Errors
    /// `Source` when it cannot be read, or an I/O error of the store.
    pub fn put_file(&self, mut reader: impl Read) -> Result<Stored> {
        let start = read_start(&mut reader).map_err(StoreError::Source)?;
        if start.len() <= MAX_BLOB_BYTES {
            return self.put_blob(&start);
        }
        self.put_chunks(io::Cursor::new(start).chain(reader))
    }

    /// Adds a file, read from its beginning to its end. A film is cut by its own tables, wherever in
    /// the file they lie.
    ///
    /// # Errors
    /// As [`Batch::put_file`].
    pub fn put_seekable(&self, mut file: impl Read + Seek) -> Result<Stored> {
        let mut look = || {
            file.rewind()?;
            let start = read_start(&mut file)?;
            if start.len() <= MAX_BLOB_BYTES {
                return Ok((start, None));
            }
            let plan = mp4::plan(&start, &mut file)?;
            file.seek(SeekFrom::Start(start.len() as u64))?;
            Ok((start, plan))
        };
        let (start, plan) = look().map_err(StoreError::Source)?;
        if start.len() <= MAX_BLOB_BYTES {
            return self.put_blob(&start);
        }
        let whole = io::Cursor::new(start).chain(file);
        match plan {
            Some(plan) => self.put_woven(whole, Weave::new(plan)),
            None => self.put_chunks(whole),
        }
    }

    /// Adds a file.
    ///
    /// # Errors
    /// An I/O error of the store.
    pub fn put_file_bytes(&self, bytes: &[u8]) -> Result<Stored> {
        self.put_seekable(io::Cursor::new(bytes))
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

    /// Adds a file that is cut by FastCDC: while a window of it is read, the one before is cut, the one
    /// before that is hashed and compressed, and what came of the first is written.
    fn put_chunks(&self, mut reader: impl Read) -> Result<Stored> {
        let mut file = blake3::Hasher::new();
        let mut outline = Outline::new(1);
        let mut shrinks = Shrinks::new(1);
        let mut next_window =
            |buffer| Window::read(&mut reader, buffer).map_err(StoreError::Source);
        let (mut read, mut cut) = (Some(next_window(Vec::new())?), None::<Window>);
        let (mut chunks, mut spare) = (Vec::new(), Vec::new());
        while read.is_some() || cut.is_some() || !chunks.is_empty() {
            let is_more = read.as_ref().is_some_and(|window| !window.is_last);
            let before = std::mem::take(&mut chunks);
            let (mut written, mut hashed, mut next) = (Ok(()), Ok(Vec::new()), None);
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| written = self.push_chunks(before, &mut outline));
                if let Some(window) = &mut read {
                    scope.spawn(|_| window.cut());
                }
                if let Some(window) = &cut {
                    scope.spawn(|_| {
                        let chunks = || self.cut_chunks(&window.pieces(), &mut shrinks);
                        (_, hashed) =
                            rayon::join(|| file.update_rayon(window.bytes()).count(), chunks);
                    });
                }
                next = is_more.then(|| next_window(spare.pop().unwrap_or_default()));
            });
            written?;
            chunks = hashed?;
            let mut next = next.transpose()?;
            if let (Some(next), Some(before)) = (&mut next, &read) {
                next.take_over(before);
            }
            if let Some(window) = cut.take() {
                outline.stretch(REST, window.bytes().len() as u64);
                spare.push(window.into_buffer());
            }
            (cut, read) = (read, next);
        }
        let id = FileId::from_bytes(*file.finalize().as_bytes());
        let size = outline.finish(self, id)?;
        Ok(Stored { id, size })
    }

    /// Adds a film that is taken apart into its tracks.
    fn put_woven(&self, mut reader: impl Read, mut weave: Weave) -> Result<Stored> {
        let mut file = blake3::Hasher::new();
        let mut outline = Outline::new(weave.streams());
        let mut shrinks = Shrinks::new(weave.streams());
        let mut window = vec![0; WINDOW];
        let (mut filled, mut left_over) = (0, 0);
        let mut chunks = Vec::new();
        loop {
            filled += fill(&mut reader, &mut window[filled..]).map_err(StoreError::Source)?;
            let at_end = filled < WINDOW;
            let bytes = &window[..filled];
            let held_up_by = outline.held_up_by();
            // While one window is hashed, cut and compressed, the one before is written.
            let before = std::mem::take(&mut chunks);
            let mut done = 0;
            let (written, (_, cut)) = rayon::join(
                || self.push_chunks(before, &mut outline),
                || {
                    rayon::join(
                        || file.update_rayon(&bytes[left_over..]),
                        || {
                            let mut pieces = Vec::new();
                            if let Some(stream) = held_up_by {
                                weave.end_piece(stream, &mut pieces);
                            }
                            done = weave.feed(bytes, at_end, &mut pieces);
                            self.cut_chunks(&pieces, &mut shrinks)
                        },
                    )
                },
            );
            written?;
            chunks = cut?;
            for (stream, bytes) in weave.take_log() {
                outline.stretch(stream, bytes);
            }
            if at_end {
                break;
            }
            window.copy_within(done..filled, 0);
            left_over = filled - done;
            filled = left_over;
        }
        self.push_chunks(chunks, &mut outline)?;
        let id = FileId::from_bytes(*file.finalize().as_bytes());
        let size = outline.finish(self, id)?;
        Ok(Stored { id, size })
    }

    fn push_chunks(&self, chunks: Vec<NewChunk>, outline: &mut Outline) -> Result<()> {
        for chunk in chunks {
            match chunk.record {
                Some(record) => self.push(&record, None)?,
                None => self.rely(RecordKind::Chunk, chunk.id.as_bytes()),
            }
            outline.chunk(chunk.stream, chunk.id, chunk.length);
        }
        outline.advance(self)
    }

    /// The chunks that the pieces become.
    fn cut_chunks(&self, pieces: &[Piece<'_>], shrinks: &mut Shrinks) -> Result<Vec<NewChunk>> {
        let index = self.store.index();
        let tries = shrinks.tries(pieces);
        let chunks = pieces.par_iter().zip(tries).map(|(piece, try_zstd)| {
            let bytes = &piece.bytes[..];
            let whole = ChunkId::of(bytes);
            // What the batch itself holds is found when it is added.
            if index
                .location(RecordKind::Chunk, whole.as_bytes())?
                .is_some()
            {
                return Ok(vec![NewChunk::new(piece.stream, whole, bytes, None)]);
            }
            let mut chunks = Vec::new();
            let mut rest = bytes;
            for (id, length) in self.stored_heads(&index, piece)? {
                let head = rest.split_off(..length).expect("heads lie in the piece");
                chunks.push(NewChunk::new(piece.stream, id, head, None));
            }
            if !rest.is_empty() {
                let id = if chunks.is_empty() {
                    whole
                } else {
                    ChunkId::of(rest)
                };
                let record = Record::new(RecordKind::Chunk, *id.as_bytes(), rest, try_zstd);
                chunks.push(NewChunk::new(piece.stream, id, rest, Some(record)));
            }
            Ok(chunks)
        });
        let chunks: Result<Vec<Vec<NewChunk>>> = chunks.collect();
        let chunks: Vec<NewChunk> = chunks?.into_iter().flatten().collect();
        shrinks.learn(&chunks);
        Ok(chunks)
    }

    /// Where two takes meet, the end of one and the beginning of the next are one piece, but each is
    /// a chunk already: what a new piece begins with, up to one of its joints, if that is stored; and
    /// so on with the rest.
    fn stored_heads(&self, index: &Index, piece: &Piece<'_>) -> Result<Vec<(ChunkId, usize)>> {
        let mut heads = Vec::new();
        if piece.joints.is_empty() {
            return Ok(heads);
        }
        let kind = RecordKind::Chunk;
        let mut hasher = blake3::Hasher::new();
        let (mut start, mut at) = (0, 0);
        for joint in piece.joints.iter().copied().chain([piece.bytes.len()]) {
            hasher.update(&piece.bytes[at..joint]);
            at = joint;
            let id = *hasher.finalize().as_bytes();
            if index.location(kind, &id)?.is_some() || self.added(kind, &id) {
                heads.push((ChunkId::from_bytes(id), joint - start));
                start = joint;
                hasher.reset();
            }
        }
        Ok(heads)
    }
}

/// A chunk of a file.
struct NewChunk {
    stream: u16,
    id: ChunkId,
    length: u32,
    /// Nothing when it is stored already.
    record: Option<Record>,
}

impl NewChunk {
    fn new(stream: u16, id: ChunkId, bytes: &[u8], record: Option<Record>) -> Self {
        Self {
            stream,
            id,
            length: u32::try_from(bytes.len()).expect("a chunk has 256 KiB at most"),
            record,
        }
    }
}

/// Which streams shrink when they are compressed. What does not, as video, is found out by one try
/// for a window.
struct Shrinks(Vec<bool>);

impl Shrinks {
    fn new(streams: usize) -> Self {
        Self(vec![true; streams])
    }

    /// For each piece, whether it is to be tried.
    fn tries(&self, pieces: &[Piece<'_>]) -> Vec<bool> {
        let mut is_first = vec![true; self.0.len()];
        let tries = pieces.iter().map(|piece| {
            let stream = usize::from(piece.stream);
            std::mem::take(&mut is_first[stream]) || self.0[stream]
        });
        tries.collect()
    }

    fn learn(&mut self, chunks: &[NewChunk]) {
        let records = |chunk: &NewChunk| chunk.record.as_ref().map(|record| record.header);
        let records = chunks
            .iter()
            .filter_map(|chunk| Some((chunk.stream, records(chunk)?)));
        let mut shrank = vec![None; self.0.len()];
        for (stream, header) in records {
            *shrank[usize::from(stream)].get_or_insert(false) |= header.stored < header.raw;
        }
        for (known, shrank) in self.0.iter_mut().zip(shrank) {
            *known = shrank.unwrap_or(*known);
        }
    }
}

/// The first bytes of a file, enough to see whether it is small.
fn read_start(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let limit = MAX_BLOB_BYTES + 1;
    // With room for all of it, it is read in one go and not in pieces that double.
    let mut start = Vec::with_capacity(limit);
    reader.by_ref().take(limit as u64).read_to_end(&mut start)?;
    Ok(start)
}
