//! What is locked holds against every command that moves a timeline.

use super::film::{SCRIPT, film};
use super::world::{Run, World};

/// A command, and what to do before it so that it would change something locked.
type Row = (&'static [&'static str], &'static [&'static str]);

/// Commands that bring a timeline to other files. Before each a step a word: `edit` changes the script, `free` takes
/// the locks out of approvals.toml by hand, another word is a command line.
const MOVES: &[Row] = &[
    (&["commit", "-m", "Hello"], &["edit"]),
    (&["commit", "-m", "Hello", "script.fountain"], &["edit"]),
    (&["commit", "-m", "Freed"], &["free"]),
    (&["commit", "--amend", "--no-edit"], &["edit"]),
    (&["commit", "--amend", "--no-edit"], &["free"]),
    (&["generate", "scenes"], &["edit"]),
    (&["generate", "frames", "1-1", "--new-take"], &[]),
    (&["approve", "script.fountain"], &["edit"]),
    (&["pick", "frames/001_001.png", "1"], &[]),
    (&["merge", "other"], &[]),
    (&["merge", "--squash", "other"], &[]),
    (&["merge", "ahead"], &[]),
    (&["rebase", "other"], &[]),
    (&["rebase", "ahead"], &[]),
    (&["cherry-pick", "other"], &[]),
    (&["revert", "draft"], &[]),
    (&["revert", "HEAD"], &[]),
    (&["pull", "studio", "other"], &[]),
    (&["pull", "studio", "ahead"], &[]),
    (&["branch", "-m", "main", "final"], &[]),
    (&["note", "reply", "NOTE", "No"], &[]),
    (&["resolve", "idea.md", "--theirs"], &[]),
];

/// Commands that bring no timeline to other files: they look, change the folder alone (what is in it is held at the
/// commit), go elsewhere, decide on a file without changing it, or take back what was done.
const KEEPS: &[&str] = &[
    "accept",
    "bisect",
    "blame",
    "cat",
    "clone",
    "completions",
    "config",
    "continuity",
    "cost",
    "dehydrate",
    "deps",
    "diff",
    "doctor",
    "du",
    "explain",
    "export",
    "fetch",
    "fsck",
    "gc",
    "help",
    "hooks",
    "hydrate",
    "import",
    "init",
    "log",
    "ls",
    "man",
    "merge-driver",
    "mirror",
    "op",
    "open",
    "plan",
    "play",
    "push",
    "redo",
    "remote",
    "restore",
    "revisions",
    "scenes",
    "search",
    "shots",
    "show",
    "stages",
    "stale",
    "status",
    "switch",
    "tag",
    "takes",
    "textconv",
    "timeline",
    "trust",
    "undo",
    "version",
    "whence",
    "why",
];

/// Another last word of Pavel's.
fn edit(world: &World, to: &str) {
    let mut text = world.read("script.fountain");
    for line in ["Then leave earlier.", "Then go."] {
        text = text.replace(line, to);
    }
    assert!(text.contains(to), "{text}");
    world.write("script.fountain", text);
}

fn step(world: &World, word: &str) {
    match word {
        "edit" => edit(world, "Leave earlier, then."),
        "free" => {
            let text = world.read("approvals.toml");
            let kept: Vec<&str> = text
                .lines()
                .filter(|l| !l.starts_with("locked_on"))
                .collect();
            world.write("approvals.toml", kept.join("\n"));
        }
        line => drop(world.ok(&line.split(' ').collect::<Vec<_>>())),
    }
}

fn refused(run: &Run, what: &str) {
    assert_eq!(run.code, Some(1), "{what}: {run}");
    assert!(run.stderr.contains("locked on main: "), "{what}: {run}");
    assert!(
        run.stderr.contains("aiut approve --withdraw"),
        "{what}: {run}"
    );
}

#[test]
fn no_command_brings_a_timeline_to_other_files_than_are_locked_on_it() {
    let world = film(SCRIPT, &["frames", "1-1"]);
    // A second draft, timelines that went on from the first and the last, a take, a conflict, a thread.
    world.ok(&["switch", "-q", "-c", "other"]);
    step(&world, "edit");
    world.write("treatment.md", "Loud.\n");
    world.ok(&["commit", "-q", "-m", "Louder"]);
    world.ok(&["switch", "-q", "main"]);
    edit(&world, "Then go.");
    world.ok(&["commit", "-q", "-m", "Second draft", "script.fountain"]);
    world.ok(&["tag", "draft"]);
    world.ok(&["generate", "-q", "frames", "1-1"]);
    world.ok(&["generate", "-q", "frames", "1-1", "--new-take"]);
    let note = world.json(&["note", "add", "Why?", "--on", "script.fountain"]);
    let note = note["id"].as_str().expect("a thread has an id").to_owned();
    world.ok(&["switch", "-q", "-c", "quiet"]);
    world.write("idea.md", "Quiet.\n");
    world.ok(&["commit", "-q", "-m", "Quieter"]);
    world.ok(&["switch", "-q", "main"]);
    world.write("idea.md", "Dark.\n");
    world.ok(&["commit", "-q", "-m", "Darker"]);
    assert_eq!(
        world.run(&["merge", "quiet"]).code,
        Some(3),
        "both have an idea"
    );
    world.ok(&[
        "approve",
        "-q",
        "script.fountain",
        "frames/001_001.png",
        "idea.md",
        "--lock",
    ]);
    let notes = world.ok(&["ls"]);
    let notes = notes
        .split_whitespace()
        .find(|word| word.starts_with("notes/"));
    world.ok(&[
        "approve",
        "-q",
        notes.expect("the thread is a file"),
        "--lock",
    ]);
    world.ok(&["switch", "-q", "-c", "ahead"]);
    edit(&world, "Go.");
    world.ok(&["commit", "-q", "-m", "Shorter"]);
    world.ok(&["switch", "-q", "main"]);
    world.ok(&["init", "-q", "--shared", "../studio"]);
    world.ok(&["remote", "add", "studio", "../studio"]);
    world.ok(&["push", "-q", "studio", "main", "other", "ahead"]);

    let here = world.json(&["op", "log", "-n", "1"]);
    let here = here[0]["id"]
        .as_str()
        .expect("an operation has an id")
        .to_owned();
    let stands = |world: &World| world.json(&["branch"]).to_string();
    let stood = stands(&world);
    for (command, before) in MOVES {
        for word in *before {
            step(&world, word);
        }
        let script = world.read("script.fountain");
        let command: Vec<&str> = command
            .iter()
            .map(|word| match *word {
                "NOTE" => note.as_str(),
                word => word,
            })
            .collect();
        let what = format!("{command:?} after {before:?}");
        refused(&world.run(&command), &what);
        assert_eq!(stands(&world), stood, "{what} moved something");
        assert_eq!(
            world.read("script.fountain"),
            script,
            "{what} changed the folder"
        );
        world.ok(&["op", "restore", "-q", "--discard", &here]);
    }
    let help = world.ok(&["--help"]);
    let listed = help
        .lines()
        .skip_while(|line| !line.starts_with("Usage"))
        .skip(1);
    let listed = listed.take_while(|line| !line.starts_with("Options"));
    for name in listed.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()) {
        let is_command = name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let known = KEEPS.contains(&name) || MOVES.iter().any(|(command, _)| command[0] == name);
        assert!(!is_command || known, "neither MOVES nor KEEPS has {name}");
    }

    // What is locked is no reason not to take back, to look at other timelines, or to decide.
    world.ok(&["undo", "-q"]);
    world.ok(&["redo", "-q"]);
    world.ok(&["switch", "-q", "other"]);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "Elsewhere"]);
    world.ok(&["switch", "-q", "main"]);
    // The edit goes to a timeline of its own, with its message.
    edit(&world, "Leave, then.");
    world.ok(&["commit", "-q", "--branch", "free", "-m", "Pavel is curt"]);
    assert!(
        world
            .ok(&["log", "-1", "--oneline", "free"])
            .contains("Pavel is curt")
    );
    assert!(
        !world
            .ok(&["log", "-1", "--oneline", "main"])
            .contains("curt")
    );
}

#[test]
fn a_lock_that_was_given_up_elsewhere_on_this_timeline_is_given_up_here() {
    let world = film(SCRIPT, &["shots"]);
    world.ok(&["approve", "-q", "script.fountain", "shots", "--lock"]);
    world.ok(&["init", "-q", "--shared", "../studio"]);
    world.ok(&["remote", "add", "studio", "../studio"]);
    world.ok(&["push", "-q", "studio", "main"]);
    world.ok(&["clone", "-q", "../studio", "../desk"]);
    let desk = |arguments: &[&str]| {
        let run = world.run_in("../desk", arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {run}");
    };
    // There it is opened, changed, and locked again.
    desk(&["approve", "-q", "--withdraw", "script.fountain", "shots"]);
    let text = world
        .read("script.fountain")
        .replace("Then leave earlier.", "Go earlier.");
    world.write("../desk/script.fountain", text);
    desk(&["generate", "-q", "shots"]);
    desk(&["approve", "-q", "script.fountain", "shots", "--lock"]);
    desk(&["push", "-q"]);
    // Here something else went on.
    world.write("idea.md", "A house.\n");
    world.ok(&["commit", "-q", "-m", "An idea"]);
    world.ok(&["pull", "-q", "studio", "main"]);
    assert!(world.read("script.fountain").contains("Go earlier."));
    assert_eq!(
        world.ok(&["approve", "--list"]).matches("locked ").count(),
        2
    );
    world.write("script.fountain", SCRIPT);
    refused(
        &world.run(&["commit", "-m", "Back"]),
        "the new content is locked",
    );
    world.ok(&["restore", "-q", "script.fountain"]);

    // Another timeline has no say in what main is held by.
    world.ok(&["switch", "-q", "-c", "noir"]);
    let run = world.run(&["approve", "--withdraw", "shots"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr.contains("stage shots is locked on main"),
        "{run}"
    );
    world.ok(&["approve", "-q", "shots", "--lock"]);
    let said = world.ok(&["approve", "--withdraw", "shots"]);
    assert_eq!(
        said,
        "stage shots is no longer locked on this timeline; it is on main\n"
    );
    step(&world, "free");
    let run = world.run(&["commit", "-m", "Freed by hand"]);
    assert!(run.stderr.contains("the lock would be gone"), "{run}");
}
