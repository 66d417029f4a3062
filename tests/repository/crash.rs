//! Processes that are killed, and processes that work at the same time.
//!
//! The other process is this test binary itself, asked for the one test that is `ignored`, with
//! its task in the environment.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aiut::base::clock::SystemClock;
use aiut::history::{Interrupted, Project};
use aiut::workflow::repository::{self as commands, CommitRequest, Scope, SwitchTarget};

use super::world::{World, caller, files_in, rae};

const TASK: &str = "AIUT_TEST_TASK";
const FOLDER: &str = "AIUT_TEST_FOLDER";
/// What the other process says when its work begins.
const READY: &str = "begins";

fn spawn(world: &World, task: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "repository::crash::another_process",
            "--ignored",
            "--nocapture",
        ])
        .env(TASK, task)
        .env(FOLDER, world.folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What a spawned process does, until it is killed or done.
#[test]
#[ignore = "not a test: the other process of some"]
fn another_process() {
    let Ok(task) = std::env::var(TASK) else {
        return;
    };
    let folder = std::path::PathBuf::from(std::env::var(FOLDER).unwrap());
    let project = Project::open(&folder).unwrap();
    let clock = SystemClock::default();
    let caller = caller(&clock, &task);
    let commit = |message: &str, scope: Scope| {
        let author = rae();
        let request = CommitRequest {
            author: &author,
            message,
            scope,
            own: &(),
            generations: vec![],
        };
        commands::commit(&project, &caller, &request)
    };
    println!("{READY}");
    match task.split_once(' ').unwrap_or((&task, "")) {
        ("switch", _) => {
            for name in ["main", "other"].repeat(500) {
                let target = SwitchTarget::Timeline(name);
                commands::switch(&project, &caller, target, false).unwrap();
            }
        }
        ("commit", _) => {
            for round in 0..1000 {
                for file in 0..20 {
                    std::fs::write(folder.join(format!("new/{file}")), format!("{round}")).unwrap();
                }
                commit(&format!("round {round}"), Scope::all()).unwrap();
            }
        }
        ("writer", name) => {
            for round in 0..10 {
                let file = aiut::object::RepoPath::new(format!("{name}/{round}")).unwrap();
                std::fs::create_dir_all(folder.join(name)).unwrap();
                std::fs::write(folder.join(file.as_str()), name).unwrap();
                let done = commit(&format!("{name} {round}"), Scope::of(vec![file])).unwrap();
                assert!(done.commit.is_some());
            }
        }
        (other, _) => panic!("unknown task {other}"),
    }
}

/// Kills the process when it has worked for `delay`, which differs by round so as to meet every
/// step of its work.
fn kill_after(mut child: Child, delay: Duration) {
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(said.any(|line| line.unwrap().ends_with(READY)));
    let start = Instant::now();
    while start.elapsed() < delay {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    assert!(
        !child.wait().unwrap().success(),
        "it must not have been done already"
    );
}

/// A switch or commit takes some twenty milliseconds; each process is killed in its first few.
fn delays() -> impl Iterator<Item = Duration> {
    (0..40_u64).map(|round| Duration::from_micros(round * 1_300))
}

#[test]
fn a_switch_that_is_killed_has_happened_or_not_and_touches_nothing_uncommitted() {
    let shots =
        |text: &'static str| (0..40).map(move |n| (format!("shots/{n}"), format!("{text} {n}")));
    let world = World::new();
    shots("main").for_each(|(path, text)| world.write(&path, &text));
    world.write("same", "1");
    world.commit("Main");
    world.fork("other");
    shots("other").for_each(|(path, text)| world.write(&path, &text));
    world.remove("shots/39");
    world.write("only/here", "1");
    world.commit("Other");
    world.write("same", "uncommitted");
    world.write("untracked", "mine");
    let uncommitted =
        [("same", "uncommitted"), ("untracked", "mine")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let main: BTreeMap<_, _> = shots("main").chain(uncommitted.clone()).collect();
    let mut other: BTreeMap<_, _> = shots("other").chain(uncommitted).collect();
    other.remove("shots/39");
    other.insert("only/here".into(), "1".into());

    for delay in delays() {
        kill_after(spawn(&world, "switch"), delay);
        // Opening puts back what was half done.
        let project = Project::open(world.folder.path()).unwrap();
        assert_eq!(project.interrupted(), Interrupted::default());
        let report = commands::status(&project, &Scope::all()).unwrap();
        let expected = match report.head.timeline.as_deref() {
            Some("main") => &main,
            Some("other") => &other,
            head => panic!("on {head:?}"),
        };
        assert_eq!(
            &files_in(world.folder.path()),
            expected,
            "killed after {delay:?}"
        );
        assert_eq!(
            (report.changes.len(), report.changes.modified.len()),
            (2, 1)
        );
    }
}

#[test]
fn a_commit_that_is_killed_is_there_whole_or_not_at_all() {
    let world = World::with(&[("a", "1")]);
    world.write("new/0", "");
    world.write("untouched", "mine");
    for delay in delays() {
        kill_after(spawn(&world, "commit"), delay);
        let project = Project::open(world.folder.path()).unwrap();
        let now = super::world::World::now(&world);
        let request = commands::LogRequest {
            spans: &[],
            scope: Scope::all(),
            limit: 3,
            now,
            options: commands::LogOptions::default(),
        };
        for entry in commands::log(&project, &request).unwrap() {
            let Some(round) = entry.commit.subject.strip_prefix("round ") else {
                continue;
            };
            for file in commands::ls(&project, &entry.commit.id.to_hex(), now).unwrap() {
                let bytes = project.store().read_file(file.entry.id, 1 << 20).unwrap();
                if file.path.as_str().starts_with("new/") {
                    assert_eq!(bytes, round.as_bytes(), "{} of round {round}", file.path);
                }
            }
        }
        assert_eq!(world.read("untouched"), "mine");
        commands::status(&project, &Scope::all()).unwrap();
    }
}

#[test]
fn processes_that_commit_at_once_lose_nothing() {
    let world = World::with(&[("a", "1")]);
    let names = ["ann", "ben", "cid"];
    let children: Vec<_> = names
        .iter()
        .map(|name| spawn(&world, &format!("writer {name}")))
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let mut subjects = world.subjects();
    subjects.sort();
    let mut expected: Vec<_> = names
        .iter()
        .flat_map(|name| (0..10).map(move |round| format!("{name} {round}")))
        .chain(["Begin".to_owned()])
        .collect();
    expected.sort();
    assert_eq!(
        subjects, expected,
        "each commit is in the history exactly once"
    );
    assert_eq!(
        commands::ls(&world.project, "HEAD", world.now())
            .unwrap()
            .len(),
        31
    );
    assert!(world.status().is_empty());
}
