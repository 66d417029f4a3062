//! Bringing the index to what the packs hold: after a crash, or when it is lost.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use super::Store;
use super::error::{Result, StoreError, io_error};
use super::facts::{Entry, Fact, PackState};
use super::index::{Index, IndexWriter};
use super::pack::{PACK_HEADER_BYTES, Pack, pack_number, pack_path};
use super::record::RecordKind;
use super::scan::{Scan, scan};
use crate::base::lock::FileLock;
use crate::object::Kind;

/// What was repaired, for whoever wants to tell it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// The index was made anew from the packs.
    pub rebuilt: bool,
    /// Bytes of work that was never acknowledged, cut off.
    pub cut_bytes: u64,
    /// What cannot be read: pack, offset, and what is wrong there.
    pub damage: Vec<(PathBuf, u64, String)>,
}

/// How the index stands to the packs.
enum Standing {
    Current,
    /// There is more in the packs: an interrupted commit, or an index that lost its last one.
    Behind,
    /// It is about other packs.
    Foreign,
}

/// How a torn tail is treated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    /// The index vouches for everything before: what is torn was never acknowledged.
    Cut,
    /// Nothing vouches: the bytes stay, and nothing is appended behind them.
    Keep,
}

/// The index of a folder that had no usable one. Under the lock.
pub(super) fn open_or_rebuild(
    folder: &Path,
    lock: &FileLock,
    recovery: &Mutex<Recovery>,
) -> Result<Arc<Index>> {
    // Another process may have made it while this one waited for the lock.
    match Index::open(&folder.join("index"), false)? {
        Some(index) => Ok(index),
        None => rebuild(folder, lock, recovery),
    }
}

/// A new index from what the packs hold. Under the lock.
fn rebuild(folder: &Path, _lock: &FileLock, recovery: &Mutex<Recovery>) -> Result<Arc<Index>> {
    let index = Index::create(&folder.join("index"))?;
    let mut report = Recovery::default();
    let mut writer = index.writer()?;
    let numbers = pack_numbers(&folder.join("packs"))?;
    report.rebuilt = !numbers.is_empty();
    for number in &numbers {
        let newest = Some(number) == numbers.last();
        index_pack(
            folder,
            *number,
            newest,
            Tail::Keep,
            &mut writer,
            &mut report,
        )?;
    }
    writer.commit()?;
    index.remove_older(&folder.join("index"));
    note(recovery, report);
    Ok(index)
}

impl Store {
    /// Brings the index up to date unless a writer is at it, who will do so himself.
    pub(super) fn recover_if_free(&self) -> Result<()> {
        if matches!(self.standing(&self.index())?, Standing::Current) {
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
        let index = rebuild(&self.folder, &lock, &self.recovery)?;
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = index;
        Ok(())
    }

    /// The index as a writer needs it: the newest, and up to date.
    pub(super) fn index_under_lock(&self, lock: &FileLock) -> Result<Arc<Index>> {
        if !self.cleared.swap(true, Ordering::Relaxed) {
            self.clear_incoming();
        }
        let mut index = self.index();
        if index.is_outdated(&self.index_folder())? {
            index = open_or_rebuild(&self.folder, lock, &self.recovery)?;
        }
        match self.standing(&index)? {
            Standing::Current => {}
            Standing::Behind => catch_up(&self.folder, &index, &self.recovery)?,
            Standing::Foreign => index = rebuild(&self.folder, lock, &self.recovery)?,
        }
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&index);
        Ok(index)
    }

    /// Compares the index with the ends of the packs: a few system calls, whatever their size.
    fn standing(&self, index: &Index) -> Result<Standing> {
        let packs = self.packs_folder();
        let last = index.last_pack()?;
        let next = last.map_or(1, |(number, _)| number + 1);
        if pack_path(&packs, next).exists() {
            return Ok(Standing::Behind);
        }
        if let Some((number, state)) = last {
            let Ok(data) = std::fs::metadata(pack_path(&packs, number)) else {
                return Ok(Standing::Foreign);
            };
            if state.closed && data.len() != state.length {
                return Ok(Standing::Foreign);
            }
        }
        match index.open_pack()? {
            Some((number, state)) => Ok(open_standing(&pack_path(&packs, number), &state)),
            None => Ok(Standing::Current),
        }
    }

    /// Removes what processes that died had not published.
    fn clear_incoming(&self) {
        let Ok(entries) = std::fs::read_dir(self.incoming_folder()) else {
            return;
        };
        for entry in entries.flatten() {
            // A living writer holds a lock on its own.
            let file = OpenOptions::new().write(true).open(entry.path());
            if file.is_ok_and(|file| file.try_lock().is_ok()) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

fn open_standing(path: &Path, state: &PackState) -> Standing {
    let Ok(pack) = Pack::open(path.to_owned()) else {
        return Standing::Foreign;
    };
    match pack.length() {
        Ok(length) if length >= state.length && pack.uuid == state.uuid => {
            match pack.tail(state.length) {
                Ok(tail) if tail == state.tail && length == state.length => Standing::Current,
                Ok(tail) if tail == state.tail => Standing::Behind,
                _ => Standing::Foreign,
            }
        }
        _ => Standing::Foreign,
    }
}

/// Enters what lies behind the end that the index knows. Under the lock.
fn catch_up(folder: &Path, index: &Index, recovery: &Mutex<Recovery>) -> Result<()> {
    let mut report = Recovery::default();
    let last = index.last_pack()?.map_or(0, |(number, _)| number);
    let mut writer = index.writer()?;
    if let Some((number, state)) = index.open_pack()? {
        let pack = Pack::open(pack_path(&folder.join("packs"), number))?;
        let found = scan(&pack, state.length, pack.length()?)?;
        finish(
            &pack,
            number,
            found,
            Some(state.tail),
            Tail::Cut,
            &mut writer,
            &mut report,
        )?;
    }
    let numbers = pack_numbers(&folder.join("packs"))?;
    for number in numbers.iter().filter(|number| **number > last) {
        let newest = Some(number) == numbers.last();
        index_pack(folder, *number, newest, Tail::Cut, &mut writer, &mut report)?;
    }
    writer.commit()?;
    note(recovery, report);
    Ok(())
}

/// Enters all of a pack.
fn index_pack(
    folder: &Path,
    number: u32,
    newest: bool,
    tail: Tail,
    writer: &mut IndexWriter<'_>,
    report: &mut Recovery,
) -> Result<()> {
    let path = pack_path(&folder.join("packs"), number);
    let length = std::fs::metadata(&path)
        .map_err(io_error("examine", &path))?
        .len();
    let closed = PackState {
        uuid: [0; 16],
        length,
        tail: [0; 32],
        closed: true,
    };
    let pack = match Pack::open(path) {
        Ok(pack) => pack,
        Err(StoreError::Damaged { path, offset, what }) => {
            // Its creation was interrupted, or its header is damaged: nothing in it can be trusted
            // to be where it should, and it stays for whoever repairs it.
            if length > PACK_HEADER_BYTES {
                report.damage.push((path, offset, what));
            }
            return writer.put_pack(number, &closed);
        }
        Err(error) => return Err(error),
    };
    if let Some((mut entries, _)) = pack.footer()? {
        for entry in &mut entries {
            add_fact(&pack, entry, report);
            writer.put(number, entry)?;
        }
        return writer.put_pack(
            number,
            &PackState {
                uuid: pack.uuid,
                ..closed
            },
        );
    }
    let found = scan(&pack, PACK_HEADER_BYTES, length)?;
    if !newest {
        // Only the newest is appended to.
        let state = PackState {
            uuid: pack.uuid,
            ..closed
        };
        for entry in &found.entries {
            writer.put(number, entry)?;
        }
        report_damage(&pack, &found, report);
        return writer.put_pack(number, &state);
    }
    finish(&pack, number, found, None, tail, writer, report)
}

/// Enters what a scan found at the end of a pack, and settles what lies behind it.
fn finish(
    pack: &Pack,
    number: u32,
    found: Scan,
    known_tail: Option<[u8; 32]>,
    treatment: Tail,
    writer: &mut IndexWriter<'_>,
    report: &mut Recovery,
) -> Result<()> {
    for entry in &found.entries {
        writer.put(number, entry)?;
    }
    report_damage(pack, &found, report);
    let length = pack.length()?;
    let sealed = pack.footer()?.is_some_and(|(_, at)| at == found.end);
    let torn = found.end < length && !sealed;
    if torn && treatment == Tail::Cut {
        cut(&pack.path, found.end)?;
        report.cut_bytes += length - found.end;
    }
    let closed = sealed || !found.damage.is_empty() || (torn && treatment == Tail::Keep);
    let tail = found.tail.or(known_tail).unwrap_or([0; 32]);
    let length = if closed { pack.length()? } else { found.end };
    writer.put_pack(
        number,
        &PackState {
            uuid: pack.uuid,
            length,
            tail,
            closed,
        },
    )
}

fn report_damage(pack: &Pack, found: &Scan, report: &mut Recovery) {
    let damage = found.damage.iter();
    report
        .damage
        .extend(damage.map(|damage| (pack.path.clone(), damage.offset, damage.what.to_owned())));
}

/// A footer says where records lie; what some of them say has to be read.
fn add_fact(pack: &Pack, entry: &mut Entry, report: &mut Recovery) {
    if !matches!(
        entry.kind,
        RecordKind::Object(Kind::Generation) | RecordKind::Head
    ) {
        return;
    }
    match pack.record(entry.offset, entry.stored, entry.kind, &entry.id) {
        Ok(raw) => entry.fact = Fact::of(entry.kind, entry.id, &raw),
        Err(error) => report
            .damage
            .push((pack.path.clone(), entry.offset, error.to_string())),
    }
}

/// Cuts what no commit acknowledged.
fn cut(path: &Path, length: u64) -> Result<()> {
    let file = OpenOptions::new()
        .write(true)
        .open(path)
        .map_err(io_error("open", path))?;
    file.set_len(length)
        .and_then(|()| file.sync_all())
        .map_err(io_error("cut", path))
}

/// Numbers of the packs of a folder, sorted.
fn pack_numbers(folder: &Path) -> Result<Vec<u32>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io_error("list", folder))? {
        let name = entry.map_err(io_error("list", folder))?.file_name();
        numbers.extend(name.to_str().and_then(pack_number));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn note(recovery: &Mutex<Recovery>, report: Recovery) {
    let mut noted = recovery.lock().unwrap_or_else(PoisonError::into_inner);
    noted.rebuilt |= report.rebuilt;
    noted.cut_bytes += report.cut_bytes;
    noted.damage.extend(report.damage);
}
