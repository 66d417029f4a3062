//! Packs of other projects: they add objects, and move nothing.

use std::fs::File;
use std::path::Path;

use super::later::record;
use super::support::{
    Sandbox, Unwatched, append, check_of, findings, flip, noise, operation, publish,
};
use crate::base::lock::Holder;
use crate::object::{FileId, Object, ObjectId, OperationId, Tree, TreeEntry, encode, id_of};
use crate::store::batch::Segment;
use crate::store::pack::{exchange_header, footer, pack_header};
use crate::store::record::{Record, RecordKind};
use crate::store::replaced::{self, Fate, PackName};
use crate::store::{Position, Store, StoreError, check, check_exchange};

fn commit(store: &Store, command: &str) -> OperationId {
    let batch = store.batch();
    let id = publish(&batch, store.view().unwrap().0, command).unwrap();
    batch.commit().unwrap();
    id
}

/// A sealed pack of these records.
fn pack_of(header: [u8; 32], records: &[Record]) -> Vec<u8> {
    let mut segment = Segment::default();
    records.iter().for_each(|record| segment.push(record, None));
    segment.end();
    let mut bytes = header.to_vec();
    bytes.extend_from_slice(&segment.buffer);
    let mut entries = segment.entries_from(32);
    let end = bytes.len() as u64;
    bytes.extend_from_slice(&footer(&mut entries, end));
    bytes
}

fn of_object<T: Object>(object: &T) -> Record {
    let bytes = encode(object).unwrap();
    let id = *id_of(object).unwrap().digest();
    Record::new(RecordKind::Object(T::KIND), id, &bytes, true)
}

fn blob(bytes: &[u8]) -> Record {
    Record::new(RecordKind::Blob, *FileId::of(bytes).as_bytes(), bytes, true)
}

fn put_beside(sandbox: &Sandbox, number: u32, pack: &[u8]) -> std::path::PathBuf {
    let path = sandbox.path.join(format!("packs/{number:08}.pack"));
    crate::base::atomic::write(&path, pack).unwrap();
    path
}

fn lose_the_journal(sandbox: &Sandbox) {
    std::fs::remove_file(sandbox.path.join("heads")).unwrap();
}

#[test]
fn a_pack_of_another_project_adds_objects_and_moves_nothing_with_the_journal_and_without() {
    let other = Sandbox::new();
    let store = other.open();
    let (file, mut last) = (store.put_file_bytes(&noise(3000, 5)).unwrap().id, None);
    for n in 0..5 {
        last = Some(commit(&store, &format!("aiut commit {n}")));
    }
    let theirs = last.unwrap();
    drop(store);

    let sandbox = Sandbox::new();
    let mine = commit(&sandbox.open(), "aiut commit");
    put_beside(&sandbox, 2, &std::fs::read(&other.packs()[0]).unwrap());
    for lost in ["nothing", "index", "heads", "both"] {
        if ["index", "both"].contains(&lost) {
            sandbox.delete_index();
        }
        if ["heads", "both"].contains(&lost) {
            lose_the_journal(&sandbox);
        }
        let store = sandbox.open();
        assert_eq!(store.view().unwrap().0, Some(mine), "{lost} is lost");
        assert!(store.has::<crate::object::Operation>(theirs).unwrap());
        assert!(store.read_file(file, 9000).unwrap() == noise(3000, 5));
        assert_eq!(store.disagreement().unwrap(), None);
        drop(store);
        let check = check_of(&sandbox.path, true);
        assert_eq!((findings(&check), check.notes.len()), (vec![], 0));
    }
    let next = commit(&sandbox.open(), "aiut commit 2");
    lose_the_journal(&sandbox);
    assert_eq!(sandbox.open().view().unwrap().0, Some(next));
}

#[test]
fn a_project_whose_id_was_lost_does_not_begin_anew() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let first = commit(&store, "aiut commit");
    drop(store);
    let format = sandbox.path.join("format");
    let right = std::fs::read(&format).unwrap();
    let another = crate::store::house::format_of(crate::object::ProjectId::random());
    crate::base::atomic::write(&format, another.as_bytes()).unwrap();
    let refused = Store::open(&sandbox.path).unwrap_err();
    assert!(
        matches!(refused, StoreError::NoOwnOperation { .. }),
        "{refused}"
    );
    crate::base::atomic::write(&format, &right).unwrap();
    assert_eq!(sandbox.open().view().unwrap().0, Some(first));
}

#[test]
fn an_operation_of_another_project_is_not_published() {
    let (here, there) = (Sandbox::new(), Sandbox::new());
    let store = here.open();
    let batch = store.batch();
    let view = Position::default().put(&batch).unwrap();
    let foreign = operation(there.open().project(), 1, view);
    let refused = batch.publish(None, &foreign).unwrap_err();
    assert!(matches!(refused, StoreError::OtherProject(_)), "{refused}");
}

#[test]
fn a_pack_for_exchange_adds_its_objects() {
    let sandbox = Sandbox::new();
    let mine = commit(&sandbox.open(), "aiut commit");
    let file = noise(900, 4);
    let entry = TreeEntry::file("a", FileId::of(&file), 900);
    let tree = Tree::new(vec![entry]).unwrap();
    let pack = pack_of(exchange_header(&[9; 16]), &[blob(&file), of_object(&tree)]);
    let path = put_beside(&sandbox, 2, &pack);
    let checked = check_exchange(File::open(&path).unwrap(), &path).unwrap();
    assert_eq!((checked.records, checked.bytes), (2, pack.len() as u64));
    for _ in 0..2 {
        let store = sandbox.open();
        assert_eq!(store.view().unwrap().0, Some(mine));
        assert!(store.read_file(FileId::of(&file), 9000).unwrap() == file);
        assert_eq!(store.get::<Tree>(id_of(&tree).unwrap()).unwrap(), tree);
        drop(store);
        assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
        sandbox.delete_index();
    }
    // It is written into by nobody, and nothing of it holds that is not whole.
    let store = sandbox.open();
    store.put_file_bytes(b"more").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), pack);
    for at in [3, 9, 40, 200, pack.len() as u64 - 3] {
        flip(&path, at);
        let refused = check_exchange(File::open(&path).unwrap(), &path);
        assert!(
            matches!(refused, Err(StoreError::Damaged { .. })),
            "byte {at}: {refused:?}"
        );
        flip(&path, at);
    }
    append(&path, b"more");
    assert!(check_exchange(File::open(&path).unwrap(), &path).is_err());
}

/// Whatever reads the pack says which one it is and what it claims, and nothing moves.
fn assert_refused(sandbox: &Sandbox, path: &Path, mine: OperationId, what: &str) {
    let refused = |error: StoreError| {
        assert!(
            matches!(error, StoreError::Refused { .. }),
            "{what}: {error}"
        );
        let text = error.to_string();
        assert!(
            text.contains("00000002.pack") && text.contains(what),
            "{text}"
        );
    };
    refused(check_exchange(File::open(path).unwrap(), path).unwrap_err());
    refused(Store::open(&sandbox.path).unwrap_err());
    refused(check(&sandbox.path, &Holder::default(), false, &Unwatched).unwrap_err());
    sandbox.delete_index();
    refused(Store::open(&sandbox.path).unwrap_err());
    std::fs::remove_file(path).unwrap();
    assert_eq!(sandbox.open().view().unwrap().0, Some(mine));
}

#[test]
fn a_pack_that_claims_to_say_where_a_project_stands_is_refused_by_name() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let mine = commit(&store, "aiut commit");
    let project = store.project();
    drop(store);
    let position = Position::default();
    let store = sandbox.open();
    let view = position.put(&store.batch()).unwrap();
    drop(store);
    let name = PackName {
        number: 1,
        uuid: [1; 16],
    };
    for (claim, what) in [
        (of_object(&operation(project, 9, view)), "operation"),
        (
            replaced::record(Fate::Drop, &[name]),
            "list of replaced packs",
        ),
    ] {
        let pack = pack_of(exchange_header(&[9; 16]), &[blob(b"a"), claim]);
        // By its footer, and by its records where that is lost.
        let path = put_beside(&sandbox, 2, &pack);
        assert_refused(&sandbox, &path, mine, what);
        let path = put_beside(&sandbox, 2, &pack[..pack.len() - 1]);
        assert_refused(&sandbox, &path, mine, what);
    }
}

#[test]
fn a_head_is_refused_in_any_pack() {
    let sandbox = Sandbox::new();
    let mine = commit(&sandbox.open(), "aiut commit");
    for header in [exchange_header(&[9; 16]), pack_header(&[9; 16])] {
        let mut bytes = header.to_vec();
        bytes.extend_from_slice(&record(32, 0, 0, &7_u64.to_le_bytes()));
        let path = put_beside(&sandbox, 2, &bytes);
        let refused = Store::open(&sandbox.path).unwrap_err();
        assert!(matches!(refused, StoreError::Refused { .. }), "{refused}");
        assert!(refused.to_string().contains("00000002.pack"), "{refused}");
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(sandbox.open().view().unwrap().0, Some(mine));
}
