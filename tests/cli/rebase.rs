//! A timeline put onto another one.

use super::world::World;

const SCRIPT: &str = "\
INT. CABIN - NIGHT

Mila sits by the window.

MILA
We are late.

EXT. DECK - NIGHT

Wind.
";

fn edit(world: &World, from: &str, to: &str, message: &str) {
    let text = world.read("script.fountain");
    assert!(text.contains(from), "{from} in {text}");
    world.write("script.fountain", text.replacen(from, to, 1));
    world.ok(&["commit", "-q", "-m", message]);
}

/// A film; `noir` has two commits of its own, `main` one, and the project stands on `noir`.
fn forked(there: [(&str, &str); 2], here: (&str, &str)) -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "Script"]);
    world.ok(&["switch", "-q", "-c", "noir"]);
    for (at, (from, to)) in there.into_iter().enumerate() {
        edit(&world, from, to, &format!("Noir {}", at + 1));
    }
    world.ok(&["switch", "-q", "main"]);
    edit(&world, here.0, here.1, "Main");
    world.ok(&["switch", "-q", "noir"]);
    world
}

fn subjects(world: &World) -> Vec<String> {
    let log = world.ok(&["log", "--oneline"]);
    log.lines()
        .map(|line| {
            line.rsplit_once("Noir").map_or_else(
                || {
                    line.split_whitespace()
                        .last()
                        .unwrap_or_default()
                        .to_owned()
                },
                |(_, number)| format!("Noir{number}"),
            )
        })
        .collect()
}

#[test]
fn commits_follow_those_of_the_other_timeline() {
    let world = forked(
        [("sits", "stands"), ("We are late.", "We are lost.")],
        ("Wind.", "Rain."),
    );
    let before = world.json(&["show", "HEAD"]);
    let plan = world.ok(&["rebase", "--plan", "main"]);
    for words in [
        "2 commits of timeline noir would follow",
        "Noir 1",
        "Nothing was done",
    ] {
        assert!(plan.contains(words), "{words} in {plan}");
    }
    assert_eq!(world.json(&["show", "HEAD"])["id"], before["id"]);
    let done = world.ok(&["rebase", "main"]);
    assert!(done.contains("timeline noir goes on from"), "{done}");
    assert_eq!(subjects(&world), ["Noir 2", "Noir 1", "Main", "Script"]);
    let text = world.read("script.fountain");
    for words in ["stands", "We are lost.", "Rain."] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(world.json(&["show", "HEAD"])["author"], before["author"]);
    assert!(world.ok(&["rebase", "main"]).contains("Nothing to do"));
    assert_eq!(world.run(&["status"]).code, Some(0));
    // The other timeline now moves on.
    world.ok(&["switch", "-q", "main"]);
    let moved = world.ok(&["rebase", "noir"]);
    assert!(moved.contains("timeline main goes on from"), "{moved}");
    assert!(world.read("script.fountain").contains("We are lost."));
    // The move, the switch, the rebase.
    for _ in 0..3 {
        world.ok(&["undo", "-q"]);
    }
    assert_eq!(world.json(&["show", "HEAD"])["id"], before["id"]);
    assert!(!world.read("script.fountain").contains("Rain."));
    world.ok(&["fsck"]);
}

#[test]
fn what_collides_goes_along_and_is_settled_once() {
    let world = forked(
        [
            ("We are late.", "We are lost."),
            ("We are lost.", "We are lost at sea."),
        ],
        ("We are late.", "We are early."),
    );
    let done = world.run(&["rebase", "main"]);
    assert_eq!(done.code, Some(3), "{done}");
    assert!(done.stdout.contains("1 file is in conflict"), "{done}");
    assert_eq!(subjects(&world), ["Noir 2", "Noir 1", "Main", "Script"]);
    let text = world.read("script.fountain");
    assert!(
        text.contains("We are early.") && text.contains("We are lost at sea."),
        "{text}"
    );
    assert!(!text.contains("conflict 2"), "{text}");
    assert!(world.ok(&["show", "HEAD"]).contains("Conflicts:"));
    world.ok(&["resolve", "-q", "script.fountain#scene=1", "--theirs"]);
    assert!(
        world
            .read("script.fountain")
            .contains("MILA\nWe are lost at sea.\n")
    );
    assert_eq!(world.run(&["status"]).code, Some(0));
    world.ok(&["fsck"]);
}

#[test]
fn a_merge_on_the_way_is_one_commit_that_brings_what_it_brought() {
    let world = forked(
        [("sits", "stands"), ("Wind.", "Rain.")],
        ("INT. CABIN", "INT. SMALL CABIN"),
    );
    world.ok(&["switch", "-q", "-c", "extra", "main"]);
    edit(&world, "We are late.", "We are lost.", "Extra");
    world.ok(&["switch", "-q", "noir"]);
    world.ok(&["merge", "-q", "extra", "-m", "Noir 3"]);
    world.ok(&["switch", "-q", "main"]);
    world.write("notes.txt", "x");
    world.ok(&["commit", "-q", "-m", "Notes"]);
    world.ok(&["switch", "-q", "noir"]);
    world.ok(&["rebase", "-q", "main"]);
    assert_eq!(
        subjects(&world),
        ["Noir 3", "Noir 2", "Noir 1", "Notes", "Main", "Script"]
    );
    let text = world.read("script.fountain");
    for words in ["SMALL CABIN", "stands", "Rain.", "We are lost."] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn edits_are_not_lost_and_strangers_are_refused() {
    let world = forked(
        [("sits", "stands"), ("We are late.", "We are lost.")],
        ("Wind.", "Rain."),
    );
    let head = world.json(&["show", "HEAD"])["id"].clone();
    let text = world.read("script.fountain") + "\nMine.\n";
    world.write("script.fountain", &text);
    let refused = world.run(&["rebase", "main"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("script.fountain"), "{refused}");
    assert_eq!(world.read("script.fountain"), text);
    assert_eq!(world.json(&["show", "HEAD"])["id"], head);
    for (name, words) in [
        ("nothing", "nothing"),
        ("main:script.fountain", "a whole timeline"),
    ] {
        let run = world.run(&["rebase", name]);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains(words), "{run}");
    }
}
