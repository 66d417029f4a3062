//! A scan that spares folders finds what one that lists everything finds, whatever was done between
//! the two.

#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::object::FileId;
use crate::worktree::tests::project;
use crate::worktree::{Content, hash};

const PLACES: [&str; 14] = [
    "a", "b", "a/x", "a/b", "a/b/x", "a/b/y", "a/b/c", "a/b/c/x", "b/x", "b/sub", "b/sub/x",
    "b/sub/y", "x", "X",
];
const RULES: [&str; 4] = ["x\n", "/b\n", "*.aiutignore\n", "sub/\n!x\n"];

/// What befalls the folder; the numbers choose among the places.
#[derive(Debug, Clone)]
enum Event {
    Write(usize),
    Append(usize),
    Remove(usize),
    Move(usize, usize),
    Folder(usize),
    Rules(usize, usize),
    NoRules(usize),
    Symlink(usize),
    Project(usize),
    Look,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let place = 0..PLACES.len();
    let event = prop_oneof![
        4 => place.clone().prop_map(Event::Write),
        2 => place.clone().prop_map(Event::Append),
        2 => place.clone().prop_map(Event::Remove),
        3 => (place.clone(), place.clone()).prop_map(|(from, to)| Event::Move(from, to)),
        2 => place.clone().prop_map(Event::Folder),
        1 => (0..=PLACES.len(), 0..RULES.len()).prop_map(|(at, rules)| Event::Rules(at, rules)),
        1 => (0..=PLACES.len()).prop_map(Event::NoRules),
        1 => place.clone().prop_map(Event::Symlink),
        1 => place.prop_map(Event::Project),
        6 => Just(Event::Look),
    ];
    prop::collection::vec(event, 1..40)
}

/// Does it as far as it can be done: many events make no sense where they come.
fn befall(root: &Path, event: &Event) {
    let at = |place: usize| root.join(PLACES.get(place).copied().unwrap_or_default());
    let done = match event {
        Event::Write(place) => fs::create_dir_all(at(*place).parent().unwrap())
            .and_then(|()| fs::write(at(*place), "written")),
        Event::Append(place) => fs::OpenOptions::new()
            .append(true)
            .open(at(*place))
            .and_then(|mut file| std::io::Write::write_all(&mut file, b"more")),
        Event::Remove(place) => match at(*place).is_dir() && !at(*place).is_symlink() {
            true => fs::remove_dir_all(at(*place)),
            false => fs::remove_file(at(*place)),
        },
        Event::Move(from, to) => fs::rename(at(*from), at(*to)),
        Event::Folder(place) => fs::create_dir_all(at(*place)),
        Event::Rules(place, rules) => fs::write(at(*place).join(IGNORE_FILE), RULES[*rules]),
        Event::NoRules(place) => fs::remove_file(at(*place).join(IGNORE_FILE)),
        Event::Symlink(place) => symlink("b", at(*place)),
        Event::Project(place) => fs::create_dir(at(*place).join(".aiut")),
        Event::Look => Ok(()),
    };
    let _ = done;
}

/// Scans with what is remembered, remembers it, and compares it with a scan that remembers nothing;
/// then once more, with what is as it should be taken out. How many folders were spared.
fn look(tree: &WorkTree, tracked: &[RepoPath]) -> Result<usize, TestCaseError> {
    // Until the clock has moved, the last change may not show in any time.
    let last = tree.moment().unwrap();
    while tree.moment().unwrap() <= last {}
    let none = BTreeSet::new();
    let nothing = StatCache::default();
    let mut fresh = tree.scan(tree.look_at(&nothing, false), tracked.iter(), &none);
    for (path, file) in &mut fresh.files {
        file.id = Some(tree.read(path, &hash).unwrap().0);
    }
    let wanted = |path: &RepoPath, _: &Stat| !path.as_str().ends_with('y');
    let cache = StatCache::load(tree);
    let still = tree.still(&cache).map_or(0, |still| still.folders.len());
    let mut scan = tree.scan(tree.look_at(&cache, false), tracked.iter(), &none);
    tree.contents(&mut scan, &cache, &hash, &wanted).unwrap();
    agree(&scan, &fresh)?;

    let cache = StatCache::load(tree);
    let should = tracked.iter().enumerate().map(|(at, path)| {
        let file = fresh.files.get(path);
        let content = Content {
            // One is not what it should be.
            id: file
                .and_then(|file| file.id.filter(|_| at != 1))
                .unwrap_or(FileId::of(b"-")),
            size: file.map_or(0, |file| file.stat.size),
            exec: false,
        };
        (path.as_str(), content, path)
    });
    let mut look = tree.look_at(&cache, false);
    let rest = look.take_out_same(should).into_iter().map(|(_, path)| path);
    let rest: Vec<_> = rest.collect();
    let mut scan = tree.scan(look, rest.iter().copied(), &none);
    tree.contents(&mut scan, &cache, &hash, &wanted).unwrap();
    agree(&scan, &fresh)?;
    let out = tracked.iter().filter(|path| !rest.contains(path));
    prop_assert_eq!(out.clone().count(), scan.same.len());
    for (path, place) in out.zip(&scan.same) {
        prop_assert_eq!(path.as_str(), cache.entry(*place).path);
        prop_assert!(fresh.files.contains_key(path) && !scan.files.contains_key(path));
    }
    Ok(still)
}

/// Whether a scan found what a fresh one found.
fn agree(scan: &Scan, fresh: &Scan) -> Result<(), TestCaseError> {
    for (path, file) in &scan.files {
        let right = fresh.files.get(path).is_some_and(|right| {
            right.stat == file.stat && file.id.is_none_or(|id| Some(id) == right.id)
        });
        prop_assert!(right, "{path}: {file:?}, not {:?}", fresh.files.get(path));
    }
    prop_assert_eq!(scan.files.len() + scan.same.len(), fresh.files.len());
    prop_assert_eq!(&scan.skipped, &fresh.skipped);
    prop_assert_eq!(&scan.refused, &fresh.refused);
    prop_assert_eq!(&scan.unreadable, &fresh.unreadable);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]
    #[test]
    fn what_is_spared_is_what_would_be_found(events in events()) {
        let (folder, tree) = project(&[("a/b/c/x", "1"), ("b/sub/y", "2"), ("x", "3"), ("b/x", "4")]);
        let tracked = ["a/b/c/x", "a/b/x", "b/sub/y", "b/x", "x"].map(|path| RepoPath::new(path).unwrap());
        look(&tree, &tracked)?;
        for event in &events {
            befall(folder.path(), event);
            if matches!(event, Event::Look) {
                look(&tree, &tracked)?;
            }
        }
        look(&tree, &tracked)?;
    }
}

#[test]
fn only_folders_in_which_something_was_made_or_removed_are_listed_again() {
    let (folder, tree) = project(&[
        ("a/b/x", "1"),
        ("a/y", "2"),
        ("b/sub/x", "3"),
        (".aiutignore", "y"),
    ]);
    let known = |tree: &WorkTree| look(tree, &[]).unwrap();
    assert_eq!((known(&tree), known(&tree)), (0, 5));
    fs::write(folder.path().join("a/b/x"), "edited").unwrap();
    assert_eq!(known(&tree), 5, "an edit in place lists nothing");
    fs::write(folder.path().join("b/new"), "new").unwrap();
    assert_eq!((known(&tree), known(&tree)), (4, 5));
    symlink("x", folder.path().join("b/sub/link")).unwrap();
    assert_eq!(
        (known(&tree), known(&tree)),
        (4, 4),
        "what is told of must be met each time"
    );
    fs::write(folder.path().join(IGNORE_FILE), "x").unwrap();
    assert_eq!(known(&tree), 0, "other rules, another scan");
    fs::write(folder.path().join("a/.aiutignore"), ".aiutignore").unwrap();
    known(&tree);
    assert_eq!(
        known(&tree),
        0,
        "rules that ignore themselves change unseen"
    );
}
