//! Merges, made through the library, as the commands show and use them.

use std::sync::Arc;

use aiut::base::clock::FixedClock;
use aiut::base::lock::Holder;
use aiut::history::{Aftermath, Caller, Project};
use aiut::object::{Commit, CommitId, Person};

use super::world::World;

/// `main` changed `a`, `side` made `b`; the merge on `main` has both, and HEAD is on it.
fn joined() -> (World, String) {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("a", "1\n");
    world.ok(&["commit", "-q", "-m", "Base"]);
    world.ok(&["switch", "-q", "-c", "side"]);
    world.write("b", "side\n");
    world.ok(&["commit", "-q", "-m", "Side"]);
    world.ok(&["switch", "-q", "main"]);
    world.write("a", "2\n");
    world.ok(&["commit", "-q", "-m", "Main"]);
    // The files of the merge, as a commit whose parents are then those of a merge.
    world.write("b", "side\n");
    world.ok(&["commit", "-q", "-m", "Files"]);
    let (files, side) = (id(&world, "HEAD"), id(&world, "side"));
    world.ok(&["undo", "-q"]);
    let clock = Arc::new(FixedClock::starting_at(1_767_300_000));
    let caller = Caller {
        holder: Holder {
            user: "rae".into(),
            host: "stage".into(),
            command: "aiut merge side".into(),
        },
        clock: &*clock,
        aftermath: Aftermath::default(),
        guard: std::sync::Arc::new(()),
    };
    let project = Project::discover(&world.path("")).unwrap();
    let commit = |hex: &str| -> CommitId { hex.parse().unwrap() };
    let tree = project.store().get::<Commit>(commit(&files)).unwrap().tree;
    let mut transaction = project.transaction(&caller).unwrap();
    let author = Person {
        name: "Rae".into(),
        email: "rae@example.org".into(),
    };
    let time = caller.clock.now();
    let made = transaction
        .commit_joining(&[commit(&side)], tree, &author, time, "Join side", vec![])
        .unwrap();
    transaction.publish(&caller, vec![], None).unwrap();
    world.write("b", "side\n");
    (world, made.to_hex())
}

fn id(world: &World, revision: &str) -> String {
    let shown = world.json(&["show", revision]);
    shown["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_merge_shows_in_every_command() {
    let (world, merge) = joined();
    let status = world.json(&["status"]);
    assert!(
        status["changes"]["added"].as_array().unwrap().is_empty(),
        "{status}"
    );
    let graph = world.ok(&["log", "--graph", "--oneline"]);
    let marks: Vec<&str> = graph
        .lines()
        .map(|line| {
            line.split(|c: char| c.is_ascii_alphanumeric())
                .next()
                .unwrap()
                .trim_end()
        })
        .collect();
    assert_eq!(marks, ["*", "|\\", "* |", "| *", "|/", "*"], "{graph}");
    let full = world.ok(&["log", "-1"]);
    let parents = [id(&world, "HEAD^1"), id(&world, "HEAD^2")];
    let line = format!("Merge:  {} {}", &parents[0][..12], &parents[1][..12]);
    assert!(full.contains(&line), "{full}");
    assert_eq!(parents[1], id(&world, "side"));
    // Against the first parent: what it brought in.
    for command in [
        &["log", "-1", "--stat"][..],
        &["log", "-1", "-p"],
        &["show", "HEAD", "-p"],
    ] {
        let text = world.ok(command);
        assert!(text.contains('b') && !text.contains("a/a "), "{text}");
    }
    let changes = world.json(&["show", "HEAD"]);
    let changes = changes["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0]["path"], "b");
    assert_eq!(
        world
            .json(&["log", "HEAD^1..HEAD"])
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        world
            .json(&["log", "HEAD^2..HEAD"])
            .as_array()
            .unwrap()
            .len(),
        2
    );
    world.ok(&["fsck"]);
    // What only the merge stands on stays.
    world.ok(&["branch", "-d", "side"]);
    world.ok(&["gc"]);
    world.ok(&["fsck"]);
    assert_eq!(id(&world, "HEAD^2"), parents[1]);
    world.ok(&["commit", "--amend", "-q", "-m", "Join the side"]);
    assert_eq!(id(&world, "HEAD^2"), parents[1]);
    assert!(world.ok(&["op", "log"]).contains("merge side"));
    world.ok(&["undo", "-q"]);
    assert_eq!(id(&world, "HEAD"), merge);
}

#[test]
fn a_merge_is_reverted_and_picked_from_the_parent_that_is_named() {
    let (world, merge) = joined();
    for command in [["revert", "HEAD"], ["cherry-pick", "HEAD"]] {
        let refused = world.run(&command);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.contains("is a merge of"), "{refused}");
        assert!(refused.stderr.contains("--mainline 1"), "{refused}");
    }
    // To git, -m is the mainline.
    let refused = world.run(&["revert", "-m", "1", "HEAD"]);
    assert_eq!(refused.code, Some(2), "{refused}");
    let told = "aiut revert --mainline 1 HEAD";
    assert!(refused.stderr.contains(told), "{refused}");
    let refused = world.run(&["revert", "--mainline", "3", "HEAD"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(
        refused.stderr.contains("has no parent 3: it has 2"),
        "{refused}"
    );
    assert_eq!(
        world.run(&["revert", "--mainline", "0", "HEAD"]).code,
        Some(2)
    );
    world.ok(&["revert", "-q", "--mainline", "1", "HEAD"]);
    assert!(!world.path("b").exists());
    assert_eq!(world.read("a"), "2\n");
    world.ok(&["cherry-pick", "-q", "-m", "1", &merge]);
    assert_eq!(world.read("b"), "side\n");
    world.ok(&["revert", "-q", "--mainline", "2", &merge]);
    assert_eq!(
        (world.read("a"), world.read("b")),
        ("1\n".into(), "side\n".into())
    );
    // A commit with one parent has a first one, as with git.
    world.ok(&["cherry-pick", "-q", "-m", "1", "HEAD~3^1"]);
    assert_eq!(world.read("a"), "2\n");
}
