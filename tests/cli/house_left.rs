//! What a copy left out of `.aiut`, and what dead commands left in it.

use std::fs;

use super::house::begun;

#[test]
fn folders_that_a_copy_left_out_are_made_again() {
    let world = begun();
    world.ok(&["generate", "-q", "scenes"]);
    for folder in ["incoming", "index", "damaged", "scratch", "staging"] {
        let _ = fs::remove_dir_all(world.path(".aiut").join(folder));
    }
    world.ok(&["fsck", "--repair"]);
    // More than goes into a pack that others share: it is written in incoming/.
    let large: Vec<u8> = (0..9_u32 << 18)
        .flat_map(|n| blake3::hash(&n.to_le_bytes()).as_bytes()[..4].to_vec())
        .collect();
    world.write("large.bin", &large);
    let _ = fs::remove_dir_all(world.path(".aiut/incoming"));
    world.ok(&["commit", "-q", "-m", "Large"]);
    world.ok(&["generate", "-q", "scenes"]);
    world.ok(&["switch", "-q", "-c", "b"]);
    world.ok(&["restore", "--from", "HEAD~1", "notes.txt"]);
    world.ok(&["gc"]);
    world.ok(&["fsck", "--data"]);
}

#[test]
fn packs_that_are_gone_are_missed_and_not_taken_for_an_empty_project() {
    let world = begun();
    fs::rename(world.path(".aiut/packs"), world.path("../packs")).unwrap();
    for arguments in [&["status"][..], &["log"], &["commit", "-m", "x"]] {
        let run = world.run(arguments);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(
            run.stderr.contains(".aiut/packs") && run.stderr.contains("gone"),
            "{run}"
        );
        assert!(!world.path(".aiut/packs").exists());
    }
    fs::rename(world.path("../packs"), world.path(".aiut/packs")).unwrap();
    world.ok(&["log"]);
}

#[test]
fn what_dead_commands_left_goes_and_is_never_committed() {
    let world = begun();
    for name in [
        ".aiut/.checkout.4711-0.tmp",
        ".aiut/.stat.4711-1.tmp",
        ".aiut/.moment.4711-2.tmp",
        ".aiut/.aiut.toml.4711-3.tmp",
        ".aiut/incoming/4711-0.pack",
        ".aiut.toml.4711-0.tmp",
    ] {
        world.write(name, "left");
    }
    world.ok(&["status"]);
    let own = fs::read_dir(world.path(".aiut")).unwrap();
    let own: Vec<_> = own.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        own.iter()
            .all(|name| !name.to_string_lossy().ends_with(".tmp")),
        "{own:?}"
    );
    world.ok(&["commit", "-q", "-m", "More"]);
    assert!(!world.path(".aiut/incoming/4711-0.pack").exists());
    let listed = world.ok(&["ls"]);
    assert!(
        listed.contains("notes.txt") && !listed.contains(".tmp"),
        "{listed}"
    );
    world.ok(&["config", "film.title", "Two Rooms"]);
    world.ok(&["commit", "-q", "-m", "Title"]);
    let listed = world.ok(&["ls"]);
    assert!(
        listed.contains("aiut.toml") && !listed.contains(".tmp"),
        "{listed}"
    );
}
