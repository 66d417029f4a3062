//! What the index is asked: the current refs, ids by their first digits, runs, memos.

use std::sync::{Arc, PoisonError};

use super::Store;
use super::error::Result;
use super::facts::path_digest;
use super::index::HexPrefix;
use super::pack::pack_path;
use super::position::Position;
use super::record::RecordKind;
use super::recover::Damage;
use crate::base::build_id::BuildId;
use crate::object::{
    ActionId, FileId, GenerationId, Object, ObjectId, Operation, OperationId, RepoPath,
};

impl Store {
    /// The current operation and where the project stands after it; before the first operation, where a
    /// new project does.
    ///
    /// # Errors
    /// The index or a pack cannot be read.
    pub fn view(&self) -> Result<(Option<OperationId>, Arc<Position>)> {
        let Some(id) = self.newest_index()?.head()? else {
            return Ok((None, Arc::default()));
        };
        // A command asks several times.
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let view = match current.take() {
            Some((of, view)) if of == id => view,
            _ => {
                let operation: Operation = self.get::<Operation>(id)?;
                Arc::new(Position::read(self, operation.view)?)
            }
        };
        *current = Some((id, Arc::clone(&view)));
        Ok((Some(id), view))
    }

    /// The number of the current operation; 0 before the first.
    ///
    /// # Errors
    /// The index or a pack cannot be read.
    pub fn operation_number(&self) -> Result<u64> {
        match self.newest_index()?.head()? {
            Some(id) => Ok(self.get::<Operation>(id)?.number),
            None => Ok(0),
        }
    }

    /// What was found to be damaged when packs were last read through; empty in good times. It is
    /// told until the index is rebuilt from mended packs.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn damage(&self) -> Result<Vec<Damage>> {
        let damage = self.newest_index()?.damage()?.into_iter();
        Ok(damage
            .map(|(number, offset, what)| Damage {
                path: pack_path(self.packs_folder(), number),
                offset,
                what,
            })
            .collect())
    }

    /// Ids of stored objects that begin with these hexadecimal digits, at most `limit`, sorted.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn resolve<T: Object>(&self, digits: &str, limit: usize) -> Result<Vec<T::Id>> {
        let Some(prefix) = HexPrefix::parse(digits) else {
            return Ok(Vec::new());
        };
        let found = self
            .newest_index()?
            .ids(RecordKind::Object(T::KIND), &prefix, limit)?;
        Ok(found.into_iter().map(T::Id::from_digest).collect())
    }

    /// Ids of stored files that begin with these hexadecimal digits, at most `limit`, sorted.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn resolve_file(&self, digits: &str, limit: usize) -> Result<Vec<FileId>> {
        let Some(prefix) = HexPrefix::parse(digits) else {
            return Ok(Vec::new());
        };
        let index = self.newest_index()?;
        let mut found = index.ids(RecordKind::Blob, &prefix, limit)?;
        found.extend(index.ids(RecordKind::Layout, &prefix, limit)?);
        found.sort_unstable();
        found.truncate(limit);
        Ok(found.into_iter().map(FileId::from_bytes).collect())
    }

    /// Every stored object of a kind, sorted by id.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn ids<T: Object>(&self) -> Result<Vec<T::Id>> {
        self.resolve::<T>("", usize::MAX)
    }

    /// The runs of an action, sorted by id: its takes.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn generations_of_action(&self, action: ActionId) -> Result<Vec<GenerationId>> {
        self.newest_index()?.by_action(&action)
    }

    /// The same, as was known when it was last asked what the newest index is, for whoever asks of
    /// thousands: a run that others have stored since may be missing.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn known_generations_of_action(&self, action: ActionId) -> Result<Vec<GenerationId>> {
        self.index().by_action(&action)
    }

    /// The runs that wrote to a path, sorted by id.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn generations_at_path(&self, path: &RepoPath) -> Result<Vec<GenerationId>> {
        self.newest_index()?.by_path(&path_digest(path.as_str()))
    }

    /// The runs that wrote these bytes, sorted by id.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn generations_of_output(&self, file: FileId) -> Result<Vec<GenerationId>> {
        self.newest_index()?.by_output(&file)
    }

    /// Moves on when runs came or went, whoever stored them, and whatever else is as it was. It says
    /// nothing between two projects, nor after the index was made anew.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn fingerprint(&self) -> Result<[u8; 12]> {
        let index = self.newest_index()?;
        let mut fingerprint = [0; 12];
        // Runs only come, until packs are written anew with a new index.
        fingerprint[..4].copy_from_slice(&index.number.to_le_bytes());
        fingerprint[4..].copy_from_slice(&index.runs()?.to_le_bytes());
        Ok(fingerprint)
    }

    /// What a build of aiut noted under a key, if it still is. A memo may vanish at any time.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn memo_get(&self, build: BuildId, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.index().memo(&memo_key(build, key), <[u8]>::to_vec)
    }

    /// Puts what was noted under a key behind `bytes`; whether something was.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn memo_onto(&self, build: BuildId, key: &[u8], bytes: &mut Vec<u8>) -> Result<bool> {
        let take = |memo: &[u8]| bytes.extend_from_slice(memo);
        let found = self.index().memo(&memo_key(build, key), take)?;
        Ok(found.is_some())
    }

    /// Notes values under keys, as well as it can: not while another process writes, not in a
    /// read-only folder, and no value above 64 KiB. What was computed from the key's own inputs is
    /// found again by the same build alone.
    ///
    /// # Errors
    /// The index cannot be written.
    pub fn memo_put<K: AsRef<[u8]>, V: AsRef<[u8]>>(
        &self,
        build: BuildId,
        memos: &[(K, V)],
    ) -> Result<()> {
        if memos.is_empty() {
            return Ok(());
        }
        let Some(_lock) = self.try_lock()? else {
            return Ok(());
        };
        let index = self.newest_index()?;
        let mut writer = index.writer()?;
        let memos = memos.iter();
        writer
            .put_memos(memos.map(|(key, value)| (memo_key(build, key.as_ref()), value.as_ref())))?;
        writer.commit()
    }
}

/// A memo is what some code made of some inputs: its key names both.
fn memo_key(build: BuildId, key: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("aiut 2026 memo v1");
    hasher
        .update(&(build.as_str().len() as u64).to_le_bytes())
        .update(build.as_str().as_bytes())
        .update(key);
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_build_has_other_memos() {
        let key = |build, key| memo_key(BuildId::new(build), key);
        assert_eq!(key("a", b"key"), key("a", b"key"));
        assert_ne!(key("a", b"key"), key("b", b"key"));
        assert_ne!(key("ab", b"c"), key("a", b"bc"));
    }
}
