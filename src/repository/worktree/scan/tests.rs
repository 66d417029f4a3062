use std::collections::BTreeSet;

use super::*;
use crate::worktree::StatCache;
use crate::worktree::tests::{names, project};

fn scan(tree: &WorkTree) -> Scan {
    tree.scan(
        tree.look(&StatCache::default()),
        [].iter(),
        &BTreeSet::new(),
    )
}

#[test]
fn ignore_rules_hold_in_each_folder_and_never_for_tracked_files() {
    let (_folder, tree) = project(&[
        (".aiutignore", "*.tmp\n/renders/\n!keep.tmp\n"),
        ("script.fountain", "x"),
        ("a.tmp", "x"),
        ("shots/keep.tmp", "x"),
        ("renders/out.mp4", "x"),
        ("shots/.aiutignore", "*.bak\n"),
        ("shots/1.bak", "x"),
        ("1.bak", "x"),
        (".hidden/x", "x"),
        (".git/config", "x"),
    ]);
    let listed = scan(&tree);
    let expected = [
        ".aiutignore",
        ".hidden/x",
        "1.bak",
        "script.fountain",
        "shots/.aiutignore",
        "shots/keep.tmp",
    ];
    assert_eq!(names(&listed), expected);
    let tracked = RepoPath::new("renders/out.mp4").unwrap();
    let listed = tree.scan(
        tree.look(&StatCache::default()),
        [&tracked].into_iter(),
        &BTreeSet::new(),
    );
    assert!(listed.files.contains_key(&tracked));
}

#[test]
fn what_a_dead_command_left_beside_the_settings_is_no_file_of_the_project() {
    let (_folder, tree) = project(&[
        (".aiut.toml.4711-0.tmp", "left"),
        ("..aiutignore.4711-0.tmp", "left"),
        (".aiut.toml.tmp", "a file of the project"),
        (".notes.4711-0.tmp", "another"),
    ]);
    let listed = scan(&tree);
    assert_eq!(names(&listed), [".aiut.toml.tmp", ".notes.4711-0.tmp"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_of_the_project_is_listed_with_its_reason() {
    let (folder, tree) = project(&[
        ("a.txt", "x"),
        ("sequel/.aiut/format", "1"),
        ("sequel/script.fountain", "x"),
        ("what?.txt", "x"),
        ("aux/inner.txt", "x"),
        ("Rae.toml", "x"),
        ("rae.toml", "x"),
        ("Bible/x", "x"),
        ("bible/y", "x"),
    ]);
    std::os::unix::fs::symlink("/etc", folder.path().join("etc")).unwrap();
    std::os::unix::fs::symlink("a.txt", folder.path().join("b.txt")).unwrap();
    let listed = scan(&tree);
    assert_eq!(names(&listed), ["Bible/x", "Rae.toml", "a.txt"]);
    let show = |list: &[Unlisted]| -> Vec<String> {
        list.iter()
            .map(|entry| format!("{}: {}", entry.path, entry.reason))
            .collect()
    };
    let skipped = [
        "b.txt: a symlink, which is not followed",
        "etc: a symlink, which is not followed",
        "sequel: a project of its own",
    ];
    assert_eq!(show(&listed.skipped), skipped);
    let refused = [
        "aux: it is a device name on Windows",
        "bible/y: some systems cannot tell its name from Bible",
        "rae.toml: some systems cannot tell its name from Rae.toml",
        "what?.txt: it holds a character that Windows cannot store",
    ];
    assert_eq!(show(&listed.refused), refused);
}
