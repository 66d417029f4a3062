//! A large file in windows, so that it is read, cut, hashed and written at the same time.
//!
//! ```text
//! window 1   ├─ room ─┤████████████████████▒▒▒▒│        ▒ what is left over when it is cut
//! window 2                        ├─ room ▒▒▒▒┤█████████████████████▒▒│
//! ```
//! The next window is read before it is known what the one before leaves over. There is room for that
//! in front of what was read.

use std::borrow::Cow;
use std::io::{self, Read};

use super::chunking::fastcdc::{MAX_CHUNK, PLAIN, cuts};
use super::chunking::{Piece, REST};

/// How much of a large file is read at a time.
pub(super) const WINDOW: usize = 2 << 20;

/// A stretch of a file.
#[derive(Debug)]
pub(super) struct Window {
    buffer: Vec<u8>,
    /// Where in the buffer the window begins.
    start: usize,
    /// Where it ends.
    end: usize,
    /// Lengths of the pieces that it is cut into.
    cuts: Vec<usize>,
    /// Whether the file ends with it.
    pub(super) is_last: bool,
}

impl Window {
    /// Reads the next window, into the buffer of one that is done with.
    pub(super) fn read(reader: &mut impl Read, mut buffer: Vec<u8>) -> io::Result<Self> {
        if buffer.is_empty() {
            // Zeros that the system gives: a file that is shorter than a window touches few of them.
            buffer = vec![0; MAX_CHUNK + WINDOW];
        }
        let read = fill(reader, &mut buffer[MAX_CHUNK..])?;
        Ok(Self {
            buffer,
            start: MAX_CHUNK,
            end: MAX_CHUNK + read,
            cuts: Vec::new(),
            is_last: read < WINDOW,
        })
    }

    /// Begins with what the window before left over.
    pub(super) fn take_over(&mut self, before: &Self) {
        let rest = &before.buffer[before.start + before.length()..before.end];
        self.start = MAX_CHUNK - rest.len();
        self.buffer[self.start..MAX_CHUNK].copy_from_slice(rest);
    }

    /// Finds the pieces.
    pub(super) fn cut(&mut self) {
        self.cuts = cuts(&self.buffer[self.start..self.end], PLAIN, self.is_last);
    }

    /// How many bytes the pieces have.
    fn length(&self) -> usize {
        self.cuts.iter().sum()
    }

    /// What was cut into pieces.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.start + self.length()]
    }

    pub(super) fn pieces(&self) -> Vec<Piece<'_>> {
        let mut rest = self.bytes();
        let pieces = self.cuts.iter().map(|cut| Piece {
            stream: REST,
            bytes: Cow::Borrowed(rest.split_off(..*cut).unwrap_or_default()),
            joints: Vec::new(),
        });
        pieces.collect()
    }

    /// The buffer, for another window.
    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }
}

/// Reads until the buffer is full or the source ends.
pub(super) fn fill(reader: &mut impl Read, mut buffer: &mut [u8]) -> io::Result<usize> {
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
