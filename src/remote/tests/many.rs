//! Many people pushing to one timeline.

use std::collections::BTreeSet;

use super::support::{Desk, Studio};
use crate::object::{Commit, CommitId};
use crate::{Remote, RemoteError};

#[test]
fn eight_people_push_to_one_timeline_and_nothing_is_lost() {
    const PUSHES: usize = 6;
    let studio = Studio::new();
    let start = Desk::new();
    let first = start.commit("main", &[], &[("start", vec![0])]);
    start.push(&studio.open(), "main").unwrap();
    let acknowledged: Vec<CommitId> = std::thread::scope(|scope| {
        let person = |person: u8| {
            let (desk, remote) = (Desk::new(), studio.open());
            let mut done = Vec::new();
            for n in 0..PUSHES {
                loop {
                    let there = desk.fetch(&remote).unwrap().there;
                    let on = there.refs["timelines/main"];
                    let name = format!("by-{person}");
                    let commit = desk.commit("main", &[on], &[(&name, vec![n as u8 + 1])]);
                    match desk.push(&remote, "main") {
                        Ok(_) => {
                            done.push(commit);
                            break;
                        }
                        Err(RemoteError::Moved(_) | RemoteError::NotForward(_)) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            }
            done
        };
        let all: Vec<_> = (0..8).map(|n| scope.spawn(move || person(n))).collect();
        all.into_iter()
            .flat_map(|one| one.join().unwrap())
            .collect()
    });
    let last = start.fetch(&studio.open()).unwrap().there.refs["timelines/main"];
    let mut history = BTreeSet::new();
    let mut at = last;
    while at != first {
        assert!(history.insert(at));
        at = start.store().get::<Commit>(at).unwrap().parents[0];
    }
    assert_eq!(acknowledged.len(), 8 * PUSHES);
    assert_eq!(acknowledged.into_iter().collect::<BTreeSet<_>>(), history);
    assert_eq!(start.files(last).len(), 9);
    assert_eq!(
        studio.open().advertise().unwrap().mark as usize,
        8 * PUSHES + 1
    );
    studio.is_sound();
}
