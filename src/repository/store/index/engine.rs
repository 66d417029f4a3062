//! Where the tables of an index are kept: in LMDB, or in memory where no file can be had.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use heed::types::Bytes;
use heed::{CommitOrAbort, Database, Env, RoTxn, RwTxn, WithoutTls};

type Result<T> = std::result::Result<T, heed::Error>;
type Database8 = [Database<'static, Bytes, Bytes>; COUNT];
type Maps = [BTreeMap<Vec<u8>, Vec<u8>>; COUNT];

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

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// Schema, and the current operation with its sequence number.
    Meta,
    /// Pack number → state.
    Packs,
    /// Kind and id → location.
    Records,
    /// Action and generation → nothing; likewise the next two.
    ByAction,
    ByPath,
    ByOutput,
    /// Digest of a key → whatever somebody wants to find again.
    Memos,
    /// Pack number and offset → what is wrong there.
    Damage,
}

/// What holds the tables.
#[derive(Debug)]
pub(super) enum Engine {
    Lmdb {
        env: Env<WithoutTls>,
        tables: Database8,
    },
    Memory(RwLock<Maps>),
}

impl Engine {
    /// The tables of an open LMDB file, made if missing.
    pub(super) fn lmdb(env: Env<WithoutTls>, read_only: bool) -> Result<Self> {
        // Opening what exists needs no write transaction, and so waits for nobody.
        let found = env.open_databases_and_commit(env.read_txn()?, |opener, reading| {
            let found = NAMES.map(|name| opener.open_database::<Bytes, Bytes>(reading, Some(name)));
            Ok::<_, heed::Error>(CommitOrAbort::<_, ()>::Commit(found))
        })?;
        let found: Result<Vec<_>> = found.unwrap_commit().into_iter().collect();
        let found: Option<Vec<_>> = found?.into_iter().collect();
        if let Some(Ok(tables)) = found.map(Database8::try_from) {
            return Ok(Self::Lmdb { env, tables });
        }
        if read_only {
            return Err(heed::Error::Mdb(heed::MdbError::NotFound));
        }
        let made = env.create_databases_and_commit(env.write_txn()?, |opener, writing| {
            let made =
                NAMES.map(|name| opener.create_database::<Bytes, Bytes>(writing, Some(name)));
            Ok::<_, heed::Error>(CommitOrAbort::<_, ()>::Commit(made))
        })?;
        let made: Result<Vec<_>> = made.unwrap_commit().into_iter().collect();
        let tables = made?.try_into().expect("each name gave a table");
        Ok(Self::Lmdb { env, tables })
    }

    /// Empty tables.
    pub(super) fn memory() -> Self {
        Self::Memory(RwLock::default())
    }

    /// Reads at one moment.
    pub(super) fn read(&self) -> Result<Reading<'_>> {
        Ok(match self {
            Self::Lmdb { env, tables } => Reading::Lmdb(env.read_txn()?, tables),
            Self::Memory(maps) => {
                Reading::Memory(maps.read().unwrap_or_else(PoisonError::into_inner))
            }
        })
    }

    /// Begins a change.
    pub(super) fn write(&self) -> Result<Writing<'_>> {
        Ok(match self {
            Self::Lmdb { env, tables } => {
                // Slots of readers that were killed would keep old pages alive for good.
                env.clear_stale_readers()?;
                Writing::Lmdb(env.write_txn()?, tables)
            }
            Self::Memory(maps) => {
                Writing::Memory(maps.write().unwrap_or_else(PoisonError::into_inner))
            }
        })
    }

    /// Keeps the file as long as its pages say it is, which is how a cut one is told; LMDB does
    /// not write freed pages at the end. Under the store's lock.
    pub(super) fn fill_up(&self) -> Result<()> {
        if let Self::Lmdb { env, .. } = self {
            let needed = needed_bytes(env);
            if env.real_disk_size()? < needed {
                env.try_clone_inner_file()?.set_len(needed)?;
            }
        }
        Ok(())
    }
}

/// How long the file must be. Reading a page beyond its end would be a bus error, not an error.
pub(super) fn needed_bytes(env: &Env<WithoutTls>) -> u64 {
    let page = u64::from(env.unnamed_database_stat().page_size);
    (env.info().last_page_number as u64 + 1) * page
}

/// The tables as they are at one moment.
pub(super) enum Reading<'e> {
    Lmdb(RoTxn<'e, WithoutTls>, &'e Database8),
    Memory(RwLockReadGuard<'e, Maps>),
}

impl Reading<'_> {
    pub(super) fn get(&self, table: Table, key: &[u8]) -> Result<Option<&[u8]>> {
        match self {
            Self::Lmdb(txn, tables) => tables[table as usize].get(txn, key),
            Self::Memory(maps) => Ok(maps[table as usize].get(key).map(Vec::as_slice)),
        }
    }

    pub(super) fn len(&self, table: Table) -> Result<u64> {
        match self {
            Self::Lmdb(txn, tables) => tables[table as usize].len(txn),
            Self::Memory(maps) => Ok(maps[table as usize].len() as u64),
        }
    }

    /// The entry of the highest key.
    pub(super) fn last(&self, table: Table) -> Result<Option<(&[u8], &[u8])>> {
        match self {
            Self::Lmdb(txn, tables) => tables[table as usize].last(txn),
            Self::Memory(maps) => {
                let last = maps[table as usize].last_key_value();
                Ok(last.map(|(key, value)| (key.as_slice(), value.as_slice())))
            }
        }
    }

    /// Hands out the entries whose keys begin so, in their order, until told to stop by `false`.
    pub(super) fn each(
        &self,
        table: Table,
        prefix: &[u8],
        visit: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<()> {
        match self {
            // An empty prefix is none for LMDB.
            Self::Lmdb(txn, tables) if prefix.is_empty() => {
                for pair in tables[table as usize].iter(txn)? {
                    let (key, value) = pair?;
                    if !visit(key, value) {
                        break;
                    }
                }
            }
            Self::Lmdb(txn, tables) => {
                for pair in tables[table as usize].prefix_iter(txn, prefix)? {
                    let (key, value) = pair?;
                    if !visit(key, value) {
                        break;
                    }
                }
            }
            Self::Memory(maps) => {
                let from = (Bound::Included(prefix), Bound::Unbounded);
                for (key, value) in maps[table as usize].range::<[u8], _>(from) {
                    if !key.starts_with(prefix) || !visit(key, value) {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// A change, which LMDB makes visible whole, when committed. In memory it is seen by this process
/// alone, and at once.
pub(super) enum Writing<'e> {
    Lmdb(RwTxn<'e>, &'e Database8),
    Memory(RwLockWriteGuard<'e, Maps>),
}

impl Writing<'_> {
    pub(super) fn get(&self, table: Table, key: &[u8]) -> Result<Option<&[u8]>> {
        match self {
            Self::Lmdb(txn, tables) => tables[table as usize].get(txn, key),
            Self::Memory(maps) => Ok(maps[table as usize].get(key).map(Vec::as_slice)),
        }
    }

    pub(super) fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<()> {
        match self {
            Self::Lmdb(txn, tables) => tables[table as usize].put(txn, key, value)?,
            Self::Memory(maps) => {
                maps[table as usize].insert(key.to_vec(), value.to_vec());
            }
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, table: Table, key: &[u8]) -> Result<()> {
        match self {
            Self::Lmdb(txn, tables) => {
                tables[table as usize].delete(txn, key)?;
            }
            Self::Memory(maps) => {
                maps[table as usize].remove(key);
            }
        }
        Ok(())
    }

    pub(super) fn clear(&mut self, table: Table) -> Result<()> {
        match self {
            Self::Lmdb(txn, tables) => tables[table as usize].clear(txn)?,
            Self::Memory(maps) => maps[table as usize].clear(),
        }
        Ok(())
    }

    pub(super) fn len(&self, table: Table) -> Result<u64> {
        match self {
            Self::Lmdb(txn, tables) => tables[table as usize].len(txn),
            Self::Memory(maps) => Ok(maps[table as usize].len() as u64),
        }
    }

    pub(super) fn commit(self) -> Result<()> {
        match self {
            Self::Lmdb(txn, _) => txn.commit(),
            Self::Memory(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_answers_as_lmdb_does() {
        let place = tempfile::tempdir().unwrap();
        let folder = crate::base::folder::Folder::open(place.path()).unwrap();
        let lmdb = super::super::Index::create(&folder).unwrap();
        let memory = super::super::Index::in_memory(&folder);
        let answers = [&lmdb, &memory].map(|index| {
            let mut writing = index.engine.write().unwrap();
            for key in [
                &b"b1"[..],
                b"a",
                b"b",
                b"c\xff",
                b"b2",
                b"gone",
                b"\xff\xff",
            ] {
                writing.put(Table::Memos, key, &key[1..]).unwrap();
            }
            writing.delete(Table::Memos, b"gone").unwrap();
            assert_eq!(writing.len(Table::Memos).unwrap(), 6);
            writing.commit().unwrap();
            let reading = index.engine.read().unwrap();
            let listed = |prefix: &[u8], limit: usize| {
                let mut found = Vec::new();
                let mut visit = |key: &[u8], value: &[u8]| {
                    found.push((key.to_vec(), value.to_vec()));
                    found.len() < limit
                };
                reading.each(Table::Memos, prefix, &mut visit).unwrap();
                found
            };
            let last = reading.last(Table::Memos).unwrap();
            let last = last.map(|(key, value)| (key.to_vec(), value.to_vec()));
            let got = reading
                .get(Table::Memos, b"b1")
                .unwrap()
                .map(<[u8]>::to_vec);
            let none = reading.get(Table::Packs, b"b1").unwrap().is_none();
            (
                listed(b"", 9),
                listed(b"b", 9),
                listed(b"b", 2),
                listed(b"x", 9),
                last,
                got,
                none,
            )
        });
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0].1.len(), 3);
    }
}
