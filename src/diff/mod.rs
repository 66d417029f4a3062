//! What differs between two versions, by kind of file. Pure: contents come in, findings go out.
//!
//! ```text
//! two listings ─ pair ─▶ files added, removed, modified, renamed
//! two contents ─ compare ─▶ text by line and word │ media by its facts │ bytes
//! ```

mod change;
mod lines;
mod media;
mod rename;
mod text;
mod words;

pub use change::{Content, FileChange, Side, Stat, Status, Totals};
pub use lines::{carried_lines, common_lines, range_before};
pub use media::{MediaDiff, MediaFacts, MediaKind};
pub use rename::{MOST_PAIRS, likeness, pair};
pub use text::{Detail, Hunk, LIMIT_BYTES, Line, LineKind, Span, TextDiff, as_text, text_diff};
pub use words::{Piece, word_pieces};
