//! Where the project stood before: `switch -`, and `-` and `@{-2}` as revisions.

use insta::assert_snapshot;

use super::world::World;

fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("a", "1\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world
}

fn on(world: &World) -> String {
    world.ok(&["branch", "--show-current"]).trim().to_owned()
}

#[test]
fn a_switch_goes_back_and_forth() {
    let world = project();
    assert_snapshot!(world.run(&["switch", "-"]), @r#"
    --- stderr
    error: revision "-": the project stood on nothing else before
    --- exit code 1
    "#);
    world.ok(&["switch", "-q", "-c", "b"]);
    world.write("a", "2\n");
    world.ok(&["commit", "-q", "-m", "Second"]);
    assert_snapshot!(world.run(&["switch", "-"]), @"On timeline main, 1 file changed");
    assert_eq!(world.read("a"), "1\n");
    assert_snapshot!(world.run(&["switch", "-"]), @"On timeline b, 1 file changed");
    world.ok(&["switch", "-q", "-c", "c"]);
    world.ok(&["switch", "-q", "@{-2}"]);
    assert_eq!(on(&world), "main");
    assert_eq!(world.json(&["switch", "-"])["to"]["timeline"], "c");
    // From a folder within, and with uncommitted work, which is not written over.
    world.write("d/x", "x\n");
    world.write("a", "edited\n");
    let run = world.run_in("d", &["switch", "-"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_eq!(world.read("a"), "edited\n");
    world.ok(&["switch", "-q", "-", "--discard"]);
    assert_eq!((on(&world), world.read("a")), ("main".into(), "1\n".into()));
}

#[test]
fn what_was_undone_never_happened() {
    let world = project();
    world.ok(&["switch", "-q", "-c", "b"]);
    world.ok(&["switch", "-q", "-c", "c"]);
    world.ok(&["undo", "-q"]);
    world.ok(&["switch", "-q", "-"]);
    assert_eq!(on(&world), "main");
    world.ok(&["undo", "-q"]);
    world.ok(&["redo", "-q"]);
    world.ok(&["switch", "-q", "-"]);
    assert_eq!(on(&world), "b");
}

#[test]
fn a_timeline_is_found_by_its_new_name_and_missed_when_it_is_gone() {
    let world = project();
    world.ok(&["switch", "-q", "-c", "b"]);
    world.ok(&["branch", "-q", "-m", "main", "trunk"]);
    world.ok(&["branch", "-q", "-m", "b", "side"]);
    world.ok(&["switch", "-q", "-"]);
    assert_eq!(on(&world), "trunk");
    world.ok(&["branch", "-q", "-d", "-"]);
    assert_snapshot!(world.run(&["switch", "-"]), @r#"
    --- stderr
    error: revision "-": timeline side, where the project stood before, no longer exists
    --- exit code 1
    "#);
}

#[test]
fn a_timeline_whose_name_begins_as_its_folder_does_is_followed() {
    let world = project();
    world.ok(&["branch", "-q", "timelines/x"]);
    world.ok(&["switch", "-q", "timelines/x"]);
    world.ok(&["switch", "-q", "main"]);
    world.ok(&["branch", "-q", "-m", "timelines/x", "timelines/y"]);
    world.ok(&["switch", "-q", "-"]);
    assert_eq!(on(&world), "timelines/y");
}

#[test]
fn one_goes_back_to_a_commit_on_no_timeline_too() {
    let world = project();
    world.ok(&["switch", "-q", "--detach", "HEAD"]);
    world.write("a", "2\n");
    world.ok(&["commit", "-q", "-m", "Loose"]);
    world.ok(&["commit", "-q", "--amend", "-m", "Loose end"]);
    let loose = world.json(&["log"])[0]["id"].clone();
    world.ok(&["switch", "-q", "-"]);
    assert_eq!(on(&world), "main");
    world.ok(&["switch", "-q", "-"]);
    assert_eq!(world.json(&["log"])[0]["id"], loose);
    world.ok(&["switch", "-q", "-c", "kept"]);
    assert_eq!(on(&world), "kept");
}

#[test]
fn the_one_before_is_a_revision_of_every_command() {
    let world = project();
    world.ok(&["switch", "-q", "-c", "b"]);
    world.write("a", "2\n");
    world.ok(&["commit", "-q", "-m", "Second"]);
    world.ok(&["switch", "-q", "main"]);
    let second = world.json(&["log", "b"])[0]["id"].clone();
    assert_eq!(world.json(&["log", "-"])[0]["id"], second);
    assert_eq!(world.json(&["log", "-1", "-"])[0]["id"], second);
    assert_eq!(world.json(&["show", "@{-1}"])["id"], second);
    assert_eq!(world.ok(&["cat", "@{-1}:a"]), "2\n");
    assert_eq!(world.ok(&["diff", "--name-only", "-"]), "a\n");
    assert_eq!(world.json(&["log", "..-"])[0]["id"], second);
    world.ok(&["tag", "-q", "there", "-"]);
    world.ok(&["restore", "-q", "--from", "-", "a"]);
    assert_eq!(world.read("a"), "2\n");
    world.ok(&["undo", "-q"]);
    world.ok(&["cherry-pick", "-q", "-"]);
    assert_eq!(world.read("a"), "2\n");
    for (revision, reason) in [
        ("main@{-1}", "follows no name"),
        ("@{-9}", "was not switched that often"),
        ("@{-0}", "counted from 1"),
    ] {
        let run = world.run(&["show", revision]);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains(reason), "{run}");
    }
}
