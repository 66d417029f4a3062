//! The rooms of `src/` and the arrows between them: what a room uses lies below it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("object", &["base"]),
    ("store", &["base", "object"]),
    ("remote", &["base", "object", "store"]),
    ("worktree", &["base", "object", "store"]),
    ("history", &["base", "object", "store", "worktree"]),
    ("merge", &["object"]),
    ("diff", &["object"]),
    ("exchange", &["base", "object", "film"]),
    ("film", &[]),
    ("media", &["base", "film"]),
    ("pipeline", &["object", "film", "merge"]),
    ("generate", &["base", "object", "film", "media", "pipeline"]),
    (
        "workflow",
        &[
            "base", "object", "store", "remote", "worktree", "history", "merge", "diff",
            "exchange", "film", "media", "pipeline", "generate",
        ],
    ),
    (
        "cli",
        &[
            "base", "object", "store", "remote", "worktree", "history", "merge", "diff",
            "exchange", "film", "media", "pipeline", "generate", "workflow",
        ],
    ),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The rooms that a source names as `crate::ROOM`, also within `use crate::{…}`.
fn rooms_used(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let names = match rest.strip_prefix('{') {
            Some(group) => group
                .split('}')
                .next()
                .unwrap_or_default()
                .split(',')
                .collect(),
            None => vec![rest],
        };
        for name in names {
            let name = name.trim_start();
            let end = name
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(name.len());
            used.push(name[..end].to_owned());
        }
    }
    used
}

#[test]
fn every_room_uses_only_the_rooms_below_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let arrows: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for path in sources(&src) {
        let relative = path.strip_prefix(&src).expect("below src");
        let room = relative
            .iter()
            .next()
            .and_then(|name| name.to_str())
            .expect("a name");
        if relative.components().count() == 1 {
            continue;
        }
        let Some(allowed) = arrows.get(room) else {
            wrong.push(format!(
                "src/{room} is no room of the table in tests/rooms.rs"
            ));
            continue;
        };
        for used in rooms_used(&fs::read_to_string(&path).expect("a source")) {
            if used != room
                && arrows.contains_key(used.as_str())
                && !allowed.contains(&used.as_str())
            {
                wrong.push(format!("{} uses {used}", relative.display()));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(
        wrong.is_empty(),
        "arrows that are not in the table:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn one_place_names_each_engine() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&src) {
        let text = fs::read_to_string(&path).expect("a source");
        let relative = path
            .strip_prefix(&src)
            .expect("below src")
            .to_string_lossy()
            .into_owned();
        if text.contains("heed::") {
            assert!(relative.starts_with("store/index"), "{relative} names LMDB");
        }
        assert!(!text.contains("rocksdb::"), "{relative} names RocksDB");
    }
}

#[test]
fn main_stays_thin() {
    let main = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs");
    let lines = fs::read_to_string(main).expect("main.rs").lines().count();
    assert!(lines <= 30, "main.rs has {lines} lines");
}
