//! Mending a store: a new index, damaged packs set aside, lost chunks taken from a whole file.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;

use super::Store;
use super::assemble::Records;
use super::check::{Check, FindingKind};
use super::error::{Result, StoreError};
use super::house::House;
use super::layout::{Layout, Slice};
use super::record::{Record, RecordId, RecordKind};
use super::recover::{Trust, rebuild};
use super::replaced::Fate;
use super::rewrite::{Rewrite, Rewritten};
use crate::base::lock::{FileLock, Holder, WAIT};
use crate::object::{ChunkId, FileId};

/// What is to be done about what a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepairPlan {
    /// Damaged packs: their sound records are rewritten, and they are moved to `damaged/`.
    pub set_aside: Vec<u32>,
    /// Layouts that do not give their file, and are left behind.
    pub leave: BTreeSet<RecordId>,
    /// The index is made anew. So it is when packs are set aside.
    pub rebuild: bool,
}

impl RepairPlan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set_aside.is_empty() && !self.rebuild
    }
}

impl Check {
    /// What mends what was found, as far as the packs themselves can.
    #[must_use]
    pub fn plan(&self) -> RepairPlan {
        let mut set_aside = BTreeSet::new();
        let mut plan = RepairPlan::default();
        for finding in &self.findings {
            plan.rebuild = true;
            let pack = finding
                .pack
                .filter(|pack| self.catalogue.packs.contains_key(pack));
            match finding.kind {
                FindingKind::PackBytes | FindingKind::PackMissing => set_aside.extend(pack),
                FindingKind::Layout => {
                    let copies = finding
                        .record
                        .iter()
                        .flat_map(|id| self.catalogue.entries(id));
                    set_aside.extend(copies.map(|(pack, _)| pack));
                    plan.leave.extend(finding.record);
                }
                FindingKind::Journal | FindingKind::Promised => {}
            }
        }
        plan.set_aside = set_aside.into_iter().collect();
        plan
    }
}

/// Carries a plan out. Nothing is deleted.
///
/// # Errors
/// An I/O error; `Lock`; `Busy` when a damaged pack was written to since the check.
pub fn repair(
    folder: &Path,
    holder: &Holder,
    check: &Check,
    plan: &RepairPlan,
) -> Result<Rewritten> {
    let house = House::enter(folder)?;
    let lock = FileLock::acquire(&house.own, super::LOCK, holder, WAIT)?;
    let changed = |number: &u32| {
        let found = &check.catalogue.packs[number];
        found.pack.length().ok() != Some(found.length)
    };
    if plan.set_aside.iter().any(changed) {
        // What was appended since was not looked at.
        return Err(StoreError::Busy(folder.to_owned()));
    }
    if plan.set_aside.is_empty() {
        rebuild(&house, &lock, &Mutex::default(), Trust::WhatIsLeft)?;
        return Ok(Rewritten::default());
    }
    let rewrite = Rewrite {
        catalogue: &check.catalogue,
        packs: &plan.set_aside,
        fate: Fate::SetAside,
        keep: &|id| !plan.leave.contains(id),
    };
    rewrite.write(&house)?.publish(&house, &lock)
}

impl Store {
    /// Stores the chunks of a file that are missing, cut out of the whole file as its layout says.
    /// Returns whether the file can be read now.
    ///
    /// # Errors
    /// `Source` when the file cannot be read; `NotFound` when there is no layout.
    pub fn fill_layout(&self, id: FileId, mut whole: impl Read) -> Result<bool> {
        let batch = self.batch();
        let mut fill = |chunks: &[(ChunkId, u32)], slices: &[Slice]| -> Result<()> {
            let mut missing: HashMap<u32, Vec<u8>> = HashMap::new();
            for (number, (chunk, length)) in (0..).zip(chunks) {
                let id = RecordId::new(RecordKind::Chunk, *chunk.as_bytes());
                if self.find(id.kind, &id.id)?.is_none() || self.load(id).is_err() {
                    missing.insert(number, vec![0; *length as usize]);
                }
            }
            let mut buffer = Vec::new();
            for slice in slices {
                buffer.resize(slice.length as usize, 0);
                whole.read_exact(&mut buffer).map_err(StoreError::Source)?;
                let Some(chunk) = missing.get_mut(&slice.chunk) else {
                    continue;
                };
                let from = slice.offset as usize;
                chunk[from..from + buffer.len()].copy_from_slice(&buffer);
                let (chunk_id, _) = chunks[slice.chunk as usize];
                if ChunkId::of(chunk) == chunk_id {
                    let id = *chunk_id.as_bytes();
                    batch.push(&Record::new(RecordKind::Chunk, id, chunk, true), None)?;
                    missing.remove(&slice.chunk);
                }
            }
            Ok(())
        };
        match self.layout(RecordKind::Layout, id.as_bytes())? {
            Layout::Slices { chunks, slices } => fill(&chunks, &slices)?,
            Layout::Parts(parts) => {
                for (part, bytes) in parts {
                    let (chunks, slices) = self.part(&part, bytes)?;
                    fill(&chunks, &slices)?;
                }
            }
        }
        batch.commit()?;
        Ok(self.copy_file(id, &mut std::io::sink()).is_ok())
    }
}
