//! The commit of a batch: the one step that makes it durable and visible.
//!
//! ```text
//! its own packs: end, footer, fsync, rename into packs/ ─┐
//! or else: append to the open pack, fsync ───────────────┴→ journal, fsync → index → acknowledged
//! ```

use std::sync::PoisonError;

use super::batch::{Batch, Full, Pending, Segment};
use super::error::{Result, StoreError, io_error};
use super::facts::{PackState, RecordEntry};
use super::house::House;
use super::index::{Index, IndexWriter, Standpoint};
use super::journal::{Acknowledged, Journal};
use super::lost::lost;
use super::pack::{
    Appender, PACK_HEADER_BYTES, Pack, footer, new_uuid, next_numbers, pack_header, pack_name,
    pack_path,
};
use super::recover::Ready;
use super::release::WRITTEN;
use super::scan::headers;
use crate::base::fault::{self, Step};
use crate::base::folder::{Folder, Found};
use crate::object::OperationId;

/// The open pack is sealed when it has grown beyond this.
const SEAL_BYTES: u64 = 64 << 20;

/// What was stored.
#[derive(Debug)]
pub struct Committed {
    /// What went wrong after it was: it is there all the same.
    pub trouble: Option<StoreError>,
}

impl Batch<'_> {
    /// Stores all of it durably and makes the operation, if one was given, the current one.
    ///
    /// # Errors
    /// `Conflict` when another operation is current than expected; `Collected` when what it counts
    /// on was collected as garbage since the store was opened; `Lock` when another process
    /// writes for too long; or an I/O error. Nothing of the batch is then visible, unless the error
    /// is `Unsure`.
    pub fn commit(self) -> Result<Committed> {
        self.commit_after(|| Ok::<_, StoreError>(()))
    }

    /// As [`Self::commit`]; calls `act` when nothing but the disk can keep it from being stored any
    /// more. Nobody else stores anything meanwhile, nor may `act`.
    ///
    /// # Errors
    /// As [`Self::commit`]; or what `act` fails with: nothing is visible then.
    pub fn commit_after<E: From<StoreError>>(
        self,
        act: impl FnOnce() -> std::result::Result<(), E>,
    ) -> std::result::Result<Committed, E> {
        let store = self.store;
        let mut pending = self
            .pending
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if pending.is_empty() {
            return act().map(|()| Committed { trouble: None });
        }
        if pending.segment.own.is_some() {
            // Most of the waiting is done before anybody else has to wait for it.
            pending.segment.flush(&store.house)?;
            pending
                .segment
                .own
                .as_ref()
                .map_or(Ok(()), |own| own.appender.sync())?;
        }

        let lock = store.lock()?;
        let Ready { index, mut journal } = store.index_under_lock(&lock)?;
        if let Some(lost) = lost(&store.house, &index, &journal)? {
            // Its number would be given to another pack, and what is left would be all there ever was.
            return Err(lost.into());
        }
        let gone = match index.number == store.opened {
            true => None,
            false => pending.gone(&index, &*store.promised()?)?,
        };
        let Pending {
            mut segment,
            mut full,
            publication,
            ..
        } = pending;
        let mut heads = journal.heads.clone();
        if let Some(publication) = publication {
            // Where what the journal stands on is gone, it is what is left.
            let actual = index.head()?;
            if actual != publication.expected {
                let expected = publication.expected;
                return Err(StoreError::Conflict { expected, actual }.into());
            }
            heads = journal.heads_with(publication.operation, &publication.parents);
        }
        if let Some(gone) = gone {
            return Err(StoreError::Collected(gone).into());
        }
        let packs = store.packs_folder();
        let own = usize::from(segment.own.is_some());
        let shared = own == 0 && !segment.entries.is_empty() && index.open_pack()?.is_none();
        let last = index.last_pack()?.map(|(number, _)| number);
        next_numbers(packs, last, full.len() + own + usize::from(shared))?;
        act()?;
        if segment.own.is_some() {
            full.push(std::mem::take(&mut segment).seal(&store.house)?);
        }
        let mut to = Publishing {
            house: &store.house,
            index: &index,
            journal: &mut journal,
        };
        let mut trouble = None;
        if !full.is_empty() {
            // What is appended behind them comes with the operation.
            let heads = match segment.entries.is_empty() {
                true => heads.clone(),
                false => to.journal.heads.clone(),
            };
            trouble = to.publish_packs(full, heads)?;
        }
        if !segment.entries.is_empty() {
            trouble = to.append(segment, heads)?.or(trouble);
        } else if heads != to.journal.heads {
            // All of it was stored before, and nothing stood on it.
            trouble = to.stand(heads)?.or(trouble);
        }
        Ok(Committed { trouble })
    }
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.segment.entries.is_empty() && self.full.is_empty() && self.publication.is_none()
    }
}

/// Where a batch goes, under the lock.
struct Publishing<'s> {
    house: &'s House,
    index: &'s Index,
    journal: &'s mut Journal,
}

impl Publishing<'_> {
    /// Moves sealed packs to their place, acknowledges and enters them. Returns what went wrong after that.
    fn publish_packs(
        &mut self,
        full: Vec<Full>,
        heads: Vec<OperationId>,
    ) -> Result<Option<StoreError>> {
        let (house, index) = (self.house, self.index);
        let packs = &house.packs;
        let last = index.last_pack()?.map(|(number, _)| number);
        let numbers = next_numbers(packs, last, full.len())?;
        let first = *numbers.start();
        move_packs(packs, first, &full)?;
        let acknowledged: Vec<_> = (first..)
            .zip(&full)
            .map(|(number, pack)| {
                let (uuid, length) = (pack.incoming.uuid, pack.incoming.appender.length);
                (number, Acknowledged { uuid, length })
            })
            .collect();
        let said = match self.journal.append(house, heads, &acknowledged) {
            Ok(said) => said,
            Err(error) => return Err(unless_back(error, take_back(packs, numbers))),
        };
        let entered = index.writer().and_then(|mut writer| {
            for (number, pack) in (first..).zip(&full) {
                let Full {
                    incoming,
                    entries,
                    tail,
                } = pack;
                let (uuid, length) = (incoming.uuid, incoming.appender.length);
                let state = PackState {
                    uuid,
                    length,
                    tail: *tail,
                    closed: true,
                };
                enter(&mut writer, number, entries, &state)?;
            }
            writer.put_standpoint(&Standpoint::of(self.journal))?;
            writer.commit()
        });
        let Err(error) = entered else {
            return Ok(None);
        };
        // One transaction enters them all.
        let pack = full.first().map_or(0, |pack| pack.incoming.appender.length);
        settle(error, knows(index, first, pack), || {
            said.take_back(house)?;
            take_back(packs, numbers)
        })
    }

    /// Puts the project on what is stored. Returns what went wrong after that.
    fn stand(&mut self, heads: Vec<OperationId>) -> Result<Option<StoreError>> {
        let (house, index) = (self.house, self.index);
        let said = self.journal.append(house, heads, &[])?;
        let entered = index.writer().and_then(|mut writer| {
            writer.put_standpoint(&Standpoint::of(self.journal))?;
            writer.commit()
        });
        let Err(error) = entered else {
            return Ok(None);
        };
        let known = index.standpoint().ok();
        let known = known.map(|known| known == Some(Standpoint::of(self.journal)));
        settle(error, known, || said.take_back(house))
    }

    /// Appends a small batch to the open pack, acknowledges and enters it. Returns what went wrong after
    /// that.
    fn append(
        &mut self,
        mut segment: Segment,
        heads: Vec<OperationId>,
    ) -> Result<Option<StoreError>> {
        let (house, index) = (self.house, self.index);
        let packs = &house.packs;
        let (number, before, mut appender) = open_pack(house, index)?;
        let (uuid, start) = (before.uuid, appender.length);
        let tail = segment.end();
        let entries = segment.entries_from(start);
        let written = write_batch(&mut appender, &segment.buffer, &entries).and_then(|closed| {
            if before.length == 0 {
                packs.sync().map_err(io_error("sync", packs.path()))?;
            }
            Ok(closed)
        });
        let length = appender.length;
        let said = written.and_then(|closed| {
            let acknowledged = [(number, Acknowledged { uuid, length })];
            let said = self.journal.append(house, heads, &acknowledged)?;
            Ok((closed, said))
        });
        let (closed, said) = match said {
            Ok(said) => said,
            Err(error) => {
                let abandoned = abandon(packs, index, number, &before, &appender);
                return Err(unless_back(error, abandoned));
            }
        };
        let state = PackState {
            uuid,
            length,
            tail,
            closed,
        };
        let entered = index.writer().and_then(|mut writer| {
            enter(&mut writer, number, &entries, &state)?;
            writer.put_standpoint(&Standpoint::of(self.journal))?;
            writer.commit()
        });
        let Err(error) = entered else {
            return Ok(None);
        };
        // The pack is sound, and goes on to be used.
        settle(error, knows(index, number, state.length), || {
            said.take_back(house)?;
            match before.length {
                0 => packs.remove_file(&pack_name(number)),
                length => cut(&appender, length),
            }
        })
    }
}

/// The error of a step whose traces were taken away again, or could not be.
fn unless_back(error: StoreError, taken_back: std::io::Result<()>) -> StoreError {
    match (error, taken_back) {
        (error @ StoreError::Unsure(_), _) | (error, Ok(())) => error,
        (error, Err(_)) => StoreError::Unsure(Box::new(error)),
    }
}

/// What an error while the index was changed came to: whether what it is about is entered tells
/// `known`. What is not must not turn up later, which `take_back` sees to.
fn settle(
    error: StoreError,
    known: Option<bool>,
    take_back: impl FnOnce() -> std::io::Result<()>,
) -> Result<Option<StoreError>> {
    match known {
        Some(true) => Ok(Some(error)),
        Some(false) if take_back().is_ok() => Err(error),
        _ => Err(StoreError::Unsure(Box::new(error))),
    }
}

/// Moves sealed packs to `packs/`: all of them or none. Where they replace others the last one says so, and
/// comes when the rest is there for good.
pub(super) fn move_packs(packs: &Folder, first: u32, full: &[Full]) -> Result<()> {
    let sync = || packs.sync().map_err(io_error("sync", packs.path()));
    let mut moved = Vec::new();
    let mut go = || {
        for (number, pack) in (first..).zip(full) {
            if moved.len() + 1 == full.len() && !moved.is_empty() {
                sync()?;
            }
            pack.incoming.publish(packs, number)?;
            moved.push(number);
        }
        sync()
    };
    let Err(error) = go() else {
        return Ok(());
    };
    match take_back(packs, moved.into_iter()) {
        Ok(()) => Err(error),
        Err(_) => Err(StoreError::Unsure(Box::new(error))),
    }
}

/// Removes packs that were just moved to `packs/`, as what failed must not turn up later: first the
/// last one, which says that they count.
fn take_back(packs: &Folder, moved: impl DoubleEndedIterator<Item = u32>) -> std::io::Result<()> {
    for number in moved.rev() {
        packs.remove_file(&pack_name(number))?;
        packs.sync()?;
    }
    Ok(())
}

fn enter(
    writer: &mut IndexWriter<'_>,
    number: u32,
    entries: &[RecordEntry],
    state: &PackState,
) -> Result<()> {
    entries
        .iter()
        .try_for_each(|entry| writer.put(number, entry))?;
    writer.put_pack(number, state)
}

fn cut(appender: &Appender, length: u64) -> std::io::Result<()> {
    fault::step(Step::Cut(&appender.path, length))?;
    appender.file.set_len(length)
}

/// Whether the index knows the pack at this length; none if nobody can tell.
fn knows(index: &Index, number: u32, length: u64) -> Option<bool> {
    let known = index.pack_length(number).ok()?;
    Some(known == Some(length))
}

/// The pack to append to; a new one has a state of length 0 and is not in the index yet.
fn open_pack(house: &House, index: &Index) -> Result<(u32, PackState, Appender)> {
    let packs = &house.packs;
    if let Some((number, state)) = index.open_pack()? {
        let path = pack_path(packs, number);
        let file = packs.read_and_write(&pack_name(number));
        let file = file.map_err(io_error("open", &path))?;
        let pack = file.try_clone().map_err(io_error("open", &path))?;
        let pack = Pack::in_file(pack, path.clone())?;
        let names = Found::of(&file).map_err(io_error("examine", &path))?.names;
        if names <= 1 && pack.needs == Some(WRITTEN) {
            let length = state.length;
            return Ok((number, state, Appender { file, path, length }));
        }
        // A copy by hard links has the same file, and the header says who can read the pack: it stays as it
        // is, and another is begun.
        let closed = PackState {
            closed: true,
            ..state
        };
        let mut writer = index.writer()?;
        writer.put_pack(number, &closed)?;
        writer.commit()?;
    }
    let last = index.last_pack()?.map(|(number, _)| number);
    let number = *next_numbers(packs, last, 1)?.start();
    let path = pack_path(packs, number);
    let file = packs.create_new(&pack_name(number));
    let file = file.map_err(io_error("create", &path))?;
    let state = PackState {
        uuid: new_uuid(house.project),
        length: 0,
        tail: [0; 32],
        closed: false,
    };
    let mut appender = Appender {
        file,
        path,
        length: 0,
    };
    if let Err(error) = appender.append(&pack_header(&state.uuid)) {
        let _ = packs.remove_file(&pack_name(number));
        return Err(error);
    }
    Ok((number, state, appender))
}

/// Writes and syncs a batch, sealing the pack if it has become large. Returns whether it has.
fn write_batch(appender: &mut Appender, bytes: &[u8], entries: &[RecordEntry]) -> Result<bool> {
    let start = appender.length;
    appender.append(bytes)?;
    let seal = appender.length >= SEAL_BYTES;
    if seal {
        let file = appender.file.try_clone();
        let file = file.map_err(io_error("open", &appender.path))?;
        let pack = Pack::in_file(file, appender.path.clone())?;
        // A pack that is damaged further up is closed without a footer.
        if let Ok(mut all) = headers(&pack, PACK_HEADER_BYTES, start) {
            // A footer is believed without reading what it lists, so that must be on the disk.
            appender.sync()?;
            all.extend_from_slice(entries);
            let end = appender.length;
            appender.append(&footer(&mut all, end))?;
        }
    }
    appender.sync()?;
    Ok(seal)
}

/// Gives up a pack that writing to failed: after an fsync error nobody knows what of the last
/// writes is on the disk, so nothing more is appended, and the unacknowledged end is cut off.
///
/// # Errors
/// The end is still there, perhaps as a whole batch: the next writer finds it and enters it, so the
/// index must not take it for known.
fn abandon(
    packs: &Folder,
    index: &Index,
    number: u32,
    before: &PackState,
    appender: &Appender,
) -> std::io::Result<()> {
    if before.length == 0 {
        return packs.remove_file(&pack_name(number));
    }
    cut(appender, before.length)?;
    let Ok(data) = appender.file.metadata() else {
        return Ok(());
    };
    let state = PackState {
        length: data.len(),
        closed: true,
        ..*before
    };
    // Without room even for this, the next writer finds the pack as it was, and tries again.
    let _ = index.writer().and_then(|mut writer| {
        writer.put_pack(number, &state)?;
        writer.commit()
    });
    Ok(())
}
