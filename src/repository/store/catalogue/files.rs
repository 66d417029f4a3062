//! Files, and the records that they are put together from.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::Catalogue;
use crate::object::{ChunkId, FileId};
use crate::store::assemble::Records as _;
use crate::store::error::{Result, StoreError};
use crate::store::layout::Layout;
use crate::store::limits::MAX_REPEATED_BYTES;
use crate::store::record::{RecordId, RecordKind};

/// A file and the records it is put together from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecords {
    /// Bytes of the file.
    pub size: u64,
    /// One record for a small file; layout, its parts and its chunks for a larger one: those that
    /// are there.
    pub records: Vec<RecordId>,
    /// How many of them are nowhere.
    pub missing: usize,
    /// The first of these.
    pub first_missing: Option<RecordId>,
}

impl Catalogue {
    /// What a file is put together from, unread but for its layout. What a layout names often is
    /// told once: it takes time with what there is and not with what it claims.
    ///
    /// # Errors
    /// `NotFound`; `Damaged` when the layout makes no sense.
    pub fn file(&self, id: FileId) -> Result<FileRecords> {
        let mut file = FileRecords {
            size: 0,
            records: Vec::new(),
            missing: 0,
            first_missing: None,
        };
        file.size = self.records_of(id, &mut |record, is_there| {
            if is_there {
                file.records.push(record);
            } else {
                file.missing += 1;
                file.first_missing = file.first_missing.or(Some(record));
            }
        })?;
        Ok(file)
    }

    /// Tells each record that a file is put together from, and whether it is there. Returns the
    /// file's size.
    ///
    /// # Errors
    /// As [`Self::file`].
    pub fn records_of(&self, id: FileId, tell: &mut dyn FnMut(RecordId, bool)) -> Result<u64> {
        let blob = RecordId::new(RecordKind::Blob, *id.as_bytes());
        if let Some((_, entry)) = self.entries(&blob).next() {
            tell(blob, true);
            return Ok(u64::from(entry.raw));
        }
        let layout = self.layout(RecordKind::Layout, id.as_bytes())?;
        let size = layout.bytes();
        tell(RecordId::new(RecordKind::Layout, *id.as_bytes()), true);
        let mut told = HashSet::new();
        let mut chunks = |chunks: &[(ChunkId, u32)], tell: &mut dyn FnMut(_, _)| {
            for (id, length) in chunks {
                let record = RecordId::new(RecordKind::Chunk, *id.as_bytes());
                let mut copies = self.entries(&record);
                let is_there = copies.any(|(_, entry)| entry.raw == *length);
                // Of what is nowhere, as much can be named as fits into the layouts.
                if !is_there || told.insert(*id) {
                    tell(record, is_there);
                }
            }
        };
        match layout {
            Layout::Slices { chunks: listed, .. } => chunks(&listed, tell),
            Layout::Parts(parts) => {
                let mut known: HashMap<[u8; 32], u64> = HashMap::new();
                let mut nowhere = HashSet::new();
                for (part, bytes) in parts {
                    let record = RecordId::new(RecordKind::LayoutPart, part);
                    if !self.contains(&record) {
                        nowhere.insert(record);
                        continue;
                    }
                    let before = known.insert(part, bytes);
                    if before == Some(bytes) {
                        continue;
                    }
                    let (listed, _) = self.part(&part, bytes)?;
                    tell(record, true);
                    chunks(&listed, tell);
                }
                nowhere.into_iter().for_each(|record| tell(record, false));
            }
        }
        Ok(size)
    }

    /// Every layout whose file is not that file, and the other layouts, each with its file's size.
    pub(in crate::store) fn check_layouts(
        &self,
        advance: &(dyn Fn(u64) + Sync),
    ) -> Vec<(RecordId, StoreError)> {
        let layouts: Vec<RecordId> = self
            .places
            .keys()
            .copied()
            .filter(|id| id.kind == RecordKind::Layout)
            .collect();
        let check = |record: &RecordId| -> Result<()> {
            let layout = self.layout(RecordKind::Layout, &record.id)?;
            if self.repeats(&layout) > MAX_REPEATED_BYTES {
                return Ok(());
            }
            let id = FileId::from_bytes(record.id);
            let bytes = self.copy_layout(id, layout, &mut std::io::sink())?;
            advance(bytes);
            Ok(())
        };
        let mut wrong: Vec<_> = layouts
            .into_par_iter()
            .filter_map(|record| Some((record, check(&record).err()?)))
            .collect();
        wrong.sort_by_key(|(record, _)| *record);
        wrong
    }

    /// Bytes of all files that [`Self::check_layouts`] puts together, and the others with theirs.
    pub(in crate::store) fn laid_out(&self) -> (u64, Vec<(RecordId, u64)>) {
        let layouts = self
            .places
            .keys()
            .filter(|id| id.kind == RecordKind::Layout);
        let (mut sum, mut spared) = (0_u64, Vec::new());
        for id in layouts {
            let Ok(layout) = self.layout(id.kind, &id.id) else {
                continue;
            };
            match self.repeats(&layout) > MAX_REPEATED_BYTES {
                true => spared.push((*id, layout.bytes())),
                false => sum = sum.saturating_add(layout.bytes()),
            }
        }
        spared.sort_unstable();
        (sum, spared)
    }

    /// Bytes of a file that come from chunks which came up before: what it claims beyond what there
    /// is. A small file is not asked.
    fn repeats(&self, layout: &Layout) -> u64 {
        if layout.bytes() <= MAX_REPEATED_BYTES {
            return 0;
        }
        let mut seen = HashSet::new();
        let mut held = 0_u64;
        let mut add = |chunks: &[(ChunkId, u32)]| {
            let new = chunks.iter().filter(|(id, _)| seen.insert(*id));
            held += new.map(|(_, length)| u64::from(*length)).sum::<u64>();
        };
        match layout {
            Layout::Slices { chunks, .. } => add(chunks),
            Layout::Parts(parts) => {
                let mut known = HashSet::new();
                for (part, bytes) in parts {
                    if known.insert(part)
                        && let Ok((chunks, _)) = self.part(part, *bytes)
                    {
                        add(&chunks);
                    }
                }
            }
        }
        layout.bytes().saturating_sub(held)
    }
}
