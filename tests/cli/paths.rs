//! Paths as they are typed: from any folder, through links, of what is gone; and what is said of
//! those that are not kept.

use super::film::{SCRIPT, film};
use super::world::World;

/// A project with a file in a folder, one that is gone since the first commit, and a second folder.
fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("frames/x.png", "1\n");
    world.write("gone/old.txt", "old\n");
    world.write("sub/s", "s\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world.write("frames/x.png", "2\n");
    std::fs::remove_dir_all(world.path("gone")).unwrap();
    world.ok(&["commit", "-q", "-m", "Second"]);
    world.write("frames/x.png", "3\n");
    world
}

/// Runs a command with a path in it from a subfolder, by the path from there, by the whole path and
/// through links to the project and to its folder: it always says what it says at the top.
#[cfg(unix)]
fn same_from_everywhere(world: &World, arguments: &[&str], path: &str) {
    let links = world.home().join("links");
    if !links.exists() {
        std::fs::create_dir(&links).unwrap();
        std::os::unix::fs::symlink(world.path(""), links.join("film")).unwrap();
        std::os::unix::fs::symlink(world.path("frames"), links.join("frames")).unwrap();
    }
    let text = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
    let mut ways = vec![
        format!("../{path}"),
        text(world.path(path)),
        text(links.join("film").join(path)),
    ];
    ways.extend(
        path.strip_prefix("frames/")
            .map(|name| text(links.join("frames").join(name))),
    );
    let with = |path: &str| -> Vec<String> {
        arguments
            .iter()
            .map(|word| word.replace("PATH", path))
            .collect()
    };
    let run = |folder: &str, path: &str| {
        let words = with(path);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        world.run_in(folder, &words)
    };
    let expected = run("", path);
    assert_eq!(expected.code, Some(0), "{arguments:?}: {expected}");
    for way in ways {
        // Behind a colon there are paths from here, and from the top.
        if arguments.iter().any(|word| word.contains(":PATH")) && way.starts_with('/') {
            continue;
        }
        let found = run("sub", &way);
        assert_eq!(
            found.to_string(),
            expected.to_string(),
            "{arguments:?} {way}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_path_means_the_same_from_every_folder_to_every_command() {
    let world = project();
    for arguments in [
        &["status", "PATH"][..],
        &["diff", "PATH"],
        &["diff", "--", "PATH"],
        &["diff", "HEAD~1", "PATH"],
        &["diff", "HEAD~1:PATH", "HEAD:PATH"],
        &["log", "PATH"],
        &["log", "-1", "PATH"],
        &["log", "HEAD~1..", "--", "PATH"],
        &["ls", "PATH"],
        &["ls", "HEAD:PATH"],
        &["cat", "HEAD~1:PATH"],
        &["show", "HEAD~1:PATH"],
        &["du", "PATH"],
    ] {
        same_from_everywhere(&world, arguments, "frames/x.png");
    }
    assert_eq!(
        world
            .run_in("sub", &["search", "--path", "../frames/*.png"])
            .stdout,
        world.ok(&["search", "--path", "frames/*.png"])
    );
    for path in ["../frames/x.png", "../frames"] {
        world.write("frames/x.png", "edited\n");
        assert_eq!(
            world.run_in("sub", &["restore", path]).code,
            Some(0),
            "{path}"
        );
        assert_eq!(world.read("frames/x.png"), "2\n");
    }
    same_from_everywhere(&world, &["whence", "PATH"], "frames/x.png");
    world.write("frames/x.png", "4\n");
    world.write("sub/s", "other\n");
    let run = world.run_in("sub", &["commit", "-m", "Third", "../frames/x.png"]);
    assert!(
        run.stdout
            .ends_with("1 file: 1 modified, on timeline main\n"),
        "{run}"
    );
    assert_eq!(world.run_in("sub", &["cat", "HEAD:./s"]).stdout, "s\n");
    assert_eq!(
        world.run_in("sub", &["ls", "HEAD:."]).stdout,
        world.ok(&["ls", "sub"])
    );
}

#[cfg(unix)]
#[test]
fn outputs_are_named_from_every_folder() {
    let world = film(SCRIPT, &["frames"]);
    world.write("sub/s", "s\n");
    for arguments in [
        &["why", "PATH"][..],
        &["takes", "PATH"],
        &["deps", "PATH"],
        &["plan", "PATH"],
        &["generate", "-n", "PATH"],
        &["pick", "PATH", "1"],
    ] {
        same_from_everywhere(&world, arguments, "frames/001_001.png");
    }
    let refused = world.run_in("sub", &["accept", "../frames/001_001.png", "--why", "x"]);
    assert!(
        refused
            .stderr
            .contains("frames/001_001.png cannot be accepted"),
        "{refused}"
    );
    let import = world.run_in(
        "sub",
        &[
            "import",
            "../frames/001_001.png",
            "--as",
            "../imports/a.png",
        ],
    );
    assert!(import.stdout.starts_with("Imported "), "{import}");
    assert!(world.path("imports/a.png").is_file());
}

#[test]
fn what_is_gone_is_followed_and_restored() {
    let world = project();
    for arguments in [&["gone/old.txt"][..], &["gone"], &["--", "gone/old.txt"]] {
        let shown = world.ok(&[&["log", "--oneline"], arguments].concat());
        assert_eq!(shown.lines().count(), 2, "{arguments:?}\n{shown}");
    }
    assert_eq!(
        world
            .run_in("sub", &["log", "--oneline", "../gone"])
            .stdout
            .lines()
            .count(),
        2
    );
    let refused = world.run(&["restore", "gone/old.txt"]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused
            .stderr
            .contains("the last commit has no gone/old.txt; "),
        "{refused}"
    );
    let hint = refused.stderr.split("--from ").nth(1).unwrap();
    let commit = hint.split('`').next().unwrap().to_owned();
    world.ok(&["restore", "--from", &commit, "gone/old.txt"]);
    assert_eq!(world.read("gone/old.txt"), "old\n");
    // Deleted in the folder alone.
    std::fs::remove_dir_all(world.path("frames")).unwrap();
    let shown = world.run_in("sub", &["diff", "../frames/x.png"]);
    assert!(
        shown.stdout.starts_with("removed: frames/x.png\n"),
        "{shown}"
    );
    assert_eq!(
        world.run_in("sub", &["restore", "../frames/x.png"]).code,
        Some(0)
    );
    assert_eq!(world.read("frames/x.png"), "2\n");
}

#[cfg(unix)]
#[test]
fn what_is_not_kept_is_told_to_whoever_names_it() {
    let world = project();
    world.write(".aiutignore", "*.tmp\n");
    world.write("a.tmp", "x");
    world.write("sequel/.aiut/format", "1\n");
    world.write("sequel/x", "x");
    std::os::unix::fs::symlink("sub/s", world.path("link")).unwrap();
    let told = [
        ("a.tmp", "ignored by .aiutignore:1"),
        ("link", "a symlink, which is not followed"),
        ("sequel/x", "a project of its own"),
        ("sequel", "a project of its own"),
    ];
    for (path, reason) in told {
        let place = path.split('/').next().unwrap();
        let status = world.ok(&["status", path]);
        assert!(
            status.contains(&format!("  skipped   {place}: {reason}\n")),
            "{status}"
        );
        for arguments in [
            &["commit", "-m", "x", path][..],
            &["restore", path],
            &["log", path],
            &["ls", path],
            &["du", path],
        ] {
            let run = world.run(arguments);
            let expected = format!("error: {place} is not kept: {reason}\n");
            assert!(run.stderr.starts_with(&expected), "{arguments:?}: {run}");
            assert_eq!(run.code, Some(1), "{arguments:?}");
        }
        let run = world.run(&["diff", path]);
        assert_eq!(
            run.stderr,
            format!("warning: {place} is not kept: {reason}\n")
        );
    }
    // Ignored files are nobody's business until they are named.
    assert!(!world.ok(&["status"]).contains("a.tmp"));
    // Of two names that are one elsewhere, both are said.
    if world.try_write("Take", "1") && world.try_write("take", "2") && world.read("Take") == "1" {
        let run = world.run(&["commit", "-m", "x", "take"]);
        let expected = "error: take is not kept: some systems cannot tell its name from Take\n";
        assert!(run.stderr.starts_with(expected), "{run}");
    }
}

#[cfg(unix)]
#[test]
fn no_command_waits_for_a_pipe() {
    let world = project();
    let mkfifo = |path: &str| {
        let made = std::process::Command::new("mkfifo")
            .arg(world.path(path))
            .status();
        assert!(made.unwrap().success());
    };
    for path in [".aiutignore", "sub/.aiutignore", "script.fountain"] {
        mkfifo(path);
    }
    let status = world.ok(&["status"]);
    for path in [".aiutignore", "sub/.aiutignore", "script.fountain"] {
        let line = format!("  skipped   {path}: neither a file nor a folder\n");
        assert!(status.contains(&line), "{status}");
    }
    let run = world.run(&["import", "script.fountain"]);
    assert_eq!(run.code, Some(1));
    for arguments in [
        &["import", "sub/.aiutignore"][..],
        &["whence", "sub/.aiutignore"],
    ] {
        let run = world.run(arguments);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(
            run.stderr.contains("neither a file nor a folder")
                || run.stderr.contains("not a regular file"),
            "{run}"
        );
    }
    mkfifo("aiut.toml");
    for arguments in [
        &["status"][..],
        &["scenes"],
        &["config", "film.title"],
        &["plan"],
    ] {
        let run = world.run(arguments);
        assert!(
            format!("{run}").contains("aiut.toml"),
            "{arguments:?}: {run}"
        );
    }
}
