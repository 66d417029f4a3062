//! The power fails at any moment of a run of batches.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use aiut::base::fault::{Step, Watcher, watch};
use aiut::store::Store;

use super::model::{Disk, Event};
use super::work::{Large, PROJECT, check, noise, store_batch};
use super::{alone, number, seed};
use crate::edits::Random;

/// Writes down what a store does in its folder.
struct Recorder {
    folder: PathBuf,
    events: Mutex<Vec<Event>>,
}

impl Recorder {
    fn note(&self, event: Event) {
        self.events.lock().unwrap().push(event);
    }

    fn within(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.folder).unwrap().to_owned()
    }
}

impl Watcher for Recorder {
    fn step(&self, step: &Step<'_>) -> io::Result<()> {
        let event = match step {
            // In doubt after a power failure, as all of its index.
            Step::Create(path) | Step::Write { path, .. } if path.ends_with("boot") => {
                return Ok(());
            }
            Step::Create(path) => Event::Create(self.within(path)),
            Step::Write {
                path,
                offset,
                bytes,
                ..
            } => Event::Write(self.within(path), *offset, bytes.to_vec()),
            Step::Sync(path) => Event::Sync(self.within(path)),
            Step::SyncFolder(path) => Event::SyncFolder(self.within(path)),
            Step::Rename { from, to } => Event::Rename(self.within(from), self.within(to)),
            Step::Cut(path, length) => Event::Cut(self.within(path), *length),
            // None of these is a step of a store.
            Step::Exchange { .. }
            | Step::Remove(_)
            | Step::MakeFolder(_)
            | Step::RemoveFolder(_)
            | Step::Index(_)
            | Step::Indexed(_) => return Ok(()),
        };
        self.note(event);
        Ok(())
    }
}

/// A run of batches: the disk before, and what was done to it.
struct Recording {
    before: Disk,
    events: Vec<Event>,
    large: Large,
}

const BATCHES: u64 = 8;

/// Records some batches; where `torn`, they begin with clearing up after a crash.
fn record(large: Large, torn: bool) -> Recording {
    let sandbox = tempfile::tempdir().unwrap();
    let folder = sandbox.path().join(".aiut");
    let store = Store::create(&folder, PROJECT).unwrap();
    let mut first = 0;
    let mut acknowledged = None;
    if torn {
        store_batch(&store, 0, large).unwrap();
        (first, acknowledged) = (1, Some(0));
    }
    drop(store);
    let pack = folder.join("packs/00000001.pack");
    if torn {
        let end = noise(5_000, 99);
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .open(&pack)
            .unwrap();
        io::Write::write_all(&mut file, &end).unwrap();
    }
    let files = ["format", "heads", "packs/00000001.pack"].map(Path::new);
    let files: BTreeMap<PathBuf, Vec<u8>> = files
        .iter()
        .filter_map(|path| Some((path.to_path_buf(), std::fs::read(folder.join(path)).ok()?)))
        .collect();
    let mut before = Disk::with(files);
    before.acknowledged = acknowledged;
    let recorder = Arc::new(Recorder {
        folder: folder.clone(),
        events: Mutex::default(),
    });
    watch(Some(recorder.clone()));
    let store = Store::open(&folder).unwrap();
    for n in first..BATCHES {
        store_batch(&store, n, large).unwrap();
        recorder.note(Event::Acknowledged(n));
    }
    watch(None);
    let events = std::mem::take(&mut *recorder.events.lock().unwrap());
    Recording {
        before,
        events,
        large,
    }
}

/// Makes the folder of a store as the power failure left it. Of the index nothing is known: it is one
/// of another run of the system.
fn lay_out(folder: &Path, files: &BTreeMap<PathBuf, Vec<u8>>, random: &mut Random) {
    for inner in ["packs", "incoming", "index/1"] {
        std::fs::create_dir_all(folder.join(inner)).unwrap();
    }
    for (path, bytes) in files {
        std::fs::write(folder.join(path), bytes).unwrap();
    }
    let length = 4096 * (2 + random.below(6));
    std::fs::write(
        folder.join("index/1/data.mdb"),
        noise(length, random.next()),
    )
    .unwrap();
    if random.below(2) == 0 {
        std::fs::write(folder.join("index/1/boot"), "of another run\n").unwrap();
    }
}

#[test]
fn what_was_acknowledged_survives_a_power_failure_and_the_rest_is_whole_or_not_there() {
    let _alone = alone();
    let states = number("AIUT_STATES", 500);
    let mut random = Random::new(seed());
    let recordings = [
        record(|_| false, false),
        record(|_| false, true),
        record(|n| n % 3 == 1, false),
    ];
    let mut left = [0_u64; 3];
    for state in 0..states {
        // Large batches take a hundred times as long.
        let which = if state % 40 == 39 {
            2
        } else {
            state as usize % 2
        };
        let recording = &recordings[which];
        let end = random.below(recording.events.len() + 1);
        let mut disk = recording.before.clone();
        recording.events[..end]
            .iter()
            .for_each(|event| disk.apply(event));
        let files = disk.after_power_failure(&mut random);

        let sandbox = tempfile::tempdir().unwrap();
        let folder = sandbox.path().join(".aiut");
        lay_out(&folder, &files, &mut random);
        let acknowledged = disk.acknowledged;
        let next = acknowledged.map_or(0, |n| n + 1);
        if let Err(what) = check(&folder, acknowledged, Some(next), recording.large) {
            let events = &recording.events[..end];
            let last: Vec<String> = events.iter().rev().take(6).map(short).collect();
            panic!("state {state} of recording {which}: {what}\nlast: {last:#?}");
        }
        left[which] += 1;
    }
    println!("{states} states: {left:?} of small batches, after a crash, with large ones");
}

fn short(event: &Event) -> String {
    let mut text = format!("{event:?}");
    text.truncate(70);
    text
}
