//! Collecting what nothing needs: never too much, whoever dies, reads or writes meanwhile.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::support::{
    Sandbox, append, check_of, collect, collect_while, findings, flip, noise, publish_files,
};
use crate::object::{FileId, Operation, Tree, TreeEntry};
use crate::store::catalogue::Opened;
use crate::store::house::House;
use crate::store::pack::{PACK_HEADER_BYTES, Pack, footer};
use crate::store::scan::headers;
use crate::store::{Store, StoreError, Stored};

/// Stores files, some of which an operation needs: (needed, not needed).
fn store_files(store: &Store, seed: u64, size: usize) -> (Vec<FileId>, Vec<FileId>) {
    let batch = store.batch();
    let put = |n: u64| {
        batch
            .put_file_bytes(&noise(size + n as usize, seed + n))
            .unwrap()
    };
    let (kept, loose) = ([put(0), put(1)], [put(2), put(3)]);
    publish_files(&batch, store.view().unwrap().0, "aiut commit", &kept).unwrap();
    batch.commit().unwrap();
    (
        kept.map(|stored| stored.id).to_vec(),
        loose.map(|stored| stored.id).to_vec(),
    )
}

fn are_there(store: &Store, files: &[FileId]) -> bool {
    files
        .iter()
        .all(|id| store.read_file(*id, u64::MAX).is_ok())
}

#[test]
fn what_nothing_needs_goes_when_its_grace_is_over_and_nothing_else_does() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let (kept, loose) = store_files(&store, 1, 100_000);
    let seen = collect(&store, 0, 30, false).unwrap();
    assert_eq!((seen.records, seen.packs_rewritten), (0, 0));
    assert!(seen.waiting > 2 && seen.waiting_bytes > 200_000, "{seen:?}");
    assert_eq!(seen.next_due, Some(30 * 86_400));
    // Something comes to need one of them.
    let batch = store.batch();
    let expected = store.view().unwrap().0;
    publish_files(
        &batch,
        expected,
        "aiut pick",
        &[Stored {
            id: loose[0],
            size: 100_002,
        }],
    )
    .unwrap();
    batch.commit().unwrap();
    assert_eq!(collect(&store, 29, 30, false).unwrap().records, 0);
    let would = collect(&store, 30, 30, true).unwrap();
    assert!(are_there(&store, &loose), "a dry run does nothing");
    let done = collect(&store, 30, 30, false).unwrap();
    assert_eq!((would.records, would.bytes), (done.records, done.bytes));
    assert!(done.bytes > 100_000 && done.waiting == 0, "{done:?}");
    assert!(done.bytes_after < done.bytes_before - 90_000);
    for store in [&store, &sandbox.open()] {
        assert!(are_there(store, &kept) && are_there(store, &loose[..1]));
        assert!(!store.contains_file(loose[1]).unwrap());
    }
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
    // And everything goes on.
    let again = store.put_file_bytes(&noise(100_003, 4)).unwrap().id;
    assert_eq!(again, loose[1]);
    assert!(are_there(&store, &loose));
    let mut next = store.view().unwrap().0;
    let mut log = 0;
    while let Some(id) = next {
        next = store.get::<Operation>(id).unwrap().parents.first().copied();
        log += 1;
    }
    assert_eq!(log, 2);
}

#[test]
fn what_is_kept_for_its_grace_keeps_what_it_needs() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    store_files(&store, 1, 10);
    let file = store.put_file_bytes(&noise(500_000, 9)).unwrap();
    collect(&store, 0, 30, false).unwrap();
    // A tree that nothing needs either, but only since day 29.
    let tree = Tree::new(vec![TreeEntry::file("frame.png", file.id, file.size)]).unwrap();
    store.put(&tree).unwrap();
    collect(&store, 29, 30, false).unwrap();
    let done = collect(&store, 31, 30, false).unwrap();
    assert!(are_there(&store, &[file.id]), "{done:?}");
    collect(&store, 60, 30, false).unwrap();
    assert!(!store.contains_file(file.id).unwrap());
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}

#[test]
fn others_write_while_it_prepares_and_what_they_wrote_or_need_stays() {
    for size in [100_000, 9 << 20] {
        let sandbox = Sandbox::new();
        let store = sandbox.open();
        let (kept, loose) = store_files(&store, 1, size);
        let mut new = Vec::new();
        let done = collect_while(&store, 0, 0, false, || {
            // Another process: it finds the one that is to go, and counts on it.
            let other = sandbox.open();
            let batch = other.batch();
            let again = batch.put_file_bytes(&noise(size + 2, 3)).unwrap();
            assert_eq!(again.id, loose[0], "it is stored already");
            let more = batch.put_file_bytes(&noise(size, 77)).unwrap();
            let expected = other.view().unwrap().0;
            publish_files(&batch, expected, "aiut commit", &[again, more]).unwrap();
            batch.commit().unwrap();
            let unused = other.put_file_bytes(&noise(size, 78)).unwrap();
            new = vec![again.id, more.id, unused.id];
        });
        let done = done.unwrap();
        assert!(done.packs_rewritten > 0 && done.records > 0, "{done:?}");
        for store in [&store, &sandbox.open()] {
            assert!(are_there(store, &kept) && are_there(store, &new), "{size}");
            assert!(!store.contains_file(loose[1]).unwrap(), "{size}");
            let head = store.view().unwrap().0.unwrap();
            assert_eq!(store.get::<Operation>(head).unwrap().parents.len(), 1);
        }
        assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
        sandbox.delete_index();
        assert!(are_there(&sandbox.open(), &new));
    }
}

#[test]
fn a_pack_that_is_sealed_while_it_is_looked_at_is_looked_at_as_it_was() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    store_files(&store, 1, 1000);
    let path = sandbox.packs().remove(0);
    let house = House::enter(&sandbox.path).unwrap();
    let (one, two) = (Opened::all(&house).unwrap(), Opened::all(&house).unwrap());
    let noted = path.metadata().unwrap().len();
    let mut before = one.walk().unwrap();
    // Another process commits and seals it.
    store_files(&store, 10, 1000);
    let end = path.metadata().unwrap().len();
    let pack = Pack::open(&house.packs, 1).unwrap();
    let mut all = headers(&pack, PACK_HEADER_BYTES, end).unwrap();
    append(&path, &footer(&mut all, end));

    let mut during = two.walk().unwrap();
    for catalogue in [&mut before, &mut during] {
        let walk = &catalogue.packs[&1].walk;
        assert_eq!((walk.harm.len(), walk.end, walk.sealed), (0, noted, false));
        let known = walk.entries.len();
        let came = catalogue.extend(&house).unwrap();
        assert_eq!(known + came.len(), all.len());
        assert!(catalogue.packs[&1].walk.sealed);
        assert_eq!(catalogue.extend(&house).unwrap(), []);
    }
    // Nothing follows a footer, and what was there does not go.
    let sealed = std::fs::read(&path).unwrap();
    append(&path, b"more");
    assert!(matches!(before.extend(&house), Err(StoreError::Busy(_))));
    let less = &sealed[..noted as usize - 1];
    crate::base::atomic::write(&path, &sealed).unwrap();
    let mut again = Opened::all(&house).unwrap().walk().unwrap();
    assert_eq!(again.extend(&house).unwrap(), []);
    std::fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(less.len() as u64)
        .unwrap();
    assert!(matches!(again.extend(&house), Err(StoreError::Busy(_))));
}

#[test]
fn it_gives_up_when_packs_were_rewritten_while_it_prepared() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let (kept, loose) = store_files(&store, 1, 100_000);
    let twice = collect_while(&store, 0, 0, false, || {
        assert!(collect(&sandbox.open(), 0, 0, false).unwrap().records > 0);
    });
    assert!(matches!(twice, Err(StoreError::Busy(_))));
    let store = sandbox.open();
    assert!(are_there(&store, &kept) && !store.contains_file(loose[0]).unwrap());
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
    let left = std::fs::read_dir(sandbox.path.join("incoming")).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn a_batch_that_counts_on_what_went_meanwhile_is_refused_whole() {
    let sandbox = Sandbox::new();
    let (one, two) = (sandbox.open(), sandbox.open());
    let (_, loose) = store_files(&one, 1, 100_000);
    let batch = two.batch();
    let stored = batch.put_file_bytes(&noise(100_002, 3)).unwrap();
    assert_eq!(stored.id, loose[0], "it is stored already");
    let expected = two.view().unwrap().0;
    publish_files(&batch, expected, "aiut commit", &[stored]).unwrap();
    assert!(collect(&one, 0, 0, false).unwrap().records > 0);
    assert!(matches!(batch.commit(), Err(StoreError::Collected(_))));
    assert_eq!(two.view().unwrap().0, expected);
    // Also when the batch was begun after, in a store that was opened before.
    let batch = two.batch();
    publish_files(
        &batch,
        expected,
        "aiut commit",
        &[Stored {
            id: loose[1],
            size: 100_003,
        }],
    )
    .unwrap();
    assert!(matches!(batch.commit(), Err(StoreError::Collected(_))));
    // Tried again, it is stored again.
    let batch = two.batch();
    let stored = batch.put_file_bytes(&noise(100_002, 3)).unwrap();
    publish_files(&batch, expected, "aiut commit", &[stored]).unwrap();
    batch.commit().unwrap();
    assert!(are_there(&one, &loose[..1]));
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}

#[test]
fn an_index_of_packs_that_were_all_replaced_is_no_damage() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let (kept, _) = store_files(&store, 1, 100_000);
    drop(store);
    let [pack, index] = ["packs/00000001.pack", "index/1/data.mdb"].map(|at| sandbox.path.join(at));
    let (old_pack, old_index) = (
        std::fs::read(&pack).unwrap(),
        std::fs::read(&index).unwrap(),
    );
    collect(&sandbox.open(), 0, 0, false).unwrap();
    assert!(!pack.exists());
    // As a kill leaves it between the rename of the new pack and the new index.
    sandbox.delete_index();
    std::fs::create_dir_all(index.parent().unwrap()).unwrap();
    crate::base::atomic::write(&index, &old_index).unwrap();
    crate::base::atomic::write(&pack, &old_pack).unwrap();
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
    assert!(are_there(&sandbox.open(), &kept));
    assert!(!pack.exists());
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}

#[test]
fn readers_read_on_while_packs_are_replaced_under_them() {
    let sandbox = Sandbox::new();
    let (reader, writer) = (sandbox.open(), sandbox.open());
    let mut kept = Vec::new();
    for round in 0..4 {
        kept.extend(store_files(&writer, 100 * round, 200_000).0);
        // The reader knows the packs of some rounds by open files, of others by the index alone.
        if round % 2 == 0 {
            assert!(are_there(&reader, &kept));
        }
        let day = i64::try_from(round).unwrap();
        assert!(collect(&writer, day, 0, false).unwrap().packs_rewritten > 0);
        assert!(are_there(&reader, &kept), "round {round}");
        assert_eq!(reader.view().unwrap(), writer.view().unwrap());
    }
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let fresh = sandbox.open();
                    assert!(are_there(&reader, &kept) && are_there(&fresh, &kept));
                }
            });
        }
        for round in 10..18 {
            store_files(&writer, 100 * round, 50_000);
            let day = i64::try_from(round).unwrap();
            collect(&writer, day, 0, false).unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}

#[test]
fn many_small_packs_become_one_and_second_copies_go() {
    let sandbox = Sandbox::new();
    let mut kept = Vec::new();
    for n in 0..5 {
        let store = sandbox.open();
        kept.extend(store_files(&store, n * 10, 9 << 20).0);
        // So large that it is a pack of its own; with the loose half gone, a small one.
        drop(store);
    }
    let store = sandbox.open();
    collect(&store, 0, 0, false).unwrap();
    // The same pack once more, as a copying tool may leave it.
    let pack = sandbox.packs().pop().unwrap();
    let bytes = std::fs::read(&pack).unwrap();
    let next = sandbox.path.join("packs/00000090.pack");
    crate::base::atomic::write(&next, &bytes).unwrap();
    drop(store);
    sandbox.delete_index();
    let store = sandbox.open();
    let done = collect(&store, 1, 0, false).unwrap();
    assert!(done.copies > 4 && done.copied_bytes > 1000, "{done:?}");
    assert!(are_there(&store, &kept));
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
    // Four small packs, none of them with garbage.
    let sandbox = Sandbox::new();
    for n in 0..4 {
        let store = sandbox.open();
        let batch = store.batch();
        let file = batch.put_file_bytes(&noise(9 << 20, n)).unwrap();
        publish_files(&batch, store.view().unwrap().0, "aiut commit", &[file]).unwrap();
        batch.commit().unwrap();
    }
    let done = collect(&sandbox.open(), 0, 30, false).unwrap();
    assert_eq!(
        (done.packs_before, done.packs_after, done.records),
        (4, 1, 0)
    );
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
    let again = collect(&sandbox.open(), 0, 30, false).unwrap();
    assert_eq!((again.packs_rewritten, again.packs_after), (0, 1));
}

#[test]
fn damage_stops_it_before_anything_is_thrown_away() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let (_, loose) = store_files(&store, 1, 100_000);
    collect(&store, 0, 1, false).unwrap();
    let pack = sandbox.packs().remove(0);
    let length = pack.metadata().unwrap().len();
    // The header of a record in the middle of a batch.
    flip(&pack, 40);
    let error = collect(&store, 9, 1, false).unwrap_err().to_string();
    assert!(
        error.starts_with("00000001.pack is damaged at byte 32"),
        "{error}"
    );
    assert_eq!(pack.metadata().unwrap().len(), length);
    flip(&pack, 40);
    // The payload of a record that would be carried over.
    flip(&pack, 1000);
    assert!(collect(&store, 9, 1, false).is_err());
    assert_eq!(pack.metadata().unwrap().len(), length);
    assert_eq!(
        std::fs::read_dir(sandbox.path.join("incoming"))
            .unwrap()
            .count(),
        0
    );
    flip(&pack, 1000);
    assert!(are_there(&store, &loose));
    assert!(collect(&store, 9, 1, false).unwrap().records > 0);
}

#[test]
fn leftovers_of_dead_writers_go_and_those_of_living_ones_stay() {
    let sandbox = Sandbox::new();
    let (store, other) = (sandbox.open(), sandbox.open());
    store_files(&store, 1, 10);
    let dead = sandbox.path.join("incoming/1-0.pack");
    crate::base::atomic::write(&dead, &noise(5000, 1)).unwrap();
    let alive = other.batch();
    alive.put_file(&noise(20 << 20, 5)[..]).unwrap();
    assert_eq!(collect(&store, 0, 30, true).unwrap().leftover_bytes, 5000);
    assert!(dead.exists());
    assert_eq!(collect(&store, 0, 30, false).unwrap().leftover_bytes, 5000);
    assert!(!dead.exists());
    alive.commit().unwrap();
    assert!(are_there(&store, &[FileId::of(&noise(20 << 20, 5))]));
}

/// Set for a process that is to be killed: the folder it works in.
const VICTIM: &str = "AIUT_TEST_COLLECTOR";

/// Not a test but the process that the next one kills: commits, leaves garbage, collects.
#[test]
#[allow(clippy::disallowed_methods, reason = "how a test talks to its child")]
fn collector() {
    let Ok(folder) = std::env::var(VICTIM) else {
        return;
    };
    let store = Store::open(folder.as_ref()).unwrap();
    let mut out = std::io::stdout();
    for day in 0.. {
        let expected = store.view().unwrap().0;
        let n = expected.map_or(0, |id| {
            let command = store.get::<Operation>(id).unwrap().command;
            command.parse::<u64>().unwrap() + 1
        });
        let batch = store.batch();
        let file = batch.put_file_bytes(&noise(30_000, n)).unwrap();
        publish_files(&batch, expected, &n.to_string(), &[file]).unwrap();
        batch.commit().unwrap();
        writeln!(out, "\nacknowledged {n}").unwrap();
        out.flush().unwrap();
        store
            .put_file_bytes(&noise(400_000, 1_000_000 + n))
            .unwrap();
        collect(&store, day, 0, false).unwrap();
    }
}

#[test]
fn a_kill_at_any_moment_loses_nothing_that_is_needed() {
    let sandbox = Sandbox::new();
    for round in 0..25_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::tests::collect::collector", "--nocapture"])
            .env(VICTIM, &sandbox.path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut next = || {
            lines.by_ref().find_map(|line| {
                let line = line.ok()?;
                line.strip_prefix("acknowledged ")?.parse::<u64>().ok()
            })
        };
        let mut last = None;
        for _ in 0..=round % 3 {
            last = next().or(last);
        }
        let started = std::time::Instant::now();
        let delay = Duration::from_micros(u64::from(noise(2, round)[0]) * 120);
        while started.elapsed() < delay {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        while let Some(n) = next() {
            last = Some(n);
        }
        let last = last.expect("it acknowledged some");
        // Before anything is opened: what a kill leaves is no damage.
        let check = check_of(&sandbox.path, true);
        assert_eq!(findings(&check), [""; 0], "round {round}");
        if round % 5 == 4 {
            sandbox.delete_index();
        }
        let store = sandbox.open();
        let current = store.view().unwrap().0.unwrap();
        let current = store.get::<Operation>(current).unwrap().command;
        let current: u64 = current.parse().unwrap();
        assert!(
            current == last || current == last + 1,
            "{current} after {last}"
        );
        for n in 0..=current {
            let id = FileId::of(&noise(30_000, n));
            assert!(are_there(&store, &[id]), "file {n} in round {round}");
        }
        assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
    }
    let store = sandbox.open();
    let done = collect(&store, 1000, 0, false).unwrap();
    assert!(done.packs_after < 4 && done.waiting == 0, "{done:?}");
}
