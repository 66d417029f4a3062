//! What a folder's file system is and can do.

use std::io;
use std::path::Path;

/// A file system, as far as this machine tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSystem {
    /// `ext4`, `btrfs`; none where it is not known.
    pub name: Option<&'static str>,
    /// How far its ways are known.
    pub nature: Nature,
    /// Bytes that may still be written; none where it is not known.
    pub free_bytes: Option<u64>,
}

/// What may be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Of this machine and of a Unix: a folder's times change with whatever is made in it, renamed
    /// or removed, and no program can set back the time of its last change.
    Unix,
    /// Not known, or of another system.
    Foreign,
    /// Another machine's.
    Remote,
}

/// Numbers from statfs(2), and what may be relied on.
#[cfg(target_os = "linux")]
const KNOWN: [(u32, &str, Nature); 19] = [
    (0xef53, "ext4", Nature::Unix),
    (0x9123_683e, "btrfs", Nature::Unix),
    (0x5846_5342, "XFS", Nature::Unix),
    (0x0102_1994, "tmpfs", Nature::Unix),
    (0x794c_7630, "overlayfs", Nature::Unix),
    (0x2fc1_2fc1, "ZFS", Nature::Unix),
    (0xf2f5_2010, "F2FS", Nature::Unix),
    (0xca45_1a4e, "bcachefs", Nature::Unix),
    (0x4d44, "FAT", Nature::Foreign),
    (0x2011_bab0, "exFAT", Nature::Foreign),
    (0x7366_746e, "NTFS", Nature::Foreign),
    (0x6573_5546, "FUSE", Nature::Foreign),
    (0x6969, "NFS", Nature::Remote),
    (0x517b, "SMB", Nature::Remote),
    (0xff53_4d42, "CIFS", Nature::Remote),
    (0xfe53_4d42, "SMB2", Nature::Remote),
    (0x0102_1997, "9P", Nature::Remote),
    (0x00c3_6400, "Ceph", Nature::Remote),
    (0x5346_414f, "AFS", Nature::Remote),
];

/// Asks what `folder` lies on.
///
/// # Errors
/// What the system says.
#[cfg(target_os = "linux")]
pub fn examine(folder: &Path) -> io::Result<FileSystem> {
    let found = rustix::fs::statfs(folder)?;
    let space = rustix::fs::statvfs(folder)?;
    let number = found.f_type as u32;
    let known = KNOWN.iter().find(|(known, ..)| *known == number);
    Ok(FileSystem {
        name: known.map(|(_, name, _)| *name),
        nature: known.map_or(Nature::Foreign, |(.., nature)| *nature),
        free_bytes: Some(space.f_bavail.saturating_mul(space.f_frsize)),
    })
}

/// Elsewhere it is not asked.
///
/// # Errors
/// Never.
#[cfg(not(target_os = "linux"))]
pub fn examine(_folder: &Path) -> io::Result<FileSystem> {
    Ok(FileSystem {
        name: None,
        nature: Nature::Foreign,
        free_bytes: None,
    })
}

/// Bytes that may still be written to an open file; none for a pipe or a device, which take any
/// number, and where it is not known.
#[cfg(target_os = "linux")]
pub fn room_for(out: impl std::os::fd::AsFd) -> Option<u64> {
    let found = rustix::fs::fstat(&out).ok()?;
    if !rustix::fs::FileType::from_raw_mode(found.st_mode).is_file() {
        return None;
    }
    let space = rustix::fs::fstatvfs(&out).ok()?;
    Some(space.f_bavail.saturating_mul(space.f_frsize))
}

/// Elsewhere it is not asked.
#[cfg(not(target_os = "linux"))]
pub fn room_for<T>(_out: T) -> Option<u64> {
    None
}

/// Whether files in `folder` can share their bytes until one is changed: tried out with a small
/// file without a name, which is gone afterwards. None where it cannot be tried.
///
/// # Errors
/// Why no file can be written there.
pub fn shares_bytes(folder: &Path) -> io::Result<Option<bool>> {
    use std::io::Write;

    let mut from = tempfile::tempfile_in(folder)?;
    let to = tempfile::tempfile_in(folder)?;
    from.write_all(&[1; 4096])?;
    Ok(clone(&from, &to))
}

#[cfg(target_os = "linux")]
fn clone(from: &std::fs::File, to: &std::fs::File) -> Option<bool> {
    use std::os::unix::fs::FileExt;

    if rustix::fs::ioctl_ficlone(to, from).is_err() {
        return Some(false);
    }
    let mut copy = [0; 4096];
    Some(to.read_exact_at(&mut copy, 0).is_ok() && copy == [1; 4096])
}

#[cfg(not(target_os = "linux"))]
fn clone(_from: &std::fs::File, _to: &std::fs::File) -> Option<bool> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn no_file_system_is_known_twice() {
        let numbers: std::collections::BTreeSet<u32> =
            KNOWN.iter().map(|(number, ..)| *number).collect();
        assert_eq!(numbers.len(), KNOWN.len());
    }

    #[test]
    fn a_probe_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let shares = shares_bytes(folder.path()).unwrap();
        assert_eq!(shares.is_some(), cfg!(target_os = "linux"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(shares_bytes(&folder.path().join("nowhere")).is_err());
    }
}
