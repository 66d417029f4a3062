//! What of a difference is shown: names, words, whether there is one; by `diff` and `show`.

use insta::assert_snapshot;

use super::world::World;

const SCENE: &str =
    "INT. KITCHEN - NIGHT\n\nRae pours the cold tea into the sink.\n\nRAE\nNot again.\n";

/// A commit, and an edit of each kind that is not committed.
fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("scene.txt", SCENE);
    world.write("d/gone", "gone\n");
    world.write("d/moved", "the same words\n".repeat(9));
    world.ok(&["commit", "-q", "-m", "First"]);
    world.write("scene.txt", SCENE.replace("cold tea", "hot coffee slowly"));
    world.write("new", "new\n");
    std::fs::remove_file(world.path("d/gone")).unwrap();
    std::fs::rename(world.path("d/moved"), world.path("d/there")).unwrap();
    world
}

#[test]
fn names_alone_are_one_a_line() {
    let world = project();
    assert_snapshot!(world.run(&["diff", "--name-only"]), @"
    d/gone
    d/there
    new
    scene.txt
    ");
    assert_snapshot!(world.run(&["diff", "--name-status"]), @"
    D	d/gone
    R	d/moved	d/there
    A	new
    M	scene.txt
    ");
    // As to git from the project folder, wherever one is; limited to paths as one is.
    let run = world.run_in("d", &["diff", "--name-status", "."]);
    assert_snapshot!(run, @"
    D	d/gone
    R	d/moved	d/there
    ");
    world.ok(&["commit", "-q", "-m", "Second"]);
    assert_eq!(world.ok(&["diff", "--name-only"]), "");
    assert_snapshot!(world.run(&["diff", "--name-status", "HEAD~1..HEAD", "--", "new", "scene.txt"]), @"
    A	new
    M	scene.txt
    ");
    assert_snapshot!(world.run(&["show", "--name-only", "HEAD", "new"]), @"
    commit 74f5bd844cebcb1dd91781b7b36b3e78a5758ef36a0af443b2d1aaef1b069c66 (HEAD, main)
    Author: Rae Lindqvist <rae@example.org>
    Date:   2026-01-01 00:05:00 +00:00

        Second

    new
    ");
    for both in [["--name-only", "--stat"], ["--name-only", "--name-status"]] {
        let run = world.run(&["diff", both[0], both[1]]);
        assert_eq!(run.code, Some(2), "{run}");
    }
}

#[test]
fn words_are_marked_without_colours() {
    let world = project();
    assert_snapshot!(world.run(&["diff", "--word-diff", "scene.txt", "new"]), @"
    added: new
    diff --git a/new b/new
    new file mode 100644
    --- /dev/null
    +++ b/new
    @@ -0,0 +1 @@
    {+new+}

    modified: scene.txt
    diff --git a/scene.txt b/scene.txt
    --- a/scene.txt
    +++ b/scene.txt
    @@ -1,6 +1,6 @@ INT. KITCHEN - NIGHT
    INT. KITCHEN - NIGHT

    Rae pours the [-cold tea-]{+hot coffee slowly+} into the sink.

    RAE
    Not again.
    ");
    world.write("scene.txt", SCENE.replace("\nRAE\nNot again.\n", ""));
    assert_snapshot!(world.run(&["diff", "--word-diff", "-U0", "scene.txt"]), @"
    modified: scene.txt
    diff --git a/scene.txt b/scene.txt
    --- a/scene.txt
    +++ b/scene.txt
    @@ -4,3 +3,0 @@ INT. KITCHEN - NIGHT

    [-RAE-]
    [-Not again.-]
    ");
    let colored = world.ok(&["diff", "--word-diff", "--color", "always", "scene.txt"]);
    assert!(colored.contains("[-RAE-]\u{1b}[0m\n"), "{colored:?}");
    // What a terminal would obey is spelled out for it.
    world.write("scene.txt", SCENE.replace("cold", "\u{1b}[31mred"));
    let colored = world.ok(&["diff", "--word-diff", "--color", "always", "scene.txt"]);
    assert!(colored.contains("{+\\u{1b}[31mred+}"), "{colored:?}");
    world.ok(&["commit", "-q", "-m", "Second"]);
    let shown = world.ok(&["show", "--word-diff", "HEAD", "--", "scene.txt"]);
    assert!(shown.contains("[-cold-]"), "{shown}");
}

#[test]
fn whether_anything_differs_is_told_by_the_exit_code() {
    let world = project();
    for arguments in [
        &["diff", "--exit-code"][..],
        &["diff", "--exit-code", "--stat"],
        &["diff", "--exit-code", "--json"],
        &["diff", "--quiet"],
        &["diff", "--exit-code", "-q", "scene.txt"],
    ] {
        let run = world.run(arguments);
        assert_eq!(run.code, Some(3), "{arguments:?}\n{run}");
        let is_quiet = arguments.iter().any(|word| word.contains("-q"));
        assert_eq!(run.stdout.is_empty(), is_quiet, "{arguments:?}\n{run}");
    }
    assert_eq!(world.run(&["diff"]).code, Some(0));
    world.ok(&["commit", "-q", "-m", "Second"]);
    for arguments in [
        &["diff", "--exit-code"][..],
        &["diff", "-q"],
        &[
            "diff",
            "--exit-code",
            "HEAD~1",
            "HEAD",
            "--",
            "d/nothing",
            ".",
        ],
    ] {
        let run = world.run(arguments);
        let differs = arguments.contains(&"HEAD~1");
        assert_eq!(run.code, Some(if differs { 3 } else { 0 }), "{run}");
    }
    let empty = World::new();
    empty.ok(&["init", "-q", "--template", "none"]);
    assert_eq!(empty.run(&["diff", "--exit-code"]).code, Some(0));
    empty.write("a", "a\n");
    assert_eq!(empty.run(&["diff", "--quiet"]).code, Some(3));
}

#[test]
fn a_commit_is_shown_as_far_as_paths_go() {
    let world = project();
    world.ok(&["commit", "-q", "-m", "Second"]);
    let shown = world.ok(&["show", "HEAD", "d"]);
    assert!(
        shown.contains("removed: d/gone") && !shown.contains("scene.txt"),
        "{shown}"
    );
    // From a folder within, and without a revision.
    let run = world.run_in("d", &["show", "there"]);
    assert!(
        run.stdout.contains("d/there") && !run.stdout.contains("d/gone"),
        "{run}"
    );
    let json = world.json(&["show", "HEAD", "new"]);
    assert_eq!(json["changes"].as_array().unwrap().len(), 1);
    assert!(json.get("difference").is_none());
    let json = world.json(&["show", "-p", "HEAD", "new"]);
    assert_eq!(json["difference"]["changes"][0]["new"]["path"], "new");
    assert_snapshot!(world.run(&["show", "HEAD~1", "new"]), @"
    commit 117e6bffda41d3a8bfacb9ea0ddcf650d0eda42baf9054d1bf1aab923c696803
    Author: Rae Lindqvist <rae@example.org>
    Date:   2026-01-01 00:01:00 +00:00

        First

    It changed nothing in new
    ");
    assert_snapshot!(world.run(&["show", "HEAD", "nowhere"]), @"
    --- stderr
    error: nowhere is neither a revision nor a path
    hint: `aiut branch` lists the timelines, `aiut tag` the tags, `aiut ls` the files
    --- exit code 1
    ");
}

#[test]
fn several_commits_and_files_are_shown_one_after_the_other() {
    let world = project();
    world.ok(&["commit", "-q", "-m", "Second"]);
    assert_snapshot!(world.run(&["show", "--name-only", "HEAD~1", "HEAD:new", "HEAD"]), @"
    commit 117e6bffda41d3a8bfacb9ea0ddcf650d0eda42baf9054d1bf1aab923c696803
    Author: Rae Lindqvist <rae@example.org>
    Date:   2026-01-01 00:01:00 +00:00

        First

    d/gone
    d/moved
    scene.txt

    new
      id       79d1d8da0b625035cdbfc9d51841030861b9f4cf7c5abbe442a8d13efc352170
      size     4 B
      changed  in b6e4612b2584 Second
      made by  hand

    commit b6e4612b25849684f75b0034649bb7df30cfbc2fd870230dc2f3a10cd3d1888f (HEAD, main)
    Author: Rae Lindqvist <rae@example.org>
    Date:   2026-01-01 00:02:00 +00:00

        Second

    d/gone
    d/there
    new
    scene.txt
    ");
    let between = world.ok(&["show", "--stat", "HEAD~1..HEAD"]);
    assert!(
        between.contains("    Second\n") && !between.contains("    First\n"),
        "{between}"
    );
    // One object each, of the form that one alone has.
    let text = world.ok(&["show", "--json", "HEAD", "HEAD~1"]);
    let objects = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
    let objects: Vec<_> = objects.map(Result::unwrap).collect();
    assert_eq!(objects[0], world.json(&["show", "HEAD"]));
    assert_eq!(objects[1], world.json(&["show", "HEAD~1"]));
    let run = world.run(&["show", "HEAD", "nosuch"]);
    assert_eq!(run.code, Some(1), "{run}");
}
