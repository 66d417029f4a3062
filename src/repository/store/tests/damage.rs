//! Damaged packs and indexes: an error or the right bytes, never anything else.

use std::fs::OpenOptions;

use super::support::{Sandbox, append, flip, generate, noise, publish};
use crate::object::FileId;
use crate::store::{Store, StoreError};

fn put_several(store: &Store) -> Vec<(FileId, Vec<u8>)> {
    let put = |n: u64| {
        let bytes = noise(2000 + n as usize * 700, n);
        (store.put_file_bytes(&bytes).unwrap().id, bytes)
    };
    (0..6).map(put).collect()
}

#[test]
fn a_torn_tail_is_cut_and_what_was_acknowledged_is_there() {
    let sandbox = Sandbox::new();
    let files = put_several(&sandbox.open());
    let pack = &sandbox.packs()[0];
    let length = pack.metadata().unwrap().len();
    // Whatever part of a batch a crash left: a whole record, half a record, zeros.
    let whole = std::fs::read(pack).unwrap();
    for tail in [&whole[32..1500], &whole[32..2080], &[0; 5000], b"x"] {
        append(pack, tail);
        let store = sandbox.open();
        assert_eq!(store.recovery().cut_bytes, tail.len() as u64);
        assert_eq!(pack.metadata().unwrap().len(), length);
        for (id, bytes) in &files {
            assert_eq!(&store.read_file(*id, u64::MAX).unwrap(), bytes);
        }
    }
    let store = sandbox.open();
    let stored = store.put_file_bytes(b"goes on").unwrap();
    assert_eq!(store.read_file(stored.id, 100).unwrap(), b"goes on");
    assert_eq!(store.recovery(), crate::store::Recovery::default());
}

#[test]
fn a_commit_that_the_index_lost_is_found_again() {
    let sandbox = Sandbox::new();
    let files = put_several(&sandbox.open());
    let index = sandbox.path.join("index/1/data.mdb");
    let old = std::fs::read(&index).unwrap();
    let later = {
        let store = sandbox.open();
        let batch = store.batch();
        publish(&batch, None, "aiut commit").unwrap();
        batch.put_file(&noise(30 << 20, 9)[..]).unwrap();
        batch.commit().unwrap();
        (
            generate(&store, "001_001", "frames/001_001.png", b"png"),
            store.view().unwrap(),
        )
    };
    crate::base::atomic::write(&index, &old).unwrap();
    let store = sandbox.open();
    assert!(!store.recovery().rebuilt, "what is missing is added");
    assert_eq!(store.view().unwrap(), later.1);
    let path = "frames/001_001.png".parse().unwrap();
    assert_eq!(store.generations_at_path(&path).unwrap(), [later.0]);
    for (id, bytes) in files
        .iter()
        .chain([&(FileId::of(&noise(30 << 20, 9)), noise(30 << 20, 9))])
    {
        assert!(&store.read_file(*id, u64::MAX).unwrap() == bytes);
    }
}

#[test]
fn an_index_that_is_missing_cut_foreign_or_garbage_is_rebuilt_to_the_same_answers() {
    let other = Sandbox::new();
    other.open().put_file_bytes(b"of another project").unwrap();
    let foreign = std::fs::read(other.path.join("index/1/data.mdb")).unwrap();

    let sandbox = Sandbox::new();
    let (files, view) = {
        let store = sandbox.open();
        let files = put_several(&store);
        let batch = store.batch();
        publish(&batch, None, "aiut commit").unwrap();
        batch.commit().unwrap();
        (files, store.view().unwrap())
    };
    let mut number = 1;
    let mut cases: Vec<(&str, Vec<u8>)> = vec![
        ("foreign", foreign),
        ("empty", vec![]),
        ("garbage", noise(40_000, 1)),
    ];
    let good = std::fs::read(sandbox.path.join("index/1/data.mdb")).unwrap();
    for kept in [
        1,
        4096,
        8192,
        12288,
        good.len() / 2,
        good.len() - 4096,
        good.len() - 1,
    ] {
        cases.push(("cut", good[..kept].to_vec()));
    }
    for (what, bytes) in cases {
        let data = sandbox.path.join(format!("index/{number}/data.mdb"));
        crate::base::atomic::write(&data, &bytes).unwrap();
        let store = sandbox.open();
        assert!(store.recovery().rebuilt, "{what}, {} bytes", bytes.len());
        assert_eq!(store.view().unwrap(), view, "{what}");
        for (id, bytes) in &files {
            assert_eq!(&store.read_file(*id, u64::MAX).unwrap(), bytes, "{what}");
        }
        assert!(
            !store
                .contains_file(FileId::of(b"of another project"))
                .unwrap()
        );
        store.put_file_bytes(what.as_bytes()).unwrap();
        number += 1;
    }
}

#[test]
fn a_flipped_byte_anywhere_in_a_pack_never_gives_wrong_bytes() {
    let sandbox = Sandbox::new();
    let (files, view) = {
        let store = sandbox.open();
        let mut files: Vec<(FileId, Vec<u8>)> = Vec::new();
        for bytes in [
            b"INT. KITCHEN - DAY\n".repeat(20),
            noise(500, 1),
            noise(70_000, 2),
        ] {
            files.push((store.put_file_bytes(&bytes).unwrap().id, bytes));
        }
        let batch = store.batch();
        publish(&batch, None, "aiut commit").unwrap();
        batch.commit().unwrap();
        (files, store.view().unwrap())
    };
    let pack = sandbox.packs().remove(0);
    let length = pack.metadata().unwrap().len();
    let (mut refused, mut other_refs) = (0, 0);
    // Every byte of the small records, some of the large one; with the index and without.
    let offsets = (0..1800)
        .step_by(7)
        .chain((1800..length).step_by(1009))
        .chain(length - 200..length);
    for offset in offsets {
        flip(&pack, offset);
        if offset % 3 == 0 {
            sandbox.delete_index();
        }
        if let Ok(store) = Store::open(&sandbox.path) {
            for (id, bytes) in &files {
                match store.read_file(*id, u64::MAX) {
                    Ok(read) => assert!(&read == bytes, "byte {offset} gave other bytes"),
                    Err(StoreError::Damaged { .. } | StoreError::NotFound { .. }) => refused += 1,
                    Err(error) => panic!("byte {offset}: {error}"),
                }
            }
            if let Ok(found) = store.view() {
                let told = !store.damage().unwrap().is_empty();
                assert!(found == view || told, "byte {offset} gave other refs");
                other_refs += u32::from(found != view);
            }
        }
        flip(&pack, offset);
        let _ = std::fs::remove_dir_all(sandbox.path.join("index"));
        drop(sandbox.open());
    }
    // Only with the index lost and the damage in the operation that the journal stands on.
    assert!(other_refs <= 250 / 3 + 1, "{other_refs} times");
    assert!(refused > 200, "only {refused}");
    // Mended, everything is there again, and nothing was cut off meanwhile.
    assert_eq!(pack.metadata().unwrap().len(), length);
    let store = sandbox.open();
    assert_eq!(store.view().unwrap(), view);
    for (id, bytes) in &files {
        assert!(&store.read_file(*id, u64::MAX).unwrap() == bytes);
    }
}

#[test]
fn damage_in_one_batch_leaves_those_before_and_behind_it() {
    let sandbox = Sandbox::new();
    let files = put_several(&sandbox.open());
    let pack = sandbox.packs().remove(0);
    // In the header of the second batch's record, so that its length is lost as well.
    let second = 32 + (48 + 2000) + 72;
    flip(&pack, second + 5);
    sandbox.delete_index();
    let store = sandbox.open();
    let damage = store.damage().unwrap();
    assert_eq!((damage.len(), damage[0].offset), (1, second));
    for (n, (id, bytes)) in files.iter().enumerate() {
        match store.read_file(*id, u64::MAX) {
            Ok(read) => assert!(n != 1 && &read == bytes),
            Err(error) => assert!(n == 1 && matches!(error, StoreError::NotFound { .. })),
        }
    }
    // Nothing is appended behind damage.
    let length = pack.metadata().unwrap().len();
    store.put_file_bytes(b"goes elsewhere").unwrap();
    assert_eq!(
        (pack.metadata().unwrap().len(), sandbox.packs().len()),
        (length, 2)
    );
}

#[test]
fn a_missing_or_cut_pack_is_an_error_where_it_is_needed_and_nowhere_else() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let (first, second) = (noise(9 << 20, 1), noise(9 << 20, 2));
    let (a, b) = (
        store.put_file(&first[..]).unwrap().id,
        store.put_file(&second[..]).unwrap().id,
    );
    drop(store);
    let pack = sandbox.packs().remove(0);
    let file = OpenOptions::new().write(true).open(&pack).unwrap();
    file.set_len(5 << 20).unwrap();
    for index in ["kept", "lost"] {
        let store = sandbox.open();
        assert!(store.read_file(a, u64::MAX).is_err(), "index {index}");
        assert!(
            store.read_file(b, u64::MAX).unwrap() == second,
            "index {index}"
        );
        drop(store);
        sandbox.delete_index();
    }
    std::fs::remove_file(&pack).unwrap();
    assert!(sandbox.open().read_file(b, u64::MAX).unwrap() == second);
}

#[test]
fn a_pack_is_sealed_when_large_and_its_footer_is_enough_to_rebuild_from() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let mut files = Vec::new();
    for n in 0..12 {
        let bytes = noise(6 << 20, n);
        files.push((store.put_file_bytes(&bytes).unwrap().id, bytes));
        generate(&store, &n.to_string(), "out.png", &n.to_le_bytes());
    }
    let batch = store.batch();
    publish(&batch, None, "aiut commit").unwrap();
    batch.commit().unwrap();
    let view = store.view().unwrap();
    assert_eq!(
        sandbox.packs().len(),
        2,
        "the first is sealed, the second open"
    );
    drop(store);
    sandbox.delete_index();
    let store = sandbox.open();
    assert_eq!(store.view().unwrap(), view);
    assert_eq!(
        store
            .generations_at_path(&"out.png".parse().unwrap())
            .unwrap()
            .len(),
        12
    );
    for (id, bytes) in &files {
        assert!(&store.read_file(*id, u64::MAX).unwrap() == bytes);
    }
    // A damaged footer only costs time.
    drop(store);
    let pack = &sandbox.packs()[0];
    flip(pack, pack.metadata().unwrap().len() - 300);
    sandbox.delete_index();
    let store = sandbox.open();
    for (id, bytes) in &files {
        assert!(&store.read_file(*id, u64::MAX).unwrap() == bytes);
    }
}
