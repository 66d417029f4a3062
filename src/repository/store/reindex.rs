//! Entering packs into the index: all of them when it is lost, their ends after a crash.

use super::error::{Result, io_error};
use super::facts::{Entry, Fact, PackState, TOO_HIGH};
use super::index::IndexWriter;
use super::pack::{PACK_HEADER_BYTES, Pack, pack_name, pack_number, pack_path};
use super::record::RecordKind;
use super::replaced::Replaced;
use super::scan::{Scan, scan};
use crate::base::fault::{self, Step};
use crate::base::folder::{Folder, Found};
use crate::object::Kind;

/// How a torn tail is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// The index vouches for everything before: what is torn was never acknowledged.
    Cut,
    /// Nothing vouches: the bytes stay, and nothing is appended behind them.
    Keep,
}

/// A change to the index made from packs. Under the store's lock.
pub(super) struct Reindex<'i> {
    /// `packs/`
    folder: Folder,
    writer: IndexWriter<'i>,
    tail: Tail,
    /// Bytes cut off so far.
    cut_bytes: u64,
}

impl<'i> Reindex<'i> {
    pub(super) fn new(folder: Folder, writer: IndexWriter<'i>, tail: Tail) -> Self {
        Self {
            folder,
            writer,
            tail,
            cut_bytes: 0,
        }
    }

    /// Makes it visible. Returns how many bytes were cut off.
    pub(super) fn commit(self) -> Result<u64> {
        self.writer.commit()?;
        Ok(self.cut_bytes)
    }

    /// Notes a damaged place.
    pub(super) fn note(&mut self, pack: u32, offset: u64, what: &str) -> Result<()> {
        self.writer.put_damage(pack, offset, what)
    }

    /// Enters the packs that are numbered above `last`, but for those that count no more. Returns
    /// how many there are.
    pub(super) fn add_packs_above(&mut self, last: u32, replaced: &Replaced) -> Result<usize> {
        let mut numbers = pack_numbers(&self.folder)?;
        numbers.retain(|number| *number > last);
        numbers.retain(|number| replaced.fate_of_file(&self.folder, *number).is_none());
        for number in &numbers {
            self.add_pack(*number, Some(number) == numbers.last())?;
        }
        Ok(numbers.len())
    }

    /// Enters what lies behind the known end of the pack that is appended to.
    pub(super) fn add_end(&mut self, number: u32, state: &PackState) -> Result<()> {
        let pack = Pack::open(&self.folder, number)?;
        let found = scan(&pack, state.length, pack.length()?)?;
        self.finish(&pack, number, found, state.tail)
    }

    /// Enters all of a pack. Only the newest is appended to later.
    fn add_pack(&mut self, number: u32, newest: bool) -> Result<()> {
        let path = pack_path(&self.folder, number);
        let found = self.folder.find_file(&pack_name(number));
        let found = found.map_err(io_error("examine", &path))?;
        let length = found.map_or(0, |found| found.bytes);
        let mut closed = PackState {
            uuid: [0; 16],
            length,
            tail: [0; 32],
            closed: true,
        };
        if length < PACK_HEADER_BYTES {
            // Its creation was interrupted.
            return self.writer.put_pack(number, &closed);
        }
        let pack = Pack::open(&self.folder, number)?;
        closed.uuid = pack.uuid;
        if !pack.sound {
            self.writer.put_damage(number, 0, "its header is damaged")?;
        }
        if let Some((mut entries, _)) = pack.footer(length)? {
            for entry in &mut entries {
                self.add_fact(&pack, number, entry)?;
                self.writer.put(number, entry)?;
            }
            return self.writer.put_pack(number, &closed);
        }
        let found = scan(&pack, PACK_HEADER_BYTES, length)?;
        if newest {
            return self.finish(&pack, number, found, [0; 32]);
        }
        self.add_found(number, &found)?;
        self.writer.put_pack(number, &closed)
    }

    /// Enters what a scan found at the end of a pack, and settles what lies behind it.
    fn finish(&mut self, pack: &Pack, number: u32, found: Scan, tail: [u8; 32]) -> Result<()> {
        let found = match self.tail {
            Tail::Cut => found.without_broken_end(),
            Tail::Keep => found,
        };
        self.add_found(number, &found)?;
        let length = pack.length()?;
        let sealed = pack.footer(length)?.is_some_and(|(_, at)| at == found.end);
        let torn = found.end < length && !sealed;
        let kept = torn && (self.tail == Tail::Keep || !self.cut(number, found.end)?);
        if torn && !kept {
            self.cut_bytes += length - found.end;
        }
        let closed = sealed || kept || !pack.sound || !found.damage.is_empty();
        let length = if closed { pack.length()? } else { found.end };
        let tail = found.tail.unwrap_or(tail);
        self.writer.put_pack(
            number,
            &PackState {
                uuid: pack.uuid,
                length,
                tail,
                closed,
            },
        )
    }

    /// Cuts what no commit acknowledged. A copy by hard links has the same file: then it stays as it
    /// is, which is told.
    fn cut(&self, number: u32, length: u64) -> Result<bool> {
        let path = &pack_path(&self.folder, number);
        let file = self.folder.read_and_write(&pack_name(number));
        let file = file.map_err(io_error("open", path))?;
        if Found::of(&file).map_err(io_error("examine", path))?.names > 1 {
            return Ok(false);
        }
        fault::step(Step::Cut(path, length))
            .and_then(|()| file.set_len(length))
            .and_then(|()| fault::step(Step::Sync(path)))
            .and_then(|()| file.sync_all())
            .map_err(io_error("cut", path))?;
        Ok(true)
    }

    fn add_found(&mut self, number: u32, found: &Scan) -> Result<()> {
        for entry in &found.entries {
            self.writer.put(number, entry)?;
            if entry.kind == RecordKind::Head && entry.fact.is_none() {
                self.writer.put_damage(number, entry.offset, TOO_HIGH)?;
            }
        }
        for broken in &found.damage {
            self.writer.put_damage(number, broken.offset, broken.what)?;
        }
        Ok(())
    }

    /// A footer says where records lie; what some of them say has to be read.
    fn add_fact(&mut self, pack: &Pack, number: u32, entry: &mut Entry) -> Result<()> {
        if !matches!(
            entry.kind,
            RecordKind::Object(Kind::Generation) | RecordKind::Head
        ) {
            return Ok(());
        }
        match pack.record(entry.offset, entry.stored, entry.kind, &entry.id) {
            Ok(raw) => {
                entry.fact = Fact::of(entry.kind, entry.id, &raw);
                match (entry.kind, &entry.fact) {
                    (RecordKind::Head, None) => {
                        self.writer.put_damage(number, entry.offset, TOO_HIGH)
                    }
                    _ => Ok(()),
                }
            }
            Err(error) => self
                .writer
                .put_damage(number, entry.offset, &error.to_string()),
        }
    }
}

/// Numbers of the packs of a folder, sorted.
pub(super) fn pack_numbers(packs: &Folder) -> Result<Vec<u32>> {
    let names = packs.list().map_err(io_error("list", packs.path()))?;
    let mut numbers: Vec<u32> = names
        .iter()
        .filter_map(|(name, _)| pack_number(name))
        .collect();
    numbers.sort_unstable();
    Ok(numbers)
}
