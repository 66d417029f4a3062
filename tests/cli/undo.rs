//! `undo OPERATION`: one taken back, what came later stays.

use insta::assert_snapshot;
use serde_json::json;

use super::film::{SCRIPT, film};
use super::world::World;

fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("a", "1\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world
}

/// The id of an operation, counted from the last.
fn operation(world: &World, back: usize) -> String {
    let log = world.json(&["op", "log"]);
    log[back]["id"].as_str().unwrap().to_owned()
}

/// The names that `tag` or `branch` lists.
fn names(world: &World, command: &str) -> Vec<String> {
    let list = world.json(&[command]);
    let name = |one: &serde_json::Value| one["name"].as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(name).collect()
}

#[test]
fn one_operation_is_taken_back_and_the_later_ones_stay() {
    let world = project();
    for tag in ["a", "b", "c"] {
        world.ok(&["tag", "-q", tag]);
    }
    let tags = |expected: &[&str]| assert_eq!(names(&world, "tag"), expected);
    let second = operation(&world, 1);
    assert_snapshot!(world.run(&["undo", &second[..12]]), @"Undid `aiut tag -q b`: now on timeline main; 1 later operation stays");
    tags(&["a", "c"]);
    let log = world.json(&["op", "log"]);
    assert_eq!(log[0]["undoes"], second);
    // Again there is nothing to do.
    let again = world.run(&["undo", &second]);
    assert_eq!(again.code, Some(1), "{again}");
    assert!(
        again.stderr.contains("is taken back already, by "),
        "{again}"
    );
    // It is an operation like any other.
    world.ok(&["undo", "-q"]);
    tags(&["a", "b", "c"]);
    world.ok(&["redo", "-q"]);
    tags(&["a", "c"]);
    world.ok(&["undo", "-q"]);
    tags(&["a", "b", "c"]);
    world.ok(&["undo", "-q"]);
    tags(&["a", "b"]);
    world.ok(&["undo", "-q"]);
    tags(&["a"]);
}

#[test]
fn the_last_operation_by_its_id_is_undone_as_without() {
    let world = project();
    world.write("a", "2\n");
    world.ok(&["commit", "-q", "-m", "Second"]);
    let last = operation(&world, 0);
    let done = world.json(&["undo", &last]);
    assert_eq!(done["operation"]["id"], last);
    assert_eq!(done["later"], 0);
    assert_eq!(done["recorded"], operation(&world, 0));
    assert_eq!(world.read("a"), "2\n", "the work stays");
    // And its undo, which is to do it again.
    world.ok(&["undo", "-q", &operation(&world, 0)]);
    assert_eq!(world.json(&["log"]).as_array().unwrap().len(), 2);
    world.ok(&["undo", "-q"]);
    assert_eq!(world.json(&["log"]).as_array().unwrap().len(), 1);
}

#[test]
fn what_was_built_upon_stays_and_what_would_do_is_said() {
    let world = project();
    world.write("a", "2\n");
    world.ok(&["commit", "-q", "-m", "Second"]);
    world.write("b", "3\n");
    world.ok(&["commit", "-q", "-m", "Third"]);
    let second = operation(&world, 1);
    let before = world.json(&["op", "log"]);
    assert_snapshot!(world.run(&["undo", &second]), @"
    --- stderr
    error: timeline main moved since operation 334f19667b97, by 8ced54daa5bc (aiut commit -q -m Third)
    hint: `aiut revert 585766b4a08d` takes back its change in a new commit
    hint: `aiut op restore 079accffb179` takes back all that came after it too
    --- exit code 1
    ");
    assert_eq!(world.json(&["op", "log"]), before);
    // On another timeline it is free.
    world.ok(&["switch", "-q", "-c", "other"]);
    world.write("b", "4\n");
    world.ok(&["commit", "-q", "-m", "Fourth"]);
    let third = operation(&world, 2);
    let done = world.json(&["undo", &third]);
    assert_eq!((&done["later"], &done["changed"]), (&json!(2), &json!([])));
    assert_eq!(world.json(&["log", "main"])[0]["subject"], "Second");
    assert_eq!(world.json(&["log"])[0]["subject"], "Fourth");
    assert_eq!(world.read("b"), "4\n");
    assert_eq!(world.json(&["status"])["changes"]["modified"], json!([]));
}

#[test]
fn deleted_and_renamed_timelines_come_back() {
    let world = project();
    world.ok(&["branch", "-q", "x"]);
    world.ok(&["branch", "-q", "-D", "x"]);
    world.ok(&["branch", "-q", "y"]);
    world.ok(&["undo", "-q", &operation(&world, 1)]);
    assert_eq!(names(&world, "branch"), ["main", "x", "y"]);
    world.ok(&["branch", "-q", "-m", "main", "trunk"]);
    world.ok(&["tag", "-q", "t"]);
    world.ok(&["undo", "-q", &operation(&world, 1)]);
    assert_eq!(world.ok(&["branch", "--show-current"]), "main\n");
    assert_eq!(names(&world, "branch"), ["main", "x", "y"]);
    assert_eq!(names(&world, "tag"), ["t"]);
    // One does not saw off the branch that one sits on.
    world.ok(&["branch", "-q", "z"]);
    world.ok(&["switch", "-q", "z"]);
    let run = world.run(&["undo", &operation(&world, 1)]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr.contains("timeline z is the current one"),
        "{run}"
    );
    // Nor does a name come back beside one that took its place.
    world.ok(&["branch", "-q", "-D", "x"]);
    world.ok(&["branch", "-q", "x/inner"]);
    let run = world.run(&["undo", &operation(&world, 1)]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr.contains("x cannot stand beside x/inner"),
        "{run}"
    );
}

#[test]
fn a_switch_takes_the_files_with_it_whatever_was_committed_since() {
    let world = project();
    world.ok(&["branch", "-q", "other"]);
    world.ok(&["switch", "-q", "other"]);
    let switched = operation(&world, 0);
    world.write("a", "2\n");
    world.write("new", "n\n");
    world.ok(&["commit", "-q", "-m", "Second"]);
    world.write("a", "work\n");
    let run = world.run(&["undo", &switched]);
    assert!(
        run.stderr.contains("files were changed since operation "),
        "{run}"
    );
    world.ok(&["restore", "-q", "a"]);
    let done = world.json(&["undo", &switched]);
    assert_eq!(done["changed"], json!(["a", "new"]));
    assert_eq!(done["head"]["timeline"], "main");
    assert_eq!(world.read("a"), "1\n");
    assert!(!world.path("new").exists());
    world.ok(&["undo", "-q"]);
    assert_eq!(world.read("a"), "2\n");
    // Who is elsewhere by now is not sent anywhere.
    world.ok(&["switch", "-q", "-c", "third"]);
    let run = world.run(&["undo", &switched]);
    assert!(
        run.stderr.starts_with("error: HEAD moved since operation "),
        "{run}"
    );
}

#[test]
fn a_restored_file_gets_back_its_edit_unless_it_was_edited_again() {
    let world = project();
    world.write("a", "my edit\n");
    world.ok(&["restore", "-q", "a"]);
    let restored = operation(&world, 0);
    world.ok(&["tag", "-q", "later"]);
    world.write("a", "another edit\n");
    let run = world.run(&["undo", &restored]);
    assert!(
        run.stderr.contains("files were changed since operation "),
        "{run}"
    );
    world.write("a", "1\n");
    world.ok(&["undo", "-q", &restored]);
    assert_eq!(world.read("a"), "my edit\n");
    assert_eq!(names(&world, "tag"), ["later"]);
}

#[test]
fn what_a_run_made_goes_and_a_tag_stays() {
    let world = film(SCRIPT, &["frames"]);
    let run = operation(&world, 0);
    let commit = world.json(&["log"])[0]["id"].clone();
    assert!(world.path("frames/001_001.png").exists());
    world.ok(&["tag", "-q", "panels"]);
    world.write("notes.md", "not committed\n");
    world.ok(&["undo", "-q", &run]);
    assert!(!world.path("frames/001_001.png").exists());
    assert_eq!(world.read("notes.md"), "not committed\n");
    assert_eq!(world.json(&["show", "panels"])["id"], commit);
    assert_ne!(world.json(&["log"])[0]["id"], commit);
    world.ok(&["undo", "-q"]);
    assert!(world.path("frames/001_001.png").exists());
    assert_eq!(world.json(&["log"])[0]["id"], commit);
}

#[test]
fn operations_that_nobody_can_mean_are_refused() {
    let world = project();
    let first = operation(&world, 1);
    world.ok(&["tag", "-q", "t"]);
    assert_snapshot!(world.run(&["undo", &first[..8]]), @"
    --- stderr
    error: operation efd77956ecbd made the project
    --- exit code 1
    ");
    let last = operation(&world, 0);
    let other = if last[11..].starts_with('0') {
        '1'
    } else {
        '0'
    };
    let run = world.run(&["undo", &format!("{}{other}", &last[..11])]);
    let hint = format!("hint: did you mean {}?", &last[..12]);
    assert!(run.stderr.contains(&hint), "{run}");
    let commit = world.json(&["log"])[0]["id"].as_str().unwrap()[..10].to_owned();
    let run = world.run(&["undo", &commit]);
    let hint = format!("that is a commit: `aiut revert {commit}`");
    assert!(run.stderr.contains(&hint), "{run}");
    for arguments in [
        ["undo", "-q", "commit"],
        ["op", "restore", "zzzz"],
        ["undo", "-q", "ab"],
    ] {
        let run = world.run(&arguments);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains("no operation is called"), "{run}");
        assert!(run.stderr.contains("`aiut op log` lists them"), "{run}");
    }
    assert_eq!(names(&world, "tag"), ["t"]);
    let empty = World::new();
    empty.ok(&["init", "-q", "--template", "none"]);
    assert_eq!(empty.run(&["undo", &operation(&empty, 0)]).code, Some(1));
}
