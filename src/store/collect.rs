//! Letting go of what nothing needs: plan, mark, delete after a grace.
//!
//! What is reachable is told by the caller, who knows what objects mean. What is not is marked with
//! the time at which that was first seen, and goes once it has been so for the grace, unless
//! something unreachable that stays needs it. Packs are rewritten when enough of them is to go, and
//! small ones are put together. All of it under the write lock; whoever prepared a batch meanwhile
//! is told by `Batch::commit` when something that it counts on is gone.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use serde::Serialize;

use super::Store;
use super::catalogue::Catalogue;
use super::error::{Result, StoreError};
use super::marks::Marks;
use super::record::{HEADER_BYTES, RecordId, RecordKind};
use super::reindex::pack_numbers;
use super::replaced::{Fate, Replaced};
use super::rewrite::Rewrite;

/// A pack below this is small.
const SMALL_BYTES: u64 = 16 << 20;
/// So many small packs are put together.
const MANY_SMALL: usize = 4;
/// A pack is rewritten when this part of it is to go: one of so many bytes.
const WORTH_ONE_OF: u64 = 5;

/// What is reachable from the roots of the project, or with `more` from these as well.
pub type Reach<'r> = dyn Fn(&Catalogue, &[RecordId]) -> Result<HashSet<RecordId>> + 'r;

/// What is to be collected, and when.
pub struct CollectRequest<'r> {
    /// Tells what is needed.
    pub reach: &'r Reach<'r>,
    /// The clock, in Unix seconds.
    pub now: i64,
    /// A time that is surely past, in Unix seconds: that of the last operation.
    pub known: i64,
    /// How long something must have been unreachable, in seconds.
    pub grace: i64,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// What was collected, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Collected {
    /// Records that went.
    pub records: usize,
    /// Bytes that they took.
    pub bytes: u64,
    /// Copies of records that stand in several packs.
    pub copies: usize,
    /// Bytes of these.
    pub copied_bytes: u64,
    /// Unreachable records that stay for now.
    pub waiting: usize,
    /// Bytes that they take.
    pub waiting_bytes: u64,
    /// When the first of them is due, in Unix seconds.
    pub next_due: Option<i64>,
    /// Packs that were rewritten.
    pub packs_rewritten: usize,
    /// Packs there were before.
    pub packs_before: usize,
    /// Packs there are now.
    pub packs_after: usize,
    /// Bytes of all packs before.
    pub bytes_before: u64,
    /// Bytes of all packs after; of a dry run, about so many.
    pub bytes_after: u64,
    /// Bytes of leftovers of processes that died.
    pub leftover_bytes: u64,
}

/// Bytes of a record.
fn bytes_of(stored: u32) -> u64 {
    HEADER_BYTES as u64 + u64::from(stored)
}

/// Which packs are to be rewritten.
struct Choice {
    packs: Vec<u32>,
    /// Records that go, with the bytes of all their copies in these packs.
    gone: Vec<(RecordId, u64)>,
    copies: usize,
    copied_bytes: u64,
}

impl Store {
    /// Lets go of what nothing needs any more, and puts small packs together.
    ///
    /// # Errors
    /// `Unsound` when packs are damaged: what they held might be needed. `Lock`; an I/O error.
    pub fn collect(&self, request: &CollectRequest<'_>) -> Result<Collected> {
        let lock = self.lock()?;
        let mut done = Collected::default();
        // Here leftovers are counted, and of a dry run left.
        self.cleared.store(true, Ordering::Relaxed);
        for (_, bytes, _held) in self.leftovers() {
            done.leftover_bytes += bytes;
        }
        self.index_under_lock(&lock)?;
        let packs_folder = self.packs_folder();
        let replaced = Replaced::read(&packs_folder, &pack_numbers(&packs_folder)?)?;
        let catalogue = Catalogue::read(self.folder())?;
        done.leftover_bytes += catalogue
            .leftovers
            .iter()
            .map(|(.., bytes)| bytes)
            .sum::<u64>();
        if !request.dry_run {
            self.clear_incoming();
            replaced.clear(self.folder())?;
        }
        refuse_damage(&catalogue)?;

        let needed = (request.reach)(&catalogue, &[])?;
        let unreachable: Vec<RecordId> = catalogue
            .records()
            .filter(|id| !needed.contains(id))
            .collect();
        let mut marks = Marks::load(self.folder());
        marks.update(unreachable.iter().copied(), request.now, request.known);
        let is_due = |id: &RecordId| marks.is_due(id, request.now, request.grace);
        let (due, young): (Vec<_>, Vec<_>) = unreachable.into_iter().partition(is_due);
        // What stays keeps what it needs.
        let kept = match young.is_empty() || due.is_empty() {
            true => needed,
            false => (request.reach)(&catalogue, &young)?,
        };
        let mut due: HashSet<RecordId> = due.into_iter().collect();
        due.retain(|id| !kept.contains(id));
        let packs = choose(&catalogue, &due);
        // What stays where it is keeps what it needs, too: somebody may find it and count on it.
        let chosen: HashSet<u32> = packs.iter().copied().collect();
        let stays = |id: &RecordId| {
            let mut copies = catalogue.entries(id);
            copies.any(|(pack, _)| !chosen.contains(&pack))
        };
        let left: Vec<RecordId> = due.iter().copied().filter(stays).collect();
        if !left.is_empty() && left.len() < due.len() {
            let kept = (request.reach)(&catalogue, &left)?;
            due.retain(|id| !kept.contains(id));
        } else {
            due.retain(|id| !stays(id));
        }
        let mut choice = account(&catalogue, packs, &due);
        if choice.gone.is_empty() && choice.copies == 0 && choice.packs.len() < MANY_SMALL {
            // Nothing would come of it.
            choice.packs.clear();
        }
        for (_, bytes) in &choice.gone {
            done.records += 1;
            done.bytes += bytes;
        }
        done.copies = choice.copies;
        done.copied_bytes = choice.copied_bytes;
        let is_gone: HashSet<RecordId> = choice.gone.iter().map(|(id, _)| *id).collect();
        // Before anything goes: the grace of what stays counts on them.
        if !request.dry_run {
            marks.save()?;
        }
        is_gone.iter().for_each(|id| marks.forget(id));
        for id in catalogue.records().filter(|id| marks.has(id)) {
            done.waiting += 1;
            done.waiting_bytes += catalogue.stored_bytes(&id);
        }
        done.next_due = marks.next_due(request.grace);
        done.packs_rewritten = choice.packs.len();
        (done.packs_before, done.bytes_before) = (catalogue.packs.len(), catalogue.bytes());
        if request.dry_run {
            let rewritten: u64 = choice.packs.iter().map(|n| catalogue.packs[n].length).sum();
            let kept = rewritten.saturating_sub(done.bytes + done.copied_bytes);
            done.bytes_after = done.bytes_before - rewritten + kept;
            done.packs_after =
                catalogue.packs.len() - choice.packs.len() + usize::from(!choice.packs.is_empty());
            return Ok(done);
        }
        if !choice.packs.is_empty() {
            let rewrite = Rewrite {
                catalogue: &catalogue,
                packs: &choice.packs,
                fate: Fate::Drop,
                keep: &|id| !is_gone.contains(id),
            };
            rewrite.run(self.folder(), &lock)?;
            self.reopen_index()?;
            marks.save()?;
        }
        for number in pack_numbers(&packs_folder)? {
            let path: PathBuf = super::pack::pack_path(&packs_folder, number);
            done.packs_after += 1;
            done.bytes_after += std::fs::metadata(path).map_or(0, |data| data.len());
        }
        Ok(done)
    }
}

/// Nothing may go as long as damage could hide that it is needed.
fn refuse_damage(catalogue: &Catalogue) -> Result<()> {
    for found in catalogue.packs.values() {
        if let Some(harm) = found.walk.harm.first() {
            let name = Path::new(found.pack.path.file_name().unwrap_or_default());
            return Err(StoreError::Unsound {
                what: format!(
                    "{} is damaged at byte {}: {}",
                    name.display(),
                    harm.offset,
                    harm.what
                ),
            });
        }
    }
    Ok(())
}

/// Packs that are worth being rewritten.
fn choose(catalogue: &Catalogue, due: &HashSet<RecordId>) -> Vec<u32> {
    let mut small = Vec::new();
    let mut packs = Vec::new();
    for (number, found) in &catalogue.packs {
        let mut garbage = 0;
        for entry in &found.walk.entries {
            let id = RecordId::new(entry.kind, entry.id);
            let is_copy = || {
                let first = catalogue.entries(&id).next();
                entry.kind != RecordKind::Head
                    && first.is_some_and(|(pack, first)| {
                        (pack, first.offset) != (*number, entry.offset)
                    })
            };
            if due.contains(&id) || is_copy() {
                garbage += bytes_of(entry.stored);
            }
        }
        if garbage > 0 && garbage.saturating_mul(WORTH_ONE_OF) >= found.length {
            packs.push(*number);
        } else if found.length < SMALL_BYTES {
            small.push(*number);
        }
    }
    if small.len() >= MANY_SMALL || (!packs.is_empty() && small.len() > 1) {
        packs.extend(small);
        packs.sort_unstable();
    }
    packs
}

/// What goes when these packs are rewritten without what is due.
fn account(catalogue: &Catalogue, packs: Vec<u32>, due: &HashSet<RecordId>) -> Choice {
    let mut choice = Choice {
        packs,
        gone: Vec::new(),
        copies: 0,
        copied_bytes: 0,
    };
    let chosen: HashSet<u32> = choice.packs.iter().copied().collect();
    let mut seen = HashSet::new();
    for number in &choice.packs {
        for entry in &catalogue.packs[number].walk.entries {
            let id = RecordId::new(entry.kind, entry.id);
            if matches!(entry.kind, RecordKind::Head | RecordKind::Replaced) {
                continue;
            }
            let elsewhere = catalogue
                .entries(&id)
                .any(|(pack, _)| !chosen.contains(&pack));
            if due.contains(&id) {
                if seen.insert(id) {
                    let copies = catalogue.entries(&id);
                    let bytes = copies.map(|(_, entry)| bytes_of(entry.stored)).sum();
                    choice.gone.push((id, bytes));
                }
            } else if elsewhere || !seen.insert(id) {
                choice.copies += 1;
                choice.copied_bytes += bytes_of(entry.stored);
            }
        }
    }
    choice
}
