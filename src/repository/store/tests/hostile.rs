//! Packs that no aiut writes, with right checks and ids: what they claim costs nothing and lies to
//! nobody.

use std::path::Path;

use super::support::{Sandbox, check_of, findings, noise, operation, publish};
use crate::object::{ChunkId, FileId, MAX_OPERATION_NUMBER, OperationId};
use crate::store::layout::{Layout, Slice};
use crate::store::limits::MAX_SLICES;
use crate::store::pack::{pack_header, pack_name, reads};
use crate::store::record::{Record, RecordKind};
use crate::store::replaced::{self, Fate, PackName};
use crate::store::{Batch, Position, Store, StoreError};

fn commit(store: &Store, command: &str) -> Result<OperationId, StoreError> {
    let batch = store.batch();
    let id = publish(&batch, store.view()?.0, command)?;
    batch.commit()?;
    Ok(id)
}

#[test]
fn behind_the_highest_number_an_operation_says_that_it_cannot_be() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let batch = store.batch();
    let view = Position::default().put(&batch).unwrap();
    let last = operation(store.project(), MAX_OPERATION_NUMBER, view);
    let id = batch.publish(None, &last).unwrap();
    batch.commit().unwrap();
    let refused = commit(&store, "aiut commit 2").unwrap_err();
    let text = std::error::Error::source(&refused).unwrap().to_string();
    assert!(text.contains("281474976710656"), "{text}");
    assert_eq!(store.view().unwrap().0, Some(id));
}

#[test]
fn behind_the_highest_pack_a_commit_says_that_it_cannot_be() {
    let sandbox = Sandbox::new();
    let first = commit(&sandbox.open(), "aiut commit 1").unwrap();
    let packs = sandbox.path.join("packs");
    let last = packs.join(pack_name(99_999_999));
    // A sealed pack of another project.
    let other = Sandbox::new();
    let store = other.open();
    store.put_file_bytes(&noise(9 << 20, 1)).unwrap();
    let pack = std::fs::read(&other.packs()[0]).unwrap();
    crate::base::atomic::write(&last, &pack).unwrap();
    sandbox.delete_index();
    let store = sandbox.open();
    assert_eq!(store.view().unwrap().0, Some(first));
    let before = std::fs::read_dir(&packs).unwrap().count();
    let refused = commit(&store, "aiut commit 2").unwrap_err();
    assert!(
        matches!(&refused, StoreError::NumbersUsedUp { path } if *path == last),
        "{refused}"
    );
    assert_eq!(store.view().unwrap().0, Some(first));
    assert_eq!(std::fs::read_dir(&packs).unwrap().count(), before);
    // As the error says.
    std::fs::rename(&last, packs.join(pack_name(2))).unwrap();
    let second = commit(&sandbox.open(), "aiut commit 2").unwrap();
    assert_eq!(sandbox.open().view().unwrap().0, Some(second));
}

#[test]
fn indexes_with_numbers_beyond_the_highest_are_none_and_the_highest_is_told() {
    let sandbox = Sandbox::new();
    let first = commit(&sandbox.open(), "aiut commit 1").unwrap();
    for stray in ["4294967295", "4294967294", "100000000"] {
        sandbox.delete_index();
        std::fs::create_dir_all(sandbox.path.join("index").join(stray)).unwrap();
        let store = sandbox.open();
        assert_eq!(store.view().unwrap().0, Some(first));
        drop(store);
        assert!(sandbox.path.join("index/1/data.mdb").exists(), "{stray}");
    }
    sandbox.delete_index();
    std::fs::create_dir_all(sandbox.path.join("index/99999999")).unwrap();
    let error = Store::open(&sandbox.path).unwrap_err();
    let error = format!("{error} {}", std::error::Error::source(&error).unwrap());
    assert!(error.contains("99999999 is the highest"), "{error}");
    // As the error says.
    std::fs::remove_dir(sandbox.path.join("index/99999999")).unwrap();
    assert_eq!(sandbox.open().view().unwrap().0, Some(first));
}

/// Writes a sealed pack of these records under a number.
pub(super) fn plant_pack(folder: &Path, number: u32, uuid: [u8; 16], records: &[Record]) {
    let mut segment = crate::store::batch::Segment::default();
    records.iter().for_each(|record| segment.push(record, None));
    segment.end();
    let mut bytes = pack_header(&uuid).to_vec();
    bytes.extend_from_slice(&segment.buffer);
    let mut entries = segment.entries_from(32);
    let end = bytes.len() as u64;
    bytes.extend_from_slice(&crate::store::pack::footer(&mut entries, end));
    crate::base::atomic::write(&folder.join("packs").join(pack_name(number)), &bytes).unwrap();
}

#[test]
fn packs_that_replace_themselves_or_each_other_still_count() {
    let sandbox = Sandbox::new();
    let first = commit(&sandbox.open(), "aiut commit 1").unwrap();
    let name = |number, byte| PackName {
        number,
        uuid: [byte; 16],
    };
    let blob = |text: &[u8]| {
        Record::new(
            RecordKind::Blob,
            *blake3::hash(text).as_bytes(),
            text,
            false,
        )
    };
    plant_pack(
        &sandbox.path,
        2,
        [2; 16],
        &[
            blob(b"two"),
            replaced::record(Fate::Drop, &[name(2, 2), name(3, 3)]),
        ],
    );
    plant_pack(
        &sandbox.path,
        3,
        [3; 16],
        &[
            blob(b"three"),
            replaced::record(Fate::SetAside, &[name(3, 3)]),
        ],
    );
    sandbox.delete_index();
    let store = sandbox.open();
    assert_eq!(store.view().unwrap().0, Some(first));
    for text in [&b"two"[..], b"three"] {
        assert_eq!(store.read_file(FileId::of(text), 9).unwrap(), text);
    }
    assert_eq!(sandbox.packs().len(), 3, "none was deleted");
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}

/// Adds a layout under the id of a file, and its parts.
fn plant_layout(batch: &Batch<'_>, file: FileId, layout: &Layout) {
    let record = Record::new(RecordKind::Layout, *file.as_bytes(), &layout.encode(), true);
    batch.push(&record, None).unwrap();
}

/// A part of 4096 times the same four mebibytes of zeros: its id and its bytes.
fn plant_part(batch: &Batch<'_>) -> ([u8; 32], u64) {
    let zeros = vec![0; 4 << 20];
    let chunk = (ChunkId::of(&zeros), zeros.len() as u32);
    let id = *chunk.0.as_bytes();
    batch
        .push(&Record::new(RecordKind::Chunk, id, &zeros, true), None)
        .unwrap();
    let slice = Slice {
        chunk: 0,
        offset: 0,
        length: chunk.1,
    };
    let part = Layout::Slices {
        chunks: vec![chunk],
        slices: vec![slice; MAX_SLICES],
    };
    let bytes = part.encode();
    let id = RecordKind::LayoutPart.digest(&bytes).unwrap();
    batch
        .push(&Record::new(RecordKind::LayoutPart, id, &bytes, true), None)
        .unwrap();
    (id, part.bytes())
}

#[test]
fn a_file_of_terabytes_in_a_few_bytes_takes_no_time_where_nobody_asked_for_it() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let (terabyte, five_petabytes) = (FileId::of(b"1 TB"), FileId::of(b"5 PB"));
    let batch = store.batch();
    let part = plant_part(&batch);
    plant_layout(&batch, terabyte, &Layout::Parts(vec![part; 64]));
    plant_layout(&batch, five_petabytes, &Layout::Parts(vec![part; 320_000]));
    batch.commit().unwrap();
    assert_eq!(store.file_size(terabyte).unwrap(), 1 << 40);
    let error = store.file_size(five_petabytes).unwrap_err();
    assert!(error.to_string().contains("16 TiB"), "{error}");
    let before = reads();
    let check = check_of(&sandbox.path, true);
    let told = findings(&check);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("16 TiB"), "{told:?}");
    assert!(
        check
            .notes
            .iter()
            .any(|note| note.contains("1099511627776 bytes")),
        "{:?}",
        check.notes
    );
    let file = check.catalogue.file(terabyte).unwrap();
    assert_eq!(
        (file.size, file.records.len(), file.missing),
        (1 << 40, 3, 0)
    );
    assert!(reads() - before < 100 << 20, "{}", reads() - before);
}

#[test]
fn a_file_of_single_bytes_of_large_chunks_is_not_put_together() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let batch = store.batch();
    let chunks: Vec<(ChunkId, u32)> = (0..300_u32)
        .map(|n| {
            let mut bytes = vec![0; 4 << 20];
            bytes[..4].copy_from_slice(&n.to_le_bytes());
            let id = ChunkId::of(&bytes);
            let record = Record::new(RecordKind::Chunk, *id.as_bytes(), &bytes, true);
            batch.push(&record, None).unwrap();
            (id, 4 << 20)
        })
        .collect();
    let slices = (0..300).map(|chunk| Slice {
        chunk,
        offset: 0,
        length: 1,
    });
    let layout = Layout::Slices {
        slices: slices.collect(),
        chunks,
    };
    let file = FileId::of(b"300 bytes");
    plant_layout(&batch, file, &layout);
    batch.commit().unwrap();
    let error = store.read_file(file, 1000).unwrap_err().to_string();
    assert!(error.contains("reads far more than it gives"), "{error}");
}

#[test]
fn a_footer_that_claims_more_than_its_pack_can_hold_is_none() {
    let sandbox = Sandbox::new();
    let first = commit(&sandbox.open(), "aiut commit 1").unwrap();
    // A frame of a few kilobytes that unpacks to the most that a footer may have.
    let raw = vec![0; 200 << 20];
    let id = RecordKind::Footer.digest(&raw).unwrap();
    let mut bytes = pack_header(&[2; 16]).to_vec();
    Record::new(RecordKind::Footer, id, &raw, true).append_to(&mut bytes);
    bytes.extend_from_slice(crate::store::pack::SEAL);
    bytes.extend_from_slice(&32_u64.to_le_bytes());
    crate::base::atomic::write(&sandbox.path.join("packs").join(pack_name(2)), &bytes).unwrap();
    let packs = crate::base::folder::Folder::open(&sandbox.path.join("packs")).unwrap();
    let pack = crate::store::pack::Pack::open(&packs, 2).unwrap();
    assert!(pack.footer(pack.length().unwrap()).unwrap().is_none());
    sandbox.delete_index();
    assert_eq!(sandbox.open().view().unwrap().0, Some(first));
    assert!(!findings(&check_of(&sandbox.path, false)).is_empty());
}
