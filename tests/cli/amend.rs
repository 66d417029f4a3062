//! `commit --amend`: another commit in the place of the last one.

use insta::assert_snapshot;

use super::film::{SCRIPT, film, stale};
use super::world::World;

/// Two commits on `main`: one of `a`, one of `b`.
fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    for name in ["a", "b"] {
        world.write(name, format!("{name}\n"));
        world.ok(&["commit", "-q", "-m", name]);
    }
    world
}

fn subjects(world: &World) -> Vec<String> {
    let log = world.json(&["log"]);
    let subject = |entry: &serde_json::Value| entry["subject"].as_str().unwrap().to_owned();
    log.as_array().unwrap().iter().map(subject).collect()
}

#[test]
fn what_was_forgotten_goes_into_the_last_commit() {
    let mut world = project();
    let before = world.json(&["log"]);
    world.write("c", "c\n");
    world.write("b", "b2\n");
    world.set("AIUT_AUTHOR_NAME", "Nora");
    assert_snapshot!(world.run(&["commit", "--amend", "--no-edit"]), @"
    f17308654632 b
    2 files: 1 new, 1 modified, on timeline main, in the place of 596512bb0615
    ");
    let after = world.json(&["log"]);
    assert_eq!(subjects(&world), ["b", "a"]);
    for kept in ["author", "time", "parents", "message"] {
        assert_eq!(after[0][kept], before[0][kept], "{kept}");
    }
    assert_eq!(after[1]["id"], before[1]["id"]);
    let shown = world.ok(&["show", "--name-only"]);
    assert!(shown.ends_with("\n    b\n\nb\nc\n"), "{shown}");
}

#[test]
fn a_message_alone_is_changed_and_files_left_out() {
    let world = project();
    world.write("b", "not yet\n");
    let said = world.ok(&["commit", "--amend", "--only", "-m", "Better"]);
    assert!(
        said.contains("No file changed, on timeline main, in the place of"),
        "{said}"
    );
    assert_eq!(subjects(&world), ["Better", "a"]);
    assert_eq!(world.read("b"), "not yet\n");
    assert_eq!(world.json(&["status"])["changes"]["modified"][0], "b");
    assert_eq!(world.ok(&["cat", "HEAD:b"]), "b\n");
    // Named files alone, from a folder within.
    world.write("d/e", "e\n");
    let run = world.run_in("d", &["commit", "--amend", "--no-edit", "e"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(world.json(&["status"])["changes"]["modified"][0], "b");
    assert_eq!(world.ok(&["cat", "HEAD:d/e"]), "e\n");
}

#[test]
fn an_amended_commit_is_undone_and_done_again() {
    let world = project();
    let before = world.json(&["log"]);
    world.write("b", "b2\n");
    world.ok(&["commit", "--amend", "-q", "-m", "B"]);
    let after = world.json(&["log"]);
    world.ok(&["undo", "-q"]);
    assert_eq!(world.json(&["log"]), before);
    assert_eq!(world.read("b"), "b2\n", "the work stays");
    world.ok(&["redo", "-q"]);
    assert_eq!(world.json(&["log"]), after);
    // So is the first commit, and one on no timeline.
    world.ok(&["switch", "-q", "--detach", "HEAD~1"]);
    let said = world.ok(&["commit", "--amend", "-m", "A"]);
    assert!(said.contains(" A\nNo file changed, on commit "), "{said}");
    assert!(said.contains("\ntimeline main still holds "), "{said}");
    assert_eq!(subjects(&world), ["A"]);
    world.ok(&["switch", "-q", "-"]);
    assert_eq!(subjects(&world), ["B", "a"]);
}

#[test]
fn what_holds_the_former_commit_keeps_it_and_is_named() {
    let world = project();
    world.ok(&["tag", "-q", "v1"]);
    world.ok(&["switch", "-q", "-c", "beyond"]);
    world.write("c", "c\n");
    world.ok(&["commit", "-q", "-m", "c"]);
    world.ok(&["switch", "-q", "main"]);
    world.ok(&["branch", "-q", "before", "HEAD~1"]);
    assert_snapshot!(world.run(&["commit", "--amend", "-m", "B"]), @"
    daa12aad8ab1 B
    No file changed, on timeline main, in the place of 596512bb0615
    timeline beyond and tag v1 still hold 596512bb0615
    ");
    assert_eq!(world.json(&["log", "-1", "v1"])[0]["subject"], "b");
    assert_eq!(world.json(&["log", "beyond"]).as_array().unwrap().len(), 3);
    let json = world.json(&["commit", "--amend", "-m", "BB"]);
    assert_eq!(
        json["kept_by"],
        serde_json::json!([]),
        "nothing holds that one"
    );
}

#[test]
fn where_there_is_nothing_to_amend_nothing_is_done() {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    assert_snapshot!(world.run(&["commit", "--amend", "-m", "x"]), @"
    --- stderr
    error: timeline main has no commit yet
    hint: `aiut commit -m MESSAGE` makes the first
    --- exit code 1
    ");
    let world = project();
    let operations = world.json(&["op", "log"]);
    assert_snapshot!(world.run(&["commit", "--amend", "--no-edit"]), @"
    --- stderr
    error: there is nothing to amend in 596512bb0615: no file changed, and the message is the same
    hint: `aiut commit --amend -m MESSAGE` gives it another message
    --- exit code 1
    ");
    assert_eq!(world.run(&["commit", "--amend", "-m", "b"]).code, Some(1));
    std::fs::remove_file(world.path("b")).unwrap();
    assert_snapshot!(world.run(&["commit", "--amend", "--no-edit"]), @"
    --- stderr
    error: nothing would be left of 596512bb0615: the files are as before it
    hint: `aiut revert 596512bb0615` takes back a commit; `aiut undo` the last operation
    --- exit code 1
    ");
    assert_eq!(world.run(&["commit", "--amend", "-m", " "]).code, Some(1));
    assert_eq!(world.run(&["commit", "--no-edit"]).code, Some(2));
    assert_eq!(world.run(&["commit", "--only", "-m", "x"]).code, Some(2));
    assert_eq!(world.json(&["op", "log"]), operations);
}

#[cfg(unix)]
#[test]
fn the_editor_begins_with_the_former_message() {
    let mut world = project();
    assert_snapshot!(world.run(&["commit", "--amend"]), @r#"
    --- stderr
    error: a message is needed
    hint: give it on the command line: -m "…"
    hint: --no-edit keeps the message
    --- exit code 1
    "#);
    world.write("b", "b2\n");
    world.set(
        "EDITOR",
        "sh -c 'cp \"$1\" ../seen; sed -i 1s/b/Better/ \"$1\"' --",
    );
    world.ok(&["commit", "--amend", "-q"]);
    let seen = std::fs::read_to_string(world.path("../seen")).unwrap();
    assert!(seen.starts_with("b\n\n# Say what"), "{seen}");
    assert!(seen.contains("#   modified  b\n"), "{seen}");
    assert_eq!(subjects(&world), ["Better", "a"]);
}

#[test]
fn an_author_is_changed_only_when_that_is_asked_for() {
    let mut world = project();
    world.set("AIUT_AUTHOR_NAME", "Nora");
    world.ok(&["commit", "--amend", "-q", "--no-edit", "--reset-author"]);
    let log = world.json(&["log"]);
    assert_eq!(log[0]["author"]["name"], "Nora");
    assert_eq!(log[1]["author"]["name"], "Rae Lindqvist");
}

#[test]
fn outputs_keep_their_origin_and_runs_stay_with_the_commit() {
    let world = film(SCRIPT, &["frames"]);
    let (listed, log, not_made) = (world.json(&["ls"]), world.json(&["log"]), stale(&world));
    let runs = log[0]["generations"].as_u64().unwrap();
    assert!(runs > 0, "{log}");
    world.ok(&["commit", "--amend", "-q", "-m", "Panels"]);
    let amended = world.json(&["log"]);
    assert_eq!(amended[0]["generations"].as_u64(), Some(runs));
    assert_eq!(amended[0]["cost_micro_usd"], log[0]["cost_micro_usd"]);
    assert_eq!(world.json(&["ls"]), listed);
    assert_eq!(stale(&world), not_made);
    // A file beside them, and one of them edited by hand: it keeps its origin.
    world.write("notes.md", "a note\n");
    let edited = world.read("prompts/001_001.json") + " ";
    world.write("prompts/001_001.json", edited);
    world.ok(&["commit", "--amend", "-q", "--no-edit"]);
    let listed = world.json(&["ls", "prompts/001_001.json"]);
    assert_eq!(listed[0]["made_by"]["stage"], "prompts");
}

#[test]
fn everything_is_taken_by_a_too() {
    let world = project();
    world.write("c", "c\n");
    world.ok(&["commit", "-q", "-am", "All"]);
    assert_eq!(subjects(&world)[0], "All");
    assert_eq!(world.run(&["commit", "-a", "-m", "x", "c"]).code, Some(2));
}
