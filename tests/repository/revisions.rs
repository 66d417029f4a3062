//! Revisions, merge bases and the order of the log.

use std::collections::BTreeMap;

use aiut::history::{HistoryError, log, merge_base};
use aiut::object::{Commit, CommitId, Timestamp, TreeId};

use super::world::{START, World, rae};

#[test]
fn a_commit_is_found_by_name_id_step_and_moment() {
    let world = World::with(&[("a", "1")]);
    let first = world.head().unwrap();
    world.write("a", "2");
    let second = world.commit("Second");
    world.fork("other");
    world.write("a", "3");
    let third = world.commit("Third");
    let resolve = |text: &str| {
        world
            .project
            .resolve(text, world.now())
            .map(|found| found.commit)
    };
    for (text, expected) in [
        ("HEAD", third),
        ("@", third),
        ("other", third),
        ("timelines/main", second),
        ("main", second),
        ("HEAD~", second),
        ("HEAD~2", first),
        ("other^^", first),
        ("HEAD^0", third),
        ("main@{1}", first),
        ("other@{0}", third),
        ("@{1}", second),
        ("main@{now}", second),
        (&third.to_hex()[..8], third),
        (&third.to_hex().to_uppercase(), third),
    ] {
        assert_eq!(resolve(text).unwrap(), expected, "{text}");
    }
    for (text, message) in [
        ("HEAD~9", "is the first commit"),
        ("HEAD^2", "has only one parent"),
        ("mian", "no timeline, tag or commit is called \"mian\""),
        ("main@{yesterday}", "main had no commit then"),
        ("main@{7}", "main did not move that often"),
        ("main@{soon}", "is not a date or a time"),
        ("", "it is empty"),
        ("fff", "no timeline"),
        ("main~~~x", "is not expected there"),
    ] {
        let error = resolve(text).unwrap_err().to_string();
        assert!(error.contains(message), "{text}: {error}");
    }
}

#[test]
fn where_a_name_stood_is_told_by_the_operation_log() {
    let world = World::with(&[("a", "1")]);
    let first = world.head().unwrap();
    let noon = START + 60;
    world.write("a", "2");
    world.commit("Second");
    let at = |text: &str, seconds: i64| {
        let now = Timestamp {
            unix_seconds: seconds,
            utc_offset_minutes: 0,
        };
        world.project.resolve(text, now).map(|found| found.commit)
    };
    // Seen from the next day, yesterday had the last state; seen from then, a moment decides.
    assert_eq!(
        at("main@{yesterday}", noon + 86_400).unwrap(),
        world.head().unwrap()
    );
    assert_eq!(
        at("main@{2026-11-20}", noon + 86_400).unwrap(),
        world.head().unwrap()
    );
    let log = aiut::workflow::repository::op_log(&world.project, 9).unwrap();
    let committed = log[1].time.unix_seconds;
    let moment = format!("main@{{{} seconds ago}}", noon - committed);
    assert_eq!(at(&moment, noon).unwrap(), first);
    assert!(at("main@{2026-11-19}", noon).is_err());
    world.undo().unwrap();
    assert_eq!(at("main", noon).unwrap(), first);
}

#[test]
fn the_beginning_of_two_ids_is_refused_with_both() {
    let world = World::with(&[("a", "1")]);
    // Some pair of a few hundred commits shares its first four digits; if none does, more come.
    let mut seen: BTreeMap<String, CommitId> = BTreeMap::new();
    let mut number = 0;
    let (digits, ids) = loop {
        number += 1;
        let id = bare_commit(&world, &[], number);
        let digits = id.to_hex()[..4].to_owned();
        if let Some(other) = seen.insert(digits.clone(), id) {
            break (digits, [other, id]);
        }
    };
    match world.project.resolve(&digits, world.now()) {
        Err(HistoryError::AmbiguousRevision { ids: named, .. }) => {
            for id in ids {
                assert!(named.contains(&id.short()), "{named:?} should name {id}");
            }
        }
        other => panic!("{digits}: {other:?}"),
    }
}

/// A commit of an empty tree, at second `time`.
pub(super) fn bare_commit(world: &World, parents: &[CommitId], time: i64) -> CommitId {
    let tree: TreeId = world
        .project
        .store()
        .put(&aiut::object::Tree::default())
        .unwrap();
    let commit = Commit {
        tree,
        parents: parents.to_vec(),
        author: rae(),
        time: Timestamp {
            unix_seconds: time,
            utc_offset_minutes: 0,
        },
        message: format!("at {time}"),
        generations: vec![],
    };
    world.project.store().put(&commit).unwrap()
}

#[test]
fn the_log_never_shows_a_parent_before_its_child_even_when_clocks_were_wrong() {
    let world = World::new();
    //  root ── a(100) ── c(3, wrong clock) ─┐
    //       └─ b(50)  ── d(60) ─────────────┴─ merge(70) ── top(80)
    let root = bare_commit(&world, &[], 1);
    let a = bare_commit(&world, &[root], 100);
    let b = bare_commit(&world, &[root], 50);
    let c = bare_commit(&world, &[a], 3);
    let d = bare_commit(&world, &[b], 60);
    let merge = bare_commit(&world, &[c, d], 70);
    let top = bare_commit(&world, &[merge], 80);
    let store = world.project.store();
    let order = |starts: &[CommitId], limit| -> Vec<CommitId> {
        log(store, starts, &[], limit)
            .unwrap()
            .iter()
            .map(|logged| logged.id)
            .collect()
    };
    assert_eq!(order(&[top], 99), [top, merge, d, b, c, a, root]);
    assert_eq!(order(&[top], 3), [top, merge, d]);
    assert_eq!(order(&[a, d], 99), [a, d, b, root]);
    assert_eq!(order(&[a, root, a], 99), [a, root]);
    assert_eq!(merge_base(store, c, d).unwrap(), Some(root));
    assert_eq!(merge_base(store, top, d).unwrap(), Some(d));
    assert_eq!(merge_base(store, d, top).unwrap(), Some(d));
    assert_eq!(merge_base(store, a, a).unwrap(), Some(a));
    assert_eq!(
        merge_base(store, a, bare_commit(&world, &[], 7)).unwrap(),
        None
    );
}

#[test]
fn of_two_best_common_ancestors_the_newer_one_is_taken() {
    let world = World::new();
    let root = bare_commit(&world, &[], 1);
    let (a, b) = (
        bare_commit(&world, &[root], 10),
        bare_commit(&world, &[root], 20),
    );
    let left = bare_commit(&world, &[a, b], 30);
    let right = bare_commit(&world, &[b, a], 40);
    assert_eq!(
        merge_base(world.project.store(), left, right).unwrap(),
        Some(b)
    );
}
