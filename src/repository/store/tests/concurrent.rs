//! Several stores on one folder at once.

use super::support::{Sandbox, action, collect, generate, noise, publish};
use crate::BUILD;
use crate::object::{FileId, Generation, Operation, OperationId, id_of};
use crate::store::{Store, StoreError};

/// Every operation from the current one back to the first.
fn history(store: &Store) -> Vec<OperationId> {
    let mut found = Vec::new();
    let mut next = store.view().unwrap().0;
    while let Some(id) = next {
        found.push(id);
        next = store.get::<Operation>(id).unwrap().parents.first().copied();
    }
    found
}

#[test]
fn no_writer_loses_what_another_acknowledged_while_readers_read() {
    const WRITERS: u64 = 4;
    const EACH: u64 = 12;
    let sandbox = Sandbox::new();
    let done = std::sync::atomic::AtomicBool::new(false);
    let acknowledged = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let sandbox = &sandbox;
                scope.spawn(move || {
                    let store = sandbox.open();
                    let mut acknowledged = Vec::new();
                    for n in 0..EACH {
                        // Large ones in between, which get packs of their own.
                        let size = if n % 6 == 5 { 9 << 20 } else { 3000 };
                        let bytes = noise(size, writer << 32 | n);
                        loop {
                            let batch = store.batch();
                            let file = batch.put_file_bytes(&bytes).unwrap().id;
                            let expected = store.view().unwrap().0;
                            let name = format!("writer {writer}, commit {n}");
                            let operation = publish(&batch, expected, &name).unwrap();
                            match batch.commit() {
                                Ok(_) => break acknowledged.push((operation, file)),
                                Err(StoreError::Conflict { .. }) => {}
                                Err(error) => panic!("{error}"),
                            }
                        }
                    }
                    acknowledged
                })
            })
            .collect();
        for _ in 0..2 {
            scope.spawn(|| {
                let store = sandbox.open();
                let mut seen = 0;
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let length = history(&store).len();
                    assert!(length >= seen, "the history never gets shorter");
                    seen = length;
                }
            });
        }
        let acknowledged: Vec<_> = writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap())
            .collect();
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        acknowledged
    });
    let mut store = sandbox.open();
    for index in ["as written", "rebuilt"] {
        let history = history(&store);
        assert_eq!(history.len() as u64, WRITERS * EACH, "{index}");
        for (operation, file) in &acknowledged {
            assert!(history.contains(operation), "{index}");
            assert_eq!(
                blake3::hash(&store.read_file(*file, u64::MAX).unwrap()),
                (*file.as_bytes())
            );
        }
        drop(store);
        sandbox.delete_index();
        store = sandbox.open();
    }
}

#[test]
fn a_rebuild_disturbs_neither_readers_nor_writers_that_have_the_old_index_open() {
    let sandbox = Sandbox::new();
    let (one, two) = (sandbox.open(), sandbox.open());
    let first = one.put_file_bytes(b"first").unwrap().id;
    two.rebuild_index().unwrap();
    assert_eq!(one.read_file(first, 100).unwrap(), b"first");
    let second = one.put_file_bytes(b"second").unwrap().id;
    let third = two.put_file_bytes(b"third").unwrap().id;
    for store in [&one, &two] {
        for id in [first, second, third] {
            assert!(store.contains_file(id).unwrap());
        }
    }
    let batch = two.batch();
    let operation = publish(&batch, None, "aiut commit").unwrap();
    one.rebuild_index().unwrap();
    batch.commit().unwrap();
    assert_eq!(one.view().unwrap().0, Some(operation));
}

#[test]
fn what_came_after_a_newer_index_is_found_by_whoever_opened_the_old_one() {
    let sandbox = Sandbox::new();
    let opened = || {
        let store = sandbox.open();
        store.put_file_bytes(b"before").unwrap();
        store
    };
    // Each of these asks one thing, and nothing before it.
    let [by_action, by_path, by_output, by_id, by_file, by_memo] = [(); 6].map(|()| opened());
    assert!(collect(&opened(), 0, 0, false).unwrap().packs_rewritten > 0);
    let other = opened();
    let made = generate(&other, "012_003", "frames/012_003.png", b"a frame");
    let (action, file) = (action("012_003"), FileId::of(b"a frame"));
    let action = id_of(&action).unwrap();
    assert_eq!(by_action.generations_of_action(action).unwrap(), [made]);
    let path = "frames/012_003.png".parse().unwrap();
    assert_eq!(by_path.generations_at_path(&path).unwrap(), [made]);
    assert_eq!(by_output.generations_of_output(file).unwrap(), [made]);
    let found = by_id.resolve::<Generation>(&made.short(), 2).unwrap();
    assert_eq!(found, [made]);
    assert_eq!(by_file.resolve_file(&file.short(), 2).unwrap(), [file]);
    by_memo.memo_put(BUILD, &[(b"key", b"memo")]).unwrap();
    let noted = other.memo_get(BUILD, b"key").unwrap();
    assert_eq!(noted.as_deref(), Some(&b"memo"[..]));
}

#[test]
fn one_batch_takes_files_from_many_threads() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let batch = store.batch();
    let ids: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|seed| {
                let batch = &batch;
                scope.spawn(move || batch.put_file_bytes(&noise(400_000, seed % 3)).unwrap().id)
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    batch.commit().unwrap();
    for (seed, id) in (0..4).zip(ids) {
        assert!(store.read_file(id, u64::MAX).unwrap() == noise(400_000, seed % 3));
    }
}

#[test]
fn a_reader_does_not_wait_for_a_writer() {
    let sandbox = Sandbox::new();
    let id = sandbox.open().put_file_bytes(b"first").unwrap().id;
    let _lock = crate::base::lock::FileLock::acquire(
        &crate::base::folder::Folder::open(&sandbox.path).unwrap(),
        "lock",
        &crate::base::lock::Holder::default(),
        std::time::Duration::ZERO,
    )
    .unwrap();
    // Even with a commit of somebody under way.
    let pack = sandbox.packs().remove(0);
    let mut file = std::fs::OpenOptions::new().append(true).open(pack).unwrap();
    std::io::Write::write_all(&mut file, b"half a record").unwrap();
    assert_eq!(sandbox.open().read_file(id, 100).unwrap(), b"first");
}
