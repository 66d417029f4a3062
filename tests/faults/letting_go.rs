//! Takes and operations are let go of, freed and taken back, and each step of that fails once, or is
//! the last that its process takes.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aiut::base::clock::FixedClock;
use aiut::base::fault::{Step, Watcher, watch};
use aiut::base::lock::Holder;
use aiut::history::{Project, current_expiry};
use aiut::object::{Expiry, FileId, Generation, GenerationId};
use aiut::workflow::progress::Silent;
use aiut::workflow::repository::{self as commands, FsckRequest, GcRequest, RepositoryError};

use super::{alone, number, seed};
use crate::world::{START, World, caller, frame, generate, idle};

const EIO: i32 = 5;
const DAY: i64 = 86_400;

struct Stopper {
    at: u64,
    /// No step is taken after it either.
    ends: bool,
    reached: AtomicU64,
}

impl Watcher for Stopper {
    fn step(&self, _: &Step<'_>) -> io::Result<()> {
        let number = self.reached.fetch_add(1, Ordering::SeqCst);
        match number == self.at || (self.ends && number > self.at) {
            true => Err(io::Error::from_raw_os_error(EIO)),
            false => Ok(()),
        }
    }
}

/// A film with a take that was undone, and more operations than are always kept.
fn film() -> (World, GenerationId) {
    let world = World::with(&[("script", "1")]);
    generate(&world, 1);
    let undone = generate(&world, 2);
    world.undo().unwrap();
    world.write("script", "2");
    world.commit("Second");
    world.undo().unwrap();
    idle(&world, 52);
    (world, undone)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(std::fs::copy(&path, &to).unwrap()),
        }
    }
}

/// All of it, one after the other. Gives what is let go of after each part that was acknowledged.
fn act(root: &Path, said: &mut Vec<Expiry>) -> Result<(), RepositoryError> {
    let clock = FixedClock::starting_at(START + 200 * DAY);
    let caller = caller(&clock, "let go");
    let project = Project::open(root)?;
    let now = |project: &Project| current_expiry(project.store());
    commands::unused_takes(&project)?.let_go(&project, &caller)?;
    said.push(now(&project)?);
    if let Some(old) = commands::old_operations(&project, START + 100 * DAY)? {
        commands::let_go_of_operations(&project, &caller, &old)?;
    }
    said.push(now(&project)?);
    commands::undo(&project, &caller)?;
    said.push(now(&project)?);
    commands::redo(&project, &caller)?;
    said.push(now(&project)?);
    let clock = FixedClock::starting_at(START + 201 * DAY);
    let request = GcRequest {
        grace_days: 0,
        dry_run: false,
    };
    commands::gc(
        &project,
        &super::super::world::caller(&clock, "gc"),
        request,
    )?;
    Ok(())
}

#[test]
fn letting_go_that_is_interrupted_is_done_or_not_and_loses_nothing_that_is_held() {
    let _alone = alone();
    let (world, undone) = film();
    let held = FileId::of(&frame(1));
    let stride = number("AIUT_STRIDE", 4);
    let mut tried = 0;
    for ends in [false, true] {
        for at in (seed() % stride..).step_by(usize::try_from(stride).unwrap()) {
            let folder = tempfile::tempdir().unwrap();
            copy(world.folder.path(), folder.path());
            let root = folder.path();
            let stopper = Arc::new(Stopper {
                at,
                ends,
                reached: AtomicU64::new(0),
            });
            let mut said = Vec::new();
            watch(Some(stopper.clone()));
            let outcome = act(root, &mut said);
            watch(None);
            if stopper.reached.load(Ordering::SeqCst) <= at {
                outcome.unwrap();
                break;
            }
            tried += 1;
            let about = format!("step {at}, ends {ends}, {outcome:?}");
            let sound = || {
                let request = FsckRequest {
                    data: true,
                    repair: false,
                };
                let report = commands::fsck(root, &Holder::default(), request, &Silent).unwrap();
                assert!(report.is_sound(), "{about}: {report:?}");
            };
            let project = Project::open(root).unwrap();
            let expiry = current_expiry(project.store()).unwrap();
            if outcome.is_err() && said.len() < 4 {
                // As was last said, or what was under way came to be recorded all the same.
                assert!(
                    expiry.takes.len() <= 1 && expiry.ends.len() <= 2,
                    "{about}: {expiry:?}"
                );
            } else {
                assert_eq!(said.last(), Some(&expiry), "{about}");
            }
            assert!(project.store().contains_file(held).unwrap(), "{about}");
            sound();
            drop(project);
            // Said again, it is done.
            act(root, &mut Vec::new()).unwrap_or_else(|error| panic!("{about}: {error}"));
            let project = Project::open(root).unwrap();
            assert!(
                !project.store().has::<Generation>(undone).unwrap(),
                "{about}"
            );
            assert!(project.store().contains_file(held).unwrap(), "{about}");
            sound();
        }
    }
    println!("{tried} steps failed or were the last");
    assert!(tried > 10);
}
