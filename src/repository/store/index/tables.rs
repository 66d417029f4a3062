//! The tables of the index, reading and writing them.

#[cfg(any(test, feature = "attacks"))]
use std::collections::BTreeSet;

use super::super::error::{Result, StoreError};
use super::super::facts::{Fact, Location, PackState, RecordEntry};
use super::super::journal::{Journal, Mark};
#[cfg(any(test, feature = "attacks"))]
use super::super::record::RecordId;
use super::super::record::RecordKind;
use super::super::release::READABLE;
use super::codec::{location_from_bytes, location_to_bytes, pack_from_bytes, pack_to_bytes};
use super::engine::{Reading, Table, Writing};
use super::env::{Index, failed};
use crate::base::fault::{self, Step};
use crate::object::{ActionId, FileId, GenerationId, OperationId};

/// The layout of the tables, and which packs who wrote them could read. Another one means: rebuild.
pub(super) const SCHEMA: &[u8] = &[b'3', READABLE.0[0], READABLE.0[1], READABLE.0[2]];
pub(super) const SCHEMA_KEY: &[u8] = b"schema";
pub(super) const HEADS_KEY: &[u8] = b"heads";
pub(super) const OPEN_KEY: &[u8] = b"open";

/// More memos than this are more than a project has use for: all are dropped.
const MAX_MEMOS: u64 = 500_000;
/// Longest memo kept, in bytes.
const MAX_MEMO_BYTES: usize = 64 << 10;

impl Index {
    fn fail(&self, error: heed::Error) -> StoreError {
        failed(&self.folder, error)
    }

    /// Whether all of it was written once.
    pub(super) fn is_complete(&self) -> bool {
        let complete = |reading: &Reading<'_>| {
            let schema = reading.get(Table::Meta, SCHEMA_KEY);
            schema.is_ok_and(|schema| schema == Some(SCHEMA))
        };
        self.engine.read().is_ok_and(|reading| complete(&reading))
    }

    /// Reads at one moment. Kept short, as old pages stay alive while it runs.
    fn read<T>(&self, body: impl FnOnce(&Reading<'_>) -> Result<T, heed::Error>) -> Result<T> {
        let reading = self.engine.read().map_err(|error| self.fail(error))?;
        body(&reading).map_err(|error| self.fail(error))
    }

    pub(in crate::store) fn location(
        &self,
        kind: RecordKind,
        id: &[u8; 32],
    ) -> Result<Option<Location>> {
        self.read(|reading| {
            let location = reading.get(Table::Records, &record_key(kind, id))?;
            Ok(location.and_then(location_from_bytes))
        })
    }

    /// Ids of this kind that begin with `prefix` (and the half byte after it), at most `limit`.
    pub(in crate::store) fn ids(
        &self,
        kind: RecordKind,
        prefix: &HexPrefix,
        limit: usize,
    ) -> Result<Vec<[u8; 32]>> {
        let key = [&[kind.code()], prefix.bytes()].concat();
        self.read(|reading| {
            let mut found = Vec::new();
            reading.each(Table::Records, &key, &mut |key, _| {
                if found.len() == limit {
                    return false;
                }
                let id = key.last_chunk::<32>();
                found.extend(id.filter(|id| prefix.matches(id)));
                true
            })?;
            Ok(found)
        })
    }

    /// The newest pack: the highest number.
    pub(in crate::store) fn last_pack(&self) -> Result<Option<(u32, PackState)>> {
        self.read(|reading| Ok(reading.last(Table::Packs)?.and_then(read_pack)))
    }

    /// Bytes of a pack that are covered, if it is known.
    pub(in crate::store) fn pack_length(&self, number: u32) -> Result<Option<u64>> {
        self.read(|reading| {
            let state = reading.get(Table::Packs, &number.to_be_bytes())?;
            Ok(state.and_then(pack_from_bytes).map(|state| state.length))
        })
    }

    /// The pack that small batches are appended to.
    pub(in crate::store) fn open_pack(&self) -> Result<Option<(u32, PackState)>> {
        self.read(|reading| {
            let Some(number) = reading.get(Table::Meta, OPEN_KEY)? else {
                return Ok(None);
            };
            let state = reading.get(Table::Packs, number)?;
            Ok(state.and_then(|state| read_pack((number, state))))
        })
    }

    /// Where the project stands, as of the record of the journal that was last entered.
    pub(in crate::store) fn standpoint(&self) -> Result<Option<Standpoint>> {
        self.read(|reading| {
            let standpoint = reading.get(Table::Meta, HEADS_KEY)?;
            Ok(standpoint.and_then(Standpoint::from_bytes))
        })
    }

    /// The current operation.
    pub(in crate::store) fn head(&self) -> Result<Option<OperationId>> {
        let standpoint = self.standpoint()?;
        Ok(standpoint.and_then(|standpoint| standpoint.heads.first().copied()))
    }

    /// How many runs there are.
    pub(in crate::store) fn runs(&self) -> Result<u64> {
        self.read(|reading| reading.len(Table::ByAction))
    }

    pub(in crate::store) fn by_action(&self, action: &ActionId) -> Result<Vec<GenerationId>> {
        self.generations(Table::ByAction, action.as_bytes())
    }

    pub(in crate::store) fn by_path(&self, digest: &[u8; 32]) -> Result<Vec<GenerationId>> {
        self.generations(Table::ByPath, digest)
    }

    pub(in crate::store) fn by_output(&self, file: &FileId) -> Result<Vec<GenerationId>> {
        self.generations(Table::ByOutput, file.as_bytes())
    }

    fn generations(&self, table: Table, key: &[u8; 32]) -> Result<Vec<GenerationId>> {
        self.read(|reading| {
            let mut found = Vec::new();
            reading.each(table, key, &mut |key, _| {
                let id = key.last_chunk::<32>().copied();
                found.extend(id.map(GenerationId::from_bytes));
                true
            })?;
            Ok(found)
        })
    }

    pub(in crate::store) fn memo<T>(
        &self,
        key: &[u8; 32],
        take: impl FnOnce(&[u8]) -> T,
    ) -> Result<Option<T>> {
        self.read(|reading| {
            let memo = reading.get(Table::Memos, key)?;
            // A damaged page may claim any length.
            Ok(memo.filter(|memo| memo.len() <= MAX_MEMO_BYTES).map(take))
        })
    }

    /// Damaged places: pack, offset and what is wrong there.
    pub(in crate::store) fn damage(&self) -> Result<Vec<(u32, u64, String)>> {
        self.read(|reading| {
            let mut found = Vec::new();
            reading.each(Table::Damage, &[], &mut |key, what| {
                if let Some((pack, offset)) = key.split_first_chunk()
                    && let Ok(offset) = offset.try_into()
                {
                    let what = String::from_utf8_lossy(what).into_owned();
                    found.push((u32::from_be_bytes(*pack), u64::from_be_bytes(offset), what));
                }
                true
            })?;
            Ok(found)
        })
    }

    /// Begins a change. Under the store's lock.
    pub(in crate::store) fn writer(&self) -> Result<IndexWriter<'_>> {
        let writing = self.engine.write().map_err(|error| self.fail(error))?;
        Ok(IndexWriter {
            index: self,
            writing,
        })
    }
}

/// All that an index says, for tests.
#[cfg(any(test, feature = "attacks"))]
impl Index {
    /// The records that it knows and what it says of runs, but for places.
    pub(in crate::store) fn said(&self) -> Result<BTreeSet<(&'static str, Vec<u8>)>> {
        self.read(|reading| {
            let mut said = BTreeSet::new();
            for (name, table) in [
                ("records", Table::Records),
                ("actions", Table::ByAction),
                ("paths", Table::ByPath),
                ("outputs", Table::ByOutput),
            ] {
                reading.each(table, &[], &mut |key, _| said.insert((name, key.to_vec())))?;
            }
            Ok(said)
        })
    }

    /// Where records lie.
    pub(in crate::store) fn places(&self) -> Result<Vec<(RecordId, Location)>> {
        self.read(|reading| {
            let mut places = Vec::new();
            reading.each(Table::Records, &[], &mut |key, value| {
                let id = key.split_first_chunk::<1>().and_then(|([kind], id)| {
                    let kind = RecordKind::from_code(*kind)?;
                    Some(RecordId::new(kind, id.try_into().ok()?))
                });
                places.extend(id.zip(location_from_bytes(value)));
                true
            })?;
            Ok(places)
        })
    }
}

/// Where the project stands, and which record of the journal says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Standpoint {
    pub(in crate::store) mark: Mark,
    /// The current operation first.
    pub(in crate::store) heads: Vec<OperationId>,
}

impl Standpoint {
    pub(in crate::store) fn of(journal: &Journal) -> Self {
        let (mark, heads) = (journal.mark, journal.heads.clone());
        Self { mark, heads }
    }

    pub(in crate::store) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.mark.uuid.to_vec();
        bytes.extend_from_slice(&self.mark.sequence.to_le_bytes());
        for head in &self.heads {
            bytes.extend_from_slice(head.as_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (uuid, rest) = bytes.split_first_chunk::<16>()?;
        let (sequence, heads) = rest.split_first_chunk::<8>()?;
        let (heads, rest) = heads.as_chunks::<32>();
        let (uuid, sequence) = (*uuid, u64::from_le_bytes(*sequence));
        rest.is_empty().then(|| Self {
            mark: Mark { uuid, sequence },
            heads: heads
                .iter()
                .map(|id| OperationId::from_bytes(*id))
                .collect(),
        })
    }
}

/// A change to the index that becomes visible whole, when committed.
#[must_use = "nothing changes before it is committed"]
pub(in crate::store) struct IndexWriter<'i> {
    index: &'i Index,
    writing: Writing<'i>,
}

impl IndexWriter<'_> {
    /// Enters a record; one that is known already stays where it is known to be.
    pub(in crate::store) fn put(&mut self, pack: u32, entry: &RecordEntry) -> Result<()> {
        self.try_put(pack, entry)
            .map_err(|error| self.index.fail(error))
    }

    fn try_put(&mut self, pack: u32, entry: &RecordEntry) -> Result<(), heed::Error> {
        let writing = &mut self.writing;
        match &entry.fact {
            Some(Fact::Generation {
                id,
                action,
                outputs,
            }) => {
                writing.put(Table::ByAction, &pair(action.as_bytes(), id), &[])?;
                for (path, file) in outputs {
                    writing.put(Table::ByPath, &pair(path, id), &[])?;
                    writing.put(Table::ByOutput, &pair(file.as_bytes(), id), &[])?;
                }
            }
            None => {}
        }
        let key = record_key(entry.kind, &entry.id);
        if writing.get(Table::Records, &key)?.is_none() {
            let location = location_to_bytes(&entry.location(pack));
            writing.put(Table::Records, &key, &location)?;
        }
        Ok(())
    }

    /// Enters the state of a pack; one that is not closed is the one to append to.
    pub(in crate::store) fn put_pack(&mut self, number: u32, state: &PackState) -> Result<()> {
        self.try_put_pack(number, state)
            .map_err(|error| self.index.fail(error))
    }

    fn try_put_pack(&mut self, number: u32, state: &PackState) -> Result<(), heed::Error> {
        let writing = &mut self.writing;
        let key = number.to_be_bytes();
        writing.put(Table::Packs, &key, &pack_to_bytes(state))?;
        if !state.closed {
            writing.put(Table::Meta, OPEN_KEY, &key)?;
        } else if writing.get(Table::Meta, OPEN_KEY)? == Some(&key[..]) {
            writing.delete(Table::Meta, OPEN_KEY)?;
        }
        Ok(())
    }

    /// Enters where the project stands.
    pub(in crate::store) fn put_standpoint(&mut self, at: &Standpoint) -> Result<()> {
        let put = self.writing.put(Table::Meta, HEADS_KEY, &at.to_bytes());
        put.map_err(|error| self.index.fail(error))
    }

    /// Notes a damaged place.
    pub(in crate::store) fn put_damage(&mut self, pack: u32, at: u64, what: &str) -> Result<()> {
        let key = [&pack.to_be_bytes()[..], &at.to_be_bytes()].concat();
        let put = self.writing.put(Table::Damage, &key, what.as_bytes());
        put.map_err(|error| self.index.fail(error))
    }

    /// Enters memos; when there are too many, the old ones make room.
    pub(in crate::store) fn put_memos<'a>(
        &mut self,
        memos: impl Iterator<Item = ([u8; 32], &'a [u8])>,
    ) -> Result<()> {
        let writing = &mut self.writing;
        let put = || -> Result<(), heed::Error> {
            if writing.len(Table::Memos)? > MAX_MEMOS {
                writing.clear(Table::Memos)?;
            }
            for (key, value) in memos {
                if value.len() <= MAX_MEMO_BYTES {
                    writing.put(Table::Memos, &key, value)?;
                }
            }
            Ok(())
        };
        put().map_err(|error| self.index.fail(error))
    }

    /// Makes it visible, and the index complete.
    pub(in crate::store) fn commit(mut self) -> Result<()> {
        let index = self.index;
        let commit = || -> Result<(), heed::Error> {
            self.writing.put(Table::Meta, SCHEMA_KEY, SCHEMA)?;
            fault::step(Step::Index(&index.folder)).map_err(heed::Error::Io)?;
            self.writing.commit()?;
            index.engine.fill_up()?;
            fault::step(Step::Indexed(&index.folder)).map_err(heed::Error::Io)
        };
        commit().map_err(|error| index.fail(error))
    }
}

/// Wrong entries, for the tests that want them found.
#[cfg(test)]
impl IndexWriter<'_> {
    pub(in crate::store) fn spoil_record(
        &mut self,
        kind: RecordKind,
        id: &[u8; 32],
        at: Option<Location>,
    ) {
        let key = record_key(kind, id);
        match at {
            Some(at) => self
                .writing
                .put(Table::Records, &key, &location_to_bytes(&at)),
            None => self.writing.delete(Table::Records, &key),
        }
        .unwrap();
    }
}

/// The first hexadecimal digits of ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct HexPrefix {
    bytes: Vec<u8>,
    half: Option<u8>,
}

impl HexPrefix {
    /// None for what no id begins with.
    pub(in crate::store) fn parse(text: &str) -> Option<Self> {
        let digit = |b: u8| match b {
            b'0'..=b'9' => Some(b - b'0'),
            b'a'..=b'f' => Some(b - b'a' + 10),
            _ => None,
        };
        let digits: Vec<u8> = text.bytes().map(digit).collect::<Option<_>>()?;
        if digits.len() > 64 {
            return None;
        }
        let (pairs, rest) = digits.as_chunks::<2>();
        let bytes = pairs.iter().map(|[high, low]| high << 4 | low).collect();
        Some(Self {
            bytes,
            half: rest.first().copied(),
        })
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn matches(&self, id: &[u8; 32]) -> bool {
        id.starts_with(&self.bytes)
            && self
                .half
                .is_none_or(|half| id[self.bytes.len()] >> 4 == half)
    }
}

fn record_key(kind: RecordKind, id: &[u8; 32]) -> [u8; 33] {
    let mut key = [kind.code(); 33];
    key[1..].copy_from_slice(id);
    key
}

fn pair(key: &[u8; 32], generation: &GenerationId) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(key);
    bytes[32..].copy_from_slice(generation.as_bytes());
    bytes
}

fn read_pack((key, value): (&[u8], &[u8])) -> Option<(u32, PackState)> {
    Some((
        u32::from_be_bytes(key.try_into().ok()?),
        pack_from_bytes(value)?,
    ))
}
