//! Programs of who runs the server: what they refuse is refused, and what they are told is so.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::support::{Desk, Place};
use crate::base::process::while_nothing_starts;
use crate::base::{atomic, layout};
use crate::remote::{Remote, RemoteError};
use crate::{Limits, Scope};

fn install(folder: &Path, name: &str, text: &str) -> PathBuf {
    assert!(layout::HOOKS.contains(&name));
    let folder = folder.join("hooks");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    while_nothing_starts(|| {
        atomic::write(&path, text.as_bytes()).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    });
    path
}

fn refused(result: crate::remote::Result<crate::remote::Report>) -> String {
    match result {
        Err(RemoteError::Refused(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_sample_keeps_a_timeline_from_losing_commits() {
    let place = Place::new();
    let server = place.serve(Limits::default());
    let scopes = [Scope::Read, Scope::Push, Scope::Force];
    let (_, token) = place.token(&scopes, "ferry");
    let remote = server.remote(&token, "ferry");
    let sample = include_str!("../../../hooks/pre-receive");
    let hook = install(place.root.folder().path(), "pre-receive", sample);
    let desk = Desk::new();
    let first = desk.commit(None, &[("a.txt", b"one".to_vec())]);
    desk.push(&remote, false).unwrap();
    desk.commit(Some(first), &[("a.txt", b"two".to_vec())]);
    desk.push(&remote, false).unwrap();
    let there = remote.advertise().unwrap().refs;
    desk.commit(Some(first), &[("a.txt", b"three".to_vec())]);
    let said = refused(desk.push(&remote, true));
    assert!(said.contains("main is protected"), "{said}");
    assert_eq!(remote.advertise().unwrap().refs, there);
    // The same push again, once nothing is in its way.
    std::fs::remove_file(hook).unwrap();
    desk.push(&remote, true).unwrap();
    assert_ne!(remote.advertise().unwrap().refs, there);
    drop(server);
    place.is_sound();
}

#[test]
fn hooks_of_one_project_are_told_who_pushes_what() {
    let place = Place::new();
    let server = place.serve(Limits::default());
    let (id, token) = place.token(&[Scope::Read, Scope::Push], "*");
    let ferry = place.root.path_of(&"ferry".parse().unwrap());
    let note = |name: &str| format!("#!/bin/sh\ncat > '{}/{name}'\n", place.path().display());
    install(&ferry, "pre-receive", &note("before"));
    install(&ferry, "post-receive", &note("after"));
    let desk = Desk::new();
    let first = desk.commit(None, &[("a.txt", b"one".to_vec())]);
    desk.push(&server.remote(&token, "other"), false).unwrap();
    assert!(!place.path().join("before").exists());
    desk.push(&server.remote(&token, "ferry"), false).unwrap();
    for (file, hook) in [("before", "pre-receive"), ("after", "post-receive")] {
        let text = std::fs::read_to_string(place.path().join(file)).unwrap();
        assert!(!text.contains(&token), "{text}");
        let told: serde_json::Value = serde_json::from_str(&text).unwrap();
        let wanted = serde_json::json!({
            "hook": hook, "project": "ferry", "name": "Rae", "token": id, "force": false,
            "moves": [{ "ref": "timelines/main", "from": null, "to": first.to_string() }],
        });
        assert_eq!(told, wanted);
    }
    // Projects with hooks of their own are sound to `check`.
    drop(server);
    place.is_sound();
}

#[test]
fn one_that_cannot_be_run_lets_nothing_in() {
    let place = Place::new();
    let server = place.serve(Limits::default());
    let (_, token) = place.token(&[Scope::Read, Scope::Push], "ferry");
    let remote = server.remote(&token, "ferry");
    let desk = Desk::new();
    desk.commit(None, &[("a.txt", b"one".to_vec())]);
    let root = place.root.folder().path();
    let hook = install(root, "pre-receive", "#!/bin/sh\nexit 0\n");
    for mode in [0o644, 0o777] {
        std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(mode)).unwrap();
        let error = desk.push(&remote, false).unwrap_err();
        assert!(
            error.to_string().contains("its log says more"),
            "{mode:o}: {error}"
        );
    }
    for (text, words) in [
        ("#!/nowhere/shell\n", "its log says more"),
        ("#!/bin/sh\nyes\n", "said too much"),
        ("#!/bin/sh\nexit 7\n", "exit status: 7"),
        ("#!/bin/sh\necho out; echo no >&2; exit 1\n", "out no"),
    ] {
        install(root, "pre-receive", text);
        let error = desk.push(&remote, false).unwrap_err();
        assert!(error.to_string().contains(words), "{text}: {error}");
    }
    assert!(remote.advertise().unwrap().refs.is_empty());
    // One that fails when all is done changes nothing about it.
    std::fs::remove_file(hook).unwrap();
    install(root, "post-receive", "#!/bin/sh\nexit 1\n");
    desk.push(&remote, false).unwrap();
    assert!(!remote.advertise().unwrap().refs.is_empty());
}
