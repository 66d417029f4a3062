//! Many processes on one project: writers lose nothing, readers wait for nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aiut::base::folder::Folder;
use aiut::base::lock::{FileLock, Holder};
use serde_json::Value;

use super::number;
use crate::world::World;

/// Far less than the half minute that a writer would wait for a lock.
const LONGEST_READ: Duration = Duration::from_secs(15);

fn begun() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("base", "base");
    world.ok(&["commit", "-q", "-m", "base"]);
    world
}

#[test]
fn every_acknowledged_commit_of_many_writers_is_there_once_and_readers_see_whole_states() {
    let writers = number("AIUT_WRITERS", 16);
    let each = number("AIUT_COMMITS", 2);
    let readers = number("AIUT_READERS", 8);
    let world = begun();
    for writer in 0..writers {
        for n in 0..each {
            world.write(&format!("w{writer}/{n}"), format!("{writer} {n}"));
        }
    }
    // A world hands out commands one at a time; each thread builds on its own.
    let pattern = Pattern::of(&world);
    let done = AtomicBool::new(false);
    let started = Instant::now();
    let (acknowledged, reads) = std::thread::scope(|scope| {
        let writing: Vec<_> = (0..writers)
            .map(|writer| {
                let pattern = &pattern;
                scope.spawn(move || pattern.write(writer, each))
            })
            .collect();
        let reading: Vec<_> = (0..readers)
            .map(|_| scope.spawn(|| pattern.read_until(&done)))
            .collect();
        let acknowledged: Vec<String> = writing
            .into_iter()
            .flat_map(|w| w.join().unwrap())
            .collect();
        done.store(true, Ordering::Relaxed);
        let reads: Vec<Duration> = reading
            .into_iter()
            .flat_map(|r| r.join().unwrap())
            .collect();
        (acknowledged, reads)
    });
    let took = started.elapsed();
    assert_eq!(acknowledged.len() as u64, writers * each);
    let mut times: BTreeMap<String, u64> = BTreeMap::new();
    for commit in world.json(&["log"]).as_array().unwrap() {
        *times
            .entry(commit["subject"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    for name in acknowledged.iter().chain([&"base".to_owned()]) {
        assert_eq!(times.remove(name), Some(1), "{name}");
    }
    assert!(times.is_empty(), "nobody made {times:?}");
    let seen = super::inspect::inspect(&world.path(""));
    assert_eq!(seen.head.len() as u64, world_files() + writers * each);
    let mut reads = reads;
    reads.sort_unstable();
    println!(
        "{} commits by {writers} writers in {took:?}; {} reads, half within {:?}, all within {:?}",
        acknowledged.len(),
        reads.len(),
        reads[reads.len() / 2],
        reads[reads.len() - 1]
    );
    assert!(reads[reads.len() - 1] < LONGEST_READ);
}

/// What a project of [`begun`] holds: `aiut.toml`, `.aiutignore` and `base`.
fn world_files() -> u64 {
    3
}

#[test]
fn readers_finish_while_every_lock_is_held() {
    let world = begun();
    world.write("base", "edited");
    let locks = ["lock", "worktree.lock"].map(|name| {
        let own = Folder::open(&world.path(".aiut")).unwrap();
        let found = own.find_file(name).unwrap();
        assert!(found.is_some(), "{name} is the lock that writers take");
        FileLock::acquire(&own, name, &Holder::default(), Duration::ZERO).unwrap()
    });
    for arguments in [
        &["status"][..],
        &["log"],
        &["ls"],
        &["cat", "HEAD:base"],
        &["diff"],
        &["show"],
        &["branch"],
        &["op", "log"],
        &["stale"],
        &["plan"],
    ] {
        let started = Instant::now();
        world.ok(arguments);
        assert!(started.elapsed() < LONGEST_READ, "{arguments:?}");
    }
    drop(locks);
}

/// How to run the program in the world.
struct Pattern {
    folder: std::path::PathBuf,
    variables: Vec<(std::ffi::OsString, std::ffi::OsString)>,
}

impl Pattern {
    fn of(world: &World) -> Self {
        let command = world.command(&world.path(""), &[]);
        let set = command.get_envs();
        Self {
            folder: world.path(""),
            variables: set
                .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
                .collect(),
        }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aiut"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear();
        let variables = self.variables.iter().map(|(name, value)| (name, value));
        let output = command.envs(variables).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {text}");
        output
    }

    fn json(&self, arguments: &[&str], times: &mut Vec<Duration>) -> Value {
        let started = Instant::now();
        let output = self.run(arguments);
        times.push(started.elapsed());
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn write(&self, writer: u64, each: u64) -> Vec<String> {
        let names = (0..each).map(|n| format!("w{writer}/{n}"));
        names
            .inspect(|name| drop(self.run(&["commit", "-q", "-m", name, name])))
            .collect()
    }

    /// Reads until the writers are done. Each state that is seen must be whole: a commit, and the
    /// very files that the commits up to it brought.
    fn read_until(&self, done: &AtomicBool) -> Vec<Duration> {
        let mut times = Vec::new();
        let mut longest = 0;
        while !done.load(Ordering::Relaxed) {
            let log = self.json(&["log", "--json"], &mut times);
            let log = log.as_array().unwrap();
            assert!(log.len() >= longest, "the history never gets shorter");
            longest = log.len();
            let files = self.json(
                &["ls", log[0]["id"].as_str().unwrap(), "--json"],
                &mut times,
            );
            let files: BTreeSet<&str> = files
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|file| file["path"].as_str())
                .filter(|path| path.starts_with('w'))
                .collect();
            let brought: BTreeSet<&str> = log
                .iter()
                .filter_map(|commit| commit["subject"].as_str())
                .filter(|subject| *subject != "base")
                .collect();
            assert_eq!(files, brought, "a commit that is seen has all its files");
            if let Some(newest) = brought.last() {
                let file = format!("HEAD:{newest}");
                let started = Instant::now();
                let content = self.run(&["cat", &file]).stdout;
                times.push(started.elapsed());
                let expected = newest[1..].replace('/', " ");
                assert_eq!(content, expected.as_bytes());
            }
        }
        times
    }
}
