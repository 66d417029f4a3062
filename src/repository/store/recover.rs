//! Bringing index and journal to what the packs hold: after a crash, or when one of them is lost.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use super::Store;
use super::error::{Result, StoreError, io_error};
use super::facts::PackState;
use super::house::{FORMAT_FILE, House};
use super::index::{Index, Standpoint};
use super::journal::{Found, JOURNAL, Journal};
use super::pack::{Pack, next_numbers, pack_name, pack_path};
use super::record::RecordKind;
use super::reindex::{Entered, Reindex, pack_numbers};
use super::replaced::Replaced;
use crate::base::folder::Folder;
use crate::base::layout;
use crate::base::lock::FileLock;
use crate::object::{self, ObjectKind, Operation, OperationId};

/// What a store repaired since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovery {
    /// The index was made anew from the packs.
    pub rebuilt: bool,
    /// Bytes of work that was never acknowledged, cut off.
    pub cut_bytes: u64,
}

/// A place in a pack that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The pack.
    pub path: PathBuf,
    /// Where in it.
    pub offset: u64,
    /// What does not hold there.
    pub what: String,
}

/// How the index stands to the journal and the packs.
enum Standing {
    Current(Journal),
    /// There is more in the packs, or in the journal: an interrupted commit, or an index that lost its
    /// last one.
    Behind(Journal),
    /// It is about other packs, or the journal is not what it was.
    Doubt(Trust),
}

/// How the index stands to the packs alone.
#[derive(PartialEq, Eq)]
enum Covers {
    All,
    Less,
    Others,
}

/// What counts when the index is made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// The journal, if it holds. Where that is not so, or what it stands on is gone, the operations in the
    /// packs.
    Journal,
    /// The operations in the packs: the journal has lost its end.
    Packs,
    /// As with the journal; what it knew to be written and is gone is told no more, whatever that was.
    WhatIsLeft,
}

/// The index of a folder that had no usable one. Under the lock.
pub(super) fn open_or_rebuild(
    house: &House,
    lock: &FileLock,
    recovery: &Mutex<Recovery>,
) -> Result<Arc<Index>> {
    // Another process may have made it while this one waited for the lock.
    match Index::open(&house.own, false)? {
        Some(index) => Ok(index),
        None => rebuild(house, lock, recovery, Trust::Journal),
    }
}

/// A new index from what the packs hold, and a new journal where the old one is in doubt. Under the
/// lock.
pub(super) fn rebuild(
    house: &House,
    _lock: &FileLock,
    recovery: &Mutex<Recovery>,
    trust: Trust,
) -> Result<Arc<Index>> {
    let index = Index::create(&house.own)?;
    let replaced = Replaced::read(&house.packs, &pack_numbers(&house.packs)?)?;
    let filled = fill(house, &index, &replaced, trust);
    if filled.is_err() {
        // Nobody has seen it. On a full disk each command would leave one otherwise.
        index.discard(&house.own);
    }
    let (packs, cut_bytes) = filled?;
    index.remove_older(&house.own);
    // No index names them any more. What cannot be removed now is in nobody's way.
    let _ = replaced.clear(house);
    let rebuilt = packs > 0;
    note(recovery, Recovery { rebuilt, cut_bytes });
    Ok(index)
}

/// Enters all that the packs hold into an empty index. Returns how many packs there are, and how many
/// bytes were cut off.
fn fill(house: &House, index: &Index, replaced: &Replaced, trust: Trust) -> Result<(usize, u64)> {
    let journal = match trust {
        Trust::Packs => None,
        Trust::Journal | Trust::WhatIsLeft => Journal::read(house)?.sound(),
    };
    // In memory it is made without the lock.
    let is_kept = !index.is_in_memory();
    let acknowledged = journal.as_ref().filter(|_| is_kept);
    let acknowledged = acknowledged.map(|journal| journal.packs.clone());
    let mut reindex = Reindex::new(house, index, acknowledged)?;
    let packs = reindex.add_packs_above(0, replaced)?;
    if trust != Trust::WhatIsLeft {
        reindex.note_losses(replaced)?;
    }
    let stands = |known: &&Journal| known.head().is_none_or(|head| reindex.has(&head));
    let standing = journal.as_ref().filter(stands);
    let heads = match standing {
        Some(known) => {
            let heads = known.heads.iter().copied();
            heads.filter(|head| reindex.has(head)).collect()
        }
        None => {
            let tips = tips(house, reindex.operations())?;
            if journal.is_none() {
                refuse_foreign(house, reindex.operations(), &tips)?;
            }
            tips
        }
    };
    if let Some(known) = journal.as_ref().filter(|_| standing.is_none())
        && trust != Trust::WhatIsLeft
    {
        // It holds, and what it stands on may come back. Until then the project stands on what is left.
        let mark = known.mark;
        reindex.stand(&Standpoint { mark, heads })?;
        return Ok((packs, reindex.commit()?));
    }
    let lengths = reindex.acknowledged(replaced, trust == Trust::WhatIsLeft);
    let next = match standing {
        Some(known) if known.heads == heads && known.packs == lengths => known.clone(),
        known => {
            let mut next = match known {
                Some(known) => known.followed_by(heads, lengths),
                None => Journal::new(heads, lengths),
            };
            if is_kept {
                next.write(house)?;
            }
            next
        }
    };
    reindex.stand(&Standpoint::of(&next))?;
    Ok((packs, reindex.commit()?))
}

/// The operations of this project that no other one followed, the current one first: that of the
/// highest number, and of several the latest.
fn tips(house: &House, operations: &[Entered]) -> Result<Vec<OperationId>> {
    let mut own = HashMap::new();
    let mut followed = HashSet::new();
    let mut open: Option<(u32, Pack)> = None;
    for Entered { pack, entry, .. } in operations.iter().filter(|entered| !entered.unwritten) {
        let number = *pack;
        let (_, pack) = match open.take().filter(|(known, _)| *known == number) {
            Some(known) => open.insert(known),
            None => open.insert((number, Pack::open(&house.packs, number)?)),
        };
        let read = pack.record(entry.offset, entry.stored, entry.kind, &entry.id);
        let operation = read.and_then(|raw| {
            let broken = |source| {
                let id = OperationId::from_bytes(entry.id).to_string();
                StoreError::of_object(house.own.path(), ObjectKind::Operation, id, source)
            };
            object::decode::<Operation>(&raw).map_err(broken)
        });
        match operation {
            Ok(operation) if operation.project == house.project => {
                followed.extend(operation.parents);
                let order = (operation.number, operation.time.unix_seconds);
                own.insert(OperationId::from_bytes(entry.id), order);
            }
            Ok(_) => {}
            // Told where it is needed.
            Err(error) if error.is_loss() => {}
            Err(error) => return Err(error),
        }
    }
    let mut tips: Vec<_> = own
        .into_iter()
        .filter(|(id, _)| !followed.contains(id))
        .collect();
    tips.sort_unstable_by_key(|(id, order)| (Reverse(*order), *id));
    Ok(tips.into_iter().map(|(id, _)| id).collect())
}

/// Refuses packs of which not one operation is of this project: its id is not what it was.
fn refuse_foreign(house: &House, operations: &[Entered], own: &[OperationId]) -> Result<()> {
    if own.is_empty() && operations.iter().any(|entered| !entered.unwritten) {
        return Err(StoreError::NoOwnOperation {
            path: house.own.path_of(FORMAT_FILE),
            project: house.project,
        });
    }
    Ok(())
}

/// An index from what the packs hold now, in memory: where none can be kept. Without the lock, so
/// that what others write meanwhile may look torn; nothing is changed.
pub(super) fn in_memory(house: &House) -> Result<Arc<Index>> {
    let index = Index::in_memory(&house.own);
    let replaced = Replaced::read(&house.packs, &pack_numbers(&house.packs)?)?;
    fill(house, &index, &replaced, Trust::Journal)?;
    Ok(index)
}

/// The index and the journal, up to date.
pub(super) struct Ready {
    pub(super) index: Arc<Index>,
    pub(super) journal: Journal,
}

impl Store {
    /// Brings the index up to date unless a writer is at it, who will do so himself.
    pub(super) fn recover_if_free(&self) -> Result<()> {
        if self.index().is_in_memory() {
            return Ok(());
        }
        if matches!(self.standing(&self.index())?, Standing::Current(_)) {
            return Ok(());
        }
        match self.try_lock()? {
            Some(lock) => self.index_under_lock(&lock).map(drop),
            None => Ok(()),
        }
    }

    /// Makes the index anew, whatever state it is in.
    ///
    /// # Errors
    /// An I/O error, or the lock is held.
    pub fn rebuild_index(&self) -> Result<()> {
        let lock = self.lock()?;
        self.rebuild_trusting(&lock, Trust::Journal).map(drop)
    }

    /// Makes the index anew from the packs that count, and does away with those that do not.
    pub(super) fn rebuild_trusting(&self, lock: &FileLock, trust: Trust) -> Result<Arc<Index>> {
        let index = rebuild(&self.house, lock, &self.recovery, trust)?;
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&index);
        Ok(index)
    }

    /// Index and journal as a writer needs them: the newest, and up to date.
    pub(super) fn index_under_lock(&self, lock: &FileLock) -> Result<Ready> {
        if !self.cleared.swap(true, Ordering::Relaxed) {
            self.clear_incoming();
        }
        let mut index = self.index();
        if index.is_outdated(&self.house.own)? {
            index = open_or_rebuild(&self.house, lock, &self.recovery)?;
        }
        let journal = match self.standing(&index)? {
            Standing::Current(journal) => Some(journal),
            Standing::Behind(journal) => {
                let caught_up = !self.replaces(&index)?
                    && catch_up(&self.house, &index, &journal, &self.recovery)?;
                if !caught_up {
                    index = self.rebuild_trusting(lock, Trust::Journal)?;
                }
                caught_up.then_some(journal)
            }
            Standing::Doubt(trust) => {
                index = self.rebuild_trusting(lock, trust)?;
                None
            }
        };
        let journal = match journal {
            Some(journal) => journal,
            // A new index comes with a journal that holds.
            None => match Journal::read(&self.house)? {
                Found::Sound(journal) => journal,
                found => return Err(self.lost_again(found)),
            },
        };
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&index);
        Ok(Ready { index, journal })
    }

    /// The journal is gone the moment it was written.
    fn lost_again(&self, found: Found) -> StoreError {
        StoreError::Damaged {
            path: self.house.own.path_of(JOURNAL),
            offset: 0,
            what: match found {
                Found::Damaged(what) => what,
                _ => "it was taken away".to_owned(),
            },
        }
    }

    fn standing(&self, index: &Index) -> Result<Standing> {
        let Found::Sound(journal) = Journal::read(&self.house)? else {
            return Ok(Standing::Doubt(Trust::Journal));
        };
        let Some(known) = index.standpoint()? else {
            return Ok(Standing::Doubt(Trust::Journal));
        };
        let agrees = known.mark == journal.mark;
        if !agrees {
            let is_same = known.mark.uuid == journal.mark.uuid;
            if is_same && known.mark.sequence > journal.mark.sequence {
                // The index was told of what the journal no longer has.
                return Ok(Standing::Doubt(Trust::Packs));
            }
            if !is_same {
                return Ok(Standing::Doubt(Trust::Journal));
            }
        }
        Ok(match self.covers(index)? {
            Covers::Others => Standing::Doubt(Trust::Journal),
            Covers::All if agrees => Standing::Current(journal),
            _ => Standing::Behind(journal),
        })
    }

    /// Compares the index with the ends of the packs: a few system calls, whatever their size.
    fn covers(&self, index: &Index) -> Result<Covers> {
        let packs = self.packs_folder();
        let last = index.last_pack()?;
        let next = next_numbers(packs, last.map(|(number, _)| number), 1);
        let exists = next.map_or(Ok(None), |next| length_of(packs, *next.start()));
        if exists?.is_some() {
            return Ok(Covers::Less);
        }
        if let Some((number, state)) = last {
            let Some(length) = length_of(packs, number)? else {
                return Ok(Covers::Others);
            };
            if state.closed && length != state.length {
                return Ok(Covers::Others);
            }
        }
        match index.open_pack()? {
            Some((number, state)) => covers_open(packs, number, &state),
            None => Ok(Covers::All),
        }
    }

    /// Whether a pack that the index does not know yet takes the place of others.
    fn replaces(&self, index: &Index) -> Result<bool> {
        let last = index.last_pack()?.map_or(0, |(number, _)| number);
        let mut numbers = pack_numbers(self.packs_folder())?;
        numbers.retain(|number| *number > last);
        let replaced = Replaced::read(self.packs_folder(), &numbers)?;
        Ok(!replaced.is_empty())
    }

    /// Removes what processes that died had not published. Returns how many bytes that freed.
    pub(super) fn clear_incoming(&self) -> u64 {
        let Ok(Some(incoming)) = self.house.incoming_if_any() else {
            return 0;
        };
        let leftovers = self.leftovers();
        let removed = leftovers.into_iter().filter_map(|(name, bytes, _lock)| {
            incoming.remove_file(&name).ok()?;
            Some(bytes)
        });
        removed.sum()
    }

    /// What processes that died had not published: name, bytes, and a lock so that nobody takes it
    /// for alive. What has not the name and the kind of such a file is none.
    pub(super) fn leftovers(&self) -> Vec<(String, u64, File)> {
        let Ok(Some(incoming)) = self.house.incoming_if_any() else {
            return Vec::new();
        };
        let names = incoming.list().unwrap_or_default().into_iter();
        let dead = names.filter_map(|(name, kind)| {
            let wanted = layout::wanted("incoming", &name)?;
            // A living writer holds a lock on its own.
            let file = (kind == wanted).then(|| incoming.read(&name).ok())??;
            file.try_lock().ok()?;
            Some((name, file.metadata().ok()?.len(), file))
        });
        dead.collect()
    }
}

fn is_missing(error: &StoreError) -> bool {
    matches!(error, StoreError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
}

/// Bytes of a pack's file, if there is one.
fn length_of(packs: &Folder, number: u32) -> Result<Option<u64>> {
    let found = packs.find_file(&pack_name(number));
    let found = found.map_err(io_error("examine", &pack_path(packs, number)))?;
    Ok(found.map(|found| found.bytes))
}

fn covers_open(packs: &Folder, number: u32, state: &PackState) -> Result<Covers> {
    let pack = match Pack::open(packs, number) {
        Ok(pack) => pack,
        Err(StoreError::Damaged { .. }) => return Ok(Covers::Others),
        Err(error) if is_missing(&error) => return Ok(Covers::Others),
        Err(error) => return Err(error),
    };
    let length = pack.length()?;
    if !pack.sound || pack.uuid != state.uuid || length < state.length {
        return Ok(Covers::Others);
    }
    Ok(match pack.tail(state.length) {
        Ok(tail) if tail == state.tail && length == state.length => Covers::All,
        Ok(tail) if tail == state.tail => Covers::Less,
        _ => Covers::Others,
    })
}

/// Enters what lies behind the end that the index knows, and what the journal says. Under the lock.
/// Whether what the journal stands on is there: nothing is entered otherwise.
fn catch_up(
    house: &House,
    index: &Index,
    journal: &Journal,
    recovery: &Mutex<Recovery>,
) -> Result<bool> {
    let last = index.last_pack()?.map_or(0, |(number, _)| number);
    let open = index.open_pack()?;
    let acknowledged = Some(journal.packs.clone());
    let mut reindex = Reindex::new(house, index, acknowledged)?;
    if let Some((number, state)) = open {
        reindex.add_end(number, &state)?;
    }
    reindex.add_packs_above(last, &Replaced::default())?;
    if let Some(head) = journal.head().filter(|head| !reindex.has(head)) {
        let kind = RecordKind::Object(ObjectKind::Operation);
        if index.location(kind, head.as_bytes())?.is_none() {
            return Ok(false);
        }
    }
    reindex.stand(&Standpoint::of(journal))?;
    let cut_bytes = reindex.commit()?;
    note(
        recovery,
        Recovery {
            rebuilt: false,
            cut_bytes,
        },
    );
    Ok(true)
}

fn note(recovery: &Mutex<Recovery>, report: Recovery) {
    let mut noted = recovery.lock().unwrap_or_else(PoisonError::into_inner);
    noted.rebuilt |= report.rebuilt;
    noted.cut_bytes += report.cut_bytes;
}
