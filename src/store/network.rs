//! LMDB's locks and memory map do not work over a network: such file systems are refused.

use std::path::Path;

use super::error::Result;

/// Refuses a folder on a file system known to be another machine's.
#[cfg(target_os = "linux")]
pub(super) fn refuse(folder: &Path) -> Result<()> {
    use super::error::{StoreError, io_error};

    // Numbers from statfs(2).
    const NETWORK: [(u32, &str); 7] = [
        (0x6969, "NFS"),
        (0x517b, "SMB"),
        (0xff53_4d42, "CIFS"),
        (0xfe53_4d42, "SMB2"),
        (0x0102_1997, "9P"),
        (0x00c3_6400, "Ceph"),
        (0x5346_414f, "AFS"),
    ];
    let found =
        rustix::fs::statfs(folder).map_err(|error| io_error("examine", folder)(error.into()))?;
    match NETWORK
        .iter()
        .find(|(number, _)| *number == found.f_type as u32)
    {
        Some((_, name)) => Err(StoreError::NetworkFileSystem {
            path: folder.to_owned(),
            name,
        }),
        None => Ok(()),
    }
}

/// Elsewhere they are not told apart.
#[cfg(not(target_os = "linux"))]
pub(super) fn refuse(_folder: &Path) -> Result<()> {
    Ok(())
}
