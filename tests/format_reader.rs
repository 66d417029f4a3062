//! What `docs/format.md` says is enough to get a film back: a reader in Python that shares nothing with aiut takes the
//! packs alone, without the index, and gives every file of two timelines, byte for byte.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot set the scene has failed, and it alone reads its environment"
)]

#[path = "cli/world.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod world;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use world::World;

/// The content of each file and whether it can be run, and the folders.
type Tree = BTreeMap<PathBuf, Option<(Vec<u8>, bool)>>;

/// Counts what the layouts of a project are made of, so that the film below is known to need all of the page.
const COUNT: &str = "
import sys
sys.path.insert(0, sys.argv[1])
from read_pack import LAYOUT, PART, REFS, Numbers, Project
project, parts, slices, runs = Project(sys.argv[2]), 0, 0, 0
for kind, id in project.places:
    if kind in (LAYOUT, PART):
        layout = Numbers(project.payload(kind, id))
        form, _, count = layout.number(), layout.number(), layout.number()
        for _ in range(count):
            layout.bytes(32), layout.number()
        if form == 1:
            parts += count
            continue
        for _ in range(layout.number()):
            if layout.number() % 2:
                slices, _, _ = slices + 1, layout.number(), layout.number()
            else:
                runs, _ = runs + 1, layout.number()
nodes = [project.object(kind, id) for kind, id in project.places if kind == REFS]
print(parts, slices, runs, sum('below' in node for node in nodes))
";

#[test]
fn a_reader_of_the_page_alone_gets_every_file_back() {
    let Some(python) = python() else { return };
    let film = film();
    let copy = Copy::of(&film.world.path(".aiut"));

    let counts = python.run(&["-c", COUNT, text(&python.folder()), text(&copy.project())]);
    let counts: Vec<u32> = stdout(&counts)
        .split_whitespace()
        .map(|count| count.parse().unwrap())
        .collect();
    assert!(
        counts.len() == 4 && !counts.contains(&0),
        "parts, slices, runs and nodes above others: {counts:?}"
    );
    assert!(copy.packs().len() > 1, "a large batch has its own pack");

    let listed = python.read(&copy, &["list"]);
    let expected: String = film
        .timelines
        .iter()
        .map(|timeline| {
            let (name, commit, time, title) = timeline.line();
            format!("{name}\t{commit}\t{time}\tRae Lindqvist <rae@example.org>\t{title}\n")
        })
        .collect();
    assert_eq!(stdout(&listed), expected);

    // By the operations alone, where the journal is lost or does not hold.
    let journal = copy.project().join(".aiut/heads");
    let right = fs::read(&journal).unwrap();
    for at in [3, 20, 70, 100] {
        let mut broken = right.clone();
        broken[at] ^= 1;
        fs::write(&journal, broken).unwrap();
        assert_eq!(stdout(&python.read(&copy, &["list"])), expected);
    }
    fs::remove_file(&journal).unwrap();
    assert_eq!(stdout(&python.read(&copy, &["list"])), expected);

    for timeline in &film.timelines {
        let folder = copy.extracted(timeline.name);
        stdout(&python.read(&copy, &["extract", timeline.name, text(&folder)]));
        same(&tree(&folder), &timeline.tree);
    }
    let undone = copy.extracted("undone");
    stdout(&python.read(&copy, &["extract", &film.undone, text(&undone)]));
    assert_eq!(
        fs::read(undone.join("taken-back.txt")).unwrap(),
        b"not for long"
    );
}

#[test]
fn a_reader_of_the_page_alone_minds_what_does_not_hold() {
    let Some(python) = python() else { return };
    let world = World::new();
    world.ok(&["init", "--template", "none"]);
    world.write("one.txt", "one");
    world.ok(&["commit", "-m", "One"]);
    world.write("two.txt", "two");
    world.ok(&["commit", "-m", "Two"]);
    let made = || Copy::of(&world.path(".aiut"));

    // Stored, and not acknowledged: an older journal wins.
    let older = made();
    let before = fs::read(world.path(".aiut/heads")).unwrap();
    world.write("three.txt", "three");
    world.ok(&["commit", "-m", "Three"]);
    let later = made();
    assert!(stdout(&python.read(&later, &["list"])).ends_with("\tThree\n"));
    fs::write(later.project().join(".aiut/heads"), before).unwrap();
    assert!(stdout(&python.read(&later, &["list"])).ends_with("\tTwo\n"));
    world.ok(&["undo"]);
    assert!(stdout(&python.read(&older, &["list"])).ends_with("\tTwo\n"));
    let made = || older.again();

    let torn = made();
    let pack = torn.packs().pop().unwrap();
    let bytes = fs::read(&pack).unwrap();
    fs::write(&pack, &bytes[..bytes.len() - 1]).unwrap();
    let listed = stdout(&python.read(&torn, &["list"]));
    assert!(listed.ends_with("\tOne\n"), "{listed}");

    let damaged = made();
    let at = bytes.windows(3).rposition(|three| three == b"two").unwrap();
    let mut broken = bytes.clone();
    broken[at] ^= 1;
    fs::write(damaged.packs().pop().unwrap(), &broken).unwrap();
    let told = refusal(&python.read(
        &damaged,
        &["extract", "main", text(&damaged.extracted("x"))],
    ));
    assert!(told.contains("is damaged"), "{told}");

    let newer = made();
    fs::write(newer.project().join(".aiut/format"), "aiut repository 2\n").unwrap();
    let told = refusal(&python.read(&newer, &["list"]));
    assert!(told.contains("aiut repository 2"), "{told}");

    // A later release, and a later version of packs; a header that is damaged is neither.
    for (at, byte) in [(8, 2), (9, 3), (10, 9)] {
        let newer = made();
        let mut header = bytes.clone();
        header[at] = byte;
        fs::write(newer.packs().pop().unwrap(), &header).unwrap();
        stdout(&python.read(&newer, &["list"]));
        let check = blake3::hash(&[&header[..12], &header[16..32]].concat());
        header[12..16].copy_from_slice(&check.as_bytes()[..4]);
        fs::write(newer.packs().pop().unwrap(), &header).unwrap();
        let told = refusal(&python.read(&newer, &["list"]));
        assert!(told.contains("needs a reader for aiut"), "{told}");
    }

    // Kinds that it does not know: one that may be passed over, and one that may not.
    let noted = made();
    let listed = stdout(&python.read(&noted, &["list"]));
    let pack = noted.packs().pop().unwrap();
    fs::write(&pack, [&bytes[..], &batch(200, b"noted")].concat()).unwrap();
    assert_eq!(stdout(&python.read(&noted, &["list"])), listed);
    fs::write(&pack, [&bytes[..], &batch(60, b"new")].concat()).unwrap();
    let told = refusal(&python.read(&noted, &["list"]));
    assert!(told.contains("a record of kind 60"), "{told}");
    // Nor may a pack say where a project stands, least of all one that came from elsewhere.
    fs::write(&pack, [&bytes[..], &batch(32, b"head")].concat()).unwrap();
    let told = refusal(&python.read(&noted, &["list"]));
    assert!(told.contains("holds a head"), "{told}");
    let mut elsewhere = bytes.clone();
    elsewhere[8] |= 0x80;
    let check = blake3::hash(&[&elsewhere[..12], &elsewhere[16..32]].concat());
    elsewhere[12..16].copy_from_slice(&check.as_bytes()[..4]);
    fs::write(&pack, elsewhere).unwrap();
    let told = refusal(&python.read(&noted, &["list"]));
    assert!(told.contains("came from elsewhere"), "{told}");
}

/// A batch of one record.
fn batch(kind: u8, payload: &[u8]) -> Vec<u8> {
    let record = |kind: u8, id: &[u8; 32], payload: &[u8]| {
        let length = u32::try_from(payload.len()).unwrap().to_le_bytes();
        let head = [&[kind, 0, 0, 0][..], &length, &length, id].concat();
        let check = blake3::hash(&[&head, payload].concat());
        [&head, &check.as_bytes()[..4], payload].concat()
    };
    let noted = record(kind, blake3::hash(payload).as_bytes(), payload);
    let bytes = (noted.len() as u64).to_le_bytes();
    let end = [b"aiut batch\r\n", &bytes[..], &1_u32.to_le_bytes()].concat();
    let id = blake3::derive_key("aiut 2026 batch v1", &noted[..48]);
    [noted, record(48, &id, &end)].concat()
}

#[test]
fn a_reader_of_the_page_alone_gets_both_versions_of_a_conflict() {
    let Some(python) = python() else { return };
    let world = World::new();
    world.ok(&["init", "--template", "none"]);
    let commit = |text: &str| {
        world.write("notes.txt", text);
        world.ok(&["commit", "-m", text]);
    };
    commit("one");
    world.ok(&["switch", "-c", "side"]);
    commit("theirs");
    world.ok(&["switch", "main"]);
    commit("ours");
    assert_eq!(world.run(&["cherry-pick", "side"]).code, Some(3));
    let copy = Copy::of(&world.path(".aiut"));
    let folder = copy.extracted("main");
    stdout(&python.read(&copy, &["extract", "main", text(&folder)]));
    for (name, expected) in [
        ("notes.txt", "ours"),
        ("notes.txt.ours", "ours"),
        ("notes.txt.theirs", "theirs"),
    ] {
        assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), expected);
    }
}

/// A project that has files of every size and two timelines that differ.
struct Film {
    world: World,
    timelines: Vec<Timeline>,
    /// A commit that an undo left on no timeline.
    undone: String,
}

struct Timeline {
    name: &'static str,
    /// As `aiut log --json` tells its newest commit.
    commit: serde_json::Value,
    tree: Tree,
}

impl Timeline {
    /// Name, short id, time and title.
    fn line(&self) -> (&str, &str, String, &str) {
        let text = |key: &str| self.commit[key].as_str().unwrap();
        let time = &self.commit["time"];
        let offset = i32::try_from(time["utc_offset_minutes"].as_i64().unwrap()).unwrap();
        let zone = jiff::tz::Offset::from_seconds(60 * offset).unwrap();
        let time = jiff::Timestamp::from_second(time["unix_seconds"].as_i64().unwrap()).unwrap();
        let time = time.to_zoned(zone.to_time_zone());
        let time = time.strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
        let title = text("message").lines().next().unwrap();
        (self.name, &text("id")[..12], time, title)
    }
}

fn film() -> Film {
    let world = World::new();
    world.ok(&["init", "--template", "none"]);
    for number in 0..20_u32 {
        world.write("notes/draft.txt", format!("draft {number}\n").repeat(100));
        world.ok(&["commit", "-m", &format!("Draft {number}")]);
    }
    world.write("empty", "");
    world.write("szene 1/möwe/ruf.txt", "krah\n");
    world.write(
        "numbers.txt",
        (0..60_000).map(|n| format!("{n}\n")).collect::<String>(),
    );
    world.write("blob.bin", noise(1, 64 << 10));
    world.write("layout.bin", noise(2, (64 << 10) + 1));
    world.write("large.bin", noise(3, 12 << 20));
    world.write("tool.sh", "#!/bin/sh\n");
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(world.path("tool.sh"), mode).unwrap();
    for clip in ["1.mp4", "2.mp4", "3.mp4"] {
        clip_of(&world, clip);
    }
    world.ok(&["commit", "-m", "Files and clips"]);
    join(&world, &["1.mp4", "2.mp4", "3.mp4"], "film.mp4");
    world.ok(&["commit", "-m", "The film", "-m", "Joined."]);
    let main = timeline(&world, "main");

    world.ok(&["branch", "other/cut"]);
    world.ok(&["switch", "other/cut"]);
    join(&world, &["3.mp4", "1.mp4"], "cut.mp4");
    fs::remove_file(world.path("film.mp4")).unwrap();
    let mut large = noise(3, 12 << 20);
    large.splice(5 << 20..5 << 20, *b"something in between");
    world.write("large.bin", large);
    world.ok(&["commit", "-m", "Another cut"]);
    let other = timeline(&world, "other/cut");

    world.write("taken-back.txt", "not for long");
    world.ok(&["commit", "-m", "Taken back"]);
    let undone = timeline(&world, "other/cut").commit["id"]
        .as_str()
        .unwrap()
        .to_owned();
    world.ok(&["undo"]);
    // More refs than one node holds.
    for n in 0..130 {
        world.ok(&["tag", &format!("v{n}")]);
    }
    Film {
        world,
        timelines: vec![main, other],
        undone,
    }
}

/// The timeline that is current, with nothing changed since its commit.
fn timeline(world: &World, name: &'static str) -> Timeline {
    let log = world.json(&["log", "-n", "1"]);
    Timeline {
        name,
        commit: log[0].clone(),
        tree: tree(&world.path("")),
    }
}

/// Many small frames, so that a film of three has a layout in parts.
fn clip_of(world: &World, name: &str) {
    let picture = format!("testsrc2=size=64x36:rate=24,hue=h={}0", &name[..1]);
    let sound = format!("sine=frequency={}00", &name[..1]);
    let inputs = [
        "-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound, "-t", "60",
    ];
    let encoders = [
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-c:a",
        "aac",
        "-ac",
        "2",
    ];
    ffmpeg(world, &[&inputs[..], &encoders, &[name]].concat());
}

/// Clips in a row, their packets copied.
fn join(world: &World, clips: &[&str], film: &str) {
    let list: String = clips.iter().map(|clip| format!("file {clip}\n")).collect();
    world.write("list.txt", list);
    ffmpeg(
        world,
        &["-f", "concat", "-i", "list.txt", "-c", "copy", film],
    );
}

fn ffmpeg(world: &World, arguments: &[&str]) {
    let done = Command::new("ffmpeg")
        .args(["-v", "error", "-y"])
        .args(arguments)
        .current_dir(world.path(""))
        .output()
        .expect("this test needs ffmpeg");
    stdout(&done);
}

/// Bytes that nothing makes smaller, the same for the same seed.
fn noise(seed: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new()
        .update(&[seed])
        .finalize_xof()
        .fill(&mut bytes);
    bytes
}

/// The packs of a project without the index, and a place for what is read from them.
struct Copy(tempfile::TempDir);

impl Copy {
    fn of(repository: &Path) -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        let to = copy.project().join(".aiut");
        fs::create_dir_all(to.join("packs")).unwrap();
        for name in ["format", "heads"] {
            fs::copy(repository.join(name), to.join(name)).unwrap();
        }
        for pack in fs::read_dir(repository.join("packs")).unwrap() {
            let pack = pack.unwrap();
            fs::copy(pack.path(), to.join("packs").join(pack.file_name())).unwrap();
        }
        copy
    }

    fn again(&self) -> Self {
        Self::of(&self.project().join(".aiut"))
    }

    fn project(&self) -> PathBuf {
        self.0.path().join("project")
    }

    fn extracted(&self, name: &str) -> PathBuf {
        self.0.path().join(name.replace('/', "-"))
    }

    fn packs(&self) -> Vec<PathBuf> {
        let packs = fs::read_dir(self.project().join(".aiut/packs")).unwrap();
        packs.map(|pack| pack.unwrap().path()).collect()
    }
}

/// A Python that has what the reader needs.
struct Python(OsString);

impl Python {
    fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(&self.0)
            .arg("-B")
            .args(arguments)
            .env("PYTHONUTF8", "1")
            .output()
            .unwrap()
    }

    fn read(&self, copy: &Copy, arguments: &[&str]) -> Output {
        let (reader, project) = (self.folder().join("read_pack.py"), copy.project());
        self.run(&[&[text(&reader), text(&project)], arguments].concat())
    }
}

/// `AIUT_PYTHON`, or what the shell finds; nothing, with a message, where it or a module is missing.
#[allow(clippy::print_stderr, reason = "a test left out says so")]
fn python() -> Option<Python> {
    let program = std::env::var_os("AIUT_PYTHON").unwrap_or_else(|| "python3".into());
    let found = Command::new(&program)
        .args(["-c", "import blake3, zstandard"])
        .output();
    if found.is_ok_and(|found| found.status.success()) {
        return Some(Python(program));
    }
    eprintln!(
        "left out: {} with the modules blake3 and zstandard is missing; `scripts/install-tools tests` installs them",
        program.display()
    );
    None
}

fn tree(folder: &Path) -> Tree {
    let mut found = Tree::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(folder.join(&inner)).unwrap() {
            let entry = entry.unwrap();
            let path = inner.join(entry.file_name());
            if path == Path::new(".aiut") {
                continue;
            }
            let meta = entry.metadata().unwrap();
            if meta.is_dir() {
                folders.push(path.clone());
                found.insert(path, None);
            } else {
                let content = fs::read(entry.path()).unwrap();
                let can_be_run = meta.permissions().mode() & 0o100 != 0;
                found.insert(path, Some((content, can_be_run)));
            }
        }
    }
    found
}

/// Compares without printing megabytes.
fn same(found: &Tree, expected: &Tree) {
    let paths = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(found), paths(expected));
    for (path, content) in expected {
        assert!(found[path] == *content, "{} differs", path.display());
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What a program printed that is to succeed.
fn stdout(done: &Output) -> String {
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout.clone()).unwrap()
}

/// What a program said that is to fail.
fn refusal(done: &Output) -> String {
    assert_eq!(done.status.code(), Some(1), "it succeeded");
    String::from_utf8(done.stderr.clone()).unwrap()
}
