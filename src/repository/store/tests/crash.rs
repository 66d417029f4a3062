//! Processes killed while they write: what they had acknowledged is there, the rest whole or not.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::support::{Sandbox, noise, publish};
use crate::object::{FileId, Operation};
use crate::store::Store;

/// Set for a process that is to be killed: the folder it writes to.
const VICTIM: &str = "AIUT_TEST_VICTIM";

/// What the victim stores with its `n`th operation: a few small files, at times a large one.
fn files_of(n: u64) -> Vec<Vec<u8>> {
    let large = if n % 5 == 4 { 10 << 20 } else { 80_000 };
    vec![
        noise(100, n * 3),
        noise(30_000, n * 3 + 1),
        noise(large, n * 3 + 2),
    ]
}

/// Not a test but the process that the next one kills: commits until then, and says so each time.
#[test]
#[allow(clippy::disallowed_methods, reason = "how a test talks to its child")]
fn victim() {
    let Ok(folder) = std::env::var(VICTIM) else {
        return;
    };
    let store = Store::open(folder.as_ref()).unwrap();
    let mut out = std::io::stdout();
    loop {
        let expected = store.view().unwrap().0;
        let n = expected.map_or(0, |id| {
            store
                .get::<Operation>(id)
                .unwrap()
                .command
                .parse::<u64>()
                .unwrap()
                + 1
        });
        let batch = store.batch();
        for bytes in files_of(n) {
            batch.put_file(&bytes[..]).unwrap();
        }
        publish(&batch, expected, &n.to_string()).unwrap();
        batch.commit().unwrap();
        writeln!(out, "\nacknowledged {n}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill_and_the_rest_is_whole_or_not_there() {
    let sandbox = Sandbox::new();
    for round in 0..12_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::tests::crash::victim", "--nocapture"])
            .env(VICTIM, &sandbox.path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut last = None;
        let mut next = || {
            lines.by_ref().find_map(|line| {
                line.ok()?
                    .strip_prefix("acknowledged ")?
                    .parse::<u64>()
                    .ok()
            })
        };
        // Some commits into it, then at no moment in particular.
        for _ in 0..=round % 4 {
            last = next().or(last);
        }
        std::thread::sleep(Duration::from_micros(noise(2, round)[0] as u64 * 150));
        child.kill().unwrap();
        child.wait().unwrap();
        while let Some(n) = next() {
            last = Some(n);
        }
        let last = last.expect("it acknowledged some");

        if round % 4 == 3 {
            sandbox.delete_index();
        }
        let store = sandbox.open();
        assert_eq!(store.damage().unwrap(), []);
        let mut next = store.view().unwrap().0;
        let mut n = None;
        while let Some(id) = next {
            let operation = store.get::<Operation>(id).unwrap();
            let number: u64 = operation.command.parse().unwrap();
            assert_eq!(
                n.map_or(number, |n: u64| n - 1),
                number,
                "one operation after the other"
            );
            n = Some(number);
            if number + 6 > last {
                for bytes in files_of(number) {
                    let read = store.read_file(FileId::of(&bytes), u64::MAX).unwrap();
                    assert!(read == bytes, "operation {number} is whole");
                }
            }
            next = operation.parents.first().copied();
        }
        assert_eq!(n, Some(0));
        let current = store.view().unwrap().0.unwrap();
        let current: u64 = store
            .get::<Operation>(current)
            .unwrap()
            .command
            .parse()
            .unwrap();
        assert!(
            current == last || current == last + 1,
            "{current} after {last}"
        );
        // What was under way when it died is whole, or gone.
        let files = files_of(current + 1);
        let kept = files.iter().filter(|bytes| {
            let id = FileId::of(bytes);
            store.contains_file(id).unwrap() && store.read_file(id, u64::MAX).unwrap() == **bytes
        });
        let kept = kept.count();
        assert!(
            kept == 0 || kept == files.len(),
            "of what was not acknowledged, nothing half"
        );
        assert_eq!(store.disagreement().unwrap(), None);
    }
    let store = sandbox.open();
    store.put_file_bytes(b"goes on").unwrap();
    assert_eq!(
        std::fs::read_dir(sandbox.path.join("incoming"))
            .unwrap()
            .count(),
        0
    );
}

/// Nothing orders the writes of a batch before its fsync: its end may be on the disk, and what lies
/// before it not.
#[test]
fn a_batch_that_a_power_failure_left_with_its_end_alone_does_not_become_current() {
    for lost in ["nothing", "index", "heads"] {
        let sandbox = Sandbox::new();
        let store = sandbox.open();
        let batch = store.batch();
        let first = publish(&batch, None, "first").unwrap();
        batch.commit().unwrap();
        drop(store);
        let data = sandbox.path.join("index/1/data.mdb");
        let journal = sandbox.path.join("heads");
        let (index_of_first, journal_of_first) = (
            std::fs::read(&data).unwrap(),
            std::fs::read(&journal).unwrap(),
        );
        let pack = sandbox.packs().remove(0);
        let length = std::fs::metadata(&pack).unwrap().len() as usize;

        let store = sandbox.open();
        let batch = store.batch();
        let file = batch.put_file(&noise(3_000, 1)[..]).unwrap().id;
        publish(&batch, Some(first), "second").unwrap();
        batch.commit().unwrap();
        drop(store);
        let mut bytes = std::fs::read(&pack).unwrap();
        let sector = (length + 1_000).next_multiple_of(512);
        bytes[sector..sector + 512].fill(0);
        overwrite(&pack, &bytes);
        overwrite(&data, &index_of_first);
        overwrite(&journal, &journal_of_first);
        match lost {
            "index" => sandbox.delete_index(),
            "heads" => std::fs::remove_file(&journal).unwrap(),
            _ => {}
        }

        let store = sandbox.open();
        assert_eq!(store.view().unwrap().0, Some(first), "{lost} is lost");
        assert!(!store.contains_file(file).unwrap());
        // By the journal it is known that nobody was told of it. Without, it is told.
        assert_eq!(store.damage().unwrap().is_empty(), lost != "heads");
        let batch = store.batch();
        let second = publish(&batch, Some(first), "second").unwrap();
        batch.commit().unwrap();
        drop(store);
        sandbox.delete_index();
        assert_eq!(sandbox.open().view().unwrap().0, Some(second));
    }
}

fn overwrite(path: &std::path::Path, bytes: &[u8]) {
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).truncate(true).open(path);
    file.unwrap().write_all(bytes).unwrap();
}
