//! Entering packs into the index: all of them when it is lost, their ends after a crash.

use super::error::{Result, io_error};
use super::facts::{Fact, PackState, RecordEntry};
use super::house::House;
use super::index::{Index, IndexWriter, Standpoint};
use super::journal::{Acknowledged, AcknowledgedPacks};
use super::pack::{PACK_HEADER_BYTES, Pack, is_of_project, pack_name, pack_number, pack_path};
use super::record::RecordKind;
use super::replaced::{PackName, Replaced};
use super::scan::{Scan, scan};
use crate::base::fault::{self, Step};
use crate::base::folder::{Folder, Found};
use crate::object::{ObjectKind, OperationId, ProjectId};

/// An operation that was entered.
pub(super) struct Entered {
    /// Number of the pack.
    pub(super) pack: u32,
    pub(super) entry: RecordEntry,
    /// It lies in a batch that was never wholly written: nobody was told of it.
    pub(super) unwritten: bool,
}

/// A pack that was entered.
struct Known {
    number: u32,
    uuid: [u8; 16],
    /// Whether its header is as it was written.
    sound: bool,
    /// Bytes of the file.
    length: u64,
    /// Where the last whole batch ends, or the pack itself if it is sealed.
    end: u64,
}

/// A change to the index made from packs. Under the store's lock.
pub(super) struct Reindex<'i> {
    /// `packs/`
    folder: Folder,
    project: ProjectId,
    writer: IndexWriter<'i>,
    /// How far packs were acknowledged; none where nobody knows.
    acknowledged: Option<AcknowledgedPacks>,
    /// Whether it lasts: others count on what it enters.
    is_kept: bool,
    /// Bytes cut off so far.
    cut_bytes: u64,
    operations: Vec<Entered>,
    packs: Vec<Known>,
}

impl<'i> Reindex<'i> {
    pub(super) fn new(
        house: &House,
        index: &'i Index,
        acknowledged: Option<AcknowledgedPacks>,
    ) -> Result<Self> {
        Ok(Self {
            folder: house.packs.clone(),
            project: house.project,
            writer: index.writer()?,
            acknowledged,
            is_kept: !index.is_in_memory(),
            cut_bytes: 0,
            operations: Vec::new(),
            packs: Vec::new(),
        })
    }

    /// The operations that were entered.
    pub(super) fn operations(&self) -> &[Entered] {
        &self.operations
    }

    /// Whether this operation was entered.
    pub(super) fn has(&self, operation: &OperationId) -> bool {
        let mut entered = self.operations.iter();
        entered.any(|entered| entered.entry.id == *operation.as_bytes())
    }

    /// Enters where the project stands.
    pub(super) fn stand(&mut self, at: &Standpoint) -> Result<()> {
        self.writer.put_standpoint(at)
    }

    /// How far packs are acknowledged from now on: as before, and others if they are whole.
    /// `forget`: no more than is there.
    pub(super) fn acknowledged(&self, replaced: &Replaced, forget: bool) -> AcknowledgedPacks {
        let mut packs = match &self.acknowledged {
            Some(packs) if !forget => packs.clone(),
            _ => AcknowledgedPacks::new(),
        };
        packs.retain(|number, pack| !is_replaced(replaced, *number, pack));
        for known in &self.packs {
            let (uuid, length) = (known.uuid, known.end);
            match packs.get(&known.number) {
                Some(pack) if pack.uuid == uuid || !known.sound => {}
                // Whether all of it was acknowledged, nobody knows.
                _ if length < known.length => {}
                _ => drop(packs.insert(known.number, Acknowledged { uuid, length })),
            }
        }
        packs
    }

    /// Notes as damage what was acknowledged and is there no more.
    pub(super) fn note_losses(&mut self, replaced: &Replaced) -> Result<()> {
        for (number, pack) in self.acknowledged.iter().flatten() {
            let known = self.packs.iter().find(|known| known.number == *number);
            let is_another = known.is_some_and(|known| known.sound && known.uuid != pack.uuid);
            let length = known.map_or(0, |known| known.length);
            if is_another || length >= pack.length || is_replaced(replaced, *number, pack) {
                continue;
            }
            let what = shortened(pack.length - length);
            self.writer.put_damage(*number, length, &what)?;
        }
        Ok(())
    }

    /// How far a pack is known to have been acknowledged: not at all, where it is of this project and nobody
    /// told of it; none where nobody knows.
    fn vouched(&self, number: u32, pack: &Pack) -> Option<u64> {
        match self.acknowledged.as_ref()?.get(&number) {
            None => is_of_project(self.project, &pack.uuid).then_some(PACK_HEADER_BYTES),
            Some(known) if known.uuid == pack.uuid || !pack.sound => Some(known.length),
            Some(_) => None,
        }
    }

    /// Makes it visible. Returns how many bytes were cut off.
    pub(super) fn commit(self) -> Result<u64> {
        self.writer.commit()?;
        Ok(self.cut_bytes)
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
                self.put(number, entry, false)?;
            }
            self.know(number, &pack, length, length);
            return self.writer.put_pack(number, &closed);
        }
        let found = scan(&pack, PACK_HEADER_BYTES, length)?;
        if newest {
            return self.finish(&pack, number, found, [0; 32]);
        }
        self.add_found(number, &found)?;
        self.know(number, &pack, length, found.end);
        self.writer.put_pack(number, &closed)
    }

    fn know(&mut self, number: u32, pack: &Pack, length: u64, end: u64) {
        self.packs.push(Known {
            number,
            uuid: pack.uuid,
            sound: pack.sound,
            length,
            end,
        });
    }

    /// Enters what a scan found at the end of a pack, and settles what lies behind it: what is torn was
    /// never acknowledged if the journal says so, and is cut off. Where nobody knows it stays, and nothing
    /// is appended behind it.
    fn finish(&mut self, pack: &Pack, number: u32, found: Scan, tail: [u8; 32]) -> Result<()> {
        let vouched = self.vouched(number, pack);
        let found = match vouched {
            Some(vouched) => found.without_broken_end(vouched),
            None => found,
        };
        self.add_found(number, &found)?;
        let length = pack.length()?;
        let sealed = pack.footer(length)?.is_some_and(|(_, at)| at == found.end);
        let torn = found.end < length && !sealed;
        let never_acknowledged = vouched.is_some_and(|vouched| vouched <= found.end);
        let kept = torn && !(never_acknowledged && self.cut(number, found.end)?);
        if torn && !kept {
            self.cut_bytes += length - found.end;
        } else if self.is_kept && vouched.is_none_or(|vouched| vouched < found.end) {
            // Whoever wrote it may have died before it was on the disk.
            fault::step(Step::Sync(&pack.path))
                .and_then(|()| pack.file.sync_data())
                .map_err(io_error("sync", &pack.path))?;
        }
        let is_short = vouched.is_some_and(|vouched| vouched > length);
        let closed = sealed || kept || is_short || !pack.sound || !found.damage.is_empty();
        let length = if closed { pack.length()? } else { found.end };
        let end = if sealed { length } else { found.end };
        self.know(number, pack, length, end);
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

    fn put(&mut self, number: u32, entry: &RecordEntry, unwritten: bool) -> Result<()> {
        if entry.kind == RecordKind::Object(ObjectKind::Operation) {
            self.operations.push(Entered {
                pack: number,
                entry: entry.clone(),
                unwritten,
            });
        }
        self.writer.put(number, entry)
    }

    fn add_found(&mut self, number: u32, found: &Scan) -> Result<()> {
        for entry in &found.entries {
            let unwritten = found.unwritten().is_some_and(|start| entry.offset >= start);
            self.put(number, entry, unwritten)?;
        }
        for broken in &found.damage {
            self.writer.put_damage(number, broken.offset, broken.what)?;
        }
        Ok(())
    }

    /// A footer says where records lie; what some of them say has to be read.
    fn add_fact(&mut self, pack: &Pack, number: u32, entry: &mut RecordEntry) -> Result<()> {
        if entry.kind != RecordKind::Object(ObjectKind::Generation) {
            return Ok(());
        }
        match pack.record(entry.offset, entry.stored, entry.kind, &entry.id) {
            Ok(raw) => {
                entry.fact = Fact::of(entry.kind, entry.id, &raw);
                Ok(())
            }
            Err(error) => self
                .writer
                .put_damage(number, entry.offset, &error.to_string()),
        }
    }
}

fn is_replaced(replaced: &Replaced, number: u32, pack: &Acknowledged) -> bool {
    let uuid = pack.uuid;
    replaced.fate(&PackName { number, uuid }).is_some()
}

/// What is told of a pack that lost so many bytes at its end.
pub(super) fn shortened(bytes: u64) -> String {
    format!("it ends here, and {bytes} bytes more were once written")
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
