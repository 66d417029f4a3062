//! What stands for everything that a store holds: whoever changes it, the state moves on.

use std::io;

use super::Store;
use super::error::{Result, io_error};
use super::pack::{pack_name, pack_path};
use super::reindex::pack_numbers;
use crate::base::folder::Folder;

impl Store {
    /// A digest of the state of the packs: their lengths, and when the system last saw them change; and of
    /// where the project stands. It moves on when something is stored, also by others or by hand, when packs are written anew, and
    /// when one of them is damaged or mended. A copy of a store has another one.
    ///
    /// # Errors
    /// The packs cannot be looked at, or the index cannot be read.
    pub fn state(&self) -> Result<[u8; 32]> {
        let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 state of a store v1");
        hasher.update(&self.fingerprint()?);
        // It may move to what is stored already.
        if let Some(standpoint) = self.newest_index()?.standpoint()? {
            hasher.update(&standpoint.to_bytes());
        }
        let packs = self.packs_folder();
        for number in pack_numbers(packs)? {
            let looked = looks(packs, &pack_name(number));
            let looked = looked.map_err(io_error("examine", &pack_path(packs, number)))?;
            hasher.update(&number.to_le_bytes()).update(&looked);
        }
        Ok(*hasher.finalize().as_bytes())
    }
}

/// What the system says of a file: a write to it shows here.
#[cfg(unix)]
fn looks(folder: &Folder, name: &str) -> io::Result<[u8; 48]> {
    use cap_std::fs::MetadataExt as _;
    let about = folder.dir().symlink_metadata(name)?;
    let times = [
        about.mtime(),
        about.mtime_nsec(),
        about.ctime(),
        about.ctime_nsec(),
    ];
    let mut looks = [0; 48];
    looks[..8].copy_from_slice(&about.len().to_le_bytes());
    looks[8..16].copy_from_slice(&about.ino().to_le_bytes());
    for (at, time) in looks[16..].chunks_exact_mut(8).zip(times) {
        at.copy_from_slice(&time.to_le_bytes());
    }
    Ok(looks)
}

/// What the system says of a file: a write to it shows here.
#[cfg(not(unix))]
fn looks(folder: &Folder, name: &str) -> io::Result<[u8; 48]> {
    let about = folder.dir().symlink_metadata(name)?;
    let since = about.modified()?.into_std();
    let since = since.duration_since(std::time::UNIX_EPOCH);
    let mut looks = [0; 48];
    looks[..8].copy_from_slice(&about.len().to_le_bytes());
    looks[8..24].copy_from_slice(&since.unwrap_or_default().as_nanos().to_le_bytes());
    Ok(looks)
}
