//! What the tests of the store share.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::base::lock::Holder;
use crate::base::positioned::{read_exact_at, write_all_at};
use crate::object::{
    Action, Commit, FileId, Generation, GenerationId, Operation, OperationId, Output, Person,
    ProjectId, Reference, Timestamp, Tree, TreeEntry, ViewId, references_of,
};
use crate::store::{
    Batch, Catalogue, Check, CollectRequest, Collected, Finding, Needed, Position, RecordId,
    Result, Store, StoreError, Stored, Watch, check,
};

/// A store in a folder of its own.
pub(super) struct Sandbox {
    _folder: TempDir,
    pub(super) path: PathBuf,
}

impl Sandbox {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".aiut");
        Store::create(&path, ProjectId::random()).unwrap();
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

/// 2026-01-01T00:00:00Z
pub(super) const TIME: Timestamp = Timestamp {
    unix_seconds: 1_767_225_600,
    utc_offset_minutes: 0,
};

/// Changes one bit of the byte at `offset`.
pub(super) fn flip(path: &Path, offset: u64) {
    alter(path, offset, |byte| byte ^ 0x10);
}

/// Changes the byte at `offset`.
pub(super) fn alter(path: &Path, offset: u64, change: impl Fn(u8) -> u8) {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap();
    let mut byte = [0];
    read_exact_at(&file, &mut byte, offset).unwrap();
    write_all_at(&file, &[change(byte[0])], offset).unwrap();
}

/// Bytes behind the end of a file.
pub(super) fn append(path: &Path, bytes: &[u8]) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(bytes).unwrap();
}

/// Shows nothing.
pub(super) struct Unwatched;

impl Watch for Unwatched {
    fn begin(&self, _what: &str, _bytes: u64) {}
    fn advance(&self, _bytes: u64) {}
}

/// Checks a store.
pub(super) fn check_of(folder: &Path, data: bool) -> Check {
    check(folder, &Holder::default(), data, &Unwatched).unwrap()
}

/// What a check found, a line each: `pack 1, byte 32, chunk 1f2e…: what`.
pub(super) fn findings(check: &Check) -> Vec<String> {
    let line = |finding: &Finding| {
        let mut line = format!("{:?}", finding.kind);
        if let Some(pack) = finding.pack {
            line += &format!(", pack {pack}");
        }
        if let Some(offset) = finding.offset {
            line += &format!(", byte {offset}");
        }
        if let Some(record) = finding.record {
            line += &format!(", {record}");
        }
        line + ": " + &finding.what
    };
    check.findings.iter().map(line).collect()
}

/// What the operations of a store lead to.
#[derive(Default)]
pub(super) struct Live(HashSet<RecordId>);

impl Live {
    fn arrows(
        &mut self,
        catalogue: &Catalogue,
        mut stack: Vec<Reference>,
        whole: bool,
    ) -> Result<()> {
        let mut seen = HashSet::new();
        while let Some(reference) = stack.pop() {
            if !seen.insert(reference) {
                continue;
            }
            match reference {
                Reference::Object(kind, id) => {
                    self.0.insert(RecordId::of_object(kind, id));
                    match catalogue.object_bytes(kind, &id) {
                        Ok(bytes) => stack.extend(references_of(kind, &bytes).unwrap()),
                        Err(error) if whole => return Err(error),
                        Err(_) => {}
                    }
                }
                Reference::File(id) => match catalogue.file(id) {
                    Ok(file) => self.0.extend(file.records),
                    Err(error) if whole => return Err(error),
                    Err(_) => {}
                },
                Reference::Seen(_) => {}
            }
        }
        Ok(())
    }
}

impl Needed for Live {
    fn follow_roots(&mut self, catalogue: &Catalogue) -> Result<()> {
        let roots = catalogue.operations().into_iter();
        self.arrows(
            catalogue,
            roots.map(Reference::to::<Operation>).collect(),
            true,
        )
    }

    fn follow(&mut self, catalogue: &Catalogue, records: &[RecordId]) -> Result<()> {
        self.0.extend(records);
        let arrow = |record: &RecordId| match record.object_kind() {
            Some(kind) => Some(Reference::Object(kind, *record.digest())),
            None => Some(Reference::File(FileId::from_bytes(record.file()?))),
        };
        self.arrows(catalogue, records.iter().filter_map(arrow).collect(), false)
    }

    fn has(&self, id: &RecordId) -> bool {
        self.0.contains(id)
    }
}

/// Collects what no operation leads to, at a time in days and with a grace in days.
pub(super) fn collect(store: &Store, day: i64, grace: i64, dry_run: bool) -> Result<Collected> {
    collect_while(store, day, grace, dry_run, || {})
}

/// As [`collect`]; others do something while nobody holds the lock.
pub(super) fn collect_while(
    store: &Store,
    day: i64,
    grace: i64,
    dry_run: bool,
    others: impl FnOnce(),
) -> Result<Collected> {
    const DAY: i64 = 86_400;
    let request = CollectRequest {
        now: day * DAY,
        known: i64::MIN,
        grace: grace * DAY,
        dry_run,
    };
    store.collect(&request, &mut Live::default(), || {
        others();
        Ok::<_, StoreError>(())
    })
}

/// Adds the operation that moves `main` to an empty commit, and returns its id.
pub(super) fn publish(
    batch: &Batch<'_>,
    expected: Option<OperationId>,
    command: &str,
) -> Result<OperationId> {
    publish_files(batch, expected, command, &[])
}

/// Adds the operation that moves `main` to a commit of these files, and returns its id.
pub(super) fn publish_files(
    batch: &Batch<'_>,
    expected: Option<OperationId>,
    command: &str,
    files: &[Stored],
) -> Result<OperationId> {
    let entries = files.iter().enumerate();
    let entries = entries.map(|(n, stored)| TreeEntry::file(n.to_string(), stored.id, stored.size));
    let commit = batch.put(&Commit {
        tree: batch.put(&Tree::new(entries.collect()).unwrap())?,
        parents: vec![],
        author: Person {
            name: "Rae".into(),
            email: String::new(),
        },
        time: TIME,
        message: command.to_owned(),
        generations: vec![],
    })?;
    let mut position = Position::default();
    position.advance(commit);
    // One that is not stored is told by the commit.
    let before = expected.and_then(|id| batch.store.get::<Operation>(id).ok());
    let number = before.map_or(1, |before| before.number + 1);
    let view = position.put(batch)?;
    let operation = Operation {
        parents: expected.into_iter().collect(),
        command: command.to_owned(),
        ..operation(batch.store.project(), number, view)
    };
    batch.publish(expected, &operation)
}

/// The first operation of a project, with this number.
pub(super) fn operation(project: ProjectId, number: u64, view: ViewId) -> Operation {
    Operation {
        project,
        number,
        parents: Vec::new(),
        view,
        command: "aiut init".to_owned(),
        user: "rae".into(),
        host: "stage".into(),
        time: TIME,
        undoes: None,
        files: None,
        expiry: None,
    }
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
