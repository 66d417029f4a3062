//! One read fails, each in its turn, under every command that reads: it says what it could not
//! read and changes nothing, or its answer is what it would have been.

use std::path::Path;

use super::once::{Film, Run};
use super::{number, seed};

/// Commands, and whether they change anything.
const COMMANDS: &[(&[&str], bool)] = &[
    (&["status"], false),
    (&["diff"], false),
    (&["log"], false),
    (&["ls"], false),
    (&["show"], false),
    (&["cat", "HEAD:script.fountain"], false),
    (&["search", "lantern"], false),
    (&["scenes"], false),
    (&["plan"], false),
    (&["stale"], false),
    (&["why", "prompts/001_001.json"], false),
    (&["deps", "prompts/001_001.json"], false),
    (&["cost"], false),
    (&["continuity"], false),
    (&["takes", "prompts/001_001.json"], false),
    (&["generate", "shots"], true),
    (&["commit", "-m", "Edit"], true),
    (&["restore", "script.fountain"], true),
    (&["undo"], true),
    (&["revert", "HEAD"], true),
    (&["switch", "other"], true),
];

#[test]
fn a_read_that_fails_is_named_or_does_not_matter() {
    let film = Film::new();
    let stride = number("AIUT_READS", 16);
    let first = seed() % stride;
    let (mut failed, mut answered) = (0, 0);
    for (arguments, changes) in COMMANDS {
        let before = film.copy();
        let untouched = before.files();
        let sound = film.copy();
        let reference = sound.run(arguments, None);
        assert_eq!(reference.code, Some(0), "{arguments:?}: {reference:?}");
        let done = sound.files();
        let mut at = first;
        loop {
            let world = film.copy();
            let run = world.run(arguments, Some(&format!("read:{at}")));
            let Some(path) = &run.fault else { break };
            let said = format!("{arguments:?}, read {at} of {path}: {run:?}");
            match run.code {
                Some(0) if run.stdout == reference.stdout => {
                    answered += 1;
                    assert!(world.files() == done, "{said}");
                }
                // What is in the folder and cannot be read is part of the answer.
                Some(0) => {
                    assert!(!changes && names(&run.stdout, path), "{said}");
                    failed += 1;
                }
                Some(1) => {
                    failed += 1;
                    assert!(names(&run.stderr, path), "{said}");
                    // A run commits the edits first, and says so if it fails after that.
                    let is_half = run.stderr.contains("is recorded all the same");
                    let is_run = arguments[0] == "generate";
                    for (path, bytes) in world.files() {
                        let as_before = untouched.get(&path) == Some(&bytes);
                        let as_done = is_half && is_run && done.get(&path) == Some(&bytes);
                        assert!(as_before || as_done, "{}: {said}", path.display());
                    }
                    assert!(untouched.len() == world.files().len() || is_half, "{said}");
                    if *changes && !(is_half && is_run) {
                        assert_eq!(
                            world.run(&["op", "log"], None).stdout,
                            film.operations(),
                            "{said}"
                        );
                    }
                }
                _ => panic!("{said}"),
            }
            at += stride;
        }
    }
    println!("{failed} reads were told, {answered} did not matter");
    assert!(failed > 0 && answered > 0);
}

/// Whether a message names what could not be read: the file, or a folder that it lies in.
fn names(text: &str, path: &str) -> bool {
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let mut names = Path::new(path).ancestors().filter_map(name).take(2);
    names.any(|name| text.contains(&name)) || text.contains("a folder cannot be listed")
}

#[test]
fn what_fails_behind_the_one_visible_step_is_not_done_twice() {
    let film = Film::new();
    let before = film.copy().run(&["log", "--json"], None).stdout;
    let sound = film.copy();
    assert_eq!(sound.run(&["undo"], None).code, Some(0));
    let (once, files) = (sound.run(&["log", "--json"], None).stdout, sound.files());
    assert_ne!(once, before);
    let mut warned = 0;
    for at in 0.. {
        let world = film.copy();
        let run = world.run(&["undo"], Some(&format!("step:{at}")));
        let Some(step) = &run.fault else { break };
        let said = format!("step {at}, {step}: {run:?}");
        match run.code {
            Some(0) => warned += usize::from(run.stderr.contains("done and recorded")),
            Some(1) => {
                assert_eq!(world.run(&["log", "--json"], None).stdout, before, "{said}");
                // Whoever is told that it failed does it again.
                let again: Run = world.run(&["undo"], None);
                assert_eq!(again.code, Some(0), "{said}\n{again:?}");
            }
            _ => panic!("{said}"),
        }
        assert_eq!(world.run(&["log", "--json"], None).stdout, once, "{said}");
        assert!(world.files() == files, "{said}");
    }
    assert!(warned > 0, "no step behind the visible one was met");
}
