//! What a file's metadata tells, and the cache that spares reading files it has proven unchanged.
//!
//! `.aiut/stat`, sealed, all integers little-endian:
//! ```text
//! count:u32
//! count × { path length:u16, path, size:u64, mtime ns:i64, ctime ns:i64, inode:u64, id:[u8; 32] }
//! ```
//! Sorted by path. It is a cache: what cannot be read whole is thrown away.
//!
//! **Racily clean.** Time stamps move in ticks of some milliseconds, so a file written twice
//! within one tick may keep its size and its times. An entry is only kept when the file's times
//! lie before the moment, on the file system's own clock, at which its content began to be read:
//! any later write then shows in its times.

use std::cmp::Ordering;
use std::io;

use super::WorkTree;
use crate::base::sealed::{self, Sort, put_text, take, take_text};
use crate::object::{FileId, RepoPath};

const CACHE: Sort = Sort {
    magic: *b"aiutstat",
    version: 1,
    // Some three million files.
    most_bytes: 512 << 20,
};
/// Bytes of an entry beside its path.
const FIXED: usize = 2 + 8 * 4 + 32;

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
            let since = |time: io::Result<std::time::SystemTime>| {
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

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    path: String,
    size: u64,
    mtime: i64,
    ctime: i64,
    inode: u64,
    id: FileId,
}

impl Entry {
    fn answer(&self, stat: &Stat) -> Option<FileId> {
        let same = self.size == stat.size
            && self.mtime == stat.mtime
            && self.ctime == stat.ctime
            && self.inode == stat.inode;
        same.then_some(self.id)
    }
}

/// What of a cache has not been passed yet.
pub(super) struct InOrder<'c> {
    rest: &'c [Entry],
}

impl InOrder<'_> {
    pub(super) fn get(&mut self, path: &RepoPath, stat: &Stat) -> Option<FileId> {
        while let Some((first, rest)) = self.rest.split_first() {
            match first.path.as_str().cmp(path.as_str()) {
                Ordering::Less => self.rest = rest,
                Ordering::Equal => return first.answer(stat),
                Ordering::Greater => return None,
            }
        }
        None
    }
}

/// File ids by path, each good as long as the file's stat is the one recorded.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct StatCache {
    /// Sorted by path.
    entries: Vec<Entry>,
}

impl StatCache {
    /// Reads `.aiut/stat`; an empty cache when it is missing or damaged.
    #[must_use]
    pub fn load(tree: &WorkTree) -> Self {
        let bytes = CACHE.read(&tree.own("stat")).unwrap_or_default();
        CACHE.open(&bytes).and_then(decode).unwrap_or_default()
    }

    /// Writes it back. A project in a read-only folder has none, which costs only time.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn save(&self, tree: &WorkTree) -> io::Result<()> {
        sealed::write(&tree.own("stat"), self.encode())
    }

    /// The id of the file at `path` if its stat is the recorded one.
    #[must_use]
    pub fn get(&self, path: &RepoPath, stat: &Stat) -> Option<FileId> {
        let at = self
            .entries
            .binary_search_by(|entry| entry.path.as_str().cmp(path.as_str()));
        let entry = &self.entries[at.ok()?];
        let same = entry.size == stat.size
            && entry.mtime == stat.mtime
            && entry.ctime == stat.ctime
            && entry.inode == stat.inode;
        same.then_some(entry.id)
    }

    /// Answers like [`Self::get`] for paths that are asked in their order, each in a step or two.
    pub(super) fn in_order(&self) -> InOrder<'_> {
        InOrder {
            rest: &self.entries,
        }
    }

    /// How many files it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A cache of these files, given in the order of their paths.
    pub(super) fn of<'a>(files: impl Iterator<Item = (&'a RepoPath, Stat, FileId)>) -> Self {
        let entry = |(path, stat, id): (&RepoPath, Stat, FileId)| Entry {
            path: path.as_str().to_owned(),
            size: stat.size,
            mtime: stat.mtime,
            ctime: stat.ctime,
            inode: stat.inode,
            id,
        };
        Self {
            entries: files.map(entry).collect(),
        }
    }

    /// Replaces what is known of these paths; `None` forgets one.
    pub(super) fn update<'a>(
        &mut self,
        files: impl Iterator<Item = (&'a RepoPath, Option<(Stat, FileId)>)>,
    ) {
        let mut known: std::collections::BTreeMap<String, Entry> = self
            .entries
            .drain(..)
            .map(|entry| (entry.path.clone(), entry))
            .collect();
        for (path, now) in files {
            known.remove(path.as_str());
            if let Some((stat, id)) = now {
                let entry = Self::of(std::iter::once((path, stat, id)))
                    .entries
                    .remove(0);
                known.insert(entry.path.clone(), entry);
            }
        }
        self.entries = known.into_values().collect();
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = CACHE.begin(4 + self.entries.len() * (FIXED + 40));
        let count = u32::try_from(self.entries.len()).expect("fewer files than 4 billion");
        bytes.extend_from_slice(&count.to_le_bytes());
        for entry in &self.entries {
            put_text(&mut bytes, &entry.path);
            bytes.extend_from_slice(&entry.size.to_le_bytes());
            bytes.extend_from_slice(&entry.mtime.to_le_bytes());
            bytes.extend_from_slice(&entry.ctime.to_le_bytes());
            bytes.extend_from_slice(&entry.inode.to_le_bytes());
            bytes.extend_from_slice(entry.id.as_bytes());
        }
        bytes
    }
}

fn decode(mut rest: &[u8]) -> Option<StatCache> {
    let count = u32::from_le_bytes(take(&mut rest)?) as usize;
    let mut entries = Vec::with_capacity(count.min(rest.len() / FIXED));
    for _ in 0..count {
        entries.push(Entry {
            path: take_text(&mut rest)?.to_owned(),
            size: u64::from_le_bytes(take(&mut rest)?),
            mtime: i64::from_le_bytes(take(&mut rest)?),
            ctime: i64::from_le_bytes(take(&mut rest)?),
            inode: u64::from_le_bytes(take(&mut rest)?),
            id: FileId::from_bytes(take(&mut rest)?),
        });
    }
    rest.is_empty().then_some(StatCache { entries })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> (RepoPath, Stat, FileId) {
        let stat = Stat {
            size: 5,
            mtime: 1_000,
            ctime: 2_000,
            inode: 9,
            exec: false,
        };
        (
            RepoPath::new("shots/012_003.json").unwrap(),
            stat,
            FileId::of(b"hello"),
        )
    }

    #[test]
    fn a_cache_reads_back_and_answers_only_for_the_very_same_stat() {
        let (path, stat, id) = sample();
        let cache = StatCache::of(std::iter::once((&path, stat, id)));
        let bytes = sealed::seal(cache.encode());
        let cache = CACHE.open(&bytes).and_then(decode).unwrap();
        assert_eq!(cache.get(&path, &stat), Some(id));
        for other in [
            Stat { size: 6, ..stat },
            Stat {
                mtime: 1_001,
                ..stat
            },
            Stat {
                ctime: 2_001,
                ..stat
            },
            Stat { inode: 10, ..stat },
        ] {
            assert_eq!(cache.get(&path, &other), None);
        }
        assert_eq!(cache.get(&RepoPath::new("shots").unwrap(), &stat), None);
    }
}
