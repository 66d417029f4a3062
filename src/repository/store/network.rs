//! LMDB's locks and memory map do not work over a network: such file systems are refused.

use std::path::Path;

use super::error::{Result, StoreError, io_error};
use crate::base::filesystem::{Nature, examine};

/// Refuses a folder on a file system known to be another machine's.
pub(super) fn refuse(folder: &Path) -> Result<()> {
    let found = examine(folder).map_err(io_error("examine", folder))?;
    match found.name.filter(|_| found.nature == Nature::Remote) {
        Some(name) => Err(StoreError::NetworkFileSystem {
            path: folder.to_owned(),
            name,
        }),
        None => Ok(()),
    }
}
