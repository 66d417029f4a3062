//! Files that have another name on one side of a merge, or on both.

use super::world::World;

const LINES: [&str; 6] = [
    "The rain.",
    "The rail.",
    "The rope.",
    "The deck.",
    "The lamp.",
    "The sea.",
];

fn write(world: &World, path: &str, changes: &[(usize, &str)]) {
    let mut lines = LINES;
    for (at, line) in changes {
        lines[*at] = line;
    }
    world.write(path, lines.join("\n") + "\n");
}

fn take_out(world: &World, path: &str) {
    std::fs::remove_file(world.path(path)).unwrap();
}

/// What is done on `noir` and on `main` since both had `notes.txt`, merged; how that ended.
fn merged(there: &dyn Fn(&World), here: &dyn Fn(&World), code: i32) -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    write(&world, "notes.txt", &[]);
    world.ok(&["commit", "-q", "-m", "Notes"]);
    world.ok(&["switch", "-q", "-c", "noir"]);
    there(&world);
    world.ok(&["commit", "-q", "-m", "Noir"]);
    world.ok(&["switch", "-q", "main"]);
    here(&world);
    world.ok(&["commit", "-q", "-m", "Main"]);
    let run = world.run(&["merge", "noir"]);
    assert_eq!(run.code, Some(code), "{run}");
    world
}

fn moved(path: &'static str, changes: &'static [(usize, &'static str)]) -> impl Fn(&World) {
    move |world| {
        take_out(world, "notes.txt");
        write(world, path, changes);
    }
}

#[test]
fn a_file_renamed_and_edited_at_once_is_the_one_edited_on_the_other_side() {
    let renamed = moved("ideas.txt", &[(0, "The storm.")]);
    let edited = |world: &World| write(world, "notes.txt", &[(5, "The harbour.")]);
    for world in [merged(&renamed, &edited, 0), merged(&edited, &renamed, 0)] {
        let text = world.read("ideas.txt");
        assert!(
            text.starts_with("The storm.\n") && text.ends_with("The harbour.\n"),
            "{text}"
        );
        assert!(!world.path("notes.txt").exists());
    }
    // Under the name that both gave it, it is one file.
    let too = moved("ideas.txt", &[(5, "The harbour.")]);
    let world = merged(&renamed, &too, 0);
    let text = world.read("ideas.txt");
    assert!(
        text.starts_with("The storm.\n") && text.ends_with("The harbour.\n"),
        "{text}"
    );
    // A new file of which little is the same is a new one.
    let other = |world: &World| {
        take_out(world, "notes.txt");
        world.write(
            "ideas.txt",
            "The rain.\nAnother day.\nAnother place.\nAnother sea.\nAnother boat.\n",
        );
    };
    let world = merged(&other, &edited, 3);
    assert!(
        world.path("notes.txt").is_file(),
        "deleted there, changed here"
    );
}

#[test]
fn a_name_against_a_deletion_is_a_conflict_that_is_settled_as_any() {
    let renamed = moved("ideas.txt", &[]);
    let gone = |world: &World| take_out(world, "notes.txt");
    // What was renamed, by whom, and what says so.
    let cases: [(World, &str, &str); 2] = [
        (
            merged(&gone, &renamed, 3),
            "--ours",
            "it was renamed here, and deleted or renamed otherwise there",
        ),
        (
            merged(&renamed, &gone, 3),
            "--theirs",
            "it was deleted or renamed otherwise here, and renamed there",
        ),
    ];
    for (world, kept, reason) in cases {
        let status = world.run(&["status"]);
        assert_eq!(status.code, Some(3), "{status}");
        assert!(
            status.stdout.contains(&format!("ideas.txt: {reason}")),
            "{status}"
        );
        world.ok(&["resolve", "-q", "ideas.txt", kept]);
        assert!(world.path("ideas.txt").is_file());
        world.ok(&["undo", "-q"]);
        let other = if kept == "--ours" {
            "--theirs"
        } else {
            "--ours"
        };
        world.ok(&["resolve", "-q", "ideas.txt", other]);
        assert!(!world.path("ideas.txt").exists());
        assert!(world.ok(&["status"]).contains("Nothing to commit"));
    }
}

#[test]
fn two_names_for_one_file_are_both_shown() {
    let here = moved("ideas.txt", &[]);
    let there = moved("thoughts.txt", &[]);
    let world = merged(&there, &here, 3);
    let status = world.run(&["status"]).stdout;
    for (path, reason) in [
        (
            "ideas.txt",
            "it was renamed here, and deleted or renamed otherwise there",
        ),
        (
            "thoughts.txt",
            "it was deleted or renamed otherwise here, and renamed there",
        ),
    ] {
        assert!(status.contains(&format!("{path}: {reason}")), "{status}");
    }
    world.ok(&["resolve", "-q", "--theirs", "ideas.txt", "thoughts.txt"]);
    assert!(!world.path("ideas.txt").exists());
    write(&world, "expected", &[]);
    assert_eq!(world.read("thoughts.txt"), world.read("expected"));
}
