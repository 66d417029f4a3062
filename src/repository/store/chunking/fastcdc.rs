//! Cuts that follow from the bytes around them: FastCDC 2020, normalisation level 1.

use fastcdc::v2020::FastCDC;

/// Largest chunk that is made, in bytes.
pub(in crate::store) const MAX_CHUNK: usize = 256 << 10;

/// Sizes of chunks, in bytes: least, average, most.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Sizes {
    pub(in crate::store) min: usize,
    pub(in crate::store) average: usize,
    pub(in crate::store) max: usize,
}

/// Of what is in no track.
pub(in crate::store) const PLAIN: Sizes = Sizes {
    min: 16 << 10,
    average: 64 << 10,
    max: MAX_CHUNK,
};

/// Lengths of the chunks of `bytes`. Unless they end there, what the bytes to come could still
/// change is left out.
pub(in crate::store) fn cuts(bytes: &[u8], sizes: Sizes, at_end: bool) -> Vec<usize> {
    let chunker = FastCDC::new(bytes, sizes.min, sizes.average, sizes.max);
    let mut cuts = Vec::new();
    let mut start = 0;
    while start < bytes.len() && (at_end || bytes.len() - start >= sizes.max) {
        let (_, end) = chunker.cut(start, bytes.len() - start);
        cuts.push(end - start);
        start = end;
    }
    cuts
}
