//! How much, how long, how many.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::support::{Desk, Place, noise};
use crate::remote::{Remote, RemoteError};
use crate::{Limits, Scope};

fn quick() -> Limits {
    Limits {
        header_time: Duration::from_millis(300),
        idle_time: Duration::from_millis(300),
        drain_time: Duration::from_secs(5),
        ..Limits::default()
    }
}

/// What comes until the other side closes.
fn rest(stream: &mut TcpStream) -> String {
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn no_room_is_said_before_anything_is_taken() {
    let place = Place::new();
    let (_, token) = place.token(&[Scope::Read, Scope::Push], "ferry");
    let desk = Desk::new();
    desk.commit(None, &[("film.mp4", noise(2 << 20, 3))]);
    let small = Limits {
        quota: 1 << 20,
        ..quick()
    };
    let full = Limits {
        free: u64::MAX / 2,
        ..quick()
    };
    for (limits, words) in [
        (small, "the project may have 1048576 bytes"),
        (full, "nearly full"),
    ] {
        let server = place.serve(limits);
        let remote = server.remote(&token, "ferry");
        let refused = desk.push(&remote, false).unwrap_err();
        assert!(
            matches!(&refused, RemoteError::Full(text) if text.contains(words)),
            "{refused}"
        );
        assert!(remote.advertise().unwrap().refs.is_empty());
    }
    let server = place.serve(quick());
    desk.push(&server.remote(&token, "ferry"), false).unwrap();
}

#[test]
fn who_is_slow_is_let_go_of() {
    let place = Place::new();
    let server = place.serve(quick());
    let (_, token) = place.token(&[Scope::Read, Scope::Push], "ferry");
    // A head that does not end.
    let started = Instant::now();
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
        .unwrap();
    let answer = rest(&mut stream);
    assert!(!answer.contains("200 OK"), "{answer}");
    // Nothing at all, and nothing more after an answer.
    let mut stream = TcpStream::connect(server.address).unwrap();
    assert_eq!(rest(&mut stream), "");
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    assert!(rest(&mut stream).contains("200 OK"));
    // A body that stops.
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "POST /api/v1/projects/ferry/missing HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Length: 3300\r\n\r\nabc"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let answer = rest(&mut stream);
    assert!(
        answer.contains("503") && answer.contains("stopped coming"),
        "{answer}"
    );
    assert!(started.elapsed() < Duration::from_secs(8));
    // A head that is far too long, and one that says its length twice.
    for head in [
        format!(
            "GET /healthz HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n",
            "x".repeat(100_000)
        ),
        "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"
            .to_owned(),
    ] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let _ = stream.write_all(head.as_bytes());
        let answer = rest(&mut stream);
        assert!(!answer.contains("200 OK"), "{answer}");
    }
    // A body that is longer than any that makes sense.
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "PUT /api/v1/projects/ferry/pushes/{}/packs/{} HTTP/1.1\r\nHost: a\r\n",
        "0".repeat(32),
        "1".repeat(32)
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
        .write_all(b"Content-Length: 99999999999999\r\n\r\n")
        .unwrap();
    assert!(rest(&mut stream).contains("401"));
    assert!(server.remote(&token, "ferry").advertise().is_ok());
}

#[test]
fn there_are_only_so_many_connections() {
    let place = Place::new();
    let limits = Limits {
        connections: 4,
        header_time: Duration::from_secs(20),
        ..quick()
    };
    let server = place.serve(limits);
    let (_, token) = place.token(&[Scope::Read], "ferry");
    let mut held: Vec<TcpStream> = (0..4)
        .map(|_| TcpStream::connect(server.address).unwrap())
        .collect();
    for stream in &mut held {
        // One answer each, so that all of them were accepted.
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            .unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
    }
    let refused = server.remote(&token, "ferry").advertise();
    assert!(matches!(refused, Err(RemoteError::Away(_))), "{refused:?}");
    drop(held);
    let started = Instant::now();
    while server.remote(&token, "ferry").advertise().is_err() {
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn others_do_not_reach_it_without_a_proxy() {
    let place = Place::new();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let bind = |proxy| {
        runtime.block_on(crate::bind(
            place.app(quick()),
            ([0, 0, 0, 0], 0).into(),
            proxy,
        ))
    };
    let refused = bind(false).unwrap_err().to_string();
    assert!(refused.contains("--behind-proxy"), "{refused}");
    assert!(bind(true).is_ok());
}
