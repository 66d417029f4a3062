//! The journal of where the project stands: torn, damaged, lost, old, full.

use std::path::Path;

use super::support::{Sandbox, check_of, findings, publish};
use crate::object::{Operation, OperationId};
use crate::store::Store;

fn commit(store: &Store) -> OperationId {
    let batch = store.batch();
    let expected = store.view().unwrap().0;
    let id = publish(&batch, expected, "aiut commit").unwrap();
    batch.commit().unwrap();
    id
}

fn copy_file(from: impl AsRef<Path>, to: impl AsRef<Path>) {
    let bytes = std::fs::read(from).unwrap();
    crate::base::atomic::write_cache(to.as_ref(), &bytes).unwrap();
}

/// Where the last record ends: behind it there are only zeros.
fn end(journal: &[u8]) -> usize {
    journal.iter().rposition(|byte| *byte != 0).unwrap() + 1
}

/// What a store with this journal stands on, with its index and without.
fn stands(sandbox: &Sandbox, journal: &[u8], index: bool) -> Option<OperationId> {
    let victim = tempfile::tempdir().unwrap();
    let copy = victim.path().join(".aiut");
    for folder in ["packs", "index/1"] {
        std::fs::create_dir_all(copy.join(folder)).unwrap();
        for entry in std::fs::read_dir(sandbox.path.join(folder)).unwrap() {
            let entry = entry.unwrap();
            copy_file(entry.path(), copy.join(folder).join(entry.file_name()));
        }
    }
    copy_file(sandbox.path.join("format"), copy.join("format"));
    if !index {
        std::fs::remove_dir_all(copy.join("index")).unwrap();
    }
    crate::base::atomic::write_cache(&copy.join("heads"), journal).unwrap();
    let store = Store::open(&copy).unwrap();
    let stands = store.view().unwrap().0;
    assert_eq!(store.disagreement().unwrap(), None);
    let next = commit(&store);
    drop(store);
    assert_eq!(Store::open(&copy).unwrap().view().unwrap().0, Some(next));
    assert_eq!(findings(&check_of(&copy, true)), [""; 0]);
    stands
}

#[test]
fn a_record_that_was_torn_counts_as_never_written() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let first = commit(&store);
    let path = sandbox.path.join("heads");
    let before = std::fs::read(&path).unwrap();
    let second = commit(&store);
    drop(store);
    let after = std::fs::read(&path).unwrap();
    assert_eq!(before.len(), after.len(), "its length stays");
    let (from, to) = (end(&before), end(&after));
    for written in (from..to).step_by(3) {
        let mut torn = after.clone();
        torn[written..to].fill(0);
        // The operation is stored, and nothing stands on it.
        assert_eq!(
            stands(&sandbox, &torn, false),
            Some(first),
            "{written} of {from}..{to}"
        );
        // An index that was told of it is told after the journal: that has lost its end since.
        assert_eq!(
            stands(&sandbox, &torn, true),
            Some(second),
            "{written} of {from}..{to}"
        );
    }
}

#[test]
fn a_flipped_bit_anywhere_in_the_journal_changes_nothing() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    commit(&store);
    commit(&store);
    let last = commit(&store);
    drop(store);
    let right = std::fs::read(sandbox.path.join("heads")).unwrap();
    let end = end(&right);
    for at in (0..end).step_by(5).chain([end, end + 700, right.len() - 1]) {
        let mut journal = right.clone();
        journal[at] ^= 1 << (at % 8);
        for index in [true, false] {
            assert_eq!(
                stands(&sandbox, &journal, index),
                Some(last),
                "byte {at}, {index}"
            );
        }
    }
    for cut in [0, 10, 64, 100, end - 1] {
        for index in [true, false] {
            assert_eq!(
                stands(&sandbox, &right[..cut], index),
                Some(last),
                "cut at {cut}, {index}"
            );
        }
    }
}

#[test]
fn a_journal_that_is_full_is_replaced_and_says_the_same() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let mut last = None;
    let path = sandbox.path.join("heads");
    let mut shrank = 0;
    let mut used = 0;
    for n in 0..700 {
        last = Some(
            store
                .put_file_bytes(format!("file {n}").as_bytes())
                .unwrap()
                .id,
        );
        let now = end(&std::fs::read(&path).unwrap());
        shrank += usize::from(now < used);
        used = now;
    }
    assert!(shrank >= 1);
    drop(store);
    sandbox.delete_index();
    assert!(sandbox.open().contains_file(last.unwrap()).unwrap());
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}

#[test]
fn an_older_journal_wins_over_operations_that_it_does_not_acknowledge_and_takes_nothing_away() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let first = commit(&store);
    let path = sandbox.path.join("heads");
    let old = std::fs::read(&path).unwrap();
    let second = commit(&store);
    drop(store);
    crate::base::atomic::write(&path, &old).unwrap();
    sandbox.delete_index();
    let store = sandbox.open();
    assert_eq!(store.view().unwrap().0, Some(first));
    assert_eq!(store.get::<Operation>(second).unwrap().parents, [first]);
    // The very same operation once more: all of it is stored, and now it counts.
    let state = store.state().unwrap();
    let batch = store.batch();
    assert_eq!(publish(&batch, Some(first), "aiut commit").unwrap(), second);
    batch.commit().unwrap();
    assert_eq!(store.view().unwrap().0, Some(second));
    assert_ne!(store.state().unwrap(), state, "it stands elsewhere");
    drop(store);
    sandbox.delete_index();
    assert_eq!(sandbox.open().view().unwrap().0, Some(second));
}

#[test]
fn of_several_ends_of_the_log_the_longest_is_the_current_one() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let first = commit(&store);
    drop(store);
    let other = tempfile::tempdir().unwrap();
    let pack = sandbox.packs().remove(0);
    std::fs::create_dir(other.path().join("packs")).unwrap();
    copy_file(&pack, other.path().join("packs/00000001.pack"));
    copy_file(sandbox.path.join("format"), other.path().join("format"));
    let store = sandbox.open();
    let here = commit(&store);
    drop(store);
    let store = Store::open(other.path()).unwrap();
    assert_eq!(store.view().unwrap().0, Some(first), "by its packs alone");
    let batch = store.batch();
    let there = publish(&batch, Some(first), "aiut commit there").unwrap();
    batch.commit().unwrap();
    let there = (0..2).fold(there, |_, _| commit(&store));
    drop(store);
    let theirs = other.path().join("packs/00000001.pack");
    copy_file(theirs, sandbox.path.join("packs/00000002.pack"));
    assert_eq!(sandbox.open().view().unwrap().0, Some(here));
    std::fs::remove_file(sandbox.path.join("heads")).unwrap();
    let store = sandbox.open();
    assert_eq!(store.view().unwrap().0, Some(there));
    assert!(store.get::<Operation>(here).is_ok());
}

#[cfg(unix)]
#[test]
fn a_journal_with_other_names_is_left_to_them() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    commit(&store);
    let path = sandbox.path.join("heads");
    let link = sandbox.path.parent().unwrap().join("link");
    std::fs::hard_link(&path, &link).unwrap();
    let before = std::fs::read(&link).unwrap();
    let last = commit(&store);
    assert_eq!(std::fs::read(&link).unwrap(), before);
    drop(store);
    sandbox.delete_index();
    assert_eq!(sandbox.open().view().unwrap().0, Some(last));
}

/// The first batch of a pack may be torn before any record of the journal names the pack.
#[test]
fn of_a_pack_that_was_just_begun_nothing_was_acknowledged_and_one_of_others_is_left_as_it_is() {
    let (sandbox, other) = (Sandbox::new(), Sandbox::new());
    drop(sandbox.open());
    let journal = sandbox.path.join("heads");
    let empty = std::fs::read(&journal).unwrap();
    commit(&sandbox.open());
    commit(&other.open());
    let torn = |sandbox: &Sandbox| {
        let pack = std::fs::read(sandbox.packs().remove(0)).unwrap();
        pack[..pack.len() - 100].to_vec()
    };
    for (number, torn, is_cut) in [(1, torn(&sandbox), true), (2, torn(&other), false)] {
        let name = format!("packs/{number:08}.pack");
        let pack = sandbox.path.join(name);
        crate::base::atomic::write(&pack, &torn).unwrap();
        if number == 1 {
            crate::base::atomic::write(&journal, &empty).unwrap();
        }
        sandbox.delete_index();
        let store = sandbox.open();
        assert_eq!(store.damage().unwrap(), []);
        let cut = store.recovery().cut_bytes;
        assert_eq!(cut > 0, is_cut, "{number}");
        let now = std::fs::read(&pack).unwrap();
        assert!(now == torn[..torn.len() - cut as usize], "{number}");
        let next = commit(&store);
        drop(store);
        assert_eq!(sandbox.open().view().unwrap().0, Some(next));
        assert_eq!(
            findings(&check_of(&sandbox.path, true)),
            [""; 0],
            "{number}"
        );
    }
}

#[test]
fn an_index_of_another_run_of_the_system_is_made_anew() {
    let sandbox = Sandbox::new();
    let last = commit(&sandbox.open());
    let boot = sandbox.path.join("index/1/boot");
    if std::fs::read(&boot).unwrap() == b"synced\n" {
        return;
    }
    // After a power failure nobody knows what of it reached the disk.
    let noise = vec![0xa5; 40_000];
    crate::base::atomic::write(&sandbox.path.join("index/1/data.mdb"), &noise).unwrap();
    crate::base::atomic::write(&boot, b"of another run\n").unwrap();
    let store = sandbox.open();
    assert!(store.recovery().rebuilt);
    assert_eq!(store.view().unwrap().0, Some(last));
    assert!(!boot.exists() && sandbox.path.join("index/2/boot").exists());
    drop(store);
    assert!(!sandbox.open().recovery().rebuilt);
}
