//! How long `status` takes beside git's, on the same files.

use std::process::Command;
use std::time::{Duration, Instant};

use aiut::workflow::repository::{self as commands, Scope};

use super::world::World;

/// The fastest of several runs: what the work takes when nothing else is in the way.
fn fastest(mut run: impl FnMut()) -> Duration {
    let time = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..10).map(|_| time(&mut run)).min().unwrap()
}

/// Prints the ratio; fails only when it is out of all proportion. Run with
/// `cargo test --release --test repository_commands status_of_ten_thousand -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stderr)]
fn status_of_ten_thousand_files_beside_git() {
    let world = World::new();
    for folder in 0..100 {
        for file in 0..100 {
            world.write(
                &format!("shots/{folder:03}/{file:03}.json"),
                &format!("{folder} {file}"),
            );
        }
    }
    let git = |arguments: &[&str]| {
        let run = Command::new("git")
            .arg("-C")
            .arg(world.folder.path())
            .args(arguments)
            .output();
        assert!(run.unwrap().status.success(), "git {arguments:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&[
        "-c",
        "user.name=a",
        "-c",
        "user.email=b",
        "commit",
        "-qm",
        "x",
    ]);
    let start = Instant::now();
    world.commit("Begin");
    let commit = start.elapsed();
    assert!(world.status().is_empty());
    git(&["status"]);
    let theirs = fastest(|| git(&["status", "--short"]));
    let ours = fastest(|| {
        // As the command does it: from opening on.
        let project = aiut::history::Project::discover(world.folder.path()).unwrap();
        assert!(
            commands::status(&project, &Scope::all())
                .unwrap()
                .is_clean()
        );
    });
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    eprintln!("commit {commit:?}; status {ours:?}, git {theirs:?}: {ratio:.2} times as long");
    assert!(ratio < 10.0, "{ratio:.2} times as long as git");
}
