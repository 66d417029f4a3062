//! The numbers of takes: they stay with the takes.

use serde_json::Value;

use super::film::{SCRIPT, film};
use super::world::World;

const FRAME: &str = "frames/001_002.png";

/// Number and content of each take.
fn numbers(world: &World) -> Vec<(u64, String)> {
    let takes = world.json(&["takes", FRAME]);
    let of = |take: &Value| {
        (
            take["take"].as_u64().unwrap(),
            take["id"].as_str().unwrap().to_owned(),
        )
    };
    takes.as_array().unwrap().iter().map(of).collect()
}

#[test]
fn a_take_keeps_its_number_when_others_are_let_go_of() {
    let world = film(SCRIPT, &["frames"]);
    for _ in 0..2 {
        world.ok(&["generate", FRAME, "--new-take"]);
        world.ok(&["undo", "-q"]);
    }
    world.ok(&["generate", FRAME, "--new-take"]);
    let before = numbers(&world);
    assert_eq!(
        before.iter().map(|take| take.0).collect::<Vec<_>>(),
        [1, 2, 3, 4]
    );
    world.ok(&["takes", "--unused", "--delete", "--yes"]);
    let stayed = vec![before[0].clone(), before[3].clone()];
    assert_eq!(numbers(&world), stayed);
    world.ok(&["gc", "--grace", "0"]);
    assert_eq!(numbers(&world), stayed, "they are freed");
    let run = world.run(&["pick", FRAME, "2"]);
    assert!(
        run.stderr.contains("has no take 2, but takes 1 and 4"),
        "{run}"
    );
    world.ok(&["pick", FRAME, "1"]);
    // A number that was borne is borne by no other.
    world.ok(&["generate", FRAME, "--new-take"]);
    let after = numbers(&world);
    assert_eq!(after[..2], stayed);
    assert_eq!(after[2].0, 5);
    world.ok(&["fsck", "--data"]);
}

#[test]
fn what_is_let_go_of_and_brought_back_has_its_number_again() {
    let world = film(SCRIPT, &["frames"]);
    world.ok(&["generate", FRAME, "--new-take"]);
    world.ok(&["undo", "-q"]);
    world.ok(&["generate", FRAME, "--new-take"]);
    let before = numbers(&world);
    world.ok(&["takes", "--unused", "--delete", "--yes"]);
    assert_eq!(numbers(&world), [before[0].clone(), before[2].clone()]);
    world.ok(&["undo", "-q"]);
    assert_eq!(numbers(&world), before);
}

/// When the newest take was finished, in milliseconds.
fn finished(world: &World, path: &str) -> i64 {
    let takes = world.json(&["takes", path]);
    let times = takes.as_array().unwrap().iter();
    let times = times.filter_map(|take| take["finished_ms"].as_i64());
    times.max().unwrap()
}

#[test]
fn what_comes_in_one_second_stays_in_its_order() {
    let mut world = film(SCRIPT, &["frames"]);
    // How far the clock of a test is when such a run is over.
    let begun = 1_767_310_000;
    world.set("AIUT_CLOCK", &begun.to_string());
    let other = "frames/002_001.png";
    world.ok(&["generate", other, "--new-take"]);
    let later = finished(&world, other) / 1000 - begun;
    assert!(later > 0);

    world.set("AIUT_CLOCK", "1767320000");
    let own = std::fs::read(world.path("frames/001_001.png")).unwrap();
    world.write(FRAME, own);
    world.ok(&["commit", "-q", "-m", "The still from the location"]);
    let committed = finished(&world, FRAME) / 1000;
    let before = numbers(&world);
    assert_eq!(before.len(), 2);
    world.set("AIUT_CLOCK", &(committed - later).to_string());
    world.ok(&["generate", FRAME, "--new-take"]);
    assert_eq!(finished(&world, FRAME) / 1000, committed, "the same second");
    let after = numbers(&world);
    assert_eq!(after[..2], before);
    assert_eq!(after[2].0, 3);
}
