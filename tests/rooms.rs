//! The crates and rooms of `src/` and the arrows between them: what one uses lies below it. Between
//! crates the compiler holds them; here stands which arrows there may be at all.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of a crate, or the crates, each with those that it may use.
type Arrows = &'static [(&'static str, &'static [&'static str])];

/// Each crate beside and below the application, by its folder, with the crates of this workspace that it may
/// depend on.
const CRATES: Arrows = &[
    ("src/nearest", &[]),
    ("src/base", &["aiut-nearest"]),
    ("src/repository", &["aiut-base"]),
    ("src/remote", &["aiut-base", "aiut-repository"]),
    (
        "src/client",
        &["aiut-base", "aiut-remote", "aiut-repository"],
    ),
    (
        "remote-server",
        &["aiut-base", "aiut-client", "aiut-remote", "aiut-repository"],
    ),
    ("src/film", &["aiut-nearest"]),
    ("src/media", &["aiut-base", "aiut-film"]),
];

/// Each room of a crate that has several, with the rooms of that crate that it may use. Crates that
/// the application shows under its own name count as rooms.
const ARROWS: &[(&str, Arrows)] = &[
    (
        "src/repository",
        &[
            ("base", &[]),
            ("object", &["base"]),
            ("store", &["base", "object"]),
            ("worktree", &["base", "object", "store"]),
            ("history", &["base", "object", "store", "worktree"]),
        ],
    ),
    (
        "src/film",
        &[
            ("color", &[]),
            ("ids", &[]),
            ("json", &[]),
            ("prose", &[]),
            ("rate", &[]),
            ("words", &[]),
            ("timecode", &["rate"]),
            ("worn", &["prose"]),
            ("request", &["ids", "rate", "words"]),
            ("written", &["color", "ids", "prose", "rate", "words"]),
            ("bible", &["words", "written"]),
            ("fountain", &["words"]),
            ("scenes", &["fountain", "ids", "rate", "words"]),
            ("numbers", &["fountain", "ids", "scenes"]),
            ("versions", &["fountain", "numbers", "rate", "scenes"]),
            (
                "pages",
                &["fountain", "ids", "numbers", "scenes", "versions"],
            ),
            ("cast", &["bible", "fountain", "prose", "words"]),
            (
                "drafts",
                &["bible", "cast", "color", "prose", "scenes", "words"],
            ),
            (
                "breakdown",
                &[
                    "cast", "fountain", "ids", "json", "prose", "rate", "scenes", "words",
                ],
            ),
            (
                "looks",
                &[
                    "breakdown",
                    "cast",
                    "fountain",
                    "ids",
                    "json",
                    "prose",
                    "scenes",
                    "words",
                    "written",
                ],
            ),
            (
                "shots",
                &[
                    "breakdown",
                    "cast",
                    "fountain",
                    "ids",
                    "json",
                    "prose",
                    "rate",
                    "scenes",
                    "words",
                    "written",
                ],
            ),
            (
                "continuity",
                &[
                    "breakdown",
                    "ids",
                    "looks",
                    "prose",
                    "scenes",
                    "shots",
                    "words",
                ],
            ),
            (
                "prompts",
                &[
                    "bible",
                    "breakdown",
                    "cast",
                    "color",
                    "ids",
                    "looks",
                    "prose",
                    "rate",
                    "request",
                    "scenes",
                    "shots",
                    "words",
                    "worn",
                    "written",
                ],
            ),
        ],
    ),
    (
        "src",
        &[
            ("base", &[]),
            ("object", &[]),
            ("store", &[]),
            ("worktree", &[]),
            ("history", &[]),
            ("film", &[]),
            ("media", &[]),
            ("remote", &[]),
            ("client", &[]),
            ("diff", &["object"]),
            ("merge", &["object", "diff"]),
            ("exchange", &["base", "object", "film"]),
            ("pipeline", &["object", "film", "merge"]),
            ("generate", &["base", "object", "film", "media", "pipeline"]),
            (
                "workflow",
                &[
                    "base", "object", "store", "worktree", "history", "merge", "diff", "exchange",
                    "film", "media", "pipeline", "generate", "remote", "client",
                ],
            ),
            (
                "cli",
                &[
                    "base", "object", "store", "worktree", "history", "merge", "diff", "exchange",
                    "film", "media", "pipeline", "generate", "remote", "client", "workflow",
                ],
            ),
        ],
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sources of a folder, without those of crates inside it.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !path.join("Cargo.toml").exists() {
                found.extend(sources(&path));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The names that a source uses right below the root of its crate. `depth` is how often `super`
/// leads from it to that root.
fn rooms_used(text: &str, depth: usize) -> Vec<String> {
    // Modules within the file, such as its tests, are one step further down.
    let ways = [depth, depth + 1].map(|steps| "super::".repeat(steps));
    let mut used = names_below("crate::", text);
    used.extend(ways.iter().flat_map(|way| names_below(way, text)));
    used
}

/// The names that stand right behind a path, also within groups, however deep.
fn names_below(path: &str, text: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in text.match_indices(path) {
        let before = &text[..at];
        if before.ends_with("::") || before.ends_with(char::is_alphanumeric) {
            continue;
        }
        let rest = &text[at + path.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            used.push(first_name(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = 0;
        for (end, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    used.push(first_name(group[start..end].trim_start()));
                    start = end + 1;
                    if letter == '}' {
                        break;
                    }
                }
                _ => {}
            }
        }
    }
    used
}

fn first_name(text: &str) -> String {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    text[..end.unwrap_or(text.len())].to_owned()
}

#[test]
fn names_are_found_in_groups() {
    let text =
        "use crate::{film::{a, b}, store::X,\n  base};\nuse crate::media::Pen;\ncrate::cli::main()";
    assert_eq!(
        rooms_used(text, 9),
        ["film", "store", "base", "media", "cli"]
    );
    let text = "use super::near;\nuse super::super::{scenes::Scene, cast};";
    assert_eq!(rooms_used(text, 2), ["scenes", "cast"]);
    assert_eq!(rooms_used(text, 1), ["near", "super", "scenes", "cast"]);
}

#[test]
fn every_crate_depends_only_on_crates_below_it() {
    for (folder, allowed) in CRATES {
        let manifest = root().join(folder).join("Cargo.toml");
        let manifest = fs::read_to_string(manifest).expect("a manifest");
        let manifest: toml::Table = manifest.parse().expect("TOML");
        let of = |table: &str| manifest.get(table).and_then(|found| found.as_table());
        let all = [of("dependencies"), of("dev-dependencies")];
        for name in all.into_iter().flatten().flat_map(|table| table.keys()) {
            assert!(
                !name.starts_with("aiut") || allowed.contains(&name.as_str()),
                "{folder} depends on {name}"
            );
        }
    }
}

#[test]
fn every_room_uses_only_the_rooms_below_it() {
    let mut wrong = Vec::new();
    for (folder, rooms) in ARROWS {
        let folder = root().join(folder);
        let rooms: BTreeMap<_, _> = rooms.iter().copied().collect();
        for path in sources(&folder) {
            let relative = path.strip_prefix(&folder).expect("below its crate");
            let depth = relative.components().count() - usize::from(relative.ends_with("mod.rs"));
            let room = relative.iter().next().map(Path::new).expect("a name");
            let room = room.with_extension("");
            let room = room.to_str().expect("a name of letters");
            if ["lib.rs", "main.rs"].map(Path::new).contains(&relative) {
                continue;
            }
            let Some(allowed) = rooms.get(room) else {
                wrong.push(format!("{room} is no room of the table in tests/rooms.rs"));
                continue;
            };
            for used in rooms_used(&fs::read_to_string(&path).expect("a source"), depth) {
                let used = used.as_str();
                if used != room && rooms.contains_key(used) && !allowed.contains(&used) {
                    wrong.push(format!("{} uses {used}", path.display()));
                }
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
    let src = root().join("src");
    let inner = CRATES
        .iter()
        .flat_map(|(folder, _)| sources(&root().join(folder)));
    for path in sources(&src).into_iter().chain(inner) {
        let text = fs::read_to_string(&path).expect("a source");
        let relative = path
            .strip_prefix(root())
            .expect("below the project")
            .to_string_lossy()
            .into_owned();
        if text.contains("heed::") {
            assert!(
                relative.starts_with("src/repository/store/index"),
                "{relative} names LMDB"
            );
        }
        assert!(!text.contains("rocksdb::"), "{relative} names RocksDB");
    }
}

#[test]
fn main_stays_thin() {
    let main = root().join("src/main.rs");
    let lines = fs::read_to_string(main).expect("main.rs").lines().count();
    assert!(lines <= 30, "main.rs has {lines} lines");
}
