//! Storing and finding again.

use super::support::{Sandbox, action, generate, noise, publish};
use crate::BUILD;
use crate::object::{FileId, Generation, ProjectId, Tree, TreeEntry, View, ViewId, id_of};
use crate::store::{Store, StoreError};

#[test]
fn files_of_every_size_read_back_with_the_id_that_b3sum_prints() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    for size in [
        0,
        1,
        127,
        65_536,
        65_537,
        300_000,
        8 << 20,
        (8 << 20) + 1,
        20_000_003,
    ] {
        let bytes = noise(size, size as u64);
        let stored = store.put_file(&bytes[..]).unwrap();
        assert_eq!(stored.id.to_hex(), blake3::hash(&bytes).to_hex().as_str());
        assert_eq!(
            (stored.size, store.file_size(stored.id).unwrap()),
            (size as u64, size as u64)
        );
        assert!(store.contains_file(stored.id).unwrap());
        assert!(
            store.read_file(stored.id, size as u64).unwrap() == bytes,
            "{size} bytes"
        );
        let head = store.read_head(stored.id, 700).unwrap();
        assert!(head == bytes[..size.min(700)], "{size} bytes");
        let mut copy = Vec::new();
        assert_eq!(store.copy_file(stored.id, &mut copy).unwrap(), size as u64);
        assert!(copy == bytes, "{size} bytes");
    }
}

#[test]
fn a_file_larger_than_the_caller_can_hold_is_refused() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    for size in [1000, 100_000] {
        let stored = store.put_file_bytes(&noise(size, 1)).unwrap();
        let error = store.read_file(stored.id, 999).unwrap_err();
        assert!(
            matches!(error, StoreError::TooLarge { limit: 999, .. }),
            "{error}"
        );
    }
}

#[test]
fn files_that_end_where_a_window_does_are_whole() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let most = crate::store::chunking::fastcdc::MAX_CHUNK;
    for windows in 1..=3 {
        let size = windows * crate::store::windows::WINDOW;
        for size in [size - most, size - 1, size, size + 1, size + most] {
            // One that is cut at the longest chunk each time, so that nothing is left over, and others.
            for bytes in [vec![0; size], vec![b'x'; size], noise(size, size as u64)] {
                let stored = store.put_file(&bytes[..]).unwrap();
                assert_eq!(stored.size, size as u64);
                assert!(
                    store.read_file(stored.id, u64::MAX).unwrap() == bytes,
                    "{size}"
                );
                assert_eq!(store.put_file_bytes(&bytes).unwrap(), stored);
            }
        }
    }
}

#[test]
fn what_repeats_is_stored_once() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let take = noise(4 << 20, 1);
    store.put_file_bytes(&take).unwrap();
    let used = |sandbox: &Sandbox| -> u64 {
        sandbox
            .packs()
            .iter()
            .map(|pack| pack.metadata().unwrap().len())
            .sum()
    };
    let before = used(&sandbox);
    // The same again, and a cut that begins later and goes on longer.
    store.put_file_bytes(&take).unwrap();
    assert_eq!(used(&sandbox), before);
    let recut = [&noise(100_000, 2), &take[1 << 20..], &noise(100_000, 3)].concat();
    let stored = store.put_file_bytes(&recut).unwrap();
    assert!(
        used(&sandbox) - before < 1 << 20,
        "{} more",
        used(&sandbox) - before
    );
    assert!(store.read_file(stored.id, u64::MAX).unwrap() == recut);
    // Text shrinks.
    let script = b"INT. KITCHEN - DAY\n\nRae waits.\n".repeat(100_000);
    let before = used(&sandbox);
    store.put_file_bytes(&script).unwrap();
    assert!(used(&sandbox) - before < script.len() as u64 / 10);
}

#[test]
fn objects_read_back_and_are_found_by_their_first_digits() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let file = store.put_file_bytes(b"FADE IN:").unwrap();
    let trees: Vec<_> = (0..200)
        .map(|n| Tree::new(vec![TreeEntry::file(format!("{n}"), file.id, file.size)]).unwrap())
        .collect();
    let batch = store.batch();
    let ids: Vec<_> = trees.iter().map(|tree| batch.put(tree).unwrap()).collect();
    assert!(batch.has::<Tree>(ids[7]).unwrap() && !store.has::<Tree>(ids[7]).unwrap());
    batch.commit().unwrap();
    for (tree, id) in trees.iter().zip(&ids) {
        assert_eq!(id_of(tree), Ok(*id));
        assert_eq!(&store.get::<Tree>(*id).unwrap(), tree);
        for length in [63, 64] {
            let found = store.resolve::<Tree>(&id.to_hex()[..length], 10).unwrap();
            assert_eq!(found, [*id]);
        }
    }
    let mut expected: Vec<_> = ids
        .iter()
        .copied()
        .filter(|id| id.to_hex().starts_with('a'))
        .collect();
    expected.sort();
    assert_eq!(store.resolve::<Tree>("a", 1000).unwrap(), expected);
    assert_eq!(store.ids::<Tree>().unwrap().len(), 200);
    assert_eq!(store.resolve::<Tree>("xyz", 10).unwrap(), []);
    assert_eq!(store.resolve_file(&file.id.short(), 10).unwrap(), [file.id]);
    let missing = store.get::<View>(ViewId::from_bytes([9; 32])).unwrap_err();
    assert!(missing.to_string().starts_with("no view "), "{missing}");
}

#[test]
fn runs_are_found_by_action_path_and_bytes_and_again_after_the_index_is_lost() {
    let sandbox = Sandbox::new();
    let mut store = sandbox.open();
    let first = generate(&store, "012_003", "frames/012_003.png", b"1 first");
    let second = generate(&store, "012_003", "frames/012_003.png", b"2 second");
    let other = generate(&store, "012_004", "frames/012_004.png", b"2 second");
    for round in ["as stored", "rebuilt"] {
        let sorted = |mut ids: Vec<_>| {
            ids.sort();
            ids
        };
        let takes = store
            .generations_of_action(id_of(&action("012_003")).unwrap())
            .unwrap();
        assert_eq!(takes, sorted(vec![first, second]), "{round}");
        let at = store
            .generations_at_path(&"frames/012_004.png".parse().unwrap())
            .unwrap();
        assert_eq!(at, [other], "{round}");
        let same = store
            .generations_of_output(FileId::of(b"2 second"))
            .unwrap();
        assert_eq!(same, sorted(vec![second, other]), "{round}");
        assert_eq!(
            store.get::<Generation>(first).unwrap().started_ms,
            i64::from(b'1')
        );
        drop(store);
        sandbox.delete_index();
        store = sandbox.open();
    }
}

#[test]
fn a_batch_is_nothing_before_its_commit_and_nothing_is_left_of_an_abandoned_one() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let batch = store.batch();
    let small = batch.put_file_bytes(b"small").unwrap();
    let large = batch.put_file_bytes(&noise(20 << 20, 1)).unwrap();
    assert!(batch.contains_file(large.id).unwrap());
    assert!(!store.contains_file(small.id).unwrap() && !store.contains_file(large.id).unwrap());
    assert_eq!(
        std::fs::read_dir(sandbox.path.join("incoming"))
            .unwrap()
            .count(),
        1
    );
    drop(batch);
    assert_eq!(
        std::fs::read_dir(sandbox.path.join("incoming"))
            .unwrap()
            .count(),
        0
    );
    assert_eq!(sandbox.packs().len(), 0);
}

#[test]
fn an_operation_is_published_only_on_the_one_it_expects() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    assert_eq!(store.view().unwrap(), (None, std::sync::Arc::default()));
    let batch = store.batch();
    let first = publish(&batch, None, "aiut init").unwrap();
    batch.commit().unwrap();
    let other = sandbox.open();
    assert_eq!(other.view().unwrap().0, Some(first));

    let (mine, theirs) = (store.batch(), other.batch());
    let next = publish(&mine, Some(first), "aiut commit").unwrap();
    publish(&theirs, Some(first), "aiut branch").unwrap();
    let file = theirs.put_file_bytes(b"theirs").unwrap();
    mine.commit().unwrap();
    match theirs.commit().unwrap_err() {
        StoreError::Conflict { expected, actual } => {
            assert_eq!((expected, actual), (Some(first), Some(next)));
        }
        error => panic!("{error}"),
    }
    assert!(
        !other.contains_file(file.id).unwrap(),
        "nothing of a refused batch is stored"
    );
    assert_eq!(other.view().unwrap().0, Some(next));
}

#[test]
fn a_folder_without_a_store_or_with_another_format_is_refused() {
    let sandbox = Sandbox::new();
    let parent = sandbox.path.parent().unwrap();
    assert!(matches!(
        Store::open(parent),
        Err(StoreError::NotARepository(_))
    ));
    assert!(matches!(
        Store::create(&sandbox.path, ProjectId::random()),
        Err(StoreError::AlreadyExists(_))
    ));
    crate::base::atomic::write(&sandbox.path.join("format"), b"aiut repository 9\n").unwrap();
    let error = Store::open(&sandbox.path).unwrap_err();
    assert!(error.to_string().contains("aiut repository 9"), "{error}");
}

#[test]
fn memos_are_kept_until_the_index_goes() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let long = vec![b'k'; 4000];
    store
        .memo_put(
            BUILD,
            &[(&b"a"[..], b"1".to_vec()), (&long[..], vec![0; 65_537])],
        )
        .unwrap();
    assert_eq!(store.memo_get(BUILD, b"a").unwrap(), Some(b"1".to_vec()));
    assert_eq!(store.memo_get(BUILD, &long).unwrap(), None);
    drop(store);
    sandbox.delete_index();
    assert_eq!(sandbox.open().memo_get(BUILD, b"a").unwrap(), None);
}
