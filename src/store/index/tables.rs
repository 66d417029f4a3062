//! The tables of the index, reading and writing them.

use heed::types::Bytes;
use heed::{CommitOrAbort, Database, Env, RoTxn, RwTxn, WithoutTls};

use super::super::error::{Result, StoreError};
use super::super::facts::{Entry, Fact, Location, PackState};
use super::super::record::RecordKind;
use super::codec::{location_from_bytes, location_to_bytes, pack_from_bytes, pack_to_bytes};
use super::env::{Index, failed};
use crate::base::fault::{self, Step};
use crate::object::{ActionId, FileId, GenerationId, OperationId};

type Table = Database<'static, Bytes, Bytes>;

/// Tables of an index.
pub(super) const COUNT: usize = 8;
const NAMES: [&str; COUNT] = [
    "meta",
    "packs",
    "records",
    "by_action",
    "by_path",
    "by_output",
    "memos",
    "damage",
];

/// The layout of the tables. Another number means: rebuild.
pub(super) const SCHEMA: &[u8] = b"1";
pub(super) const SCHEMA_KEY: &[u8] = b"schema";
pub(super) const HEAD_KEY: &[u8] = b"head";
pub(super) const OPEN_KEY: &[u8] = b"open";

/// More memos than this are more than a project has use for: all are dropped.
const MAX_MEMOS: u64 = 500_000;
/// Longest memo kept, in bytes.
const MAX_MEMO_BYTES: usize = 64 << 10;

#[derive(Debug, Clone, Copy)]
pub(super) struct Tables {
    /// Schema, and the current operation with its sequence number.
    meta: Table,
    /// Pack number → state.
    packs: Table,
    /// Kind and id → location.
    records: Table,
    /// Action and generation → nothing; likewise the next two.
    by_action: Table,
    by_path: Table,
    by_output: Table,
    /// Digest of a key → whatever somebody wants to find again.
    memos: Table,
    /// Pack number and offset → what is wrong there.
    damage: Table,
}

impl Tables {
    pub(super) fn open(env: &Env<WithoutTls>, read_only: bool) -> Result<Self, heed::Error> {
        // Opening what exists needs no write transaction, and so waits for nobody.
        let found = env.open_databases_and_commit(env.read_txn()?, |opener, reading| {
            let found = NAMES.map(|name| opener.open_database::<Bytes, Bytes>(reading, Some(name)));
            Ok::<_, heed::Error>(CommitOrAbort::<_, ()>::Commit(found))
        })?;
        let found: Result<Vec<_>, _> = found.unwrap_commit().into_iter().collect();
        let found: Option<Vec<Table>> = found?.into_iter().collect();
        if let Some(Ok(tables)) = found.map(<[Table; COUNT]>::try_from) {
            return Ok(Self::named(tables));
        }
        if read_only {
            return Err(heed::Error::Mdb(heed::MdbError::NotFound));
        }
        let made = env.create_databases_and_commit(env.write_txn()?, |opener, writing| {
            let made =
                NAMES.map(|name| opener.create_database::<Bytes, Bytes>(writing, Some(name)));
            Ok::<_, heed::Error>(CommitOrAbort::<_, ()>::Commit(made))
        })?;
        let made: Result<Vec<Table>, _> = made.unwrap_commit().into_iter().collect();
        Ok(Self::named(
            made?.try_into().expect("each name gave a table"),
        ))
    }

    fn named(tables: [Table; COUNT]) -> Self {
        let [
            meta,
            packs,
            records,
            by_action,
            by_path,
            by_output,
            memos,
            damage,
        ] = tables;
        Self {
            meta,
            packs,
            records,
            by_action,
            by_path,
            by_output,
            memos,
            damage,
        }
    }

    pub(super) fn are_complete(&self, env: &Env<WithoutTls>) -> bool {
        env.read_txn().is_ok_and(|txn| {
            self.meta
                .get(&txn, SCHEMA_KEY)
                .is_ok_and(|schema| schema == Some(SCHEMA))
        })
    }
}

impl Index {
    fn fail(&self, error: heed::Error) -> StoreError {
        failed(&self.folder, error)
    }

    /// Reads at one moment. Kept short, as old pages stay alive while it runs.
    fn read<T>(
        &self,
        body: impl FnOnce(&RoTxn<'_, WithoutTls>, &Tables) -> Result<T, heed::Error>,
    ) -> Result<T> {
        let transaction = self.env.read_txn().map_err(|error| self.fail(error))?;
        body(&transaction, &self.tables).map_err(|error| self.fail(error))
    }

    pub(in crate::store) fn location(
        &self,
        kind: RecordKind,
        id: &[u8; 32],
    ) -> Result<Option<Location>> {
        self.read(|txn, tables| {
            Ok(tables
                .records
                .get(txn, &record_key(kind, id))?
                .and_then(location_from_bytes))
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
        self.read(|txn, tables| {
            let mut found = Vec::new();
            for pair in tables.records.prefix_iter(txn, &key)? {
                let id = pair?.0.last_chunk::<32>();
                if found.len() == limit {
                    break;
                }
                found.extend(id.filter(|id| prefix.matches(id)));
            }
            Ok(found)
        })
    }

    /// The newest pack: the highest number.
    pub(in crate::store) fn last_pack(&self) -> Result<Option<(u32, PackState)>> {
        self.read(|txn, tables| Ok(tables.packs.last(txn)?.and_then(read_pack)))
    }

    /// Every pack, sorted by number.
    pub(in crate::store) fn packs(&self) -> Result<Vec<(u32, PackState)>> {
        self.read(|txn, tables| {
            let mut found = Vec::new();
            for pair in tables.packs.iter(txn)? {
                found.extend(read_pack(pair?));
            }
            Ok(found)
        })
    }

    /// Bytes of a pack that are covered, if it is known.
    pub(in crate::store) fn pack_length(&self, number: u32) -> Result<Option<u64>> {
        self.read(|txn, tables| {
            let state = tables.packs.get(txn, &number.to_be_bytes())?;
            Ok(state.and_then(pack_from_bytes).map(|state| state.length))
        })
    }

    /// The pack that small batches are appended to.
    pub(in crate::store) fn open_pack(&self) -> Result<Option<(u32, PackState)>> {
        self.read(|txn, tables| {
            let Some(number) = tables.meta.get(txn, OPEN_KEY)? else {
                return Ok(None);
            };
            let state = tables.packs.get(txn, number)?;
            Ok(state.and_then(|state| read_pack((number, state))))
        })
    }

    /// The current operation and its sequence number.
    pub(in crate::store) fn head(&self) -> Result<Option<(OperationId, u64)>> {
        self.read(|txn, tables| Ok(tables.meta.get(txn, HEAD_KEY)?.and_then(read_head)))
    }

    pub(in crate::store) fn by_action(&self, action: &ActionId) -> Result<Vec<GenerationId>> {
        self.generations(|tables| tables.by_action, action.as_bytes())
    }

    pub(in crate::store) fn by_path(&self, digest: &[u8; 32]) -> Result<Vec<GenerationId>> {
        self.generations(|tables| tables.by_path, digest)
    }

    pub(in crate::store) fn by_output(&self, file: &FileId) -> Result<Vec<GenerationId>> {
        self.generations(|tables| tables.by_output, file.as_bytes())
    }

    fn generations(
        &self,
        table: impl FnOnce(&Tables) -> Table,
        key: &[u8; 32],
    ) -> Result<Vec<GenerationId>> {
        self.read(|txn, tables| {
            let mut found = Vec::new();
            for pair in table(tables).prefix_iter(txn, key)? {
                found.extend(
                    pair?
                        .0
                        .last_chunk::<32>()
                        .copied()
                        .map(GenerationId::from_bytes),
                );
            }
            Ok(found)
        })
    }

    pub(in crate::store) fn memo(&self, key: &[u8; 32]) -> Result<Option<Vec<u8>>> {
        self.read(|txn, tables| {
            let memo = tables.memos.get(txn, key)?;
            // A damaged page may claim any length.
            Ok(memo
                .filter(|memo| memo.len() <= MAX_MEMO_BYTES)
                .map(<[u8]>::to_vec))
        })
    }

    /// Damaged places: pack, offset and what is wrong there.
    pub(in crate::store) fn damage(&self) -> Result<Vec<(u32, u64, String)>> {
        self.read(|txn, tables| {
            let mut found = Vec::new();
            for pair in tables.damage.iter(txn)? {
                let (key, what) = pair?;
                if let Some((pack, offset)) = key.split_first_chunk()
                    && let Ok(offset) = offset.try_into()
                {
                    let what = String::from_utf8_lossy(what).into_owned();
                    found.push((u32::from_be_bytes(*pack), u64::from_be_bytes(offset), what));
                }
            }
            Ok(found)
        })
    }

    /// Begins a change. Under the store's lock.
    pub(in crate::store) fn writer(&self) -> Result<IndexWriter<'_>> {
        // Slots of readers that were killed would keep old pages alive for good.
        self.env
            .clear_stale_readers()
            .map_err(|error| self.fail(error))?;
        let transaction = self.env.write_txn().map_err(|error| self.fail(error))?;
        Ok(IndexWriter {
            index: self,
            transaction,
        })
    }
}

/// A change to the index that becomes visible whole, when committed.
#[must_use = "nothing changes before it is committed"]
pub(in crate::store) struct IndexWriter<'i> {
    index: &'i Index,
    transaction: RwTxn<'i>,
}

impl IndexWriter<'_> {
    /// Enters a record; one that is known already stays where it is known to be.
    pub(in crate::store) fn put(&mut self, pack: u32, entry: &Entry) -> Result<()> {
        self.try_put(pack, entry)
            .map_err(|error| self.index.fail(error))
    }

    fn try_put(&mut self, pack: u32, entry: &Entry) -> Result<(), heed::Error> {
        let (txn, tables) = (&mut self.transaction, &self.index.tables);
        match &entry.fact {
            Some(Fact::Generation {
                id,
                action,
                outputs,
            }) => {
                tables
                    .by_action
                    .put(txn, &pair(action.as_bytes(), id), &[])?;
                for (path, file) in outputs {
                    tables.by_path.put(txn, &pair(path, id), &[])?;
                    tables.by_output.put(txn, &pair(file.as_bytes(), id), &[])?;
                }
            }
            Some(Fact::Head {
                operation,
                sequence,
            }) => {
                let known = tables.meta.get(txn, HEAD_KEY)?.and_then(read_head);
                if known.is_none_or(|(_, known)| known < *sequence) {
                    let value = [&operation.as_bytes()[..], &sequence.to_le_bytes()].concat();
                    tables.meta.put(txn, HEAD_KEY, &value)?;
                }
                return Ok(());
            }
            // One that does not count; its place is told as damage.
            None if entry.kind == RecordKind::Head => return Ok(()),
            None => {}
        }
        let key = record_key(entry.kind, &entry.id);
        if tables.records.get(txn, &key)?.is_none() {
            tables
                .records
                .put(txn, &key, &location_to_bytes(&entry.location(pack)))?;
        }
        Ok(())
    }

    /// Enters the state of a pack; one that is not closed is the one to append to.
    pub(in crate::store) fn put_pack(&mut self, number: u32, state: &PackState) -> Result<()> {
        self.try_put_pack(number, state)
            .map_err(|error| self.index.fail(error))
    }

    fn try_put_pack(&mut self, number: u32, state: &PackState) -> Result<(), heed::Error> {
        let (txn, tables) = (&mut self.transaction, &self.index.tables);
        let key = number.to_be_bytes();
        tables.packs.put(txn, &key, &pack_to_bytes(state))?;
        if !state.closed {
            tables.meta.put(txn, OPEN_KEY, &key)?;
        } else if tables.meta.get(txn, OPEN_KEY)? == Some(&key[..]) {
            tables.meta.delete(txn, OPEN_KEY)?;
        }
        Ok(())
    }

    /// Notes a damaged place.
    pub(in crate::store) fn put_damage(&mut self, pack: u32, at: u64, what: &str) -> Result<()> {
        let key = [&pack.to_be_bytes()[..], &at.to_be_bytes()].concat();
        let put = self
            .index
            .tables
            .damage
            .put(&mut self.transaction, &key, what.as_bytes());
        put.map_err(|error| self.index.fail(error))
    }

    /// Enters memos; when there are too many, the old ones make room.
    pub(in crate::store) fn put_memos<'a>(
        &mut self,
        memos: impl Iterator<Item = ([u8; 32], &'a [u8])>,
    ) -> Result<()> {
        let table = self.index.tables.memos;
        let put = || -> Result<(), heed::Error> {
            if table.len(&self.transaction)? > MAX_MEMOS {
                table.clear(&mut self.transaction)?;
            }
            for (key, value) in memos {
                if value.len() <= MAX_MEMO_BYTES {
                    table.put(&mut self.transaction, &key, value)?;
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
            index
                .tables
                .meta
                .put(&mut self.transaction, SCHEMA_KEY, SCHEMA)?;
            fault::step(Step::Index(&index.folder)).map_err(heed::Error::Io)?;
            self.transaction.commit()?;
            index.fill_up()?;
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
        let (txn, table) = (&mut self.transaction, self.index.tables.records);
        match at {
            Some(at) => table
                .put(txn, &record_key(kind, id), &location_to_bytes(&at))
                .unwrap(),
            None => drop(table.delete(txn, &record_key(kind, id)).unwrap()),
        }
    }

    pub(in crate::store) fn spoil_runs(&mut self) {
        let table = self.index.tables.by_path;
        table.clear(&mut self.transaction).unwrap();
    }

    pub(in crate::store) fn spoil_head(&mut self) {
        let table = self.index.tables.meta;
        table.delete(&mut self.transaction, HEAD_KEY).unwrap();
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

pub(super) fn read_pack((key, value): (&[u8], &[u8])) -> Option<(u32, PackState)> {
    Some((
        u32::from_be_bytes(key.try_into().ok()?),
        pack_from_bytes(value)?,
    ))
}

pub(super) fn read_head(value: &[u8]) -> Option<(OperationId, u64)> {
    let (id, sequence) = value.split_first_chunk::<32>()?;
    Some((
        OperationId::from_bytes(*id),
        u64::from_le_bytes(sequence.try_into().ok()?),
    ))
}
