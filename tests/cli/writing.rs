//! `--json` of the commands that write, and the small ways of git that they know.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::world::World;

fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("a", "1\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world
}

/// Runs with `--json`; the operation that it says it recorded is the last of the log.
fn done(world: &World, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json"]].concat();
    let run = world.run(&arguments);
    assert_eq!(run.code, Some(0), "{arguments:?}\n{run}");
    assert!(run.stderr.is_empty(), "{run}");
    let value: Value = serde_json::from_str(&run.stdout).expect("one object and nothing else");
    assert_eq!(value["recorded"], world.json(&["op", "log"])[0]["id"]);
    value
}

#[test]
fn every_writing_command_says_what_it_did() {
    let world = World::new();
    let made = done(&world, &["init"]);
    assert_eq!(made["head"], json!({"timeline": "main", "commit": null}));
    assert_eq!(made["written"], json!(["aiut.toml", ".aiutignore"]));
    world.write("a", "1\n");
    let first = done(&world, &["commit", "-m", "First"]);
    let id = first["commit"]["id"].clone();
    assert_eq!(first["head"]["commit"], id);
    assert_eq!(
        first["changes"]["added"],
        json!([".aiutignore", "a", "aiut.toml"])
    );
    assert_eq!(first["amended"], Value::Null);
    world.write("a", "2\n");
    let second = done(&world, &["commit", "-m", "Second"]);
    assert_eq!(second["commit"]["parents"], json!([id]));
    let amended = done(&world, &["commit", "--amend", "-m", "2nd"]);
    assert_eq!(amended["amended"], second["commit"]["id"]);
    let branch = done(&world, &["branch", "b", "HEAD~1"]);
    assert_eq!(
        (&branch["name"], &branch["commit"]["id"]),
        (&json!("b"), &id)
    );
    let renamed = done(&world, &["branch", "-m", "b", "c"]);
    assert_eq!(
        (&renamed["from"], &renamed["name"]),
        (&json!("b"), &json!("c"))
    );
    let switched = done(&world, &["switch", "c"]);
    assert_eq!(
        (&switched["to"]["timeline"], &switched["changed"]),
        (&json!("c"), &json!(["a"]))
    );
    let tag = done(&world, &["tag", "v1"]);
    assert_eq!((&tag["name"], &tag["commit"]["id"]), (&json!("v1"), &id));
    let untagged = done(&world, &["tag", "-d", "v1"]);
    assert_eq!(untagged["deleted"][0]["name"], "v1");
    let undone = done(&world, &["undo"]);
    assert_eq!(undone["operation"]["command"], "aiut tag -d v1 --json");
    let redone = done(&world, &["redo"]);
    assert_eq!(redone["operation"], undone["operation"]);
    let picked = done(&world, &["cherry-pick", "main"]);
    assert_eq!(picked["commits"][0]["parents"], json!([id]));
    assert_eq!(picked["changed"], json!(["a"]));
    let reverted = done(&world, &["revert", "HEAD"]);
    assert_eq!(
        reverted["commits"][0]["parents"],
        json!([picked["commits"][0]["id"]])
    );
    world.write("a", "edited\n");
    let restored = done(&world, &["restore", "a"]);
    assert_eq!(
        (&restored["restored"], &restored["overwritten"]),
        (&json!(["a"]), &json!(["a"]))
    );
    done(&world, &["switch", "main"]);
    let deleted = done(&world, &["branch", "-D", "c"]);
    assert_eq!(deleted["deleted"][0]["commit"], reverted["commits"][0]);
    let back = world.json(&["op", "log"]);
    let back = back.as_array().unwrap().last().unwrap()["id"]
        .as_str()
        .unwrap();
    let restored = done(&world, &["op", "restore", back]);
    assert_eq!(restored["operation"]["id"], back);
}

#[test]
fn what_did_nothing_says_so_in_the_same_form() {
    let world = project();
    let nothing = world.json(&["commit", "-m", "x"]);
    assert_eq!(
        (&nothing["commit"], &nothing["recorded"]),
        (&Value::Null, &Value::Null)
    );
    // Without a message too, as nobody has to write one.
    assert_eq!(world.json(&["commit"])["commit"], Value::Null);
    assert_eq!(world.json(&["switch", "main"])["recorded"], Value::Null);
    assert_eq!(world.json(&["restore", "a"])["restored"], json!([]));
    let idle = world.json(&["revert", "HEAD", "-q"]);
    assert_eq!(idle["idle"], json!([]));
    let idle = world.json(&["cherry-pick", "HEAD"]);
    assert_eq!(idle["commits"], json!([]));
    // A refusal is an error, and a conflict an answer with an exit code of its own.
    let run = world.run(&["switch", "nowhere", "--json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run}");
    let error: Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(error["error"]["exit_code"], 1);
}

#[test]
fn a_conflict_is_one_object_too() {
    let world = project();
    for text in ["2\n", "3\n"] {
        world.write("a", text);
        world.ok(&["commit", "-q", "-m", text.trim()]);
    }
    let run = world.run(&["revert", "HEAD~1", "--json"]);
    assert_eq!(run.code, Some(3), "{run}");
    let value: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(value["conflicts"][0]["path"], "a");
    assert_eq!(value["refused"], json!([]));
    assert!(value["commits"][0]["id"].is_string() && value["recorded"].is_string());
    // What is refused is told in the same form, and nothing is recorded.
    world.write("b", "1\n");
    world.ok(&["commit", "-q", "-m", "A file"]);
    std::fs::remove_file(world.path("b")).unwrap();
    world.write("b/inner", "1\n");
    world.ok(&["commit", "-q", "-m", "A folder"]);
    let run = world.run(&["cherry-pick", "HEAD~1", "--json"]);
    assert_eq!(run.code, Some(3), "{run}");
    let value: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(value["refused"][0]["path"], "b");
    assert_eq!(
        (&value["commits"], &value["recorded"]),
        (&json!([]), &Value::Null)
    );
}

#[test]
fn timelines_are_deleted_all_or_none() {
    let world = project();
    world.ok(&["switch", "-q", "-c", "loose"]);
    world.write("a", "2\n");
    world.ok(&["commit", "-q", "-m", "Loose"]);
    world.ok(&["branch", "-q", "loose-2"]);
    world.ok(&["switch", "-q", "main"]);
    for name in ["x", "y", "z"] {
        world.ok(&["branch", "-q", name]);
    }
    assert_snapshot!(world.run(&["branch", "-d", "x", "y"]), @"
    Deleted timeline x; it stood at 79c2700f1ad1
    Deleted timeline y; it stood at 79c2700f1ad1
    ");
    assert_snapshot!(world.run(&["branch", "-d", "z", "nowhere"]), @r#"
    --- stderr
    error: no timeline is called "nowhere"
    hint: `aiut branch` lists the timelines
    --- exit code 1
    "#);
    // What one deleted timeline holds alone with another deleted one, nothing holds.
    assert_snapshot!(world.run(&["branch", "-d", "loose", "loose-2"]), @"
    --- stderr
    error: timeline loose has commits that are on no other timeline: 1 commit
    hint: `aiut branch -D loose` deletes it all the same; `aiut undo` brings it back
    --- exit code 1
    ");
    world.ok(&["branch", "-q", "-d", "loose"]);
    assert_eq!(world.run(&["branch", "-D", "main", "z"]).code, Some(1));
    assert_snapshot!(world.run(&["branch", "-D", "loose-2", "z", "z"]), @"
    Deleted timeline loose-2; it stood at cb6100ef2849
    Deleted timeline z; it stood at 79c2700f1ad1
    ");
    world.ok(&["undo", "-q"]);
    assert_snapshot!(world.run(&["branch", "-v"]), @"
      loose-2 cb6100ef2849 Loose  Rae Lindqvist, 2026-01-01 00:03:00 +00:00
    * main    79c2700f1ad1 First  Rae Lindqvist, 2026-01-01 00:01:00 +00:00
      z       79c2700f1ad1 First  Rae Lindqvist, 2026-01-01 00:01:00 +00:00
    ");
    world.ok(&["tag", "-q", "t1"]);
    world.ok(&["tag", "-q", "t2"]);
    assert_eq!(world.run(&["tag", "-d", "t1", "t3"]).code, Some(1));
    assert_snapshot!(world.run(&["tag", "-d", "t2", "t1"]), @"
    Deleted tag t1; it stood at 79c2700f1ad1
    Deleted tag t2; it stood at 79c2700f1ad1
    ");
    world.ok(&["switch", "-q", "--detach", "HEAD"]);
    assert_eq!(world.ok(&["branch", "--show-current"]), "");
    assert_eq!(
        world.json(&["branch", "--show-current"])["timeline"],
        Value::Null
    );
}
