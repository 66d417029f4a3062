//! What every storage and every keeper of refs has to do alike. Panics where one does not.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::Path;

use crate::ids::SessionId;
use crate::object::{CommitId, FileId, Timestamp};
use crate::storage::{RefStore, Storage, Swap, Swapped};
use crate::store::{ExchangePack, RecordId};
use crate::wire::{Listed, RefMove};
use crate::write_parcel;

/// A pack of these records of another storage, in a file of no name.
fn pack_of(from: &dyn Storage, records: &[RecordId]) -> ExchangePack {
    let mut file: File = tempfile::tempfile().expect("a file");
    let bytes = write_parcel(from, records, 0, &mut file).expect("the records are there");
    assert_eq!(file.metadata().expect("its length").len(), bytes);
    file.seek(SeekFrom::Start(0)).expect("it can be read");
    ExchangePack::open(file, Path::new("a pack")).expect("what was just written")
}

/// Holds an empty storage to what is expected of all. `from` has these records.
///
/// # Panics
/// Where it does not do so.
pub fn storage(empty: &dyn Storage, from: &dyn Storage, listed: &[Listed]) {
    let records: Vec<RecordId> = listed.iter().map(|listed| listed.record).collect();
    for record in &records {
        assert_eq!(empty.stored(record).expect("read"), None);
        assert!(empty.carry(record).expect("read").is_none());
        assert!(!empty.has(record).expect("read"));
    }
    empty.add(&[]).expect("nothing to add");
    let (first, rest) = records.split_at(records.len() / 2);
    empty.add(&[pack_of(from, first)]).expect("added");
    // What is there already is no reason to fail, within a pack and across packs.
    empty
        .add(&[pack_of(from, rest), pack_of(from, &records)])
        .expect("added");
    for Listed { record, stored } in listed {
        assert_eq!(
            empty.stored(record).expect("read"),
            Some(*stored),
            "{record}"
        );
        let carried = empty.carry(record).expect("read").expect("it was added");
        let other = from.carry(record).expect("read").expect("it is there");
        assert_eq!(carried.id(), *record);
        assert_eq!(carried.raw().expect("sound"), other.raw().expect("sound"));
        if let Some(file) = record.file() {
            let file = FileId::from_bytes(file);
            let bytes = from.file_bytes(file).expect("read");
            assert_eq!(empty.file_bytes(file).expect("read"), bytes);
            assert_eq!(empty.file_record(file).expect("read"), Some(*record));
            // In either form.
            assert!(empty.has(&RecordId::of_blob(file)).expect("read"));
            assert!(empty.has(&RecordId::of_layout(file)).expect("read"));
        }
    }
    let nobody = FileId::of(b"a file that nobody added");
    assert_eq!(empty.file_bytes(nobody).expect("read"), None);
}

/// Holds a new keeper of refs to what is expected of all. `commits` are two that it may point at.
///
/// # Panics
/// Where it does not do so.
pub fn refs(new: &dyn RefStore, commits: [CommitId; 2]) {
    let [a, b] = commits;
    let before = new.standing().expect("read");
    assert!(before.refs.is_empty());
    assert_eq!(before.head, "main");
    let swap = |key: u8, since, moves: &[(&str, Option<CommitId>, Option<CommitId>)]| {
        let moves: BTreeMap<String, RefMove> = moves
            .iter()
            .map(|(name, from, to)| {
                (
                    (*name).to_owned(),
                    RefMove {
                        from: *from,
                        to: *to,
                    },
                )
            })
            .collect();
        new.swap(&Swap {
            key: SessionId([key; 16]),
            since,
            moves,
            by: "somebody".to_owned(),
            time: Timestamp {
                unix_seconds: 1_795_176_000,
                utc_offset_minutes: 0,
            },
        })
    };
    let done = |swapped: crate::Result<Swapped>| match swapped.expect("swapped") {
        Swapped::Done(pushed) => pushed,
        Swapped::Moved(refs) => panic!("{refs:?}"),
    };
    let (main, tag) = ("timelines/main", "tags/v1");
    let first = done(swap(
        1,
        before.mark,
        &[(main, None, Some(a)), (tag, None, Some(a))],
    ));
    let standing = new.standing().expect("read");
    assert!(standing.mark > before.mark);
    assert_eq!(standing.mark, first.mark);
    assert_eq!(standing.refs.len(), 2);
    // The same key is the same swap, whatever happened since.
    assert_eq!(done(swap(1, before.mark, &[(main, None, Some(a))])), first);
    assert_eq!(new.standing().expect("read"), standing);
    // All or none.
    let moved = swap(
        2,
        standing.mark,
        &[(main, Some(a), Some(b)), (tag, Some(b), None)],
    );
    match moved.expect("answered") {
        Swapped::Done(_) => panic!("{tag} was not there"),
        Swapped::Moved(refs) => {
            assert_eq!(refs.len(), 1);
            assert_eq!((refs[0].name.as_str(), refs[0].found), (tag, Some(a)));
        }
    }
    assert_eq!(new.standing().expect("read"), standing);
    // What failed may be tried again under its key.
    done(swap(
        2,
        standing.mark,
        &[(main, Some(a), Some(b)), (tag, Some(a), None)],
    ));
    let standing = new.standing().expect("read");
    assert_eq!(standing.refs, [(main.to_owned(), b)].into());
    assert_eq!(
        done(swap(1, before.mark, &[(main, Some(b), Some(a))])),
        first
    );
    assert_eq!(new.standing().expect("read").refs, standing.refs);
    // Names that cannot stand side by side.
    for name in ["timelines/MAIN", "timelines/main/2", "tags/main"] {
        assert!(
            swap(3, standing.mark, &[(name, None, Some(a))]).is_err(),
            "{name}"
        );
    }
    // Of many at once one is first.
    let won: Vec<bool> = std::thread::scope(|scope| {
        let one = |n: u8| {
            let name = "timelines/race";
            let swapped = swap(100 + n, standing.mark, &[(name, None, Some(a))]);
            matches!(swapped.expect("answered"), Swapped::Done(_))
        };
        let all: Vec<_> = (0..8).map(|n| scope.spawn(move || one(n))).collect();
        all.into_iter()
            .map(|one| one.join().expect("no panic"))
            .collect()
    });
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
}
