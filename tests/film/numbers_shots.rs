//! Shot ids over time.

use std::collections::BTreeSet;

use aiut_film::numbers::{Numbers, Omission, RememberedShot, Row, ShotMemory, assign_shot_ids};
use proptest::prelude::*;

fn memory(shots: &[(&str, &str)], retired: &[&str]) -> ShotMemory {
    let shot = |(id, digest): &(&str, &str)| RememberedShot {
        id: (*id).to_owned(),
        digest: (*digest).to_owned(),
    };
    ShotMemory {
        shots: shots.iter().map(shot).collect(),
        retired: retired.iter().map(|id| (*id).to_owned()).collect(),
    }
}

fn digests(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn ids(memory: &ShotMemory) -> Vec<&str> {
    memory.shots.iter().map(|shot| shot.id.as_str()).collect()
}

#[test]
fn shots_keep_their_ids_by_content_and_by_place() {
    let first = ShotMemory::default().update(&digests("a b c d"));
    assert_eq!(ids(&first), ["001", "002", "003", "004"]);
    let cases: [(&str, &[&str], &[&str]); 9] = [
        ("a b c d", &["001", "002", "003", "004"], &[]),
        ("a X c d", &["001", "002", "003", "004"], &[]),
        ("a X Y c d", &["001", "002", "002A", "003", "004"], &[]),
        (
            "a b X Y c d",
            &["001", "002", "002A", "002B", "003", "004"],
            &[],
        ),
        ("X a b c d", &["A001", "001", "002", "003", "004"], &[]),
        (
            "X Y a b c d",
            &["A001", "B001", "001", "002", "003", "004"],
            &[],
        ),
        ("a d", &["001", "004"], &["002", "003"]),
        ("a X d", &["001", "002", "004"], &["003"]),
        (
            "a b c d X Y",
            &["001", "002", "003", "004", "005", "006"],
            &[],
        ),
    ];
    for (now, expected, retired) in cases {
        let after = first.update(&digests(now));
        assert_eq!(ids(&after), expected, "{now}");
        assert_eq!(after.retired, retired, "{now}");
    }
}

#[test]
fn ids_of_removed_shots_are_not_given_again() {
    let known = memory(
        &[("001", "a"), ("002", "b"), ("002A", "c"), ("003", "d")],
        &[],
    );
    let without = known.update(&digests("a b d"));
    assert_eq!(without.retired, ["002A"]);
    let inserted = without.update(&digests("a b X d"));
    assert_eq!(ids(&inserted), ["001", "002", "A003", "003"]);
    let shorter = known.update(&digests("a b"));
    assert_eq!(
        ids(&shorter.update(&digests("a b X"))),
        ["001", "002", "004"]
    );
}

#[test]
fn shots_live_in_the_file() {
    let row = Row {
        number: "12A".parse().unwrap(),
        heading: "INT. \\ TAB\t\u{1}".to_owned(),
        digest: "00".to_owned(),
        words: vec![],
        omission: Omission::Present,
        shots: memory(&[("001", "ab12"), ("A002", "cd34")], &["002", "003"]),
    };
    let numbers = Numbers { rows: vec![row] };
    let text = numbers.print();
    assert!(
        text.ends_with(
            "shots = [\n  [\"001\", \"ab12\"],\n  [\"A002\", \"cd34\"],\n]\nretired = [\"002\", \"003\"]\n"
        ),
        "{text}"
    );
    assert_eq!(Numbers::parse(&text).unwrap(), numbers);
}

proptest! {
    #[test]
    fn ids_are_unique_stable_and_never_reused(
        lists in prop::collection::vec("[a-f]{0,9}", 1..9),
    ) {
        let mut memory = ShotMemory::default();
        let mut gone: BTreeSet<String> = BTreeSet::new();
        for list in &lists {
            let now: Vec<String> = list.chars().map(String::from).collect();
            let after = memory.update(&now);
            let ids: BTreeSet<String> = after.shots.iter().map(|shot| shot.id.clone()).collect();
            prop_assert_eq!(ids.len(), now.len());
            prop_assert!(ids.is_disjoint(&gone));
            prop_assert_eq!(&after.update(&now), &after);
            let same = assign_shot_ids(&memory.shots, &memory.retired, &now);
            prop_assert_eq!(same, after.shots.iter().map(|s| s.id.clone()).collect::<Vec<_>>());
            gone.extend(after.retired.iter().cloned());
            memory = after;
        }
    }
}
