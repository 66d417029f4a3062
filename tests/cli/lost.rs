//! What was committed and is not there any more: told by every command, and written over by none.

use super::world::World;

/// A project whose last commit lies in a pack of its own, the second one.
fn of_two_packs() -> World {
    let world = World::new();
    world.ok(&["init"]);
    world.write("notes.txt", "one\n");
    world.ok(&["commit", "-m", "One"]);
    let mut random = 7_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (random >> 56) as u8
    })
    .take(12 << 20)
    .collect();
    world.write("big.bin", noise);
    world.ok(&["commit", "-m", "Big"]);
    assert!(world.path(SECOND).is_file());
    world
}

const SECOND: &str = ".aiut/packs/00000002.pack";

/// Every command tells that the last commit is not there; none writes over that.
fn assert_told(world: &World, what: &str) {
    let log = world.run(&["log", "--oneline"]);
    assert!(
        log.code == Some(0) && log.stderr.contains(what),
        "{}",
        log.stderr
    );
    assert!(!log.stdout.contains("Big"), "{}", log.stdout);
    world.write("notes.txt", "two\n");
    for command in [
        &["commit", "-m", "Two"][..],
        &["undo"],
        &["branch", "other"],
    ] {
        let run = world.run(command);
        assert!(
            run.code == Some(1) && run.stderr.contains("fsck --repair"),
            "{command:?}: {}",
            run.stderr
        );
    }
    let fsck = world.run(&["fsck"]);
    assert!(fsck.code == Some(3), "{}", fsck.stdout);
}

#[test]
fn a_pack_that_is_gone_is_told_by_every_command_and_comes_back() {
    let world = of_two_packs();
    let aside = world.path("../aside.pack");
    std::fs::rename(world.path(SECOND), &aside).unwrap();
    assert_told(&world, "00000002.pack is gone");
    std::fs::rename(&aside, world.path(SECOND)).unwrap();
    let log = world.run(&["log", "--oneline"]);
    assert!(
        log.stdout.contains("Big") && log.stderr.is_empty(),
        "{}",
        log.stderr
    );
    world.ok(&["commit", "-m", "Two"]);
    world.ok(&["fsck", "--data"]);
}

#[test]
fn a_pack_that_was_cut_short_is_told_and_given_up_only_when_asked() {
    let world = of_two_packs();
    let pack = std::fs::OpenOptions::new()
        .write(true)
        .open(world.path(SECOND))
        .unwrap();
    let length = pack.metadata().unwrap().len();
    pack.set_len(length / 2).unwrap();
    assert_told(&world, "00000002.pack ends at byte");
    world.run(&["fsck", "--repair"]);
    let log = world.run(&["log", "--oneline"]);
    assert!(
        log.code == Some(0) && log.stderr.is_empty(),
        "{}",
        log.stderr
    );
    world.ok(&["commit", "-m", "Two"]);
}

#[test]
fn the_only_pack_of_a_project_is_not_begun_anew() {
    let world = World::new();
    world.ok(&["init"]);
    world.write("notes.txt", "one\n");
    world.ok(&["commit", "-m", "One"]);
    std::fs::remove_file(world.path(".aiut/packs/00000001.pack")).unwrap();
    let status = world.run(&["status"]);
    assert!(
        status.stderr.contains("00000001.pack is gone"),
        "{}",
        status.stderr
    );
    let commit = world.run(&["commit", "-m", "Again"]);
    assert!(
        commit.code == Some(1) && commit.stderr.contains("00000001.pack is gone"),
        "{}",
        commit.stderr
    );
}
