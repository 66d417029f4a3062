//! A project in one file.

use super::support::{Desk, noise};
use crate::base::progress::Silent;
use crate::object::CommitId;
use crate::{BundleOf, BundleRemote, RemoteError, write_bundle};

fn bundle_of(desk: &Desk, commit: CommitId, needs: &[CommitId]) -> BundleOf {
    BundleOf {
        project: desk.store().project(),
        head: "main".to_owned(),
        refs: [("timelines/main".to_owned(), commit)].into(),
        needs: needs.to_vec(),
    }
}

#[test]
fn a_bundle_brings_all_and_one_since_a_commit_what_came_after() {
    let (desk, other) = (Desk::new(), Desk::new());
    let first = desk.commit(
        "main",
        &[],
        &[("a.txt", b"one".to_vec()), ("film.mp4", noise(3 << 20, 1))],
    );
    let second = desk.commit("main", &[first], &[("a.txt", b"two".to_vec())]);
    let (whole, since) = (
        desk.root().join("whole.aiut"),
        desk.root().join("since.aiut"),
    );
    let all = write_bundle(desk.store(), &bundle_of(&desk, first, &[]), &whole, &Silent).unwrap();
    assert_eq!(all.bytes, std::fs::metadata(&whole).unwrap().len());
    let little = write_bundle(
        desk.store(),
        &bundle_of(&desk, second, &[first]),
        &since,
        &Silent,
    );
    let little = little.unwrap();
    assert!(little.records == 3 && little.bytes < 4000, "{little:?}");
    // The same history is the same file.
    let again = desk.root().join("again.aiut");
    write_bundle(desk.store(), &bundle_of(&desk, first, &[]), &again, &Silent).unwrap();
    assert!(std::fs::read(&whole).unwrap() == std::fs::read(&again).unwrap());

    let later = BundleRemote::open(&since).unwrap();
    let refused = other.fetch(&later).unwrap_err();
    assert!(
        matches!(&refused, RemoteError::Needs(needs) if *needs == [first]),
        "{refused}"
    );
    let fetched = other.fetch(&BundleRemote::open(&whole).unwrap()).unwrap();
    assert_eq!(fetched.records, all.records);
    assert_eq!(other.files(first), desk.files(first));
    let fetched = other.fetch(&later).unwrap();
    assert_eq!(
        (fetched.records, fetched.there.refs["timelines/main"]),
        (3, second)
    );
    assert_eq!(other.files(second), desk.files(second));
}

#[test]
#[allow(clippy::disallowed_methods, reason = "files are spoilt on purpose")]
fn a_bundle_that_is_cut_or_changed_anywhere_brings_nothing_wrong() {
    let desk = Desk::new();
    let first = desk.commit(
        "main",
        &[],
        &[("a.txt", noise(700, 1)), ("b.txt", noise(900, 2))],
    );
    let path = desk.root().join("film.aiut");
    write_bundle(desk.store(), &bundle_of(&desk, first, &[]), &path, &Silent).unwrap();
    let sound = std::fs::read(&path).unwrap();
    let (mut refused, step) = (0, sound.len() / 150);
    for at in (0..sound.len()).step_by(step) {
        for cut in [true, false] {
            let mut bytes = sound.clone();
            match cut {
                true => bytes.truncate(at),
                false => bytes[at] ^= 0x55,
            }
            std::fs::write(&path, bytes).unwrap();
            let other = Desk::new();
            let fetched = BundleRemote::open(&path).and_then(|bundle| other.fetch(&bundle));
            match fetched {
                Err(_) => refused += 1,
                // What names nothing, such as the number of the pack, may say anything.
                Ok(_) => assert_eq!(other.files(first), desk.files(first), "byte {at}"),
            }
        }
    }
    assert!(refused > 250, "{refused}");
    std::fs::write(&path, b"PK\x03\x04 something else").unwrap();
    let error = BundleRemote::open(&path).unwrap_err().to_string();
    assert!(error.contains("no bundle"), "{error}");
}
