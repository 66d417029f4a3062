//! What `.aiut/` keeps beside packs and index, damaged or old: it may cost time, never an answer.

use std::path::Path;

use super::{number, seed};
use crate::edits::Random;
use crate::world::{World, write};

/// What a command may find there, each made anew from what is true.
const CACHES: [&str; 2] = ["stat", "tree"];
/// So many that the current commit's files are kept flat, and folders are remembered.
const FILES: u64 = 1200;

fn caches(world: &World) -> [Vec<u8>; 2] {
    CACHES.map(|name| std::fs::read(world.path(".aiut").join(name)).unwrap())
}

/// Texts of one length that say different things.
fn text(number: u64) -> String {
    format!("It is the number {number:06}.\n")
}

/// The bytes as something may leave them; `older` is what the file held before.
fn damage(bytes: &mut Vec<u8>, older: &[u8], random: &mut Random) -> String {
    let at = random.below(bytes.len());
    let end = (at + 1 + random.below(400)).min(bytes.len());
    match random.below(6) {
        0 => {
            bytes[at] ^= 1 << random.below(8);
            format!("a bit of byte {at} flipped")
        }
        1 => {
            bytes[at..end].fill(0);
            format!("{at}..{end} zeroed")
        }
        2 => {
            let other = random.below(bytes.len() - (end - at) + 1);
            let piece = bytes[other..other + end - at].to_vec();
            bytes[at..end].copy_from_slice(&piece);
            format!("{at}..{end} taken from {other}")
        }
        3 => {
            bytes.truncate(at);
            format!("cut at {at}")
        }
        4 => {
            let end = end.min(older.len());
            let at = at.min(end);
            bytes[at..end].copy_from_slice(&older[at..end]);
            format!("{at}..{end} as it was before")
        }
        _ => {
            older.clone_into(bytes);
            "all of it as it was before".to_owned()
        }
    }
}

#[test]
fn a_cache_that_is_damaged_or_old_changes_no_answer() {
    let cases = number("AIUT_CACHES", 60);
    let mut random = Random::new(seed());
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    let path = |n: u64| {
        format!(
            "{}/{n:04}.txt",
            ["notes", "scenes/a", "scenes/b"][n as usize % 3]
        )
    };
    for n in 0..FILES {
        world.write(&path(n), text(n));
    }
    world.ok(&["commit", "-q", "-m", "First"]);
    world.ok(&["status", "-q"]);
    let older = caches(&world);
    for n in 10..20 {
        world.write(&path(n), text(n + 100));
    }
    world.write("notes/new.txt", "new\n");
    world.ok(&["commit", "-q", "-m", "Second"]);
    // One edit that keeps the length, one file that came and one that went.
    world.write(&path(3), text(1000));
    world.write("scenes/c/came.txt", "came\n");
    std::fs::remove_file(world.path(&path(4))).unwrap();
    world.ok(&["status", "-q"]);
    let sound = caches(&world);
    let put = |contents: &[Vec<u8>; 2]| {
        for (name, bytes) in CACHES.iter().zip(contents) {
            write(&Path::new(&world.path(".aiut")).join(name), bytes);
        }
    };
    let answers = || {
        [
            world.json(&["status"]),
            world.json(&["diff"]),
            world.json(&["ls"]),
        ]
    };
    for name in CACHES {
        std::fs::remove_file(world.path(".aiut").join(name)).unwrap();
    }
    let right = answers();
    assert!(right[0].to_string().contains("came.txt"));
    for case in 0..cases {
        let mut damaged = sound.clone();
        let which = random.below(2);
        let what = damage(&mut damaged[which], &older[which], &mut random);
        put(&damaged);
        assert_eq!(answers(), right, "case {case}, {}: {what}", CACHES[which]);
    }
    // What is committed with an old cache is what lies in the folder.
    put(&older);
    world.ok(&["commit", "-q", "-m", "Third"]);
    for n in (0..30).filter(|n| *n != 4) {
        let committed = world.ok(&["cat", &format!("HEAD:{}", path(n))]);
        assert_eq!(committed, world.read(&path(n)), "{}", path(n));
    }
}
