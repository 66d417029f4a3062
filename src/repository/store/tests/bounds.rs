//! Packs made so that looking at them takes long: it takes as long as they are, and no longer.

use std::path::Path;
use std::time::{Duration, Instant};

use super::hostile::plant_pack;
use super::support::{Sandbox, check_of, collect, findings};
use crate::base::folder::Folder;
use crate::object::{FileId, ObjectKind};
use crate::store::facts::RecordEntry;
use crate::store::pack::{
    PACK_HEADER_BYTES, Pack, SEAL, batch_end, batch_hasher, footer, pack_header, pack_name, reads,
};
use crate::store::record::{HEADER_BYTES, Record, RecordKind};
use crate::store::scan::{headers, scan};
use crate::store::walk::walk;

fn pack_in(folder: &Path, number: u32) -> Pack {
    Pack::open(&Folder::open(folder).unwrap(), number).unwrap()
}

fn blob(text: &[u8]) -> Record {
    let id = *blake3::hash(text).as_bytes();
    Record::new(RecordKind::Blob, id, text, false)
}

/// A pack of `count` headers, each with some bytes and the end of an empty batch behind it. `claimed`
/// says how many bytes a header claims, by how many such pieces follow and their length.
fn false_starts(folder: &Path, count: u32, claimed: fn(u32, u32) -> u32) -> Pack {
    let mut end = vec![1; 900];
    batch_end(&batch_hasher(), 0, 0).append_to(&mut end);
    let piece = (HEADER_BYTES + end.len()) as u32;
    let mut bytes = pack_header(&[7; 16]).to_vec();
    for follow in (0..count).rev() {
        let kind = RecordKind::Object(ObjectKind::Tree);
        let mut header = Record::new(kind, [9; 32], &[1; 200], false)
            .header
            .to_bytes();
        let length = claimed(follow, piece) + end.len() as u32;
        header[4..8].copy_from_slice(&length.to_le_bytes());
        header[8..12].copy_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(&end);
    }
    crate::base::atomic::write(&folder.join(pack_name(1)), &bytes).unwrap();
    pack_in(folder, 1)
}

#[test]
fn batches_that_each_seem_to_go_on_to_the_end_are_not_all_followed() {
    let folder = tempfile::tempdir().unwrap();
    let pack = false_starts(folder.path(), 1500, |follow, piece| follow * piece);
    let end = pack.length().unwrap();
    let before = reads();
    let found = scan(&pack, PACK_HEADER_BYTES, end).unwrap();
    let read = reads() - before;
    assert!(read < 30 * end, "{read} bytes of {end} were read");
    assert_eq!((found.end, found.entries.len()), (end, 0));
    assert!(!found.damage.is_empty());

    let pack = false_starts(folder.path(), 4000, |_, _| 0);
    let end = pack.length().unwrap();
    let before = reads();
    let found = walk(&pack, end, None).unwrap();
    let read = reads() - before;
    assert!(read < 15 * end, "{read} bytes of {end} were read");
    let harm = found.harm.iter().map(|harm| harm.end - harm.offset);
    let ends = (found.harm[0].offset, found.harm[found.harm.len() - 1].end);
    assert_eq!(ends, (PACK_HEADER_BYTES, end));
    assert!(harm.sum::<u64>() > end / 2);
}

#[test]
fn a_record_that_stands_there_very_often_is_collected_in_no_time() {
    let sandbox = Sandbox::new();
    let copies: Vec<Record> = (0..100_000).map(|_| blob(b"a coat")).collect();
    plant_pack(&sandbox.path, 1, [1; 16], &copies);
    sandbox.delete_index();
    let store = sandbox.open();
    let started = Instant::now();
    let waiting = collect(&store, 0, 30, true).unwrap();
    assert_eq!((waiting.copies, waiting.waiting), (99_999, 1));
    let done = collect(&store, 0, 30, false).unwrap();
    assert_eq!((done.copies, done.packs_after), (99_999, 1));
    // Asking each copy about each took minutes.
    assert!(started.elapsed() < Duration::from_secs(60));
    assert_eq!(
        store.read_file(FileId::of(b"a coat"), 9).unwrap(),
        b"a coat"
    );
    assert_eq!(findings(&check_of(&sandbox.path, true)), [""; 0]);
}

#[test]
fn a_footer_that_lists_what_cannot_lie_there_is_none() {
    let sandbox = Sandbox::new();
    let texts = [&b"one"[..], b"two", b"three"];
    plant_pack(&sandbox.path, 1, [1; 16], &texts.map(blob));
    let folder = sandbox.path.join("packs");
    let pack = pack_in(&folder, 1);
    let (sound, at) = pack.footer(pack.length().unwrap()).unwrap().unwrap();
    assert_eq!(sound.len(), 3);
    let bytes = std::fs::read(&pack.path).unwrap();
    let first = sound.iter().min_by_key(|entry| entry.offset).unwrap();
    let last = sound.iter().max_by_key(|entry| entry.offset).unwrap();
    let alter = |of: &RecordEntry, change: &dyn Fn(&mut RecordEntry)| {
        let mut entry = of.clone();
        change(&mut entry);
        entry
    };
    for (what, added) in [
        ("twice", first.clone()),
        ("in another", alter(first, &|entry| entry.offset += 1)),
        ("in the header", alter(first, &|entry| entry.offset = 0)),
        ("behind the end", alter(last, &|entry| entry.offset = at)),
        ("far away", alter(last, &|entry| entry.offset = u64::MAX)),
    ] {
        let mut listed = sound.clone();
        listed.push(added);
        let records = &bytes[..at as usize];
        let sealed = [records, &footer(&mut listed, at)].concat();
        crate::base::atomic::write(&folder.join(pack_name(2)), &sealed).unwrap();
        let pack = pack_in(&folder, 2);
        assert!(
            pack.footer(sealed.len() as u64).unwrap().is_none(),
            "{what}"
        );
    }
    // In another order.
    let mut listed = bytes.clone();
    let index = at as usize + HEADER_BYTES;
    let (one, two) = (index..index + 50, index + 50..index + 100);
    listed.copy_within(one, index + 50);
    listed[index..index + 50].copy_from_slice(&bytes[two]);
    let payload = &listed[index..index + 150];
    let id = RecordKind::Footer.digest(payload).unwrap();
    let mut sealed = bytes[..at as usize].to_vec();
    Record::new(RecordKind::Footer, id, payload, false).append_to(&mut sealed);
    sealed.extend_from_slice(SEAL);
    sealed.extend_from_slice(&at.to_le_bytes());
    assert_eq!(sealed.len(), bytes.len());
    crate::base::atomic::write(&folder.join(pack_name(2)), &sealed).unwrap();
    let pack = pack_in(&folder, 2);
    assert!(pack.footer(sealed.len() as u64).unwrap().is_none());
    assert_eq!(headers(&pack, PACK_HEADER_BYTES, at).unwrap().len(), 3);
}
