//! The commit that brought something in is found by halving.

use super::world::World;

/// Ten commits; from the sixth on the script says `bad`.
fn ten() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    for number in 1..=10 {
        let word = if number < 6 { "good" } else { "bad" };
        world.write("notes.txt", format!("{number} {word}\n"));
        world.ok(&["commit", "-q", "-m", &format!("Commit {number}")]);
    }
    world
}

#[test]
fn halves_are_left_until_one_commit_remains() {
    let world = ten();
    let told = world.ok(&["bisect", "start", "HEAD", "HEAD~9"]);
    assert!(told.contains("9 commits are left, about 4 steps"), "{told}");
    let mut steps = 0;
    let found = loop {
        steps += 1;
        assert!(steps < 6, "nine commits take four steps");
        let verdict = if world.read("notes.txt").contains("bad") {
            "bad"
        } else {
            "good"
        };
        let told = world.ok(&["bisect", verdict]);
        if told.starts_with("The first bad commit is") {
            break told;
        }
    };
    assert!(found.contains("Commit 6\n"), "{found}");
    let log = world.ok(&["bisect", "log"]);
    assert!(
        log.starts_with("bad   ") || log.starts_with("bad  "),
        "{log}"
    );
    assert_eq!(world.ok(&["bisect", "reset"]), "Back on main\n");
    assert_eq!(world.read("notes.txt"), "10 bad\n");
    let run = world.run(&["bisect", "good"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("no bisect is under way"), "{run}");
}

#[test]
fn a_command_tells_of_each_and_skips_what_it_cannot_tell() {
    let world = ten();
    world.ok(&["bisect", "start"]);
    let run = world.run(&["bisect", "run", "true"]);
    assert!(run.stderr.contains("still to be named"), "{run}");
    world.ok(&["bisect", "bad", "HEAD"]);
    world.ok(&["bisect", "good", "HEAD~9"]);
    let told = world.ok(&["bisect", "run", "grep", "-q", "good", "notes.txt"]);
    assert!(told.contains("The first bad commit is"), "{told}");
    assert!(told.contains("Commit 6\n"), "{told}");
    world.ok(&["bisect", "reset"]);
    // The sixth and the seventh cannot be told.
    world.ok(&["bisect", "start", "HEAD", "HEAD~9"]);
    let script = "grep -qE '^(6|7) ' notes.txt && exit 125; grep -q good notes.txt";
    let told = world.ok(&["bisect", "run", "sh", "-c", script]);
    assert!(told.contains("Only skipped commits are left"), "{told}");
    for number in [6, 7, 8] {
        assert!(told.contains(&format!("Commit {number}\n")), "{told}");
    }
    world.ok(&["bisect", "reset"]);
    world.ok(&["bisect", "start", "HEAD", "HEAD~9"]);
    let run = world.run(&["bisect", "run", "no-such-program"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr.contains("no-such-program cannot be started"),
        "{run}"
    );
}

#[test]
fn commits_without_outputs_are_skipped() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", "INT. KITCHEN - NIGHT\n\nRae waits.\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world.write("idea.txt", "one\n");
    world.ok(&["commit", "-q", "-m", "Idea"]);
    world.ok(&["generate", "-q", "scenes"]);
    world.write("idea.txt", "two\n");
    world.ok(&["commit", "-q", "-m", "Two"]);
    world.ok(&["bisect", "start", "HEAD", "HEAD~3"]);
    let told = world.ok(&["bisect", "run", "test", "-e", "never"]);
    assert!(
        told.contains("skipped: it has no outputs of scenes"),
        "{told}"
    );
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let world = ten();
    let cases: [(&[&str], i32, &str); 4] = [
        (
            &["bisect", "start", "HEAD~5", "HEAD"],
            1,
            "what is looked for went",
        ),
        (&["bisect", "start", "nowhere"], 1, "nowhere"),
        (&["bisect", "log"], 1, "no bisect is under way"),
        (&["bisect", "run"], 2, "COMMAND is missing"),
    ];
    for (arguments, code, message) in cases {
        let run = world.run(arguments);
        assert_eq!(run.code, Some(code), "{arguments:?}: {run}");
        assert!(run.stderr.contains(message), "{arguments:?}: {run}");
    }
    assert_eq!(world.read("notes.txt"), "10 bad\n");
    world.ok(&["bisect", "start", "HEAD", "HEAD~9"]);
    let run = world.run(&["bisect", "start"]);
    assert!(run.stderr.contains("under way already"), "{run}");
}
