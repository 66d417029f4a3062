//! Copies of a part at random: the same edits in a part and in a whole copy, and commands that are killed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::partial::{
    FIRST, SCRIPT, SECOND, bytes, is_sound, is_there, json, noise, ok_in, packed, shared,
};
use super::world::World;

/// What two people do one after the other in a copy: edits, commits and a push. Commits bear the times given, so
/// that the same edits are the same commits.
fn edits(world: &World, folder: &str, dice: &mut Dice, clock: i64) {
    let run = |arguments: &[&str], at: i64| {
        let mut command = world.command(&world.path(folder), arguments);
        command.env("AIUT_CLOCK", (clock + at).to_string());
        let run = world.finish(command);
        assert_eq!(run.code, Some(0), "{folder} {arguments:?}: {run}");
    };
    for number in 0..4 {
        let at = number * 100;
        match dice.below(5) {
            0 => {
                let text = format!("{SCRIPT}\nEdit {}.\n", dice.below(1000));
                world.write(&format!("{folder}/script.fountain"), text);
            }
            1 => {
                let new = noise(40_000, dice.below(9));
                world.write(&format!("{folder}/clips/new.mov"), new);
            }
            2 => {
                // A version of what may not be here.
                world.write(
                    &format!("{folder}/clips/one.mov"),
                    noise(FIRST, 20 + dice.below(9)),
                );
            }
            3 => run(&["switch", "-q", "-c", &format!("t{number}")], at),
            _ => {
                run(&["hydrate", "-q", "sound.wav"], at);
                let bytes = bytes(world, &format!("{folder}/sound.wav"));
                let name = format!("{folder}/sounds/{number}.wav");
                world.write(&name, bytes);
            }
        }
        run(&["commit", "-q", "-m", &format!("Edit {number}")], at + 50);
    }
    run(&["push", "-q", "--all"], 1000);
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) % end
    }
}

/// Every file of every timeline of a place, as a whole copy has them.
fn everything(world: &World, place: &str, copy: &str) -> BTreeMap<String, String> {
    world.ok(&["clone", "-q", place, copy]);
    is_sound(world, copy);
    let mut found = BTreeMap::new();
    let timelines = json(world, copy, &["log", "--all"]);
    for commit in timelines.as_array().unwrap() {
        let id = commit["id"].as_str().unwrap();
        found.insert(id.to_owned(), ok_in(world, copy, &["ls", id, "--json"]));
    }
    found
}

#[test]
fn any_part_pushes_what_a_whole_copy_would() {
    for seed in 0..4_u64 {
        println!("seed {seed}");
        let world = shared();
        copy_folder(
            &world.path("../studio/ferry"),
            &world.path("../studio/again"),
        );
        let part: &[&str] = match seed {
            0 => &["--no-media"],
            1 => &["--only", "script.fountain"],
            2 => &["--no-media", "--depth", "1"],
            _ => &["--depth", "1"],
        };
        let clone = ["clone", "-q", "../studio/ferry", "../part"];
        world.ok(&[&clone[..], part].concat());
        world.ok(&["clone", "-q", "../studio/again", "../whole"]);
        let clock = 1_800_000_000;
        edits(&world, "../part", &mut Dice(seed), clock);
        edits(&world, "../whole", &mut Dice(seed), clock);
        let one = everything(&world, "../studio/ferry", "../one");
        let two = everything(&world, "../studio/again", "../two");
        assert_eq!(one, two, "seed {seed}");
        is_sound(&world, "../part");
        // And the first desk takes it over.
        world.ok(&["pull", "-q"]);
        is_sound(&world, ".");
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &to),
            false => drop(std::fs::copy(entry.path(), to).unwrap()),
        }
    }
}

/// Runs a command again and again, killed at a random moment of the time that it may take, until it gets through.
fn killed(
    world: &World,
    (folder, arguments): (&str, &[&str]),
    takes: Duration,
    dice: &mut Dice,
    is_done: &dyn Fn() -> bool,
) {
    for _ in 0..8 {
        let mut command = world.command(&world.path(folder), arguments);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let most = u64::try_from(takes.as_micros()).unwrap() * 5 / 4;
        std::thread::sleep(Duration::from_micros(dice.below(most)));
        let _ = child.kill();
        let ended = child.wait_with_output().unwrap();
        match ended.status.code() {
            Some(0) => return,
            Some(_) => panic!("{arguments:?}: {ended:?}"),
            None if is_done() => return,
            None => {}
        }
    }
    ok_in(world, folder, arguments);
}

#[test]
fn whatever_is_killed_goes_on_where_it_was() {
    for seed in 0..3_u64 {
        println!("seed {seed}");
        let world = shared();
        let mut dice = Dice(seed + 100);
        let begun = Instant::now();
        world.ok(&["clone", "-q", "--no-media", "../studio/ferry", "../timed"]);
        let takes = begun.elapsed();
        let clone: &[&str] = &["clone", "-q", "--no-media", "../studio/ferry", "../part"];
        // It may have died between its last step and its end.
        let is_cloned = || {
            let log = is_there(&world, "../part").then(|| world.run_in("../part", &["log", "-1"]));
            log.is_some_and(|log| log.stdout.contains("Second"))
        };
        killed(&world, (".", clone), takes, &mut dice, &is_cloned);
        let whole = |world: &World| {
            let status = json(world, "../part", &["status"]);
            let changes = &status["changes"];
            for kind in ["added", "modified", "deleted", "renamed"] {
                assert_eq!(changes[kind], serde_json::json!([]), "{status}");
            }
            is_sound(world, "../part");
        };
        whole(&world);
        for _ in 0..3 {
            killed(&world, ("../part", &["hydrate"]), takes, &mut dice, &|| {
                false
            });
            whole(&world);
            assert_eq!(bytes(&world, "../part/clips/two.mov"), noise(SECOND, 4));
            let made_room: &[&str] = &["dehydrate", "clips"];
            killed(&world, ("../part", made_room), takes, &mut dice, &|| false);
            whole(&world);
            assert!(!is_there(&world, "../part/clips/two.mov"));
            assert!(packed(&world, "../part") < 100_000, "what went is gone");
        }
    }
}
