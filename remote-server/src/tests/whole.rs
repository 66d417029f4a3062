//! Pushes and fetches over a network.

use super::support::{Desk, Place, noise};
use crate::remote::{Remote, RemoteError};
use crate::{Limits, Scope};

#[test]
fn two_people_share_a_film_by_a_server() {
    let place = Place::new();
    let server = place.serve(Limits::default());
    let (_, rae) = place.token(&[Scope::Read, Scope::Push], "ferry");
    let (_, kim) = place.token(&[Scope::Read], "ferry");
    let (remote, theirs) = (server.remote(&rae, "ferry"), server.remote(&kim, "ferry"));
    let (desk, other) = (Desk::new(), Desk::new());
    let film = noise(5 << 20, 1);
    let first = desk.commit(
        None,
        &[
            ("script.fountain", noise(3000, 2)),
            ("film.mp4", film.clone()),
        ],
    );
    let report = desk.push(&remote, false).unwrap();
    assert!(report.bytes > 5 << 20);
    assert_eq!(other.fetch(&theirs).unwrap(), first);
    assert_eq!(other.read(first, "film.mp4"), film);
    // A film that is cut anew.
    let mut cut = film.clone();
    cut.drain(1_000_000..1_000_500);
    let second = desk.commit(Some(first), &[("film.mp4", cut.clone())]);
    let report = desk.push(&remote, false).unwrap();
    assert!(report.bytes < 700_000, "{report:?}");
    assert_eq!(other.fetch(&theirs).unwrap(), second);
    assert_eq!(other.read(second, "film.mp4"), cut);
    // Who may only read does not push, and is told nothing else than that nothing is there.
    other.commit(Some(second), &[("note", vec![1])]);
    let refused = other.push(&theirs, false).unwrap_err();
    assert!(matches!(refused, RemoteError::Absent(_)), "{refused}");
    // Nobody pushes over what is there without the right to.
    let mine = other.commit(Some(first), &[("note", vec![2])]);
    let (_, pusher) = place.token(&[Scope::Read, Scope::Push], "*");
    let pushing = server.remote(&pusher, "ferry");
    assert!(matches!(
        other.push(&pushing, false),
        Err(RemoteError::NotForward(_))
    ));
    let refused = other.push(&pushing, true).unwrap_err();
    assert!(
        refused.to_string().contains("may not push by force"),
        "{refused}"
    );
    let (_, force) = place.token(&[Scope::Read, Scope::Push, Scope::Force], "*");
    other.push(&server.remote(&force, "ferry"), true).unwrap();
    assert_eq!(remote.advertise().unwrap().refs["timelines/main"], mine);
    drop(server);
    place.is_sound();
    let audit = std::fs::read_to_string(place.root.folder().path_of("audit.log")).unwrap();
    assert_eq!(audit.lines().count(), 3);
    assert!(
        audit.contains("\"force\":true") && audit.contains("\"name\":\"Rae\""),
        "{audit}"
    );
    for token in [rae, kim, pusher, force] {
        assert!(!audit.contains(token.rsplit('_').next().unwrap()));
    }
}

#[test]
fn many_push_at_once_and_nothing_is_lost() {
    let place = Place::new();
    let server = place.serve(Limits::default());
    let (_, token) = place.token(&[Scope::Read, Scope::Push], "ferry");
    let start = Desk::new();
    let first = start.commit(None, &[("start", vec![0])]);
    start.push(&server.remote(&token, "ferry"), false).unwrap();
    std::thread::scope(|scope| {
        for person in 0..6_u8 {
            let remote = server.remote(&token, "ferry");
            scope.spawn(move || {
                let desk = Desk::new();
                for n in 0..4 {
                    loop {
                        let on = desk.fetch(&remote).unwrap();
                        desk.commit(Some(on), &[(&format!("by-{person}-{n}"), vec![n])]);
                        match desk.push(&remote, false) {
                            Ok(_) => break,
                            Err(RemoteError::Moved(_) | RemoteError::NotForward(_)) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
            });
        }
    });
    let last = start.fetch(&server.remote(&token, "ferry")).unwrap();
    for person in 0..6_u8 {
        for n in 0..4 {
            assert_eq!(start.read(last, &format!("by-{person}-{n}")), [n]);
        }
    }
    assert_ne!(last, first);
    drop(server);
    place.is_sound();
}

#[test]
fn what_is_wrong_with_the_connection_is_said() {
    let place = Place::new();
    let server = place.serve(Limits::default());
    let (_, token) = place.token(&[Scope::Read], "ferry");
    let last = if token.ends_with('0') { "1" } else { "0" };
    let wrong = format!("{}{last}", &token[..token.len() - 1]);
    let desk = Desk::new();
    desk.commit(None, &[("a", vec![1])]);
    let unauthorized = server.remote(&wrong, "ferry").advertise().unwrap_err();
    assert!(
        matches!(unauthorized, RemoteError::Unauthorized),
        "{unauthorized}"
    );
    for absent in ["other", "nothing"] {
        let error = server.remote(&token, absent).advertise().unwrap_err();
        let words = error.to_string();
        assert!(
            matches!(error, RemoteError::Absent(_)) && words.contains(absent),
            "{words}"
        );
    }
    let remote = server.remote(&token, "ferry");
    drop(server);
    let away = remote.advertise().unwrap_err();
    assert!(
        matches!(&away, RemoteError::Away(_)) && away.is_passing(),
        "{away}"
    );
    assert!(!format!("{away} {remote:?}").contains(&token[20..]));
}
