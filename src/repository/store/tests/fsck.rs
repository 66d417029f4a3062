//! `check` and `repair`: whatever is wrong is found, told to the byte, and mended.

use std::path::Path;

use insta::assert_snapshot;

use super::support::{
    Sandbox, append, check_of, collect, findings, flip, generate, noise, publish,
};
use crate::base::lock::Holder;
use crate::object::FileId;
use crate::store::{Store, repair};

/// Small files, one with a layout, a run and an operation: one open pack.
fn small() -> (Sandbox, Vec<(FileId, Vec<u8>)>) {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let mut files = Vec::new();
    for bytes in [
        b"INT. KITCHEN - NIGHT\n".repeat(20),
        noise(3000, 1),
        noise(200_000, 2),
    ] {
        files.push((store.put_file_bytes(&bytes).unwrap().id, bytes));
    }
    generate(&store, "001_001", "frames/001_001.png", b"png");
    let batch = store.batch();
    publish(&batch, None, "aiut commit").unwrap();
    batch.commit().unwrap();
    drop(store);
    (sandbox, files)
}

fn mend(folder: &Path) {
    let check = check_of(folder, true);
    let plan = check.plan();
    assert!(!plan.is_empty());
    repair(folder, &Holder::default(), &check, &plan).unwrap();
}

#[test]
fn a_sound_store_has_nothing_wrong_whatever_it_went_through() {
    let (sandbox, _) = small();
    for data in [false, true] {
        assert_eq!(findings(&check_of(&sandbox.path, data)), [""; 0]);
    }
    let store = sandbox.open();
    // A sealed pack of its own, and one that is sealed because it grew.
    store.put_file(&noise(9 << 20, 1)[..]).unwrap();
    for n in 0..11 {
        store.put_file_bytes(&noise(6 << 20, 10 + n)).unwrap();
    }
    drop(store);
    let check = check_of(&sandbox.path, true);
    assert_eq!(findings(&check), [""; 0]);
    assert_eq!((check.packs, check.notes.len()), (2, 0));
    for lost in [&["index/1"][..], &["heads"], &["index/2", "heads"]] {
        for name in lost {
            let path = sandbox.path.join(name);
            let removed = std::fs::remove_dir_all(&path).or_else(|_| std::fs::remove_file(&path));
            removed.unwrap();
        }
        let check = check_of(&sandbox.path, true);
        let notes = usize::from(lost.contains(&"heads"));
        assert_eq!(
            (findings(&check), check.notes.len()),
            (vec![], notes),
            "{lost:?}"
        );
        let store = sandbox.open();
        assert_eq!(store.disagreement().unwrap(), None, "{lost:?}");
        assert!(store.view().unwrap().0.is_some(), "{lost:?}");
    }
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}

#[test]
fn an_interrupted_commit_is_no_damage() {
    let (sandbox, _) = small();
    let pack = sandbox.packs().remove(0);
    append(&pack, &noise(500, 9));
    let check = check_of(&sandbox.path, true);
    assert_eq!(findings(&check), [""; 0]);
    assert_snapshot!(check.notes.join("\n"), @"packs/00000001.pack: 500 bytes at its end are of a commit that was interrupted; nothing needs them");
    // A whole batch that the journal did not acknowledge.
    drop(sandbox.open());
    let journal = sandbox.path.join("heads");
    let old = std::fs::read(&journal).unwrap();
    sandbox
        .open()
        .put_file_bytes(b"never acknowledged")
        .unwrap();
    crate::base::atomic::write(&journal, &old).unwrap();
    sandbox.delete_index();
    let check = check_of(&sandbox.path, true);
    assert_eq!((findings(&check), check.notes.len()), (vec![], 0));
    // A pack that was just being made.
    append(&sandbox.path.join("packs/00000001.pack"), b"");
    crate::base::atomic::write(&sandbox.path.join("packs/00000002.pack"), b"aiut").unwrap();
    let check = check_of(&sandbox.path, true);
    assert_eq!((findings(&check), check.notes.len()), (vec![], 1));
}

#[test]
fn every_flipped_byte_of_a_pack_is_found_and_told_where_it_lies() {
    let (sandbox, _) = small();
    let pack = sandbox.packs().remove(0);
    let length = pack.metadata().unwrap().len();
    let offsets = (0..2000).step_by(7).chain((2000..length).step_by(4999));
    for offset in offsets.chain((length - 400..length).step_by(3)) {
        for index in ["kept", "lost"] {
            flip(&pack, offset);
            let moved = sandbox.path.join("elsewhere");
            if index == "lost" {
                std::fs::rename(sandbox.path.join("index"), &moved).unwrap();
            }
            let check = check_of(&sandbox.path, true);
            let near = check.findings.iter().any(|finding| {
                let at = finding.offset.unwrap_or(u64::MAX);
                finding.pack == Some(1) && at <= offset && offset < at + 300_000
            });
            assert!(near, "byte {offset}, {index}");
            if index == "lost" {
                std::fs::rename(&moved, sandbox.path.join("index")).unwrap();
            }
            flip(&pack, offset);
        }
    }
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}

#[test]
fn damage_is_named_with_place_and_object() {
    let (sandbox, files) = small();
    let pack = sandbox.packs().remove(0);
    let at = |n: u64| {
        flip(&pack, n);
        let told = findings(&check_of(&sandbox.path, true)).join("\n");
        flip(&pack, n);
        told
    };
    let blob = files[0].0.short();
    assert_snapshot!(at(8).replace(&blob, "BLOB"), @"PackBytes, pack 1, byte 0: the header of the pack");
    // The kind in the header of the first record.
    assert_snapshot!(at(32).replace(&blob, "BLOB"), @"PackBytes, pack 1, byte 32: records that are not those the batch was written with");
    assert_snapshot!(at(32 + 20).replace(&blob, "BLOB"), @"PackBytes, pack 1, byte 32: records that are not those the batch was written with");
    assert_snapshot!(at(32 + 60).replace(&blob, "BLOB"), @"PackBytes, pack 1, byte 32, file BLOB: its checksum does not hold");
    // The payload of a chunk is only looked at with `data`.
    flip(&pack, 100_000);
    assert_eq!(findings(&check_of(&sandbox.path, false)), [""; 0]);
    let told = findings(&check_of(&sandbox.path, true));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("chunk") && told[0].ends_with("its bytes are not those of its id"));
    flip(&pack, 100_000);
    // A damaged end of a batch leaves the batch's records.
    let length = pack.metadata().unwrap().len();
    assert_snapshot!(at(length - 30), @"PackBytes, pack 1, byte 205084: its checksum does not hold");
}

#[test]
fn two_records_that_changed_places_are_found() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let batch = store.batch();
    batch.put_file_bytes(&noise(100, 1)).unwrap();
    batch.put_file_bytes(&noise(100, 2)).unwrap();
    batch.commit().unwrap();
    drop(store);
    let pack = sandbox.packs().remove(0);
    let mut bytes = std::fs::read(&pack).unwrap();
    let (first, second) = bytes[32..32 + 296].split_at_mut(148);
    first.swap_with_slice(second);
    crate::base::atomic::write(&pack, &bytes).unwrap();
    for data in [false, true] {
        assert!(!check_of(&sandbox.path, data).findings.is_empty());
    }
    mend(&sandbox.path);
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
    let store = sandbox.open();
    for seed in [1, 2] {
        let bytes = noise(100, seed);
        assert_eq!(store.read_file(FileId::of(&bytes), 1000).unwrap(), bytes);
    }
}

#[test]
fn cut_and_missing_packs_are_found_whatever_happens_to_the_index() {
    let (sandbox, _) = small();
    let store = sandbox.open();
    store.put_file(&noise(9 << 20, 7)[..]).unwrap();
    drop(store);
    let pack = sandbox.packs().remove(1);
    let whole = std::fs::read(&pack).unwrap();
    crate::base::atomic::write(&pack, &whole[..20]).unwrap();
    assert_snapshot!(findings(&check_of(&sandbox.path, false)).join("\n"), @"PackMissing, pack 2, byte 20: it ends here, and 9452601 bytes more were once written");
    std::fs::remove_file(&pack).unwrap();
    assert_snapshot!(findings(&check_of(&sandbox.path, false)).join("\n"), @"PackMissing, pack 2: it is gone; 9452621 bytes were once written");
    // The next command that writes goes on without it, and does not forget that it was there.
    sandbox.open().put_file_bytes(b"goes on").unwrap();
    sandbox.delete_index();
    sandbox.open().put_file_bytes(b"and on").unwrap();
    assert_snapshot!(findings(&check_of(&sandbox.path, false)).join("\n"), @"PackMissing, pack 2: it is gone; 9452621 bytes were once written");
    mend(&sandbox.path);
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}

#[test]
fn a_wrong_index_is_made_anew_whatever_else_there_is_to_mend() {
    let (sandbox, files) = small();
    let store = sandbox.open();
    store.spoil_index(&mut |spoil| spoil.forget_file(files[1].0));
    store.spoil_index(&mut |spoil| spoil.move_file(files[0].0, 5000));
    assert!(!store.contains_file(files[1].0).unwrap());
    assert!(store.disagreement().unwrap().is_some());
    drop(store);
    // It is not looked at: what it could hide is looked at itself.
    let check = check_of(&sandbox.path, true);
    assert_eq!(findings(&check), [""; 0]);
    repair(&sandbox.path, &Holder::default(), &check, &check.plan()).unwrap();
    let store = sandbox.open();
    assert_eq!(store.disagreement().unwrap(), None);
    for (id, bytes) in &files {
        assert!(&store.read_file(*id, u64::MAX).unwrap() == bytes);
    }
}

#[test]
fn a_journal_that_does_not_hold_is_told_and_made_anew() {
    let (sandbox, _) = small();
    let view = sandbox.open().view().unwrap();
    let journal = sandbox.path.join("heads");
    for offset in [0, 8, 20, 40, 50, 64, 80, 100] {
        flip(&journal, offset);
        let told = findings(&check_of(&sandbox.path, false));
        assert!(
            told.len() == 1 && told[0].contains("heads is damaged"),
            "byte {offset}: {told:?}"
        );
        let store = sandbox.open();
        assert_eq!(store.view().unwrap(), view, "byte {offset}");
        assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
    }
}

#[test]
fn a_damaged_pack_is_set_aside_and_what_was_sound_in_it_lives_on() {
    let (sandbox, files) = small();
    let pack = sandbox.packs().remove(0);
    // In the payload of the second file.
    let second = 32 + 48 + 60 + 72;
    flip(&pack, second + 1000);
    let damaged = std::fs::read(&pack).unwrap();
    mend(&sandbox.path);
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
    let kept = sandbox.path.join("damaged/00000001.pack");
    assert!(std::fs::read(kept).unwrap() == damaged, "kept as it was");
    let store = sandbox.open();
    let lost = files
        .iter()
        .filter(|(id, bytes)| match store.read_file(*id, u64::MAX) {
            Ok(read) => {
                assert!(&read == bytes);
                false
            }
            Err(_) => true,
        });
    assert_eq!(lost.count(), 1);
    assert!(store.view().unwrap().0.is_some());
    store.put_file_bytes(&files[1].1).unwrap();
    assert!(store.read_file(files[1].0, u64::MAX).unwrap() == files[1].1);
}

#[test]
fn a_crash_while_a_pack_is_set_aside_loses_nothing() {
    let (sandbox, files) = small();
    let pack = sandbox.packs().remove(0);
    flip(&pack, 9);
    let damaged = std::fs::read(&pack).unwrap();
    mend(&sandbox.path);
    // As if it had died before the old pack was moved, and before the new index was there.
    std::fs::rename(sandbox.path.join("damaged/00000001.pack"), &pack).unwrap();
    let check = check_of(&sandbox.path, true);
    assert_eq!(findings(&check), [""; 0]);
    assert_eq!(check.notes.len(), 1);
    sandbox.delete_index();
    let store = sandbox.open();
    assert_eq!(sandbox.packs().len(), 1, "opening finished it");
    let kept = sandbox.path.join("damaged/00000001.pack");
    assert!(std::fs::read(kept).unwrap() == damaged);
    for (id, bytes) in &files {
        assert!(&store.read_file(*id, u64::MAX).unwrap() == bytes);
    }
    assert_eq!(collect(&store, 0, 30, false).unwrap().records, 0);
}

#[test]
fn a_layout_that_gives_another_file_is_found_and_left_behind() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let (one, two) = (noise(200_000, 1), noise(200_000, 2));
    let (one_id, two_id) = (
        store.put_file_bytes(&one).unwrap().id,
        store.put_file_bytes(&two).unwrap().id,
    );
    store.put_wrong_layout(FileId::of(b"a third"), two_id);
    drop(store);
    assert_eq!(findings(&check_of(&sandbox.path, false)), [""; 0]);
    let told = findings(&check_of(&sandbox.path, true)).join("\n");
    assert!(told.starts_with("Layout, pack 1") && told.contains("it does not give that file"));
    mend(&sandbox.path);
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
    let store = sandbox.open();
    assert!(!store.contains_file(FileId::of(b"a third")).unwrap());
    assert!(store.read_file(one_id, u64::MAX).unwrap() == one);
    assert!(store.read_file(two_id, u64::MAX).unwrap() == two);
}

#[test]
fn lost_chunks_are_cut_out_of_the_whole_file_again() {
    let sandbox = Sandbox::new();
    let bytes = noise(5 << 20, 3);
    let id = sandbox.open().put_file_bytes(&bytes).unwrap().id;
    let pack = sandbox.packs().remove(0);
    flip(&pack, 1 << 20);
    flip(&pack, 3 << 20);
    mend(&sandbox.path);
    let store = Store::open(&sandbox.path).unwrap();
    assert!(store.read_file(id, u64::MAX).is_err());
    assert!(store.fill_layout(id, &bytes[..]).unwrap());
    assert!(store.read_file(id, u64::MAX).unwrap() == bytes);
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}
