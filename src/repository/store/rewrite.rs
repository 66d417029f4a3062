//! Records carried over into new packs, and the old packs done away with.
//!
//! ```text
//! new packs in incoming/: records                         without the lock, for `gc`
//!   → what was written meanwhile, list of replaced packs, footer, fsync
//!   → rename into packs/, fsync of the folder    from here on the old packs count no more
//!   → new index                                  from here on nobody is sent to them
//!   → old packs deleted, or moved to damaged/
//! ```
//! A crash leaves the state before a step or after it; the next writer finds the rest of the way.

use std::collections::HashSet;

use super::Store;
use super::batch::{Full, Segment};
use super::catalogue::Catalogue;
use super::error::{Result, StoreError};
use super::facts::RecordEntry;
use super::house::House;
use super::pack::{Pack, next_numbers};
use super::publish::move_packs;
use super::record::{Record, RecordId, RecordKind};
use super::recover::{Trust, rebuild};
use super::reindex::pack_numbers;
use super::replaced::{self, Fate, PackName};
use crate::base::lock::FileLock;
use crate::base::progress::Unit;

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

/// New packs that are not in their place yet. Dropped, they are gone.
pub(super) struct Rewriting {
    writer: Writer,
    fate: Fate,
    names: Vec<PackName>,
    carried: HashSet<RecordId>,
    done: Rewritten,
}

impl Rewrite<'_> {
    /// Writes the new packs but for the end of the last. Needs no lock.
    pub(super) fn write(&self, house: &House) -> Result<Rewriting> {
        let mut new = Rewriting {
            writer: Writer::new(house.clone()),
            fate: self.fate,
            names: Vec::new(),
            carried: HashSet::new(),
            done: Rewritten {
                packs: self.packs.len(),
                ..Rewritten::default()
            },
        };
        let elsewhere = self
            .catalogue
            .also_outside(&self.packs.iter().copied().collect());
        let records = |number: &u32| self.catalogue.packs[number].walk.entries.len() as u64;
        let records = self.packs.iter().map(records).sum();
        let part = house.progress.part("Rewriting packs", records, Unit::Items);
        for number in self.packs {
            let found = &self.catalogue.packs[number];
            new.names.push(PackName {
                number: *number,
                uuid: found.pack.uuid,
            });
            for entry in &found.walk.entries {
                part.advance(1);
                let id = RecordId::new(entry.kind, entry.id);
                if !(self.keep)(&id) {
                    continue;
                }
                if !elsewhere.contains(&id) {
                    new.carry(&found.pack, entry)?;
                }
            }
        }
        new.writer.sync()?;
        Ok(new)
    }
}

impl Rewriting {
    /// Takes a record over, unless it was.
    pub(super) fn carry(&mut self, pack: &Pack, entry: &RecordEntry) -> Result<()> {
        let id = RecordId::new(entry.kind, entry.id);
        if entry.kind == RecordKind::Replaced || self.carried.contains(&id) {
            return Ok(());
        }
        match pack.stored(entry) {
            Ok(record) => {
                self.writer.push(&record)?;
                self.carried.insert(id);
                self.done.records += 1;
            }
            Err(StoreError::Damaged { .. }) if self.fate == Fate::SetAside => {
                self.done.broken += 1;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Puts the new packs in the place of the old ones. Under the store's lock, with nothing behind
    /// the ends that the index knows.
    pub(super) fn publish(mut self, house: &House, lock: &FileLock) -> Result<Rewritten> {
        // Last of all: where it stands, everything that takes their place stands, too.
        self.writer
            .push(&replaced::record(self.fate, &self.names))?;
        let full = self.writer.finish()?;
        let mut done = self.done;
        done.written = full.iter().map(|pack| pack.incoming.appender.length).sum();
        let last = pack_numbers(&house.packs)?.last().copied();
        let first = *next_numbers(&house.packs, last, full.len())?.start();
        move_packs(&house.packs, first, &full)?;
        let trust = match self.fate {
            Fate::Drop => Trust::Journal,
            Fate::SetAside => Trust::WhatIsLeft,
        };
        rebuild(house, lock, &std::sync::Mutex::default(), trust)?;
        Ok(done)
    }
}

/// Writes packs of their own, one after the other.
struct Writer {
    house: House,
    segment: Segment,
    full: Vec<Full>,
}

impl Writer {
    fn new(house: House) -> Self {
        Self {
            house,
            segment: Segment::default(),
            full: Vec::new(),
        }
    }

    fn push(&mut self, record: &Record) -> Result<()> {
        self.segment.push(record, None);
        self.segment.flush_if_large(&self.house)?;
        if self.segment.is_full() {
            let segment = std::mem::take(&mut self.segment);
            self.full.push(segment.seal(&self.house)?);
        }
        Ok(())
    }

    /// Does most of the waiting for the disk before anybody has to wait for it.
    fn sync(&mut self) -> Result<()> {
        if self.segment.own.is_some() {
            self.segment.flush(&self.house)?;
        }
        let own = self.segment.own.as_ref();
        own.map_or(Ok(()), |own| own.appender.sync())
    }

    fn finish(mut self) -> Result<Vec<Full>> {
        if !self.segment.entries.is_empty() {
            self.full.push(self.segment.seal(&self.house)?);
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
