//! `revert` and `cherry-pick` as they are typed.

use insta::assert_snapshot;

use super::film::{SCRIPT, film, stale};
use super::world::World;

fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("notes.md", "one\ntwo\nthree\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world.write("notes.md", "one\n2\nthree\n");
    world.write("new.md", "new\n");
    world.ok(&["commit", "-q", "-m", "Second"]);
    world
}

#[test]
fn a_revert_says_what_it_did_and_what_was_in_the_way() {
    let world = project();
    world.write("notes.md", "one\nzwei\nthree\n");
    world.ok(&["commit", "-q", "-m", "Third"]);
    let collided = world.run(&["revert", "HEAD~1"]);
    assert_eq!(collided.code, Some(3), "{collided}");
    let told = "1 file is in conflict\n  notes.md: the same lines were changed differently (";
    assert!(collided.stdout.contains(told), "{collided}");
    assert_eq!(world.read("notes.md"), "one\nzwei\nthree\n");
    world.ok(&["undo", "-q"]);
    world.ok(&["undo", "-q"]);
    world.write("notes.md", "one\n2\nthree\n");
    world.write("new.md", "edited\n");
    assert_snapshot!(world.run(&["revert", "HEAD"]), @"
    --- stderr
    error: a file is not committed and would be changed: new.md
    hint: commit them, or `aiut restore` them, then try again
    --- exit code 1
    ");
    world.write("new.md", "new\n");
    let done = world.ok(&["revert", "HEAD", "-m", "Two it is"]);
    assert!(
        done.ends_with(" Two it is\n2 files changed, on timeline main\n"),
        "{done}"
    );
    assert_eq!(world.read("notes.md"), "one\ntwo\nthree\n");
    assert!(!world.path("new.md").exists());
    let again = world.ok(&["revert", "HEAD~1"]);
    assert!(again.starts_with("Nothing to take back: "), "{again}");
    assert_eq!(world.run(&["revert"]).code, Some(2));
}

#[test]
fn picks_are_one_operation() {
    let world = project();
    world.ok(&["switch", "-q", "-c", "other"]);
    for (name, text) in [("a", "1\n"), ("b", "2\n")] {
        world.write(name, text);
        world.ok(&["commit", "-q", "-m", name]);
    }
    world.ok(&["switch", "-q", "main"]);
    let done = world.ok(&["cherry-pick", "other~1", "other"]);
    assert!(
        done.ends_with("2 files changed, on timeline main\n"),
        "{done}"
    );
    assert_eq!(world.json(&["log"]).as_array().unwrap().len(), 4);
    world.ok(&["undo", "-q"]);
    assert!(!world.path("a").exists() && !world.path("b").exists());
    assert_eq!(world.json(&["log"]).as_array().unwrap().len(), 2);
}

#[test]
fn a_reverted_scene_takes_its_number_and_its_pictures_with_it() {
    let world = film(SCRIPT, &["frames"]);
    let (numbers, before) = (world.read("numbers.toml"), world.json(&["ls"]));
    let not_made = stale(&world);
    let scene = "EXT. QUAY - DAWN\n\nIda waits for the ferry.\n\nINT. ATTIC - MORNING";
    world.write(
        "script.fountain",
        SCRIPT.replace("INT. ATTIC - MORNING", scene),
    );
    world.ok(&["generate", "frames"]);
    assert_ne!(world.read("numbers.toml"), numbers);
    // Generating committed the edit first, then what it made.
    world.ok(&["revert", "HEAD"]);
    world.ok(&["revert", "HEAD~2"]);
    assert_eq!(world.read("numbers.toml"), numbers);
    assert_eq!(
        world.json(&["ls"]),
        before,
        "contents and origins are the former ones"
    );
    assert_eq!(stale(&world), not_made);
    // The log now: Later, two reverts, what was generated, the edit.
    // Picked onto a script that was edited elsewhere, the scene comes back with its number.
    world.write(
        "script.fountain",
        SCRIPT.replace("late again", "late once more"),
    );
    world.ok(&["commit", "-q", "-m", "Later"]);
    world.ok(&["cherry-pick", "HEAD~4"]);
    assert!(world.read("script.fountain").contains("QUAY"));
    assert_eq!(world.json(&["scenes"]).as_array().unwrap().len(), 4);
    assert!(
        world.json(&["status"])["changes"]["modified"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn json_is_joined_without_a_change_of_what_nobody_touched() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    let base =
        "{\"k\":1,\"m\":1,\"big\":12345678901234567890123,\"f\":8.50,\"s\":\"\\u00e9\\/\"}\r\n";
    world.write("x.json", base);
    world.ok(&["commit", "-q", "-m", "Base"]);
    world.ok(&["switch", "-q", "-c", "side"]);
    world.write("x.json", base.replace("\"m\":1", "\"m\":1e2"));
    world.ok(&["commit", "-q", "-m", "Side"]);
    world.ok(&["switch", "-q", "main"]);
    world.write("x.json", base.replace("\"k\":1", "\"k\":2"));
    world.ok(&["commit", "-q", "-m", "Main"]);
    world.ok(&["cherry-pick", "side"]);
    let both = base
        .replace("\"m\":1", "\"m\":1e2")
        .replace("\"k\":1", "\"k\":2");
    assert_eq!(world.read("x.json"), both);
    world.ok(&["revert", "HEAD~1"]);
    assert_eq!(world.read("x.json"), base.replace("\"m\":1", "\"m\":1e2"));
    // A key that stands twice is nobody's to decide about.
    world.write("x.json", "{\"k\":1,\"k\":5,\"m\":1}");
    world.ok(&["commit", "-q", "-m", "Twice"]);
    let run = world.run(&["cherry-pick", "main~2"]);
    assert_ne!(run.code, Some(0), "{run}");
    assert_eq!(world.read("x.json"), "{\"k\":1,\"k\":5,\"m\":1}");
}

/// A film whose script was changed differently on `side`, and picked from there.
fn in_conflict() -> World {
    let world = film(SCRIPT, &["frames"]);
    world.ok(&["switch", "-q", "-c", "side"]);
    world.write(
        "script.fountain",
        SCRIPT.replace("late again", "gone for good"),
    );
    world.ok(&["commit", "-q", "-m", "Side"]);
    world.ok(&["switch", "-q", "main"]);
    world.write("script.fountain", SCRIPT.replace("late again", "early"));
    world.ok(&["commit", "-q", "-m", "Main"]);
    assert_eq!(world.run(&["cherry-pick", "side"]).code, Some(3));
    world
}

#[test]
fn a_conflict_shows_in_status_log_and_fsck_and_what_reads_the_file_waits() {
    let world = in_conflict();
    let status = world.run(&["status"]);
    assert_eq!(status.code, Some(3), "{status}");
    let status = status.stdout;
    let told =
        "  conflict  script.fountain: one place changed differently, in INT. KITCHEN - DAY\n";
    assert!(status.contains(told), "{status}");
    assert!(world.ok(&["log"]).contains("Conflicts:"));
    assert!(world.ok(&["fsck"]).contains("1 conflict,"));
    let json = world.run(&["status", "--json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["conflicts"][0]["path"], "script.fountain");
    let listed = world.run(&["resolve"]);
    assert_eq!(listed.code, Some(3));
    for part in ["script.fountain", "early", "gone for good"] {
        assert!(listed.stdout.contains(part), "{listed}");
    }
    // Nothing is made of a text that nobody decided on, and nothing is taken for right.
    let before = world.json(&["ls"]);
    let stale = world.run(&["stale", "--check"]);
    assert_eq!(stale.code, Some(3), "{stale}");
    assert!(stale.stdout.contains("it is in conflict"), "{stale}");
    let run = world.run(&["generate", "frames", "--yes"]);
    assert_ne!(run.code, Some(0), "{run}");
    assert!(
        run.to_string().contains("aiut resolve script.fountain"),
        "{run}"
    );
    assert_eq!(world.json(&["ls"]), before);
    // That is said of whatever follows from it, and not that there is no such thing.
    for words in [
        &["why", "frames/001_001.png"][..],
        &["explain", "shot", "1-1"],
        &["scenes"],
        &["shots", "1"],
    ] {
        let run = world.run(words);
        assert!(
            run.to_string().contains("aiut resolve script.fountain"),
            "{words:?}: {run}"
        );
    }
    assert!(world.ok(&["search", "early"]).contains("script.fountain"));
    world.ok(&["resolve", "script.fountain", "--theirs"]);
    assert!(world.read("script.fountain").contains("gone for good"));
    assert!(!world.ok(&["status"]).contains("conflict"));
    world.ok(&["generate", "frames", "--yes"]);
    assert_eq!(world.run(&["stale", "frames", "--check"]).code, Some(0));
    assert_eq!(world.run(&["resolve"]).code, Some(0));
}

#[test]
fn resolve_says_what_it_needs() {
    let world = in_conflict();
    assert_eq!(world.run(&["resolve", "--ours"]).code, Some(2));
    let both = ["resolve", "script.fountain", "--ours", "--theirs"];
    assert_eq!(world.run(&both).code, Some(2));
    let other = world.run(&["resolve", "aiut.toml", "--ours"]);
    assert_eq!(other.code, Some(1), "{other}");
    assert!(
        other.stderr.contains("aiut.toml is not in conflict"),
        "{other}"
    );
    assert!(other.stderr.contains("`aiut resolve` lists"), "{other}");
    world.ok(&["resolve", ".", "--ours", "-m", "Early it is"]);
    assert!(world.ok(&["log", "-n", "1"]).contains("Early it is"));
    assert_eq!(world.ok(&["resolve"]), "No file is in conflict\n");
    let done = world.run(&["resolve", ".", "--ours"]);
    assert!(done.stderr.contains("no file is in conflict"), "{done}");
}

#[test]
fn settings_in_conflict_let_nothing_be_made() {
    let world = film(SCRIPT, &["scenes"]);
    for usd in ["5", "50"] {
        world.ok(&["config", "budget.project", usd]);
        world.ok(&["commit", "-q", "-m", usd]);
    }
    assert_eq!(world.run(&["revert", "HEAD~1"]).code, Some(3));
    for command in [&["stale"][..], &["generate", "scenes", "--yes"]] {
        let run = world.run(command);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains("aiut.toml is in conflict"), "{run}");
    }
    world.ok(&["resolve", "aiut.toml", "--ours"]);
    world.ok(&["stale"]);
}

#[test]
fn an_output_in_conflict_is_not_fresh_and_is_shown_field_by_field() {
    let world = film(SCRIPT, &["shots"]);
    let list = world.read("shots/001.json");
    let size = |word: &str| {
        let mut shots: serde_json::Value = serde_json::from_str(&list).unwrap();
        shots["shots"][0]["shot_type"] = word.into();
        world.write("shots/001.json", shots.to_string());
        world.ok(&["commit", "-q", "-m", word]);
    };
    size("CU");
    size("ECU");
    assert_eq!(world.run(&["revert", "HEAD~1"]).code, Some(3));
    let stale = world.run(&["stale", "shots", "--check"]);
    assert_eq!(stale.code, Some(3), "{stale}");
    assert!(
        stale.stdout.contains("shots/001.json: it is in conflict"),
        "{stale}"
    );
    let shown = world.run(&["resolve"]).stdout;
    for part in ["/shots/001_001/shot_type", "ours   \"ECU\"", "theirs \""] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    world.ok(&["resolve", "shots", "--ours"]);
    assert_eq!(world.run(&["stale", "shots", "--check"]).code, Some(0));
}
