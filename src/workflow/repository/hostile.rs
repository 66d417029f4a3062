//! Trees that no aiut writes, planted with right ids and checksums: every command that meets one
//! says so and writes nothing.

use std::path::Path;

use crate::base::causes::with_causes;
use crate::base::clock::FixedClock;
use crate::base::lock::Holder;
use crate::history::Caller;
use crate::object::{
    Commit, FileId, ObjectKind, Person, Tree, TreeEntry, TreeId, check_name, encode,
};
use crate::workflow::progress::Silent;
use crate::workflow::repository::{self as commands, FsckRequest, Scope, SwitchTarget};

/// A tree with one file, named as no tree may name one.
fn tree_with(name: &str, file: FileId) -> Vec<u8> {
    let stand_in = "Q".repeat(name.len());
    let tree = Tree::new(vec![TreeEntry::file(&*stand_in, file, 4)]).unwrap();
    let mut bytes = encode(&tree).unwrap();
    let found = bytes
        .windows(name.len())
        .rposition(|w| w == stand_in.as_bytes());
    let at = found.unwrap();
    bytes[at..at + name.len()].copy_from_slice(name.as_bytes());
    bytes
}

/// Names of the corpus of the fuzz target `tree_name`: `bad_…` are to be refused, `good_…` are not.
fn names() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus/tree_name");
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap());
    let row = |entry: std::fs::DirEntry| {
        let row = entry.file_name().into_string().unwrap();
        (row, std::fs::read_to_string(entry.path()).unwrap())
    };
    let mut rows: Vec<_> = entries.map(row).collect();
    rows.sort();
    rows
}

/// Everything in a folder but `.aiut`, with what files hold.
fn seen(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == ".aiut" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            let inner = seen(&entry.path()).into_iter();
            found.extend(inner.map(|(path, bytes)| (format!("{name}/{path}"), bytes)));
        } else {
            found.push((name, std::fs::read(entry.path()).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn every_row_is_judged_as_its_name_says() {
    for (row, name) in names() {
        assert_eq!(check_name(&name).is_ok(), row.starts_with("good_"), "{row}");
    }
}

#[test]
fn a_planted_tree_is_told_by_fsck_and_written_by_nothing() {
    let clock = FixedClock::starting_at(1_795_176_000);
    let caller = Caller {
        holder: Holder::default(),
        clock: &clock,
        aftermath: Default::default(),
        guard: std::sync::Arc::new(()),
    };
    let author = Person {
        name: "Rae".into(),
        email: "rae@example.org".into(),
    };
    for (row, name) in names() {
        if row.starts_with("good_") || name.is_empty() || name.len() > 255 {
            continue;
        }
        // A folder above, so that what leaves the project is seen.
        let around = tempfile::tempdir().unwrap();
        let root = around.path().join("film");
        std::fs::create_dir(&root).unwrap();
        let project = commands::init(&root, &caller, crate::object::ProjectId::random())
            .unwrap()
            .0;
        crate::base::atomic::write(&root.join("script.fountain"), b"INT. A - DAY\n").unwrap();
        let own = &();
        let request = commands::CommitRequest {
            author: &author,
            message: "Begin",
            scope: Scope::all(),
            own,
            generations: vec![],
        };
        let good = commands::commit(&project, &caller, &request).unwrap();
        let good = project
            .store()
            .get::<Commit>(good.commit.unwrap().id)
            .unwrap();
        let mut transaction = project.transaction(&caller).unwrap();
        let file = transaction.batch().put_file_bytes(b"evil").unwrap().id;
        let planted = transaction
            .batch()
            .plant(ObjectKind::Tree, &tree_with(&name, file))
            .unwrap();
        let tree = TreeId::from_bytes(planted);
        let now = caller.clock.now();
        let commit = transaction
            .commit(tree, &author, now, "Planted", vec![])
            .unwrap()
            .to_string();
        transaction.publish(&caller, vec![], None).unwrap();
        let before = seen(around.path());

        let refused = |what: &str, failed: Option<String>| {
            let error = failed.unwrap_or_else(|| panic!("{row}: {what} did it"));
            assert!(error.contains("unsafe name"), "{row}: {what}: {error}");
            assert_eq!(seen(around.path()), before, "{row}: {what}");
        };
        let status = commands::status(&project, &Scope::all());
        refused("status", status.err().map(|e| with_causes(&e)));
        // Back on a good one, with the planted one in its history.
        let mut transaction = project.transaction(&caller).unwrap();
        transaction
            .commit(good.tree, &author, now, "Good", vec![])
            .unwrap();
        transaction.publish(&caller, vec![], None).unwrap();
        let restored = commands::restore(&project, &caller, &Scope::all(), Some(&commit));
        refused("restore", restored.err().map(|e| with_causes(&e)));
        let target = SwitchTarget::New {
            name: "other",
            start: Some(&commit),
        };
        let switched = commands::switch(&project, &caller, target, false);
        refused("switch", switched.err().map(|e| with_causes(&e)));
        let findings = fsck(&root, &caller);
        assert!(
            findings.iter().any(|what| what.contains("unsafe name")),
            "{row}: {findings:?}"
        );
    }
}

fn fsck(root: &Path, caller: &Caller<'_>) -> Vec<String> {
    let request = FsckRequest::default();
    let report = commands::fsck(root, &caller.holder, request, &Silent).unwrap();
    report
        .findings
        .into_iter()
        .map(|found| found.what)
        .collect()
}
