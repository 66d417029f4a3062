//! `log` beyond the list: how commits differ, and which are told.

use insta::assert_snapshot;
use serde_json::json;

use super::film::{SCRIPT, film};
use super::world::World;

/// Rae writes `a` and `b`, Nora changes `b`, Rae `a`; on `side` Nora adds `c`.
fn project() -> World {
    let mut world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    let commit = |world: &World, files: &[(&str, &str)], message: &str| {
        for (path, text) in files {
            world.write(path, text);
        }
        world.ok(&["commit", "-q", "-m", message]);
    };
    commit(
        &world,
        &[("a", "one\ntwo\n"), ("d/b", "b\n")],
        "Begin\n\nFor scene 12",
    );
    world.set("AIUT_AUTHOR_NAME", "Nora Åsen");
    world.set("AIUT_AUTHOR_EMAIL", "nora+film@example.org");
    commit(&world, &[("d/b", "b\nbb\n")], "Longer");
    world.ok(&["switch", "-q", "-c", "side"]);
    commit(&world, &[("c", "c\n")], "Aside");
    world.ok(&["switch", "-q", "main"]);
    world.set("AIUT_AUTHOR_NAME", "Rae Lindqvist");
    world.set("AIUT_AUTHOR_EMAIL", "rae@example.org");
    commit(&world, &[("a", "one\n2\n")], "Number");
    world
}

fn subjects(world: &World, arguments: &[&str]) -> Vec<String> {
    let log = world.json(&[&["log"], arguments].concat());
    let subject = |entry: &serde_json::Value| entry["subject"].as_str().unwrap().to_owned();
    log.as_array().unwrap().iter().map(subject).collect()
}

#[test]
fn each_commit_is_followed_by_how_it_differs() {
    let world = project();
    assert_snapshot!(world.run(&["log", "-p", "-n", "2"]), @"
    commit 044b96e77bc6cb49ca653293f90379bc2543029d2745dbd7cb18167b248852db (HEAD, main)
    Author: Rae Lindqvist <rae@example.org>
    Date:   2026-01-01 00:06:00 +00:00

        Number

    modified: a
    diff --git a/a b/a
    --- a/a
    +++ b/a
    @@ -1,2 +1,2 @@
     one
    -two
    +2

    commit 4f4b730042e8f283f53e96f984f1204ca45559dc7838307135d628e63df8107a
    Author: Nora Åsen <nora+film@example.org>
    Date:   2026-01-01 00:02:00 +00:00

        Longer

    modified: d/b
    diff --git a/d/b b/d/b
    --- a/d/b
    +++ b/d/b
    @@ -1 +1,2 @@
     b
    +bb
    ");
    assert_snapshot!(world.run(&["log", "--stat", "--oneline"]), @"
    044b96e77bc6 (HEAD, main) Number
     a | 2 +-
     1 file changed, 1 line added, 1 removed
    4f4b730042e8 Longer
     d/b | 1 +
     1 file changed, 1 line added, 0 removed
    9aa4c28da94c Begin
     a   | 2 ++
     d/b | 1 +
     2 files changed, 3 lines added, 0 removed
    ");
    assert_snapshot!(world.run(&["log", "-p", "--stat", "-1"]), @"
    commit 044b96e77bc6cb49ca653293f90379bc2543029d2745dbd7cb18167b248852db (HEAD, main)
    Author: Rae Lindqvist <rae@example.org>
    Date:   2026-01-01 00:06:00 +00:00

        Number

     a | 2 +-
     1 file changed, 1 line added, 1 removed

    modified: a
    diff --git a/a b/a
    --- a/a
    +++ b/a
    @@ -1,2 +1,2 @@
     one
    -two
    +2
    ");
    assert_snapshot!(world.run(&["log", "--name-status", "--oneline", "d"]), @"
    4f4b730042e8 Longer
    M	d/b
    9aa4c28da94c Begin
    A	d/b
    ");
    // Of the paths that were asked for and no others, from a folder within too.
    let patch = world.ok(&["log", "-p", "a"]);
    assert!(patch.contains("+2\n") && !patch.contains("d/b"), "{patch}");
    let run = world.run_in("d", &["log", "--oneline", "--name-only", "b"]);
    assert_eq!(run.stdout.matches("d/b\n").count(), 2, "{run}");
    assert!(!run.stdout.contains("\na\n"), "{run}");
}

#[test]
fn a_drawing_goes_on_beside_the_difference() {
    let world = project();
    assert_snapshot!(world.run(&["log", "--graph", "--oneline", "--stat", "--all"]), @"
    * 044b96e77bc6 (HEAD, main) Number
    |  a | 2 +-
    |  1 file changed, 1 line added, 1 removed
    | * 0d749f7b4a29 (side) Aside
    | |  c | 1 +
    | |  1 file changed, 1 line added, 0 removed
    |/
    * 4f4b730042e8 Longer
    |  d/b | 1 +
    |  1 file changed, 1 line added, 0 removed
    * 9aa4c28da94c Begin
       a   | 2 ++
       d/b | 1 +
       2 files changed, 3 lines added, 0 removed
    ");
    assert_snapshot!(world.run(&["log", "--graph", "-p", "-n", "1"]), @"
    * commit 044b96e77bc6cb49ca653293f90379bc2543029d2745dbd7cb18167b248852db (HEAD, main)
    | Author: Rae Lindqvist <rae@example.org>
    | Date:   2026-01-01 00:06:00 +00:00
    |
    |     Number
    |
    | modified: a
    | diff --git a/a b/a
    | --- a/a
    | +++ b/a
    | @@ -1,2 +1,2 @@
    |  one
    | -two
    | +2
    ");
}

#[test]
fn a_drawing_leads_past_commits_that_are_left_out() {
    let world = project();
    // Both stand on the first one, by way of one that did not touch these paths.
    assert_snapshot!(world.run(&["log", "--graph", "--oneline", "--all", "a", "c"]), @"
    * 044b96e77bc6 (HEAD, main) Number
    | * 0d749f7b4a29 (side) Aside
    |/
    * 9aa4c28da94c Begin
    ");
    assert_snapshot!(world.run(&["log", "--graph", "--oneline", "--author", "rae"]), @"
    * 044b96e77bc6 (HEAD, main) Number
    * 9aa4c28da94c Begin
    ");
}

#[test]
fn commits_are_found_by_who_made_them_and_why() {
    let world = project();
    for (pattern, expected) in [
        ("nora", &["Longer"][..]),
        ("rae", &["Number", "Begin"]),
        ("^Rae", &["Number", "Begin"]),
        ("RAE@EXAMPLE", &["Number", "Begin"]),
        ("nora+film@", &["Longer"]),
        ("åsen", &["Longer"]),
        ("lindqvist|åsen", &["Number", "Longer", "Begin"]),
        ("nobody", &[]),
    ] {
        assert_eq!(
            subjects(&world, &["--author", pattern]),
            expected,
            "{pattern}"
        );
    }
    assert_eq!(subjects(&world, &["--grep", "scene [0-9]+"]), ["Begin"]);
    assert_eq!(
        subjects(&world, &["--grep=^number$", "--author=rae"]),
        ["Number"]
    );
    // The number counts what is found, and paths are one more condition.
    assert_eq!(
        subjects(&world, &["--author", "rae", "-n", "1"]),
        ["Number"]
    );
    assert_eq!(subjects(&world, &["--author", "rae", "d"]), ["Begin"]);
    assert_eq!(subjects(&world, &["--author", "nora", "a"]), [""; 0]);
    assert_eq!(
        subjects(&world, &["--all", "--author", "nora"]),
        ["Aside", "Longer"]
    );
    assert_eq!(
        subjects(&world, &["--reverse"]),
        ["Begin", "Longer", "Number"]
    );
    assert_eq!(subjects(&world, &["--reverse", "-2"]), ["Longer", "Number"]);
    let refused = world.run(&["log", "--author", "("]);
    assert_eq!(refused.code, Some(2), "{refused}");
    assert!(refused.stderr.starts_with("error: --author: "), "{refused}");
    assert_eq!(world.run(&["log", "--graph", "--reverse"]).code, Some(2));
}

#[test]
fn commits_are_found_by_when_they_were_made() {
    let world = project();
    // The clock begins with 2026 and goes on by minutes.
    assert_eq!(subjects(&world, &["--since", "2026-01-01"]).len(), 3);
    assert_eq!(subjects(&world, &["--since", "2026-01-02"]).len(), 0);
    assert_eq!(subjects(&world, &["--until", "2026-01-01"]).len(), 3);
    assert_eq!(subjects(&world, &["--until", "2025-12-31"]).len(), 0);
    assert_eq!(
        subjects(&world, &["--until", "2026-01-01 00:01"]),
        ["Begin"]
    );
    let between = [
        "--after",
        "2026-01-01 00:02",
        "--before",
        "2026-01-01 00:02",
    ];
    assert_eq!(subjects(&world, &between), ["Longer"]);
    assert_eq!(subjects(&world, &["--since", "2 hours ago"]).len(), 3);
    assert_snapshot!(world.run(&["log", "--since", "soon"]), @r#"
    --- stderr
    error: --since: "soon" is not a date or a time
    hint: try `yesterday`, `2 days ago`, `2026-11-20` or `2026-11-20 14:00`
    --- exit code 2
    "#);
}

#[test]
fn a_program_gets_the_differences_when_it_asks_for_them() {
    let world = project();
    let plain = world.json(&["log"]);
    assert!(plain[0].get("difference").is_none(), "{plain}");
    for option in ["-p", "--stat", "--name-only", "--word-diff"] {
        let log = world.json(&["log", option, "-n", "2", "--author", "rae"]);
        assert_eq!(log.as_array().unwrap().len(), 2);
        let difference = &log[0]["difference"];
        assert_eq!(
            difference["totals"],
            json!({"files": 1, "added": 1, "removed": 1})
        );
        assert_eq!(difference["changes"][0]["new"]["path"], "a");
        assert_eq!(log[1]["difference"]["totals"]["files"], 2);
    }
    assert_eq!(world.ok(&["log", "--json", "--author", "nobody"]), "[]\n");
    assert_eq!(world.json(&["log", "--graph"]), plain);
}

#[test]
fn a_log_of_nothing_and_of_paths_that_never_were() {
    let empty = World::new();
    empty.ok(&["init", "-q"]);
    for arguments in [&["log", "-p"][..], &["log", "--all", "--graph", "--stat"]] {
        assert_eq!(empty.ok(arguments), "");
    }
    assert_eq!(empty.ok(&["log", "-p", "--json"]), "[]\n");
    let world = project();
    let run = world.run(&["log", "--author", "rae", "--", "nothing"]);
    assert_eq!(run.code, Some(1), "{run}");
    // What is gone by now has a history too.
    std::fs::remove_file(world.path("d/b")).unwrap();
    world.ok(&["commit", "-q", "-m", "Gone"]);
    let said = world.ok(&["log", "--oneline", "--name-status", "d/b"]);
    assert!(said.contains(" Gone\nD\td/b\n"), "{said}");
}

#[test]
fn what_a_run_made_is_told_by_its_size() {
    let world = film(SCRIPT, &["frames"]);
    let said = world.ok(&["log", "-1", "--stat", "frames"]);
    assert!(said.contains("frames/001_001.png"), "{said}");
    assert!(!said.contains("prompts/"), "{said}");
    let said = world.ok(&["log", "-1", "-p", "frames/001_001.png"]);
    assert!(said.contains("Binary files"), "{said}");
}
