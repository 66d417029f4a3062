//! The most that what lies in a pack may be, whoever wrote it: what a reader is ready for.
//! `docs/format.md` has the same numbers.

/// A file up to this size is one record; a larger one is cut into chunks.
pub(super) const MAX_BLOB_BYTES: usize = 64 << 10;
/// Largest chunk that is read back. What is written is smaller; the room is for other cutters.
pub(super) const MAX_CHUNK_BYTES: usize = 4 << 20;
/// Largest layout or part of one, in bytes.
pub(super) const MAX_LAYOUT_BYTES: usize = 16 << 20;
/// Largest list of replaced packs, in bytes.
pub(super) const MAX_REPLACED_BYTES: usize = 1 << 20;

/// Slices of one layout, and chunks that it lists; beyond, it is split into parts.
pub(super) const MAX_SLICES: usize = 4096;
/// Largest file that a layout may put together.
pub(super) const MAX_FILE_BYTES: u64 = 16 << 40;
/// How many bytes of a file may come from chunks that came up before, for `fsck --data` to put the
/// file together: what a layout says in a few bytes takes no time of those who did not ask for it.
pub(super) const MAX_REPEATED_BYTES: u64 = 4 << 30;

/// Bytes of chunks that may be read for each byte of a file, and [`FREE_READ_BYTES`] on top: pieces of
/// one byte of large chunks are no way to put a file together.
pub(super) const MAX_READ_PER_BYTE: u64 = 1024;
/// Bytes of chunks that are read for a file without a question.
pub(super) const FREE_READ_BYTES: u64 = 1 << 30;

/// Longest pack. What is written ends soon after a gibibyte.
pub(super) const MAX_PACK_LENGTH: u64 = 4 << 30;
/// Most records that a footer lists. What is written ends after a million, or some more small ones.
pub(super) const MAX_FOOTER_RECORDS: usize = 4 << 20;
/// Highest number of a pack: eight digits.
pub(super) const MAX_PACK_NUMBER: u32 = 99_999_999;
