//! A disk without room for more bytes, and one without room for more files. Needs the right to
//! mount; where that is missing, the tests say so and are skipped.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::inspect::inspect;
use super::{SCRIPT, SETTINGS, noise, number};
use crate::world::{Run, World, write};

/// A small disk of its own at the folder `film` of a world; unmounted when dropped.
struct Disk {
    folder: PathBuf,
}

impl Disk {
    fn mount(world: &World, options: &str) -> Option<Self> {
        let folder = world.path("");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(&folder)
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self { folder }),
            Ok(output) => skip(&String::from_utf8_lossy(&output.stderr)),
            Err(error) => skip(&error.to_string()),
        }
    }
}

fn skip(why: &str) -> Option<Disk> {
    println!("skipped, as mounting a disk is not permitted here: {why}");
    None
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(&self.folder).status();
        assert!(unmounted.unwrap().success());
    }
}

/// A project with a commit, and something that is not committed yet.
fn begin(world: &World) {
    world.ok(&["init", "-q"]);
    world.write("aiut.toml", SETTINGS);
    world.write("script.fountain", SCRIPT);
    world.write("notes/old", noise(200_000, 1));
    world.ok(&["commit", "-q", "-m", "Begin"]);
    world.write("notes/new", noise(600_000, 2));
}

/// Takes all room but for some. The ballast lies where no command looks.
fn fill(folder: &Path, left: u64) -> PathBuf {
    let ballast = folder.join(".aiut/ballast");
    let mut length = 256 << 20;
    let mut bytes = 0;
    let mut file = std::fs::File::create(&ballast).unwrap();
    while length >= 4096 {
        match std::io::Write::write(&mut file, &vec![1; length as usize]) {
            Ok(written) if written > 0 => bytes += written as u64,
            _ => length /= 2,
        }
    }
    file.set_len(bytes.saturating_sub(left)).unwrap();
    ballast
}

/// Refused for want of room: it says so, and what to do.
fn check_refused(run: &Run) {
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("No space left"), "{run}");
    assert!(run.stderr.contains("free some space"), "{run}");
}

fn check_reads(world: &World, subject: &str) {
    let log = world.json(&["log"]);
    assert_eq!(log[0]["subject"], subject);
    assert_eq!(world.ok(&["cat", "HEAD:script.fountain"]), SCRIPT);
    world.ok(&["status"]);
}

#[test]
fn a_commit_on_a_full_disk_is_refused_and_done_when_there_is_room() {
    let mut refused = 0;
    let steps = number("AIUT_FULL", 6);
    for step in 0..steps {
        let world = World::new();
        let Some(disk) = Disk::mount(&world, "size=8m") else {
            return;
        };
        begin(&world);
        // From no room at all to enough for what it takes.
        let ballast = fill(&disk.folder, step * (1_000_000 / steps));
        let run = world.run(&["commit", "-m", "New"]);
        if run.code != Some(0) {
            refused += 1;
            check_refused(&run);
            check_reads(&world, "Begin");
            std::fs::remove_file(&ballast).unwrap();
            world.ok(&["commit", "-q", "-m", "New"]);
        }
        check_reads(&world, "New");
        let seen = inspect(&disk.folder);
        assert_eq!(seen.commits.len(), 2, "{step}");
        assert_eq!(seen.head.len(), 6, "{step}: {:?}", seen.head.keys());
    }
    assert!(refused > 0, "the disk was never full");
    println!("{steps} commits, {refused} refused");
}

#[test]
fn a_generation_on_a_full_disk_is_refused_and_goes_on_when_there_is_room() {
    let mut refused = 0;
    let steps = number("AIUT_FULL", 6);
    for step in 0..steps {
        let world = World::new();
        let Some(disk) = Disk::mount(&world, "size=8m") else {
            return;
        };
        begin(&world);
        world.ok(&["commit", "-q", "-m", "New"]);
        let ballast = fill(&disk.folder, step * (400_000 / steps));
        let run = world.run(&["generate", "frames"]);
        if run.code != Some(0) {
            refused += 1;
            check_refused(&run);
            let log = world.json(&["log"]);
            assert!(!log.as_array().unwrap().is_empty());
            assert_eq!(world.ok(&["cat", "HEAD:script.fountain"]), SCRIPT);
            std::fs::remove_file(&ballast).unwrap();
            world.ok(&["generate", "-q", "frames"]);
        }
        assert_eq!(
            world.json(&["plan", "frames"])["items"],
            serde_json::json!([])
        );
        inspect(&disk.folder);
    }
    assert!(refused > 0, "the disk was never full");
    println!("{steps} runs, {refused} refused");
}

#[test]
fn a_disk_without_room_for_more_files_refuses_and_goes_on_when_there_is_some() {
    let world = World::new();
    let Some(disk) = Disk::mount(&world, "size=32m,nr_inodes=120") else {
        return;
    };
    begin(&world);
    let ballast = disk.folder.join(".aiut/ballast");
    std::fs::create_dir(&ballast).unwrap();
    // As if by another program: every file that can be made is made.
    let made = (0..).take_while(|n| std::fs::File::create(ballast.join(n.to_string())).is_ok());
    assert!(made.count() > 10);
    // A large batch needs a file of its own for its pack.
    std::fs::remove_file(ballast.join("0")).unwrap();
    write(&disk.folder.join("notes/large"), &noise(9 << 20, 3));
    check_refused(&world.run(&["commit", "-m", "New"]));
    check_reads(&world, "Begin");
    check_refused(&world.run(&["generate", "frames"]));
    std::fs::remove_dir_all(&ballast).unwrap();
    world.ok(&["commit", "-q", "-m", "New"]);
    check_reads(&world, "New");
    inspect(&disk.folder);
}

/// Whatever only reads answers, and is not ended by a signal.
fn check_reads_all(world: &World, said: &str) {
    for arguments in [
        &["status"][..],
        &["log"],
        &["cat", "HEAD:script.fountain"],
        &["ls"],
        &["show"],
        &["diff"],
        &["scenes"],
        &["op", "log"],
        &["fsck"],
    ] {
        let run = world.run(arguments);
        assert_eq!(run.code, Some(0), "{said}: {arguments:?}\n{run}");
    }
    assert_eq!(world.ok(&["cat", "HEAD:script.fountain"]), SCRIPT);
    assert_eq!(world.json(&["log"])[0]["subject"], "Begin");
}

/// What a disk may have lost of its index, or never had.
const LOST: [&str; 3] = ["index", "index/1/lock.mdb", "index/1/data.mdb"];

fn lose(world: &World, what: &str) {
    let path = world.path(".aiut").join(what);
    match path.is_dir() {
        true => std::fs::remove_dir_all(path).unwrap(),
        false => std::fs::remove_file(path).unwrap(),
    }
}

#[test]
fn without_an_index_a_full_disk_is_read_from_the_packs() {
    for lost in LOST {
        for left in [0, 4096, 8192, 60_000, 80_000, 140_000] {
            let world = World::new();
            let Some(disk) = Disk::mount(&world, "size=4m") else {
                return;
            };
            begin(&world);
            lose(&world, lost);
            let ballast = fill(&disk.folder, left);
            let said = format!("without {lost}, {left} bytes left");
            check_reads_all(&world, &said);
            let run = world.run(&["commit", "-m", "New"]);
            assert_eq!(run.code, Some(1), "{said}: {run}");
            check_refused(&run);
            check_reads_all(&world, &said);
            std::fs::remove_file(&ballast).unwrap();
            world.ok(&["commit", "-q", "-m", "New"]);
            check_reads(&world, "New");
            inspect(&disk.folder);
            let indexes = std::fs::read_dir(world.path(".aiut/index")).unwrap();
            assert_eq!(indexes.count(), 1, "{said}: no try leaves an index");
        }
    }
}

#[test]
fn without_an_index_a_disk_that_cannot_be_written_to_is_read_from_the_packs() {
    for lost in LOST.into_iter().chain(["incoming"]) {
        let world = World::new();
        let Some(disk) = Disk::mount(&world, "size=8m") else {
            return;
        };
        begin(&world);
        lose(&world, lost);
        remount(&disk.folder, "ro");
        check_reads_all(&world, lost);
        let run = world.run(&["commit", "-m", "New"]);
        assert_eq!(run.code, Some(1), "{lost}: {run}");
        assert!(run.stderr.contains("read-only"), "{lost}: {run}");
        remount(&disk.folder, "rw");
        world.ok(&["commit", "-q", "-m", "New"]);
        check_reads(&world, "New");
        inspect(&disk.folder);
    }
}

fn remount(folder: &Path, how: &str) {
    let options = format!("remount,{how}");
    let mut mount = Command::new("mount");
    let mounted = mount.args(["-o", &options]).arg(folder).output().unwrap();
    let said = String::from_utf8_lossy(&mounted.stderr);
    assert!(mounted.status.success(), "{said}");
}
