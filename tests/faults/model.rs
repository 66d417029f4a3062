//! A disk with a cache: what was written, what was synced, and what may be left after the power
//! failed.
//!
//! Written bytes that were not synced are kept or not in any order, by sectors of 512 bytes. A
//! name that was made or changed and whose folder was not synced is the old one or the new one.
//! Syncing a file says nothing of its name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::edits::Random;

const SECTOR: u64 = 512;

/// What a store did, in order. Paths are beneath its folder.
#[derive(Debug, Clone)]
pub(super) enum Event {
    Create(PathBuf),
    /// At an offset, or behind what is written.
    Write(PathBuf, Option<u64>, Vec<u8>),
    Sync(PathBuf),
    SyncFolder(PathBuf),
    Rename(PathBuf, PathBuf),
    Cut(PathBuf, u64),
    /// The batch of this number was acknowledged.
    Acknowledged(u64),
}

#[derive(Debug, Clone, Default)]
struct Content {
    synced: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Cut(u64),
}

#[derive(Debug, Clone)]
enum Naming {
    Create(PathBuf, usize),
    Rename(PathBuf, PathBuf),
}

/// The disk after some events.
#[derive(Debug, Clone, Default)]
pub(super) struct Disk {
    contents: Vec<Content>,
    /// As the running system sees it.
    names: BTreeMap<PathBuf, usize>,
    /// As it is for sure after the power failed, but for what is pending.
    synced_names: BTreeMap<PathBuf, usize>,
    pending_names: Vec<Naming>,
    pub(super) acknowledged: Option<u64>,
}

/// How much of what was not synced is kept.
#[derive(Debug, Clone, Copy)]
enum Kept {
    All,
    Nothing,
    /// The first writes, the last of them in part.
    Prefix(u64),
    /// Any sector or not.
    Any,
}

impl Disk {
    /// A disk that holds these files for sure.
    pub(super) fn with(files: BTreeMap<PathBuf, Vec<u8>>) -> Self {
        let mut disk = Self::default();
        for (path, synced) in files {
            disk.names.insert(path, disk.contents.len());
            let pending = Vec::new();
            disk.contents.push(Content { synced, pending });
        }
        disk.synced_names = disk.names.clone();
        disk
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::Create(path) => {
                let file = self.contents.len();
                self.contents.push(Content::default());
                self.names.insert(path.clone(), file);
                self.pending_names.push(Naming::Create(path.clone(), file));
            }
            Event::Write(path, offset, bytes) => {
                let end = self.contents[self.names[path]].length();
                self.change(path, Change::Write(offset.unwrap_or(end), bytes.clone()));
            }
            Event::Cut(path, length) => self.change(path, Change::Cut(*length)),
            Event::Sync(path) => {
                let content = &mut self.contents[self.names[path]];
                for change in std::mem::take(&mut content.pending) {
                    make(&mut content.synced, &change);
                }
            }
            Event::SyncFolder(folder) => {
                let within = |path: &Path| path.parent() == Some(folder);
                let pending = std::mem::take(&mut self.pending_names);
                for naming in pending {
                    let synced = match &naming {
                        Naming::Create(path, _) => within(path),
                        Naming::Rename(_, to) => within(to),
                    };
                    if synced {
                        name(
                            &mut self.synced_names,
                            &naming,
                            self.names.get(naming.last()),
                        );
                    } else {
                        self.pending_names.push(naming);
                    }
                }
            }
            Event::Rename(from, to) => {
                let file = self.names.remove(from).expect("what is renamed is there");
                self.names.insert(to.clone(), file);
                let (from, to) = (from.clone(), to.clone());
                self.pending_names.push(Naming::Rename(from, to));
            }
            Event::Acknowledged(n) => self.acknowledged = Some(*n),
        }
    }

    fn change(&mut self, path: &Path, change: Change) {
        self.contents[self.names[path]].pending.push(change);
    }

    /// Files that may be found when the power is back.
    pub(super) fn after_power_failure(&self, random: &mut Random) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut names = self.synced_names.clone();
        for naming in &self.pending_names {
            if random.below(2) == 0 {
                name(&mut names, naming, self.names.get(naming.last()));
            }
        }
        names
            .into_iter()
            .map(|(path, file)| (path, self.contents[file].left(random)))
            .collect()
    }
}

impl Naming {
    fn last(&self) -> &Path {
        match self {
            Self::Create(path, _) => path,
            Self::Rename(_, to) => to,
        }
    }
}

fn name(names: &mut BTreeMap<PathBuf, usize>, naming: &Naming, now: Option<&usize>) {
    match naming {
        Naming::Create(path, file) => {
            names.insert(path.clone(), *file);
        }
        Naming::Rename(from, to) => {
            // That the first name was never kept does not keep the second from being.
            let file = names.remove(from).or(now.copied());
            names.extend(file.map(|file| (to.clone(), file)));
        }
    }
}

fn make(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Cut(length) => bytes.resize(*length as usize, 0),
        Change::Write(offset, written) => put(bytes, *offset, written),
    }
}

fn put(bytes: &mut Vec<u8>, offset: u64, written: &[u8]) {
    let end = offset as usize + written.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[offset as usize..end].copy_from_slice(written);
}

impl Content {
    /// Bytes as the running system sees them.
    fn length(&self) -> u64 {
        let synced = self.synced.len() as u64;
        self.pending
            .iter()
            .fold(synced, |length, change| match change {
                Change::Write(..) => length.max(change.end()),
                Change::Cut(length) => *length,
            })
    }

    fn left(&self, random: &mut Random) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        let total: u64 = self.pending.iter().map(Change::length).sum();
        let kept = match random.below(4) {
            0 => Kept::All,
            1 => Kept::Nothing,
            2 => Kept::Prefix(random.next() % (total + 1)),
            _ => Kept::Any,
        };
        let mut before = 0;
        for change in &self.pending {
            keep(&mut bytes, change, kept, before, random);
            before += change.length();
        }
        // A file may be as long as it was to become, with nothing in it yet.
        let longest = self.pending.iter().map(Change::end).max().unwrap_or(0);
        if random.below(4) == 0 && bytes.len() < longest as usize {
            bytes.resize(longest as usize, 0);
        }
        bytes
    }
}

impl Change {
    fn length(&self) -> u64 {
        match self {
            Self::Write(_, bytes) => bytes.len() as u64,
            Self::Cut(_) => 1,
        }
    }

    fn end(&self) -> u64 {
        match self {
            Self::Write(offset, bytes) => offset + bytes.len() as u64,
            Self::Cut(length) => *length,
        }
    }
}

/// Keeps of a change what `kept` says; `before` is how much came before it.
fn keep(bytes: &mut Vec<u8>, change: &Change, kept: Kept, before: u64, random: &mut Random) {
    let Change::Write(offset, written) = change else {
        let happens = match kept {
            Kept::All => true,
            Kept::Nothing => false,
            Kept::Prefix(length) => before < length,
            Kept::Any => random.below(2) == 0,
        };
        if happens {
            make(bytes, change);
        }
        return;
    };
    // Few or many sectors are lost.
    let odds = 1 + random.below(20);
    let (mut at, mut rest) = (*offset, &written[..]);
    while !rest.is_empty() {
        let length = (SECTOR - at % SECTOR).min(rest.len() as u64);
        let sector = rest
            .split_off(..length as usize)
            .expect("not longer than the rest");
        let stays = match kept {
            Kept::All => true,
            Kept::Nothing => false,
            Kept::Prefix(length) => before + (at - offset) < length,
            Kept::Any => random.below(odds + 1) != 0,
        };
        if stays {
            put(bytes, at, sector);
        }
        at += length;
    }
}
