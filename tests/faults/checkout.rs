//! Each step of a command that changes files of the folder fails once, or is the last that its
//! process takes; then the same for each step of putting back what it left.
//!
//! The names change kind, nest, and differ in case and in normalisation alone, and some of the files
//! hold what is in no commit.

mod scenes;
mod typed;

use std::path::Path;

use aiut::base::fault::watch;
use aiut::history::{HistoryError, Project};

use super::{alone, number, seed};
use crate::world::{caller, files_in};
use scenes::*;

#[test]
fn a_checkout_that_fails_or_ends_at_any_step_has_happened_or_not() {
    let _alone = alone();
    seed();
    let (mut failures, mut cases) = (Vec::new(), 0);
    for stage in stages() {
        for (at, way) in chosen(stage.steps).flat_map(|at| WAYS.map(|way| (at, way))) {
            cases += 1;
            let (folder, is_done) = stage.stopped(at, way);
            let mut fault = stage.check(folder.path(), is_done).err();
            if !is_done && way != Way::Ends && fault.is_none() {
                // Whoever lives on puts back what it did, before it says that it failed.
                let (folder, _) = stage.stopped(at, way);
                fault = same(&files_in(folder.path()), &stage.before).err();
            }
            let of = |what| {
                format!(
                    "{}, {way:?} at {at} of {}: {what}",
                    stage.scene.name, stage.steps
                )
            };
            failures.extend(fault.map(of));
        }
    }
    println!("{cases} cases");
    assert_eq!(failures, Vec::<String>::new());
}

#[test]
fn a_command_that_cannot_put_back_what_it_changed_says_so() {
    let _alone = alone();
    let stage = Stage::of(&SCENES[2], true);
    let mut told = 0;
    for at in 0..stage.steps {
        let folder = copied(stage.folder.path());
        let project = Project::open(folder.path()).unwrap();
        watch(Some(Stopper::new(at, Way::Ends, true)));
        let done = (stage.scene.act)(&project, &clock());
        watch(None);
        let is_left = folder.path().join(".aiut/checkout").exists();
        let Err(error) = done else { continue };
        let text = error.to_string();
        let says = text.contains("cannot be put back yet") || text.contains("look before you do");
        assert!(
            says || !is_left || files_in(folder.path()) == stage.before,
            "{at}: {text}"
        );
        told += usize::from(is_left && says);
    }
    assert!(told > 0);
}

/// Set for a process that is to end at a step: the folder, which scene, and which step.
const VICTIM: [&str; 3] = ["AIUT_TEST_VICTIM", "AIUT_TEST_SCENE", "AIUT_TEST_STEP"];

/// Not a test but the process that the next one starts.
#[test]
#[ignore = "not a test: the other process of one"]
fn victim() {
    let Ok(folder) = std::env::var(VICTIM[0]) else {
        return;
    };
    let scene = &SCENES[number(VICTIM[1], 0) as usize];
    let project = Project::open(Path::new(&folder)).unwrap();
    watch(Some(Stopper::new(number(VICTIM[2], 0), Way::Aborts, true)));
    (scene.act)(&project, &clock()).unwrap();
}

#[test]
fn a_process_that_ends_in_a_checkout_leaves_all_of_it_or_nothing() {
    let _alone = alone();
    seed();
    let mut cases = 0;
    for (number, scene) in SCENES.iter().enumerate() {
        let stage = Stage::of(scene, true);
        for at in few(stage.steps) {
            cases += 1;
            let folder = copied(stage.folder.path());
            let ended = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "faults::checkout::victim", "--ignored"])
                .env(VICTIM[0], folder.path())
                .env(VICTIM[1], number.to_string())
                .env(VICTIM[2], at.to_string())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .status();
            let ended = ended.unwrap();
            assert!(
                !ended.success(),
                "{}: step {at} was not reached",
                scene.name
            );
            stage
                .check(folder.path(), false)
                .unwrap_or_else(|what| panic!("{}, killed at {at}: {what}", scene.name));
        }
    }
    println!("{cases} cases");
}

#[test]
fn putting_back_may_itself_fail_or_end_at_any_step() {
    let _alone = alone();
    seed();
    let (mut failures, mut cases) = (Vec::new(), 0);
    for stage in stages() {
        for at in few(stage.steps) {
            let (left, is_done) = stage.stopped(at, Way::Ends);
            let counter = Stopper::new(u64::MAX, Way::Ends, stage.exchanges);
            let whole = copied(left.path());
            watch(Some(counter.clone()));
            drop(Project::open(whole.path()).unwrap());
            watch(None);
            let again = chosen(counter.reached()).flat_map(|at| WAYS.map(|way| (at, way)));
            for (then, way) in again {
                cases += 1;
                let folder = copied(left.path());
                watch(Some(Stopper::new(then, way, stage.exchanges)));
                let fault = half_put_back(folder.path());
                watch(None);
                let fault = fault.and_then(|()| stage.check(folder.path(), is_done));
                let of = |what| {
                    let (name, steps) = (stage.scene.name, stage.steps);
                    format!("{name}, ended at {at} of {steps}, then {way:?} at {then}: {what}")
                };
                failures.extend(fault.err().map(of));
            }
        }
    }
    println!("{cases} cases");
    assert_eq!(failures, Vec::<String>::new());
}

/// A project that cannot be put back can be read, and says why nothing else is done.
fn half_put_back(folder: &Path) -> Result<(), String> {
    let project = match Project::open(folder) {
        Ok(project) => project,
        // The store was behind, too, and could not be brought up to date.
        Err(HistoryError::Store(_)) => return Ok(()),
        Err(error) => return Err(format!("open: {error}")),
    };
    read(&project)?;
    if project.interrupted().pending.is_none() {
        return Ok(());
    }
    match project.transaction(&caller(&clock(), "commit")) {
        Ok(_) | Err(HistoryError::NotPutBack(_)) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}
