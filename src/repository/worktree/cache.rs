//! The cache that spares reading files it has proven unchanged, and listing folders.
//!
//! `.aiut/stat`, sealed, all integers little-endian:
//! ```text
//! count:u32
//! count × { path length:u16, path, flags:u8,
//!           size:u64, mtime ns:i64, ctime ns:i64, inode:u64, id:[u8; 32] }
//! build length:u16, build
//! count:u32
//! count × { folder length:u16, folder, flags:u8, mtime ns:i64, ctime ns:i64, inode:u64 }
//! ```
//! Both sorted by path. Flag 1: the id of the file, or the times of the folder, are known; else they
//! are zero. Flag 2 of a file: the walk of the folders listed it, rather than that it was asked for
//! though an ignore rule matches it. It is a cache: what cannot be read whole is thrown away.
//!
//! An id follows from bytes. That the files with the flag 2 are all that a folder holds follows from
//! how aiut reads ignore rules and names: of another build's cache no folder counts.
//!
//! **Racily clean.** Time stamps move in ticks of some milliseconds, so a file written twice
//! within one tick may keep its size and its times. An id is only kept when the file's times
//! lie before the moment, on the file system's own clock, at which its content began to be read:
//! any later write then shows in its times.

use std::cmp::Ordering;
use std::io;

use super::folders::{Folder, FolderStat, folder_of};
use super::scan::ScannedFile;
use super::{Stat, WorkTree};
use crate::BUILD;
use crate::base::sealed::{self, Sort, put_text, take, take_text};
use crate::object::{FileId, RepoPath};

const CACHE: Sort = Sort {
    magic: *b"aiutstat",
    version: 3,
    // Some three million files.
    most_bytes: 512 << 20,
};
/// Bytes of an entry beside its path.
const FIXED: usize = 2 + 1 + 8 * 4 + 32;

/// Up to so many files one thread looks at: waking others takes longer than they save.
const FEW_FILES: usize = 1000;

const GOOD: u8 = 1;
const LISTED: u8 = 2;

/// What is kept of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StatEntry<'c> {
    pub path: &'c str,
    /// Where the cache has it: greater for a later path.
    pub place: u32,
    /// Whether it is among what a listing of its folder gives.
    pub listed: bool,
    size: u64,
    mtime: i64,
    ctime: i64,
    inode: u64,
    /// Its content; none when it is not known, or its times do not prove it.
    id: Option<FileId>,
}

impl<'c> StatEntry<'c> {
    fn of(path: &'c str, file: &ScannedFile) -> Self {
        let stat = file.stat;
        Self {
            path,
            place: 0,
            listed: !file.ignored,
            size: stat.size,
            mtime: stat.mtime,
            ctime: stat.ctime,
            inode: stat.inode,
            id: file.id.filter(|_| file.settled),
        }
    }

    pub(super) fn answer(&self, stat: &Stat) -> Option<FileId> {
        let same = self.size == stat.size
            && self.mtime == stat.mtime
            && self.ctime == stat.ctime
            && self.inode == stat.inode;
        self.id.filter(|_| same)
    }

    fn encode(&self, bytes: &mut Vec<u8>) {
        put_text(bytes, self.path);
        let good = if self.id.is_some() { GOOD } else { 0 };
        bytes.push(good | if self.listed { LISTED } else { 0 });
        bytes.extend_from_slice(&self.size.to_le_bytes());
        bytes.extend_from_slice(&self.mtime.to_le_bytes());
        bytes.extend_from_slice(&self.ctime.to_le_bytes());
        bytes.extend_from_slice(&self.inode.to_le_bytes());
        bytes.extend_from_slice(self.id.unwrap_or(FileId::from_bytes([0; 32])).as_bytes());
    }

    fn decode(rest: &mut &'c [u8]) -> Option<Self> {
        let path = take_text(rest)?;
        let [flags] = take(rest)?;
        let size = u64::from_le_bytes(take(rest)?);
        let [mtime, ctime] = [
            i64::from_le_bytes(take(rest)?),
            i64::from_le_bytes(take(rest)?),
        ];
        let inode = u64::from_le_bytes(take(rest)?);
        let id = FileId::from_bytes(take(rest)?);
        Some(Self {
            path,
            place: 0,
            listed: flags & LISTED != 0,
            size,
            mtime,
            ctime,
            inode,
            id: (flags & GOOD != 0).then_some(id),
        })
    }
}

/// What of a cache has not been passed yet.
pub(super) struct InOrder<'c, I: Iterator<Item = StatEntry<'c>>> {
    rest: std::iter::Peekable<I>,
}

impl<'c, I: Iterator<Item = StatEntry<'c>>> InOrder<'c, I> {
    pub(super) fn get(&mut self, path: &RepoPath, stat: &Stat) -> Option<FileId> {
        while let Some(first) = self.rest.peek() {
            match first.path.cmp(path.as_str()) {
                Ordering::Less => drop(self.rest.next()),
                Ordering::Equal => return first.answer(stat),
                Ordering::Greater => return None,
            }
        }
        None
    }
}

/// File ids by path, each good as long as the file's stat is the one recorded; and the folders that
/// need not be listed as long as theirs is. The files lie as they lay in the file: most commands
/// look at each once.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct StatCache {
    /// The entries, one behind the other.
    bytes: Vec<u8>,
    /// Where each begins; sorted by path.
    starts: Vec<u32>,
    /// Entries that know an id.
    known: usize,
    folders: Vec<Folder>,
}

impl StatCache {
    /// Reads `.aiut/stat`; an empty cache when it is missing or damaged.
    #[must_use]
    pub fn load(tree: &WorkTree) -> Self {
        CACHE
            .read(tree.own(), "stat")
            .and_then(decode)
            .unwrap_or_default()
    }

    /// Writes it back. A project in a read-only folder has none, which costs only time.
    ///
    /// # Errors
    /// Any I/O error.
    pub fn save(&self, tree: &WorkTree) -> io::Result<()> {
        sealed::write(tree.own(), "stat", self.encode())
    }

    /// Each file, in the order of the paths.
    pub(super) fn entries(&self) -> impl Iterator<Item = StatEntry<'_>> {
        self.starts.iter().map(|start| self.entry(*start))
    }

    /// The file at this place.
    pub(super) fn entry(&self, start: u32) -> StatEntry<'_> {
        let entry = StatEntry::decode(&mut &self.bytes[start as usize..]);
        StatEntry {
            place: start,
            ..entry.expect("it was decoded before")
        }
    }

    pub(super) fn folders(&self) -> &[Folder] {
        &self.folders
    }

    fn find(&self, path: &RepoPath) -> Option<StatEntry<'_>> {
        let order = |start: &u32| self.entry(*start).path.cmp(path.as_str());
        let at = self.starts.binary_search_by(order).ok()?;
        Some(self.entry(self.starts[at]))
    }

    /// Whether looking with it takes so long that something else may be done meanwhile.
    #[must_use]
    pub fn is_large(&self) -> bool {
        self.starts.len() > FEW_FILES
    }

    /// The id of the file at `path` if its stat is the recorded one.
    #[must_use]
    pub fn get(&self, path: &RepoPath, stat: &Stat) -> Option<FileId> {
        self.find(path)?.answer(stat)
    }

    /// Whether there was such a file.
    pub(super) fn has(&self, path: &RepoPath) -> bool {
        self.find(path).is_some()
    }

    /// Answers like [`Self::get`] for paths that are asked in their order, each in a step or two.
    pub(super) fn in_order(&self) -> InOrder<'_, impl Iterator<Item = StatEntry<'_>>> {
        InOrder {
            rest: self.entries().peekable(),
        }
    }

    /// Of how many files it knows the content.
    #[must_use]
    pub fn known(&self) -> usize {
        self.known
    }

    /// A cache of these files, of those that this one has at these places, and of these folders.
    /// Both are given in the order of the paths.
    pub(super) fn renewed<'a>(
        &self,
        files: impl Iterator<Item = (&'a RepoPath, &'a ScannedFile)>,
        same: &[u32],
        folders: Vec<Folder>,
    ) -> Self {
        let mut cache = Self {
            folders,
            ..Self::default()
        };
        let mut same = same.iter().map(|place| self.entry(*place)).peekable();
        for (path, file) in files {
            while let Some(entry) = same.next_if(|entry| entry.path < path.as_str()) {
                cache.push(&entry);
            }
            cache.push(&StatEntry::of(path.as_str(), file));
        }
        same.for_each(|entry| cache.push(&entry));
        cache
    }

    fn push(&mut self, entry: &StatEntry<'_>) {
        // Beyond 4 GiB, which no file of it can have, nothing more is kept.
        if let Ok(start) = u32::try_from(self.bytes.len()) {
            entry.encode(&mut self.bytes);
            self.starts.push(start);
            self.known += usize::from(entry.id.is_some());
        }
    }

    /// Replaces what is known of these paths; `None` forgets one. Their folders must be listed
    /// again.
    pub(super) fn update<'a>(
        &mut self,
        files: impl Iterator<Item = (&'a RepoPath, Option<(Stat, FileId)>)>,
    ) {
        let old = std::mem::take(self);
        let mut entries: std::collections::BTreeMap<&str, StatEntry<'_>> =
            old.entries().map(|entry| (entry.path, entry)).collect();
        let mut touched = std::collections::BTreeSet::new();
        for (path, now) in files {
            touched.insert(folder_of(path.as_str()));
            match now {
                Some((stat, id)) => {
                    let file = ScannedFile::known(stat, Some(id));
                    entries.insert(path.as_str(), StatEntry::of(path.as_str(), &file));
                }
                None => drop(entries.remove(path.as_str())),
            }
        }
        let again = |mut folder: Folder| {
            folder.stat = folder
                .stat
                .filter(|_| !touched.contains(folder.path.as_str()));
            folder
        };
        entries.values().for_each(|entry| self.push(entry));
        self.folders = old.folders.iter().cloned().map(again).collect();
    }

    fn encode(&self) -> Vec<u8> {
        self.encode_by(BUILD.as_str())
    }

    fn encode_by(&self, build: &str) -> Vec<u8> {
        let count = |length| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        let mut bytes =
            CACHE.begin(10 + build.len() + self.bytes.len() + self.folders.len() * (FIXED + 40));
        bytes.extend_from_slice(&count(self.starts.len()));
        bytes.extend_from_slice(&self.bytes);
        put_text(&mut bytes, build);
        bytes.extend_from_slice(&count(self.folders.len()));
        for Folder { path, stat } in &self.folders {
            put_text(&mut bytes, path);
            bytes.push(if stat.is_some() { GOOD } else { 0 });
            let stat = stat.unwrap_or_default();
            bytes.extend_from_slice(&stat.mtime.to_le_bytes());
            bytes.extend_from_slice(&stat.ctime.to_le_bytes());
            bytes.extend_from_slice(&stat.inode.to_le_bytes());
        }
        bytes
    }
}

/// From the bytes of its file.
fn decode(mut bytes: Vec<u8>) -> Option<StatCache> {
    let mut rest = CACHE.open(&bytes)?;
    let count = u32::from_le_bytes(take(&mut rest)?) as usize;
    let mut cache = StatCache::default();
    let files = rest;
    cache.starts.reserve(count.min(rest.len() / FIXED));
    for _ in 0..count {
        let start = files.len() - rest.len();
        cache.starts.push(u32::try_from(start).ok()?);
        cache.known += usize::from(StatEntry::decode(&mut rest)?.id.is_some());
    }
    let first = bytes.len() - sealed::SEAL - files.len();
    let entries = first..first + files.len() - rest.len();
    let is_own = take_text(&mut rest)? == BUILD.as_str();
    let count = u32::from_le_bytes(take(&mut rest)?) as usize;
    for _ in 0..count {
        let path = take_text(&mut rest)?.to_owned();
        let [flags] = take(&mut rest)?;
        let stat = FolderStat {
            mtime: i64::from_le_bytes(take(&mut rest)?),
            ctime: i64::from_le_bytes(take(&mut rest)?),
            inode: u64::from_le_bytes(take(&mut rest)?),
        };
        let stat = (flags & GOOD != 0).then_some(stat);
        if is_own {
            cache.folders.push(Folder { path, stat });
        }
    }
    if !rest.is_empty() {
        return None;
    }
    // Moved rather than copied: fresh memory would cost more than the decoding.
    bytes.truncate(entries.end);
    bytes.drain(..entries.start);
    cache.bytes = bytes;
    Some(cache)
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
        let file = ScannedFile::known(stat, Some(id));
        let unknown = RepoPath::new("shots/012_004.json").unwrap();
        let unread = ScannedFile::known(stat, None);
        let folders = [None, Some(FolderStat::from(stat))].map(|stat| Folder {
            path: "shots".to_owned(),
            stat,
        });
        let files = [(&path, &file), (&unknown, &unread)];
        let none = StatCache::default();
        let written = none.renewed(files.into_iter(), &[], folders.to_vec());
        let body = written.encode();
        let cache = decode(sealed::seal(body.clone())).unwrap();
        assert_eq!(cache, written);
        let places: Vec<_> = cache.entries().map(|entry| entry.place).collect();
        let again = |new: &[usize], same: &[u32]| {
            cache.renewed(new.iter().map(|at| files[*at]), same, folders.to_vec())
        };
        assert_eq!(again(&[], &places), cache);
        assert_eq!(again(&[0], &places[1..]), cache);
        assert_eq!(again(&[1], &places[..1]), cache);
        let other = decode(sealed::seal(written.encode_by("another build"))).unwrap();
        assert_eq!((other.known(), other.folders()), (1, [].as_slice()));
        for cut in 0..body.len() {
            let bytes = sealed::seal(body[..cut].to_vec());
            assert_eq!(decode(bytes), None, "cut at {cut}");
        }
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
        assert!(!cache.has(&RepoPath::new("shots").unwrap()));
        assert_eq!((cache.get(&unknown, &stat), cache.known()), (None, 1));
        let mut cache = cache;
        cache.update([(&path, None), (&unknown, Some((stat, id)))].into_iter());
        assert_eq!((cache.has(&path), cache.known()), (false, 1));
        assert_eq!(cache.get(&unknown, &stat), Some(id));
        assert!(cache.folders().iter().all(|folder| folder.stat.is_none()));
    }
}
