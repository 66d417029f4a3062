//! Numbered batches: each stores some files and makes one operation current.

use std::path::Path;

use aiut::object::{Commit, FileId, Operation, Person, ProjectId, Timestamp, Tree, TreeEntry};
use aiut::store::{Position, Store, StoreError};

/// Bytes that neither repeat nor shrink.
pub(super) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let key = *blake3::hash(&seed.to_le_bytes()).as_bytes();
    blake3::Hasher::new_keyed(&key)
        .finalize_xof()
        .fill(&mut bytes);
    bytes
}

/// What batch `n` stores; with a large file the batch gets a pack of its own.
fn files_of(n: u64, large: bool) -> Vec<Vec<u8>> {
    let long = if large { 9 << 20 } else { 70_000 };
    let lengths = [100, 3_000 + n as usize * 37, long];
    (0..)
        .zip(lengths)
        .map(|(file, length)| noise(length, n * 3 + file))
        .collect()
}

/// The project of the stores that batches go to.
pub(super) const PROJECT: ProjectId = ProjectId::from_bytes([7; 16]);

/// Which batches are large.
pub(super) type Large = fn(u64) -> bool;

/// Batch `n` on top of what is current.
pub(super) fn store_batch(store: &Store, n: u64, large: Large) -> Result<(), StoreError> {
    let batch = store.batch();
    let mut entries = Vec::new();
    for (number, bytes) in files_of(n, large(n)).into_iter().enumerate() {
        let stored = batch.put_file(&bytes[..])?;
        entries.push(TreeEntry::file(number.to_string(), stored.id, stored.size));
    }
    let time = Timestamp {
        unix_seconds: 1_767_225_600,
        utc_offset_minutes: 0,
    };
    let commit = batch.put(&Commit {
        tree: batch.put(&Tree::new(entries).expect("numbers are safe names"))?,
        parents: Vec::new(),
        author: Person {
            name: "Rae".into(),
            email: "rae@example.org".into(),
        },
        time,
        message: n.to_string(),
        generations: Vec::new(),
    })?;
    let mut position = Position::default();
    position.advance(commit);
    let view = position.put(&batch)?;
    let expected = store.view()?.0;
    let number = store.operation_number()? + 1;
    let operation = Operation {
        project: store.project(),
        number,
        parents: expected.into_iter().collect(),
        view,
        command: n.to_string(),
        user: "rae".into(),
        host: "stage".into(),
        time,
        undoes: None,
        files: None,
        expiry: None,
    };
    batch.publish(expected, &operation)?;
    batch.commit().map(drop)
}

/// Reads every operation back to the first, and every file of each. Returns the current number.
pub(super) fn read_all(store: &Store, large: Large) -> Result<Option<u64>, String> {
    let said = |error: StoreError| error.to_string();
    let (mut next, view) = store.view().map_err(said)?;
    let mut current = None;
    let mut expected: Option<u64> = None;
    while let Some(id) = next {
        let operation: Operation = store.get(id).map_err(said)?;
        let n: u64 = operation.command.parse().unwrap();
        if expected.is_some_and(|expected| expected != n) {
            return Err(format!("operation {n} where {expected:?} was to be"));
        }
        if current.is_none() && Position::read(store, operation.view).map_err(said)? != *view {
            return Err(format!("the refs are not those of operation {n}"));
        }
        current = current.or(Some(n));
        for bytes in files_of(n, large(n)) {
            let read = store.read_file(FileId::of(&bytes), u64::MAX);
            let read = read.map_err(|error| format!("operation {n}: {error}"))?;
            if read != bytes {
                return Err(format!("operation {n}: wrong bytes"));
            }
        }
        next = operation.parents.first().copied();
        expected = n.checked_sub(1);
        if next.is_none() && n != 0 {
            return Err(format!("the log begins with operation {n}"));
        }
    }
    Ok(current)
}

/// Opens the folder as the next process would, and checks what must hold whatever happened:
/// everything acknowledged is there, at most one batch more, and the next batches go in.
pub(super) fn check(
    folder: &Path,
    acknowledged: Option<u64>,
    attempted: Option<u64>,
    large: Large,
) -> Result<(), String> {
    let said = |error: StoreError| error.to_string();
    let mut store = Store::open(folder).map_err(said)?;
    let current = read_all(&store, large)?;
    if current != acknowledged && current != attempted {
        return Err(format!(
            "operation {current:?} is current, {acknowledged:?} was acknowledged"
        ));
    }
    if let Some(odd) = store.disagreement().map_err(said)? {
        return Err(format!("the index: {odd}"));
    }
    let next = current.map_or(0, |current| current + 1);
    for n in [next, next + 1] {
        store_batch(&store, n, large).map_err(|error| format!("batch {n}: {error}"))?;
        drop(store);
        store = Store::open(folder).map_err(said)?;
        let current = read_all(&store, large)?;
        if current != Some(n) {
            return Err(format!("{current:?} is current after batch {n}"));
        }
    }
    Ok(())
}
