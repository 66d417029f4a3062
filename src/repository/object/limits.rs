//! The most that an object may be, whoever wrote it: what a reader is ready for. `docs/format.md`
//! has the same numbers.

/// Largest encoding of one object, in bytes: a folder of some hundred thousand entries.
pub const MAX_OBJECT_BYTES: usize = 32 << 20;

/// Deepest nesting of arrays and maps in an encoding.
pub const MAX_DEPTH: usize = 32;

/// Most names in a path. No file system of today takes a path that is much deeper in one piece, and
/// whoever follows folders into each other needs no more room than this asks for.
pub const MAX_PATH_NAMES: usize = 512;

/// Highest number of an operation: ten thousand operations a second for nine hundred years.
pub const MAX_OPERATION_NUMBER: u64 = 1 << 48;

/// Most parents of a commit.
pub const MAX_PARENTS: usize = 256;
