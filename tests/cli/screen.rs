//! `open` and `play`, with viewers that only tell what they were given.

use std::os::unix::fs::PermissionsExt as _;

use super::film::{SCRIPT, film};
use super::world::World;

/// A film with a program in `PATH` that tells its name and arguments.
fn with_viewer(name: &str, what: &[&str]) -> World {
    let mut world = film(SCRIPT, what);
    let bin = world.home().join("bin");
    std::fs::create_dir(&bin).unwrap();
    viewer(&world, name);
    let path = std::env::var("PATH").unwrap_or_default();
    world.set("PATH", &format!("{}:{path}", bin.display()));
    world.set("TMPDIR", world.home().to_str().unwrap());
    world
}

fn viewer(world: &World, name: &str) {
    let program = world.home().join("bin").join(name);
    super::world::write(&program, b"#!/bin/sh\necho \"shown by ${0##*/}: $*\"\n");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The file that was shown, from the project's folder on.
fn shown(world: &World, folder: &str, arguments: &[&str]) -> String {
    let run = world.run_in(folder, arguments);
    assert_eq!(run.code, Some(0), "{arguments:?}: {run}");
    let line = run
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("shown by "));
    let line = line.unwrap_or_else(|| panic!("{arguments:?}: {run}"));
    line.replace("$ROOT/film/", "")
}

#[test]
fn the_film_a_cut_a_clip_and_a_voice_are_played() {
    let world = with_viewer("xdg-open", &[]);
    for (words, file) in [
        (&[][..], "film.mp4"),
        (&["film.mp4"], "film.mp4"),
        (&["scene", "2"], "cuts/002.mov"),
        (&["2"], "cuts/002.mov"),
        (&["2-1"], "clips/002_001.mov"),
        (&["clips/002_001.mov"], "clips/002_001.mov"),
        (&["voices", "shot", "1-2"], "voices/001_002.wav"),
    ] {
        if file.starts_with("voices") && !world.path(file).exists() {
            continue;
        }
        let line = shown(&world, "", &[&["play"], words].concat());
        assert_eq!(line, format!("xdg-open: {file}"), "{words:?}");
    }
    assert_eq!(
        shown(&world, "cuts", &["play", "002.mov"]),
        "xdg-open: cuts/002.mov"
    );
    assert_eq!(
        shown(&world, "", &["open", "2-1"]),
        "xdg-open: clips/002_001.mov"
    );
    assert_eq!(
        shown(&world, "", &["open", "frames", "2-1"]),
        "xdg-open: frames/002_001.png"
    );
    assert_eq!(
        shown(&world, "", &["open", "script.fountain"]),
        "xdg-open: script.fountain"
    );
    // What is out of date is played all the same, and said to be.
    world.write("script.fountain", SCRIPT.replace("A clock", "A lamp"));
    let run = world.run(&["play"]);
    assert!(
        run.stderr
            .contains("film.mp4 is pending: `aiut generate film.mp4`"),
        "{run}"
    );
    assert!(run.stdout.contains("film.mp4"), "{run}");
    let run = world.run(&["play", "frames/002_001.png"]);
    assert!(run.stderr.contains("aiut open frames/002_001.png"), "{run}");
    let run = world.run(&["play", "clips"]);
    assert!(run.stderr.contains("files; name one"), "{run}");
}

#[test]
fn what_is_not_made_yet_is_told_with_what_makes_it() {
    let world = with_viewer("xdg-open", &["frames"]);
    for (words, path) in [
        (&["play"][..], "film.mp4"),
        (&["play", "scene", "2"], "cuts/002.mov"),
        (&["play", "2-1"], "clips/002_001.mov"),
        (&["open", "scene", "2"], "cuts/002.mov"),
    ] {
        let run = world.run(words);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(
            run.stderr.contains(&format!("{path} is not made yet")),
            "{run}"
        );
        assert!(
            run.stderr.contains(&format!("aiut generate {path}")),
            "{run}"
        );
    }
    assert_eq!(
        shown(&world, "", &["open", "2-1"]),
        "xdg-open: frames/002_001.png"
    );
    let run = world.run(&["open", "scirpt.fountain"]);
    assert!(
        run.stderr.contains("there is no file scirpt.fountain"),
        "{run}"
    );
    assert!(
        run.stderr.contains("did you mean script.fountain?"),
        "{run}"
    );
}

#[test]
fn an_old_version_is_shown_as_a_copy() {
    let world = with_viewer("xdg-open", &["scenes"]);
    world.write("script.fountain", "INT. HALL - DAY\n\nNobody.\n");
    let line = shown(&world, "", &["open", "HEAD:script.fountain"]);
    let copy = line
        .trim_start_matches("xdg-open: ")
        .replace("$ROOT/home", "");
    let copy = world.home().join(copy.trim_start_matches('/'));
    assert_eq!(std::fs::read_to_string(copy).unwrap(), SCRIPT);
}

#[test]
fn what_a_system_would_run_is_not_opened_and_no_program_of_the_project_is_run() {
    let mut world = with_viewer("xdg-open", &["scenes"]);
    for name in ["run.sh", "x.desktop", "page.html", "tool", "bible/a.exe"] {
        world.write(name, "#!/bin/sh\ntouch /tmp/never\n");
        let run = world.run(&["open", name]);
        assert_eq!(run.code, Some(1), "{name}: {run}");
        assert!(!run.stdout.contains("shown by"), "{name}: {run}");
    }
    std::os::unix::fs::symlink("/etc/passwd", world.path("link.txt")).unwrap();
    let run = world.run(&["open", "link.txt"]);
    assert!(run.stderr.contains("link.txt is a link"), "{run}");
    world.write("-x.txt", "x");
    assert_eq!(
        shown(&world, "", &["open", "--", "-x.txt"]),
        "xdg-open: -x.txt"
    );
    world.write("a b; echo.txt", "x");
    assert_eq!(
        shown(&world, "", &["open", "a b; echo.txt"]),
        "xdg-open: a b; echo.txt"
    );
    // A viewer that lies in the project is none, nor one that its settings name.
    world.write("bin/gio", "#!/bin/sh\necho \"shown by the project: $*\"\n");
    let own = world.path("bin/gio");
    std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o755)).unwrap();
    world.set("PATH", own.parent().unwrap().to_str().unwrap());
    let run = world.run(&["open", "script.fountain"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(
        run.stderr.contains("looked for xdg-open, gio and wslview"),
        "{run}"
    );
    assert!(
        run.stderr.contains("aiut config ui.opener PROGRAM"),
        "{run}"
    );
    let settings = world.read("aiut.toml");
    world.write(
        "aiut.toml",
        format!("{settings}\n[ui]\nopener = \"bin/gio\"\n"),
    );
    let run = world.run(&["open", "script.fountain"]);
    assert!(!run.stdout.contains("shown by"), "{run}");
}

#[test]
fn the_user_says_which_program_shows_and_plays() {
    let world = with_viewer("xdg-open", &["scenes"]);
    world.write("take.mov", "no real clip");
    viewer(&world, "feh");
    world.ok(&["config", "ui.opener", "feh --full"]);
    assert_eq!(
        shown(&world, "", &["open", "script.fountain"]),
        "feh: --full $ROOT/film/script.fountain".replace("$ROOT/film/", "")
    );
    assert_eq!(
        shown(&world, "", &["play", "take.mov"]),
        "feh: --full take.mov"
    );
    viewer(&world, "mpv");
    world.ok(&["config", "ui.player", "mpv \"--title=a b\""]);
    assert_eq!(
        shown(&world, "", &["play", "take.mov"]),
        "mpv: --title=a b take.mov"
    );
    world.ok(&["config", "ui.player", "nosuch"]);
    let run = world.run(&["play", "take.mov"]);
    assert!(
        run.stderr
            .contains("nosuch, which ui.player names, was not found"),
        "{run}"
    );
    // A film that cannot be read can be looked at.
    world.ok(&["config", "--unset", "ui.player"]);
    world.write("aiut.toml", "film = ");
    assert_eq!(
        shown(&world, "", &["play", "take.mov"]),
        "feh: --full take.mov"
    );
}
