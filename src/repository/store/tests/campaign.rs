//! A random campaign against packs, journal and index: flipped, zeroed, swapped and cut bytes anywhere.
//!
//! `AIUT_DAMAGE` sets how many cases there are, `AIUT_SEED` which. An index that is damaged may end the process that opens it, as LMDB trusts its pages; so whatever opens one
//! runs in a process of its own, and there no answer is as good as an error.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::support::{
    Sandbox, check_of, collect, findings, generate, noise, publish, publish_files,
};
use crate::base::atomic;
use crate::base::lock::Holder;
use crate::object::FileId;
use crate::store::{Store, StoreError, repair};

/// Cases of one run, unless asked otherwise.
const CASES: u64 = 1000;

/// Set for a process that reads everything: the folder.
const READER: &str = "AIUT_TEST_READER";

/// Files of the store under attack, by seed and size.
const FILES: [(u64, usize); 6] = [
    (1, 40),
    (2, 700),
    (3, 5_000),
    (4, 60_000),
    (5, 150_000),
    (6, 400_000),
];

fn files() -> Vec<(FileId, Vec<u8>)> {
    let file = |(seed, size)| {
        let bytes = noise(size, seed);
        (FileId::of(&bytes), bytes)
    };
    FILES.into_iter().map(file).collect()
}

/// A sealed pack, as collecting leaves one, and an open one with several batches; and the index as it
/// was before the last of them.
fn build() -> (Sandbox, Vec<u8>) {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let put = |(_, bytes): &(FileId, Vec<u8>)| store.put_file_bytes(bytes).unwrap();
    let (first, rest) = (&files()[..5], &files()[5..]);
    let batch = store.batch();
    let stored: Vec<_> = first.iter().map(put).collect();
    let mut expected = Some(publish_files(&batch, None, "aiut commit", &stored).unwrap());
    batch.commit().unwrap();
    store.put_file_bytes(&noise(300_000, 99)).unwrap();
    assert_eq!(collect(&store, 0, 0, false).unwrap().packs_rewritten, 1);
    rest.iter().map(put).for_each(drop);
    let mut older = Vec::new();
    for n in 0..6 {
        if n == 4 {
            older = std::fs::read(newest_index(&sandbox.path)).unwrap();
        }
        generate(&store, &n.to_string(), "frames/001_001.png", &[n; 90]);
        let batch = store.batch();
        expected = Some(publish(&batch, expected, &format!("aiut commit {n}")).unwrap());
        batch.commit().unwrap();
    }
    drop(store);
    assert_eq!(sandbox.packs().len(), 2);
    (sandbox, older)
}

/// Numbers that follow from a seed.
struct Dice(blake3::OutputReader);

impl Dice {
    fn new(seed: u64, case: u64) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("aiut tests campaign");
        hasher
            .update(&seed.to_le_bytes())
            .update(&case.to_le_bytes());
        Self(hasher.finalize_xof())
    }

    fn below(&mut self, limit: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % limit.max(1)
    }
}

/// One act of violence. Returns what was done.
fn attack(bytes: &mut Vec<u8>, older: Option<&[u8]>, dice: &mut Dice) -> String {
    let length = bytes.len() as u64;
    let at = dice.below(length) as usize;
    let scale = [1, 8, 600, 5000][dice.below(4) as usize];
    let extent = 1 + dice.below(scale);
    let end = (at + extent as usize).min(bytes.len());
    if let Some(older) = older.filter(|_| dice.below(4) == 0) {
        let end = end.min(older.len());
        let at = at.min(end);
        bytes[at..end].copy_from_slice(&older[at..end]);
        return format!("{at}..{end} as it was before");
    }
    match dice.below(5) {
        0 | 1 => {
            bytes[at] ^= 1 << dice.below(8);
            format!("a bit of byte {at} flipped")
        }
        2 => {
            bytes[at..end].fill(0);
            format!("{at}..{end} zeroed")
        }
        3 => {
            let other = dice.below(length - (end - at) as u64) as usize;
            let (from, to) = (
                bytes[at..end].to_vec(),
                bytes[other..other + end - at].to_vec(),
            );
            bytes[other..other + end - at].copy_from_slice(&from);
            bytes[at..end].copy_from_slice(&to);
            format!("{at}..{end} swapped with {other}")
        }
        _ => {
            bytes.truncate(at);
            format!("cut at {at}")
        }
    }
}

/// What can still be read, each file compared with what it should be. Panics at a wrong byte.
fn read_all(folder: &Path) -> BTreeMap<FileId, bool> {
    let mut read = BTreeMap::new();
    let Ok(store) = Store::open(folder) else {
        return read;
    };
    for (id, bytes) in files() {
        let is_there = match store.read_file(id, u64::MAX) {
            Ok(found) => {
                assert!(found == bytes, "other bytes than those of {id}");
                true
            }
            Err(StoreError::NotFound { .. } | StoreError::Damaged { .. }) => false,
            Err(StoreError::Io { .. } | StoreError::Index { .. }) => false,
            Err(error) => panic!("{error}"),
        };
        read.insert(id, is_there);
    }
    let _ = store.view();
    read
}

/// Not a test but a process that reads a store with a damaged index, and may die of it.
#[test]
#[allow(clippy::disallowed_methods, reason = "how a test talks to its child")]
fn reader() {
    if let Ok(folder) = std::env::var(READER) {
        read_all(folder.as_ref());
    }
}

/// Whether the process above met a wrong byte.
fn meets_a_wrong_byte(folder: &Path) -> bool {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::tests::campaign::reader", "--nocapture"])
        .env(READER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    // A failed assertion ends it with a code; LMDB ends it with a signal.
    child.code().is_some_and(|code| code != 0)
}

/// The data of the one index there is.
fn newest_index(folder: &Path) -> PathBuf {
    let mut found = std::fs::read_dir(folder.join("index")).unwrap();
    found.next().unwrap().unwrap().path().join("data.mdb")
}

fn copy_store(from: &Path, to: &Path) {
    for folder in ["packs", "index", "incoming"] {
        let _ = std::fs::remove_dir_all(to.join(folder));
    }
    let _ = std::fs::remove_dir_all(to.join("damaged"));
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        std::fs::create_dir_all(to.join(&folder)).unwrap();
        for entry in std::fs::read_dir(from.join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(entry.path()).unwrap();
                atomic::write_cache(&to.join(path), &bytes).unwrap();
            }
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the test's own knobs")]
fn knob(name: &str, unless: u64) -> u64 {
    let value = std::env::var(name).ok();
    value.map_or(unless, |value| value.parse().expect("a number"))
}

#[test]
fn whatever_happens_to_packs_journal_and_index_no_wrong_byte_is_served_and_what_was_sound_survives()
{
    let (cases, seed) = (knob("AIUT_DAMAGE", CASES), knob("AIUT_SEED", 1));
    println!("AIUT_SEED={seed}");
    let (origin, older) = build();
    let head = origin.open().view().unwrap().0;
    let victim = Sandbox::new();
    let packs = origin.packs();
    let (mut told, mut tellable) = (0, 0);
    for case in 0..cases {
        let mut dice = Dice::new(seed, case);
        copy_store(&origin.path, &victim.path);
        let place = match dice.below(6) {
            0 | 1 => Place::Index,
            2 => Place::Journal,
            _ => Place::Pack,
        };
        let path = match place {
            Place::Index => newest_index(&victim.path),
            Place::Journal => victim.path.join("heads"),
            Place::Pack => {
                let pack = &packs[dice.below(packs.len() as u64) as usize];
                victim.path.join("packs").join(pack.file_name().unwrap())
            }
        };
        let right = std::fs::read(&path).unwrap();
        let mut bytes = right.clone();
        let older = (place == Place::Index).then_some(&older[..]);
        if place == Place::Journal && dice.below(3) > 0 {
            // Where something stands in it.
            bytes.truncate(bytes.iter().rposition(|byte| *byte != 0).unwrap() + 8);
        }
        let short = bytes.len();
        let what = attack(&mut bytes, older, &mut dice);
        if bytes.len() == short {
            bytes.extend_from_slice(&right[short..]);
        }
        let name = path.strip_prefix(&victim.path).unwrap().display();
        let case = format!("seed {seed}, case {case}: {name}, {what}");
        if bytes == right {
            continue;
        }
        atomic::write_cache(&path, &bytes).unwrap();

        let check = check_of(&victim.path, true);
        if place == Place::Pack {
            assert!(!check.findings.is_empty(), "{case}: nothing found");
        }
        // The index is not looked at.
        tellable += u64::from(place != Place::Index);
        told += u64::from(!check.findings.is_empty());
        assert!(!meets_a_wrong_byte(&victim.path), "{case}: a wrong byte");
        if place == Place::Journal {
            let store = Store::open(&victim.path).unwrap();
            assert_eq!(
                store.view().unwrap().0,
                head,
                "{case}: another operation is current"
            );
            assert_eq!(store.disagreement().unwrap(), None, "{case}");
        }

        // As it was before anybody opened it, mended.
        copy_store(&origin.path, &victim.path);
        atomic::write_cache(&path, &bytes).unwrap();
        let check = check_of(&victim.path, true);
        let sound: Vec<FileId> = files()
            .into_iter()
            .map(|(id, _)| id)
            .filter(|id| {
                let file = check.catalogue.file(*id);
                file.is_ok_and(|file| file.missing == 0)
            })
            .collect();
        if place != Place::Pack {
            assert_eq!(sound.len(), FILES.len(), "{case}: the packs are sound");
        }
        let plan = check.plan();
        repair(&victim.path, &Holder::default(), &check, &plan).unwrap();
        let after = check_of(&victim.path, true);
        assert_eq!(findings(&after), [""; 0], "{case}: after the repair");
        let read = read_all(&victim.path);
        for id in &sound {
            assert!(read[id], "{case}: {id} was sound and is gone");
        }
        let store = Store::open(&victim.path).unwrap();
        assert_eq!(
            store.disagreement().unwrap(),
            None,
            "{case}: after the repair"
        );
        assert_eq!(
            std::fs::read_dir(victim.path.join("damaged")).map_or(0, Iterator::count),
            usize::from(!plan.set_aside.is_empty()),
            "{case}: damaged packs are kept"
        );
    }
    println!("{told} of {tellable} were told");
    assert!(told * 10 > tellable * 9, "{told} of {tellable} were told");
}

/// What is attacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Index,
    Journal,
    Pack,
}
