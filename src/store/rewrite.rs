//! Records carried over into new packs, and the old packs done away with.
//!
//! ```text
//! new packs in incoming/: records, list of replaced packs, footer, fsync
//!   → rename into packs/, fsync of the folder    from here on the old packs count no more
//!   → new index                                  from here on nobody is sent to them
//!   → old packs deleted, or moved to damaged/
//! ```
//! A crash leaves the state before a step or after it; the next writer finds the rest of the way.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::Store;
use super::batch::{Full, Segment};
use super::catalogue::{Catalogue, read};
use super::error::{Result, StoreError};
use super::pack::pack_path;
use super::publish::move_packs;
use super::record::{Record, RecordId, RecordKind};
use super::recover::rebuild;
use super::reindex::pack_numbers;
use super::replaced::{self, Fate, PackName};
use crate::base::lock::FileLock;

/// What rewriting did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rewritten {
    /// Packs that were replaced.
    pub packs: usize,
    /// Records that were carried over.
    pub records: usize,
    /// Bytes of the packs that were written.
    pub written: u64,
    /// Records that turned out to be damaged while they were read, and were left behind.
    pub broken: usize,
}

/// Packs to be replaced, and which of their records live on.
pub(super) struct Rewrite<'c> {
    pub(super) catalogue: &'c Catalogue,
    pub(super) packs: &'c [u32],
    pub(super) fate: Fate,
    pub(super) keep: &'c dyn Fn(&RecordId) -> bool,
}

impl Rewrite<'_> {
    /// Carries it out. Under the store's lock, with nothing behind the ends that the index knows.
    pub(super) fn run(&self, folder: &Path, lock: &FileLock) -> Result<Rewritten> {
        let mut writer = Writer::new(folder.join("incoming"));
        let mut done = Rewritten {
            packs: self.packs.len(),
            ..Rewritten::default()
        };
        let chosen: HashSet<u32> = self.packs.iter().copied().collect();
        let mut carried = HashSet::new();
        let mut names = Vec::new();
        for number in self.packs {
            let found = &self.catalogue.packs[number];
            names.push(PackName {
                number: *number,
                uuid: found.pack.uuid,
            });
            for entry in &found.walk.entries {
                let id = RecordId::new(entry.kind, entry.id);
                if entry.kind == RecordKind::Replaced || !(self.keep)(&id) {
                    continue;
                }
                let mut others = self.catalogue.entries(&id);
                if others.any(|(pack, _)| !chosen.contains(&pack)) || carried.contains(&id) {
                    continue;
                }
                match read(&found.pack, entry) {
                    Ok(raw) => {
                        let compress = entry.stored < entry.raw;
                        writer.push(&Record::new(entry.kind, entry.id, &raw, compress))?;
                        carried.insert(id);
                        done.records += 1;
                    }
                    Err(StoreError::Damaged { .. }) if self.fate == Fate::SetAside => {
                        done.broken += 1;
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        // Last of all: where it stands, everything that takes their place stands, too.
        writer.push(&replaced::record(self.fate, &names))?;
        let packs = folder.join("packs");
        let full = writer.finish()?;
        done.written = full.iter().map(|pack| pack.incoming.appender.length).sum();
        let last = pack_numbers(&packs)?.last().copied().unwrap_or(0);
        if let Err(error) = move_packs(&packs, last + 1, &full) {
            for (number, _) in (last + 1..).zip(&full) {
                let _ = std::fs::remove_file(pack_path(&packs, number));
            }
            return Err(error);
        }
        rebuild(folder, lock, &std::sync::Mutex::default(), &Vec::new())?;
        Ok(done)
    }
}

/// Writes packs of their own, one after the other.
struct Writer {
    incoming: PathBuf,
    segment: Segment,
    full: Vec<Full>,
}

impl Writer {
    fn new(incoming: PathBuf) -> Self {
        Self {
            incoming,
            segment: Segment::default(),
            full: Vec::new(),
        }
    }

    fn push(&mut self, record: &Record) -> Result<()> {
        self.segment.push(record, None);
        self.segment.flush_if_large(&self.incoming)?;
        if self.segment.is_full() {
            let segment = std::mem::take(&mut self.segment);
            self.full.push(segment.seal(&self.incoming)?);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<Full>> {
        if !self.segment.entries.is_empty() {
            self.full.push(self.segment.seal(&self.incoming)?);
        }
        Ok(self.full)
    }
}

impl Store {
    /// What a rewrite left of the index, opened.
    pub(super) fn reopen_index(&self) -> Result<()> {
        self.forget_packs();
        self.newer_index().map(drop)
    }
}
