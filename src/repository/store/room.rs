//! How much of a disk a file takes when it is written out: long runs of zeros become holes.

use std::collections::{HashMap, HashSet};

use super::Store;
use super::assemble::Records;
use super::error::Result;
use super::layout::{Layout, Slice};
use crate::object::{ChunkId, FileId};

/// Chunks from this size on, if they are zeros, become holes.
const HOLE_BYTES: u32 = 64 << 10;
/// Lengths of chunks for which the id of so many zeros is worked out.
const MOST_LENGTHS: usize = 16;

/// Ids of chunks that are nothing but zeros, by their length.
#[derive(Default)]
struct Zeros(HashMap<u32, ChunkId>);

impl Zeros {
    fn is(&mut self, (id, length): (ChunkId, u32)) -> bool {
        if length < HOLE_BYTES {
            return false;
        }
        if self.0.len() >= MOST_LENGTHS && !self.0.contains_key(&length) {
            return false;
        }
        let zeros = self.0.entry(length);
        *zeros.or_insert_with(|| ChunkId::of(&vec![0; length as usize])) == id
    }

    /// Bytes of a stretch that come from other chunks. Only one that comes up twice can be a hole of
    /// any size.
    fn others(&mut self, chunks: &[(ChunkId, u32)], slices: &[Slice]) -> u64 {
        let mut seen = HashSet::new();
        let often = slices.iter().filter(|slice| !seen.insert(slice.chunk));
        let often: HashSet<u32> = often.map(|slice| slice.chunk).collect();
        let holes = often.into_iter().filter(|n| self.is(chunks[*n as usize]));
        let holes: HashSet<u32> = holes.collect();
        let others = slices.iter().filter(|slice| !holes.contains(&slice.chunk));
        others.map(|slice| u64::from(slice.length)).sum()
    }
}

impl Store {
    /// Bytes of disk that a file takes where zeros can be holes, or somewhat more: worked out from
    /// its layout, without its content.
    ///
    /// # Errors
    /// `NotFound`, or `Damaged`.
    pub fn room_of(&self, id: FileId) -> Result<u64> {
        let layout = match self.layout_of(id)? {
            Ok(bytes) => return Ok(bytes),
            Err(layout) => layout,
        };
        let mut zeros = Zeros::default();
        match layout {
            Layout::Slices { chunks, slices } => Ok(zeros.others(&chunks, &slices)),
            Layout::Parts(parts) => {
                let mut known: HashMap<[u8; 32], u64> = HashMap::new();
                let mut sum = 0_u64;
                for (part, bytes) in parts {
                    let room = match known.get(&part) {
                        Some(room) => *room,
                        None => {
                            let (chunks, slices) = self.part(&part, bytes)?;
                            let room = zeros.others(&chunks, &slices);
                            known.insert(part, room);
                            room
                        }
                    };
                    sum = sum.saturating_add(room);
                }
                Ok(sum)
            }
        }
    }
}
