//! What a later aiut may write, and what this one does with it: it passes over what it may, and
//! refuses the rest with what to do. It never takes it for damage.

use std::path::Path;

use super::hostile::plant_pack;
use super::support::{Sandbox, Unwatched, check_of, findings, flip, noise, publish};
use crate::base::lock::Holder;
use crate::object::FileId;
use crate::store::pack::header_of;
use crate::store::record::{Header, Record, RecordKind};
use crate::store::release::Release;
use crate::store::{Store, StoreError, check, repair};

const LATER: Release = Release([0, 9, 0]);

/// A project with a file and an operation.
fn project() -> (Sandbox, FileId) {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let file = store.put_file_bytes(&noise(3000, 1)).unwrap().id;
    let batch = store.batch();
    publish(&batch, None, "aiut commit").unwrap();
    batch.commit().unwrap();
    (sandbox, file)
}

/// A record of any kind byte, with a check that holds.
pub(super) fn record(kind: u8, encoding: u8, reserved: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 48];
    (bytes[0], bytes[1], bytes[2]) = (kind, encoding, reserved);
    let length = u32::try_from(payload.len()).unwrap().to_le_bytes();
    bytes[4..8].copy_from_slice(&length);
    bytes[8..12].copy_from_slice(&length);
    bytes[12..44].copy_from_slice(blake3::hash(payload).as_bytes());
    let check = blake3::hash(&[&bytes[..44], payload].concat());
    bytes[44..48].copy_from_slice(&check.as_bytes()[..4]);
    bytes.extend_from_slice(payload);
    bytes
}

/// A pack of one batch, or of what stands for it, unsealed.
fn plant_bytes(folder: &Path, header: [u8; 32], records: &[&[u8]]) -> std::path::PathBuf {
    let mut hasher = crate::store::pack::batch_hasher();
    let mut bytes = header.to_vec();
    for record in records {
        hasher.update(&record[..48]);
        bytes.extend_from_slice(record);
    }
    let length = bytes.len() as u64 - 32;
    let end = crate::store::pack::batch_end(&hasher, length, records.len() as u32);
    end.append_to(&mut bytes);
    let path = folder.join("packs/00000002.pack");
    crate::base::atomic::write(&path, &bytes).unwrap();
    path
}

fn every_file(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = ["packs", "damaged"]
        .into_iter()
        .filter_map(|name| std::fs::read_dir(folder.join(name)).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// Opening, a look alone, the check and a rebuilt index refuse with these words, and change nothing.
fn refuses(sandbox: &Sandbox, says: &[&str]) {
    let before = every_file(&sandbox.path);
    let refused = |error: StoreError, what: &str| {
        assert!(
            matches!(error, StoreError::TooNew { .. }),
            "{what}: {error}"
        );
        let text = error.to_string();
        for words in says {
            assert!(text.contains(words), "{what}: {text}");
        }
        assert!(!error.is_loss());
    };
    refused(Store::open(&sandbox.path).unwrap_err(), "open");
    for data in [false, true] {
        let checked = check(&sandbox.path, &Holder::default(), data, &Unwatched);
        refused(checked.unwrap_err(), "check");
    }
    sandbox.delete_index();
    refused(
        Store::open(&sandbox.path).unwrap_err(),
        "open without index",
    );
    assert_eq!(every_file(&sandbox.path), before);
}

#[test]
fn a_pack_that_needs_a_later_aiut_is_refused_and_stays_as_it_is() {
    let blob = record(1, 0, 0, b"FADE IN:");
    for (version, needs) in [(1, LATER), (2, LATER), (1, Release([1, 0, 0]))] {
        let (sandbox, _) = project();
        let header = header_of(version, needs, &[7; 16]);
        // Whatever is in it: of another version nothing is known.
        plant_bytes(&sandbox.path, header, &[&blob, &record(77, 9, 9, b"x")]);
        let install = format!("install aiut {needs} or newer");
        refuses(&sandbox, &["00000002.pack", &install, "reads up to 0.1.0"]);
    }
}

#[test]
fn a_damaged_header_is_damage_and_no_later_aiut() {
    for at in 0..32 {
        let (sandbox, file) = project();
        flip(&sandbox.packs()[0], at);
        let check = check_of(&sandbox.path, true);
        assert!(!check.findings.is_empty(), "byte {at}");
        let plan = check.plan();
        repair(&sandbox.path, &Holder::default(), &check, &plan).unwrap();
        let store = sandbox.open();
        assert_eq!(store.read_file(file, 9000).unwrap(), noise(3000, 1));
        assert!(store.view().unwrap().0.is_some());
        drop(store);
        assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
    }
}

#[test]
fn a_record_that_may_not_be_passed_over_is_refused_in_sound_and_broken_packs() {
    let blob = record(1, 0, 0, &noise(900, 3));
    for (odd, what) in [
        (record(5, 0, 0, b"new"), "a record of kind 5"),
        (record(127, 0, 0, &noise(70, 1)), "a record of kind 127"),
        (record(1, 3, 0, b"new"), "a record of encoding 3"),
        (record(1, 0, 1, b"new"), "a record of another form"),
        (record(200, 7, 0, b"new"), "a record of encoding 7"),
    ] {
        let (sandbox, _) = project();
        let header = crate::store::pack::pack_header(&[7; 16]);
        plant_bytes(&sandbox.path, header, &[&blob, &odd, &blob]);
        refuses(
            &sandbox,
            &["00000002.pack", "at byte 980", what, "install a newer aiut"],
        );
        if !what.contains("kind") {
            continue;
        }
        // Found in the rest of a batch whose beginning is lost, too.
        let (sandbox, _) = project();
        let pack = plant_bytes(&sandbox.path, header, &[&blob, &odd, &blob]);
        flip(&pack, 40);
        refuses(&sandbox, &["00000002.pack", what]);
        // One that is damaged itself says nothing.
        let (sandbox, file) = project();
        let pack = plant_bytes(&sandbox.path, header, &[&blob, &odd, &blob]);
        flip(&pack, 980 + 20);
        let store = sandbox.open();
        assert_eq!(store.read_file(file, 9000).unwrap(), noise(3000, 1));
        drop(store);
        assert!(!findings(&check_of(&sandbox.path, true)).is_empty());
    }
}

#[test]
fn a_record_that_may_be_passed_over_is_kept_whatever_happens_to_its_pack() {
    let (sandbox, file) = project();
    let later = record(200, 0, 0, b"what a later aiut noted");
    let blob = record(1, 0, 0, &noise(900, 3));
    let header = crate::store::pack::pack_header(&[7; 16]);
    let pack = plant_bytes(&sandbox.path, header, &[&later, &blob]);
    let is_there = || {
        let holds = |(_, bytes): &(_, Vec<u8>)| bytes.windows(later.len()).any(|w| w == later);
        let packs = every_file(&sandbox.path.join(""));
        let live = packs
            .iter()
            .filter(|(path, _)| !path.to_string_lossy().contains("damaged"));
        live.clone().any(holds)
    };
    let fine = || {
        assert!(is_there());
        assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
        let store = sandbox.open();
        assert_eq!(store.read_file(file, 9000).unwrap(), noise(3000, 1));
    };
    fine();
    sandbox.delete_index();
    fine();
    // Packs are rewritten: nobody knows what needs it, so it stays.
    flip(&pack, 32 + later.len() as u64 + 60);
    let check = check_of(&sandbox.path, true);
    repair(&sandbox.path, &Holder::default(), &check, &check.plan()).unwrap();
    fine();
    // In a sealed pack with a footer, too.
    let kind = RecordKind::from_code(200).unwrap();
    let noted = Record::new(kind, [8; 32], b"more of it", true);
    assert!(Header::parse(&noted.header.to_bytes()).is_ok());
    plant_pack(&sandbox.path, 9, [9; 16], &[noted]);
    fine();
    sandbox.delete_index();
    fine();
}

#[test]
fn a_pack_that_an_older_aiut_reads_is_not_written_into_what_it_cannot() {
    let (sandbox, _) = project();
    let pack = sandbox.packs().remove(0);
    let bytes = std::fs::read(&pack).unwrap();
    let uuid = bytes[16..32].try_into().unwrap();
    let header = header_of(1, Release([0, 0, 1]), &uuid);
    crate::base::atomic::write(&pack, &[&header, &bytes[32..]].concat()).unwrap();
    let before = std::fs::read(&pack).unwrap();
    let file = sandbox.open().put_file_bytes(b"EXT. ROAD").unwrap().id;
    assert_eq!(std::fs::read(&pack).unwrap(), before);
    assert_eq!(sandbox.packs().len(), 2);
    assert_eq!(sandbox.open().read_file(file, 99).unwrap(), b"EXT. ROAD");
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}
