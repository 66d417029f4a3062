//! Folders that turn into symlinks and back while files are written: nothing leaves the project.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aiut::workflow::repository::{self as commands, Scope};

use super::world::{World, path};

/// How long they are swapped, in seconds.
const SECONDS: &str = "AIUT_SWAP_SECONDS";

fn listing(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap());
    let read = |entry: std::fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, std::fs::read(entry.path()).unwrap())
    };
    entries.map(read).collect()
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_swapped_for_a_symlink_leads_nothing_out() {
    let files: Vec<(String, String)> = (0..20)
        .map(|n| (format!("shots/{n:03}.json"), format!("one {n}\n")))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (&**p, &**t)).collect();
    let world = World::with(&files);
    world.fork("what-if");
    for (path, _) in &files {
        world.write(path, "two\n");
    }
    world.write("shots/new.json", "new\n");
    world.commit("Two");
    let outside = tempfile::tempdir().unwrap();
    for name in ["000.json", "001.json", "mine.txt"] {
        std::fs::write(outside.path().join(name), "not the project's").unwrap();
    }
    let before = listing(outside.path());
    let (shots, away) = (world.at("shots"), world.at("away"));
    let stop = AtomicBool::new(false);
    let seconds = std::env::var(SECONDS)
        .ok()
        .and_then(|text| text.parse().ok());
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(2));
    let (mut done, mut refused, mut swaps) = (0, 0, 0);
    std::thread::scope(|scope| {
        let swapper = scope.spawn(|| {
            let mut swaps = 0;
            while !stop.load(Ordering::Relaxed) {
                // What is in the way when a command has just made the folder anew is moved, too.
                if std::fs::rename(&shots, &away).is_err() {
                    let _ = std::fs::remove_dir_all(&away);
                    continue;
                }
                if std::os::unix::fs::symlink(outside.path(), &shots).is_ok() {
                    swaps += 1;
                    std::thread::yield_now();
                    let _ = std::fs::remove_file(&shots);
                }
                let _ = std::fs::rename(&away, &shots);
            }
            swaps
        });
        let mut turn = 0;
        while Instant::now() < end || turn < 12 {
            turn += 1;
            let outcome = match turn % 3 {
                0 => world.switch("main"),
                1 => world.switch("what-if"),
                _ => {
                    let scope = Scope::of(vec![path("shots")]);
                    let caller = world.caller("restore");
                    commands::restore(&world.project, &caller, &scope, None).map(drop)
                }
            };
            match outcome {
                Ok(()) => done += 1,
                Err(_) => refused += 1,
            }
        }
        stop.store(true, Ordering::Relaxed);
        swaps = swapper.join().unwrap();
    });
    println!("{swaps} swaps; of the commands {done} done, {refused} refused");
    assert!(swaps > 12, "{swaps} swaps");
    assert_eq!(listing(outside.path()), before);
    // And the project is still one.
    let _ = std::fs::remove_file(&shots);
    world.project.view().unwrap();
}
