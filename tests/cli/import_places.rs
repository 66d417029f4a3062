//! Where `import` takes a screenplay from, and what it takes the place of.

use insta::assert_snapshot;

use super::import::{FDX, SCRIPT, world};

#[test]
fn a_folder_has_one_screenplay() {
    let world = world();
    world.write("../in/bible/style.toml", "tone = 'dry'\n");
    world.write("../in/README.txt", "Words.\n");
    assert_snapshot!(world.run(&["import", "../in"]), @"
    --- stderr
    error: $ROOT/film/../in: there is no screenplay in it
    hint: put a .fountain or .txt at its top; other files need no import: copy them into the project's folder, and `aiut commit` keeps them
    --- exit code 1
    ");
    world.write("../in/ferry.fdx", FDX);
    assert_snapshot!(world.run(&["import", "../in"]), @"
    --- stderr
    error: $ROOT/film/../in: there is no screenplay in it that can be read; ferry.fdx: it is a Final Draft document (.fdx), not a screenplay
    hint: export it from there as Fountain or as plain text (.txt), and import that file
    --- exit code 1
    ");
    world.write("../in/ferry.txt", SCRIPT);
    assert_snapshot!(world.run(&["import", "../in"]), @"Imported 4 files: 1 scene");
    assert_eq!(world.read("script.fountain"), SCRIPT);
    assert!(world.path("README.txt").is_file() && !world.path("ferry.txt").exists());
    world.ok(&["undo", "-q"]);
    assert!(!world.path("README.txt").exists() && !world.path("script.fountain").exists());
    world.write("../in/a.fountain", SCRIPT);
    world.ok(&["import", "../in"]);
    world.ok(&["undo", "-q"]);
    world.write("../in/b.fountain", SCRIPT);
    assert_snapshot!(world.run(&["import", "../in"]), @"
    --- stderr
    error: $ROOT/film/../in: it holds several screenplays (a.fountain, b.fountain); import one of them
    hint: aiut import $ROOT/film/../in/a.fountain
    --- exit code 1
    ");
    world.write("../empty/.keep", "");
    let run = world.run(&["import", "../empty"]);
    assert_eq!(run.code, Some(1), "{run}");
    // Settings that cannot be read would stop every command that follows.
    std::fs::remove_file(world.path("../in/b.fountain")).unwrap();
    world.write("../in/aiut.toml", "[film\n");
    let run = world.run(&["import", "../in"]);
    assert!(
        run.code == Some(1) && run.stderr.contains("aiut.toml"),
        "{run}"
    );
    assert!(!world.path("script.fountain").exists());
}

#[test]
fn the_wrong_file_is_followed_by_the_right_one() {
    let world = world();
    world.write("../wrong.fountain", "INT. WRONG - DAY\n\nNo.\n");
    world.write("../right.fountain", SCRIPT);
    world.ok(&["import", "../wrong.fountain"]);
    assert_snapshot!(world.run(&["import", "../right.fountain"]), @"
    In place of what was imported before; `aiut undo` brings that back
    Imported script.fountain: 1 scene
    ");
    assert_eq!(world.read("script.fountain"), SCRIPT);
    world.ok(&["undo", "-q"]);
    assert!(world.read("script.fountain").starts_with("INT. WRONG"));
    // What was edited since does not give way.
    world.write("script.fountain", "INT. WRONG - NIGHT\n\nNo.\n");
    let run = world.run(&["import", "../right.fountain"]);
    assert!(
        run.code == Some(1) && run.stderr.contains("not committed"),
        "{run}"
    );
}

#[test]
fn a_place_outside_the_project_is_told_as_such() {
    let world = world();
    world.write("../ferry.png", b"\x89PNG\r\n\x1a\n, or nearly");
    assert_snapshot!(world.run(&["import", "../ferry.png", "--as", "../out.png"]), @"
    --- stderr
    error: ../out.png lies outside the project
    hint: aiut looks at nothing outside $ROOT/film
    --- exit code 1
    ");
}

#[test]
fn nothing_that_is_not_committed_is_lost() {
    let world = world();
    let before = world.ok(&["op", "log"]);
    world.write("other.fountain", SCRIPT);
    world.write("script.fountain", "INT. A - DAY\n\nUnsaved.\n");
    // Onto itself it changes nothing.
    assert_snapshot!(
        world.run(&["import", "script.fountain"]),
        @"Nothing to import: script.fountain is the same already"
    );
    let run = world.run(&["import", "other.fountain"]);
    assert_snapshot!(run, @"
    --- stderr
    error: script.fountain has changes that are not committed
    hint: aiut commit -m MESSAGE   keeps them, then try again
    --- exit code 1
    ");
    // What is ignored is in no commit either.
    world.write(".aiutignore", "script.fountain\n");
    let run = world.run(&["import", "other.fountain"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_eq!(world.read("script.fountain"), "INT. A - DAY\n\nUnsaved.\n");
    assert_eq!(world.ok(&["op", "log"]), before);
}

#[cfg(unix)]
#[test]
fn links_and_pipes() {
    use std::os::unix::fs::symlink;

    let world = world();
    world.write("../in/a.fountain", SCRIPT);
    symlink(world.path("../in/a.fountain"), world.path("link.fountain")).unwrap();
    symlink(world.path("loop"), world.path("loop")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(world.path("pipe"))
        .status();
    assert!(made.unwrap().success());
    assert_snapshot!(world.run(&["import", "pipe"]), @"
    --- stderr
    error: $ROOT/film/pipe: it is neither a file nor a folder
    hint: `aiut import -` reads a screenplay from standard input
    --- exit code 1
    ");
    assert_eq!(world.run(&["import", "loop"]).code, Some(1));
    world.ok(&["import", "link.fountain"]);
    assert_eq!(world.read("script.fountain"), SCRIPT);
    world.ok(&["undo", "-q"]);
    // What is no file of the project is not written through, and not replaced.
    symlink(
        world.path("../in/b.fountain"),
        world.path("script.fountain"),
    )
    .unwrap();
    world.write("../in/b.fountain", "INT. B - DAY\n\nBelow.\n");
    let run = world.run(&["import", "../in/a.fountain"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(world.path("script.fountain").is_symlink());
    assert_eq!(world.read("script.fountain"), "INT. B - DAY\n\nBelow.\n");
}
