//! How a large file is put together from chunks: slices, packed tightly. Storage only, never part
//! of an identity.
//!
//! A layout lists its chunks once, then runs over them: whole chunks in order, or a slice of one.
//! That of a very large file is a list of parts, each a layout of its own stretch.

use super::limits::{MAX_CHUNK_BYTES, MAX_FILE_BYTES, MAX_SLICES};
use super::record::Broken;
use crate::object::ChunkId;

const SLICES: u8 = 0;
const PARTS: u8 = 1;

/// A stretch of a file: `length` bytes of a chunk from `offset` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slice {
    /// Which of the layout's chunks.
    pub(super) chunk: u32,
    pub(super) offset: u32,
    pub(super) length: u32,
}

/// How a file, or a stretch of one, is put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Layout {
    /// Slices of chunks, in file order.
    Slices {
        /// Each chunk with its length.
        chunks: Vec<(ChunkId, u32)>,
        /// In file order.
        slices: Vec<Slice>,
    },
    /// Parts, each with its length, in file order.
    Parts(Vec<([u8; 32], u64)>),
}

impl Layout {
    /// The layout of whole chunks, one after the other.
    #[cfg(test)]
    pub(super) fn of_chunks(chunks: Vec<(ChunkId, u32)>) -> Self {
        let numbered = (0..).zip(&chunks);
        let slices = numbered.map(|(chunk, (_, length))| Slice {
            chunk,
            offset: 0,
            length: *length,
        });
        Self::Slices {
            slices: slices.collect(),
            chunks,
        }
    }

    /// Bytes of what it puts together.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Slices { slices, .. } => slices.iter().map(|slice| u64::from(slice.length)).sum(),
            Self::Parts(parts) => parts.iter().map(|(_, bytes)| bytes).sum(),
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Slices { chunks, slices } => {
                out.push(SLICES);
                put(&mut out, self.bytes());
                put(&mut out, chunks.len() as u64);
                for (id, length) in chunks {
                    out.extend_from_slice(id.as_bytes());
                    put(&mut out, u64::from(*length));
                }
                put_runs(&mut out, chunks, slices);
            }
            Self::Parts(parts) => {
                out.push(PARTS);
                put(&mut out, self.bytes());
                put(&mut out, parts.len() as u64);
                for (id, bytes) in parts {
                    out.extend_from_slice(id);
                    put(&mut out, *bytes);
                }
            }
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Broken> {
        let mut input = Input(bytes);
        let form = input.byte()?;
        let total = input.number()?;
        let layout = match form {
            SLICES => {
                let chunks = input.list(|input| {
                    let id = ChunkId::from_bytes(input.id()?);
                    match u32::try_from(input.number()?) {
                        Ok(length) if (1..=MAX_CHUNK_BYTES as u32).contains(&length) => {
                            Ok((id, length))
                        }
                        _ => Err("a chunk of an impossible length"),
                    }
                })?;
                if chunks.len() > MAX_SLICES {
                    return Err("more chunks than a layout may list");
                }
                let slices = input.runs(&chunks)?;
                Self::Slices { chunks, slices }
            }
            PARTS => {
                let parts = input.list(|input| Ok((input.id()?, input.number()?)))?;
                let sum = parts
                    .iter()
                    .try_fold(0_u64, |sum, (_, bytes)| sum.checked_add(*bytes));
                sum.ok_or("lengths that overflow")?;
                Self::Parts(parts)
            }
            _ => return Err("a layout of an unknown form"),
        };
        if !input.0.is_empty() {
            return Err("a layout with trailing bytes");
        }
        if layout.bytes() != total {
            return Err("a layout of another length");
        }
        if total > MAX_FILE_BYTES {
            return Err("it stands for more than the 16 TiB that a file may have");
        }
        Ok(layout)
    }
}

/// Seven bits a byte, lowest first, the high bit meaning that more follow.
fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// `(first << 1, count)` for whole chunks in order; `(chunk << 1 | 1, offset, length)` for a slice.
fn put_runs(out: &mut Vec<u8>, chunks: &[(ChunkId, u32)], slices: &[Slice]) {
    let is_whole = |s: &Slice| s.offset == 0 && s.length == chunks[s.chunk as usize].1;
    let follows = |a: &Slice, b: &Slice| is_whole(a) && is_whole(b) && b.chunk == a.chunk + 1;
    let runs: Vec<&[Slice]> = slices.chunk_by(follows).collect();
    put(out, runs.len() as u64);
    for run in runs {
        let first = run[0];
        if is_whole(&first) {
            put(out, u64::from(first.chunk) << 1);
            put(out, run.len() as u64);
        } else {
            put(out, u64::from(first.chunk) << 1 | 1);
            put(out, u64::from(first.offset));
            put(out, u64::from(first.length));
        }
    }
}

struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn byte(&mut self) -> Result<u8, Broken> {
        let (first, rest) = self.0.split_first().ok_or("a layout that ends early")?;
        self.0 = rest;
        Ok(*first)
    }

    fn id(&mut self) -> Result<[u8; 32], Broken> {
        let (id, rest) = self
            .0
            .split_first_chunk()
            .ok_or("a layout that ends early")?;
        self.0 = rest;
        Ok(*id)
    }

    fn number(&mut self) -> Result<u64, Broken> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err("a number too large")
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Result<T, Broken>) -> Result<Vec<T>, Broken> {
        let count = self.number()?;
        // An item takes 33 bytes at least: a larger count allocates nothing.
        if count > self.0.len() as u64 / 33 {
            return Err("more items than bytes");
        }
        (0..count).map(|_| item(self)).collect()
    }

    fn runs(&mut self, chunks: &[(ChunkId, u32)]) -> Result<Vec<Slice>, Broken> {
        let mut slices = Vec::new();
        for _ in 0..self.number()? {
            let head = self.number()?;
            let chunk = u32::try_from(head >> 1).map_err(|_| "a chunk that is not listed")?;
            let rest = chunks.get(chunk as usize..).unwrap_or_default();
            let &[(_, whole), ..] = rest else {
                return Err("a chunk that is not listed");
            };
            if head & 1 == 0 {
                let count = self.number()?;
                if count == 0 || count > rest.len() as u64 {
                    return Err("a run beyond the listed chunks");
                }
                let run = (chunk..).zip(&rest[..count as usize]);
                slices.extend(run.map(|(chunk, (_, length))| Slice {
                    chunk,
                    offset: 0,
                    length: *length,
                }));
            } else {
                let (offset, length) = (self.number()?, self.number()?);
                let end = offset
                    .checked_add(length)
                    .ok_or("a slice beyond its chunk")?;
                if length == 0 || end > u64::from(whole) {
                    return Err("a slice beyond its chunk");
                }
                slices.push(Slice {
                    chunk,
                    offset: offset as u32,
                    length: length as u32,
                });
            }
            if slices.len() > MAX_SLICES {
                return Err("more slices than a layout may have");
            }
        }
        Ok(slices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(n: u8) -> (ChunkId, u32) {
        (ChunkId::from_bytes([n; 32]), 1000 + u32::from(n))
    }

    #[test]
    fn a_layout_reads_back_and_whole_chunks_cost_one_run() {
        let whole = Layout::of_chunks((0..200).map(chunk).collect());
        assert_eq!(Layout::decode(&whole.encode()), Ok(whole.clone()));
        assert!(whole.encode().len() < 200 * 34 + 16);
        let slice = |chunk, offset, length| Slice {
            chunk,
            offset,
            length,
        };
        let woven = Layout::Slices {
            chunks: vec![chunk(0), chunk(1)],
            slices: vec![
                slice(0, 0, 400),
                slice(1, 0, 1001),
                slice(0, 400, 600),
                slice(0, 0, 1000),
                slice(1, 0, 1001),
            ],
        };
        assert_eq!(Layout::decode(&woven.encode()), Ok(woven.clone()));
        assert_eq!(woven.bytes(), 4002);
        let parts = Layout::Parts(vec![([7; 32], u64::from(u32::MAX) * 9), ([8; 32], 5)]);
        assert_eq!(Layout::decode(&parts.encode()), Ok(parts));
    }

    #[test]
    fn layouts_that_lie_are_refused() {
        let good = Layout::of_chunks(vec![chunk(0), chunk(1)]).encode();
        for cut in 0..good.len() {
            assert!(Layout::decode(&good[..cut]).is_err(), "cut at {cut}");
        }
        let mut runs = good.clone();
        runs.truncate(good.len() - 3);
        let cases: [(&[u8], Broken); 5] = [
            (&[1, 0, 3], "a run beyond the listed chunks"),
            (&[1, 4, 1], "a chunk that is not listed"),
            (&[1, 1, 0, 0], "a slice beyond its chunk"),
            (&[1, 1, 200, 7, 255, 7], "a slice beyond its chunk"),
            (&[1, 0, 1], "a layout of another length"),
        ];
        for (tail, what) in cases {
            assert_eq!(
                Layout::decode(&[&runs[..], tail].concat()),
                Err(what),
                "{tail:?}"
            );
        }
        assert_eq!(
            Layout::decode(&[0, 0, 255, 255, 255, 255, 15]),
            Err("more items than bytes")
        );
        assert_eq!(Layout::decode(&[9, 0]), Err("a layout of an unknown form"));
        // Nor for a list of chunks that no slice could use up.
        let listed: Vec<_> = (0..=MAX_SLICES as u32)
            .map(|n| (ChunkId::of(&n.to_le_bytes()), 1))
            .collect();
        let slices = vec![Slice {
            chunk: 0,
            offset: 0,
            length: 1,
        }];
        let long = Layout::Slices {
            chunks: listed,
            slices,
        };
        assert_eq!(
            Layout::decode(&long.encode()),
            Err("more chunks than a layout may list")
        );
        for (bytes, result) in [
            (MAX_FILE_BYTES, Ok(())),
            (
                MAX_FILE_BYTES + 1,
                Err("it stands for more than the 16 TiB that a file may have"),
            ),
        ] {
            let parts = Layout::Parts(vec![([7; 32], bytes)]);
            assert_eq!(Layout::decode(&parts.encode()).map(drop), result);
        }
        // A short text cannot stand for more slices than a layout may have.
        let mut many = runs.clone();
        put(&mut many, 1_000_000);
        many.extend([0, 2].repeat(1_000_000));
        assert_eq!(
            Layout::decode(&many),
            Err("more slices than a layout may have")
        );
    }
}
