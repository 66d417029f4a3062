//! Where a large file is cut. How a file is cut is no part of its identity: it only decides how much
//! of it is found to be stored already.
//!
//! # Model
//! A file is woven from streams. Stream 0 is cut by FastCDC. In a file that is no film it is the only
//! one; in an MP4 or QuickTime film, every track has two of its own:
//!
//! ```text
//! file      ftyp mdat │ SPS PPS │ key frame │ audio │ frame │ audio │ frame │ … │ moov
//! stream 0  ═════════                                                            ══════  FastCDC
//! track 1                        ═══════════         ═══════         ═══════             a group of pictures
//!   heads               ═══╪═══                                                          one NAL unit
//! track 2                                    ═══════         ═══════                     a run of samples
//! ```
//! What a track's own content decides survives joining, cutting at a key frame and another way of
//! interleaving: the pieces are the same, and only the layout, which weaves them together in file
//! order, is new. Parameter sets and their like lie apart, as joining puts them before key frames.
//!
//! # Invariants
//! - Every byte of a file belongs to one stream, and a stream's pieces are its bytes in order. So any
//!   plan gives back any file, also one that lied about itself or changed after it was looked at.
//! - No piece is above [`fastcdc::MAX_CHUNK`], and each stream holds back one piece at most.
//! - What does not parse, or lies, has no plan and is cut by FastCDC alone.

#[cfg(any(test, feature = "attacks"))]
pub(super) mod apart;
pub(super) mod fastcdc;
pub(super) mod mp4;
mod streams;
#[cfg(test)]
mod tests;
pub(super) mod weave;

use std::borrow::Cow;

/// The stream of what is in no track.
pub(super) const REST: u16 = 0;

/// A chunk to be, unless it is stored already.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// Of which stream it is the next.
    pub(super) stream: u16,
    pub(super) bytes: Cow<'a, [u8]>,
    /// Where two files may have been joined within it, ascending: places at which it is worth a try
    /// whether what lies before is stored.
    pub(super) joints: Vec<usize>,
}
