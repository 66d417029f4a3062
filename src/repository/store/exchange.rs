//! Packs that go from one project to another, over a wire or in a bundle.
//!
//! They hold objects and contents, and nothing that says where a project stands: no operations with their
//! views, no lists of packs that count no more. Their header says what they are, so that the rule holds
//! wherever one is read, in `packs/` too.

use std::fs::File;
use std::path::Path;

use super::error::{Result, StoreError};
use super::pack::Pack;
use super::walk::{verify, walk};

/// What a pack for exchange holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchanged {
    /// Records.
    pub records: usize,
    /// Bytes of the pack.
    pub bytes: u64,
}

/// Reads a pack that comes from another project to its last byte, before anything of it is taken over.
/// `path` is for messages.
///
/// # Errors
/// `Refused` when it is no pack for exchange, or claims what such a pack may not say; `Damaged` when
/// it is not whole; `TooNew`; an I/O error.
pub fn check_exchange(pack: File, path: &Path) -> Result<Exchanged> {
    let pack = Pack::in_file(pack, path.to_owned())?;
    if !pack.sound {
        return Err(pack.damaged(0, "its header is damaged"));
    }
    if !pack.exchange {
        let what = "the header of a pack that stays in its project".to_owned();
        return Err(pack.refused(0, what));
    }
    let bytes = pack.length()?;
    let mut found = walk(&pack, bytes, Some(bytes))?;
    verify(&pack, &mut found, &|_| {})?;
    match found.harm.first() {
        None => Ok(Exchanged {
            records: found.entries.len(),
            bytes,
        }),
        Some(harm) => Err(StoreError::Damaged {
            path: path.to_owned(),
            offset: harm.offset,
            what: harm.what.clone(),
        }),
    }
}
