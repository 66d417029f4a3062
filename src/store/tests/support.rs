//! What the tests of the store share.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::object::{
    Action, CommitId, FileId, Generation, GenerationId, Operation, OperationId, Output, Timestamp,
    View,
};
use crate::store::{Batch, Result, Store};

/// A store in a folder of its own.
pub(super) struct Sandbox {
    _folder: TempDir,
    pub(super) path: PathBuf,
}

impl Sandbox {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".aiut");
        Store::create(&path).unwrap();
        Self {
            _folder: folder,
            path,
        }
    }

    pub(super) fn open(&self) -> Store {
        Store::open(&self.path).unwrap()
    }

    /// Paths of the packs, sorted.
    pub(super) fn packs(&self) -> Vec<PathBuf> {
        let packs = std::fs::read_dir(self.path.join("packs")).unwrap();
        let mut packs: Vec<_> = packs.map(|entry| entry.unwrap().path()).collect();
        packs.sort();
        packs
    }

    pub(super) fn delete_index(&self) {
        std::fs::remove_dir_all(self.path.join("index")).unwrap();
    }
}

/// Bytes that neither repeat nor shrink.
pub(in crate::store) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let key = *blake3::hash(&seed.to_le_bytes()).as_bytes();
    blake3::Hasher::new_keyed(&key)
        .finalize_xof()
        .fill(&mut bytes);
    bytes
}

/// Adds the operation that moves `main` to a commit, and returns its id.
pub(super) fn publish(
    batch: &Batch<'_>,
    expected: Option<OperationId>,
    command: &str,
) -> Result<OperationId> {
    let commit = CommitId::from_bytes(*blake3::hash(command.as_bytes()).as_bytes());
    let refs = [("timelines/main".to_owned(), commit)].into();
    let view = batch.put(&View {
        refs,
        ..View::default()
    })?;
    let operation = Operation {
        parents: expected.into_iter().collect(),
        view,
        command: command.to_owned(),
        user: "rae".into(),
        host: "stage".into(),
        time: Timestamp {
            unix_seconds: 1_767_225_600,
            utc_offset_minutes: 0,
        },
        undoes: None,
        files: None,
    };
    batch.publish(expected, &operation)
}

/// Stores one run that wrote `bytes` to `path`.
pub(super) fn generate(store: &Store, item: &str, path: &str, bytes: &[u8]) -> GenerationId {
    let batch = store.batch();
    let action = batch.put(&action(item)).unwrap();
    let stored = batch.put_file_bytes(bytes).unwrap();
    let generation = batch.put(&Generation {
        action,
        outputs: vec![Output {
            path: path.parse().unwrap(),
            id: stored.id,
            size: stored.size,
        }],
        request: None,
        answer: None,
        model: None,
        seed: None,
        cost_micro_usd: 0,
        started_ms: i64::from(bytes.first().copied().unwrap_or(0)),
        finished_ms: 1_000,
        tools: [].into(),
        inputs: [].into(),
    });
    batch.commit().unwrap();
    generation.unwrap()
}

pub(super) fn action(item: &str) -> Action {
    Action {
        schema: 1,
        stage: "frames".into(),
        item: item.into(),
        generator: "panel".into(),
        version: "1".into(),
        parameters: [].into(),
        reads: [("style".to_owned(), FileId::of(b"noir").to_hex())].into(),
    }
}
