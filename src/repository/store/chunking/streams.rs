//! One stream of a file on its way into pieces.

use std::borrow::Cow;
use std::mem::take;

use super::Piece;
use super::fastcdc::{MAX_CHUNK, Sizes, cuts};

/// A group of pictures is cut, from its key frame on, before the frame that would pass this: a group
/// that is trimmed at its end still shares its beginning.
const GROUP_BYTES: usize = 128 << 10;
/// What is shorter is no piece of its own where that can be helped: a record costs a hundred bytes.
const MIN_BYTES: usize = 512;
/// Mean length of a run of samples that all stand alone, such as those of AAC, and of a stretch of
/// uncompressed sound.
const RUN_BYTES: u64 = 8 << 10;
/// Longest run, where nothing in it asks for an end.
const MAX_RUN_BYTES: usize = 64 << 10;
/// Bytes at the end of a sample that decide whether a run ends with it.
const DECIDING_BYTES: usize = 64;
/// Joints of one piece.
const MAX_JOINTS: usize = 64;

/// What decides where a stream is cut.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) enum Rule {
    /// Its bytes, as in FastCDC.
    Bytes(Sizes),
    /// Its last few bytes alone, whatever came before.
    Sound,
    /// Its key frames.
    Groups,
    /// Each sample for itself.
    Runs,
    /// Each sample is a piece.
    Each,
}

/// Bytes that wait for the end of their piece.
#[derive(Debug)]
pub(in crate::store) struct Stream {
    number: u16,
    rule: Rule,
    open: Vec<u8>,
    joints: Vec<usize>,
    /// Where in `open` the sample begins that is being read.
    sample: usize,
    /// Whether the sample was cut itself.
    was_cut: bool,
    /// Of the last 64 bytes of sound.
    rolling: u64,
}

impl Stream {
    pub(in crate::store) fn new(number: u16, rule: Rule) -> Self {
        Self {
            number,
            rule,
            open: Vec::new(),
            joints: Vec::new(),
            sample: 0,
            was_cut: false,
            rolling: 0,
        }
    }

    /// A sample of `length` bytes begins; `is_key` says whether it can be decoded without those before.
    pub(in crate::store) fn begin(&mut self, is_key: bool, length: u64, out: &mut Vec<Piece<'_>>) {
        match self.rule {
            Rule::Groups if !self.open.is_empty() => {
                let grown = self.open.len() as u64 + length;
                if grown > GROUP_BYTES as u64 || is_key && self.open.len() >= MIN_BYTES {
                    self.close(out);
                } else if is_key {
                    self.joint();
                }
            }
            Rule::Sound | Rule::Runs => self.joint(),
            Rule::Bytes(_) | Rule::Groups | Rule::Each => {}
        }
        self.sample = self.open.len();
        self.was_cut = false;
    }

    pub(in crate::store) fn append(&mut self, mut bytes: &[u8], out: &mut Vec<Piece<'_>>) {
        match self.rule {
            Rule::Bytes(_) => return self.open.extend_from_slice(bytes),
            Rule::Sound => return self.append_sound(bytes, out),
            Rule::Groups | Rule::Runs | Rule::Each => {}
        }
        while self.open.len() + bytes.len() > MAX_CHUNK {
            let (now, later) = bytes.split_at(MAX_CHUNK - self.open.len());
            self.open.extend_from_slice(now);
            self.close(out);
            self.was_cut = true;
            bytes = later;
        }
        self.open.extend_from_slice(bytes);
    }

    /// Ends a piece wherever a rolling hash of the last bytes says so. In contrast to FastCDC's, such an
    /// end does not depend on the one before: where two takes were joined, the first piece ends within
    /// the second take where it ends in that take alone.
    fn append_sound(&mut self, mut bytes: &[u8], out: &mut Vec<Piece<'_>>) {
        while !bytes.is_empty() {
            let room = MAX_RUN_BYTES - self.open.len();
            let (mut hash, mut end) = (self.rolling, bytes.len().min(room));
            let mut ends = end == room;
            for (at, byte) in bytes[..end].iter().enumerate() {
                hash = (hash << 1).wrapping_add(GEAR[usize::from(*byte)]);
                if hash >> (64 - RUN_BYTES.ilog2()) == 0 && self.open.len() + at + 1 >= MIN_BYTES {
                    (end, ends) = (at + 1, true);
                    break;
                }
            }
            let (now, later) = bytes.split_at(end);
            self.rolling = hash;
            self.open.extend_from_slice(now);
            if ends {
                self.close(out);
            }
            bytes = later;
        }
    }

    /// The sample has ended.
    pub(in crate::store) fn end(&mut self, out: &mut Vec<Piece<'_>>) {
        let ends = match self.rule {
            Rule::Bytes(_) | Rule::Sound | Rule::Groups => false,
            Rule::Each => true,
            Rule::Runs => {
                let open = self.open.len();
                self.was_cut
                    || open >= MAX_RUN_BYTES
                    || open >= MIN_BYTES && ends_run(&self.open[self.sample..])
            }
        };
        if ends {
            self.close(out);
        }
    }

    /// Cuts what the bytes to come can no longer change; all of it `at_end`.
    pub(in crate::store) fn settle(&mut self, at_end: bool, out: &mut Vec<Piece<'_>>) {
        match self.rule {
            Rule::Bytes(sizes) => {
                let mut start = 0;
                for length in cuts(&self.open, sizes, at_end) {
                    out.push(Piece {
                        stream: self.number,
                        bytes: Cow::Owned(self.open[start..start + length].to_vec()),
                        joints: Vec::new(),
                    });
                    start += length;
                }
                self.open.drain(..start);
            }
            _ if at_end => self.close(out),
            _ => {}
        }
    }

    fn close(&mut self, out: &mut Vec<Piece<'_>>) {
        self.sample = 0;
        if !self.open.is_empty() {
            out.push(Piece {
                stream: self.number,
                bytes: Cow::Owned(take(&mut self.open)),
                joints: take(&mut self.joints),
            });
        }
    }

    /// Notes that two files may have been joined here.
    fn joint(&mut self) {
        let here = self.open.len();
        if here > 0 && self.joints.len() < MAX_JOINTS && self.joints.last() != Some(&here) {
            self.joints.push(here);
        }
    }
}

/// A random number for each byte, by splitmix64.
const GEAR: [u64; 256] = {
    let mut gear = [0; 256];
    let mut at = 0;
    let mut state = 0_u64;
    while at < 256 {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        gear[at] = mixed ^ mixed >> 31;
        at += 1;
    }
    gear
};

/// Whether a run ends with this sample, in the mean after [`RUN_BYTES`]. It says so by itself, so
/// that two tracks with the same samples are soon cut alike, whatever came before.
fn ends_run(sample: &[u8]) -> bool {
    let deciding = &sample[sample.len().saturating_sub(DECIDING_BYTES)..];
    // FNV-1a, whose upper half is well mixed after so many bytes.
    let hash = deciding
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    (hash >> 32) < (sample.len() as u64).saturating_mul((1 << 32) / RUN_BYTES)
}
