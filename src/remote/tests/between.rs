//! What comes to the other side, and how much is sent for it.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use super::support::{Desk, Flaky, Studio, noise};
use crate::conformance;
use crate::object::{CommitId, ProjectId};
use crate::store::{Link, RecordId, Store};
use crate::{MemoryRefs, MemoryStorage, Remote, RemoteError, Storage, contains, plan};

/// A timeline of a film in the making, with files small and large.
fn film(desk: &Desk) -> Vec<CommitId> {
    let script = |n: u8| ("script.fountain", vec![b'a' + n; 3000]);
    let first = desk.commit(
        "main",
        &[],
        &[script(0), ("notes/a/b.md", b"notes".to_vec())],
    );
    let frames: Vec<(String, Vec<u8>)> = (0..20)
        .map(|n| (format!("frames/{n:03}.png"), noise(5000, n)))
        .collect();
    let frames: Vec<(&str, Vec<u8>)> = frames
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    let second = desk.commit("main", &[first], &frames);
    let third = desk.commit(
        "main",
        &[second],
        &[("film.mp4", noise(3 << 20, 77)), script(1)],
    );
    vec![first, second, third]
}

#[test]
fn a_push_and_a_fetch_bring_everything_and_nothing_twice() {
    let (desk, studio, other) = (Desk::new(), Studio::new(), Desk::new());
    let commits = film(&desk);
    let remote = studio.open();
    let first = desk.push(&remote, "main").unwrap();
    assert!(first.bytes > 3 << 20 && first.records > 40, "{first:?}");
    assert_eq!(
        desk.push(&remote, "main").unwrap(),
        crate::Report::default()
    );

    let fetched = other.fetch(&remote).unwrap();
    assert_eq!(fetched.records, first.records);
    assert_eq!(fetched.there.refs["timelines/main"], commits[2]);
    assert_eq!(other.files(commits[2]), desk.files(commits[2]));
    assert_eq!(other.files(commits[0]).len(), 2);
    let again = other.fetch(&remote).unwrap();
    assert_eq!((again.records, again.bytes), (0, 0));

    // A film that is cut anew: what it has in common with the former one is not sent.
    let mut film = noise(3 << 20, 77);
    film.splice(1 << 20..(1 << 20) + 9, noise(40, 5));
    let fourth = desk.commit("main", &[commits[2]], &[("film.mp4", film)]);
    let second = desk.push(&remote, "main").unwrap();
    assert!(second.bytes < 600 << 10, "{second:?}");
    let fetched = other.fetch(&remote).unwrap();
    assert_eq!(
        (fetched.records, fetched.bytes),
        (second.records, second.bytes)
    );
    assert_eq!(other.files(fourth), desk.files(fourth));

    // A timeline that says nothing new, and its end.
    desk.commit("copy", &[fourth], &[]);
    let small = desk.push(&remote, "copy").unwrap();
    assert_eq!(small.records, 1);
    studio.is_sound();
    other.is_sound();
    // Another process sees the same, and so does one that reads the project itself.
    assert_eq!(studio.open().name(), studio.path.display().to_string());
    let direct =
        crate::FolderRemote::open(desk.root(), by(), clock(), crate::HostLimits::default());
    let direct = direct.unwrap();
    let third = Desk::new();
    let fetched = third.fetch(&direct).unwrap();
    assert_eq!(third.files(fourth), desk.files(fourth));
    assert_eq!(fetched.there.refs["timelines/main"], fourth);
    let mine = third.commit("mine", &[fourth], &[]);
    assert!(third.files(mine).len() > 2);
    let refused = third.push(&direct, "mine").unwrap_err();
    assert!(
        refused.to_string().contains("push to a shared folder"),
        "{refused}"
    );
}

fn by() -> crate::By {
    crate::By {
        name: "rae".into(),
        may_force: false,
    }
}

fn clock() -> std::sync::Arc<dyn crate::base::clock::Clock> {
    std::sync::Arc::new(crate::base::clock::SystemClock::default())
}

#[test]
fn what_is_not_there_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let opened =
        crate::FolderRemote::open(folder.path(), by(), clock(), crate::HostLimits::default());
    assert!(matches!(opened, Err(RemoteError::Absent(_))), "{opened:?}");
}

#[test]
fn any_beginning_of_a_list_is_whole() {
    let desk = Desk::new();
    let commits = film(&desk);
    let store = desk.store();
    let whole = plan(store, &[commits[2]], &[]).unwrap();
    let mut before: HashSet<RecordId> = HashSet::new();
    for listed in &whole {
        for link in store
            .carry(&listed.record)
            .unwrap()
            .unwrap()
            .links()
            .unwrap()
        {
            let there = match link {
                Link::Record(record) => before.contains(&record),
                Link::File(file) => {
                    before.contains(&RecordId::of_blob(file))
                        || before.contains(&RecordId::of_layout(file))
                }
                Link::Seen(_) => true,
            };
            assert!(there, "{} names {link:?}, which comes later", listed.record);
        }
        assert!(
            before.insert(listed.record),
            "{} comes twice",
            listed.record
        );
    }
    // Two parts of it are all of it.
    let start = plan(store, &[commits[1]], &[]).unwrap();
    let rest = plan(store, &[commits[2]], &[commits[1]]).unwrap();
    assert!(rest.len() < whole.len() / 2 && start.len() < whole.len());
    let both: HashSet<RecordId> = start
        .iter()
        .chain(&rest)
        .map(|listed| listed.record)
        .collect();
    assert_eq!(both, before);
    assert_eq!(plan(store, &[commits[1]], &[commits[2]]).unwrap(), []);
    for (n, tip) in commits.iter().enumerate() {
        for (m, commit) in commits.iter().enumerate() {
            assert_eq!(contains(store, *tip, *commit).unwrap(), m <= n);
        }
    }
}

#[test]
fn storages_and_refs_are_alike() {
    let desk = Desk::new();
    let commits = film(&desk);
    let listed = plan(desk.store(), &[commits[2]], &[]).unwrap();
    let place = tempfile::tempdir().unwrap();
    let store = Store::create(&place.path().join("film"), ProjectId::random()).unwrap();
    conformance::storage(&store, desk.store(), &listed);
    conformance::storage(&MemoryStorage::default(), desk.store(), &listed);
    conformance::refs(&store, [commits[0], commits[2]]);
    conformance::refs(&MemoryRefs::default(), [commits[0], commits[2]]);
    // A store tells the same when it is opened again.
    let standing = crate::RefStore::standing(&store).unwrap();
    drop(store);
    let store = Store::open(&place.path().join("film")).unwrap();
    assert_eq!(crate::RefStore::standing(&store).unwrap(), standing);
    assert!(Storage::has(&store, &listed[0].record).unwrap());
}

#[test]
fn what_is_asked_about_grows_with_what_differs() {
    let (desk, other, studio) = (Desk::new(), Desk::new(), Studio::new());
    let mut tip = desk.commit("main", &[], &[("a", vec![1])]);
    for n in 0..600_u32 {
        tip = desk.commit("main", &[tip], &[("a", n.to_le_bytes().to_vec())]);
    }
    let remote = studio.open();
    desk.push(&remote, "main").unwrap();
    other.fetch(&remote).unwrap();
    desk.commit("main", &[tip], &[("a", vec![2; 9])]);
    let counted = Flaky::new(&remote, u64::MAX, false);
    let report = desk.push(&counted, "main").unwrap();
    // A blob, a tree and a commit.
    assert_eq!(report.records, 3);
    assert_eq!(counted.asked.load(Ordering::Relaxed), 3);
    assert!(report.bytes < 1500, "{report:?}");
    assert!(counted.calls.load(Ordering::Relaxed) <= 6);
    // Somebody who has gone another way finds out what both have.
    let theirs = other.commit("mine", &[tip], &[("b", vec![7])]);
    assert_eq!(other.files(theirs).len(), 2);
    let counted = Flaky::new(&remote, u64::MAX, false);
    let fetched = other.fetch(&counted).unwrap();
    assert_eq!(fetched.records, 3);
    let report = other.push(&counted, "mine").unwrap();
    assert_eq!(report.records, 3);
    assert!(
        counted.asked.load(Ordering::Relaxed) < 80,
        "{}",
        counted.asked.load(Ordering::Relaxed)
    );
}
