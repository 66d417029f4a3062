//! Packs that others took the place of.
//!
//! Whoever rewrites packs (`gc`, `fsck --repair`) puts into the last of the new ones a record that
//! lists the old ones. From the moment that this pack is in its place, the old ones count no more,
//! whether their files are still there or not: a crash in between loses and doubles nothing.

use std::collections::BTreeMap;

use super::error::{Result, StoreError, io_error};
use super::facts::RecordEntry;
use super::house::{House, made};
use super::limits::MAX_REPLACED_BYTES;
use super::pack::{PACK_HEADER_BYTES, Pack, pack_name, pack_path};
use super::record::{Record, RecordKind};
use super::reindex::pack_numbers;
use super::scan::headers;
use crate::base::folder::Folder;

/// Where damaged packs are put.
pub(super) const DAMAGED_FOLDER: &str = "damaged";

/// Bytes of one item: number, and the random number in the pack's header.
const ITEM_BYTES: usize = 20;
/// Most packs that one record can list.
pub(super) const MOST_REPLACED: usize = (MAX_REPLACED_BYTES - 1) / ITEM_BYTES;

/// A pack, told from others that had its number or were copied from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PackName {
    pub(super) number: u32,
    pub(super) uuid: [u8; 16],
}

/// What becomes of the files of replaced packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// They may be deleted.
    Drop,
    /// They are damaged: they are moved to `damaged/` and kept.
    SetAside,
}

/// The record that replaces these packs, at most [`MOST_REPLACED`].
pub(super) fn record(fate: Fate, packs: &[PackName]) -> Record {
    let mut payload = vec![fate as u8];
    for pack in packs {
        payload.extend_from_slice(&pack.number.to_le_bytes());
        payload.extend_from_slice(&pack.uuid);
    }
    let kind = RecordKind::Replaced;
    let id = kind
        .digest(&payload)
        .expect("its id follows from its bytes");
    Record::new(kind, id, &payload, false)
}

/// Which packs such a record replaces.
fn decode(payload: &[u8]) -> Option<(Fate, Vec<PackName>)> {
    let (fate, items) = payload.split_first()?;
    let fate = match fate {
        0 => Fate::Drop,
        1 => Fate::SetAside,
        _ => return None,
    };
    let (items, rest) = items.as_chunks::<ITEM_BYTES>();
    let name = |item: &[u8; ITEM_BYTES]| {
        let (number, uuid) = item.split_first_chunk::<4>()?;
        Some(PackName {
            number: u32::from_le_bytes(*number),
            uuid: uuid.try_into().ok()?,
        })
    };
    let packs = items.iter().map(name).collect::<Option<_>>()?;
    rest.is_empty().then_some((fate, packs))
}

/// Packs that count no more, and what becomes of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Replaced(BTreeMap<PackName, Fate>);

impl Replaced {
    /// Asks the packs of these numbers. A pack that cannot be opened replaces nothing.
    pub(super) fn read(packs: &Folder, numbers: &[u32]) -> Result<Self> {
        let mut found = Self::default();
        for number in numbers {
            let pack = match Pack::open(packs, *number) {
                Ok(pack) => pack,
                // What it replaces, and whether it counts itself, nobody here can tell.
                Err(error @ StoreError::TooNew { .. }) => return Err(error),
                Err(_) => continue,
            };
            let length = pack.length()?;
            let entries = match pack.footer(length)? {
                Some((entries, _)) => entries,
                // Only sealed packs replace others. Of one that lost its footer, the headers tell,
                // if they are sound; else what it replaced counts once more, which only doubles.
                None => headers(&pack, PACK_HEADER_BYTES, length).unwrap_or_default(),
            };
            found.add(*number, &pack, &entries);
        }
        Ok(found)
    }

    /// Adds what the pack of this number with these entries replaces. What takes the place of
    /// another is written after it and has a higher number: a pack that names itself, or a later
    /// one, was not written by aiut.
    fn add(&mut self, number: u32, pack: &Pack, entries: &[RecordEntry]) {
        let lists = entries.iter().filter(|e| e.kind == RecordKind::Replaced);
        for entry in lists {
            let read = pack.record(entry.offset, entry.stored, entry.kind, &entry.id);
            if let Some((fate, packs)) = read.ok().and_then(|payload| decode(&payload)) {
                let older = packs.into_iter().filter(|name| name.number < number);
                self.0.extend(older.map(|name| (name, fate)));
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn fate(&self, name: &PackName) -> Option<Fate> {
        self.0.get(name).copied()
    }

    /// The fate of the pack with this number, if its file is the one that was replaced.
    pub(super) fn fate_of_file(&self, packs: &Folder, number: u32) -> Option<Fate> {
        let name = |byte| PackName {
            number,
            uuid: [byte; 16],
        };
        self.0.range(name(0)..=name(0xff)).next()?;
        let pack = Pack::open(packs, number).ok()?;
        let uuid = pack.uuid;
        self.fate(&PackName { number, uuid })
    }

    /// Deletes the files that may go and moves the damaged ones to `damaged/`. Under the lock, and
    /// only when no index names them. Returns how many bytes were freed.
    pub(super) fn clear(&self, house: &House) -> Result<u64> {
        let packs = &house.packs;
        let mut freed = 0;
        let mut moved = false;
        for number in pack_numbers(packs)? {
            let (name, path) = (pack_name(number), pack_path(packs, number));
            match self.fate_of_file(packs, number) {
                None => {}
                Some(Fate::Drop) => {
                    let found = packs.find(&name);
                    freed += found.ok().flatten().map_or(0, |found| found.bytes);
                    packs
                        .remove_file(&name)
                        .map_err(io_error("remove", &path))?;
                    moved = true;
                }
                Some(Fate::SetAside) => {
                    set_aside(house, &name)?;
                    moved = true;
                }
            }
        }
        if moved {
            packs.sync().map_err(io_error("sync", packs.path()))?;
        }
        Ok(freed)
    }
}

/// Moves a pack to `damaged/`, under a name that nothing there has.
fn set_aside(house: &House, name: &str) -> Result<()> {
    let damaged = made(&house.own, DAMAGED_FOLDER)?;
    let mut count = 0_u32;
    let mut to = name.to_owned();
    while damaged
        .find(&to)
        .map_err(io_error("examine", &damaged.path_of(&to)))?
        .is_some()
    {
        count += 1;
        to = format!("{name}.{count}");
    }
    let moved = house.packs.rename(name, &damaged, &to);
    moved.map_err(io_error("set aside", &house.packs.path_of(name)))?;
    damaged.sync().map_err(io_error("sync", damaged.path()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::record::Header;

    #[test]
    fn the_longest_list_of_replaced_packs_is_one_that_can_be_read() {
        let name = PackName {
            number: 3,
            uuid: [7; 16],
        };
        let longest = record(Fate::Drop, &vec![name; MOST_REPLACED]);
        assert!(Header::parse(&longest.header.to_bytes()).is_ok());
        let longer = record(Fate::Drop, &vec![name; MOST_REPLACED + 1]);
        assert!(Header::parse(&longer.header.to_bytes()).is_err());
    }

    #[test]
    fn a_list_of_replaced_packs_reads_back_and_nothing_else_does() {
        let names = [3, 9].map(|number| PackName {
            number,
            uuid: [number as u8; 16],
        });
        let record = record(Fate::SetAside, &names);
        assert_eq!(
            decode(&record.payload),
            Some((Fate::SetAside, names.to_vec()))
        );
        for cut in 1..record.payload.len() {
            let read = decode(&record.payload[..cut]);
            assert!(read.is_none_or(|(_, read)| read.len() < 2), "{cut}");
        }
        assert_eq!(decode(&[]), None);
        assert_eq!(decode(&[2]), None);
    }
}
