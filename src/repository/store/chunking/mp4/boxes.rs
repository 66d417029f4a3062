//! The boxes of an MP4 or QuickTime file (ISO/IEC 14496-12, 4.2): a size, four letters, a body.

use std::ops::Range;

/// Bytes that hold any head of a box.
pub(super) const MAX_HEAD: usize = 16;

/// The head of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: [u8; 4],
    /// Bytes of the head: 8 or 16.
    pub(super) head: u64,
    /// Bytes of the whole box.
    pub(super) size: u64,
}

impl Head {
    /// Reads the head of a box of which, with all that follows it, there are `room` bytes. Nothing
    /// when it does not fit them.
    pub(super) fn parse(bytes: &[u8], room: u64) -> Option<Self> {
        let (size, rest) = bytes.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let (head, size) = match u32::from_be_bytes(*size) {
            0 => (8, room),
            1 => (16, u64::from_be_bytes(*rest.first_chunk::<8>()?)),
            size => (8, u64::from(size)),
        };
        (head <= size && size <= room).then_some(Self {
            kind: *kind,
            head,
            size,
        })
    }
}

/// Boxes within one other that are looked at.
pub(super) const MAX_CHILDREN: usize = 1024;

/// The boxes that lie in `area` of `bytes`: the kind of each and where its body is. Nothing when one
/// does not fit, or when there are too many.
pub(super) fn children(bytes: &[u8], area: Range<usize>) -> Option<Vec<([u8; 4], Range<usize>)>> {
    let mut found = Vec::new();
    let mut at = area.start;
    // QuickTime may end a list with four zeros.
    while area.end - at >= 8 {
        if found.len() == MAX_CHILDREN {
            return None;
        }
        let head = Head::parse(&bytes[at..area.end], (area.end - at) as u64)?;
        let end = at + head.size as usize;
        found.push((head.kind, at + head.head as usize..end));
        at = end;
    }
    Some(found)
}

/// The body of the first box of a kind.
pub(super) fn first(boxes: &[([u8; 4], Range<usize>)], kind: &[u8; 4]) -> Option<Range<usize>> {
    let mut of_kind = boxes.iter().filter(|(found, _)| found == kind);
    of_kind.next().map(|(_, body)| body.clone())
}

/// A table of numbers in `bytes`, each entry of the same width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Table {
    at: usize,
    width: usize,
    pub(super) count: u32,
}

impl Table {
    /// The table in the body of a box: version and flags, the number of entries, entries. Nothing when
    /// it claims more than there are.
    pub(super) fn parse(bytes: &[u8], body: &Range<usize>, width: usize) -> Option<Self> {
        Self::behind(bytes, body, 4, width)
    }

    /// The table whose count stands `skip` bytes into the body.
    pub(super) fn behind(
        bytes: &[u8],
        body: &Range<usize>,
        skip: usize,
        width: usize,
    ) -> Option<Self> {
        let count = u32_at(bytes.get(body.clone())?, skip)?;
        let at = body.start + skip + 4;
        let room = (body.end - at) / width;
        (count as usize <= room).then_some(Self { at, width, count })
    }

    /// `count` bytes that lie `skip` bytes into the body, if there are so many.
    pub(super) fn of_bytes(body: &Range<usize>, skip: usize, count: u32) -> Option<Self> {
        let at = body.start + skip;
        let fits = at <= body.end && count as usize <= body.end - at;
        fits.then_some(Self {
            at,
            width: 1,
            count,
        })
    }

    /// An entry as one number.
    pub(super) fn number(&self, bytes: &[u8], entry: u32) -> u64 {
        let at = self.at + entry as usize * self.width;
        let number = bytes[at..at + self.width].iter();
        number.fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    }

    /// One of the numbers of four bytes that make up an entry.
    pub(super) fn field(&self, bytes: &[u8], entry: u32, field: usize) -> u32 {
        let at = self.at + entry as usize * self.width + 4 * field;
        u32_at(bytes, at).expect("the table was found to fit")
    }
}

/// The number of four bytes at `at`.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_be_bytes(*bytes))
}
