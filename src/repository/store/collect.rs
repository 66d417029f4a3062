//! Letting go of what nothing needs: plan, mark, delete after a grace.
//!
//! What is reachable is told by the caller, who knows what objects mean. What is not is marked with
//! the time at which that was first seen, and goes once it has been so for the grace, unless
//! something unreachable that stays needs it. Packs are rewritten when enough of them is to go, and
//! small ones are put together.
//!
//! ```text
//! lock      which packs there are, and how long they are
//! no lock   what is needed, what goes, the new packs but for the end of the last
//! lock      what was written meanwhile, and what that needs, is kept → the new packs take their place
//! ```
//! Whoever prepared a batch meanwhile is told by `Batch::commit` when something that it counts on is
//! gone.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::Ordering;

use serde::Serialize;

use super::Store;
use super::catalogue::{Catalogue, Opened};
use super::error::{Result, StoreError};
use super::house::House;
use super::marks::Marks;
use super::record::{HEADER_BYTES, RecordId, RecordKind};
use super::reindex::pack_numbers;
use super::replaced::{Fate, MOST_REPLACED, Replaced};
use super::rewrite::{Rewrite, Rewriting};

/// A pack below this is small.
const SMALL_BYTES: u64 = 16 << 20;
/// So many small packs are put together.
const MANY_SMALL: usize = 4;
/// A pack is rewritten when this part of it is to go: one of so many bytes.
const WORTH_ONE_OF: u64 = 5;

/// Knows what is needed.
pub trait Needed {
    /// Follows the roots of the project.
    ///
    /// # Errors
    /// `Unsound` when something that they lead to is damaged or missing.
    fn follow_roots(&mut self, catalogue: &Catalogue) -> Result<()>;

    /// These records are needed too, and so is what they lead to, as far as it is there.
    ///
    /// # Errors
    /// An I/O error.
    fn follow(&mut self, catalogue: &Catalogue, records: &[RecordId]) -> Result<()>;

    /// These records were written meanwhile: as [`Self::follow`], and whatever they let be needed
    /// again.
    ///
    /// # Errors
    /// An I/O error.
    fn follow_new(&mut self, catalogue: &Catalogue, records: &[RecordId]) -> Result<()> {
        self.follow(catalogue, records)
    }

    /// Whether a record was reached so far.
    fn has(&self, id: &RecordId) -> bool;

    /// Records that go now, unless something needs them: nothing is lost with them.
    fn goes_at_once(&self, _catalogue: &Catalogue) -> HashSet<RecordId> {
        HashSet::new()
    }
}

/// When is collected, and how.
#[derive(Debug, Clone, Copy)]
pub struct CollectRequest {
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
    gone: HashMap<RecordId, u64>,
    copies: usize,
    copied_bytes: u64,
}

/// What is known of a collection before anything goes.
struct Plan {
    catalogue: Catalogue,
    marks: Marks,
    choice: Choice,
    /// The index that was in use: with another one, packs may have gone.
    index: u32,
    leftover_bytes: u64,
}

impl Store {
    /// Lets go of what nothing needs any more, and puts small packs together. `enter` is called when
    /// everything is prepared, and what it gives is kept until everything is done.
    ///
    /// # Errors
    /// `Unsound` when packs are damaged: what they held might be needed. `Busy` when another process
    /// rewrote packs meanwhile. `Lock`; an I/O error; those of `enter`.
    pub fn collect<G, E: From<StoreError>>(
        &self,
        request: &CollectRequest,
        needed: &mut dyn Needed,
        enter: impl FnOnce() -> Result<G, E>,
    ) -> Result<Collected, E> {
        let plan = self.plan_collection(request, needed)?;
        if request.dry_run {
            return Ok(plan.foretell(request));
        }
        let new = match plan.choice.packs.is_empty() {
            true => None,
            false => Some(plan.write(&self.house)?),
        };
        let _entered = enter()?;
        Ok(self.carry_out(request, plan, new, needed)?)
    }

    /// Finds out what goes. The lock is held only while it is noted which packs there are.
    fn plan_collection(&self, request: &CollectRequest, needed: &mut dyn Needed) -> Result<Plan> {
        let packs_folder = self.packs_folder();
        let mut leftover_bytes = 0;
        let (index, opened) = {
            let lock = self.lock()?;
            // Here leftovers are counted, and of a dry run left.
            self.cleared.store(true, Ordering::Relaxed);
            for (_, bytes, _held) in self.leftovers() {
                leftover_bytes += bytes;
            }
            let index = self.index_under_lock(&lock)?.index;
            let replaced = Replaced::read(packs_folder, &pack_numbers(packs_folder)?)?;
            let opened = Opened::all(&self.house)?;
            if !request.dry_run {
                self.clear_incoming();
                replaced.clear(&self.house)?;
            }
            (index.number, opened)
        };
        let catalogue = opened.walk()?;
        let replaced = catalogue.leftovers.iter();
        leftover_bytes += replaced.map(|(.., bytes)| bytes).sum::<u64>();
        refuse_damage(&catalogue)?;

        needed.follow_roots(&catalogue)?;
        let records = catalogue.records();
        let unreachable: Vec<RecordId> = records.filter(|id| !needed.has(id)).collect();
        let mut marks = Marks::load(&self.house.own);
        marks.update(unreachable.iter().copied(), request.now, request.known);
        let at_once = needed.goes_at_once(&catalogue);
        let is_due =
            |id: &RecordId| at_once.contains(id) || marks.is_due(id, request.now, request.grace);
        let (due, young): (Vec<_>, Vec<_>) = unreachable.into_iter().partition(is_due);
        let mut due: HashSet<RecordId> = due.into_iter().collect();
        if !due.is_empty() {
            // What stays keeps what it needs.
            needed.follow(&catalogue, &young)?;
            due.retain(|id| !needed.has(id));
        }
        let packs = choose(&catalogue, &due, request.grace == 0 || !at_once.is_empty());
        // What stays where it is keeps what it needs, too: somebody may find it and count on it.
        let chosen: HashSet<u32> = packs.iter().copied().collect();
        let stays = |id: &RecordId| {
            let mut copies = catalogue.entries(id);
            copies.any(|(pack, _)| !chosen.contains(&pack))
        };
        let left: Vec<RecordId> = due.iter().copied().filter(stays).collect();
        if left.len() < due.len() {
            needed.follow(&catalogue, &left)?;
            due.retain(|id| !needed.has(id));
        } else {
            due.clear();
        }
        let mut choice = account(&catalogue, packs, &due);
        if choice.gone.is_empty() && choice.copies == 0 && choice.packs.len() < MANY_SMALL {
            // Nothing would come of it.
            choice.packs.clear();
        }
        Ok(Plan {
            catalogue,
            marks,
            choice,
            index,
            leftover_bytes,
        })
    }

    /// Puts the new packs in the place of the old ones, with what came to be needed meanwhile.
    fn carry_out(
        &self,
        request: &CollectRequest,
        mut plan: Plan,
        new: Option<Rewriting>,
        needed: &mut dyn Needed,
    ) -> Result<Collected> {
        let lock = self.lock()?;
        if self.index_under_lock(&lock)?.index.number != plan.index {
            return Err(StoreError::Busy(self.packs_folder().path().to_owned()));
        }
        let mut new = new;
        if let Some(new) = &mut new {
            plan.keep_what_came(&self.house, new, needed)?;
        }
        // Before anything goes: the grace of what stays counts on them.
        plan.marks.save()?;
        let mut done = plan.tell(request);
        if let Some(new) = new {
            new.publish(&self.house, &lock)?;
            self.reopen_index()?;
            plan.marks.save()?;
        }
        let packs = self.packs_folder();
        for number in pack_numbers(packs)? {
            let found = packs.find(&super::pack::pack_name(number));
            done.packs_after += 1;
            done.bytes_after += found.ok().flatten().map_or(0, |found| found.bytes);
        }
        Ok(done)
    }
}

impl Plan {
    /// The new packs, as far as they can be written now.
    fn write(&self, house: &House) -> Result<Rewriting> {
        let rewrite = Rewrite {
            catalogue: &self.catalogue,
            packs: &self.choice.packs,
            fate: Fate::Drop,
            keep: &|id| !self.choice.gone.contains_key(id),
        };
        rewrite.write(house)
    }

    /// What was written since the packs were looked at stays, with what it needs. Under the lock.
    fn keep_what_came(
        &mut self,
        house: &House,
        new: &mut Rewriting,
        needed: &mut dyn Needed,
    ) -> Result<()> {
        let before = std::mem::take(&mut self.catalogue.promised);
        let came = self.catalogue.extend(house)?;
        refuse_damage(&self.catalogue)?;
        // What is to stay since.
        let kept = before.without(&self.catalogue.promised);
        needed.follow(&self.catalogue, &kept)?;
        let entry = |(pack, place): &(u32, usize)| {
            let found = &self.catalogue.packs[pack];
            (&found.pack, &found.walk.entries[*place])
        };
        let records = came.iter().map(|at| entry(at).1);
        let records: Vec<RecordId> = records.map(|e| RecordId::new(e.kind, e.id)).collect();
        needed.follow_new(&self.catalogue, &records)?;
        let chosen: HashSet<u32> = self.choice.packs.iter().copied().collect();
        for at in came.iter().filter(|(pack, _)| chosen.contains(pack)) {
            let (pack, entry) = entry(at);
            new.carry(pack, entry)?;
        }
        let wanted: Vec<RecordId> = self
            .choice
            .gone
            .keys()
            .copied()
            .filter(|id| needed.has(id))
            .collect();
        for id in wanted {
            self.choice.gone.remove(&id);
            let mut copies = self.catalogue.entries(&id);
            if let Some((number, entry)) = copies.find(|(number, _)| chosen.contains(number)) {
                new.carry(&self.catalogue.packs[&number].pack, entry)?;
            }
        }
        Ok(())
    }

    /// What a dry run says.
    fn foretell(mut self, request: &CollectRequest) -> Collected {
        let mut done = self.tell(request);
        let packs = &self.choice.packs;
        let rewritten = packs.iter().map(|n| self.catalogue.packs[n].length);
        let rewritten: u64 = rewritten.sum();
        let kept = rewritten.saturating_sub(done.bytes + done.copied_bytes);
        done.bytes_after = done.bytes_before - rewritten + kept;
        done.packs_after =
            self.catalogue.packs.len() - packs.len() + usize::from(!packs.is_empty());
        done
    }

    /// What goes and what waits. Takes the marks from what goes.
    fn tell(&mut self, request: &CollectRequest) -> Collected {
        let (catalogue, marks, choice) = (&self.catalogue, &mut self.marks, &self.choice);
        choice.gone.keys().for_each(|id| marks.forget(id));
        let mut done = Collected {
            records: choice.gone.len(),
            bytes: choice.gone.values().sum(),
            copies: choice.copies,
            copied_bytes: choice.copied_bytes,
            next_due: marks.next_due(request.grace),
            packs_rewritten: choice.packs.len(),
            packs_before: catalogue.packs.len(),
            bytes_before: catalogue.bytes(),
            leftover_bytes: self.leftover_bytes,
            ..Collected::default()
        };
        for id in catalogue.records().filter(|id| marks.has(id)) {
            done.waiting += 1;
            done.waiting_bytes += catalogue.stored_bytes(&id);
        }
        done
    }
}

/// Nothing may go as long as damage could hide that it is needed.
fn refuse_damage(catalogue: &Catalogue) -> Result<()> {
    if let Some(what) = &catalogue.promised_harm {
        return Err(StoreError::Unsound {
            what: format!("promised is damaged: {what}"),
        });
    }
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

/// Packs that are worth being rewritten; those with anything that goes when it is to go at once.
fn choose(catalogue: &Catalogue, due: &HashSet<RecordId>, at_once: bool) -> Vec<u32> {
    let mut small = Vec::new();
    let mut packs = Vec::new();
    for (number, found) in &catalogue.packs {
        let (mut garbage, mut goes) = (0, false);
        for entry in &found.walk.entries {
            let id = RecordId::new(entry.kind, entry.id);
            let is_copy = || {
                let first = catalogue.entries(&id).next();
                first.is_some_and(|(pack, first)| (pack, first.offset) != (*number, entry.offset))
            };
            let is_due = due.contains(&id);
            goes |= is_due;
            if is_due || is_copy() {
                garbage += bytes_of(entry.stored);
            }
        }
        let is_worth_it = garbage.saturating_mul(WORTH_ONE_OF) >= found.length;
        if garbage > 0 && (is_worth_it || (goes && at_once)) {
            packs.push(*number);
        } else if found.length < SMALL_BYTES {
            small.push(*number);
        }
    }
    if small.len() >= MANY_SMALL || (!packs.is_empty() && small.len() > 1) {
        packs.extend(small);
        packs.sort_unstable();
    }
    // The others have their turn next time.
    packs.truncate(MOST_REPLACED);
    packs
}

/// What goes when these packs are rewritten without what is due.
fn account(catalogue: &Catalogue, packs: Vec<u32>, due: &HashSet<RecordId>) -> Choice {
    let mut choice = Choice {
        packs,
        gone: HashMap::new(),
        copies: 0,
        copied_bytes: 0,
    };
    let elsewhere = catalogue.also_outside(&choice.packs.iter().copied().collect());
    let mut seen = HashSet::new();
    for number in &choice.packs {
        for entry in &catalogue.packs[number].walk.entries {
            let id = RecordId::new(entry.kind, entry.id);
            if entry.kind == RecordKind::Replaced {
                continue;
            }
            if due.contains(&id) {
                if seen.insert(id) {
                    let copies = catalogue.entries(&id);
                    let bytes = copies.map(|(_, entry)| bytes_of(entry.stored)).sum();
                    choice.gone.insert(id, bytes);
                }
            } else if elsewhere.contains(&id) || !seen.insert(id) {
                choice.copies += 1;
                choice.copied_bytes += bytes_of(entry.stored);
            }
        }
    }
    choice
}
