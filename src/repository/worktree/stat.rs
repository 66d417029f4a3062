//! What a file's metadata tells.

/// The part of a file's metadata that changes when its content does. Times in nanoseconds since
/// 1970; change time and inode are 0 where the system has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// Bytes.
    pub size: u64,
    /// When the content was last written.
    pub mtime: i64,
    /// When content or metadata last changed; no program can set it back.
    pub ctime: i64,
    /// Number of the file in its file system.
    pub inode: u64,
    /// Whether its owner may execute it.
    pub exec: bool,
}

impl Stat {
    /// From metadata as the standard library gives it.
    #[must_use]
    pub fn of(metadata: &std::fs::Metadata) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            Self {
                size: metadata.size(),
                mtime: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
                ctime: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
                inode: metadata.ino(),
                exec: metadata.mode() & 0o100 != 0,
            }
        }
        #[cfg(not(unix))]
        {
            let since = |time: std::io::Result<std::time::SystemTime>| {
                let since = time.ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
                i64::try_from(since.as_nanos()).ok()
            };
            let mtime = since(metadata.modified()).unwrap_or_default();
            Self {
                size: metadata.len(),
                mtime,
                ctime: 0,
                inode: 0,
                exec: false,
            }
        }
    }

    /// From metadata read beneath a folder's handle.
    pub(super) fn of_beneath(metadata: &cap_std::fs::Metadata) -> Self {
        #[cfg(unix)]
        {
            use cap_std::fs::MetadataExt as _;
            Self {
                size: metadata.size(),
                mtime: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
                ctime: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
                inode: metadata.ino(),
                exec: metadata.mode() & 0o100 != 0,
            }
        }
        #[cfg(not(unix))]
        {
            let since = metadata
                .modified()
                .ok()
                .and_then(|time| time.into_std().duration_since(std::time::UNIX_EPOCH).ok());
            let mtime = since
                .and_then(|d| i64::try_from(d.as_nanos()).ok())
                .unwrap_or_default();
            Self {
                size: metadata.len(),
                mtime,
                ctime: 0,
                inode: 0,
                exec: false,
            }
        }
    }

    /// From stat(2).
    #[cfg(unix)]
    #[allow(
        clippy::unnecessary_cast,
        reason = "the types of the fields differ from system to system"
    )]
    pub(super) fn of_system(found: &rustix::fs::Stat) -> Self {
        let time = |seconds, more| nanoseconds(seconds as i64, more as i64);
        Self {
            size: u64::try_from(found.st_size).unwrap_or_default(),
            mtime: time(found.st_mtime, found.st_mtime_nsec),
            ctime: time(found.st_ctime, found.st_ctime_nsec),
            inode: found.st_ino as u64,
            exec: found.st_mode & 0o100 != 0,
        }
    }

    /// Whether no write at or after `moment` can have gone unseen.
    pub(super) fn is_settled(&self, moment: i64) -> bool {
        self.mtime < moment && self.ctime < moment
    }
}

#[cfg(unix)]
fn nanoseconds(seconds: i64, nanoseconds: i64) -> i64 {
    seconds
        .saturating_mul(1_000_000_000)
        .saturating_add(nanoseconds)
}
